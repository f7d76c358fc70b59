//! Asks the servers that know what was changed: marks on dashboards, and silences. Versions in the metrics are `series.rs`.

use std::time::Duration;

use tokio::time::Instant;

use super::super::means::{Means, SELDOM, patiently, pause, report};
use crate::domain::{Symbol, Window};
use crate::room::Fact;

/// Changes before this are not on any screen of tonight.
const BACK: Duration = Duration::from_secs(12 * 3_600);
/// More marks in twelve hours than this are noise, not changes.
const MOST: usize = 500;

/// The marks of one server, again and again; it tells the header how the server is.
pub(in crate::runtime) async fn marks(means: Means, index: usize) {
    let mut failed = 0;
    loop {
        let Some(server) = means.ports.changes.get(index) else { return };
        let asked = Instant::now();
        let window = Window::ending(means.ports.clock.now(), BACK);
        let failure = match patiently(&means, server.name(), server.changes(window, MOST)).await {
            Ok(changes) => {
                failed = 0;
                report(&means, server.name(), Ok(asked.elapsed())).await;
                means.inbox.send(Fact::Changes { source: server.name().clone(), changes }).await;
                None
            }
            Err(failure) => {
                failed += 1;
                report(&means, server.name(), Err(&failure)).await;
                Some(failure)
            }
        };
        pause(&means, server.name(), interval(&means), failed, failure.as_ref()).await;
    }
}

/// The silences of one alert server. How that server is, the question for its alerts tells.
pub(in crate::runtime) async fn silences(means: Means, index: usize) {
    let mut failed = 0;
    loop {
        let Some(server) = means.ports.alerts.get(index) else { return };
        let failure = match server.silences().await {
            Ok(changes) => {
                failed = 0;
                let source = Symbol::from(format!("{} silences", server.name()));
                means.inbox.send(Fact::Changes { source, changes }).await;
                None
            }
            Err(failure) => {
                failed += 1;
                Some(failure)
            }
        };
        pause(&means, server.name(), interval(&means), failed, failure.as_ref()).await;
    }
}

/// On a clock that runs faster, changes come faster.
fn interval(means: &Means) -> Duration {
    SELDOM.div_f64(means.ports.clock.speed().clamp(1.0, 6.0))
}
