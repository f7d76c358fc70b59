//! Any sequence of frames, in any size, whatever the terminal may be asked.

use proptest::prelude::*;
use ratatui::layout::Position;
use warroom::writer::Means;

use crate::canvas::{Canvas, Dice, NARROW};
use crate::desk::Desk;

const FRAMES: usize = 12;
const MEANS: [Means; 4] =
    [Means::FULL, Means::FULL, Means { thrift: true, scroll: false, synchronized: false }, Means::PLAIN];

fn cursor(dice: &mut Dice, canvas: &Canvas) -> Option<Position> {
    let area = canvas.picture.area;
    let within = |end: u16, number: usize| u16::try_from(number % usize::from(end)).expect("below a u16");
    (dice.below(3) == 0)
        .then(|| Position::new(within(area.width, dice.below(999)), within(area.height, dice.below(999))))
}

fn play(seed: u64, storm: bool) -> Result<(), TestCaseError> {
    let mut dice = Dice::new(seed);
    let (width, height) = dice.size();
    let mut desk = Desk::new(width, height, MEANS[dice.below(MEANS.len())]);
    let mut canvas = Canvas::new(width, height);
    if dice.below(2) == 0 {
        dice.keep_to_a_theme();
        canvas.words = NARROW;
    }
    canvas.fill(&mut dice);
    for frame in 0..FRAMES {
        if storm && dice.below(2) == 0 {
            let (width, height) = dice.size();
            desk.resize(width, height);
            canvas.resize(width, height);
            if dice.below(3) == 0 {
                desk.terminal.clear().expect("nothing is written yet");
            }
        }
        if dice.below(10) == 0 {
            desk.means.set(MEANS[dice.below(MEANS.len())]);
        }
        let cursor = cursor(&mut dice, &canvas);
        let bytes = desk.draw(&canvas.picture, cursor);
        if let Some(wrong) = desk.wrong(&canvas.picture, cursor) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return Err(TestCaseError::fail(format!("frame {frame} of {:?}: {wrong}\n{text:?}", canvas.picture.area)));
        }
        let again = desk.draw(&canvas.picture, cursor);
        prop_assert!(again.is_empty(), "an unchanged frame took {:?}", String::from_utf8_lossy(&again));
        canvas.change(&mut dice);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_frame_is_shown_as_it_was_meant(seed: u64) {
        play(seed, false)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_storm_of_sizes_leaves_nothing_behind(seed: u64) {
        play(seed, true)?;
    }
}
