//! Laws of every frame: no size, focus, zoom or mode makes drawing fail, and nothing stands outside the screen.

use std::time::Duration;

use proptest::prelude::*;
use warroom::room::{Pane, Zoom};
use warroom::ui::Glyphs;

use super::scene::Desk;

const MODES: [&str; 14] = ["", "i", "?", ":", "/", "@", ",", "y", "I", "d", "x", "1 r", "4 <Enter>", "q"];

fn desk(mode: usize, focus: usize, zoom: usize, is_calm: bool) -> Desk {
    let mut desk = if is_calm { Desk::calm() } else { Desk::six_minutes() };
    desk.press(MODES[mode]);
    desk.wait(Duration::from_millis(400));
    desk.room.focus = Pane::ALL[focus];
    desk.room.zoom = [Zoom::Normal, Zoom::Half, Zoom::Full][zoom];
    desk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn drawing_never_fails(
        mode in 0..MODES.len(), focus in 0usize..5, zoom in 0usize..3, is_calm in any::<bool>(), ascii in any::<bool>(),
        sizes in proptest::collection::vec((1u16..=250, 1u16..=80), 1..12),
        keys in proptest::collection::vec(proptest::sample::select(&["j", "k", "h", "l", "G", "gg", "e", "f", "Tab", "Esc"][..]), 0..6),
    ) {
        let mut desk = desk(mode, focus, zoom, is_calm);
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Unicode };
        for (width, height) in sizes {
            let buffer = desk.buffer(width, height, glyphs);
            prop_assert_eq!(buffer.content.len(), usize::from(width) * usize::from(height));
            // The same room gives the same frame.
            prop_assert_eq!(desk.buffer(width, height, glyphs), buffer);
            for key in &keys {
                desk.press(key);
            }
        }
    }
}

#[test]
fn the_smallest_screens_of_every_mode() {
    for mode in 0..MODES.len() {
        let mut desk = desk(mode, mode % 5, mode % 3, false);
        for width in 1..=24 {
            for height in 1..=8 {
                desk.buffer(width, height, Glyphs::Unicode);
            }
        }
    }
}
