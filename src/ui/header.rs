//! The first row: which incident, who leads, how long, how much budget is left, whether the clock runs, how the servers are.

use super::clock::{age, minutes, seconds, stopwatch};
use super::pane::home::is_calm;
use super::pen::{Pen, Piece, pieces_width};
use super::scene::Scene;
use super::text::clean;
use super::theme::Role;
use crate::domain::slo::{Zone, percent_text};
use crate::room::{JournalState, Pending, Room, SourceHealth, SourceState};

/// The rank of when the budget ends, which continues what is said of the budget.
const GONE: u8 = 18;

/// A piece of the row; the lowest rank goes first when the row is too short.
struct Field {
    rank: u8,
    /// Blank cells behind it.
    gap: usize,
    pieces: Vec<Piece>,
}

impl Field {
    fn cells(&self) -> usize {
        pieces_width(&self.pieces) + self.gap
    }

    /// What follows belongs to it.
    fn close(self) -> Self {
        Self { gap: 1, ..self }
    }
}

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let width = pen.width();
    let (mut left, mut right) = (left(scene, width), right(scene, width));
    let total = |left: &[Field], right: &[Field]| left.iter().chain(right).map(Field::cells).sum::<usize>();
    let continued = |left: &[Field]| if left.iter().any(|field| field.rank == GONE) { 2 } else { 0 };
    while total(&left, &right) > width + 2 + continued(&left) {
        let lowest = left.iter().chain(&right).map(|field| field.rank).min();
        let Some(lowest) = lowest.filter(|rank| *rank < u8::MAX) else { break };
        left.retain(|field| field.rank != lowest);
        right.retain(|field| field.rank != lowest);
    }
    let mut x = 0;
    for (at, field) in left.iter().enumerate() {
        // A continued sentence has no gap before it.
        let gap = if left.get(at + 1).is_some_and(|next| next.rank == GONE) { 0 } else { field.gap };
        x = pen.put_all(x, 0, &field.pieces) + gap;
    }
    let behind = right.last().map_or(0, |field| field.gap);
    let cells = right.iter().map(Field::cells).sum::<usize>().saturating_sub(behind);
    let mut x = width.saturating_sub(cells).max(x);
    for field in &right {
        x = pen.put_all(x, 0, &field.pieces) + field.gap;
    }
}

fn field(rank: u8, pieces: Vec<Piece>) -> Field {
    Field { rank, gap: 2, pieces }
}

fn left(scene: &Scene<'_>, width: usize) -> Vec<Field> {
    let room = scene.room;
    let (text, strong, dim) = (scene.style(Role::Text), scene.style(Role::Strong), scene.style(Role::Dim));
    let mut fields = Vec::new();
    match &room.incident {
        Some(incident) => {
            let badge = scene.style(Role::Crit).add_modifier(ratatui::style::Modifier::REVERSED);
            match incident.severity {
                Some(severity) => fields.push(field(u8::MAX, vec![(format!(" {severity} "), badge)]).close()),
                None => fields.push(field(u8::MAX, vec![(" not declared ".to_owned(), scene.style(Role::Warn))])),
            }
            if let Some(name) = &incident.name {
                fields.push(field(50, vec![(clean(name).into_owned(), strong)]));
            }
            if let Some(commander) = &incident.commander {
                fields.push(field(20, vec![("IC ".to_owned(), dim), (clean(commander).into_owned(), text)]));
            }
            if let Some(start) = room.impact_start() {
                let shown = room.lens.cursor.unwrap_or(room.now);
                let elapsed = stopwatch(shown.elapsed_since(start).as_secs());
                fields.push(field(60, vec![(format!("T+{elapsed}"), strong)]));
            }
        }
        None => {
            // Where nothing is known nothing is calm.
            if is_calm(room) {
                fields.push(field(u8::MAX, vec![("✓ calm".to_owned(), scene.style(Role::Ok))]));
                fields.push(field(15, vec![("no incident".to_owned(), dim)]));
            } else {
                fields.push(field(50, vec![("no incident declared".to_owned(), scene.style(Role::Warn))]));
            }
        }
    }
    fields.extend(budget(scene, width));
    fields.push(clock(scene));
    fields
}

fn budget(scene: &Scene<'_>, width: usize) -> Vec<Field> {
    let room = scene.room;
    let worst = room.gauges.worst().filter(|_| room.incident.is_some());
    let Some((judgement, budget)) = worst.and_then(|worst| Some((worst, worst.budget.as_ref()?))) else {
        return Vec::new();
    };
    let zone = budget.zone();
    let style = match zone {
        Zone::Ship => scene.style(Role::Ok),
        Zone::Cautious => scene.style(Role::Warn),
        Zone::Freeze | Zone::Exhausted => scene.style(Role::Crit),
    };
    let partial = if judgement.partial { "!" } else { "" };
    let mut pieces = Vec::new();
    if width >= 110 {
        pieces.push(("budget ".to_owned(), scene.style(Role::Dim)));
    }
    pieces.push((format!("{}{partial} {}", percent_text(budget.remaining, 0), zone.word()), style));
    let mut fields = vec![field(55, pieces)];
    if let Some(gone) = judgement.gone_at.filter(|_| zone != Zone::Exhausted) {
        let words = (", gone ".to_owned(), scene.style(Role::Dim));
        fields.push(field(GONE, vec![words, (format!("≈{}", minutes(room, gone)), scene.style(Role::Crit))]));
    }
    fields
}

