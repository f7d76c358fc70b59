//! Changes that follow from series which say what runs: a version that began, a deployment that was scaled. What is asked
//! for them stands beside how the answer is read. Not spans and lines, which only show what passed by: `versions.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Change, ChangeKind, Place, Sighting};
use crate::domain::signal::{Answer, Sample, Series};
use crate::domain::{Labels, Symbol, Timestamp, Window};

/// A series that was silent for so long had ended: what comes then is a beginning.
const ENDED: Duration = Duration::from_secs(5 * 60);
/// Steps of one scaling follow each other sooner than this; until then it may go on.
const SETTLED: Duration = Duration::from_secs(3 * 60);
/// Names that a container has whatever runs in it; then its image says what it is.
const ANY_CONTAINER: [&str; 6] = ["app", "main", "server", "service", "container", "web"];
const SERVICE: [&str; 5] = ["service_name", "service", "app", "application", "job"];
const VERSION: [&str; 3] = ["service_version", "version", "release"];

/// What a series says, if it says what runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Labels of a service and of its version, on series of this name.
    Versions(Symbol),
    /// The same, on series that tell their own name.
    Builds,
    /// The image of a container.
    Images,
    /// How many pods are wanted.
    Replicas,
}

/// What is asked of every metrics server, beside what its configuration names. One series a combination of labels: their
/// number is that of services times versions, not of pods.
pub const ASKED: [(&str, Telling); 3] = [
    ("count by (namespace, container, image) (kube_pod_container_info)", Telling::Images),
    ("max by (namespace, deployment) (kube_deployment_spec_replicas)", Telling::Replicas),
    ("count by (__name__, service_name, service, app, job, version) ({__name__=~\".+_build_info\"})", Telling::Builds),
];

impl Telling {
    /// Of a PromQL query that counts series with the labels of a service and of its version.
    #[must_use]
    pub fn configured(query: &str) -> Self {
        let innermost = query.rsplit('(').next().unwrap_or_default();
        let name = innermost.split(['{', ')', '[']).next().unwrap_or_default().trim();
        let is_name = !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':'));
        Self::Versions(Symbol::from(if is_name { name } else { "series" }))
    }

    /// What changed within the window, oldest first.
    #[must_use]
    pub fn changes(&self, answer: &Answer, window: Window, source: &Symbol) -> Vec<Change> {
        let mut changes = match self {
            Self::Replicas => answer.series.iter().flat_map(|series| scaled(series, window, source)).collect(),
            Self::Versions(_) | Self::Builds | Self::Images => self.begun(answer, window, source),
        };
        changes.sort_by(|one, other| (one.at, &one.text).cmp(&(other.at, &other.text)));
        changes
    }

    /// A version began when its first sample is later than the window's start and the service had another one before; a
    /// service that is new altogether is no change of version.
    fn begun(&self, answer: &Answer, window: Window, source: &Symbol) -> Vec<Change> {
        // Under the name of the metric and the service: per version the moments at which it ran.
        let mut ran: BTreeMap<(Symbol, Symbol), BTreeMap<Symbol, Vec<Timestamp>>> = BTreeMap::new();
        for series in &answer.series {
            let Some((metric, service, version)) = self.told(&series.labels) else { continue };
            let moments = series.samples.iter().filter(|sample| sample.value > 0.0).map(|sample| sample.time);
            ran.entry((metric, service)).or_default().entry(version).or_default().extend(moments);
        }
        let mut changes = Vec::new();
        for ((metric, service), versions) in &mut ran {
            versions.values_mut().for_each(|moments| moments.sort_unstable());
            for (version, moments) in versions.iter() {
                for (ended, at) in beginnings(moments) {
                    // Where everything was silent and came back, nothing else ran since.
                    let since = ended.unwrap_or(window.start.shifted(-1));
                    let before = last_other(versions, version, since, at);
                    if let Some(previous) = before.filter(|_| at > window.start) {
                        let place = Place::Series(metric.clone());
                        let sighting = Sighting { source: source.clone(), place };
                        let (service, version) = (service.clone(), version.clone());
                        changes.push(Change::of_version(at, service, version, Some(previous.clone()), sighting));
                    }
                }
            }
        }
        changes
    }

    /// The metric, the service and the version of a series.
    fn told(&self, labels: &Labels) -> Option<(Symbol, Symbol, Symbol)> {
        let (metric, service, version) = match self {
            Self::Images => {
                let image = labels.get("image")?;
                let (name, version) = of_image(image)?;
                let container = labels.get("container").map_or("", Symbol::as_str);
                let is_named = !container.is_empty() && !ANY_CONTAINER.contains(&container);
                let service = if is_named { container } else { name };
                ("kube_pod_container_info".into(), Symbol::from(service), Symbol::from(version))
            }
            Self::Versions(_) | Self::Builds => {
                let metric = match self {
                    Self::Versions(name) => name.clone(),
                    _ => labels.get("__name__").cloned().unwrap_or_else(|| "build_info".into()),
                };
                // A job is often `namespace/service`.
                let service = labels.first_of(&SERVICE)?.rsplit('/').next().unwrap_or_default();
                (metric, Symbol::from(service), labels.first_of(&VERSION)?.clone())
            }
            Self::Replicas => return None,
        };
        let says_nothing = matches!(version.as_str(), "" | "(devel)" | "unknown" | "dev");
        (!service.is_empty() && !says_nothing).then_some((metric, service, version))
    }
}

