//! Log files without a server: whose lines, how far they are read, and a stack trace that belongs to its line.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::domain::signal::{Backing, Level, LineView, Sheaf};
use warroom::domain::{Symbol, Timestamp};
use warroom::room::{
    Command, Effect, Effects, Fact, Keymap, Message, Pane, Room, Settings, Slot, SourceKind, Ticket, parse_script,
    start, update,
};
use warroom::ui::{Depth, Glyphs, Scene, Theme, draw};

use super::scene::{shows, text};

struct Reader {
    room: Room,
}

impl Reader {
    fn new() -> Self {
        let sources = vec![("app.log".into(), SourceKind::Files)];
        let settings = Settings { responder: "ana".into(), logs_alone: true, sources, ..Settings::default() };
        let now = Timestamp::parse_rfc3339("2026-03-13T18:00:00Z").expect("a time");
        let mut room = Room::new(settings, Vec::new(), Keymap::default(), now);
        drop(start(&mut room));
        let mut reader = Self { room };
        let ticket = reader.ticket();
        reader.tell(Fact::TailConnected { ticket, refill: None, lines: Vec::new() });
        reader
    }

    fn ticket(&self) -> Ticket {
        Ticket { slot: Slot::Tail, turn: self.room.tickets.turn(Slot::Tail) }
    }

    fn tell(&mut self, fact: Fact) {
        drop(update(&mut self.room, Message::Fact(fact)));
    }

    fn press(&mut self, script: &str) {
        for key in parse_script(script) {
            self.frame(120, 40);
            drop(update(&mut self.room, Message::Key(key)));
        }
    }

    fn frame(&mut self, width: u16, height: u16) -> String {
        let theme = Theme::choose(Some("mono"), None, Depth::Mono, true, &mut Vec::new());
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        for _ in 0..3 {
            let scene = Scene { room: &self.room, theme: &theme, glyphs: Glyphs::Unicode };
            buffer.reset();
            let (drawn, _) = draw(&mut buffer, &scene);
            drop(update(&mut self.room, Message::Drawn(drawn)));
        }
        text(&buffer)
    }
}

/// A second apart from `from` on; what begins with a blank belongs to the line before.
fn sheaf(from: i64, lines: &[(Level, &str)]) -> Sheaf {
    let mut sheaf = Sheaf::default();
    let begin = Timestamp::parse_rfc3339("2026-03-13T17:30:00Z").expect("a time");
    for (at, (level, raw)) in (from..).zip(lines) {
        let (service, stream) = (Symbol::from("pricing"), Arc::default());
        let time = begin.shifted(at * 1_000_000_000);
        let goes_on = raw.starts_with(' ');
        let (text, trace, span) = (*raw, None, None);
        sheaf.push(&LineView {
            time,
            level: *level,
            service: &service,
            stream: &stream,
            text,
            raw,
            metadata: "",
            trace,
            span,
            goes_on,
        });
    }
    sheaf
}

#[test]
fn lines_without_a_server_say_whose_they_are_and_nothing_of_objectives() {
    let mut reader = Reader::new();
    let before = reader.frame(120, 40);
    assert!(before.contains("app.log") && before.contains("no line"), "{before}");
    let ticket = reader.ticket();
    let last = sheaf(
        100,
        &[
            (Level::Info, "order 7 priced in 12 ms"),
            (Level::Error, "PoolTimeoutError: no connection within 2 s"),
            (Level::Error, "    at Pool.take (pool.js:71)"),
            (Level::Error, "    at price (tariff.js:18)"),
            (Level::Error, "  Caused by: connect ECONNREFUSED 10.0.0.7:6379"),
            (Level::Info, "order 8 priced in 2014 ms"),
        ],
    );
    reader.tell(Fact::Sheaves { ticket, sheaves: vec![last] });
    let older = sheaf(50, &[(Level::Info, "started"), (Level::Warn, "the cache is cold")]);
    reader.tell(Fact::Older { ticket, sheaves: vec![older], left: 3_000_000, total: 10_000_000 });
    for (width, height) in [(80, 24), (120, 40)] {
        let frame = reader.frame(width, height);
        assert!(!frame.contains("SLO is") && !frame.contains("no incident"), "{frame}");
        shows(&format!("files_{width}x{height}"), &frame);
    }
    let oldest = sheaf(0, &[(Level::Info, "the oldest line")]);
    reader.tell(Fact::Older { ticket, sheaves: vec![oldest], left: 0, total: 10_000_000 });
    let frame = reader.frame(120, 40);
    assert!(frame.contains("the oldest line") && !frame.contains("reading the file"), "{frame}");
    assert_eq!(reader.room.logs.book.len(), 9);
    // Of an incident that is open in the record the lines say as little of objectives.
    reader.press(", d <Enter>");
    assert!(reader.room.incident.is_some());
    let frame = reader.frame(100, 12);
    assert!(frame.contains("app.log  9 lines") && !frame.contains("SLO is"), "{frame}");
}

