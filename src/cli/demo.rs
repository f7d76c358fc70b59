//! The demo: simulated servers started, and any face pointed at them through the same config and clients as at real ones.

use std::future::Future;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Common, DemoArguments, Face, SloFace};
use super::connect::Secrets;
use super::threads::Threads;
use super::world::{self, Given};
use super::{faces, formats, script, serve};
use crate::config::{self, Config, Surroundings, TimeZone};
use crate::demo::{self, FaultError, Options, Running, StartError};
use crate::domain::Timestamp;
use crate::domain::runbook::parse;
use crate::port::{Clock, HourStore, Journal};
use crate::store;

/// Threads for answers that take long to compute, at the most.
const BLOCKING: usize = 4;

/// The demo's own time.
struct CompanyClock {
    clock: demo::Clock,
    speed: f64,
}

impl Clock for CompanyClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn speed(&self) -> f64 {
        self.speed
    }
}

pub(super) async fn run(arguments: DemoArguments, common: Common, out: &mut impl Write) -> io::Result<ExitCode> {
    let options = options(&arguments)?;
    // They run beside the program as they would on machines of their own: they share no thread with it.
    let servers = Threads::asking("demo-servers", BLOCKING)?;
    let started = servers.start({
        let options = options.clone();
        async move { demo::start(&options).await }
    });
    let started = async {
        let started = started.ok_or_else(|| io::Error::other("no threads to run on"))?;
        started.await.map_err(io::Error::other)?.map_err(not_started)
    };
    let ended = if arguments.serve {
        match started.await {
            Ok(running) => serve::run(&running, common.data.as_deref(), out).await,
            Err(error) => Err(error),
        }
    } else {
        look(&options, started, arguments, common, out).await
    };
    // Whoever asked has left: nobody waits for the answers under way.
    drop(servers);
    ended
}

/// The company's config; of one that was named, how the screen looks and who looks at it.
fn parsed(text: &str, around: &Surroundings, arguments: &DemoArguments, common: &Common) -> io::Result<Config> {
    let mut config = Config::parse("the demo's config.toml", text, &std::env::temp_dir(), around)
        .map_err(|problems| io::Error::new(io::ErrorKind::InvalidData, problems.to_string()))?;
    if let Some(named) = common.config.as_deref() {
        let own = config::load(Some(named), around)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
        config = config.shown_as(own);
    }
    // The company lives in Paris. Without an anchor its evening is now, wherever now is.
    config.screen.timezone =
        if arguments.anchor.is_some() { TimeZone::Named(chrono_tz::Europe::Paris) } else { TimeZone::Local };
    Ok(config)
}

/// A face on the company, which starts meanwhile.
async fn look(
    options: &Options,
    started: impl Future<Output = io::Result<Running>>,
    mut arguments: DemoArguments,
    common: Common,
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    let around = Surroundings::of_this_process();
    let face = arguments.face.take().unwrap_or(Face::Open { open: None });
    let outline = parsed(&demo::outline(options).map_err(not_started)?, &around, &arguments, &common)?;
    match &face {
        Face::Slo { about: Some(SloFace::Export { format }), .. } => return formats::export(*format, &outline, out),
        Face::Slo { about: Some(SloFace::Import { files }), .. } => return formats::import(files, out),
        _ => {}
    }
    let early = world::early(&outline, &common, &around);
    let mut kept = None;
    let world = async {
        let running = started.await?;
        let config = parsed(&running.config(), &around, &arguments, &common)?;
        let clock: Arc<dyn Clock> = Arc::new(CompanyClock { clock: running.site.clock, speed: arguments.speed });
        let journal: Arc<dyn Journal> = match &common.data {
            None => Arc::new(store::MemoryJournal::new()),
            Some(folder) => open_journal(&folder.join(format!("demo-{}.db", arguments.scenario))).await.0,
        };
        // Another demo may tell another past at the same hours: they are not kept.
        let hours = Arc::new(store::MemoryJournal::new());
        let company = Arc::clone(&running.site.company);
        let pages = company.runbooks().iter().map(|(name, text)| parse(name, text)).collect();
        let given = Given { journal: Arc::clone(&journal), hours, clock: Arc::clone(&clock), pages };
        let early = world::early(&config, &common, &around);
        let mut world = world::build(&config, early, Secrets::read(&config).await, given).await;
        world.colleagues = Box::new(move |inbox| {
            tokio::spawn(script::play(company.script(), clock, journal, inbox));
        });
        kept = Some(running);
        Ok(world)
    };
    let ended = faces::run(face, early, world, out).await;
    drop(kept);
    ended
}

/// A record that cannot be kept is said at once; the notes then stay on the screen.
pub(super) async fn open_journal(path: &std::path::Path) -> (Arc<dyn Journal>, Arc<dyn HourStore>) {
    match store::open(path).await {
        Ok(journal) => {
            let journal = Arc::new(journal);
            (Arc::clone(&journal) as Arc<dyn Journal>, journal)
        }
        Err(why) => {
            (Arc::new(store::UnwritableJournal::new(why.clone())), Arc::new(store::UnwritableJournal::new(why)))
        }
    }
}

fn options(arguments: &DemoArguments) -> io::Result<Options> {
    let wrong = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
    let anchor = match &arguments.anchor {
        None => None,
        Some(text) => Some(
            Timestamp::parse_rfc3339(text)
                .ok_or_else(|| wrong(format!("--anchor: expected a time like 2026-03-13T17:30:00Z, not {text:?}")))?,
        ),
    };
    let faults = arguments
        .faults
        .iter()
        .map(|text| text.parse().map_err(|error: FaultError| wrong(error.to_string())))
        .collect::<io::Result<Vec<_>>>()?;
    Ok(Options {
        scenario: arguments.scenario.clone(),
        seed: arguments.seed,
        seek: arguments.seek.unwrap_or_else(|| demo::scenario::opening(&arguments.scenario)),
        speed: arguments.speed,
        anchor,
        faults,
        port_base: arguments.port_base,
        broken_propagation: arguments.broken_propagation,
    })
}

/// What was asked for does not exist, or it exists and something is in its way.
fn not_started(error: StartError) -> io::Error {
    match error {
        StartError::Scenario { .. } | StartError::Ports(_) => io::Error::new(io::ErrorKind::InvalidInput, error),
        StartError::Listen { .. } => io::Error::other(error),
    }
}
