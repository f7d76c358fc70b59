//! What the terminal sends, read by ourselves: level by level, so that no key is lost beside a signal, and to the end, so
//! that a terminal that is gone ends the program. Not what the bytes are: `decode.rs`; nor what a key means: the keymap.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IsTerminal, stdin};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

use super::decode::{Decoder, Input};

/// How long the rest of a sequence may be on its way before an escape is the key of that name.
const REST: Duration = Duration::from_millis(25);

/// The terminal's keys and pastes. Ends when the terminal is gone. Must be called inside a tokio runtime.
#[must_use]
pub fn from_terminal() -> BoxStream<'static, Input> {
    match Source::open() {
        Ok(source) => stream::unfold(source, |mut source| async move { Some((source.next().await?, source)) }).boxed(),
        Err(_) => stream::empty().boxed(),
    }
}

struct Source {
    terminal: AsyncFd<OwnedFd>,
    decoder: Decoder,
    heard: VecDeque<Input>,
}

impl Source {
    fn open() -> io::Result<Self> {
        Self::over(if stdin().is_terminal() {
            stdin().as_fd().try_clone_to_owned()?
        } else {
            OwnedFd::from(File::open("/dev/tty")?)
        })
    }

    fn over(terminal: OwnedFd) -> io::Result<Self> {
        #[expect(deprecated, reason = "what replaces it is unsafe; an OwnedFd is one file for as long as it lives")]
        let terminal = AsyncFd::with_interest(terminal, Interest::READABLE)?;
        Ok(Self { terminal, decoder: Decoder::default(), heard: VecDeque::new() })
    }

    /// `None` when the terminal is gone.
    async fn next(&mut self) -> Option<Input> {
        loop {
            if let Some(input) = self.heard.pop_front() {
                return Some(input);
            }
            let ready = if self.decoder.waits() {
                match timeout(REST, self.terminal.readable()).await {
                    Ok(ready) => ready,
                    Err(_) => {
                        self.decoder.give_up(&mut self.heard);
                        continue;
                    }
                }
            } else {
                self.terminal.readable().await
            };
            let mut ready = ready.ok()?;
            // The terminal is shared with the shell and must stay a blocking one: it is read only when there is something.
            if !has_something(self.terminal.get_ref()) {
                ready.clear_ready();
                continue;
            }
            let mut bytes = [0; 4 * 1024];
            match rustix::io::read(self.terminal.get_ref(), &mut bytes) {
                Ok(0) => return None,
                Ok(count) => self.decoder.take(bytes.get(..count).unwrap_or_default(), &mut self.heard),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return None,
            }
        }
    }
}

/// Also when the terminal was hung up: the read then tells it.
fn has_something(terminal: &OwnedFd) -> bool {
    let mut asked = [PollFd::new(terminal, PollFlags::IN)];
    poll(&mut asked, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;
    use crate::room::{Code, Key};

    #[tokio::test]
    async fn keys_come_in_their_order_and_the_end_is_told() {
        let (mut hand, terminal) = UnixStream::pair().expect("a pair");
        let mut source = Source::over(terminal.into()).expect("readable");
        for keys in ["j", "\x1b[A", "k\x1b"] {
            hand.write_all(keys.as_bytes()).expect("written");
        }
        let wanted = [Key::letter('j'), Key::plain(Code::Up), Key::letter('k'), Key::plain(Code::Esc)];
        for key in wanted {
            assert_eq!(source.next().await, Some(Input::Key(key)));
        }
        drop(hand);
        assert_eq!(source.next().await, None);
    }

    #[tokio::test]
    async fn a_dropped_wait_loses_nothing() {
        let (mut hand, terminal) = UnixStream::pair().expect("a pair");
        let mut source = Source::over(terminal.into()).expect("readable");
        for letter in 'a'..='z' {
            // A select that another branch won.
            let wait = timeout(Duration::ZERO, source.next()).await;
            assert!(wait.is_err(), "nothing was typed yet");
            hand.write_all(letter.to_string().as_bytes()).expect("written");
            assert_eq!(source.next().await, Some(Input::Key(Key::letter(letter))));
        }
    }
}
