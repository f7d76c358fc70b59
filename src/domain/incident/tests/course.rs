//! The course of an incident and how long its parts took.

use std::time::Duration;

use super::entry;
use crate::domain::incident::{
    Doubt, HypothesisStatus, Incident, IncidentState, Kind, Severity, Timeline, Took, median, ninetieth,
};
use crate::domain::{Symbol, Timestamp};

fn role(role: &str, person: &str) -> Kind {
    Kind::RoleAssigned { role: Symbol::from(role), person: Symbol::from(person) }
}

const fn hypothesis(number: u16, status: HypothesisStatus) -> Kind {
    Kind::Hypothesis { number, status }
}

/// Entries at minutes and seconds after the start of the impact.
fn timeline(rows: &[(i64, i64, Kind, &str)]) -> Timeline {
    let row = |(at, (minutes, seconds, kind, text)): (usize, &(i64, i64, Kind, &str))| {
        entry(at as u128 + 1, minutes * 60 + seconds, kind.clone(), text)
    };
    rows.iter().enumerate().map(row).collect()
}

fn lost_orders() -> Vec<(i64, i64, Kind, &'static str)> {
    vec![
        (0, 0, Kind::ImpactStarted, "first bad minute of order-routing"),
        (2, 45, Kind::Detected, "OrderRoutingFastBurn firing"),
        (3, 40, Kind::Acknowledged, "PD ack"),
        (4, 10, Kind::Declared { severity: Severity::Sev1 }, "73 % of orders rejected (INC-31)"),
        (4, 30, role("ic", "ana"), ""),
        (5, 0, role("ops", "lea"), ""),
        (6, 30, hypothesis(1, HypothesisStatus::Open), "regression in routing"),
        (8, 0, hypothesis(1, HypothesisStatus::Rejected), "no routing deploy for 3 d"),
        (10, 30, hypothesis(2, HypothesisStatus::Open), "pricing 2.14.0"),
        (13, 10, hypothesis(2, HypothesisStatus::Confirmed), ""),
        (14, 0, Kind::Comms, "status page"),
        (45, 0, Kind::Mitigated, "error ratio at baseline"),
        (50, 0, Kind::Resolved, "cache warm"),
    ]
}

fn exactly(seconds: u64) -> Took {
    Took { time: Some(Duration::from_secs(seconds)), doubt: None }
}

#[test]
fn the_times_of_the_lost_orders() {
    let incident = Incident::latest(&timeline(&lost_orders())).expect("an incident");
    let metrics = incident.metrics();
    assert_eq!(metrics.to_detect, exactly(165));
    assert_eq!(metrics.to_acknowledge, exactly(55));
    assert_eq!(metrics.to_declare, exactly(250));
    assert_eq!(metrics.to_engage, exactly(20));
    assert_eq!(metrics.to_mitigate, exactly(2_700));
    assert_eq!(metrics.to_resolve, exactly(3_000));
    assert_eq!(metrics.impact, exactly(2_700));
    assert_eq!(metrics.rejected_hypotheses, 1);
    assert_eq!(incident.name, Some(Symbol::from("INC-31")));
    assert_eq!(incident.commander, Some(Symbol::from("ana")));
    assert_eq!(incident.roles.get("ops"), Some(&Symbol::from("lea")));
    assert_eq!(incident.last_comms, Some(Timestamp::from_seconds(840)));
    assert_eq!(incident.hypotheses[1].text, "pricing 2.14.0");
}

#[test]
fn its_state_follows_the_record() {
    let rows = lost_orders();
    let state = |count: usize| Incident::latest(&timeline(&rows[..count])).map(|incident| incident.state());
    assert_eq!(state(0), None);
    assert_eq!(state(3), Some(IncidentState::Detected));
    assert_eq!(state(8), Some(IncidentState::Investigating));
    assert_eq!(state(10), Some(IncidentState::Identified));
    assert_eq!(state(12), Some(IncidentState::Mitigated));
    assert_eq!(state(13), Some(IncidentState::Resolved));
    assert_eq!(Incident::from_timeline(&timeline(&rows)), None);
    assert!(Incident::from_timeline(&timeline(&rows[..12])).is_some());
}

