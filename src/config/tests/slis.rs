//! The ways to say how an SLO is measured.

use super::*;
use crate::domain::slo::Sli;

/// The SLI and the labels that these lines say.
fn read(lines: &str) -> Result<(Sli, Vec<String>), String> {
    let config = parse(&format!("[[slo]]\nname = \"n\"\nobjective = \"99.9\"\n{lines}\n"))?;
    let by = config.groups.iter().flat_map(|group| group.by.iter().map(ToString::to_string)).collect();
    Ok((config.slos[0].sli.clone(), by))
}

fn good(lines: &str) -> (String, String) {
    match read(lines).unwrap_or_else(|told| panic!("{told}")).0 {
        Sli::GoodOverTotal { good, total } => (good, total),
        Sli::BadOverTotal { bad, total } => panic!("bad: {bad} of {total}"),
    }
}

/// The first problem and its hint, without the place and the line.
fn mistake(lines: &str) -> String {
    let told = read(lines).expect_err("a problem");
    let words: Vec<&str> = told.lines().collect();
    let (place, message) = words[0].split_once(": ").expect("a place");
    let row = place.split(':').nth(1).expect("a line");
    format!("{row}: {message}; {}", words[3].trim())
}

#[test]
fn a_counter_with_its_bad_or_good_events() {
    let (sli, by) = read("counter = 'c{job=\"x\"}'\nbad_when = 'code=~\"5..\"'").expect("right");
    let total = "sum(rate(c{job=\"x\"}[{{.window}}]))".to_owned();
    let bad = format!("sum(rate(c{{job=\"x\",code=~\"5..\"}}[{{{{.window}}}}])) or 0 * {total}");
    assert_eq!((sli, by), (Sli::BadOverTotal { bad, total }, Vec::new()));
    let (first, _) = good("counter = 'c'\ngood_when = 'code=\"200\"'");
    assert_eq!(first, "sum(rate(c{code=\"200\"}[{{.window}}])) or 0 * sum(rate(c[{{.window}}]))");
}

#[test]
fn fast_and_well_on_a_histogram_of_either_unit() {
    let lines = "histogram = 'h_seconds'\nfaster_than = \"3s\"\ngood_when = 'code=~\"2..\"'";
    let (first, total) = good(lines);
    assert!(first.contains(r#"h_seconds_bucket{code=~"2..",le=~"3(\\.0)?"}"#), "{first}");
    assert_eq!(total, "sum(rate(h_seconds_count[{{.window}}]))");
    for lines in [
        "histogram = 'h_milliseconds_bucket'\nfaster_than = \"800ms\"",
        "histogram = 'h'\nbuckets_in = \"milliseconds\"\nfaster_than = \"800ms\"",
    ] {
        assert!(good(lines).0.contains(r#"_bucket{le=~"800(\\.0)?"}"#), "{}", good(lines).0);
    }
    let seconds = good("histogram = 'h_ms'\nbuckets_in = \"seconds\"\nfaster_than = \"800ms\"").0;
    assert!(seconds.contains(r#"le="0.8""#), "{seconds}");
    let native = good("histogram = 'h'\nnative = true\nfaster_than = \"800ms\"");
    assert!(native.0.contains("histogram_fraction(0, 0.8, "), "{}", native.0);
    assert_eq!(native.1, "histogram_count(sum(rate(h[{{.window}}])))");
}

#[test]
fn a_group_has_its_labels_in_every_text() {
    let (sli, by) = read("gauge = 'probe_success'\ngroup_by = \"target\"").expect("right");
    assert_eq!(by, ["target"]);
    assert_eq!(sli.total(), "sum(count_over_time(probe_success{{{.group}}}[{{.window}}]))");
    let texts = "bad = 'b{ {{.group}} }[{{.window}}]'\ntotal = 't{a=\"b\",{{.group}}}[{{.window}}]'";
    let (_, by) = read(&format!("{texts}\ngroup_by = [\"a\", \"b\"]")).expect("right");
    assert_eq!(by, ["a", "b"]);
}

#[test]
fn what_does_not_fit_together_is_told() {
    for (lines, told) in [
        (
            "counter = 'c'",
            "1: [[slo]] without `bad_when`; hint: which events are bad: bad_when = 'code=~\"5..\"', or good_when = '..'",
        ),
        (
            "histogram = 'h'",
            "1: [[slo]] without `faster_than`; hint: the slowest that is good: faster_than = \"800ms\"",
        ),
        (
            "counter = 'c'\ngauge = 'g'",
            "5: `gauge` beside `counter`; hint: keep one of them: each measures the SLO alone",
        ),
        ("gauge = 'g'\ntotal = 't'", "5: `total` beside `gauge`; hint: keep one of them: each measures the SLO alone"),
        (
            "counter = 'rate(c[5m])'",
            "4: `counter`: expected a metric and its labels alone, such as http_requests_total{job=\"x\"} (at character 5); hint: a metric and its labels, as in http_requests_total{job=\"booking\"}",
        ),
        (
            "counter = 'c'\nbad_when = '{a=\"b\"}'",
            "5: `bad_when`: expected the name of a label (at character 1); hint: what labels must be: 'code=~\"5..\"', without braces",
        ),
        (
            "counter = 'c'\nbad_when = 'a=\"b\"'\ngood_when = 'a=\"c\"'",
            "5: `bad_when` beside `good_when`; hint: keep one of them: each measures the SLO alone",
        ),
        (
            "counter = 'c'\nbad_when = 'a=\"b\"'\nnative = true",
            "6: `native` says nothing about a counter; hint: leave it out",
        ),
        (
            "histogram = 'h{le=\"1\"}'\nfaster_than = \"1s\"",
            "4: `histogram` already says le=\"1\"; hint: name all its buckets; `faster_than` chooses one",
        ),
        (
            "histogram = 'h'\nfaster_than = \"1s\"\nbad_when = 'a=\"b\"'",
            "6: `bad_when` beside `histogram`; hint: say what is good beside being fast: good_when = 'code=~\"2..\"'",
        ),
        (
            "bad_when = 'a=\"b\"'",
            "4: `bad_when` without the metric that it is about; hint: counter = 'http_requests_total{job=\"booking\"}', or histogram = '..'",
        ),
        (
            "bad = 'b[{{.window}}]'\ntotal = 't[{{.window}}]'\ngroup_by = [\"a\"]",
            "4: `bad` does not say {{.group}}; hint: write it among the labels: m{job=\"x\",{{.group}}}",
        ),
        (
            "bad = 'b[{{.window}}]'\ntotal = 't{ {{.group}} }[{{.window}}]'",
            "5: `total` says {{.group}} without `group_by`; hint: name the labels: group_by = [\"handler\"]",
        ),
        (
            "gauge = 'g'\ngroup_by = [\"a-b\"]",
            "5: `group_by` must hold names of labels; hint: group_by = [\"handler\"]",
        ),
        (
            "gauge = 'g'\ngroup_by = [\"a\", \"b\", \"c\", \"d\", \"e\"]",
            "5: `group_by` takes at most 4 labels; hint: every combination of values becomes a gauge",
        ),
    ] {
        assert_eq!(mistake(lines), told);
    }
}
