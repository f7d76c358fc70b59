//! The alerts that we write for a rules engine, judged by `promtool`: sound, and firing and clearing when the gauges do.

use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use warroom::config::{Config, Exported, Format, Surroundings, export};
use warroom::domain::Timestamp;
use warroom::domain::slo::{Gauge, Measure, Reading, Slo, windows};

use crate::child::run;
use crate::installed::program;

/// Every way to measure, every kind of policy.
const CONFIG: &str = r#"
[[slo]]
name = "checkout {{ $labels }} it's \"fine\""
objective = "99.9"
counter = '''http_requests_total{path=~"/a\\\\.b|it's"}'''
bad_when = 'code=~"5.."'
policy = "workbook"
runbook = "checkout-down"
[[slo]]
name = "joint"
objective = "99.9"
histogram = 'duration_seconds{job="x"}'
faster_than = "3s"
good_when = 'code=~"2.."'
group_by = ["handler", "method"]
policy = "pyrra"
[[slo]]
name = "milliseconds"
objective = "99.5"
histogram = 'duration_milliseconds'
faster_than = "800ms"
policy = "sloth-30d"
[[slo]]
name = "native"
objective = "99"
histogram = 'duration_seconds'
native = true
faster_than = "800ms"
[[slo]]
name = "probe"
objective = "99"
gauge = 'probe_success'
[[slo]]
name = "raw"
objective = "99.9"
bad = '(1 - avg_over_time(ratio[{{.window}}])) * {{.seconds}}'
total = '((1 - avg_over_time(ratio[{{.window}}])) * 0 + 1) * {{.seconds}}'
[[slo]]
name = "slices"
objective = "99"
bad = 'sum(rate(bad_total[{{.window}}]))'
total = 'sum(rate(all_total[{{.window}}]))'
method = "time-slices"
slice_target = "95"
"#;

fn config(text: &str) -> Config {
    let read = Config::parse("config.toml", text, &std::env::temp_dir(), &Surroundings::default());
    read.unwrap_or_else(|problems| panic!("{problems}"))
}

fn rules(config: &Config) -> String {
    let slos: Vec<Exported<'_>> = config
        .slos
        .iter()
        .map(|slo| {
            let group = config.groups.iter().find(|group| group.slo == slo.name);
            (slo, group.map_or([].as_slice(), |group| group.by.as_slice()))
        })
        .collect();
    export(Format::PrometheusRules, &slos, Some("https://git.example.com/runbooks/"))
}

#[test]
fn every_alert_is_sound() {
    let Some(promtool) = program(&["promtool"], "prometheus") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(CONFIG);
    std::fs::write(folder.path().join("rules.yml"), rules(&config)).expect("written");
    let said = run(Command::new(promtool).args(["check", "rules"]).arg(folder.path().join("rules.yml")));
    let count: usize = config.slos.iter().map(|slo| slo.policy.rules().len()).sum();
    assert!(said.code == Some(0) && said.out.contains(&format!("SUCCESS: {count} rules found")), "{said:?}");
}

/// A failure of this share of all requests, after enough clean time, and how it is watched.
struct Vector {
    /// In ten-thousandths.
    share: u64,
    lasts: u64,
    objective: &'static str,
    /// Of samples and of evaluations: every window and every time is a multiple of it.
    step: u64,
    burn: &'static [(&'static str, &'static str, &'static str)],
}

const FAST: &[(&str, &str, &str)] = &[("1h", "5m", "14.4"), ("6h", "30m", "6"), ("6h", "30m", "3")];
const SLOW: &[(&str, &str, &str)] = &[("24h", "2h", "3"), ("3d", "6h", "1")];

const fn vector(share: u64, lasts: u64, slow: bool) -> Vector {
    let (step, burn) = if slow { (300, SLOW) } else { (15, FAST) };
    Vector { share, lasts, objective: "99.9", step, burn }
}

const fn latency(share: u64, lasts: u64) -> Vector {
    Vector { objective: "99.5", ..vector(share, lasts, false) }
}

/// The table of the reference.
const VECTORS: &[Vector] = &[
    vector(10_000, 600, false),
    vector(6_000, 2_700, false),
    vector(1_500, 600, false),
    vector(500, 3_600, false),
    vector(144, 36_000, false),
    vector(100, 36_000, false),
    vector(10_000, 600, true),
    vector(6_000, 2_700, true),
    vector(1_500, 600, true),
    vector(500, 3_600, true),
    vector(144, 36_000, true),
    vector(100, 36_000, true),
    latency(10_000, 1_800),
    latency(1_000, 7_200),
    latency(300, 36_000),
];

impl Vector {
    fn slo(&self, pair: usize) -> Slo {
        let (long, short, factor) = self.burn[pair];
        let text = format!(
            "[[slo]]\nname = \"v\"\nobjective = \"{}\"\ncounter = 'requests_total'\nbad_when = 'code=\"500\"'\n\
             [[slo.burn]]\nlong = \"{long}\"\nshort = \"{short}\"\nfactor = \"{factor}\"\nseverity = \"page\"\n",
            self.objective
        );
        config(&text).slos[0].clone()
    }

    /// Clean seconds before the failure: the longest window of the pair.
    fn lead(&self, pair: usize) -> u64 {
        self.slo(pair).longest().as_secs()
    }

    /// Requests and failed requests in every step.
    fn events(&self) -> (u64, u64) {
        (10_000 * self.step, self.share * self.step)
    }

