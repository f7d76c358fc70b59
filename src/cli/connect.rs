//! From configured sources to ports: the one place where a vendor's client is chosen.

use std::sync::Arc;

use futures_util::future::join_all;
use secrecy::SecretString;

use crate::backend::{Alertmanager, Credential, Endpoint, Grafana, Jaeger, Loki, Prometheus, Tempo};
use crate::config::{Config, Source, SourceKind as Configured};
use crate::domain::Symbol;
use crate::domain::query::{Address, Identity};
use crate::port::{Alerts, Changes, Logs, Metrics, Traces};
use crate::room::SourceKind;

#[derive(Default)]
pub(super) struct Connected {
    pub metrics: Vec<Arc<dyn Metrics>>,
    pub logs: Vec<Arc<dyn Logs>>,
    pub traces: Vec<Arc<dyn Traces>>,
    pub alerts: Vec<Arc<dyn Alerts>>,
    pub changes: Vec<Arc<dyn Changes>>,
    /// Those that cannot be asked, and why.
    pub unusable: Vec<(Symbol, String)>,
}

/// The secret of each source, in the order of the config; or why there is none.
pub(super) struct Secrets(Vec<Result<Option<SecretString>, String>>);

impl Secrets {
    /// Reads them. A command that gives one may ask the responder at the terminal, which must not be taken by then.
    pub async fn read(config: &Config) -> Self {
        let read = |source: &Source| {
            let credential = source.credential.clone();
            async move {
                match credential {
                    None => Ok(None),
                    Some(credential) => credential.secret().await.map(Some).map_err(|error| error.to_string()),
                }
            }
        };
        Self(join_all(config.sources.iter().map(read)).await)
    }
}

/// Every configured source.
pub(super) fn sources(config: &Config) -> Vec<(Symbol, SourceKind)> {
    config.sources.iter().map(|source| (source.name.clone(), kind(source.kind))).collect()
}

/// Makes the clients; no server is asked anything yet. What cannot be made is told in `problems` and left out.
pub(super) fn all(config: &Config, secrets: Secrets, problems: &mut Vec<String>) -> Connected {
    let mut connected = Connected::default();
    for (source, secret) in config.sources.iter().zip(secrets.0) {
        let endpoint = match secret.and_then(|secret| endpoint(source, secret)) {
            Ok(endpoint) => endpoint,
            Err(problem) => {
                problems.push(format!("{}: {problem}", source.name));
                connected.unusable.push((source.name.clone(), problem));
                continue;
            }
        };
        let made = match source.kind {
            Configured::Prometheus => {
                Prometheus::connect(endpoint).map(|server| connected.metrics.push(Arc::new(server)))
            }
            Configured::Loki => Loki::connect(endpoint).map(|server| connected.logs.push(Arc::new(server))),
            Configured::Tempo => Tempo::connect(endpoint).map(|server| connected.traces.push(Arc::new(server))),
            Configured::Jaeger => Jaeger::connect(endpoint).map(|server| connected.traces.push(Arc::new(server))),
            Configured::Alertmanager => {
                Alertmanager::connect(endpoint).map(|server| connected.alerts.push(Arc::new(server)))
            }
            Configured::Grafana => Grafana::connect(endpoint).map(|server| connected.changes.push(Arc::new(server))),
        };
        if let Err(failure) = made {
            problems.push(failure.to_string());
            connected.unusable.push((source.name.clone(), failure.cause.to_string()));
        }
    }
    connected
}

/// Where a server is, without the secret.
pub(super) fn address(source: &Source) -> Address {
    Address {
        source: source.name.clone(),
        url: source.url.to_string(),
        tenant: source.tenant.clone(),
        identity: match (&source.user, &source.credential) {
            (Some(user), Some(_)) => Identity::Basic(user.clone()),
            (_, Some(_)) => Identity::Bearer,
            (_, None) => Identity::Nobody,
        },
    }
}

fn endpoint(source: &Source, secret: Option<SecretString>) -> Result<Endpoint, String> {
    let credential = match (&source.user, secret) {
        (Some(user), Some(password)) => Some(Credential::Basic { user: user.clone(), password }),
        (_, Some(token)) => Some(Credential::Bearer(token)),
        (_, None) => None,
    };
    let ca_file = match &source.ca_file {
        None => None,
        Some(path) => Some(std::fs::read(path).map_err(|error| format!("ca_file {}: {error}", path.display()))?),
    };
    let mut endpoint = Endpoint::new(source.name.clone(), source.url.clone());
    endpoint.tenant = source.tenant.clone();
    endpoint.credential = credential;
    endpoint.ca_file = ca_file;
    endpoint.timeout = source.timeout;
    Ok(endpoint)
}

const fn kind(configured: Configured) -> SourceKind {
    match configured {
        Configured::Prometheus => SourceKind::Prometheus,
        Configured::Loki => SourceKind::Loki,
        Configured::Tempo => SourceKind::Tempo,
        Configured::Jaeger => SourceKind::Jaeger,
        Configured::Alertmanager => SourceKind::Alertmanager,
        Configured::Grafana => SourceKind::Grafana,
    }
}
