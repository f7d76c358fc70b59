//! What became of one order, decided by the sums of `load` alone: the n-th lost order is one order, one trace, four lines.
//! Not the spans of it: those are in `journeys`.

use super::super::curve::reach;
use super::super::estate;
use super::identity::{EXEMPLAR, EXEMPLAR_END};
use super::load::{arrival, lost, number, orders, slow, whole};
use crate::demo::rng::Stream;
use crate::domain::Timestamp;

/// The share of unremarkable traces that the sampler keeps.
const KEPT: f64 = 0.05;
/// 7 of 412 lost orders had been given the lock, late, and then got no connection to the database.
const LATE_GRANT: (i64, i64) = (7, 412);
/// 8 of 390 healthy orders found no cached tariff.
const MISS: (u64, u64) = (8, 390);
/// Which of the 390 they are: such that of the last healthy traces that the sampler kept as large a share missed.
const FIRST_MISS: u64 = 388;
const CARRIERS: u64 = 300;
const EXEMPLAR_CARRIER: u64 = 184;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Lost to the expired cache. `granted`: the lock came, but too late.
    Lost { granted: bool },
    /// Refused because a carrier did not answer: what is always lost.
    Refused,
    /// Accepted after more than two seconds.
    Slow,
    /// Accepted, and its trace kept as one of twenty.
    Accepted { cached: bool },
    /// Accepted, and its trace thrown away by the sampler.
    Forgotten,
}

impl Fate {
    /// Whether the order came through to the planner.
    pub(super) const fn is_accepted(self) -> bool {
        matches!(self, Self::Slow | Self::Accepted { .. })
    }
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) number: i64,
    pub(super) fate: Fate,
    /// When the answer left the edge.
    pub(super) end: Timestamp,
    /// What the nominal timings of its trace are multiplied by.
    pub(super) pace: f64,
    pub(super) carrier: String,
    pub(super) zone: u64,
    pub(super) customer: u64,
    pub(super) request: u64,
}

/// All orders that ever came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Orders {
    impact_start: Timestamp,
    sampler: Stream,
    traits: Stream,
}

impl Orders {
    pub(super) fn new(seed: u64, impact_start: Timestamp) -> Self {
        Self { impact_start, sampler: Stream::named(seed, "sampler"), traits: Stream::named(seed, "orders") }
    }

    /// The numbers of the orders that came within these minutes since T0.
    pub(super) fn between(from: f64, to: f64) -> std::ops::Range<i64> {
        number(orders(from) - 0.5)..number(orders(to) + 0.5)
    }

    pub(super) fn order(&self, number: i64) -> Order {
        let (fate, minute) = self.fate(number);
        let index = number.cast_unsigned();
        let draw = |salt: u64| self.traits.at(index.wrapping_mul(8).wrapping_add(salt));
        let unit = self.traits.unit_at(index.wrapping_mul(8));
        let exemplar = number == EXEMPLAR;
        Order {
            number,
            fate,
            end: if exemplar {
                self.impact_start.shifted(EXEMPLAR_END)
            } else {
                estate::moment(minute, self.impact_start)
            },
            pace: match fate {
                _ if exemplar => 1.0,
                Fate::Accepted { .. } | Fate::Forgotten => (180.0 + 140.0 * unit) / 240.0,
                Fate::Lost { .. } | Fate::Refused | Fate::Slow => 0.06_f64.mul_add(unit, 0.97),
            },
            carrier: carrier(if exemplar { EXEMPLAR_CARRIER } else { draw(1) % CARRIERS }),
            zone: if exemplar { 75 } else { 1 + draw(2) % 95 },
            customer: 1_000 + draw(3) % 9_000,
            request: draw(4),
        }
    }

