//! A company's lines in either direction, a slice at a time, so that no question costs more than it needs. Not filters.

use std::time::Duration;

use crate::demo::company::{Company, LogRecord};
use crate::domain::signal::Level;
use crate::domain::{Labels, Timestamp, Window};

/// After this many lines the real server would refuse to read on (`max_query_bytes_read`).
const MOST_LINES: usize = 2_000_000;
const SHORTEST: Duration = Duration::from_millis(250);
/// A flood has tens of thousands of lines in a second: what is not known to be quiet is looked at in small slices.
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(600);
/// A slice with more lines than this makes the next one shorter.
const FULL: usize = 5_000;
/// A slice with fewer makes the next one longer.
const SPARSE: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Newest first.
    Backward,
    Forward,
}

/// The question asks for more than the server will read.
#[derive(Debug)]
pub struct TooMuch;

impl TooMuch {
    pub const TEXT: &'static str = "the query would read too many bytes (query: 1.2 GB, limit: 500 MB); consider adding \
                                    more specific stream selectors or reduce the time range of the query";
}

/// Which lines a walk is for, told by stream and level.
pub type Wanted<'a> = &'a dyn Fn(&Labels, Level) -> bool;

/// Hands over the wanted lines of the window, none later than `now`, until `visit` returns false.
pub fn walk(
    company: &dyn Company,
    window: Window,
    now: Timestamp,
    direction: Direction,
    wanted: Wanted<'_>,
    mut visit: impl FnMut(LogRecord) -> bool,
) -> Result<(), TooMuch> {
    let mut left = Window { start: window.start, end: window.end.min(now.shifted(1)) };
    let (mut length, mut read) = (FIRST, 0);
    while left.start < left.end {
        let slice = match direction {
            Direction::Backward => Window { start: left.end.minus(length).max(left.start), end: left.end },
            Direction::Forward => Window { start: left.start, end: left.start.plus(length).min(left.end) },
        };
        let lines = company.lines_where(slice, wanted);
        read += lines.len();
        length = match lines.len() {
            FULL.. => (length / 2).max(SHORTEST),
            ..SPARSE => (length * 4).min(LONGEST),
            _ => length,
        };
        let go_on = match direction {
            Direction::Backward => lines.into_iter().rev().all(&mut visit),
            Direction::Forward => lines.into_iter().all(&mut visit),
        };
        if !go_on {
            return Ok(());
        }
        if read > MOST_LINES {
            return Err(TooMuch);
        }
        match direction {
            Direction::Backward => left.end = slice.start,
            Direction::Forward => left.start = slice.end,
        }
    }
    Ok(())
}
