//! The faces for scripts by the real binary: what each prints, and its exit code: 0 well, 1 something is wrong, 2 not what
//! was asked for. Not the servers that others point at: `servers.rs`.

#![cfg(test)]

use serde_json::Value;

#[path = "child/program.rs"]
mod child;

use child::{Said, run, warroom};

const EXEMPLAR: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn said(arguments: &[&str]) -> Said {
    let home = tempfile::tempdir().expect("a folder");
    run(warroom(home.path()).args(arguments))
}

fn well(arguments: &[&str]) -> String {
    let said = said(arguments);
    assert!(said.code == Some(0) && said.err.is_empty(), "{said:?}");
    said.out
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&well(arguments)).expect("JSON")
}

/// What it says of arguments that it cannot take.
fn refusal(arguments: &[&str]) -> String {
    let said = said(arguments);
    assert!(said.code == Some(2) && said.out.is_empty(), "{arguments:?}: {said:?}");
    said.err
}

#[track_caller]
fn assert_near(value: &Value, expected: f64) {
    let number = value.as_f64().unwrap_or_else(|| panic!("a number: {value}"));
    assert!((number - expected).abs() <= 0.002, "{number} is not {expected}");
}

#[test]
fn a_snapshot_holds_the_answer() {
    let frame = well(&["demo", "--seek", "6m", "snapshot", "--size", "80x24"]);
    assert_eq!(frame.lines().count(), 24, "{frame}");
    assert!(frame.lines().all(|line| line.chars().count() <= 80), "{frame}");
    let answer = frame.lines().nth(1).expect("the answer line");
    for words in ["order-routing", "fail since", "pricing → redis", "lost"] {
        assert!(answer.contains(words), "{frame}");
    }
    assert!(!frame.contains('\u{1b}'), "no escape sequences unless asked for");
    let coloured = well(&["demo", "--seek", "6m", "snapshot", "--size", "80x24", "--ansi"]);
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
}

/// Of a config that is named the demo takes how the screen looks; what is wrong in it is told.
#[test]
fn the_demo_looks_as_a_named_config_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = |text: &str| {
        let file = folder.path().join("c.toml");
        std::fs::write(&file, text).expect("written");
        let named = file.to_str().expect("a path");
        said(&["demo", "--config", named, "--seek", "6m", "snapshot", "--size", "80x24", "--ansi"])
    };
    let mono = snapshot("[ui]\ntheme = \"mono\"\n");
    assert!(mono.code == Some(0) && !mono.out.contains("[38;"), "{mono:?}");
    let wrong = snapshot("[ui]\nwriter = \"plane\"\n");
    assert!(wrong.code != Some(0) && wrong.err.contains("plane"), "{wrong:?}");
}

#[test]
fn a_snapshot_presses_keys_and_says_when_it_waited_in_vain() {
    let open = ["demo", "--seek", "6m", "snapshot", "--size", "100x30"];
    let frame = well(&[&open[..], &["--keys", "?", "--wait", "type to search"]].concat());
    assert!(frame.contains("type to search"), "{frame}");
    let vain = said(&[&open[..], &["--wait", "no frame ever says this", "--timeout", "2s"]].concat());
    assert!(vain.code == Some(1) && vain.out.contains("order-routing"), "{vain:?}");
    assert!(vain.err.contains("no frame ever says this"), "{vain:?}");
}

#[test]
fn an_impact_that_began_long_ago_is_counted_from_its_start() {
    let anchored = ["demo", "--anchor", "2026-03-13T17:30:00Z", "--seek", "55m", "snapshot", "--size", "120x40"];
    let frame = well(&anchored);
    let answer = frame.lines().nth(1).unwrap_or_default();
    assert!(answer.contains("since 18:30") && answer.contains("2,300 lost"), "{frame}");
}

#[test]
fn a_budget_does_not_recover_when_an_hour_ends() {
    let left = |seek: &str| {
        let told = json(&["demo", "--anchor", "2026-03-13T17:54:30Z", "--seek", seek, "slo", "--json"]);
        let slos = told.as_array().or_else(|| told["slos"].as_array()).expect("SLOs").clone();
        let orders = slos.iter().find(|slo| text(&slo["name"]) == "order-routing").expect("it is there");
        orders["budget"]["remaining"].as_f64().expect("a number")
    };
    // The hour ends at 5:30, and is counted as a whole a minute later.
    let told = ["5m20s", "5m40s", "6m15s", "6m45s"].map(left);
    assert!(told.windows(2).all(|pair| pair[1] < pair[0] && pair[0] - pair[1] < 0.05), "{told:?}");
}

