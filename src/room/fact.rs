//! What the world reports, and everything else that can reach the room: its messages. Not what they change: `update.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::command::Command;
use super::health::Load;
use super::keys::Key;
use super::pane::Pane;
use super::ticket::Ticket;
use crate::domain::incident::{Alert, Change, Entry};
use crate::domain::runbook::Catalog;
use crate::domain::signal::{Answer, Earlier, Found, Line, Listing, Patterns, Recall, Sheaf, Summary, Unknown};
use crate::domain::slo::{Coverage, Reading, Slo};
use crate::domain::spending::Past;
use crate::domain::trace::{Attached, Findings, Propagation, TraceReference, Tree};
use crate::domain::{Failure, SpanId, Symbol, Timestamp, TraceId, Window};

/// How the hole of a tail was filled that was broken, or that came after more lines than it could catch up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefillNote {
    pub gap: Window,
    pub filled: u64,
    /// Lines that were not read; `None` when there may be some and nobody knows how many.
    pub missing: Option<u64>,
    /// Which question failed, where that is why.
    pub why: Option<Box<Unknown>>,
    /// Lines that came twice and are shown once.
    pub twice: u64,
}

/// One step of an SLO's recent past: what happened in the step that ends at `end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImpactSample {
    pub end: Timestamp,
    /// Bad events in the step.
    pub bad: f64,
    pub total: f64,
}

/// A trace behind a gauge, and why this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub trace: TraceId,
    pub span: Option<SpanId>,
    /// When it was measured, or began.
    pub at: Option<Timestamp>,
    pub took_nanos: i64,
    /// Kept by the metrics server; else the worst trace of the service that serves the journey.
    pub is_exemplar: bool,
}

/// Where an id, or a value of an attribute, stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    pub traces: Vec<Summary>,
    /// Those of them that have the span that was asked for.
    pub holders: Vec<TraceId>,
    /// The latest, oldest first.
    pub lines: Vec<Line>,
    /// There are more traces or lines than these.
    pub more: bool,
    /// What could not be asked, in words.
    pub troubles: Vec<String>,
    /// What a server has no search for, in words. Looking further back changes nothing about it.
    pub limits: Vec<String>,
}

/// What a typed query brought back.
#[derive(Clone, Debug)]
pub enum Answered {
    Numbers(Answer),
    Lines { lines: Vec<Line>, more: bool },
    Traces(Listing),
}

