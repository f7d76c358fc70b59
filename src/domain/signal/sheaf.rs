//! Lines that are bound together where they were read, so that taking them into a book costs next to nothing.

use std::sync::Arc;

use super::chunk::Chunk;
use super::line_view::LineView;
use super::names::Names;
use super::text::Backing;

/// Some lines, in the order in which they were bound.
#[derive(Clone, Debug, Default)]
pub struct Sheaf {
    chunk: Chunk,
    names: Names,
}

/// The same lines in the same order.
impl PartialEq for Sheaf {
    fn eq(&self, other: &Self) -> bool {
        self.lines().eq(other.lines())
    }
}

impl Sheaf {
    /// An empty one with as much room as the lines of this one took: what comes next is mostly much the same.
    #[must_use]
    pub fn successor(&self) -> Self {
        let mut next = Self::default();
        if self.is_full() {
            next.chunk.make_room(&self.chunk);
        }
        next
    }

    pub fn push(&mut self, line: &LineView<'_>) {
        self.chunk.push(line, &mut self.names);
    }

    /// A line as it stands in a file, `start` bytes behind where [`Self::leave_in`] will say that the sheaf begins.
    pub fn push_at(&mut self, line: &LineView<'_>, start: usize) {
        self.chunk.push_at(line, start, &mut self.names);
    }

    /// All lines were given by [`Self::push_at`]: `text` is what stands at `at` of their file.
    pub fn leave_in(&mut self, backing: Arc<dyn Backing>, at: u64, text: &[u8]) {
        self.chunk.leave_in(backing, at, text);
    }

    /// As many lines, or as many bytes, as belong together.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.chunk.is_full()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.chunk.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunk.len() == 0
    }

    /// Those that stand in a file are read back, which may wait for it, and stay at hand.
    pub fn lines(&self) -> impl Iterator<Item = LineView<'_>> {
        (0..self.chunk.len()).filter_map(|at| self.chunk.read(at))
    }

    pub(super) fn into_chunk(mut self) -> Chunk {
        self.chunk.seal();
        self.chunk
    }
}
