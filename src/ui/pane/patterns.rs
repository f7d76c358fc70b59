//! The kinds of lines: how many, how often of late, since when; what began with the incident first.

use std::time::Duration;

use super::level;
use crate::domain::Timestamp;
use crate::domain::signal::Pattern;
use crate::domain::slo::{duration_text, percent_text};
use crate::room::{Command, Pane, PatternsShown, Room};
use crate::ui::clock;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;

/// Columns from which share and sparkline have room.
const WIDE: usize = 110;
/// Rows from which lines stand below the kinds.
const SHARED: usize = 9;
/// Minutes of the sparkline, a cell each.
const MINUTES: usize = 12;
/// With so much of the time before an incident a kind that is not in it is called new.
const ENOUGH: Duration = Duration::from_secs(10 * 60);
const LEVELS: [&str; 6] = ["▁", "▂", "▃", "▄", "▅", "▆"];

/// Where the columns stand; numbers end at theirs.
struct Columns {
    service: usize,
    count: usize,
    share: Option<usize>,
    spark: Option<usize>,
    rate: usize,
    first: usize,
    text: usize,
}

const WIDE_COLUMNS: Columns =
    Columns { service: 12, count: 25, share: Some(34), spark: Some(38), rate: 57, first: 62, text: 75 };
const NARROW_COLUMNS: Columns =
    Columns { service: 9, count: 24, share: None, spark: None, rate: 31, first: 33, text: 43 };

/// Rows for the list itself, of all rows of the pane; the rest is for the lines below it.
pub(in crate::ui) fn list_rows(room: &Room, rows: usize) -> usize {
    if room.logs.patterns.shown == PatternsShown::Both && rows >= SHARED {
        let wanted = room.logs.patterns.ranked.len().max(1);
        wanted.min((rows * 2 / 5).max(3))
    } else {
        rows.saturating_sub(2)
    }
}

/// Draws heads, list and sentence; gives the row below them.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) -> usize {
    let part = &scene.room.logs.patterns;
    let columns = if pen.width() >= WIDE { WIDE_COLUMNS } else { NARROW_COLUMNS };
    heads(pen, scene, &columns);
    let rows = list_rows(scene.room, pen.height());
    if part.ranked.is_empty() {
        let words = if part.is_counting { "counting the lines that are here" } else { "no line of any kind so far" };
        pen.put_cut(1, 1, usize::MAX, words, scene.style(Role::Dim));
    }
    let shown = part.cursor.offset..part.ranked.len().min(part.cursor.offset.saturating_add(rows));
    for (y, row) in shown.enumerate() {
        if let Some(pattern) = part.at(row) {
            one(pen, scene, y + 1, pattern, &columns);
        }
        if row == part.cursor.selected && scene.has_focus(Pane::Logs) {
            pen.put(0, y + 1, "▸", scene.style(Role::Focus));
            pen.tint(0, usize::MAX, y + 1, scene.style(Role::Sel));
        }
    }
    let y = rows + 1;
    pen.put_cut(1, y, usize::MAX, &sentence(scene), scene.style(Role::Dim));
    y + 1
}

fn heads(pen: &mut Pen<'_>, scene: &Scene<'_>, columns: &Columns) {
    let dim = scene.style(Role::Dim);
    pen.put(1, 0, "level", dim);
    pen.put(7, 0, "service", dim);
    pen.put_right(columns.count, 0, "count", dim);
    if let Some(end) = columns.share {
        pen.put_right(end, 0, "share", dim);
    }
    match columns.spark {
        Some(x) => pen.put(x - 1, 0, "a minute, last 12 min", dim),
        None => {
            pen.put_right(columns.rate, 0, "a min", dim);
            0
        }
    };
    pen.put(columns.first, 0, "first seen", dim);
    pen.put(columns.text, 0, if columns.share.is_some() { "pattern" } else { " pattern" }, dim);
}

fn one(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, pattern: &Pattern, columns: &Columns) {
    let room = scene.room;
    let (text, dim) = (scene.style(Role::Text), scene.style(Role::Dim));
    pen.put(1, y, pattern.level.word(), level::style(scene, pattern.level));
    let end = pen.put_cut(7, y, columns.service, &clean(&pattern.service), scene.theme.service(&pattern.service));
    pen.put_right(columns.count, y, &within(pattern.count, columns.count.saturating_sub(end + 1)), text);
    if let Some(end) = columns.share {
        let all = room.logs.patterns.patterns.total().max(1);
        let share = thousandths(pattern.count, all);
        pen.put_right(end, y, &percent_text(share, 0), dim);
    }
    let minutes = pattern.minutes(room.lens.moment(room.now), MINUTES);
    if let Some(x) = columns.spark {
        let most = minutes.iter().copied().max().unwrap_or(0).max(1);
        for (at, lines) in minutes.iter().enumerate() {
            // The least that is not nothing stands above nothing.
            let height = usize::try_from(lines.saturating_mul(5).div_ceil(most)).unwrap_or(0);
            let style = if *lines == 0 { scene.style(Role::Faint) } else { level::style(scene, pattern.level) };
            pen.put(x + at, y, LEVELS.get(height).unwrap_or(&"▆"), style);
        }
    }
    let before = columns.spark.map_or(columns.count, |x| x + MINUTES);
    let rate = minutes.last().copied().unwrap_or(0);
    pen.put_right(columns.rate, y, &within(rate, columns.rate.saturating_sub(before + 1)), text);
    let is_new = began(room).is_some_and(|began| room.logs.patterns.is_new(pattern, began));
    let style = if is_new { scene.style(Role::Warn) } else { dim };
    pen.put(columns.first - 1, y, if is_new { "+" } else { " " }, style);
    pen.put(columns.first, y, &clock::seconds(room, pattern.first), style);
    let template = pattern.template.to_string();
    pen.put_cut(columns.text, y, usize::MAX, &clean(&template), text);
}

