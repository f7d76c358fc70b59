//! The first row: which incident, who leads, how long, how much budget is left, whether the clock runs, how the servers are.

use std::time::Duration;

use super::clock::{age, counts_seconds, minutes, seconds, stopwatch};
use super::pen::{Pen, Piece, pieces_width};
use super::role::Role;
use super::scene::Scene;
use super::text::clean;
use crate::domain::Cause;
use crate::domain::slo::{State, Zone, duration_text, percent_text};
use crate::room::{JournalState, Pending, Room, SourceHealth, SourceState};

/// A piece of the row; the lowest rank goes first when the row is too short.
struct Field {
    rank: u8,
    pieces: Vec<Piece>,
    /// Blank cells before it.
    gap: usize,
}

/// Longer than a turn of the polls: an age in such steps stands still while all is well.
const CALM_STEP: u64 = 60;

/// A way there and back that nobody feels is not told.
const WORTH_TELLING: Duration = Duration::from_millis(20);

/// Ranks of what is only a word within a field: it goes before the field does.
const WORD_BUDGET: u8 = 14;
const WORD_AS_OF: u8 = 12;
const GONE: u8 = 18;
/// From these on of sick servers only the names are told, and only the signs.
const SICK_NAMES: u8 = 21;
const SICK_SIGNS: u8 = 63;
/// The least rank that is still shown, from everything to next to nothing.
const LEAST: [u8; 15] = [0, 6, 11, 13, WORD_BUDGET + 1, 16, GONE + 1, 21, 51, 56, 61, SICK_SIGNS, 71, 79, u8::MAX];

/// At these the fields that stay have fewer words; between them only fields go.
const SHORTER: [u8; 5] = [0, WORD_BUDGET + 1, GONE + 1, SICK_NAMES, SICK_SIGNS];

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let width = pen.width();
    let wide = width >= 160;
    let (mut left_fields, mut right_fields) = (Vec::new(), Vec::new());
    for least in LEAST {
        if SHORTER.contains(&least) {
            (left_fields, right_fields) = (left(scene, least), right(scene, wide, least));
        }
        left_fields.retain(|field| field.rank >= least);
        right_fields.retain(|field| field.rank >= least);
        if cells(&left_fields) + 2 + cells(&right_fields) <= width {
            break;
        }
    }
    let x = put(pen, 0, &left_fields);
    let at = width.saturating_sub(cells(&right_fields)).max(x + 2);
    put(pen, at, &right_fields);
}

/// The width of fields in a row; the first has no gap.
fn cells(fields: &[Field]) -> usize {
    let all: usize = fields.iter().map(|field| field.gap + pieces_width(&field.pieces)).sum();
    all - fields.first().map_or(0, |field| field.gap)
}

fn put(pen: &mut Pen<'_>, from: usize, fields: &[Field]) -> usize {
    fields.iter().enumerate().fold(from, |x, (at, field)| {
        let gap = if at == 0 { 0 } else { field.gap };
        pen.put_all(x + gap, 0, &field.pieces)
    })
}

fn field(rank: u8, pieces: Vec<Piece>) -> Field {
    Field { rank, pieces, gap: 2 }
}

/// What is known of an evening without an incident: calm is said only of what was measured and is well.
fn without_incident(scene: &Scene<'_>) -> Piece {
    let judgements = &scene.room.gauges.judgements;
    let is = |wanted: fn(&State) -> bool| judgements.iter().any(|judgement| wanted(&judgement.state));
    if judgements.is_empty() || judgements.iter().all(|judgement| judgement.state == State::Loading) {
        ("◌ nothing known yet".to_owned(), scene.style(Role::Dim))
    } else if is(|state| !state.is_measured() && *state != State::NoTraffic) {
        ("◌ not all is known".to_owned(), scene.style(Role::Warn))
    } else if is(|state| state.is_firing() || matches!(state, State::Rising | State::LowTraffic { .. })) {
        ("◇ look".to_owned(), scene.style(Role::Warn))
    } else {
        ("✓ calm".to_owned(), scene.style(Role::Ok))
    }
}

