//! The real program without a terminal: one frame as text.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ratatui::backend::TestBackend;

use super::args::SnapshotArguments;
use super::world::World;
use super::{frame, room};
use crate::room::parse_script;
use crate::runtime::{Canvas, Outcome, run_script};

/// Prints the frame whatever happened; fails when time ran out before it was complete.
pub(super) async fn run(world: World, arguments: &SnapshotArguments, out: &mut impl Write) -> io::Result<ExitCode> {
    let keys = parse_script(&arguments.keys);
    let (width, height) = arguments.size;
    let canvas = Canvas::new(TestBackend::new(width, height)).map_err(io::Error::other)?;
    let written = Arc::new(AtomicU64::new(0));
    let mut session = room::session(world, arguments.open.as_deref(), !arguments.ansi, written, canvas).await;
    let limit = Duration::from_secs_f64(arguments.timeout.max(0.0));
    let outcome = run_script(&mut session, &keys, arguments.wait.as_deref(), limit, frame::text)
        .await
        .map_err(io::Error::other)?;
    let backend = session.backend();
    let text = if arguments.ansi { frame::ansi(backend) } else { frame::text(backend) };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    match (outcome, &arguments.wait) {
        (Outcome::Settled, _) => Ok(ExitCode::SUCCESS),
        (Outcome::OutOfTime, Some(wait)) if !frame::text(backend).contains(wait) => {
            Err(late(limit, &format!("{wait:?} was not on the screen")))
        }
        (Outcome::OutOfTime, _) => Err(late(limit, "not every pane had its answer")),
    }
}

fn late(limit: Duration, what: &str) -> io::Error {
    let message = format!("{what} within {} s\n  hint: --timeout 60s waits longer", limit.as_secs_f64());
    io::Error::new(io::ErrorKind::TimedOut, message)
}
