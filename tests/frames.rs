//! Whole frames as text: the evening of the lost orders at a moment, drawn at a size. One module a subject; the room
//! they draw is in `frames/scene.rs`. Colours are looked at only where they must not be.

#![cfg(test)]

#[path = "frames/failing.rs"]
mod failing;
#[path = "frames/hostile.rs"]
mod hostile;
#[path = "frames/lost_orders.rs"]
mod lost_orders;
#[path = "frames/plain.rs"]
mod plain;
#[path = "frames/scene.rs"]
mod scene;
#[path = "frames/signals.rs"]
mod signals;
#[path = "frames/sizes.rs"]
mod sizes;
#[path = "frames/slos.rs"]
mod slos;
#[path = "frames/states.rs"]
mod states;
#[path = "frames/story.rs"]
mod story;
