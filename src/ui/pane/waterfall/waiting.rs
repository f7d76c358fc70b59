//! What is said while a trace is on its way, or could not be had: what showed before it stays.

use std::time::Duration;

use crate::domain::trace::Tree;
use crate::room::Loading;
use crate::ui::clock::age;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;

/// What is being waited for.
pub(super) fn asked(scene: &Scene<'_>) -> String {
    match &scene.room.waterfall.tree_state {
        Loading::Asked { since } => {
            format!("asked {} ago", age(scene.room.now.elapsed_since(*since).as_secs_f64()))
        }
        Loading::Failed { .. } if scene.room.waterfall.looks_again_at(scene.room.now).is_some() => {
            "not there yet: a tail sampler keeps it back for about 30 s".to_owned()
        }
        Loading::Failed { failure, .. } => format!("✗ {}", clean(&failure.to_string())),
        _ => "none is open".to_owned(),
    }
}

/// How long a list is kept back for the trace of it that opens by itself: one screen for another, each read for the blink of
/// an eye and paid for over a slow link.
const BLINK: Duration = Duration::from_secs(1);

/// Whether the first trace, which nobody chose, was asked for a moment ago.
pub(super) fn is_opening(scene: &Scene<'_>) -> bool {
    let (room, pane) = (scene.room, &scene.room.waterfall);
    match &pane.tree_state {
        Loading::Asked { since } if pane.tree.is_none() && !pane.chosen => {
            room.settings.felt(room.now.elapsed_since(*since)) < BLINK
        }
        _ => false,
    }
}

/// Another trace was asked for, or could not be had: said above the one that still shows.
fn is_waiting(scene: &Scene<'_>, tree: &Tree) -> bool {
    let pane = &scene.room.waterfall;
    let other = scene.room.lens.trace.is_some_and(|trace| trace != tree.trace());
    match &pane.tree_state {
        Loading::Asked { since } => other || scene.room.now.elapsed_since(*since).as_secs() >= 2,
        Loading::Failed { .. } => true,
        _ => false,
    }
}

/// Rows above the trace: what is waited for, and what its server left out. Gives how many.
pub(super) fn waiting(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree) -> usize {
    let rows = waited(pen, scene, y, tree);
    let Some(partial) = tree.partial() else { return rows };
    let words = format!("◑ partial, spans may be missing: {}", clean(partial));
    pen.put_cut(1, y + rows, usize::MAX, &words, scene.style(Role::Warn));
    rows + 1
}

fn waited(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, tree: &Tree) -> usize {
    if !is_waiting(scene, tree) {
        return 0;
    }
    let room = scene.room;
    match &room.waterfall.tree_state {
        Loading::Failed { .. } if let Some(due) = room.waterfall.looks_again_at(room.now) => {
            let wait = due.elapsed_since(room.now).as_secs();
            let words = format!("◌ not there yet, asked again in {wait} s; the trace below is another one");
            pen.put_cut(1, y, usize::MAX, &words, scene.style(Role::Warn));
        }
        Loading::Failed { failure, .. } => {
            let words = format!("✗ {}; the trace below is the last good one", clean(&failure.to_string()));
            pen.put_cut(1, y, usize::MAX, &words, scene.style(Role::Crit));
        }
        Loading::Asked { since } => {
            let ago = age(scene.room.now.elapsed_since(*since).as_secs_f64());
            let words = format!("◐ asked {ago} ago; the trace below stays until the answer comes");
            pen.put_cut(1, y, usize::MAX, &words, scene.style(Role::Warn));
        }
        _ => {}
    }
    1
}
