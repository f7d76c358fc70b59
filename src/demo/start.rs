//! A whole demo: a company, its six servers, and the configuration that connects to them. Not the scenarios.

use std::fmt::Write;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use chrono::Utc;
use tokio::net::TcpListener;

use super::api;
use super::api::loki::Limits;
use super::company::Company;
use super::fault::{self, Fault, FaultKind, Flooded, Schedule, Target};
use super::scenario;
use super::server::Server;
use super::site::{Clock, Site};
use super::unlinked::Unlinked;
use crate::domain::Timestamp;

/// What the demo is asked to be.
#[derive(Clone, Debug)]
pub struct Options {
    pub scenario: String,
    pub seed: u64,
    /// Seconds from the start of the impact to the moment at which the demo begins; negative: before it.
    pub seek: f64,
    /// Virtual seconds in a real one.
    pub speed: f64,
    /// The start of the impact. `None`: such that the demo's beginning is the present.
    pub anchor: Option<Timestamp>,
    pub faults: Vec<Fault>,
    /// `N` for the first server, `N + 1` for the next, .., in the order of [`Target::ALL`]. `None`: free ports.
    pub port_base: Option<u16>,
    /// The company as it was before it propagated its trace context everywhere.
    pub broken_propagation: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on 127.0.0.1:{port} for {}: {source}\n  is another demo running? leave out --port-base to get free ports", .target.name())]
    Listen { target: Target, port: u16, source: io::Error },
    #[error("there is no scenario {name:?}\n  scenarios: {}", scenario::NAMES.join(", "))]
    Scenario { name: String },
    #[error("--port-base {0} leaves no room for six ports below 65536")]
    Ports(u16),
}

/// Base URLs, `http://127.0.0.1:PORT`, without a slash at their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    pub prometheus: String,
    pub loki: String,
    pub tempo: String,
    pub jaeger: String,
    pub alertmanager: String,
    pub grafana: String,
}

impl Urls {
    #[must_use]
    pub fn of(&self, target: Target) -> &str {
        match target {
            Target::Prometheus => &self.prometheus,
            Target::Loki => &self.loki,
            Target::Tempo => &self.tempo,
            Target::Jaeger => &self.jaeger,
            Target::Alertmanager => &self.alertmanager,
            Target::Grafana => &self.grafana,
        }
    }
}

/// Six servers that answer. Dropping it ends them.
pub struct Running {
    pub site: Arc<Site>,
    pub urls: Urls,
    servers: Vec<Server>,
}

impl Running {
    /// The text of a complete `config.toml` for these servers and this company.
    #[must_use]
    pub fn config(&self) -> String {
        config(self.site.company.as_ref(), |target| self.urls.of(target))
    }

    /// Ends the servers; answers under way get a second.
    pub async fn stop(self) {
        let ends = self.servers.into_iter().map(Server::stop);
        futures_util::future::join_all(ends).await;
    }
}

fn config<'a>(company: &dyn Company, url: impl Fn(Target) -> &'a str) -> String {
    let mut text = String::new();
    for target in Target::ALL {
        let (name, url) = (target.name(), url(target));
        // Writing to a string cannot fail.
        let _ = write!(text, "[[source]]\nkind = \"{name}\"\nname = \"{name}\"\nurl = \"{url}\"\n");
        // Nobody else asks them.
        text.push_str("queries_per_minute = 60000\n");
        if target == Target::Grafana {
            let _ = writeln!(text, "token_command = [\"echo\", \"{}\"]", api::grafana::TOKEN);
        }
        text.push('\n');
    }
    text + &company.config()
}

/// The configuration as it is before the servers have places of their own: what a first frame can show of them.
///
/// # Errors
/// A scenario that does not exist.
pub fn outline(options: &Options) -> Result<String, StartError> {
    let now = Timestamp::from_utc(Utc::now());
    let company = scenario::by_name(&options.scenario, options.seed, impact_start(options, now));
    let company = company.ok_or_else(|| StartError::Scenario { name: options.scenario.clone() })?;
    Ok(config(company.as_ref(), |_| "http://127.0.0.1:1"))
}

