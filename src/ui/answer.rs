//! The answer line: what fails, how much, since when; who is responsible; what it costs. All else is evidence for it.

use super::clock::{self, minutes, since};
use super::pane::mark;
use super::pen::{Pen, Piece, pieces_width};
use super::role::Role;
use super::scene::Scene;
use super::text::clean;
use crate::domain::Cause;
use crate::domain::incident::stories;
use crate::domain::signal::Seq;
use crate::domain::slo::{Judgement, Slo, State, duration_text, money_short, percent_text, thousands};
use crate::room::Room;

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    // The fullest wording that fits.
    let wordings = (0..WORDINGS).map(|wording| words(scene, wording));
    let width = pen.width();
    let mut last = Vec::new();
    for pieces in wordings {
        let fits = pieces_width(&pieces) <= width;
        last = pieces;
        if fits {
            break;
        }
    }
    // A server's own words may be longer than any row; what is cut says so.
    let mut x = 0;
    for (text, style) in &last {
        let space = width.saturating_sub(x);
        // A number is whole or it is not there.
        if text.starts_with(|letter: char| letter.is_ascii_digit()) && super::text::width(text.trim_end()) > space {
            break;
        }
        x = pen.put_cut(x, 0, space, text, *style);
    }
}

/// From everything to the least. What was spent goes, one word after the other, then the price, the count, the shares in
/// brackets and who is responsible; what fails, how much and since when stays.
const WORDINGS: usize = 9;
/// The last wordings with the share of the budget, the word "traces", "responsible", the price, "of orders", the count, the
/// brackets, the service.
const SPENT: usize = 0;
const TRACES: usize = 1;
const RESPONSIBLE: usize = 2;
const PRICE: usize = 3;
const OF_UNIT: usize = 4;
const COUNT: usize = 5;
const BRACKETS: usize = 6;
const SERVICE: usize = 7;

fn words(scene: &Scene<'_>, wording: usize) -> Vec<Piece> {
    let room = scene.room;
    if room.settings.logs_alone {
        return lines_alone(scene);
    }
    let strong = scene.style(Role::Strong);
    let text = scene.style(Role::Text);
    let dim = scene.style(Role::Dim);
    let worst = room.gauges.worst();
    let Some(judgement) = worst.filter(|judgement| !matches!(judgement.state, State::Healthy | State::NoTraffic))
    else {
        return calm(scene);
    };
    let slo = room.gauges.slo(&judgement.slo);
    let name = clean(&judgement.slo).into_owned();
    let mut pieces = match &judgement.state {
        State::Loading => return vec![(format!("◌ {name}: asking the servers for the first time"), dim)],
        State::Page | State::Notify | State::Rising | State::Recovering => {
            failing(scene, judgement, slo.map(AsRef::as_ref), wording)
        }
        State::Down { failure, last_good } if !matches!(failure.cause, Cause::Throttled(_)) => {
            // Not the service is down: nobody says how it is. What the traces say still stands.
            let long = last_good.map(|good| format!("for {}", duration_text(room.now.elapsed_since(good))));
            let long = long.unwrap_or_else(|| "so far".to_owned());
            let (sign, role) = mark(judgement);
            let mut pieces = vec![
                (format!("{sign} {name}: "), scene.style(role)),
                (format!("no answer from {} {long}", clean(&failure.source)), text),
            ];
            let blamed = responsible(scene, wording);
            if blamed.is_empty() {
                pieces.push((format!("; {}", clean(&failure.cause.to_string())), text));
            }
            pieces.extend(blamed);
            return pieces;
        }
        _ => {
            let clock = |at| minutes(room, at);
            // The sign of its row, so that too few events are never a share of failures.
            let (mark, role) = if judgement.possible_outage { ("▲", Role::Crit) } else { mark(judgement) };
            let words = judgement.sentence(room.now, &clock);
            return vec![(format!("{mark} {name}: "), scene.style(role)), (clean(&words).into_owned(), text)];
        }
    };
    pieces.extend(responsible(scene, wording));
    if wording <= COUNT {
        pieces.extend(price(room, wording, dim, strong));
    }
    pieces
}

