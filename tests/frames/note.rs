//! A note from its first letter to the disk, and back.

use warroom::room::Fact;

use super::scene::{Desk, shows};

#[test]
fn while_it_is_typed() {
    let mut desk = Desk::six_minutes();
    desk.press("i").type_text("o pricing 95.6 % of the critical path");
    desk.shows("note_typed");
    shows("note_typed_100x30", &desk.frame(100, 30));
}

/// What is not saved says why, though the room's own last row is covered.
#[test]
fn while_a_note_is_open_the_room_can_still_be_heard() {
    let mut desk = Desk::six_minutes();
    desk.press("i").type_text("-5x what is this").press("<Enter>");
    let words = desk.room.toast.as_ref().map(|toast| toast.text.clone()).expect("a word");
    for (columns, rows) in [(120, 40), (80, 24)] {
        let frame = desk.frame(columns, rows);
        let said = frame.lines().next_back().unwrap_or_default().trim_end().to_owned();
        let beginning: String = words.chars().take(40).collect();
        assert!(said.contains(&beginning), "{words}: {frame}");
    }
}

#[test]
fn dated_back_and_without_a_piece_of_evidence() {
    let mut desk = Desk::six_minutes();
    desk.press("i").type_text("-5m h a regression in routing without slo");
    shows("note_dated_back_100x30", &desk.frame(100, 30));
}

#[test]
fn saved_then_on_the_disk_then_taken_back() {
    let mut desk = Desk::six_minutes();
    desk.writes = false;
    desk.press("i").type_text("h the tariff cache has expired").press("<Enter>");
    shows("note_pending_120x40", &desk.frame(120, 40));
    for id in std::mem::take(&mut desk.unwritten) {
        desk.tell(Fact::Appended { id });
    }
    desk.writes = true;
    let written = desk.frame(120, 40);
    assert!(written.contains("the tariff cache has expired") && !written.contains("not yet on disk"));
    shows("note_written_120x40", &written);
    desk.press("z");
    shows("note_undone_120x40", &desk.frame(120, 40));
}

#[test]
fn the_disk_is_full() {
    let mut desk = Desk::six_minutes();
    desk.writes = false;
    desk.press("i").type_text("a warm the cache").press("<Enter>");
    for id in std::mem::take(&mut desk.unwritten) {
        desk.tell(Fact::NotAppended { id, reason: "the disk is full".to_owned() });
    }
    desk.shows("note_disk_full");
}

#[test]
fn a_draft_comes_back() {
    let mut desk = Desk::six_minutes();
    desk.press("i").type_text("o half a sentence").press("<Esc>");
    shows("note_draft_kept_80x24", &desk.frame(80, 24));
    desk.press("i");
    assert!(desk.frame(80, 24).contains("o half a sentence"));
}
