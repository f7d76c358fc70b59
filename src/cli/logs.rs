//! Log files and the standard input on the whole screen, without a server: of the config only how the screen looks.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::Common;
use super::connect::Secrets;
use super::world::{self, Given, Wall};
use super::{journal, open};
use crate::backend::Files;
use crate::config::{self, Config, LoadError, Surroundings};
use crate::port::Logs;
use crate::room::SourceKind;

/// Fails before a screen is taken when a file cannot be opened.
pub(super) async fn run(files: &[PathBuf], common: Common) -> io::Result<ExitCode> {
    let files = Files::open(files).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
    let around = Surroundings::of_this_process();
    let mut problems = Vec::new();
    let mut config = match config::load(common.config.as_deref(), &around) {
        Ok(config) => config,
        Err(LoadError::NoConfig { .. }) => Config::defaults(&around),
        Err(error) if common.config.is_some() => {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error.to_string()));
        }
        // Lines are worth seeing whatever is wrong with a config that they do not need.
        Err(error) => {
            problems.push(error.to_string());
            Config::defaults(&around)
        }
    };
    config.sources.clear();
    config.slos.clear();
    let mut early = world::early(&config, &common, &around);
    early.problems.extend(problems);
    early.settings.sources = vec![(files.name().clone(), SourceKind::Files)];
    early.settings.logs_alone = true;
    let (opened, secrets) = (early.clone(), Secrets::read(&config).await);
    let world = async {
        let (journal, hours) = journal::own(&common, &around).await;
        let given = Given { journal, hours, clock: Arc::new(Wall), pages: Vec::new() };
        let mut world = world::build(&config, opened, secrets, given).await;
        world.ports.logs = vec![Arc::new(files)];
        Ok(world)
    };
    open::run(early, world, None).await
}
