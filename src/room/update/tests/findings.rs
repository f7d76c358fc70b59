//! The findings, the twin, links followed with a way back, a verdict disputed.

use std::sync::Arc;

use super::sample::*;
use crate::domain::signal::{Kind, Link, Span, Status};
use crate::domain::trace::{Evidence, Findings, Profile, Propagation, SkewOptions, Tree, links};
use crate::domain::{SpanId, Timestamp, TraceId};
use crate::room::{
    Ask, Effect, Effects, Fact, Finding, Message, Mode, Pane, Room, Slot, Ticket, WaterfallView, update,
};

fn id(number: u128) -> TraceId {
    TraceId::new(number).expect("not zero")
}

fn span(number: u64, parent: u64, service: &str, failed: bool) -> Span {
    Span {
        trace: id(1),
        id: SpanId::new(number).expect("not zero"),
        parent: SpanId::new(parent),
        service: service.into(),
        name: format!("op {number}").into(),
        kind: Kind::Server,
        start: Timestamp::from_millis(1_000),
        end: Timestamp::from_millis(1_100),
        status: if failed { Status::Error("no".into()) } else { Status::Unset },
        attributes: vec![("zone".into(), crate::domain::signal::Value::Text(if failed { "a" } else { "b" }.into()))],
        resource: Arc::default(),
        events: Vec::new(),
        links: Vec::new(),
        warnings: Vec::new(),
    }
}

fn tree(number: u128, failed: bool) -> Arc<Tree> {
    let spans = vec![span(1, 0, "edge", failed), span(2, 1, "pricing", failed)];
    Arc::new(Tree::build(id(number), spans, None, SkewOptions::OFF))
}

fn findings() -> Findings {
    let failing: Vec<Profile> = (0..30).map(|_| Profile::of(&tree(1, true))).collect();
    let healthy: Vec<Profile> = (0..30).map(|_| Profile::of(&tree(2, false))).collect();
    let evidence = Evidence {
        failing: failing.iter().collect(),
        healthy: healthy.iter().collect(),
        found: 30,
        ..Evidence::default()
    };
    Findings::of(evidence, &[])
}

fn tell(room: &mut Room, fact: Fact) -> Effects {
    update(room, Message::Fact(fact))
}

fn shown(number: u128) -> Room {
    let mut room = room();
    room.focus = Pane::Waterfall;
    room.waterfall.view = WaterfallView::Trace;
    room.lens.trace = Some(id(number));
    let ticket = room.tickets.draw(Slot::Trace);
    let _ = tell(&mut room, Fact::Trace { ticket, tree: tree(number, true) });
    room
}

fn ticket(room: &Room, slot: Slot) -> Ticket {
    Ticket { slot, turn: room.tickets.turn(slot) }
}

#[test]
fn a_failed_trace_is_asked_for_its_ties_and_its_twin() {
    let mut room = room();
    room.lens.trace = Some(id(1));
    let drawn = room.tickets.draw(Slot::Trace);
    let asked = tell(&mut room, Fact::Trace { ticket: drawn, tree: tree(1, true) });
    let slots: Vec<Slot> = asked
        .iter()
        .filter_map(|effect| match effect {
            Effect::Fetch { ticket, ask: Ask::Ties { .. } | Ask::Twin { .. } } => Some(ticket.slot),
            _ => None,
        })
        .collect();
    assert_eq!(slots, [Slot::Ties, Slot::Twin]);
    let drawn = room.tickets.draw(Slot::Trace);
    let asked = tell(&mut room, Fact::Trace { ticket: drawn, tree: tree(2, false) });
    assert!(!asked.iter().any(|effect| matches!(effect, Effect::Fetch { ask: Ask::Twin { .. }, .. })));
}

#[test]
fn the_findings_open_on_the_verdict_and_close_to_the_trace() {
    let mut room = shown(1);
    let _ = tell(&mut room, Fact::attributed(findings()));
    let _ = press(&mut room, "=");
    assert_eq!(room.waterfall.view, WaterfallView::Findings);
    assert_eq!(room.waterfall.findings.selected(), Some(&Finding::Blame(0)));
    let _ = press(&mut room, "q");
    assert_eq!(room.waterfall.view, WaterfallView::Trace);
}

