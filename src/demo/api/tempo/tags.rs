//! The names and values of attributes, for completion. Not search.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::reply::{Answer, bad, blocking};
use super::times::window;
use crate::demo::api::answer::Refusal;
use crate::demo::api::newest::walk;
use crate::demo::api::params::Params;
use crate::demo::site::Site;
use crate::demo::traceql::{Facts, found, parse};
use crate::domain::signal::{Attributes, Span, Value};

/// Names and values are read off this many of the newest traces.
const MOST_TRACES: usize = 2_000;
const SCOPES: [&str; 5] = ["resource", "intrinsic", "span", "event", "link"];
const INTRINSICS: [&str; 18] = [
    "duration",
    "event:name",
    "kind",
    "name",
    "rootName",
    "rootServiceName",
    "span:duration",
    "span:id",
    "span:kind",
    "span:name",
    "span:parentID",
    "span:status",
    "span:statusMessage",
    "status",
    "statusMessage",
    "trace:duration",
    "trace:id",
    "traceDuration",
];

pub async fn names(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || {
        let scopes = scopes(&site, &params)?;
        let scopes: Vec<Json> = scopes.into_iter().map(|(name, tags)| json!({"name": name, "tags": tags})).collect();
        Ok(json!({"scopes": scopes, "metrics": {"inspectedBytes": "26577"}}))
    })
    .await
}

/// The first version knows no scopes.
pub async fn flat_names(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || {
        let scopes = scopes(&site, &params)?;
        let names: BTreeSet<String> = scopes.into_iter().flat_map(|(_, tags)| tags).collect();
        Ok(json!({"tagNames": names, "metrics": {"inspectedBytes": "26577"}}))
    })
    .await
}

pub async fn values(State(site): State<Arc<Site>>, Path(tag): Path<String>, params: Params) -> Response {
    blocking(move || {
        let values: Vec<Json> = collect(&site, &params, &tag)?
            .into_iter()
            .map(|(kind, value)| json!({"type": kind, "value": value}))
            .collect();
        Ok(json!({"tagValues": values, "metrics": {"inspectedBytes": "21680"}}))
    })
    .await
}

pub async fn flat_values(State(site): State<Arc<Site>>, Path(tag): Path<String>, params: Params) -> Response {
    blocking(move || -> Answer {
        let values: Vec<String> =
            collect(&site, &params, &format!(".{tag}"))?.into_iter().map(|(_, value)| value).collect();
        Ok(json!({"tagValues": values, "metrics": {"inspectedBytes": "21680"}}))
    })
    .await
}

fn scopes(site: &Site, params: &Params) -> Result<Vec<(&'static str, BTreeSet<String>)>, Refusal> {
    let wanted = match params.get("scope") {
        None | Some("none") => None,
        Some(scope) => Some(
            SCOPES.into_iter().find(|known| *known == scope).ok_or_else(|| bad(format!("invalid scope: {scope}")))?,
        ),
    };
    let mut tags: [BTreeSet<String>; 5] = Default::default();
    let [resource, intrinsic, own, event, link] = &mut tags;
    intrinsic.extend(INTRINSICS.map(str::to_owned));
    each_span(site, params, |span| {
        let names = |attributes: &Attributes, into: &mut BTreeSet<String>| {
            into.extend(attributes.iter().map(|(name, _)| name.to_string()));
        };
        names(&span.resource, resource);
        resource.insert("service.name".to_owned());
        names(&span.attributes, own);
        span.events.iter().for_each(|each| names(&each.attributes, event));
        span.links.iter().for_each(|each| names(&each.attributes, link));
    })?;
    let all = SCOPES.into_iter().zip(tags);
    Ok(all.filter(|(scope, tags)| wanted.is_none_or(|wanted| wanted == *scope) && !tags.is_empty()).collect())
}

fn collect(site: &Site, params: &Params, tag: &str) -> Result<BTreeSet<(&'static str, String)>, Refusal> {
    // What a selection adds to each span is the value that is asked for.
    let query = parse(&format!("{{}} | select({tag})")).map_err(|error| bad(error.to_string()))?;
    let mut values = BTreeSet::new();
    each_span(site, params, |span| {
        let one = std::slice::from_ref(span);
        let facts = Facts::new(one);
        for found in found(&query, &facts) {
            values.extend(found.attributes.iter().map(|(name, value)| (kind(name, value), value.to_string())));
        }
        if let "name" | "span:name" = tag {
            values.insert(("string", span.name.to_string()));
        }
    })?;
    Ok(values)
}

fn kind(name: &str, value: &Value) -> &'static str {
    match value {
        Value::Text(_) if matches!(name, "status" | "kind") => "keyword",
        Value::Text(_) => "string",
        Value::Integer(_) => "int",
        Value::Float(_) => "float",
        Value::Bool(_) => "bool",
    }
}

fn each_span(site: &Site, params: &Params, mut visit: impl FnMut(&Span)) -> Result<(), Refusal> {
    let window = window(params, site.clock.now())?;
    let mut read = 0;
    let _whole = walk(site, window, Duration::ZERO, |trace| {
        trace.spans.iter().for_each(&mut visit);
        read += 1;
        read < MOST_TRACES
    });
    Ok(())
}
