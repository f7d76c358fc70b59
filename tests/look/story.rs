//! What the timeline holds: the entries of the evening up to a minute.

use uuid::Uuid;
use warroom::domain::incident::{Entry, HypothesisStatus, Kind, Origin, Severity};

use super::scene::after;

/// Minute, author, origin, kind, text.
type Row = (f64, &'static str, Origin, Kind, &'static str);

fn rows() -> Vec<Row> {
    let fired = |fingerprint: &str, severity: &str| Kind::AlertFired {
        fingerprint: fingerprint.into(),
        severity: severity.into(),
    };
    let zone = |zone: &str| Kind::ZoneChanged { slo: "order-routing".into(), zone: zone.into() };
    let role = |role: &str, person: &str| Kind::RoleAssigned { role: role.into(), person: person.into() };
    let deployed =
        Kind::Deployed { service: "pricing".into(), version: "2.14.0".into(), previous: Some("2.13.4".into()) };
    let h1 = |status| Kind::Hypothesis { number: 1, status };
    vec![
        (-20.0, "ci", Origin::Change, deployed, "pricing 2.13.4 → 2.14.0"),
        (0.0, "auto", Origin::System, Kind::ImpactStarted, "impact starts"),
        (1.5, "prom", Origin::Prometheus, fired("p", "info"), "PricingPoolSaturated, info"),
        (2.75, "am", Origin::Alertmanager, fired("f", "page"), "OrderRoutingFastBurn 15.7× 1h"),
        (3.0, "am", Origin::Alertmanager, fired("s", "notify"), "SlowBurn → #reliability"),
        (3.0 + 2.0 / 3.0, "ana", Origin::Person, Kind::Acknowledged, "acknowledged the page"),
        (
            4.0 + 1.0 / 6.0,
            "ana",
            Origin::Person,
            Kind::Declared { severity: Severity::Sev1 },
            "declared SEV1: 73 % rejected",
        ),
        (4.5, "auto", Origin::System, role("ic", "ana"), "IC = ana, senior on-call"),
        (4.5, "auto", Origin::System, zone("cautious"), "budget < 50 %: cautious"),
        (5.0, "ana", Origin::Person, role("ops", "lea"), "ops lea, scribe marc, comms ines"),
        (6.5, "lea", Origin::Person, h1(HypothesisStatus::Open), "H1: regression in routing"),
        (8.0, "marc", Origin::Person, h1(HypothesisStatus::Rejected), "H1 rejected: no routing deploy for 3 d"),
        (10.5, "auto", Origin::System, zone("freeze"), "budget < 25 %: freeze"),
    ]
}

/// Keys are those that the room itself would give, so that it records nothing twice.
pub fn entries(until: f64) -> Vec<Entry> {
    let entry = |(at, row): (usize, Row)| {
        let (minute, author, origin, kind, text) = row;
        let declared = matches!(kind, Kind::Declared { .. });
        Entry {
            id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + at as u128),
            happened: after(minute),
            recorded: after(minute),
            author: author.into(),
            origin,
            kind,
            text: text.to_owned(),
            evidence: Vec::new(),
            supersedes: None,
            key: declared.then(|| "INC-31".into()),
        }
    };
    rows().into_iter().enumerate().filter(|(_, row)| row.0 <= until).map(entry).collect()
}
