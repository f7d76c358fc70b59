//! What stands under the tree of a trace: the selected span in short, who is responsible, what failing traces share, and
//! what was changed before. A low screen gets a row or two of it, a tall one the tables; all of it is `findings.rs`.

use super::{details, findings, verdict};
use crate::domain::incident::{Entry, Kind, LOOKED_BACK};
use crate::domain::slo::duration_text;
use crate::room::{Finding, blame_text, disputes};
use crate::ui::clock::seconds;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;

/// Below this width a table would be cut; sentences are not.
const TABLES: usize = 64;
/// Rows of each table: no more than these, and no fewer than those.
const MOST: [usize; 3] = [5, 6, 4];
const LEAST: [usize; 3] = [2, 3, 1];

/// Rows for tree and details together from which half of them are of use.
const DETAILS: usize = 10;
/// Of the tree, beside details that are nowhere else: those of a row that nobody received.
const LEAST_TREE: usize = 3;

pub(super) enum Row {
    /// A row of the open details, which draw themselves.
    Details,
    Words(Vec<Piece>),
    Finding(Finding),
}

/// Whether these are the details, which draw themselves.
pub(super) fn is_details(rows: &[Row]) -> bool {
    matches!(rows.first(), Some(Row::Details))
}

/// The rows in a pane of this size under a tree of `rows`. They give way to the tree.
pub(super) fn rows(scene: &Scene<'_>, width: usize, height: usize, rows: usize) -> Vec<Row> {
    if scene.room.waterfall.details && height >= DETAILS {
        // What the tree leaves, or a half: who opened them wants to read them, and the tree scrolls.
        let half = if details::is_inferred(scene) { height.saturating_sub(LEAST_TREE) } else { height / 2 };
        let room_for_them = height.saturating_sub(rows).max(half);
        return (0..details::wanted(scene, width).min(room_for_them)).map(|_| Row::Details).collect();
    }
    // On a small screen the tree is worth more than words about it.
    let kept = if height < 16 { height.saturating_sub(2) } else { height * 2 / 3 };
    let spare = height.saturating_sub(rows.min(kept));
    let cells = width.saturating_sub(2);
    let mut lines = Vec::new();
    if height < 16
        && let Some(short) = verdict::short(scene, cells).filter(|_| spare >= 2)
    {
        lines.extend(details::line(scene, cells).into_iter().take(spare.saturating_sub(2).max(1)).map(Row::Words));
        lines.push(Row::Words(short));
        lines.truncate(spare.saturating_sub(1).max(1));
        return lines;
    }
    if spare >= 2 {
        lines.extend(details::line(scene, cells).into_iter().take(spare - 1).map(Row::Words));
    }
    // Free rows: one before the tables, one after the tree.
    let free = spare.saturating_sub(lines.len() + 2);
    let found = if width >= TABLES { tables(scene, free) } else { Vec::new() };
    let found = if found.is_empty() {
        let mut sentences = verdict::lines(scene, cells);
        sentences.truncate(free + 1);
        sentences.into_iter().map(Row::Words).collect()
    } else {
        found
    };
    if !found.is_empty() {
        lines.push(Row::Words(Vec::new()));
        lines.extend(found);
    }
    lines
}

pub(super) fn draw_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, row: &Row) {
    match row {
        Row::Details => {}
        Row::Words(pieces) => {
            pen.put_all(1, y, pieces);
        }
        Row::Finding(finding) => findings::draw_row(pen, scene, y, finding),
    }
}

/// The tables with a free row between them; nothing where they would be stumps.
fn tables(scene: &Scene<'_>, free: usize) -> Vec<Row> {
    let Some(found) = &scene.room.attribution else { return Vec::new() };
    let found = &found.findings;
    let changes = changes(scene);
    let have = [found.ranking.len(), found.outliers.len(), changes.len()];
    let Some([blamed, shared, changed]) = shares(have, free) else { return Vec::new() };
    let mut rows = Vec::new();
    if blamed > 0 {
        rows.push(Row::Finding(Finding::Heading("Responsible service", found.read_words())));
        rows.extend((0..blamed).map(|at| Row::Finding(Finding::Blame(at))));
        let verdict = found.ranking.first().map(blame_text).unwrap_or_default();
        if let (Some(last), Some(entry)) = (rows.last_mut(), disputes(&scene.room.timeline.timeline, &verdict).last()) {
            *last = Row::Finding(Finding::Disputed(format!("{}: {}", entry.author, entry.text)));
        }
    }
    let part = |rows: &mut Vec<Row>, heading| {
        if !rows.is_empty() {
            rows.push(Row::Words(Vec::new()));
        }
        rows.push(Row::Finding(heading));
    };
    if shared > 0 {
        part(&mut rows, Finding::Shared { slow: found.by_slowness, compared: found.compared });
        rows.extend((0..shared).map(|at| Row::Finding(Finding::Outlier(at))));
    }
    if changed > 0 {
        part(&mut rows, Finding::Heading("Changes around the start of the impact", "all: ,w".to_owned()));
        rows.extend(changes.into_iter().take(changed).map(Row::Words));
    }
    rows
}

