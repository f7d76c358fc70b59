//! Pane 4: lines over the whole width, the newest below, so that a terminal can scroll them as a band.

mod apart;
mod row;

use std::time::Duration;

use ratatui::style::Style;

use self::apart::{beside_words, draw_beside, draw_trace, of_trace_title};
use self::row::{TEXT, beginning, draw_line, select};
use super::{absent, level, patterns};
use crate::domain::signal::{GapKind, GapNote, Level, Row, Seq};
use crate::domain::slo::duration_text;
use crate::domain::{Cause, Timestamp};
use crate::room::{Command, LogsPane, Pane, SourceHealth, SourceKind, SourceState, TailState};
use crate::ui::clock::{age, millis};
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};
use crate::ui::widget::Title;

/// Columns from which two sentences stand in one row.
const WIDE: usize = 110;
/// A file that takes longer to give a few lines back is said to.
const HANGS: Duration = Duration::from_secs(2);
/// Lines that the rate before a break is taken from; more of them would be no better estimate.
const RATE_LINES: usize = 1_000;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let pane = &scene.room.logs;
    let (detail, right) = match &pane.of_trace {
        Some(of) => of_trace_title(scene, of),
        None => (detail(scene), tail_words(scene)),
    };
    Title { number: "4", name: "Logs", detail, right, focused: scene.has_focus(Pane::Logs), heads: false }
}

fn detail(scene: &Scene<'_>) -> String {
    let pane = &scene.room.logs;
    if let Some(around) = &pane.around {
        let service = pane.book.get(around.seq).map(|line| clean(line.service).into_owned()).unwrap_or_default();
        let filter = scene.room.lens.filter.to_string();
        let filter = if filter.is_empty() { String::new() } else { format!("   /{}", clean(&filter)) };
        return format!("of {service}, around {}{filter}", millis(scene.room, around.at).trim_end());
    }
    if pane.patterns.is_of_kind(&scene.room.lens.filter) {
        let filter = scene.room.lens.filter.to_string();
        return format!("one kind: {}", clean(filter.split_once("pattern=").map_or("", |(_, template)| template)));
    }
    let levels = match pane.level {
        Level::Unknown | Level::Trace => "every level".to_owned(),
        least => format!("{} and worse", least.word().to_lowercase()),
    };
    let filter = scene.room.lens.filter.to_string();
    let filter = if filter.is_empty() { String::new() } else { format!("   /{}", clean(&filter)) };
    match (scene.room.shows_typed_lines(), filter.is_empty()) {
        (true, _) if matches!(pane.level, Level::Unknown | Level::Trace) => format!(";{}{filter}", clean(&pane.query)),
        (true, _) => format!("{levels} of ;{}{filter}", clean(&pane.query)),
        (false, true) => format!("{levels}, all services"),
        (false, false) => format!("{levels}{filter}"),
    }
}

/// Lines below the last that shows which nobody misses.
const FEW: usize = 2;

