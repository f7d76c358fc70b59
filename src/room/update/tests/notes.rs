//! What is typed is never lost.

use proptest::prelude::*;

use super::sample::{noon, press, room, send, told, tree, wait};
use crate::domain::incident::{Kind, Severity, Standing};
use crate::room::{Effect, Fact, Key, Message, Mode, Pending, TimelineRow, update};

fn appended(effects: &[Effect]) -> Vec<uuid::Uuid> {
    effects.iter().filter_map(|effect| if let Effect::Append(entry) = effect { Some(entry.id) } else { None }).collect()
}

fn texts(room: &crate::room::Room) -> Vec<String> {
    room.timeline.timeline.effective().map(|entry| entry.text.clone()).collect()
}

fn drafts(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::KeepDraft(text) = effect { Some(text.as_str()) } else { None })
        .collect()
}

#[test]
fn a_note_is_pending_until_the_journal_has_it() {
    let mut room = room();
    let effects = press(&mut room, "io<Space>cache<Space>hit<Space>3<Space>% <Enter>");
    let ids = appended(&effects);
    let [id] = ids[..] else { panic!("one entry: {effects:?}") };
    let entry = room.timeline.timeline.get(id).expect("in the record").clone();
    assert_eq!((entry.kind, entry.text.as_str(), entry.happened), (Kind::Observation, "cache hit 3 %", noon()));
    assert_eq!(room.timeline.pending.get(&id), Some(&Pending::Writing));
    assert_eq!(drafts(&effects).last(), Some(&""));
    send(&mut room, Fact::NotAppended { id, reason: "disk full".to_owned() });
    assert!(told(&room).contains("disk full"));
    assert_eq!(room.timeline.pending.get(&id), Some(&Pending::Failed("disk full".to_owned())));
    let second = appended(&press(&mut room, "isecond<Enter>"));
    assert!(told(&room).starts_with("kept here, not on the disk"), "{}", told(&room));
    let again = wait(&mut room, 10);
    assert_eq!(appended(&again), [id]);
    for id in second.into_iter().chain([id]) {
        send(&mut room, Fact::Appended { id });
    }
    assert!(room.timeline.pending.is_empty());
    assert!(appended(&wait(&mut room, 60)).is_empty());
}

#[test]
fn letters_are_text_and_escape_keeps_a_draft() {
    let mut room = room();
    let effects = press(&mut room, "iqxd <Esc>");
    assert_eq!(drafts(&effects), ["q", "qx", "qxd"]);
    assert!(matches!(room.mode, Mode::Normal) && room.draft == "qxd");
    press(&mut room, "i!");
    let Mode::Editing(note) = &room.mode else { panic!("the editor is open") };
    assert_eq!(note.line.text(), "qxd!");
}

#[test]
fn a_draft_that_comes_late_is_neither_lost_nor_written_over() {
    let kept = || Fact::Draft("h half a hypo".to_owned());
    let mut empty = room();
    press(&mut empty, "i");
    send(&mut empty, kept());
    let Mode::Editing(note) = &empty.mode else { panic!("the editor stays open") };
    assert_eq!(note.line.text(), "h half a hypo");
    let mut begun = room();
    press(&mut begun, "io<Space>new");
    let effects = send(&mut begun, kept());
    assert_eq!(drafts(&effects), ["h half a hypo · o new"]);
    let effects = press(&mut begun, "<Enter>");
    assert_eq!((texts(&begun), drafts(&effects)), (vec!["new".to_owned()], vec!["h half a hypo"]));
    assert_eq!(begun.draft, "h half a hypo");
}

#[test]
fn a_note_that_an_action_begins_does_not_cost_the_draft() {
    let mut room = room();
    press(&mut room, "ihalf <Esc>");
    let effects = press(&mut room, ",d<Esc>");
    assert_eq!((room.draft.as_str(), drafts(&effects)), ("half", vec![]));
    press(&mut room, ",d<Enter>");
    assert_eq!(room.draft, "half");
    let incident = room.incident.as_ref().expect("declared");
    assert_eq!(incident.severity, Some(Severity::Sev2));
    press(&mut room, ",cx<Esc>");
    assert_eq!(room.draft, "half · ic @x");
}

#[test]
fn a_note_is_of_the_moment_that_was_looked_at_and_carries_what_was_seen() {
    let mut room = room();
    let ticket = super::sample::ticket(press_target(&mut room).iter()).expect("asked");
    send(&mut room, Fact::Trace { ticket, tree: tree(5) });
    press(&mut room, "3@-1m<Enter>");
    assert_eq!(room.lens.cursor, Some(noon().shifted(-60_000_000_000)));
    let effects = press(&mut room, "ih<Space>pool<Enter>");
    let entry = room.timeline.timeline.get(appended(&effects)[0]).expect("there").clone();
    assert_eq!(entry.happened, noon().shifted(-60_000_000_000));
    assert_eq!(entry.recorded, noon());
    let [evidence] = &entry.evidence[..] else { panic!("the span: {:?}", entry.evidence) };
    assert_eq!(evidence.text, "pricing op 3, 994 ms, error");
    assert_eq!(evidence.span, Some(super::sample::span_id(3)));
    let bare = press(&mut room, "io<Space>x<Space>without<Space>trace<Enter>");
    let entry = room.timeline.timeline.get(appended(&bare)[0]).expect("there");
    assert!(entry.evidence.is_empty() && entry.text == "x");
}

fn press_target(room: &mut crate::room::Room) -> Vec<Effect> {
    let reference = crate::domain::trace::TraceReference { trace: super::sample::trace_id(5), span: None };
    update(room, Message::Open(crate::room::Target::Trace(reference))).into_iter().collect()
}

