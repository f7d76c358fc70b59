//! Finds the bands of rows that only moved. A band is chosen by the bytes it saves and not by equality: what in it does
//! not move along (a border's title, a scrollbar) is drawn over afterwards.

use std::ops::Range;

use super::cell::Packed;
use super::grid::{Band, Grid};

/// Parts of a row that are hashed by themselves, so that a foreign column spoils one of them at most.
const SEGMENTS: usize = 4;
/// Fewer changed rows, or narrower ones, are drawn as they are.
const LEAST_ROWS: usize = 3;
const LEAST_WIDTH: usize = 8;
const MOST_BANDS: usize = 6;
/// Bytes of moving a band, and of moving on to another run of changed cells.
const OPERATION: i64 = 22;
const RUN: i64 = 4;
/// Shifts that are reckoned through, those with the most votes.
const CANDIDATES: usize = 3;

type Hashes = [u64; SEGMENTS];

/// Keeps its memory, and what rows hash to, from frame to frame.
#[derive(Default)]
pub(super) struct Detector {
    width: usize,
    /// By row, of what the terminal shows; `None` where it was not asked for since the row changed.
    shown: Vec<Option<Hashes>>,
    wanted: Vec<Option<Hashes>>,
    blank: Hashes,
    places: [Vec<(u64, usize)>; SEGMENTS],
    votes: Vec<u32>,
    stay: Vec<i64>,
    moved: Vec<i64>,
    exposed: Vec<i64>,
    bands: Vec<Band>,
}

impl Detector {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let row = vec![Packed::BLANK; width];
        Self { width, shown: vec![None; height], wanted: vec![None; height], blank: hashes(&row), ..Self::default() }
    }

    /// Forgets what the terminal showed.
    pub(super) fn forget(&mut self) {
        self.shown.fill(None);
    }

    /// The bands that pay, in the order in which they are to be moved. `shown` is moved along with them, and the rows of
    /// a band are changed ones from then on.
    pub(super) fn find(&mut self, shown: &mut Grid, wanted: &Grid, changed: &mut [bool]) -> &[Band] {
        self.bands.clear();
        let count = changed.iter().filter(|changed| **changed).count();
        if count >= LEAST_ROWS && self.width >= LEAST_WIDTH {
            let first = changed.iter().position(|changed| *changed).unwrap_or(0);
            let last = changed.iter().rposition(|changed| *changed).unwrap_or(0);
            self.hash(shown, wanted, changed, first..last + 1);
            self.search(shown, wanted, changed, first..last + 1);
        }
        &self.bands
    }

    /// The rows that changed have been drawn: the terminal shows what was wanted.
    pub(super) fn drawn(&mut self, changed: &[bool]) {
        for ((shown, wanted), changed) in self.shown.iter_mut().zip(&mut self.wanted).zip(changed) {
            let hashed = wanted.take();
            if *changed {
                *shown = hashed;
            }
        }
    }

    fn hash(&mut self, shown: &Grid, wanted: &Grid, changed: &[bool], rows: Range<usize>) {
        let known = self.shown.iter_mut().zip(&mut self.wanted).zip(changed).enumerate();
        for (y, ((before, after), changed)) in known.take(rows.end).skip(rows.start) {
            let before = before.get_or_insert_with(|| hashes(shown.row(y)));
            *after = Some(if *changed { hashes(wanted.row(y)) } else { *before });
        }
    }

    fn search(&mut self, shown: &mut Grid, wanted: &Grid, changed: &mut [bool], rows: Range<usize>) {
        let mut waiting = vec![rows];
        while let Some(rows) = waiting.pop() {
            if rows.len() < 2 || self.bands.len() >= MOST_BANDS {
                continue;
            }
            let Some(band) = self.best(shown, wanted, &rows) else { continue };
            shown.shift(band);
            self.shift_hashes(band);
            changed.get_mut(band.top..band.bottom).unwrap_or_default().fill(true);
            self.bands.push(band);
            waiting.push(rows.start..band.top);
            waiting.push(band.bottom..rows.end);
        }
    }

    fn shift_hashes(&mut self, band: Band) {
        let Some(rows) = self.shown.get_mut(band.top..band.bottom) else { return };
        let steps = band.up.unsigned_abs().min(rows.len());
        if band.up > 0 {
            rows.rotate_left(steps);
            rows.iter_mut().rev().take(steps).for_each(|row| *row = Some(self.blank));
        } else {
            rows.rotate_right(steps);
            rows.iter_mut().take(steps).for_each(|row| *row = Some(self.blank));
        }
    }

    /// The band among these rows that saves the most bytes, if any saves some.
    fn best(&mut self, shown: &Grid, wanted: &Grid, rows: &Range<usize>) -> Option<Band> {
        let candidates = self.candidates(rows);
        if candidates.is_empty() {
            return None;
        }
        self.stay.clear();
        self.exposed.clear();
        for y in rows.clone() {
            let stay = self.cost(shown, y, wanted, y);
            self.stay.push(stay);
            self.exposed.push(stay - cost(&[], wanted.row(y)));
        }
        sum(&mut self.exposed);
        let mut best: Option<(i64, Band)> = None;
        for up in candidates {
            self.moved.clear();
            for (y, stay) in rows.clone().zip(&self.stay) {
                let from = y.checked_add_signed(up).filter(|from| rows.contains(from));
                let gain = from.map_or(0, |from| stay - self.cost(shown, from, wanted, y));
                self.moved.push(gain);
            }
            sum(&mut self.moved);
            let Some((gain, top, bottom)) = widest(&self.moved, &self.exposed, up) else { continue };
            if gain > best.map_or(0, |(gain, _)| gain) {
                best = Some((gain, Band { top: rows.start + top, bottom: rows.start + bottom, up }));
            }
        }
        best.map(|(_, band)| band)
    }

    /// Bytes to make one row of the terminal into one that is wanted.
    fn cost(&self, shown: &Grid, from: usize, wanted: &Grid, to: usize) -> i64 {
        let (before, after) = (self.shown.get(from).copied().flatten(), self.wanted.get(to).copied().flatten());
        if before.is_some() && before == after {
            return 0;
        }
        cost(shown.row(from), wanted.row(to))
    }

    /// The shifts with the most votes: each part of a row votes for the place where it is found.
    fn candidates(&mut self, rows: &Range<usize>) -> Vec<isize> {
        for (segment, places) in self.places.iter_mut().enumerate() {
            places.clear();
            let part = |hashes: &Option<Hashes>| hashes.and_then(|hashes| hashes.get(segment).copied());
            let blank = self.blank.get(segment).copied();
            let of_shown = self.shown.iter().enumerate().take(rows.end).skip(rows.start);
            places.extend(
                of_shown.filter_map(|(y, hashes)| Some((part(hashes).filter(|hash| Some(*hash) != blank)?, y))),
            );
            places.sort_unstable();
        }
        let count = rows.len();
        self.votes.clear();
        self.votes.resize(2 * count, 0);
        for y in rows.clone() {
            let (before, after) = (self.shown.get(y).copied().flatten(), self.wanted.get(y).copied().flatten());
            let (Some(before), Some(after)) = (before, after) else { continue };
            for ((places, before), after) in self.places.iter().zip(before).zip(after) {
                if before == after {
                    continue;
                }
                let start = places.partition_point(|(hash, _)| *hash < after);
                let mut found = places.iter().skip(start).take_while(|(hash, _)| *hash == after);
                if let (Some((_, from)), None) = (found.next(), found.next())
                    && let Some(votes) = self.votes.get_mut(from + count - y)
                {
                    *votes += 1;
                }
            }
        }
        let mut ranked: Vec<(u32, usize)> =
            self.votes.iter().enumerate().filter(|(_, votes)| **votes >= 2).map(|(at, votes)| (*votes, at)).collect();
        ranked.sort_unstable_by(|one, other| other.cmp(one));
        let shift = |at: usize| isize::try_from(at).unwrap_or(0) - isize::try_from(count).unwrap_or(0);
        ranked.into_iter().take(CANDIDATES).map(|(_, at)| shift(at)).collect()
    }
}

