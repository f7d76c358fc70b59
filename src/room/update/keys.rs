//! Keys, by who gets them: the keymap, or the text, question, menu or value above the panes.

use super::super::command::Command;
use super::super::editor::Edit;
use super::super::effect::{Effect, Effects};
use super::super::hint;
use super::super::keys::{Code, Key, Resolved, show_sequence};
use super::super::mode::{MenuKind, Mode, PromptKind};
use super::super::room::Room;
use super::{app, budget, find, places, query, record, runbook, values};

/// Gives the action that the key asks for, if it asks for one.
pub(super) fn press(room: &mut Room, key: Key, out: &mut Effects) -> Option<Command> {
    match &room.mode {
        Mode::Normal => sequence(room, key),
        Mode::Popup(menu) if menu.kind == MenuKind::Leader => {
            room.mode = Mode::Normal;
            sequence(room, key)
        }
        Mode::Popup(_) => {
            choose(room, key, out);
            None
        }
        Mode::Editing(_) => {
            edit(room, key, out);
            None
        }
        Mode::Asking(_) => answer(room, key, out),
        Mode::Budget(_) => {
            budget::press(room, key, out);
            None
        }
        Mode::Places(_) => {
            places::press(room, key, out);
            None
        }
        Mode::ValueView(_) => {
            scroll(room, key, out);
            None
        }
    }
}

fn is_escape(key: Key) -> bool {
    key.code() == Code::Esc || key == Key::ctrl('c')
}

fn sequence(room: &mut Room, key: Key) -> Option<Command> {
    if key.code() == Code::Esc && !room.pending_keys.is_empty() {
        room.pending_keys.clear();
        return None;
    }
    room.pending_keys.push(key);
    match room.keymap.resolve(&room.pending_keys) {
        Resolved::Command(command) => {
            room.pending_keys.clear();
            Some(command)
        }
        Resolved::Pending => {
            room.pending_since = room.now;
            if key == Key::ctrl('c') {
                let quit = room.key_of(Command::Quit);
                room.explain(format!("{quit} quits"));
            }
            None
        }
        Resolved::Unknown => {
            let pressed = show_sequence(&std::mem::take(&mut room.pending_keys));
            let help = room.key_of(Command::Help);
            room.explain(format!("{pressed} does nothing; {help} lists the keys"));
            None
        }
    }
}

fn choose(room: &mut Room, key: Key, out: &mut Effects) {
    let Mode::Popup(menu) = std::mem::take(&mut room.mode) else { return };
    if menu.kind == MenuKind::Values && values::chosen_wide(room, &menu, key, out) {
        return;
    }
    let Some(choice) = menu.choices.iter().find(|choice| choice.key == key) else {
        if !is_escape(key) {
            room.explain("none of the choices");
        }
        return;
    };
    match menu.kind {
        MenuKind::Copy => app::copy(room, choice, out),
        MenuKind::Kinds => record::open_note(room, &choice.text, out),
        MenuKind::Values => values::chosen(room, choice, out),
        MenuKind::Leader => {}
    }
}

fn edit(room: &mut Room, key: Key, out: &mut Effects) {
    let Mode::Editing(note) = &mut room.mode else { return };
    match key.code() {
        Code::Enter => record::submit(room, out),
        _ if is_escape(key) => record::close_note(room),
        Code::Char('o') if key.has_ctrl() => record::open_editor(room, out),
        _ => {
            if note.line.input(key) == Edit::Changed {
                record::changed(room, out);
            }
        }
    }
}

pub(super) fn paste(room: &mut Room, text: &str, out: &mut Effects) {
    match &mut room.mode {
        Mode::Editing(note) => {
            note.line.paste(text);
            record::changed(room, out);
        }
        Mode::Asking(prompt) => {
            prompt.text.paste(text);
            typed(room);
        }
        Mode::Normal | Mode::Popup(_) | Mode::Budget(_) | Mode::Places(_) | Mode::ValueView(_) => {
            room.explain("pasted text goes into a note or a question; it is never taken as keys");
        }
    }
}

