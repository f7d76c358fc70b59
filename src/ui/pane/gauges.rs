//! Pane 1: a row an SLO, the worst first; what fires gets a row for its slow rule and a sentence.

use ratatui::style::Style;

use crate::domain::Symbol;
use crate::domain::slo::{
    Judgement, Label, Method, PairJudgement, RuleSeverity, State, burn_text, percent_in, window_label,
};
use crate::room::Pane;
use crate::ui::clock::minutes;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};
use crate::ui::widget::{Title, draw_burn};

/// Columns of the mark and name, and of each number.
const NAME: usize = 18;
const NUMBERS: usize = 17;
/// The last of these columns, its blank included.
const NUMBER: usize = 6;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let heads = vec![(heads(scene), scene.style(Role::Dim))];
    Title {
        number: "1",
        name: "SLOs",
        // The gauges tell of now, also while the other panes look back.
        detail: match (loading(scene), scene.room.lens.is_frozen()) {
            (Some(loading), _) => loading,
            (None, true) => format!("{}, {}", minutes(scene.room, scene.room.now), scene.say(Label::NotFrozen)),
            (None, false) => String::new(),
        },
        right: heads,
        focused: scene.has_focus(Pane::Gauges),
        heads: true,
    }
}

/// `3 of 30 d loaded`, or `12 of 30 d, the server keeps no more`: of the SLO whose number covers least.
pub(in crate::ui) fn loading(scene: &Scene<'_>) -> Option<String> {
    least_covered(scene).map(|(_, text)| text)
}

/// The same, and whose it is.
pub(in crate::ui) fn least_covered<'a>(scene: &Scene<'a>) -> Option<(&'a Symbol, String)> {
    let told = scene.room.gauges.coverage.iter().filter_map(|(slo, coverage)| {
        let text = coverage.text_in(scene.room.now, scene.language())?;
        Some(((coverage.loaded, std::cmp::Reverse(coverage.since)), slo, text))
    });
    told.min_by_key(|(least, ..)| *least).map(|(_, slo, text)| (slo, text))
}

/// The windows of the first pair, where all SLOs have the same.
fn heads(scene: &Scene<'_>) -> String {
    let first = |judgement: &Judgement| judgement.pairs.first().map(|pair| (pair.short, pair.long));
    let mut windows = scene.room.gauges.judgements.iter().filter_map(first);
    let (short, long) = match windows.next() {
        Some(pair) if windows.all(|other| other == pair) => (window_label(pair.0), window_label(pair.1)),
        Some(_) => (scene.say(Label::Short).to_owned(), scene.say(Label::Long).to_owned()),
        None => ("5m".to_owned(), "1h".to_owned()),
    };
    format!("{short:>3}{long:>5}  {}", scene.say(Label::Left))
}

/// Over the whole screen the numbers have heads of their own.
pub(in crate::ui) fn wide_title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let days = scene.room.gauges.worst().map_or(30, |worst| worst.window.as_secs() / 86_400);
    let rolling = format!("{days} {}", scene.say(Label::DaysRolling));
    let covered = loading(scene).map_or_else(|| rolling.clone(), |text| format!("{rolling}: {text}"));
    let selected = scene.room.gauges.selected();
    let source = selected.and_then(|judgement| scene.room.gauges.coverage.get(&judgement.slo));
    let source = source.map_or_else(String::new, |coverage| {
        format!(", {} {}", scene.say(Label::CountedBy), clean(&coverage.source()))
    });
    let detail = format!("{covered}{source}, {}", scene.say(Label::WorstFirst));
    Title { detail, right: Vec::new(), heads: false, ..title(scene) }
}

/// `▲2 page  ◇1 rising  ✓2   worst order-routing 636× 5m 55× 1h`
pub(in crate::ui) fn summary(scene: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    let judgements = &scene.room.gauges.judgements;
    let count = |wanted: fn(&State) -> bool| judgements.iter().filter(|judgement| wanted(&judgement.state)).count();
    let mut pieces = Vec::new();
    let mut tell = |number: usize, sign: &str, word: Option<Label>, role: Role| {
        if number > 0 {
            let word = word.map_or_else(String::new, |word| format!(" {}", scene.say(word)));
            pieces.push((format!("{sign}{number}{word}  "), scene.style(role)));
        }
    };
    tell(count(|state| matches!(state, State::Page)), "▲", Some(Label::Paging), Role::Crit);
    tell(count(|state| matches!(state, State::Notify)), "◆", Some(Label::Notifying), Role::Warn);
    tell(count(|state| matches!(state, State::Ticket)), "□", Some(Label::Ticketing), Role::Warn);
    tell(count(|state| matches!(state, State::Rising)), "◇", Some(Label::Rising), Role::Warn);
    let known = |state: &State| state.is_measured() || matches!(state, State::NoTraffic);
    tell(count(|state| matches!(state, State::Partial)), "≈", Some(Label::InPart), Role::Warn);
    tell(
        judgements.iter().filter(|judgement| !known(&judgement.state)).count(),
        "◌",
        Some(Label::NotKnown),
        Role::Warn,
    );
    tell(count(|state| matches!(state, State::Healthy | State::Recovering)), "✓", None, Role::Ok);
    if let Some(worst) = judgements.first().filter(|judgement| !matches!(judgement.state, State::Healthy)) {
        let burns = worst.pairs.first().map_or_else(String::new, |pair| {
            let text = |burn: Option<f64>| burn.map_or_else(|| "–".to_owned(), burn_text);
            let (short, long) = (text(pair.short_burn), text(pair.long_burn));
            format!(" {short} {} {long} {}", window_label(pair.short), window_label(pair.long))
        });
        pieces.push((format!(" {} {}{burns}", scene.say(Label::Worst), clean(&worst.slo)), scene.style(Role::Text)));
    }
    (pieces, Vec::new())
}

