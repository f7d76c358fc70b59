//! The lanes above the spans of one timeline: what changed, alerts, notes, the failing share, and the trace's lines by level.
//! A mark stands in the cell of its moment; what lies outside the window is told at the edge it lies behind.

use std::cmp::Ordering;
use std::time::Duration;

use super::super::level;
use super::ground::{NAMES, Places, lines, mark};
use crate::domain::incident::{Entry, Kind, Origin};
use crate::domain::signal::Level;
use crate::domain::slo::percent_text;
use crate::domain::trace::Tree;
use crate::domain::{Axis, Timestamp};
use crate::room::{Happening, Loading, Thing, line_time};
use crate::ui::clock::minutes;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};
use crate::ui::widget::height;

/// Of a sample where it cannot be told from the next.
const STEP: Duration = Duration::from_secs(15);

/// Changes, alerts, notes and the failing share.
const LANES: usize = 4;
/// The levels of lines, each with what is worse up to the next; the last has all that is less.
const LINE_LANES: [Level; 3] = [Level::Error, Level::Warn, Level::Info];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Changes,
    Alerts,
    Notes,
}

/// Rows that [`draw`] takes.
pub(super) fn rows(scene: &Scene<'_>) -> usize {
    let own = |group| lines(scene).is_some_and(|of| of.lines.iter().any(|line| belongs(group, line.level)));
    let of_lines = match lines_state(scene) {
        Some(_) => 1,
        None => LINE_LANES.into_iter().filter(|group| own(*group)).count(),
    };
    LANES + of_lines
}

fn belongs(group: Level, level: Level) -> bool {
    match group {
        Level::Error => level >= Level::Error,
        Level::Warn => level == Level::Warn,
        _ => level < Level::Warn,
    }
}

/// Draws all lanes from the top; gives how many rows they took.
pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, axis: &Axis, places: &Places) -> usize {
    let mut y = 0;
    for (lane, name) in [(Lane::Changes, "changes"), (Lane::Alerts, "alerts"), (Lane::Notes, "notes")] {
        entries(&mut pen.rows(y, 1), scene, lane, name, axis, places);
        y += 1;
    }
    failing(&mut pen.rows(y, 1), scene, tree, axis, places);
    y += 1;
    if let Some((words, role)) = lines_state(scene) {
        pen.put(NAMES, y, "lines", scene.style(Role::Dim));
        pen.put_cut(places.axis, y, usize::MAX, &words, scene.style(role));
        return y + 1;
    }
    for group in LINE_LANES {
        y += usize::from(ticks(&mut pen.rows(y, 1), scene, tree, group, axis, places));
    }
    y
}

fn lane_of(scene: &Scene<'_>, entry: &Entry) -> Lane {
    match (&entry.kind, entry.origin) {
        (Kind::Deployed { .. } | Kind::Changed { .. }, _) => Lane::Changes,
        (Kind::AlertFired { .. } | Kind::AlertCleared { .. } | Kind::ImpactStarted, _) => Lane::Alerts,
        (_, Origin::Change) => Lane::Changes,
        _ if scene.room.is_first_suspect(entry) => Lane::Changes,
        _ => Lane::Notes,
    }
}

fn sign(entry: &Entry) -> (&'static str, Role) {
    match (&entry.kind, entry.origin) {
        (Kind::Deployed { .. } | Kind::Changed { .. }, _) => ("↑", Role::Ack),
        (Kind::ImpactStarted, _) => ("┃", Role::Crit),
        (Kind::AlertFired { .. }, _) if is_page(entry) => ("▲", Role::Crit),
        (Kind::AlertFired { .. }, _) => ("◆", Role::Warn),
        (Kind::AlertCleared { .. } | Kind::Mitigated | Kind::Resolved, _) => ("✓", Role::Ok),
        (_, Origin::Person) => ("●", Role::Note),
        _ => ("·", Role::Dim),
    }
}

fn is_page(entry: &Entry) -> bool {
    matches!(&entry.kind, Kind::AlertFired { severity, .. } if severity == "page" || severity == "critical")
}

/// What a mark is called beside it, without its time.
fn words(entry: &Entry) -> String {
    match &entry.kind {
        Kind::Deployed { service, version, .. } => format!("{} {}", clean(service), clean(version)),
        Kind::AlertFired { .. } => clean(entry.text.split([':', ' ']).next().unwrap_or_default()).into_owned(),
        _ => clean(&entry.text).into_owned(),
    }
}