/// Where runs of moments begin, each with the end of the run before it.
fn beginnings(moments: &[Timestamp]) -> Vec<(Option<Timestamp>, Timestamp)> {
    let mut before: Option<Timestamp> = None;
    let mut found = Vec::new();
    for at in moments {
        if before.is_none_or(|before| at.elapsed_since(before) > ENDED) {
            found.push((before, *at));
        }
        before = Some(*at);
    }
    found
}

/// The other version that ran last before a moment, and after another one.
fn last_other<'a>(
    versions: &'a BTreeMap<Symbol, Vec<Timestamp>>,
    version: &Symbol,
    since: Timestamp,
    at: Timestamp,
) -> Option<&'a Symbol> {
    let latest = |moments: &[Timestamp]| moments.iter().rev().find(|moment| **moment < at && **moment > since).copied();
    let others = versions.iter().filter(|(other, _)| *other != version);
    let ran = others.filter_map(|(other, moments)| Some((latest(moments)?, other)));
    ran.max_by_key(|(moment, _)| *moment).map(|(_, other)| other)
}

/// The last part of an image's name, and its tag or else its digest.
fn of_image(image: &str) -> Option<(&str, &str)> {
    let (path, digest) = match image.split_once('@') {
        Some((path, digest)) => (path, Some(digest)),
        None => (image, None),
    };
    let last = path.rsplit('/').next().unwrap_or(path);
    let (name, tag) = match last.rsplit_once(':') {
        Some((name, tag)) => (name, Some(tag)),
        None => (last, None),
    };
    // Enough of a digest to tell two apart.
    let short = digest.and_then(|digest| digest.rsplit(':').next()).map(|hash| hash.get(..12).unwrap_or(hash));
    Some((name, tag.or(short)?))
}

