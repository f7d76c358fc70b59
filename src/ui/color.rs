//! Colours: how a theme writes them, and the nearest that a terminal has.

use ratatui::style::Color;

/// How many colours the terminal shows, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    Mono,
    Sixteen,
    Indexed,
    True,
}

impl Depth {
    /// By the values of `NO_COLOR` (set and not empty), `COLORTERM` and `TERM`.
    #[must_use]
    pub fn of(no_color: bool, colorterm: Option<&str>, term: Option<&str>) -> Self {
        match (colorterm, term) {
            _ if no_color => Self::Mono,
            (_, Some("dumb")) => Self::Mono,
            (Some("truecolor" | "24bit"), _) => Self::True,
            (_, Some(term)) if term.contains("256color") || term.contains("direct") => Self::Indexed,
            _ => Self::Sixteen,
        }
    }

    /// The nearest colour; `None` where there are none.
    pub(super) fn limit(self, color: Color) -> Option<Color> {
        match (self, color) {
            (Self::Mono, _) => None,
            (Self::True, color) => Some(color),
            (_, Color::Rgb(red, green, blue)) => Some(Color::Indexed(nearest([red, green, blue]))),
            (_, color) => Some(color),
        }
    }
}

/// `default`, `#rrggbb`, `bright red`.
pub(super) fn parse(text: &str) -> Result<Color, String> {
    let wrong = || format!("`{text}` is not a colour: write \"#rrggbb\", 0 to 255, a name or \"default\"");
    if let Some(hex) = text.strip_prefix('#') {
        let number = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6).ok_or_else(wrong)?;
        let [_, red, green, blue] = number.to_be_bytes();
        return Ok(Color::Rgb(red, green, blue));
    }
    let (name, bright) = match text.strip_prefix("bright ") {
        Some(name) => (name, 8),
        None => (text, 0),
    };
    let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    match names.iter().zip(0_u8..).find(|(known, _)| **known == name) {
        Some((_, index)) => Ok(Color::Indexed(index + bright)),
        None if text == "default" => Ok(Color::Reset),
        None => Err(wrong()),
    }
}

/// The nearest of the 240 fixed colours, by distance in CIE Lab.
fn nearest(rgb: [u8; 3]) -> u8 {
    let wanted = lab(rgb);
    let distance = |index: u8| {
        let other = lab(fixed(index));
        wanted.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()
    };
    (16..=255).min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap_or(255)
}

/// The colour cube and the greys of xterm.
fn fixed(index: u8) -> [u8; 3] {
    if index >= 232 {
        let grey = 8 + (index - 232) * 10;
        return [grey, grey, grey];
    }
    let level = |step: u8| if step == 0 { 0 } else { 55 + step * 40 };
    let cube = index.saturating_sub(16);
    [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
}

/// sRGB with the D65 white, after CIE 1976.
fn lab(rgb: [u8; 3]) -> [f64; 3] {
    let [r, g, b] = rgb.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.412_4 * r + 0.357_6 * g + 0.180_5 * b) / 0.950_47);
    let y = f(0.212_6 * r + 0.715_2 * g + 0.072_2 * b);
    let z = f((0.019_3 * r + 0.119_2 * g + 0.950_5 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_says_how_many_colours_it_has() {
        assert_eq!(Depth::of(true, Some("truecolor"), Some("xterm-256color")), Depth::Mono);
        assert_eq!(Depth::of(false, Some("24bit"), Some("xterm")), Depth::True);
        assert_eq!(Depth::of(false, None, Some("tmux-256color")), Depth::Indexed);
        assert_eq!(Depth::of(false, None, Some("xterm")), Depth::Sixteen);
        assert_eq!(Depth::of(false, Some("truecolor"), Some("dumb")), Depth::Mono);
    }

    #[test]
    fn colours_are_read_and_brought_near() {
        assert_eq!(parse("#ff7b72"), Ok(Color::Rgb(255, 123, 114)));
        assert_eq!(parse("bright red"), Ok(Color::Indexed(9)));
        assert_eq!(parse("default"), Ok(Color::Reset));
        assert!(parse("#ff7b7").is_err() && parse("reddish").is_err());
        assert_eq!(nearest([255, 0, 0]), 196);
        assert_eq!(nearest([8, 8, 8]), 232);
        assert_eq!(Depth::Mono.limit(Color::Red), None);
    }
}
