//! A company that talks too much: the noise of `loki:flood=N/s` among the lines of another company.

use std::sync::Arc;
use std::time::Duration;

use crate::demo::company::{Annotation, Company, LogRecord, Metric, Rule, ScriptEntry, TraceRecord};
use crate::domain::signal::Level;
use crate::domain::{Labels, Symbol, Timestamp, TraceId, Window};

/// Most lines of noise that one call tells: of a longer stretch of the flood it tells the head.
const MOST_LINES: i64 = 200_000;

/// Another company and `per_second` lines of noise, spread evenly over each second between two moments.
pub struct Flooded {
    company: Arc<dyn Company>,
    per_second: u32,
    from: Timestamp,
    /// `None`: it never ends.
    until: Option<Timestamp>,
    stream: Arc<Labels>,
}

impl Flooded {
    /// The flood of `per_second` lines that holds from one duration after `start` to another.
    #[must_use]
    pub fn new(
        company: Arc<dyn Company>,
        per_second: u32,
        start: Timestamp,
        from: Duration,
        until: Option<Duration>,
    ) -> Self {
        let stream = Arc::new([("service_name", "load-generator")].into_iter().collect());
        Self { company, per_second, from: start.plus(from), until: until.map(|until| start.plus(until)), stream }
    }

    fn noise(&self, window: Window) -> Vec<LogRecord> {
        let start = window.start.max(self.from);
        let end = self.until.map_or(window.end, |until| window.end.min(until));
        let step = 1_000_000_000 / i64::from(self.per_second.max(1));
        let first = start.nanos().div_euclid(step) + i64::from(start.nanos().rem_euclid(step) != 0);
        let past = end.nanos().div_euclid(step) + i64::from(end.nanos().rem_euclid(step) != 0);
        let trace = Symbol::from("trace_id");
        (first..past.min(first.saturating_add(MOST_LINES)))
            .map(|number| LogRecord {
                time: Timestamp::from_nanos(number.saturating_mul(step)),
                level: Level::Info,
                stream: self.stream.clone(),
                metadata: vec![(trace.clone(), format!("{:032x}", number.unsigned_abs() | 1).into())],
                line: format!(r#"{{"level":"info","msg":"noise","n":{number}}}"#),
            })
            .collect()
    }
}

impl Company for Flooded {
    fn name(&self) -> &'static str {
        self.company.name()
    }

    fn impact_start(&self) -> Timestamp {
        self.company.impact_start()
    }

    fn metrics(&self) -> &[Metric] {
        self.company.metrics()
    }

    fn traces(&self, window: Window, limit: usize) -> Vec<Arc<TraceRecord>> {
        self.company.traces(window, limit)
    }

    fn trace(&self, id: TraceId) -> Option<Arc<TraceRecord>> {
        self.company.trace(id)
    }

    fn lines(&self, window: Window) -> Vec<LogRecord> {
        self.lines_where(window, &|_, _| true)
    }

    fn lines_where(&self, window: Window, wanted: &dyn Fn(&Labels, Level) -> bool) -> Vec<LogRecord> {
        let mut lines = self.company.lines_where(window, wanted);
        if wanted(&self.stream, Level::Info) {
            lines.extend(self.noise(window));
            lines.sort_by_key(|line| line.time);
        }
        lines
    }

    fn rules(&self) -> &[Rule] {
        self.company.rules()
    }

    fn annotations(&self) -> Vec<Annotation> {
        self.company.annotations()
    }

    fn script(&self) -> Vec<ScriptEntry> {
        self.company.script()
    }

    fn runbooks(&self) -> &'static [(&'static str, &'static str)] {
        self.company.runbooks()
    }

    fn config(&self) -> String {
        self.company.config()
    }
}