fn left(scene: &Scene<'_>, least: u8) -> Vec<Field> {
    let room = scene.room;
    let (text, strong, dim) = (scene.style(Role::Text), scene.style(Role::Strong), scene.style(Role::Dim));
    let mut fields = Vec::new();
    if room.settings.board {
        fields.push(field(62, vec![("board, read-only".to_owned(), scene.style(Role::Ack))]));
    }
    match &room.incident {
        Some(incident) => {
            let badge = scene.style(Role::Crit).add_modifier(ratatui::style::Modifier::REVERSED);
            match incident.severity {
                Some(severity) => fields.push(field(u8::MAX, vec![(format!(" {severity} "), badge)])),
                None => fields.push(field(u8::MAX, vec![(" not declared ".to_owned(), scene.style(Role::Warn))])),
            }
            if let Some(name) = &incident.name {
                // The badge ends in a blank of its own.
                fields.push(Field { gap: 1, ..field(50, vec![(clean(name).into_owned(), strong)]) });
            }
            if let Some(commander) = &incident.commander {
                fields.push(field(20, vec![("IC ".to_owned(), dim), (clean(commander).into_owned(), text)]));
            }
            if let Some(start) = room.impact_start() {
                let shown = room.lens.cursor.unwrap_or(room.now);
                let elapsed = shown.elapsed_since(start).as_secs();
                let elapsed =
                    if seldom(room) { format!("T+{} min", elapsed / 60) } else { format!("T+{}", stopwatch(elapsed)) };
                fields.push(field(60, vec![(elapsed, strong)]));
            }
        }
        None if room.settings.logs_alone => fields.push(field(u8::MAX, vec![("logs".to_owned(), strong)])),
        None => {
            fields.push(field(u8::MAX, vec![without_incident(scene)]));
            fields.push(field(15, vec![("no incident".to_owned(), dim)]));
        }
    }
    if let Some(budget) = budget(scene, least) {
        fields.push(budget);
    }
    fields.push(clock(scene, least));
    fields
}

fn budget(scene: &Scene<'_>, least: u8) -> Option<Field> {
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
    if least <= WORD_BUDGET {
        pieces.push(("budget ".to_owned(), scene.style(Role::Dim)));
    }
    pieces.push((format!("{}{partial} {}", percent_text(budget.remaining, 0), zone.word()), style));
    if let Some(gone) = judgement.gone_at.filter(|_| zone != Zone::Exhausted && least <= GONE) {
        pieces.push((", gone ".to_owned(), scene.style(Role::Dim)));
        pieces.push((format!("≈{}", minutes(room, gone)), scene.style(Role::Crit)));
    }
    Some(field(55, pieces))
}

/// Whether the row leaves out what changes every second: bytes are dear or nothing happens, and the lens is live.
fn seldom(room: &Room) -> bool {
    !counts_seconds(room) && !room.lens.is_frozen()
}

fn clock(scene: &Scene<'_>, least: u8) -> Field {
    let room = scene.room;
    let zone = match room.clock_style {
        crate::room::ClockStyle::Utc => "Z",
        _ => "",
    };
    let pieces = match room.lens.cursor {
        None if seldom(room) => vec![(format!("live {}{zone}", minutes(room, room.now)), scene.style(Role::Ok))],
        None => vec![(format!("live {}{zone}", seconds(room, room.now).trim_end()), scene.style(Role::Ok))],
        Some(at) => {
            let mut pieces = vec![(format!("frozen {}{zone}", seconds(room, at).trim_end()), scene.style(Role::Warn))];
            // A frozen screen stands still: what is not of the frozen moment is of the last key or news.
            if least <= WORD_AS_OF && room.now.elapsed_since(at).as_secs() > 0 {
                pieces.push((format!(", as of {}{zone}", seconds(room, room.now).trim_end()), scene.style(Role::Dim)));
            }
            pieces
        }
    };
    field(70, pieces)
}

