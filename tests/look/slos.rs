//! The five SLOs of the evening and what a metrics server answers about them at a minute after the impact.

use std::sync::Arc;
use std::time::Duration;

use warroom::domain::Symbol;
use warroom::domain::slo::{Measure, Method, Policy, Reading, Sli, Slo, windows};

use super::scene::after;

const MONTH: Duration = Duration::from_secs(30 * 86_400);
/// Share of orders that fail, by minutes after the impact; between these it is straight.
const POINTS: [(f64, f64); 3] = [(0.0, 0.0004), (3.0, 0.731_56), (27.0, 0.794_27)];
const USUAL: f64 = 0.000_38;
const ORDERS_A_MINUTE: f64 = 85.0;

/// Name, journey, objective, unit, events a month, and what was spent of the month before the impact, as bad events.
pub const SLOS: [(&str, &str, &str, &str, f64, f64); 5] = [
    ("order-routing", "order-routing", "99.9", "orders", 1_500_000.0, 570.0),
    ("order-routing under 2 s", "order-routing", "99.5", "orders", 1_500_000.0, 652.0),
    ("quote", "quote", "99.9", "quotes", 1_500_000.0, 513.0),
    ("tracking", "tracking", "99.9", "requests", 1_500_000.0, 180.0),
    ("label", "label", "99.5", "labels", 300_000.0, 435.0),
];

pub fn all() -> Vec<Arc<Slo>> {
    SLOS.iter().map(|(name, journey, objective, unit, ..)| Arc::new(slo(name, journey, objective, unit))).collect()
}

fn slo(name: &str, journey: &str, objective: &str, unit: &str) -> Slo {
    Slo {
        name: name.into(),
        journey: journey.into(),
        objective: objective.parse().expect("an objective"),
        window: MONTH,
        sli: Sli::BadOverTotal { bad: "bad[{{.window}}]".to_owned(), total: "all[{{.window}}]".to_owned() },
        runbook: Some("pricing-cache-expired".into()),
        policy: Policy::Seed,
        method: Method::Occurrences,
        unit: unit.into(),
        unit_cost_micro: Some(78_260_900),
        currency: "EUR".into(),
        source: None,
    }
}

/// The integral of the failing share from the impact to this minute.
pub fn failed(minute: f64) -> f64 {
    if minute <= 0.0 {
        return USUAL * minute;
    }
    let mut sum = 0.0;
    for pair in POINTS.windows(2) {
        let ((from, low), (to, high)) = (pair[0], pair[1]);
        let until = minute.min(to);
        if until > from {
            let end = low + (high - low) * (until - from) / (to - from);
            sum += (low + end) / 2.0 * (until - from);
        }
    }
    sum
}

/// How much of what fails each SLO counts; the last two do not fail with the others.
const FOLLOWS: [f64; 5] = [1.0, 1.147, 0.9, 0.0, 0.0];

pub fn reading(at: usize, minute: f64) -> Reading {
    let (name, _, objective, _, month, before) = SLOS[at];
    let slo = slo(name, name, objective, "");
    let counts = |window: Duration| {
        if window == MONTH {
            return (before + FOLLOWS[at] * ORDERS_A_MINUTE * failed(minute.max(0.0)), month);
        }
        let minutes = window.as_secs_f64() / 60.0;
        let total = ORDERS_A_MINUTE * minutes;
        let usual = 0.2 * slo.objective.budget() * total;
        let bad = FOLLOWS[at] * ORDERS_A_MINUTE * (failed(minute) - failed(minute - minutes));
        (if FOLLOWS[at] > 0.0 { bad } else { usual }, total)
    };
    let measure = |window: Duration| {
        let (bad, total) = counts(window);
        (window, Measure::Counts { bad, total, partial: false })
    };
    let mut asked = windows(&slo);
    if minute > 0.0 {
        asked.push(Duration::from_secs_f64((minute * 60.0).round()));
    }
    Reading { slo: name.into(), at: after(minute), measures: asked.into_iter().map(measure).collect() }
}

/// The same answer for every window of the rules; the month counts as before, unless it is not told either.
pub fn same(at: usize, minute: f64, measure: &Measure) -> Reading {
    let (name, _, objective, _, month, before) = SLOS[at];
    let of = |window: Duration| match measure {
        Measure::Counts { partial, .. } if window == MONTH => {
            (window, Measure::Counts { bad: before, total: month, partial: *partial })
        }
        _ => (window, measure.clone()),
    };
    let measures = windows(&slo(name, name, objective, "")).into_iter().map(of).collect();
    Reading { slo: Symbol::from(name), at: after(minute), measures }
}

/// Bad events and all events of each step of 15 s in the half hour before this minute.
pub fn steps(minute: f64) -> Vec<(f64, f64, f64)> {
    let step = |back: i32| {
        let end = minute - f64::from(back) / 4.0;
        let bad = ORDERS_A_MINUTE * (failed(end) - failed(end - 0.25));
        (end, bad, ORDERS_A_MINUTE / 4.0)
    };
    (0..120).rev().map(step).collect()
}
