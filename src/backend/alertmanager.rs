//! Alertmanager's API v2: what fires now. Not who is paged for it.

use std::time::Instant;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::http::{Ask, Http};
use super::lenient::{self, Pairs, Text};
use super::words;
use crate::domain::incident::{Alert, AlertState, Change, ChangeKind, Place, Sighting};
use crate::domain::{Cause, Failure, Interner, Symbol, Timestamp};
use crate::port::{Alerts, Probe, Reply};

const INTERNED: usize = 10_000;

/// A client of one Alertmanager.
pub struct Alertmanager(Http);

impl Alertmanager {
    /// Connects nothing yet; fails for what can be known without asking: a bad URL, header or certificate.
    ///
    /// # Errors
    /// `Unreachable`, with the reason.
    pub fn connect(endpoint: Endpoint) -> Result<Self, Failure> {
        Http::new(endpoint).map(Self)
    }
}

impl Alerts for Alertmanager {
    fn name(&self) -> &Symbol {
        self.0.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async {
            let asked = Instant::now();
            let status = async {
                let version = version(&self.0.body(&Ask::get(&["api", "v2", "status"])).await?)?;
                self.0.ready(&["-", "ready"]).await?;
                Ok(version)
            };
            let version = status.await.map_err(|cause| self.0.fail(cause))?;
            Ok(Probe { version, latency: asked.elapsed() })
        })
    }

    fn firing(&self) -> BoxFuture<'_, Reply<Vec<Alert>>> {
        Box::pin(async {
            let firing = async { alerts(&self.0.body(&Ask::get(&["api", "v2", "alerts"])).await?, self.name()) };
            firing.await.map_err(|cause| self.0.fail(cause))
        })
    }

    fn silences(&self) -> BoxFuture<'_, Reply<Vec<Change>>> {
        Box::pin(async {
            let held = async { silences(&self.0.body(&Ask::get(&["api", "v2", "silences"])).await?, self.name()) };
            held.await.map_err(|cause| self.0.fail(cause))
        })
    }
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow, default, rename = "versionInfo", deserialize_with = "lenient::or_default")]
    version: Pairs<'a>,
}

#[derive(Deserialize)]
struct Gettable<'a> {
    #[serde(borrow, default)]
    fingerprint: Text<'a>,
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    annotations: Pairs<'a>,
    #[serde(borrow, rename = "startsAt")]
    starts: Text<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    status: State<'a>,
}

#[derive(Default, Deserialize)]
struct State<'a> {
    #[serde(borrow, default)]
    state: Text<'a>,
}

#[derive(Deserialize)]
struct Silence<'a> {
    #[serde(borrow, rename = "startsAt")]
    starts: Text<'a>,
    #[serde(borrow, default)]
    comment: Text<'a>,
    #[serde(borrow, default, rename = "createdBy")]
    author: Text<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    status: State<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    matchers: Vec<Matcher<'a>>,
}

#[derive(Deserialize)]
struct Matcher<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
    #[serde(default, rename = "isRegex", deserialize_with = "lenient::or_default")]
    is_regex: bool,
    /// Left out by old servers, for which it was always so.
    #[serde(default = "yes", rename = "isEqual")]
    is_equal: bool,
}

const fn yes() -> bool {
    true
}

impl Matcher<'_> {
    fn words(&self) -> String {
        let sign = match (self.is_equal, self.is_regex) {
            (true, false) => "=",
            (true, true) => "=~",
            (false, false) => "!=",
            (false, true) => "!~",
        };
        format!("{}{sign}{}", self.name.as_str(), self.value.as_str())
    }
}

/// Those that hold now.
pub(super) fn silences(body: &[u8], source: &Symbol) -> Result<Vec<Change>, Cause> {
    let silences: Vec<Silence<'_>> = lenient::decode(body)?;
    let mut changes = Vec::new();
    for silence in silences.iter().filter(|silence| silence.status.state.as_str() == "active") {
        let bad = || Cause::Malformed(words::clean(&format!("a silence starts at {:?}", silence.starts.as_str())));
        let what: Vec<String> = silence.matchers.iter().map(Matcher::words).collect();
        let of = |matcher: &&Matcher<'_>| {
            matcher.is_equal && !matcher.is_regex && matches!(matcher.name.as_str(), "service" | "service_name")
        };
        let comment = silence.comment.as_str().lines().next().unwrap_or_default();
        let text = if comment.is_empty() {
            format!("silenced {}", what.join(", "))
        } else {
            format!("silenced {}: {comment}", what.join(", "))
        };
        changes.push(Change {
            at: Timestamp::parse_rfc3339(silence.starts.as_str()).ok_or_else(bad)?,
            after: None,
            kind: ChangeKind::Silence,
            service: silence.matchers.iter().find(of).map(|matcher| Symbol::from(matcher.value.as_str())),
            version: None,
            previous: None,
            text,
            author: Some(Symbol::from(silence.author.as_str())).filter(|author| !author.is_empty()),
            seen: vec![Sighting { source: source.clone(), place: Place::Silence }],
        });
    }
    Ok(changes)
}

fn version(body: &[u8]) -> Result<String, Cause> {
    let status: Status<'_> = lenient::decode(body)?;
    Ok(words::clean(status.version.get("version").unwrap_or("")))
}

/// In the server's order.
pub(super) fn alerts(body: &[u8], source: &Symbol) -> Result<Vec<Alert>, Cause> {
    let gettable: Vec<Gettable<'_>> = lenient::decode(body)?;
    let mut interner = Interner::with_bound(INTERNED);
    let mut alerts = Vec::with_capacity(gettable.len());
    for alert in gettable {
        let starts = Timestamp::parse_rfc3339(alert.starts.as_str());
        let bad = || Cause::Malformed(words::clean(&format!("an alert starts at {:?}", alert.starts.as_str())));
        alerts.push(Alert {
            fingerprint: Symbol::from(alert.fingerprint.as_str()),
            labels: alert.labels.iter().map(|(name, value)| (interner.intern(name), interner.intern(value))).collect(),
            annotations: alert.annotations.iter().map(|(name, value)| (interner.intern(name), value)).collect(),
            starts: starts.ok_or_else(bad)?,
            state: match alert.status.state.as_str() {
                "suppressed" => AlertState::Suppressed,
                "unprocessed" => AlertState::Unprocessed,
                _ => AlertState::Active,
            },
            source: source.clone(),
        });
    }
    Ok(alerts)
}
