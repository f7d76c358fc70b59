//! What is kept of one SLO between refreshes: the last reading, the last good one, since when a state holds. Not every
//! reading: history is asked for when it is wanted.

use std::sync::Arc;
use std::time::Duration;

use super::judgement::{Judgement, Lost};
use super::measure::{Measure, Reading};
use super::{Budget, Cost, Language, Slo, State, Zone, ZoneChange, clears_after, windows};
use crate::domain::Timestamp;

/// How often every SLO is asked about.
pub const REFRESH: Duration = Duration::from_secs(15);
/// No data for longer than this counts as a possible outage.
pub const NO_DATA_AFTER: Duration = Duration::from_secs(180);
/// Fewer bad events than this in the long window page nobody.
pub const MIN_BAD: f64 = 5.0;
/// Fewer events than this in the long window page nobody.
pub const MIN_TOTAL: f64 = 100.0;
/// Of which a rolling window gives back one at a time.
const DAY: Duration = Duration::from_secs(86_400);
/// Two starts of one impact may differ so much: by a step of the range in which it was found, and a refresh.
const SAME_START: Duration = Duration::from_secs(30);
/// A forecast from less time than this after the impact began says nothing.
const SHORTEST_RATE: Duration = Duration::from_secs(15);

#[derive(Clone, Debug)]
pub struct Gauge {
    pub(super) slo: Arc<Slo>,
    refresh: Duration,
    impact: Option<Timestamp>,
    pub(super) language: Language,
    /// Since when both windows of each rule are above, in the order of the policy.
    pub(super) above: Vec<Option<Timestamp>>,
    last: Option<Reading>,
    /// The last in which every window of the rules was answered, with or without traffic.
    pub(super) good: Option<Reading>,
    budget: Option<Budget>,
    /// The state of `last` and since when.
    since: Option<(State, Timestamp)>,
    zone: Option<Zone>,
    next_zone: Option<(Zone, Timestamp)>,
}

impl Gauge {
    #[must_use]
    pub fn new(slo: Arc<Slo>) -> Self {
        Self {
            slo,
            refresh: REFRESH,
            impact: None,
            language: Language::English,
            above: Vec::new(),
            last: None,
            good: None,
            budget: None,
            since: None,
            zone: None,
            next_zone: None,
        }
    }

    /// For a clock that runs faster than the wall: what a refresh is in that clock's time.
    #[must_use]
    pub fn with_refresh(mut self, refresh: Duration) -> Self {
        self.refresh = refresh.max(Duration::from_secs(1));
        self
    }

    /// The language of the sentences.
    #[must_use]
    pub const fn with_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    #[must_use]
    pub const fn slo(&self) -> &Arc<Slo> {
        &self.slo
    }

    #[must_use]
    pub const fn last(&self) -> Option<&Reading> {
        self.last.as_ref()
    }

    /// The windows to ask for at `now`: those of the SLO, and the time since the impact.
    #[must_use]
    pub fn windows(&self, now: Timestamp) -> Vec<Duration> {
        let mut windows = windows(&self.slo);
        if let Some(age) = self.impact.map(|impact| now.elapsed_since(impact)).map(whole_seconds)
            && age >= SHORTEST_RATE
            && age < self.slo.window
            && !windows.contains(&age)
        {
            windows.insert(0, age);
        }
        windows
    }

    /// When the impact began, as far as is known; `None` when there is no incident.
    pub fn set_impact(&mut self, impact: Option<Timestamp>) {
        self.impact = impact;
    }

    /// An alert server knows since when a rule fires, even from before this program started. Only ever moves the time
    /// back, and only while the SLO fires.
    pub fn backdate(&mut self, firing_since: Timestamp) {
        if let Some((state, since)) = &mut self.since
            && state.is_firing()
        {
            *since = firing_since.min(*since);
        }
    }

