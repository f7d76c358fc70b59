//! The budget of one SLO in full: what this incident costs, what the budget allows, how it ran down, what it was before. Over all
//! rows but the first two, which go on saying what burns.

use std::time::Duration;

use ratatui::style::Modifier;

use super::budget_line::{Line, head};
use super::budget_past;
use super::frame;
use super::shown::Overlay;
use crate::domain::incident::Reason;
use crate::domain::slo::{Cost, Judgement, Zone, money_text, percent_text, thousands, window_word};
use crate::domain::spending::Price;
use crate::room::BudgetView;
use crate::ui::clock;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};
use crate::ui::widget::{flow, zone_role};

/// Where what a row says begins.
const LABEL: usize = 14;
/// How long "a little more of this" is.
const A_LITTLE: Duration = Duration::from_secs(10 * 60);

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, view: &BudgetView) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let top = if height > 12 { 2 } else { usize::from(height > 6) };
    let taken = height.saturating_sub(top + 1);
    let body = taken.saturating_sub(1);
    let mut part = pen.rows(top, taken);
    frame::clear(&mut part, scene);
    let slo = scene.room.gauges.slo(&view.slo);
    let name = cut(&clean(&view.slo), cells.saturating_sub(30)).into_owned();
    let title = [("Budget ".to_owned(), scene.style(Role::Focus)), (name, scene.style(Role::Focus))];
    let goal = slo.map_or_else(String::new, |slo| format!("{} % over {}", slo.objective, window_word(slo.window)));
    frame::title(&mut part, scene, 0, &title, &goal);
    let lines = lines(scene, view, cells.saturating_sub(2), height >= 30);
    let offset = view.offset.min(lines.len().saturating_sub(body));
    for (y, line) in lines.iter().skip(offset).take(body).enumerate() {
        part.put_all(1, y + 1, line);
    }
    let below = lines.len().saturating_sub(offset + body);
    let more = if below > 0 { format!("{below} rows below") } else { String::new() };
    frame::footer(
        pen,
        scene,
        &[("j k", "scroll"), ("Tab", "next SLO"), ("w", "what if it burns on"), ("Esc", "close")],
        &more,
    );
    Overlay { height: body, rows: lines.len(), cursor: None }
}

fn lines(scene: &Scene<'_>, view: &BudgetView, cells: usize, tall: bool) -> Vec<Line> {
    let room = scene.room;
    let Some(judgement) = room.gauges.judgements.iter().find(|judgement| judgement.slo == view.slo) else {
        return vec![vec![("This SLO is not configured any more.".to_owned(), scene.style(Role::Dim))]];
    };
    let mut lines = Vec::new();
    let sentence = judgement.sentence(room.now, &|at| clock::minutes(room, at));
    lines.extend(flow(&[(clean(&sentence).into_owned(), scene.style(Role::Strong))], cells, 3));
    price(scene, judgement, cells, &mut lines);
    zones(scene, judgement, cells, &mut lines);
    budget_past::run(scene, judgement, cells, tall, &mut lines);
    budget_past::earlier(scene, judgement, cells, &mut lines);
    lines
}

fn row(scene: &Scene<'_>, label: &str, strong: String, rest: String) -> Line {
    vec![
        (format!(" {label:<LABEL$}"), scene.style(Role::Dim)),
        (strong, scene.style(Role::Strong)),
        (rest, scene.style(Role::Dim)),
    ]
}

