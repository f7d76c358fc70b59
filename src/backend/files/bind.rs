//! Lines of files, read and bound together. Not where they come from: `load.rs`, `follow.rs`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::parse::{goes_on, read, uncoloured};
use crate::domain::signal::{Backing, Level, LineView, Sheaf};
use crate::domain::{Interner, Labels, Symbol, Timestamp};
use crate::port::{Reply, Tailed};

/// Bound lines leave when they are so old, however few.
const AGE: Duration = Duration::from_millis(40);
/// The clock is looked at once in so many lines.
const LOOKED_AT: usize = 256;
/// Names of services that are shared.
const NAMES: usize = 10_000;
/// What belongs to the line before comes with it. A line without a time that comes later is of when it came.
const TOGETHER: Duration = Duration::from_millis(250);

/// One file, or the standard input: what its lines have in common, and what the last of them said.
#[derive(Clone)]
pub(super) struct Origin {
    pub stream: Arc<Labels>,
    pub service: Symbol,
    /// Of the last line; a line without a time goes on with it.
    pub last: (Timestamp, Level),
    /// A line told its time: one that tells none belongs to the one before, if it came with it.
    is_timed: bool,
    /// When what is read now came; `None` while what stood there already is read.
    came: Option<Timestamp>,
    /// When the last line came.
    before: Option<Timestamp>,
}

impl Origin {
    /// `name` is the file's, as it was asked for.
    pub(super) fn new(name: &str, service: &str, now: Timestamp) -> Self {
        let stream = Arc::new([("filename", name)].into_iter().collect());
        Self {
            stream,
            service: Symbol::from(service),
            last: (now, Level::Unknown),
            is_timed: false,
            came: None,
            before: None,
        }
    }

    /// What comes now and tells no time is of now, as long as no line told one, and later if it comes alone.
    pub(super) const fn arrives(&mut self, now: Timestamp) {
        self.came = Some(now);
        if !self.is_timed {
            self.last.0 = now;
        }
    }

    /// When a line came that does not come with the one before.
    fn comes_alone(&self) -> Option<Timestamp> {
        let came = self.came?;
        let waited = came.elapsed_since(self.before.unwrap_or(came));
        (waited >= TOGETHER).then_some(came)
    }
}

/// Sheaves one after the other.
#[derive(Default)]
pub(super) struct Bound {
    whole: Vec<Sheaf>,
    sheaf: Sheaf,
}

impl Bound {
    pub(super) fn is_full(&self) -> bool {
        self.sheaf.is_full()
    }

    /// The lines since the last one stand in a file.
    pub(super) fn leave_in(&mut self, backing: &Arc<dyn Backing>, at: u64, text: &[u8]) {
        self.sheaf.leave_in(Arc::clone(backing), at, text);
        self.turn();
    }

    fn turn(&mut self) {
        let next = self.sheaf.successor();
        self.whole.push(std::mem::replace(&mut self.sheaf, next));
    }

    pub(super) fn finish(mut self) -> Vec<Sheaf> {
        if !self.sheaf.is_empty() {
            self.whole.push(self.sheaf);
        }
        self.whole.retain(|sheaf| !sheaf.is_empty());
        self.whole
    }
}

/// Reads the lines of one origin, one after the other.
pub(super) struct Reader {
    origin: Origin,
    names: Interner,
    now: Timestamp,
}

impl Reader {
    pub(super) fn new(origin: Origin, now: Timestamp) -> Self {
        Self { origin, names: Interner::with_bound(NAMES), now }
    }

    /// A line that is copied. An empty one is left out.
    pub(super) fn push(&mut self, line: &str, bound: &mut Bound) {
        let raw = uncoloured(line);
        understand(&raw, &mut self.origin, &mut self.names, self.now, &mut |view| bound.sheaf.push(view));
        if bound.sheaf.is_full() {
            bound.turn();
        }
    }

    /// A line that stands `start` bytes behind the beginning of what [`Bound::leave_in`] will be told.
    pub(super) fn push_at(&mut self, line: &str, start: usize, bound: &mut Bound) {
        understand(line, &mut self.origin, &mut self.names, self.now, &mut |view| bound.sheaf.push_at(view, start));
    }
}

