//! The terminal from our side: lent and given back, written to without waiting, measured and spared, and what is typed before
//! the room is there. Not how that is read: `input.rs`; nor frames as bytes: the writer's.

mod guard;
mod link;
mod outlet;
mod pace;
mod screen;
mod typed;

pub use guard::{Guard, enter, give_back, side_panics};
pub use link::Link;
pub use outlet::Outlet;
pub use pace::{CALM_TICK, FROZEN_TICK, Haste, OPENING, TICK, least};
pub use screen::{Pane, Screen, Surroundings, screen};
pub use typed::Typed;