fn thousandths(part: u64, all: u64) -> f64 {
    let thousandths = u128::from(part) * 1_000 / u128::from(all.max(1));
    u32::try_from(thousandths).map_or(1.0, |share| f64::from(share) / 1_000.0)
}

/// Whole where that takes no more cells, else in thousands or millions: a number is never cut.
fn within(number: u64, cells: usize) -> String {
    let whole = thousands(number);
    if whole.len() <= cells {
        return whole;
    }
    let units = [(1_000_000_000, 'G'), (1_000_000, 'M'), (1_000, 'k')];
    let Some((unit, sign)) = units.into_iter().find(|(unit, _)| number >= *unit) else { return whole };
    let hundredths = number / (unit / 100);
    let (units, rest) = (hundredths / 100, hundredths % 100);
    match units {
        ..10 if cells >= 6 => format!("{units}.{rest:02} {sign}"),
        ..100 if cells >= 6 => format!("{units}.{} {sign}", rest / 10),
        _ => format!("{units} {sign}"),
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// When the incident began, if lines from before it are here: else nobody can say what is new.
fn began(room: &Room) -> Option<Timestamp> {
    let book = &room.logs.book;
    let oldest = book.time(book.first_seq())?;
    room.impact_start().filter(|start| oldest < *start)
}

fn sentence(scene: &Scene<'_>) -> String {
    let room = scene.room;
    let part = &room.logs.patterns;
    if part.is_counting {
        return format!("{} lines counted so far", thousands(part.patterns.total()));
    }
    let new = began(room).map(|began| part.patterns.all().iter().filter(|pattern| part.is_new(pattern, began)).count());
    let kinds = part.ranked.len();
    let others = match part.patterns.others() {
        0 => String::new(),
        others => format!("; {} lines of further kinds are not told apart", thousands(others)),
    };
    let key = scene.keymap().first_key(Command::Drill).unwrap_or_default();
    let since = room.impact_start().map(|start| clock::minutes(room, start)).unwrap_or_default();
    let oldest = room.logs.book.time(room.logs.book.first_seq());
    let here = oldest.zip(began(room)).map(|(oldest, began)| began.elapsed_since(oldest)).filter(|here| *here < ENOUGH);
    let words = match (new, room.impact_start(), oldest) {
        // What comes once in a quarter of an hour is not new for being absent from a minute.
        (Some(new), ..) if new > 0 && here.is_some() => {
            let here = here.map(duration_text).unwrap_or_default();
            format!("{new} of {kinds} (+) are not in the {here} before {since} that are here")
        }
        (Some(0), ..) => format!("None of {kinds} is new since {since}"),
        (Some(new), ..) if new == kinds && kinds > 1 => format!("All {kinds} are new (+) since {since}"),
        (Some(1), ..) => format!("1 of {kinds} is new (+) since {since}"),
        (Some(new), ..) => format!("{new} of {kinds} are new (+) since {since}"),
        (None, Some(_), Some(oldest)) if part.is_tracing_back => {
            let from = clock::seconds(room, oldest);
            format!("Older lines are being read, what is new since {since} is not known yet: from {}", from.trim_end())
        }
        (None, Some(_), Some(oldest)) => {
            let from = clock::seconds(room, oldest);
            format!("The lines here begin at {}: what is new since {since} is not known", from.trim_end())
        }
        _ => format!("{kinds} kinds"),
    };
    let before = before(room).map(|before| format!(" {before}.")).unwrap_or_default();
    format!("{words}{others}.{before} {key} shows the lines of one.")
}

/// Whether lines of the selected kind were there before the incident. What is counted is at least what is of the kind: that
/// there were none is sure.
fn before(room: &Room) -> Option<String> {
    let start = room.impact_start()?;
    let Some(earlier) = room.logs.patterns.earlier(start)? else {
        return Some("▸ before it: being counted".to_owned());
    };
    let over = match earlier.over.as_secs() / 86_400 {
        0 => "",
        1 => "24 h",
        7 => "7 d",
        _ => "30 d",
    };
    Some(match (over, earlier.lines, &earlier.refused) {
        ("", _, Some(failure)) => format!("▸ before it: {}", clean(&failure.cause.to_string())),
        ("", _, None) => "▸ before it: has no words to ask for".to_owned(),
        (over, 0, Some(failure)) => {
            format!("▸ none in the {over} before; further back: {}", clean(&failure.cause.to_string()))
        }
        (over, 0, None) => format!("▸ none in the {over} before"),
        (over, lines, _) => format!("▸ up to {} in the {over} before", thousands(lines)),
    })
}

/// For the title: how many lines of how many kinds.
pub(in crate::ui) fn title_words(room: &Room) -> String {
    let part = &room.logs.patterns;
    let kinds = if part.ranked.len() == 1 { "1 kind".to_owned() } else { format!("{} kinds", part.ranked.len()) };
    format!("{} lines, {kinds}", thousands(part.patterns.total()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_has_no_room_is_rounded_and_never_cut() {
        let cases = [
            (94_693, 6, "94,693"),
            (94_693, 5, "94 k"),
            (1_142_509, 9, "1,142,509"),
            (1_142_509, 8, "1.14 M"),
            (11_420_509, 6, "11.4 M"),
            (1_094_693, 5, "1 M"),
            (114_200_509, 6, "114 M"),
            (7_000_000_000, 6, "7.00 G"),
        ];
        for (number, cells, words) in cases {
            assert_eq!(within(number, cells), words);
        }
    }
}
