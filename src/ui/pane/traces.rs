//! The traces of the moment: what failed, what was slow, and the rest, to choose one from.

use std::time::Duration;

use super::absent;
use crate::domain::signal::Summary;
use crate::domain::slo::Label;
use crate::room::{Loading, Pane};
use crate::ui::clock::{age, minutes, seconds, took};
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::Title;

/// Rows above the list.
pub(in crate::ui) const HEAD: usize = 1;
/// Columns.
const ID: usize = 3;
const TIME: usize = 14;
const TOOK: usize = 31;
const SPANS: usize = 38;
const NAME: usize = 50;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let pane = &scene.room.waterfall;
    let told = match &pane.list_state {
        Loading::Asked { since } => {
            let ago = scene.room.now.elapsed_since(*since).as_secs_f64();
            (
                if ago >= 2.0 { format!("◐ asked {} ago", age(ago)) } else { "asking".to_owned() },
                scene.style(Role::Warn),
            )
        }
        Loading::Failed { failure, .. } => (format!("✗ {}", clean(&failure.to_string())), scene.style(Role::Crit)),
        _ => (count_words(scene), scene.style(Role::Dim)),
    };
    let part = partial(scene).map(|words| (format!("{words}  "), scene.style(Role::Warn)));
    let detail = match pane.narrowed {
        Some(_) => which(scene),
        None => format!("{}: errors, then slow ones", which(scene)),
    };
    Title {
        number: "3",
        name: "Traces",
        detail,
        right: match absent::in_short(scene, Pane::Waterfall) {
            Some(absent) => vec![absent],
            None => part.into_iter().chain([told]).collect(),
        },
        focused: scene.has_focus(Pane::Waterfall),
        heads: false,
    }
}

/// Clocks of servers and hosts that differ by less make no trace one of another moment.
const CLOCKS: Duration = Duration::from_secs(5);

/// Which traces these are. While time is frozen: until when, or that the server told of later ones all the same.
fn which(scene: &Scene<'_>) -> String {
    let (room, pane) = (scene.room, &scene.room.waterfall);
    if let Some(words) = &pane.narrowed {
        return clean(words).into_owned();
    }
    let Some(until) = pane.list_until.filter(|_| room.lens.is_frozen()) else { return "of the moment".to_owned() };
    if pane.list.iter().any(|summary| summary.start > until.plus(CLOCKS)) {
        return format!("{}, {}", minutes(room, room.now), scene.say(Label::NotFrozen));
    }
    format!("until {}", seconds(room, until).trim_end())
}

/// A search that stops at its limit leaves traces out: their number is then none of the failure.
pub(super) fn count_words(scene: &Scene<'_>) -> String {
    let pane = &scene.room.waterfall;
    let count = pane.list.len();
    if pane.has_more { format!("{count}+ traces") } else { format!("{count} traces") }
}

/// That a server did not look at everything: then nothing says that these are all.
fn partial(scene: &Scene<'_>) -> Option<String> {
    let part = scene.room.waterfall.list_partial.as_ref()?;
    Some(format!("partial: {}", clean(part)))
}

/// What the list holds, for a row of its own.
pub(super) fn summary(scene: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    let pane = &scene.room.waterfall;
    let (text, dim) = (scene.style(Role::Text), scene.style(Role::Dim));
    let failed = pane.list.iter().filter(|summary| summary.errors.is_some_and(|errors| errors > 0)).count();
    let left = match &pane.list_state {
        _ if let Some(absent) = absent::in_short(scene, Pane::Waterfall) => vec![absent],
        Loading::Failed { failure, .. } => {
            vec![(format!("✗ {}", clean(&failure.to_string())), scene.style(Role::Crit))]
        }
        Loading::Idle | Loading::Asked { .. } if pane.list.is_empty() => vec![("asking".to_owned(), dim)],
        _ if failed == 0 => vec![(format!("{}: none with errors", which(scene)), text)],
        _ => vec![(format!("{}: ", which(scene)), text), (format!("▲{failed} with errors"), scene.style(Role::Crit))],
    };
    let part = partial(scene).map(|words| (format!("{words}  "), scene.style(Role::Warn)));
    (left, part.into_iter().chain([(count_words(scene), dim)]).collect())
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let pane = &scene.room.waterfall;
    if pane.list.is_empty() {
        return empty(pen, scene);
    }
    let dim = scene.style(Role::Dim);
    pen.put(ID, 0, "trace", dim);
    pen.put(TIME, 0, "began", dim);
    pen.put_right(TOOK, 0, "took", dim);
    pen.put_right(SPANS + 1, 0, "spans", dim);
    pen.put(SPANS + 3, 0, "errors", dim);
    pen.put(NAME, 0, "service, operation", dim);
    let rows = pane.list.iter().enumerate().skip(pane.list_cursor.offset).take(pen.height().saturating_sub(HEAD));
    for (y, (at, summary)) in rows.enumerate() {
        row(pen, scene, y + HEAD, summary);
        if at == pane.list_cursor.selected {
            pen.put(0, y + HEAD, "▸", scene.style(Role::Focus));
            if scene.has_focus(Pane::Waterfall) {
                pen.tint(0, usize::MAX, y + HEAD, scene.style(Role::Sel));
            }
        }
    }
}

fn row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, summary: &Summary) {
    let dim = scene.style(Role::Dim);
    let failed = summary.errors.is_some_and(|errors| errors > 0);
    if failed {
        pen.put(1, y, "▲", scene.style(Role::Crit));
    }
    pen.put(ID, y, &summary.trace.short(), dim);
    pen.put(TIME, y, &seconds(scene.room, summary.start), dim);
    pen.put_right(TOOK, y, &took(summary.duration_nanos), scene.style(Role::Strong));
    if let Some(spans) = summary.spans {
        pen.put_right(SPANS + 1, y, &spans.to_string(), dim);
    }
    if let Some(errors) = summary.errors.filter(|errors| *errors > 0) {
        pen.put_right(SPANS + 9, y, &errors.to_string(), scene.style(Role::Crit));
    }
    let root = if summary.root_service.is_empty() { "root not yet received" } else { &summary.root_service };
    let x = pen.put_cut(NAME, y, usize::MAX, &clean(root), scene.theme.service(root));
    pen.put_cut(x + 1, y, usize::MAX, &clean(&summary.root_name), scene.style(Role::Text));
}

const SEARCHING: &str = "searching for traces that failed or were slow";

/// In place of a list that is not to be read.
pub(super) fn searching(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    say(pen, scene, SEARCHING);
}

fn empty(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let pane = &scene.room.waterfall;
    let words = match &pane.list_state {
        _ if let Some(absent) = absent::in_words(scene, Pane::Waterfall) => absent.to_owned(),
        Loading::Idle | Loading::Asked { .. } => SEARCHING.to_owned(),
        Loading::Failed { failure, .. } => format!("✗ {}", clean(&failure.to_string())),
        Loading::Ready { .. } if let Some(part) = partial(scene) => {
            format!("no trace in what was searched of this window, {part}: a shorter window is searched whole sooner.")
        }
        Loading::Ready { .. } => {
            "no trace in this window. A tail sampler keeps a trace back for about 30 s; an empty answer is not a no."
                .to_owned()
        }
    };
    say(pen, scene, &words);
}

fn say(pen: &mut Pen<'_>, scene: &Scene<'_>, words: &str) {
    for (y, row) in crate::ui::text::wrap(words, pen.width().saturating_sub(2), pen.height()).iter().enumerate() {
        pen.put(1, y, row, scene.style(Role::Dim));
    }
}
