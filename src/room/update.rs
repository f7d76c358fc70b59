//! The one door: a message goes in, the room changes, effects come out. Pure: no clock, no input or output, nothing
//! awaited. Only sorts messages; what each does stands in the files of `update/`.

use super::command::Command;
use super::effect::{Effect, Effects};
use super::fact::{Drawn, Message};
use super::pane::Zoom;
use super::room::Room;
use super::toast::ToastKind;

mod app;
mod around;
mod ask;
mod auto;
mod awaited;
mod budget;
mod changes;
mod consequences;
mod crossings;
mod earlier;
mod event;
mod facts;
mod find;
mod findings;
mod folds;
mod follow;
mod investigation;
mod keys;
mod late_price;
mod ledger;
mod origin;
mod patterns;
mod pivot;
mod places;
mod query;
mod reach;
mod recall;
mod record;
mod runbook;
mod search;
mod selection;
mod signals;
mod steps;
mod still;
mod tail;
mod tick;
mod ties;
mod time;
mod values;
mod wanted;
mod way;

#[cfg(test)]
mod tests;

/// From so many columns on two panes stand side by side.
const NARROW: u16 = 110;

/// What the room asks for before anything has come: traces, the history of the log query (and its tail after it).
pub fn start(room: &mut Room) -> Effects {
    let mut out = Effects::default();
    if room.settings.logs_alone {
        // Files have no past to ask for beside what they hold.
        tail::start_tail(room, None, &mut out);
    } else {
        ask::search(room, &mut out);
        ask::history(room, &mut out);
    }
    out
}

/// Changes the room by one message.
pub fn update(room: &mut Room, message: Message) -> Effects {
    let mut out = Effects::default();
    let was_open = room.incident.is_some();
    let by_itself = message.comes_by_itself();
    match message {
        Message::Command(command) => {
            room.touched = true;
            run(room, command, &mut out);
        }
        Message::Key(key) => {
            room.touched = true;
            if let Some(command) = keys::press(room, key, &mut out) {
                run(room, command, &mut out);
            }
        }
        Message::Paste(text) => keys::paste(room, &text, &mut out),
        Message::Edited(_) if room.settings.board => {}
        Message::Edited(text) => record::edited(room, &text, &mut out),
        Message::Open(target) => ask::open_target(room, target, &mut out),
        Message::Fact(fact) => facts::take(room, fact, &mut out),
        Message::Tick(now) => tick::tick(room, now, &mut out),
        Message::Drawn(drawn) => resize(room, drawn),
    }
    consequences::resolved(room, was_open, &mut out);
    count_since(room, &mut out);
    search::go_on(room, &mut out);
    earlier::ask(room, &mut out);
    recall::go_on(room, &mut out);
    places::from_target(room, &mut out);
    investigation::keep(room);
    still::look(room, by_itself);
    out
}

/// The polls count from where the incident began, however it came to be known.
fn count_since(room: &mut Room, out: &mut Effects) {
    let since = room.incident.as_ref().and_then(|_| room.impact_start());
    if since != room.counted_since {
        room.counted_since = since;
        out.push(Effect::CountSince(since));
    }
}

fn resize(room: &mut Room, drawn: Drawn) {
    for (pane, height) in drawn.heights {
        steps::set_height(room, pane, height);
    }
    room.width = drawn.width;
    room.overlay_height = drawn.overlay_height;
    room.overlay_rows = drawn.overlay_rows;
    steps::set_overlay_height(room, drawn.overlay_height);
    budget::clamp(room, drawn.overlay_rows);
}

/// A narrow screen shows one pane under the other: half of it is what the pane has already.
fn grow(room: &mut Room) {
    room.zoom = room.zoom.next();
    if room.zoom == Zoom::Half && (1..NARROW).contains(&room.width) {
        room.zoom = room.zoom.next();
    }
}