/// An empty line is left out.
fn understand(
    raw: &str,
    origin: &mut Origin,
    names: &mut Interner,
    now: Timestamp,
    give: &mut dyn FnMut(&LineView<'_>),
) {
    if raw.trim_ascii().is_empty() {
        return;
    }
    let read = read(raw, now);
    let alone = origin.comes_alone().filter(|_| !goes_on(raw));
    origin.before = origin.came;
    let belongs = alone.is_none() && (origin.is_timed || goes_on(raw));
    let goes_on = read.time.is_none() && read.told.level.is_none() && belongs;
    let (time, before) = match read.time {
        Some(time) => (time, Level::Unknown),
        None if goes_on => origin.last,
        None => (alone.unwrap_or(origin.last.0), Level::Unknown),
    };
    origin.is_timed |= read.time.is_some();
    let level = read.told.level.unwrap_or(before);
    origin.last = (time, level);
    let service = match &read.told.service {
        Some(name) => names.intern(name),
        None => origin.service.clone(),
    };
    let text = read.told.message.as_deref().unwrap_or(read.text);
    give(&LineView {
        time,
        level,
        service: &service,
        stream: &origin.stream,
        text: if text.is_empty() { raw } else { text },
        raw,
        metadata: "",
        trace: read.told.trace,
        span: read.told.span,
        goes_on,
    });
}

/// Binds what comes bit by bit, and sends it.
pub(super) struct Binder {
    sheaf: Sheaf,
    sender: mpsc::Sender<Reply<Tailed>>,
    names: Interner,
    now: Timestamp,
    since: Instant,
    /// Nobody listens any more.
    pub is_over: bool,
}

impl Binder {
    pub(super) fn new(sender: mpsc::Sender<Reply<Tailed>>, now: Timestamp) -> Self {
        let names = Interner::with_bound(NAMES);
        Self { sheaf: Sheaf::default(), sender, names, now, since: Instant::now(), is_over: false }
    }

    pub(super) const fn sender(&self) -> &mpsc::Sender<Reply<Tailed>> {
        &self.sender
    }

    /// A line as it stands in its file. An empty one is left out.
    pub(super) fn push(&mut self, origin: &mut Origin, line: &str) {
        if self.is_over {
            return;
        }
        let raw = uncoloured(line);
        let sheaf = &mut self.sheaf;
        understand(&raw, origin, &mut self.names, self.now, &mut |view| sheaf.push(view));
        let is_old = self.sheaf.len().is_multiple_of(LOOKED_AT) && self.since.elapsed() >= AGE;
        if is_old || self.sheaf.is_full() {
            self.leave();
        }
    }

    /// Words of our own between the lines: what a file did, which is no line of it.
    pub(super) fn note(&mut self, origin: &Origin, level: Level, words: &str) {
        let (time, service) = (origin.last.0, Symbol::from("warroom"));
        let (stream, raw) = (&origin.stream, words);
        let (trace, span, goes_on) = (None, None, false);
        self.sheaf.push(&LineView {
            time,
            level,
            service: &service,
            stream,
            text: raw,
            raw,
            trace,
            span,
            metadata: "",
            goes_on,
        });
        self.leave();
    }

    /// Sends what was bound; waits while the other side is full, so that a file is never read faster than it is shown.
    pub(super) fn leave(&mut self) {
        self.since = Instant::now();
        if self.sheaf.is_empty() {
            self.is_over |= self.sender.is_closed();
            return;
        }
        let next = self.sheaf.successor();
        let sheaf = std::mem::replace(&mut self.sheaf, next);
        self.is_over |= self.sender.blocking_send(Ok(Tailed::Sheaves(vec![sheaf]))).is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(lines: &[(u64, &str)]) -> Vec<(i64, Level, bool)> {
        let now = Timestamp::from_seconds(1_795_000_000);
        let (sender, mut told) = mpsc::channel(8);
        let mut binder = Binder::new(sender, now);
        let mut origin = Origin::new("-", "", now);
        for (millis, line) in lines {
            origin.arrives(now.plus(Duration::from_millis(*millis)));
            binder.push(&mut origin, line);
        }
        binder.leave();
        let Ok(Ok(Tailed::Sheaves(sheaves))) = told.try_recv() else { panic!("no lines") };
        let lines = sheaves.iter().flat_map(|sheaf| {
            sheaf.lines().map(|line| (line.time.since(now) / 1_000_000, line.level, line.goes_on)).collect::<Vec<_>>()
        });
        lines.collect()
    }

    #[test]
    fn a_line_without_a_time_goes_on_with_one_it_came_with_and_with_no_other() {
        let at =
            |text: &str| Timestamp::parse_rfc3339(text).expect("a time").since(Timestamp::from_seconds(1_795_000_000));
        let begun = at("2026-11-18T11:06:00Z") / 1_000_000;
        let lines = bound(&[
            (0, "2026-11-18T11:06:00Z ERROR server failed"),
            (10, "goroutine 7 [running]:"),
            (700, "GET /health 200 8"),
            (710, "of the same breath"),
            (1_400, "    at a.b.C"),
            (2_100, "level=warn msg=slow"),
        ]);
        let (error, none) = (Level::Error, Level::Unknown);
        let wanted = [
            (begun, error, false),
            (begun, error, true),
            (700, none, false),
            (700, none, true),
            (700, none, true),
            (2_100, Level::Warn, false),
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn a_line_without_a_time_is_of_when_it_came_until_one_tells_a_time() {
        let lines = [(1, "level=info msg=one"), (4, "two"), (9, "2026-11-18T11:06:00Z three"), (9, "four")];
        let times: Vec<i64> =
            bound(&lines.map(|(second, line)| (second * 1_000, line))).iter().map(|(time, ..)| time / 1_000).collect();
        let now = Timestamp::from_seconds(1_795_000_000);
        let three = Timestamp::parse_rfc3339("2026-11-18T11:06:00Z").expect("a time").since(now) / 1_000_000_000;
        assert_eq!(times, [1, 4, three, three]);
    }
}
