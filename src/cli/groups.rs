//! A promise for each value of some labels becomes one SLO a value: the server is asked once, at the start.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::config::Config;
use crate::domain::slo::{MOST_MEMBERS, Slo, member, roll_call};
use crate::domain::{Symbol, Timestamp};
use crate::port::Metrics;

/// The start waits no longer for a slow server: the whole is shown instead of its members.
const PATIENCE: Duration = Duration::from_secs(5);

/// The SLOs in the order of the config, each group replaced by its members. What cannot be split stays whole, and
/// `problems` says why.
pub(super) async fn expanded(
    config: &Config,
    servers: &[Arc<dyn Metrics>],
    now: Timestamp,
    problems: &mut Vec<String>,
) -> Vec<Slo> {
    let asked = config.slos.iter().map(|slo| async move {
        let group = config.groups.iter().find(|group| group.slo == slo.name)?;
        Some(members(slo, &group.by, servers, now).await)
    });
    let mut slos = Vec::new();
    for (slo, members) in config.slos.iter().zip(join_all(asked).await) {
        match members {
            None => slos.push(slo.clone()),
            Some(Ok((members, more))) => {
                if more > 0 {
                    let names = format!("{} has {more} members more than the {MOST_MEMBERS} shown", slo.name);
                    problems.push(format!("{names}; narrow its selector"));
                }
                slos.extend(members);
            }
            Some(Err(why)) => {
                problems.push(format!("{}: shown as a whole, not by its labels: {why}", slo.name));
                slos.push(slo.clone());
            }
        }
    }
    slos
}

/// The members by name, and how many there are beyond [`MOST_MEMBERS`].
async fn members(
    slo: &Slo,
    by: &[Symbol],
    servers: &[Arc<dyn Metrics>],
    now: Timestamp,
) -> Result<(Vec<Slo>, usize), String> {
    let asked = roll_call(&slo.sli, by).ok_or("its total names no metric with {{.group}}")?;
    let named = |server: &&Arc<dyn Metrics>| slo.source.as_ref().is_none_or(|source| server.name() == source);
    let server = servers.iter().find(named).ok_or("no metrics server")?;
    let answer = match tokio::time::timeout(PATIENCE, server.instant(&asked, now)).await {
        Err(_) => return Err(format!("no answer within {} s; start again to try again", PATIENCE.as_secs())),
        Ok(Err(failure)) => return Err(format!("{failure}; start again to try again")),
        Ok(Ok(answer)) => answer,
    };
    let value = |series: &crate::domain::signal::Series, label: &Symbol| {
        series.labels.get(label).cloned().unwrap_or_else(|| Symbol::from(""))
    };
    let combinations: BTreeSet<Vec<Symbol>> =
        answer.series.iter().map(|series| by.iter().map(|label| value(series, label)).collect()).collect();
    if combinations.is_empty() {
        return Err("the server knows no series of it".to_owned());
    }
    let more = combinations.len().saturating_sub(MOST_MEMBERS);
    let one = |values: Vec<Symbol>| member(slo, &by.iter().cloned().zip(values).collect::<Vec<_>>());
    Ok((combinations.into_iter().take(MOST_MEMBERS).map(one).collect(), more))
}
