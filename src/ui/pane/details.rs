//! The selected span in full: what it says of itself at the left, what happened in it at the right. And the two rows that
//! stand for it where there is less room.

mod gap;
mod groups;
mod others;
#[cfg(test)]
mod tests;

use ratatui::style::{Modifier, Style};

use self::groups::{grouped, value_text};
use crate::domain::Timestamp;
use crate::domain::signal::{Event, Kind, Span, Status};
use crate::domain::trace::{Node, Tree};
use crate::room::Command;
use crate::ui::clock;
use crate::ui::pen::{Pen, Piece, pieces_width};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, cut_middle, width};
use crate::ui::widget::flow;

/// The width of a key and where its value begins.
const KEY: usize = 16;
/// Below this width the events stand under the attributes.
const SIDE_BY_SIDE: usize = 90;
/// Rows beyond which nobody's screen goes.
const MOST: usize = 200;
/// Of an attribute, for a short row.
const SHORT_VALUE: usize = 24;

fn selected<'a>(scene: &Scene<'a>) -> Option<(&'a Tree, Node<'a>)> {
    let waterfall = &scene.room.waterfall;
    let tree = waterfall.tree.as_deref()?;
    Some((tree, tree.row(waterfall.selected_row()?)?))
}

/// Whether a row is selected that nobody received.
pub(in crate::ui) fn is_inferred(scene: &Scene<'_>) -> bool {
    gap::selected(scene).is_some() || selected(scene).is_some_and(|(_, node)| node.missing.is_some())
}

/// The heading's row and the two blocks under it. Draws nothing while no span is selected.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    if let Some((tree, attached, stitch)) = gap::selected(scene) {
        gap::draw(pen, scene, tree, attached, stitch);
        return;
    }
    let Some((tree, node)) = selected(scene) else { return };
    draw_heading(pen, scene, tree, &node);
    let (cells, height) = (pen.width(), pen.height());
    let body = height.saturating_sub(1);
    if cells < SIDE_BY_SIDE {
        let lines = right(scene, tree, &node, cells.saturating_sub(2), body);
        // Of a span that was not received its own side has five rows.
        let most = if node.missing.is_some() { body.saturating_sub(5) } else { body / 2 };
        let needed = if lines.len() > 1 { lines.len().min(most) } else { 0 };
        draw_left(&mut pen.rows(1, body - needed), scene, tree, &node);
        put_lines(&mut pen.rows(1 + body - needed, needed), &lines);
        return;
    }
    let at = cells * 13 / 25;
    draw_left(&mut pen.part(0, 1, at, body), scene, tree, &node);
    for y in 0..height {
        pen.put(at, y, if y == 0 { "┬" } else { "│" }, scene.style(Role::Faint));
    }
    let lines = right(scene, tree, &node, cells.saturating_sub(at + 3), body);
    put_lines(&mut pen.part(at + 1, 1, usize::MAX, body), &lines);
}

/// The rows that all of it would take in a pane of this width, its heading included; 0 while no span is selected.
pub(in crate::ui) fn wanted(scene: &Scene<'_>, cells: usize) -> usize {
    if let Some((tree, attached, stitch)) = gap::selected(scene) {
        return 1 + gap::of_proposal(scene, tree, attached, stitch, cells.saturating_sub(2)).len();
    }
    let Some((tree, node)) = selected(scene) else { return 0 };
    let is_wide = cells >= SIDE_BY_SIDE;
    let own = left(scene, tree, &node, cells).len();
    let space = if is_wide { cells.saturating_sub(cells * 13 / 25 + 3) } else { cells.saturating_sub(2) };
    let beside = right(scene, tree, &node, space, MOST).len();
    1 + if is_wide { own.max(beside) } else { own + beside }
}

fn put_lines(pen: &mut Pen<'_>, lines: &[Vec<Piece>]) {
    for (y, line) in lines.iter().enumerate() {
        pen.put_all(1, y, line);
    }
}

