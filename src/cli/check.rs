//! `warroom check`: every source reached, every query answered, every runbook found; what is wrong is named with a hint.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::{Value, json};

use super::world::World;
use super::{buckets, look, slo};
use crate::domain::slo::{State, window_text};
use crate::domain::{Failure, Symbol};
use crate::port::Probe;
use crate::room::SourceKind;

/// One thing that was looked at.
struct Finding {
    what: String,
    /// `Err` when it is wrong.
    result: Result<String, String>,
    hint: Option<&'static str>,
}

pub(super) async fn run(world: &World, json: bool, out: &mut impl Write) -> io::Result<ExitCode> {
    // A theme is chosen when a screen is opened; here it is only tried.
    let mut themes = Vec::new();
    look::choose(world.theme.as_deref(), world.themes.as_deref(), world.ascii, false, &mut themes);
    let mut findings: Vec<Finding> = world
        .problems
        .iter()
        .chain(&themes)
        .map(|problem| Finding { what: "config".to_owned(), result: Err(problem.clone()), hint: None })
        .collect();
    sources(world, &mut findings).await;
    slos(world, &mut findings).await;
    runbooks(world, &mut findings);
    journal(world, &mut findings).await;
    let wrong = findings.iter().filter(|finding| finding.result.is_err()).count();
    if json {
        let rows: Vec<Value> = findings
            .iter()
            .map(|finding| {
                let (ok, words) = match &finding.result {
                    Ok(words) => (true, words),
                    Err(words) => (false, words),
                };
                json!({ "what": finding.what, "ok": ok, "words": words, "hint": finding.hint })
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &json!({ "wrong": wrong, "findings": rows }))?;
        writeln!(out)?;
    } else {
        for finding in &findings {
            let (mark, words) = match &finding.result {
                Ok(words) => ("✓", words),
                Err(words) => ("✗", words),
            };
            writeln!(out, "{mark} {:<32} {words}", finding.what)?;
            if let Some(hint) = finding.hint.filter(|_| finding.result.is_err()) {
                writeln!(out, "  {:<32} hint: {hint}", "")?;
            }
        }
        match wrong {
            0 => writeln!(out, "all is in order")?,
            1 => writeln!(out, "1 thing is wrong")?,
            _ => writeln!(out, "{wrong} things are wrong")?,
        }
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn sources(world: &World, findings: &mut Vec<Finding>) {
    if world.settings.sources.is_empty() {
        let hint = "add a [[source]] to config.toml; config.example.toml shows one of each kind";
        findings.push(Finding {
            what: "sources".to_owned(),
            result: Err("none is configured".to_owned()),
            hint: Some(hint),
        });
    }
    for (name, kind) in &world.settings.sources {
        let Some(probed) = probe(world, name).await else { continue };
        let hint = probed.as_ref().err().map(Failure::hint);
        let result = match probed {
            Ok(probe) => {
                let version = if probe.version.is_empty() { "version not told".to_owned() } else { probe.version };
                Ok(format!("{}, {version}, answered in {} ms, lets us in", word(*kind), probe.latency.as_millis()))
            }
            Err(failure) => Err(format!("{}: {}", word(*kind), failure.cause)),
        };
        findings.push(Finding { what: format!("source {name}"), result, hint });
    }
}

async fn probe(world: &World, name: &Symbol) -> Option<Result<Probe, Failure>> {
    let ports = &world.ports;
    if let Some(server) = ports.metrics.iter().find(|server| server.name() == name) {
        return Some(server.probe().await);
    }
    if let Some(server) = ports.logs.iter().find(|server| server.name() == name) {
        return Some(server.probe().await);
    }
    if let Some(server) = ports.traces.iter().find(|server| server.name() == name) {
        return Some(server.probe().await);
    }
    if let Some(server) = ports.changes.iter().find(|server| server.name() == name) {
        return Some(server.probe().await);
    }
    match ports.alerts.iter().find(|server| server.name() == name) {
        Some(server) => Some(server.probe().await),
        None => None,
    }
}

const fn word(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Prometheus => "prometheus",
        SourceKind::Loki => "loki",
        SourceKind::Tempo => "tempo",
        SourceKind::Jaeger => "jaeger",
        SourceKind::Alertmanager => "alertmanager",
        SourceKind::Grafana => "grafana",
        SourceKind::Files => "files",
    }
}

async fn slos(world: &World, findings: &mut Vec<Finding>) {
    for slo in &world.plan.slos {
        let slo::Look { reading, judgement, .. } = slo::read(world, slo, false).await;
        let complaint = reading.measures.iter().find_map(|(window, measure)| {
            let words = slo::complaint(measure)?;
            Some(format!("over {}: {words}; asked: {}", window_text(*window), slo.texts(*window).first))
        });
        let complaint = match complaint {
            None => slo::warnings(world, slo, &reading).await,
            some => some,
        };
        let unreachable = slo.policy.rules().iter().find(|rule| !rule.can_fire(slo.objective));
        let (result, hint) = match (complaint, unreachable) {
            (Some(words), _) => (Err(words), "run the query as it stands, with the window filled in, on the server"),
            (None, Some(rule)) => (
                Err(format!(
                    "{}× over {} can never fire at {} %",
                    rule.factor(),
                    window_text(rule.long),
                    slo.objective
                )),
                "choose another policy for an objective this low",
            ),
            (None, None) => {
                let said = if let State::LowTraffic { bad, total } = &judgement.state {
                    format!(" ({bad:.0} of {total:.0} bad: too few to page for)")
                } else {
                    String::new()
                };
                (Ok(format!("{}{said}, every query answers; counts {}", judgement.state.word(), slo.method.text())), "")
            }
        };
        findings.push(Finding { what: format!("slo {}", slo.name), result, hint: Some(hint) });
        if let Some(result) = buckets::look(world, slo).await {
            let hint = Some("faster_than (or the `le` of the query) must be a bound that the histogram has");
            findings.push(Finding { what: format!("bucket of {}", slo.name), result, hint });
        }
        let Some(name) = &slo.runbook else { continue };
        let result = match world.catalog.by_name(name) {
            Some(page) => Ok(format!("{name}: {}", page.title)),
            None => Err(format!("no page {name} in the folders of [runbooks]")),
        };
        let hint = Some("name the page's file without .md, and its folder in [runbooks] paths");
        findings.push(Finding { what: format!("runbook of {}", slo.name), result, hint });
    }
}

/// Every alert that fires now must lead to a page: that is when it is needed.
fn runbooks(world: &World, findings: &mut Vec<Finding>) {
    let pages = world.catalog.pages().len();
    let without = world.plan.slos.iter().filter(|slo| slo.runbook.is_none()).map(|slo| slo.name.to_string());
    let without: Vec<String> = without.collect();
    let result = match (pages, without.is_empty()) {
        (0, _) => Err("no page was found".to_owned()),
        (_, false) => Err(format!("{pages} pages, and no runbook for {}", without.join(", "))),
        (_, true) => Ok(format!("{pages} pages")),
    };
    let hint = Some("every SLO needs a page to open at 03:00: runbook = \"name-of-the-page\"");
    findings.push(Finding { what: "runbooks".to_owned(), result, hint });
}

async fn journal(world: &World, findings: &mut Vec<Finding>) {
    let result = match world.ports.journal.entries().await {
        Ok(entries) => Ok(format!("{} entries", entries.len())),
        Err(error) => Err(error.to_string()),
    };
    let hint = Some("the record needs a directory that this user may write: --data DIRECTORY");
    findings.push(Finding { what: "record".to_owned(), result, hint });
}
