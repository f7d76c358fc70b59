//! Any size, any focus, any moment: a frame comes out, and the answer stays on it.

use proptest::prelude::*;
use warroom::room::{Pane, Zoom};
use warroom::ui::Glyphs;

use super::scene::{buffer, calm, lost_orders, press, rows, unheard};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn every_size_has_a_frame(
        width in 1u16..230, height in 1u16..80, focus in 0usize..5, zoom in 0usize..3, which in 0usize..4,
        keys in prop::sample::select(vec!["", "?", ":", "i", "/", "@", ",", "d", "r", "x"]),
    ) {
        let mut room = match which {
            0 => unheard(6.0),
            1 => calm(),
            2 => lost_orders(12.0),
            _ => lost_orders(6.0),
        };
        room.focus = Pane::ALL[focus];
        room.zoom = [Zoom::Normal, Zoom::Half, Zoom::Full][zoom];
        press(&mut room, keys);
        let buffer = buffer(&mut room, width, height, "dark", Glyphs::Unicode);
        prop_assert_eq!((buffer.area.width, buffer.area.height), (width, height));
    }

    #[test]
    fn the_answer_is_on_every_frame_of_ten_rows(width in 20u16..230, height in 10u16..80, focus in 0usize..5) {
        let mut room = lost_orders(6.0);
        room.focus = Pane::ALL[focus];
        let frame = rows(&buffer(&mut room, width, height, "dark", Glyphs::Unicode));
        prop_assert!(frame.iter().take(2).any(|row| row.starts_with("▲ order-routing")), "{:#?}", frame);
    }
}

#[test]
fn no_number_is_ever_cut() {
    for width in 60..200 {
        let frame = rows(&buffer(&mut lost_orders(6.0), width, 40, "dark", Glyphs::Unicode));
        for row in frame.iter().take(2) {
            assert!(!row.contains('…'), "{width}: {row}");
        }
    }
}
