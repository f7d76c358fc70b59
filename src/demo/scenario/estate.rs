//! Where the simulated services run: pods, nodes, versions over time, and the resource attributes that follow from them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::demo::Annotation;
use crate::demo::rng::fnv1a64;
use crate::domain::Timestamp;
use crate::domain::signal::{Attributes, Value};

/// Minutes.
pub(super) const DAY: f64 = 1_440.0;
/// Every service runs this many pods.
pub(super) const PODS: u64 = 3;
/// What the collector adds to the metadata of every line: the version of whoever wrote it.
pub(super) const VERSION: &str = "service_version";
/// The scrape interval of every metric.
pub(super) const SCRAPE_SECONDS: i64 = 15;

/// A service, a version, a pod, a namespace.
type Process = (&'static str, &'static str, u64, &'static str);
/// The attributes of every process that was met: a few pods and versions a service.
static MADE: Mutex<BTreeMap<Process, Arc<Attributes>>> = Mutex::new(BTreeMap::new());

/// A service and the versions that it ran: `(minute since T0, version)`, oldest first; the first holds since ever.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) versions: &'static [(f64, &'static str)],
    /// Every pod runs on this node; `None` spreads them.
    pub(super) node: Option<&'static str>,
}

impl Service {
    pub(super) fn version(&self, minute: f64) -> &'static str {
        let current = self.versions.iter().rev().find(|(since, _)| *since <= minute);
        current.or(self.versions.first()).map_or("1.0.0", |(_, version)| version)
    }

    /// `pricing-7d9c4b66f-x2`, with a new middle for every version, as a deployment gives.
    pub(super) fn pod(&self, index: u64, version: &str) -> String {
        let hash = fnv1a64(format!("{}{version}", self.name).as_bytes());
        format!("{}-{:09x}-{:05x}", self.name, hash & 0xf_ffff_ffff, (hash >> 20).wrapping_add(index) & 0xf_ffff)
    }

    /// The node of the `index`-th pod.
    pub(super) fn node(&self, index: u64) -> &'static str {
        const SPREAD: [&str; 5] = ["ip-10-2-1", "ip-10-2-2", "ip-10-2-4", "ip-10-2-5", "ip-10-2-6"];
        let spread = SPREAD.get(spread_index(self.name, index)).copied().unwrap_or("ip-10-2-1");
        self.node.unwrap_or(spread)
    }

    /// What all spans of one process carry; made once, since every span of every trace that is looked through has it.
    pub(super) fn resource(&self, index: u64, minute: f64, namespace: &'static str) -> Arc<Attributes> {
        let version = self.version(minute);
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let attributes = || Arc::new(self.attributes(index, version, namespace));
        Arc::clone(made.entry((self.name, version, index, namespace)).or_insert_with(attributes))
    }

    fn attributes(&self, index: u64, version: &str, namespace: &str) -> Attributes {
        let node = self.node(index);
        let zone = if index.is_multiple_of(2) { "eu-west-3a" } else { "eu-west-3b" };
        vec![
            pair("service.name", self.name),
            pair("service.version", version),
            pair("service.namespace", namespace),
            pair("k8s.namespace.name", namespace),
            pair("k8s.pod.name", &self.pod(index, version)),
            pair("k8s.node.name", node),
            pair("host.name", node),
            pair("cloud.availability_zone", zone),
            pair("deployment.environment.name", "production"),
        ]
    }
}

fn spread_index(name: &str, index: u64) -> usize {
    (fnv1a64(name.as_bytes()).wrapping_add(index) % 5) as usize
}

pub(super) fn pair(key: &str, value: &str) -> (crate::domain::Symbol, Value) {
    (key.into(), Value::Text(value.into()))
}

/// The deploys of these services as a pipeline marks them, oldest first.
pub(super) fn deploys(services: &[Service], impact_start: Timestamp) -> Vec<Annotation> {
    let mut marks = Vec::new();
    for service in services {
        for pair in service.versions.windows(2) {
            let [(_, before), (minute, version)] = pair else { continue };
            marks.push(Annotation {
                at: moment(*minute, impact_start),
                until: None,
                text: format!("{} {before} → {version}", service.name),
                tags: vec!["deploy".to_owned(), format!("service:{}", service.name), format!("version:{version}")],
                author: "ci",
            });
        }
    }
    marks.sort_by_key(|mark| mark.at);
    marks
}

/// Minutes since T0, negative before.
#[expect(clippy::cast_precision_loss, reason = "a float of minutes keeps microseconds over years")]
pub(super) fn minutes(moment: Timestamp, impact_start: Timestamp) -> f64 {
    moment.since(impact_start) as f64 / 60e9
}

/// The moment of a minute since T0.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
pub(super) fn moment(minute: f64, impact_start: Timestamp) -> Timestamp {
    impact_start.shifted((minute * 60e9).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_renames_the_pods_and_keeps_the_nodes() {
        let pricing = Service { name: "pricing", versions: &[(f64::MIN, "2.13.4"), (-20.0, "2.14.0")], node: None };
        assert_eq!((pricing.version(-20.1), pricing.version(-20.0)), ("2.13.4", "2.14.0"));
        assert_ne!(pricing.pod(0, "2.13.4"), pricing.pod(0, "2.14.0"));
        let start = Timestamp::from_seconds(1_000);
        assert!((minutes(moment(-12.5, start), start) + 12.5).abs() < 1e-9);
    }
}
