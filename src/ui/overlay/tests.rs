//! Overlays drawn over a small screen, as texts.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::shown::Overlay;
use crate::domain::Timestamp;
use crate::domain::incident::{Evidence, parse_note};
use crate::room::{
    Choice, Command, Editor, Key, Keymap, Menu, MenuKind, Mode, Note, Prompt, PromptKind, Room, Settings, ValueView,
};
use crate::ui::glyphs::Glyphs;
use crate::ui::pen::Pen;
use crate::ui::scene::Scene;
use crate::ui::theme::Theme;

fn room(mode: Mode) -> Room {
    let now = Timestamp::parse_rfc3339("2026-03-13T17:39:10Z").expect("a time");
    let mut room = Room::new(Settings::default(), Vec::new(), Keymap::default(), now);
    room.impact.start = Some(now.minus(Duration::from_secs(550)));
    room.mode = mode;
    room
}

fn asking(kind: PromptKind, text: &str) -> Mode {
    let mut prompt = Prompt::new(kind, text);
    prompt.search(&[Command::Pivot], &Keymap::default());
    Mode::Asking(Box::new(prompt))
}

fn note(line: &str) -> Mode {
    let at = room(Mode::Normal).now;
    let evidence = |about: &str, text: &str| Evidence {
        about: about.into(),
        text: text.to_owned(),
        trace: None,
        span: None,
        slo: None,
        at: Some(at),
    };
    let zone = chrono::FixedOffset::east_opt(0).expect("UTC");
    Mode::Editing(Box::new(Note {
        line: Editor::new(line),
        at,
        evidence: vec![evidence("span", "pricing BLPOP tariff:lock, 2.00 s"), evidence("slo", "order-routing 95×")],
        draft: parse_note(line, at, zone, 1),
        beginning: String::new(),
        behind: "the unfinished one".to_owned(),
    }))
}

fn shown(mode: Mode, size: (u16, u16)) -> (Vec<String>, Overlay) {
    let room = room(mode);
    let theme = Theme::embedded("mono").expect("embedded");
    let scene = Scene { room: &room, theme: &theme, glyphs: Glyphs::Unicode };
    let area = Rect::new(0, 0, size.0, size.1);
    let mut buffer = Buffer::empty(area);
    let overlay = draw(&mut Pen::new(&mut buffer, area), &scene);
    let row = |cells: &[ratatui::buffer::Cell]| cells.iter().map(|cell| cell.symbol()).collect::<String>();
    (buffer.content.chunks(usize::from(size.0).max(1)).map(|cells| row(cells).trim_end().to_owned()).collect(), overlay)
}

fn has(rows: &[String], wanted: &str) {
    assert!(rows.iter().any(|row| row.contains(wanted)), "{wanted}: {rows:#?}");
}

#[test]
fn a_note_says_what_it_will_be_and_that_letters_are_text() {
    let (rows, overlay) = shown(note("o the lock is held without span"), (100, 30));
    for wanted in [
        "▸Note observation at 17:39:10 now, T+9:10 ━",
        "draft kept on disk as you type",
        "with it     ⇢ order-routing 95×",
        "behind it   the unfinished one",
        "letters are text here",
        "h hypothesis",
    ] {
        has(&rows, wanted);
    }
    assert!(!rows.iter().any(|row| row.contains("BLPOP")), "{rows:#?}");
    let (x, y) = overlay.cursor.expect("a cursor");
    assert_eq!(x, 2 + 31);
    assert!(rows.get(usize::from(y)).is_some_and(|row| row == "  o the lock is held without span"));
}

#[test]
fn the_end_of_a_long_note_shows_on_a_small_screen() {
    let line = format!("h {} the end", "日本 words ".repeat(40));
    for size in [(80, 24), (40, 10), (20, 5), (9, 3)] {
        let (rows, overlay) = shown(note(&line), size);
        let (x, y) = overlay.cursor.expect("a cursor");
        assert!(x < size.0 && y + 1 < size.1, "{size:?}: {x} {y}");
        let typed = rows.get(usize::from(y)).expect("a row");
        assert!(typed.ends_with("end"), "{rows:#?}");
    }
}