fn right(scene: &Scene<'_>, wide: bool, least: u8) -> Vec<Field> {
    let room = scene.room;
    let dim = scene.style(Role::Dim);
    let mut fields = Vec::new();
    let sources = &room.health.sources;
    let well = |source: &SourceHealth| matches!(source.state, SourceState::Well | SourceState::Unknown);
    let mut dots = Vec::new();
    for source in sources {
        match word(scene, source, least) {
            Some(piece) => dots.push(vec![piece]),
            None if wide && !room.is_thrifty() && !room.lens.is_frozen() => {
                let ago = source.last_good.map_or_else(String::new, |at| {
                    let old = room.settings.felt(room.now.elapsed_since(at)).as_secs();
                    if seldom(room) {
                        return format!(" ≤{}s", in_steps(old, CALM_STEP));
                    }
                    let ago = age(Duration::from_secs(old).as_secs_f64());
                    format!(" {}", ago.replace(".0", "").replace(' ', ""))
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
    if !wide && !room.is_thrifty() && !room.lens.is_frozen() && sources.iter().all(well) {
        let oldest = sources.iter().filter_map(|source| source.last_good).min();
        if let Some(oldest) = oldest {
            // The age moves in steps of three seconds, so that a quiet screen writes little; where nobody counts them in
            // steps that are longer than a turn of the polls, so that it writes nothing.
            let step = if seldom(room) { CALM_STEP } else { 3 };
            let old = in_steps(room.settings.felt(room.now.elapsed_since(oldest)).as_secs(), step);
            fields.push(Field { gap: 1, ..field(12, vec![(format!("data ≤{old}s"), dim)]) });
        }
    }
    fields.extend(sources.iter().filter_map(|source| warning(scene, source)));
    fields.push(queued(scene));
    fields.extend(link(scene));
    fields
}

/// Rounded up: what is no older than this.
fn in_steps(seconds: u64, step: u64) -> u64 {
    seconds.div_ceil(step).max(1) * step
}

/// A clock that is not ours, or a budget of questions that is used up.
fn warning(scene: &Scene<'_>, source: &SourceHealth) -> Option<Field> {
    let (name, load) = (clean(&source.name), source.load);
    let text = if source.ahead_seconds != 0 {
        let side = if source.ahead_seconds > 0 { "ahead" } else { "behind" };
        let apart = duration_text(Duration::from_secs(source.ahead_seconds.unsigned_abs()));
        format!("{name} clock {apart} {side}")
    } else if load.is_spent() {
        format!("{name} query budget used up")
    } else {
        return None;
    };
    Some(field(58, vec![(text, scene.style(Role::Warn))]))
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
fn word(scene: &Scene<'_>, source: &SourceHealth, least: u8) -> Option<Piece> {
    let (said, style) = trouble(scene, source)?;
    let mut words = said.split(' ');
    let (sign, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // Where the row is short the numbers go first, then the names; that it is sick stays.
    let text = if least < SICK_NAMES {
        said.clone()
    } else if least < SICK_SIGNS {
        format!("{sign} {name}")
    } else {
        sign.to_owned()
    };
    Some((text, style))
}

/// Sign, name and what is wrong.
fn trouble(scene: &Scene<'_>, source: &SourceHealth) -> Option<Piece> {
    let room: &Room = scene.room;
    let name = clean(&source.name).replace(' ', "_");
    let since = |at| age(room.now.elapsed_since(at).as_secs_f64()).replace(' ', "");
    match &source.state {
        SourceState::Well | SourceState::Unknown => None,
        SourceState::Slow { since: at } => Some((format!("◐ {name} {}", since(*at)), scene.style(Role::Warn))),
        SourceState::Partial => Some((format!("◑ {name} partial"), scene.style(Role::Warn))),
        SourceState::Unusable { .. } => Some((format!("✗ {name} unusable"), scene.style(Role::Crit))),
        SourceState::Down { since: at, failure, .. } => {
            let at = source.last_good.unwrap_or(*at);
            Some((format!("✗ {name}{} {}", manner(&failure.cause), since(at)), scene.style(Role::Crit)))
        }
    }
}

/// In what manner a server that answers is of no use; one that does not answer is plainly down.
const fn manner(cause: &Cause) -> &'static str {
    match cause {
        Cause::Unauthorised(_) => " no access",
        Cause::Throttled(_) => " throttled",
        Cause::Malformed(_) | Cause::TooLarge(_) => " garbled",
        _ => "",
    }
}

/// What this screen costs its link, and how slow the link is. A frozen screen costs nothing.
fn link(scene: &Scene<'_>) -> Vec<Field> {
    let (room, dim) = (scene.room, scene.style(Role::Dim));
    // Where bytes are dear they are worth more than that nothing waits.
    let rank = if room.is_thrifty() { 12 } else { 5 };
    let mut fields = Vec::new();
    if room.is_thrifty() {
        fields.push(field(58, vec![("slow link".to_owned(), scene.style(Role::Warn))]));
    }
    let there_and_back = room.meter.there_and_back.filter(|took| *took >= WORTH_TELLING);
    if let Some(took) = there_and_back {
        let word = if room.is_thrifty() { "" } else { "link " };
        let gap = if room.is_thrifty() { 1 } else { 2 };
        fields.push(Field { gap, ..field(rank - 1, vec![(format!("{word}{} ms", took.as_millis()), dim)]) });
    }
    if !room.lens.is_frozen() {
        fields.push(field(rank, vec![(bytes(room.meter.bytes_per_second, seldom(room)), dim)]));
    }
    fields
}

/// In steps, so that the number does not cost what it counts.
fn bytes(per_second: u64, seldom: bool) -> String {
    match per_second {
        0..100 if seldom => "<100 B/s".to_owned(),
        0..10 => format!("{per_second} B/s"),
        10..100 => format!("{} B/s", per_second / 10 * 10),
        100..1_000 => format!("{} B/s", per_second / 100 * 100),
        _ => format!("{}.{} kB/s", per_second / 1_000, per_second / 100 % 10),
    }
}
