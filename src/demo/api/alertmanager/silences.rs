//! Making, reading and ending silences.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use promql_parser::label::Matcher as Compiled;
use serde::Serialize;

use super::super::params::Params;
use super::alerts::filters;
use super::reply::{self, Refused};
use super::silence::{Asked, Phase, Silence};
use super::state::{Api, MOST};
use crate::domain::Timestamp;

#[derive(Serialize)]
struct Created {
    #[serde(rename = "silenceID")]
    id: String,
}

/// Active ones first, the one that ends next at the top; then pending, then expired ones.
pub async fn list(State(api): State<Arc<Api>>, params: Params) -> Response {
    let filters = match filters(&params) {
        Ok(filters) => filters,
        Err(refused) => return *refused,
    };
    let now = api.site.clock.now();
    let memory = api.memory();
    // A filter asks what the silence was made for: one of its matchers has to say the same.
    let fits = |silence: &&Silence| filters.iter().all(|filter| says(silence, filter));
    let mut silences: Vec<&Silence> = memory.silences.values().filter(fits).collect();
    silences.sort_by_key(|silence| {
        let phase = silence.phase(now);
        let key = match phase {
            Phase::Active => silence.ends_at.nanos(),
            Phase::Pending => silence.starts_at.nanos(),
            Phase::Expired => silence.ends_at.nanos().saturating_neg(),
        };
        (phase, key)
    });
    reply::ok(&silences.iter().map(|silence| silence.written(now)).collect::<Vec<_>>())
}

fn says(silence: &Silence, filter: &Compiled) -> bool {
    let known = silence.matchers.iter().find(|matcher| matcher.name == filter.name);
    filter.is_match(known.map_or("", |matcher| matcher.value.as_str()))
}

pub async fn read(State(api): State<Arc<Api>>, Path(id): Path<String>) -> Response {
    if let Some(refused) = not_an_id(&id) {
        return refused;
    }
    let now = api.site.clock.now();
    match api.memory().silences.get(&id) {
        Some(silence) => reply::ok(&silence.written(now)),
        None => reply::empty(StatusCode::NOT_FOUND),
    }
}

/// Ends a silence; one that is over already is fine.
pub async fn end(State(api): State<Arc<Api>>, Path(id): Path<String>) -> Response {
    if let Some(refused) = not_an_id(&id) {
        return refused;
    }
    let now = api.site.clock.now();
    match api.memory().silences.get_mut(&id) {
        Some(silence) => {
            silence.expire(now);
            reply::empty(StatusCode::OK)
        }
        None => reply::empty(StatusCode::NOT_FOUND),
    }
}

fn not_an_id(id: &str) -> Option<Response> {
    let message = format!("silenceID in path must be of type uuid: {id:?}");
    uuid::Uuid::try_parse(id).err().map(|_| reply::schema(601, &message))
}

pub async fn create(State(api): State<Arc<Api>>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !kind.starts_with("application/json") {
        let message = format!("unsupported media type {kind:?}, only [application/json] are allowed");
        return reply::coded(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message);
    }
    match serde_json::from_slice(&body) {
        Ok(asked) => made(&api, asked).unwrap_or_else(|refused| *refused),
        Err(error) => {
            let message = format!("parsing silence body from \"\" failed, because {error}");
            reply::coded(StatusCode::BAD_REQUEST, &message)
        }
    }
}

fn made(api: &Api, asked: Asked) -> Result<Response, Refused> {
    let now = api.site.clock.now();
    let id = asked.id.clone().filter(|id| !id.is_empty());
    let mut next = checked(asked, now)?;
    let mut memory = api.memory();
    if let Some(id) = id {
        let Some(known) = memory.silences.get_mut(&id) else {
            return Err(Box::new(reply::words(StatusCode::NOT_FOUND, "silence not found")));
        };
        if known.can_become(&next, now) {
            next.id.clone_from(&id);
            *known = next;
            return Ok(reply::ok(&Created { id }));
        }
        known.expire(now);
    }
    if memory.silences.len() >= MOST {
        return Err(Box::new(reply::words(StatusCode::INTERNAL_SERVER_ERROR, "too many silences")));
    }
    // A silence begins now at the earliest.
    next.starts_at = next.starts_at.max(now);
    next.id = memory.next_id(now);
    let id = next.id.clone();
    memory.silences.insert(id.clone(), next);
    Ok(reply::ok(&Created { id }))
}

/// The silence that is asked for, still without an id.
fn checked(asked: Asked, now: Timestamp) -> Result<Silence, Refused> {
    let required = |name: &str| Box::new(reply::schema(602, &format!("{name} in body is required")));
    let refused =
        |words: &str| Box::new(reply::words(StatusCode::BAD_REQUEST, &format!("Failed to create silence: {words}")));
    let moment = |name: &str, text: Option<String>| {
        let text = text.ok_or_else(|| required(name))?;
        let unread = || Box::new(reply::schema(601, &format!("{name} in body must be of type date-time: {text:?}")));
        Timestamp::parse_rfc3339(&text).ok_or_else(unread)
    };
    let comment = asked.comment.ok_or_else(|| required("comment"))?;
    let created_by = asked.created_by.ok_or_else(|| required("createdBy"))?;
    let ends_at = moment("endsAt", asked.ends_at)?;
    let matchers = asked.matchers.ok_or_else(|| required("matchers"))?;
    if matchers.is_empty() {
        return Err(Box::new(reply::schema(612, "matchers in body should have at least 1 items")));
    }
    let starts_at = moment("startsAt", asked.starts_at)?;
    if ends_at <= starts_at {
        return Err(refused("start time must be before end time"));
    }
    if ends_at <= now {
        return Err(refused("end time can't be in the past"));
    }
    let compiled: Option<Vec<Compiled>> = matchers.iter().map(super::matcher::Matcher::compiled).collect();
    let compiled = compiled.ok_or_else(|| refused("silence invalid: invalid label matcher"))?;
    if compiled.iter().all(|matcher| matcher.is_match("")) {
        return Err(refused("silence invalid: at least one matcher must not match the empty string"));
    }
    Ok(Silence { id: String::new(), matchers, compiled, starts_at, ends_at, updated_at: now, created_by, comment })
}
