//! What is asked for slices of time, evaluated by the real rules engine: how many are bad, and what their mean is.

use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use warroom::config::{Config, Surroundings};
use warroom::domain::slo::{Slo, Texts};

use crate::installed::program;

const HOUR: Duration = Duration::from_secs(3_600);

fn texts(kind: &str, more: &str) -> Texts {
    let text = format!(
        "[[slo]]\nname = \"x\"\nobjective = \"99.5\"\n{kind} = \"rate({kind}_total[{{{{.window}}}}])\"\ntotal = \
         \"rate(all_total[{{{{.window}}}}])\"\n{more}\n"
    );
    let config = Config::parse("x.toml", &text, &std::env::temp_dir(), &Surroundings::default()).expect("a config");
    Slo::clone(&config.slos[0]).texts(HOUR)
}

/// 200 events a minute for 45 min, then none. 5 % of them are bad for 30 min, 5.5 % for 10 min, then none: of twelve slices
/// two have less than 95 % good, and three are empty.
const SERIES: &str = "
      - series: all_total
        values: '0+200x45 9000+0x14'
      - series: bad_total
        values: '0+10x30 311+11x9 410+0x19'
      - series: good_total
        values: '0+190x30 5889+189x9 7790+200x4 8590+0x14'
";

fn case(name: &str, asked: &str, expected: f64) -> String {
    // Sums of shares are not exact in floats.
    format!(
        "      # {name}\n      - expr: 'abs(({asked}) - {expected}) < bool 1e-6'\n        eval_time: 60m\n        exp_samples:\n          - labels: '{{}}'\n            value: 1\n"
    )
}

#[test]
fn the_rules_engine_counts_the_slices_as_we_do() {
    let Some(promtool) = program(&["promtool"], "prometheus") else { return };
    let target = "method = \"time-slices\"\nslice_target = \"95\"";
    let skip = format!("{target}\nempty_slice = \"skip\"");
    let mean = "method = \"ratio-of-slices\"";
    let mut cases = String::new();
    for (name, texts, first, total) in [
        ("bad, empty is good", texts("bad", target), 2.0, 12.0),
        ("bad, empty is skipped", texts("bad", &skip), 2.0, 9.0),
        ("good, empty is good", texts("good", target), 10.0, 12.0),
        ("good, empty is skipped", texts("good", &skip), 7.0, 9.0),
        ("mean of the bad", texts("bad", mean), 0.41, 9.0),
        ("mean of the good", texts("good", mean), 8.59, 9.0),
    ] {
        cases.push_str(&case(name, &texts.first, first));
        cases.push_str(&case(name, &texts.total, total));
    }
    let file = format!(
        "evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:{SERIES}    promql_expr_test:\n{cases}"
    );
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("slices.yml");
    std::fs::write(&path, &file).expect("written");
    let said = Command::new(promtool).args(["test", "rules"]).arg(&path).output().expect("it runs");
    let told = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{told}\n{file}");
}