fn clock(scene: &Scene<'_>) -> Field {
    let room = scene.room;
    let zone = match room.clock_style {
        crate::room::ClockStyle::Utc => "Z",
        _ => "",
    };
    let pieces = match room.lens.cursor {
        None => vec![(format!("live {}{zone}", seconds(room, room.now).trim_end()), scene.style(Role::Ok))],
        Some(at) => {
            let behind = stopwatch(room.now.elapsed_since(at).as_secs());
            vec![(format!("frozen {}{zone} −{behind}", seconds(room, at).trim_end()), scene.style(Role::Warn))]
        }
    };
    field(70, pieces)
}

/// The servers in as many words as their part of the row has room for.
fn servers(scene: &Scene<'_>, width: usize) -> Vec<Piece> {
    let most = if width >= 160 { width / 2 } else { width * 2 / 5 };
    let mut pieces = Vec::new();
    for words in [Words::All, Words::Sick, Words::Names, Words::Signs] {
        if words == Words::All && width < 160 {
            continue;
        }
        pieces = dots(scene, words);
        if pieces_width(&pieces) <= most {
            break;
        }
    }
    pieces
}

/// What is told of a server beside its sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Name and age of each.
    All,
    /// Name and trouble of those that are not well.
    Sick,
    /// The names of those.
    Names,
    Signs,
}

fn dots(scene: &Scene<'_>, words: Words) -> Vec<Piece> {
    let (room, dim) = (scene.room, scene.style(Role::Dim));
    let mut pieces: Vec<Piece> = Vec::new();
    let mut was_word = false;
    for source in &room.health.sources {
        let name = clean(&source.name).into_owned();
        let next = match word(scene, source) {
            Some((sign, said, style)) => match words {
                Words::All | Words::Sick => vec![(format!("{sign} {name} {said}"), style)],
                Words::Names => vec![(format!("{sign} {name}"), style)],
                Words::Signs => vec![(sign.to_owned(), style)],
            },
            None if words == Words::All => {
                let ago = source.last_good.map_or_else(String::new, |at| format!(" {}", whole_age(room, at)));
                vec![dot(scene, source), (format!(" {name}{ago}"), dim)]
            }
            None => vec![dot(scene, source)],
        };
        let is_word = pieces_width(&next) > 1;
        if !pieces.is_empty() && (is_word || was_word) {
            pieces.push((if words == Words::All { "  " } else { " " }.to_owned(), dim));
        }
        was_word = is_word;
        pieces.extend(next);
    }
    pieces
}

/// `42s`, of whole seconds, so that a quiet screen changes seldom.
fn whole_age(room: &Room, at: crate::domain::Timestamp) -> String {
    age(room.now.elapsed_since(at).as_secs_f64().floor()).replace(".0", "").replace(' ', "")
}

fn right(scene: &Scene<'_>, width: usize) -> Vec<Field> {
    let room = scene.room;
    let dim = scene.style(Role::Dim);
    let mut fields = Vec::new();
    let sources = &room.health.sources;
    let well = |source: &SourceHealth| matches!(source.state, SourceState::Well | SourceState::Unknown);
    fields.push(field(80, servers(scene, width)));
    if width < 160 && sources.iter().all(well) {
        let oldest = sources.iter().filter_map(|source| source.last_good).min();
        if let Some(oldest) = oldest {
            // The age moves only in steps of three seconds, so that a quiet screen writes little.
            let old = room.now.elapsed_since(oldest).as_secs().div_ceil(3).max(1) * 3;
            fields = fields.into_iter().map(Field::close).collect();
            let word = if width >= 110 { "data " } else { "" };
            fields.push(field(12, vec![(format!("{word}≤{old}s"), dim)]));
        }
    }
    fields.push(queued(scene));
    fields.push(field(5, vec![(bytes(room.meter.bytes_per_second), dim)]));
    if room.dropped_facts > 0 {
        fields.push(field(75, vec![(format!("{} facts dropped", room.dropped_facts), scene.style(Role::Warn))]));
    }
    fields
}

/// Notes that are not on the disk yet.
fn queued(scene: &Scene<'_>) -> Field {
    let waiting = scene.room.timeline.pending.len();
    let failed = scene.room.timeline.pending.values().any(|pending| matches!(pending, Pending::Failed(_)));
    match (&scene.room.health.journal, waiting) {
        (JournalState::Failing(why), count) if failed || count == 0 => {
            let why = clean(why).into_owned();
            field(78, vec![(format!("✗ record: {}", super::text::cut(&why, 40)), scene.style(Role::Crit))])
        }
        (_, 0) => field(10, vec![("0 queued".to_owned(), scene.style(Role::Dim))]),
        (_, count) => field(76, vec![(format!("{count} queued"), scene.style(Role::Strong))]),
    }
}

fn dot(scene: &Scene<'_>, source: &SourceHealth) -> Piece {
    match source.state {
        SourceState::Unknown => ("○".to_owned(), scene.style(Role::Dim)),
        _ => ("●".to_owned(), scene.style(Role::Ok)),
    }
}

/// The sign of a server that is not well, what is wrong, and how it looks.
fn word(scene: &Scene<'_>, source: &SourceHealth) -> Option<(&'static str, String, ratatui::style::Style)> {
    let room: &Room = scene.room;
    match &source.state {
        SourceState::Well | SourceState::Unknown => None,
        SourceState::Slow { since } => {
            let waits = age(room.now.elapsed_since(*since).as_secs_f64()).replace(' ', "");
            Some(("◐", waits, scene.style(Role::Warn)))
        }
        SourceState::Partial => Some(("◑", "partial".to_owned(), scene.style(Role::Warn))),
        SourceState::Down { since, .. } => {
            Some(("✗", whole_age(room, source.last_good.unwrap_or(*since)), scene.style(Role::Crit)))
        }
    }
}

fn bytes(per_second: u64) -> String {
    match per_second {
        0..1_000 => format!("{per_second} B/s"),
        _ => format!("{}.{} kB/s", per_second / 1_000, per_second / 100 % 10),
    }
}
