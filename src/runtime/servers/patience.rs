//! What is known of one server's patience: the budget, its wish to be left alone, whether it is down, and whom it fails.
//! Time comes in with every question. Not the waiting: that is `gate.rs`.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Cause, Failure, Symbol};
use crate::room::Load;

/// Who asks, and hence who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runtime) enum Asker {
    /// A person looked at something: kept from a server only by the server's own wish.
    Person,
    /// Asked again and again: one at a time tries a server that is down.
    Poll,
    /// The past, which can wait: takes what the others leave.
    Past,
}

/// The longest pause between two tries at a server that is down.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// So long has one who tries a server that is down before another may.
const LEASE: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);
/// The burst that may go out at once: a sixth of a minute's budget.
const BURST_PARTS: f64 = 6.0;
/// The pause before the budget is looked at again.
pub(in crate::runtime) const NEXT_LOOK: Duration = Duration::from_millis(50);
/// A question that waited so long for the budget is given up.
const PATIENCE: Duration = Duration::from_secs(30);

pub(in crate::runtime) struct State {
    tokens: f64,
    filled: Instant,
    /// When the questions of the last minute went out.
    sent: VecDeque<Instant>,
    /// When those of them went that had to wait.
    held: VecDeque<Instant>,
    given_up: u64,
    /// The server asked for patience until then.
    shut_until: Option<Instant>,
    down: Option<Down>,
    /// How often in a row it failed to answer; those that were on their way together count once.
    attempts: u32,
    failed_at: Option<Instant>,
    /// What goes wrong for whom, and how often it did in a row.
    failing: BTreeMap<Symbol, (Failure, u32)>,
}

#[derive(Clone)]
struct Down {
    failure: Failure,
    retry_at: Instant,
}

/// How a server does, for the header.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::runtime) enum Standing {
    Well,
    Troubled { failure: Failure, attempts: u32, retry_in: Duration },
}

impl State {
    pub fn new(per_minute: u32) -> Self {
        Self {
            tokens: burst(per_minute),
            filled: Instant::now(),
            sent: VecDeque::new(),
            held: VecDeque::new(),
            given_up: 0,
            shut_until: None,
            down: None,
            attempts: 0,
            failed_at: None,
            failing: BTreeMap::new(),
        }
    }

    /// Takes a place; `false` when there is none yet. Who asks has waited since the first of the moments, which are
    /// then and now.
    pub fn take(
        &mut self,
        asker: Asker,
        (began, now): (Instant, Instant),
        per_minute: u32,
        source: &Symbol,
    ) -> Result<bool, Failure> {
        if let Some(until) = self.shut_until {
            if now < until {
                return Err(Failure::new(source.clone(), Cause::Throttled(Some(until - now))));
            }
            self.shut_until = None;
        }
        if let Some(down) = &mut self.down
            && asker != Asker::Person
        {
            if now < down.retry_at {
                return Err(down.failure.clone());
            }
            down.retry_at = now + LEASE;
        }
        let rate = f64::from(per_minute) / MINUTE.as_secs_f64();
        let most = burst(per_minute);
        self.tokens = (self.tokens + rate * now.duration_since(self.filled).as_secs_f64()).min(most);
        self.filled = now;
        let reserve = if asker == Asker::Past { most / 2.0 } else { 0.0 };
        if self.tokens - reserve < 1.0 {
            if now.duration_since(began) < PATIENCE {
                return Ok(false);
            }
            if asker != Asker::Past {
                self.given_up = self.given_up.saturating_add(1);
                return Err(Failure::new(source.clone(), Cause::Throttled(None)));
            }
            return Ok(false);
        }
        self.tokens -= 1.0;
        self.forget(now);
        self.sent.push_back(now);
        // What can wait is meant to: only the others are told of.
        if now > began + NEXT_LOOK / 2 && asker != Asker::Past {
            self.held.push_back(now);
        }
        Ok(true)
    }

    /// Gives whether the server answers again after it was down.
    pub fn heard(&mut self, began: Instant, now: Instant, failure: Option<&Failure>) -> bool {
        let Some(failure) = failure.filter(|failure| is_silence(&failure.cause)) else {
            // Any answer, a refusal too, is a sign of life.
            self.attempts = 0;
            return self.down.take().is_some();
        };
        if self.failed_at.is_none_or(|failed_at| began >= failed_at) {
            self.attempts = self.attempts.saturating_add(1);
            self.failed_at = Some(now);
        }
        let wait = backoff(self.attempts, Some(failure));
        if let Cause::Throttled(_) = failure.cause {
            let until = now + wait;
            self.shut_until = Some(self.shut_until.map_or(until, |shut| shut.max(until)));
        } else {
            self.down = Some(Down { failure: failure.clone(), retry_at: now + wait });
        }
        false
    }