/// Of the incident that goes on; of one that was priced before, its entry tells.
fn price(scene: &Scene<'_>, judgement: &Judgement, cells: usize, lines: &mut Vec<Line>) {
    let room = scene.room;
    let known = judgement.lost.as_ref().filter(|_| room.incident.is_some());
    let price = known.and_then(|_| Price::of(room.gauges.slo(&judgement.slo)?, judgement));
    let Some(price) = price else { return };
    lines.push(head(scene, cells, "What this incident costs"));
    let least = if price.at_least { "≥ " } else { "" };
    let of = price.total_milli.map_or_else(String::new, |total| format!(" of {}", thousands(total as f64 / 1e3)));
    let since = clock::minutes(room, price.since);
    let unit = cut(&clean(&price.unit), 16).into_owned();
    lines.push(row(
        scene,
        "lost",
        format!("{least}{} {unit}", thousands(price.lost())),
        format!("{of} since {since}, {}", clock::stopwatch(price.lasted().as_secs())),
    ));
    if let Some(money) = &price.money {
        let a_minute = judgement
            .bad_per_minute
            .filter(|rate| *rate >= 0.5)
            .and_then(|rate| Cost::of(room.gauges.slo(&judgement.slo)?, rate).money);
        let now = a_minute.map_or_else(String::new, |money| format!(", {} a minute now", money_text(&money)));
        lines.push(row(scene, "in money", money_text(money), now));
    }
    if let (Some(minutes), Some(spent)) = (price.minutes_text(), price.spent()) {
        let share = format!(", {} of {}", percent_text(spent, 1), price.window_text());
        lines.push(row(scene, "budget", minutes, share));
    }
    if let Some(left) = price.left() {
        let mut rest = String::new();
        if let Some((zone, at)) = price.next_zone.filter(|(zone, _)| *zone != Zone::Exhausted) {
            rest.push_str(&format!(", {zone} ≈{}", clock::minutes(room, at)));
        }
        if let Some(gone) = price.gone_at {
            rest.push_str(&format!(", gone ≈{}", clock::minutes(room, gone)));
        }
        lines.push(row(scene, "left", percent_text(left, 1), rest));
    }
    if let Some(owed) = room.owed() {
        let why = match &owed.reason {
            Reason::Severity(severity) => format!(", {severity}"),
            Reason::Frozen(slo) => format!(", SEV3 too: {} is frozen", clean(slo)),
        };
        lines.push(row(scene, "postmortem", "mandatory".to_owned(), format!("{why}; within 48 h of the end")));
    }
}

fn zones(scene: &Scene<'_>, judgement: &Judgement, cells: usize, lines: &mut Vec<Line>) {
    let Some(budget) = judgement.budget else { return };
    lines.push(head(scene, cells, "What the budget allows"));
    let now = budget.zone();
    let (dim, text) = (scene.style(Role::Dim), scene.style(Role::Text));
    for zone in [Zone::Ship, Zone::Cautious, Zone::Freeze] {
        let here = zone == now || (zone == Zone::Freeze && now == Zone::Exhausted);
        let look = scene.style(zone_role(zone));
        let look = if here { look.add_modifier(Modifier::BOLD) } else { look };
        let words = if here { text } else { dim };
        let mut said = vec![("allowed ".to_owned(), dim), (zone.may().to_owned(), words)];
        if let Some(not) = zone.must_not() {
            said.extend([("; not ".to_owned(), dim), (not.to_owned(), words)]);
        }
        if let Some(must) = zone.must() {
            said.extend([("; owed ".to_owned(), dim), (must.to_owned(), words)]);
        }
        // Of the zones that are not that of now the range is enough.
        let rows = if here { 4 } else { 1 };
        let lead = format!("{}{:<9}{:<15}", if here { "▸" } else { " " }, zone.word(), zone.range());
        for (at, line) in flow(&said, cells.saturating_sub(width(&lead)), rows).into_iter().enumerate() {
            let lead = if at == 0 { (lead.clone(), look) } else { (" ".repeat(width(&lead)), dim) };
            lines.push(std::iter::once(lead).chain(line).collect());
        }
    }
    let burns = judgement.pairs.first().and_then(|pair| pair.short_burn).is_some_and(|burn| burn > 1.0);
    if let Some(rate) = judgement.bad_per_minute.filter(|_| burns) {
        // In events, as the forecast is: traffic in an incident is not that of the month.
        let left = budget.after(rate * A_LITTLE.as_secs_f64() / 60.0);
        let after = Zone::of(left);
        lines.push(row(
            scene,
            "10 min more",
            format!("{} left, {after}", percent_text(left, 1)),
            ", at the pace of now; w: at another".to_owned(),
        ));
    }
}
