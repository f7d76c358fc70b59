//! What another program writes into our standard input, until it ends. Not files: `follow.rs`.

use std::io::{ErrorKind, Read};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::Instant;
use std::{io, thread};

use super::bind::{Binder, Origin};
use super::follow::{BLOCK, PAUSE};
use super::split::Splitter;
use crate::domain::Timestamp;
use crate::domain::signal::Level;

/// Blocks that wait to be read into.
const WAITING: usize = 16;

/// Binds its lines until it ends, or nobody listens any more; then it says how it ended.
pub(super) fn follow(input: impl Read + Send + 'static, mut binder: Binder, now: Timestamp) {
    let (sender, blocks) = sync_channel(WAITING);
    // Reading waits for the other side of the pipe; what has come must not wait with it.
    thread::spawn(move || read(input, &sender));
    let mut origin = Origin::new("-", "", now);
    let mut splitter = Splitter::default();
    let mut is_told = false;
    let mut fault = None;
    let began = Instant::now();
    while !binder.is_over {
        let came = blocks.recv_timeout(PAUSE / 4);
        origin.arrives(now.plus(began.elapsed()));
        match came {
            Ok(Ok(block)) => splitter.feed(&block, &mut |line| binder.push(&mut origin, line)),
            Ok(Err(error)) => fault = Some(error),
            Err(RecvTimeoutError::Timeout) => binder.leave(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
        // A line that never ends would never be seen.
        if splitter.is_beyond() && !is_told {
            let words =
                "a line of more than 1 MiB has not ended yet: its beginning is shown when it does, the rest is cut";
            binder.note(&origin, Level::Warn, words);
        }
        is_told = splitter.is_beyond();
    }
    if splitter.is_within() {
        splitter.finish(&mut |line| binder.push(&mut origin, line));
    }
    binder.leave();
    match fault {
        None => binder.note(&origin, Level::Info, "the standard input has ended"),
        Some(error) => {
            binder.note(&origin, Level::Error, &format!("the standard input cannot be read any more: {error}"))
        }
    }
}

fn read(mut input: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; BLOCK];
    loop {
        let block = match input.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => Ok(buffer.get(..count).unwrap_or(&[]).to_vec()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_last = block.is_err();
        if sender.send(block).is_err() || is_last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use tokio::sync::mpsc::{self, Receiver};

    use super::*;
    use crate::port::{Reply, Tailed};

    /// Blocks, then the end or a fault; counts what was taken of it.
    struct Given(VecDeque<io::Result<Vec<u8>>>);

    impl Read for Given {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(block) = self.0.pop_front() else { return Ok(0) };
            let mut block = block?;
            let rest = block.split_off(block.len().min(buffer.len()));
            buffer[..block.len()].copy_from_slice(&block);
            if !rest.is_empty() {
                self.0.push_front(Ok(rest));
            }
            Ok(block.len())
        }
    }

    fn followed(input: impl Read + Send + 'static) -> Receiver<Reply<Tailed>> {
        let (sender, told) = mpsc::channel(4);
        let now = Timestamp::parse_rfc3339("2026-03-13T18:00:00Z").expect("a time");
        thread::spawn(move || follow(input, Binder::new(sender, now), now));
        told
    }

    fn lines(told: &mut Receiver<Reply<Tailed>>) -> Option<Vec<(Level, String)>> {
        let Tailed::Sheaves(sheaves) = told.blocking_recv()?.expect("no refusal") else { panic!("lines") };
        Some(sheaves.iter().flat_map(|sheaf| sheaf.lines().map(|line| (line.level, line.raw.to_owned()))).collect())
    }

    fn all(blocks: Vec<io::Result<Vec<u8>>>) -> Vec<(Level, String)> {
        let mut told = followed(Given(blocks.into()));
        std::iter::from_fn(|| lines(&mut told)).flatten().collect()
    }

    #[test]
    fn a_line_of_fifty_megabytes_is_cut_and_said_before_it_ends() {
        let mut blocks: Vec<io::Result<Vec<u8>>> = vec![Ok(b"level=error msg=first\n".to_vec())];
        blocks.extend((0..50).map(|_| Ok(vec![b'x'; 1 << 20])));
        blocks.push(Ok(b"\nlast \0 \xff\xc3( end".to_vec()));
        let all = all(blocks);
        let texts: Vec<&str> = all.iter().map(|(_, text)| text.get(..30).unwrap_or(text)).collect();
        assert_eq!(texts[0], "level=error msg=first");
        assert!(texts[1].starts_with("a line of more than 1 MiB has") && all[1].0 == Level::Warn, "{texts:?}");
        let cut = format!("… [{} bytes cut]", 49 << 20);
        assert!(all[2].1.ends_with(&cut) && all[2].1.len() == (1 << 20) + cut.len(), "{texts:?}");
        assert_eq!(texts[3..], ["last \0 \u{fffd}\u{fffd}( end", "the standard input has ended"]);
    }

    /// Nothing but letters: it is said once, while it goes on, and of a part that ends the beginning is kept.
    #[test]
    fn an_input_without_an_end_of_line_is_said() {
        let mut endless = followed(io::repeat(b'x'));
        let said = lines(&mut endless).expect("a note");
        assert!(matches!(said.as_slice(), [(Level::Warn, words)] if words.contains("has not ended yet")), "{said:?}");
        let mut told = followed(io::repeat(b'x').take(16 << 20));
        let all: Vec<(Level, String)> = std::iter::from_fn(|| lines(&mut told)).flatten().collect();
        assert_eq!(all.len(), 3, "the note, the beginning, the end");
        assert!(all[1].1.ends_with(&format!("… [{} bytes cut]", 15 << 20)));
    }

    #[test]
    fn a_fault_is_told_and_an_interruption_is_none() {
        let gone = || io::Error::new(ErrorKind::ConnectionReset, "the other side is gone");
        let all =
            all(vec![Ok(b"one\n".to_vec()), Err(ErrorKind::Interrupted.into()), Ok(b"two\n".to_vec()), Err(gone())]);
        let texts: Vec<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "the standard input cannot be read any more: the other side is gone"]);
        assert_eq!(all[2].0, Level::Error);
    }

    #[test]
    fn a_pipe_that_was_closed_before_a_word_has_ended() {
        assert_eq!(all(Vec::new()), [(Level::Info, "the standard input has ended".to_owned())]);
    }
}
