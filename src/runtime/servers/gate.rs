//! The one door to a server: how many questions a minute it gets, since when it is left alone because it asked for that
//! or because it is down, and which of those who ask it are in trouble. One a server, whoever asks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep};

use super::patience::{Asker, NEXT_LOOK, Standing, State};
use super::precedence::{Precedence, Waiting};
use crate::domain::{Failure, Symbol};
use crate::port::Ports;
use crate::room::Load;

/// Questions about the past that a server answers at the same time.
const PAST_AT_ONCE: usize = 4;

pub(in crate::runtime) struct Gate {
    source: Symbol,
    per_minute: u32,
    state: Mutex<State>,
    past: Semaphore,
    precedence: Precedence,
    /// The server answered again after it was down, or the responder wants to know now.
    pub opened: Notify,
    /// Nanoseconds that the server's clock is ahead of ours.
    skew: AtomicI64,
}

impl Gate {
    pub fn new(source: Symbol, per_minute: u32) -> Self {
        Self {
            source,
            per_minute,
            state: Mutex::new(State::new(per_minute)),
            past: Semaphore::new(PAST_AT_ONCE),
            precedence: Precedence::default(),
            opened: Notify::new(),
            skew: AtomicI64::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place in the budget; refuses at once while the server wants to be left alone, or is down and somebody
    /// else tries it. What is given back is kept until the answer is there.
    pub async fn admit(&self, asker: Asker) -> Result<Place<'_>, Failure> {
        let place = match asker {
            Asker::Past => {
                let permit = self.past.acquire().await.ok();
                self.precedence.give_way().await;
                Place { _of_past: permit, _of_person: None }
            }
            Asker::Person => Place { _of_past: None, _of_person: Some(self.precedence.enter()) },
            Asker::Poll => Place { _of_past: None, _of_person: None },
        };
        let began = Instant::now();
        loop {
            match self.state().take(asker, (began, Instant::now()), self.per_minute, &self.source) {
                Ok(true) => return Ok(place),
                Ok(false) => {}
                Err(failure) => return Err(failure),
            }
            sleep(NEXT_LOOK).await;
        }
    }

    /// What came of a question that went out at `began`.
    pub fn heard(&self, began: Instant, failure: Option<&Failure>) {
        if self.state().heard(began, Instant::now(), failure) {
            self.opened.notify_waiters();
        }
    }

    /// How the latest question of one who asks again and again went; gives how the server stands for all of them.
    pub fn note(&self, asker: &Symbol, failure: Option<&Failure>) -> Standing {
        let mut state = self.state();
        state.note(asker, failure);
        state.standing(&self.source, Instant::now())
    }

    /// How long to leave it alone; `None` when it may be asked.
    pub fn wait(&self) -> Option<Duration> {
        self.state().wait(Instant::now())
    }

    /// The responder wants to know now: a server that is down is tried at once. What it asked for itself stays.
    pub fn open(&self) {
        self.state().open(Instant::now());
        self.opened.notify_waiters();
    }

    /// By how many nanoseconds the server's clock is ahead of ours; 0 while they agree.
    pub fn skew(&self) -> i64 {
        self.skew.load(Ordering::Relaxed)
    }

    pub fn set_skew(&self, nanos: i64) {
        self.skew.store(nanos, Ordering::Relaxed);
    }

    /// The questions of the last minute.
    pub fn load(&self) -> Load {
        self.state().load(Instant::now(), self.per_minute)
    }
}

/// What somebody holds who is let in.
pub(in crate::runtime) struct Place<'g> {
    _of_past: Option<SemaphorePermit<'g>>,
    _of_person: Option<Waiting>,
}

/// Every server's gate, by the name of its source.
#[derive(Clone, Default)]
pub(in crate::runtime) struct Gates(Arc<BTreeMap<Symbol, Arc<Gate>>>);

impl Gates {
    pub fn of_ports(ports: &Ports, budgets: &BTreeMap<Symbol, u32>) -> Self {
        let metrics = ports.metrics.iter().map(|server| server.name());
        let logs = ports.logs.iter().map(|server| server.name());
        let traces = ports.traces.iter().map(|server| server.name());
        let alerts = ports.alerts.iter().map(|server| server.name());
        let changes = ports.changes.iter().map(|server| server.name());
        let names = metrics.chain(logs).chain(traces).chain(alerts).chain(changes);
        let precedence = Precedence::default();
        let gate = |name: &Symbol| {
            let per_minute = budgets.get(name).copied().unwrap_or(DEFAULT_BUDGET).max(1);
            let gate = Gate { precedence: precedence.clone(), ..Gate::new(name.clone(), per_minute) };
            (name.clone(), Arc::new(gate))
        };
        Self(Arc::new(names.map(gate).collect()))
    }

    /// Of a server that is not known, a gate of its own.
    pub fn of(&self, source: &Symbol) -> Arc<Gate> {
        let known = self.0.get(source).map(Arc::clone);
        known.unwrap_or_else(|| Arc::new(Gate::new(source.clone(), DEFAULT_BUDGET)))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Symbol, &Arc<Gate>)> {
        self.0.iter()
    }
}

/// Questions a minute that a server gets when the configuration says nothing.
pub const DEFAULT_BUDGET: u32 = 1_200;
