//! Seven states and a partial truth: none may be taken for another, on any theme, by its characters alone.

use std::collections::BTreeSet;

use warroom::domain::slo::Measure;
use warroom::domain::{Cause, Failure};
use warroom::room::{Fact, Room};
use warroom::ui::Glyphs;

use super::scene::{buffer, rows, tell, unheard, wait};
use super::slos::{reading, same};

fn in_state(name: &str) -> Room {
    let mut room = unheard(6.0);
    tell(&mut room, Fact::Entries(Vec::new()));
    // All have been well before, so that what is known of the budget is the same in each.
    for at in 0..5 {
        tell(&mut room, Fact::Burn(reading(at, -1.0)));
    }
    let failed = |cause| Measure::Failed(Failure::new("prometheus", cause));
    let counts = |bad, total, partial| Measure::Counts { bad, total, partial };
    let measure = match name {
        "zero errors" => counts(0.0, 10_000.0, false),
        "no traffic" => Measure::NoTraffic,
        "no data" => Measure::NoData,
        "query failed" => failed(Cause::Refused { status: 400, message: "bad matcher".to_owned() }),
        "backend down" => failed(Cause::Unreachable("refused".to_owned())),
        "low traffic" => counts(4.0, 10.0, false),
        "missing bucket" => {
            Measure::MissingBucket { wanted: "0.8".to_owned(), have: vec!["0.75".to_owned(), "1".to_owned()] }
        }
        "firing" => counts(3_000.0, 10_000.0, false),
        _ => counts(3_000.0, 10_000.0, true),
    };
    tell(&mut room, Fact::Burn(same(3, 6.0, &measure)));
    wait(&mut room, 20);
    room
}

const STATES: [&str; 9] = [
    "zero errors",
    "no traffic",
    "no data",
    "query failed",
    "backend down",
    "low traffic",
    "missing bucket",
    "firing",
    "partial",
];

fn row(name: &str, theme: &str, glyphs: Glyphs) -> String {
    let rows = rows(&buffer(&mut in_state(name), 120, 40, theme, glyphs));
    // Below the answer line, which may speak of it too.
    let row = rows.iter().skip(4).find(|row| row.chars().skip(2).collect::<String>().starts_with("tracking"));
    let row = row.unwrap_or_else(|| panic!("{name}: {rows:#?}"));
    let gauges: String = row.chars().take(50).collect();
    gauges.replace(" ▸", "  ").trim_end_matches(['│', '|', ' ']).to_owned()
}

#[test]
fn characters_alone_tell_every_state_from_every_other() {
    for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
        let seen: BTreeSet<String> = STATES.iter().map(|name| row(name, "mono", glyphs)).collect();
        assert_eq!(seen.len(), STATES.len(), "{seen:#?}");
    }
}

#[test]
fn a_budget_far_overspent_keeps_to_its_column() {
    let mut room = in_state("firing");
    let mut taken = reading(3, 7.0);
    for (_, measure) in &mut taken.measures {
        *measure = Measure::Counts { bad: 3_000.0, total: 10_000.0, partial: false };
    }
    tell(&mut room, Fact::Burn(taken));
    let rows = rows(&buffer(&mut room, 120, 40, "dark", Glyphs::Unicode));
    let row = rows.iter().skip(4).find(|row| row.starts_with("▲ tracking")).expect("a row");
    assert!(row.contains(" 300× 300× spent │"), "{row}");
}

#[test]
fn the_answer_line_makes_no_share_of_too_few_events() {
    let rows = rows(&buffer(&mut in_state("low traffic"), 120, 40, "dark", Glyphs::Unicode));
    assert!(rows[1].starts_with("◍ tracking: ") && !rows[1].contains("fail since"), "{}", rows[1]);
}

#[test]
fn only_what_was_measured_and_is_well_has_the_mark_of_health() {
    for name in STATES {
        let row = row(name, "dark", Glyphs::Unicode);
        assert_eq!(row.contains('✓'), name == "zero errors", "{name}: {row}");
    }
}
