//! Pane 3: one trace as a tree with its bars, or the list of traces to choose from (`traces.rs`).

use super::{absent, attached, details, findings, minimap, traces, tree_text, twin, under};
use crate::domain::trace::{Arrival, Kept, Node, Rows, Tree};
use crate::room::{Pane, WaterfallView};
use crate::ui::clock::{age, axis, millis, since, took};
use crate::ui::pen::{Pen, Piece, pieces_width};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};
use crate::ui::widget::{Bars, Title, draw_holders};

mod ground;
mod investigation;
mod lanes;
mod waiting;

use waiting::{asked, is_opening, waiting};

/// Columns of the cursor and the mark, of "took", and of the gap before the bars.
const MARKS: usize = 3;
const TOOK: usize = 8;
const GAP: usize = 2;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let pane = &scene.room.waterfall;
    let focused = scene.has_focus(Pane::Waterfall);
    match pane.view {
        WaterfallView::List => return traces::title(scene),
        WaterfallView::Findings => return findings::title(scene),
        WaterfallView::Twin => return twin::title(scene),
        WaterfallView::Investigation => return investigation::title(scene),
        WaterfallView::Trace if is_opening(scene) => return traces::title(scene),
        WaterfallView::Trace => {}
    }
    let Some(tree) = &pane.tree else {
        return Title { number: "3", name: "Trace", detail: asked(scene), right: Vec::new(), focused, heads: false };
    };
    let mut right = Vec::new();
    if tree.partial().is_some() {
        right.push(("◑ partial  ".to_owned(), scene.style(Role::Warn)));
    }
    let strange = |moment| scene.room.lens.window.strange(moment, scene.room.now);
    if let Some(words) = strange(tree.start()).or_else(|| strange(tree.end())) {
        right.push((format!("{words}  "), scene.style(Role::Warn)));
    }
    if pane.critical_only {
        right.push(("critical path only  ".to_owned(), scene.style(Role::Warn)));
    }
    if let Some(rows) = pane.rows.as_ref().filter(|rows| rows.is_without_small()) {
        right.push((format!("{} below 2.5 % hidden  ", rows.small_hidden()), scene.style(Role::Warn)));
    }
    if let Arrival::Arriving { until } = Arrival::of(tree, scene.room.now) {
        let wait = until.elapsed_since(scene.room.now).as_secs();
        right.push((format!("◌ still arriving, read again in {wait} s  "), scene.style(Role::Warn)));
    } else if !tree.has_root() && !tree.is_empty() {
        right.push(("◌ its root was never received  ".to_owned(), scene.style(Role::Warn)));
    }
    if pane.raw_clocks {
        right.push(("raw clocks  ".to_owned(), scene.style(Role::Warn)));
    }
    if let Some(at) = pane.read_at.filter(|at| scene.room.now.elapsed_since(*at).as_secs() >= 30) {
        let ago = age(std::time::Duration::from_secs(since(scene.room, at)).as_secs_f64());
        let ago = if scene.room.is_thrifty() { format!("{} s", since(scene.room, at)) } else { ago };
        right.push((format!("read {ago} ago"), scene.style(Role::Dim)));
    } else if let Some(sampler) = scene.room.settings.sampler {
        let kept = Kept::why(tree, sampler);
        let stands = if kept.by_lot() { format!(", stands for {:.0}", kept.weight()) } else { String::new() };
        right.push((format!("kept: {kept}{stands}"), scene.style(Role::Dim)));
    }
    Title { number: "3", name: "Trace", detail: named(scene, tree), right, focused, heads: false }
}

/// The name, and before it the traces from which links were followed to it.
fn named(scene: &Scene<'_>, tree: &Tree) -> String {
    let name = clean(tree.name());
    match scene.room.waterfall.trail.last() {
        Some((from, _)) => format!("{} ⇢ {name}", from.short()),
        None => name.into_owned(),
    }
}

pub(in crate::ui) fn summary(scene: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    let pane = &scene.room.waterfall;
    let text = scene.style(Role::Text);
    match &pane.tree {
        // It names what its number opens.
        _ if pane.view == WaterfallView::List => traces::summary(scene),
        _ if pane.view == WaterfallView::Findings => {
            let Title { detail, right, .. } = findings::title(scene);
            (vec![(detail, text)], right)
        }
        Some(tree) => {
            let left = vec![
                (format!("{}  {}  ", clean(tree.name()), took(tree.duration_nanos())), text),
                (errors(tree), scene.style(Role::Crit)),
            ];
            (left, vec![(format!("{} spans", tree.span_count()), scene.style(Role::Dim))])
        }
        None => (
            vec![absent::in_short(scene, Pane::Waterfall).unwrap_or_else(|| (asked(scene), scene.style(Role::Dim)))],
            vec![(traces::count_words(scene), scene.style(Role::Dim))],
        ),
    }
}

fn errors(tree: &Tree) -> String {
    match (tree.errors(), tree.error_roots().len()) {
        (0, _) => "no error".to_owned(),
        (1, _) => "1 error ▲".to_owned(),
        (errors, 0) => format!("{errors} errors, all handled"),
        (errors, 1) => format!("{errors} errors, 1 starts here ▲"),
        (errors, roots) => format!("{errors} errors, {roots} start here ▲"),
    }
}

