//! What the room is told once, at the start: who sits here, in which zone, what the configuration names.

use std::time::Duration;

use super::health::SourceKind;
use super::time::ZoneOffset;
use crate::domain::Symbol;
use crate::domain::query::Address;
use crate::domain::slo::Language;
use crate::domain::trace::Sampler;

#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The author of notes.
    pub responder: Symbol,
    pub zone: ZoneOffset,
    /// Attribute keys that business asks about, the most telling first: `order_id`.
    pub business_keys: Vec<Symbol>,
    /// Services at which requests enter.
    pub entrypoints: Vec<Symbol>,
    /// What decides which traces are kept, where the configuration says so.
    pub sampler: Option<Sampler>,
    /// The query of the log pane, in the log server's language.
    pub log_query: String,
    pub slow_link: bool,
    /// Seconds of the clock in a second of whoever sits here; not a positive number: one.
    pub clock_speed: f64,
    /// There are lines to look at and nothing else: they get the whole screen.
    pub logs_alone: bool,
    /// Of the sentences about SLOs.
    pub language: Language,
    /// A screen for a wall: nothing is written, and whoever presses a key that would write is told so.
    pub board: bool,
    /// Seeds the ids of entries; a program that starts takes it from the clock.
    pub first_ids: u64,
    /// Every configured server, for the header.
    pub sources: Vec<(Symbol, SourceKind)>,
    /// Where they are, as it may be shown.
    pub addresses: Vec<Address>,
    /// Those of them that cannot be asked, and why.
    pub unusable: Vec<(Symbol, String)>,
}

impl Settings {
    /// Whether there is anything that lines come from. One that cannot be asked counts: it is down, not absent.
    #[must_use]
    pub fn has_logs(&self) -> bool {
        self.has(|kind| matches!(kind, SourceKind::Loki | SourceKind::Files))
    }

    /// As [`Settings::has_logs`], of traces.
    #[must_use]
    pub fn has_traces(&self) -> bool {
        self.has(|kind| matches!(kind, SourceKind::Tempo | SourceKind::Jaeger))
    }

    /// How long a stretch of the clock is for whoever sits here. The turns of the polls and the bytes of the link are of
    /// that time, whatever clock is shown.
    #[must_use]
    pub fn felt(&self, stretch: Duration) -> Duration {
        let is_usable = self.clock_speed.is_finite() && self.clock_speed > 0.0;
        if is_usable {
            Duration::try_from_secs_f64(stretch.as_secs_f64() / self.clock_speed).unwrap_or(stretch)
        } else {
            stretch
        }
    }

    fn has(&self, is_wanted: impl Fn(SourceKind) -> bool) -> bool {
        self.sources.iter().any(|(_, kind)| is_wanted(*kind))
    }
}
