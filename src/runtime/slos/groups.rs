//! A promise for each value of some labels: its members are asked for at the start and then each minute, and a new one
//! becomes a gauge without a restart. Who is shown is `domain::slo::Roll`'s to say.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::super::means::{Means, SELDOM, pause, report};
use super::burn::server;
use super::{is_counted, watch_burn, watch_period};
use crate::domain::slo::{MOST_MEMBERS, News, Roll, Slo, roll_call};
use crate::domain::{Symbol, Timestamp};
use crate::port::Metrics;
use crate::room::Fact;

/// Asks once who there is.
///
/// # Errors
/// Why there are no members, in words.
pub async fn call(
    roll: &mut Roll,
    servers: &[Arc<dyn Metrics>],
    now: Timestamp,
    patience: Duration,
) -> Result<News, String> {
    let (whole, by) = (&roll.grouped().whole, &roll.grouped().by);
    let asked = roll_call(&whole.sli, by).ok_or("its total names no metric with {{.group}}")?;
    let named = |server: &&Arc<dyn Metrics>| whole.source.as_ref().is_none_or(|source| server.name() == source);
    let server = servers.iter().find(named).ok_or("no metrics server")?;
    let answer = match tokio::time::timeout(patience, server.instant(&asked, now)).await {
        Err(_) => return Err(format!("no answer within {} s", patience.as_secs())),
        Ok(Err(failure)) => return Err(failure.to_string()),
        Ok(Ok(answer)) => answer,
    };
    if answer.series.is_empty() {
        return Err("the server knows no series of it".to_owned());
    }
    Ok(roll.take(&answer))
}

/// What is said of members that are not shown; `None` while all are.
#[must_use]
pub fn left_out_words(name: &str, left_out: usize) -> Option<String> {
    let more = format!("{name} has {left_out} members more than the {MOST_MEMBERS} shown; narrow its selector");
    (left_out > 0).then_some(more)
}

/// Starts all that reads one SLO.
pub(in crate::runtime) fn follow(polls: &mut JoinSet<()>, means: &Means, slo: &Arc<Slo>) {
    let asker = |what: &str| Means { asker: Symbol::from(format!("{what} {}", slo.name)), ..means.clone() };
    let whole = is_counted(slo).then(|| {
        let (tell, whole) = tokio::sync::watch::channel(None);
        polls.spawn(watch_period(asker("period of"), Arc::clone(slo), tell));
        whole
    });
    polls.spawn(watch_burn(asker("slo"), Arc::clone(slo), whole));
}

/// Looks for new members; what reads them ends with this. `whole` is what is shown in their place, if it is.
pub(in crate::runtime) async fn watch(means: Means, mut roll: Roll, whole: Option<Arc<Slo>>) {
    let mut in_their_place = JoinSet::new();
    if let Some(whole) = &whole {
        follow(&mut in_their_place, &means, whole);
    }
    let mut members = JoinSet::new();
    let Some(server) = server(&means.ports, &roll.grouped().whole).map(Arc::clone) else {
        // Nobody can be asked; the whole goes on to say so.
        in_their_place.join_all().await;
        return;
    };
    let name = roll.grouped().whole.name.clone();
    let mut failed = 0;
    let mut failure = None;
    loop {
        pause(&means, server.name(), SELDOM, failed, failure.as_ref()).await;
        let Some(asked) = roll_call(&roll.grouped().whole.sli, &roll.grouped().by) else {
            in_their_place.join_all().await;
            return;
        };
        let began = Instant::now();
        let outcome = server.instant(&asked, means.ports.clock.now()).await;
        report(&means, server.name(), outcome.as_ref().map(|_| began.elapsed())).await;
        failed = if outcome.is_ok() { 0 } else { failed + 1 };
        failure = outcome.as_ref().err().cloned();
        let Ok(answer) = outcome else { continue };
        let news = roll.take(&answer);
        if let Some(words) = news.left_out.and_then(|left_out| left_out_words(&name, left_out)) {
            means.inbox.send(Fact::Notice(words)).await;
        }
        if news.joined.is_empty() {
            continue;
        }
        if news.instead_of_whole {
            in_their_place.abort_all();
        }
        let slos: Vec<Arc<Slo>> = news.joined.into_iter().map(Arc::new).collect();
        let instead_of = news.instead_of_whole.then(|| name.clone());
        means.inbox.send(Fact::Joined { slos: slos.clone(), instead_of }).await;
        for slo in &slos {
            follow(&mut members, &means, slo);
        }
    }
}
