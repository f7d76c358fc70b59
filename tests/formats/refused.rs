//! What is refused is told with its file, its line, the line itself and a hint; the rest is read.

use crate::read::{OPENSLO, SLOTH, files};

/// The first lines of the problems of a text.
fn told(text: &str) -> Vec<String> {
    let read = files(&[text]);
    let lines = read.problems.iter().flat_map(|problems| {
        problems.to_string().lines().filter(|line| line.starts_with("0.yml:")).map(str::to_owned).collect::<Vec<_>>()
    });
    lines.collect()
}

/// A text with one thing changed.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

#[test]
fn a_problem_has_its_line_and_a_hint() {
    let text = with(SLOTH, "objective: 99.9", "objektive: 99.9");
    let read = files(&[&text]);
    let problems = read.problems[0].to_string();
    let unknown = "0.yml:8:5: unknown key `objektive` in slos\n      objektive: 99.9\n      ^^^^^^^^^\n  hint: did you \
                   mean `objective`?";
    let missing =
        "0.yml:7:5: `slos.objective` is missing\n    - name: \"availability\"\n      ^^^^\n  hint: a percentage: 99.9";
    assert_eq!(problems, format!("{missing}\n{unknown}"));
    assert_eq!(read.slos.len(), 1, "the other is read");
}

#[test]
fn sloth_is_refused_field_by_field() {
    for (old, new, wanted) in [
        (
            "objective: 99.9",
            "objective: 100",
            "0.yml:8:16: the objective: expected more than 0 and less than 100 percent",
        ),
        ("objective: 99.9", "objective: [1]", "0.yml:8:16: `slos.objective` must be a single value, not a list"),
        (
            "[{{.window}}]))\n        total",
            "[5m]))\n        total",
            "0.yml:12:22: `error_query` does not say {{.window}}",
        ),
        (
            "{{ .window }}",
            "{{ .window }}{{.job}}",
            "0.yml:13:9: `slos.sli.events.total_query`: a template that is not known here",
        ),
        ("disable: true", "disable: maybe", "0.yml:24:18: `slos.alerting.ticket_alert.disable` must be true or false"),
        (
            "events:",
            "plugin:",
            "0.yml:11:7: `slos.sli.plugin`: the queries are made by a plugin, which cannot be run here",
        ),
        (
            "    sli:\n      events",
            "    plugins: {chain: [{id: x/y}]}\n    sli:\n      events",
            "0.yml:10:28: a plugin that may change what is counted cannot be run here",
        ),
        ("service: \"booking\"", "service: \"\"", "0.yml:2:1: `service` is missing"),
        ("prometheus/v1", "prometheus/v2", "0.yml:2:1: not a document of SLOs that is known"),
    ] {
        let told = told(&with(SLOTH, old, new));
        assert_eq!(told.first().map(String::as_str), Some(wanted), "{told:?}");
    }
}

#[test]
fn openslo_is_refused_field_by_field() {
    for (old, new, wanted) in [
        ("isRolling: true}", "isRolling: false}", "`spec.timeWindow.isRolling`: a budget of the calendar"),
        ("duration: 30d", "duration: 1M", "`duration` is not a duration"),
        (
            "counter: true\n    good: {metricSource: {metricSourceRef: mimir, spec: {query: 'http",
            "counter: true\n    good: {metricSource: {type: Datadog, spec: {query: 'http",
            "a metric source of type Datadog",
        ),
        ("type: Prometheus, connectionDetails", "type: Splunk, connectionDetails", "a data source of type Splunk"),
        ("conditionRef: fast", "conditionRef: quick", "no AlertCondition is called `quick` in these files"),
        ("op: gt,", "op: lt,", "`spec.condition.op`: a burn rate calls when it is above its threshold"),
        (
            "target: 0.999}",
            "target: 0.999, compositeWeight: 2}",
            "`spec.objectives.compositeWeight`: composite SLOs are not read",
        ),
        ("target: 0.999}", "target: 1.0}", "the objective: expected more than 0 and less than 100 percent"),
        ("budgetingMethod: Occurrences", "budgetingMethod: Dice", "`spec.budgetingMethod`: not known"),
        (
            "sum(http_requests_total)",
            "max(http_requests_total)",
            "a counter that is neither a selector nor says {{.window}}",
        ),
        ("timeSliceTarget: 0.95,", "", "`spec.objectives.timeSliceTarget` is missing"),
    ] {
        let told = told(&with(OPENSLO, old, new));
        assert!(told.iter().any(|line| line.contains(wanted)), "{wanted}: {told:?}");
    }
}

#[test]
fn two_of_one_name_and_none_at_all() {
    let twice = with(SLOTH, "service: \"payment\"", "service: \"booking\"").replace("satisfaction\"", "availability\"");
    let told_twice = told(&twice);
    assert!(told_twice[0].ends_with("a second `booking-availability`"), "{told_twice:?}");
    assert_eq!(told(""), ["0.yml:1:1: no SLO is in it"]);
    assert_eq!(told("- 1"), ["0.yml:1:1: not a document of SLOs that is known"]);
    // What our own reader would not take is told at the SLO.
    let short = told(&with(OPENSLO, "duration: 30d", "duration: 1m"));
    assert!(short[0].contains("`window` must be a duration from 1h to 90d"), "{short:?}");
}
