//! A company of a few traces and lines, for testing the servers without a scenario.

use std::sync::Arc;

use super::company::{Annotation, Company, LogRecord, Metric, Rule, ScriptEntry, TraceRecord};
use super::site::{Clock, Site};
use crate::domain::{Timestamp, TraceId, Window};

/// Tells exactly the traces, lines and annotations that it was given.
#[derive(Default)]
pub struct Fixture {
    pub traces: Vec<Arc<TraceRecord>>,
    /// Oldest first.
    pub lines: Vec<LogRecord>,
    pub annotations: Vec<Annotation>,
}

impl Fixture {
    /// A site on which it is that moment for ever.
    pub fn site_at(self, now: Timestamp) -> Arc<Site> {
        Arc::new(Site { company: Arc::new(self), clock: Clock::fixed(now) })
    }
}

impl Company for Fixture {
    fn name(&self) -> &'static str {
        "fixture"
    }

    fn impact_start(&self) -> Timestamp {
        Timestamp::from_seconds(1_773_423_000)
    }

    fn metrics(&self) -> &[Metric] {
        &[]
    }

    fn traces(&self, window: Window, limit: usize) -> Vec<Arc<TraceRecord>> {
        let start = |trace: &TraceRecord| trace.spans.iter().map(|span| span.start).min();
        let mut found: Vec<Arc<TraceRecord>> = self
            .traces
            .iter()
            .filter(|trace| start(trace).is_some_and(|start| window.contains(start)))
            .cloned()
            .collect();
        found.sort_by_key(|trace| start(trace));
        found.split_off(found.len().saturating_sub(limit))
    }

    fn trace(&self, id: TraceId) -> Option<Arc<TraceRecord>> {
        self.traces.iter().find(|trace| trace.id == id).cloned()
    }

    fn lines(&self, window: Window) -> Vec<LogRecord> {
        self.lines.iter().filter(|line| window.contains(line.time)).cloned().collect()
    }

    fn rules(&self) -> &[Rule] {
        &[]
    }

    fn annotations(&self) -> Vec<Annotation> {
        self.annotations.clone()
    }

    fn script(&self) -> Vec<ScriptEntry> {
        Vec::new()
    }

    fn runbooks(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn config(&self) -> String {
        "[services]\nentrypoints = [\"edge-gateway\"]\n".to_owned()
    }
}