#[test]
fn a_check_of_the_demo_finds_all_in_order() {
    let checked = well(&["demo", "--seek", "6m", "check"]);
    assert!(checked.contains("all is in order") && !checked.contains('✗'), "{checked}");
    let checked = json(&["demo", "--seek", "6m", "check", "--json"]);
    assert_eq!(checked["wrong"], 0);
    let findings = checked["findings"].as_array().expect("a list");
    assert!(findings.len() >= 15 && findings.iter().all(|finding| finding["ok"] == true), "{findings:?}");
}

#[test]
fn a_check_names_what_is_wrong() {
    for (fault, source, words) in [
        ("loki:http=500", "loki", "server error (500)"),
        ("tempo:html", "tempo", "login page"),
        ("alertmanager:down", "alertmanager", "no connection"),
        ("prometheus:unauthorised", "prometheus", "not authorised"),
        ("jaeger:throttle=9s", "jaeger", "throttled, may ask again in 9 s"),
    ] {
        let said = said(&["demo", "--seek", "6m", "--fault", fault, "check"]);
        assert_eq!(said.code, Some(1), "{said:?}");
        let wrong: Vec<&str> = said.out.lines().filter(|line| line.starts_with('✗')).collect();
        assert!(
            wrong.iter().any(|line| line.contains(&format!("source {source}")) && line.contains(words)),
            "{said:?}"
        );
        // Without metrics no objective can be read; the other servers stand for themselves.
        assert!(wrong.len() == 1 || source == "prometheus", "{wrong:?}");
        assert!(said.out.contains("hint:"), "{said:?}");
    }
}

