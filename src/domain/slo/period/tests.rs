//! Hours: which are asked for and in which order, which reading stays, and what they sum up to.

use std::time::Duration;

use proptest::prelude::*;

use crate::domain::slo::{Before, Coverage, Hour, Hours, Measure, whole};
use crate::domain::{Timestamp, Window};

const HOUR: u64 = 3_600;
const MONTH: Duration = Duration::from_secs(30 * 24 * HOUR);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(1_772_323_200 + i64::try_from(seconds).expect("small"))
}

fn hour(number: u64, counts: Option<(f64, f64)>, read: u64) -> Hour {
    Hour { start: at(number * HOUR), counts, read_at: at(read), partial: false }
}

/// Answers every question until none is left; gives the questions.
fn load(hours: &mut Hours, now: Timestamp, counts: impl Fn(Timestamp) -> Option<(f64, f64)>) -> Vec<Window> {
    let mut asked = Vec::new();
    while let Some(window) = hours.wanted(MONTH, now) {
        asked.push(window);
        let mut start = window.start;
        while start < window.end {
            assert!(hours.put(Hour { start, counts: counts(start), read_at: now, partial: false }));
            start = start.plus(Duration::from_secs(HOUR));
        }
        assert!(asked.len() <= 31, "{asked:?}");
    }
    asked
}

#[test]
fn a_month_is_thirty_questions_the_newest_day_first() {
    let now = at(40 * 24 * HOUR + 1_800);
    let mut hours = Hours::default();
    let asked = load(&mut hours, now, |_| Some((1.0, 100.0)));
    assert_eq!(asked.len(), 30);
    assert!(asked.iter().all(|window| window.length() <= Duration::from_secs(24 * HOUR)));
    assert_eq!(asked[0].end, at(40 * 24 * HOUR));
    assert!(asked.windows(2).all(|pair| pair[1].end == pair[0].start));
    let sum = hours.sum(MONTH, now);
    assert_eq!((sum.known, sum.hours, sum.holes, sum.live_from), (720, 720, 0, at(40 * 24 * HOUR)));
    assert!((sum.bad - 719.5).abs() < 1e-9 && (sum.total - 71_950.0).abs() < 1e-6, "{sum:?}");
    assert_eq!(
        hours.wanted(MONTH, now.plus(Duration::from_secs(1_700))),
        None,
        "the steady state asks for the live hour alone"
    );
    // The next hour, and the three that may still get late samples.
    let next = hours.wanted(MONTH, at(40 * 24 * HOUR + HOUR + 60)).expect("a new hour");
    assert_eq!(next, Window { start: at(40 * 24 * HOUR - 3 * HOUR), end: at(40 * 24 * HOUR + HOUR) });
    assert_eq!(hours.wanted(MONTH, at(40 * 24 * HOUR + HOUR + 59)), None, "its last scrape may not have arrived");
}

#[test]
fn a_restart_asks_only_for_what_was_missed() {
    let mut hours = Hours::default();
    let now = at(40 * 24 * HOUR);
    load(&mut hours, now, |_| Some((0.0, 1.0)));
    let later = now.plus(Duration::from_secs(10 * HOUR));
    let asked = load(&mut hours, later, |_| Some((0.0, 1.0)));
    assert_eq!(
        asked,
        [Window { start: now.minus(Duration::from_secs(3 * HOUR)), end: later.minus(Duration::from_secs(HOUR)) }]
    );
    hours.forget_before(Duration::from_secs(2 * HOUR), later);
    let sum = hours.sum(MONTH, later);
    assert_eq!(
        (sum.known, sum.live_from),
        (1, later.minus(Duration::from_secs(HOUR))),
        "the hour that just ended comes in a minute"
    );
}

#[test]
fn which_reading_stays() {
    let settled = hour(0, Some((1.0, 9.0)), 4 * HOUR);
    let early = hour(0, Some((2.0, 9.0)), HOUR + 60);
    let later = hour(0, Some((3.0, 9.0)), 2 * HOUR);
    let nothing = hour(0, None, 9 * HOUR);
    let part = Hour { partial: true, ..hour(0, Some((4.0, 9.0)), 9 * HOUR) };
    assert!(settled.is_settled() && !early.is_settled() && !part.is_settled());
    assert!(later.replaces(&early) && !early.replaces(&later));
    assert!(settled.replaces(&later) && !later.replaces(&settled));
    assert!(!hour(0, Some((8.0, 9.0)), 99 * HOUR).replaces(&settled));
    assert!(!nothing.replaces(&early) && early.replaces(&nothing));
    assert!(!part.replaces(&early) && early.replaces(&part) && part.replaces(&nothing));
    let mut hours = Hours::default();
    assert!(!hours.put(hour(0, Some((10.0, 9.0)), 4 * HOUR)), "more bad than all");
    assert!(!hours.put(hour(0, Some((f64::NAN, 9.0)), 4 * HOUR)));
    assert!(!hours.put(Hour { start: at(7), ..settled }), "not on the hour");
}

