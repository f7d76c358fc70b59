//! From one look of the pen to another in the fewest bytes of SGR.

use std::io::Write;

use ratatui::style::Modifier;

use super::cell::{INDEXED, Look, MIXED, NAMED, kind};

/// What turns an attribute on.
const ON: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// What turns attributes off, some of them together.
const OFF: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

/// Parameters of one SGR sequence; the longest list there is has under a hundred bytes.
#[derive(Default)]
struct Parameters(Vec<u8>);

impl Parameters {
    fn number(&mut self, number: u32) {
        if !self.0.is_empty() {
            self.0.push(b';');
        }
        let _ = write!(self.0, "{number}");
    }

    /// `base` is 30 for the front and 40 for the back.
    fn color(&mut self, color: u32, base: u32) {
        let value = color & 0x00ff_ffff;
        match kind(color) {
            NAMED if value < 8 => self.number(base + value),
            NAMED => self.number(base + 60 + value - 8),
            INDEXED => {
                self.number(base + 8);
                self.number(5);
                self.number(value);
            }
            MIXED => {
                self.number(base + 8);
                self.number(2);
                self.number(value >> 16);
                self.number((value >> 8) & 0xff);
                self.number(value & 0xff);
            }
            _ => self.number(base + 9),
        }
    }

    fn change(&mut self, from: Look, to: Look) {
        let (mut has, wanted) =
            (Modifier::from_bits_truncate(from.modifiers), Modifier::from_bits_truncate(to.modifiers));
        for (together, off) in OFF {
            if (has - wanted).intersects(together) {
                self.number(u32::from(off));
                has -= together;
            }
        }
        for (modifier, on) in ON {
            if (wanted - has).contains(modifier) {
                self.number(u32::from(on));
            }
        }
        if from.front != to.front {
            self.color(to.front, 30);
        }
        if from.back != to.back {
            self.color(to.back, 40);
        }
    }
}

/// Writes what turns a pen into another; `None` is a pen of which nothing is known. `steps` is false for a terminal that
/// is best told everything anew.
pub(super) fn change(from: Option<Look>, to: Look, steps: bool, out: &mut Vec<u8>) {
    if from == Some(to) {
        return;
    }
    let start = out.len();
    anew(to, out);
    let Some(from) = from.filter(|_| steps) else { return };
    let straight = out.len();
    let mut parameters = Parameters::default();
    parameters.change(from, to);
    sequence(from.line, to, &parameters, out);
    // Both stand there now, one behind the other: the longer one goes.
    if out.len() - straight < straight - start {
        out.drain(start..straight);
    } else {
        out.truncate(straight);
    }
}

fn anew(to: Look, out: &mut Vec<u8>) {
    let mut parameters = Parameters::default();
    if to == Look::PLAIN {
        out.extend_from_slice(b"\x1b[m");
        return;
    }
    parameters.number(0);
    parameters.change(Look::PLAIN, to);
    sequence(0, to, &parameters, out);
}

fn sequence(line: u32, to: Look, parameters: &Parameters, out: &mut Vec<u8>) {
    if !parameters.0.is_empty() {
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(&parameters.0);
        out.push(b'm');
    }
    if line != to.line {
        underline(to.line, out);
    }
}

/// In a sequence of its own and with colons: a terminal that does not know it must not take it for something else.
fn underline(color: u32, out: &mut Vec<u8>) {
    let value = color & 0x00ff_ffff;
    let _ = match kind(color) {
        NAMED | INDEXED => write!(out, "\x1b[58:5:{value}m"),
        MIXED => write!(out, "\x1b[58:2::{}:{}:{}m", value >> 16, (value >> 8) & 0xff, value & 0xff),
        _ => write!(out, "\x1b[59m"),
    };
}