#[test]
fn a_value_that_sets_failing_traces_apart_is_searched_for() {
    let mut room = shown(1);
    let _ = tell(&mut room, Fact::attributed(findings()));
    let _ = press(&mut room, "=");
    let at = room.waterfall.findings.rows.iter().position(|row| matches!(row, Finding::Outlier(_))).expect("a row");
    room.waterfall.findings.cursor.select(at);
    let asked = press(&mut room, "*");
    let searched = asked.iter().find_map(|effect| match effect {
        Effect::Fetch { ask: Ask::Search(ask), .. } => ask.attribute.clone(),
        _ => None,
    });
    assert_eq!(searched, Some(("zone".into(), "a".into())));
    assert_eq!((room.waterfall.view, room.waterfall.narrowed.as_deref()), (WaterfallView::List, Some("zone = a")));
}

#[test]
fn a_verdict_is_disputed_by_an_entry_that_stands_beside_it() {
    let mut room = shown(1);
    let _ = tell(&mut room, Fact::Entries(Vec::new()));
    let _ = tell(&mut room, Fact::attributed(findings()));
    let _ = press(&mut room, "V");
    let Mode::Editing(note) = &room.mode else { panic!("a note") };
    assert!(note.line.text().starts_with("o disputed: pricing is not responsible"), "{}", note.line.text());
    assert_eq!((note.evidence[0].about.as_str(), note.evidence[0].text.as_str()), ("verdict", "pricing"));
    let _ = press(&mut room, "Enter");
    let _ = tell(&mut room, Fact::attributed(findings()));
    let disputed = |room: &Room| room.waterfall.findings.rows.iter().any(|row| matches!(row, Finding::Disputed(_)));
    assert!(disputed(&room));
    // Taken back, it stands there no more.
    room.focus = Pane::Timeline;
    let _ = press(&mut room, "z");
    let _ = tell(&mut room, Fact::attributed(findings()));
    assert!(!disputed(&room));
}

#[test]
fn a_link_is_followed_and_there_is_a_way_back() {
    let mut room = shown(1);
    let mut linking = span(1, 0, "edge", false);
    linking.links.push(Link { trace: id(9), span: SpanId::new(7), attributes: Vec::new() });
    let linking = Tree::build(id(1), vec![linking, span(2, 1, "pricing", false)], None, SkewOptions::OFF);
    let attached = links(&linking, &[]);
    let ticket = ticket(&room, Slot::Ties);
    let _ = tell(&mut room, Fact::Ties { ticket, attached, propagation: Propagation::default() });
    let rows = room.waterfall.rows.as_ref().expect("rows").visible().to_vec();
    assert_eq!(rows, [0, 2, 1], "the link stands under its span");
    room.waterfall.cursor.select(1);
    let asked = press(&mut room, "Enter");
    assert!(
        asked
            .iter()
            .any(|effect| matches!(effect, Effect::Fetch { ask: Ask::Trace { id: asked, .. }, .. } if *asked == id(9)))
    );
    let drawn = super::findings::ticket(&room, Slot::Trace);
    let _ = tell(&mut room, Fact::Trace { ticket: drawn, tree: tree(9, false) });
    assert_eq!(room.waterfall.trail.len(), 1);
    let asked = press(&mut room, "q");
    assert!(
        asked
            .iter()
            .any(|effect| matches!(effect, Effect::Fetch { ask: Ask::Trace { id: asked, .. }, .. } if *asked == id(1)))
    );
    assert!(room.waterfall.trail.is_empty());
}

