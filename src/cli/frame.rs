//! A drawn frame as text: what `snapshot` prints. With colours as escape sequences when asked.

use std::fmt::Write;

use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The rows, trailing spaces cut.
pub(super) fn text(backend: &TestBackend) -> String {
    rows(backend.buffer(), |line, cell, _| line.push_str(cell.symbol()), |line| line.truncate(line.trim_end().len()))
}

/// The rows with SGR sequences; every row ends plain.
pub(super) fn ansi(backend: &TestBackend) -> String {
    rows(
        backend.buffer(),
        |line, cell, before| {
            if before.is_none_or(|before| before.style() != cell.style()) {
                line.push_str("\x1b[0");
                style(line, cell);
                line.push('m');
            }
            line.push_str(cell.symbol());
        },
        |line| line.push_str("\x1b[0m"),
    )
}

fn rows(buffer: &Buffer, put: impl Fn(&mut String, &Cell, Option<&Cell>), end: impl Fn(&mut String)) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut before = None;
        let mut hidden = 0;
        for cell in (buffer.area.left()..buffer.area.right()).filter_map(|x| buffer.cell((x, y))) {
            // A wide character covers the cells behind it.
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            hidden = cell.symbol().width().saturating_sub(1);
            put(&mut line, cell, before);
            before = Some(cell);
        }
        end(&mut line);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn style(line: &mut String, cell: &Cell) {
    let attributes = [
        (Modifier::BOLD, ";1"),
        (Modifier::DIM, ";2"),
        (Modifier::ITALIC, ";3"),
        (Modifier::UNDERLINED, ";4"),
        (Modifier::REVERSED, ";7"),
    ];
    for (modifier, code) in attributes {
        if cell.modifier.contains(modifier) {
            line.push_str(code);
        }
    }
    color(line, cell.fg, 30);
    color(line, cell.bg, 40);
}

/// `base` is 30 for the foreground and 40 for the background.
fn color(line: &mut String, color: Color, base: u8) {
    let basic = |index: u8| if index < 8 { base + index } else { base + 52 + index };
    let index = match color {
        Color::Reset => return,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Rgb(red, green, blue) => {
            // Writing into a string cannot fail.
            let _ = write!(line, ";{};2;{red};{green};{blue}", base + 8);
            return;
        }
        Color::Indexed(index) => {
            let _ = write!(line, ";{};5;{index}", base + 8);
            return;
        }
    };
    let _ = write!(line, ";{}", basic(index));
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::style::Stylize;
    use ratatui::text::Line;

    use super::*;

    #[test]
    fn a_frame_is_text_and_with_colours_the_same_text() {
        let mut terminal = Terminal::new(TestBackend::new(12, 2)).expect("a terminal");
        let line = Line::from(vec!["日本".bold(), " ok".fg(Color::LightRed), "x".bg(Color::Indexed(17))]);
        terminal.draw(|frame| frame.render_widget(line, frame.area())).expect("drawn");
        assert_eq!(text(terminal.backend()), "日本 okx\n\n");
        let coloured = ansi(terminal.backend());
        assert!(coloured.starts_with("\x1b[0;1m日本\x1b[0;91m ok\x1b[0;48;5;17mx\x1b[0m"), "{coloured:?}");
    }
}
