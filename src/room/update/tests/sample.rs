//! A small war room, and facts for it.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::incident::{Alert, AlertState};
use crate::domain::runbook::{Catalog, parse};
use crate::domain::signal::{Kind, Level, Line, Message as LineText, Span, Status, Summary};
use crate::domain::slo::{Measure, Method, Policy, Reading, Sli, Slo, windows};
use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{Labels, SpanId, Timestamp, TraceId};
use crate::room::{Effect, Fact, Keymap, Message, Room, Settings, SourceKind, Ticket, parse_script, start, update};

/// 18:36 in Paris: six minutes into the lost orders.
pub(super) fn noon() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-13T17:36:00Z").expect("a time")
}

pub(super) fn slo(name: &str) -> Arc<Slo> {
    Arc::new(Slo {
        name: name.into(),
        journey: name.into(),
        objective: "99.9".parse().expect("an objective"),
        window: Duration::from_secs(30 * 86_400),
        sli: Sli::BadOverTotal { bad: "bad[{{.window}}]".to_owned(), total: "all[{{.window}}]".to_owned() },
        runbook: Some("cache".into()),
        policy: Policy::Seed,
        method: Method::Occurrences,
        unit: "orders".into(),
        unit_cost_micro: Some(78_260_000),
        currency: "EUR".into(),
        source: None,
    })
}

/// Two SLOs, the record read, nothing else heard.
pub(super) fn room() -> Room {
    let settings = Settings {
        responder: "ana".into(),
        log_query: "{app=\"x\"}".to_owned(),
        first_ids: 7,
        sources: vec![("prom".into(), SourceKind::Prometheus), ("am".into(), SourceKind::Alertmanager)],
        ..Settings::default()
    };
    let mut room = Room::new(settings, vec![slo("orders"), slo("label")], Keymap::default(), noon());
    let _ = start(&mut room);
    send(&mut room, Fact::Entries(Vec::new()));
    room
}

pub(super) fn send(room: &mut Room, fact: Fact) -> Vec<Effect> {
    update(room, Message::Fact(fact)).into_iter().collect()
}

/// Presses keys; gives all effects.
pub(super) fn press(room: &mut Room, script: &str) -> Vec<Effect> {
    parse_script(script).into_iter().flat_map(|key| update(room, Message::Key(key))).collect()
}

pub(super) fn wait(room: &mut Room, seconds: i64) -> Vec<Effect> {
    let now = room.now.shifted(seconds * 1_000_000_000);
    update(room, Message::Tick(now)).into_iter().collect()
}

pub(super) fn told(room: &Room) -> &str {
    room.toast.as_ref().map_or("", |toast| toast.text.as_str())
}

pub(super) fn trace_id(number: u128) -> TraceId {
    TraceId::new(number).expect("not zero")
}

pub(super) fn span_id(number: u64) -> SpanId {
    SpanId::new(number).expect("not zero")
}

/// Of spans 1 to 4, each the parent of the next; the error starts in 3, and 2 passes it on. One second each way.
pub(super) fn tree(number: u128) -> Arc<Tree> {
    let start = noon().shifted(-60_000_000_000);
    let span = |id: u64| Span {
        trace: trace_id(number),
        id: span_id(id),
        parent: SpanId::new(id - 1),
        service: if id < 3 { "routing" } else { "pricing" }.into(),
        name: format!("op {id}").into(),
        kind: Kind::Server,
        start: start.shifted(id as i64 * 1_000_000),
        end: start.shifted((1_000 - id as i64) * 1_000_000),
        status: if (1..=3).contains(&id) { Status::Error("boom".into()) } else { Status::Unset },
        attributes: Vec::new(),
        resource: Arc::default(),
        events: Vec::new(),
        links: Vec::new(),
        warnings: Vec::new(),
    };
    Arc::new(Tree::build(trace_id(number), (1..=4).map(span).collect(), None, SkewOptions::OFF))
}

pub(super) fn summary(number: u128, errors: u32, millis: i64) -> Summary {
    Summary {
        trace: trace_id(number),
        root_service: "edge".into(),
        root_name: "POST /orders".into(),
        start: noon().shifted(-i64::try_from(number).unwrap_or(1) * 1_000_000_000),
        duration_nanos: millis * 1_000_000,
        spans: None,
        errors: Some(errors),
        services: Vec::new(),
    }
}

/// So many seconds before noon.
pub(super) fn line(seconds: i64, level: Level, text: &str, trace: Option<u128>) -> Line {
    Line {
        time: noon().shifted(-seconds * 1_000_000_000),
        level,
        service: "pricing".into(),
        stream: Arc::default(),
        trace: trace.map(trace_id),
        span: trace.map(|_| span_id(3)),
        raw: text.into(),
        metadata: None,
        message: LineText::Raw,
    }
}

pub(super) fn alert(name: &str, severity: &str, seconds: i64) -> Alert {
    Alert {
        fingerprint: format!("fp-{name}").into(),
        labels: Labels::from_iter([("alertname", name), ("severity", severity), ("slo", "orders")]),
        annotations: Labels::default(),
        starts: noon().shifted(-seconds * 1_000_000_000),
        state: AlertState::Active,
        source: "am".into(),
    }
}

pub(super) fn catalog() -> Arc<Catalog> {
    let page = "---\nid: cache\nalerts: [\"Orders*\"]\n---\n# Cache\n\n## Diagnosis\n\n- [ ] look at the keys\n- [ ] look at the pool\n\n## Prevention\n\nwords\n";
    Arc::new(Catalog::new(vec![parse("cache.md", page)], None))
}

/// Burns so much of a budget of 0.1 % that both windows page, unless `bad` is small; the budget left as a share.
pub(super) fn reading(name: &str, at: Timestamp, bad: f64, left: f64) -> Reading {
    let slo = slo(name);
    let long = slo.window;
    let measure = |window: Duration| {
        let bad = if window == long { (1.0 - left) * 1_500.0 } else { bad * 1_000.0 };
        let total = if window == long { 1_500_000.0 } else { 1_000.0 };
        (window, Measure::Counts { bad, total, partial: false })
    };
    Reading { slo: name.into(), at, measures: windows(&slo).into_iter().map(measure).collect() }
}

/// The ticket of the last question of the effects.
pub(super) fn ticket<'a>(effects: impl IntoIterator<Item = &'a Effect>) -> Option<Ticket> {
    effects
        .into_iter()
        .filter_map(|effect| if let Effect::Fetch { ticket, .. } = effect { Some(*ticket) } else { None })
        .last()
}