/// Tells how many rows the tree itself or the list has, so that the cursor scrolls by what shows.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) -> usize {
    let pane = &scene.room.waterfall;
    match pane.view {
        WaterfallView::Findings => {
            findings::draw(pen, scene);
            return pen.height();
        }
        WaterfallView::Twin => {
            twin::draw(pen, scene);
            return pen.height().saturating_sub(twin::HEAD);
        }
        WaterfallView::Investigation => {
            investigation::draw(pen, scene);
            return investigation::page(pen.height());
        }
        WaterfallView::Trace if is_opening(scene) => {
            traces::searching(pen, scene);
            return pen.height().saturating_sub(traces::HEAD);
        }
        WaterfallView::List | WaterfallView::Trace => {}
    }
    let (Some(tree), Some(rows), WaterfallView::Trace) = (&pane.tree, &pane.rows, pane.view) else {
        traces::draw(pen, scene);
        return pen.height().saturating_sub(traces::HEAD);
    };
    let mut y = 0;
    y += waiting(pen, scene, y, tree);
    first_line(pen, scene, y, tree);
    y += 1;
    let columns = Columns::new(pen.width(), scene.room.waterfall.divider);
    if has_axis(pen.width(), pen.height()) {
        axis_line(pen, scene, y, tree, &columns);
        y += 1;
    }
    holders_line(pen, scene, y, tree, &columns);
    y += 1;
    if has_minimap(pen.height(), rows) {
        pen.put(MARKS, y, "all of the trace", scene.style(Role::Dim));
        let shown: Vec<u32> = rows.visible().iter().copied().skip(pane.cursor.offset).take(pen.height()).collect();
        minimap::draw(&mut pen.part(columns.bars, y, usize::MAX, 1), scene, tree, &shown);
        y += 1;
    }
    let below = under::rows(scene, pen.width(), pen.height().saturating_sub(y), rows.visible().len());
    let height = pen.height().saturating_sub(y + below.len());
    draw_rows(&mut pen.rows(y, height), scene, tree, rows, &columns);
    let used = rows.visible().len().min(height);
    if under::is_details(&below) {
        let top = y + height;
        details::draw(&mut pen.rows(top, below.len()), scene);
        return height.max(1);
    }
    let free = height - used;
    for (at, row) in below.iter().enumerate() {
        under::draw_row(pen, scene, y + used + free.min(1) + at, row);
    }
    height.max(1)
}

/// Only a trace that does not fit needs a map.
fn has_minimap(height: usize, rows: &Rows) -> bool {
    height >= 10 && rows.visible().len() + 3 > height
}

/// Where rows are few the strip of who holds the time is axis enough.
const fn has_axis(width: usize, height: usize) -> bool {
    width >= 70 && height >= 18
}

fn first_line(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree) {
    let dim = scene.style(Role::Dim);
    let spans = format!("{} spans  ", tree.span_count());
    let full = scene.room.zoom != crate::room::Zoom::Normal && pen.width() >= 110;
    let id = if full { tree.trace().to_string() } else { tree.trace().short() };
    let mut pieces = vec![
        (format!("{id}  "), dim),
        (format!("{}  ", millis(scene.room, tree.start()).trim_end()), dim),
        (format!("{}  ", took(tree.duration_nanos())), scene.style(Role::Strong)),
        (spans, dim),
        (errors(tree), if tree.errors() > 0 { scene.style(Role::Crit) } else { scene.style(Role::Ok) }),
    ];
    // The errors and how long it took stay to the last.
    for place in [0, 0, 1] {
        if pieces_width(&pieces) + 1 > pen.width() {
            pieces.remove(place);
        }
    }
    let x = pen.put_all(1, y, &pieces);
    let clocks = tree.moved_clocks();
    // The clocks have words of their own, and stand last.
    let repaired = tree.warnings().len().saturating_sub(usize::from(!clocks.is_empty()));
    let words = tree.warnings().get(..repaired).unwrap_or_default().join("; ");
    let moved = clocks
        .first()
        .map_or_else(String::new, |(service, nanos)| format!("  clocks adjusted: {} {}", clean(service), took(*nanos)));
    let (words, count) =
        if repaired > 0 { (format!("  {words}"), format!("  {repaired} repaired")) } else { Default::default() };
    // What was repaired, or that it was: half a remark would be a riddle.
    let wordings = [words.clone() + &moved, count.clone() + &moved, words, count];
    if let Some(more) = wordings.iter().find(|more| x + width(more) <= pen.width()) {
        pen.put(x, y, more, scene.style(Role::Warn));
    }
}

struct Columns {
    /// Where the tree's text ends, "took" ends, and the bars begin.
    text: usize,
    took: usize,
    bars: usize,
}

