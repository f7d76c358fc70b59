//! The one door: a message goes in, the room changes, effects come out. Pure: no clock, no input or output.

use super::effect::Effects;
use super::fact::{Drawn, Message};
use super::room::Room;

/// What the room asks for before anything has come.
pub fn start(_room: &mut Room) -> Effects {
    Effects::default()
}

/// Changes the room by one message.
pub fn update(room: &mut Room, message: Message) -> Effects {
    match message {
        Message::Tick(now) => {
            room.now = now;
            room.lens.tick(now);
        }
        Message::Drawn(Drawn { overlay_height, .. }) => room.overlay_height = overlay_height,
        _ => {}
    }
    Effects::default()
}
