//! Answers that take a while, beside the threads that wait. Few at once, as a real server has few queriers: each thread
//! keeps the memory that its largest answer took.

use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

const MOST: usize = 2;
static LANES: Semaphore = Semaphore::const_new(MOST);

/// Fails only if `job` panics. A job whose answer nobody waits for any more is done to its end.
pub async fn work<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    let lane = LANES.acquire().await;
    spawn_blocking(move || {
        let answer = job();
        drop(lane);
        answer
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn few_answers_are_worked_on_at_once() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        let job = || {
            let now = NOW.fetch_add(1, Ordering::SeqCst) + 1;
            std::thread::yield_now();
            NOW.fetch_sub(1, Ordering::SeqCst);
            now
        };
        let jobs: Vec<_> = (0..50).map(|_| tokio::spawn(work(job))).collect();
        for job in jobs {
            assert!(job.await.expect("joined").expect("done") <= MOST);
        }
    }
}
