//! `warroom slo history` and `warroom slo backtest`: a budget as it ran down, with the incidents of the record on it; and what the
//! budgets of earlier windows would have been.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use super::slo;
use super::world::World;
use crate::domain::incident::{Story, Timeline, stories};
use crate::domain::slo::{Objective, Slo, Zone, duration_text, percent_text};
use crate::domain::spending::{Past, Period, cell, periods, run_down, spark};
use crate::domain::{Cause, Failure, Symbol, Timestamp};
use crate::runtime::look_back;

/// Signs of a run, and steps asked for: two a sign.
const CELLS: usize = 60;
const STEPS: u32 = 120;
/// Steps of each earlier window.
const STEPS_OF_WINDOW: u32 = 30;

/// The SLOs that were asked for, or why there is none of that name.
fn chosen<'a>(world: &'a World, name: Option<&str>) -> io::Result<Vec<&'a Slo>> {
    let slos: Vec<&Slo> = world.plan.slos.iter().map(AsRef::as_ref).collect();
    let found: Vec<&Slo> = slos.iter().copied().filter(|slo| name.is_none_or(|name| slo.name == *name)).collect();
    if found.is_empty()
        && let Some(name) = name
    {
        let names: Vec<&str> = slos.iter().map(|slo| slo.name.as_str()).collect();
        let message = format!("no SLO is called {name:?}\n  hint: there are {}", names.join(", "));
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(found)
}

async fn past(world: &World, slo: &Slo, over: Duration, step: Duration) -> Result<Past, Failure> {
    let end = world.ports.clock.now();
    match slo::server(world, slo) {
        Some(server) => look_back(server.as_ref(), slo, end, over, step).await,
        None => Err(Failure::new("metrics", Cause::NotConfigured)),
    }
}

fn day(world: &World, at: Timestamp, format: &str) -> String {
    let local = at.shifted(i64::from(world.settings.zone.offset_seconds(at)) * 1_000_000_000);
    local.to_utc().format(format).to_string()
}

/// The budget of the window of now as it ran down.
pub(super) async fn history(
    world: &World,
    name: Option<&str>,
    json: bool,
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    let entries = world.ports.journal.entries().await.unwrap_or_default();
    let told = stories(&entries.into_iter().collect::<Timeline>());
    let mut rows = Vec::new();
    let mut well = true;
    for promise in chosen(world, name)? {
        let read = past(world, promise, promise.window, promise.window / STEPS).await;
        well &= read.is_ok();
        if json {
            rows.push(history_row(promise, &read, &told));
        } else {
            history_text(world, promise, &read, &told, out)?;
        }
    }
    if json {
        serde_json::to_writer_pretty(&mut *out, &json!({ "slos": rows }))?;
        writeln!(out)?;
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Incidents that touch the window, oldest first.
fn within<'a>(told: &'a [Story], past: &Past) -> impl Iterator<Item = &'a Story> {
    let start = past.end.minus(past.over);
    let (from, to) = (start, past.end);
    told.iter().filter(move |story| story.start <= to && story.resolved.is_none_or(|resolved| resolved > from))
}

fn history_text(
    world: &World,
    slo: &Slo,
    read: &Result<Past, Failure>,
    told: &[Story],
    out: &mut impl Write,
) -> io::Result<()> {
    let past = match read {
        Ok(past) => past,
        Err(failure) => return writeln!(out, "{:<28} {failure}", slo.name.as_str()),
    };
    let levels = run_down(&past.slices, slo.objective, past.end, past.over, CELLS);
    let Some(left) = levels.iter().rev().flatten().next() else {
        return writeln!(out, "{:<28} no traffic in {}", slo.name.as_str(), duration_text(past.over));
    };
    let zone = Zone::of(*left);
    writeln!(out, "{:<28} {} left of {}, {zone}", slo.name.as_str(), percent_text(*left, 1), duration_text(past.over))?;
    writeln!(out, "    {}", spark(&levels).collect::<String>())?;
    let start = past.end.minus(past.over);
    let mut marks = vec![" "; CELLS];
    for story in within(told, past) {
        if let Some(mark) = marks.get_mut(cell(story.start.max(start), start, past.over, CELLS)) {
            *mark = "▲";
        }
    }
    let marks = marks.concat();
    if !marks.trim().is_empty() {
        writeln!(out, "    {}", marks.trim_end())?;
    }
    let (from, to) = (day(world, start, "%-d %b"), day(world, past.end, "%-d %b"));
    writeln!(out, "    {from:<width$}{to}", width = CELLS - to.len())?;
    for story in within(told, past) {
        writeln!(out, "    ▲ {}  {}", day(world, story.start, "%-d %b %H:%M"), words(story, &slo.name))?;
    }
    if let Some(cut) = &past.cut {
        writeln!(out, "    what is older is missing: {cut}")?;
    }
    Ok(())
}

