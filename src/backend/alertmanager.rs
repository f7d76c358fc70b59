//! Alertmanager's API v2: what fires now. Not who is paged for it.

use std::time::Instant;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::http::{Ask, Http};
use super::lenient::{self, Pairs, Text};
use super::words;
use crate::domain::incident::{Alert, AlertState};
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
            let status = async { version(&self.0.body(&Ask::get(&["api", "v2", "status"])).await?) };
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
