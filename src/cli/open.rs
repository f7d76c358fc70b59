//! The war room itself, at a terminal: its first frame before anything is asked or opened, then the world, then the loop.

use std::future::Future;
use std::io::{self, IsTerminal, stdout};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::runtime::Handle;
use tokio_util::context::TokioContext;

use super::room;
use super::threads::Threads;
use super::world::{Early, World};
use crate::domain::Timestamp;
use crate::runtime::{self, Canvas, Guard, Outside, Signals, Surroundings, Typed, screen};

/// Runs until the responder leaves.
pub(super) async fn run(
    early: Early,
    world: impl Future<Output = io::Result<World>>,
    open: Option<&str>,
) -> io::Result<ExitCode> {
    if !stdout().is_terminal() {
        let hint = "warroom needs a terminal; for a frame as text use `warroom snapshot`";
        return Err(io::Error::new(io::ErrorKind::Unsupported, hint));
    }
    // Whoever draws also reads the keys, on a thread of its own: no answer stands before a key, and none wakes another
    // thread than the one that wants it.
    let desk = Threads::here()?;
    let hands = Handle::current();
    let ended = tokio::task::block_in_place(|| desk.run(sit(early, world, open, hands)));
    drop(desk);
    ended.map(|()| ExitCode::SUCCESS)
}

/// All that is asked runs on `hands`.
async fn sit(
    early: Early,
    world: impl Future<Output = io::Result<World>>,
    open: Option<&str>,
    hands: Handle,
) -> io::Result<()> {
    let mut signals = Signals::listen()?;
    let guard = Guard::take()?;
    let written = Arc::new(AtomicU64::new(0));
    let inside_tmux = std::env::var_os("TMUX").is_some();
    let term = std::env::var("TERM").ok();
    let is_alone = !inside_tmux && term.as_deref().is_some_and(|term| !term.starts_with("screen") && term != "dumb");
    let around = Surroundings {
        term,
        pane: inside_tmux.then(|| std::env::var("TMUX_PANE").unwrap_or_default()),
        plain: early.plain_writer,
    };
    let (screen, pane, outlet) = screen(&around, Arc::clone(&written))?;
    let mut outside = runtime::Terminal {
        inside_tmux,
        pane,
        outlet,
        may_ask: is_alone && !early.plain_writer,
        editor: ["VISUAL", "EDITOR"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
            .map(|command| command.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
    };
    let mut canvas = Canvas::new(screen)?;
    room::first_frame(&early, Timestamp::from_utc(chrono::Utc::now()), &mut canvas)?;
    let opening = async { io::Result::Ok(room::session(world.await?, open, false, written, canvas).await) };
    let mut typed = Typed::new(outside.input());
    let mut session = tokio::select! {
        session = TokioContext::new(opening, hands) => session?,
        () = signals.end() => return Ok(()),
        () = typed.leaves() => return Ok(()),
    };
    let ended = runtime::run(&mut session, &mut outside, signals, typed).await;
    drop(guard);
    session.close().await;
    ended
}
