//! Text from outside that would drive a terminal: shown clean wherever it comes from.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use warroom::domain::incident::{Alert, AlertState, Entry, Kind, Origin};
use warroom::domain::runbook::{Catalog, parse};
use warroom::domain::signal::{Level, Line, Message};
use warroom::domain::trace::{SkewOptions, Tree};
use warroom::domain::{Labels, Timestamp, TraceId};
use warroom::room::{Fact, Slot};
use warroom::ui::Glyphs;

use super::company::ESTATE;
use super::scene::{Desk, EXEMPLAR, shows, text};

/// Clear the screen, set the title, ring, turn the line round, end it, and letters of two cells.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{2066}\0\r\n\u{9b}31m\u{85}\t日本 ok";

fn is_clean(buffer: &Buffer) {
    for cell in &buffer.content {
        for letter in cell.symbol().chars() {
            let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!letter.is_control() && !turns, "{:?} in\n{}", cell.symbol(), text(buffer));
        }
    }
}

fn hostile_trace() -> Arc<Tree> {
    let id: TraceId = EXEMPLAR.parse().expect("an id");
    let mut spans = ESTATE.company.trace(id).expect("the trace").spans.clone();
    for span in &mut spans {
        span.name = format!("{} {HOSTILE}", span.name).into();
        span.service = format!("{}{HOSTILE}", span.service).into();
        for (key, value) in &mut span.attributes {
            *key = format!("{key}{HOSTILE}").into();
            *value = warroom::domain::signal::Value::Text(HOSTILE.into());
        }
    }
    Arc::new(Tree::build(id, spans, Some(HOSTILE.to_owned()), SkewOptions::default()))
}

fn desk() -> Desk {
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::Trace);
    desk.press("R");
    let ticket = desk.ticket(Slot::Trace);
    desk.tell(Fact::Trace { ticket, tree: hostile_trace() });
    let now = desk.room.now;
    let line = |raw: String| Line {
        time: now,
        level: Level::Error,
        service: HOSTILE.into(),
        stream: Arc::default(),
        trace: None,
        span: None,
        raw: raw.into(),
        metadata: None,
        message: Message::Raw,
    };
    let lines = vec![line(HOSTILE.to_owned()), line(format!("{HOSTILE}{}", "long ".repeat(200_000)))];
    desk.tell(Fact::Lines { ticket: desk.ticket(Slot::Tail), lines, dropped: 0, overrun: 0 });
    let alert = Alert {
        fingerprint: "fp".into(),
        labels: Labels::from_iter([("alertname", HOSTILE), ("severity", "page")]),
        annotations: Labels::from_iter([("summary", HOSTILE)]),
        starts: now,
        state: AlertState::Active,
        source: "alertmanager".into(),
    };
    desk.tell(Fact::Alerts { source: "alertmanager".into(), alerts: vec![alert] });
    desk.tell(Fact::Entries(vec![Entry {
        id: uuid::Builder::from_unix_timestamp_millis(now.millis().unsigned_abs(), &[9; 10]).into_uuid(),
        happened: now,
        recorded: now,
        author: HOSTILE.into(),
        origin: Origin::Person,
        kind: Kind::Note,
        text: HOSTILE.to_owned(),
        evidence: Vec::new(),
        supersedes: None,
        key: None,
    }]));
    let page = format!(
        "---\nid: pricing-cache-expired\nalerts: [\"OrderRouting*\"]\n---\n# {HOSTILE}\n\n## Diagnosis\n\n- [ ] {HOSTILE}\n\n```sh\n{HOSTILE}\n```\n"
    );
    desk.tell(Fact::Runbooks(Arc::new(Catalog::new(vec![parse("pricing-cache-expired.md", &page)], None))));
    desk.tell(Fact::Notice(HOSTILE.to_owned()));
    desk
}

#[test]
fn nothing_from_outside_reaches_the_terminal() {
    for keys in ["", "d", "f f d", "1", "2", "4", "4 f f", "x", "1 r", "5", "y", "i", "3 q", "4 <Enter>", "2 <Enter>"] {
        let mut desk = desk();
        desk.press(keys);
        for (width, height) in [(120, 40), (80, 24), (200, 60), (59, 15)] {
            is_clean(&desk.buffer(width, height, Glyphs::Unicode));
            is_clean(&desk.buffer(width, height, Glyphs::Ascii));
        }
    }
}

#[test]
fn it_shows_that_something_was_there() {
    let mut desk = desk();
    let frame = desk.frame(120, 40);
    shows("hostile_120x40", &frame);
    assert!(frame.contains('␛') && frame.contains("日本 ok"), "{frame}");
}

/// What was put right in a trace is said in words, where they fit; else how much of it.
#[test]
fn a_trace_that_was_repaired_says_what_of_it() {
    let id: TraceId = EXEMPLAR.parse().expect("an id");
    let mut spans = ESTATE.company.trace(id).expect("the trace").spans.clone();
    let own = spans.last().expect("spans").id;
    if let Some(last) = spans.last_mut() {
        last.parent = Some(own);
    }
    let tree = Arc::new(Tree::build(id, spans, None, SkewOptions::OFF));
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::Trace);
    desk.press("R");
    let ticket = desk.ticket(Slot::Trace);
    desk.tell(Fact::Trace { ticket, tree });
    desk.press("3 f f");
    assert!(desk.frame(120, 40).contains("1 span was its own ancestor"), "{}", desk.frame(120, 40));
    let narrow = desk.frame(80, 24);
    assert!(narrow.contains("was its own ancestor") || narrow.contains("1 repaired"), "{narrow}");
}

/// Clocks of 1970 and of 2262 are no wonder that a responder has to find alone.
#[test]
fn a_clock_that_can_hardly_be_right_is_told_of_traces_and_lines() {
    let id: TraceId = EXEMPLAR.parse().expect("an id");
    for (moment, words) in
        [(Timestamp::from_seconds(7), "clock says 1970"), (Timestamp::from_nanos(i64::MAX), "clock says 2262")]
    {
        let mut spans = ESTATE.company.trace(id).expect("the trace").spans.clone();
        if let Some(last) = spans.last_mut() {
            (last.start, last.end) = (moment, moment);
        }
        let mut desk = Desk::six_minutes();
        // The company of the drawings would be asked for the lines of half a century.
        desk.silent.extend([Slot::Trace, Slot::TraceLines, Slot::Ties, Slot::Twin]);
        desk.press("3 f f");
        assert!(!desk.frame(120, 40).contains("clock says"), "{}", desk.frame(120, 40));
        desk.press("R");
        let ticket = desk.ticket(Slot::Trace);
        desk.tell(Fact::Trace { ticket, tree: Arc::new(Tree::build(id, spans, None, SkewOptions::OFF)) });
        for (width, height) in [(120, 40), (80, 24)] {
            let frame = desk.frame(width, height);
            assert!(frame.contains(words), "{frame}");
        }
        let line = Line { time: moment, ..Line::from(&desk.room.logs.line_at(0).expect("a line")) };
        let ticket = desk.ticket(Slot::Tail);
        desk.tell(Fact::Lines { ticket, lines: vec![line], dropped: 0, overrun: 0 });
        desk.press("4 0 G");
        let frame = desk.press("d").frame(80, 24);
        assert!(frame.contains(words), "{frame}");
        desk.press("<Esc> k");
        let frame = desk.press("d").frame(80, 24);
        assert!(frame.contains("Line of") && !frame.contains("clock says"), "{frame}");
    }
}