/// Answers with a ticket count only while no later question was asked in its slot.
#[derive(Clone, Debug)]
pub enum Fact {
    Burn(Reading),
    /// Of the SLO that was asked, oldest first, in even steps; replaces what was known.
    Impact {
        slo: Symbol,
        samples: Vec<ImpactSample>,
    },
    /// All alerts that this source holds now.
    Alerts {
        source: Symbol,
        alerts: Vec<Alert>,
    },
    /// All that this source knows was changed lately; one place of a server is a source of its own.
    Changes {
        source: Symbol,
        changes: Vec<Change>,
    },
    Summaries {
        ticket: Ticket,
        summaries: Listing,
    },
    Trace {
        ticket: Ticket,
        tree: Arc<Tree>,
    },
    /// What hangs on the open trace: links with what is at their other ends, and proposals where its context was lost.
    Ties {
        ticket: Ticket,
        attached: Vec<Attached>,
        propagation: Propagation,
    },
    /// A healthy trace of the same kind; `None` when none was found.
    Twin {
        ticket: Ticket,
        twin: Option<Arc<Tree>>,
    },
    /// What the failing traces say together; replaces what was known.
    Attributed(Arc<Findings>),
    /// A trace behind a gauge; `None` when nobody has one.
    Exemplar {
        ticket: Ticket,
        found: Option<Box<Example>>,
    },
    Places {
        ticket: Ticket,
        found: Box<Places>,
    },
    Queried {
        ticket: Ticket,
        answer: Answered,
    },
    /// From the tail. `dropped` counts what the server says it left out before these, `overrun` what came faster than it
    /// could be taken here.
    Lines {
        ticket: Ticket,
        lines: Vec<Line>,
        dropped: u64,
        overrun: u64,
    },
    TailConnected {
        ticket: Ticket,
        refill: Option<RefillNote>,
        lines: Vec<Line>,
    },
    TailBroken {
        ticket: Ticket,
        failure: Failure,
        attempt: u32,
        retry_at: Timestamp,
    },
    History {
        ticket: Ticket,
        lines: Vec<Line>,
        more: bool,
    },
    /// The past of an SLO, as far as it was asked for.
    LookedBack {
        ticket: Ticket,
        slo: Symbol,
        past: Arc<Past>,
    },
    /// What was read of the end of an incident, an SLO each.
    PricedLater {
        ticket: Ticket,
        resolve: uuid::Uuid,
        since: Timestamp,
        readings: Vec<Reading>,
    },
    TraceLines {
        ticket: Ticket,
        lines: Vec<Line>,
        more: bool,
    },
    /// Lines of the tail that were bound together where they were read.
    Sheaves {
        ticket: Ticket,
        sheaves: Vec<Sheaf>,
    },
    /// Lines from before all others, as the tail reads a long file backwards: `left` bytes of `total` are still to come.
    Older {
        ticket: Ticket,
        sheaves: Vec<Sheaf>,
        left: u64,
        total: u64,
    },
    /// The lines around one line, oldest first.
    Around {
        ticket: Ticket,
        lines: Vec<Line>,
    },
    /// How often lines of the kind that was asked for were written before.
    Earlier {
        ticket: Ticket,
        earlier: Earlier,
    },
    /// A part of what a search found, in the order in which it was asked; with the last part it is done.
    Found {
        ticket: Ticket,
        found: Vec<Found>,
        done: bool,
    },
    /// The lines that were asked for are at hand, in the book itself.
    Recalled {
        ticket: Ticket,
        recall: Recall,
    },
    /// All kinds so far, in place of those told before.
    Patterns {
        ticket: Ticket,
        patterns: Box<Patterns>,
        done: bool,
    },
    /// The whole journal, at the start.
    Entries(Vec<Entry>),
    Appended {
        id: uuid::Uuid,
    },
    NotAppended {
        id: uuid::Uuid,
        reason: String,
    },
    /// What was being typed when the program ended the last time.
    Draft(String),
    Runbooks(Arc<Catalog>),
    Failed {
        ticket: Ticket,
        failure: Failure,
    },
    Answered {
        source: Symbol,
        latency: Duration,
    },
    /// A question to it has waited since then and still waits.
    Slow {
        source: Symbol,
        since: Timestamp,
    },
    Troubled {
        source: Symbol,
        failure: Failure,
        attempts: u32,
        retry_at: Timestamp,
    },
    /// New members of a group; the first of them come in the place of the whole.
    Joined {
        slos: Vec<Arc<Slo>>,
        instead_of: Option<Symbol>,
    },
    /// What a server said beside the last answers about an SLO; empty when it says nothing any more.
    Warned {
        slo: Symbol,
        said: Vec<String>,
    },
    /// How much of the whole window an SLO's number covers, and who counted.
    Covered {
        slo: Symbol,
        coverage: Box<Coverage>,
    },
    /// How many questions a server gets.
    Load {
        source: Symbol,
        load: Load,
    },
    /// By how much a server's clock is ahead of ours; below 0 it is behind, 0 is agreement.
    Skew {
        source: Symbol,
        ahead_seconds: i64,
    },
    /// To the terminal, since the last of these.
    Written {
        bytes: u64,
    },
    /// How slow the way to the terminal is by now; `there_and_back` is the first frame's and that of the answer to it.
    Link {
        is_slow: bool,
        there_and_back: Option<Duration>,
    },
    /// For the responder, once: a theme that is broken, where a copy went.
    Notice(String),
}

impl Fact {
    #[must_use]
    pub fn attributed(findings: Findings) -> Self {
        Self::Attributed(Arc::new(findings))
    }
}

impl Message {
    /// The clock, a poll, a line of the tail: nobody asked for it just now.
    #[must_use]
    pub const fn comes_by_itself(&self) -> bool {
        matches!(
            self,
            Self::Tick(_)
                | Self::Fact(
                    Fact::Burn(_)
                        | Fact::Impact { .. }
                        | Fact::Alerts { .. }
                        | Fact::Changes { .. }
                        | Fact::Attributed(_)
                        | Fact::Lines { .. }
                        | Fact::Sheaves { .. }
                        | Fact::Older { .. }
                        | Fact::TailConnected { .. }
                        | Fact::TailBroken { .. }
                        | Fact::Answered { .. }
                        | Fact::Slow { .. }
                        | Fact::Troubled { .. }
                        | Fact::Covered { .. }
                        | Fact::Load { .. }
                        | Fact::Skew { .. }
                        | Fact::Written { .. }
                        | Fact::Warned { .. }
                        | Fact::Link { .. }
                )
        )
    }
}

/// How many rows each pane could show in the last frame, its title left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    pub heights: BTreeMap<Pane, usize>,
    /// Rows of the list in a prompt.
    pub overlay_height: usize,
    /// Rows in all of what is scrolled above the panes.
    pub overlay_rows: usize,
    pub width: u16,
}

/// What the program was started on.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    Trace(TraceReference),
    /// Anything else by which things are known: an order, a customer.
    Id(String),
    /// The whole or the beginning of an alert's fingerprint, or its name.
    Alert(String),
}

/// Everything that can reach the room. Time comes in with `Tick` alone.
#[derive(Clone, Debug)]
pub enum Message {
    Command(Command),
    Key(Key),
    /// A bracketed paste.
    Paste(String),
    /// What `$EDITOR` left.
    Edited(String),
    Open(Target),
    Fact(Fact),
    Tick(Timestamp),
    Drawn(Drawn),
}
