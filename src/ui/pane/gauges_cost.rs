//! Beneath the gauges: what the incident costs, and what the budget that is left allows. Only what is known is said.

use std::time::Duration;

use ratatui::style::Modifier;

use crate::domain::incident::Kind;
use crate::domain::slo::{Cost, Judgement, Label, Lost, Slo, Zone, duration_in, money_in, number_in, percent_in};
use crate::ui::clock;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width, wrap};
use crate::ui::widget::{heading, zone_role};

/// Fewer rows hold no block.
const LEAST: usize = 5;
/// Below this width the two blocks do not stand side by side.
const SIDE_BY_SIDE: usize = 100;
const HALF_AN_HOUR: i64 = 30 * 60;

/// Draws what finds room. The SLO under the cursor is the one that is told of, else the worst that lost something.
pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let gauges = &scene.room.gauges;
    let (cells, height) = (pen.width(), pen.height());
    if height < LEAST || cells < 48 {
        return;
    }
    let with_loss = |judgement: &&Judgement| judgement.lost.is_some();
    let of_cost = gauges.selected().filter(with_loss).or_else(|| gauges.judgements.iter().find(with_loss));
    let of_zone = gauges.selected().filter(|judgement| judgement.budget.is_some());
    let of_zone = of_zone.or_else(|| gauges.judgements.iter().find(|judgement| judgement.budget.is_some()));
    match (of_cost, of_zone) {
        (Some(cost), Some(zone)) if cells >= SIDE_BY_SIDE => {
            let half = cells / 2;
            draw_cost(&mut pen.part(0, 0, half, height), scene, cost);
            for y in 0..height {
                pen.put(half, y, if y == 0 { "┬" } else { "│" }, scene.style(Role::Faint));
            }
            draw_zones(&mut pen.part(half + 1, 0, usize::MAX, height), scene, zone);
        }
        (Some(cost), _) => draw_cost(pen, scene, cost),
        (None, Some(zone)) => draw_zones(pen, scene, zone),
        (None, None) => {}
    }
}

/// A label, a number that ends in one column, and what it is about.
fn row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, label: &str, number: &str, about: &str) {
    let end = (pen.width() * 27 / 50).clamp(24, 34);
    pen.put_cut(2, y, end.saturating_sub(width(number) + 3), label, scene.style(Role::Dim));
    pen.put_right(end, y, number, scene.style(Role::Strong));
    pen.put_cut(end + 3, y, usize::MAX, about, scene.style(Role::Dim));
}

fn draw_cost(pen: &mut Pen<'_>, scene: &Scene<'_>, judgement: &Judgement) {
    let (room, language) = (scene.room, scene.language());
    let Some(lost) = &judgement.lost else { return };
    let slo = room.gauges.slo(&judgement.slo);
    let unit = cut(&clean(&judgement.unit), 16).into_owned();
    heading(pen, scene, 0, scene.say(Label::WhatItCosts), &cut(&clean(&judgement.slo), 24));
    let mut y = 1;
    let mut say = |label: &str, number: &str, about: &str| {
        row(pen, scene, y, label, number, about);
        y += 1;
    };
    let since = clock::minutes(room, lost.since);
    let (of, from) = (scene.say(Label::Of), scene.say(Label::Since));
    let number = |number: f64| number_in(number, language);
    let of = lost.total.map_or_else(|| format!("{from} {since}"), |all| format!("{of} {} {from} {since}", number(all)));
    say(&format!("{unit} {}", scene.say(Label::Lost)), &number(lost.bad), &of);
    if let Some(money) = &lost.cost.money {
        let each = slo.and_then(|slo| slo.unit_cost_micro).map(|micro| micro as f64 / 1e6);
        let about = each.map_or_else(String::new, |each| format!("{each:.2} {}", scene.say(Label::Each)));
        say(scene.say(Label::InMoney), &money_in(money, language), &about);
    }
    if let Some(rate) = judgement.bad_per_minute.filter(|rate| *rate > 0.0) {
        let said = format!("{} {unit}", number(rate));
        match slo.and_then(|slo| Cost::of(slo, rate).money) {
            Some(money) => say(scene.say(Label::AMinuteNow), &money_in(&money, language), &said),
            None => say(scene.say(Label::AMinuteNow), &number(rate), &unit),
        }
    }
    if let (Some(spent), Some(budget)) = (judgement.spent, judgement.budget) {
        let (before, now) = (budget.remaining + spent, budget.remaining);
        let days = judgement.window.as_secs() / 86_400;
        let percent = |share| percent_in(share, 1, language);
        let days = duration_in(Duration::from_secs(days * 86_400), language);
        let about =
            format!("{} → {} {} {days}", percent(before).trim_end_matches(" %"), percent(now), scene.say(Label::Of));
        say(scene.say(Label::BudgetSpent), &percent(spent), &about);
    }
    let forecasts = slo.map(|slo| forecast(scene, slo, judgement, lost)).unwrap_or_default();
    if !forecasts.is_empty() {
        say(scene.say(Label::IfItLasts), "", "");
        for (until, number, about) in forecasts {
            say(&format!("  {until}"), &number, &about);
        }
    }
    y += 1;
    for line in course(scene) {
        pen.put_all(2, y, &line);
        y += 1;
    }
}

