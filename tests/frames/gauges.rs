//! Pane 1: the SLOs, in the corner, over the whole screen, and on a calm evening.

use std::sync::Arc;
use std::time::Duration;

use warroom::domain::slo::{Gauge, Label, Language, Measure, Zone};
use warroom::room::{Fact, Message};

use super::company::ESTATE;
use super::scene::{Desk, shows};

#[test]
fn focused() {
    Desk::six_minutes().press("1 j").shows("gauges");
}

#[test]
fn over_the_whole_screen() {
    let mut desk = Desk::six_minutes();
    desk.press("1 f f");
    shows("gauges_full_120x40", &desk.frame(120, 40));
    shows("gauges_full_80x24", &desk.frame(80, 24));
}

#[test]
fn calm() {
    let mut desk = Desk::calm();
    desk.press("1").shows("calm");
}

/// What is not known may be what is spent.
#[test]
fn a_calm_evening_says_how_many_budgets_are_not_known_in_full() {
    let mut desk = Desk::calm();
    let at = desk.room.now.plus(Duration::from_secs(15));
    desk.send(Message::Tick(at));
    for (number, slo) in ESTATE.slos.iter().enumerate() {
        let mut reading = ESTATE.reading(slo, at);
        let window = slo.window;
        for (_, measure) in reading.measures.iter_mut().filter(|(over, _)| *over == window && number < 2) {
            let Measure::Counts { partial, .. } = measure else { panic!("a company without traffic") };
            *partial = true;
        }
        desk.tell(Fact::Burn(reading));
    }
    for columns in [80, 120] {
        let frame = desk.frame(columns, 24);
        assert!(frame.contains("◌ No SLO burns; 2 of 5 budgets are not known in full. Nothing"), "{frame}");
    }
}

#[test]
fn nothing_heard_yet() {
    Desk::quiet(360).shows("nothing_heard");
}

/// By the company's own servers: 4:30, 10:30 and 16:15, each told once, at the first of two readings.
#[test]
fn zones_are_crossed_when_the_story_says() {
    let slo = ESTATE.slos.iter().find(|slo| slo.name == "order-routing").expect("it is configured");
    let mut gauge = Gauge::new(Arc::clone(slo));
    let readings = (-60..=1_020).step_by(15).map(|seconds| ESTATE.reading(slo, ESTATE.at(seconds)));
    let crossed: Vec<(Zone, i64)> = readings
        .filter_map(|reading| gauge.take(reading))
        .map(|change| (change.to, change.at.since(ESTATE.at(0)) / 1_000_000_000))
        .collect();
    assert_eq!(crossed, [(Zone::Cautious, 4 * 60 + 30), (Zone::Freeze, 10 * 60 + 30), (Zone::Exhausted, 16 * 60 + 15)]);
}

/// The gauges over the whole screen, and a budget in full, say nothing in English but names, keys and the header.
#[test]
fn in_french() {
    let mut desk = Desk::six_minutes();
    desk.room.settings.language = Language::French;
    let gauges = std::mem::take(&mut desk.room.gauges);
    desk.room.gauges = gauges.with_language(Language::French);
    desk.room.gauges.judge(desk.room.now);
    desk.press("1").shows("gauges_french");
    desk.press("ff");
    shows("gauges_full_french_120x40", &desk.frame(120, 40));
    let wide = desk.frame(120, 40);
    desk.press("b");
    shows("budget_french_80x24", &desk.frame(80, 24));
    let budget = desk.frame(120, 40);
    shows("budget_french_120x40", &budget);
    for frame in [wide, budget] {
        let body: String = frame.lines().skip(2).filter(|line| !line.starts_with("─ 4 Logs")).collect();
        for label in Label::ALL {
            let [english, french] = [Language::English, Language::French].map(|language| label.text(language));
            // Short words may be parts of others.
            assert!(english == french || english.len() < 8 || !body.contains(english), "{english}: {frame}");
        }
    }
}

/// Where rows are free the budget under the cursor shows how it ran down, and the incident on it.
#[test]
fn how_it_ran_down_stands_beneath_where_there_is_room() {
    let mut desk = Desk::calm();
    desk.press("1ff");
    desk.until(-2_090);
    shows("gauges_full_calm_120x40", &desk.frame(120, 40));
    let mut desk = Desk::open(360);
    desk.press("1ff");
    desk.until(370);
    shows("gauges_full_160x50", &desk.frame(160, 50));
}
