//! Which face of a world is shown; the same for the real world and for the demo.

use std::future::Future;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use super::args::{Face, SloFace};
use super::world::{Early, World};
use super::{check, gaps, keys, open, slo, slo_past, snapshot, trace, what_if};

/// A war room shows its first frame before the `world` is made.
pub(super) async fn run(
    face: Face,
    early: Early,
    world: impl Future<Output = io::Result<World>>,
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    match face {
        Face::Open { open: on } => open::run(early, world, on.as_deref()).await,
        Face::Snapshot(arguments) => snapshot::run(world.await?, &arguments, out).await,
        Face::Check { json } => check::run(&world.await?, json, out).await,
        Face::Slo { json, about: None } => slo::run(&world.await?, json, out).await,
        Face::Slo { about: Some(about), .. } => about_slos(&world.await?, about, out).await,
        Face::Trace { id, json } => trace::run(&world.await?, &id, json, out).await,
        Face::Gaps { since, json } => gaps::run(&world.await?, since, json, out).await,
        Face::Keys => keys::print(&world.await?.keymap, out).map(|()| ExitCode::SUCCESS),
        Face::Completions { shell } => {
            keys::completions(shell, out)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn about_slos(world: &World, about: SloFace, out: &mut impl Write) -> io::Result<ExitCode> {
    match about {
        SloFace::WhatIf { burn, lasts, json } => {
            what_if::run(world, burn, Duration::from_secs_f64(lasts), json, out).await
        }
        SloFace::History { name, json } => slo_past::history(world, name.as_deref(), json, out).await,
        SloFace::Backtest { name, windows, objective, json } => {
            slo_past::backtest(world, name.as_deref(), windows, objective, json, out).await
        }
        // They need no server: they were shown before a world was built.
        SloFace::Import { .. } | SloFace::Export { .. } => Ok(ExitCode::SUCCESS),
    }
}