fn draw_heading(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, node: &Node<'_>) {
    let to = pen.width();
    pen.repeat(0, to, 0, "─", scene.style(Role::Faint));
    let x = pen.put(1, 0, " Span ", scene.style(Role::Strong));
    let x = pen.put_cut(x, 0, 24, &clean(node.service), scene.theme.service(node.service));
    let x = pen.put(x, 0, " ", Style::new());
    let space = to.saturating_sub(x + 24);
    let x = pen.put_cut(x, 0, space, &clean(node.name), scene.style(Role::Strong));
    let kind = match node.kind {
        Kind::Unspecified => "",
        Kind::Internal => "internal, ",
        Kind::Server => "server, ",
        Kind::Client => "client, ",
        Kind::Producer => "producer, ",
        Kind::Consumer => "consumer, ",
    };
    pen.put(x, 0, &format!(" {kind}{} of {} ", node.row + 1, tree.len()), scene.style(Role::Dim));
}

/// A row of the left block.
enum Said {
    Blank,
    Row { key: String, value: Vec<Piece> },
}

fn left(scene: &Scene<'_>, tree: &Tree, node: &Node<'_>, cells: usize) -> Vec<Said> {
    let space = cells.saturating_sub(KEY + 3);
    let mut rows = facts(scene, tree, node, space);
    if let Some(span) = node.span {
        for group in grouped(span, &scene.room.settings.business_keys) {
            rows.push(Said::Blank);
            for (key, value) in group {
                let text = clean(&value_text(value)).into_owned();
                // Of an id both ends tell something, of a text the beginning.
                let shown = if text.contains(' ') { cut(&text, space) } else { cut_middle(&text, space) };
                let piece = (shown.into_owned(), scene.style(Role::Text));
                rows.push(Said::Row { key: clean(key).into_owned(), value: vec![piece] });
            }
        }
    }
    rows
}

fn draw_left(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, node: &Node<'_>) {
    let (cells, height) = (pen.width(), pen.height());
    let mut rows = left(scene, tree, node, cells);
    if rows.len() > height {
        rows.retain(|row| !matches!(row, Said::Blank));
    }
    let hidden = rows.len().saturating_sub(height);
    let shown = if hidden > 0 { height.saturating_sub(1) } else { height };
    for (y, row) in rows.iter().take(shown).enumerate() {
        if let Said::Row { key, value } = row {
            pen.put(1, y, &cut_middle(key, KEY), scene.style(Role::Dim));
            pen.put_all(KEY + 2, y, value);
        }
    }
    if hidden > 0 {
        let key = scene.keymap().first_key(Command::FilterByValue).unwrap_or_default();
        pen.put(1, shown, &format!("… {} more: {key} lists all values", hidden + 1), scene.style(Role::Dim));
    }
}

/// Status, time, place in the tree.
fn facts(scene: &Scene<'_>, tree: &Tree, node: &Node<'_>, space: usize) -> Vec<Said> {
    let (text, dim, strong) = (scene.style(Role::Text), scene.style(Role::Dim), scene.style(Role::Strong));
    let row = |key: &str, value: Vec<Piece>| Said::Row { key: key.to_owned(), value };
    let mut rows = vec![row("status", status(scene, node, space))];
    let whole = tree.duration_nanos();
    let mut took = vec![(clock::took(node.duration_nanos), strong)];
    if whole > 0 {
        let share = node.duration_nanos as f64 / whole as f64;
        took.push((format!(", {} of the trace", crate::domain::slo::percent_text(share, 1)), dim));
    }
    took.push(match node.self_nanos {
        own if own >= node.duration_nanos => (", all its own".to_owned(), dim),
        own => (format!(", {} its own", clock::took(own)), dim),
    });
    rows.push(row("took", took));
    if node.critical_nanos > 0 {
        rows.push(row("on the path", vec![(clock::took(node.critical_nanos), text)]));
    }
    let from = format!("{} to {}", offset(tree, node.start), offset(tree, node.end_time));
    rows.push(row("from", vec![(from, text)]));
    if node.skew_nanos != 0 {
        let moved = format!("moved by {}", clock::took(node.skew_nanos));
        rows.push(row("clock", vec![(moved, text), (", to fit its parent".to_owned(), dim)]));
    }
    if let Some(parent) = node.parent.and_then(|parent| tree.row(parent)) {
        rows.push(row(
            "parent",
            vec![
                (format!("{} ", clean(parent.service)), scene.theme.service(parent.service)),
                (clean(parent.name).into_owned(), text),
            ],
        ));
    }
    if let Some(span) = node.span {
        rows.push(row("span id", vec![(span.id.to_string(), dim)]));
    } else if let Some(missing) = node.missing {
        rows.push(row("span id", vec![(missing.to_string(), dim), (", never received".to_owned(), dim)]));
    }
    rows
}

