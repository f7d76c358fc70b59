//! The number of thirty days on a real Prometheus: nothing is lost at the seams of hours, and what it costs the server.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::Value;
use tempfile::TempDir;
use warroom::backend::Prometheus;
use warroom::domain::slo::{Hour, Hours, Sli, Slo, query, telescoping};
use warroom::domain::{Timestamp, Window};
use warroom::port::Metrics;

use crate::child::{run, warroom};
use crate::installed::{Real, program};

const HOUR: Duration = Duration::from_secs(3_600);
const SLOS: usize = 20;
/// Seconds between two scrapes of the month, and of the hours that the rules' windows reach back.
const SCRAPE: i64 = 600;
const LATE_SCRAPE: i64 = 60;
const LATE: i64 = 8 * 3_600;
const DAY: i64 = 86_400;

/// A real Prometheus that has scraped these samples, given in the text format of OpenMetrics. It logs every query.
pub(crate) async fn with_history(samples: &str) -> Option<(Real, TempDir)> {
    let prometheus = program(&["prometheus"], "prometheus")?;
    let promtool = program(&["promtool"], "prometheus")?;
    let history = tempfile::tempdir().expect("a folder");
    let text = history.path().join("samples.txt");
    std::fs::write(&text, samples).expect("written");
    let data = history.path().join("data");
    let made = run(Command::new(promtool).args(["tsdb", "create-blocks-from", "openmetrics"]).arg(&text).arg(&data));
    assert_eq!(made.code, Some(0), "{made:?}");
    let config = format!("global:\n  query_log_file: {}\n", log_of(&history).display());
    let command = |port: u16, folder: &TempDir| {
        let mut command = Command::new(&prometheus);
        command
            .arg(format!("--config.file={}", folder.path().join("config.yml").display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg("--storage.tsdb.retention.time=90d")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        command
    };
    Some((Real::start(&config, command).await, history))
}

fn log_of(history: &TempDir) -> std::path::PathBuf {
    history.path().join("queries.log")
}

pub(crate) fn hour_now() -> i64 {
    Utc::now().timestamp() / 3_600 * 3_600
}

#[tokio::test]
async fn a_jump_on_the_hour_is_not_lost() {
    // One a second, and 500 between the last sample of an hour and the first of the next.
    let end = hour_now();
    let (start, jump) = (end - 30 * 3_600, end - 10 * 3_600);
    let mut samples = String::from("# TYPE m counter\n");
    for at in (start + 5..end).step_by(15) {
        let value = at - start + if at > jump { 500 } else { 0 };
        writeln!(samples, "m_total {value} {at}").expect("a text");
    }
    samples.push_str("# EOF\n");
    let Some((real, _history)) = with_history(&samples).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let plain = Sli::BadOverTotal {
        bad: "sum(increase(m_total[{{.window}}]))".into(),
        total: "sum(increase(m_total[{{.window}}]))".into(),
    };
    let day = Window { start: Timestamp::from_seconds(end - 23 * 3_600), end: Timestamp::from_seconds(end) };
    let sum = async |text: &str| -> (f64, Vec<(Timestamp, f64)>) {
        let answer = client.range(&query(text, HOUR), day, HOUR).await.expect("an answer");
        let [series] = answer.series.as_slice() else { panic!("one series: {answer:?}") };
        let hours: Vec<_> = series.samples.iter().map(|sample| (sample.time, sample.value)).collect();
        (hours.iter().map(|(_, value)| value).sum(), hours)
    };
    let (lost, _) = sum(plain.total()).await;
    let (whole, hours) = sum(telescoping(&plain).total()).await;
    assert!((lost - 86_400.0).abs() < 0.5, "the increase of each hour loses the jump: {lost}");
    assert!((whole - 86_900.0).abs() < 1e-6, "{whole}");
    let straddled = hours.iter().find(|(_, value)| *value > 3_700.0).expect("the hour of the jump");
    assert_eq!(*straddled, (Timestamp::from_seconds(jump + 3_600), 4_100.0));

    let mut known = Hours::default();
    for (end, value) in hours {
        known.put(Hour { start: end.minus(HOUR), counts: Some((value, value)), read_at: day.end, partial: false });
    }
    let kept = known.sum(Duration::from_secs(86_400), day.end);
    assert!((kept.total - 86_900.0).abs() < 1e-6 && kept.known == 24, "{kept:?}");
    writeln!(std::io::stderr(), "jump on the hour: increase {lost}, ours {whole}, true 86900").expect("standard error");
}

#[tokio::test]
async fn a_reset_and_a_series_that_comes_and_goes_are_counted_once() {
    let end = hour_now();
    let start = end - 6 * 3_600;
    let mut samples = String::from("# TYPE m counter\n");
    // A pod that restarts at half past the third hour, and one that lives from 4:20 to 5:40.
    for at in (start + 5..end).step_by(15) {
        let restart = start + 2 * 3_600 + 1_800;
        writeln!(samples, "m_total{{pod=\"a\"}} {} {at}", if at < restart { at - start } else { at - restart })
            .expect("a text");
    }
    for at in (start + 3 * 3_600 + 1_200..start + 4 * 3_600 + 2_400).step_by(15) {
        writeln!(samples, "m_total{{pod=\"b\"}} {} {at}", at - (start + 3 * 3_600 + 1_200)).expect("a text");
    }
    samples.push_str("# EOF\n");
    let Some((real, _history)) = with_history(&samples).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let text = "sum(rate(m_total[{{.window}}]))";
    let sli = telescoping(&Sli::BadOverTotal { bad: text.into(), total: text.into() });
    let hours = Window { start: Timestamp::from_seconds(start + 2 * 3_600), end: Timestamp::from_seconds(end) };
    let answer = client.range(&query(sli.total(), HOUR), hours, HOUR).await.expect("an answer");
    let [series] = answer.series.as_slice() else { panic!("one series: {answer:?}") };
    let counted: f64 = series.samples.iter().map(|sample| sample.value).sum();
    // Pod a: an hour, then a restart that loses at most the scrapes around it, then two hours; pod b: 80 minutes.
    let wanted = 5.0 * 3_600.0 + 80.0 * 60.0;
    assert!((counted - wanted).abs() < 90.0, "{counted} of {wanted}: {:?}", series.samples);
}

/// A month of forty counters, the last hours scraped each minute: for each SLO the good and the failing requests.
fn month(end: i64) -> String {
    let mut samples = String::from("# TYPE http_requests counter\n");
    for slo in 0..SLOS {
        for (code, every) in [("200", 1), ("500", 2_000)] {
            let old = (end - 30 * DAY..end - LATE).step_by(usize::try_from(SCRAPE).expect("small"));
            for at in old.chain((end - LATE..end).step_by(usize::try_from(LATE_SCRAPE).expect("small"))) {
                let value = (at - (end - 30 * DAY)) * 50 / every;
                writeln!(samples, "http_requests_total{{journey=\"j{slo}\",code=\"{code}\"}} {value} {at}")
                    .expect("a text");
            }
        }
    }
    samples.push_str("# EOF\n");
    samples
}

fn config(base: &str) -> String {
    let mut text =
        format!("[[source]]\nkind = \"prometheus\"\nname = \"real\"\nurl = \"{base}\"\nqueries_per_minute = 6000\n");
    for slo in 0..SLOS {
        let selector = format!("http_requests_total{{journey=\"j{slo}\"");
        write!(
            text,
            "\n[[slo]]\nname = \"slo-{slo}\"\nobjective = \"99.9\"\nbad = 'sum(rate({selector},code=~\"5..\"}}[{{{{.window}}}}]))'\n\
             total = 'sum(rate({selector}}}[{{{{.window}}}}]))'\n"
        )
        .expect("a text");
    }
    text
}

/// What the server wrote of every query since the `from`th: how many, and the samples it read for them.
fn cost(log: &Path, from: usize) -> (usize, u64, usize) {
    let text = std::fs::read_to_string(log).expect("a log");
    let lines: Vec<&str> = text.lines().collect();
    let samples = |line: &&str| {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        entry["stats"]["samples"]["totalQueryableSamples"].as_u64().expect("a number of samples")
    };
    let new = lines.get(from..).expect("a longer log");
    (new.len(), new.iter().map(samples).sum(), lines.len())
}

#[tokio::test]
async fn a_month_of_twenty_slos_is_read_once() {
    // A quarter of an hour ahead, so that there is a now while the test runs.
    let Some((real, history)) = with_history(&month(Utc::now().timestamp() + 900)).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let log = log_of(&history);
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("config.toml");
    std::fs::write(&file, config(real.base.as_str())).expect("written");

    // Naive: what one refresh of twenty gauges would read.
    let parsed =
        warroom::config::Config::parse("config", &config(real.base.as_str()), home.path(), &Default::default());
    let slos: Vec<Slo> = parsed.expect("a config").slos;
    let mut exact = Vec::new();
    for slo in &slos {
        let mut counts = Vec::new();
        for text in [slo.sli.first(), slo.sli.total()] {
            let answer =
                client.instant(&query(text, slo.window), Timestamp::from_utc(Utc::now())).await.expect("an answer");
            counts.push(answer.series[0].samples[0].value * slo.window.as_secs_f64());
        }
        exact.push((counts[0], counts[1]));
    }
    let (_, naive, logged) = cost(&log, 0);

    let snapshot = |wait: Option<&str>, timeout: &str| {
        let mut command = warroom(home.path());
        command.arg("--config").arg(&file).arg("--data").arg(home.path().join("data"));
        command.args(["snapshot", "--size", "160x90", "--keys", "1 z", "--timeout", timeout]);
        command.args(wait.into_iter().flat_map(|text| ["--wait", text]));
        let began = Instant::now();
        (run(&mut command), began.elapsed())
    };
    let (cold, cold_took) = snapshot(None, "120s");
    assert!(!cold.out.contains("loaded"), "{}", cold.out);
    let (cold_queries, cold_samples, logged) = cost(&log, logged);
    let (warm, warm_took) = snapshot(None, "120s");
    assert!(!warm.out.contains("loaded"), "{}", warm.out);
    let (warm_queries, warm_samples, logged) = cost(&log, logged);
    let (_, steady_took) = snapshot(Some("never on any screen"), "50s");
    let (steady_queries, steady_samples, _) = cost(&log, logged);

    let mut command = warroom(home.path());
    command.arg("--config").arg(&file).arg("--data").arg(home.path().join("data")).args(["slo", "--json"]);
    let told: Value = serde_json::from_str(&run(&mut command).out).expect("JSON");
    for (slo, (bad, total)) in told["slos"].as_array().expect("a list").iter().zip(&exact) {
        let budget = &slo["budget"];
        let near = |name: &str, wanted: f64| {
            let got = budget[name].as_f64().unwrap_or_else(|| panic!("{slo}"));
            assert!((got - wanted).abs() < wanted * 0.01, "{name}: {got}, naive {wanted}");
        };
        near("bad", *bad);
        near("total", *total);
    }
    let a_minute = |count: f64| count * 60.0 / steady_took.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let text = format!(
        "month of {SLOS} SLOs, {} series scraped each {SCRAPE} s\n\
         naive: {naive} samples each refresh of the 30-day numbers\n\
         cold start: {cold_queries} queries, {cold_samples} samples, complete after {:.1} s\n\
         restart: {warm_queries} queries, {warm_samples} samples, complete after {:.1} s\n\
         steady, everything that is polled: {:.0} queries a minute, {:.0} samples a minute (its start included)\n",
        SLOS * 2,
        cold_took.as_secs_f64(),
        warm_took.as_secs_f64(),
        a_minute(steady_queries as f64),
        a_minute(steady_samples as f64),
    );
    std::io::stderr().write_all(text.as_bytes()).expect("standard error");
    // All that is polled while the restart lasts, short windows included, is less than half of the month alone.
    assert!(warm_samples * 2 < naive, "a restart reads the month again: {warm_samples} of {naive}");
    assert!(cold_samples < naive * 3, "each sample of the month is read about once: {cold_samples} of {naive}");
    assert!(a_minute(steady_queries as f64) < 600.0, "{text}");
}