fn entries(pen: &mut Pen<'_>, scene: &Scene<'_>, lane: Lane, name: &str, axis: &Axis, places: &Places) {
    pen.put(NAMES, 0, name, scene.style(Role::Dim));
    let room = scene.room;
    let own: Vec<&Entry> = room.timeline.timeline.effective().filter(|entry| lane_of(scene, entry) == lane).collect();
    if lane == Lane::Alerts {
        firing(pen, scene, &own, axis, places);
    }
    let inside: Vec<(usize, &Entry)> =
        own.iter().filter_map(|entry| Some((axis.column(entry.happened)?, *entry))).collect();
    let end = pen.width();
    let before = own.iter().filter(|entry| axis.side(entry.happened) == Ordering::Less);
    // A page says more than what came after it.
    let before = before.max_by_key(|entry| (is_page(entry), entry.happened));
    let mut free = places.axis;
    if let Some(entry) = before {
        let cells = inside.first().map_or(end, |(column, _)| places.axis + column).saturating_sub(places.axis + 1);
        let (sign, role) = sign(entry);
        let text = format!("◂ {} {sign} {} ", minutes(room, entry.happened), words(entry));
        let told = cut(&text, cells.min(end.saturating_sub(places.axis) / 2));
        if width(&told) > 9 {
            free = pen.put(places.axis, 0, &told, scene.style(role));
        } else if cells > 0 {
            free = pen.put(places.axis, 0, "◂", scene.style(role)) + 1;
        }
    }
    for (at, (column, entry)) in inside.iter().enumerate() {
        let x = places.axis + column;
        let (sign, role) = sign(entry);
        if x < free {
            continue;
        }
        let next = inside.get(at + 1).map_or(end, |(column, _)| places.axis + column);
        free = pen.put(x, 0, sign, scene.style(role));
        let cells = next.saturating_sub(free + 2);
        if cells >= 8 {
            free = pen.put_cut(free + 1, 0, cells, &words(entry), scene.style(role)) + 1;
        }
    }
    if own.is_empty() {
        pen.put(places.axis, 0, "none known", scene.style(Role::Dim));
    }
    let after = own.iter().filter(|entry| axis.side(entry.happened) == Ordering::Greater).count();
    if after > 0 {
        let text = format!(" {after} ▸");
        pen.put_right(end, 0, &text, scene.style(Role::Dim));
    }
    if own.iter().any(|entry| is_selected(scene, entry)) {
        mark(pen, scene, 0);
    }
}

fn is_selected(scene: &Scene<'_>, entry: &Entry) -> bool {
    let selected = scene.room.waterfall.investigation.selected();
    selected.is_some_and(|happening| happening.thing == Thing::Entry(entry.id))
}

/// A line through the cells in which an alert was firing.
fn firing(pen: &mut Pen<'_>, scene: &Scene<'_>, own: &[&Entry], axis: &Axis, places: &Places) {
    for entry in own {
        let Kind::AlertFired { fingerprint, .. } = &entry.kind else { continue };
        let cleared = own.iter().find(|other| {
            other.happened >= entry.happened
                && matches!(&other.kind, Kind::AlertCleared { fingerprint: of, .. } if of == fingerprint)
        });
        let until = cleared.map_or(scene.room.now, |cleared| cleared.happened);
        let role = if is_page(entry) { Role::Crit } else { Role::Faint };
        if let Some((from, to)) = axis.stretch(entry.happened, until) {
            pen.repeat(places.axis + from, places.axis + to + 1, 0, "─", scene.style(role));
        }
    }
}

