//! The signals that end or interrupt the program, as values. Not what is done about them: that is `run.rs`.

use std::io;
use std::time::Duration;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

/// Continued, but not by a signal that is told of: nobody waits for it longer.
const CONTINUED: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// SIGTERM, SIGHUP or SIGINT: end, with the terminal given back.
    End,
    /// SIGTSTP: give the terminal back and stop.
    Suspend,
    /// SIGCONT: someone else may have had the terminal meanwhile.
    Continue,
    /// SIGWINCH: the terminal may have a new size.
    Resized,
}

pub struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
    suspend: Signal,
    carry_on: Signal,
    resized: Signal,
}

impl Signals {
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            suspend: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            carry_on: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
            resized: signal(SignalKind::window_change())?,
        })
    }

    /// Waits until one says that it is over, while nothing else can be done about any; the others are told of later.
    pub async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    pub async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::End,
            _ = self.hangup.recv() => Told::End,
            _ = self.interrupt.recv() => Told::End,
            _ = self.suspend.recv() => Told::Suspend,
            _ = self.carry_on.recv() => Told::Continue,
            _ = self.resized.recv() => Told::Resized,
        }
    }

    /// After a stop of our own: takes the SIGCONT that ended it, which would be told of once more.
    pub async fn continued(&mut self) {
        let _ = timeout(CONTINUED, self.carry_on.recv()).await;
    }
}
