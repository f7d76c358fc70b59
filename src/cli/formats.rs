//! `warroom slo import` and `warroom slo export`: SLOs from and for other tools. No server is asked.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::SloFormat;
use crate::config::{self, Config, Exported, Format, import_paths};
use crate::domain::Symbol;

/// The tables on standard output, what was refused on standard error. Fails when anything was refused.
pub(super) fn import(paths: &[PathBuf], out: &mut impl Write) -> io::Result<ExitCode> {
    let (files, read, unreadable) = import_paths(paths);
    for one in &read.slos {
        let from = files.get(one.file).map_or("", |file| file.name.as_str());
        writeln!(out, "# from {from}\n{}", one.toml)?;
    }
    let mut told = io::stderr().lock();
    for words in unreadable.iter().cloned().chain(read.problems.iter().map(ToString::to_string)) {
        writeln!(told, "{words}")?;
    }
    let problems = unreadable.len() + read.problems.iter().map(config::Problems::len).sum::<usize>();
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    writeln!(told, "{} read, {}", count(read.slos.len(), "SLO"), count(problems, "problem"))?;
    Ok(if problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) fn export(format: SloFormat, config: &Config, out: &mut impl Write) -> io::Result<ExitCode> {
    let format = match format {
        SloFormat::Sloth => Format::Sloth,
        SloFormat::Openslo => Format::OpenSlo,
        SloFormat::PrometheusRules => Format::PrometheusRules,
    };
    let none: &[Symbol] = &[];
    let slos: Vec<Exported<'_>> = config
        .slos
        .iter()
        .map(|slo| {
            let group = config.groups.iter().find(|group| group.slo == slo.name);
            (slo, group.map_or(none, |group| group.by.as_slice()))
        })
        .collect();
    out.write_all(config::export(format, &slos, config.runbook_url_prefix.as_deref()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
