//! Lines of a file that are to be read back, because they show or will soon: named here, read by whoever may wait for a disk.
//! Not the reading of all lines of a chunk for a search: `chunk.rs`.

use std::sync::Arc;

use super::chunk::Chunk;
use super::logbook::{LogBook, Seq};
use super::scan::Slice;

/// Blocks of lines that stand in files; each names what it wants once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recall {
    /// With the number of the block in the slice.
    pub(super) blocks: Vec<(Slice, usize)>,
}

impl Recall {
    /// Waits for the disk. What was read back shows in the book at once.
    pub fn read(&self) {
        for (slice, block) in &self.blocks {
            slice.chunk.warm(*block);
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

impl LogBook {
    /// What has to be read back before these lines show.
    pub fn recall(&self, seqs: impl IntoIterator<Item = Seq>) -> Recall {
        let mut blocks: Vec<(Slice, usize)> = Vec::new();
        if !self.is_backed {
            return Recall { blocks };
        }
        for seq in seqs {
            let Some((slice, at)) = self.slice_of(seq) else { continue };
            let Some(block) = slice.chunk.cold_block(at) else { continue };
            if !blocks.iter().rev().any(|(known, number)| known.first == slice.first && *number == block) {
                blocks.push((slice.clone(), block));
            }
        }
        Recall { blocks }
    }

    /// Whoever bound lines of a file has read the last of them back already.
    pub(super) fn hold_warm(&mut self, first: u64, chunk: &Chunk) {
        self.is_backed |= chunk.is_away();
        self.warm.extend(chunk.warm_blocks().map(|block| (first, block)));
    }

    /// What was read back counts as the latest, to be kept the longest.
    pub fn keep_warm(&mut self, read: Recall) {
        self.warm.extend(read.blocks.into_iter().map(|(slice, block)| (slice.first, block)));
    }

    /// Forgets what was read back from files first, beyond so many blocks. What another thread searches just now is left
    /// for the next time.
    pub fn cool(&mut self, most: usize) {
        while self.warm.len() > most {
            let Some((first, block)) = self.warm.front().copied() else { return };
            let at = self.sealed.partition_point(|slice| slice.first < first);
            if let Some(slice) = self.sealed.get_mut(at).filter(|slice| slice.first == first) {
                let Some(chunk) = Arc::get_mut(&mut slice.chunk) else { return };
                chunk.cool(block);
            }
            self.warm.pop_front();
        }
    }

    /// The sealed chunk of a line, and the line's place in it.
    fn slice_of(&self, seq: Seq) -> Option<(&Slice, usize)> {
        let after = self.sealed.partition_point(|sealed| sealed.first <= seq.0);
        let slice = self.sealed.get(after.checked_sub(1)?)?;
        let at = usize::try_from(seq.0.checked_sub(slice.first)?).ok()?;
        (at < slice.chunk.len()).then_some((slice, at))
    }

    /// Whether a line stands in a file.
    pub(super) fn is_away(&self, seq: Seq) -> bool {
        self.is_backed && self.chunk_of(seq).is_some_and(|(_, chunk)| chunk.is_away())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};
    use std::thread;

    use super::*;
    use crate::domain::filter::Filter;
    use crate::domain::signal::{Backing, Level, LineView, LogView, Look, Sheaf};
    use crate::domain::{Labels, Symbol, Timestamp};

    /// A disk of the network: every read of it waits until somebody opens the gate.
    #[derive(Debug, Default)]
    struct Hangs {
        text: Vec<u8>,
        gate: Mutex<bool>,
        opened: Condvar,
    }

    impl Backing for Hangs {
        fn read(&self, at: u64, into: &mut [u8]) -> bool {
            let shut = self.gate.lock().expect("a gate");
            drop(self.opened.wait_while(shut, |is_open| !*is_open).expect("a gate"));
            let from = usize::try_from(at).expect("small");
            into.copy_from_slice(&self.text[from..from + into.len()]);
            true
        }
    }

    fn book(lines: usize) -> (LogBook, Arc<Hangs>) {
        let raws: Vec<String> = (0..lines).map(|number| format!("line {number} of many")).collect();
        let text = raws.join("\n") + "\n";
        let backing = Arc::new(Hangs { text: text.clone().into_bytes(), ..Hangs::default() });
        let (mut sheaf, mut at) = (Sheaf::default(), 0);
        let (service, stream) = (Symbol::from("a"), Arc::new(Labels::default()));
        for raw in &raws {
            let (time, level) = (Timestamp::EPOCH, Level::Info);
            let (trace, span, goes_on) = (None, None, false);
            let line = LineView {
                time,
                level,
                service: &service,
                stream: &stream,
                text: raw,
                raw,
                trace,
                span,
                metadata: "",
                goes_on,
            };
            sheaf.push_at(&line, at);
            at += raw.len() + 1;
        }
        sheaf.leave_in(Arc::<Hangs>::clone(&backing), 0, text.as_bytes());
        let mut book = LogBook::with_bound(usize::MAX);
        book.append_sheaf(sheaf);
        (book, backing)
    }

    #[test]
    fn a_file_that_never_answers_holds_up_neither_looking_nor_filtering() {
        let (book, _) = book(1_000);
        let first = book.first_seq();
        assert!(book.get(first).is_some_and(|line| line.is_pending() && line.level == Level::Info));
        let mut view = LogView::new(Look { filter: Filter::parse("many"), ..Look::default() });
        view.grow(&book, usize::MAX);
        assert_eq!(view.len(), 0);
        assert!(view.rest(&book).is_some(), "it is left to whoever may wait");
    }

    #[test]
    fn what_is_read_back_shows_and_is_not_wanted_again() {
        let (mut book, backing) = book(1_000);
        let seq = |at: u64| Seq(book.first_seq().0 + at);
        let (shown, other) = (seq(70), seq(900));
        let wanted = book.recall((64..130).map(seq));
        assert_eq!(wanted.blocks.len(), 2);
        let reading = thread::spawn({
            let wanted = wanted.clone();
            move || wanted.read()
        });
        *backing.gate.lock().expect("a gate") = true;
        backing.opened.notify_all();
        reading.join().expect("read");
        assert_eq!(book.get(shown).map(|line| line.raw.to_owned()), Some("line 70 of many".to_owned()));
        assert!(book.get(other).is_some_and(|line| line.is_pending()));
        assert!(book.recall([shown]).is_empty());
        // What no longer shows is forgotten when it has become too much.
        book.keep_warm(wanted);
        book.cool(0);
        assert!(book.get(shown).is_some_and(|line| line.is_pending()));
    }
}
