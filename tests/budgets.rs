//! What is asked about budgets from a shell, by the real binary on the demo's servers: what if, how it ran down, looking back.
//! And the board, which writes nothing.

#![cfg(test)]

use serde_json::Value;

#[path = "child/program.rs"]
mod child;

use child::{Said, run, warroom};

const EVENING: [&str; 5] = ["demo", "--anchor", "2026-03-13T17:30:00Z", "--seek", "6m"];

fn said(arguments: &[&str]) -> Said {
    let home = tempfile::tempdir().expect("a folder");
    run(warroom(home.path()).args(EVENING).args(arguments))
}

fn well(arguments: &[&str]) -> String {
    let said = said(arguments);
    assert!(said.code == Some(0) && said.err.is_empty(), "{said:?}");
    said.out
}

fn slos(arguments: &[&str]) -> Vec<Value> {
    let told: Value = serde_json::from_str(&well(arguments)).expect("JSON");
    told["slos"].as_array().expect("a list").clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number: {value}"))
}

#[test]
fn what_if_says_for_every_slo_what_would_be_left() {
    let told = slos(&["slo", "what-if", "--burn", "3", "--for", "4h", "--json"]);
    assert_eq!(told.len(), 5);
    for slo in &told {
        let (left, after) = (number(&slo["remaining"]), number(&slo["after"]));
        assert!((left - after - 3.0 * 4.0 / 720.0).abs() < 1e-9, "{slo}");
        let ends = number(&slo["exhausted_in_seconds"]);
        assert!((ends - left * 720.0 / 3.0 * 3_600.0).abs() <= 1.0, "{slo}");
    }
    assert_eq!((&told[0]["zone"], &told[0]["zone_after"]), (&"cautious".into(), &"cautious".into()));
    let plain = well(&["slo", "what-if", "--burn", "14.4x", "--for", "10h"]);
    assert!(plain.contains("14.4× for 10 h") && plain.contains("cautious → freeze"), "{plain}");
    assert!(plain.contains("freeze in 9 h") && plain.contains("all is spent in 21 h"), "{plain}");
}

#[test]
fn a_budget_that_is_not_known_is_no_answer() {
    let said = said(&["--fault", "prometheus:http=500", "slo", "what-if", "--burn", "3", "--for", "4h"]);
    assert!(said.code == Some(1) && said.out.contains("the budget is not known"), "{said:?}");
    for face in ["history", "backtest"] {
        let told = run(warroom(tempfile::tempdir().expect("a folder").path()).args([
            "demo",
            "--fault",
            "prometheus:http=500",
            "slo",
            face,
        ]));
        assert!(told.code == Some(1) && told.out.contains("500"), "{told:?}");
    }
}

#[test]
fn a_budget_runs_down_to_what_is_left() {
    let told = slos(&["slo", "history", "--json"]);
    let now = slos(&["slo", "--json"]);
    for (past, now) in told.iter().zip(&now) {
        let points = past["points"].as_array().expect("points");
        let levels: Vec<f64> = points.iter().filter_map(|point| point["left"].as_f64()).collect();
        assert!(levels.len() >= 118 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9), "{past}");
        let (last, left) = (levels.last().expect("a level"), number(&now["budget"]["remaining"]));
        assert!((last - left).abs() < 0.01, "{last} is not {left}");
    }
    let plain = well(&["slo", "history", "order-routing"]);
    assert!(plain.contains("43") && plain.contains("cautious") && plain.contains("11 Feb"), "{plain}");
    assert!(plain.lines().any(|line| line.trim_end().ends_with('▄') && line.contains("██████")), "{plain}");
}

#[test]
fn earlier_windows_are_measured_against_any_objective() {
    let told = slos(&["slo", "backtest", "label", "--windows", "2", "--objective", "99.95", "--json"]);
    let periods = told[0]["periods"].as_array().expect("periods");
    assert_eq!((told.len(), periods.len()), (1, 2));
    // 99.9 % measured against 99.95 % is a budget spent twice; with the incident of this month nearly thrice.
    for (period, spent) in periods.iter().zip([2.9, 2.0]) {
        assert!((number(&period["spent"]) - spent).abs() < 0.01, "{period}");
        let by_hand = (1.0 - number(&period["measured"])) / 0.000_5;
        assert!((number(&period["spent"]) - by_hand).abs() < 1e-6 && period["zone"] == "exhausted", "{period}");
    }
    let plain = well(&["slo", "backtest", "label", "--windows", "2"]);
    assert!(plain.contains("99.900 %     20.0 % spent"), "{plain}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_a_hint() {
    for (arguments, hint) in [
        (&["slo", "what-if", "--burn", "fast", "--for", "4h"][..], "like 3 or 14.4"),
        (&["slo", "what-if", "--burn", "-1", "--for", "4h"], "like 3 or 14.4"),
        (&["slo", "what-if", "--burn", "3", "--for", "-4h"], "a time ahead"),
        (&["slo", "what-if", "--burn", "3"], "--for"),
        (&["slo", "history", "nope"], "there are order-routing, order-routing-latency"),
        (&["slo", "backtest", "--windows", "0"], "1..=24"),
        (&["slo", "backtest", "--objective", "100"], "less than 100 percent"),
    ] {
        let said = said(arguments);
        assert!(said.code == Some(2) && said.out.is_empty() && said.err.contains(hint), "{arguments:?}: {said:?}");
    }
}

#[test]
fn every_zone_is_told_with_what_it_allows_and_forbids() {
    let told = slos(&["slo", "--json"]);
    assert_eq!(told[0]["must_not"], "database migrations, changes of the infrastructure");
    assert!(told[3]["must_not"].is_null(), "{}", told[3]);
    let plain = well(&["slo"]);
    assert!(plain.contains("cautious: allowed: features, with an extra review; not: database migrations"), "{plain}");
}

/// It shows the incident, refuses to write, and what it saw is in no file: there is only what the demo's colleagues wrote.
#[test]
fn a_board_shows_and_writes_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let data = data.to_str().expect("UTF-8");
    let open = |board: &[&str], keys: &str| {
        let mut child = warroom(home.path());
        child.args(["--data", data]).args(board).args(EVENING).args(["snapshot", "--size", "120x40", "--keys", keys]);
        run(&mut child)
    };
    let written = || {
        let told = run(warroom(home.path()).args(["--data", data]).args(EVENING).args(["check", "--json"]));
        let told: Value = serde_json::from_str(&told.out).expect("JSON");
        let findings = told["findings"].as_array().expect("a list").clone();
        let record = findings.iter().find(|finding| finding["what"] == "record").expect("the record").clone();
        let words = record["words"].as_str().expect("words").to_owned();
        words.split(' ').next().and_then(|count| count.parse::<usize>().ok()).expect("a count")
    };
    let board = open(&["--board"], "i");
    assert!(board.code == Some(0) && board.out.contains("board, read-only"), "{board:?}");
    assert!(board.out.contains("a board is read-only: note, here and now"), "{board:?}");
    let shown = open(&["--board"], "2");
    assert!(shown.out.contains("OrderRoutingFastBurn") && !shown.out.contains("not yet on disk"), "{shown:?}");
    let colleagues = written();
    assert!((1..=5).contains(&colleagues), "{colleagues}");
    open(&[], "2");
    assert!(written() > colleagues + 3, "a war room of its own writes what it sees");
}
