//! The terminal writer: a frame becomes the fewest bytes that turn the terminal's picture into it. A backend of ratatui
//! beside those that ratatui brings, and of use to any program that draws with it; it knows nothing of this one.
//!
//! ratatui hands a backend the cells that changed. When a pane scrolled that is nearly all of it, and over a slow link a
//! frame then takes a tenth of a second. The writer keeps a picture of the terminal, finds the bands of rows that only
//! moved, moves them with the terminal's own insert and delete line, and draws what is left with the cheapest mixture of
//! cursor moves, erasures and text, row by row or look by look. Colours and attributes live on from frame to frame.
//!
//! [`Writer`] is the backend; [`Engine`] is the part that thinks, without any input or output. What a terminal must not be
//! asked is said by [`Means`]. A frame is one write, and an unchanged frame is none.

mod backend;
mod cell;
mod cluster;
mod emit;
mod engine;
mod grid;
mod means;
mod moves;
mod paint;
mod pen;
mod row;
mod shift;
#[cfg(test)]
mod tests;

pub use backend::Writer;
pub use engine::Engine;
pub use means::Means;
