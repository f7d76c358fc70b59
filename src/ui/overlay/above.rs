//! Which overlay the mode asks for.

use super::shown::Overlay;
use super::{budget, help, menu, note, places, prompt, query, value};
use crate::room::{Mode, PromptKind};
use crate::ui::pen::Pen;
use crate::ui::scene::Scene;

/// `pen` covers the whole screen; the last row becomes the overlay's footer. Draws nothing in normal mode.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) -> Overlay {
    let (width, height) = (pen.width(), pen.height());
    let shows = |(x, y): &(u16, u16)| usize::from(*x) < width && usize::from(*y) < height;
    let drawn = draw_mode(pen, scene);
    Overlay { cursor: drawn.cursor.filter(shows), ..drawn }
}

fn draw_mode(pen: &mut Pen<'_>, scene: &Scene<'_>) -> Overlay {
    match &scene.room.mode {
        Mode::Normal => Overlay::default(),
        Mode::Editing(note) => note::draw(pen, scene, note),
        Mode::Asking(asked) => match asked.kind {
            PromptKind::Help => help::draw(pen, scene, asked),
            PromptKind::Palette => prompt::draw_palette(pen, scene, asked),
            PromptKind::Query { wrong_at, asked: waits, .. } => query::draw(pen, scene, asked, wrong_at, waits),
            PromptKind::Filter { .. } | PromptKind::GoTo | PromptKind::WhatIf | PromptKind::PassReason { .. } => {
                prompt::draw(pen, scene, asked)
            }
        },
        Mode::Popup(menu) => menu::draw(pen, scene, menu),
        Mode::Budget(view) => budget::draw(pen, scene, view),
        Mode::Places(view) => places::draw(pen, scene, view),
        Mode::ValueView(view) => value::draw(pen, scene, view),
    }
}