#[test]
fn a_server_that_keeps_twelve_days_is_said_to() {
    let now = at(40 * 24 * HOUR);
    let kept = now.minus(Duration::from_secs(12 * 24 * HOUR));
    let mut hours = Hours::default();
    load(&mut hours, now, |start| (start >= kept).then_some((1.0, 10.0)));
    let sum = hours.sum(MONTH, now);
    let coverage = Coverage::of_hours(&sum, MONTH, now);
    assert_eq!(coverage.text(now).as_deref(), Some("12 of 30 d, nothing older was found"));
    for (before, words) in [(Before::Nothing, "the server keeps no more"), (Before::Others, "its series are no older")]
    {
        let told = Coverage { before, ..coverage.clone() };
        assert_eq!(told.text(now), Some(format!("12 of 30 d, {words}")));
    }
    assert_eq!(coverage.tag(now).as_deref(), Some("12 of 30 d"));
    let measure = whole(&sum, Measure::Counts { bad: 1.0, total: 10.0, partial: false }, &coverage);
    assert_eq!(measure, Some(Measure::Counts { bad: 288.0, total: 2_880.0, partial: false }));
    assert_eq!(
        hours.wanted(MONTH, now.plus(Duration::from_secs(59))),
        None,
        "what is not there is not asked for again"
    );
}

#[test]
fn hours_without_data_in_between_are_counted() {
    let now = at(40 * 24 * HOUR);
    let mut hours = Hours::default();
    load(&mut hours, now, |start| (start.seconds() / 3_600 % 144 != 0).then_some((0.0, 10.0)));
    let sum = hours.sum(MONTH, now);
    let coverage = Coverage::of_hours(&sum, MONTH, now);
    assert_eq!(sum.holes, 5);
    assert_eq!(coverage.text(now).as_deref(), Some("5 h missing"));
    assert_eq!(coverage.source(), "our hours");
}

#[test]
fn while_older_days_are_on_their_way_there_is_no_number() {
    let now = at(40 * 24 * HOUR);
    let mut hours = Hours::default();
    let day = hours.wanted(MONTH, now).expect("a day");
    let mut start = day.start;
    while start < day.end {
        hours.put(Hour { start, counts: Some((1.0, 100.0)), read_at: now, partial: false });
        start = start.plus(Duration::from_secs(HOUR));
    }
    let sum = hours.sum(MONTH, now);
    let coverage = Coverage::of_hours(&sum, MONTH, now);
    assert_eq!(coverage.text(now).as_deref(), Some("1 of 30 d loaded"));
    assert_eq!(whole(&sum, Measure::NoTraffic, &coverage), None);
    let failed = Measure::MissingBucket { wanted: "3".into(), have: Vec::new() };
    assert_eq!(whole(&sum, failed.clone(), &coverage), Some(failed));
    assert_eq!(whole(&Hours::default().sum(MONTH, now), Measure::NoData, &coverage), Some(Measure::NoData));
}

proptest! {
    /// However hours come and go, the sum is that of a plain reading of the same window.
    #[test]
    fn the_sum_is_that_of_the_hours_within(offset in 0_u64..7_200, counts in proptest::collection::vec((0_u32..50, 50_u32..100), 30)) {
        let window = Duration::from_secs(24 * HOUR);
        let now = at(29 * HOUR + offset);
        let mut hours = Hours::default();
        for (number, (bad, total)) in counts.iter().enumerate() {
            let number = u64::try_from(number).expect("small");
            let start = at(number * HOUR);
            if start.plus(Duration::from_secs(HOUR)) <= now {
                hours.put(Hour { start, counts: Some((f64::from(*bad), f64::from(*total))), read_at: now, partial: false });
            }
        }
        let sum = hours.sum(window, now);
        let begins = now.minus(window);
        let mut wanted = 0.0;
        for (number, (bad, _)) in counts.iter().enumerate() {
            let start = at(u64::try_from(number).expect("small") * HOUR);
            let end = start.plus(Duration::from_secs(HOUR));
            if end <= now {
                wanted += f64::from(*bad) * end.elapsed_since(start.max(begins)).as_secs_f64().min(3_600.0) / 3_600.0;
            }
        }
        prop_assert!((sum.bad - wanted).abs() < 1e-6, "{} and {}", sum.bad, wanted);
        prop_assert!(sum.live_from <= now && now.elapsed_since(sum.live_from) < Duration::from_secs(HOUR));
    }
}
