//! The whole state of the war room, composed. Public, since the eye reads all of it; changed by [`super::update`] alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::command::Command;
use super::fact::{ImpactSample, Target};
use super::health::Health;
use super::keys::{Key, Keymap};
use super::mode::Mode;
use super::pane::{GaugesPane, Loading, LogsPane, LookedBack, Pane, RunbookPane, TimelinePane, WaterfallPane, Zoom};
use super::random::Random;
use super::settings::Settings;
use super::ticket::Tickets;
use super::time::Lens;
use super::toast::{Toast, ToastKind};
use super::told::{Told, WAITS};
use super::way::Place;
use crate::domain::incident::{Alert, Change, ChangeKind, Entry, Incident, Kind, is_just_before};
use crate::domain::signal::{Level, Seq};
use crate::domain::slo::{Slo, Zone};
use crate::domain::spending::Price;
use crate::domain::trace::Findings;
use crate::domain::{Symbol, Timestamp, TraceId, Window};

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockStyle {
    Utc,
    /// The zone of the settings.
    #[default]
    Zone,
    /// `T+6:00` since the start of the impact.
    SinceStart,
}

/// A moment whose lines are not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub at: Timestamp,
    pub window: Window,
    /// The first line behind the hole in which it lies; `None` when it lies before every line.
    pub hole: Option<Seq>,
}

/// What the failure costs, of the worst SLO.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Impact {
    pub slo: Option<Symbol>,
    /// The beginning of the first bad step of what still goes on.
    pub start: Option<Timestamp>,
    /// Bad events since the start.
    pub lost: Option<f64>,
    /// In millionths of the SLO's currency.
    pub money_micro: Option<u64>,
    /// The share of bad events over the last minute.
    pub share_now: Option<f64>,
    /// For the time strip, oldest first.
    pub samples: Vec<ImpactSample>,
}

/// What the failing traces say together, and when they were read.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributed {
    pub findings: Arc<Findings>,
    pub at: Timestamp,
}

/// Bytes that the program wrote to its terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meter {
    /// Over the last ten seconds.
    pub bytes_per_second: u64,
    pub total: u64,
    /// The way to the terminal is slow, by what was measured of it.
    pub is_slow: bool,
    /// The first frame there, and the answer to it back; `None` when the terminal was not asked or did not answer.
    pub there_and_back: Option<Duration>,
    pub(super) recent: Vec<(Timestamp, u64)>,
}

