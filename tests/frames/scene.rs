//! A responder's desk: a room that is told the story up to a moment, keys for it, and the frames that it draws. Everything
//! that the room asks for is answered at once from the company, unless a test takes the answer away.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;
use warroom::domain::signal::{Earlier, Line, Patterns, REACHES};
use warroom::domain::trace::parse_reference;
use warroom::domain::{Cause, Failure, Timestamp, Window};
use warroom::room::{
    Ask, Effect, Effects, Example, Fact, Key, Keymap, Message, Places, Room, Settings, Slot, SourceKind, Target,
    Ticket, ZoneOffset, parse_script, start, update,
};
use warroom::ui::{Depth, Glyphs, Scene, Theme, draw};

use super::company::{BOOKINGS, ESTATE, Estate};

/// The order that could not be priced, from `domain.md`'s story.
pub const EXEMPLAR: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

pub struct Desk {
    pub room: Room,
    /// Slots whose questions get no answer.
    pub silent: BTreeSet<Slot>,
    /// Whether the journal has written what it was given.
    pub writes: bool,
    /// The entries that wait for the journal.
    pub unwritten: Vec<uuid::Uuid>,
    estate: &'static Estate,
    told_until: i64,
}

impl Desk {
    /// Nothing heard yet, so many seconds after the start of the impact.
    pub fn quiet(seconds: i64) -> Self {
        Self::at_the(&ESTATE, seconds, false)
    }

    fn at_the(estate: &'static Estate, seconds: i64, board: bool) -> Self {
        let reads_marks = estate.company.name() == "slow-booking";
        let settings = Settings {
            responder: "ana".into(),
            // Paris in winter: no summer time begins within the story.
            zone: ZoneOffset::new("Europe/Paris", |_| 3_600),
            business_keys: estate.config.business_keys.clone(),
            entrypoints: estate.config.entrypoints.clone(),
            sampler: estate.config.sampler,
            log_query: estate.config.logs_query.clone(),
            slow_link: false,
            board,
            first_ids: 7,
            sources: SOURCES
                .iter()
                .chain(reads_marks.then_some(&("grafana", SourceKind::Grafana)))
                .map(|(name, kind)| ((*name).into(), *kind))
                .collect(),
            ..Settings::default()
        };
        let room = Room::new(settings, estate.slos.clone(), Keymap::default(), estate.at(seconds));
        let told_until = -86_400;
        Self { room, silent: BTreeSet::new(), writes: true, unwritten: Vec::new(), estate, told_until }
    }

    /// A war room that has been open since a minute before the impact, so many seconds into it.
    pub fn open(seconds: i64) -> Self {
        Self::since(-60, seconds)
    }

    /// The moment of most drawings: six minutes into it, on the trace of the story.
    pub fn six_minutes() -> Self {
        let mut desk = Self::open(360);
        desk.target(EXEMPLAR);
        desk
    }

    /// Before anything happened.
    pub fn calm() -> Self {
        Self::since(-2_160, -2_100)
    }

    /// The same on a wall.
    pub fn board(seconds: i64) -> Self {
        Self::at_the(&ESTATE, -60, true).told(-60, seconds)
    }

    /// The day of the slow bookings, so many seconds after the flag went to half of them; open since half an hour before.
    pub fn booking(seconds: i64) -> Self {
        Self::at_the(&BOOKINGS, -1_800, false).told(-1_800, seconds)
    }

    fn since(first: i64, seconds: i64) -> Self {
        Self::quiet(first).told(first, seconds)
    }

    fn told(mut self, first: i64, seconds: i64) -> Self {
        let desk = &mut self;
        let asked = start(&mut desk.room);
        desk.answer(asked);
        desk.tell(Fact::Runbooks(desk.estate.catalog()));
        desk.tell(Fact::Entries(Vec::new()));
        let mut at = first;
        while at <= seconds {
            desk.poll(at);
            // What burns slowly is looked at less often.
            at += if seconds - first > 1_800 { 60 } else { 15 };
        }
        desk.until(seconds);
        self
    }

    /// One turn of all polls at this moment.
    pub fn poll(&mut self, seconds: i64) {
        self.until(seconds);
        let sources: Vec<_> = self.room.health.sources.iter().map(|source| source.name.clone()).collect();
        for source in sources {
            self.tell(Fact::Answered { source, latency: Duration::from_millis(4) });
        }
        for fact in self.estate.facts(seconds).iter() {
            self.tell(fact.clone());
        }
    }

    /// Time goes on to this moment: colleagues write, lines come.
    pub fn until(&mut self, seconds: i64) {
        // Lines come a few at a time, or their rate would be that of a burst.
        for _ in 0..60 {
            let left = self.estate.at(seconds).since(self.room.now) / 1_000_000_000;
            if left <= 3 {
                break;
            }
            self.step_to(seconds - left + 3);
        }
        self.step_to(seconds);
    }

