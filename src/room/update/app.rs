//! The App group: help, palette, copying, refresh, going back.

use super::super::command::Command;
use super::super::effect::{Effect, Effects};
use super::super::hint;
use super::super::keys::Key;
use super::super::mode::{Choice, Menu, MenuKind, Mode, Prompt, PromptKind};
use super::super::pane::{Loading, Pane, WaterfallView, Zoom};
use super::super::room::Room;
use super::super::toast::ToastKind;
use super::awaited::awaited;
use super::{around, ask, earlier, find, ledger, patterns, query, selection, tail, ties};

pub(super) fn ask(room: &mut Room, is_help: bool) {
    let mut prompt = Prompt::new(if is_help { PromptKind::Help } else { PromptKind::Palette }, "");
    prompt.cursor.set_height(room.overlay_height);
    prompt.search(&hint::near(room), &room.keymap);
    room.mode = Mode::Asking(Box::new(prompt));
}

/// What may follow the keys pressed so far.
pub(super) fn show_leader(room: &mut Room) {
    let choices = room
        .keymap
        .continuations(&room.pending_keys)
        .into_iter()
        .map(|(key, command)| Choice { key, words: command.words().to_owned(), text: command.name().to_owned() })
        .collect();
    let title = super::super::keys::show_sequence(&room.pending_keys);
    room.mode = Mode::Popup(Menu { kind: MenuKind::Leader, title, choices });
}

/// What can be copied of what the cursor stands on.
pub(super) fn copy_menu(room: &mut Room) {
    let mut choices = Vec::new();
    let mut offer = |letter: char, words: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            choices.push(Choice { key: Key::letter(letter), words: words.to_owned(), text });
        }
    };
    let line = room.logs.selected().filter(|_| room.focus == Pane::Logs);
    offer('l', "the whole line", line.map(|line| line.raw.to_owned()));
    offer('m', "its message", line.map(|line| line.text.to_owned()));
    let trace = selection::trace(room);
    offer('t', "trace id", trace.map(|(trace, _)| trace.to_string()));
    offer('s', "span id", trace.and_then(|(_, span)| span).map(|span| span.to_string()));
    offer('v', "service", selection::service(room).map(|service| service.to_string()));
    match room.focus {
        Pane::Gauges => {
            offer('w', "the sentence", selection::sentence(room));
        }
        Pane::Timeline => offer('e', "the entry", room.timeline.selected().map(|entry| entry.text.clone())),
        Pane::Runbook => offer('c', "this row", room.runbook.selected().map(|(_, block)| find::block_text(block))),
        Pane::Logs => {
            let kind = room.logs.patterns.selected().filter(|_| room.logs.patterns.has_cursor());
            offer('p', "the pattern", kind.map(|kind| kind.template.to_string()));
            offer('r', "the query", Some(room.logs.query.clone()));
        }
        Pane::Waterfall => {}
    }
    offer('q', "its query as a curl line", query::as_curl(room));
    offer('Q', "the last typed query as a curl line", query::typed_as_curl(room));
    if choices.is_empty() {
        room.explain("nothing to copy is under the cursor");
        return;
    }
    room.mode = Mode::Popup(Menu { kind: MenuKind::Copy, title: "Copy".to_owned(), choices });
}

pub(super) fn copy(room: &mut Room, choice: &Choice, out: &mut Effects) {
    out.push(Effect::Copy(choice.text.clone()));
    room.say(ToastKind::Good, format!("copied: {}", choice.words));
}

/// Asks everything again, what failed and what waits for its time as well.
pub(super) fn refresh(room: &mut Room, out: &mut Effects) {
    out.push(Effect::Refresh);
    ask::search(room, out);
    if matches!(room.waterfall.tree_state, Loading::Failed { .. } | Loading::Asked { .. }) {
        ask::ask_again(room, out);
    }
    if room.logs.lines_of_open.as_ref().is_some_and(|of| matches!(of.state, Loading::Failed { .. })) {
        ask::ask_lines(room, out);
    }
    tail::restart(room, out);
    ledger::retry(room, out);
    earlier::forget_refused(room);
    room.explain("asking every server now");
}

pub(super) fn lend(command: Command, out: &mut Effects) {
    out.push(match command {
        Command::Suspend => Effect::Suspend,
        Command::Quit => Effect::Quit,
        _ => Effect::Redraw,
    });
}

/// One step back: from lines to the tail, from large to normal, from the drawer, from the trace to the list.
pub(super) fn close(room: &mut Room, out: &mut Effects) {
    if !room.problems.is_empty() {
        room.problems.clear();
        return;
    }
    if room.focus == Pane::Logs && room.logs.shows_tail() && patterns::go_back(room) {
        return;
    }
    match room.focus {
        Pane::Waterfall if awaited(room).is_some() => stop_waiting(room, out),
        Pane::Logs if room.logs.of_trace.is_some() => room.logs.of_trace = None,
        Pane::Logs if room.logs.patterns.has_cursor() => patterns::hide(room),
        Pane::Logs if room.logs.around.is_some() => around::leave(room),
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace && room.waterfall.tree_state.is_asked() => {
            ask::stop_trace(room, out);
            room.explain("stopped asking");
        }
        Pane::Waterfall if matches!(room.waterfall.view, WaterfallView::Findings | WaterfallView::Twin) => {
            let has_trace = room.waterfall.tree.is_some();
            room.waterfall.view = if has_trace { WaterfallView::Trace } else { WaterfallView::List };
        }
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace && !room.waterfall.trail.is_empty() => {
            ties::back(room, out);
        }
        _ if room.zoom != Zoom::Normal => room.zoom = Zoom::Normal,
        Pane::Logs if room.shows_typed_lines() => query::close_lines(room, out),
        Pane::Runbook => {
            room.runbook.open = false;
            room.runbook.page = None;
            room.runbook.lay_out();
            room.focus = Pane::Waterfall;
        }
        Pane::Waterfall if room.waterfall.view == WaterfallView::Trace => {
            room.waterfall.view = WaterfallView::List;
            room.waterfall.chosen = true;
        }
        _ if awaited(room).is_some() => stop_waiting(room, out),
        _ => {
            let key = room.key_of(Command::Quit);
            room.explain(format!("nothing to close here; {key} quits"));
        }
    }
}

/// The trace that showed before is the one that keys are about again.
fn stop_waiting(room: &mut Room, out: &mut Effects) {
    let waited = awaited(room).map(|trace| trace.short()).unwrap_or_default();
    ask::stop_trace(room, out);
    room.explain(format!("no longer waiting for trace {waited}"));
}
