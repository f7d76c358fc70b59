//! One timeline for one trace: what changed, alerts, notes, the failing share, the trace's lines by level and its spans, all
//! under one axis. Every column here comes from that one axis. Not the lanes above the spans: `lanes.rs`.

use super::super::{level, tree_text};
use super::ground::{NAMES, Places, lines, mark};
use super::{lanes, waiting};
use crate::domain::trace::{Node, Rows, Section, Tree};
use crate::domain::{Axis, Timestamp};
use crate::room::{Happening, Pane, Thing};
use crate::ui::clock::{millis, seconds, took};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};
use crate::ui::widget::Title;

/// Rows above the spans: the axis and the lanes that always stand there. Those of lines come on top.
const AXIS: usize = 1;
/// A shorter window is told to the millisecond.
const FINE: i64 = 120 * 1_000_000_000;

pub(super) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let pane = &scene.room.waterfall;
    let window = pane.investigation.window;
    let detail = match &pane.tree {
        Some(tree) => format!("{}  {}", clean(tree.name()), tree.trace().short()),
        None => waiting::asked(scene),
    };
    let across = (format!("{} across", took(window.end.since(window.start))), scene.style(Role::Dim));
    let right = if pane.tree.is_some() { vec![across] } else { Vec::new() };
    Title { number: "3", name: "One timeline", detail, right, focused: scene.has_focus(Pane::Waterfall), heads: false }
}

/// Rows of one page.
pub(super) fn page(height: usize) -> usize {
    (height / 2).max(1)
}

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let pane = &scene.room.waterfall;
    let (Some(tree), Some(rows)) = (&pane.tree, &pane.rows) else { return };
    let mut y = waiting::waiting(pen, scene, 0, tree);
    let places = Places::new(pen.width(), pane.divider);
    let axis = Axis::new(pane.investigation.window, pen.width().saturating_sub(places.axis));
    let selected = pane.investigation.selected();
    let at = selected.and_then(|happening| axis.column(happening.at));
    // The column of what is selected goes through everything; what stands there is drawn over it.
    let foot = usize::from(pen.height() >= 8) + usize::from(pen.height() >= 24);
    let last = pen.height().saturating_sub(foot);
    if let Some(column) = at {
        for y in y + AXIS..(y + AXIS + lanes::rows(scene) + rows.visible().len()).min(last) {
            pen.put(places.axis + column, y, "┊", scene.style(Role::Focus));
        }
    }
    times(pen, scene, y, &axis, &places, at);
    y += AXIS;
    y += lanes::draw(&mut pen.rows(y, last.saturating_sub(y)), scene, tree, &axis, &places);
    let height = last.saturating_sub(y);
    spans(&mut pen.rows(y, height), scene, tree, rows, &axis, &places);
    if foot > 0 {
        let y = pen.height() - 1;
        told(&mut pen.rows(y, 1), scene, tree, selected);
    }
}

/// The ends of the window, and the moment of what is selected between them.
fn times(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, axis: &Axis, places: &Places, at: Option<usize>) {
    let dim = scene.style(Role::Dim);
    let window = axis.window();
    let fine = window.end.since(window.start) < FINE;
    let clock = |moment: Timestamp| {
        let text = if fine { millis(scene.room, moment) } else { seconds(scene.room, moment) };
        text.trim_end().to_owned()
    };
    let (from, to) = (clock(window.start), clock(window.end));
    pen.put(NAMES, y, "all on one axis", dim);
    let free = pen.put(places.axis, y, &from, dim) + 1;
    let end = pen.width().saturating_sub(width(&to));
    if end > free {
        pen.put(end, y, &to, dim);
    }
    if let Some(column) = at {
        let x = places.axis + column;
        if x >= free && x + 1 < end {
            pen.put(x, y, "▼", scene.style(Role::Focus));
        }
    }
}

/// The rows around the selected one.
fn spans(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, rows: &Rows, axis: &Axis, places: &Places) {
    let pane = &scene.room.waterfall;
    let visible: Vec<u32> = rows.visible().iter().copied().filter(|row| tree.row(*row).is_some()).collect();
    let chosen = pane.investigation.selected().map(|happening| happening.thing);
    let focus = match chosen {
        Some(Thing::Span(row)) => visible.iter().position(|seen| *seen == row),
        _ => rows.position(pane.selected_row().unwrap_or(0)),
    };
    let height = pen.height();
    let first = focus.unwrap_or(0).saturating_sub(height / 2).min(visible.len().saturating_sub(height));
    for (y, row) in visible.iter().skip(first).take(height).enumerate() {
        let Some(node) = tree.row(*row) else { continue };
        span(pen, scene, y, tree, rows, &node, axis, places);
        if chosen == Some(Thing::Span(*row)) {
            mark(pen, scene, y);
        }
    }
    let hidden = visible.len().saturating_sub(first + height);
    if hidden > 0 && height > 0 {
        pen.put_right(places.names_end, height - 1, &format!(" {hidden} more"), scene.style(Role::Dim));
    }
}

