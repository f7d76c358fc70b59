//! A slow link: the sign at the edge in place of a painted row, nothing that changes every second, and the header says so;
//! and what a frozen screen says of its age.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use warroom::room::Fact;
use warroom::ui::{Depth, Glyphs, Scene, Theme, draw};

use super::scene::{Desk, shows};

fn thrifty() -> Desk {
    let mut desk = Desk::six_minutes();
    desk.tell(Fact::Written { bytes: 8_350 });
    desk.tell(Fact::Link { is_slow: true, there_and_back: Some(Duration::from_millis(640)) });
    desk
}

/// Cells with a ground of their own, in colour.
fn painted(desk: &Desk) -> usize {
    let theme = Theme::choose(Some("dark"), None, Depth::True, false, &mut Vec::new());
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    let scene = Scene { room: &desk.room, theme: &theme, glyphs: Glyphs::Unicode };
    drop(draw(&mut buffer, &scene));
    buffer.content.iter().filter(|cell| cell.bg != Color::Reset).count()
}

fn differing(one: &Buffer, other: &Buffer) -> usize {
    one.content.iter().zip(&other.content).filter(|(one, other)| one != other).count()
}

#[test]
fn a_slow_link() {
    let mut desk = thrifty();
    shows("slow_link_120x40", &desk.frame(120, 40));
    shows("slow_link_80x24", &desk.frame(80, 24));
}

#[test]
fn the_sign_alone_tells_what_is_selected() {
    let mut desk = thrifty();
    let mut rich = Desk::six_minutes();
    for keys in ["3", "4", "2", "1", "5", "3f"] {
        let signs = painted(desk.press(keys));
        assert!(painted(rich.press(keys)) > signs + 20, "{keys}: a row is painted on a good link");
        assert!(desk.frame(120, 40).contains('▸'), "{keys}");
    }
}

#[test]
fn nothing_of_the_frame_moves_in_a_second_and_the_strip_once_a_minute() {
    let mut desk = thrifty();
    desk.wait(Duration::from_secs(2));
    let mut moved = 0;
    let mut before = desk.buffer(120, 40, Glyphs::Unicode);
    for _ in 0..60 {
        desk.wait(Duration::from_secs(1));
        let now = desk.buffer(120, 40, Glyphs::Unicode);
        let cells = differing(&before, &now);
        moved += usize::from(cells > 0);
        before = now;
    }
    // The clock's minute, how old things are in steps of ten seconds, the byte meter that runs out.
    assert!(moved <= 12, "{moved} of 60 frames differ");
}

#[test]
fn nothing_moves_within_a_minute_of_a_calm_evening() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = Desk::calm();
        desk.tell(Fact::Written { bytes: 0 });
        let mut moved = 0;
        let mut before = desk.buffer(width, height, Glyphs::Unicode);
        for _ in 0..60 {
            desk.wait(Duration::from_secs(1));
            let now = desk.buffer(width, height, Glyphs::Unicode);
            moved += usize::from(differing(&before, &now) > 0);
            before = now;
        }
        // The clock's minute; and data that nobody brings here grow old.
        assert!(moved <= 6, "{width}x{height}: {moved} of 60 frames differ");
    }
    let clock = |mut desk: Desk| desk.frame(120, 40).lines().next().unwrap_or_default().to_owned();
    let (calm, incident) = (clock(Desk::calm()), clock(Desk::six_minutes()));
    assert!(calm.contains("live 17:55  ") && incident.contains("live 18:36:00"), "{calm}\n{incident}");
}

#[test]
fn a_frozen_screen_says_of_when_it_is() {
    let mut desk = Desk::six_minutes();
    desk.press("<Space>");
    assert!(!desk.frame(120, 40).contains("as of"), "it is of now");
    desk.until(372);
    let text = desk.frame(120, 40);
    assert!(text.contains("frozen 18:36:00, as of 18:36:12"), "{text}");
    assert!(text.contains("of orders fail at 18:36,") && text.contains("SLOs 18:36, not frozen"), "{text}");
    assert!(!text.contains(" now "), "{text}");
}

#[test]
fn a_screen_that_is_too_small_says_so_and_recovers() {
    let mut desk = Desk::six_minutes();
    let text = desk.frame(20, 4);
    assert!(text.contains("order-routing") && text.contains("too small"), "{text}");
    assert!(desk.frame(12, 9).contains("too small"));
    assert!(!desk.frame(20, 5).contains("too small"));
    assert!(desk.frame(80, 24).contains("? keys"));
    for (width, height) in [(1, 1), (2, 1), (1, 2), (3, 3)] {
        desk.frame(width, height);
    }
}
