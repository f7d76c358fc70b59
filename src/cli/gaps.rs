//! `warroom gaps`: where the traces of the incident lose their context, for a script or for eyes. What a gap is stands in
//! `domain::trace`; which traces and lines are read, in `runtime`.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::json;

use super::world::World;
use crate::domain::Window;
use crate::domain::trace::{Report, Silent, counted};
use crate::runtime::{GapScope, gap_report};

/// Where lines are that were counted.
const IN_WINDOW: &str = "in the window";

/// Fails when a gap was found: a script that watches propagation has no other question.
pub(super) async fn run(world: &World, since: f64, json: bool, out: &mut impl Write) -> io::Result<ExitCode> {
    let length = std::time::Duration::from_secs_f64(since.clamp(60.0, 86_400.0));
    let window = Window::ending(world.ports.clock.now(), length);
    let scope = GapScope {
        window,
        entrypoints: world.settings.entrypoints.clone(),
        business_keys: world.settings.business_keys.clone(),
        log_query: world.settings.log_query.clone(),
    };
    let report = gap_report(&world.ports, &scope).await.map_err(io::Error::other)?;
    if json {
        let mut whole = serde_json::to_value(&report).map_err(io::Error::other)?;
        if let Some(object) = whole.as_object_mut() {
            object.insert("from".into(), json!(window.start.to_rfc3339()));
            object.insert("to".into(), json!(window.end.to_rfc3339()));
        }
        serde_json::to_writer_pretty(&mut *out, &whole)?;
        writeln!(out)?;
    } else {
        print(&report, out)?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{}, {} whole; {:.1} % of the steps between services keep the context",
        report.of_traces.in_words("traces", "found"),
        report.whole,
        report.complete * 100.0
    )?;
    if report.arriving > 0 {
        writeln!(out, "{} more are still arriving and were left out", report.arriving)?;
    }
    if !report.edges.is_empty() {
        writeln!(out, "\nBroken edges")?;
    }
    for edge in &report.edges {
        let count = format!("in {} of {}", counted(edge.traces.into()), edge.of.in_words("traces", "found"));
        writeln!(out, "  {} {} → {}  {count}", edge.code, clean(&edge.from), clean(&edge.to))?;
        writeln!(out, "     {}", clean(&edge.reason))?;
        writeln!(out, "     probably: {}", clean(&edge.hop))?;
        match edge.score {
            Some(score) => writeln!(
                out,
                "     {} of {} go on in another trace, inferred with a score of {score:.2}; e.g. {}",
                edge.linked, edge.traces, edge.example
            )?,
            None => writeln!(out, "     e.g. {}", edge.example)?,
        }
    }
    if !report.foreign.is_empty() {
        writeln!(out, "\nG5 Lines with another vendor's ids")?;
    }
    for foreign in &report.foreign {
        let matched = format!("{} of {} name a trace that was read", foreign.matched, foreign.lines);
        let of = foreign.of.in_words("lines", IN_WINDOW);
        writeln!(out, "  {}: {}, {matched}; of {of}", clean(&foreign.service), foreign.vendor)?;
        writeln!(out, "     {} is {}", clean(&foreign.example), foreign.trace)?;
    }
    if !report.silent.is_empty() {
        writeln!(out, "\nG7 Services with logs and no spans")?;
    }
    silent(report, &report.silent, out)?;
    if !report.stores.is_empty() {
        writeln!(out, "\nStores with logs and no spans of their own, called in traces: no gap")?;
    }
    silent(report, &report.stores, out)?;
    if !report.unnamed.is_empty() {
        writeln!(out, "\nG8 Error lines that name no trace")?;
    }
    for unnamed in &report.unnamed {
        let (without, lines) = (counted(unnamed.without.into()), counted(unnamed.lines.into()));
        let of = unnamed.of.in_words("lines", IN_WINDOW);
        writeln!(out, "  {}: {without} of {lines} error lines; of {of}", clean(&unnamed.service))?;
    }
    let share = f64::from(report.lines_without) / f64::from(report.lines.max(1)) * 100.0;
    let without = counted(report.lines_without.into());
    writeln!(out, "\n{without} of {} name no trace: {share:.1} %", lines_of(report))?;
    for problem in &report.problems {
        writeln!(out, "◌ {}", clean(problem))?;
    }
    if report.is_clean() {
        writeln!(out, "✓ no gap")?;
    }
    Ok(())
}

fn silent(report: &Report, silent: &[Silent], out: &mut impl Write) -> io::Result<()> {
    for each in silent {
        let whole = if each.counted { IN_WINDOW.to_owned() } else { "of ".to_owned() + &lines_of(report) };
        writeln!(out, "  {}: {} lines {whole}", clean(&each.service), counted(each.lines))?;
    }
    Ok(())
}

fn lines_of(report: &Report) -> String {
    report.of_lines.in_words("lines", IN_WINDOW)
}

fn clean(text: &str) -> String {
    crate::ui::clean(text).into_owned()
}
