//! Laws of the parts; what an emulator makes of whole frames is asked in the crate's `tests/writer`.

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::style::{Color, Modifier};

use super::cell::{Look, Packed};
use super::grid::{Band, Grid};
use super::moves::{At, go, place};
use super::pen;
use super::shift::Detector;

fn screen() -> vt100::Parser {
    vt100::Parser::new(NonZeroU16::new(60).expect("rows"), NonZeroU16::new(200).expect("columns"), 0)
}

fn look() -> impl Strategy<Value = Look> {
    let color =
        || prop::sample::select(vec![Color::Reset, Color::Red, Color::White, Color::Indexed(99), Color::Rgb(1, 2, 3)]);
    let modifiers = prop::sample::subsequence(
        vec![Modifier::BOLD, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED, Modifier::CROSSED_OUT],
        0..=5,
    );
    (color(), color(), color(), modifiers).prop_map(|(front, back, line, modifiers)| {
        Look::new(front, back, line, modifiers.into_iter().fold(Modifier::empty(), Modifier::union))
    })
}

/// A picture whose row shows the letter that stands for it; a dot is a blank row.
fn grid(rows: &str) -> Grid {
    let mut grid = Grid::new(12, rows.len());
    for (y, letter) in rows.chars().enumerate().filter(|(_, letter)| *letter != '.') {
        grid.row_mut(y).fill(Packed::new(u32::from(letter), Look::PLAIN, 1));
    }
    grid
}

fn bands(before: &str, after: &str) -> Vec<(usize, usize, isize)> {
    let (mut shown, wanted) = (grid(before), grid(after));
    let mut changed: Vec<bool> = before.chars().zip(after.chars()).map(|(one, other)| one != other).collect();
    let mut detector = Detector::new(12, before.len());
    let found = detector.find(&mut shown, &wanted, &mut changed);
    found.iter().map(|Band { top, bottom, up }| (*top, *bottom, *up)).collect()
}

#[test]
fn bands_that_moved_are_found() {
    assert_eq!(bands("#abcdefg=", "#bcdefgh="), [(1, 8, 1)], "up by one, between a header and a footer");
    assert_eq!(bands("#bcdefgh=", "#abcdefg="), [(1, 8, -1)], "down by one");
    assert_eq!(bands("#abcdefg=", "#defghij="), [(1, 8, 3)], "up by three");
    assert_eq!(bands("abcdef-uvwxyz", "bcdefg-tuvwxy"), [(0, 6, 1), (7, 13, -1)], "two panes, each its own way");
    assert_eq!(bands("abcdefgh", "stuvwxyz"), [], "another page");
    assert_eq!(bands("abcdefgh", "abcdefgx"), [], "one row");
    assert_eq!(bands("aaaaaaaa", "aaaabaaa"), [], "rows that are all alike tell nothing");
    assert_eq!(bands("........", "abcdefgh"), [], "nothing to move");
}

#[test]
fn a_foreign_column_does_not_hide_a_band() {
    let (mut shown, mut wanted) = (grid("#abcdefg="), grid("#bcdefgh="));
    for y in 1..8 {
        let bar = |thumb: bool| Packed::new(if thumb { 0x2588 } else { 0x2502 }, Look::PLAIN, 1);
        shown.row_mut(y)[11] = bar(y == 3);
        wanted.row_mut(y)[11] = bar(y == 4);
    }
    let found = Detector::new(12, 9).find(&mut shown, &wanted, &mut [true; 9]).to_vec();
    assert_eq!(found, [Band { top: 1, bottom: 8, up: 1 }]);
}

#[test]
fn a_shift_does_what_insert_and_delete_line_do() {
    let mut picture = grid("abcdef");
    picture.shift(Band { top: 1, bottom: 5, up: 2 });
    let rows = |picture: &Grid| (0..6).filter_map(|y| char::from_u32(picture.row(y)[0].sign)).collect::<String>();
    assert_eq!(rows(&picture), "ade  f");
    picture.shift(Band { top: 0, bottom: 6, up: -1 });
    assert_eq!(rows(&picture), " ade  ");
}

proptest! {
    #[test]
    fn every_way_leads_there_and_none_is_longer_than_the_straight_one(
        from in (0_usize..200, 0_usize..60), to in (0_usize..200, 0_usize..60), pending: bool,
    ) {
        let mut screen = screen();
        let (from, to) = (At { x: if pending { 200 } else { from.0 }, y: from.1 }, At { x: to.0, y: to.1 });
        let mut start = Vec::new();
        place(At { x: from.x.min(199), y: from.y }, &mut start);
        if pending {
            start.push(b'x');
        }
        screen.process(&start);
        let (mut way, mut straight) = (Vec::new(), Vec::new());
        go(Some(from), to, 200, true, &mut way);
        place(to, &mut straight);
        prop_assert!(way.len() <= straight.len(), "{way:?} and {straight:?}");
        screen.process(&way);
        let (y, x) = screen.screen().cursor_position();
        prop_assert_eq!((usize::from(x), usize::from(y)), (to.x, to.y));
        let mut sure = Vec::new();
        go(Some(from), to, 200, false, &mut sure);
        prop_assert_eq!(sure, straight);
    }

    /// Told step by step, a pen is the one that it is when told anew, and never by more bytes.
    #[test]
    fn a_pen_is_changed_to_what_it_would_be_anew(from in look(), to in look()) {
        let told = |before: Option<Look>| {
            let mut start = Vec::new();
            pen::change(None, from, true, &mut start);
            let mut change = Vec::new();
            pen::change(before, to, true, &mut change);
            let mut screen = screen();
            screen.process(&start);
            screen.process(&change);
            screen.process(b"x");
            (screen.screen().contents_formatted(), change.len())
        };
        let (steps, anew) = (told(Some(from)), told(None));
        prop_assert_eq!(&steps.0, &anew.0);
        prop_assert!(steps.1 <= anew.1, "{} and {} bytes", steps.1, anew.1);
    }
}
