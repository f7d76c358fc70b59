//! What the room wants done, made into jobs that come back as facts. Not the polls, which nobody asks for: `poll.rs`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::earlier;
use super::inbox::Sender;
use super::jobs::{Jobs, Rests};
use super::servers::Gates;
use super::slos::{look_back, price_at};
use super::traces::{example, lines_with, ties_of, trace_or_half, traces_with, twin_of};
use super::{query, scan, search, tail};
use crate::domain::incident::Entry;
use crate::domain::{Cause, Failure, Timestamp};
use crate::port::{Metrics, Ports, Reply};
use crate::room::{Ask, Effect, Fact, Slot, Ticket};

/// Entries that wait for the disk; past it the keyboard waits, since a note must not be lost.
const WAITING_ENTRIES: usize = 256;

/// How long the end waits for the disk.
const FINISH: Duration = Duration::from_secs(2);
/// Lines of one trace: more than anyone reads.
const LINES: usize = 2_000;

/// What only the loop itself can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outward {
    Copy(String),
    OpenInEditor(String),
    Suspend,
    Redraw,
    Quit,
}

/// Runs effects. Dropping it ends every job but the journal's, which finishes what it was given.
pub struct Hands {
    ports: Arc<Ports>,
    inbox: Sender,
    jobs: Jobs,
    refresh: Arc<Notify>,
    since: watch::Sender<Option<Timestamp>>,
    frozen: watch::Receiver<bool>,
    gates: Gates,
    entries: mpsc::Sender<Entry>,
    drafts: watch::Sender<Option<String>>,
    ledger: JoinSet<()>,
    rests: Rests,
}

impl Hands {
    #[must_use]
    pub fn new(
        ports: Arc<Ports>,
        inbox: Sender,
        refresh: Arc<Notify>,
        (since, frozen): (watch::Sender<Option<Timestamp>>, watch::Receiver<bool>),
        gates: Gates,
    ) -> Self {
        let (entries, to_write) = mpsc::channel(WAITING_ENTRIES);
        let (drafts, to_keep) = watch::channel(None);
        let mut ledger = JoinSet::new();
        ledger.spawn(super::ledger::write_entries(Arc::clone(&ports), to_write, inbox.clone()));
        ledger.spawn(super::ledger::keep_drafts(Arc::clone(&ports.journal), to_keep, inbox.clone()));
        Self {
            ports,
            inbox,
            jobs: Jobs::new(),
            refresh,
            since,
            frozen,
            gates,
            entries,
            drafts,
            ledger,
            rests: Rests::default(),
        }
    }

    /// Ends every job, and lets the journal finish what it was given: a note that was typed just before the end is kept.
    pub async fn close(self) {
        let Self { jobs, entries, drafts, mut ledger, .. } = self;
        drop((entries, drafts));
        let finished = async { while ledger.join_next().await.is_some() {} };
        // A disk that hangs must not hold the terminal for ever.
        let _ = tokio::time::timeout(FINISH, finished).await;
        drop(jobs);
    }

    /// One question goes before all others.
    pub fn head_start(&mut self, slot: Slot, by: Duration) {
        self.rests.let_first(slot, Instant::now() + by);
    }

    /// Gives back what is the loop's own to do.
    pub async fn run(&mut self, effect: Effect) -> Option<Outward> {
        match effect {
            Effect::Fetch { ticket, ask } => self.fetch(ticket, ask),
            Effect::Tail { ticket, query, from } => {
                let (ports, inbox) = (Arc::clone(&self.ports), self.inbox.clone());
                self.jobs.start(ticket.slot, tail::run(ports, (ticket, self.frozen.clone()), query, from, inbox));
            }
            Effect::Scan { ticket, scan } => {
                self.jobs.start(ticket.slot, scan::search(ticket, scan, self.inbox.clone()));
            }
            Effect::Recall { ticket, recall } => {
                self.jobs.start(ticket.slot, scan::recall(ticket, recall, self.inbox.clone()));
            }
            Effect::CountPatterns { ticket, scan } => {
                self.jobs.start(ticket.slot, scan::count_patterns(ticket, scan, self.inbox.clone()));
            }
            Effect::Append(entry) => {
                let id = entry.id;
                if self.entries.send(entry).await.is_err() {
                    let reason = "the journal has ended".to_owned();
                    self.inbox.send(Fact::NotAppended { id, reason }).await;
                }
            }
            Effect::KeepDraft(text) => {
                self.drafts.send_replace(Some(text));
            }
            Effect::Drop(slot) => self.jobs.end(slot),
            Effect::CountSince(since) => {
                self.since.send_replace(since);
            }
            Effect::Refresh => {
                self.gates.iter().for_each(|(_, gate)| gate.open());
                self.refresh.notify_waiters();
            }
            Effect::Copy(text) => return Some(Outward::Copy(text)),
            Effect::OpenInEditor(text) => return Some(Outward::OpenInEditor(text)),
            Effect::Suspend => return Some(Outward::Suspend),
            Effect::Redraw => return Some(Outward::Redraw),
            Effect::Quit => return Some(Outward::Quit),
        }
        None
    }