fn tail_words(scene: &Scene<'_>) -> Vec<Piece> {
    let (room, pane) = (scene.room, &scene.room.logs);
    let dim = scene.style(Role::Dim);
    if let Some(absent) = absent::in_short(scene, Pane::Logs) {
        return vec![absent];
    }
    if let Some(words) =
        pane.around.as_ref().filter(|_| pane.of_trace.is_none()).and_then(|around| beside_words(scene, around))
    {
        return vec![words];
    }
    if let Some(waited) = hangs(scene) {
        return vec![(format!("✗ the file has not answered for {waited}"), scene.style(Role::Crit))];
    }
    let mut pieces = match &pane.tail {
        TailState::Live if pane.patterns.has_cursor() => vec![(patterns::title_words(room), dim)],
        TailState::Connecting => vec![("connecting".to_owned(), dim)],
        TailState::Live if pane.waiting > 0 => {
            vec![(format!("live behind the freeze, +{} lines", pane.waiting), scene.style(Role::Warn))]
        }
        TailState::Live if room.lens.is_frozen() => vec![("live behind the freeze".to_owned(), dim)],
        // A rate changes with every frame.
        TailState::Live if room.is_thrifty() => vec![("live".to_owned(), dim)],
        TailState::Live => vec![(format!("{:.1}/s", pane.per_second), dim)],
        TailState::Broken { since, failure, .. } => {
            let ago = age(room.now.elapsed_since(*since).as_secs_f64());
            let what = match failure.cause {
                Cause::Throttled(_) => "throttled",
                Cause::Unauthorised(_) => "no access",
                _ => "backend down",
            };
            // Before the first answer there was nothing good to be the last.
            let was_good = room.health.of(&failure.source).is_some_and(|source| source.last_good.is_some());
            let words = if was_good || pane.book.end_seq().0 > 0 {
                format!("✗ {what}, last good {ago} ago")
            } else {
                format!("✗ {what} for {ago}, no line so far")
            };
            return vec![(words, scene.style(Role::Crit))];
        }
    };
    // A live title over lines of before would be taken for silence.
    let below = pane.view.len().saturating_sub(pane.cursor.offset.saturating_add(pane.cursor.height));
    let is_tail = !pane.cursor.follow && !pane.patterns.has_cursor() && !room.lens.is_frozen();
    if is_tail && below > FEW {
        let key = scene.keymap().first_key(Command::Last).unwrap_or_default();
        pieces.push((format!("  ▼ {below} below: {key}"), scene.style(Role::Warn)));
    }
    if let Some((left, total)) = pane.unread {
        let percent = total.saturating_sub(left).saturating_mul(100) / total.max(1);
        pieces.push((format!("  reading the file: {percent} %"), scene.style(Role::Warn)));
    }
    if pane.is_searching {
        pieces.push(("  searching further back".to_owned(), scene.style(Role::Warn)));
    }
    // What was lost is the last that may have no room.
    match (pane.dropped, pane.overrun) {
        (0, 0) => pieces.push(("  dropped: 0".to_owned(), dim)),
        _ => pieces.splice(0..0, [left_out(scene), ("  ".to_owned(), dim)]).for_each(drop),
    }
    if let Some(count) = pane.trace_line_count
        && let Some(key) = scene.keymap().first_key(Command::Pivot)
    {
        let lines = if count == 1 { "line" } else { "lines" };
        pieces.push((format!("  {count} {lines} of this trace: "), dim));
        pieces.push((key, scene.style(Role::Key)));
    }
    pieces
}

/// For how long lines that show are waited for: their file is on a disk that does not answer.
fn hangs(scene: &Scene<'_>) -> Option<String> {
    let waited = scene.room.now.elapsed_since(scene.room.logs.recalling?);
    (waited >= HANGS).then(|| age(waited.as_secs_f64()))
}

/// Whose the lines are that show nowhere. A server does not tell all that it leaves out.
fn left_out(scene: &Scene<'_>) -> Piece {
    let pane = &scene.room.logs;
    let words = match (pane.dropped, pane.overrun) {
        (server, 0) => format!("dropped: ≥{server} by the server"),
        (0, here) => format!("dropped: {here} here"),
        (server, here) => format!("dropped: ≥{server} there, {here} here"),
    };
    (words, scene.style(Role::Warn))
}

/// The line of the moment, and how many come.
pub(in crate::ui) fn summary(scene: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    let pane = &scene.room.logs;
    if let Some(absent) = absent::in_short(scene, Pane::Logs) {
        return (vec![absent], Vec::new());
    }
    if let TailState::Broken { failure, .. } = &pane.tail {
        return (vec![(format!("✗ {}", clean(&failure.to_string())), scene.style(Role::Crit))], Vec::new());
    }
    let row = pane.view.len().checked_sub(1).map(|last| scene.room.lens.cursor.map_or(last, |at| pane.row_at(at)));
    let last = row.and_then(|row| pane.line_at(row));
    let left = match last {
        None if scene.room.shows_typed_lines() => vec![(empty_words(scene), scene.style(Role::Dim))],
        None => vec![("no line of this kind yet".to_owned(), scene.style(Role::Dim))],
        Some(line) => vec![
            (format!("{:<5} ", line.level.word()), level::style(scene, line.level)),
            (format!("{} ", clean(line.service)), scene.theme.service(line.service)),
            (clean(beginning(line.text, 400)).into_owned(), scene.style(Role::Text)),
        ],
    };
    let right = match pane.waiting {
        0 if scene.room.lens.is_frozen() => "behind the freeze".to_owned(),
        0 if scene.room.is_thrifty() => "live".to_owned(),
        0 => format!("{:.1}/s", pane.per_second),
        waiting => format!("+{waiting} lines"),
    };
    (left, vec![(right, scene.style(Role::Dim))])
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let pane = &scene.room.logs;
    if let Some(of) = &pane.of_trace {
        return draw_trace(pen, scene, of);
    }
    if pane.patterns.has_cursor() {
        return draw_patterns(pen, scene);
    }
    if let Some(beside) = pane.beside() {
        return draw_beside(pen, scene, beside);
    }
    let end_rows = end_rows(scene, pen.width());
    let height = pen.height().saturating_sub(end_rows.len());
    // The tail stays visible above the words about its end.
    let first = pane.cursor.offset
        + pane.cursor.height.saturating_sub(height).min(pane.view.len().saturating_sub(pane.cursor.offset));
    let first = if pane.cursor.height > height && pane.cursor.selected < first { pane.cursor.selected } else { first };
    let mut y = 0;
    for at in first..pane.view.len().min(first + height) {
        draw_row(pen, scene, y, at);
        select(pen, scene, y, at == pane.cursor.selected);
        y += 1;
    }
    if y == 0 && end_rows.is_empty() {
        pen.put_cut(1, 0, usize::MAX, &empty_words(scene), scene.style(Role::Dim));
    }
    for (words, style) in end_rows {
        if y == pen.height() {
            break;
        }
        // On a narrow screen the words need the room.
        let x = if pen.width() >= WIDE { 14 } else { 2 };
        if words.starts_with('╌') {
            pen.repeat(0, pen.width(), y, "╌", scene.style(Role::Faint));
            pen.put_cut(x, y, pen.width().saturating_sub(x + 1), words.trim_start_matches('╌'), style);
        } else {
            pen.put_cut(x, y, usize::MAX, &words, style);
        }
        y += 1;
    }
}

