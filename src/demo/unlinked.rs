//! A company as it was before it propagated its trace context everywhere: `--broken-propagation`. The story is the same;
//! what can be followed is not.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::company::{Annotation, Company, LogRecord, Metric, Rule, ScriptEntry, TraceRecord};
use crate::domain::signal::{Kind, Level, Span};
use crate::domain::{Labels, SpanId, Symbol, Timestamp, TraceId, Window};

/// The service that still speaks another vendor's headers: what calls it and what it does land in two traces.
const STRANGER: &str = "pricing";
/// What the stranger makes of the trace id that it was not told; applied twice it is undone.
const OTHER: u128 = 0x5d3c_91f0_7be2_4a68_9f14_c3d7_20be_8651;
/// A torn-off part may start this much later than the trace that it was a part of.
const LONGEST: Duration = Duration::from_secs(10);

/// Another company with three holes in its propagation: calls of one service start a new trace there, that service's lines
/// name it by the decimal `dd.trace_id`, and consumers have no links to what they consume.
pub struct Unlinked {
    company: Arc<dyn Company>,
}

impl Unlinked {
    #[must_use]
    pub fn new(company: Arc<dyn Company>) -> Self {
        Self { company }
    }
}

/// The part that stays under its id, and the part that the stranger put under another.
fn torn(record: &TraceRecord) -> (TraceRecord, Option<TraceRecord>) {
    let mut inside: HashSet<SpanId> = HashSet::new();
    let crossing = |span: &Span| span.service == STRANGER && span.kind == Kind::Server && span.parent.is_some();
    inside.extend(record.spans.iter().filter(|span| crossing(span)).map(|span| span.id));
    loop {
        let below = |span: &&Span| !inside.contains(&span.id) && span.parent.is_some_and(|id| inside.contains(&id));
        let found: Vec<SpanId> = record.spans.iter().filter(below).map(|span| span.id).collect();
        if found.is_empty() {
            break;
        }
        inside.extend(found);
    }
    let (mut away, mut stays): (Vec<Span>, Vec<Span>) =
        record.spans.iter().cloned().partition(|span| inside.contains(&span.id));
    for span in stays.iter_mut().chain(&mut away).filter(|span| span.kind == Kind::Consumer) {
        span.links.clear();
    }
    let kept = TraceRecord { id: record.id, spans: stays, readable_from: record.readable_from };
    let Some(id) = other(record.id).filter(|_| !away.is_empty()) else { return (kept, None) };
    for span in &mut away {
        span.parent = span.parent.filter(|_| !crossing(span));
        span.trace = id;
    }
    (kept, Some(TraceRecord { id, spans: away, readable_from: record.readable_from }))
}

fn other(id: TraceId) -> Option<TraceId> {
    TraceId::new(id.value() ^ OTHER)
}

/// The low half of the stranger's id, as its logs write it.
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn decimal(id: TraceId) -> Option<String> {
    other(id).map(|id| (id.value() as u64).to_string())
}

fn start(record: &TraceRecord) -> Option<Timestamp> {
    record.spans.iter().map(|span| span.start).min()
}

fn renamed(mut line: LogRecord) -> LogRecord {
    if line.stream.get("service_name").is_none_or(|service| *service != STRANGER) {
        return line;
    }
    for (name, value) in &mut line.metadata {
        if *name != "trace_id" {
            continue;
        }
        let Some(number) = value.parse().ok().and_then(decimal) else { continue };
        let (here, there) = (format!("\"trace_id\":\"{value}\""), format!("\"dd.trace_id\":\"{number}\""));
        line.line = line.line.replace(&here, &there);
        (*name, *value) = (Symbol::from("dd_trace_id"), Symbol::from(number));
    }
    line
}

impl Company for Unlinked {
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
        let wider = Window { start: window.start.minus(LONGEST), end: window.end };
        let mut parts: Vec<Arc<TraceRecord>> = Vec::new();
        for record in self.company.traces(wider, limit) {
            let (kept, away) = torn(&record);
            parts.extend([Some(kept), away].into_iter().flatten().map(Arc::new));
        }
        parts.retain(|part| start(part).is_some_and(|start| window.contains(start)));
        parts.sort_by_key(|part| start(part));
        parts.split_off(parts.len().saturating_sub(limit))
    }

    fn trace(&self, id: TraceId) -> Option<Arc<TraceRecord>> {
        if let Some(record) = self.company.trace(id) {
            return Some(Arc::new(torn(&record).0));
        }
        torn(&*self.company.trace(other(id)?)?).1.map(Arc::new)
    }

    fn lines(&self, window: Window) -> Vec<LogRecord> {
        self.company.lines(window).into_iter().map(renamed).collect()
    }

    fn lines_where(&self, window: Window, wanted: &dyn Fn(&Labels, Level) -> bool) -> Vec<LogRecord> {
        self.company.lines_where(window, wanted).into_iter().map(renamed).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::scenario;

    /// Two minutes of the failure, read as responders read it.
    fn failing() -> (Arc<dyn Company>, Unlinked, Window) {
        let begin = Timestamp::from_seconds(1_773_423_000);
        let company = scenario::by_name(scenario::NAMES[0], 42, begin).expect("a scenario");
        let window = Window { start: begin.plus(Duration::from_secs(300)), end: begin.plus(Duration::from_secs(420)) };
        (company.clone(), Unlinked::new(company), window)
    }

    #[test]
    fn no_span_is_lost_and_each_part_is_found_by_its_id() {
        let (company, unlinked, window) = failing();
        let parts = unlinked.traces(window, 10_000);
        assert!(parts.len() > company.traces(window, 10_000).len(), "some are torn");
        let mut strangers = 0;
        for part in &parts {
            assert_eq!(unlinked.trace(part.id).map(|found| found.spans.clone()), Some(part.spans.clone()));
            assert!(part.spans.iter().all(|span| span.trace == part.id));
            let roots = part.spans.iter().filter(|span| span.parent.is_none());
            for root in roots.filter(|root| root.service == STRANGER) {
                strangers += 1;
                assert_eq!(root.kind, Kind::Server);
                let whole = company.trace(other(part.id).expect("an id")).expect("the whole");
                let stays = unlinked.trace(whole.id).expect("the rest");
                assert_eq!(stays.spans.len() + part.spans.len(), whole.spans.len());
            }
            assert!(part.spans.iter().all(|span| span.kind != Kind::Consumer || span.links.is_empty()));
        }
        assert!(strangers > 0);
    }

    #[test]
    fn the_strangers_lines_name_its_own_trace_in_decimal() {
        let (_, unlinked, window) = failing();
        let wanted = |stream: &Labels, level| {
            stream.get("service_name").is_some_and(|name| *name == STRANGER) && level == Level::Error
        };
        let lines = unlinked.lines_where(window, &wanted);
        assert!(!lines.is_empty());
        for line in lines {
            assert!(line.metadata.iter().all(|(name, _)| *name != "trace_id"), "{line:?}");
            let number =
                line.metadata.iter().find(|(name, _)| *name == "dd_trace_id").map(|(_, value)| value.to_string());
            let number = number.expect("a number");
            assert!(
                number.parse::<u64>().is_ok() && line.line.contains(&format!("\"dd.trace_id\":\"{number}\"")),
                "{}",
                line.line
            );
            assert!(!line.line.contains("\"trace_id\""));
        }
    }
}
