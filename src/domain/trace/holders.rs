//! The critical path folded into a few parts, for the strip "who holds the time". Not the path itself: `critical.rs`.

use super::cell::{Cell, Section};
use crate::domain::signal::Span;
use crate::domain::{Symbol, Timestamp};

/// A part that is less than this share of the path gets no word of its own.
const WORTH_A_WORD: f64 = 0.05;

/// A stretch of the critical path, held by one operation or by many small ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The row of its longest section; its service and name are the label.
    pub span: u32,
    /// How many sections were folded: 41 where 41 like queries run one after the other.
    pub sections: u32,
    pub start: Timestamp,
    pub end: Timestamp,
    pub nanos: i64,
    /// Of the whole path, 0 to 1; the shares of all holders add up to 1.
    pub share: f64,
    /// The others are small parts of many operations, to be drawn without a word.
    pub labelled: bool,
}

struct Part {
    key: Option<(Symbol, Symbol)>,
    span: u32,
    longest: i64,
    sections: u32,
    start: Timestamp,
    end: Timestamp,
    nanos: i64,
}

impl Part {
    fn absorb(&mut self, other: &Self, relabel: bool) {
        if relabel && other.longest > self.longest {
            (self.span, self.longest) = (other.span, other.longest);
        }
        if other.key == self.key {
            self.sections += other.sections;
        }
        self.end = other.end;
        self.nanos = self.nanos.saturating_add(other.nanos);
    }
}

pub(super) fn fold(sections: &[Section], cells: &[Cell], spans: &[Span]) -> Vec<Holder> {
    let total = sections.iter().fold(0_i64, |sum, section| sum.saturating_add(section.nanos()));
    if total <= 0 {
        return Vec::new();
    }
    let share = |nanos: i64| nanos as f64 / total as f64;
    let parts = sections.iter().map(|section| Part {
        key: cells
            .get(section.span as usize)
            .and_then(|cell| spans.get(cell.span as usize))
            .map(|span| (span.service.clone(), span.name.clone())),
        span: section.span,
        longest: section.nanos(),
        sections: 1,
        start: section.start,
        end: section.end,
        nanos: section.nanos(),
    });
    let parts = join_like(parts, |nanos| share(nanos) < WORTH_A_WORD / 5.0);
    join_small(parts, |nanos| share(nanos) < WORTH_A_WORD)
        .into_iter()
        .map(|part| Holder {
            span: part.span,
            sections: part.sections,
            start: part.start,
            end: part.end,
            nanos: part.nanos,
            share: share(part.nanos),
            labelled: part.key.is_some() && share(part.nanos) >= WORTH_A_WORD,
        })
        .collect()
}

/// Like operations that follow each other become one part, the tiny pauses between them included.
fn join_like(parts: impl Iterator<Item = Part>, tiny: impl Fn(i64) -> bool) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        if let Some(last) = joined.last_mut().filter(|last| last.key == part.key) {
            last.absorb(&part, true);
            continue;
        }
        let pause = joined.last().is_some_and(|last| tiny(last.nanos));
        let before = joined.len().checked_sub(2).and_then(|at| joined.get(at));
        if pause && before.is_some_and(|before| before.key == part.key) {
            if let (Some(pause), Some(before)) = (joined.pop(), joined.last_mut()) {
                before.absorb(&pause, false);
                before.absorb(&part, true);
            }
            continue;
        }
        joined.push(part);
    }
    joined
}

/// Small parts that follow each other become one without a key.
fn join_small(parts: Vec<Part>, small: impl Fn(i64) -> bool) -> Vec<Part> {
    let mut joined: Vec<(bool, Part)> = Vec::new();
    for mut part in parts {
        let is_small = small(part.nanos);
        if is_small {
            part.key = None;
        }
        match joined.last_mut() {
            Some((true, last)) if is_small => last.absorb(&part, true),
            _ => joined.push((is_small, part)),
        }
    }
    joined.into_iter().map(|(_, part)| part).collect()
}