#[derive(Debug)]
pub struct Room {
    /// Of the last tick.
    pub now: Timestamp,
    pub settings: Settings,
    pub keymap: Keymap,
    pub lens: Lens,
    pub focus: Pane,
    pub zoom: Zoom,
    pub clock_style: ClockStyle,
    pub gauges: GaugesPane,
    pub timeline: TimelinePane,
    pub waterfall: WaterfallPane,
    pub logs: LogsPane,
    pub runbook: RunbookPane,
    pub mode: Mode,
    pub toast: Option<Toast>,
    pub health: Health,
    pub meter: Meter,
    pub incident: Option<Incident>,
    pub impact: Impact,
    /// What the incident costs so far, an SLO that was hit each, the dearest first.
    pub prices: Vec<Price>,
    /// What was heard of the past of the SLOs whose budget was looked at.
    pub looked_back: BTreeMap<Symbol, LookedBack>,
    /// Since when the polls were told to count what is lost.
    pub(super) counted_since: Option<Timestamp>,
    /// Since when the zone of an SLO is known, and which it was then.
    pub(super) first_zones: BTreeMap<Symbol, (Timestamp, Zone)>,
    /// The SLOs whose zones before that were looked for in their past.
    pub(super) caught_up: BTreeSet<Symbol>,
    /// The recent past of every SLO that was heard of; `impact` is made of the worst one's.
    pub(super) pasts: BTreeMap<Symbol, Vec<ImpactSample>>,
    pub attribution: Option<Attributed>,
    /// All that the alert servers hold now.
    pub alerts: Vec<Alert>,
    pub tickets: Tickets,
    /// Of a sequence that is not finished.
    pub pending_keys: Vec<Key>,
    /// Complaints about configuration or theme, to be shown once.
    pub problems: Vec<String>,
    /// A note that was closed and not saved.
    pub draft: String,
    /// The line of which it was said that something still burns: Enter on the same line resolves.
    pub(super) doubted: Option<String>,
    /// The line from which the trace of the lens was asked for.
    pub(super) left_line: Option<(TraceId, Seq)>,
    /// Where pivots left from, the last at the end.
    pub(super) way: Vec<Place>,
    /// The moment whose lines are asked for, and where.
    pub(super) sought: Option<Sought>,
    /// Columns of the last frame; 0 before the first.
    pub(super) width: u16,
    /// Whether the journal has been read: before that nothing is recorded by itself.
    pub is_record_read: bool,
    /// Alert servers whose answers were compared with the record.
    pub(super) alerts_heard: BTreeSet<Symbol>,
    /// What they told before the record was read.
    pub(super) early_alerts: BTreeMap<Symbol, Vec<Alert>>,
    /// Typed queries, the last one last.
    pub(super) queries: Vec<String>,
    /// The lines that showed before a query was typed; `None` while they show.
    pub(super) logs_before_query: Option<Box<LogsPane>>,
    /// What was changed, by the source that told it.
    pub(super) changes: BTreeMap<Symbol, Vec<Change>>,
    /// The keys of everything recorded, so that nothing is recorded twice.
    pub(super) recorded: BTreeSet<Symbol>,
    pub(super) pending_since: Timestamp,
    pub(super) random: Random,
    pub(super) last_id: uuid::Uuid,
    pub(super) target: Option<Target>,
    /// A key was pressed: from then on nothing takes the focus from where the responder has it.
    pub(super) touched: bool,
    pub(super) retry_append_at: Option<Timestamp>,
    pub(super) heights: BTreeMap<Pane, usize>,
    pub(super) overlay_height: usize,
    /// As [`Drawn`](super::fact::Drawn) tells.
    pub(super) overlay_rows: usize,
    /// What a frozen screen tells; `None` while it is live.
    pub(super) told: Option<Told>,
    pub(super) picture: u64,
}

/// How long an unfinished sequence waits before its menu shows.
pub const LEADER_WAIT: Duration = Duration::from_millis(300);

impl Room {
    #[must_use]
    pub fn new(settings: Settings, slos: Vec<Arc<Slo>>, keymap: Keymap, now: Timestamp) -> Self {
        let mut health = Health::new(&settings.sources);
        for (name, reason) in &settings.unusable {
            health.unusable(name, reason.clone());
        }
        // A board on a wall shows the SLOs over the whole screen, and nothing takes them from there.
        let board = settings.board;
        Self {
            now,
            lens: Lens::new(now),
            focus: if settings.logs_alone { Pane::Logs } else { Pane::Gauges },
            zoom: if board || settings.logs_alone { Zoom::Full } else { Zoom::default() },
            clock_style: ClockStyle::default(),
            gauges: GaugesPane::new(slos, now).with_language(settings.language),
            timeline: TimelinePane::new(now),
            waterfall: WaterfallPane::default(),
            logs: LogsPane::new(
                settings.log_query.clone(),
                if settings.logs_alone { Level::Unknown } else { Level::Warn },
            ),
            runbook: RunbookPane::default(),
            mode: Mode::default(),
            toast: None,
            health,
            meter: Meter::default(),
            incident: None,
            impact: Impact::default(),
            prices: Vec::new(),
            looked_back: BTreeMap::new(),
            counted_since: None,
            first_zones: BTreeMap::new(),
            caught_up: BTreeSet::new(),
            pasts: BTreeMap::new(),
            attribution: None,
            alerts: Vec::new(),
            tickets: Tickets::default(),
            pending_keys: Vec::new(),
            problems: Vec::new(),
            draft: String::new(),
            doubted: None,
            left_line: None,
            way: Vec::new(),
            sought: None,
            width: 0,
            is_record_read: false,
            alerts_heard: BTreeSet::new(),
            early_alerts: BTreeMap::new(),
            queries: Vec::new(),
            logs_before_query: None,
            changes: BTreeMap::new(),
            recorded: BTreeSet::new(),
            pending_since: now,
            random: Random::new(settings.first_ids),
            last_id: uuid::Uuid::nil(),
            target: None,
            touched: board,
            retry_append_at: None,
            heights: BTreeMap::new(),
            overlay_height: 0,
            overlay_rows: 0,
            told: None,
            picture: 0,
            settings,
            keymap,
        }
    }