/// The share that failed in each cell, by the samples that fall into it; a cell shorter than a sample shows that sample.
fn failing(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, axis: &Axis, places: &Places) {
    let room = scene.room;
    let slo = room.impact.slo.as_ref().and_then(|name| room.gauges.slo(name));
    let words = slo.map_or_else(|| "failing".to_owned(), |slo| format!("{} {}", clean(&slo.unit), slo.bad_in_words()));
    pen.put_cut(NAMES, 0, places.names_end.saturating_sub(NAMES), &words, scene.style(Role::Dim));
    let budget = slo.map_or(0.001, |slo| slo.objective.budget());
    let samples = &room.impact.samples;
    let step = samples.windows(2).find_map(|pair| match pair {
        [one, other] => Some(other.end.elapsed_since(one.end)).filter(|step| !step.is_zero()),
        _ => None,
    });
    let step = step.unwrap_or(STEP);
    let share_of = |start: Timestamp, end: Timestamp| {
        // A sample tells of the step that ends there.
        let first = samples.partition_point(|sample| sample.end <= start);
        let falls = samples.iter().skip(first).take_while(|sample| sample.end.minus(step) < end);
        let (bad, total) = falls.fold((0.0, 0.0), |(bad, total), sample| (bad + sample.bad, total + sample.total));
        (total > 0.0).then(|| bad / total)
    };
    for column in 0..pen.width().saturating_sub(places.axis) {
        let cell = axis.of_cell(column);
        let (sign, role) = match share_of(cell.start, cell.end) {
            None => ("·", Role::Faint),
            Some(share) if share > budget * 14.4 => (height(share), Role::Crit),
            Some(share) => (height(share), Role::Faint),
        };
        pen.put(places.axis + column, 0, sign, scene.style(role));
    }
    if let Some(share) = share_of(tree.start(), tree.end().max(tree.start().shifted(1))) {
        let role = if share > budget * 14.4 { Role::Crit } else { Role::Dim };
        pen.put_right(places.numbers_end, 0, &percent_text(share, 0), scene.style(role));
    }
}

/// One level's lines: a tick each, a number where several share a cell. False when there is none.
fn ticks(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, group: Level, axis: &Axis, places: &Places) -> bool {
    let Some(of) = lines(scene) else { return false };
    let raw = scene.room.waterfall.raw_clocks;
    let cells = pen.width().saturating_sub(places.axis);
    let mut counts = vec![0_usize; cells];
    let (mut all, mut before, mut after) = (0_usize, 0_usize, 0_usize);
    let mut selected = false;
    let chosen = scene.room.waterfall.investigation.selected();
    for (place, line) in of.lines.iter().enumerate().filter(|(_, line)| belongs(group, line.level)) {
        all += 1;
        let at = line_time(tree, line, raw);
        match axis.side(at) {
            Ordering::Less => before += 1,
            Ordering::Greater => after += 1,
            Ordering::Equal => {
                if let Some(count) = axis.column(at).and_then(|column| counts.get_mut(column)) {
                    *count += 1;
                }
            }
        }
        selected |= matches!(chosen, Some(Happening { thing: Thing::Line(of), .. }) if of == place);
    }
    if all == 0 {
        return false;
    }
    let name = if group == Level::Info { "other lines".to_owned() } else { format!("{} lines", group.word()) };
    pen.put(NAMES, 0, &name, scene.style(Role::Dim));
    let more = if of.more { "+" } else { "" };
    pen.put_right(places.numbers_end, 0, &format!("{all}{more}"), scene.style(Role::Text));
    let style = level::style(scene, group);
    for (column, count) in counts.into_iter().enumerate() {
        let sign = match count {
            0 => continue,
            1 => "│".to_owned(),
            2..=9 => count.to_string(),
            _ => "#".to_owned(),
        };
        pen.put(places.axis + column, 0, &sign, style);
    }
    if before > 0 {
        pen.put(places.axis, 0, "◂", style);
    }
    if after > 0 {
        pen.put_right(pen.width(), 0, "▸", style);
    }
    if selected {
        mark(pen, scene, 0);
    }
    true
}

/// What is being waited for where the lines should be.
fn lines_state(scene: &Scene<'_>) -> Option<(String, Role)> {
    match lines(scene).map(|of| (&of.state, of.lines.is_empty(), of.more)) {
        None => Some(("not asked for yet".to_owned(), Role::Dim)),
        Some((Loading::Asked { .. }, true, _)) => Some(("asked for …".to_owned(), Role::Dim)),
        Some((Loading::Failed { failure, .. }, ..)) => Some((format!("✗ {}", clean(&failure.to_string())), Role::Crit)),
        Some((_, true, _)) => Some(("none names this trace".to_owned(), Role::Dim)),
        Some(_) => None,
    }
}
