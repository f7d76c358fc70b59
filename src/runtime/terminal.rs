//! The terminal is lent: raw mode, the alternate screen and bracketed paste are taken by one guard and given back in every
//! way that the program can end, a panic included.

use std::io::{self, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::ResetColor;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{execute, queue};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
/// The terminal's own settings, as they were when it was taken.
static OWN: Mutex<Option<Termios>> = Mutex::new(None);
/// What panicked on threads other than the one that draws, not yet shown.
static SIDE_PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// More than a person reads; the rest would be the same panic again.
const SIDE_PANICS_KEPT: usize = 8;

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
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Gives the terminal back, once however often it is called. A terminal that is gone is no error: there is nobody to tell.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let told = queue!(out, ResetColor, DisableBracketedPaste, LeaveAlternateScreen, Show).and_then(|()| out.flush());
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).take();
    let cooked = own.map(|own| tcsetattr(stdout(), OptionalActions::Now, &own));
    drop((told, cooked));
}

/// The panics of background jobs since the last call, in words.
#[must_use]
pub fn side_panics() -> Vec<String> {
    std::mem::take(&mut *SIDE_PANICS.lock().unwrap_or_else(PoisonError::into_inner))
}
