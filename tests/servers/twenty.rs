//! Twenty SLOs against `warroom demo --serve`: how long it takes from the start to gauges that are complete, from nothing
//! and again with the hours that were kept, and what is asked a minute after that. The real server's figures and its
//! samples are `month.rs`'s. `--nocapture` prints them.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use warroom::config::SourceKind;

use crate::child::{Said, run, warroom};
use crate::served::Served;

const SLOS: usize = 20;
/// Of the simulated server, so that the figures are the program's and not a budget's.
const BUDGET: u32 = 6_000;

/// The sources of the printed config, and its promises again and again, each time of other series.
fn config(served: &Served) -> String {
    let mut text = format!(
        "[[source]]\nkind = \"prometheus\"\nname = \"prometheus\"\nurl = \"{}\"\nqueries_per_minute = {BUDGET}\n",
        served.url(SourceKind::Prometheus)
    );
    let slos = served.config().slos;
    for number in 0..SLOS {
        let slo = &slos[number % slos.len()];
        // No such code is ever answered: other questions, the same numbers.
        let other = |text: &str| {
            text.replace("{service_name", &format!("{{http_response_status_code!=\"9{number}\",service_name"))
        };
        write!(
            text,
            "\n[[slo]]\nname = \"slo-{number}\"\nobjective = \"{}\"\nbad = '''{}'''\ntotal = '''{}'''\n",
            slo.objective,
            other(slo.sli.first()),
            other(slo.sli.total())
        )
        .expect("a text");
    }
    text
}

fn snapshot(home: &Path, file: &Path, keys: &str, more: &[&str]) -> (Said, Duration) {
    let mut command = warroom(home);
    command.arg("--config").arg(file).arg("--data").arg(home.join("data"));
    command.args(["snapshot", "--size", "160x90", "--keys", keys]).args(more);
    let began = Instant::now();
    (run(&mut command), began.elapsed())
}

#[test]
fn twenty_gauges_are_complete_soon_and_ask_little() {
    let home = tempfile::tempdir().expect("a folder");
    let served = Served::start(home.path(), &["--seek", "6m"]);
    let file = home.path().join("twenty.toml");
    std::fs::write(&file, config(&served)).expect("written");
    let complete = |what: &str| {
        let (said, took) = snapshot(home.path(), &file, "1 z", &["--timeout", "55s"]);
        assert!(said.code == Some(0) && !said.out.contains("loaded"), "{what}: {}{}", said.err, said.out);
        took
    };
    let (cold, warm) = (complete("cold"), complete("warm"));
    // Its small print counts the questions of the last minute.
    let (steady, took) = snapshot(home.path(), &file, "1 d", &["--wait", "never on any screen", "--timeout", "50s"]);
    let asked = steady.out.lines().find_map(|line| line.split_once("prometheus: ")?.1.split_once(" of 6000 questions"));
    let asked: f64 = asked.and_then(|(count, _)| count.parse().ok()).unwrap_or_else(|| panic!("{}", steady.out));

    let mut command = warroom(home.path());
    command.arg("--config").arg(&file).arg("--data").arg(home.path().join("data")).args(["slo", "--json"]);
    let told: Value = serde_json::from_str(&run(&mut command).out).expect("JSON");
    let told = told["slos"].as_array().expect("a list");
    let is_whole = |slo: &&Value| slo["budget"]["total"].as_f64().is_some_and(|total| total > 0.0);
    assert_eq!(told.iter().filter(is_whole).count(), SLOS, "{told:?}");
    let a_minute = asked * 60.0 / took.as_secs_f64().min(60.0);
    let text = format!(
        "{SLOS} SLOs on the simulated server: complete {:.1} s after the start, {:.1} s after a restart; then about \
         {a_minute:.0} questions a minute, everything that is polled, its start included\n",
        cold.as_secs_f64(),
        warm.as_secs_f64(),
    );
    std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes()).expect("standard error");
    // Half of what a server gets by default would be a lot for twenty; the start counts here too.
    assert!(a_minute < 900.0, "{text}");
    assert!(served.end().success());
}
