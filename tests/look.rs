//! What every frame must hold to, whatever it shows: at every size, in ASCII, without colour, with hostile text, in every
//! state of an SLO. The frames themselves are read in `tests/frames.rs`.

#![cfg(test)]

#[path = "look/hostile.rs"]
mod hostile;
#[path = "look/plain.rs"]
mod plain;
#[path = "look/scene.rs"]
mod scene;
#[path = "look/signals.rs"]
mod signals;
#[path = "look/sizes.rs"]
mod sizes;
#[path = "look/slos.rs"]
mod slos;
#[path = "look/states.rs"]
mod states;
#[path = "look/story.rs"]
mod story;