fn status(scene: &Scene<'_>, node: &Node<'_>, space: usize) -> Vec<Piece> {
    let (text, crit) = (scene.style(Role::Text), scene.style(Role::Crit).add_modifier(Modifier::BOLD));
    let where_from = if node.is_error_root {
        "  ▲ starts here"
    } else if node.is_handled {
        "  starts here, dealt with above"
    } else {
        "  △ passed on"
    };
    match node.span.map(|span| &span.status) {
        None => vec![("missing: the span was not received".to_owned(), scene.style(Role::Warn))],
        Some(Status::Error(message)) => vec![
            ("error ".to_owned(), crit),
            (cut(&clean(message), space.saturating_sub(6 + width(where_from))).into_owned(), text),
            (where_from.to_owned(), scene.style(Role::Crit)),
        ],
        Some(_) if node.is_error => {
            vec![("error".to_owned(), crit), (where_from.to_owned(), scene.style(Role::Crit))]
        }
        Some(_) if node.client_error => vec![("refused: the caller's fault (4xx)".to_owned(), text)],
        Some(Status::Ok) => vec![("ok".to_owned(), scene.style(Role::Ok))],
        Some(Status::Unset) => vec![("no error".to_owned(), text)],
    }
}

/// From the start of the trace, `+2.446 s`: finer than a duration, since it is compared with others.
fn offset(tree: &Tree, at: Timestamp) -> String {
    let nanos = at.since(tree.start());
    let sign = if nanos < 0 { "−" } else { "+" };
    let away = nanos.saturating_abs();
    if (1_000_000_000..100_000_000_000).contains(&away) {
        return format!("{sign}{:.3} s", away as f64 / 1e9);
    }
    format!("{sign}{}", clock::took(away))
}

/// What happened in the span, where it leads, what was wrong with it; as many rows as there are.
fn right(scene: &Scene<'_>, tree: &Tree, node: &Node<'_>, cells: usize, rows: usize) -> Vec<Vec<Piece>> {
    let (text, dim, strong) = (scene.style(Role::Text), scene.style(Role::Dim), scene.style(Role::Strong));
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    let Some(span) = node.span else {
        lines.extend(gap::of_missing(scene, tree, node, cells));
        lines.truncate(rows);
        return lines;
    };
    let head = |lines: &mut Vec<Vec<Piece>>, said: &str| {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.push(vec![(said.to_owned(), strong)]);
    };
    if !span.events.is_empty() {
        head(&mut lines, "Events of this span");
    }
    for event in span.events.iter().take(rows) {
        // The clock of the span is that of its events.
        let at = offset(tree, event.time.shifted(node.skew_nanos));
        let is_exception = event.name == "exception";
        let look = if is_exception { scene.style(Role::Crit).add_modifier(Modifier::BOLD) } else { text };
        let left = width(&at) + 1;
        let said = [(format!("{} ", clean(&event.name)), look), (told(event), text)];
        for (row, line) in flow(&said, cells.saturating_sub(left), 3).into_iter().enumerate() {
            let lead = if row == 0 { format!("{at} ") } else { " ".repeat(left) };
            lines.push(std::iter::once((lead, dim)).chain(line).collect());
        }
    }
    if !span.links.is_empty() {
        head(&mut lines, "Links");
    }
    for link in span.links.iter().take(rows) {
        let to = link.span.map_or_else(String::new, |span| format!("  span {}", span.short()));
        let own = if link.trace == tree.trace() { "in this trace".to_owned() } else { format!("trace {}", link.trace) };
        lines.push(vec![("⇢ ".to_owned(), dim), (format!("{own}{to}"), text)]);
    }
    for (title, part) in others::parts(scene, tree, node) {
        head(&mut lines, &title);
        lines.extend(part);
    }
    let warnings = node.warnings.iter().map(|warning| clean(warning).into_owned()).take(rows);
    let warnings: Vec<String> = warnings.collect();
    if !warnings.is_empty() {
        head(&mut lines, "Not as it should be");
    }
    for warning in warnings {
        lines.extend(flow(&[("! ".to_owned() + &warning, scene.style(Role::Warn))], cells, 2));
    }
    lines.truncate(rows);
    lines
}

