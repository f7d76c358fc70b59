//! One bar for both windows of a rule, on a logarithmic scale from 0.1 to 1000. It never contradicts the judgement: full
//! height stands right of the tick exactly when both windows are above the factor.

use ratatui::style::{Modifier, Style};

use crate::domain::slo::{PairJudgement, RuleSeverity};
use crate::ui::pen::Pen;

/// From 0.1 to 1000.
const DECADES: f64 = 4.0;

/// How far the bar of a pair goes, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reach {
    short: usize,
    long: usize,
    tick: usize,
}

impl Reach {
    fn of(pair: &PairJudgement, cells: usize) -> Self {
        // There is always a cell right of the tick, or nothing could stand there.
        let tick = (along(pair.factor, cells).floor() as usize).min(cells.saturating_sub(2));
        let reach = |burn: Option<f64>, above: bool| {
            let drawn = burn.map_or(0, |burn| along(burn, cells).round() as usize);
            if above { drawn.max(tick + 2).min(cells) } else { drawn.min(tick) }
        };
        Self { short: reach(pair.short_burn, pair.short_above), long: reach(pair.long_burn, pair.long_above), tick }
    }

    const fn sign(self, cell: usize) -> &'static str {
        match (cell < self.short, cell < self.long) {
            (true, true) => "▆",
            (true, false) => "▂",
            (false, true) => "╍",
            (false, false) => "╌",
        }
    }
}

/// The place of a burn on the scale, in cells from its left end.
fn along(burn: f64, cells: usize) -> f64 {
    let whole = cells as f64;
    let at = (burn.log10() + 1.0) / DECADES * whole;
    if at.is_nan() { 0.0 } else { at.clamp(0.0, whole) }
}

/// Draws `cells` cells: `style` for what burns, `track` for what is left of the scale.
pub(in crate::ui) fn draw(
    pen: &mut Pen<'_>,
    x: usize,
    y: usize,
    cells: usize,
    pair: &PairJudgement,
    style: Style,
    track: Style,
) {
    let reach = Reach::of(pair, cells);
    for cell in 0..cells {
        let sign = reach.sign(cell);
        pen.put(x + cell, y, sign, if sign == "╌" { track } else { style });
    }
    if cells > 1 {
        let tick = if pair.severity == RuleSeverity::Page { "┃" } else { "│" };
        pen.put(x + reach.tick, y, tick, Style::new().add_modifier(Modifier::BOLD));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;

    fn pair(short: Option<f64>, long: Option<f64>, factor: f64, above: (bool, bool)) -> PairJudgement {
        PairJudgement {
            long: Duration::from_secs(3_600),
            short: Duration::from_secs(300),
            long_burn: long,
            short_burn: short,
            long_above: above.1,
            short_above: above.0,
            factor,
            firing: above.0 && above.1,
            too_few: false,
            severity: RuleSeverity::Page,
            waits: None,
        }
    }

    fn bar(pair: &PairJudgement, cells: usize) -> Vec<String> {
        let area = Rect::new(0, 0, u16::try_from(cells).expect("small"), 1);
        let mut buffer = Buffer::empty(area);
        draw(&mut Pen::new(&mut buffer, area), 0, 0, cells, pair, Style::new(), Style::new());
        buffer.content.iter().map(|cell| cell.symbol().to_owned()).collect()
    }

    #[test]
    fn both_windows_stand_in_one_bar() {
        assert_eq!(bar(&pair(Some(636.0), Some(55.0), 14.4, (true, true)), 13).concat(), "▆▆▆▆▆▆▆┃▆▂▂▂╌");
        assert_eq!(bar(&pair(Some(0.2), Some(0.2), 14.4, (false, false)), 13).concat(), "▆╌╌╌╌╌╌┃╌╌╌╌╌");
        assert_eq!(bar(&pair(Some(0.0), Some(40.0), 14.4, (false, true)), 13).concat(), "╍╍╍╍╍╍╍┃╍╌╌╌╌");
        assert_eq!(bar(&pair(None, None, 14.4, (false, false)), 13).concat(), "╌╌╌╌╌╌╌┃╌╌╌╌╌");
    }

    proptest! {
        #[test]
        fn full_height_stands_right_of_the_tick_exactly_when_both_are_above(
            short in prop::option::of(0.0f64..5_000.0),
            long in prop::option::of(0.0f64..5_000.0),
            factor in 0.5f64..1_500.0,
            cells in 2usize..60,
        ) {
            let above = |burn: Option<f64>| burn.is_some_and(|burn| burn > factor);
            let pair = pair(short, long, factor, (above(short), above(long)));
            let signs = bar(&pair, cells);
            let tick = signs.iter().position(|sign| sign == "┃").expect("a tick");
            let right = signs.iter().skip(tick + 1).any(|sign| sign == "▆");
            prop_assert_eq!(right, pair.short_above && pair.long_above);
            prop_assert_eq!(signs.len(), cells);
        }
    }
}