    fn fetch(&mut self, ticket: Ticket, ask: Ask) {
        let (ports, inbox) = (Arc::clone(&self.ports), self.inbox.clone());
        let rest = self.rests.before(ticket.slot, Instant::now());
        self.jobs.start(ticket.slot, async move {
            if !rest.is_zero() {
                tokio::time::sleep(rest).await;
            }
            let fact = match answer(&ports, ticket, ask).await {
                Ok(fact) => fact,
                Err(failure) => Fact::Failed { ticket, failure },
            };
            inbox.send(fact).await;
        });
    }
}

async fn answer(ports: &Ports, ticket: Ticket, ask: Ask) -> Reply<Fact> {
    match ask {
        Ask::Search(ask) => {
            let summaries = search::rows(ports, &ask).await?;
            Ok(Fact::Summaries { ticket, summaries })
        }
        Ask::Trace { id, around } => {
            let tree = trace_or_half(ports, id, around).await?;
            Ok(Fact::Trace { ticket, tree: Arc::new(tree) })
        }
        Ask::Ties { tree, traced, entrypoints, business_keys } => {
            let (attached, propagation) = ties_of(ports, tree, traced, entrypoints, business_keys).await?;
            Ok(Fact::Ties { ticket, attached, propagation })
        }
        Ask::Twin { tree, window } => {
            let twin = twin_of(ports, tree, window).await?;
            Ok(Fact::Twin { ticket, twin })
        }
        Ask::TraceLines { id, window, .. } => {
            let logs = ports.logs.first().ok_or_else(|| Failure::new("logs", Cause::NotConfigured))?;
            let history = logs.of_trace(id, window, LINES).await?;
            Ok(Fact::TraceLines { ticket, lines: history.lines, more: history.more })
        }
        Ask::Exemplar { slo, window } => {
            let found = example(ports, &slo, window).await?;
            Ok(Fact::Exemplar { ticket, found: found.map(Box::new) })
        }
        Ask::Places(ask) => {
            let found = Box::new(traces_with(ports, &ask).await);
            Ok(Fact::Places { ticket, found })
        }
        Ask::PlaceLines(ask) => {
            let found = Box::new(lines_with(ports, &ask).await);
            Ok(Fact::Places { ticket, found })
        }
        Ask::Query { language, text, window } => query::run(ports, ticket, language, &text, window).await,
        Ask::LookBack { slo, over, step } => {
            let named = |server: &&Arc<dyn Metrics>| slo.source.as_ref().is_none_or(|source| server.name() == source);
            let server = ports.metrics.iter().find(named);
            let server = server.ok_or_else(|| Failure::new("metrics", Cause::NotConfigured))?;
            let past = look_back(server.as_ref(), &slo, ports.clock.now(), over, step).await?;
            Ok(Fact::LookedBack { ticket, slo: slo.name.clone(), past: Arc::new(past) })
        }
        Ask::Price { resolve, since, until, slos } => {
            let readings = price_at(ports, &slos, since, until).await;
            Ok(Fact::PricedLater { ticket, resolve, since, readings })
        }
        Ask::Around { stream, at, limit } => {
            let logs = ports.logs.first().ok_or_else(|| Failure::new("logs", Cause::NotConfigured))?;
            let lines = logs.around(&stream, at, limit).await?;
            Ok(Fact::Around { ticket, lines })
        }
        Ask::Earlier { query, until } => {
            let logs = ports.logs.first().ok_or_else(|| Failure::new("logs", Cause::NotConfigured))?;
            let earlier = earlier::look_back(logs.as_ref(), &query, until).await;
            Ok(Fact::Earlier { ticket, earlier })
        }
        Ask::History { query, window, limit } => {
            let logs = ports.logs.first().ok_or_else(|| Failure::new("logs", Cause::NotConfigured))?;
            let history = logs.history(&query, window, limit).await?;
            Ok(Fact::History { ticket, lines: history.lines, more: history.more })
        }
    }
}
