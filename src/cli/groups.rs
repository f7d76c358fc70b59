//! A promise for each value of some labels becomes one SLO a value: the server is asked at the start, so that the first
//! frame has them; new ones come while the program runs (`runtime`).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::slo::{Grouped, Roll, Slo};
use crate::port::Metrics;
use crate::runtime::{call_roll, left_out_words};

/// The start waits no longer for a slow server: the whole is shown instead of its members.
const PATIENCE: Duration = Duration::from_secs(5);

/// The SLOs in the order of the config, each group replaced by its members, and the groups. What cannot be split stays
/// whole, and `problems` says why.
pub(super) async fn expanded(
    config: &Config,
    servers: &[Arc<dyn Metrics>],
    now: Timestamp,
    problems: &mut Vec<String>,
) -> (Vec<Slo>, Vec<Grouped>) {
    let grouped = |slo: &Slo| {
        let group = config.groups.iter().find(|group| group.slo == slo.name)?;
        Some(Grouped { whole: slo.clone(), by: group.by.clone() })
    };
    let asked = config.slos.iter().map(|slo| async {
        let grouped = grouped(slo)?;
        let mut roll = Roll::new(grouped.clone(), BTreeSet::new());
        Some((grouped, call_roll(&mut roll, servers, now, PATIENCE).await))
    });
    let (mut slos, mut groups) = (Vec::new(), Vec::new());
    for (slo, members) in config.slos.iter().zip(join_all(asked).await) {
        match members {
            None => slos.push(slo.clone()),
            Some((grouped, Ok(news))) => {
                problems.extend(news.left_out.and_then(|left_out| left_out_words(&slo.name, left_out)));
                slos.extend(news.joined);
                groups.push(grouped);
            }
            Some((grouped, Err(why))) => {
                problems.push(format!("{}: shown as a whole, not yet by its labels: {why}", slo.name));
                slos.push(slo.clone());
                groups.push(grouped);
            }
        }
    }
    (slos, groups)
}
