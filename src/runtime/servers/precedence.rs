//! A person before the past: while somebody who looks waits for an answer, of whichever server, nothing is asked about the
//! past. The processors and the servers are then the person's own. Not how much a server is asked: `gate.rs`.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The past waits so long before each of its questions, however long a person waits: a server that hangs must not stop it.
const LONGEST: Duration = Duration::from_secs(1);

/// How many wait; shared by all gates.
#[derive(Clone, Debug, Default)]
pub(super) struct Precedence(watch::Sender<usize>);

impl Precedence {
    /// A person waits, until what is given back is let go.
    pub fn enter(&self) -> Waiting {
        self.0.send_modify(|count| *count += 1);
        Waiting(self.clone())
    }

    pub async fn give_way(&self) {
        let mut waiting = self.0.subscribe();
        let _ = timeout(LONGEST, waiting.wait_for(|count| *count == 0)).await;
    }
}

#[derive(Debug)]
pub(super) struct Waiting(Precedence);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn the_past_waits_for_the_last_person_and_not_for_one_who_waits_for_ever() {
        let precedence = Precedence::default();
        assert!(precedence.give_way().now_or_never().is_some(), "nobody waits");
        let (first, second) = (precedence.enter(), precedence.clone().enter());
        drop(first);
        assert!(precedence.give_way().now_or_never().is_none(), "one waits still");
        drop(second);
        assert!(precedence.give_way().now_or_never().is_some());
        let _hangs = precedence.enter();
        precedence.give_way().await;
    }
}
