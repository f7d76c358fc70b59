//! What people write: notes, acknowledgements, what is taken back. Not what records itself: that is `auto.rs`.

use chrono::{FixedOffset, Offset, Utc};

use super::super::command::Command;
use super::super::editor::Editor;
use super::super::effect::{Effect, Effects};
use super::super::keys::Key;
use super::super::mode::{Choice, Menu, MenuKind, Mode, Note};
use super::super::room::Room;
use super::super::toast::ToastKind;
use super::{ledger, selection};
use crate::domain::incident::{Draft, Kind, Origin, Severity, parse_note};

/// The kinds of a note, as they are typed.
const KINDS: [(char, &str); 8] = [
    ('o', "observation"),
    ('h', "hypothesis"),
    ('a', "action"),
    ('d', "decision"),
    ('m', "mitigation"),
    ('c', "comms"),
    ('e', "escalation"),
    ('t', "todo"),
];

fn read(room: &Room, line: &str) -> Draft {
    let offset = room.settings.zone.offset_seconds(room.now);
    let zone = FixedOffset::east_opt(offset).unwrap_or_else(|| Utc.fix());
    parse_note(line, room.now, zone, room.timeline.timeline.next_hypothesis())
}

/// Opens the editor on what the cursors stand on. An unfinished note comes back, unless the line begins otherwise: then it
/// waits behind this one.
pub(super) fn open_note(room: &mut Room, beginning: &str, out: &mut Effects) {
    let (line, behind) = if beginning.is_empty() {
        (room.draft.clone(), String::new())
    } else {
        (beginning.to_owned(), room.draft.clone())
    };
    let note = Note {
        draft: read(room, &line),
        beginning: beginning.to_owned(),
        line: Editor::new(&line),
        at: room.lens.moment(room.now),
        evidence: selection::evidence(room),
        behind,
    };
    room.mode = Mode::Editing(Box::new(note));
    changed(room, out);
}

/// After each change of the line: what it says, and the draft on the disk.
pub(super) fn changed(room: &mut Room, out: &mut Effects) {
    let Mode::Editing(note) = &room.mode else { return };
    let draft = read(room, note.line.text());
    if let Mode::Editing(note) = &mut room.mode {
        note.draft = draft;
        let kept = note.unsaved();
        if kept != room.draft {
            room.draft.clone_from(&kept);
            out.push(Effect::KeepDraft(kept));
        }
    }
}

/// Esc: what was typed is there again when the next note is opened.
pub(super) fn close_note(room: &mut Room) {
    room.mode = Mode::Normal;
    if !room.draft.is_empty() {
        let key = room.key_of(Command::Note);
        room.explain(format!("the draft is kept: {key} opens it"));
    }
}

/// Enter: the line becomes entries, one a kind.
pub(super) fn submit(room: &mut Room, out: &mut Effects) {
    let Mode::Editing(note) = &room.mode else { return };
    let note = note.clone();
    if note.line.text().trim().is_empty() {
        return close_note(room);
    }
    let mut draft = read(room, note.line.text());
    if !draft.back_dated {
        draft.happened = note.at;
    }
    let author = room.settings.responder.clone();
    let now = room.now;
    let entries = draft.into_entries(&mut || room.new_id(), &author, now, note.evidence);
    for entry in entries {
        ledger::add(room, entry, out);
    }
    room.mode = Mode::Normal;
    room.draft = note.behind;
    out.push(Effect::KeepDraft(room.draft.clone()));
    room.say(ToastKind::Good, "noted");
}

/// What `$EDITOR` left takes the place of the line.
pub(super) fn edited(room: &mut Room, text: &str, out: &mut Effects) {
    if !matches!(room.mode, Mode::Editing(_)) {
        open_note(room, "", out);
    }
    if let Mode::Editing(note) = &mut room.mode {
        note.line.set(text);
    }
    changed(room, out);
}

