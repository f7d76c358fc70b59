//! What people write: notes, acknowledgements, what is taken back. Not what records itself: that is `auto.rs`.

use chrono::{FixedOffset, Offset, Utc};

use super::super::command::Command;
use super::super::editor::Editor;
use super::super::effect::{Effect, Effects};
use super::super::health::JournalState;
use super::super::keys::Key;
use super::super::mode::{Choice, Menu, MenuKind, Mode, Note};
use super::super::room::Room;
use super::super::toast::ToastKind;
use super::{ledger, selection};
use crate::domain::incident::{Draft, Entry, Kind, Origin, Severity, parse_note, unread_time};

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

fn zone(room: &Room) -> FixedOffset {
    let offset = room.settings.zone.offset_seconds(room.now);
    FixedOffset::east_opt(offset).unwrap_or_else(|| Utc.fix())
}

fn read(room: &Room, line: &str) -> Draft {
    parse_note(line, room.now, zone(room), room.timeline.timeline.next_hypothesis())
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
    room.doubted = None;
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

/// The draft that the disk kept. Never over what is being typed: an empty line takes it, another one keeps it behind itself,
/// so that neither is written over the other.
pub(super) fn take_draft(room: &mut Room, text: String, out: &mut Effects) {
    if text.is_empty() {
        return;
    }
    match &mut room.mode {
        Mode::Editing(note) if note.line.text().is_empty() && note.behind.is_empty() => note.line = Editor::new(&text),
        Mode::Editing(note) if note.behind.is_empty() && !note.line.text().contains(&text) => note.behind = text,
        Mode::Editing(_) => return,
        _ if room.draft.is_empty() => {
            let key = room.key_of(Command::Note);
            room.draft = text;
            return room.say(ToastKind::Info, format!("a note was not finished: {key} opens it"));
        }
        _ => return,
    }
    changed(room, out);
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
    if let Some(complaint) = complaint(room, &note, &draft) {
        return room.say(ToastKind::Warning, complaint);
    }
    if room.doubted.as_deref() != Some(note.line.text())
        && (draft.kind == Kind::Resolved || draft.more.contains(&Kind::Resolved))
        && let Some(burning) = burning(room)
    {
        room.doubted = Some(note.line.text().to_owned());
        return room.say(ToastKind::Warning, format!("{burning} still burns: Enter again resolves"));
    }
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
    match room.health.journal {
        JournalState::Failing(_) => {
            room.say(ToastKind::Warning, "kept here, not on the disk: the journal does not take it")
        }
        JournalState::Well => room.say(ToastKind::Good, "noted"),
    }
}

/// Why the line is not recorded as it stands. What an action began and nobody finished would be a note of no meaning.
fn complaint(room: &Room, note: &Note, draft: &Draft) -> Option<String> {
    let line = note.line.text().trim();
    if let Some(word) = unread_time(line, room.now, zone(room)) {
        return Some(format!("`{word}` is no time: write -5m, -1h30m or @18:42; as text, put `o` before it"));
    }
    let began = note.beginning.trim();
    if began.is_empty() || draft.kind != Kind::Note || !line.starts_with(began) {
        return None;
    }
    Some(match began {
        "sev" => "which severity? write sev2, or sev2 because ..".to_owned(),
        _ if began.ends_with('@') => format!("who? write {began}name"),
        _ => "nothing is written yet".to_owned(),
    })
}

/// What still fires, by its name: the worst SLO, else a page.
fn burning(room: &Room) -> Option<String> {
    let slo = room.gauges.judgements.iter().find(|judgement| judgement.state.is_firing());
    let page = || room.alerts.iter().find(|alert| alert.is_page()).map(|alert| alert.name().to_string());
    slo.map(|judgement| judgement.slo.to_string()).or_else(page)
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
        Command::ChangeSeverity => "sev".to_owned(),
        Command::Commander => "ic @".to_owned(),
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
    let since = incident.zero();
    let is_own = |entry: &Entry| {
        entry.kind == Kind::Acknowledged
            && entry.author == room.settings.responder
            && since.is_none_or(|since| entry.happened >= since)
    };
    if incident.acknowledged.is_some() && room.timeline.timeline.effective().any(is_own) {
        return room.explain("acknowledged already, by you");
    }
    if burning(room).is_none() {
        return room.explain("nothing pages any more: there is nothing to acknowledge");
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
    let told = |entry: &Entry| if entry.text.is_empty() { entry.kind.words() } else { entry.text.clone() };
    let Some((id, text)) = found.map(|entry| (entry.id, told(entry))) else {
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
