//! All of a trace in one row, for a trace that does not fit: how much runs at each moment, where errors start, and which
//! part of it is on the screen.

use crate::domain::Timestamp;
use crate::domain::trace::Tree;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;

const STEPS: [&str; 7] = ["▁", "▂", "▃", "▄", "▅", "▆", "▆"];

/// Over the width of the pen. `rows` are those on the screen: what they span is bright.
pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, tree: &Tree, rows: &[u32]) {
    let cells = pen.width();
    if cells == 0 || tree.is_empty() {
        return;
    }
    let whole = tree.duration_nanos().max(1);
    let wide = i64::try_from(cells).unwrap_or(i64::MAX);
    let at = |moment: Timestamp| {
        let nanos = moment.since(tree.start()).max(0);
        // Only of a trace of months is the product too large; it is then less exact, and nobody sees it.
        let cell = nanos.checked_mul(wide).map_or_else(|| nanos / (whole / wide).max(1), |product| product / whole);
        usize::try_from(cell).unwrap_or(cells).min(cells - 1)
    };
    let mut begins = vec![0_i64; cells + 1];
    for (start, end) in tree.sample() {
        let (from, to) = (at(*start), at(*end));
        if let Some(count) = begins.get_mut(from) {
            *count += 1;
        }
        if let Some(count) = begins.get_mut(to + 1) {
            *count -= 1;
        }
    }
    let mut running = 0;
    let counts: Vec<i64> = begins
        .iter()
        .take(cells)
        .map(|change| {
            running += change;
            running
        })
        .collect();
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let seen = rows.iter().filter_map(|row| tree.row(*row));
    let (first, last) =
        seen.fold((cells, 0), |(first, last), node| (first.min(at(node.start)), last.max(at(node.end_time))));
    for (x, count) in counts.iter().enumerate() {
        let step = usize::try_from(count * 6 / most).unwrap_or(0).min(6);
        let role = if (first..=last).contains(&x) { Role::Text } else { Role::Faint };
        if let Some(sign) = STEPS.get(step) {
            pen.put(x, 0, sign, scene.style(role));
        }
    }
    for row in tree.error_roots().iter().take(cells) {
        if let Some(node) = tree.row(*row) {
            pen.put(at(node.start), 0, "▲", scene.style(Role::Crit));
        }
    }
}