    fn step_to(&mut self, seconds: i64) {
        let before = self.room.now;
        let now = self.estate.at(seconds);
        self.send(Message::Tick(now));
        let written = self.estate.colleagues(self.told_until, seconds + 1);
        self.told_until = seconds + 1;
        if !written.is_empty() {
            self.tell(Fact::Entries(written));
        }
        if !self.silent.contains(&Slot::Tail) && now > before {
            let lines = self.estate.lines(Window { start: before, end: now });
            self.tell(Fact::Lines { ticket: self.ticket(Slot::Tail), lines, dropped: 0, overrun: 0 });
        }
    }

    /// A moment passes and nothing happens.
    pub fn wait(&mut self, wait: Duration) {
        let now = self.room.now.plus(wait);
        self.send(Message::Tick(now));
    }

    pub fn target(&mut self, trace: &str) {
        let reference = parse_reference(trace).expect("a trace");
        self.send(Message::Open(Target::Trace(reference)));
    }

    /// The open trace as it is where one service speaks another vendor's headers.
    pub fn tear(&mut self) {
        let trace = self.room.lens.trace.expect("an open trace");
        let (tree, attached, propagation) = self.estate.torn(trace);
        let ticket = self.room.tickets.draw(Slot::Trace);
        self.tell(Fact::Trace { ticket, tree });
        let ticket = self.ticket(Slot::Ties);
        self.tell(Fact::Ties { ticket, attached, propagation });
    }

    /// The ticket of the latest question in a slot.
    pub fn ticket(&self, slot: Slot) -> Ticket {
        Ticket { slot, turn: self.room.tickets.turn(slot) }
    }

    pub fn tell(&mut self, fact: Fact) {
        self.send(Message::Fact(fact));
    }

    pub fn send(&mut self, message: Message) {
        let asked = update(&mut self.room, message);
        self.answer(asked);
    }

    /// The keys of a script, each followed by a frame, as a terminal of 120x40 would.
    pub fn press(&mut self, script: &str) -> &mut Self {
        for key in parse_script(script) {
            self.buffer(120, 40, Glyphs::Unicode);
            self.send(Message::Key(key));
        }
        self
    }