fn draw_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, row: usize) {
    let pane = &scene.room.logs;
    match pane.view.row(&pane.book, row) {
        Some(Row::Line(seq)) => {
            if let Some(line) = pane.book.get(seq) {
                let is_middle = pane.around.as_ref().is_some_and(|around| around.seq == seq);
                let gutter = match () {
                    () if pane.marks.contains(&seq) => "◆",
                    () if is_middle => "▌",
                    () if line.goes_on => "┊",
                    () => " ",
                };
                draw_line(pen, scene, y, &line, gutter, pane);
                if is_middle {
                    pen.tint(TEXT, usize::MAX, y, scene.style(Role::Strong));
                }
            }
        }
        Some(Row::Gap(gap)) => draw_gap(pen, scene, y, gap),
        None => {}
    }
}

/// The kinds, and below them the newest lines where there is room.
fn draw_patterns(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let view = &scene.room.logs.view;
    let from = patterns::draw(pen, scene);
    if from + 2 > pen.height() {
        return;
    }
    let (cells, rule) = (pen.width(), scene.style(Role::Faint));
    pen.repeat(0, cells, from, "─", rule);
    pen.put(1, from, " Lines ", scene.style(Role::Text));
    pen.put_right(cells.saturating_sub(2), from, " newest below ", scene.style(Role::Dim));
    let rows = pen.height() - from - 1;
    let first = view.len().saturating_sub(rows);
    for (y, at) in (first..view.len()).enumerate() {
        draw_row(pen, scene, from + 1 + y, at);
    }
}

fn empty_words(scene: &Scene<'_>) -> String {
    let (room, pane) = (scene.room, &scene.room.logs);
    if let Some(absent) = absent::in_words(scene, Pane::Logs) {
        return absent.to_owned();
    }
    match &room.logs.tail {
        TailState::Connecting if room.settings.logs_alone => "nothing has been read yet".to_owned(),
        TailState::Connecting => "connecting to the log server".to_owned(),
        _ if !room.lens.filter.is_empty() => "no line answers to this filter yet".to_owned(),
        _ if room.shows_typed_lines() => {
            let key = scene.keymap().first_key(Command::Close).unwrap_or_default();
            format!("no line so far answers to {}; {key} shows the lines of before", clean(&pane.query))
        }
        _ => format!("no line so far that is {}", detail(scene)),
    }
}

/// Lines a second before the tail broke, over the last of them.
fn rate_before(pane: &LogsPane, since: Timestamp) -> f64 {
    let (first, end) = (pane.book.first_seq().0, pane.book.end_seq().0);
    let times = (first..end).rev().take(RATE_LINES).filter_map(|seq| pane.book.time(Seq(seq)));
    let recent: Vec<Timestamp> = times.take_while(|time| since.elapsed_since(*time).as_secs() < 60).collect();
    let Some(oldest) = recent.last() else { return 0.0 };
    let seconds = since.elapsed_since(*oldest).as_secs_f64().max(1.0);
    u32::try_from(recent.len()).map_or(0.0, f64::from) / seconds
}

