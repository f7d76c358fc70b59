//! A company's traces, newest slice first, as far as the server may know them now. Not filters.

use std::sync::Arc;
use std::time::Duration;

use crate::demo::company::TraceRecord;
use crate::demo::site::Site;
use crate::domain::{Timestamp, Window};

const FIRST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(3_600);
/// A slice with fewer traces makes the next one longer.
const SPARSE: usize = 200;
const MOST_A_SLICE: usize = 5_000;
/// After this many traces the rest of the window stays unread, and the answer says so.
const MOST: usize = 50_000;

/// Hands over traces that started in the window and were readable `lag` ago, until `visit` returns false.
/// Returns whether the window was read to its start.
pub fn walk(site: &Site, window: Window, lag: Duration, mut visit: impl FnMut(&Arc<TraceRecord>) -> bool) -> bool {
    let now: Timestamp = site.clock.now();
    let known = now.minus(lag);
    let mut left = Window { start: window.start, end: window.end.min(now.shifted(1)) };
    let (mut length, mut read) = (FIRST, 0);
    while left.start < left.end {
        let slice = Window { start: left.end.minus(length).max(left.start), end: left.end };
        let traces = site.company.traces(slice, MOST_A_SLICE);
        read += traces.len();
        if traces.len() < SPARSE {
            length = (length * 2).min(LONGEST);
        }
        if !traces.iter().filter(|trace| trace.readable_from <= known).all(&mut visit) {
            return slice.start <= window.start;
        }
        left.end = slice.start;
        if read > MOST && left.start < left.end {
            return false;
        }
    }
    true
}
