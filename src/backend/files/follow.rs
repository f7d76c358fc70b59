//! Reading files to their end and on as they grow, several as one by the times of their lines. Not the standard input:
//! `input.rs`.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::bind::{Binder, Origin};
use super::load::Task;
use super::parse;
use super::split::Splitter;
use super::watched::Watched;
use crate::domain::Timestamp;
use crate::domain::signal::Level;

/// How much is read at once.
pub(super) const BLOCK: usize = 256 * 1024;
/// The pause between two looks at files that grow.
pub(super) const PAUSE: Duration = Duration::from_millis(200);
/// After so many looks without growth a last line without an end is taken as it is.
const PATIENCE: u32 = 3;
/// Of a longer file the end alone is read: more is not kept.
const MOST: u64 = 512 * 1024 * 1024;

/// One file that is followed.
pub(super) struct Source {
    path: PathBuf,
    file: File,
    identity: (u64, u64),
    at: u64,
    splitter: Splitter,
    origin: Origin,
    /// Lines that are not taken yet, with their times; while several files are read as one.
    ahead: VecDeque<(Timestamp, String)>,
    last: Timestamp,
    is_at_end: bool,
    looks: u32,
}

impl Source {
    pub(super) fn open(path: PathBuf, now: Timestamp) -> io::Result<Self> {
        let file = File::open(&path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory; name the files in it"));
        }
        let name = path.display().to_string();
        let service = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Self {
            file,
            identity: (metadata.dev(), metadata.ino()),
            at: 0,
            splitter: Splitter::default(),
            origin: Origin::new(&name, &service, now),
            ahead: VecDeque::new(),
            last: now,
            is_at_end: false,
            looks: 0,
            path,
        })
    }

    /// Passes over what would be forgotten anyway, to the beginning of a line if one begins soon.
    fn pass_over(&mut self, most: u64, buffer: &mut [u8], binder: &mut Binder) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        let Some(over) = length.checked_sub(most).filter(|over| *over > 0) else { return Ok(()) };
        self.file.seek(SeekFrom::Start(over))?;
        let count = self.file.read(buffer)?;
        let end = buffer.iter().take(count).position(|byte| *byte == b'\n');
        let over = over.saturating_add(end.and_then(|end| u64::try_from(end + 1).ok()).unwrap_or(0));
        self.at = self.file.seek(SeekFrom::Start(over))?;
        let words = format!("the first {} MB of {} were not read", self.at / 1_000_000, self.path.display());
        binder.note(&self.origin, Level::Warn, &words);
        Ok(())
    }

    /// What is there already, if it is much; gives false when nothing was done.
    fn load(&mut self, binder: &mut Binder, now: Timestamp) -> io::Result<bool> {
        let task = Task::new(self.file.try_clone()?, self.origin.clone(), now)?;
        let Some(loaded) = task.run(binder.sender())? else { return Ok(false) };
        self.at = self.file.seek(SeekFrom::Start(loaded.end))?;
        if let Some(last) = loaded.last {
            self.origin.last = last;
        }
        if let Some(fault) = loaded.fault {
            let words = format!("{}: older lines could not be read: {fault}", self.path.display());
            binder.note(&self.origin, Level::Error, &words);
        }
        Ok(true)
    }

    /// One block; gives how many bytes it had.
    fn block(&mut self, buffer: &mut [u8], give: &mut dyn FnMut(&mut Origin, &str)) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.at = self.at.saturating_add(u64::try_from(count).unwrap_or(0));
        let (splitter, origin) = (&mut self.splitter, &mut self.origin);
        splitter.feed(buffer.get(..count).unwrap_or(&[]), &mut |line| give(origin, line));
        self.is_at_end = count == 0;
        if count > 0 {
            self.looks = 0;
        }
        Ok(count)
    }

    /// Fills `ahead`, unless there is something or nothing more.
    fn look_ahead(&mut self, buffer: &mut [u8], now: Timestamp) -> io::Result<()> {
        while self.ahead.is_empty() && !self.is_at_end {
            let (mut lines, mut last) = (Vec::new(), self.last);
            self.block(buffer, &mut |_, line| {
                last = parse::read(line, now).time.unwrap_or(last);
                lines.push((last, line.to_owned()));
            })?;
            self.last = last;
            self.ahead.extend(lines);
        }
        Ok(())
    }

    /// At the end: has it grown, was it cut short, is another file in its place?
    fn look_again(&mut self, binder: &mut Binder) -> io::Result<()> {
        self.looks = self.looks.saturating_add(1);
        if self.looks == PATIENCE && self.splitter.is_within() {
            let (splitter, origin) = (&mut self.splitter, &mut self.origin);
            splitter.finish(&mut |line| binder.push(origin, line));
        }
        let Ok(there) = std::fs::metadata(&self.path) else { return Ok(()) };
        let is_other = (there.dev(), there.ino()) != self.identity;
        if is_other || there.len() < self.at {
            if self.splitter.is_within() {
                let (splitter, origin) = (&mut self.splitter, &mut self.origin);
                splitter.finish(&mut |line| binder.push(origin, line));
            }
            self.file = File::open(&self.path)?;
            self.identity = (there.dev(), there.ino());
            self.at = 0;
            let what = if is_other { "was replaced" } else { "was cut short" };
            let words = format!("{} {what}: the new one is read from its beginning", self.path.display());
            binder.note(&self.origin, Level::Info, &words);
        }
        Ok(())
    }
}