pub(super) fn open_editor(room: &mut Room, out: &mut Effects) {
    if !matches!(room.mode, Mode::Editing(_)) {
        open_note(room, "", out);
    }
    if let Mode::Editing(note) = &room.mode {
        out.push(Effect::OpenInEditor(note.line.text().to_owned()));
    }
}

pub(super) fn pick_kind(room: &mut Room) {
    let choice = |(letter, words): &(char, &str)| {
        let beginning = if *letter == 't' { "todo ".to_owned() } else { format!("{letter} ") };
        Choice { key: Key::letter(*letter), words: (*words).to_owned(), text: beginning }
    };
    let choices = KINDS.iter().map(choice).collect();
    room.mode = Mode::Popup(Menu { kind: MenuKind::Kinds, title: "Note of which kind".to_owned(), choices });
}

/// The Incident group: a note that begins in the right way.
pub(super) fn open_incident_note(room: &mut Room, command: Command, out: &mut Effects) {
    let declared = room.incident.as_ref().is_some_and(|incident| incident.declared.is_some());
    if room.incident.is_none() && command != Command::Declare {
        let key = room.key_of(Command::Declare);
        return room.explain(format!("no incident is open: {key} declares one"));
    }
    if declared && command == Command::Declare {
        let key = room.key_of(Command::ChangeSeverity);
        return room.explain(format!("declared already: {key} changes the severity"));
    }
    let beginning = match command {
        Command::Declare => format!("declare {} ", suggested(room).to_string().to_lowercase()),
        Command::ChangeSeverity => {
            let now = room.incident.as_ref().and_then(|incident| incident.severity);
            let other = if now == Some(Severity::Sev1) { Severity::Sev2 } else { Severity::Sev1 };
            format!("{} because ", other.to_string().to_lowercase())
        }
        Command::Commander => format!("ic @{}", room.settings.responder),
        Command::Roles => "ops @".to_owned(),
        _ => "resolved ".to_owned(),
    };
    open_note(room, &beginning, out);
}

/// By the share that fails: above a half SEV1, above a tenth SEV2. Not known is SEV2.
fn suggested(room: &Room) -> Severity {
    match room.impact.share_now {
        Some(share) if share > 0.5 => Severity::Sev1,
        Some(share) if share <= 0.1 => Severity::Sev3,
        _ => Severity::Sev2,
    }
}

pub(super) fn acknowledge(room: &mut Room, out: &mut Effects) {
    let Some(incident) = &room.incident else {
        return room.explain("nothing pages: there is nothing to acknowledge");
    };
    if incident.acknowledged.is_some() {
        return room.explain("acknowledged already");
    }
    let mut entry = ledger::own(room, Origin::Person, Kind::Acknowledged, "acknowledged the page".to_owned());
    entry.evidence = selection::evidence(room);
    ledger::add(room, entry, out);
    room.say(ToastKind::Good, "acknowledged, in the record");
}

/// Takes back what this responder wrote last, or takes that back: an entry each, nothing is deleted.
pub(super) fn undo(room: &mut Room, is_redo: bool, out: &mut Effects) {
    let author = room.settings.responder.clone();
    let timeline = &room.timeline.timeline;
    let found = if is_redo { timeline.redoable(&author) } else { timeline.undoable(&author) };
    let Some((id, text)) = found.map(|entry| (entry.id, entry.text.clone())) else {
        return room.explain(if is_redo {
            "nothing was taken back last"
        } else {
            "you have written nothing to take back"
        });
    };
    // The words of an undo begin with `took back: `; taking that back shows the words themselves.
    let words = text.strip_prefix("took back: ").unwrap_or(&text).to_owned();
    let text = if is_redo { format!("again: {words}") } else { format!("took back: {words}") };
    let mut entry = ledger::own(room, Origin::Person, Kind::Undone, text.clone());
    entry.supersedes = Some(id);
    ledger::add(room, entry, out);
    room.say(ToastKind::Good, text);
}
