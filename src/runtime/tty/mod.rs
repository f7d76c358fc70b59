//! The terminal from our side: lent and given back, written to without waiting, measured and spared. Not what is read of it:
//! `input.rs`; nor frames as bytes: the writer's.

mod guard;
mod link;
mod outlet;
mod pace;
mod screen;

pub use guard::{Guard, enter, give_back, side_panics};
pub use link::Link;
pub use outlet::Outlet;
pub use pace::{FROZEN_TICK, Haste, TICK, least};
pub use screen::{Pane, Screen, Surroundings, screen};
