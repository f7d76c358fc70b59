//! A room, its hands, its inbox and a screen, joined: messages in, effects out, one draw a batch. The two loops that drive
//! it are `run.rs` (a person at a terminal) and `script.rs` (a snapshot).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::decode::Input;
use super::effects::{Hands, Outward};
use super::inbox::{Inbox, Sender};
use super::poll::{self, Plan};
use super::servers::{Asker, Gates, guarded};
use super::terminal::side_panics;
use crate::port::Ports;
use crate::room::{Drawn, Effects, Fact, Message, Room, update};
use crate::ui::{Glyphs, Scene, Theme, draw};

/// Facts taken before the next frame is drawn.
pub(super) const BATCH: usize = 64;

/// How the room looks.
pub struct Look {
    pub theme: Theme,
    pub glyphs: Glyphs,
}

/// All that a session is made of.
pub struct Setup {
    pub ports: Ports,
    pub plan: Plan,
    pub room: Room,
    pub look: Look,
    /// What the room asks for before anything has come.
    pub first: Effects,
    /// Counts the bytes that went to the terminal.
    pub written: Arc<AtomicU64>,
}

pub struct Session<B: Backend> {
    pub room: Room,
    pub(super) terminal: Terminal<B>,
    pub(super) inbox: Inbox,
    ports: Arc<Ports>,
    look: Look,
    hands: Hands,
    sender: Sender,
    written: Arc<AtomicU64>,
    written_before: u64,
    dirty: bool,
    drawn: Option<Drawn>,
    _polls: JoinSet<()>,
}

impl<B: Backend> Session<B> {
    /// Starts the polls at once; what they find waits in the inbox. Must be called inside a tokio runtime.
    #[must_use]
    pub async fn new(setup: Setup, terminal: Terminal<B>) -> Self {
        let (sender, inbox) = Inbox::new();
        let gates = Gates::of_ports(&setup.ports, &setup.plan.budgets);
        let refresh = Arc::new(Notify::new());
        let (since, counted_since) = watch::channel(None);
        let polls = poll::start(&setup.ports, &gates, &setup.plan, &sender, &refresh, &counted_since);
        let ports = Arc::new(guarded(&setup.ports, &gates, Asker::Person));
        let mut hands = Hands::new(Arc::clone(&ports), sender.clone(), refresh, since, gates);
        for effect in setup.first {
            // Nothing that the loop itself would have to do is asked for at the start.
            hands.run(effect).await;
        }
        Self {
            room: setup.room,
            terminal,
            inbox,
            ports,
            look: setup.look,
            hands,
            sender,
            written: setup.written,
            written_before: 0,
            dirty: true,
            drawn: None,
            _polls: polls,
        }
    }

    /// Ends the jobs and waits, for a bounded time, until what was typed is on the disk.
    pub async fn close(self) {
        let Self { hands, inbox, .. } = self;
        // Nobody reads facts any more: who would tell one must not wait.
        drop(inbox);
        hands.close().await;
    }

    pub fn backend(&self) -> &B {
        self.terminal.backend()
    }

    /// Where others leave facts: the record as it was left, the runbooks, colleagues.
    #[must_use]
    pub fn sender(&self) -> Sender {
        self.sender.clone()
    }

    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        self.dirty
    }

    pub const fn soil(&mut self) {
        self.dirty = true;
    }

    /// The clock's turn: time passes, losses and side panics are told, the byte meter moves on.
    pub async fn tick(&mut self) -> Vec<Outward> {
        let mut outward = self.take(Message::Tick(self.ports.clock.now())).await;
        for panic in side_panics() {
            outward.extend(self.take(Message::Fact(Fact::Notice(format!("a background job failed: {panic}")))).await);
        }
        let written = self.written.load(Ordering::Relaxed);
        let bytes = written.saturating_sub(self.written_before);
        self.written_before = written;
        outward.extend(self.take(Message::Fact(Fact::Written { bytes })).await);
        outward
    }

    /// Keys, pastes and the like.
    pub async fn hear(&mut self, input: Input) -> Vec<Outward> {
        match input {
            Input::Key(key) => self.take(Message::Key(key)).await,
            Input::Paste(text) => self.take(Message::Paste(text)).await,
        }
    }

    /// When the next tick is due: at `regular`, or sooner when the room waits for a moment of its own.
    #[must_use]
    pub fn wakes_by(&self, regular: Instant) -> Instant {
        match self.room.wakes_at() {
            None => regular,
            Some(at) => {
                let wait = at.elapsed_since(self.ports.clock.now()).div_f64(self.ports.clock.speed().max(f64::EPSILON));
                regular.min(Instant::now() + wait)
            }
        }
    }

    /// Takes what the inbox gave; `batch` is empty afterwards.
    pub(super) async fn take_batch(&mut self, batch: &mut Vec<Fact>) -> Vec<Outward> {
        let mut outward = self.take(Message::Tick(self.ports.clock.now())).await;
        for fact in batch.drain(..) {
            outward.extend(self.take(Message::Fact(fact)).await);
        }
        outward
    }

    pub(super) async fn take(&mut self, message: Message) -> Vec<Outward> {
        self.dirty = true;
        let mut outward = Vec::new();
        for effect in update(&mut self.room, message) {
            outward.extend(self.hands.run(effect).await);
        }
        outward
    }

    /// Draws when something changed since the last frame.
    pub async fn draw(&mut self) -> Result<(), B::Error> {
        if !std::mem::take(&mut self.dirty) {
            return Ok(());
        }
        let mut drawn = None;
        let scene = Scene { room: &self.room, theme: &self.look.theme, glyphs: self.look.glyphs };
        self.terminal.draw(|frame| drawn = Some(draw(frame, &scene)))?;
        if let Some(drawn) = drawn {
            // Other heights may move a cursor, which is worth another frame; the same heights are no news.
            if self.drawn.as_ref() != Some(&drawn) {
                self.drawn = Some(drawn.clone());
                self.take(Message::Drawn(drawn)).await;
            }
        }
        Ok(())
    }
}