/// Reads on until nobody listens any more. A file that cannot be read any more is said and left.
pub(super) fn files(mut sources: Vec<Source>, mut binder: Binder, now: Timestamp) {
    let mut buffer = vec![0; BLOCK];
    let failed = |source: &mut Source, error: io::Error, binder: &mut Binder| {
        binder.note(&source.origin, Level::Error, &format!("{}: {error}", source.path.display()));
    };
    let is_alone = sources.len() == 1;
    for source in &mut sources {
        let begun = match if is_alone { source.load(&mut binder, now) } else { Ok(false) } {
            Ok(true) => Ok(()),
            Ok(false) => source.pass_over(MOST, &mut buffer, &mut binder),
            Err(error) => Err(error),
        };
        if let Err(error) = begun {
            failed(source, error, &mut binder);
        }
    }
    if sources.len() > 1 {
        as_one(&mut sources, &mut binder, &mut buffer, now);
    }
    let mut watched = Watched::default();
    let began = Instant::now();
    while !binder.is_over && !sources.is_empty() {
        let mut grew = false;
        sources.retain_mut(|source| {
            source.origin.arrives(now.plus(began.elapsed()));
            let read = source.block(&mut buffer, &mut |origin, line| binder.push(origin, line));
            grew |= read.as_ref().is_ok_and(|count| *count > 0);
            match read.and_then(|count| if count == 0 { source.look_again(&mut binder) } else { Ok(()) }) {
                Ok(()) => true,
                Err(error) => {
                    failed(source, error, &mut binder);
                    false
                }
            }
        });
        if grew {
            watched.grew();
        } else {
            binder.leave();
            // What a look has to see is there by now, and what comes between it and the wait ends the wait.
            let is_settled = sources.iter().all(|source| source.looks > PATIENCE || !source.splitter.is_within());
            if is_settled && watched.covers(sources.iter().map(|source| source.path.as_path())) {
                watched.wait();
            } else {
                thread::sleep(PAUSE);
            }
        }
    }
}

/// What stands in the files now, in the order of its times.
fn as_one(sources: &mut [Source], binder: &mut Binder, buffer: &mut [u8], now: Timestamp) {
    loop {
        for source in &mut *sources {
            if source.look_ahead(buffer, now).is_err() {
                // Reading on will find the same fault, and say it.
                source.is_at_end = true;
            }
        }
        let head = |source: &&mut Source| source.ahead.front().map(|(time, _)| *time);
        let first = sources.iter_mut().filter(|source| !source.ahead.is_empty()).min_by_key(head);
        let Some(source) = first.filter(|_| !binder.is_over) else { return };
        if let Some((time, line)) = source.ahead.pop_front() {
            source.origin.last.0 = time;
            binder.push(&mut source.origin, &line);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::sync::mpsc;

    use super::*;
    use crate::port::Tailed;

    fn now() -> Timestamp {
        Timestamp::parse_rfc3339("2026-03-13T18:00:00Z").expect("a time")
    }

    /// What comes of a file whose last `most` bytes are read, line by line.
    fn shown(bytes: &[u8], most: u64) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.log");
        std::fs::write(&path, bytes).expect("written");
        let (sender, mut told) = mpsc::channel(1_000);
        let mut binder = Binder::new(sender, now());
        let mut source = Source::open(path, now()).expect("a file");
        let mut buffer = vec![0; 4_096];
        source.pass_over(most, &mut buffer, &mut binder).expect("read");
        while source.block(&mut buffer, &mut |origin, line| binder.push(origin, line)).expect("read") > 0 {}
        if source.splitter.is_within() {
            source.splitter.finish(&mut |line| binder.push(&mut source.origin, line));
        }
        binder.leave();
        let mut lines = Vec::new();
        while let Ok(Ok(Tailed::Sheaves(sheaves))) = told.try_recv() {
            lines.extend(sheaves.iter().flat_map(|sheaf| sheaf.lines().map(|line| line.raw.to_owned())));
        }
        lines
    }

    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..60),
            Just(b"\r".repeat(700)),
            Just(b"\0".repeat(700)),
            Just(br#"{"msg":"#.repeat(10_000)),
            Just(b"[".repeat(10_000)),
            Just(br#"{"ts":1e308,"level":{},"msg":"a\u0000","trace_id":"0"}"#.to_vec()),
            Just(b"\x1b]52;c;aGk=\x07 \xe2\x80\xae \xff".to_vec()),
            Just(b"2026-03-13T17:30:12Z ERROR pool is empty".to_vec()),
        ];
        let end = prop::sample::select(vec![&b"\n"[..], b"\r\n", b"\r", b""]);
        prop::collection::vec((piece, end), 0..8)
            .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, end)| [piece, end.to_vec()].concat()).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_file_makes_it_panic_and_each_line_comes_once(bytes in hostile(), most in prop_oneof![Just(u64::MAX), 1..4_000_u64]) {
            let lines = shown(&bytes, most);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let whole = text.split('\n').filter(|line| !line.trim().is_empty()).count();
            let is_cut = most < u64::try_from(bytes.len()).unwrap_or(0);
            prop_assert!(lines.len() <= whole + usize::from(is_cut), "{lines:?}");
            prop_assert!(is_cut || text.contains('\u{1b}') || lines.len() == whole, "{lines:?}");
            prop_assert!(!is_cut || lines.iter().any(|line| line.contains("were not read")));
        }
    }

    /// Half a gigabyte that is one line is not looked through byte by byte for its end.
    #[test]
    fn the_end_of_a_line_without_end_is_read() {
        let lines = shown(&b"x".repeat(100_000), 50_000);
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>()[1..], [50_000]);
    }
}
