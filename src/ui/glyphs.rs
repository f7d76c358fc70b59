//! The signs that frames are drawn with, and the same frame in ASCII: only signs change, so the layout is one.

use ratatui::buffer::Buffer;

/// Which signs the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyphs {
    Unicode,
    Ascii,
}

impl Glyphs {
    /// By the locale and the name of the terminal, where they are told.
    #[must_use]
    pub fn of(locale: Option<&str>, term: Option<&str>) -> Self {
        let plain = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            !(locale.contains("utf-8") || locale.contains("utf8"))
        });
        if plain || matches!(term, Some("linux" | "dumb")) { Self::Ascii } else { Self::Unicode }
    }

    /// Replaces what the terminal cannot show, cell by cell.
    pub(super) fn apply(self, buffer: &mut Buffer) {
        if self == Self::Unicode {
            return;
        }
        for cell in &mut buffer.content {
            if !cell.symbol().is_ascii() {
                let sign = ascii(cell.symbol());
                cell.set_symbol(sign);
            }
        }
    }
}

/// One ASCII sign for each of ours; `?` for what came from outside.
fn ascii(sign: &str) -> &'static str {
    match sign {
        "▲" => "!",
        "┃" | "│" | "├" | "▌" => "|",
        "┬" | "┴" | "┷" | "┼" => "+",
        "└" => "`",
        "╴" | "─" | "╶" | "−" | "–" | "▄" => "-",
        "╌" | "·" => ".",
        "┊" | "▃" => ":",
        "━" | "╸" | "╺" | "╼" | "╾" | "▅" => "=",
        "▆" | "█" => "#",
        "╍" | "…" | "≈" => "~",
        "◆" | "◍" | "▇" => "*",
        "é" | "è" | "ê" => "e",
        "à" | "â" => "a",
        "É" => "E",
        "À" => "A",
        "û" | "ù" => "u",
        "ô" => "o",
        "î" => "i",
        "ç" => "c",
        "\u{a0}" => " ",
        "◇" | "◐" => "/",
        "◑" => "%",
        "✓" | "▂" => "+",
        "✗" | "⊘" | "×" => "x",
        "△" => "^",
        "●" | "□" => "o",
        "○" | "◌" => "0",
        "↑" => "D",
        "▼" | "▽" => "v",
        "▸" | "→" | "⇢" | "≥" => ">",
        "≤" | "◁" | "◂" => "<",
        "€" => "E",
        "▁" => "_",
        "µ" => "u",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn every_sign_of_ours_has_one_in_ascii() {
        let ours = "▽▲┃│┬┴┷├└╴─╶╌┊━╸╺╼╾▆▂╍◆◍◇◐◑✓✗⊘△◁●○◌↑▼▸◂→⇢…≈·×≤≥−–€▌▁▃▄▅▇□µéèêàâÉÀûùôîç\u{a0}";
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 1));
        buffer.set_string(0, 0, ours, Style::new());
        Glyphs::Ascii.apply(&mut buffer);
        let text: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert!(text.is_ascii() && !text.contains('?'), "{text}");
    }
}
