//! The past of a budget: how it ran down over its window with the incidents on it, and the windows before.

use super::budget_line::{Line, head};
use crate::domain::incident::Story;
use crate::domain::slo::{Judgement, Label, duration_in, percent_in};
use crate::domain::spending::periods;
use crate::ui::clock;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::{run_down, waiting_for_past, zone_role};

/// Incidents that are told in words.
const TOLD: usize = 4;
/// Earlier windows that are told.
const WINDOWS: usize = 6;

/// The budget as it ran down, the incidents under it.
pub(super) fn run(scene: &Scene<'_>, judgement: &Judgement, cells: usize, tall: bool, lines: &mut Vec<Line>) {
    lines.push(head(
        scene,
        cells,
        &format!("{} {}", scene.say(Label::HowItRanDown), duration_in(judgement.window, scene.language())),
    ));
    let (bars, told) = run_down(scene, judgement, cells, if tall { 3 } else { 2 });
    lines.extend(bars);
    for story in told.iter().rev().take(TOLD) {
        lines.push(tell(scene, story, judgement));
    }
    let past = scene.room.looked_back.get(&judgement.slo).and_then(|known| known.recent.as_deref());
    if let Some(cut) = past.and_then(|past| past.cut.as_ref()) {
        let text = format!(" {}: {}", scene.say(Label::OlderMissing), clean(&cut.to_string()));
        lines.push(vec![(text, scene.style(Role::Warn))]);
    }
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
        lines.push(vec![(format!(" {}", waiting_for_past(scene, known)), dim)]);
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
