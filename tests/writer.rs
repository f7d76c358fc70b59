//! What terminals make of the writer's bytes, asked of emulators that know nothing of it: after every frame of any sequence
//! the screen is what ratatui meant.

#![cfg(test)]

#[path = "writer/bytes.rs"]
mod bytes;
#[path = "writer/canvas.rs"]
mod canvas;
#[path = "writer/desk.rs"]
mod desk;
#[path = "writer/pyte.rs"]
mod pyte;
#[path = "writer/sequences.rs"]
mod sequences;