fn run(room: &mut Room, command: Command, out: &mut Effects) {
    use Command as C;
    // What an older action said is no answer to this one.
    if room.toast.as_ref().is_some_and(|toast| toast.kind != ToastKind::Warning) {
        room.toast = None;
    }
    if room.settings.board && command.writes() {
        return room.say(
            ToastKind::Warning,
            format!("a board is read-only: {} is for a war room of your own", command.words()),
        );
    }
    if awaited::refuses(room, command) || investigation::run(room, command, out) {
        return;
    }
    match command {
        C::Down | C::Up | C::First | C::Last | C::HalfPageDown | C::HalfPageUp | C::PageDown | C::PageUp => {
            steps::step(room, command, out);
        }
        C::NextPane | C::PreviousPane => steps::next_pane(room, command == C::PreviousPane),
        C::FocusGauges | C::FocusTimeline | C::FocusWaterfall | C::FocusLogs | C::FocusRunbook => {
            steps::focus(room, command);
        }
        C::GrowPane => grow(room),
        C::SidewaysLeft | C::SidewaysRight => steps::sideways(room, command == C::SidewaysLeft),
        C::Fold | C::Unfold => folds::fold(room, command == C::Fold),
        C::FoldAll | C::UnfoldAll => folds::fold_all(room, command == C::FoldAll),
        C::CriticalOnly => folds::critical_only(room),
        C::HideSmall => folds::hide_small(room),
        C::Findings => findings::open(room),
        C::CompareTwin => ties::compare(room, out),
        C::Dispute => findings::dispute(room, out),
        C::RawClocks => folds::raw_clocks(room),
        C::ShiftBack | C::ShiftForward => time::shift(room, command == C::ShiftBack, out),
        C::ZoomIn | C::ZoomOut => time::zoom(room, command == C::ZoomIn, out),
        C::Live => time::live(room, out),
        C::Freeze => time::freeze(room, out),
        C::PreviousEvent | C::NextEvent => time::event(room, command == C::PreviousEvent, out),
        C::CentreHere => time::centre(room, out),
        C::GoToTime => time::ask(room),
        C::CycleClock => time::cycle_clock(room),
        C::Filter => find::ask_filter(room),
        C::ClearFilter => find::clear(room, out),
        C::NextMatch | C::PreviousMatch => find::next(room, find::Wanted::Match, command == C::PreviousMatch),
        C::NextError | C::PreviousError => find::next(room, find::Wanted::Error, command == C::PreviousError),
        C::NextWarning | C::PreviousWarning => find::next(room, find::Wanted::Warning, command == C::PreviousWarning),
        C::NextSlow | C::PreviousSlow => find::next(room, find::Wanted::Slow, command == C::PreviousSlow),
        C::NextGap | C::PreviousGap => find::next(room, find::Wanted::Gap, command == C::PreviousGap),
        C::NextMark | C::PreviousMark => find::next(room, find::Wanted::Mark, command == C::PreviousMark),
        C::Mark => find::mark(room),
        C::ShowAll | C::ShowInfo | C::ShowWarn | C::ShowError => find::level(room, command),
        C::Drill => signals::drill(room, out),
        C::Details => signals::details(room, out),
        C::Budget => budget::open(room, out),
        C::WhatIf => budget::ask(room),
        C::Pivot => signals::pivot(room, out),
        C::PivotWide => signals::pivot_wide(room, out),
        C::Back => way::step_back(room, out),
        C::Investigate => investigation::open(room, out),
        C::Query => query::ask(room),
        C::FilterByValue => signals::filter_by_value(room, out),
        C::Patterns => patterns::cycle(room, out),
        C::Around => around::toggle(room, out),
        C::Note => record::open_note(room, "", out),
        C::NoteOfKind => record::pick_kind(room),
        C::Undo | C::Redo => record::undo(room, command == C::Redo, out),
        C::Acknowledge => record::acknowledge(room, out),
        C::Declare | C::ChangeSeverity | C::Commander | C::Roles | C::Resolve => {
            record::open_incident_note(room, command, out);
        }
        C::WhatChanged => changes::show(room),
        C::OpenRunbook => runbook::open(room, out),
        C::TickStep => runbook::tick(room, out),
        C::PassStep => runbook::ask_reason(room),
        C::Help | C::Palette => app::ask(room, command == C::Help),
        C::CopyMenu => app::copy_menu(room),
        C::Refresh => app::refresh(room, out),
        C::EditNote => record::open_editor(room, out),
        C::Redraw | C::Suspend | C::Quit => app::lend(command, out),
        C::Close => app::close(room, out),
    }
}
