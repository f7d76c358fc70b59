//! A trace beside its healthy twin: which spans each has alone, which took longer, which values differ.

use crate::domain::trace::{Pair, Tree};
use crate::room::{Pane, Twin};
use crate::ui::clock::took;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::Title;

/// Rows above the list.
pub(in crate::ui) const HEAD: usize = 2;
const TEXT: usize = 3;
/// Columns of a duration.
const TOOK: usize = 9;

/// `240 ms, 10 times faster`.
pub(super) fn words(tree: &Tree, twin: &Twin) -> String {
    let (ours, theirs) = (tree.duration_nanos(), twin.tree.duration_nanos());
    let times = ours as f64 / theirs.max(1) as f64;
    match times {
        times if times >= 1.5 => format!("{}, {times:.0} times faster", took(theirs)),
        times if times <= 0.67 => format!("{}, slower than this", took(theirs)),
        _ => format!("{}, as fast", took(theirs)),
    }
}

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let pane = &scene.room.waterfall;
    let detail = pane.tree.as_ref().map(|tree| clean(tree.name()).into_owned()).unwrap_or_default();
    let right = pane.twin.as_ref().map(|twin| {
        let found = &twin.comparison;
        (
            format!("{} only here, {} only in the twin, {} slower", found.only_here, found.only_twin, found.slower),
            scene.style(Role::Dim),
        )
    });
    Title {
        number: "3",
        name: "Beside its twin",
        detail,
        right: right.into_iter().collect(),
        focused: scene.has_focus(Pane::Waterfall),
        heads: false,
    }
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let pane = &scene.room.waterfall;
    let (Some(tree), Some(twin)) = (&pane.tree, &pane.twin) else { return };
    let dim = scene.style(Role::Dim);
    let name = (pen.width() / 2).min(52);
    let x =
        pen.put(1, 0, &format!("{}  {}", tree.trace().short(), took(tree.duration_nanos())), scene.style(Role::Text));
    pen.put_cut(
        x,
        0,
        usize::MAX,
        &format!("   healthy twin {}  {}", twin.tree.trace().short(), words(tree, twin)),
        scene.style(Role::Ok),
    );
    pen.put(TEXT, 1, "service, operation", dim);
    for (at, head) in ["here", "twin", "longer"].iter().enumerate() {
        pen.put_right(name + TOOK * (at + 1), 1, head, dim);
    }
    let shown = twin.comparison.pairs.len().saturating_sub(pane.twin_cursor.offset);
    if let Some(pair) = twin.comparison.pairs.get(pane.twin_cursor.selected) {
        draw_difference(pen, scene, HEAD + shown + 1, pair);
    }
    let rows = twin.comparison.pairs.iter().enumerate().skip(pane.twin_cursor.offset);
    for (y, (at, pair)) in rows.take(pen.height().saturating_sub(HEAD)).enumerate() {
        draw_pair(pen, scene, y + HEAD, tree, &twin.tree, pair, name);
        if at == pane.twin_cursor.selected {
            pen.put(0, y + HEAD, "▸", scene.style(Role::Focus));
            if scene.has_focus(Pane::Waterfall) {
                pen.tint(0, usize::MAX, y + HEAD, scene.style(Role::Sel));
            }
        }
    }
}

fn draw_pair(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree, twin: &Tree, pair: &Pair, name: usize) {
    let (ours, theirs) = (pair.here.and_then(|row| tree.row(row)), pair.twin.and_then(|row| twin.row(row)));
    let Some(node) = ours.or(theirs) else { return };
    let (sign, role) = match (ours.is_some(), theirs.is_some()) {
        (true, false) => ("+", Role::Crit),
        (false, true) => ("−", Role::Ok),
        _ if ours.is_some_and(|node| node.is_error_root) => ("▲", Role::Crit),
        _ => (" ", Role::Text),
    };
    pen.put(1, y, sign, scene.style(role));
    let x = TEXT + usize::from(pair.depth).min(name / 3);
    let x = pen.put_cut(x, y, name.saturating_sub(x), &clean(node.service), scene.theme.service(node.service));
    pen.put_cut(x + 1, y, name.saturating_sub(x + 1), &clean(node.name), scene.style(Role::Text));
    let duration = |nanos: Option<i64>| nanos.map_or_else(|| "–".to_owned(), took);
    pen.put_right(name + TOOK, y, &duration(ours.map(|node| node.duration_nanos)), scene.style(Role::Text));
    pen.put_right(name + TOOK * 2, y, &duration(theirs.map(|node| node.duration_nanos)), scene.style(Role::Dim));
    let notable =
        pair.longer_nanos.unsigned_abs() > tree.duration_nanos().max(twin.duration_nanos()).unsigned_abs() / 100;
    if notable {
        let sign = if pair.longer_nanos > 0 { "+" } else { "−" };
        let weight = if pair.longer_nanos > 0 { Role::Strong } else { Role::Dim };
        let words = format!("{sign}{}", took(pair.longer_nanos.saturating_abs()));
        pen.put_right(name + TOOK * 3, y, &words, scene.style(weight));
    }
    let said = match (ours.is_some(), theirs.is_some()) {
        (true, false) => "only here".to_owned(),
        (false, true) => "twin only".to_owned(),
        _ => pair
            .values
            .iter()
            .map(|(key, here, there)| format!("{key} {here}, there {there}"))
            .collect::<Vec<_>>()
            .join("; "),
    };
    pen.put_cut(name + TOOK * 3 + 2, y, usize::MAX, &clean(&said), scene.style(Role::Dim));
}

/// Under the list, where there is room: every value that differs, whole, a row each.
fn draw_difference(pen: &mut Pen<'_>, scene: &Scene<'_>, top: usize, pair: &Pair) {
    let rows = pen.height().saturating_sub(top);
    for (y, (key, here, there)) in (top..).zip(pair.values.iter().take(rows)) {
        let x = pen.put(1, y, &format!("{} ", clean(key)), scene.style(Role::Dim));
        let x = pen.put(x, y, &clean(here), scene.style(Role::Strong));
        let x = pen.put(x, y, " here, ", scene.style(Role::Dim));
        let x = pen.put(x, y, &clean(there), scene.style(Role::Text));
        pen.put_cut(x, y, usize::MAX, " there", scene.style(Role::Dim));
    }
}

/// For the details of a span: what is in its place in the twin.
pub(super) fn of_span(scene: &Scene<'_>, row: u32) -> Vec<Vec<Piece>> {
    let pane = &scene.room.waterfall;
    let (Some(tree), Some(twin)) = (&pane.tree, &pane.twin) else { return Vec::new() };
    let Some(pair) = twin.comparison.of_row(row) else { return Vec::new() };
    let text = scene.style(Role::Text);
    let Some(other) = pair.twin.and_then(|row| twin.tree.row(row)) else {
        return vec![vec![(format!("no such span in {}", twin.tree.trace().short()), text)]];
    };
    let same = tree.row(row).is_some_and(|node| node.name == other.name);
    let name = if same { String::new() } else { format!("{} ", clean(other.name)) };
    let mut lines = vec![vec![(format!("{name}took {}", took(other.duration_nanos)), text)]];
    for (key, here, there) in pair.values.iter().filter(|(key, ..)| key != "name") {
        lines.push(vec![(format!("{} {} there, {} here", clean(key), clean(there), clean(here)), text)]);
    }
    lines
}