    /// What became of an order, and the minute of its answer.
    pub(super) fn fate(&self, order: i64) -> (Fate, f64) {
        let (from, to) = (arrival(order), arrival(order + 1));
        if let Some(event) = step(lost, from, to) {
            let minute = reach(lost, whole(event) - 0.5, from, to);
            let granted =
                event.rem_euclid(LATE_GRANT.1) * LATE_GRANT.0 % LATE_GRANT.1 < LATE_GRANT.0 && order != EXEMPLAR;
            let fate = if (0.0..=45.0).contains(&minute) { Fate::Lost { granted } } else { Fate::Refused };
            return (fate, minute);
        }
        let index = order.cast_unsigned();
        let minute = (to - from).mul_add(self.traits.unit_at(index), from);
        if is_slow(order, from, to) {
            return (Fate::Slow, minute);
        }
        let cached = index.wrapping_sub(FIRST_MISS) % MISS.1 * MISS.0 % MISS.1 >= MISS.0;
        let kept = self.sampler.unit_at(index) < KEPT;
        (if kept { Fate::Accepted { cached } } else { Fate::Forgotten }, minute)
    }
}

/// The number of the event of this expectation that falls between two minutes, if one does.
fn step(expectation: fn(f64) -> f64, from: f64, to: f64) -> Option<i64> {
    let after = number(expectation(to));
    (after > number(expectation(from))).then_some(after)
}

/// A slow success that falls on a lost order goes to the next one that is not lost.
fn is_slow(order: i64, from: f64, to: f64) -> bool {
    const LONGEST_RUN: i64 = 20;
    if step(slow, from, to).is_some() {
        return true;
    }
    for before in 1..LONGEST_RUN {
        let (from, to) = (arrival(order - before), arrival(order - before + 1));
        if step(lost, from, to).is_none() {
            return false;
        }
        if step(slow, from, to).is_some() {
            return true;
        }
    }
    false
}

/// Three letters, another triple for each of the 300.
fn carrier(index: u64) -> String {
    [index, index / 26, index * 7 + 3]
        .iter()
        .map(|value| char::from(b'A' + u8::try_from(value % 26).unwrap_or(0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lost_order_is_one_order() {
        let all = Orders::new(42, Timestamp::EPOCH);
        let fates: Vec<Fate> = Orders::between(0.0, 45.0).map(|order| all.fate(order).0).collect();
        let count = |wanted: fn(&Fate) -> bool| fates.iter().filter(|fate| wanted(fate)).count();
        assert_eq!(fates.len(), 3_826);
        assert_eq!(count(|fate| matches!(fate, Fate::Lost { .. })), 2_300);
        assert_eq!(count(|fate| *fate == Fate::Lost { granted: true }), 39);
        assert_eq!(count(|fate| *fate == Fate::Slow), 345);
    }

    #[test]
    fn the_exemplar_is_lost_to_the_lock() {
        let order = Orders::new(42, Timestamp::EPOCH).order(EXEMPLAR);
        assert_eq!(order.fate, Fate::Lost { granted: false });
        assert_eq!((order.carrier.as_str(), order.zone, order.end.millis()), ("CHR", 75, 324_890));
    }

    #[test]
    fn one_healthy_order_of_twenty_is_kept() {
        let all = Orders::new(42, Timestamp::EPOCH);
        let kept = Orders::between(-300.0, 0.0).filter(|order| all.fate(*order).0.is_accepted()).count();
        let expected = 300.0 * 85.0 * KEPT;
        let kept = whole(i64::try_from(kept).expect("few"));
        assert!((kept - expected).abs() < 0.1 * expected, "{kept} of {expected}");
    }

    #[test]
    fn the_healthy_traces_before_the_impact_missed_the_cache_as_rarely_as_the_orders() {
        let all = Orders::new(42, Timestamp::EPOCH);
        let mut kept: Vec<bool> = Orders::between(-300.0, 0.0)
            .filter_map(|order| match all.fate(order).0 {
                Fate::Accepted { cached } => Some(cached),
                _ => None,
            })
            .collect();
        kept.reverse();
        for newest in [150, 200, 250, 400] {
            let missed = kept.iter().take(newest).filter(|cached| !**cached).count();
            assert_eq!(missed * 100 / newest, 2, "{missed} of {newest}");
        }
    }

    #[test]
    fn carriers_differ() {
        let names: std::collections::HashSet<String> = (0..CARRIERS).map(carrier).collect();
        assert_eq!(names.len(), 300);
    }
}
