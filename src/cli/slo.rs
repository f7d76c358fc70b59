//! `warroom slo`: every SLO read once, for a script or for eyes.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::world::World;
use crate::domain::slo::{Gauge, Judgement, Measure, Reading, Slo, Zone, window_text, windows};
use crate::domain::{Cause, Failure, Timestamp};
use crate::port::Metrics;
use crate::runtime::measure;

/// Fails when a state is not a measured one: a script must not take "no data" for "well".
pub(super) async fn run(world: &World, json: bool, out: &mut impl Write) -> io::Result<ExitCode> {
    let mut judgements = Vec::new();
    for slo in &world.plan.slos {
        judgements.push((Arc::clone(slo), read(world, slo).await));
    }
    let well = judgements.iter().all(|(_, (_, judgement))| judgement.state.is_measured());
    if json {
        let rows: Vec<Value> =
            judgements.iter().map(|(slo, (reading, judgement))| row(slo, reading, judgement)).collect();
        serde_json::to_writer_pretty(&mut *out, &json!({ "slos": rows }))?;
        writeln!(out)?;
    } else {
        let clock = |at: Timestamp| {
            let local = at.shifted(i64::from(world.settings.zone.offset_seconds(at)) * 1_000_000_000);
            local.to_utc().format("%H:%M").to_string()
        };
        for (slo, (reading, judgement)) in &judgements {
            let left = judgement
                .budget
                .as_ref()
                .map_or_else(|| "–".to_owned(), |budget| format!("{:.1} %", budget.remaining * 100.0));
            writeln!(out, "{:<28} {:<14} {:>8} left", slo.name.as_str(), judgement.state.word(), left)?;
            writeln!(out, "    {}", judgement.sentence(reading.at, &clock))?;
            if let Some(zone) = judgement.zone {
                writeln!(out, "    {}", zone_text(zone))?;
            }
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The server of an SLO, by its `source` or the first.
pub(super) fn server<'a>(world: &'a World, slo: &Slo) -> Option<&'a Arc<dyn Metrics>> {
    world.ports.metrics.iter().find(|server| slo.source.as_ref().is_none_or(|source| server.name() == source))
}

pub(super) async fn read(world: &World, slo: &Arc<Slo>) -> (Reading, Judgement) {
    let at = world.ports.clock.now();
    let mut measures = Vec::new();
    for window in windows(slo) {
        let measure = match server(world, slo) {
            Some(server) => measure(server.as_ref(), slo, window, at).await,
            None => Measure::Failed(Failure::new("metrics", Cause::NotConfigured)),
        };
        measures.push((window, measure));
    }
    let reading = Reading { slo: slo.name.clone(), at, measures };
    let mut gauge = Gauge::new(Arc::clone(slo)).with_language(world.settings.language);
    // A change of zone is an event of the record; a single look has none.
    let _ = gauge.take(reading.clone());
    let judgement = gauge.judge(at);
    (reading, judgement)
}

fn row(slo: &Slo, reading: &Reading, judgement: &Judgement) -> Value {
    let measures: Vec<Value> = reading.measures.iter().map(|(window, measure)| counted(*window, measure)).collect();
    let pairs: Vec<Value> = judgement
        .pairs
        .iter()
        .map(|pair| {
            json!({
                "severity": pair.severity.word(),
                "factor": pair.factor,
                "long": window_text(pair.long),
                "short": window_text(pair.short),
                "long_burn": pair.long_burn,
                "short_burn": pair.short_burn,
                "firing": pair.firing,
            })
        })
        .collect();
    json!({
        "name": slo.name,
        "journey": slo.journey,
        "objective": slo.objective.to_string(),
        "window": window_text(slo.window),
        "at": reading.at.to_rfc3339(),
        "state": judgement.state.word(),
        "partial": judgement.partial,
        "zone": judgement.zone.map(|zone| zone.word()),
        "may": judgement.zone.map(Zone::may),
        "must_not": judgement.zone.and_then(Zone::must_not),
        "must": judgement.zone.and_then(Zone::must),
        "budget": judgement.budget.as_ref().map(|budget| json!({
            "remaining": budget.remaining,
            "allowed": budget.allowed,
            "left": budget.left,
            "bad": budget.bad,
            "total": budget.total,
            "unit": slo.unit,
        })),
        "gone_at": judgement.gone_at.map(Timestamp::to_rfc3339),
        "rules": pairs,
        "measures": measures,
    })
}

/// `cautious: allowed: features, with an extra review; not: database migrations, ..`
fn zone_text(zone: Zone) -> String {
    let not = zone.must_not().map(|words| format!("; not: {words}")).unwrap_or_default();
    let must = zone.must().map(|words| format!("; owed: {words}")).unwrap_or_default();
    format!("{zone}: allowed: {}{not}{must}", zone.may())
}

fn counted(window: Duration, measure: &Measure) -> Value {
    let window = window_text(window);
    match measure {
        Measure::Counts { bad, total, partial } => {
            json!({ "window": window, "bad": bad, "total": total, "partial": partial })
        }
        Measure::NoTraffic => json!({ "window": window, "problem": "no traffic" }),
        Measure::NoData => json!({ "window": window, "problem": "no data" }),
        Measure::Failed(failure) => json!({ "window": window, "problem": failure.to_string() }),
        Measure::MissingBucket { wanted, have } => {
            json!({ "window": window, "problem": format!("no bucket le={wanted}"), "nearest": have })
        }
    }
}

/// What is wrong with a measure, in words; `None` when it counts.
pub(super) fn complaint(measure: &Measure) -> Option<String> {
    match measure {
        Measure::Counts { .. } => None,
        Measure::NoTraffic => Some("no traffic: the total is 0".to_owned()),
        Measure::NoData => Some("the query returns no data".to_owned()),
        Measure::Failed(failure) => Some(failure.to_string()),
        Measure::MissingBucket { wanted, have } if have.is_empty() => {
            Some(format!("there is no histogram bucket le={wanted}"))
        }
        Measure::MissingBucket { wanted, have } => {
            Some(format!("there is no histogram bucket le={wanted}; the nearest are {}", have.join(" and ")))
        }
    }
}
