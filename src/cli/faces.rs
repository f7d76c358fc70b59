//! Which face of a world is shown; the same for the real world and for the demo.

use std::io::{self, Write};
use std::process::ExitCode;

use super::args::Face;
use super::world::World;
use super::{check, gaps, keys, open, slo, snapshot, trace};
use crate::runtime::Sender;

/// `company` is given the inbox of a war room, when a face opens one.
pub(super) async fn run(
    face: Face,
    world: World,
    company: impl FnOnce(Sender),
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    match face {
        Face::Open { open: on } => open::run(world, on.as_deref(), company).await,
        Face::Snapshot(arguments) => snapshot::run(world, &arguments, company, out).await,
        Face::Check { json } => check::run(&world, json, out).await,
        Face::Slo { json } => slo::run(&world, json, out).await,
        Face::Trace { id, json } => trace::run(&world, &id, json, out).await,
        Face::Gaps { since, json } => gaps::run(&world, since, json, out).await,
        Face::Keys => keys::print(&world.keymap, out).map(|()| ExitCode::SUCCESS),
        Face::Completions { shell } => {
            keys::completions(shell, out)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
