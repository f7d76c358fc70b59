//! A room, its hands, its inbox and a screen, joined: messages in, effects out, one draw a batch. The two loops that drive
//! it are `run.rs` (a person at a terminal) and `script.rs` (a snapshot).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ratatui::backend::Backend;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::beat::Beat;
use super::decode::Input;
use super::effects::{Hands, Outward};
use super::inbox::{Inbox, Sender};
use super::poll::{self, Plan};
use super::servers::{Asker, Gates, guarded};
use super::tty::{Canvas, Haste, Link, side_panics};
use crate::domain::Timestamp;
use crate::port::Ports;
use crate::room::{Drawn, Effects, Fact, Message, Room, Slot, update};
use crate::ui::{Glyphs, Scene, Theme, draw};

/// What is not the trace that the program was started on waits so long.
const HEAD_START: Duration = Duration::from_millis(150);
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
    pub(super) canvas: Canvas<B>,
    pub(super) inbox: Inbox,
    ports: Arc<Ports>,
    look: Look,
    hands: Hands,
    sender: Sender,
    written: Arc<AtomicU64>,
    written_before: u64,
    dirty: Option<Haste>,
    /// What the last frame took.
    frame_bytes: u64,
    /// A person typed: before that nobody has asked for anything.
    is_touched: bool,
    link: Link,
    drawn: Option<Drawn>,
    /// Taken when the questions begin.
    start: Option<Start>,
    polls: JoinSet<()>,
    beat: Beat,
    /// Where all that is asked runs; the loop may run elsewhere.
    on: Handle,
}

/// What the questions begin with.
struct Start {
    ports: Ports,
    plan: Plan,
    first: Effects,
    gates: Gates,
    refresh: Arc<Notify>,
    counted_since: watch::Receiver<Option<Timestamp>>,
}

impl<B: Backend> Session<B> {
    /// Asks nothing yet: a first frame comes before that. Must be called inside the tokio runtime on which all that is
    /// asked will run.
    #[must_use]
    pub fn new(setup: Setup, canvas: Canvas<B>) -> Self {
        let (sender, inbox) = Inbox::new();
        let gates = Gates::of_ports(&setup.ports, &setup.plan.budgets);
        let refresh = Arc::new(Notify::new());
        let (since, counted_since) = watch::channel(None);
        let ports = Arc::new(guarded(&setup.ports, &gates, Asker::Person));
        let beat = Beat::new();
        let frozen = beat.frozen();
        let hands =
            Hands::new(Arc::clone(&ports), sender.clone(), Arc::clone(&refresh), (since, frozen), gates.clone());
        let Setup { ports: servers, plan, first, .. } = setup;
        let start = Start { ports: servers, plan, first, gates, refresh, counted_since };
        Self {
            room: setup.room,
            canvas,
            inbox,
            ports,
            look: setup.look,
            hands,
            sender,
            written: setup.written,
            written_before: 0,
            dirty: Some(Haste::Asked),
            frame_bytes: 0,
            is_touched: false,
            link: Link::default(),
            drawn: None,
            start: Some(start),
            polls: JoinSet::new(),
            beat,
            on: Handle::current(),
        }
    }

    /// Starts the polls and asks what the room wants to know first, once however often it is called: when the first
    /// frame is on its way, which needs the processor before the answers do.
    pub(super) async fn begin(&mut self) {
        let Some(start) = self.start.take() else { return };
        let Start { ports, plan, first, gates, refresh, counted_since } = start;
        let (sender, beat, hand) = (self.sender.clone(), self.beat.clone(), self.on.clone());
        let start = move || poll::start(&ports, &gates, &plan, &sender, (&refresh, &beat), &counted_since);
        if self.room.waterfall.chosen {
            // Who named a trace waits for it, and for nothing else: what nobody asked for leaves it the processors.
            self.hands.head_start(Slot::Trace, HEAD_START);
            let begins = async move {
                tokio::time::sleep(HEAD_START).await;
                let mut polls = start();
                while polls.join_next().await.is_some() {}
            };
            self.polls.spawn_on(begins, &hand);
        } else {
            let _entered = hand.enter();
            self.polls = start();
        }
        for effect in first {
            // Nothing that the loop itself would have to do is asked for at the start.
            self.hands.run(effect).await;
        }
    }

    /// Ends the jobs and waits, for a bounded time, until what was typed is on the disk.
    pub async fn close(self) {
        let Self { hands, inbox, polls, .. } = self;
        // Nobody reads facts any more: who would tell one must not wait.
        drop(inbox);
        hands.close().await;
        // Last: to end so many questions takes the thread that has to write the last note.
        drop(polls);
    }

