//! The past of a budget: how it ran down over its window with the incidents on it, and the windows before.

use super::budget_line::{Line, head};
use crate::domain::incident::{Story, stories};
use crate::domain::slo::{Judgement, Label, Zone, duration_in, percent_in};
use crate::domain::spending::{Past, cell, periods, run_down};
use crate::room::{Loading, LookedBack};
use crate::ui::clock;
use crate::ui::pen::Piece;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::zone_role;

const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Columns of the scale.
const SCALE: usize = 7;
/// The widest run: more columns than steps would only repeat them.
const WIDEST: usize = 120;
/// Incidents that are told in words.
const TOLD: usize = 4;
/// Earlier windows that are told.
const WINDOWS: usize = 6;

/// The budget as it ran down, the incidents under it.
pub(super) fn run(scene: &Scene<'_>, judgement: &Judgement, cells: usize, tall: bool, lines: &mut Vec<Line>) {
    let dim = scene.style(Role::Dim);
    lines.push(head(
        scene,
        cells,
        &format!("{} {}", scene.say(Label::HowItRanDown), duration_in(judgement.window, scene.language())),
    ));
    let known = scene.room.looked_back.get(&judgement.slo);
    let slo = scene.room.gauges.slo(&judgement.slo);
    let (Some(past), Some(slo)) = (known.and_then(|known| known.recent.as_deref()), slo) else {
        lines.push(vec![(format!(" {}", waiting(scene, known)), dim)]);
        return;
    };
    let columns = cells.saturating_sub(SCALE).min(WIDEST);
    let levels = run_down(&past.slices, slo.objective, past.end, past.over, columns);
    if levels.is_empty() {
        lines.push(vec![(format!(" {}", scene.say(Label::NoTraffic)), dim)]);
        return;
    }
    let height = if tall { 3 } else { 2 };
    for row in (0..height).rev() {
        let scale = match row {
            _ if row + 1 == height => " 100 % ",
            0 => "   0 % ",
            _ => "       ",
        };
        let mut line: Line = vec![(scale.to_owned(), dim)];
        for level in &levels {
            line.push(signs(scene, *level, row, height));
        }
        lines.push(line);
    }
    let told = stories(&scene.room.timeline.timeline);
    let told: Vec<&Story> = within(&told, past).collect();
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
    for story in told.iter().rev().take(TOLD) {
        lines.push(tell(scene, story, judgement));
    }
    if let Some(cut) = &past.cut {
        lines.push(vec![(
            format!(" {}: {}", scene.say(Label::OlderMissing), clean(&cut.to_string())),
            scene.style(Role::Warn),
        )]);
    }
}

fn waiting(scene: &Scene<'_>, known: Option<&LookedBack>) -> String {
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

fn within<'a>(told: &'a [Story], past: &Past) -> impl Iterator<Item = &'a Story> {
    let (from, to) = (past.end.minus(past.over), past.end);
    told.iter().filter(move |story| story.start <= to && story.resolved.is_none_or(|resolved| resolved > from))
}

/// `▲ 13 Mar 18:30  SEV1 INC-31  50 min  2,300 orders, €180k, ..`
fn tell(scene: &Scene<'_>, story: &Story, judgement: &Judgement) -> Line {
    let room = scene.room;
    let (dim, text) = (scene.style(Role::Dim), scene.style(Role::Text));
    let severity =
        story.severity.map_or_else(|| scene.say(Label::NotDeclared).to_owned(), |severity| severity.to_string());
    let name = story.name.as_ref().map_or_else(String::new, |name| format!(" {}", clean(name)));
    let lasted = match story.resolved {
        Some(resolved) => duration_in(resolved.elapsed_since(story.start), scene.language()),
        None => {
            let lasts = duration_in(room.now.elapsed_since(story.start), scene.language());
            format!("{}, {lasts}", scene.say(Label::GoesOn))
        }
    };
    let price = story.prices.iter().find(|price| price.slo == judgement.slo);
    let price = price.map_or_else(String::new, |price| format!("  {}", clean(&price.text_in(scene.language()))));
    vec![
        (" ▲ ".to_owned(), scene.style(Role::Crit)),
        (format!("{} {}  ", clock::day(room, story.start), clock::minutes(room, story.start)), dim),
        (format!("{severity}{name}"), text),
        (format!("  {lasted}"), dim),
        (price, text),
    ]
}

/// Earlier windows: what was measured, and how much of a budget it would have spent.
pub(super) fn earlier(scene: &Scene<'_>, judgement: &Judgement, cells: usize, lines: &mut Vec<Line>) {
    let dim = scene.style(Role::Dim);
    let known = scene.room.looked_back.get(&judgement.slo);
    let Some(slo) = scene.room.gauges.slo(&judgement.slo) else { return };
    lines.push(head(scene, cells, &format!("{} {} %", scene.say(Label::LookingBack), slo.objective)));
    let Some(past) = known.and_then(|known| known.earlier.as_deref()) else {
        lines.push(vec![(format!(" {}", waiting(scene, known)), dim)]);
        return;
    };
    let periods = periods(&past.slices, slo.objective, past.end, slo.window, past.step, WINDOWS);
    if periods.is_empty() {
        lines.push(vec![(format!(" {}", scene.say(Label::NoTraffic)), dim)]);
    }
    // Of a budget of the past it is "spent", not "all spent".
    let spent = scene.say(Label::OfThatSpent);
    for period in periods {
        let dates = format!("{} – {}", clock::day(scene.room, period.start), clock::day(scene.room, period.end));
        let part = if period.known < 0.995 {
            format!("  {} {}", percent_in(period.known, 0, scene.language()), scene.say(Label::PartKnown))
        } else {
            String::new()
        };
        lines.push(vec![
            (format!(" {dates:<16}"), dim),
            (format!("{:>10}", percent_in(period.measured, 3, scene.language())), scene.style(Role::Strong)),
            (format!(" = {:>9} {}", percent_in(period.spent, 1, scene.language()), spent), scene.style(Role::Text)),
            (format!("  {:<10}", period.zone().word_in(scene.language())), scene.style(zone_role(period.zone()))),
            (part, scene.style(Role::Warn)),
        ]);
    }
    if let Some(cut) = &past.cut {
        lines.push(vec![(
            format!(" {}: {}", scene.say(Label::OlderMissing), clean(&cut.to_string())),
            scene.style(Role::Warn),
        )]);
    }
}