/// The rows that this pane would like, its title included.
pub(in crate::ui) fn wanted_rows(scene: &Scene<'_>, tall: bool) -> usize {
    let judgements = &scene.room.gauges.judgements;
    judgements.iter().enumerate().map(|(at, judgement)| rows_of(judgement, at, tall)).sum::<usize>() + 1
}

/// One, and for what fires the slow pair; for the first of them the sentence.
fn rows_of(judgement: &Judgement, at: usize, tall: bool) -> usize {
    if !judgement.state.is_firing() || judgement.pairs.len() < 2 {
        return 1 + usize::from(at == 0 && judgement.partial);
    }
    match (at, tall) {
        (0, _) => 3,
        (_, true) => 2,
        _ => 1,
    }
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, tall: bool) {
    let room = scene.room;
    if room.gauges.judgements.is_empty() {
        pen.put_cut(2, 0, usize::MAX, "no SLO is configured yet:", scene.style(Role::Dim));
        pen.put_cut(2, 1, usize::MAX, "an [[slo]] in config.toml needs a name, an", scene.style(Role::Dim));
        pen.put_cut(2, 2, usize::MAX, "objective, and queries of bad and total", scene.style(Role::Dim));
        return;
    }
    let mut y = 0;
    let mut journey_above = None;
    for (at, judgement) in room.gauges.judgements.iter().enumerate().skip(room.gauges.cursor.offset) {
        if y >= pen.height() {
            break;
        }
        let rows = rows_of(judgement, at, tall).min(pen.height() - y);
        let journey = room.gauges.slo(&judgement.slo).map(|slo| slo.journey.clone());
        let name = name(&judgement.slo, journey.as_deref(), journey_above.as_deref());
        journey_above = journey;
        first_row(pen, scene, y, judgement, &name);
        if rows > 1 && judgement.state.is_firing() {
            pair_row(pen, scene, y + 1, judgement);
        }
        if rows > 2 || (rows == 2 && !judgement.state.is_firing()) {
            let clock = |at| minutes(room, at);
            let words = judgement.short(room.now, &clock);
            pen.put_cut(4, y + rows - 1, usize::MAX, &clean(&words), scene.style(Role::Text));
        }
        if at == room.gauges.cursor.selected && scene.has_focus(Pane::Gauges) {
            pen.put(1, y, "▸", scene.style(Role::Focus));
            pen.tint(0, usize::MAX, y, scene.style(Role::Sel));
        }
        y += rows;
    }
    zone_words(pen, scene, y);
}

/// An SLO below another of the same journey leaves the journey out of its name.
fn name(slo: &str, journey: Option<&str>, above: Option<&str>) -> String {
    let slo = clean(slo).into_owned();
    match (journey, above) {
        (Some(journey), Some(above)) if journey == above && slo.len() > journey.len() && slo.starts_with(journey) => {
            let rest = slo.get(journey.len()..).unwrap_or_default();
            format!("  {}", rest.trim_start_matches([' ', '-', ':']))
        }
        _ => slo,
    }
}

fn first_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, judgement: &Judgement, name: &str) {
    let room = scene.room;
    let (mark, role) = mark(judgement);
    let style = if judgement.stale.is_some() { scene.style(Role::Stale) } else { scene.style(role) };
    pen.put(0, y, mark, style);
    let weight = if judgement.state.is_firing() { Role::Strong } else { Role::Text };
    pen.put_cut(2, y, NAME - 3, name, scene.style(weight));
    let end = numbers_end(pen);
    let known = judgement.state.is_measured();
    if known && let Some(pair) = judgement.pairs.first() {
        let bar = NAME + tag(pen, scene, y, judgement);
        let cells = end.saturating_sub(bar + NUMBERS);
        draw_burn(pen, bar, y, cells, pair, style, scene.style(Role::Faint));
        let number = |burn: Option<f64>| burn.map_or_else(|| "–".to_owned(), burn_text);
        let strength = |above: bool| if above { scene.style(Role::Strong).patch(style) } else { style };
        pen.put_right(end.saturating_sub(11), y, &number(pair.short_burn), strength(pair.short_above));
        pen.put_right(end.saturating_sub(6), y, &number(pair.long_burn), strength(pair.long_above));
    } else {
        let clock = |at| minutes(room, at);
        let words = judgement.short(room.now, &clock);
        let words = if matches!(judgement.state, State::Loading) { scene.say(Label::Asking).to_owned() } else { words };
        pen.put_cut(NAME, y, end.saturating_sub(NAME + 7), &clean(&words), style);
    }
    left(pen, scene, y, judgement);
}

