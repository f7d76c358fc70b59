//! The loop of a person at a terminal: a key never waits behind telemetry, a batch is drawn once, at most every 33 ms.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use ratatui::backend::Backend;
use tokio::time::{Instant, sleep_until};

use super::decode::Input;
use super::effects::Outward;
use super::session::{BATCH, Session};
use super::signals::{Signals, Told};
use crate::room::{Fact, Message};
use crate::ui::clean;

/// The least time between two frames, and that on a slow link.
const FRAME: Duration = Duration::from_millis(33);
const SLOW_FRAME: Duration = Duration::from_millis(100);
const SECOND: Duration = Duration::from_secs(1);

/// What the loop cannot do without the real terminal.
pub trait Outside {
    /// A fresh stream of events; dropped before another program gets the terminal.
    fn input(&mut self) -> BoxStream<'static, Input>;
    /// Puts a text on the clipboard; says in words where it went, or why not.
    fn copy(&mut self, text: &str) -> Result<String, String>;
    /// Gives the terminal back and stops this process; comes back when it is continued, the terminal not taken yet.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal (again): whoever had it meanwhile may have left it in any state.
    fn resume(&mut self) -> io::Result<()>;
    /// The terminal may have a new size.
    fn resized(&mut self);
    /// Lets the responder's editor change a text.
    fn edit(&mut self, text: &str) -> Result<String, String>;
}

/// Runs until the responder quits, a signal says so, or the terminal is gone.
pub async fn run<B: Backend>(session: &mut Session<B>, outside: &mut impl Outside) -> io::Result<()>
where
    B::Error: Into<io::Error>,
{
    let mut signals = Signals::listen()?;
    let mut input = outside.input();
    outside.resized();
    let mut drawn_at = Instant::now().checked_sub(FRAME).unwrap_or_else(Instant::now);
    let mut next_tick = Instant::now() + SECOND;
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let least = if session.room.settings.slow_link { SLOW_FRAME } else { FRAME };
        let frame_due = drawn_at + least;
        let tick_due = session.wakes_by(next_tick);
        let dirty = session.is_dirty();
        let outward = {
            tokio::select! {
                biased;
                told = signals.next() => match told {
                    Told::End => return Ok(()),
                    Told::Suspend => vec![Outward::Suspend],
                    Told::Continue => {
                        outside.resume()?;
                        vec![Outward::Redraw]
                    }
                    Told::Resized => {
                        outside.resized();
                        vec![Outward::Redraw]
                    }
                },
                heard = input.next() => match heard {
                    Some(heard) => session.hear(heard).await,
                    None => return Ok(()),
                },
                () = sleep_until(frame_due), if dirty => {
                    session.draw().await.map_err(Into::into)?;
                    drawn_at = Instant::now();
                    continue;
                }
                _ = session.inbox.receive(&mut batch, BATCH) => session.take_batch(&mut batch).await,
                () = sleep_until(tick_due) => {
                    next_tick = Instant::now() + SECOND;
                    session.tick().await
                }
            }
        };
        let mut told = VecDeque::from(outward);
        while let Some(outward) = told.pop_front() {
            match outward {
                Outward::Quit => return Ok(()),
                Outward::Redraw => redraw(session)?,
                Outward::Copy(text) => {
                    let said = outside.copy(&harmless(&text)).unwrap_or_else(|why| why);
                    told.extend(session.take(Message::Fact(Fact::Notice(said))).await);
                }
                Outward::Suspend => {
                    drop(std::mem::replace(&mut input, futures_util::stream::empty().boxed()));
                    outside.suspend()?;
                    signals.continued().await;
                    outside.resume()?;
                    input = outside.input();
                    redraw(session)?;
                }
                Outward::OpenInEditor(text) => {
                    drop(std::mem::replace(&mut input, futures_util::stream::empty().boxed()));
                    let message = match outside.edit(&text) {
                        Ok(text) => Message::Edited(text),
                        Err(why) => Message::Fact(Fact::Notice(why)),
                    };
                    told.extend(session.take(message).await);
                    input = outside.input();
                    redraw(session)?;
                }
            }
        }
    }
}

/// What is copied is pasted somewhere: it is cleaned as what is drawn, line by line.
fn harmless(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

fn redraw<B: Backend>(session: &mut Session<B>) -> io::Result<()>
where
    B::Error: Into<io::Error>,
{
    session.terminal.clear().map_err(Into::into)?;
    session.soil();
    Ok(())
}
