//! A budget as it ran down over its window, as bars of a column each, and the incidents under it.

use super::state::zone as zone_role;
use crate::domain::incident::{Story, stories};
use crate::domain::slo::{Judgement, Label, Zone};
use crate::domain::spending::{Past, cell, run_down};
use crate::room::{Loading, LookedBack};
use crate::ui::clock;
use crate::ui::pen::Piece;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;

const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Columns of the scale.
const SCALE: usize = 7;
/// The widest run: more columns than steps would only repeat them.
const WIDEST: usize = 120;

/// So many rows of bars, a row of marks where there were incidents, and the dates; or a row that says why there is nothing.
/// Gives the incidents too, the oldest first.
pub(in crate::ui) fn lines(
    scene: &Scene<'_>,
    judgement: &Judgement,
    cells: usize,
    height: usize,
) -> (Vec<Vec<Piece>>, Vec<Story>) {
    let dim = scene.style(Role::Dim);
    let known = scene.room.looked_back.get(&judgement.slo);
    let slo = scene.room.gauges.slo(&judgement.slo);
    let (Some(past), Some(slo)) = (known.and_then(|known| known.recent.as_deref()), slo) else {
        return (vec![vec![(format!(" {}", waiting(scene, known)), dim)]], Vec::new());
    };
    let columns = cells.saturating_sub(SCALE).min(WIDEST);
    let levels = run_down(&past.slices, slo.objective, past.end, past.over, columns);
    if levels.is_empty() {
        return (vec![vec![(format!(" {}", scene.say(Label::NoTraffic)), dim)]], Vec::new());
    }
    let mut lines = Vec::new();
    for row in (0..height).rev() {
        let scale = match row {
            _ if row + 1 == height => " 100 % ",
            0 => "   0 % ",
            _ => "       ",
        };
        let mut line = vec![(scale.to_owned(), dim)];
        line.extend(levels.iter().map(|level| signs(scene, *level, row, height)));
        lines.push(line);
    }
    let told: Vec<Story> =
        stories(&scene.room.timeline.timeline).into_iter().filter(|story| touches(story, past)).collect();
    let start = past.end.minus(past.over);
    let mut marks = vec![" "; columns];
    for story in &told {
        if let Some(mark) = marks.get_mut(cell(story.start.max(start), start, past.over, columns)) {
            *mark = "▲";
        }
    }
    if !told.is_empty() {
        lines.push(vec![(" ".repeat(SCALE), dim), (marks.concat(), scene.style(Role::Crit))]);
    }
    let (from, to) = (clock::day(scene.room, start), clock::day(scene.room, past.end));
    let gap = columns.saturating_sub(from.len() + to.len());
    lines.push(vec![(format!("{}{from}{}{to}", " ".repeat(SCALE), " ".repeat(gap)), dim)]);
    (lines, told)
}

/// Why there is no past to show.
pub(in crate::ui) fn waiting(scene: &Scene<'_>, known: Option<&LookedBack>) -> String {
    match known.map(|known| &known.state) {
        Some(Loading::Failed { failure, .. }) => {
            format!("{}: {}", scene.say(Label::PastNotRead), clean(&failure.to_string()))
        }
        _ => scene.say(Label::AskingForThePast).to_owned(),
    }
}

/// One cell of a run that is several rows high, in the colour of the zone that the budget was in.
fn signs(scene: &Scene<'_>, level: Option<f64>, row: usize, height: usize) -> Piece {
    let Some(left) = level else { return (" ".to_owned(), scene.style(Role::Faint)) };
    let style = scene.style(zone_role(Zone::of(left)));
    if left <= 0.0 {
        // Spent is not low: it is a line of its own.
        return ((if row == 0 { "╌" } else { " " }).to_owned(), style);
    }
    let eighths = (left.min(1.0) * (height * 8) as f64).ceil().max(1.0);
    let here = eighths - (row * 8) as f64;
    let over = LEVELS.iter().enumerate().rev().find(|(at, _)| *at as f64 + 1.0 <= here);
    (over.map_or(" ", |(_, sign)| sign).to_owned(), style)
}

fn touches(story: &Story, past: &Past) -> bool {
    let (from, to) = (past.end.minus(past.over), past.end);
    story.start <= to && story.resolved.is_none_or(|resolved| resolved > from)
}