/// What will be lost at the next two half hours if it goes on.
fn forecast(scene: &Scene<'_>, slo: &Slo, judgement: &Judgement, lost: &Lost) -> Vec<(String, String, String)> {
    let room = scene.room;
    let (Some(rate), Some(at)) = (judgement.bad_per_minute, judgement.at) else { return Vec::new() };
    if judgement.gone_at.is_none() && judgement.next_zone.is_none() {
        return Vec::new();
    }
    let next = (room.now.seconds() + 5 * 60).div_euclid(HALF_AN_HOUR) + 1;
    let tell = |number: i64| {
        let until = crate::domain::Timestamp::from_seconds(number * HALF_AN_HOUR);
        let bad = lost.bad + rate * until.elapsed_since(at).as_secs_f64() / 60.0;
        let language = scene.language();
        let events = format!("{} {}", number_in(bad, language), cut(&clean(&judgement.unit), 16));
        match Cost::of(slo, bad).money {
            Some(money) => (clock::minutes(room, until), format!("≈{}", money_in(&money, language)), events),
            None => (clock::minutes(room, until), format!("≈{}", number_in(bad, language)), judgement.unit.to_string()),
        }
    };
    vec![tell(next), tell(next + 1)]
}

/// How long it has lasted, and how soon it was found.
fn course(scene: &Scene<'_>) -> Vec<Vec<Piece>> {
    let room = scene.room;
    let (strong, dim) = (scene.style(Role::Strong), scene.style(Role::Dim));
    let mut lines = Vec::new();
    let Some(incident) = &room.incident else { return lines };
    let passed = |from, to: crate::domain::Timestamp| clock::stopwatch(to.elapsed_since(from).as_secs());
    if let Some(start) = room.impact_start() {
        let mut line = vec![
            (format!("{:<14}", scene.say(Label::SinceImpact)), dim),
            (format!("{:<8}", passed(start, room.now)), strong),
        ];
        if let Some(found) = incident.detected.filter(|found| *found >= start) {
            line.push((format!("{} ", scene.say(Label::FoundAfter)), dim));
            line.push((passed(start, found), strong));
        }
        lines.push(line);
    }
    if let Some(declared) = incident.declared {
        lines.push(vec![(format!("{} ", scene.say(Label::SinceDeclared)), dim), (passed(declared, room.now), strong)]);
    }
    lines
}

fn draw_zones(pen: &mut Pen<'_>, scene: &Scene<'_>, judgement: &Judgement) {
    let (room, language) = (scene.room, scene.language());
    let Some(budget) = judgement.budget else { return };
    let now = budget.zone();
    let (dim, text, strong) = (scene.style(Role::Dim), scene.style(Role::Text), scene.style(Role::Strong));
    heading(pen, scene, 0, scene.say(Label::WhatItAllows), &cut(&clean(&judgement.slo), 24));
    let mut y = 1;
    for zone in [Zone::Ship, Zone::Cautious, Zone::Freeze] {
        let here = zone == now || (zone == Zone::Freeze && now == Zone::Exhausted);
        let look = scene.style(zone_role(zone));
        if here {
            pen.put(1, y, "▸", scene.style(Role::Focus));
        }
        pen.put(3, y, zone.word_in(language), if here { look.add_modifier(Modifier::BOLD) } else { look });
        pen.put(13, y, zone.range_in(language), dim);
        let lines = wrap(zone.allowed_in(language), pen.width().saturating_sub(27), 3);
        for line in &lines {
            pen.put(26, y, line, if here { text } else { dim });
            y += 1;
        }
    }
    y += 1;
    let crossed = room.timeline.timeline.effective().rev().find(
        |entry| matches!(&entry.kind, Kind::ZoneChanged { slo, zone } if *slo == judgement.slo && *zone == now.word()),
    );
    let mut line: Vec<Piece> = Vec::new();
    if let Some(entry) = crossed {
        line.push((format!("{} {} ", now.word_in(language), scene.say(Label::Since)), dim));
        line.push((clock::seconds(room, entry.happened).trim_end().to_owned(), text));
        line.push(("   ".to_owned(), dim));
    }
    if let Some((zone, at)) = judgement.next_zone
        && zone != Zone::Exhausted
    {
        line.push((format!("{} ", zone.word_in(language)), scene.style(zone_role(zone))));
        line.push((format!("≈{}   ", clock::minutes(room, at)), text));
    }
    if let Some(gone) = judgement.gone_at {
        line.push((format!("{} ", scene.say(Label::Gone)), dim));
        line.push((format!("≈{}", clock::minutes(room, gone)), scene.style(Role::Crit).add_modifier(Modifier::BOLD)));
    }
    if !line.is_empty() {
        pen.put_all(3, y, &line);
        y += 1;
    }
    if let (Some(rate), Some(_)) = (judgement.bad_per_minute, judgement.gone_at) {
        let left = (budget.left - 10.0 * rate) / budget.allowed;
        let x = pen.put(3, y, &format!("{} → ", scene.say(Label::TenMinutesMoreOfThis)), dim);
        pen.put(
            x,
            y,
            &format!("{} {}", percent_in(left, 0, language), scene.say(Label::LeftOver)),
            if left > 0.0 { strong } else { scene.style(Role::Crit) },
        );
    }
}
