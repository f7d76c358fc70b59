//! What a large file has already: its last lines at once, so that they show, then the others backwards, in pieces that
//! several threads read. Its text is left where it is. Not what comes after: `follow.rs`.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;

use super::backing::Kept;
use super::bind::{Bound, Origin, Reader};
use super::parse;
use super::split::Splitter;
use crate::domain::Timestamp;
use crate::domain::signal::{Backing, Level, Sheaf};
use crate::port::{Reply, Tailed};

/// A shorter file is read from its beginning, and its lines are held here.
const LEAST: u64 = 1024 * 1024;
/// Of a longer one the end alone is read.
pub(super) const MOST: u64 = 1024 * 1024 * 1024;
/// What is read first: some screens of lines.
const FIRST: u64 = 64 * 1024;
/// What one thread reads at once.
const PIECE: u64 = 2 * 1024 * 1024;
/// A piece that a line without end made larger is read in blocks, and its lines are held here.
const LARGE: u64 = 4 * PIECE;
const BLOCK: usize = 256 * 1024;
/// How far the beginning of a line is looked for, and among these one with a time of its own.
const SEARCHED: usize = 64 * 1024;
/// Threads that read; a screen is drawn beside them.
const THREADS: usize = 4;
/// After so many lines a thread steps aside: a key and a frame must not wait for a processor.
const ASIDE: u32 = 256;
/// The first lines are drawn before the others are read.
const HEAD_START: Duration = Duration::from_millis(20);
/// Pieces of one thread that wait for those of the others.
const WAITING: usize = 2;

/// What was given, and from where on it is to be followed.
pub(super) struct Loaded {
    pub end: u64,
    /// What the last line said.
    pub last: Option<(Timestamp, Level)>,
    /// Older lines than those that were given could not be read.
    pub fault: Option<io::Error>,
}

/// What all pieces of one file have in common.
pub(super) struct Task {
    file: Arc<File>,
    backing: Arc<dyn Backing>,
    origin: Origin,
    now: Timestamp,
}

impl Task {
    pub(super) fn new(file: File, origin: Origin, now: Timestamp) -> io::Result<Self> {
        let backing = Arc::new(Kept(file.try_clone()?));
        Ok(Self { file: Arc::new(file), backing, origin, now })
    }

    /// Gives all whole lines that stand in the file now; `None` when it is no large regular one, and then nothing was given.
    pub(super) fn run(self, sender: &mpsc::Sender<Reply<Tailed>>) -> io::Result<Option<Loaded>> {
        let metadata = self.file.metadata()?;
        let length = metadata.len();
        if !metadata.is_file() || length < LEAST {
            return Ok(None);
        }
        let Some(end) = self.last_end(length)? else { return Ok(None) };
        let begin = self.beginning(end.saturating_sub(MOST), end)?.unwrap_or(0);
        let (mut first, mut back) = (begin, FIRST);
        while begin + back < end {
            if let Some(edge) = self.beginning(end - back, end)? {
                first = edge;
                break;
            }
            back *= 4;
        }
        let sheaves = self.piece(first, end)?;
        let last = sheaves.last().and_then(|sheaf| sheaf.lines().last()).map(|line| (line.time, line.level));
        let mut loaded = Loaded { end, last, fault: None };
        if sender.blocking_send(Ok(Tailed::Sheaves(sheaves))).is_err() {
            return Ok(Some(loaded));
        }
        // On few processors the threads would take the time of the frame that shows these.
        thread::sleep(HEAD_START);
        let mut edges = vec![first];
        let mut at = first;
        while at > begin {
            let wanted = at.saturating_sub(PIECE).max(begin);
            let edge = if wanted == begin { Some(begin) } else { self.beginning(wanted, at)? };
            // Where no line begins, one goes on: it stays whole, in the piece that its beginning is in.
            edges.extend(edge);
            at = edge.unwrap_or(wanted);
        }
        let total = end - begin;
        let read = self.backwards(&edges, begin, total, sender);
        loaded.fault = read.err();
        let mut bound = Bound::default();
        if begin > 0 {
            let words = format!("the first {} MB of this file were not read", begin / 1_000_000);
            self.reader().push(&words, &mut bound);
        }
        // Nobody who listens any more is found out by whoever sends next.
        drop(sender.blocking_send(Ok(Tailed::Older { sheaves: bound.finish(), left: 0, total })));
        Ok(Some(loaded))
    }

