//! What a reading means for the rules of an SLO: which pairs fire, and the state that follows. Not what is kept between
//! readings (`gauge.rs`), nor the words.

use std::time::Duration;

use super::gauge::{Gauge, MIN_BAD, MIN_TOTAL};
use super::judgement::{PairJudgement, Rising};
use super::measure::{Measure, Reading};
use super::{RuleSeverity, State};

impl Gauge {
    /// Remembers since when both windows of each rule are above.
    pub(super) fn watch_holds(&mut self, reading: &Reading) {
        let pairs = self.pairs(reading);
        let before = std::mem::take(&mut self.above);
        let since = |(place, pair): (usize, &PairJudgement)| {
            let both = pair.long_above && pair.short_above;
            both.then(|| before.get(place).copied().flatten().unwrap_or(reading.at))
        };
        self.above = pairs.iter().enumerate().map(since).collect();
    }

    /// Fewer bad events than this say nothing; a slice of time is never too few.
    fn min_bad(&self) -> f64 {
        if self.slo.method.is_of_events() { MIN_BAD } else { 0.0 }
    }

    fn is_enough(&self, long: Option<&Measure>) -> bool {
        let least = if self.slo.method.is_of_events() { MIN_TOTAL } else { 0.0 };
        matches!(long, Some(Measure::Counts { bad, total, .. }) if *bad >= self.min_bad() && *total >= least)
    }

    pub(super) fn pairs(&self, reading: &Reading) -> Vec<PairJudgement> {
        let objective = self.slo.objective;
        let judge = |(place, rule): (usize, &super::BurnRule)| {
            let ratio = |window| reading.of(window).and_then(Measure::ratio);
            let (long, short) = (ratio(rule.long), ratio(rule.short));
            let above =
                |ratio: Option<super::Ratio>| ratio.is_some_and(|ratio| ratio.exceeds(rule.factor_milli, objective));
            let (long_above, short_above) = (above(long), above(short));
            let enough = self.is_enough(reading.of(rule.long));
            let both = long_above && short_above;
            let above_for = self.above.get(place).copied().flatten().map(|since| reading.at.elapsed_since(since));
            let waits = rule.hold.checked_sub(above_for.unwrap_or_default()).filter(|left| !left.is_zero());
            PairJudgement {
                long: rule.long,
                short: rule.short,
                long_burn: long.map(|ratio| ratio.burn(objective)),
                short_burn: short.map(|ratio| ratio.burn(objective)),
                long_above,
                short_above,
                factor: rule.factor(),
                firing: both && enough && waits.is_none(),
                too_few: both && !enough,
                severity: rule.severity,
                waits: waits.filter(|_| both && enough),
            }
        };
        self.slo.policy.rules().iter().enumerate().map(judge).collect()
    }

    pub(super) fn state_of(&self, reading: &Reading, pairs: &[PairJudgement]) -> State {
        let loudest = pairs.iter().filter(|pair| pair.firing).map(|pair| pair.severity).min();
        match loudest {
            Some(RuleSeverity::Page) => return State::Page,
            Some(RuleSeverity::Notify) => return State::Notify,
            // A page on its way is more urgent than a ticket.
            Some(RuleSeverity::Ticket) if self.rising(reading, pairs).is_some() => return State::Rising,
            Some(RuleSeverity::Ticket) => return State::Ticket,
            None => {}
        }
        if let Some(trouble) = self.trouble(reading) {
            return trouble;
        }
        if matches!(reading.of(self.slo.shortest()), Some(Measure::NoTraffic)) {
            return State::NoTraffic;
        }
        if let Some(pair) = pairs.iter().find(|pair| pair.too_few)
            && let Some(Measure::Counts { bad, total, .. }) = reading.of(pair.long)
        {
            return State::LowTraffic { bad: *bad, total: *total };
        }
        if self.rising(reading, pairs).is_some() {
            return State::Rising;
        }
        let enough = |window| matches!(reading.of(window), Some(Measure::Counts { bad, .. }) if *bad >= self.min_bad());
        if loud(pairs).any(|pair| pair.long_above && !pair.short_above && enough(pair.long)) {
            return State::Recovering;
        }
        let in_part = |measure: Option<&Measure>| matches!(measure, Some(Measure::Counts { partial: true, .. }));
        if self.rule_measures(reading).any(in_part) {
            return State::Partial;
        }
        State::Healthy
    }

    /// The worst of what keeps the windows of the rules from being known.
    fn trouble(&self, reading: &Reading) -> Option<State> {
        let last_good = self.good.as_ref().map(|good| good.at);
        let mut troubles: Vec<State> = self
            .rule_measures(reading)
            .filter_map(|measure| match measure {
                Some(Measure::Failed(failure)) => Some(State::failed(failure, last_good)),
                Some(Measure::MissingBucket { wanted, have }) => {
                    Some(State::MissingBucket { wanted: wanted.clone(), have: have.clone() })
                }
                Some(measure) if measure.is_answer() => None,
                // Counts that are none came from a recording that was tampered with.
                Some(Measure::NoData | Measure::NoTraffic | Measure::Counts { .. }) | None => Some(State::NoData),
            })
            .collect();
        // The cause before the symptom: a server that is down explains a window without data.
        troubles.sort_by_key(|state| match state {
            State::Down { .. } => 0,
            State::QueryFailed(_) => 1,
            State::MissingBucket { .. } => 2,
            _ => 3,
        });
        troubles.into_iter().next()
    }

    /// The rule that fires next if the failure goes on: those that page before those that notify, then the soonest.
    pub(super) fn rising(&self, reading: &Reading, pairs: &[PairJudgement]) -> Option<Rising> {
        let estimate = |pair: &PairJudgement| {
            let (Some(Measure::Counts { bad: short_bad, .. }), Some(Measure::Counts { bad, total, .. })) =
                (reading.of(pair.short), reading.of(pair.long))
            else {
                return None;
            };
            let rises = |fires_in: Duration| {
                Some(Rising {
                    severity: pair.severity,
                    fires_in,
                    factor: pair.factor,
                    short: pair.short,
                    long: pair.long,
                    long_burn: pair.long_burn?,
                })
            };
            if let Some(waits) = pair.waits {
                return rises(waits);
            }
            if !pair.short_above || pair.long_above || *short_bad < self.min_bad() {
                return None;
            }
            // Bad events a second come in as over the short window; what leaves the long window is taken for good.
            let wanted = pair.factor * self.slo.objective.budget() * total - bad;
            let seconds = wanted / (short_bad / pair.short.as_secs_f64());
            let fires_in = Duration::try_from_secs_f64(seconds.max(0.0)).ok().filter(|time| *time <= pair.long)?;
            rises(fires_in)
        };
        loud(pairs).filter_map(estimate).min_by_key(|rising| (rising.severity, rising.fires_in))
    }
}

/// The pairs that somebody hears.
fn loud(pairs: &[PairJudgement]) -> impl Iterator<Item = &PairJudgement> {
    pairs.iter().filter(|pair| pair.severity != RuleSeverity::Ticket)
}
