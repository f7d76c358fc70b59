//! The way out to the terminal: takes a frame at once and never waits. What the terminal does not take yet is kept, which
//! is one frame at most, since nothing is drawn before it is gone. Not how slow the link is: that is `link.rs`.

use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::guard;
use super::link::Link;

/// A frame of the largest screen, and what was copied beside it; who sends more to a terminal that takes nothing is told.
const MOST_KEPT: usize = 512 * 1024;
/// Asks the terminal for its state: any that understands it answers with `ESC [ 0 n`.
const ASK: &[u8] = b"\x1b[5n";

/// Handed to the writer, and to the loop that waits for it.
#[derive(Clone)]
pub struct Outlet(Arc<Inner>);

struct Inner {
    /// `None`: the terminal cannot be opened anew, and is written to as it is, waiting.
    ready: Option<AsyncFd<OwnedFd>>,
    waits: OwnedFd,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    rest: Vec<u8>,
    /// So many bytes of the rest are gone.
    gone: usize,
    /// When the oldest byte of the rest came.
    since: Option<Instant>,
    link: Link,
}

impl Outlet {
    /// To this terminal. `way` does not block; without it every write waits. Must be called inside a tokio runtime.
    pub fn new(way: Option<OwnedFd>, waits: OwnedFd) -> io::Result<Self> {
        #[expect(deprecated, reason = "what replaces it is unsafe; an OwnedFd is one file for as long as it lives")]
        let ready = way.map(|way| AsyncFd::with_interest(way, Interest::WRITABLE)).transpose()?;
        Ok(Self(Arc::new(Inner { ready, waits, kept: Mutex::new(Kept::default()) })))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the terminal has taken everything.
    pub fn is_clear(&self) -> bool {
        self.kept().rest.is_empty()
    }

    /// Waits until the terminal has taken everything. May be dropped at any time.
    pub async fn cleared(&self) -> io::Result<()> {
        let Some(terminal) = &self.0.ready else { return Ok(()) };
        loop {
            let mut ready = terminal.writable().await?;
            if self.push(&mut self.kept())? {
                return Ok(());
            }
            ready.clear_ready();
        }
    }

    /// Leaves out what the terminal has not taken: it was given back.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.rest.clear();
        kept.since = None;
        guard::owe(false);
    }

    /// Asks the terminal for a sign of life, behind all that was written before; [`Self::answered`] when it comes.
    pub fn ask(&mut self) -> io::Result<()> {
        self.kept().link.asked(Instant::now());
        guard::await_answer(true);
        self.write_all(ASK)
    }

    pub fn answered(&self) {
        self.kept().link.answered(Instant::now());
        guard::await_answer(false);
    }

    /// What is known of the way to the terminal by now.
    pub fn link(&self) -> Link {
        self.kept().link.at(Instant::now())
    }

    /// Sends what the terminal takes now; true when that was all.
    fn push(&self, kept: &mut Kept) -> io::Result<bool> {
        while let Some(rest) = kept.rest.get(kept.gone..).filter(|rest| !rest.is_empty()) {
            match rustix::io::write(self.terminal(), rest) {
                Ok(count) => kept.gone += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    guard::owe(true);
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        let now = Instant::now();
        if let Some(since) = kept.since.take() {
            kept.link.took(now.saturating_duration_since(since), now);
        }
        kept.rest.clear();
        kept.gone = 0;
        guard::owe(false);
        Ok(true)
    }

    fn terminal(&self) -> &OwnedFd {
        self.0.ready.as_ref().map_or(&self.0.waits, AsyncFd::get_ref)
    }
}

impl Write for Outlet {
    /// Takes all of it: what the terminal does not take yet is kept.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.kept();
        if kept.rest.len() - kept.gone + bytes.len() > MOST_KEPT {
            return Err(io::Error::new(io::ErrorKind::WouldBlock, "the terminal takes nothing"));
        }
        kept.rest.extend_from_slice(bytes);
        kept.since.get_or_insert_with(Instant::now);
        self.push(&mut kept)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    fn pair() -> (UnixStream, Outlet) {
        let (reader, terminal) = UnixStream::pair().expect("a pair");
        terminal.set_nonblocking(true).expect("it does not block");
        let waits = terminal.try_clone().expect("a second one").into();
        (reader, Outlet::new(Some(terminal.into()), waits).expect("an outlet"))
    }

    #[tokio::test]
    async fn a_frame_that_is_not_taken_is_kept_and_comes_whole() {
        let (mut reader, mut outlet) = pair();
        let mut sent = Vec::new();
        while outlet.is_clear() {
            let frame: Vec<u8> = (0..=u8::MAX).cycle().skip(sent.len() % 251).take(30_000).collect();
            outlet.write_all(&frame).expect("kept");
            sent.extend_from_slice(&frame);
        }
        let (told, wait) = tokio::sync::oneshot::channel();
        let length = sent.len();
        std::thread::spawn(move || {
            let mut came = vec![0; length];
            reader.read_exact(&mut came).expect("all of it");
            told.send(came).expect("the test waits");
        });
        outlet.cleared().await.expect("a reader");
        assert!(outlet.is_clear());
        assert_eq!(wait.await.expect("a thread"), sent);
    }

    #[tokio::test]
    async fn more_than_a_few_frames_are_refused_and_what_is_forgotten_never_comes() {
        let (mut reader, mut outlet) = pair();
        let piece = [7; 64 * 1024];
        let error = loop {
            if let Err(error) = outlet.write_all(&piece) {
                break error;
            }
        };
        assert!(error.to_string().contains("takes nothing"));
        outlet.forget();
        assert!(outlet.is_clear());
        drop(outlet);
        let mut came = Vec::new();
        reader.read_to_end(&mut came).expect("what had been taken");
        assert!(came.iter().all(|byte| *byte == 7) && came.len() < MOST_KEPT * 4);
    }
}
