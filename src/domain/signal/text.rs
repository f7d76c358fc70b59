//! Where the raw lines of a chunk stand: here, or in a file that gives them back when they are asked for. Not who reads that
//! file: whoever bound the lines hands over a [`Backing`].

use std::fmt::Debug;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A file that lines stand in. Reading is bounded: one block of some lines, or one chunk.
pub trait Backing: Debug + Send + Sync {
    /// Fills all of `into` with the bytes that stand at `at`; false when they cannot be had any more.
    fn read(&self, at: u64, into: &mut [u8]) -> bool;
}

/// What shows in the place of a line whose file was changed under it.
pub(super) const LOST: &str = "✗ this line is no more: its file was cut short or written anew";
/// What shows in the place of a line that has not been read back yet; told by its address, so that no line can pass for it.
pub(super) static PENDING: &str = "… this line is being read from its file";
/// Lines that are read back together.
pub(super) const BLOCK: usize = 64;

/// What is known of a block without reading.
pub(super) enum Resident<'a> {
    /// Its text, and where that begins in the chunk's.
    There(&'a str, usize),
    Pending,
    Lost,
}

/// Lines that stand in a file. What is read back is compared with what was there: nothing wrong is shown.
#[derive(Clone, Debug)]
pub(super) struct Away {
    backing: Arc<dyn Backing>,
    at: u64,
    length: usize,
    /// One for each block.
    sums: Vec<u32>,
    blocks: Vec<OnceLock<Option<Box<str>>>>,
}

impl Away {
    /// `text` is what stands at `at`, and `starts` where in it the lines begin.
    pub(super) fn new(backing: Arc<dyn Backing>, at: u64, text: &[u8], starts: &[u32]) -> Self {
        let count = starts.len().div_ceil(BLOCK);
        let range = |number| range(starts, number, text.len());
        let sums = (0..count).map(|number| sum(text.get(range(number)).unwrap_or(&[]))).collect();
        Self { backing, at, length: text.len(), sums, blocks: vec![OnceLock::new(); count] }
    }

    pub(super) const fn len(&self) -> usize {
        self.length
    }

    pub(super) fn bytes(&self) -> usize {
        self.sums.capacity() * size_of::<u32>() + self.blocks.capacity() * size_of::<OnceLock<Option<Box<str>>>>()
    }

    /// The block that a line stands in, and where it begins, if it was read back; never waits for the file.
    pub(super) fn resident(&self, line: usize, starts: &[u32]) -> Resident<'_> {
        let number = line / BLOCK;
        match self.blocks.get(number).and_then(OnceLock::get) {
            None => Resident::Pending,
            Some(None) => Resident::Lost,
            Some(Some(text)) => Resident::There(text, range(starts, number, self.length).start),
        }
    }

    /// Whether a block was not read back yet.
    pub(super) fn is_cold(&self, number: usize) -> bool {
        self.blocks.get(number).is_some_and(|block| block.get().is_none())
    }

    /// The same, read back now, which may wait for the file; kept until [`Self::cool`]. `None` when it is lost.
    pub(super) fn block(&self, line: usize, starts: &[u32]) -> Option<(&str, usize)> {
        let number = line / BLOCK;
        let range = range(starts, number, self.length);
        let read = || {
            let mut bytes = vec![0; range.len()];
            let is_there = self.backing.read(self.at.saturating_add(range.start as u64), &mut bytes)
                && self.sums.get(number) == Some(&sum(&bytes));
            is_there.then(|| String::from_utf8(bytes).ok().map(String::into_boxed_str)).flatten()
        };
        Some((self.blocks.get(number)?.get_or_init(read).as_deref()?, range.start))
    }

    /// All lines at once, not kept and not yet compared: see [`Self::is_same`].
    pub(super) fn whole<'a>(&self, room: &'a mut Vec<u8>) -> Option<&'a str> {
        if room.len() < self.length {
            room.resize(self.length, 0);
        }
        let bytes = room.get_mut(..self.length)?;
        self.backing.read(self.at, bytes).then(|| std::str::from_utf8(bytes).ok()).flatten()
    }

    /// Whether the block of a line is in `whole` what it was.
    pub(super) fn is_same(&self, whole: &str, line: usize, starts: &[u32]) -> bool {
        let number = line / BLOCK;
        let bytes = whole.as_bytes().get(range(starts, number, self.length));
        bytes.is_some_and(|bytes| self.sums.get(number) == Some(&sum(bytes)))
    }

    /// Forgets a block that was read back.
    pub(super) fn cool(&mut self, number: usize) {
        self.blocks.get_mut(number).and_then(OnceLock::take);
    }
}

fn range(starts: &[u32], number: usize, length: usize) -> Range<usize> {
    let start = |line: usize| starts.get(line).map_or(length, |start| *start as usize);
    let from = if number == 0 { 0 } else { start(number * BLOCK) };
    from..start((number + 1) * BLOCK).max(from)
}

/// Tells two texts apart, in four strands so that a processor does them side by side; not against who wants to deceive.
fn sum(bytes: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let mut strands = [1_u64, 2, 3, 4];
    let mut wide = bytes.chunks_exact(32);
    for four in &mut wide {
        for (strand, eight) in strands.iter_mut().zip(four.chunks_exact(8)) {
            *strand = (*strand ^ word(eight)).wrapping_mul(FACTOR).rotate_left(29);
        }
    }
    let mut all = bytes.len() as u64;
    for strand in strands {
        all = (all ^ strand).wrapping_mul(FACTOR).rotate_left(31);
    }
    for byte in wide.remainder() {
        all = (all ^ u64::from(*byte)).wrapping_mul(FACTOR).rotate_left(31);
    }
    all = (all ^ (all >> 32)).wrapping_mul(FACTOR);
    u32::try_from(all >> 32).unwrap_or(u32::MAX)
}