/// Of files and the standard input: whose lines, how many, from when to when.
fn lines_alone(scene: &Scene<'_>) -> Vec<Piece> {
    let (room, book) = (scene.room, &scene.room.logs.book);
    let name = room.settings.sources.first().map_or("", |(name, _)| name.as_str());
    let name = (format!("{}  ", clean(name)), scene.style(Role::Strong));
    let (text, dim) = (scene.style(Role::Text), scene.style(Role::Dim));
    let last = book.end_seq().0.checked_sub(1).and_then(|seq| book.time(Seq(seq)));
    let Some((first, last)) = book.time(book.first_seq()).zip(last) else {
        return vec![name, ("no line yet".to_owned(), dim)];
    };
    let count = u32::try_from(book.len()).map_or(f64::from(u32::MAX), f64::from);
    let count = if book.len() == 1 { "1 line".to_owned() } else { format!("{} lines", thousands(count)) };
    let (day, days) = (clock::day(room, first), clock::day(room, last));
    let until = if days == day { String::new() } else { format!("{days} ") };
    let moment = |at| clock::seconds(room, at).trim_end().to_owned();
    let span = format!(", {day} {} – {until}{}", moment(first), moment(last));
    let forgotten = match book.evicted() {
        0 => String::new(),
        gone => format!("; {gone} older ones are not kept"),
    };
    vec![name, (count, text), (span, dim), (forgotten, scene.style(Role::Warn))]
}

fn calm(scene: &Scene<'_>) -> Vec<Piece> {
    let room = scene.room;
    let count = room.gauges.judgements.len();
    let text = scene.style(Role::Text);
    let firing = room.alerts.iter().filter(|alert| matches!(alert.severity(), "page" | "critical")).count();
    if count == 0 && firing == 0 {
        return vec![(
            "◌ No SLO is configured: add an [[slo]] to config.toml, see config.example.toml".to_owned(),
            text,
        )];
    }
    // Where nothing happened nothing was spent; a part of the truth leaves out what may have been.
    let judgements = &room.gauges.judgements;
    let is_unknown = |judgement: &&Judgement| match judgement.budget {
        Some(_) => judgement.partial,
        None => judgement.state != State::NoTraffic,
    };
    let unknown = judgements.iter().filter(is_unknown).count();
    if firing > 0 {
        let budgets = if unknown == 0 { "every SLO is within its budget" } else { "no SLO burns" };
        let name = room.alerts.first().map_or("", |alert| alert.name().as_str());
        return vec![
            ("▲ ".to_owned(), scene.style(Role::Crit)),
            (clean(name).into_owned(), scene.style(Role::Strong)),
            (format!(" fires, {firing} in all; {budgets}"), text),
        ];
    }
    let is_spent = |judgement: &&Judgement| judgement.budget.is_some_and(|budget| budget.remaining <= 0.0);
    let exhausted = judgements.iter().filter(is_spent).count();
    let last = last_incident(scene);
    let silent = if room.alerts.is_empty() { "Nothing fires, nothing is silenced." } else { "Nothing pages." };
    let (mark, role) = if unknown == 0 { ("✓ ", Role::Ok) } else { ("◌ ", Role::Dim) };
    let budget = match (exhausted, unknown) {
        (0, 0) => format!("All {count} SLOs are within budget. "),
        (0, some) => format!("No SLO burns; {some} of {count} budgets are not known in full. "),
        (some, 0) => format!("No SLO burns; {some} of {count} have spent their budget. "),
        (some, others) => format!("No SLO burns; {some} of {count} budgets are spent, {others} not known in full. "),
    };
    let silent = format!("{silent}{last}");
    vec![(mark.to_owned(), scene.style(role)), (budget, text), (silent, scene.style(Role::Dim))]
}

/// How long ago the last incident ended, and what it cost.
fn last_incident(scene: &Scene<'_>) -> String {
    let room = scene.room;
    let told = stories(&room.timeline.timeline);
    let Some((story, resolved)) = told.last().and_then(|story| Some((story, story.resolved?))) else {
        return String::new();
    };
    let ago = duration_text(room.now.elapsed_since(resolved));
    let price = story.prices.first().map_or_else(String::new, |price| format!(": {}", clean(&price.short())));
    format!(" Last incident {ago} ago{price}.")
}