#[test]
fn a_check_names_a_theme_that_is_not_there() {
    let said = said(&["demo", "--seek", "6m", "--theme", "drak", "check"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let wrong: Vec<&str> = said.out.lines().filter(|line| line.starts_with('✗')).collect();
    assert!(matches!(wrong[..], [only] if only.contains("config") && only.contains("drak")), "{said:?}");
}

#[test]
fn a_face_that_was_mistyped_is_not_taken_for_an_id() {
    for (typed, meant) in [("chekc", "check"), ("slos", "slo"), ("snapshto", "snapshot"), ("dmeo", "demo")] {
        let words = refusal(&[typed]);
        assert!(words.contains(&format!("did you mean `warroom {meant}`?")), "{words}");
        assert!(words.contains(&format!("warroom open {typed}")), "{words}");
    }
    // An id opens the war room, which a pipe cannot show.
    assert!(said(&["4472146"]).err.contains("config"), "no config here");
}

#[test]
fn every_slo_is_told_with_its_numbers() {
    let told = json(&["demo", "--anchor", "2026-03-13T17:30:00Z", "--seek", "6m", "slo", "--json"]);
    let slos = told["slos"].as_array().expect("a list");
    let names: Vec<&str> = slos.iter().filter_map(|slo| slo["name"].as_str()).collect();
    assert_eq!(names, ["order-routing", "order-routing-latency", "quote", "tracking", "label"]);
    let first = &slos[0];
    assert_eq!((&first["state"], &first["zone"]), (&"PAGE".into(), &"cautious".into()));
    assert_near(&first["budget"]["remaining"], 0.433);
    assert_near(&slos[3]["budget"]["remaining"], 0.80);
    assert_near(&slos[4]["budget"]["remaining"], 0.71);
    assert!(first["rules"].as_array().expect("rules").iter().all(|rule| rule["firing"] == true), "{first}");
    assert_eq!(slos[3]["state"], "healthy");
    let plain = well(&["demo", "--anchor", "2026-03-13T17:30:00Z", "--seek", "6m", "slo"]);
    assert!(plain.contains("order-routing") && plain.contains("43.2 %"), "{plain}");
}

/// A script must not take "no data" for "well".
#[test]
fn an_slo_that_cannot_be_read_is_no_success() {
    let said = said(&["demo", "--seek", "6m", "--fault", "prometheus:http=500", "slo", "--json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let told: Value = serde_json::from_str(&said.out).expect("JSON all the same");
    assert!(told["slos"][0]["measures"][0]["problem"].as_str().is_some_and(|why| why.contains("500")), "{told}");
}

#[test]
fn a_trace_is_analysed() {
    for form in [EXEMPLAR.to_owned(), format!("traceparent: 00-{EXEMPLAR}-00f067aa0ba902b7-01")] {
        let told = json(&["demo", "--seek", "7m", "trace", &form, "--json"]);
        assert_eq!(told["trace"], EXEMPLAR);
        assert_eq!(told["duration_nanos"], 2_480_000_000_u64);
        let spans = told["spans"].as_array().expect("a list");
        assert_eq!(spans.len(), 11);
        let roots: Vec<&Value> = spans.iter().filter(|span| span["parent"].is_null()).collect();
        assert!(roots.len() == 1 && roots[0]["service"] == "edge-gateway", "{roots:?}");
        let path = &told["critical_path"]["by_service"][0];
        assert_eq!(path["service"], "pricing");
        assert_near(&path["share"], 0.956);
        assert_eq!(
            (&told["responsible"]["service"], &told["responsible"]["dependency"]),
            (&"pricing".into(), &"redis".into())
        );
        assert_eq!(told["orphans"].as_array().map(Vec::len), Some(0));
    }
    let plain = well(&["demo", "--seek", "7m", "trace", EXEMPLAR]);
    assert!(plain.contains("responsible: pricing → redis") && plain.contains("pricing 95.6 %"), "{plain}");
    let nobody = said(&["demo", "--seek", "7m", "trace", "77777777777777777777777777777777"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("not found"), "{nobody:?}");
}

#[test]
fn bad_arguments_are_refused_with_a_hint() {
    for (arguments, hint) in [
        (&["--no-such-flag"][..], "--help"),
        (&["demo", "--seek", "5 parsecs", "check"], "6m"),
        (&["demo", "--anchor", "yesterday", "check"], "2026-03-13T17:30:00Z"),
        (&["demo", "--scenario", "nope", "check"], "lost-orders"),
        (&["demo", "--port-base", "65533", "check"], "--port-base"),
        (&["demo", "--fault", "loki:explode", "check"], "loki:down@30s..60s"),
        (&["demo", "--fault", "pagerduty:down", "check"], "servers: prometheus, loki"),
        (&["demo", "snapshot", "--size", "0x9"], "120x40"),
        (&["demo", "trace", "not-an-id"], "traceparent"),
        (&["demo", "trace", "--json"], "<ID>"),
        (&["demo", "--theme", "nope", "--no-such-flag"], "--help"),
        (&[EXEMPLAR, "check"], "comes first"),
        (&["check"], "config.example.toml"),
        (&["check", "--config", "/nowhere/config.toml"], "no such file"),
    ] {
        let told = refusal(arguments);
        assert!(told.contains(hint), "{arguments:?}: {told}");
    }
}

const MISTAKES: &str = r#"
surprise = 1
[[source]]
kind = "graphite"
name = "metrics"
url = "http://127.0.0.1:1"
[[source]]
kind = "loki"
name = "logs"
url = "ftp://127.0.0.1"
[[source]]
kind = "tempo"
name = "traces"
url = "http://127.0.0.1:3"
timeout = "soon"
[[slo]]
name = "one"
objective = "101"
window = "30d"
bad = "b[{{.window}}]"
total = "t[{{.window}}]"
[[slo]]
name = "two"
objective = "99.9"
window = "a month"
bad = "b[{{.window}}]"
total = "t"
[[slo]]
name = "three"
objective = "99.9"
window = "30d"
total = "t[{{.window}}]"
policy = "hope"
[ui]
timezone = "Europe/Atlantis"
theem = "dark"
"#;

#[test]
fn a_config_with_ten_mistakes_lists_ten() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("config.toml");
    std::fs::write(&file, MISTAKES).expect("written");
    let told = refusal(&["--config", file.to_str().expect("UTF-8"), "check"]);
    let places: Vec<&str> = told.lines().filter(|line| line.contains("config.toml:")).collect();
    for (line, _) in MISTAKES.lines().enumerate().filter(|(_, text)| is_mistake(text)) {
        let place = format!("config.toml:{}:", line + 1);
        assert!(places.iter().any(|told| told.contains(&place)), "{place} is not told:\n{told}");
    }
    assert!(places.len() >= 10, "{told}");
    assert!(told.matches('^').count() >= 10 && told.matches("hint:").count() >= 10, "{told}");
}

fn is_mistake(line: &str) -> bool {
    ["surprise", "graphite", "ftp:", "soon", "101", "a month", "hope", "Atlantis", "theem"]
        .iter()
        .any(|it| line.contains(it))
}

#[test]
fn what_can_be_done_is_told_without_a_config() {
    let keys = well(&["keys"]);
    assert!(keys.lines().count() > 40, "{keys}");
    let help = well(&["--help"]);
    assert!(help.contains("warroom demo --seek 6m snapshot") && help.contains("completions"), "{help}");
    assert!(well(&["--version"]).starts_with("warroom "));
    for shell in ["bash", "zsh", "fish"] {
        assert!(well(&["completions", shell]).contains("snapshot"), "{shell}");
    }
}

/// 4bf92f3577b34da6a3ce929d0e0e4736, of which a Datadog tracer keeps the low half, in decimal.
#[test]
fn an_id_of_64_bits_leads_to_the_trace_that_it_is_the_low_half_of() {
    for half in ["a3ce929d0e0e4736", "dd.trace_id=11803532876627986230"] {
        let told = well(&["demo", "--seek", "7m", "trace", half]);
        let wanted =
            format!("a3ce929d0e0e4736 (11803532876627986230) is the low 64 bits of {EXEMPLAR}\ntrace {EXEMPLAR}");
        assert!(told.starts_with(&wanted), "{told}");
    }
    let told = json(&["demo", "--seek", "7m", "trace", "a3ce929d0e0e4736", "--json"]);
    assert_eq!((text(&told["trace"]), text(&told["low_half"])), (EXEMPLAR, "0000000000000000a3ce929d0e0e4736"));
    let nobody = said(&["demo", "--seek", "7m", "trace", "7777777777777777"]);
    assert!(nobody.code != Some(0) && nobody.err.contains("nor is it the low 64 bits of any of "), "{nobody:?}");
}

#[test]
fn gaps_are_told_where_they_are_planted_and_nowhere_else() {
    let whole = well(&["demo", "--seek", "6m", "gaps"]);
    assert!(whole.contains("✓ no gap") && whole.contains("redis-tariffs: 1 lines in the window"), "{whole}");
    let broken = said(&["demo", "--broken-propagation", "--seek", "6m", "gaps", "--json"]);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    let told: Value = serde_json::from_str(&broken.out).expect("JSON");
    let edges = told["edges"].as_array().expect("a list");
    let mut found: Vec<String> = edges
        .iter()
        .map(|edge| format!("{} {} {}", text(&edge["code"]), text(&edge["from"]), text(&edge["to"])))
        .collect();
    found.sort();
    assert_eq!(found, ["G2 inventory pricing", "G3 inventory pricing", "G4 routing shipment-planner"]);
    let of = |counted: &Value| (counted["of"]["read"].as_u64(), counted["of"]["all"].as_u64());
    let read = told["traces"].as_u64();
    let in_window = told["of_lines"]["all"].as_u64();
    assert!(told["of_lines"]["read"] == 2_000 && in_window > Some(10_000), "{}", told["of_lines"]);
    for edge in edges {
        assert!(of(edge).0 == read && of(edge).1 >= read, "{edge}");
        assert!(edge["linked"].as_u64() >= edge["traces"].as_u64().map(|traces| traces * 9 / 10), "{edge}");
        assert!(edge["score"].as_f64().is_some_and(|score| score >= 0.7), "{edge}");
    }
    let foreign = told["foreign"].as_array().expect("a list");
    assert!(
        matches!(foreign.as_slice(), [only] if only["service"] == "pricing" && only["vendor"] == "Datadog"),
        "{told}"
    );
    assert_eq!(of(&foreign[0]), (Some(2_000), in_window), "{}", foreign[0]);
    let text = said(&["demo", "--broken-propagation", "--seek", "6m", "gaps"]).out;
    let beside = text.lines().filter(|line| line.contains("lines read (") && line.contains(" in the window)")).count();
    assert_eq!(beside, 2, "{text}");
    assert!(
        told["silent"].as_array().is_some_and(Vec::is_empty) && told["unnamed"].as_array().is_some_and(Vec::is_empty)
    );
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
