//! Which trace each line of a chunk is of. Most lines write it out: then it is known by where it stands in them, a quarter of
//! what the id itself would take.

use crate::domain::TraceId;

/// The letters of an id.
const LETTERS: usize = 32;
/// Marks a number in `ids`; without it a place in the line is meant, by one more than itself.
const BY_NUMBER: u32 = 1 << 31;
/// Lines of one writer differ by some letters before the id, or behind it.
const NEAR: usize = 6;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// As long as there are lines, or empty when none has a trace.
#[derive(Clone, Debug, Default)]
pub(super) struct Traced {
    /// 0: of none.
    places: Vec<u32>,
    /// Those that their lines do not write out.
    ids: Vec<TraceId>,
    /// Where the last one stood: from the beginning and from the end of its line.
    last: (usize, usize),
}

impl Traced {
    pub(super) fn push(&mut self, at: usize, raw: &str, trace: Option<TraceId>) {
        let Some(trace) = trace else {
            if !self.places.is_empty() {
                self.places.push(0);
            }
            return;
        };
        self.places.resize(at, 0);
        let place = match self.find(raw.as_bytes(), raw, trace) {
            Some(place) => place + 1,
            None => self.number(trace),
        };
        self.places.push(place);
    }

    /// Of the line that reads `raw`; none for one that is lost, where that is known by the line alone.
    pub(super) fn get(&self, at: usize, raw: &str) -> Option<TraceId> {
        match *self.places.get(at)? {
            0 => None,
            number if number & BY_NUMBER != 0 => self.ids.get((number & !BY_NUMBER) as usize).copied(),
            place => read(raw.as_bytes().get(place as usize - 1..)?.first_chunk()?),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<u32>() + self.ids.capacity() * size_of::<TraceId>()
    }

    pub(super) fn seal(&mut self, fit: impl Fn(&mut Vec<u32>)) {
        fit(&mut self.places);
        self.ids.shrink_to_fit();
    }

    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.ids.clear();
    }

    fn find(&mut self, bytes: &[u8], raw: &str, trace: TraceId) -> Option<u32> {
        let written = letters(trace);
        let is_at = |place: &usize| bytes.get(*place..).is_some_and(|rest| rest.starts_with(&written));
        let around = |place: usize| (place.saturating_sub(NEAR)..=place.saturating_add(NEAR)).find(is_at);
        let (from_begin, from_end) = self.last;
        let near = bytes.len().checked_sub(from_end).and_then(around).or_else(|| around(from_begin));
        let place = near.or_else(|| raw.find(str::from_utf8(&written).ok()?))?;
        self.last = (place, bytes.len() - place);
        u32::try_from(place).ok().filter(|place| *place < BY_NUMBER - 1)
    }

    fn number(&mut self, trace: TraceId) -> u32 {
        if self.ids.last() != Some(&trace) {
            self.ids.push(trace);
        }
        // A chunk has some thousand lines.
        BY_NUMBER | u32::try_from(self.ids.len() - 1).unwrap_or(0)
    }
}

fn letters(trace: TraceId) -> [u8; LETTERS] {
    let value = trace.value();
    let mut shift = 128;
    [(); LETTERS].map(|()| {
        shift -= 4;
        DIGITS.get((value >> shift & 15) as usize).copied().unwrap_or(b'0')
    })
}

fn read(written: &[u8; LETTERS]) -> Option<TraceId> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 32).wrapping_sub(b'a').wrapping_add(10) & 15,
    };
    let half = |bytes: &[u8]| bytes.iter().fold(0_u64, |value, byte| value << 4 | u64::from(digit(byte)));
    let (high, low) = written.split_at_checked(LETTERS / 2)?;
    TraceId::new(u128::from(half(high)) << 64 | u128::from(half(low)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_line_is_of_its_trace_wherever_that_stands(
            lines in prop::collection::vec((prop::option::of(any::<u128>()), 0_u8..4, "[a-f0-9é\"]{0,12}", "[a-f0-9é\"]{0,12}"), 0..40),
        ) {
            let mut traced = Traced::default();
            let mut told = Vec::new();
            for (at, (id, form, before, after)) in lines.into_iter().enumerate() {
                let id = id.and_then(TraceId::new);
                let written = match (id, form) {
                    (Some(id), 0) => id.to_string().to_uppercase(),
                    (Some(id), 1 | 2) => id.to_string(),
                    _ => String::new(),
                };
                let raw = format!("{before}{written}{after}");
                traced.push(at, &raw, id);
                told.push((raw, id));
            }
            for (at, (raw, id)) in told.iter().enumerate() {
                prop_assert_eq!(traced.get(at, raw), *id);
            }
        }
    }

    #[test]
    fn one_that_is_written_out_takes_no_room_of_its_own() {
        let mut traced = Traced::default();
        for at in 0..1_000_u32 {
            let id = TraceId::new(u128::from(at) << 90 | 7).expect("an id");
            traced.push(at as usize, &format!("line {at} of {id} in {} ms", at * 7), Some(id));
        }
        assert!(traced.ids.is_empty());
    }
}