#[test]
fn the_way_back_from_a_linked_trace_leads_to_the_span_that_the_link_is_of() {
    for key in ["q", "<Backspace>"] {
        let mut room = shown(1);
        let mut linking = span(2, 1, "pricing", false);
        linking.links.push(Link { trace: id(9), span: SpanId::new(7), attributes: Vec::new() });
        let linking = Tree::build(
            id(1),
            vec![span(1, 0, "edge", false), linking, span(3, 1, "x", false)],
            None,
            SkewOptions::OFF,
        );
        let linking = Arc::new(linking);
        let drawn = room.tickets.draw(Slot::Trace);
        let _ = tell(&mut room, Fact::Trace { ticket: drawn, tree: Arc::clone(&linking) });
        let (attached, drawn) = (links(&linking, &[]), ticket(&room, Slot::Ties));
        let _ = tell(&mut room, Fact::Ties { ticket: drawn, attached, propagation: Propagation::default() });
        press(&mut room, "ggjj");
        assert!(room.waterfall.selected_attached().is_some(), "the row of the link");
        press(&mut room, "<Enter>");
        let drawn = ticket(&room, Slot::Trace);
        let _ = tell(&mut room, Fact::Trace { ticket: drawn, tree: tree(9, false) });
        press(&mut room, key);
        let drawn = ticket(&room, Slot::Trace);
        let _ = tell(&mut room, Fact::Trace { ticket: drawn, tree: linking });
        let place = (room.lens.trace, room.lens.span, room.waterfall.selected_row());
        assert_eq!(place, (Some(id(1)), SpanId::new(2), Some(1)), "{key}");
        assert!(room.waterfall.trail.is_empty() && room.way.is_empty(), "{key}: no step is left over");
    }
}

#[test]
fn the_twin_stands_beside_the_trace_and_enter_leads_back_to_the_span() {
    let mut room = shown(1);
    let ticket = ticket(&room, Slot::Twin);
    let _ = tell(&mut room, Fact::Twin { ticket, twin: Some(tree(2, false)) });
    let _ = press(&mut room, "D j");
    assert_eq!(room.waterfall.view, WaterfallView::Twin);
    let _ = press(&mut room, "Enter");
    assert_eq!((room.waterfall.view, room.waterfall.selected_row()), (WaterfallView::Trace, Some(1)));
    let drawn = super::findings::ticket(&room, Slot::Twin);
    let _ = tell(&mut room, Fact::Twin { ticket: drawn, twin: None });
    let _ = press(&mut room, "D");
    assert_eq!(room.waterfall.view, WaterfallView::Trace, "there is none: it is looked for again");
}

#[test]
fn a_search_that_fails_is_not_said_to_wait_for_a_failure() {
    let mut room = room();
    let unread = std::collections::BTreeMap::from([("tempo: refused (400)".to_owned(), 1)]);
    let _ = tell(&mut room, Fact::attributed(Findings::of(Evidence { unread, ..Evidence::default() }, &[])));
    press(&mut room, "=");
    let said: Vec<String> = room.waterfall.findings.rows.iter().map(|row| format!("{row:?}")).collect();
    let said = said.join("\n");
    assert!(said.contains("could be looked for") && said.contains("tempo: refused (400)"), "{said}");
    assert!(!said.contains("once something burns") && !said.contains("0 of 0 could"), "{said}");
}

#[test]
fn that_none_was_found_in_a_part_is_not_that_there_is_none() {
    let mut room = room();
    let partial = Some("0 of 3 jobs".to_owned());
    let _ = tell(&mut room, Fact::attributed(Findings::of(Evidence { partial, ..Evidence::default() }, &[])));
    press(&mut room, "=");
    let said: Vec<String> = room.waterfall.findings.rows.iter().map(|row| format!("{row:?}")).collect();
    let said = said.join("\n");
    assert!(said.contains("none in the part that was searched") && said.contains("partial: 0 of 3 jobs"), "{said}");
}

/// Where every trace is refused, nothing is said of what is in them.
#[test]
fn traces_that_could_not_be_read_are_not_said_to_be_without_an_error() {
    let mut room = room();
    let unread = std::collections::BTreeMap::from([("refused (422)".to_owned(), 30)]);
    let found = Findings::of(Evidence { found: 30, unread, ..Evidence::default() }, &[]);
    let _ = tell(&mut room, Fact::attributed(found));
    press(&mut room, "=");
    let said: Vec<String> = room.waterfall.findings.rows.iter().map(|row| format!("{row:?}")).collect();
    let said = said.join("\n");
    assert!(said.contains("none of them could be read") && said.contains("refused (422)"), "{said}");
    assert!(!said.contains("no error reaches") && !said.contains("still being read"), "{said}");
}