/// What is counted, where it is not events: two methods never give the same number. Gives the cells that it takes.
fn tag(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, judgement: &Judgement) -> usize {
    let tag = match judgement.method {
        Method::Occurrences => return 0,
        Method::TimeSlices { .. } => scene.say(Label::Slices),
        Method::RatioOfSlices { .. } => scene.say(Label::Mean),
    };
    pen.put_cut(NAME, y, numbers_end(pen).saturating_sub(NAME + NUMBERS), tag, scene.style(Role::Dim));
    width(tag) + 1
}

/// The last column is that of the `!` of a part of the truth: no number moves when it comes.
fn numbers_end(pen: &Pen<'_>) -> usize {
    pen.width().saturating_sub(1)
}

fn left(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, judgement: &Judgement) {
    let end = numbers_end(pen);
    match &judgement.budget {
        Some(budget) => {
            // Three digits of overspending would run into the column before: then the word says enough.
            let share = percent_in(budget.remaining, 0, scene.language());
            let text = if width(&share) < NUMBER { share } else { scene.say(Label::Spent).to_owned() };
            let style = if budget.zone().is_frozen() { scene.style(Role::Crit) } else { scene.style(Role::Text) };
            pen.put_right(end, y, &text, style);
            if judgement.partial {
                pen.put(end, y, "!", scene.style(Role::Warn));
            }
        }
        None => pen.put_right(end, y, "–", scene.style(Role::Dim)),
    }
}

/// The pair of the second row: the loudest that fires beside the first one, else the next.
fn second(judgement: &Judgement) -> Option<&PairJudgement> {
    let others = judgement.pairs.get(1..)?;
    others.iter().filter(|pair| pair.firing).min_by_key(|pair| pair.severity).or_else(|| others.first())
}

fn pair_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, judgement: &Judgement) {
    let Some(pair) = second(judgement) else { return };
    let style: Style = if pair.firing { scene.style(Role::Warn) } else { scene.style(Role::Dim) };
    let windows = format!("{} {}", window_label(pair.short), window_label(pair.long));
    let is_ticket = pair.severity == RuleSeverity::Ticket;
    let word = scene.say(if is_ticket { Label::TicketPair } else { Label::SlowPair });
    let words = format!("{word} {windows}");
    let words = if width(&words) < NAME - 4 { words } else { windows };
    pen.put_cut(4, y, NAME - 5, &words, scene.style(Role::Dim));
    let end = numbers_end(pen);
    draw_burn(pen, NAME, y, end.saturating_sub(NAME + NUMBERS), pair, style, scene.style(Role::Faint));
    let number = |burn: Option<f64>| burn.map_or_else(|| "–".to_owned(), burn_text);
    pen.put_right(end.saturating_sub(11), y, &number(pair.short_burn), style);
    pen.put_right(end.saturating_sub(6), y, &number(pair.long_burn), style);
}

/// What the zone of the worst SLO forbids, when there is room to say it.
fn zone_words(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize) {
    let Some(zone) = scene.room.gauges.worst().and_then(|judgement| judgement.zone).filter(|zone| zone.is_frozen())
    else {
        return;
    };
    let language = scene.language();
    let words = format!("▼ {}: {}", zone.word_in(language), zone.allowed_in(language));
    for (at, row) in crate::ui::text::wrap(&words, pen.width(), pen.height().saturating_sub(y)).iter().enumerate() {
        pen.put(0, y + at, &cut(row, pen.width()), scene.style(Role::Crit));
    }
}

/// One sign a state; no two states share one.
pub(in crate::ui) fn mark(judgement: &Judgement) -> (&'static str, Role) {
    match judgement.state {
        State::Page => ("▲", Role::Crit),
        State::Notify => ("◆", Role::Warn),
        State::Ticket => ("□", Role::Warn),
        State::Rising => ("◇", Role::Warn),
        State::Recovering => ("▽", Role::Warn),
        State::Healthy => ("✓", Role::Ok),
        State::Partial => ("≈", Role::Warn),
        State::LowTraffic { .. } => ("◍", Role::Warn),
        State::NoTraffic => ("○", Role::Dim),
        State::NoData => ("◌", Role::Warn),
        State::QueryFailed(_) | State::Down { .. } => ("✗", Role::Crit),
        State::MissingBucket { .. } => ("⊘", Role::Warn),
        State::Loading => ("·", Role::Dim),
    }
}
