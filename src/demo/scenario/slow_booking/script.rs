//! What the responders did that day, and what the machines noted beside them (authors `system`, `alertmanager`, `flagctl`).

use super::super::estate::moment;
use super::booking::EXEMPLAR;
use super::identity::{Identity, Subject};
use crate::demo::ScriptEntry;
use crate::domain::Timestamp;

/// Minutes since T0, author, kind, text.
type Act = (f64, &'static str, &'static str, &'static str);

const ACTS: [Act; 36] = [
    (-240.0, "flagctl", "deploy", "multi-room 0 % → 10 %"),
    (-191.5, "ci", "deploy", "payment 4.1.0 → 4.1.1"),
    (-120.0, "flagctl", "deploy", "multi-room 10 % → 25 %"),
    (-18.25, "ci", "deploy", "consultation 3.2.0 → 3.2.1"),
    (0.0, "flagctl", "deploy", "multi-room 25 % → 50 %"),
    (0.0, "system", "impact_started", "bookings slower than 800 ms: 7.6 %"),
    (12.0, "alertmanager", "detected", "BookingLatencySlowBurn firing → #reliability"),
    (14.0, "lea", "observation", "p95 of booking 1.1 s and rising; no errors, CPU 56 %"),
    (18.0, "alertmanager", "alert", "BookingLatencyFastBurn firing, burn 1h 14.5×"),
    (20.0, "ana", "acknowledged", "acknowledged the page"),
    (
        24.0,
        "ana",
        "declared",
        "declared SEV2, INC-32: bookings are slow, 11 % of users; channel #inc-{day}-reservation-lente",
    ),
    (24.5, "system", "role_assigned", "IC = ana (senior on-call)"),
    (26.0, "ana", "role_assigned", "ops=lea, scribe=marc, comms=ines"),
    (30.5, "lea", "observation", "trace: 41 SELECT room one after the other under booking.create, 88 % of the path"),
    (
        34.0,
        "marc",
        "observation",
        "flag multi-room went 25 % → 50 % when it began; consultation 3.2.1 was deployed 18 min before",
    ),
    (36.0, "alertmanager", "alert", "BookingLatencySixfoldBurn firing"),
    (40.0, "flagctl", "deploy", "multi-room 50 % → 100 %"),
    (45.0, "marc", "hypothesis", "H1: the connection pool of booking is too small"),
    (
        55.0,
        "ines",
        "observation",
        "source=customer, a tweet: \"3 minutes to book a room, gave up\"; we have known since +12",
    ),
    (58.0, "alertmanager", "alert", "BookingLatencyDailyBurn firing"),
    (60.0, "marc", "hypothesis", "H1 rejected: 17 of 20 connections, nobody waits for one"),
    (62.0, "ines", "comms", "status page: bookings are slow; next update in 30 min"),
    (81.0, "alertmanager", "alert", "BookingAvailabilityFastBurn firing"),
    (84.0, "alertmanager", "alert", "BookingAvailabilitySlowBurn firing"),
    (
        95.0,
        "lea",
        "hypothesis",
        "H2: the flag multi-room asks for each room by itself; slow bookings have it on, quick ones off",
    ),
    (98.0, "lea", "runbook", "opened booking-latency"),
    (118.0, "ana", "decision", "switch multi-room off; asked for objections: none"),
    (122.0, "lea", "mitigation", "flag multi-room off"),
    (122.0, "flagctl", "deploy", "multi-room 100 % → 0 %"),
    (128.0, "lea", "hypothesis", "H2 confirmed: p95 falls since the flag is off"),
    (132.0, "alertmanager", "alert_cleared", "BookingAvailabilityFastBurn cleared"),
    (137.0, "ana", "mitigated", "p95 of booking below 800 ms"),
    (140.0, "marc", "todo", "read the rooms of a booking in one query (prevention)"),
    (141.0, "marc", "todo", "a test that counts the queries of a booking (prevention)"),
    (142.0, "marc", "todo", "flags stop rolling out while the latency budget burns (detection)"),
    (
        150.0,
        "ana",
        "resolved",
        "bookings took up to 4 s for two hours; 25 000 EUR; runbook accurate: yes; postmortem in 48 h",
    ),
];

/// Oldest first. The observation of the trace points to the exemplar.
pub(super) fn entries(identity: &Identity, impact_start: Timestamp) -> Vec<ScriptEntry> {
    let day = impact_start.to_utc().format("%Y%m%d").to_string();
    ACTS.iter()
        .map(|(minute, author, kind, text)| ScriptEntry {
            at: moment(*minute, impact_start),
            author,
            kind,
            text: text.replace("{day}", &day),
            trace: if text.starts_with("trace:") { identity.id(Subject::Booking(EXEMPLAR)) } else { None },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_in_order_and_the_tweet_comes_long_after_the_first_notice() {
        let start = Timestamp::from_seconds(1_773_423_000);
        let entries = entries(&Identity::new(42), start);
        assert!(entries.is_sorted_by_key(|entry| entry.at));
        let since = |words: &str| {
            let entry = entries.iter().find(|entry| entry.text.contains(words)).expect("it happened");
            entry.at.since(start) / 60_000_000_000
        };
        assert_eq!((since("SlowBurn firing"), since("a tweet"), since("flag multi-room off")), (12, 55, 122));
        assert_eq!(entries.iter().filter(|entry| entry.trace.is_some()).count(), 1);
    }
}
