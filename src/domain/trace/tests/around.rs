//! When servers are asked about a trace whose clocks are wrong.

use std::time::Duration;

use super::sample::{span, trace};
use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{Timestamp, Window};

const DAY: Duration = Duration::from_secs(86_400);

/// Spans of two seconds below the first, which begin at these seconds.
fn tree(starts: &[i64]) -> Tree {
    let span = |(number, start): (u64, &i64)| span(number + 1, number.min(1), start * 1_000, start * 1_000 + 2_000);
    Tree::build(trace(), (0..).zip(starts).map(span).collect(), None, SkewOptions::OFF)
}

#[test]
fn a_clock_of_1970_or_2262_makes_no_question_of_decades() {
    let minute = Duration::from_secs(60);
    let now = 1_795_000_000;
    let window = |starts: &[i64]| tree(starts).around(minute, minute);
    let at = Timestamp::from_seconds;
    assert_eq!(window(&[now, now + 1, now + 3]), Window { start: at(now - 60), end: at(now + 65) });
    assert_eq!(window(&[now, now + 1, now + 2, 5]).end, at(now + 64));
    for strange in [5, 9_223_372_000] {
        let asked = window(&[now, strange, now + 1, now + 2]);
        assert!(asked.start <= at(now) && asked.end >= at(now + 4), "{asked:?}");
        assert!(asked.length() <= DAY + minute * 2, "{asked:?}");
    }
}