/// After each change of a question's text.
fn typed(room: &mut Room) {
    let near = hint::near(room);
    let Mode::Asking(prompt) = &mut room.mode else { return };
    prompt.search(&near, &room.keymap);
    if let PromptKind::Query { wrong_at, asked, .. } = &mut prompt.kind {
        (*wrong_at, *asked) = (None, false);
    }
    if let PromptKind::Filter { .. } = prompt.kind {
        let text = prompt.text.text().to_owned();
        find::set_filter(room, &text);
        let complaint = room.lens.filter.complaint().map(str::to_owned);
        if let Mode::Asking(prompt) = &mut room.mode {
            prompt.complaint = complaint;
        }
    }
}

fn answer(room: &mut Room, key: Key, out: &mut Effects) -> Option<Command> {
    let Mode::Asking(prompt) = &mut room.mode else { return None };
    let lists = !prompt.choices.is_empty();
    let is_query = matches!(prompt.kind, PromptKind::Query { .. });
    match key.code() {
        Code::Enter => return accept(room, out),
        _ if is_escape(key) => {
            if let PromptKind::Filter { before } = &prompt.kind {
                let before = before.clone();
                find::set_filter(room, &before);
            } else if let PromptKind::Query { asked: true, .. } = prompt.kind {
                query::cancel(room, out);
            }
            room.mode = Mode::Normal;
        }
        Code::Down | Code::Tab if lists && !key.has_shift() => prompt.cursor.step(1),
        Code::Up | Code::Tab if lists => prompt.cursor.step(-1),
        Code::PageDown if lists => prompt.cursor.page_down(1),
        Code::PageUp if lists => prompt.cursor.page_up(1),
        Code::Char('n') if lists && key.has_ctrl() => prompt.cursor.step(1),
        Code::Char('p') if lists && key.has_ctrl() => prompt.cursor.step(-1),
        Code::Up | Code::Down if is_query => query::recall(room, key.code() == Code::Up),
        Code::Char('p' | 'n') if is_query && key.has_ctrl() => query::recall(room, key.code() == Code::Char('p')),
        _ => {
            if prompt.text.input(key) == Edit::Changed {
                typed(room);
            }
        }
    }
    None
}

/// Enter: what was typed is done, or the question stays and says what is wrong.
fn accept(room: &mut Room, out: &mut Effects) -> Option<Command> {
    let Mode::Asking(prompt) = std::mem::take(&mut room.mode) else { return None };
    let text = prompt.text.text().to_owned();
    let done = match &prompt.kind {
        PromptKind::Filter { .. } => {
            find::set_filter(room, &text);
            room.lens.filter.complaint().map_or(Ok(()), |words| Err(words.to_owned()))
        }
        PromptKind::Query { .. } => query::submit(room, &text, out).map_err(str::to_owned),
        PromptKind::GoTo => places::answered(room, &text, out),
        PromptKind::PassReason { runbook, step } => {
            runbook::pass(room, runbook.clone(), *step, &text, out).map_err(str::to_owned)
        }
        PromptKind::WhatIf => budget::answered(room, &text).map_err(str::to_owned),
        PromptKind::Palette | PromptKind::Help => match prompt.chosen() {
            Some(command) => return Some(command),
            None => Err("no action answers to that".to_owned()),
        },
    };
    if let Err(complaint) = done {
        let mut prompt = prompt;
        prompt.complaint = Some(complaint);
        room.mode = Mode::Asking(prompt);
    }
    None
}

fn scroll(room: &mut Room, key: Key, out: &mut Effects) {
    let height = room.overlay_height.max(1);
    let last = room.overlay_rows.saturating_sub(height);
    let Mode::ValueView(view) = &mut room.mode else { return };
    let page = height.saturating_sub(1).max(1);
    let offset = view.offset.min(last);
    view.offset = match key.code() {
        Code::Char('j') | Code::Down => offset + 1,
        Code::Char('k') | Code::Up => offset.saturating_sub(1),
        Code::PageDown | Code::Char('d' | ' ') => offset + page,
        Code::PageUp | Code::Char('u') => offset.saturating_sub(page),
        Code::Char('g') | Code::Home => 0,
        Code::Char('G') | Code::End => last,
        Code::Char('y') => {
            let text = view.text.clone();
            out.push(Effect::Copy(text));
            room.explain("copied");
            return;
        }
        _ => {
            room.mode = Mode::Normal;
            return;
        }
    }
    .min(last);
}
