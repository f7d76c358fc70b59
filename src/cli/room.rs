//! From a world to a session: the room furnished, its screen chosen, the record and the runbooks on their way in.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ratatui::backend::Backend;

use super::look;
use super::world::{Early, World};
use crate::domain::Timestamp;
use crate::domain::trace::parse_reference;
use crate::port::Journal;
use crate::room::{Fact, Message, Room, Target, start, update};
use crate::runtime::{Canvas, Sender, Session, Setup};
use crate::ui::{Scene, draw};

/// One row of an open database; a disk that takes longer does not hold up the first frame, and brings it later.
const DRAFT_WAIT: Duration = Duration::from_millis(500);

/// How often a board reads the record.
const READ_AGAIN: Duration = Duration::from_secs(10);

/// What is typed after `warroom`: a trace in any form, else an alert.
fn target(text: &str) -> Target {
    parse_reference(text).map_or_else(|| Target::Alert(text.trim().to_owned()), Target::Trace)
}

/// What a screen shows until the world is made: the places of everything, and nothing known yet.
pub(super) fn first_frame<B: Backend>(early: &Early, now: Timestamp, canvas: &mut Canvas<B>) -> Result<(), B::Error> {
    let (theme, themes) = (early.theme.as_deref(), early.themes.as_deref());
    // What is wrong with the theme is told when the room is opened.
    let look = look::choose(theme, themes, early.ascii, false, &mut Vec::new());
    let room = Room::new(early.settings.clone(), early.slos.clone(), early.keymap.clone(), now);
    let scene = Scene { room: &room, theme: &look.theme, glyphs: look.glyphs };
    canvas.draw(|buffer| draw(buffer, &scene)).map(drop)
}

/// Opens the war room on a screen. `plain` is a screen without colour, for frames that are read as text.
pub(super) async fn session<B: Backend>(
    world: World,
    open: Option<&str>,
    plain: bool,
    written: Arc<AtomicU64>,
    canvas: Canvas<B>,
) -> Session<B> {
    let now = world.ports.clock.now();
    let mut problems = world.problems;
    let (theme, themes) = (world.theme.as_deref(), world.themes.as_deref());
    let look = look::choose(theme, themes, world.ascii, plain, &mut problems);
    let mut room = Room::new(world.settings, world.plan.slos.clone(), world.keymap, now);
    room.problems = problems;
    let journal = Arc::clone(&world.ports.journal);
    let mut first = start(&mut room);
    // Before the first key: a line typed meanwhile would be kept in its place.
    let draft = tokio::time::timeout(DRAFT_WAIT, journal.draft()).await;
    let is_late = draft.is_err();
    if let Ok(Ok(Some(text))) = draft {
        first.extend(update(&mut room, Message::Fact(Fact::Draft(text))));
    }
    if let Some(text) = open {
        first.extend(update(&mut room, Message::Open(target(text))));
    }
    let board = room.settings.board;
    let setup = Setup { ports: world.ports, plan: world.plan, room, look, written, first };
    let session = Session::new(setup, canvas);
    let catalog = Arc::new(world.catalog);
    let sender = session.sender();
    (world.colleagues)(sender.clone());
    tokio::spawn(async move {
        sender.send(Fact::Runbooks(catalog)).await;
        bring_record(Arc::clone(&journal), &sender).await;
        if is_late && let Ok(Some(text)) = journal.draft().await {
            sender.send(Fact::Draft(text)).await;
        }
        if board {
            read_on(journal, sender).await;
        }
    });
    session
}

/// A board writes nothing, and so shows what others write into the same record.
async fn read_on(journal: Arc<dyn Journal>, sender: Sender) {
    loop {
        tokio::time::sleep(READ_AGAIN).await;
        // A record that cannot be read for once is read the next time; what was shown stays.
        if let Ok(entries) = journal.entries().await
            && !sender.send(Fact::Entries(entries)).await
        {
            return;
        }
    }
}

/// The record as it was left.
async fn bring_record(journal: Arc<dyn Journal>, sender: &Sender) {
    match journal.entries().await {
        Ok(entries) => {
            sender.send(Fact::Entries(entries)).await;
        }
        Err(error) => {
            sender.send(Fact::Entries(Vec::new())).await;
            sender.send(Fact::Notice(format!("the record cannot be read: {error}"))).await;
        }
    }
}
