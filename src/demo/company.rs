//! What a simulated company can tell its simulated servers. Not how a server words it: every server in `api/` has its
//! own encoder, so that the real clients are tested against an independent speaker.

use std::sync::Arc;

use crate::domain::signal::{Level, Span};
use crate::domain::{Labels, Symbol, Timestamp, TraceId, Window};

/// One scenario, as closed-form functions of time: any instant can be asked for directly, and twice gives the same.
/// Nothing later than the moment that is asked for is ever told; the servers ask for nothing later than their clock.
pub trait Company: Send + Sync {
    /// The name that `--scenario` takes.
    fn name(&self) -> &'static str;

    /// T0: the moment at which the impact starts.
    fn impact_start(&self) -> Timestamp;

    /// Every series that the company exports, 30 days of history included.
    fn metrics(&self) -> &[Metric];

    /// The traces that the tail sampler kept and that started within the window, oldest first, `limit` at most
    /// (the latest ones win). A trace is told only 30 s after it ended: the sampler waits that long.
    fn traces(&self, window: Window, limit: usize) -> Vec<Arc<TraceRecord>>;

    fn trace(&self, id: TraceId) -> Option<Arc<TraceRecord>>;

    /// The log lines of the window, oldest first.
    fn lines(&self, window: Window) -> Vec<LogRecord>;

    /// Those lines of the window whose stream's labels and level a reader wants, oldest first. A company that can tell
    /// before it writes a line answers wide windows many times faster than by [`Company::lines`].
    fn lines_where(&self, window: Window, wanted: &dyn Fn(&Labels, Level) -> bool) -> Vec<LogRecord> {
        let mut lines = self.lines(window);
        lines.retain(|line| wanted(&line.stream, line.level));
        lines
    }

    /// The alerting rules that the company's Prometheus evaluates.
    fn rules(&self) -> &[Rule];

    /// What was marked on the company's dashboards, oldest first: deploys and flags.
    fn annotations(&self) -> Vec<Annotation>;

    /// What the responders of the script did, and when, oldest first.
    fn script(&self) -> Vec<ScriptEntry>;

    /// File name (`pricing-cache-expired.md`) and Markdown.
    fn runbooks(&self) -> &'static [(&'static str, &'static str)];

    /// The `[[slo]]`, `[services]`, `[business]` part of a working `config.toml`.
    fn config(&self) -> String;
}

/// The value of a series at a moment; `None` where it does not exist (not yet scraped, or gone).
pub type ValueAt = Arc<dyn Fn(Timestamp) -> Option<f64> + Send + Sync>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Never falls, and once it exists it exists for ever: then an increase over 30 days follows from its two ends.
    Counter,
    Gauge,
    /// The `_bucket`, `_sum` and `_count` series of a classic histogram, each of them a counter.
    Histogram,
}

/// One exported series. It changes only every 15 s, as if scraped.
#[derive(Clone)]
pub struct Metric {
    pub name: &'static str,
    pub kind: MetricKind,
    pub labels: Labels,
    pub value: ValueAt,
}

/// A trace as the sampler kept it.
#[derive(Clone, Debug)]
pub struct TraceRecord {
    pub id: TraceId,
    pub spans: Vec<Span>,
    /// When it becomes readable.
    pub readable_from: Timestamp,
}

/// A line with its stream's index labels and its structured metadata (`trace_id`, `span_id`, ..).
#[derive(Clone, Debug)]
pub struct LogRecord {
    pub time: Timestamp,
    pub level: Level,
    pub stream: Arc<Labels>,
    pub metadata: Vec<(Symbol, Symbol)>,
    pub line: String,
}

/// A Prometheus alerting rule.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: &'static str,
    pub expression: String,
    pub hold_seconds: u32,
    pub labels: Labels,
    pub annotations: Labels,
}

/// One act of a scripted responder, in the words a timeline shows. `kind` is the word of `domain.md` 4.1
/// (`acknowledged`, `declared`, `hypothesis`, ..).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptEntry {
    pub at: Timestamp,
    pub author: &'static str,
    pub kind: &'static str,
    pub text: String,
    pub trace: Option<TraceId>,
}

/// A mark that a person or a machine left on the dashboards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub at: Timestamp,
    /// `None` for a moment.
    pub until: Option<Timestamp>,
    pub text: String,
    pub tags: Vec<String>,
    pub author: &'static str,
}