    pub fn note(&mut self, asker: &Symbol, failure: Option<&Failure>) {
        match failure {
            Some(failure) => {
                let attempts = self.failing.get(asker).map_or(0, |(_, attempts)| *attempts).saturating_add(1);
                self.failing.insert(asker.clone(), (failure.clone(), attempts));
            }
            None => {
                self.failing.remove(asker);
            }
        }
    }

    /// A server that is down may be tried at once; what it asked for itself stays.
    pub fn open(&mut self, now: Instant) {
        if let Some(down) = &mut self.down {
            down.retry_at = now;
        }
    }

    /// How long to leave the server alone.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        let until = self.shut_until.max(self.down.as_ref().map(|down| down.retry_at));
        until.map(|until| until.saturating_duration_since(now)).filter(|wait| !wait.is_zero())
    }

    pub fn load(&mut self, now: Instant, allowed: u32) -> Load {
        self.forget(now);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Load { per_minute: count(self.sent.len()), allowed, held: count(self.held.len()), given_up: self.given_up }
    }

    fn forget(&mut self, now: Instant) {
        for times in [&mut self.sent, &mut self.held] {
            while times.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
                times.pop_front();
            }
        }
    }

    /// That the server is down or wants patience stands above what one of many is told.
    pub fn standing(&self, source: &Symbol, now: Instant) -> Standing {
        if let Some(until) = self.shut_until.filter(|until| now < *until) {
            let failure = Failure::new(source.clone(), Cause::Throttled(Some(until - now)));
            return Standing::Troubled { failure, attempts: self.attempts, retry_in: until - now };
        }
        if let Some(Down { failure, retry_at }) = &self.down {
            let retry_in = retry_at.saturating_duration_since(now);
            return Standing::Troubled { failure: failure.clone(), attempts: self.attempts, retry_in };
        }
        match self.failing.values().max_by_key(|(_, attempts)| *attempts) {
            None => Standing::Well,
            Some((failure, attempts)) => {
                let retry_in = backoff(*attempts, Some(failure));
                Standing::Troubled { failure: failure.clone(), attempts: *attempts, retry_in }
            }
        }
    }
}

fn burst(per_minute: u32) -> f64 {
    (f64::from(per_minute) / BURST_PARTS).max(4.0)
}

/// No answer at all, or the wish to be left alone; any other failure is about one question.
const fn is_silence(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::Unreachable(_) | Cause::TimedOut(_) | Cause::Throttled(_) | Cause::Failing { status: 502..=504, .. }
    )
}

