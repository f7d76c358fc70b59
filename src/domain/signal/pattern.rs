//! What kinds of lines there are: each kind a template, with how many, how often and since when. Grows line by line, under
//! bounds. Not which line is of which kind: the template itself says that (`template.rs`).

mod earlier;

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

pub use self::earlier::{Earlier, REACHES};
use super::line::Level;
use super::line_view::LineView;
use super::logbook::Seq;
use super::scan::{Look, Slice};
use crate::domain::template::{Template, TokenKind, tokens};
use crate::domain::{Symbol, Timestamp};

/// Kinds that are told apart; the lines of further ones are counted together.
const MOST: usize = 2_000;
/// Shapes whose kind is remembered; a shape beyond that is compared anew each time.
const SHAPES: usize = 16_384;
/// Kinds of one service, level and length that a new shape is compared with, the latest first.
const COMPARED: usize = 48;
/// The share of words that two lines of one kind have in common.
const LIKE: f64 = 0.7;
/// Seconds over which lines are counted together, and how many such counts a kind keeps.
const SLOT: i64 = 10;
const SLOTS: usize = 512;
const SLOTS_A_MINUTE: i64 = 60 / SLOT;

/// One kind of lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    pub service: Symbol,
    pub level: Level,
    pub template: Template,
    pub count: u64,
    pub first: Timestamp,
    pub last: Timestamp,
    /// By the tenth second since 1970.
    slots: BTreeMap<i64, u32>,
}

impl Pattern {
    /// Lines in each of the `minutes` minutes up to `end`, oldest first; the last ten seconds begun are left out, so that
    /// the last minute is a whole one.
    #[must_use]
    pub fn minutes(&self, end: Timestamp, minutes: usize) -> Vec<u64> {
        let end = slot(end);
        let count = i64::try_from(minutes).unwrap_or(0);
        let from = |minute: i64| end.saturating_sub((count - minute).saturating_mul(SLOTS_A_MINUTE));
        (0..count)
            .map(|minute| self.slots.range(from(minute)..from(minute + 1)).map(|(_, lines)| u64::from(*lines)).sum())
            .collect()
    }

    fn take(&mut self, time: Timestamp) {
        self.count = self.count.saturating_add(1);
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        let lines = self.slots.entry(slot(time)).or_default();
        *lines = lines.saturating_add(1);
        if self.slots.len() > SLOTS {
            self.slots.pop_first();
        }
    }
}

const fn slot(time: Timestamp) -> i64 {
    time.seconds().div_euclid(SLOT)
}

/// All kinds among the lines that were taken. Names of kinds are their numbers in `all`, which stay.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    all: Vec<Pattern>,
    shapes: HashMap<u64, u32>,
    kinds: HashMap<(Symbol, Level, usize), Vec<u32>>,
    total: u64,
    others: u64,
    /// The line that would be taken next.
    next: Seq,
}

impl Patterns {
    #[must_use]
    pub fn all(&self) -> &[Pattern] {
        &self.all
    }

    /// Lines that were taken.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Lines of kinds that came when there were too many already.
    #[must_use]
    pub const fn others(&self) -> u64 {
        self.others
    }

    /// Behind the last line that was taken.
    #[must_use]
    pub const fn next(&self) -> Seq {
        self.next
    }

    /// Takes the lines of a slice that are looked at and not taken yet; slices come in order.
    pub fn take_slice(&mut self, slice: &Slice, look: &Look, room: &mut Vec<u8>) {
        let end = slice.first.saturating_add(slice.chunk.len() as u64);
        let from = usize::try_from(self.next.0.saturating_sub(slice.first)).unwrap_or(usize::MAX);
        let chosen = slice.chunk.select(look, from.min(slice.chunk.len())..slice.chunk.len(), room);
        if let Some(mut whole) = slice.chunk.whole(room) {
            chosen.into_iter().filter_map(|at| whole.get(at)).for_each(|line| self.take(&line));
        }
        self.next = self.next.max(Seq(end));
    }

    /// Marks all lines before this one as taken.
    pub fn pass(&mut self, next: Seq) {
        self.next = self.next.max(next);
    }

    pub fn take(&mut self, line: &LineView<'_>) {
        self.total = self.total.saturating_add(1);
        let (shape, length) = shape(line);
        if length == 0 {
            self.others = self.others.saturating_add(1);
            return;
        }
        let known = self.shapes.get(&shape).copied().or_else(|| {
            let kind = self.compared(line, length)?;
            self.remember(shape, kind);
            Some(kind)
        });
        let number = known.or_else(|| self.begin(line, shape, length));
        match number.and_then(|number| self.all.get_mut(usize::try_from(number).unwrap_or(usize::MAX))) {
            Some(pattern) => {
                pattern.template.widen(line.text);
                pattern.take(line.time);
            }
            None => self.others = self.others.saturating_add(1),
        }
    }

    fn remember(&mut self, shape: u64, kind: u32) {
        if self.shapes.len() < SHAPES {
            self.shapes.insert(shape, kind);
        }
    }

    /// The kind that a line of a new shape is most like.
    fn compared(&self, line: &LineView<'_>, length: usize) -> Option<u32> {
        let kinds = self.kinds.get(&(line.service.clone(), line.level, length))?;
        let like = |number: &u32| {
            let pattern = self.all.get(usize::try_from(*number).ok()?)?;
            pattern.template.likeness(line.text).filter(|like| *like >= LIKE).map(|like| (*number, like))
        };
        let best = kinds.iter().rev().take(COMPARED).filter_map(like).max_by(|one, other| one.1.total_cmp(&other.1));
        best.map(|(number, _)| number)
    }

    fn begin(&mut self, line: &LineView<'_>, shape: u64, length: usize) -> Option<u32> {
        if self.all.len() >= MOST {
            return None;
        }
        let number = u32::try_from(self.all.len()).ok()?;
        self.all.push(Pattern {
            service: line.service.clone(),
            level: line.level,
            template: Template::of_line(line.text),
            count: 0,
            first: line.time,
            last: line.time,
            slots: BTreeMap::new(),
        });
        self.kinds.entry((line.service.clone(), line.level, length)).or_default().push(number);
        self.remember(shape, number);
        Some(number)
    }

    /// Their numbers: what began at or after `since` first, then by how many, in steps of twice as many so that rows do
    /// not change places all the time, then by when they began.
    #[must_use]
    pub fn ranked(&self, since: Option<Timestamp>) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..self.all.len()).collect();
        numbers.sort_by_key(|number| {
            self.all.get(*number).map(|pattern| {
                let is_old = since.is_none_or(|since| pattern.first < since);
                (is_old, std::cmp::Reverse(pattern.count.checked_ilog2()), pattern.first, *number)
            })
        });
        numbers
    }
}

/// What a line has besides what changes, and its length in tokens.
fn shape(line: &LineView<'_>) -> (u64, usize) {
    let mut hasher = DefaultHasher::new();
    line.service.hash(&mut hasher);
    line.level.hash(&mut hasher);
    let mut length = 0;
    for token in tokens(line.text) {
        match token.kind {
            // No text has these bytes, so that no two shapes are written alike.
            TokenKind::Changing => hasher.write_u8(0xFF),
            TokenKind::Word => {
                hasher.write(token.text.as_bytes());
                hasher.write_u8(0xFE);
            }
            TokenKind::Sign => {
                let sign = token.text.bytes().next().unwrap_or(0);
                hasher.write_u8(if sign.is_ascii_whitespace() { b' ' } else { sign });
            }
        }
        length += 1;
    }
    hasher.write_usize(length);
    (hasher.finish(), length)
}
