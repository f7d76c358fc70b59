//! The signs that most of a screen is made of, each as a cell that is made once: to make one anew is most of what it costs
//! to write it. Not which signs take one cell: that is `text.rs`.

use std::sync::LazyLock;

use ratatui::buffer::Cell;

const ASCII: std::ops::RangeInclusive<char> = ' '..='~';
/// Lines, blocks and geometric shapes.
const DRAWN: std::ops::RangeInclusive<char> = '\u{2500}'..='\u{25ff}';

/// Cells without a look of their own, by sign.
pub(super) struct Letters {
    ascii: Vec<Cell>,
    drawn: Vec<Cell>,
}

pub(super) fn letters() -> &'static Letters {
    static LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters { ascii: cells(ASCII), drawn: cells(DRAWN) });
    &LETTERS
}

fn cells(signs: std::ops::RangeInclusive<char>) -> Vec<Cell> {
    signs
        .map(|sign| {
            let mut cell = Cell::EMPTY;
            cell.set_char(sign);
            cell
        })
        .collect()
}

impl Letters {
    /// Changes what a cell says and not how it looks.
    pub(super) fn show(&self, cell: &mut Cell, sign: char) {
        let known = match sign {
            ' '..='~' => self.ascii.get(sign as usize - ' ' as usize),
            '\u{2500}'..='\u{25ff}' => self.drawn.get(sign as usize - 0x2500),
            _ => None,
        };
        let Some(known) = known else {
            cell.set_char(sign);
            return;
        };
        let mut shown = known.clone();
        (shown.fg, shown.bg, shown.underline_color, shown.modifier) =
            (cell.fg, cell.bg, cell.underline_color, cell.modifier);
        *cell = shown;
    }
}

/// Whether a text is nothing but printable ASCII, asked without a branch for each letter.
pub(super) fn is_ascii(text: &str) -> bool {
    text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    #[test]
    fn a_sign_is_what_it_would_be_if_it_were_made_anew_and_keeps_the_look() {
        let look = Style::new().fg(Color::Red).bg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD);
        for sign in (' '..='\u{2fff}').filter(|sign| !sign.is_control()) {
            let (mut one, mut other) = (Cell::EMPTY, Cell::EMPTY);
            one.set_symbol("日").set_style(look);
            other.set_symbol("日").set_style(look);
            letters().show(&mut one, sign);
            other.set_char(sign);
            assert_eq!(one, other, "{sign}");
        }
    }

    #[test]
    fn ascii_is_what_prints() {
        assert!(is_ascii("") && is_ascii("0.5 % ~"));
        for text in ["a\tb", "é", "\u{7f}", "…"] {
            assert!(!is_ascii(text), "{text:?}");
        }
    }
}
