//! Which overlay the mode asks for.

use super::{help, menu, note, prompt, value};
use crate::room::{Mode, PromptKind};
use crate::ui::pen::Pen;
use crate::ui::scene::Scene;

/// What the room and the terminal must know of an overlay that was drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) struct Overlay {
    /// Rows of its list, for a step of a page.
    pub height: usize,
    /// Where the terminal's cursor stands while something is typed, counted from the pen's upper left corner.
    pub cursor: Option<(u16, u16)>,
}

/// `pen` covers the whole screen; the last row becomes the overlay's footer. Draws nothing in normal mode.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) -> Overlay {
    match &scene.room.mode {
        Mode::Normal => Overlay::default(),
        Mode::Editing(note) => note::draw(pen, scene, note),
        Mode::Asking(asked) => match asked.kind {
            PromptKind::Help => help::draw(pen, scene, asked),
            PromptKind::Palette => prompt::draw_palette(pen, scene, asked),
            PromptKind::Filter { .. } | PromptKind::GoTo | PromptKind::PassReason { .. } => {
                prompt::draw(pen, scene, asked)
            }
        },
        Mode::Popup(menu) => menu::draw(pen, scene, menu),
        Mode::ValueView(view) => value::draw(pen, scene, view),
    }
}
