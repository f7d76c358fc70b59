//! What is typed while the room is not there yet: kept for it, except the keys that leave.

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use super::super::decode::Input;
use crate::room::Key;

/// More than anyone types blindly; what comes then waits in the terminal.
const MOST: usize = 256;

pub struct Typed {
    kept: Vec<Input>,
    input: BoxStream<'static, Input>,
}

impl Typed {
    #[must_use]
    pub fn new(input: BoxStream<'static, Input>) -> Self {
        Self { kept: Vec::new(), input }
    }

    /// Comes back when the responder leaves, ctrl-c twice in a row, or when the terminal is gone. May be dropped at any time.
    pub async fn leaves(&mut self) {
        let leave = Input::Key(Key::ctrl('c'));
        while self.kept.len() < MOST {
            let Some(heard) = self.input.next().await else { return };
            let is_second = heard == leave && self.kept.last() == Some(&leave);
            self.kept.push(heard);
            if is_second {
                return;
            }
        }
        std::future::pending().await
    }

    /// What was typed, and then what comes.
    pub(in crate::runtime) fn first(self) -> BoxStream<'static, Input> {
        stream::iter(self.kept).chain(self.input).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Typed {
        let keys: Vec<Input> = keys.iter().copied().map(Input::Key).collect();
        Typed::new(stream::iter(keys).chain(stream::pending()).boxed())
    }

    #[tokio::test]
    async fn keys_are_kept_in_their_order_for_the_room() {
        let (j, x) = (Key::letter('j'), Key::letter('x'));
        let mut early = typed(&[j, Key::ctrl('c'), x]);
        let waits = futures_util::FutureExt::now_or_never(early.leaves());
        assert!(waits.is_none(), "one ctrl-c does not leave");
        let first: Vec<Input> = early.first().take(3).collect().await;
        assert_eq!(first, [j, Key::ctrl('c'), x].map(Input::Key));
    }

    #[tokio::test]
    async fn two_ctrl_c_leave_and_a_terminal_that_is_gone_too() {
        typed(&[Key::letter('j'), Key::ctrl('c'), Key::ctrl('c')]).leaves().await;
        Typed::new(stream::empty().boxed()).leaves().await;
    }
}