impl Columns {
    fn new(width: usize, divider: i16) -> Self {
        // Of a narrow pane the tree has nearly a half, of a wide one rather less: the bars use the rest best.
        let usual = if width >= 110 {
            width * 38 / 100
        } else if width >= 75 {
            width * 41 / 100
        } else {
            width * 46 / 100
        };
        let tree = usual
            .saturating_add_signed(isize::from(divider))
            .clamp(18.min(width), width.saturating_sub(20).max(18.min(width)));
        let took = MARKS + tree.saturating_sub(MARKS) + TOOK - 1;
        Self { text: took.saturating_sub(TOOK), took, bars: took + GAP }
    }
}

fn axis_line(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree, columns: &Columns) {
    let dim = scene.style(Role::Dim);
    pen.put(MARKS, y, "service, operation", dim);
    pen.put_right(columns.took, y, "took", dim);
    let whole = tree.duration_nanos();
    let bars = pen.width().saturating_sub(columns.bars);
    pen.put(columns.bars, y, "0", dim);
    let parts: &[i64] = if bars >= 50 { &[1, 2, 3] } else { &[2] };
    for part in parts {
        let text = axis(whole / 4 * part, whole);
        let at = columns.bars + bars * usize::try_from(*part).unwrap_or(0) / 4;
        pen.put(at.saturating_sub(width(&text) / 2), y, &text, dim);
    }
    pen.put_right(pen.width(), y, &axis(whole, whole), dim);
}

fn holders_line(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree, columns: &Columns) {
    pen.put(MARKS, y, "who holds the time", scene.style(Role::Dim));
    if !has_axis(pen.width(), pen.height()) {
        pen.put_right(columns.took, y, "took", scene.style(Role::Dim));
    }
    let cells = pen.width().saturating_sub(columns.bars);
    draw_holders(&mut pen.part(columns.bars, y, cells, 1), scene, tree);
}

fn draw_rows(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, rows: &Rows, columns: &Columns) {
    let pane = &scene.room.waterfall;
    let first = pane.cursor.offset;
    let visible: Vec<u32> = rows.visible().iter().copied().skip(first).take(pen.height()).collect();
    let mut bars = Bars::new(tree, pane.raw_clocks);
    for (y, row) in visible.iter().enumerate() {
        if let Some(attached) = rows.attached(*row).and_then(|at| pane.attached.get(at)) {
            let (text, text_end) = (MARKS, columns.text);
            let places = attached::Places { text, text_end, took_end: columns.took, bars: columns.bars };
            attached::draw(pen, scene, y, tree, attached, &places);
        } else if let Some(node) = tree.row(*row) {
            draw_row(pen, scene, y, tree, rows, &node, columns);
            let style = bar_style(scene, &node);
            bars.draw(&mut pen.part(columns.bars, y, usize::MAX, 1), &node, style);
        }
        if first + y == pane.cursor.selected {
            pen.put(0, y, "▸", scene.style(Role::Focus));
            if scene.has_focus(Pane::Waterfall) {
                // Not the bar: its colour is the service's, and painting it costs a third of the bytes of a key.
                pen.tint(0, columns.took, y, scene.style(Role::Sel));
            }
        }
    }
}

fn bar_style(scene: &Scene<'_>, node: &Node<'_>) -> ratatui::style::Style {
    if node.is_error_root { scene.style(Role::Crit) } else { scene.theme.service(node.service) }
}

fn draw_row(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    y: usize,
    tree: &Tree,
    rows: &Rows,
    node: &Node<'_>,
    columns: &Columns,
) {
    if node.is_error_root {
        pen.put(1, y, "▲", scene.style(Role::Crit));
    } else if node.is_error {
        pen.put(1, y, "△", scene.style(Role::Crit));
    }
    let guides = tree_text::guides(tree, rows, node, columns.text.saturating_sub(MARKS) / 2);
    let mut x = pen.put(MARKS, y, &guides, scene.style(Role::Faint));
    let space = |x: usize| columns.text.saturating_sub(x);
    if let Some(missing) = node.missing {
        let words = format!("╌ missing span {missing}");
        pen.put_cut(x, y, space(x), &words, scene.style(Role::Warn));
    } else {
        if tree_text::changes_service(tree, node) {
            let service = clean(node.service);
            x = pen.put_cut(x, y, space(x), &service, scene.theme.service(node.service));
            x = pen.put(x, y, " ", scene.style(Role::Text));
        }
        let weight = if node.is_error_root { Role::Strong } else { Role::Text };
        let hidden =
            if rows.is_folded(node.row) { format!(" +{}", rows.hidden_below(node.row)) } else { String::new() };
        let gap = scene.room.waterfall.propagation.at(node.row);
        let gap = gap.map_or_else(String::new, |gap| format!(" ╌{}", gap.reason.code()));
        let links = if node.span.is_some_and(|span| !span.links.is_empty()) { " ⇢" } else { "" };
        let after = format!("{hidden}{gap}{links}");
        let cells = space(x).saturating_sub(width(&after));
        x = pen.put_cut(x, y, cells, &clean(node.name), scene.style(weight));
        pen.put(x, y, &after, scene.style(Role::Warn));
    }
    let weight = if node.is_error_root { Role::Strong } else { Role::Dim };
    pen.put_right(columns.took, y, &took(node.duration_nanos), scene.style(weight));
}