    /// Takes the readings of a refresh; one that is not newer than the last is ignored. Returns a change of zone.
    pub fn take(&mut self, reading: Reading) -> Option<ZoneChange> {
        let whole_of = |reading: &Reading| matches!(reading.of(self.slo.window), Some(Measure::Counts { .. }));
        if let Some(last) = &self.last {
            // Of the same moment only what knows more is news: the whole window may be counted after the short ones.
            let is_news = reading.at > last.at || (reading.at == last.at && whole_of(&reading) && !whole_of(last));
            if !is_news {
                return None;
            }
        }
        let at = reading.at;
        let (budget, whole) = match reading.of(self.slo.window) {
            Some(Measure::Counts { bad, total, partial }) => {
                (Budget::new(self.slo.objective, *bad, *total, at), !partial)
            }
            _ => (None, false),
        };
        self.watch_holds(&reading);
        let pairs = self.pairs(&reading);
        let state = self.state_of(&reading, &pairs);
        let began = match &state {
            State::NoData => self.good.as_ref().map_or(at, |good| good.at),
            _ => at,
        };
        self.since = match self.since.take() {
            Some((before, since)) if std::mem::discriminant(&before) == std::mem::discriminant(&state) => {
                Some((state, since))
            }
            _ => Some((state, began)),
        };
        if self.is_answered(&reading) {
            self.good = Some(reading.clone());
        }
        self.last = Some(reading);
        self.budget = budget.or(self.budget);
        // A part of the truth changes no zone: what is still unknown may be what matters.
        budget.filter(|_| whole).and_then(|budget| self.enter(budget.zone(), at))
    }

    fn enter(&mut self, zone: Zone, at: Timestamp) -> Option<ZoneChange> {
        let Some(from) = self.zone.filter(|from| *from != zone) else {
            self.zone = Some(zone);
            self.next_zone = None;
            return None;
        };
        match self.next_zone {
            Some((next, first)) if next == zone => {
                self.zone = Some(zone);
                self.next_zone = None;
                Some(ZoneChange { from, to: zone, at: first })
            }
            _ => {
                self.next_zone = Some((zone, at));
                None
            }
        }
    }

    /// Whether every window of the rules was answered.
    pub(super) fn is_answered(&self, reading: &Reading) -> bool {
        self.rule_measures(reading).all(|measure| measure.is_some_and(Measure::is_answer))
    }

