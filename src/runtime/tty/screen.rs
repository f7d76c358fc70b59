//! The screen that frames go to: the writer over the process's own terminal, and what may be asked of that terminal.

use std::io::{self, stdout};
use std::os::fd::AsFd;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ratatui::backend::WindowSize;
use ratatui::layout::Size;
use rustix::termios::tcgetwinsize;
use tokio::process::Command;
use tokio::task::AbortHandle;

use super::guard;
use super::outlet::Outlet;
use crate::writer::{Means, Writer};

/// A multiplexer that does not answer is a busy one; until it does rows are not moved.
const ANSWER: Duration = Duration::from_secs(2);
/// Of a terminal that does not tell.
const USUAL: Size = Size { width: 80, height: 24 };

pub type Screen = Writer<Outlet, fn() -> io::Result<WindowSize>>;

/// The terminal by what the environment says of it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `TERM`.
    pub term: Option<String>,
    /// `TMUX_PANE`, inside tmux.
    pub pane: Option<String>,
    /// Only what every terminal understands.
    pub plain: bool,
}

/// A screen on the standard output, and the way that its frames go; the pane tells it when rows may be moved. `written`
/// counts bytes. Nothing is written or asked yet. Must be called inside a tokio runtime.
pub fn screen(around: &Surroundings, written: Arc<AtomicU64>) -> io::Result<(Screen, Pane, Outlet)> {
    // The standard library's own output would cut a frame at its last line feed.
    let waits = stdout().as_fd().try_clone_to_owned()?;
    let way = guard::way().map(|way| way.try_clone()).transpose()?;
    let out = Outlet::new(way, waits)?;
    let pane = Pane { id: around.pane.clone(), whole: Arc::new(AtomicBool::new(false)), asking: None };
    let whole = Arc::clone(&pane.whole);
    let term = around.term.as_deref().filter(|_| !around.plain);
    let means = Means::of(term, around.pane.is_some());
    let now = move || Means { scroll: means.scroll || (means.thrift && whole.load(Ordering::Relaxed)), ..means };
    let screen = Writer::new(out.clone(), window as fn() -> _, now, written)?;
    Ok((screen, pane, out))
}

fn window() -> io::Result<WindowSize> {
    let told = tcgetwinsize(stdout())?;
    let size = Size::new(told.ws_col, told.ws_row);
    let columns_rows = if size.width == 0 || size.height == 0 { USUAL } else { size };
    Ok(WindowSize { columns_rows, pixels: Size::new(told.ws_xpixel, told.ws_ypixel) })
}

/// A pane of tmux, if this terminal is one. tmux moves rows cheaply only in a pane as wide as its client.
pub struct Pane {
    id: Option<String>,
    whole: Arc<AtomicBool>,
    asking: Option<AbortHandle>,
}

impl Pane {
    /// Asks tmux, without waiting for it: at the start, and when the size changed. Rows are not moved until it answers.
    pub fn ask(&mut self) {
        self.whole.store(false, Ordering::Relaxed);
        let Some(id) = &self.id else { return };
        let mut command = Command::new("tmux");
        command.args(["display-message", "-p", "-t", id, "#{pane_width} #{client_width}"]);
        command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let whole = Arc::clone(&self.whole);
        let job = tokio::spawn(async move {
            if let Ok(Ok(said)) = tokio::time::timeout(ANSWER, command.output()).await {
                whole.store(said.status.success() && is_whole(&said.stdout), Ordering::Relaxed);
            }
        });
        if let Some(before) = self.asking.replace(job.abort_handle()) {
            before.abort();
        }
    }
}

/// `PANE CLIENT`, in columns; a client that is not attached has none.
fn is_whole(said: &[u8]) -> bool {
    let said = String::from_utf8_lossy(said);
    let mut widths = said.split_whitespace().map(str::parse::<u16>);
    matches!((widths.next(), widths.next()), (Some(Ok(pane)), Some(Ok(client))) if pane == client && pane > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pane_as_wide_as_its_client_is_whole() {
        assert!(is_whole(b"120 120\n"));
        for said in ["60 120\n", "120 \n", "", "0 0", "no server running"] {
            assert!(!is_whole(said.as_bytes()), "{said:?}");
        }
    }
}