/// Every scaling of one deployment: its steps in one, once it stands still.
fn scaled(series: &Series, window: Window, source: &Symbol) -> Vec<Change> {
    struct Scaling {
        at: Timestamp,
        last: Timestamp,
        from: f64,
        to: f64,
    }
    let mut found: Vec<Scaling> = Vec::new();
    for pair in series.samples.windows(2) {
        let [Sample { value: from, .. }, Sample { time, value: to }] = *pair else { continue };
        // Both are whole numbers of pods; not a number is nobody's wish.
        if !from.is_finite() || !to.is_finite() || (from - to).abs() < 0.5 {
            continue;
        }
        match found.last_mut().filter(|last| time.elapsed_since(last.last) < SETTLED) {
            Some(last) => (last.last, last.to) = (time, to),
            None => found.push(Scaling { at: time, last: time, from, to }),
        }
    }
    let Some(service) = series.labels.first_of(&["deployment", "statefulset", "service"]) else { return Vec::new() };
    let done = found.into_iter().filter(|scaling| {
        (scaling.from - scaling.to).abs() >= 0.5 && window.end.elapsed_since(scaling.last) >= SETTLED
    });
    done.map(|Scaling { at, from, to, .. }| Change {
        at,
        after: None,
        kind: ChangeKind::Scale,
        service: Some(service.clone()),
        version: None,
        previous: None,
        text: format!("{service} {from:.0} → {to:.0} replicas"),
        author: None,
        seen: vec![Sighting { source: source.clone(), place: Place::Series("kube_deployment_spec_replicas".into()) }],
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_seconds(minute * 60)
    }

    fn hour() -> Window {
        Window { start: Timestamp::EPOCH, end: at(60) }
    }

    fn series(labels: &[(&str, &str)], minutes: &[std::ops::Range<i64>]) -> Series {
        let sample = |minute| Sample { time: at(minute), value: 1.0 };
        Series {
            labels: labels.iter().copied().collect(),
            samples: minutes.iter().cloned().flatten().map(sample).collect(),
        }
    }

    fn told(telling: &Telling, series: Vec<Series>) -> Vec<(i64, String, String)> {
        let answer = Answer { series, ..Answer::default() };
        let changes = telling.changes(&answer, hour(), &"mimir".into());
        changes
            .iter()
            .map(|change| (change.at.seconds() / 60, change.text.clone(), change.seen[0].to_string()))
            .collect()
    }

    #[test]
    fn a_new_version_is_a_change_and_a_new_service_is_not() {
        let telling = Telling::configured("count by (service_name, service_version) (target_info{env=\"prod\"})");
        let of = |service, version, minutes| {
            series(&[("service_name", service), ("service_version", version)], slice::from_ref(&minutes))
        };
        let found = told(
            &telling,
            vec![of("pricing", "2.14.0", 30..60), of("pricing", "2.13.4", 0..31), of("geo", "1.0.0", 20..60)],
        );
        assert_eq!(found, [(30, "pricing 2.13.4 → 2.14.0".to_owned(), "mimir target_info".to_owned())]);
        assert_eq!(Telling::configured("a + b"), Telling::Versions("series".into()));
    }

    #[test]
    fn going_back_is_a_change_and_a_hole_in_everything_is_none() {
        let telling = Telling::Versions("target_info".into());
        let of = |version, minutes: &[std::ops::Range<i64>]| {
            series(&[("job", "tms/pricing"), ("version", version)], minutes)
        };
        let found = told(&telling, vec![of("1", &[0..20, 40..60]), of("2", slice::from_ref(&(19..41)))]);
        let texts: Vec<(i64, &str)> = found.iter().map(|(at, text, _)| (*at, text.as_str())).collect();
        assert_eq!(texts, [(19, "pricing 1 → 2"), (40, "pricing 2 → 1")]);
        let two = vec![of("1", &[0..20, 40..60]), of("2", &[0..20, 40..60])];
        assert_eq!(told(&telling, two), []);
    }

    #[test]
    fn images_and_build_infos_name_services_each_in_its_way() {
        let image = |container, image, minutes| {
            series(&[("container", container), ("image", image)], slice::from_ref(&minutes))
        };
        let found = told(
            &Telling::Images,
            vec![
                image("pricing", "reg.local:5000/tms/pricing:2.13.4", 0..30),
                image("pricing", "reg.local:5000/tms/pricing:2.14.0@sha256:0011223344556677", 30..60),
                image("app", "reg/label@sha256:aaaaaaaaaaaaaaaa", 0..10),
                image("app", "reg/label@sha256:bbbbbbbbbbbbbbbb", 10..60),
                image("geo", "geo", 5..60),
            ],
        );
        let texts: Vec<&str> = found.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(texts, ["label aaaaaaaaaaaa → bbbbbbbbbbbb", "pricing 2.13.4 → 2.14.0"]);
        let built = |version, minutes| {
            series(
                &[("__name__", "app_build_info"), ("job", "tms/label"), ("version", version)],
                slice::from_ref(&minutes),
            )
        };
        let built = told(&ASKED[2].1, vec![built("1.19.0", 0..30), built("1.19.1", 30..60), built("(devel)", 40..60)]);
        assert_eq!(built, [(30, "label 1.19.0 → 1.19.1".to_owned(), "mimir app_build_info".to_owned())]);
    }

    #[test]
    fn steps_of_one_scaling_are_one_change_once_it_stands() {
        let replicas = |values: &[(i64, f64)]| Series {
            labels: [("deployment", "booking")].into_iter().collect(),
            samples: values.iter().map(|(minute, value)| Sample { time: at(*minute), value: *value }).collect(),
        };
        let found = told(&Telling::Replicas, vec![replicas(&[(0, 3.0), (1, 3.0), (10, 4.0), (11, 6.0), (30, 6.0)])]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1.as_str()), (10, "booking 3 → 6 replicas"));
        assert_eq!(told(&Telling::Replicas, vec![replicas(&[(0, 3.0), (10, 6.0), (11, 3.0)])]), []);
        assert_eq!(told(&Telling::Replicas, vec![replicas(&[(0, 3.0), (58, 6.0)])]), [], "it may go on");
        assert_eq!(told(&Telling::Replicas, vec![replicas(&[(0, f64::NAN), (10, 6.0)])]), []);
    }
}
