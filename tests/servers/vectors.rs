//! The vectors of the reference on a running Prometheus that has scraped them: our client, our queries and our gauges, a
//! moment before and at each change; and what hours lose that lie end to end. `--nocapture` prints expected and got.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use warroom::backend::Prometheus;
use warroom::config::{Config, Surroundings};
use warroom::domain::slo::{Gauge, Reading, Sli, Slo, query, telescoping};
use warroom::domain::{Timestamp, Window};
use warroom::port::Metrics;
use warroom::runtime::measure;

use crate::month::{hour_now, with_history};

/// A failure of so many ten-thousandths of all requests for so many seconds, after enough clean time.
struct Vector {
    share: i64,
    lasts: i64,
    objective: &'static str,
    /// Long, short, factor; when it fires after the start of the failure; how long after its end it clears.
    pairs: &'static [Pair],
}

type Pair = ((&'static str, &'static str, &'static str), Option<(f64, f64)>);

const FAST: (&str, &str, &str) = ("1h", "5m", "14.4");
const SIX: (&str, &str, &str) = ("6h", "30m", "6");
const SEED: (&str, &str, &str) = ("6h", "30m", "3");
const DAY: (&str, &str, &str) = ("24h", "2h", "3");
const DAYS: (&str, &str, &str) = ("3d", "6h", "1");

const fn at(fires: f64, clears: f64) -> Option<(f64, f64)> {
    Some((fires, clears))
}

/// As the reference prints them.
const VECTORS: [Vector; 9] = [
    Vector {
        share: 10_000,
        lasts: 600,
        objective: "99.9",
        pairs: &[
            (FAST, at(51.84, 295.68)),
            (SIX, at(129.6, 1_789.2)),
            (SEED, at(64.8, 1_794.6)),
            (DAY, at(259.2, 7_178.4)),
            (DAYS, at(259.2, 21_578.4)),
        ],
    },
    Vector {
        share: 6_000,
        lasts: 2_700,
        objective: "99.9",
        pairs: &[
            (FAST, at(86.4, 292.8)),
            (SIX, at(216.0, 1_782.0)),
            (SEED, at(108.0, 1_791.0)),
            (DAY, at(432.0, 7_164.0)),
            (DAYS, at(432.0, 21_564.0)),
        ],
    },
    Vector {
        share: 1_500,
        lasts: 600,
        objective: "99.9",
        pairs: &[(FAST, at(345.6, 271.2)), (SIX, None), (SEED, at(432.0, 1_764.0)), (DAY, None), (DAYS, None)],
    },
    Vector {
        share: 500,
        lasts: 3_600,
        objective: "99.9",
        pairs: &[
            (FAST, at(1_036.8, 213.6)),
            (SIX, at(2_592.0, 1_584.0)),
            (SEED, at(1_296.0, 1_692.0)),
            (DAY, None),
            (DAYS, None),
        ],
    },
    Vector {
        share: 144,
        lasts: 36_000,
        objective: "99.9",
        pairs: &[
            (FAST, None),
            (SIX, at(9_000.0, 1_050.0)),
            (SEED, at(4_500.0, 1_425.0)),
            (DAY, at(18_000.0, 5_700.0)),
            (DAYS, at(18_000.0, 20_100.0)),
        ],
    },
    Vector {
        share: 100,
        lasts: 36_000,
        objective: "99.9",
        pairs: &[
            (FAST, None),
            (SIX, at(12_960.0, 720.0)),
            (SEED, at(6_480.0, 1_260.0)),
            (DAY, at(25_920.0, 5_040.0)),
            (DAYS, at(25_920.0, 19_440.0)),
        ],
    },
    Vector {
        share: 10_000,
        lasts: 1_800,
        objective: "99.5",
        pairs: &[(FAST, at(259.2, 278.4)), (SEED, at(324.0, 1_773.0)), (SIX, at(648.0, 1_746.0))],
    },
    Vector {
        share: 1_000,
        lasts: 7_200,
        objective: "99.5",
        pairs: &[(FAST, at(2_592.0, 84.0)), (SEED, at(3_240.0, 1_530.0)), (SIX, at(6_480.0, 1_260.0))],
    },
    Vector {
        share: 300,
        lasts: 36_000,
        objective: "99.5",
        pairs: &[(FAST, None), (SEED, at(10_800.0, 900.0)), (SIX, None)],
    },
];

/// Seconds between two scrapes, and of the clean time before each failure.
const SCRAPE: i64 = 60;
const CLEAN: i64 = 3 * 86_400;
/// After its end, until the slowest pair is silent.
const AFTER: i64 = 22_000;
/// Requests a second.
const REQUESTS: i64 = 10_000;

/// When the failure of this vector begins: all end at the same moment.
fn begins(vector: &Vector, end: i64) -> i64 {
    end - AFTER / SCRAPE * SCRAPE - vector.lasts
}

fn history(end: i64) -> String {
    let mut samples = String::from("# TYPE requests counter\n");
    for (number, vector) in VECTORS.iter().enumerate() {
        let begin = begins(vector, end);
        for code in ["200", "500"] {
            for at in (begin - CLEAN..=end).step_by(usize::try_from(SCRAPE).expect("small")) {
                let failing = (at.min(begin + vector.lasts) - begin).max(0);
                let failed = failing * REQUESTS / 10_000 * vector.share;
                let value = if code == "500" { failed } else { (at - begin + CLEAN) * REQUESTS - failed };
                writeln!(samples, "requests_total{{v=\"{number}\",code=\"{code}\"}} {value} {at}").expect("a text");
            }
        }
    }
    samples.push_str("# EOF\n");
    samples
}

fn slo(number: usize, vector: &Vector, (long, short, factor): (&str, &str, &str)) -> Arc<Slo> {
    let text = format!(
        "[[slo]]\nname = \"v\"\nobjective = \"{}\"\ncounter = 'requests_total{{v=\"{number}\"}}'\nbad_when = 'code=\"500\"'\n\
         [[slo.burn]]\nlong = \"{long}\"\nshort = \"{short}\"\nfactor = \"{factor}\"\nseverity = \"page\"\n",
        vector.objective
    );
    let config = Config::parse("config.toml", &text, &std::env::temp_dir(), &Surroundings::default());
    Arc::new(config.unwrap_or_else(|problems| panic!("{problems}")).slos[0].clone())
}

/// Whether the gauge fires at this moment by what the server answers.
async fn fires(client: &Prometheus, slo: &Arc<Slo>, at: i64) -> bool {
    let at = Timestamp::from_seconds(at);
    let rule = slo.policy.rules()[0];
    let mut measures = Vec::new();
    for window in [rule.short, rule.long] {
        measures.push((window, measure(client, slo, window, at).await));
    }
    assert!(measures.iter().all(|(_, measure)| measure.ratio().is_some()), "{measures:?}");
    let mut gauge = Gauge::new(Arc::clone(slo));
    let _ = gauge.take(Reading { slo: slo.name.clone(), at, measures });
    gauge.judge(at).pairs[0].firing
}

/// The first scrape after a time, and, for a time that is reached, the first at it.
fn next(time: f64) -> i64 {
    ((time + 1e-6) / SCRAPE as f64).floor() as i64 * SCRAPE + SCRAPE
}

fn reached(time: f64) -> i64 {
    ((time - 1e-6) / SCRAPE as f64).ceil() as i64 * SCRAPE
}

/// Every burn vector: at the scrape before each change and at the change itself.
#[tokio::test]
async fn gauges_fire_and_clear_on_a_real_server_as_the_reference_says() {
    let end = hour_now();
    let Some((real, _history)) = with_history(&history(end)).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let mut table = String::from("share, lasts, pair: fires and clears, expected | got on the scrape's grid\n");
    for (number, vector) in VECTORS.iter().enumerate() {
        let begin = begins(vector, end);
        for (pair, times) in vector.pairs {
            let slo = slo(number, vector, *pair);
            let share = vector.share as f64 / 100.0;
            let head = format!("{share} %, {} s, {} {}·{} {}×", vector.lasts, vector.objective, pair.1, pair.0, pair.2);
            let Some((fires_at, clears_after)) = times else {
                // Where it comes nearest: at the end of the failure.
                let got = fires(&client, &slo, begin + vector.lasts).await;
                writeln!(table, "{head}: never | {}", if got { "fires" } else { "never" }).expect("a text");
                assert!(!got, "{table}");
                continue;
            };
            let (on, off) = (next(*fires_at), vector.lasts + reached(*clears_after));
            let mut got = Vec::new();
            for after in [on - SCRAPE, on, off - SCRAPE, off] {
                got.push(fires(&client, &slo, begin + after).await);
            }
            let said = if got == [false, true, true, false] {
                format!("{on}, {}", off - vector.lasts)
            } else {
                format!("{got:?}")
            };
            writeln!(table, "{head}: {fires_at}, {clears_after} | {said}").expect("a text");
            assert_eq!(got, [false, true, true, false], "{table}");
        }
    }
    std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes()).expect("standard error");
}

/// One a second for a day, and 500 more: never, within an hour, between the last sample of an hour and the first of the next.
#[tokio::test]
async fn hours_that_lie_end_to_end_lose_nothing_on_a_real_server() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let end = hour_now();
    let jumps = [("steady", i64::MAX), ("within an hour", end - 10 * 3_600 + 1_800), ("on the hour", end - 10 * 3_600)];
    let mut samples = String::from("# TYPE m counter\n");
    for (number, (_, jump)) in jumps.iter().enumerate() {
        for at in (end - 30 * 3_600 + 5..end).step_by(15) {
            let value = at - (end - 30 * 3_600) + if at > *jump { 500 } else { 0 };
            writeln!(samples, "m_total{{v=\"{number}\"}} {value} {at}").expect("a text");
        }
    }
    samples.push_str("# EOF\n");
    let Some((real, _history)) = with_history(&samples).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    let day = Window { start: Timestamp::from_seconds(end - 23 * 3_600), end: Timestamp::from_seconds(end) };
    let mut table = String::from("24 h by hours: true | sum of increases | ours\n");
    for (number, (name, _)) in jumps.iter().enumerate() {
        let text = format!("sum(increase(m_total{{v=\"{number}\"}}[{{{{.window}}}}]))");
        let plain = Sli::BadOverTotal { bad: text.clone(), total: text };
        let sum = async |text: &str| -> f64 {
            let answer = client.range(&query(text, HOUR), day, HOUR).await.expect("an answer");
            answer.series[0].samples.iter().map(|sample| sample.value).sum()
        };
        let (naive, ours) = (sum(plain.total()).await, sum(telescoping(&plain).total()).await);
        let (whole, lossy) = [(86_400.0, 86_400.0), (86_900.0, 86_902.0), (86_900.0, 86_400.0)][number];
        writeln!(table, "{name}: {whole} | {naive:.1} | {ours:.1}").expect("a text");
        assert!((ours - whole).abs() < 1e-6 && (naive - lossy).abs() < 0.5, "{table}");
    }
    std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes()).expect("standard error");
}
