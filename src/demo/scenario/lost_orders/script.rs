//! What the responders did that evening, and what the machines noted beside them (authors `system`, `alertmanager`, `ci`).

use super::super::estate::{DAY, moment};
use super::identity::{EXEMPLAR, Identity, Subject};
use crate::demo::ScriptEntry;
use crate::domain::Timestamp;

/// Seconds since T0, author, kind, text.
type Act = (i32, &'static str, &'static str, &'static str);

const ACTS: [Act; 36] = [
    (-1200, "ci", "deploy", "pricing 2.13.4 → 2.14.0"),
    (0, "system", "impact_started", "first bad minute of order-routing"),
    (165, "alertmanager", "detected", "OrderRoutingFastBurn firing, burn 1h 15.7×"),
    (180, "alertmanager", "alert", "OrderRoutingSlowBurn firing → #reliability"),
    (220, "ana", "acknowledged", "acknowledged the page"),
    (250, "ana", "declared", "declared SEV1, INC-31: 73 % of orders rejected; channel #inc-{day}-commandes-perdues"),
    (250, "system", "escalation", "VP Engineering notified (once)"),
    (270, "system", "role_assigned", "IC = ana (senior on-call)"),
    (270, "system", "zone", "budget below 50 %: cautious"),
    (300, "ana", "role_assigned", "ops=lea, scribe=marc, comms=ines"),
    (390, "lea", "hypothesis", "H1: regression in routing"),
    (480, "marc", "hypothesis", "H1 rejected: no routing deploy for 3 d"),
    (550, "lea", "observation", "trace: pricing 95.6 % of the critical path"),
    (630, "lea", "hypothesis", "H2: pricing 2.14.0, cache.hit=false 98.3 % against 2.1 %"),
    (630, "system", "zone", "budget below 25 %: freeze"),
    (720, "lea", "runbook", "opened pricing-cache-expired"),
    (760, "lea", "runbook", "dbsize → 0; ttl tariff:FR-75 → −2"),
    (790, "lea", "hypothesis", "H2 confirmed: every tariff key has expired"),
    (840, "ines", "comms", "status page: orders are delayed; next update in 15 min"),
    (975, "system", "zone", "error budget exhausted"),
    (1080, "ana", "decision", "rewarm the cache first, roll back in parallel; asked for objections: none"),
    (1230, "marc", "action", "started: roll pricing back to 2.13.4"),
    (1440, "marc", "action", "failed: rollback blocked, image pull back-off (2.13.4 was pruned)"),
    (1590, "lea", "mitigation", "timeout inventory → pricing 2 s → 5 s, breaker half-open"),
    (1710, "ines", "comms", "status page: the cause is known, the cache is being warmed; next update in 15 min"),
    (1860, "lea", "action", "started: warm the tariff cache, ttl 6h, jitter 20 %"),
    (2220, "lea", "observation", "hit ratio 60 %, errors are falling"),
    (2460, "lea", "action", "done: warm 48 200 of 48 200 keys"),
    (2580, "ines", "comms", "status page: orders are accepted again; we keep watching"),
    (2700, "ana", "mitigated", "error ratio at its baseline"),
    (2760, "marc", "todo", "no alert on the cache hit ratio (detection)"),
    (2770, "marc", "todo", "jitter the TTLs of the warm-up (prevention)"),
    (2780, "marc", "todo", "keep the last 5 images (mitigation)"),
    (2790, "marc", "todo", "a way to replay rejected orders (mitigation)"),
    (2865, "alertmanager", "alert", "OrderRoutingFastBurn cleared"),
    (
        3000,
        "ana",
        "resolved",
        "2,300 orders lost in 45 min; runbook accurate: no (image pruning is missing); postmortem due {due}",
    ),
];

/// Oldest first. The observation of the trace points to the exemplar.
pub(super) fn entries(identity: &Identity, impact_start: Timestamp) -> Vec<ScriptEntry> {
    let day = impact_start.to_utc().format("%Y%m%d").to_string();
    // Two days after the end.
    let due = moment(50.0 + 2.0 * DAY, impact_start).to_utc().format("%Y-%m-%dT%H:%MZ").to_string();
    ACTS.iter()
        .map(|(second, author, kind, text)| ScriptEntry {
            at: moment(f64::from(*second) / 60.0, impact_start),
            author,
            kind,
            text: text.replace("{day}", &day).replace("{due}", &due),
            trace: if text.starts_with("trace:") { identity.id(Subject::Order(EXEMPLAR)) } else { None },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_order_and_gives_the_times_of_the_story() {
        let start = Timestamp::parse_rfc3339("2026-03-13T17:30:00Z").expect("valid");
        let entries = entries(&Identity::new(42), start);
        assert!(entries.is_sorted_by_key(|entry| entry.at));
        let since = |kind: &str| {
            let entry = entries.iter().find(|entry| entry.kind == kind).expect("it happened");
            entry.at.since(start) / 1_000_000_000
        };
        let (detected, acknowledged) = (since("detected"), since("acknowledged"));
        assert_eq!((detected, acknowledged - detected, since("mitigated"), since("resolved")), (165, 55, 2_700, 3_000));
        let said = |text: &str| entries.iter().any(|entry| entry.text.contains(text));
        assert!(said("#inc-20260313-commandes-perdues") && said("due 2026-03-15T18:20Z"));
        assert_eq!(entries.iter().filter(|entry| entry.trace.is_some()).count(), 1);
    }
}
