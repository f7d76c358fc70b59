//! A span in full, drawn as texts.

use std::sync::Arc;

use ratatui::style::Style;

use super::super::details;
use super::super::tests::{room, shown};
use crate::domain::signal::{Attributes, Event, Kind, Link, Span, Status, Value};
use crate::domain::trace::{Evidence, Findings, Profile, Propagation, SkewOptions, Tree};
use crate::domain::{SpanId, Symbol, Timestamp, TraceId};
use crate::room::{Attributed, Room};
use crate::ui::glyphs::Glyphs;
use crate::ui::pen::Piece;
use crate::ui::scene::Scene;
use crate::ui::theme::Theme;

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(key, value)| (Symbol::from(*key), Value::Text(Arc::from(*value)))).collect()
}

fn span(id: u64, parent: Option<u64>, name: &str, millis: [i64; 2]) -> Span {
    let at = |millis: i64| Timestamp::from_millis(1_773_423_322_410 + millis);
    Span {
        trace: TraceId::new(0x4bf9_2f35).expect("not zero"),
        id: SpanId::new(id).expect("not zero"),
        parent: parent.and_then(SpanId::new),
        service: "pricing".into(),
        name: name.into(),
        kind: Kind::Client,
        start: at(millis[0]),
        end: at(millis[1]),
        status: Status::Unset,
        attributes: Vec::new(),
        resource: Arc::new(attributes(&[("service.version", "2.14.0"), ("k8s.pod.name", "pricing-7c9d-x2lqf")])),
        events: Vec::new(),
        links: Vec::new(),
        warnings: Vec::new(),
    }
}

fn with_trace() -> Room {
    let mut room = room();
    room.settings.business_keys = vec!["order_id".into()];
    let mut select = span(2, Some(1), "SELECT tariff_rules", [2_086, 2_446]);
    select.status = Status::Error("PoolTimeoutError".into());
    select.attributes = attributes(&[("db.system", "postgresql"), ("order_id", "4472146\u{1b}[2J")]);
    let message = [("exception.type", "PoolTimeoutError"), ("exception.message", "no connection within 360ms")];
    select.events = vec![Event { time: select.end, name: "exception".into(), attributes: attributes(&message) }];
    select.links = vec![Link { trace: TraceId::new(7).expect("not zero"), span: None, attributes: Vec::new() }];
    let mut root = span(1, None, "POST /quote", [0, 2_480]);
    root.status = Status::Error("quote unavailable".into());
    let spans = vec![root, select];
    let tree = Tree::build(TraceId::new(0x4bf9_2f35).expect("not zero"), spans, None, SkewOptions::default());
    room.waterfall.show(Arc::new(tree), room.now);
    room.waterfall.select(1);
    room
}

fn scene(room: &Room) -> Scene<'_> {
    static MONO: std::sync::LazyLock<Theme> = std::sync::LazyLock::new(|| Theme::embedded("mono").expect("embedded"));
    Scene { room, theme: &MONO, glyphs: Glyphs::Unicode }
}

#[test]
fn a_span_tells_what_business_asks_first() {
    let room = with_trace();
    for (size, wanted) in
        [((120, 18), "│ +2.446 s exception PoolTimeoutError: no connection"), ((70, 24), " +2.446 s exception")]
    {
        let rows = shown(&room, size, details::draw);
        let has = |wanted: &str| assert!(rows.iter().any(|row| row.contains(wanted)), "{wanted}: {rows:#?}");
        has("─ Span pricing SELECT tariff_rules client, 2 of 2 ─");
        has(" status           error PoolTimeoutError  ▲ starts here");
        has(" from             +2.086 s to +2.446 s");
        has(" order_id         4472146␛");
        has(wanted);
        has("⇢ trace 00000000000000000000000000000007");
        let row_of = |wanted: &str| rows.iter().position(|row| row.starts_with(wanted));
        assert!(row_of(" order_id") < row_of(" db.system") && row_of(" db.system") < row_of(" service.version"));
    }
}

/// 349 to 371 ms in the failing traces, always an error: this one, at 360, is like the others.
#[test]
fn a_span_is_told_beside_those_of_its_name() {
    let mut room = with_trace();
    let profiles: Vec<Profile> = [349, 352, 360, 371]
        .map(|ms| {
            let mut select = span(2, Some(1), "SELECT tariff_rules", [2_086, 2_086 + ms]);
            select.status = Status::Error("".into());
            let mut root = span(1, None, "POST /quote", [0, 2_480]);
            root.status = Status::Error("".into());
            let trace = TraceId::new(u128::from(ms.unsigned_abs())).expect("not zero");
            Profile::of(&Tree::build(trace, vec![root, select], None, SkewOptions::default()))
        })
        .into();
    let evidence = Evidence { failing: profiles.iter().collect(), found: 4, ..Evidence::default() };
    room.attribution = Some(Attributed { findings: Arc::new(Findings::of(evidence, &[])), at: room.now });
    let rows = shown(&room, (120, 18), details::draw);
    let after = |wanted: &str| {
        let at = rows.iter().position(|row| row.contains(wanted)).unwrap_or_else(|| panic!("{wanted}: {rows:#?}"));
        rows[at + 1..]
            .iter()
            .take(2)
            .filter_map(|row| row.split_once("│ "))
            .map(|row| row.1.trim_end())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        after("The same span in 4 of 4 failing traces"),
        ["█▁█▁▁▁▁▁█▁▁▁▁▁▁█  349 ms – 371 ms", "always an error"]
    );
    assert_eq!(after("Context received")[0], "none: the trace begins here");
    let wanted =
        shown(&room, (120, u16::try_from(details::wanted(&scene(&room), 120)).expect("few rows")), details::draw);
    assert!(!wanted.iter().any(|row| row.contains(" more")), "{wanted:#?}");
}

#[test]
fn two_rows_stand_for_a_span() {
    let room = with_trace();
    let scene = scene(&room);
    let texts = |cells: usize| {
        let lines = details::line(&scene, cells);
        let text = |line: &Vec<Piece>| line.iter().map(|(text, _): &(String, Style)| text.as_str()).collect::<String>();
        lines.iter().map(text).collect::<Vec<String>>()
    };
    assert_eq!(texts(70), ["pricing SELECT tariff_rules  PoolTimeoutError", "db.system postgresql  order_id 4472146␛"]);
    assert_eq!(texts(24), ["pricing SELECT tariff_r…", "db.system postgresql"]);
}

#[test]
fn a_span_that_nobody_received_tells_where_it_was_lost_and_what_would_mend_it() {
    let mut room = room();
    let mut root = span(1, None, "POST /orders", [0, 2_480]);
    root.service = "routing".into();
    let spans = vec![root, span(3, Some(9), "POST /quote", [80, 2_452])];
    let tree = Tree::build(TraceId::new(0x4bf9_2f35).expect("not zero"), spans, None, SkewOptions::default());
    room.waterfall.propagation = Propagation::of(&tree, &[], &[]);
    let missing = tree.rows().find(|node| node.missing.is_some()).expect("an orphan").row;
    room.waterfall.show(Arc::new(tree), room.now);
    room.waterfall.select(missing);
    for size in [(120, 18), (80, 20)] {
        let rows = shown(&room, size, details::draw);
        let has = |wanted: &str| assert!(rows.iter().any(|row| row.contains(wanted)), "{wanted}: {rows:#?}");
        has("gap      G1  span 0000000000000009");
        has("probably a service between");
        has("mend     between");
        has("score    none");
        has("1 span names it as its parent, for 2.37 s");
    }
}