/// Doubles from one second up to [`LONGEST_PAUSE`]; `Retry-After` makes it longer, never shorter: a server that says `0`
/// and goes on refusing must not be asked without a pause.
pub(in crate::runtime) fn backoff(failed: u32, failure: Option<&Failure>) -> Duration {
    let own = Duration::from_secs(1_u64 << failed.clamp(1, 5).saturating_sub(1)).min(LONGEST_PAUSE);
    match failure.map(|failure| &failure.cause) {
        Some(Cause::Throttled(Some(wait))) => own.max(*wait),
        _ => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(cause: Cause) -> Failure {
        Failure::new("mimir", cause)
    }

    fn refused() -> Failure {
        failure(Cause::Unreachable("refused".into()))
    }

    /// The moment so many milliseconds after the beginning.
    struct Time(Instant);

    impl Time {
        fn at(&self, millis: u64) -> Instant {
            self.0 + Duration::from_millis(millis)
        }
    }

    fn try_at(state: &mut State, asker: Asker, now: Instant) -> Result<bool, Failure> {
        state.take(asker, (now, now), 600, &"mimir".into())
    }

    #[test]
    fn all_who_ask_a_server_that_is_down_wait_as_one() {
        let (mut state, time) = (State::new(600), Time(Instant::now()));
        for _ in 0..20 {
            state.heard(time.at(0), time.at(10), Some(&refused()));
        }
        assert_eq!(state.attempts, 1, "twenty that were on their way together failed once");
        assert_eq!(try_at(&mut state, Asker::Poll, time.at(500)), Err(refused()));
        assert_eq!(try_at(&mut state, Asker::Person, time.at(500)), Ok(true), "a person may try");
        assert_eq!(try_at(&mut state, Asker::Poll, time.at(1_010)), Ok(true), "one tries");
        assert!(try_at(&mut state, Asker::Poll, time.at(1_011)).is_err(), "the others wait for it");
        assert!(try_at(&mut state, Asker::Past, time.at(1_011)).is_err());
        state.heard(time.at(1_010), time.at(1_020), Some(&refused()));
        assert_eq!(state.wait(time.at(1_020)), Some(Duration::from_secs(2)));
        assert!(state.heard(time.at(3_020), time.at(3_030), None), "it is back, and all are told");
        assert_eq!(state.wait(time.at(3_030)), None);
        assert_eq!(try_at(&mut state, Asker::Poll, time.at(3_030)), Ok(true));
        assert_eq!(try_at(&mut state, Asker::Poll, time.at(3_030)), Ok(true));
    }

    #[test]
    fn what_the_server_asks_for_holds_for_everybody() {
        let (mut state, time) = (State::new(600), Time(Instant::now()));
        let asks = |wait: Option<u64>| failure(Cause::Throttled(wait.map(Duration::from_secs)));
        state.heard(time.at(0), time.at(0), Some(&asks(Some(40))));
        state.heard(time.at(0), time.at(0), Some(&asks(None)));
        for asker in [Asker::Person, Asker::Poll, Asker::Past] {
            assert_eq!(try_at(&mut state, asker, time.at(10_000)), Err(asks(Some(30))));
        }
        assert_eq!(try_at(&mut state, Asker::Person, time.at(40_000)), Ok(true));
    }

    #[test]
    fn no_more_go_out_than_the_budget_allows_and_the_past_comes_last() {
        let (mut state, time) = (State::new(60), Time(Instant::now()));
        let mut take = |asker, since, now| state.take(asker, (time.at(since), time.at(now)), 60, &"mimir".into());
        for _ in 0..10 {
            assert_eq!(take(Asker::Poll, 0, 0), Ok(true), "of the burst");
        }
        assert_eq!(take(Asker::Poll, 0, 0), Ok(false));
        for second in 1..=30 {
            assert_eq!(take(Asker::Poll, 0, second * 1_000 - 10), Ok(false));
            assert_eq!(take(Asker::Poll, 0, second * 1_000 + 1), Ok(true));
        }
        assert_eq!(take(Asker::Past, 30_001, 35_000), Ok(false), "half of the burst is kept for the others");
        assert_eq!(take(Asker::Past, 30_001, 37_001), Ok(true));
        let load = state.load(time.at(37_001), 60);
        assert_eq!((load.per_minute, load.allowed, load.held, load.given_up), (41, 60, 30, 0));
        assert_eq!(state.load(time.at(120_000), 60).per_minute, 0);
    }

    #[test]
    fn who_waits_too_long_for_the_budget_is_told_and_counted() {
        let (mut state, time) = (State::new(1), Time(Instant::now()));
        while state.take(Asker::Poll, (time.at(0), time.at(0)), 1, &"mimir".into()) == Ok(true) {}
        let given_up = state.take(Asker::Poll, (time.at(0), time.at(30_000)), 1, &"mimir".into());
        assert_eq!(given_up, Err(failure(Cause::Throttled(None))));
        assert_eq!(state.load(time.at(30_000), 1).given_up, 1);
    }

    #[test]
    fn the_header_gets_one_story() {
        let (mut state, time) = (State::new(600), Time(Instant::now()));
        let [mimir, orders, label] = ["mimir", "orders", "label"].map(Symbol::from);
        state.note(&orders, None);
        assert_eq!(state.standing(&mimir, time.at(0)), Standing::Well);
        let ill = failure(Cause::Failing { status: 500, message: "x".into() });
        state.heard(time.at(0), time.at(1), Some(&ill));
        state.note(&label, Some(&ill));
        state.note(&label, Some(&ill));
        state.note(&orders, None);
        let told = state.standing(&mimir, time.at(2));
        assert!(matches!(told, Standing::Troubled { attempts: 2, .. }), "not the last one's own: {told:?}");
        assert_eq!(state.wait(time.at(2)), None, "one question that fails keeps no other back");
        state.heard(time.at(3), time.at(4), Some(&refused()));
        let down = Standing::Troubled { failure: refused(), attempts: 1, retry_in: Duration::from_secs(1) };
        assert_eq!(state.standing(&mimir, time.at(4)), down);
        state.heard(time.at(5), time.at(6), None);
        state.note(&label, None);
        assert_eq!(state.standing(&mimir, time.at(7)), Standing::Well);
    }
}
