//! Looking through the lines that are here, on a thread of its own: piece by piece, and no longer than somebody waits for
//! the answer.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};

use super::inbox::Sender;
use crate::domain::signal::{Found, Look, Patterns, Recall, Scan, Slice};
use crate::domain::{Cause, Failure};
use crate::room::{Fact, Ticket};

/// What was found is told this often, and the kinds that were counted so far.
const PIECE: Duration = Duration::from_millis(15);
const COUNTED: Duration = Duration::from_millis(250);
/// Pieces that wait to be told.
const WAITING: usize = 8;
/// Slices that are looked through side by side, and by how many threads.
const TOGETHER: usize = 16;
const THREADS: usize = 4;

/// Questions that are at work at the same time, those of a file that hangs among them.
static SEATS: Semaphore = Semaphore::const_new(6);

/// Ends the work on the other thread when nobody waits for it any more.
struct Wanted(Arc<AtomicBool>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

pub(super) async fn search(ticket: Ticket, scan: Scan, inbox: Sender) {
    work(ticket, inbox, move |is_wanted, tell| {
        let count = thread::available_parallelism().map_or(1, std::num::NonZero::get).min(THREADS);
        let (mut found, mut rooms) = (Vec::new(), vec![Vec::new(); count]);
        let (mut told, mut is_told) = (Instant::now(), false);
        for slices in scan.slices.chunks(TOGETHER) {
            if !is_wanted() {
                return;
            }
            found.extend(side_by_side(slices, &scan.look, &mut rooms));
            if told.elapsed() >= PIECE || !(is_told || found.is_empty()) {
                is_told = true;
                told = Instant::now();
                tell(Fact::Found { ticket, found: std::mem::take(&mut found), done: false });
            }
        }
        tell(Fact::Found { ticket, found, done: true });
    })
    .await;
}

/// What each slice has, in their order; `rooms` is one for each thread.
fn side_by_side(slices: &[Slice], look: &Look, rooms: &mut [Vec<u8>]) -> Vec<Found> {
    let each = slices.len().div_ceil(rooms.len().max(1)).max(1);
    thread::scope(|scope| {
        let work = slices.chunks(each).zip(rooms);
        let parts: Vec<_> = work
            .map(|(part, room)| {
                scope.spawn(move || part.iter().map(|slice| slice.search(look, room)).collect::<Vec<Found>>())
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// Reads lines back from their file; a disk that hangs keeps one thread and nothing else.
pub(super) async fn recall(ticket: Ticket, recall: Recall, inbox: Sender) {
    work(ticket, inbox, move |_, tell| {
        recall.read();
        tell(Fact::Recalled { ticket, recall });
    })
    .await;
}

pub(super) async fn count_patterns(ticket: Ticket, scan: Scan, inbox: Sender) {
    work(ticket, inbox, move |is_wanted, tell| {
        let (mut patterns, mut room) = (Patterns::default(), Vec::new());
        let mut told = Instant::now();
        for slice in &scan.slices {
            if !is_wanted() {
                return;
            }
            patterns.take_slice(slice, &scan.look, &mut room);
            if told.elapsed() >= COUNTED {
                tell(Fact::Patterns { ticket, patterns: Box::new(patterns.clone()), done: false });
                told = Instant::now();
            }
        }
        tell(Fact::Patterns { ticket, patterns: Box::new(patterns), done: true });
    })
    .await;
}

/// Runs `job` beside the threads that wait; what it tells goes to the inbox in its order. Dropping the future ends the job
/// at its next slice.
async fn work<J>(ticket: Ticket, inbox: Sender, job: J)
where
    J: FnOnce(&dyn Fn() -> bool, &dyn Fn(Fact)) + Send + 'static,
{
    let (sender, mut facts) = mpsc::channel::<Fact>(WAITING);
    let flag = Arc::new(AtomicBool::new(true));
    let wanted = Wanted(Arc::clone(&flag));
    // Not a thread of the runtime's: those that a file holds up must not be missing to the record, and each question is a
    // thread only once those before it have gone.
    let Ok(seat) = SEATS.acquire().await else { return };
    let working = thread::Builder::new().name("lines".to_owned()).spawn(move || {
        let _seat = seat;
        let tell = |fact| {
            if sender.blocking_send(fact).is_err() {
                flag.store(false, Ordering::Relaxed);
            }
        };
        job(&|| flag.load(Ordering::Relaxed), &tell);
    });
    while let Some(fact) = facts.recv().await {
        inbox.send(fact).await;
    }
    if working.map_or(true, |working| working.join().is_err()) {
        let failure = Failure::new("logs", Cause::Malformed("the lines could not be searched".to_owned()));
        inbox.send(Fact::Failed { ticket, failure }).await;
    }
    drop(wanted);
}
