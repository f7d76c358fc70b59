//! From the command line to a face and an exit code: 0 well, 1 something is wrong, 2 not what was asked for.

use std::io::{self, Write, stdout};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use super::args::{self, Arguments, Command, Face, SloFace};
use super::connect::Secrets;
use super::threads::Threads;
use super::world::{self, Given, Wall};
use super::{demo, faces, formats, journal, keys, logs};
use crate::config::{self, Surroundings};
use crate::room::Keymap;

/// Threads for what takes long, at the most.
const BLOCKING: usize = 6;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // One thread for all that is asked: two would wake each other for every answer. The war room's loop has its own.
    let threads = match Threads::asking("asking", BLOCKING) {
        Ok(threads) => threads,
        Err(error) => return say(&format!("no threads to run on: {error}"), 1),
    };
    let mut out = stdout();
    let ended = threads.run(run(arguments, &mut out));
    drop(threads);
    match ended.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => code,
        // Whoever read us has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => say(&error.to_string(), 2),
        Err(error) => say(&error.to_string(), 1),
    }
}

/// An error of the program, for a person; there is no war room on the screen now.
fn say(message: &str, code: u8) -> ExitCode {
    let told = writeln!(io::stderr(), "warroom: {message}");
    drop(told);
    ExitCode::from(code)
}

async fn run(arguments: Arguments, out: &mut impl Write) -> io::Result<ExitCode> {
    if let (Some(open), Some(_)) = (&arguments.open, &arguments.command) {
        let hint = "a face of the program comes first, and what it opens on after it";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{open:?} is no face\n  hint: {hint}")));
    }
    let face = match arguments.command {
        Some(Command::Demo(demo)) => return demo::run(*demo, arguments.common, out).await,
        Some(Command::Logs { files }) => return logs::run(&files, arguments.common).await,
        Some(Command::Face(Face::Completions { shell })) => {
            keys::completions(shell, out)?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::Face(Face::Slo { about: Some(SloFace::Import { files }), .. })) => {
            return formats::import(&files, out);
        }
        Some(Command::Face(face)) => face,
        None => {
            if let Some(face) = arguments.open.as_deref().and_then(args::meant) {
                let message = format!(
                    "did you mean `warroom {face}`?\n  hint: for an id of that name: warroom open {}",
                    arguments.open.unwrap_or_default()
                );
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
            Face::Open { open: arguments.open }
        }
    };
    let around = Surroundings::of_this_process();
    let config = match config::load(arguments.common.config.as_deref(), &around) {
        Ok(config) => config,
        Err(config::LoadError::NoConfig { .. }) if matches!(face, Face::Keys) => {
            return keys::print(&Keymap::default(), out).map(|()| ExitCode::SUCCESS);
        }
        Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidInput, error.to_string())),
    };
    if let Face::Slo { about: Some(SloFace::Export { format }), .. } = face {
        return formats::export(format, &config, out);
    }
    let early = world::early(&config, &arguments.common, &around);
    let secrets = Secrets::read(&config).await;
    let opened = early.clone();
    let world = async {
        let (journal, hours) = journal::own(&arguments.common, &around).await;
        let given = Given { journal, hours, clock: Arc::new(Wall), pages: Vec::new() };
        Ok(world::build(&config, opened, secrets, given).await)
    };
    faces::run(face, early, world, out).await
}
