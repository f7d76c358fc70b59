//! A cell in twenty bytes, made so that equal looks are equal bytes. Not how it is drawn: that is `pen.rs` and `row.rs`.

use ratatui::style::{Color, Modifier};

/// What is seen of a blank.
const ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Colours as kind and value: kind 0 is the terminal's own, 1 one of its sixteen, 2 one of 256, 3 red, green and blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) front: u32,
    pub(super) back: u32,
    /// The underline's colour.
    pub(super) line: u32,
    pub(super) modifiers: u16,
}

/// The sixteen, 256 and millions of colours.
pub(super) const NAMED: u32 = 1;
pub(super) const INDEXED: u32 = 2;
pub(super) const MIXED: u32 = 3;

pub(super) const fn kind(color: u32) -> u32 {
    color >> 24
}

const fn packed(color: Color) -> u32 {
    const fn named(number: u32) -> u32 {
        (NAMED << 24) | number
    }
    match color {
        Color::Reset => 0,
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(number) => (INDEXED << 24) | number as u32,
        Color::Rgb(red, green, blue) => (MIXED << 24) | ((red as u32) << 16) | ((green as u32) << 8) | blue as u32,
    }
}

impl Look {
    pub(super) const PLAIN: Self = Self { front: 0, back: 0, line: 0, modifiers: 0 };

    pub(super) const fn new(front: Color, back: Color, line: Color, modifiers: Modifier) -> Self {
        let line = if modifiers.contains(Modifier::UNDERLINED) { packed(line) } else { 0 };
        Self { front: packed(front), back: packed(back), line, modifiers: modifiers.bits() }
    }

    /// As it is seen where no sign stands: a blank has a front colour only when something of it shows.
    pub(super) const fn of_blank(self) -> Self {
        if self.modifiers & ON_BLANK.bits() == 0 {
            return Self { front: 0, line: 0, modifiers: 0, ..self };
        }
        Self { modifiers: self.modifiers & ON_BLANK.union(Modifier::HIDDEN).bits(), ..self }
    }

    /// Whether an erased cell looks the same under any terminal, those included that erase with the colour of the pen.
    pub(super) const fn erases_plainly(self) -> bool {
        self.back == 0 && self.modifiers & ON_BLANK.bits() == 0
    }
}

/// A cell of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    /// A character; or, with [`CLUSTER`] set, the number of a cluster.
    pub(super) sign: u32,
    front: u32,
    back: u32,
    line: u32,
    modifiers: u16,
    /// In cells; none where the sign on the left reaches.
    pub(super) width: u8,
}

pub(super) const CLUSTER: u32 = 1 << 31;

impl Packed {
    pub(super) const BLANK: Self = Self::new(0x20, Look::PLAIN, 1);
    /// The room that the sign on the left takes.
    pub(super) const COVERED: Self = Self::new(0, Look::PLAIN, 0);
    /// Nobody knows what the terminal shows here; equal to no cell of a frame.
    pub(super) const UNKNOWN: Self = Self::new(u32::MAX, Look::PLAIN, 1);

    pub(super) const fn new(sign: u32, look: Look, width: u8) -> Self {
        let Look { front, back, line, modifiers } = look;
        Self { sign, front, back, line, modifiers, width }
    }

    pub(super) const fn look(&self) -> Look {
        Look { front: self.front, back: self.back, line: self.line, modifiers: self.modifiers }
    }

    pub(super) const fn is_blank(&self) -> bool {
        self.sign == 0x20
    }

    pub(super) const fn is_covered(&self) -> bool {
        self.width == 0
    }

    pub(super) const fn is_cluster(&self) -> bool {
        self.sign & CLUSTER != 0 && self.sign != u32::MAX
    }

    /// Three words for a hash; equal cells have equal words.
    pub(super) const fn words(&self) -> [u64; 3] {
        [
            (self.sign as u64) | ((self.front as u64) << 32),
            (self.back as u64) | ((self.line as u64) << 32),
            (self.modifiers as u64) | ((self.width as u64) << 32),
        ]
    }

    /// Whether a pen that looks like this draws the cell as it should be.
    pub(super) fn fits(&self, pen: Look) -> bool {
        if self.is_blank() { pen.of_blank() == self.look() } else { pen == self.look() }
    }
}
