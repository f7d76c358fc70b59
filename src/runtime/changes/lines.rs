//! Asks the log servers which versions wrote lines around an impact: at its ends first, and where they differ in the
//! middle, again and again, until the moment is known to a minute. Each look reads half a minute of lines and no more.

use std::time::Duration;

use super::super::means::{Means, pause};
use crate::domain::incident::{LOOKED_BACK, Place, Sighting, Versions};
use crate::domain::{Cause, Failure, Symbol, Timestamp, Window};
use crate::room::Fact;

/// How much of the lines one look reads.
const LOOK: Duration = Duration::from_secs(30);
/// How exactly it is learned when a version began.
const FINEST: Duration = Duration::from_secs(60);
/// Between two looks at the present.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// Looks of one round: three, and six for each of two changes.
const MOST: usize = 15;
/// Moments at which only others were seen, before a version counts as new: each look sees all that wrote.
const PROOF: usize = 1;

/// The versions of one log server's lines; nothing is asked while nothing burns.
pub(in crate::runtime) async fn watch(means: Means, index: usize) {
    let Some(name) = means.ports.logs.get(index).map(|server| server.name().clone()) else { return };
    let source = Symbol::from(format!("{name} lines"));
    let sighting = Sighting { source: name.clone(), place: Place::Lines };
    let mut versions = Versions::default();
    loop {
        means.alarm.rung().await;
        let Some(impact) = means.alarm.since() else { continue };
        // A server that cannot read the question, since it knows no metadata of lines, is asked again as seldom as others.
        let failure = look(&means, index, &mut versions, impact).await.err();
        let failure = failure.filter(|failure| !matches!(failure.cause, Cause::Refused { .. }));
        let changes = versions.changes(PROOF, &sighting);
        if !changes.is_empty() {
            means.inbox.send(Fact::Changes { source: source.clone(), changes }).await;
        }
        let failed = u32::from(failure.is_some()) * 5;
        pause(&means, &name, EVERY, failed, failure.as_ref()).await;
    }
}

/// One round: the ends, then the middles.
async fn look(means: &Means, index: usize, versions: &mut Versions, impact: Timestamp) -> Result<(), Failure> {
    let Some(server) = means.ports.logs.get(index) else { return Ok(()) };
    let now = means.ports.clock.now();
    let mut wanted: Vec<Timestamp> = vec![impact.minus(LOOKED_BACK), impact, now];
    for _ in 0..MOST {
        let Some(at) = wanted.pop().or_else(|| versions.next_look(FINEST)) else { break };
        let at = at.min(now);
        if versions.has_looked(at) {
            continue;
        }
        let seen = server.versions(Window::ending(at, LOOK)).await?;
        versions.look(at, &seen);
    }
    Ok(())
}