    /// Edges descend; what lies between two of them is a piece.
    fn backwards(&self, edges: &[u64], begin: u64, total: u64, sender: &mpsc::Sender<Reply<Tailed>>) -> io::Result<()> {
        let pieces: Vec<(u64, u64)> = edges.iter().skip(1).copied().zip(edges.iter().copied()).collect();
        let count = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(THREADS);
        thread::scope(|scope| {
            let mut answers: Vec<Receiver<io::Result<Vec<Sheaf>>>> = Vec::new();
            for number in 0..count {
                let (given, taken): (SyncSender<io::Result<Vec<Sheaf>>>, _) = sync_channel(WAITING);
                let own: Vec<(u64, u64)> = pieces.iter().skip(number).step_by(count).copied().collect();
                scope.spawn(move || {
                    for (from, to) in own {
                        if given.send(self.piece(from, to)).is_err() {
                            return;
                        }
                    }
                });
                answers.push(taken);
            }
            for (number, (from, _)) in pieces.iter().enumerate() {
                let Some(Ok(sheaves)) = answers.get(number % count).map(Receiver::recv) else { return Ok(()) };
                let older = Tailed::Older { sheaves: sheaves?, left: (from - begin).max(1), total };
                if sender.blocking_send(Ok(older)).is_err() {
                    return Ok(());
                }
            }
            Ok(())
        })
    }

    /// Where the last whole line ends, if that is not too far back.
    fn last_end(&self, length: u64) -> io::Result<Option<u64>> {
        let mut room = vec![0; SEARCHED];
        let from = length.saturating_sub(SEARCHED as u64);
        let count = self.file.read_at(&mut room, from)?;
        let last = room.get(..count).and_then(|bytes| bytes.iter().rposition(|byte| *byte == b'\n'));
        Ok(last.map(|last| from + last as u64 + 1))
    }

    /// The first line that begins at or behind `at` and before `end`; where there is one with a time of its own near it, that.
    fn beginning(&self, at: u64, end: u64) -> io::Result<Option<u64>> {
        if at == 0 {
            return Ok(Some(0));
        }
        // A line begins behind the end of another.
        let mut from = at - 1;
        while from < end {
            let mut room = vec![0; SEARCHED.min(usize::try_from(end - from).unwrap_or(usize::MAX))];
            let count = self.file.read_at(&mut room, from)?;
            if count == 0 {
                return Ok(None);
            }
            let bytes = room.get(..count).unwrap_or(&[]);
            let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
            let begins: Vec<usize> = ends.filter(|place| from + (*place as u64) < end).collect();
            let has_time = |place: &&usize| {
                let line = bytes.get(**place..).unwrap_or(&[]).split(|byte| *byte == b'\n').next().unwrap_or(&[]);
                parse::read(&String::from_utf8_lossy(line), self.now).time.is_some()
            };
            if let Some(place) = begins.iter().find(has_time).or(begins.first()) {
                return Ok(Some(from + *place as u64));
            }
            from += count as u64;
        }
        Ok(None)
    }

    fn piece(&self, from: u64, to: u64) -> io::Result<Vec<Sheaf>> {
        let mut bound = Bound::default();
        if to - from > LARGE {
            self.streamed(from, to, &mut bound)?;
            return Ok(bound.finish());
        }
        let mut bytes = vec![0; usize::try_from(to - from).unwrap_or(usize::MAX)];
        self.file.read_exact_at(&mut bytes, from)?;
        if !self.left_there(from, &bytes, &mut bound) {
            // Something in it is not shown as it stands there.
            bound = Bound::default();
            let mut reader = self.reader();
            Splitter::default().feed(&bytes, &mut |line| reader.push(line, &mut bound));
        }
        Ok(bound.finish())
    }

    fn reader(&self) -> Reader {
        Reader::new(self.origin.clone(), self.now)
    }

    /// Lines that are not copied; false when that cannot be done with all of them.
    fn left_there(&self, from: u64, bytes: &[u8], bound: &mut Bound) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        // Colours are taken out of a line.
        if text.contains("\u{1b}[") {
            return false;
        }
        let mut reader = self.reader();
        let (mut left, mut at, mut begin, mut lines) = (text, 0, 0, 0_u32);
        while !left.is_empty() {
            let (line, after) = left.split_once('\n').unwrap_or((left, ""));
            if line.len() > super::split::LONGEST {
                return false;
            }
            reader.push_at(line.strip_suffix('\r').unwrap_or(line), at - begin, bound);
            at += left.len() - after.len();
            left = after;
            lines += 1;
            if lines % ASIDE == 0 {
                thread::yield_now();
            }
            if bound.is_full() || left.is_empty() {
                let part = bytes.get(begin..at).unwrap_or(&[]);
                bound.leave_in(&self.backing, from + begin as u64, part);
                begin = at;
            }
        }
        true
    }

    fn streamed(&self, from: u64, to: u64, bound: &mut Bound) -> io::Result<()> {
        let (mut splitter, mut reader, mut at) = (Splitter::default(), self.reader(), from);
        let mut room = vec![0; BLOCK];
        while at < to {
            let wanted = usize::try_from(to - at).unwrap_or(usize::MAX).min(BLOCK);
            let count = self.file.read_at(room.get_mut(..wanted).unwrap_or(&mut []), at)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            splitter.feed(room.get(..count).unwrap_or(&[]), &mut |line| reader.push(line, bound));
            at += count as u64;
        }
        Ok(())
    }
}