    /// A text, letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.send(Message::Key(Key::letter(letter)));
        }
        self
    }

    pub fn answer(&mut self, asked: Effects) {
        for effect in asked {
            match effect {
                Effect::Fetch { ticket, .. } | Effect::Tail { ticket, .. } if self.silent.contains(&ticket.slot) => {}
                Effect::Fetch { ticket, ask } => {
                    let fact = self.found(ticket, ask);
                    self.tell(fact);
                }
                Effect::Tail { ticket, .. } => {
                    self.tell(Fact::TailConnected { ticket, refill: None, lines: Vec::new() })
                }
                Effect::Scan { ticket, scan } => {
                    let found = scan.slices.iter().map(|slice| slice.search(&scan.look, &mut Vec::new())).collect();
                    self.tell(Fact::Found { ticket, found, done: true });
                }
                Effect::CountPatterns { ticket, scan } => {
                    let mut patterns = Box::<Patterns>::default();
                    scan.slices.iter().for_each(|slice| patterns.take_slice(slice, &scan.look, &mut Vec::new()));
                    self.tell(Fact::Patterns { ticket, patterns, done: true });
                }
                Effect::Append(entry) if self.writes => self.tell(Fact::Appended { id: entry.id }),
                Effect::Append(entry) => self.unwritten.push(entry.id),
                _ => {}
            }
        }
    }

    fn found(&self, ticket: Ticket, ask: Ask) -> Fact {
        let now = self.room.now;
        match ask {
            Ask::Search(ask) => Fact::Summaries { ticket, summaries: self.estate.listing(ask.window, now, ask.limit) },
            Ask::Trace { id, .. } => Fact::Trace {
                ticket,
                tree: self.estate.trace(id).expect("the room asks for traces that it was told of"),
            },
            Ask::Ties { tree, traced, entrypoints, business_keys } => {
                let (attached, propagation) = self.estate.ties(&tree, &traced, &entrypoints, &business_keys);
                Fact::Ties { ticket, attached, propagation }
            }
            Ask::Twin { tree, window } => Fact::Twin { ticket, twin: self.estate.twin(&tree, window) },
            Ask::TraceLines { id, window, .. } => {
                Fact::TraceLines { ticket, lines: self.estate.lines_of(id, window, now), more: false }
            }
            Ask::Query { .. } => {
                let message = "1:13: parse error: unexpected <by> in aggregation".to_owned();
                let failure = Failure::new("prometheus", Cause::Refused { status: 400, message });
                Fact::Failed { ticket, failure }
            }
            Ask::Exemplar { window, .. } => {
                let worst = self.estate.summaries(window, now, 50).into_iter().find(|row| row.errors > Some(0));
                let found = worst.map(|row| Example {
                    trace: row.trace,
                    span: None,
                    at: Some(row.start),
                    took_nanos: row.duration_nanos,
                    is_exemplar: true,
                });
                Fact::Exemplar { ticket, found: found.map(Box::new) }
            }
            Ask::Places(ask) | Ask::PlaceLines(ask) => {
                let is_of_traces = ticket.slot == Slot::Places;
                let mut lines = self.estate.lines(ask.window);
                let wanted = ask.reference.map(|reference| reference.trace);
                lines.retain(|line| line.raw.contains(&ask.text) || (wanted.is_some() && line.trace == wanted));
                let more = lines.len() > 50;
                lines.drain(..lines.len().saturating_sub(50));
                let mut traces = self.estate.summaries(ask.window, now, 500);
                let named: BTreeSet<_> = lines.iter().filter_map(|line| line.trace).chain(wanted).collect();
                traces.retain(|row| named.contains(&row.trace));
                traces.dedup_by_key(|row| row.trace);
                let found = if is_of_traces {
                    Places { traces, ..Places::default() }
                } else {
                    Places { lines, more, ..Places::default() }
                };
                Fact::Places { ticket, found: Box::new(found) }
            }
            Ask::LookBack { slo, over, step } => Fact::LookedBack {
                ticket,
                slo: slo.name.clone(),
                past: Arc::new(self.estate.look_back(&slo, now.floor_to(Duration::from_secs(60)), over, step)),
            },
            Ask::Price { resolve, since, until, slos } => Fact::PricedLater {
                ticket,
                resolve,
                since,
                readings: slos.iter().map(|slo| self.estate.reading(slo, until)).collect(),
            },
            Ask::Around { stream, at, .. } => {
                let window = Window { start: at.minus(Duration::from_secs(60)), end: at.plus(Duration::from_secs(60)) };
                let mut lines = self.estate.lines(window);
                lines.retain(|line| line.stream == stream && line.time <= now);
                Fact::Around { ticket, lines }
            }
            // The hour before stands for the day before.
            Ask::Earlier { query, until } => {
                let texts: Vec<&str> = query.split('`').skip(1).step_by(2).collect();
                let window = Window { start: until.minus(Duration::from_secs(3_600)), end: until };
                let lines = self.estate.lines(window);
                let is_of_kind = |line: &&Line| texts.iter().all(|text| line.raw.contains(text));
                let lines = u64::try_from(lines.iter().filter(is_of_kind).count()).expect("few");
                let over = if lines > 0 { REACHES[0] } else { REACHES[2] };
                Fact::Earlier { ticket, earlier: Earlier { until, over, lines, refused: None } }
            }
            Ask::History { window, limit, .. } => {
                let mut lines = self.estate.lines(window);
                let more = lines.len() > limit;
                lines.drain(..lines.len().saturating_sub(limit));
                Fact::History { ticket, lines, more }
            }
        }
    }

    /// Draws until the room has heard how many rows each pane shows and nothing moves any more.
    pub fn buffer(&mut self, width: u16, height: u16, glyphs: Glyphs) -> Buffer {
        let theme = Theme::choose(Some("mono"), None, Depth::Mono, true, &mut Vec::new());
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        for _ in 0..3 {
            let scene = Scene { room: &self.room, theme: &theme, glyphs };
            buffer.reset();
            let (drawn, _) = draw(&mut buffer, &scene);
            self.send(Message::Drawn(drawn));
        }
        buffer
    }

    /// The frame of that name at the two sizes at which most people sit.
    pub fn shows(&mut self, name: &str) {
        shows(&format!("{name}_80x24"), &self.frame(80, 24));
        shows(&format!("{name}_120x40"), &self.frame(120, 40));
    }

    pub fn frame(&mut self, width: u16, height: u16) -> String {
        text(&self.buffer(width, height, Glyphs::Unicode))
    }

    pub fn ascii(&mut self, width: u16, height: u16) -> String {
        text(&self.buffer(width, height, Glyphs::Ascii))
    }

    pub fn moment(&self, seconds: i64) -> Timestamp {
        self.estate.at(seconds)
    }
}

const SOURCES: [(&str, SourceKind); 5] = [
    ("prometheus", SourceKind::Prometheus),
    ("loki", SourceKind::Loki),
    ("tempo", SourceKind::Tempo),
    ("jaeger", SourceKind::Jaeger),
    ("alertmanager", SourceKind::Alertmanager),
];

/// The rows, trailing spaces cut.
pub fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        let mut line = String::new();
        let mut hidden = 0_usize;
        for cell in row {
            // A wide character covers the cells behind it.
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            hidden = cell.symbol().width().saturating_sub(1);
            line.push_str(cell.symbol());
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Compares with the frame of that name in `snapshots`.
pub fn shows(name: &str, frame: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.to_owned(), frame));
}
