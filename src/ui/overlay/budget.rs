//! The budget of one SLO in full: what this incident costs, what the budget allows, how it ran down, what it was before. Over all
//! rows but the first two, which go on saying what burns.

use std::time::Duration;

use ratatui::style::Modifier;

use super::budget_line::{Line, head};
use super::budget_past;
use super::frame;
use super::shown::Overlay;
use crate::domain::incident::Reason;
use crate::domain::slo::{Cost, Judgement, Label, Zone, duration_in, money_in, number_in, percent_in};
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
    let (cells, height, language) = (pen.width(), pen.height(), scene.language());
    let top = if height > 12 { 2 } else { usize::from(height > 6) };
    let taken = height.saturating_sub(top + 1);
    let body = taken.saturating_sub(1);
    let mut part = pen.rows(top, taken);
    frame::clear(&mut part, scene);
    let slo = scene.room.gauges.slo(&view.slo);
    let name = cut(&clean(&view.slo), cells.saturating_sub(30)).into_owned();
    let title = [
        (format!("{} ", capital(scene.say(Label::Budget))), scene.style(Role::Focus)),
        (name, scene.style(Role::Focus)),
    ];
    let goal = slo.map_or_else(String::new, |slo| {
        format!("{} {} {}", slo.goal(language), scene.say(Label::Over), duration_in(slo.window, language))
    });
    frame::title(&mut part, scene, 0, &title, &goal);
    let lines = lines(scene, view, cells.saturating_sub(2), height >= 30);
    let offset = view.offset.min(lines.len().saturating_sub(body));
    for (y, line) in lines.iter().skip(offset).take(body).enumerate() {
        part.put_all(1, y + 1, line);
    }
    let below = lines.len().saturating_sub(offset + body);
    let more = if below > 0 { format!("{below} {}", scene.say(Label::RowsBelow)) } else { String::new() };
    frame::footer(
        pen,
        scene,
        &[
            ("j k", scene.say(Label::Scroll)),
            ("Tab", scene.say(Label::NextSlo)),
            ("w", scene.say(Label::WhatIf)),
            ("Esc", scene.say(Label::Close)),
        ],
        &more,
    );
    Overlay { height: body, rows: lines.len(), cursor: None }
}

/// The first letter of a title.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn lines(scene: &Scene<'_>, view: &BudgetView, cells: usize, tall: bool) -> Vec<Line> {
    let room = scene.room;
    let Some(judgement) = room.gauges.judgements.iter().find(|judgement| judgement.slo == view.slo) else {
        return vec![vec![("This SLO is not configured any more.".to_owned(), scene.style(Role::Dim))]];
    };
    let mut lines = Vec::new();
    let sentence = judgement.sentence(room.now, &|at| clock::minutes(room, at));
    lines.extend(flow(&[(clean(&sentence).into_owned(), scene.style(Role::Strong))], cells, 3));
    covered(scene, judgement, cells, &mut lines);
    price(scene, judgement, cells, &mut lines);
    zones(scene, judgement, cells, &mut lines);
    budget_past::run(scene, judgement, cells, tall, &mut lines);
    budget_past::earlier(scene, judgement, cells, &mut lines);
    let small_print = room.small_print(&judgement.slo);
    if !small_print.is_empty() {
        lines.push(head(scene, cells, scene.say(Label::WhoCounted)));
    }
    for line in small_print {
        lines.extend(flow(&[(format!("  {}", clean(&line)), scene.style(Role::Dim))], cells, 3));
    }
    lines
}