/// Type and message of an exception, else its attributes.
fn told(event: &Event) -> String {
    let of = |key: &str| event.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value_text(value));
    let said = match (of("exception.type"), of("exception.message")) {
        (Some(kind), Some(message)) => format!("{kind}: {message}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => {
            let pairs = event.attributes.iter().take(8).map(|(key, value)| format!("{key}={}", value_text(value)));
            pairs.collect::<Vec<_>>().join("  ")
        }
    };
    clean(&said).into_owned()
}

/// Two rows for where there is no room for more: what it is and why it failed; its most telling attributes. Between them
/// why its context was lost, if it was. Empty while no span is selected.
pub(in crate::ui) fn line(scene: &Scene<'_>, cells: usize) -> Vec<Vec<Piece>> {
    let Some((_, node)) = selected(scene) else { return Vec::new() };
    let (text, dim) = (scene.style(Role::Text), scene.style(Role::Dim));
    let mut first: Vec<Piece> = vec![
        (format!("{} ", cut(&clean(node.service), 20)), scene.theme.service(node.service)),
        (clean(node.name).into_owned(), scene.style(Role::Strong)),
    ];
    let why = node.span.map(why).unwrap_or_default();
    if !why.is_empty() {
        first.push((format!("  {}", clean(&why)), scene.style(if node.is_error { Role::Crit } else { Role::Text })));
    }
    let mut second: Vec<Piece> = Vec::new();
    for (key, value) in node.span.map(|span| short_pairs(scene, span)).unwrap_or_default() {
        let gap = if second.is_empty() { "" } else { "  " };
        let pair = [(format!("{gap}{key} "), dim), (cut_middle(&value, SHORT_VALUE).into_owned(), text)];
        if pieces_width(&second) + pieces_width(&pair) > cells {
            break;
        }
        second.extend(pair);
    }
    // A code in the tree is a sentence here: what is missing explains more than what is there.
    let gap = scene.room.waterfall.propagation.gaps.iter().find(|gap| gap.row == node.row).map(|gap| {
        let code = (format!("{}  ", gap.reason.code()), scene.style(Role::Warn));
        fitted(vec![code, (clean(&gap.reason.to_string()).into_owned(), text)], cells)
    });
    std::iter::once(fitted(first, cells)).chain(gap).chain([second]).collect()
}

/// Why it failed, in its own words.
fn why(span: &Span) -> String {
    if let Status::Error(message) = &span.status
        && !message.is_empty()
    {
        return message.to_string();
    }
    let exception = span.events.iter().rev().find(|event| event.name == "exception");
    exception.map(told).unwrap_or_default()
}

/// Dependency first, then business: one row tells what was called and for whom.
fn short_pairs(scene: &Scene<'_>, span: &Span) -> Vec<(String, String)> {
    let [business, dependency, _] = grouped(span, &scene.room.settings.business_keys);
    let pairs = dependency.iter().take(3).chain(business.iter()).chain(dependency.iter().skip(3)).take(10);
    pairs.map(|(key, value)| (clean(key).into_owned(), clean(&value_text(value)).into_owned())).collect()
}

/// Cuts the last piece that does not fit.
fn fitted(pieces: Vec<Piece>, cells: usize) -> Vec<Piece> {
    let mut used = 0;
    let mut kept: Vec<(String, Style)> = Vec::new();
    for (text, style) in pieces {
        let shown = cut(&text, cells.saturating_sub(used)).into_owned();
        used += width(&shown);
        kept.push((shown, style));
    }
    kept
}
