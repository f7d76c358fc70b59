//! `warroom trace`: one trace read, repaired and analysed, for a script or for eyes.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use super::world::World;
use crate::domain::trace::{Node, Tree, is_half_of, low_half, parse_reference, responsible};
use crate::domain::{Cause, Failure, Symbol, TraceId, Window};
use crate::runtime::{fetch_trace, of_half};

/// How far back the trace of an id of 64 bits is looked for.
const BACK: [Duration; 3] =
    [Duration::from_secs(3_600), Duration::from_secs(6 * 3_600), Duration::from_secs(24 * 3_600)];

pub(super) async fn run(world: &World, id: &str, json: bool, out: &mut impl Write) -> io::Result<ExitCode> {
    let reference = parse_reference(id).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{id:?} is no trace id: expected hex digits, or a traceparent, b3, Datadog, X-Ray or Uber header"),
        )
    })?;
    let tree = match fetch_trace(&world.ports, reference.trace, None).await {
        Err(failure) if matches!(failure.cause, Cause::NotFound(_)) && reference.trace.value() >> 64 == 0 => {
            let full = by_half(world, reference.trace, failure).await?;
            fetch_trace(&world.ports, full, None).await.map_err(io::Error::other)?
        }
        read => read.map_err(io::Error::other)?,
    };
    let is_half = is_half_of(reference.trace, tree.trace());
    if json {
        let mut told = whole(&tree);
        if let Some(object) = told.as_object_mut().filter(|_| is_half) {
            object.insert("low_half".into(), json!(reference.trace));
        }
        serde_json::to_writer_pretty(&mut *out, &told)?;
        writeln!(out)?;
    } else {
        if is_half {
            let half = low_half(reference.trace);
            writeln!(out, "{half:016x} ({half}) is the low 64 bits of {}", tree.trace())?;
        }
        print(&tree, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The one trace whose low 64 bits these are, looked for further back while none is found.
async fn by_half(world: &World, half: TraceId, failure: Failure) -> io::Result<TraceId> {
    let now = world.ports.clock.now();
    let (mut looked_at, mut until, mut failures) = (0, now, Vec::new());
    for back in BACK {
        let start = now.minus(back);
        let found = of_half(&world.ports, half, Window { start, end: until }).await;
        until = start;
        looked_at += found.looked_at;
        failures.extend(found.failures);
        match found.traces.as_slice() {
            [] => {}
            [only] => return Ok(only.trace),
            several => {
                let ids: Vec<String> = several.iter().map(|summary| summary.trace.to_string()).collect();
                let words = format!("{half} is the low 64 bits of several traces, ask for one: {}", ids.join(", "));
                return Err(io::Error::other(words));
            }
        }
    }
    let why = failures.first().map(|failure| format!("; {failure}")).unwrap_or_default();
    let words = format!("{failure}; nor is it the low 64 bits of any of {looked_at} traces of the last 24 h{why}");
    Err(io::Error::other(words))
}

fn whole(tree: &Tree) -> Value {
    let spans: Vec<Value> = tree.rows().filter(|node| node.span.is_some()).map(|node| span(tree, &node)).collect();
    let orphans: Vec<Value> = tree
        .rows()
        .filter_map(|node| Some((node.missing?, node)))
        .map(|(missing, node)| json!({ "missing": missing, "spans_below": node.end.saturating_sub(node.row + 1) }))
        .collect();
    let sections: Vec<Value> = tree
        .critical()
        .iter()
        .map(|section| {
            json!({
                "span": tree.row(section.span).and_then(|node| node.span.map(|span| span.id)),
                "start": section.start.to_rfc3339(),
                "nanos": section.end.since(section.start),
            })
        })
        .collect();
    let services: Vec<Value> = tree
        .critical_by_service()
        .iter()
        .map(|(service, nanos)| json!({ "service": service, "nanos": nanos, "share": share(*nanos, tree) }))
        .collect();
    json!({
        "trace": tree.trace(),
        "start": tree.start().to_rfc3339(),
        "duration_nanos": tree.duration_nanos(),
        "partial": tree.partial(),
        "warnings": tree.warnings(),
        "responsible": responsible(tree).map(|found| json!({
            "service": found.service,
            "dependency": found.dependency,
            "certain": found.certain,
        })),
        "critical_path": { "sections": sections, "by_service": services },
        "orphans": orphans,
        "spans": spans,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a share of a duration needs no more than 53 bits")]
fn share(nanos: i64, tree: &Tree) -> f64 {
    nanos as f64 / tree.duration_nanos().max(1) as f64
}

fn span(tree: &Tree, node: &Node<'_>) -> Value {
    let parent = node.parent.and_then(|row| tree.row(row)).and_then(|parent| parent.span.map(|span| span.id));
    let attributes = node.span.map(|span| {
        let pairs = span.attributes.iter().chain(span.resource.iter());
        pairs.map(|(key, value)| (key.to_string(), json!(value))).collect::<serde_json::Map<_, _>>()
    });
    json!({
        "id": node.span.map(|span| span.id),
        "parent": parent,
        "service": node.service,
        "name": node.name,
        "kind": node.kind,
        "start": node.start.to_rfc3339(),
        "duration_nanos": node.duration_nanos,
        "self_nanos": node.self_nanos,
        "critical_nanos": node.critical_nanos,
        "skew_nanos": node.skew_nanos,
        "error": node.is_error,
        "error_starts_here": node.is_error_root,
        "attributes": attributes,
        "warnings": node.warnings,
    })
}

fn print(tree: &Tree, out: &mut impl Write) -> io::Result<()> {
    let millis = |nanos: i64| format!("{}.{:03} ms", nanos / 1_000_000, nanos / 1_000 % 1_000);
    writeln!(out, "trace {}  {}  {} spans", tree.trace(), millis(tree.duration_nanos()), tree.span_count())?;
    if let Some(partial) = tree.partial() {
        writeln!(out, "partial, spans may be missing: {}", clean(partial))?;
    }
    for node in tree.rows() {
        let mark = if node.is_error_root {
            "▲"
        } else if node.is_error {
            "△"
        } else {
            " "
        };
        let indent = "  ".repeat(usize::from(node.depth.min(40)));
        let name = match node.missing {
            Some(id) => format!("missing span {id}"),
            None => format!("{} {}", clean(node.service), clean(node.name)),
        };
        let on_path = if node.critical_nanos > 0 {
            format!("  {} on the path", millis(node.critical_nanos))
        } else {
            String::new()
        };
        writeln!(out, "{mark} {indent}{name}  {}{on_path}", millis(node.duration_nanos))?;
    }
    let path: Vec<String> = tree
        .critical_by_service()
        .iter()
        .map(|(service, nanos)| format!("{} {:.1} %", clean(service), share(*nanos, tree) * 100.0))
        .collect();
    writeln!(out, "critical path: {}", path.join(", "))?;
    if let Some(found) = responsible(tree) {
        let to = found
            .dependency
            .as_ref()
            .map_or_else(String::new, |dependency: &Symbol| format!(" → {}", clean(dependency)));
        writeln!(out, "responsible: {}{to}", clean(&found.service))?;
    }
    Ok(())
}

fn clean(text: &str) -> String {
    crate::ui::clean(text).into_owned()
}
