//! While the trace of a line that was just written is waited for, another one shows, or none: keys that are about a trace act
//! on neither, and say so. Not the asking again: that is `ask.rs`.

use super::super::command::Command;
use super::super::pane::Pane;
use super::super::room::Room;
use super::selection;
use crate::domain::TraceId;

pub(super) fn awaited(room: &Room) -> Option<TraceId> {
    room.waterfall.awaited(room.lens.trace, room.now)
}

/// True when the command would act on a trace that is not the one that was asked for.
pub(super) fn refuses(room: &mut Room, command: Command) -> bool {
    let Some(trace) = awaited(room) else { return false };
    let refused = match command {
        Command::Investigate => room.focus == Pane::Waterfall || selection::trace(room).is_none(),
        command => is_of_the_open_trace(command) || (room.focus == Pane::Waterfall && is_of_its_rows(command)),
    };
    if refused {
        let key = room.key_of(Command::Close);
        room.explain(format!("waiting for trace {}; {key} stops", trace.short()));
    }
    refused
}

/// Wherever the focus is.
const fn is_of_the_open_trace(command: Command) -> bool {
    use Command as C;
    matches!(command, C::CompareTwin | C::Findings | C::CriticalOnly | C::HideSmall | C::RawClocks)
}

/// Of what the cursor of the pane stands on, or of where it goes.
const fn is_of_its_rows(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Down
            | C::Up
            | C::First
            | C::Last
            | C::HalfPageDown
            | C::HalfPageUp
            | C::PageDown
            | C::PageUp
            | C::Fold
            | C::Unfold
            | C::FoldAll
            | C::UnfoldAll
            | C::Filter
            | C::NextMatch
            | C::PreviousMatch
            | C::NextError
            | C::PreviousError
            | C::NextWarning
            | C::PreviousWarning
            | C::NextSlow
            | C::PreviousSlow
            | C::NextGap
            | C::PreviousGap
            | C::Mark
            | C::NextMark
            | C::PreviousMark
            | C::Drill
            | C::Details
            | C::PivotWide
            | C::FilterByValue
            | C::CopyMenu
            | C::CentreHere
            | C::OpenRunbook
            | C::Dispute
    )
}