#[test]
fn help_shows_every_action_somewhere() {
    for size in [(200, 60), (100, 30), (80, 24), (59, 20), (40, 12)] {
        let (rows, overlay) = shown(asking(PromptKind::Help, ""), size);
        has(&rows, "? Keys search");
        has(&rows, "to search");
        assert_eq!(overlay.height, usize::from(size.1) - 3);
    }
    let (rows, _) = shown(asking(PromptKind::Help, ""), (120, 40));
    for group in crate::room::Group::ALL {
        has(&rows, group.word());
    }
    let (rows, _) = shown(asking(PromptKind::Help, "acknow"), (100, 30));
    has(&rows, "▸a");
    assert!(!rows.iter().any(|row| row.contains("half a page")));
}

#[test]
fn a_question_stands_in_one_row() {
    let (rows, overlay) = shown(asking(PromptKind::Filter { before: String::new() }, "key=v"), (80, 24));
    assert_eq!(rows.get(22).map(String::as_str), Some("/key=v"));
    assert_eq!(overlay.cursor, Some((6, 22)));
    let mut prompt = Prompt::new(PromptKind::GoTo, "25:99");
    prompt.complaint = Some("write 03:14".to_owned());
    let (rows, _) = shown(Mode::Asking(Box::new(prompt)), (80, 24));
    has(&rows, "! write 03:14");
    let (rows, _) = shown(asking(PromptKind::Palette, "refre"), (80, 24));
    has(&rows, "▸R");
}

#[test]
fn menus_and_values_are_clean() {
    let choice =
        |letter: char, words: &str| Choice { key: Key::letter(letter), words: words.to_owned(), text: String::new() };
    let menu = Menu { kind: MenuKind::Copy, title: "Copy".to_owned(), choices: vec![choice('t', "trace id\u{1b}[2J")] };
    let (rows, overlay) = shown(Mode::Popup(menu), (60, 12));
    has(&rows, " t trace id␛");
    assert_eq!(overlay.height, 1);
    let text = "first\nsecond\u{202e}\nthird".to_owned();
    let (rows, _) = shown(Mode::ValueView(ValueView { title: "line".to_owned(), text, offset: 1 }), (60, 12));
    has(&rows, " second␛");
    // All of it fits, so nothing is scrolled away.
    has(&rows, " first");
    assert!(!rows.iter().any(|row| row.contains("rows ")));
}

#[test]
fn a_line_that_is_longer_than_the_screen_is_scrolled_row_by_row() {
    let words: Vec<String> = (0..100_000).map(|number| format!("word{number:05}")).collect();
    let text = format!("{}… [7 bytes cut]", words.join(" "));
    let at =
        |offset| shown(Mode::ValueView(ValueView { title: "line".to_owned(), text: text.clone(), offset }), (80, 24));
    // 7 words a row, for an eighth begins behind the last column.
    let (rows, overlay) = at(0);
    assert_eq!((overlay.height, overlay.rows), (21, 14_286));
    has(&rows, "rows 1 to 21 of 14,286");
    has(&rows, " word00000 word00001");
    let (rows, _) = at(1);
    has(&rows, "rows 2 to 22 of 14,286");
    assert!(rows.iter().any(|row| row.starts_with(" word00007")) && !rows.iter().any(|row| row.contains("word00000")));
    for offset in [14_265, usize::MAX] {
        let (rows, _) = at(offset);
        has(&rows, "rows 14,266 to 14,286 of 14,286");
        has(&rows, "word99999… [7 bytes cut]");
    }
}

#[test]
fn no_screen_is_too_small() {
    for width in (0..30).chain([60, 100]) {
        for height in [0, 1, 2, 3, 5, 8, 13] {
            for mode in [
                note("o words"),
                asking(PromptKind::Help, ""),
                asking(PromptKind::Help, "note"),
                asking(PromptKind::Palette, ""),
                asking(PromptKind::GoTo, "start"),
                Mode::ValueView(ValueView { title: "t".to_owned(), text: "one two\nthree".to_owned(), offset: 9 }),
                Mode::Popup(Menu { kind: MenuKind::Kinds, title: String::new(), choices: Vec::new() }),
            ] {
                let (_, overlay) = shown(mode, (width, height));
                assert!(overlay.cursor.is_none_or(|(x, y)| x < width && y < height), "{width} {height}: {overlay:?}");
            }
        }
    }
}
