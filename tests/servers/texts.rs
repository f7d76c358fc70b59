//! The query texts of every kind of SLI, and the counters behind them, evaluated by Prometheus' own engine in `promtool`.

use std::fmt::Write;
use std::process::Command;
use std::time::Duration;

use warroom::config::{Config, Surroundings};
use warroom::domain::slo::query;

use crate::child::run;
use crate::installed::program;

const FIVE: Duration = Duration::from_secs(300);

/// The queries that these lines of an `[[slo]]` become, over five minutes.
fn texts(lines: &str) -> (String, String) {
    let text = format!("[[slo]]\nname = \"n\"\nobjective = \"99.9\"\n{lines}\n");
    let config = Config::parse("config.toml", &text, &std::env::temp_dir(), &Surroundings::default());
    let sli = config.unwrap_or_else(|problems| panic!("{problems}")).slos[0].sli.clone();
    (query(sli.first(), FIVE), query(sli.total(), FIVE))
}

/// Series and their values, questions at a second, and the one value of each answer; `None` is no answer.
struct Case<'a> {
    interval: &'a str,
    series: &'a [(&'a str, &'a str)],
    at: &'a str,
    asked: Vec<(String, Option<&'a str>)>,
}

impl Case<'_> {
    fn hold(&self) {
        let Some(promtool) = program(&["promtool"], "prometheus") else { return };
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let mut text = format!("tests:\n- interval: {}\n  input_series:\n", self.interval);
        for (series, values) in self.series {
            let _ = writeln!(text, "  - series: {}\n    values: {}", quoted(series), quoted(values));
        }
        text.push_str("  promql_expr_test:\n");
        for (asked, value) in &self.asked {
            let samples =
                value.map_or_else(|| "[]".to_owned(), |value| format!("[{{labels: '{{}}', value: {value}}}]"));
            let _ =
                writeln!(text, "  - expr: {}\n    eval_time: {}\n    exp_samples: {samples}", quoted(asked), self.at);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("test.yml");
        std::fs::write(&file, &text).expect("written");
        let said = run(Command::new(promtool).args(["test", "rules"]).arg(file));
        assert!(said.code == Some(0), "{}{}\n{text}", said.out, said.err);
    }
}

/// Good and total of these lines.
fn measured(lines: &str, series: &[(&str, &str)], first: Option<&str>, total: Option<&str>) {
    let (asked_first, asked_total) = texts(lines);
    let asked = vec![(asked_first, first), (asked_total, total)];
    Case { interval: "60s", series, at: "10m", asked }.hold();
}

#[test]
fn errors_of_a_counter_are_zero_before_the_first_one() {
    let lines = "counter = 'c{job=\"x\"}'\nbad_when = 'code=~\"5..\"'";
    let (good, other) = (("c{job=\"x\",code=\"200\"}", "0+54x10"), ("c{job=\"y\",code=\"500\"}", "0+9x10"));
    measured(lines, &[good, ("c{job=\"x\",code=\"503\"}", "0+6x10"), other], Some("0.1"), Some("1"));
    measured(lines, &[good, other], Some("0"), Some("0.9"));
    measured(lines, &[other], None, None);
    measured(lines, &[("c{job=\"x\",code=\"200\"}", "7+0x10")], Some("0"), Some("0"));
}

/// 60 of 90 a minute are 2xx, and 45 of these take less than 3 s.
#[test]
fn good_is_2xx_and_fast_however_the_bound_is_spelled() {
    let lines = "histogram = 'h'\nfaster_than = \"3s\"\ngood_when = 'code=~\"2..\"'";
    for bound in ["3", "3.0"] {
        let well = format!("h_bucket{{code=\"200\",le=\"{bound}\"}}");
        let failed = format!("h_bucket{{code=\"500\",le=\"{bound}\"}}");
        let series = [
            (well.as_str(), "0+45x10"),
            ("h_bucket{code=\"200\",le=\"+Inf\"}", "0+60x10"),
            (failed.as_str(), "0+30x10"),
            ("h_count{code=\"200\"}", "0+60x10"),
            ("h_count{code=\"500\"}", "0+30x10"),
        ];
        measured(lines, &series, Some("0.75"), Some("1.5"));
        // A release that fails from its first request on has no 2xx: all is bad, and known.
        measured(
            lines,
            &series[2..5].iter().filter(|(name, _)| name.contains("500")).copied().collect::<Vec<_>>(),
            Some("0"),
            Some("0.5"),
        );
    }
    // Without the bucket it looks like an outage: that is why the bounds are asked for.
    measured(
        lines,
        &[("h_bucket{code=\"200\",le=\"2.5\"}", "0+60x10"), ("h_count{code=\"200\"}", "0+60x10")],
        Some("0"),
        Some("1"),
    );
    let lines = "histogram = 'h_milliseconds'\nfaster_than = \"800ms\"";
    let series = [("h_milliseconds_bucket{le=\"800\"}", "0+30x10"), ("h_milliseconds_count", "0+60x10")];
    measured(lines, &series, Some("0.5"), Some("1"));
}

#[test]
fn a_gauge_counts_its_samples_and_a_ratio_its_seconds() {
    measured(
        "gauge = 'up'",
        &[("up{i=\"a\"}", "1 1 1 1 1 1 1 1 0 1 1"), ("up{i=\"b\"}", "1x10")],
        Some("11"),
        Some("12"),
    );
    let lines = "bad = '(1 - r) * {{.seconds}} + 0 * avg_over_time(r[{{.window}}])'\ntotal = '(r * 0 + 1) * {{.seconds}} + 0 * avg_over_time(r[{{.window}}])'";
    measured(lines, &[("r", "0.75x10")], Some("75"), Some("300"));
}

/// The increases of the reference: extrapolated to the edges, over a reset, from two late samples.
#[test]
fn counters_increase_as_the_reference_says() {
    for (values, increase) in [
        ("_ 10 _ _ 14 _ _ 18 _ _ 22 _ _", "16"),
        ("_ 100 _ _ 104 _ _ 3 _ _ 7 _ _", "14.666666666666666"),
        ("_ _ _ _ _ _ _ _ _ 1 _ _ 2", "2"),
        ("_ 2 _ _ 6 _ _ 10 _ _ 14 _ _", "16"),
    ] {
        let asked = vec![("sum(increase(x[60s]))".to_owned(), Some(increase))];
        Case { interval: "5s", series: &[("x", values)], at: "60s", asked }.hold();
    }
}
