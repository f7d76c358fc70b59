//! The loop of a person at a terminal: a key never waits behind telemetry, a batch is drawn once, and nothing is drawn while
//! the terminal has not taken the frame before: then the newest state comes, and no queue of old ones. How often: `tty/pace.rs`.

use std::collections::VecDeque;
use std::future::Future;
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
use super::tty::{CALM_TICK, FROZEN_TICK, Haste, Link, OPENING, TICK, Typed, least};
use crate::room::{Fact, Message, Room, TailState};
use crate::ui::clean;

/// What the loop cannot do without the real terminal.
pub trait Outside {
    /// A fresh stream of events; dropped before another program gets the terminal.
    fn input(&mut self) -> BoxStream<'static, Input>;
    /// Whether the terminal has taken all that was written.
    fn is_clear(&self) -> bool;
    /// Waits until it has.
    fn cleared(&self) -> impl Future<Output = io::Result<()>>;
    /// The first frame was written.
    fn drawn_first(&mut self) -> io::Result<()>;
    /// The terminal answered to what `drawn_first` asked.
    fn answered(&mut self);
    /// What is known of the way to the terminal.
    fn link(&self) -> Link;
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

/// Runs until the responder quits, a signal says so, or the terminal is gone. What was typed meanwhile comes first.
pub async fn run<B: Backend>(
    session: &mut Session<B>,
    outside: &mut impl Outside,
    mut signals: Signals,
    typed: Typed,
) -> io::Result<()>
where
    B::Error: Into<io::Error>,
{
    let mut input = typed.first();
    outside.resized();
    let opened = Instant::now();
    let mut drawn_at: Option<Instant> = None;
    let mut ticked_at = Instant::now();
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let dirty = session.dirty();
        let is_opening = opened.elapsed() < OPENING;
        let haste = dirty.unwrap_or(Haste::Told);
        let least = least(haste, session.room.is_thrifty(), is_opening, session.frame_bytes());
        let frame_due = drawn_at.map_or(ticked_at, |at| at + least);
        let tick_due = session.wakes_by(ticked_at + ticks_every(&session.room));
        let is_clear = outside.is_clear();
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
                    Some(heard) => {
                        if heard == Input::Answer {
                            outside.answered();
                        }
                        let mut outward = session.hear(heard).await;
                        outward.extend(session.learn(outside.link()).await);
                        outward
                    }
                    None => return Ok(()),
                },
                cleared = outside.cleared(), if !is_clear => {
                    cleared?;
                    session.learn(outside.link()).await
                }
                () = sleep_until(frame_due), if dirty.is_some() && is_clear => {
                    session.draw().await.map_err(Into::into)?;
                    if drawn_at.replace(Instant::now()).is_none() {
                        outside.drawn_first()?;
                        session.begin().await;
                    }
                    continue;
                }
                _ = session.inbox.receive(&mut batch, BATCH) => session.take_batch(&mut batch).await,
                () = sleep_until(tick_due) => {
                    ticked_at = Instant::now();
                    let mut outward = session.tick().await;
                    outward.extend(session.learn(outside.link()).await);
                    outward
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

/// How often the clock's turn comes.
fn ticks_every(room: &Room) -> Duration {
    let logs = &room.logs;
    match () {
        () if room.lens.is_frozen() => FROZEN_TICK,
        () if room.settings.logs_alone && logs.tail == TailState::Live && !logs.is_searching => CALM_TICK,
        () => TICK,
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