    /// The next moment at which something changes on the screen though nothing happens: the runtime sends a tick then.
    /// The clock itself is the runtime's.
    #[must_use]
    pub fn wakes_at(&self) -> Option<Timestamp> {
        let toast = self.toast.as_ref().map(|toast| toast.until);
        let leader = (!self.pending_keys.is_empty() && matches!(self.mode, Mode::Normal))
            .then(|| self.pending_since.plus(LEADER_WAIT));
        // While live a tick comes soon enough.
        let due = |state: &Loading| match state {
            Loading::Asked { since } => Some(since.plus(WAITS)).filter(|due| *due > self.now && self.lens.is_frozen()),
            _ => None,
        };
        let waits = [&self.waterfall.list_state, &self.waterfall.tree_state].into_iter().filter_map(due);
        toast.into_iter().chain(leader).chain(self.retry_append_at).chain(waits).min()
    }

    /// A number that changes when a frame may look other than the last one.
    #[must_use]
    pub const fn picture(&self) -> u64 {
        self.picture
    }

    /// Bytes are dear: asked for by the responder, or by what was measured.
    #[must_use]
    pub const fn is_thrifty(&self) -> bool {
        self.settings.slow_link || self.meter.is_slow
    }

    /// Seconds east of UTC by which times are written, unless they count from the start.
    #[must_use]
    pub fn offset_seconds(&self, at: Timestamp) -> i32 {
        match self.clock_style {
            ClockStyle::Utc => 0,
            ClockStyle::Zone | ClockStyle::SinceStart => self.settings.zone.offset_seconds(at),
        }
    }

    /// Whether the lines are those of a query that was typed, and not those that the configuration names.
    #[must_use]
    pub const fn shows_typed_lines(&self) -> bool {
        self.logs_before_query.is_some()
    }

    /// Whether an entry tells of a change that came so shortly before the impact that it is suspected first.
    #[must_use]
    pub fn is_first_suspect(&self, entry: &Entry) -> bool {
        let is_change = match &entry.kind {
            Kind::Deployed { .. } => true,
            Kind::Changed { what, .. } => *what != ChangeKind::Silence,
            _ => false,
        };
        is_change && self.impact_start().is_some_and(|impact| is_just_before(entry.happened, impact))
    }

    /// When the impact began, by the record or else by the samples.
    #[must_use]
    pub fn impact_start(&self) -> Option<Timestamp> {
        self.incident.as_ref().and_then(|incident| incident.impact_start).or(self.impact.start)
    }

    /// For a new entry. Of two entries of one moment the later has the greater id: only a later one can take the other
    /// back. A seed that was used before must not cost an entry of that time.
    pub(super) fn new_id(&mut self) -> uuid::Uuid {
        let mut id = self.random.uuid(self.now).max(self.last_id);
        while id == self.last_id || self.timeline.timeline.get(id).is_some() {
            id = uuid::Uuid::from_u128(id.as_u128().wrapping_add(1));
        }
        self.last_id = id;
        id
    }

    pub(super) fn say(&mut self, kind: ToastKind, text: impl Into<String>) {
        self.toast = Some(Toast::new(kind, text, self.now));
    }

    /// Why a command does nothing here.
    pub(super) fn explain(&mut self, text: impl Into<String>) {
        self.say(ToastKind::Info, text);
    }

    /// The keys of an action as a sentence names them.
    pub(super) fn key_of(&self, command: Command) -> String {
        self.keymap.first_key(command).unwrap_or_else(|| format!(":{}", command.name()))
    }
}