    pub(super) fn rule_measures<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = Option<&'a Measure>> {
        self.slo.policy.rules().iter().flat_map(|rule| [rule.short, rule.long]).map(|window| reading.of(window))
    }

    /// What stands at `now`; costs little, and changes nothing.
    #[must_use]
    pub fn judge(&self, now: Timestamp) -> Judgement {
        let Some(last) = &self.last else { return Judgement::loading(&self.slo) };
        let age = now.elapsed_since(last.at);
        let (known, since) =
            self.since.as_ref().map_or((State::Loading, last.at), |(state, since)| (state.clone(), *since));
        let silent = age > NO_DATA_AFTER.max(self.refresh * 3);
        let (state, since) = if silent { (State::NoData, last.at) } else { (known, since) };
        let shown = if self.is_answered(last) || state.is_firing() { Some(last) } else { self.good.as_ref() };
        let pairs = shown.map(|reading| self.pairs(reading)).unwrap_or_default();
        let fired = shown.map(|reading| self.state_of(reading, &pairs)).filter(State::is_firing);
        let rank = fired.as_ref().map_or(u8::MAX, State::rank).min(state.rank());
        let rate = shown.and_then(|reading| self.rate(reading));
        let budget = self.budget;
        let lasting = |moment: &Timestamp| moment.elapsed_since(last.at) <= self.slo.window;
        let forecast = |left: f64| budget?.left_at(left, rate?.0).filter(lasting);
        let losing = rate.zip(shown).is_some_and(|((per_minute, _), reading)| {
            let over_budget = |ratio: super::Ratio| ratio.exceeds(1_000, self.slo.objective);
            per_minute > 0.0 && reading.of(self.slo.shortest()).and_then(Measure::ratio).is_some_and(over_budget)
        });
        let worse = budget.map(|budget| budget.zone()).and_then(|zone| Some((zone.worse()?, zone.floor()?)));
        let lost = shown.and_then(|reading| self.lost(reading));
        let loudest = pairs.iter().filter(|pair| pair.firing).min_by_key(|pair| pair.severity);
        Judgement {
            slo: self.slo.name.clone(),
            rank,
            zone: budget.map(|budget| budget.zone()),
            budget,
            partial: shown.is_some_and(|reading| self.is_partial(reading)),
            since: Some(since),
            stale: (age > self.refresh * 2).then_some(age),
            possible_outage: matches!(state, State::NoData) && now.elapsed_since(since) > NO_DATA_AFTER,
            gone_at: if losing { forecast(0.0) } else { None },
            next_zone: worse
                .filter(|_| losing)
                .and_then(|(zone, floor)| Some((zone, forecast(floor * budget?.allowed)?))),
            error_ratio_5m: shown.and_then(|reading| reading.of(self.slo.shortest())?.ratio()).map(super::Ratio::share),
            bad_per_minute: rate.map(|(per_minute, _)| per_minute),
            rate_since_impact: rate.is_some_and(|(_, since_impact)| since_impact),
            spent: self.spent(shown, lost.as_ref()),
            rising: shown.and_then(|reading| self.rising(reading, &pairs)),
            lost,
            recovers_a_day: budget
                .zip(self.last.as_ref())
                .and_then(|(budget, last)| self.recovers_a_day(&budget, last)),
            clears_after: loudest.and_then(|pair| clears_after(pair.short, pair.factor, pair.short_burn?)),
            language: self.language,
            at: shown.map(|reading| reading.at),
            state,
            pairs,
            ..Judgement::loading(&self.slo)
        }
    }

    fn is_partial(&self, reading: &Reading) -> bool {
        !self.is_answered(reading)
            || reading.measures.iter().any(|(_, measure)| matches!(measure, Measure::Counts { partial: true, .. }))
    }

    /// What the oldest day of the window spent, and gives back as it leaves.
    fn recovers_a_day(&self, budget: &Budget, reading: &Reading) -> Option<f64> {
        let but_oldest = self.slo.window.checked_sub(DAY).filter(|rest| !rest.is_zero())?;
        match (reading.of(self.slo.window), reading.of(but_oldest)) {
            (Some(Measure::Counts { bad: whole, .. }), Some(Measure::Counts { bad: rest, .. })) => {
                Some(((whole - rest) / budget.allowed).max(0.0))
            }
            _ => None,
        }
    }

    /// Bad events a minute, and whether they count since the impact.
    fn rate(&self, reading: &Reading) -> Option<(f64, bool)> {
        let shortest = self.slo.shortest();
        let Some(Measure::Counts { bad, .. }) = reading.of(shortest) else { return None };
        let age = self.impact.filter(|impact| *impact <= reading.at).map(|impact| reading.at.elapsed_since(impact));
        match age.filter(|age| *age < shortest) {
            Some(age) => Some((bad / age.max(SHORTEST_RATE).as_secs_f64() * 60.0, true)),
            None => Some((bad / shortest.as_secs_f64() * 60.0, false)),
        }
    }

    /// Counted over the window that was asked since the impact; else over the smallest one that covers it.
    fn lost(&self, reading: &Reading) -> Option<Lost> {
        let since = self.impact.filter(|impact| *impact <= reading.at)?;
        let age = reading.at.elapsed_since(since);
        let counts = |(_, measure): &(Duration, Measure)| match measure {
            Measure::Counts { bad, total, .. } => Some((*bad, *total)),
            _ => None,
        };
        let nearest = reading.measures.iter().min_by_key(|(window, _)| window.abs_diff(age));
        let asked = nearest.filter(|(window, _)| window.abs_diff(age) <= SAME_START);
        let (bad, total) = match asked.and_then(counts) {
            Some((bad, total)) => (bad, Some(total)),
            None => {
                let covering = reading.measures.iter().filter(|(window, _)| *window >= age);
                let counted = covering.filter_map(|known| Some((known.0, counts(known)?)));
                (counted.min_by_key(|(window, _)| *window)?.1.0, None)
            }
        };
        Some(Lost { since, bad, total, cost: Cost::of(&self.slo, bad) })
    }

    fn spent(&self, reading: Option<&Reading>, lost: Option<&Lost>) -> Option<f64> {
        let allowed = self.budget?.allowed;
        let bad = match (lost, reading?.of(self.slo.longest())) {
            (Some(lost), _) => lost.bad,
            (None, Some(Measure::Counts { bad, .. })) => *bad,
            (None, _) => return None,
        };
        Some(bad / allowed)
    }
}

const fn whole_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}
