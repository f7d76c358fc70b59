//! `/api/search`: TraceQL or the older tags over a company's traces. Not the language (`traceql`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::reply::{Answer, bad, blocking};
use super::times::window;
use crate::demo::api::answer::Refusal;
use crate::demo::api::newest::walk;
use crate::demo::api::otlp;
use crate::demo::api::params::Params;
use crate::demo::duration;
use crate::demo::site::Site;
use crate::demo::traceql::{Facts, Found, Query, found, parse};
use crate::domain::signal::Span;

/// What a trace search finds trails what a look-up by id finds.
const LAG: Duration = Duration::from_secs(10);
const DEFAULT_LIMIT: usize = 20;
const MOST_TRACES: usize = 262_144;
const DEFAULT_SPANS: usize = 3;
const MOST_SPANS: usize = 100;
/// Spans that one answer tells at most; the rest of the window is left unread, as an incomplete answer says.
const MOST_TOLD: usize = 20_000;
const NO_ROOT: &str = "<root span not yet received>";

pub async fn search(State(site): State<Arc<Site>>, params: Params) -> Response {
    blocking(move || answer(&site, &params)).await
}

fn answer(site: &Site, params: &Params) -> Answer {
    let limit = number(params, "limit", DEFAULT_LIMIT)?;
    if limit > MOST_TRACES {
        return Err(bad(format!("limit {limit} exceeds max limit {MOST_TRACES}")));
    }
    let spans = number(params, "spss", DEFAULT_SPANS)?;
    if spans > MOST_SPANS {
        return Err(bad(format!("invalid spss: {spans} is greater than the maximum of {MOST_SPANS}")));
    }
    let window = window(params, site.clock.now())?;
    let query = query(params)?;
    let (mut traces, mut inspected, mut told) = (Vec::new(), 0, 0);
    let complete = walk(site, window, LAG, |trace| {
        inspected += trace.spans.len() * 400;
        let facts = Facts::new(&trace.spans);
        let hits = found(&query, &facts);
        told += hits.len().min(spans);
        if !hits.is_empty() {
            traces.push(summary(&facts, &hits, spans));
        }
        traces.len() < limit && told < MOST_TOLD
    });
    let completed = if complete { 3 } else { 2 };
    Ok(json!({
        "traces": traces,
        "metrics": {"inspectedBytes": inspected.to_string(), "completedJobs": completed, "totalJobs": 3},
    }))
}

fn number(params: &Params, name: &str, default: usize) -> Result<usize, Refusal> {
    match params.get(name).map(str::parse) {
        None => Ok(default),
        Some(Ok(0)) => Err(bad(format!("invalid {name}: must be a positive number"))),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => {
            let value = params.get(name).unwrap_or("");
            Err(bad(format!("invalid {name}: strconv.Atoi: parsing {value:?}: invalid syntax")))
        }
    }
}

/// The older parameters are the same question in other words.
fn query(params: &Params) -> Result<Query, Refusal> {
    let text = match (params.get("q"), params.get("tags")) {
        (Some(_), Some(_)) => return Err(bad("invalid request: can't specify tags and q in the same query")),
        (Some(text), None) => text.to_owned(),
        (None, tags) => {
            let mut tests = Vec::new();
            for tag in tags.unwrap_or("").split_whitespace() {
                let (name, value) = tag.split_once('=').ok_or_else(|| bad(format!("invalid tags: {tag:?}")))?;
                tests.push(format!(".{name} = {:?}", value.trim_matches('"')));
            }
            for (name, sign) in [("minDuration", ">="), ("maxDuration", "<=")] {
                if let Some(value) = params.get(name) {
                    duration::parse(value)
                        .ok_or_else(|| bad(format!("invalid {name}: time: invalid duration {value:?}")))?;
                    tests.push(format!("traceDuration {sign} {value}"));
                }
            }
            format!("{{ {} }}", tests.join(" && "))
        }
    };
    parse(&text).map_err(|error| bad(error.to_string()))
}

/// One trace of the answer: hexadecimal ids, the trace's without its leading zeros, and nothing that is zero.
fn summary(facts: &Facts<'_>, hits: &[Found<'_>], most: usize) -> Value {
    let mut out = Map::new();
    let id = facts.spans.first().map(|span| format!("{:x}", span.trace.value())).unwrap_or_default();
    out.insert("traceID".into(), id.into());
    let root = facts.root.map_or(NO_ROOT, |root| root.service.as_str());
    out.insert("rootServiceName".into(), root.into());
    if let Some(root) = facts.root {
        out.insert("rootTraceName".into(), root.name.as_str().into());
    }
    out.insert("startTimeUnixNano".into(), facts.start.nanos().max(0).to_string().into());
    if facts.duration_nanos >= 1_000_000 {
        out.insert("durationMs".into(), (facts.duration_nanos / 1_000_000).into());
    }
    let spans: Vec<Value> = hits.iter().take(most).map(hit).collect();
    let set = json!({"spans": spans, "matched": hits.len()});
    out.insert("spanSet".into(), set.clone());
    out.insert("spanSets".into(), json!([set]));
    out.insert("serviceStats".into(), services(facts.spans));
    out.into()
}

fn hit(found: &Found<'_>) -> Value {
    let mut out = Map::new();
    out.insert("spanID".into(), found.span.id.to_string().into());
    out.insert("startTimeUnixNano".into(), found.span.start.nanos().max(0).to_string().into());
    let nanos = found.span.end.since(found.span.start).max(0);
    if nanos > 0 {
        out.insert("durationNanos".into(), nanos.to_string().into());
    }
    if !found.attributes.is_empty() {
        let pair = |(name, value): &(String, _)| json!({"key": name, "value": otlp::value(value)});
        out.insert("attributes".into(), found.attributes.iter().map(pair).collect());
    }
    out.into()
}

fn services(spans: &[Span]) -> Value {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for span in spans {
        let (all, errors) = counts.entry(span.service.as_str()).or_default();
        *all += 1;
        *errors += u32::from(span.is_error());
    }
    let stats = |(service, (all, errors)): (&str, (u32, u32))| {
        let counts =
            if errors == 0 { json!({"spanCount": all}) } else { json!({"spanCount": all, "errorCount": errors}) };
        (service.to_owned(), counts)
    };
    counts.into_iter().map(stats).collect::<Map<_, _>>().into()
}
