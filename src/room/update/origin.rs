//! Where the number of an SLO's whole window comes from, and what its server is asked: the small print of a budget.

use std::time::Duration;

use super::super::health::{SourceHealth, SourceKind};
use super::super::room::Room;
use crate::domain::slo::{duration_text, window_text};

impl Room {
    /// A line each; none while nothing is known.
    #[must_use]
    pub fn small_print(&self, slo: &str) -> Vec<String> {
        of(self, slo)
    }
}

fn of(room: &Room, slo: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    if let Some(coverage) = room.gauges.coverage.get(slo) {
        let covered = coverage.text(room.now).unwrap_or_else(|| "all of it".to_owned());
        let window = window_text(coverage.window);
        paragraphs.push(format!("{window} window: counted by {}; {covered}", coverage.source()));
        paragraphs.extend(coverage.note.clone());
    }
    let wanted = room.gauges.slo(slo).and_then(|slo| slo.source.clone());
    let is_asked = |source: &&SourceHealth| match &wanted {
        Some(wanted) => source.name == *wanted,
        None => source.kind == SourceKind::Prometheus,
    };
    if let Some(source) = room.health.sources.iter().find(is_asked) {
        let load = source.load;
        let mut line = format!("{}: {} of {} questions a minute", source.name, load.per_minute, load.allowed);
        if load.held > 0 {
            line.push_str(&format!(", {} had to wait", load.held));
        }
        if load.given_up > 0 {
            line.push_str(&format!(", {} were never asked", load.given_up));
        }
        if load.allowed > 0 {
            paragraphs.push(line);
        }
        if source.ahead_seconds != 0 {
            let side = if source.ahead_seconds > 0 { "ahead of" } else { "behind" };
            let apart = duration_text(Duration::from_secs(source.ahead_seconds.unsigned_abs()));
            paragraphs.push(format!("its clock is {apart} {side} ours: it is asked in its own time"));
        }
    }
    paragraphs
}