/// What the number of the whole window lacks, and why an answer is a part of the truth.
fn covered(scene: &Scene<'_>, judgement: &Judgement, cells: usize, lines: &mut Vec<Line>) {
    let gauges = &scene.room.gauges;
    let coverage =
        gauges.coverage.get(&judgement.slo).and_then(|coverage| coverage.text_in(scene.room.now, scene.language()));
    let said = gauges.server_said(&judgement.slo);
    let part = match (said, judgement.partial) {
        (Some(said), _) => Some(format!("{}: {}", scene.say(Label::ServerSays), clean(&said))),
        (None, true) => Some(scene.say(Label::NotAllAnswered).to_owned()),
        (None, false) => None,
    };
    let counted = coverage.map(|text| format!("{}: {text}.", scene.say(Label::Counted)));
    for text in counted.into_iter().chain(part) {
        lines.extend(flow(&[(text, scene.style(Role::Warn))], cells, 3));
    }
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
    let (language, number) = (scene.language(), |number: f64| number_in(number, scene.language()));
    lines.push(head(scene, cells, scene.say(Label::WhatItCosts)));
    let least = if price.at_least { "≥ " } else { "" };
    let of = price
        .total_milli
        .map_or_else(String::new, |total| format!(" {} {}", scene.say(Label::Of), number(total as f64 / 1e3)));
    let since = clock::minutes(room, price.since);
    let unit = cut(&clean(&price.unit), 16).into_owned();
    lines.push(row(
        scene,
        scene.say(Label::Lost),
        format!("{least}{} {unit}", number(price.lost())),
        format!("{of} {} {since}, {}", scene.say(Label::Since), clock::stopwatch(price.lasted().as_secs())),
    ));
    if let Some(money) = &price.money {
        let a_minute = judgement
            .bad_per_minute
            .filter(|rate| *rate >= 0.5)
            .and_then(|rate| Cost::of(room.gauges.slo(&judgement.slo)?, rate).money);
        let now = a_minute.map_or_else(String::new, |money| {
            format!(", {} {}", money_in(&money, language), scene.say(Label::AMinuteNow))
        });
        lines.push(row(scene, scene.say(Label::InMoney), money_in(money, language), now));
    }
    if let (Some(minutes), Some(spent)) = (price.minutes_in(language), price.spent()) {
        let share =
            format!(", {} {} {}", percent_in(spent, 1, language), scene.say(Label::Of), price.window_in(language));
        lines.push(row(scene, scene.say(Label::Budget), minutes, share));
    }
    if let Some(left) = price.left() {
        let mut rest = String::new();
        if let Some((zone, at)) = price.next_zone.filter(|(zone, _)| *zone != Zone::Exhausted) {
            rest.push_str(&format!(", {} ≈{}", zone.word_in(language), clock::minutes(room, at)));
        }
        if let Some(gone) = price.gone_at {
            rest.push_str(&format!(", {} ≈{}", scene.say(Label::Gone), clock::minutes(room, gone)));
        }
        lines.push(row(scene, scene.say(Label::Left), percent_in(left, 1, language), rest));
    }
    if let Some(owed) = room.owed() {
        let why = match &owed.reason {
            Reason::Severity(severity) => format!(", {severity}"),
            Reason::Frozen(slo) => format!(", SEV3: {} {}", clean(slo), scene.say(Label::Frozen)),
        };
        lines.push(row(
            scene,
            scene.say(Label::Postmortem),
            scene.say(Label::Mandatory).to_owned(),
            format!("{why}; {}", scene.say(Label::WithinTwoDays)),
        ));
    }
}

fn zones(scene: &Scene<'_>, judgement: &Judgement, cells: usize, lines: &mut Vec<Line>) {
    let Some(budget) = judgement.budget else { return };
    let language = scene.language();
    lines.push(head(scene, cells, scene.say(Label::WhatItAllows)));
    let now = budget.zone();
    let (dim, text) = (scene.style(Role::Dim), scene.style(Role::Text));
    for zone in [Zone::Ship, Zone::Cautious, Zone::Freeze] {
        let here = zone == now || (zone == Zone::Freeze && now == Zone::Exhausted);
        let look = scene.style(zone_role(zone));
        let look = if here { look.add_modifier(Modifier::BOLD) } else { look };
        let words = if here { text } else { dim };
        let mut said =
            vec![(format!("{} ", scene.say(Label::Allowed)), dim), (zone.may_in(language).to_owned(), words)];
        if let Some(not) = zone.must_not_in(language) {
            said.extend([(format!("; {} ", scene.say(Label::Not)), dim), (not.to_owned(), words)]);
        }
        if let Some(must) = zone.must_in(language) {
            said.extend([(format!("; {} ", scene.say(Label::Owed)), dim), (must.to_owned(), words)]);
        }
        // Of the zones that are not that of now the range is enough.
        let rows = if here { 4 } else { 1 };
        let lead =
            format!("{}{:<9}{:<15}", if here { "▸" } else { " " }, zone.word_in(language), zone.range_in(language));
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
            scene.say(Label::TenMinutesMore),
            format!("{} {}, {}", percent_in(left, 1, language), scene.say(Label::LeftOver), after.word_in(language)),
            format!(", {}", scene.say(Label::AtThePaceOfNow)),
        ));
    }
}