#[test]
fn a_quiet_record_holds_no_incident() {
    let rows = [
        (0, 0, Kind::Note, "hello"),
        (1, 0, Kind::AlertFired { fingerprint: "x".into(), severity: "info".into() }, ""),
    ];
    assert_eq!(Incident::latest(&timeline(&rows)), None);
}

#[test]
fn the_next_page_after_a_resolution_is_a_new_incident() {
    let mut rows = lost_orders();
    rows.push((90, 0, Kind::Detected, "again"));
    let incident = Incident::from_timeline(&timeline(&rows)).expect("an incident");
    assert_eq!((incident.detected, incident.commander), (Some(Timestamp::from_seconds(5_400)), None));
}

#[test]
fn reopened_it_goes_on_and_its_impacts_add_up() {
    let mut rows = lost_orders();
    rows.extend([(60, 0, Kind::Reopened, ""), (70, 0, Kind::Mitigated, ""), (80, 0, Kind::Resolved, "")]);
    let reopened = Incident::latest(&timeline(&rows[..14])).expect("an incident");
    assert_eq!((reopened.state(), reopened.metrics().impact), (IncidentState::Identified, Took::default()));
    let metrics = Incident::latest(&timeline(&rows)).expect("an incident").metrics();
    assert_eq!((metrics.to_resolve, metrics.impact), (exactly(4_800), exactly(2_700 + 600)));
}

#[test]
fn the_severity_of_record_is_the_highest() {
    let sev = |severity| Kind::SeverityChanged { severity };
    let rows = [
        (0, 0, Kind::Declared { severity: Severity::Sev2 }, ""),
        (5, 0, sev(Severity::Sev1), ""),
        (9, 0, sev(Severity::Sev3), ""),
    ];
    let incident = Incident::latest(&timeline(&rows)).expect("an incident");
    assert_eq!((incident.severity, incident.severity_of_record), (Some(Severity::Sev3), Some(Severity::Sev1)));
    assert_eq!(incident.severities.len(), 3);
}

#[test]
fn a_handover_moves_the_command() {
    let rows = [
        (0, 0, Kind::Declared { severity: Severity::Sev2 }, ""),
        (1, 0, role("ic", "ana"), ""),
        (30, 0, Kind::Handover, "@bob, ana leaves"),
    ];
    let incident = Incident::latest(&timeline(&rows)).expect("an incident");
    assert_eq!((incident.commander, incident.engaged), (Some(Symbol::from("bob")), Some(Timestamp::from_seconds(60))));
}

#[test]
fn doubtful_times_say_so() {
    let of = |rows: &[(i64, i64, Kind, &str)]| Incident::latest(&timeline(rows)).expect("an incident").metrics();
    let unknown_start = of(&[(2, 0, Kind::Detected, ""), (9, 0, Kind::Mitigated, "")]);
    assert_eq!(unknown_start.to_mitigate, Took { doubt: Some(Doubt::LowerBound), ..exactly(420) });
    assert_eq!(unknown_start.to_detect, Took::default());
    let early = of(&[(0, 0, Kind::Detected, ""), (1, 0, Kind::ImpactStarted, "")]);
    assert_eq!(early.to_detect, Took { doubt: Some(Doubt::DetectedFirst), ..exactly(0) });
    let typo = of(&[(0, 0, Kind::ImpactStarted, ""), (2, 0, Kind::Acknowledged, ""), (3, 0, Kind::Detected, "")]);
    assert_eq!(typo.to_acknowledge, Took { time: None, doubt: Some(Doubt::Impossible) });
}

#[test]
fn medians_of_even_and_odd() {
    assert_eq!(median(&[45.0, 18.0, 12.0, 18.0, 25.0]), Some(18.0));
    assert_eq!(median(&[12.0, 18.0, 25.0, 45.0]), Some(21.5));
    assert_eq!(median(&[]), None);
    assert_eq!(ninetieth(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]), Some(9.0));
    assert_eq!(ninetieth(&[7.0]), Some(7.0));
    assert_eq!(ninetieth(&[f64::NAN]), None);
}