/// Each number becomes the sum of those before it; one more comes at the end.
fn sum(numbers: &mut Vec<i64>) {
    let mut before = 0;
    for number in numbers.iter_mut() {
        before += std::mem::replace(number, before);
    }
    numbers.push(before);
}

/// The band with the largest gain for one shift, and what it gains. Both are sums over the rows before.
fn widest(moved: &[i64], exposed: &[i64], up: isize) -> Option<(i64, usize, usize)> {
    let steps = up.unsigned_abs();
    let mut best: Option<(i64, usize, usize)> = None;
    let mut start: Option<(i64, usize)> = None;
    let mut take = |top: usize, begun: i64, rest: i64| {
        if start.is_none_or(|(best, _)| begun > best) {
            start = Some((begun, top));
        }
        let Some((begun, first)) = start else { return };
        let gain = begun + rest - OPERATION;
        if gain > best.map_or(0, |(gain, ..)| gain) {
            best = Some((gain, first, top + steps + 1));
        }
    };
    if up > 0 {
        // Rows a..b-k show what stood k below them, b-k..b are blank.
        let ends = moved.iter().skip(1).zip(exposed.iter().skip(1)).zip(exposed.iter().skip(steps + 1));
        for (top, (begin, ((moved, kept), all))) in moved.iter().zip(ends).enumerate() {
            take(top, -begin, moved + all - kept);
        }
    } else {
        // Rows a..a+k are blank, a+k..b show what stood k above them.
        let begins = exposed.iter().zip(exposed.iter().skip(steps)).zip(moved.iter().skip(steps));
        let begins = begins.zip(moved.iter().skip(steps + 1));
        for (top, (((before, blank), begin), end)) in begins.enumerate() {
            take(top, blank - before - begin, *end);
        }
    }
    best
}

/// Bytes, roughly: the cells that differ, and for each run of them a move. A missing cell is a blank one.
fn cost(shown: &[Packed], wanted: &[Packed]) -> i64 {
    let shown = shown.iter().copied().chain(std::iter::repeat(Packed::BLANK));
    let (mut bytes, mut running) = (0, false);
    for (shown, wanted) in shown.zip(wanted) {
        let differs = shown != *wanted;
        bytes += i64::from(differs) + if differs && !running { RUN } else { 0 };
        running = differs;
    }
    bytes
}

fn hashes(row: &[Packed]) -> Hashes {
    /// An odd number without pattern: the golden ratio of 64 bits.
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hashes = [0_u64; SEGMENTS];
    let length = row.len().div_ceil(SEGMENTS).max(1);
    for (hash, part) in hashes.iter_mut().zip(row.chunks(length)) {
        for word in part.iter().flat_map(Packed::words) {
            *hash = (hash.rotate_left(5) ^ word).wrapping_mul(MIX);
        }
    }
    hashes
}