#[expect(clippy::too_many_arguments, reason = "a row of the tree needs its tree, its fold and its axis")]
fn span(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    y: usize,
    tree: &Tree,
    rows: &Rows,
    node: &Node<'_>,
    axis: &Axis,
    places: &Places,
) {
    let (sign, role) = match (node.is_error_root, node.is_error) {
        (true, _) => ("▲", Role::Crit),
        (_, true) => ("△", Role::Crit),
        _ => (" ", Role::Text),
    };
    pen.put(1, y, sign, scene.style(role));
    let guides = tree_text::guides(tree, rows, node, places.names_end.saturating_sub(NAMES) / 2);
    let mut x = pen.put(NAMES, y, &guides, scene.style(Role::Faint));
    if tree_text::changes_service(tree, node) {
        let cells = places.names_end.saturating_sub(x);
        x = pen.put_cut(x, y, cells, &clean(node.service), scene.theme.service(node.service));
        x = pen.put(x, y, " ", scene.style(Role::Text));
    }
    let weight = if node.is_error_root { Role::Strong } else { Role::Text };
    let name =
        node.missing.map_or_else(|| clean(node.name).into_owned(), |missing| format!("╌ missing span {missing}"));
    pen.put_cut(x, y, places.names_end.saturating_sub(x), &name, scene.style(weight));
    pen.put_right(places.numbers_end, y, &took(node.duration_nanos), scene.style(Role::Dim));
    bar(&mut pen.part(places.axis, y, usize::MAX, 1), scene, tree, node, axis);
}

/// Thick where the span held up the trace, thin where it waited; at an edge an arrow to where it lies outside.
fn bar(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, node: &Node<'_>, axis: &Axis) {
    let raw = scene.room.waterfall.raw_clocks;
    let shift = if raw { node.skew_nanos.saturating_neg() } else { 0 };
    let style = if node.is_error_root { scene.style(Role::Crit) } else { scene.theme.service(node.service) };
    let (start, end) = (node.start.shifted(shift), node.end_time.shifted(shift));
    let Some((from, to)) = axis.stretch(start, end) else {
        let (x, sign) = if axis.side(end).is_lt() { (0, "◂") } else { (pen.width().saturating_sub(1), "▸") };
        pen.put(x, 0, sign, scene.style(Role::Faint));
        return;
    };
    pen.repeat(from, to + 1, 0, "─", style);
    let window = axis.window();
    let cell = window.end.since(window.start) / i64::try_from(pen.width().max(1)).unwrap_or(1);
    let own = |section: &&Section| section.span == node.row;
    for section in tree.critical().iter().filter(own) {
        // A hair of thickness would be read as a share.
        if section.nanos() < cell / 4 && node.critical_nanos < node.duration_nanos / 2 {
            continue;
        }
        if let Some((from, to)) = axis.stretch(section.start.shifted(shift), section.end.shifted(shift)) {
            pen.repeat(from, to + 1, 0, "━", style);
        }
    }
}

/// What is selected, in one row.
fn told(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, selected: Option<Happening>) {
    let Some(Happening { at, thing }) = selected else {
        pen.put(1, 0, "nothing is known of this trace yet", scene.style(Role::Dim));
        return;
    };
    let dim = scene.style(Role::Dim);
    let mut x = pen.put(1, 0, &format!("{}  ", millis(scene.room, at).trim_end()), dim);
    let (role, words) = match thing {
        Thing::Span(row) => {
            let Some(node) = tree.row(row) else { return };
            let error = match (node.is_error_root, node.is_error) {
                (true, _) => ", the error starts here ▲",
                (_, true) => ", passes the error on △",
                _ => "",
            };
            let words = format!("{} {}  {}{error}", clean(node.service), clean(node.name), took(node.duration_nanos));
            (Role::Text, words)
        }
        Thing::Line(place) => {
            let Some(line) = lines(scene).and_then(|of| of.lines.get(place)) else { return };
            x = pen.put(x, 0, &format!("{} ", line.level.word()), level::style(scene, line.level));
            let moved = at.since(line.time);
            let clock = if moved == 0 {
                String::new()
            } else {
                format!("  (its clock said {})", millis(scene.room, line.time).trim_end())
            };
            (Role::Text, format!("{} {}{clock}", clean(&line.service), clean(line.text())))
        }
        Thing::Entry(id) => {
            let Some(entry) = scene.room.timeline.timeline.get(id) else { return };
            let away = tree.start().since(at);
            let when = match away {
                away if away > 0 => format!("  {} before the trace", took(away)),
                _ if at > tree.end() => format!("  {} after the trace", took(at.since(tree.end()))),
                _ => "  while the trace ran".to_owned(),
            };
            (Role::Text, format!("{} {}{when}", clean(&entry.author), clean(&entry.text)))
        }
    };
    let cells = pen.width().saturating_sub(x);
    pen.put_cut(x, 0, cells, &words, scene.style(role));
}