    pub fn backend(&self) -> &B {
        self.canvas.backend()
    }

    /// Where others leave facts: the record as it was left, the runbooks, colleagues.
    #[must_use]
    pub fn sender(&self) -> Sender {
        self.sender.clone()
    }

    /// Whether there is something new to be drawn, and how soon.
    #[must_use]
    pub(super) const fn dirty(&self) -> Option<Haste> {
        self.dirty
    }

    pub(super) const fn frame_bytes(&self) -> u64 {
        self.frame_bytes
    }

    pub const fn soil(&mut self) {
        self.dirty = Some(Haste::Asked);
    }

    /// What is known of the way to the terminal, told when it changed.
    pub(super) async fn learn(&mut self, link: Link) -> Vec<Outward> {
        let told = |link: Link| (link.is_slow, link.there_and_back);
        if told(std::mem::replace(&mut self.link, link)) == told(link) {
            return Vec::new();
        }
        let (is_slow, there_and_back) = told(link);
        self.take(Message::Fact(Fact::Link { is_slow, there_and_back })).await
    }

    /// The clock's turn: time passes, losses and side panics are told, the byte meter moves on.
    pub async fn tick(&mut self) -> Vec<Outward> {
        self.beat.ring(Instant::now());
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
        self.is_touched |= input != Input::Answer;
        match input {
            Input::Key(key) => self.take(Message::Key(key)).await,
            Input::Paste(text) => self.take(Message::Paste(text)).await,
            Input::Answer => Vec::new(),
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
        let mut haste = haste(&self.room, &message, self.is_touched);
        let (before, had_lines) = (self.room.picture(), !self.room.logs.book.is_empty());
        let mut outward = Vec::new();
        for effect in update(&mut self.room, message) {
            outward.extend(self.hands.run(effect).await);
        }
        self.beat.freeze(self.room.lens.is_frozen());
        // Whoever opened a file waits for its first lines.
        if self.room.settings.logs_alone && !had_lines && !self.room.logs.book.is_empty() {
            haste = Haste::Asked;
        }
        if self.room.picture() != before {
            self.dirty = self.dirty.max(Some(haste));
        }
        outward
    }

    /// Draws when something changed since the last frame; and once more at once when the panes have other heights by it,
    /// which may have moved a cursor.
    pub async fn draw(&mut self) -> Result<(), B::Error> {
        self.draw_once().await?;
        self.draw_once().await
    }

    async fn draw_once(&mut self) -> Result<(), B::Error> {
        if self.dirty.take().is_none() {
            return Ok(());
        }
        let before = self.written.load(Ordering::Relaxed);
        let scene = Scene { room: &self.room, theme: &self.look.theme, glyphs: self.look.glyphs };
        let drawn = self.canvas.draw(|buffer| draw(buffer, &scene))?;
        self.frame_bytes = self.written.load(Ordering::Relaxed).saturating_sub(before);
        // The same heights are no news.
        if self.drawn.as_ref() != Some(&drawn) {
            self.drawn = Some(drawn.clone());
            self.take(Message::Drawn(drawn)).await;
        }
        Ok(())
    }
}

/// How soon what a message changes is to be seen. Before the first key a person has asked for nothing but what the program
/// was started on.
fn haste(room: &Room, message: &Message, is_touched: bool) -> Haste {
    let is_of_start = matches!(message, Message::Fact(Fact::Trace { .. })) && room.waterfall.chosen;
    if is_of_start || (is_touched && !message.comes_by_itself()) { Haste::Asked } else { Haste::Told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TraceId;
    use crate::domain::trace::{SkewOptions, Tree, parse_reference};
    use crate::room::{Keymap, Settings, Slot, Target, Ticket};

    #[test]
    fn the_trace_that_the_program_was_started_on_is_seen_at_once_and_what_comes_by_itself_later() {
        let now = Timestamp::from_nanos(1_795_000_000_000_000_000);
        let mut room = Room::new(Settings::default(), Vec::new(), Keymap::default(), now);
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let trace: TraceId = id.parse().expect("an id");
        let tree = Arc::new(Tree::build(trace, Vec::new(), None, SkewOptions::OFF));
        let fact = Message::Fact(Fact::Trace { ticket: Ticket { slot: Slot::Trace, turn: 1 }, tree });
        assert_eq!(haste(&room, &fact, false), Haste::Told, "it opened by itself");
        assert_eq!(haste(&room, &fact, true), Haste::Asked);
        let _ = update(&mut room, Message::Open(Target::Trace(parse_reference(id).expect("a trace"))));
        assert_eq!(haste(&room, &fact, false), Haste::Asked);
        assert_eq!(haste(&room, &Message::Tick(now), true), Haste::Told);
    }
}
