//! The first row: which incident, who leads, how long, how much budget is left, whether the clock runs, how the servers are.

use super::clock::{age, minutes, seconds, stopwatch};
use super::pen::{Pen, Piece, pieces_width};
use super::role::Role;
use super::scene::Scene;
use super::text::clean;
use crate::domain::slo::{Zone, percent_text};
use crate::room::{JournalState, Pending, Room, SourceHealth, SourceState};

/// A piece of the row; the lowest rank goes first when the row is too short.
struct Field {
    rank: u8,
    pieces: Vec<Piece>,
}

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let width = pen.width();
    let wide = width >= 160;
    let (mut left, mut right) = (left(scene, width), right(scene, wide));
    let total = |left: &[Field], right: &[Field]| {
        let cells = |fields: &[Field]| fields.iter().map(|field| pieces_width(&field.pieces) + 2).sum::<usize>();
        cells(left) + cells(right)
    };
    while total(&left, &right) > width {
        let lowest = left.iter().chain(&right).map(|field| field.rank).min();
        let Some(lowest) = lowest.filter(|rank| *rank < u8::MAX) else { break };
        left.retain(|field| field.rank != lowest);
        right.retain(|field| field.rank != lowest);
    }
    let mut x = 0;
    for field in &left {
        x = pen.put_all(x, 0, &field.pieces) + 2;
    }
    let cells: usize = right.iter().map(|field| pieces_width(&field.pieces) + 2).sum::<usize>().saturating_sub(2);
    let mut x = width.saturating_sub(cells).max(x);
    for field in &right {
        x = pen.put_all(x, 0, &field.pieces) + 2;
    }
}

fn field(rank: u8, pieces: Vec<Piece>) -> Field {
    Field { rank, pieces }
}

fn left(scene: &Scene<'_>, width: usize) -> Vec<Field> {
    let room = scene.room;
    let (text, strong, dim) = (scene.style(Role::Text), scene.style(Role::Strong), scene.style(Role::Dim));
    let mut fields = Vec::new();
    match &room.incident {
        Some(incident) => {
            let badge = scene.style(Role::Crit).add_modifier(ratatui::style::Modifier::REVERSED);
            match incident.severity {
                Some(severity) => fields.push(field(u8::MAX, vec![(format!(" {severity} "), badge)])),
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
            fields.push(field(u8::MAX, vec![("✓ calm".to_owned(), scene.style(Role::Ok))]));
            fields.push(field(15, vec![("no incident".to_owned(), dim)]));
        }
    }
    if let Some(budget) = budget(scene, width) {
        fields.push(budget);
    }
    fields.push(clock(scene));
    fields
}

fn budget(scene: &Scene<'_>, width: usize) -> Option<Field> {
    let room = scene.room;
    room.incident.as_ref()?;
    let judgement = room.gauges.worst()?;
    let budget = judgement.budget.as_ref()?;
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
    if let Some(gone) = judgement.gone_at.filter(|_| zone != Zone::Exhausted) {
        pieces.push((", gone ".to_owned(), scene.style(Role::Dim)));
        pieces.push((format!("≈{}", minutes(room, gone)), scene.style(Role::Crit)));
    }
    Some(field(55, pieces))
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

fn right(scene: &Scene<'_>, wide: bool) -> Vec<Field> {
    let room = scene.room;
    let dim = scene.style(Role::Dim);
    let mut fields = Vec::new();
    let sources = &room.health.sources;
    let well = |source: &SourceHealth| matches!(source.state, SourceState::Well | SourceState::Unknown);
    let mut dots = Vec::new();
    for source in sources {
        match word(scene, source) {
            Some(piece) => dots.push(vec![piece]),
            None if wide => {
                let ago = source.last_good.map_or_else(String::new, |at| {
                    format!(" {}", age(room.now.elapsed_since(at).as_secs_f64().floor()).replace(".0", ""))
                });
                let name = clean(&source.name).into_owned();
                dots.push(vec![dot(scene, source), (format!(" {name}{ago}"), dim)]);
            }
            None => dots.push(vec![dot(scene, source)]),
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, next) in dots.into_iter().enumerate() {
        let apart = wide || next.iter().any(|(text, _)| text.chars().count() > 1);
        let before = pieces.last().is_some_and(|(text, _)| text.chars().count() > 1);
        if at > 0 && (apart || before) {
            pieces.push((if wide { "  " } else { " " }.to_owned(), dim));
        }
        pieces.extend(next);
    }
    fields.push(field(80, pieces));
    if !wide && sources.iter().all(well) {
        let oldest = sources.iter().filter_map(|source| source.last_good).min();
        if let Some(oldest) = oldest {
            // The age moves only in steps of three seconds, so that a quiet screen writes little.
            let old = room.now.elapsed_since(oldest).as_secs().div_ceil(3).max(1) * 3;
            fields.push(field(12, vec![(format!("data ≤{old}s"), dim)]));
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

/// What a server that is not well gets in the place of its dot.
fn word(scene: &Scene<'_>, source: &SourceHealth) -> Option<Piece> {
    let room: &Room = scene.room;
    let name = clean(&source.name).into_owned();
    let since = |at| age(room.now.elapsed_since(at).as_secs_f64()).replace(' ', "");
    match &source.state {
        SourceState::Well | SourceState::Unknown => None,
        SourceState::Slow { since: at } => Some((format!("◐ {name} {}", since(*at)), scene.style(Role::Warn))),
        SourceState::Partial => Some((format!("◑ {name} partial"), scene.style(Role::Warn))),
        SourceState::Down { since: at, .. } => {
            let at = source.last_good.unwrap_or(*at);
            Some((format!("✗ {name} {}", since(at)), scene.style(Role::Crit)))
        }
    }
}

fn bytes(per_second: u64) -> String {
    match per_second {
        0..1_000 => format!("{per_second} B/s"),
        _ => format!("{}.{} kB/s", per_second / 1_000, per_second / 100 % 10),
    }
}
