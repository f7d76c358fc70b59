//! What a pane says when nothing is configured that could ever fill it. Not what it says while that is asked or fails.

use crate::room::Pane;
use crate::ui::pen::Piece;
use crate::ui::role::Role;
use crate::ui::scene::Scene;

fn is_absent(scene: &Scene<'_>, pane: Pane) -> bool {
    let room = scene.room;
    match pane {
        Pane::Logs => !room.settings.has_logs(),
        Pane::Waterfall => !room.settings.has_traces(),
        Pane::Runbook => room.runbook.catalog.pages().is_empty(),
        Pane::Gauges | Pane::Timeline => false,
    }
}

/// For a title or a summary.
pub(super) fn in_short(scene: &Scene<'_>, pane: Pane) -> Option<Piece> {
    is_absent(scene, pane).then(|| ("none is configured".to_owned(), scene.style(Role::Dim)))
}

/// For the pane itself: what is missing, and how to mend it.
pub(super) fn in_words(scene: &Scene<'_>, pane: Pane) -> Option<&'static str> {
    let words = match pane {
        Pane::Logs => "no log server is configured: add a [[source]] of kind \"loki\", or try warroom logs FILE",
        Pane::Waterfall => "no trace server is configured: add a [[source]] of kind \"tempo\" or \"jaeger\"",
        Pane::Gauges | Pane::Timeline | Pane::Runbook => return None,
    };
    is_absent(scene, pane).then_some(words)
}