/// Said under the last line while the tail is broken: what, when next, and that this is not silence.
fn end_rows(scene: &Scene<'_>, cells: usize) -> Vec<(String, Style)> {
    let (room, pane) = (scene.room, &scene.room.logs);
    let TailState::Broken { failure, since, attempt, retry_at } = &pane.tail else { return Vec::new() };
    let gone = room.now.elapsed_since(*since);
    let wait = retry_at.elapsed_since(room.now).as_secs();
    let refresh = scene.keymap().first_key(Command::Refresh).unwrap_or_default();
    let missed = rate_before(pane, *since) * gone.as_secs_f64();
    let missed =
        if missed >= 1.0 { format!("about {missed:.0} lines were missed at the rate before; ") } else { String::new() };
    let warn = scene.style(Role::Warn);
    // The row of the gap says it already, if it is the last.
    let last = pane.view.len().checked_sub(1).and_then(|row| pane.view.row(&pane.book, row));
    let is_said = matches!(last, Some(Row::Gap(gap)) if gap.open);
    let what = (
        format!("╌ ✗ {} at {} ", clean(&failure.to_string()), millis(room, *since).trim_end()),
        scene.style(Role::Crit),
    );
    let mut rows = if is_said { Vec::new() } else { vec![what] };
    let next = if pane.is_tail_over {
        format!("It does not ask again by itself: {refresh} does. The gap will be filled then.")
    } else {
        format!("try {} in {wait} s; {refresh} now. The gap will be filled when it returns.", attempt + 1)
    };
    let silence = format!("This is not silence: {missed}");
    // Only where somebody still answers.
    let answers = |source: &SourceHealth| {
        source.state == SourceState::Well
            && matches!(source.kind, SourceKind::Prometheus | SourceKind::Tempo | SourceKind::Jaeger)
    };
    let others = if room.health.sources.iter().any(answers) { "errors still show in SLOs and traces." } else { "" };
    rows.push((next, warn));
    if cells >= WIDE {
        rows.push((format!("{silence}{others}"), warn));
    } else {
        rows.extend([(silence, warn), (others.to_owned(), warn)].into_iter().filter(|(text, _)| !text.is_empty()));
    }
    rows
}

fn draw_gap(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, gap: &GapNote) {
    let room = scene.room;
    pen.repeat(0, pen.width(), y, "╌", scene.style(Role::Faint));
    let length = duration_text(gap.to.elapsed_since(gap.from));
    let missing = gap.missing.map_or_else(|| "some".to_owned(), |missing| missing.to_string());
    let words = if gap.kind == GapKind::Unread {
        let key = scene.keymap().first_key(Command::Drill).unwrap_or_default();
        format!(
            " {length} not read: {} – {}; {key} reads the latest of it ",
            millis(room, gap.from).trim_end(),
            millis(room, gap.to).trim_end()
        )
    } else if gap.kind == GapKind::Behind {
        let (from, to) = (millis(room, gap.from), millis(room, gap.to));
        let many = match gap.missing {
            Some(missing) => format!("{missing} not read"),
            None if gap.reason.is_empty() => "how many: not known".to_owned(),
            None => format!("how many: not known (the count failed: {})", clean(&gap.reason)),
        };
        format!(" more lines came than a tail catches up with: {} – {}, {many} ", from.trim_end(), to.trim_end())
    } else if gap.kind == GapKind::Refused {
        let from = millis(room, gap.from);
        format!(" what came since {} and before the tail could not be read: {} ", from.trim_end(), clean(&gap.reason))
    } else if gap.open {
        format!(" ✗ {} at {} ", clean(&gap.reason), millis(room, gap.from).trim_end())
    } else {
        // Of a hole that stays it matters what it is of.
        let why = if gap.missing == Some(0) || gap.reason.is_empty() {
            String::new()
        } else {
            format!(" ({})", clean(&gap.reason))
        };
        let twice = match gap.twice {
            0 => "0 twice".to_owned(),
            twice => format!("{twice} came twice and show once"),
        };
        format!(
            " reconnected after {length}{why}: gap {} – {} refilled, {} lines, {missing} missing, {twice} ",
            millis(room, gap.from).trim_end(),
            millis(room, gap.to).trim_end(),
            gap.filled,
        )
    };
    let style = match gap.missing {
        _ if gap.open => scene.style(Role::Crit),
        _ if gap.kind == GapKind::Unread => scene.style(Role::Dim),
        Some(0) => scene.style(Role::Dim),
        _ => scene.style(Role::Warn),
    };
    pen.put_cut(14.min(pen.width().saturating_sub(width(&words))), y, pen.width(), &words, style);
}