/// How many rows each table gets of the free ones, its heading and the free row before it paid; the longest gives way first.
fn shares(have: [usize; 3], free: usize) -> Option<[usize; 3]> {
    let mut rows = [0, 1, 2].map(|at| have.get(at).copied().unwrap_or(0).min(MOST.get(at).copied().unwrap_or(0)));
    let tables = rows.iter().filter(|rows| **rows > 0).count();
    // What tells who and why is told in full or in sentences; changes alone are on the timeline already.
    if rows.iter().take(2).all(|rows| *rows == 0) {
        return None;
    }
    let fixed = (2 * tables).saturating_sub(1);
    while rows.iter().sum::<usize>() + fixed > free {
        let spare = |(at, rows): &(usize, &mut usize)| rows.saturating_sub(LEAST.get(*at).copied().unwrap_or(0));
        let (at, longest) = rows.iter_mut().enumerate().max_by_key(spare)?;
        if *longest <= LEAST.get(at).copied().unwrap_or(0) {
            return None;
        }
        *longest -= 1;
    }
    Some(rows)
}

/// What was changed in the hour before the impact and what else is suspected first; the latest first.
fn changes(scene: &Scene<'_>) -> Vec<Vec<Piece>> {
    let room = scene.room;
    let Some(impact) = room.impact_start() else { return Vec::new() };
    let is_before = |entry: &&Entry| {
        let is_change = matches!(entry.kind, Kind::Deployed { .. } | Kind::Changed { .. });
        let before = entry.happened <= impact && impact.elapsed_since(entry.happened) <= LOOKED_BACK;
        is_change && (before || room.is_first_suspect(entry))
    };
    let mut entries: Vec<&Entry> = room.timeline.timeline.effective().filter(is_before).collect();
    entries.reverse();
    let row = |entry: &Entry| {
        let role = if room.is_first_suspect(entry) { Role::Warn } else { Role::Dim };
        let away = match (impact >= entry.happened, room.is_first_suspect(entry)) {
            (true, _) => format!("{} before", duration_text(impact.elapsed_since(entry.happened))),
            (false, true) => "about its start".to_owned(),
            (false, false) => format!("{} after", duration_text(entry.happened.elapsed_since(impact))),
        };
        vec![
            (format!("  {}  ", seconds(room, entry.happened)), scene.style(Role::Dim)),
            ("↑ ".to_owned(), scene.style(Role::Ack)),
            (clean(&entry.text).into_owned(), scene.style(Role::Text)),
            (format!("  {away}"), scene.style(role)),
            (format!(", told by {}", clean(&entry.author)), scene.style(Role::Dim)),
        ]
    };
    entries.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn tables_fit_or_are_not_there(have in prop::array::uniform3(0_usize..20), free in 0_usize..40) {
            if let Some(rows) = shares(have, free) {
                let tables = rows.iter().filter(|rows| **rows > 0).count();
                prop_assert!(rows.iter().sum::<usize>() + 2 * tables - 1 <= free);
                for at in 0..3 {
                    prop_assert!(rows[at] <= have[at].min(MOST[at]) && rows[at] >= have[at].min(LEAST[at]));
                }
            }
        }
    }

    #[test]
    fn a_tall_pane_has_all_three_and_a_low_one_sentences() {
        assert_eq!(shares([4, 12, 2], 30), Some([4, 6, 2]));
        assert_eq!(shares([4, 12, 2], 11), Some([2, 3, 1]));
        assert_eq!(shares([4, 12, 2], 10), None);
        assert_eq!(shares([0, 0, 2], 30), None, "a deploy alone is on the timeline");
    }
}
