//! The terminal is lent: raw mode, the alternate screen and bracketed paste are taken by one guard and given back in every
//! way that the program can end, a panic included, also to a terminal that takes no bytes.

use std::fs::File;
use std::io::{self, Write, stdout};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::getsid;
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetsid, tcsetattr};

static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
/// The terminal's own settings, as they were when it was taken.
static OWN: Mutex<Option<Termios>> = Mutex::new(None);
/// A way to the terminal that does not block. That of the standard output is the shell's too, and must stay as it is.
static WAY: OnceLock<Option<OwnedFd>> = OnceLock::new();
/// A frame is under way of which the terminal has not taken all.
static OWED: AtomicBool = AtomicBool::new(false);
/// The terminal was asked something; its answer must not come to the shell.
static ASKED: AtomicBool = AtomicBool::new(false);
/// What panicked on threads other than the one that draws, not yet shown.
static SIDE_PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// More than a person reads; the rest would be the same panic again.
const SIDE_PANICS_KEPT: usize = 8;

/// The alternate screen and bracketed paste.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Plain text, no bracketed paste, the shell's screen, the cursor.
const LEAVE: &[u8] = b"\x1b[0m\x1b[?2004l\x1b[?1049l\x1b[?25h";
/// Ends a sequence that was cut, and a frame that was to be shown at once.
const CANCEL: &[u8] = b"\x18\x1b[?2026l";
/// A terminal that takes nothing when it is taken is tried for so long.
const PATIENCE: Duration = Duration::from_secs(1);
/// And when it is given back.
const LAST_PATIENCE: Duration = Duration::from_millis(5);

/// Holds the terminal; dropping it gives it back.
pub struct Guard(());

impl Guard {
    /// Takes the terminal. From now on a panic of this thread gives it back before its message is written; a panic of
    /// another thread ends that job alone, and is kept to be shown instead of being written over the screen.
    pub fn take() -> io::Result<Self> {
        let drawing = thread::current().id();
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                if thread::current().id() == drawing {
                    give_back();
                    before(panic);
                } else {
                    let mut kept = SIDE_PANICS.lock().unwrap_or_else(PoisonError::into_inner);
                    if kept.len() < SIDE_PANICS_KEPT {
                        kept.push(panic.to_string());
                    }
                }
            }));
        });
        enter()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// The terminal of the standard output, opened once more. `None` where that is not allowed, for another user's terminal.
pub(super) fn way() -> Option<&'static OwnedFd> {
    WAY.get_or_init(|| {
        let is_ours = || tcgetsid(stdout()).is_ok_and(|session| getsid(None) == Ok(session));
        let by_name = File::options().write(true).open("/proc/self/fd/1");
        let opened =
            by_name.or_else(|error| if is_ours() { File::options().write(true).open("/dev/tty") } else { Err(error) });
        let way = OwnedFd::from(opened.ok()?);
        ioctl_fionbio(&way, true).ok()?;
        Some(way)
    })
    .as_ref()
}

/// Tells whether a part of a frame is not taken yet.
pub(super) fn owe(owed: bool) {
    OWED.store(owed, Ordering::Relaxed);
}

pub(super) fn await_answer(asked: bool) {
    ASKED.store(asked, Ordering::Relaxed);
}

/// Takes the terminal (again): at the start, and after a suspension or another program. Does all of it however often it is
/// called: a shell that had the terminal meanwhile, unknown to us, has set it to its own liking.
pub fn enter() -> io::Result<()> {
    let now = tcgetattr(stdout())?;
    let mut raw = now.clone();
    raw.make_raw();
    if !TAKEN.swap(true, Ordering::SeqCst) {
        *OWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
    tcsetattr(stdout(), OptionalActions::Now, &raw)?;
    tell(ENTER, PATIENCE).map(|_| ())
}

/// Gives the terminal back, once however often it is called. A terminal that is gone is no error: there is nobody to tell.
/// One that takes no bytes loses the frame that is under way, so that there is room to say good-bye.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let is_owed = OWED.swap(false, Ordering::Relaxed);
    if is_owed || !tell(LEAVE, LAST_PATIENCE).unwrap_or(true) {
        let _ = tcflush(stdout(), QueueSelector::OFlush);
        drop(tell(&[CANCEL, LEAVE].concat(), LAST_PATIENCE));
    }
    if ASKED.swap(false, Ordering::Relaxed) {
        let _ = tcflush(stdout(), QueueSelector::IFlush);
    }
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).take();
    let _ = own.map(|own| tcsetattr(stdout(), OptionalActions::Now, &own));
}

/// Writes it, as long as the patience lasts; false when the terminal did not take all.
fn tell(bytes: &[u8], patience: Duration) -> io::Result<bool> {
    let Some(way) = way() else {
        let mut out = stdout();
        return out.write_all(bytes).and_then(|()| out.flush()).map(|()| true);
    };
    let deadline = Instant::now() + patience;
    let mut rest = bytes;
    while !rest.is_empty() {
        match rustix::io::write(way, rest) {
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let left = deadline.saturating_duration_since(Instant::now());
                let Some(left) = Timespec::try_from(left).ok().filter(|_| !left.is_zero()) else { return Ok(false) };
                let mut asked = [PollFd::from_borrowed_fd(way.as_fd(), PollFlags::OUT)];
                // A signal in between shortens the wait, and the next turn goes on.
                let _ = poll(&mut asked, Some(&left));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// The panics of background jobs since the last call, in words.
#[must_use]
pub fn side_panics() -> Vec<String> {
    std::mem::take(&mut *SIDE_PANICS.lock().unwrap_or_else(PoisonError::into_inner))
}
