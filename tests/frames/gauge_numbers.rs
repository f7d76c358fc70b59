//! What stands beside a gauge's numbers: how much of the window is loaded and why no more is, a server whose clock is not
//! ours, one that wants to be left alone, and what a server says of an answer that is a part of the truth.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use warroom::domain::slo::{Before, CountedBy, Coverage, Measure, Reading, Slo, windows};
use warroom::domain::{Cause, Failure, Timestamp};
use warroom::room::Fact;

use super::scene::{Desk, shows};

const DAY: Duration = Duration::from_secs(86_400);
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn coverage(desk: &Desk, loaded: u32, since: Option<(u32, Before)>) -> Box<Coverage> {
    Box::new(Coverage {
        refused: None,
        by: CountedBy::Hours,
        window: DAY * 30,
        loaded: DAY * loaded,
        since: since.map(|(days, _)| desk.room.now.minus(DAY * days)),
        holes: Duration::ZERO,
        before: since.map_or(Before::Unknown, |(_, before)| before),
        note: None,
        said: Vec::new(),
    })
}

/// Tells the SLO's server's words and a reading with them.
fn partial(desk: &mut Desk, said: &[&str]) {
    desk.until(-2_085);
    let slo = desk.room.gauges.slo("tracking").expect("it is configured").clone();
    let said = said.iter().map(|words| (*words).to_owned()).collect();
    desk.tell(Fact::Warned { slo: slo.name.clone(), said });
    let counts =
        |window: Duration| (window, Measure::Counts { bad: 0.0, total: window.as_secs_f64() * 6.0, partial: true });
    let at: Timestamp = desk.room.now;
    desk.tell(Fact::Burn(Reading {
        slo: slo.name.clone(),
        at,
        measures: windows(&slo).into_iter().map(counts).collect(),
    }));
}

fn throttled(desk: &mut Desk) {
    desk.until(-2_055);
    let now = desk.room.now;
    let failure = Failure::new("prometheus", Cause::Throttled(Some(Duration::from_secs(40))));
    let slos: Vec<_> = desk.room.gauges.gauges.iter().map(|gauge| gauge.slo().clone()).collect();
    for slo in slos {
        let failed = |window| (window, Measure::Failed(failure.clone()));
        let measures = windows(&slo).into_iter().map(failed).collect();
        desk.tell(Fact::Burn(Reading { slo: slo.name.clone(), at: now, measures }));
    }
    let retry_at = now.plus(Duration::from_secs(40));
    desk.tell(Fact::Troubled { source: "prometheus".into(), failure, attempts: 1, retry_at });
}

/// A name and what happens; drawn with the gauges beside the other panes and over the whole screen.
type Case = (&'static str, fn(&mut Desk));

const CASES: [Case; 7] = [
    ("loading", |desk| {
        for (slo, days) in [("tracking", 3), ("label", 30)] {
            let coverage = coverage(desk, days, None);
            desk.tell(Fact::Covered { slo: slo.into(), coverage });
        }
    }),
    ("the server keeps no more", |desk| {
        let coverage = coverage(desk, 30, Some((12, Before::Nothing)));
        desk.tell(Fact::Covered { slo: "tracking".into(), coverage });
    }),
    ("a young series", |desk| {
        let coverage = coverage(desk, 30, Some((12, Before::Others)));
        desk.tell(Fact::Covered { slo: "tracking".into(), coverage });
    }),
    ("nobody knows why", |desk| {
        let coverage = coverage(desk, 30, Some((12, Before::Unknown)));
        desk.tell(Fact::Covered { slo: "tracking".into(), coverage });
    }),
    ("a clock that is ahead", |desk| desk.tell(Fact::Skew { source: "prometheus".into(), ahead_seconds: 255 })),
    ("throttled", throttled),
    ("partial", |desk| partial(desk, &["store-gateway 3 did not answer: the oldest 12 h are missing"])),
];

/// The first rows: header, answer line, title, and the gauges as far as they tell.
fn top(frame: &str, rows: usize) -> String {
    frame.lines().take(rows).map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_stands_beside_the_numbers() {
    for (width, height) in SIZES {
        let mut drawn = String::new();
        for (name, happens) in CASES {
            let mut desk = Desk::calm();
            happens(&mut desk);
            desk.press("1");
            let frame = desk.frame(width, height);
            let covered = desk.room.gauges.coverage.get("tracking").and_then(|coverage| coverage.text(desk.room.now));
            if let Some(covered) = covered {
                assert!(frame.contains(&format!("tracking counts {covered}.")), "{frame}");
            }
            let _ = writeln!(drawn, "== {name}\n{}", top(&frame, 8));
            desk.press("ff");
            let _ = writeln!(drawn, "over the whole screen\n{}\n", top(&desk.frame(width, height), 20));
        }
        shows(&format!("gauge_numbers_{width}x{height}"), &drawn);
    }
}

/// In the pane over the whole screen, in the budget (`b`), and in the small print (`d`).
#[test]
fn why_an_answer_is_a_part_of_the_truth_can_be_read() {
    let words = "store-gateway 3 did not answer";
    for (width, height) in SIZES {
        let mut desk = Desk::calm();
        partial(&mut desk, &[words]);
        desk.press("1gg");
        while desk.room.gauges.selected().is_some_and(|selected| selected.slo != "tracking") {
            desk.press("j");
        }
        for keys in ["ff", "b", "<Esc>d"] {
            desk.press(keys);
            let frame = desk.frame(width, height);
            let joined = frame.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            assert!(joined.contains(words), "{keys}: {frame}");
        }
    }
}

#[test]
fn a_new_member_of_a_group_is_a_gauge_at_once() {
    let mut desk = Desk::calm();
    let whole = desk.room.gauges.slo("tracking").expect("it is configured").clone();
    let member = |name: &str| Arc::new(Slo { name: name.into(), ..Slo::clone(&whole) });
    let slos = vec![member("tracking /a"), member("tracking /b")];
    desk.tell(Fact::Joined { slos, instead_of: Some("tracking".into()) });
    let names: Vec<_> = desk.room.gauges.judgements.iter().map(|judgement| judgement.slo.to_string()).collect();
    assert!(names.iter().any(|name| name == "tracking /b") && !names.contains(&"tracking".to_owned()), "{names:?}");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("new in its group: tracking /a and 1 more"), "{frame}");
    // Told again, it stays what it is.
    let before = desk.room.gauges.judgements.len();
    desk.tell(Fact::Joined { slos: vec![member("tracking /b")], instead_of: None });
    assert_eq!(desk.room.gauges.judgements.len(), before);
}
