//! The terminal is lent: raw mode, the alternate screen and bracketed paste are taken by one guard and given back in every
//! way that the program can end, a panic included.

use std::io::{self, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::ResetColor;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};

static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();
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

/// Takes the terminal (again): at the start, and after a suspension or another program.
pub fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Gives the terminal back, once however often it is called. A terminal that is gone is no error: there is nobody to tell.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let told = queue!(out, ResetColor, DisableBracketedPaste, LeaveAlternateScreen, Show).and_then(|()| out.flush());
    let cooked = disable_raw_mode();
    drop((told, cooked));
}

/// The panics of background jobs since the last call, in words.
#[must_use]
pub fn side_panics() -> Vec<String> {
    std::mem::take(&mut *SIDE_PANICS.lock().unwrap_or_else(PoisonError::into_inner))
}