/// The start of the impact that the options ask for: with an anchor that moment, without one such that the demo begins
/// now. It lies on a multiple of 15 s, as the company's scrapes do, so without an anchor the demo begins up to 15 s
/// further into the scenario than `seek` says.
#[must_use]
pub fn impact_start(options: &Options, now: Timestamp) -> Timestamp {
    let scrape = std::time::Duration::from_secs(15);
    options.anchor.unwrap_or_else(|| seconds_after(now, -options.seek).floor_to(scrape))
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
fn seconds_after(moment: Timestamp, seconds: f64) -> Timestamp {
    moment.shifted((seconds * 1e9) as i64)
}

/// Starts the company and the servers that the options name.
///
/// # Errors
/// A scenario that does not exist, a port that is taken or does not exist.
pub async fn start(options: &Options) -> Result<Running, StartError> {
    let now = Timestamp::from_utc(Utc::now());
    let company = scenario::by_name(&options.scenario, options.seed, impact_start(options, now));
    let company = company.ok_or_else(|| StartError::Scenario { name: options.scenario.clone() })?;
    if options.broken_propagation {
        return start_company(Arc::new(Unlinked::new(company)), options, now).await;
    }
    start_company(company, options, now).await
}

/// Starts the servers of a company whose impact starts at [`impact_start`]; `now` is the real present.
///
/// # Errors
/// A port that is taken or does not exist.
pub async fn start_company(
    company: Arc<dyn Company>,
    options: &Options,
    now: Timestamp,
) -> Result<Running, StartError> {
    let begin = match options.anchor {
        Some(_) => seconds_after(company.impact_start(), options.seek),
        None => now,
    };
    let listeners = listen(options.port_base).await?;
    let site = Arc::new(Site { company, clock: Clock::new(begin, options.speed) });
    let mut servers = Vec::new();
    for (target, listener) in listeners {
        let schedule = Schedule::new(target, site.clock, &options.faults);
        let router = fault::wrap(router(target, &site, &options.faults), schedule.clone());
        let server = Server::serve(listener, router, schedule);
        servers.push(server.map_err(|source| StartError::Listen { target, port: 0, source })?);
    }
    let url = |target: Target| {
        let at = Target::ALL.iter().position(|known| *known == target);
        at.and_then(|at| servers.get(at)).map(Server::url).unwrap_or_default()
    };
    let urls = Urls {
        prometheus: url(Target::Prometheus),
        loki: url(Target::Loki),
        tempo: url(Target::Tempo),
        jaeger: url(Target::Jaeger),
        alertmanager: url(Target::Alertmanager),
        grafana: url(Target::Grafana),
    };
    Ok(Running { site, urls, servers })
}

fn router(target: Target, site: &Arc<Site>, faults: &[Fault]) -> Router {
    let site = site.clone();
    match target {
        Target::Loki => api::loki::router_with(flooded(site, faults), tail_limits(faults)),
        Target::Tempo => api::tempo::router(site),
        Target::Jaeger => api::jaeger::router(site),
        Target::Prometheus => api::prometheus::router(site),
        Target::Alertmanager => api::alertmanager::router(site),
        Target::Grafana => api::grafana::router(site),
    }
}

/// The site with the noise of its floods, one inside the other.
fn flooded(site: Arc<Site>, faults: &[Fault]) -> Arc<Site> {
    let start = site.clock.anchor();
    faults.iter().fold(site, |site, fault| match fault.kind {
        FaultKind::Flood(rate) => {
            let company = Flooded::new(site.company.clone(), rate, start, fault.from, fault.until);
            Arc::new(Site { company: Arc::new(company), clock: site.clock })
        }
        _ => site,
    })
}

fn tail_limits(faults: &[Fault]) -> Limits {
    let longest = faults.iter().find_map(|fault| match fault.kind {
        FaultKind::Disconnect(longest) => Some(longest),
        _ => None,
    });
    let limits = Limits::default();
    Limits { longest_tail: longest.unwrap_or(limits.longest_tail), ..limits }
}

async fn listen(base: Option<u16>) -> Result<Vec<(Target, TcpListener)>, StartError> {
    let mut listeners = Vec::new();
    for (target, offset) in Target::ALL.into_iter().zip(0..) {
        let port = match base {
            Some(base) => base.checked_add(offset).ok_or(StartError::Ports(base))?,
            None => 0,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        listeners.push((target, listener.map_err(|source| StartError::Listen { target, port, source })?));
    }
    Ok(listeners)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    fn options() -> Options {
        Options {
            scenario: "fixture".to_owned(),
            seed: 42,
            seek: 720.0,
            speed: 0.0,
            anchor: Timestamp::parse_rfc3339("2026-03-13T17:30:00Z"),
            faults: Vec::new(),
            port_base: None,
            broken_propagation: false,
        }
    }

    async fn start_fixture(options: &Options) -> Result<Running, StartError> {
        start_company(Arc::new(Fixture::default()), options, Timestamp::from_seconds(1_800_000_000)).await
    }

    #[tokio::test]
    async fn six_servers_answer_at_the_wanted_moment_and_end() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let running = start_fixture(&options()).await.expect("a start");
        assert_eq!(running.site.clock.now().to_rfc3339(), "2026-03-13T17:42:00Z");
        let mut urls: Vec<&str> = Target::ALL.iter().map(|target| running.urls.of(*target)).collect();
        for url in &urls {
            assert!(reqwest::get(format!("{url}/ready")).await.is_ok(), "{url}");
        }
        urls.sort_unstable();
        urls.dedup();
        assert_eq!(urls.len(), 6);
        let config: toml::Table = running.config().parse().expect("TOML");
        assert_eq!(config["source"].as_array().map(Vec::len), Some(6));
        assert_eq!(config["source"][1]["kind"].as_str(), Some("loki"));
        assert!(config.contains_key("services"), "the company's own part");
        let loki = running.urls.loki.clone();
        running.stop().await;
        assert!(reqwest::get(format!("{loki}/ready")).await.is_err());
    }

    #[test]
    fn without_an_anchor_it_is_now() {
        let now = Timestamp::parse_rfc3339("2026-11-22T14:00:07Z").expect("a time");
        let options = Options { anchor: None, seek: 60.0, ..options() };
        assert_eq!(impact_start(&options, now).to_rfc3339(), "2026-11-22T13:59:00Z");
        let before = Options { seek: -60.0, ..options };
        assert_eq!(impact_start(&before, now).to_rfc3339(), "2026-11-22T14:01:00Z");
    }

    #[tokio::test]
    async fn a_scenario_starts_by_its_name_alone() {
        let running = start(&Options { scenario: scenario::NAMES[0].to_owned(), ..options() }).await.expect("a start");
        assert_eq!(running.site.company.name(), scenario::NAMES[0]);
        assert_eq!(running.site.clock.now().since(running.site.company.impact_start()), 720_000_000_000);
        let scenario = Options { scenario: scenario::NAMES[0].to_owned(), ..options() };
        let outline: toml::Table = outline(&scenario).expect("a scenario").parse().expect("TOML");
        let config: toml::Table = running.config().parse().expect("TOML");
        assert_eq!(outline["slo"], config["slo"], "all but the places");
        let unknown = start(&options()).await.err().expect("a refusal").to_string();
        assert!(unknown.contains("fixture") && unknown.contains(scenario::NAMES[0]), "{unknown}");
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = taken.local_addr().expect("an address").port();
        let error =
            start_fixture(&Options { port_base: Some(port), ..options() }).await.err().expect("a refusal").to_string();
        assert!(error.contains(&format!("127.0.0.1:{port} for prometheus")), "{error}");
        let beyond = start_fixture(&Options { port_base: Some(65_535), ..options() }).await.err().expect("a refusal");
        assert!(beyond.to_string().contains("65535"), "{beyond}");
    }

    #[tokio::test]
    async fn a_flood_reaches_loki_alone() {
        drop(rustls::crypto::ring::default_provider().install_default());
        let faults = vec!["loki:flood=20/s".parse().expect("a fault")];
        let running = start_fixture(&Options { faults, speed: 1_000.0, ..options() }).await.expect("a start");
        let url = format!("{}/loki/api/v1/label/service_name/values", running.urls.loki);
        loop {
            let answer = reqwest::get(&url).await.expect("an answer").text().await.expect("text");
            if answer.contains("load-generator") {
                break;
            }
            assert!(running.site.clock.elapsed().as_secs() < 10_000, "no noise: {answer}");
        }
        assert!(
            running
                .site
                .company
                .lines(crate::domain::Window { start: Timestamp::EPOCH, end: running.site.clock.now() })
                .is_empty()
        );
    }
}
