//! The shortest way of the cursor from one cell to another.

use std::io::Write;

/// A cell by column and row, from zero. A column equal to the width: the last cell was written and the next sign wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) x: usize,
    pub(super) y: usize,
}

/// To an absolute place.
pub(super) fn place(to: At, out: &mut Vec<u8>) {
    // A Vec takes every byte.
    let _ = match (to.x, to.y) {
        (0, 0) => write!(out, "\x1b[H"),
        (0, y) => write!(out, "\x1b[{}H", y + 1),
        (x, 0) => write!(out, "\x1b[;{}H", x + 1),
        (x, y) => write!(out, "\x1b[{};{}H", y + 1, x + 1),
    };
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// `CSI n X`, where one step needs no number.
fn steps(number: usize, letter: char, out: &mut Vec<u8>) {
    let _ = if number == 1 { write!(out, "\x1b[{letter}") } else { write!(out, "\x1b[{number}{letter}") };
}

fn steps_cost(number: usize) -> usize {
    if number == 1 { 3 } else { 3 + digits(number) }
}

fn place_cost(to: At) -> usize {
    match (to.x, to.y) {
        (0, 0) => 3,
        (0, y) => 3 + digits(y + 1),
        (x, 0) => 4 + digits(x + 1),
        (x, y) => 4 + digits(y + 1) + digits(x + 1),
    }
}

#[derive(Clone, Copy)]
enum Way {
    Stay,
    Return,
    Back,
    Left,
    Right,
    Column,
}

/// The cheapest way along a row, and its bytes.
fn along(from: usize, to: usize) -> (usize, Way) {
    let column = (3 + digits(to + 1), Way::Column);
    let first = match (from, to) {
        (from, to) if from == to => return (0, Way::Stay),
        (_, 0) => return (1, Way::Return),
        (from, to) if from < to => (steps_cost(to - from), Way::Right),
        (from, to) if from - to <= 3 => (from - to, Way::Back),
        (from, to) => (steps_cost(from - to), Way::Left),
    };
    if column.0 < first.0 { column } else { first }
}

/// Writes the shortest way. `relative` is false for a terminal that only absolute moves are known of.
pub(super) fn go(from: Option<At>, to: At, width: usize, relative: bool, out: &mut Vec<u8>) {
    let Some(mut from) = from.filter(|_| relative) else {
        return place(to, out);
    };
    if from == to {
        return;
    }
    // With a wrap pending only a carriage return means the same everywhere.
    let pending = from.x >= width;
    if pending {
        from.x = 0;
    }
    let down = to.y.saturating_sub(from.y);
    let up = from.y.saturating_sub(to.y);
    let lines = if down > 0 { down.min(steps_cost(down)) } else { steps_cost(up) * usize::from(up > 0) };
    let (columns, way) = along(from.x, to.x);
    if usize::from(pending) + lines + columns >= place_cost(to) {
        return place(to, out);
    }
    if pending {
        out.push(b'\r');
    }
    match way {
        // Before the line feeds, so that a terminal that adds a return to them does no harm.
        Way::Return => out.push(b'\r'),
        Way::Stay => {}
        Way::Back => out.extend(std::iter::repeat_n(8, from.x - to.x)),
        Way::Left => steps(from.x - to.x, 'D', out),
        Way::Right => steps(to.x - from.x, 'C', out),
        Way::Column => {
            let _ = write!(out, "\x1b[{}G", to.x + 1);
        }
    }
    if down > 0 && down <= steps_cost(down) {
        out.extend(std::iter::repeat_n(b'\n', down));
    } else if down > 0 {
        steps(down, 'B', out);
    } else if up > 0 {
        steps(up, 'A', out);
    }
}
