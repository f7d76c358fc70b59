//! What may be typed after `warroom`, and the help that explains it. Not what is done about it: one file a face.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::domain::slo::Objective;

/// Windows of the past that are looked at unless told otherwise.
const EARLIER: u32 = 6;

const EXAMPLES: &str = "\
Examples:
  warroom demo                                   a simulated incident, two seconds before the page
  warroom                                        the war room on the servers of config.toml
  warroom 4bf92f3577b34da6a3ce929d0e0e4736       the same, opened on this trace
  warroom 'traceparent: 00-4bf9..-00f0..-01'     any form of a trace header will do
  warroom 4472146                                all that has this id: traces, lines, notes
  warroom slo what-if --burn 3 --for 4h          may this still ship?
  kubectl logs -f deploy/pricing | warroom logs -   any lines: kinds, filter, levels; without a config
  warroom check                                  is every server, query and runbook in order?
  warroom demo --seek 6m snapshot --size 120x40  one frame as text, without a terminal
  warroom demo --broken-propagation gaps         where traces lose their context, and why
  warroom demo --serve                           the simulated servers alone, for any other client

The war room explains its own keys: press ? in it, or run `warroom keys`.";

/// The war room in one terminal: burn rates, the timeline, a trace with its logs, and the runbook.
#[derive(Debug, Parser)]
#[command(name = "warroom", version, after_help = EXAMPLES, subcommand_precedence_over_arg = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    /// Open on this: an alert's fingerprint, a trace id, any trace header, or another id.
    pub open: Option<String>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How many letters a slip of the fingers changes; swapped neighbours are one.
const SLIP: usize = 2;

/// The face that somebody meant who typed a word that is none: an id holds other signs than letters, or is no word near one.
pub(super) fn meant(word: &str) -> Option<String> {
    let near = |name: &str| strsim::damerau_levenshtein(word, name);
    let is_word = word.len() > SLIP + 1 && word.chars().all(|letter| letter.is_ascii_lowercase());
    let command = Arguments::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    names.filter(|name| is_word && near(name) <= SLIP).min_by_key(|name| near(name)).map(str::to_owned)
}

/// Flags that every face takes.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// The config file [default: config.toml in the user's config directory].
    #[arg(long, global = true, env = "WARROOM_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the record is kept [default: the user's data directory; a demo forgets its record].
    #[arg(long, global = true, env = "WARROOM_DATA", value_name = "DIRECTORY")]
    pub data: Option<PathBuf>,
    /// A theme by name (dark, light, high-contrast, deuteranopia, sixteen, mono) or a file.
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Draw with ASCII alone.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Spare a slow link: fewer frames, no painted selection, no seconds; by itself where frames are late.
    #[arg(long, global = true)]
    pub slow_link: bool,
    /// A screen for a wall: it shows, and writes nothing.
    #[arg(long, global = true)]
    pub board: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The war room on simulated servers that speak the real protocols.
    Demo(Box<DemoArguments>),
    /// Log files, followed as they grow, and `-` for the standard input. Needs no config and no server.
    Logs {
        /// JSON, logfmt, klog or plain text, one line each.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    #[command(flatten)]
    Face(Face),
}