/// `SEV1 INC-31, 50 min, 2,300 orders, €180k, ..`
fn words(story: &Story, slo: &Symbol) -> String {
    let mut parts = Vec::new();
    let name = [story.severity.map(|severity| severity.to_string()), story.name.as_ref().map(ToString::to_string)];
    let name: Vec<String> = name.into_iter().flatten().collect();
    parts.push(if name.is_empty() { "not declared".to_owned() } else { name.join(" ") });
    parts.push(match story.resolved {
        Some(resolved) => duration_text(resolved.elapsed_since(story.start)),
        None => "goes on".to_owned(),
    });
    if let Some(price) = story.prices.iter().find(|price| price.slo == *slo) {
        parts.push(price.text());
    }
    parts.join(", ")
}

fn history_row(slo: &Slo, read: &Result<Past, Failure>, told: &[Story]) -> Value {
    let past = match read {
        Ok(past) => past,
        Err(failure) => return json!({ "name": slo.name, "problem": failure.to_string() }),
    };
    let cells = STEPS as usize;
    let levels = run_down(&past.slices, slo.objective, past.end, past.over, cells);
    let start = past.end.minus(past.over);
    let at = |number: usize| start.plus(past.step * u32::try_from(number + 1).unwrap_or(u32::MAX));
    let points: Vec<Value> = levels
        .iter()
        .enumerate()
        .map(|(number, left)| json!({ "at": at(number).to_rfc3339(), "left": left }))
        .collect();
    let incidents: Vec<Value> = within(told, past)
        .map(|story| {
            json!({
                "name": story.name,
                "severity": story.severity,
                "start": story.start.to_rfc3339(),
                "resolved": story.resolved.map(Timestamp::to_rfc3339),
                "price": story.prices.iter().find(|price| price.slo == slo.name),
            })
        })
        .collect();
    let cut = past.cut.as_ref().map(ToString::to_string);
    json!({ "name": slo.name, "objective": slo.objective.to_string(), "points": points, "incidents": incidents, "cut": cut })
}

/// Every earlier window against the objective, or against another one.
pub(super) async fn backtest(
    world: &World,
    name: Option<&str>,
    windows: u32,
    objective: Option<Objective>,
    json: bool,
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    let mut rows = Vec::new();
    let mut well = true;
    for promise in chosen(world, name)? {
        let step = promise.window / STEPS_OF_WINDOW;
        let goal = objective.unwrap_or(promise.objective);
        let read = past(world, promise, promise.window * windows, step).await;
        let known = read.as_ref().map(|past| {
            periods(&past.slices, goal, past.end, promise.window, step, usize::try_from(windows).unwrap_or(usize::MAX))
        });
        well &= known.as_ref().is_ok_and(|periods| !periods.is_empty());
        let cut = read.as_ref().ok().and_then(|past| past.cut.as_ref());
        if json {
            rows.push(backtest_row(promise, goal, known, cut));
            continue;
        }
        writeln!(out, "{:<28} against {goal} % over {}", promise.name.as_str(), duration_text(promise.window))?;
        match known {
            Err(failure) => writeln!(out, "    {failure}")?,
            Ok(periods) if periods.is_empty() => writeln!(out, "    no traffic in all that time")?,
            Ok(periods) => {
                for period in &periods {
                    writeln!(out, "    {}", line(world, period))?;
                }
            }
        }
        if let Some(cut) = cut {
            writeln!(out, "    what is older is missing: {cut}")?;
        }
    }
    if json {
        serde_json::to_writer_pretty(&mut *out, &json!({ "slos": rows }))?;
        writeln!(out)?;
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `13 Feb – 15 Mar  99.700 %  300.0 % spent  −200.0 % left  exhausted`
fn line(world: &World, period: &Period) -> String {
    let (from, to) = (day(world, period.start, "%-d %b"), day(world, period.end, "%-d %b"));
    let part =
        if period.known < 0.995 { format!("  {} of it known", percent_text(period.known, 0)) } else { String::new() };
    format!(
        "{:<16} {:>9}  {:>9} spent  {:>9} left  {}{part}",
        format!("{from} – {to}"),
        percent_text(period.measured, 3),
        percent_text(period.spent, 1),
        percent_text(period.remaining(), 1),
        period.zone(),
    )
}

fn backtest_row(slo: &Slo, goal: Objective, known: Result<Vec<Period>, &Failure>, cut: Option<&Failure>) -> Value {
    let periods = match known {
        Ok(periods) => periods,
        Err(failure) => return json!({ "name": slo.name, "problem": failure.to_string() }),
    };
    let periods: Vec<Value> = periods
        .iter()
        .map(|period| {
            json!({
                "start": period.start.to_rfc3339(),
                "end": period.end.to_rfc3339(),
                "bad": period.bad,
                "total": period.total,
                "measured": period.measured,
                "spent": period.spent,
                "remaining": period.remaining(),
                "zone": period.zone().word(),
                "known": period.known,
            })
        })
        .collect();
    json!({
        "name": slo.name,
        "objective": goal.to_string(),
        "promised": slo.objective.to_string(),
        "periods": periods,
        "cut": cut.map(ToString::to_string),
    })
}