fn failing(scene: &Scene<'_>, judgement: &Judgement, slo: Option<&Slo>, wording: usize) -> Vec<Piece> {
    let room = scene.room;
    let (mark, style) = match judgement.state {
        State::Page => ("▲", scene.style(Role::Crit)),
        State::Notify => ("◆", scene.style(Role::Warn)),
        _ => ("◇", scene.style(Role::Warn)),
    };
    let unit = slo.map_or("requests", |slo| slo.unit.as_str());
    let own = room.impact.slo.as_ref() == Some(&judgement.slo);
    let share = if own { room.impact.share_now.or(judgement.error_ratio_5m) } else { judgement.error_ratio_5m };
    let partial = if judgement.partial { "!" } else { "" };
    let mut pieces = vec![
        (format!("{mark} "), style),
        (clean(&judgement.slo).into_owned(), scene.style(Role::Strong)),
        (": ".to_owned(), scene.style(Role::Text)),
    ];
    if let Some(share) = share {
        // One in a thousand is many for an objective of three nines: small shares keep a digit.
        let decimals = usize::from(share < 0.095);
        pieces.push((format!("{}{partial} ", percent_text(share, decimals)), scene.style(Role::Strong)));
        let is_slowness = slo.is_some_and(|slo| slo.slow_from().is_some());
        let fail = match (is_slowness, wording <= OF_UNIT) {
            (false, true) => format!("of {} fail", clean(unit)),
            (false, false) => "fail".to_owned(),
            (true, true) => format!("of {} are slow", clean(unit)),
            (true, false) => "slow".to_owned(),
        };
        pieces.push((fail, scene.style(Role::Strong)));
        if room.lens.is_frozen() {
            // The other panes look back; this line does not, and it stands still until a key or news.
            pieces.push((format!(" at {},", minutes(room, room.now)), scene.style(Role::Warn)));
        }
    }
    let since = if own { room.impact_start() } else { judgement.since };
    if let Some(since) = since {
        pieces.push((format!(" since {}", minutes(room, since)), scene.style(Role::Text)));
    }
    if judgement.state == State::Recovering {
        pieces.push((", recovering".to_owned(), scene.style(Role::Ok)));
    }
    pieces
}

fn responsible(scene: &Scene<'_>, wording: usize) -> Vec<Piece> {
    let Some(found) = &scene.room.attribution else { return Vec::new() };
    if wording > SERVICE {
        return Vec::new();
    }
    let dim = scene.style(Role::Dim);
    let Some(first) = found.findings.ranking.first() else {
        let unread = found.findings.of_all(found.findings.found);
        if found.findings.read > 0 || found.findings.found == 0 || wording > RESPONSIBLE {
            return Vec::new();
        }
        let words = format!("none of {unread} failing traces could be read");
        return vec![(" · ".to_owned(), dim), (words, scene.style(Role::Warn))];
    };
    let mut pieces = vec![(" · ".to_owned(), dim)];
    if wording <= RESPONSIBLE {
        pieces.push(("responsible ".to_owned(), scene.style(Role::Text)));
    }
    pieces.push((clean(&first.service).into_owned(), scene.theme.service(&first.service)));
    if let Some(dependency) = &first.dependency {
        pieces.push((" → ".to_owned(), scene.style(Role::Text)));
        pieces.push((clean(dependency).into_owned(), scene.theme.service(dependency)));
    }
    let old = since(scene.room, found.at);
    let stale = if old > 30 { format!(", {old} s ago") } else { String::new() };
    let of = found.findings.of_all(first.of);
    match wording {
        SPENT | TRACES => pieces.push((format!(" ({} of {of} traces{stale})", first.traces), dim)),
        RESPONSIBLE..=BRACKETS => pieces.push((format!(" ({} of {of}{stale})", first.traces), dim)),
        _ => {}
    }
    pieces
}

fn price(room: &Room, wording: usize, dim: ratatui::style::Style, strong: ratatui::style::Style) -> Vec<Piece> {
    let Some(lost) = room.impact.lost else { return Vec::new() };
    let partial = room.gauges.worst().is_some_and(|judgement| judgement.partial);
    let least = if partial { "≥ " } else { "" };
    let slo = room.impact.slo.as_ref().and_then(|name| room.gauges.slo(name));
    let what = if slo.is_some_and(|slo| slo.slow_from().is_some()) { "slow" } else { "lost" };
    let mut pieces = vec![(" · ".to_owned(), dim), (format!("{least}{} {what}", thousands(lost)), strong)];
    let money =
        room.gauges.worst().and_then(|judgement| judgement.lost.as_ref()).and_then(|lost| lost.cost.money.as_ref());
    // Of a part of the truth there is a least count and no price.
    if let Some(money) = money.filter(|_| wording <= PRICE && !partial) {
        pieces.push((format!(", {}", money_short(money)), strong));
    }
    let price = room.prices.first().filter(|price| wording == SPENT && Some(&price.slo) == room.impact.slo.as_ref());
    if let Some((spent, minutes)) = price.and_then(|price| Some((price.spent()?, price.minutes_text()?))) {
        pieces.push((format!(", {} of the budget, {minutes}", percent_text(spent, 1)), dim));
    }
    pieces
}
