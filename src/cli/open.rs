//! The war room itself, at a terminal.

use std::io::{self, IsTerminal, stdout};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ratatui::Terminal;

use super::room;
use super::world::World;
use crate::runtime::{self, Guard, Sender, Surroundings, screen};

/// Runs until the responder leaves. `company` is handed the inbox before the first frame.
pub(super) async fn run(world: World, open: Option<&str>, company: impl FnOnce(Sender)) -> io::Result<ExitCode> {
    if !stdout().is_terminal() {
        let hint = "warroom needs a terminal; for a frame as text use `warroom snapshot`";
        return Err(io::Error::new(io::ErrorKind::Unsupported, hint));
    }
    let world_plain = world.plain_writer;
    let guard = Guard::take()?;
    let written = Arc::new(AtomicU64::new(0));
    let inside_tmux = std::env::var_os("TMUX").is_some();
    let term = std::env::var("TERM").ok();
    let is_alone = !inside_tmux && term.as_deref().is_some_and(|term| !term.starts_with("screen") && term != "dumb");
    let around = Surroundings {
        term,
        pane: inside_tmux.then(|| std::env::var("TMUX_PANE").unwrap_or_default()),
        plain: world_plain,
    };
    let (screen, pane, outlet) = screen(&around, Arc::clone(&written))?;
    let terminal = Terminal::new(screen)?;
    let mut session = room::session(world, open, false, written, terminal).await;
    company(session.sender());
    let mut outside = runtime::Terminal {
        inside_tmux,
        pane,
        outlet,
        may_ask: is_alone && !world_plain,
        editor: ["VISUAL", "EDITOR"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
            .map(|command| command.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
    };
    let ended = runtime::run(&mut session, &mut outside).await;
    drop(guard);
    session.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}
