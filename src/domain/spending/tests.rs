//! The price of the lost orders, and what mitigations do to a burn, by the numbers of the stories.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::domain::Timestamp;
use crate::domain::slo::{Gauge, Measure, Objective, Reading, Slo, Zone, windows};

const MINUTE: Duration = Duration::from_secs(60);

fn orders() -> Arc<Slo> {
    let json = serde_json::json!({
        "name": "orders", "journey": "orders", "objective": "99.9", "window": { "secs": 2_592_000, "nanos": 0 },
        "sli": { "bad_over_total": { "bad": "bad[{{.window}}]", "total": "all[{{.window}}]" } },
        "runbook": null, "policy": "seed", "unit": "orders", "unit_cost_micro": 78_260_900, "currency": "EUR",
        "source": null,
    });
    Arc::new(serde_json::from_value(json).expect("an SLO"))
}

/// 2,300 of 3,825 orders lost in 45 minutes, of a month of 1.5 million in which 570 were lost before.
fn told(lost: f64, total: f64, minutes: u32) -> Option<Price> {
    let slo = orders();
    let start = Timestamp::from_seconds(1_000_000);
    let at = start.plus(MINUTE * minutes);
    let mut gauge = Gauge::new(Arc::clone(&slo));
    gauge.set_impact(Some(start));
    let mut measures: Vec<(Duration, Measure)> = windows(&slo)
        .into_iter()
        .map(|window| {
            let month = window == slo.window;
            let (bad, total) = if month { (570.0 + lost, 1_500_000.0) } else { (lost, 5_000.0) };
            (window, Measure::Counts { bad, total, partial: false })
        })
        .collect();
    measures.push((MINUTE * minutes, Measure::Counts { bad: lost, total, partial: false }));
    gauge.take(Reading { slo: slo.name.clone(), at, measures });
    Price::of(&slo, &gauge.judge(at))
}

#[test]
fn the_lost_orders_cost_180_000_euros_and_half_as_much_again_as_the_month_allows() {
    let price = told(2_300.0, 3_825.0, 45).expect("a price");
    assert_eq!((price.lost_milli, price.total_milli), (2_300_000, Some(3_825_000)));
    assert_eq!(price.money.as_ref().map(|money| money.micro / 1_000_000), Some(180_000));
    assert_eq!(price.spent_ppm, Some(1_533_333));
    assert_eq!((price.minutes_milli, price.budget_minutes_milli), (Some(66_240), 43_200));
    assert_eq!((price.left_ppm, price.zone), (Some(-913_333), Some(Zone::Exhausted)));
    assert_eq!(price.lasted(), MINUTE * 45);
    assert_eq!(price.text(), "2,300 orders, €180k, 153.3 % of 30 d (66.2 of 43.2 min), −91.3 % left");
    let six = told(281.0, 510.0, 6).expect("a price");
    assert_eq!(six.text(), "281 orders, €21,991, 18.7 % of 30 d (8.1 of 43.2 min), 43.3 % left");
    assert_eq!(six.next_zone.map(|(zone, _)| zone), Some(Zone::Freeze));
    assert!(six.gone_at.is_some());
    assert_eq!(price.dearer(&six), std::cmp::Ordering::Less);
}

#[test]
fn what_is_written_is_what_is_read_back() {
    let price = told(2_300.0, 3_825.0, 45).expect("a price");
    let written = serde_json::to_string(&price).expect("JSON");
    assert_eq!(serde_json::from_str::<Price>(&written).ok(), Some(price));
}

fn objective() -> Objective {
    "99.9".parse().expect("an objective")
}

/// The burn of every quarter of a minute, the first ending at 0:15.
fn burns(burns: impl IntoIterator<Item = f64>) -> Vec<Slice> {
    let slice = |(at, burn): (usize, f64)| Slice {
        end: Timestamp::from_seconds(15 * (at as i64 + 1)),
        bad: burn * 0.02,
        total: 20.0,
    };
    burns.into_iter().enumerate().map(slice).collect()
}

fn seen(slices: &[Slice], applied: i64, until: i64) -> Option<Relief> {
    let is_over = until - applied >= 900;
    Relief::seen(slices, objective(), Timestamp::from_seconds(applied), Timestamp::from_seconds(until), is_over)
}

#[test]
fn from_14_2_to_0_8_in_six_minutes() {
    let falling = (0..20).map(|_| 14.2).chain((0..24).map(|_| 9.0)).chain((0..40).map(|_| 0.8));
    let slices = burns(falling);
    assert_eq!(seen(&slices, 300, 600), None, "it still burns and there is time");
    assert_eq!(seen(&slices, 300, 660 + 60), None, "not calm for long enough");
    let relief = seen(&slices, 300, 660 + 90).expect("an effect");
    assert_eq!((relief.before_milli, relief.after_milli, relief.verdict), (14_200, 800, Verdict::Ended));
    assert_eq!(relief.text(), "14.2× → 0.8× in 6 min");
    assert_eq!(seen(&slices, 300, 1_200), Some(relief), "looked for later it is the same");
}

#[test]
fn no_effect_and_half_an_effect_are_told_at_the_bound() {
    let same = burns((0..100).map(|_| 14.2));
    assert_eq!(seen(&same, 300, 1_199), None);
    assert_eq!(
        seen(&same, 300, 1_200).map(|relief| relief.text()).as_deref(),
        Some("no effect in 15 min: 14.2× → 14.2×")
    );
    let half = burns((0..20).map(|_| 14.2).chain((0..80).map(|_| 6.1)));
    let relief = seen(&half, 300, 1_200).expect("told");
    assert_eq!((relief.verdict, relief.text().as_str()), (Verdict::Eased, "14.2× → 6.1× in 15 min, still burns"));
}

#[test]
fn where_nothing_burnt_or_nothing_is_known_nothing_is_said() {
    assert_eq!(seen(&burns((0..100).map(|_| 0.4)), 300, 1_200), None);
    assert_eq!(seen(&[], 300, 1_200), None);
    let cut = burns((0..20).map(|_| 14.2));
    assert_eq!(seen(&cut, 300, 1_200), None, "no traffic after it");
    // A pause of 30 s is no end.
    let flapping = (0..20).map(|_| 14.2).chain((0..80).map(|at| if at % 4 < 2 { 0.2 } else { 14.0 }));
    assert_eq!(seen(&burns(flapping), 300, 1_200).map(|relief| relief.verdict), Some(Verdict::Eased));
}

proptest! {
    #[test]
    fn a_verdict_says_what_its_numbers_say(values in proptest::collection::vec(0.0..1000.0f64, 24..90), until in 15i64..1300) {
        let slices = burns(values);
        if let Some(relief) = seen(&slices, 300, 300 + until) {
            prop_assert!(relief.before_milli >= 1_000 && relief.seconds <= until.unsigned_abs());
            match relief.verdict {
                Verdict::Ended => prop_assert!(relief.after_milli <= 1_000),
                Verdict::Eased => prop_assert!(relief.after_milli * 3 <= relief.before_milli * 2 + 3),
                Verdict::NoEffect => prop_assert!((relief.after_milli + 2) * 3 >= relief.before_milli * 2),
            }
        }
    }
}
