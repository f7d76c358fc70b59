//! SLOs and readings to test with.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::slo::{Gauge, Measure, Method, Policy, Reading, Sli, Slo, windows};
use crate::domain::{Symbol, Timestamp};

pub const MONTH: Duration = Duration::from_secs(30 * 86_400);

pub fn slo(objective: &str, policy: Policy) -> Slo {
    Slo {
        name: Symbol::from("order-routing"),
        journey: Symbol::from("order-routing"),
        objective: objective.parse().expect("an objective"),
        window: MONTH,
        sli: Sli::BadOverTotal {
            bad: "sum(rate(requests_total{code=~\"5..\"}[{{.window}}]))".to_owned(),
            total: "sum(rate(requests_total[{{.window}}]))".to_owned(),
        },
        runbook: None,
        policy,
        method: Method::Occurrences,
        unit: Symbol::from("orders"),
        unit_cost_micro: Some(78_260_900),
        currency: Symbol::from("EUR"),
        source: None,
    }
}

pub fn gauge(objective: &str, policy: Policy) -> Gauge {
    Gauge::new(Arc::new(slo(objective, policy)))
}

pub const fn counts(bad: f64, total: f64) -> Measure {
    Measure::Counts { bad, total, partial: false }
}

/// A reading with the same answer for every window.
pub fn same(at: Timestamp, gauge: &Gauge, measure: &Measure) -> Reading {
    let measures = windows(gauge.slo()).into_iter().map(|window| (window, measure.clone())).collect();
    Reading { slo: gauge.slo().name.clone(), at, measures }
}

/// A reading whose counts are a function of the window.
pub fn reading(at: Timestamp, gauge: &Gauge, count: impl Fn(Duration) -> (f64, f64)) -> Reading {
    let measure = |window| {
        let (bad, total) = count(window);
        (window, counts(bad, total))
    };
    let measures = gauge.windows(at).into_iter().map(measure).collect();
    Reading { slo: gauge.slo().name.clone(), at, measures }
}
