//! Which path is answered by what, and what the server says of itself.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use super::alerts::RECEIVERS;
use super::state::Api;
use super::{alerts, reply, silences};
use crate::demo::site::Site;

const CONFIG: &str = "global:\n  resolve_timeout: 5m\nroute:\n  receiver: dashboard\n  group_by:\n  - alertname\n  - service\n  \
routes:\n  - receiver: pagerduty\n    matchers:\n    - severity=\"page\"\n  - receiver: slack-reliability\n    matchers:\n    \
- severity=\"notify\"\n  group_wait: 5s\n  group_interval: 1m\n  repeat_interval: 4h\nreceivers:\n- name: dashboard\n- name: \
pagerduty\n- name: slack-reliability\ntemplates: []\n";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    cluster: Cluster,
    config: Config,
    uptime: String,
    version_info: Version,
}

#[derive(Serialize)]
struct Cluster {
    peers: [&'static str; 0],
    status: &'static str,
}

#[derive(Serialize)]
struct Config {
    original: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    branch: &'static str,
    build_date: &'static str,
    build_user: &'static str,
    go_version: &'static str,
    revision: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Receiver {
    name: &'static str,
}

/// The routes of an Alertmanager at the root of its listener.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/api/v2/alerts", get(alerts::list).post(alerts::post))
        .route("/api/v2/alerts/groups", get(alerts::groups))
        .route("/api/v2/silences", get(silences::list).post(silences::create))
        .route("/api/v2/silence/{id}", get(silences::read).delete(silences::end))
        .route("/api/v2/status", get(status))
        .route("/api/v2/receivers", get(receivers))
        .route("/-/ready", get(ready))
        .route("/-/healthy", get(ready))
        .fallback(unknown)
        .with_state(Arc::new(Api::new(site)))
        .layer(map_response(varied))
}

async fn varied(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    answer
}

async fn status(State(api): State<Arc<Api>>) -> Response {
    reply::ok(&Status {
        cluster: Cluster { peers: [], status: "disabled" },
        config: Config { original: CONFIG },
        uptime: reply::time(api.started),
        version_info: Version {
            branch: "demo",
            build_date: "20260101-00:00:00",
            build_user: "demo@localhost",
            go_version: "none",
            revision: "simulated",
            version: "0.25.0",
        },
    })
}

async fn receivers() -> Response {
    reply::ok(&RECEIVERS.map(|name| Receiver { name }))
}

async fn ready() -> Response {
    reply::plain(StatusCode::OK, "OK")
}

async fn unknown(uri: Uri) -> Response {
    if uri.path().starts_with("/api/v2") {
        return reply::coded(StatusCode::NOT_FOUND, &format!("path {} was not found", uri.path()));
    }
    reply::plain(StatusCode::NOT_FOUND, "404 page not found\n")
}
