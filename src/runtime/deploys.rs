//! Finds deploys in the metrics: a version of a service that was not there before. Not a deploy's log or its author.

use std::collections::BTreeMap;
use std::time::Duration;

use super::means::{Means, SELDOM, pause};
use crate::domain::signal::Answer;
use crate::domain::{Symbol, Timestamp, Window};
use crate::room::{Deploy, Fact};

/// Changes before this are not on any screen of tonight.
const BACK: Duration = Duration::from_secs(12 * 3_600);
const STEP: Duration = Duration::from_secs(60);

pub(super) async fn watch(means: Means, query: String) {
    loop {
        let Some(server) = means.ports.metrics.first() else { return };
        let window = Window::ending(means.ports.clock.now().floor_to(STEP), BACK);
        let answer = server.range(&query, window, STEP).await;
        let failure = match answer {
            Ok(answer) => {
                means.inbox.send(Fact::Deploys(found(&answer, window))).await;
                None
            }
            Err(failure) => Some(failure),
        };
        pause(&means, server.name(), SELDOM, u32::from(failure.is_some()) * 5, failure.as_ref()).await;
    }
}

/// A version counts as deployed when its first sample is later than the window's start and the service had another one
/// before; a service that is new altogether is not a change of version.
fn found(answer: &Answer, window: Window) -> Vec<Deploy> {
    let mut versions: BTreeMap<Symbol, Vec<(Timestamp, Symbol)>> = BTreeMap::new();
    for series in &answer.series {
        let service = series.labels.first_of(&["service_name", "service", "job", "app"]);
        let version = series.labels.first_of(&["service_version", "version"]);
        let first = series.samples.iter().find(|sample| sample.value > 0.0);
        if let (Some(service), Some(version), Some(first)) = (service, version, first) {
            versions.entry(service.clone()).or_default().push((first.time, version.clone()));
        }
    }
    let mut deploys = Vec::new();
    for (service, mut seen) in versions {
        seen.sort();
        for pair in seen.windows(2) {
            if let [(_, previous), (at, version)] = pair
                && *at > window.start
                && previous != version
            {
                deploys.push(Deploy {
                    service: service.clone(),
                    version: version.clone(),
                    previous: Some(previous.clone()),
                    at: *at,
                });
            }
        }
    }
    deploys.sort_by_key(|deploy| deploy.at);
    deploys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::signal::{Sample, Series};

    fn series(service: &str, version: &str, minutes: std::ops::Range<i64>) -> Series {
        let sample = |minute| Sample { time: Timestamp::from_seconds(minute * 60), value: 1.0 };
        let labels = [("service_name", service), ("service_version", version)].into_iter().collect();
        Series { labels, samples: minutes.map(sample).collect() }
    }

    #[test]
    fn a_new_version_is_a_deploy_and_a_new_service_is_not() {
        let answer = Answer {
            series: vec![
                series("pricing", "2.14.0", 30..60),
                series("pricing", "2.13.4", 0..31),
                series("geo", "1.0.0", 20..60),
            ],
            warnings: Vec::new(),
        };
        let window = Window { start: Timestamp::EPOCH, end: Timestamp::from_seconds(3_600) };
        let deploys = found(&answer, window);
        assert_eq!(deploys.len(), 1);
        assert_eq!(deploys[0].version, "2.14.0");
        assert_eq!(deploys[0].previous.as_deref(), Some("2.13.4"));
        assert_eq!(deploys[0].at, Timestamp::from_seconds(30 * 60));
    }
}