#[derive(Clone, Debug, Subcommand)]
pub enum Face {
    /// The war room itself, as without a subcommand.
    Open {
        /// An alert's fingerprint, a trace id, any trace header, or another id.
        open: Option<String>,
    },
    /// One frame of the real program as text, without a terminal.
    Snapshot(SnapshotArguments),
    /// Is every server reached, every query answered, every runbook found?
    Check {
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Every SLO: burn rates, budget, state. Also: what if it burns on, looking back, SLOs from and for other tools.
    Slo {
        /// For machines.
        #[arg(long)]
        json: bool,
        #[command(subcommand)]
        about: Option<SloFace>,
    },
    /// One trace: spans, critical path, orphans.
    Trace {
        /// A trace id or any trace header.
        id: String,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Where traces lose their context on the way from service to service; exits with 1 when they do.
    Gaps {
        /// How far back to look.
        #[arg(long, default_value = "15m", value_parser = seconds, value_name = "TIME")]
        since: f64,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Every key and every action, as they are mapped now.
    Keys,
    /// A completion script for a shell, on standard output.
    Completions { shell: Shell },
}

/// More about budgets than how they stand.
#[derive(Clone, Debug, Subcommand)]
pub enum SloFace {
    /// "Can we ship this?": what a steady burn for a time would leave.
    WhatIf {
        /// How many times as fast as the budget allows: 3, 14.4.
        #[arg(long, value_parser = burn, allow_hyphen_values = true, value_name = "FACTOR")]
        burn: f64,
        /// For how long: 4h, 30m, 2d.
        #[arg(long = "for", value_parser = positive, allow_hyphen_values = true, value_name = "TIME")]
        lasts: f64,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// The budget as it ran down over its window, with the incidents of the record on it.
    History {
        /// One SLO alone.
        name: Option<String>,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// What the budgets of the windows before would have been: measured, spent, zone.
    Backtest {
        /// One SLO alone.
        name: Option<String>,
        /// How many windows back.
        #[arg(long, default_value_t = EARLIER, value_parser = clap::value_parser!(u32).range(1..=24), value_name = "COUNT")]
        windows: u32,
        /// Against another objective than the promised one: 99.95.
        #[arg(long, value_name = "PERCENT")]
        objective: Option<Objective>,
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Prints the SLOs of OpenSLO, Sloth and Pyrra files as [[slo]] tables of config.toml, and what of them is refused.
    Import {
        /// Files, folders of YAML files, or - for standard input. They are read together.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Prints the SLOs of the config for another tool.
    Export {
        /// For which.
        #[arg(long, value_enum)]
        format: SloFormat,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SloFormat {
    /// prometheus/v1, which Sloth makes rules of.
    Sloth,
    /// openslo/v1.
    Openslo,
    /// A rules file: alerts that fire and clear when the gauges do.
    PrometheusRules,
}

#[derive(Clone, Debug, Args)]
pub struct SnapshotArguments {
    /// Columns and rows.
    #[arg(long, default_value = "120x40", value_parser = size, value_name = "WxH")]
    pub size: (u16, u16),
    /// Keys to press, one after the other, once the first answers are there: "x j <Enter>".
    #[arg(long, default_value = "", value_name = "KEYS")]
    pub keys: String,
    /// Wait until this text is on the screen.
    #[arg(long, value_name = "TEXT")]
    pub wait: Option<String>,
    /// With colours, as escape sequences.
    #[arg(long)]
    pub ansi: bool,
    /// Give up after this long; the frame is printed all the same, and the exit code says so.
    #[arg(long, default_value = "20s", value_parser = seconds, value_name = "TIME")]
    pub timeout: f64,
    /// Open on this: an alert's fingerprint, a trace id, or any trace header.
    pub open: Option<String>,
}

#[derive(Clone, Debug, Args)]
#[command(subcommand_precedence_over_arg = true)]
pub struct DemoArguments {
    /// Which company has which incident.
    #[arg(long, default_value = "lost-orders")]
    pub scenario: String,
    /// The same seed gives the same ids, lines and times.
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// Where to start, from the start of the impact: 6m, 2m43s, -20m [default: just before the page].
    #[arg(long, value_parser = seconds, allow_hyphen_values = true, value_name = "TIME")]
    pub seek: Option<f64>,
    /// How many seconds pass in one.
    #[arg(long, default_value_t = 1.0, value_parser = speed, allow_hyphen_values = true)]
    pub speed: f64,
    /// When the impact starts [default: so that the war room's time is the wall's].
    #[arg(long, value_name = "TIME")]
    pub anchor: Option<String>,
    /// Break something: loki:down@30s..60s, tempo:slow=3s, prometheus:http=500, alertmanager:garbage, loki:flood=20000/s.
    #[arg(long = "fault", value_name = "FAULT")]
    pub faults: Vec<String>,
    /// The servers alone: prints a config.toml for them, a line `# ready`, and stays until SIGTERM.
    #[arg(long)]
    pub serve: bool,
    /// The first of six ports [default: any that are free].
    #[arg(long, value_name = "PORT")]
    pub port_base: Option<u16>,
    /// The company as it was before it propagated its trace context everywhere.
    #[arg(long)]
    pub broken_propagation: bool,
    /// Another face, on the demo's servers.
    #[command(subcommand)]
    pub face: Option<Face>,
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let read = || {
        let (width, height) = text.split_once('x')?;
        Some((width.parse().ok().filter(|width| *width > 0)?, height.parse().ok().filter(|height| *height > 0)?))
    };
    read().ok_or_else(|| "expected columns and rows, like 120x40".to_owned())
}

fn burn(text: &str) -> Result<f64, String> {
    let text = text.trim().trim_end_matches(['x', '×']);
    let number = text.parse().ok().filter(|burn: &f64| (0.0..=1e9).contains(burn));
    number.ok_or_else(|| "expected how many times as fast as the budget allows, like 3 or 14.4".to_owned())
}

/// A time that is longer than none, and at most ten years.
fn positive(text: &str) -> Result<f64, String> {
    seconds(text).and_then(|seconds| {
        let fits = seconds > 0.0 && seconds <= 315_360_000.0;
        fits.then_some(seconds).ok_or_else(|| "expected a time ahead, like 30m, 4h or 2d".to_owned())
    })
}

fn speed(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|speed: &f64| (0.01..=1_000.0).contains(speed));
    number.ok_or_else(|| "expected a number from 0.01 to 1000".to_owned())
}

/// Seconds out of `90`, `1.5s`, `6m`, `2m43s`, `-1h`; a sign applies to the whole.
pub fn seconds(text: &str) -> Result<f64, String> {
    let wrong = || format!("expected a time like 90s, 6m, 2m43s or -20m, not {text:?}");
    let (sign, mut rest) = match text.trim().strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.trim()),
    };
    let mut sum = 0.0;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits).ok_or_else(wrong)?;
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters).ok_or_else(wrong)?;
        sum += number
            * match unit {
                "ms" => 0.001,
                "" | "s" => 1.0,
                "m" | "min" => 60.0,
                "h" => 3_600.0,
                "d" => 86_400.0,
                _ => return Err(wrong()),
            };
        rest = after;
    }
    Ok(sign * sum)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_table_of_arguments_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn times_and_sizes_are_read() {
        assert_eq!(seconds("2m43s"), Ok(163.0));
        assert_eq!(seconds("-20m"), Ok(-1_200.0));
        assert_eq!(seconds("1.5"), Ok(1.5));
        assert!(seconds("").is_err() && seconds("-").is_err() && seconds("5 parsecs").is_err());
        assert_eq!(size("120x40"), Ok((120, 40)));
        assert!(size("0x4").is_err() && size("120").is_err());
    }

    #[test]
    fn a_demo_can_carry_another_face() {
        let parsed = Arguments::try_parse_from(["warroom", "demo", "--seek", "6m", "snapshot", "--size", "160x48"]);
        let Ok(Arguments { command: Some(Command::Demo(demo)), .. }) = parsed else { panic!("{parsed:?}") };
        assert_eq!(demo.seek, Some(360.0));
        assert!(matches!(demo.face, Some(Face::Snapshot(SnapshotArguments { size: (160, 48), .. }))));
        let parsed = Arguments::try_parse_from(["warroom", "4bf92f3577b34da6a3ce929d0e0e4736"]);
        assert!(matches!(parsed, Ok(Arguments { open: Some(_), command: None, .. })));
    }

    #[test]
    fn a_flag_may_stand_before_the_face() {
        let parsed = Arguments::try_parse_from(["warroom", "--config", "c.toml", "slo", "--json"]);
        let Ok(Arguments { common, command: Some(Command::Face(Face::Slo { json: true, about: None })), open: None }) =
            parsed
        else {
            panic!("{parsed:?}")
        };
        assert_eq!(common.config.as_deref(), Some(std::path::Path::new("c.toml")));
    }
}