    /// Whether our gauge fires so many seconds after the first sample.
    fn fires(&self, slo: &Arc<Slo>, lead: u64, at: u64) -> bool {
        let (total, bad) = self.events();
        let rate = |events: u64| events as f64 / self.step as f64;
        let measures = windows(slo).into_iter().map(|window| {
            let from = at.saturating_sub(window.as_secs());
            let failed = at.min(lead + self.lasts).saturating_sub(from.max(lead));
            let (bad, total) = (rate(bad) * failed as f64, rate(total) * window.as_secs_f64());
            (window, Measure::Counts { bad, total, partial: false })
        });
        let mut gauge = Gauge::new(Arc::clone(slo));
        let at = Timestamp::EPOCH.plus(Duration::from_secs(at));
        let reading = Reading { slo: slo.name.clone(), at, measures: measures.collect() };
        let _ = gauge.take(reading);
        gauge.judge(at).pairs[0].firing
    }

    /// A test of one pair, as promtool reads it: at every evaluation around each change, and far from them.
    fn test(&self, pair: usize, folder: &std::path::Path) -> (String, Vec<u64>) {
        let slo = Arc::new(self.slo(pair));
        let (lead, step) = (self.lead(pair), self.step);
        let end = lead + self.lasts + slo.shortest().as_secs() + 20 * step;
        let states: Vec<(u64, bool)> =
            (0..=end / step).map(|tick| (tick * step, self.fires(&slo, lead, tick * step))).collect();
        let changes: Vec<u64> = states.windows(2).filter(|two| two[0].1 != two[1].1).map(|two| two[1].0).collect();
        let near = |at: u64| changes.iter().any(|change| at.abs_diff(*change) <= 2 * step);
        let name = format!("{}-{}-{pair}.yml", self.share, self.lasts);
        let file = export(Format::PrometheusRules, &[(slo.as_ref(), &[])], None);
        std::fs::write(folder.join(&name), file).expect("written");
        let alert = format!("VPage{}", self.burn[pair].0.replace("24h", "1d"));
        let (total, bad) = self.events();
        let mut text = format!("rule_files: [{name}]\nevaluation_interval: {step}s\ntests:\n- interval: {step}s\n");
        let (clean, failing, after) = (lead / step, self.lasts / step, (end - lead - self.lasts) / step);
        let failed = bad * failing;
        let good = total - bad;
        let _ = write!(
            text,
            "  input_series:\n  - series: 'requests_total{{code=\"500\"}}'\n    values: '0+0x{clean} {bad}+{bad}x{} {failed}+0x{after}'\n  \
             - series: 'requests_total{{code=\"200\"}}'\n    values: '0+{total}x{clean} {}+{good}x{} {}+{total}x{after}'\n  alert_rule_test:\n",
            failing - 1,
            clean * total + good,
            failing - 1,
            clean * total + failing * good + total,
        );
        for (at, fires) in states.iter().filter(|(at, _)| near(*at) || at % (40 * step) == 0) {
            let _ = write!(text, "  - eval_time: {at}s\n    alertname: {alert}\n    exp_alerts:");
            if *fires {
                let (long, short, factor) =
                    (self.burn[pair].0.replace("24h", "1d"), self.burn[pair].1, self.burn[pair].2);
                let _ = writeln!(
                    text,
                    "\n    - exp_labels: {{slo: v, journey: v, severity: page, long: {long}, short: {short}}}"
                );
                let _ = writeln!(
                    text,
                    "      exp_annotations: {{summary: \"v: the error budget burns more than {factor} times as fast as it lasts, over {long} and over {short}\"}}"
                );
            } else {
                text.push_str(" []\n");
            }
        }
        (text, changes.into_iter().map(|change| change - lead).collect())
    }
}

/// When each vector fires and clears by its sums, on the grid of evaluations.
fn expected(vector: &Vector, pair: usize) -> Vec<u64> {
    let slo = vector.slo(pair);
    let rule = slo.policy.rules()[0];
    let burn = vector.share as f64 / 10_000.0 / slo.objective.budget();
    let fires = rule.long.as_secs_f64() * rule.factor() / burn;
    if burn <= rule.factor() * (1.0 + 1e-9) || fires >= vector.lasts as f64 {
        return Vec::new();
    }
    // Strictly after it, and no more from the moment that it clears at.
    let clears = vector.lasts as f64 + rule.short.as_secs_f64() * (1.0 - rule.factor() / burn);
    let ticks = |time: f64| time / vector.step as f64 + 1e-9;
    vec![(ticks(fires).floor() as u64 + 1) * vector.step, (ticks(clears) - 2e-9).ceil() as u64 * vector.step]
}

#[test]
fn alerts_fire_and_clear_when_the_gauges_do() {
    let Some(promtool) = program(&["promtool"], "prometheus") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut table =
        String::from("share lasts pair: expected (s after the start: fires, clears) | gauge and promtool\n");
    for vector in VECTORS {
        for pair in 0..vector.burn.len() {
            let (text, changes) = vector.test(pair, folder.path());
            let file = folder.path().join("test.yml");
            std::fs::write(&file, &text).expect("written");
            let said = run(Command::new(&promtool).current_dir(&folder).args(["test", "rules"]).arg(&file));
            let wanted = expected(vector, pair);
            let (share, lasts, pair) = (vector.share as f64 / 100.0, vector.lasts, vector.burn[pair]);
            let _ = writeln!(table, "{share} % {lasts} s {pair:?}: {wanted:?} | {changes:?}");
            assert_eq!(changes, wanted, "{table}");
            assert!(said.code == Some(0), "{table}{}{}", said.out, said.err);
        }
    }
    // Shown by `--nocapture`.
    std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes()).expect("standard error");
}
