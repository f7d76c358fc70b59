//! What changed, as every simulated server shows it: marks, series of services, clusters and builds, spans, lines. One deploy
//! that all of them show is one change.

use std::time::Duration;

use secrecy::SecretString;
use warroom::backend::{Credential, Grafana, Loki, Prometheus, Tempo};
use warroom::demo::api::grafana::TOKEN;
use warroom::demo::{Options, Running, Target, start};
use warroom::domain::incident::{
    ASKED, Change, ChangeKind, Place, Sighting, Telling, Versions, merged, seen_in_words, suspects,
};
use warroom::domain::signal::Value;
use warroom::domain::{Symbol, Timestamp, Window};
use warroom::port::{Changes, Logs, Metrics, Search, Traces};

use super::stage::{IMPACT, at, door};

const DEPLOYS: &str = "count by (service_name, service_version) (target_info)";

async fn play(scenario: &str, seek: u32) -> Running {
    let options = Options {
        scenario: scenario.into(),
        seed: 42,
        seek: f64::from(seek),
        speed: 0.0,
        anchor: Some(IMPACT),
        faults: Vec::new(),
        port_base: None,
        broken_propagation: false,
    };
    start(&options).await.expect("a demo")
}

fn hour(now: Timestamp) -> Window {
    Window::ending(now, Duration::from_secs(3_900))
}

async fn in_series(demo: &Running, now: Timestamp) -> Vec<Change> {
    let metrics = Prometheus::connect(door(demo, Target::Prometheus)).expect("a client");
    let mut found = Vec::new();
    for (query, telling) in [(DEPLOYS, Telling::configured(DEPLOYS))].into_iter().chain(ASKED) {
        let answer = metrics.range(query, hour(now), Duration::from_secs(60)).await.expect(query);
        assert!(!answer.series.is_empty(), "{query}");
        found.extend(telling.changes(&answer, hour(now), &"mimir".into()));
    }
    found
}

async fn in_lines(demo: &Running, now: Timestamp) -> (Vec<Change>, usize) {
    let loki = Loki::connect(door(demo, Target::Loki)).expect("a client");
    let (mut versions, mut looks) = (Versions::default(), 0);
    let mut next = vec![hour(now).start, now];
    while let Some(at) = next.pop().or_else(|| versions.next_look(Duration::from_secs(60))) {
        let seen = loki.versions(Window::ending(at, Duration::from_secs(30))).await.expect("versions");
        assert!(seen.len() >= 15, "{seen:?}");
        versions.look(at, &seen);
        looks += 1;
    }
    (versions.changes(1, &Sighting { source: "loki".into(), place: Place::Lines }), looks)
}

async fn in_spans(demo: &Running, now: Timestamp) -> Vec<Change> {
    let tempo = Tempo::connect(door(demo, Target::Tempo)).expect("a client");
    let mut versions = Versions::default();
    let search = Search { service: Some("pricing".into()), ..Search::default() };
    for part in 0..8_u32 {
        let window = Window::ending(now.minus(Duration::from_secs(480) * part), Duration::from_secs(480));
        for row in tempo.search(&search, window, 12).await.expect("rows").rows {
            for span in tempo.trace(row.trace, None).await.expect("a trace").spans {
                if let Some(version) = span.attribute("service.version").and_then(Value::as_text) {
                    versions.see(row.start, &span.service, &Symbol::from(version));
                }
            }
        }
    }
    versions.changes(8, &Sighting { source: "tempo".into(), place: Place::Spans })
}

async fn in_marks(demo: &Running, now: Timestamp) -> Vec<Change> {
    let mut endpoint = door(demo, Target::Grafana);
    endpoint.credential = Some(Credential::Bearer(SecretString::from(TOKEN.to_owned())));
    let grafana = Grafana::connect(endpoint).expect("a client");
    grafana.changes(hour(now), 500).await.expect("marks")
}

#[tokio::test]
async fn one_deploy_that_every_server_shows_is_one_suspect() {
    let demo = play("lost-orders", 360).await;
    let now = at(360);
    let (lines, looks) = in_lines(&demo, now).await;
    assert!((3..=9).contains(&looks), "{looks} questions for one change: {lines:?}");
    let spans = in_spans(&demo, now).await;
    let told = [in_series(&demo, now).await, lines, spans, in_marks(&demo, now).await];
    for (place, found) in ["series", "lines", "spans", "marks"].into_iter().zip(&told) {
        let versions: Vec<Option<&str>> = found.iter().map(|change| change.version.as_deref()).collect();
        assert!(!found.is_empty() && versions.iter().all(|version| *version == Some("2.14.0")), "{place}: {found:?}");
    }
    let changes = merged(told.iter().flatten());
    let first = suspects(&changes, IMPACT, Some("pricing"));
    assert_eq!(first.len(), 1, "{changes:?}");
    assert_eq!((first[0].service.as_deref(), first[0].previous.as_deref()), (Some("pricing"), Some("2.13.4")));
    let seen = seen_in_words(&first[0].seen);
    let places = ["lab mark", "app_build_info", "kube_pod_container_info", "target_info", "tempo spans", "loki lines"];
    for place in places {
        assert!(seen.contains(place), "{place}: {seen}");
    }
    assert!(IMPACT.elapsed_since(first[0].at) >= Duration::from_secs(1_190), "{first:?}");
    assert!(first[0].is_first_suspect(IMPACT));
    demo.stop().await;
}

#[tokio::test]
async fn an_innocent_deploy_is_seen_too_and_the_flag_comes_before_it() {
    let demo = play("slow-booking", 34 * 60).await;
    let now = at(34 * 60);
    let told = [in_series(&demo, now).await, in_marks(&demo, now).await];
    let changes = merged(told.iter().flatten());
    let order: Vec<(ChangeKind, usize)> =
        suspects(&changes, IMPACT, Some("booking")).iter().map(|change| (change.kind, change.seen.len())).collect();
    assert_eq!(order, [(ChangeKind::Flag, 1), (ChangeKind::Deploy, 4)]);
    demo.stop().await;
}