#[test]
fn the_selected_line_stays_selected_while_older_ones_come() {
    let mut reader = Reader::new();
    let ticket = reader.ticket();
    let many = |from: i64| sheaf(from, &vec![(Level::Info, "one of many"); 100]);
    reader.tell(Fact::Sheaves { ticket, sheaves: vec![many(1_000)] });
    reader.press("k k k m");
    let time = reader.room.logs.selected().expect("a line").time;
    for (at, left) in [(900, 2), (800, 1), (700, 0)] {
        reader.tell(Fact::Older { ticket, sheaves: vec![many(at)], left, total: 3 });
        assert_eq!(reader.room.logs.selected().expect("a line").time, time);
    }
    reader.press("gg");
    let first = reader.room.logs.selected().expect("a line").time;
    assert!(time.since(first) > 390 * 1_000_000_000);
}

/// A disk of the network: who draws or takes keys must not even ask it.
#[derive(Debug)]
struct Disk {
    text: Vec<u8>,
    may_be_asked: AtomicBool,
}

impl Backing for Disk {
    fn read(&self, at: u64, into: &mut [u8]) -> bool {
        assert!(self.may_be_asked.load(Ordering::Relaxed), "a file was read by who draws");
        let from = usize::try_from(at).expect("small");
        into.copy_from_slice(&self.text[from..from + into.len()]);
        true
    }
}

/// Lines that stand in a file and were not read back.
fn away(lines: usize) -> (Sheaf, Arc<Disk>) {
    let text: String = (0..lines).map(|number| format!("line {number} of many\n")).collect();
    let disk = Arc::new(Disk { text: text.clone().into_bytes(), may_be_asked: AtomicBool::new(false) });
    let (mut sheaf, mut at) = (Sheaf::default(), 0);
    let (service, stream) = (Symbol::from("pricing"), Arc::default());
    for (number, raw) in (0_i64..).zip(text.lines()) {
        let time = Timestamp::parse_rfc3339("2026-03-13T17:30:00Z").expect("a time").shifted(number * 1_000_000);
        let (level, trace, span, goes_on) = (Level::Info, None, None, false);
        sheaf.push_at(
            &LineView {
                time,
                level,
                service: &service,
                stream: &stream,
                text: raw,
                raw,
                trace,
                span,
                metadata: "",
                goes_on,
            },
            at,
        );
        at += raw.len() + 1;
    }
    sheaf.leave_in(Arc::<Disk>::clone(&disk), 0, text.as_bytes());
    (sheaf, disk)
}

#[test]
fn a_file_that_never_answers_holds_up_no_key_and_says_so() {
    let mut reader = Reader::new();
    let (ticket, (lines, disk)) = (reader.ticket(), away(4_000));
    reader.frame(80, 24);
    let asked = update(&mut reader.room, Message::Fact(Fact::Sheaves { ticket, sheaves: vec![lines] }));
    let recall = |effects: Effects| {
        effects.into_iter().find_map(|effect| match effect {
            Effect::Recall { ticket, recall } => Some((ticket, recall)),
            _ => None,
        })
    };
    let (ticket, wanted) = recall(asked).expect("what shows is asked for");
    assert!(reader.frame(80, 24).contains("INFO  pricing   …"));
    for script in ["k k", "<PgUp> <PgUp>", "gg", "e", "G", "2 4", "m", "B", "q", "# #", "#"] {
        reader.press(script);
    }
    assert_eq!(reader.room.focus, Pane::Logs);
    let now = reader.room.now.plus(Duration::from_secs(12));
    assert!(recall(update(&mut reader.room, Message::Tick(now))).is_none(), "one question at a time");
    let frame = reader.frame(80, 24);
    assert!(frame.contains("✗ the file has not answered for 12 s"), "{frame}");
    shows("files_hang_80x24", &frame);
    let effects = update(&mut reader.room, Message::Command(Command::Quit));
    assert!(effects.iter().any(|effect| *effect == Effect::Quit));
    // It answers after all: first what showed then, and after that what shows now.
    disk.may_be_asked.store(true, Ordering::Relaxed);
    let mut answered = Some((ticket, wanted));
    while let Some((ticket, wanted)) = answered {
        wanted.read();
        answered = recall(update(&mut reader.room, Message::Fact(Fact::Recalled { ticket, recall: wanted })));
    }
    let frame = reader.frame(80, 24);
    assert!(frame.contains("of many") && !frame.contains('…') && !frame.contains("not answered"), "{frame}");
}