#[test]
fn undo_takes_back_and_redo_takes_that_back() {
    let mut room = room();
    press(&mut room, "iwrong<Enter>");
    let standing = |room: &crate::room::Room| room.timeline.timeline.effective().count();
    assert_eq!(standing(&room), 1);
    for round in 1..=8 {
        // All in one moment of the clock: the order of the ids decides.
        let effects = press(&mut room, "z");
        assert_eq!((standing(&room), appended(&effects).len()), (0, 1));
        press(&mut room, "Z");
        assert_eq!(standing(&room), 1);
        assert_eq!(room.timeline.timeline.len(), 1 + 2 * round, "nothing was deleted");
    }
}

#[test]
fn an_undo_adds_no_row_and_a_redone_note_stands() {
    let mut room = room();
    let rows = |room: &crate::room::Room| room.timeline.rows.len();
    press(&mut room, "ifirst<Enter> z");
    assert_eq!(rows(&room), 2);
    press(&mut room, "Z");
    let row = room.timeline.entry_at(0).expect("the note");
    assert_eq!((rows(&room), room.timeline.timeline.standing(row.id)), (2, Some(Standing::Effective)));
}

#[test]
fn what_an_action_wrote_alone_reads_well_and_is_named_when_taken_back() {
    let mut room = room();
    press(&mut room, ",d<Enter>");
    assert_eq!(texts(&room).last(), Some(&"declared SEV2".to_owned()));
    press(&mut room, "z");
    assert_eq!(told(&room), "took back: declared SEV2");
    press(&mut room, "Z,cbob<Enter>");
    assert_eq!(texts(&room).last(), Some(&"IC = bob".to_owned()));
    press(&mut room, ",s1<Space>because<Space>all<Space>fail<Enter>");
    assert_eq!(room.incident.as_ref().and_then(|incident| incident.severity), Some(Severity::Sev1));
}

#[test]
fn what_an_action_began_is_refused_until_it_is_finished() {
    let mut room = room();
    press(&mut room, ",d<Enter>");
    for (keys, word) in [(",c<Enter>", "who?"), (",s<Enter>", "which severity?"), (",s4<Enter>", "which severity?")] {
        let effects = press(&mut room, keys);
        assert!(told(&room).starts_with(word) && appended(&effects).is_empty(), "{keys}: {}", told(&room));
        press(&mut room, "<Esc>");
    }
}

#[test]
fn a_time_that_cannot_be_read_is_refused_and_the_text_kept() {
    let mut room = room();
    let effects = press(&mut room, "i@99:99<Space>bad<Enter>");
    assert!(told(&room).starts_with("`@99:99` is no time") && appended(&effects).is_empty(), "{}", told(&room));
    let Mode::Editing(note) = &room.mode else { panic!("the editor stays open") };
    assert_eq!(note.line.text(), "@99:99 bad");
    press(&mut room, "<Esc>");
    room.draft.clear();
    assert_eq!(appended(&press(&mut room, "i@bob<Space>look<Enter>")).len(), 1);
}

#[test]
fn what_still_burns_is_resolved_by_a_second_enter_alone() {
    let mut room = room();
    send(&mut room, Fact::Alerts { source: "am".into(), alerts: vec![super::sample::alert("OrdersFast", "page", 60)] });
    press(&mut room, ",R<Enter>");
    assert_eq!(told(&room), "OrdersFast still burns: Enter again resolves");
    press(&mut room, "x<Enter>");
    assert!(room.incident.is_some(), "other words are a new question");
    press(&mut room, "<Enter>");
    assert!(room.incident.is_none());
    assert!(texts(&room).contains(&"x".to_owned()));
}

#[test]
fn the_rows_are_entries_with_long_silences_between_and_now_at_the_end() {
    let mut room = room();
    press(&mut room, "i-20m<Space>deploy<Enter> inow<Enter>");
    let shape: Vec<_> = room
        .timeline
        .rows
        .iter()
        .map(|row| match row {
            TimelineRow::Entry(_) => 'e',
            TimelineRow::Gap(gap) => {
                if gap.as_secs() == 1_200 {
                    'g'
                } else {
                    '?'
                }
            }
            TimelineRow::Now => 'n',
        })
        .collect();
    assert_eq!(shape, ['e', 'g', 'e', 'n']);
}

proptest! {
    /// Whatever comes between the keys, the words are in the record after Enter and in the draft after Esc.
    #[test]
    fn what_is_typed_is_in_the_record_or_in_the_draft(
        beginning in prop::sample::select(vec!["", "o ", "h ", "sev1 because ", "-5m ", "ic @lea "]),
        word in "[a-z]{9,14}",
        polls in prop::collection::vec((0_usize..20, 0_i64..100), 0..6),
        enter in any::<bool>(),
    ) {
        let mut room = room();
        press(&mut room, "i");
        let mut effects = Vec::new();
        for (at, letter) in format!("{beginning}{word}").chars().enumerate() {
            for (_, seconds) in polls.iter().filter(|(when, _)| *when == at) {
                effects.extend(wait(&mut room, *seconds));
                send(&mut room, Fact::Draft("old".to_owned()));
                send(&mut room, Fact::Notice("hello".to_owned()));
            }
            effects.extend(update(&mut room, Message::Key(Key::letter(letter))));
        }
        effects.extend(press(&mut room, if enter { "<Enter>" } else { "<Esc>" }));
        let written = effects.iter().any(|effect| matches!(effect, Effect::Append(entry) if entry.text.contains(&word)));
        prop_assert_eq!(written, enter);
        prop_assert_eq!(room.timeline.timeline.iter().any(|entry| entry.text.contains(&word)), enter);
        prop_assert_eq!(room.draft.contains(&word), !enter);
        prop_assert_eq!(drafts(&effects).last().map(|text| text.contains(&word)), Some(!enter));
    }
}
