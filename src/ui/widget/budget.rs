//! What is left of an error budget, as a bar with ticks at a quarter and a half: where its zones begin.

use ratatui::style::Style;

use crate::ui::pen::Pen;

/// How many cells are full. Right of a tick something stands exactly when more than that share is left.
fn filled(remaining: f64, cells: usize) -> usize {
    let drawn = (remaining.clamp(0.0, 1.0) * cells as f64).round() as usize;
    let [quarter, half] = ticks(cells);
    if remaining > 0.5 {
        drawn.max(half + 2).min(cells)
    } else if remaining > 0.25 {
        drawn.clamp((quarter + 2).min(half), half)
    } else {
        drawn.min(quarter).max(usize::from(remaining > 0.0))
    }
}

const fn ticks(cells: usize) -> [usize; 2] {
    [cells / 4, cells / 2]
}

/// `remaining` is a share; what lies below 0 is drawn as nothing. `style` is that of the zone.
pub(in crate::ui) fn draw(
    pen: &mut Pen<'_>,
    x: usize,
    y: usize,
    cells: usize,
    remaining: f64,
    style: Style,
    track: Style,
) {
    let full = filled(remaining, cells);
    pen.repeat(x, x + full, y, "▆", style);
    pen.repeat(x + full, x + cells, y, "╌", track);
    if cells >= 8 {
        for tick in ticks(cells) {
            pen.put(x + tick, y, "│", Style::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;

    fn bar(remaining: f64, cells: u16) -> String {
        let area = Rect::new(0, 0, cells, 1);
        let mut buffer = Buffer::empty(area);
        draw(&mut Pen::new(&mut buffer, area), 0, 0, usize::from(cells), remaining, Style::new(), Style::new());
        buffer.content.iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn the_bar_says_the_zone() {
        assert_eq!(bar(0.43, 16), "▆▆▆▆│▆▆╌│╌╌╌╌╌╌╌");
        assert_eq!(bar(0.87, 16), "▆▆▆▆│▆▆▆│▆▆▆▆▆╌╌");
        assert_eq!(bar(0.62, 20), "▆▆▆▆▆│▆▆▆▆│▆╌╌╌╌╌╌╌╌");
        assert_eq!(bar(0.501, 16), "▆▆▆▆│▆▆▆│▆╌╌╌╌╌╌");
        assert_eq!(bar(0.5, 16), "▆▆▆▆│▆▆▆│╌╌╌╌╌╌╌");
        assert_eq!(bar(0.001, 16), "▆╌╌╌│╌╌╌│╌╌╌╌╌╌╌");
        assert_eq!(bar(-2.0, 16), "╌╌╌╌│╌╌╌│╌╌╌╌╌╌╌");
        assert_eq!(bar(f64::NAN, 16), "╌╌╌╌│╌╌╌│╌╌╌╌╌╌╌");
    }
}
