//! The traces that an id of 64 bits may name: those with these low bits, among what the trace servers list of a window. Not a
//! trace by its own id: that is `whole.rs`.

use std::time::Duration;

use futures_util::future::join_all;

use super::whole::trace;
use crate::domain::signal::Summary;
use crate::domain::trace::{Tree, is_half_of};
use crate::domain::{Cause, Failure, TraceId, Window};
use crate::port::{Ports, Reply, Search};

/// Parts of the window, so that what is looked at is spread over it, and rows of each question.
const SLICES: u32 = 4;
const ROWS: usize = 500;

/// Where nothing says when the trace ran.
const BACK: Duration = Duration::from_secs(60 * 60);

/// The trace of this id, or the only one around that it is the low half of.
pub async fn trace_or_half(ports: &Ports, id: TraceId, around: Option<Window>) -> Reply<Tree> {
    let failure = match trace(ports, id, around).await {
        Err(failure) if matches!(failure.cause, Cause::NotFound(_)) && id.value() >> 64 == 0 => failure,
        answer => return answer,
    };
    let window = around.unwrap_or_else(|| Window::ending(ports.clock.now(), BACK));
    match of_half(ports, id, window).await.traces.as_slice() {
        [whole] => trace(ports, whole.trace, around).await,
        _ => Err(failure),
    }
}

/// What was found, of how many traces that were looked at.
#[derive(Debug, Default)]
pub struct Halves {
    /// Each once.
    pub traces: Vec<Summary>,
    pub looked_at: usize,
    /// A search stopped at its limit, or before its end: there are traces that were not looked at.
    pub more: bool,
    pub failures: Vec<Failure>,
}

/// Looks among the failing traces and the newest of each part of the window, of every server.
pub async fn of_half(ports: &Ports, half: TraceId, window: Window) -> Halves {
    let length = window.length() / SLICES;
    let any = Search::default();
    let failing = Search { errors_only: true, ..Search::default() };
    let mut questions = Vec::new();
    for server in &ports.traces {
        questions.push(server.search(&failing, window, ROWS));
        for slice in 0..SLICES {
            let within = Window::ending(window.end.minus(length * slice), length);
            questions.push(server.search(&any, within, ROWS));
        }
    }
    let mut found = Halves::default();
    let mut seen = std::collections::BTreeSet::new();
    for answer in join_all(questions).await {
        match answer {
            Ok(listing) => {
                found.more |= listing.is_part();
                for row in listing.rows {
                    if seen.insert(row.trace) && is_half_of(half, row.trace) {
                        found.traces.push(row);
                    }
                }
            }
            Err(failure) => found.failures.push(failure),
        }
    }
    found.looked_at = seen.len();
    found
}
