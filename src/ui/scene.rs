//! What a frame is drawn from. A view owns no data: everything is borrowed for one frame.

use ratatui::style::Style;

use super::glyphs::Glyphs;
use super::role::Role;
use super::theme::Theme;
use crate::room::{Keymap, Mode, Pane, Room};

pub struct Scene<'a> {
    pub room: &'a Room,
    pub theme: &'a Theme,
    pub glyphs: Glyphs,
}

impl Scene<'_> {
    pub(super) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub(super) fn keymap(&self) -> &Keymap {
        &self.room.keymap
    }

    pub(super) fn has_focus(&self, pane: Pane) -> bool {
        self.room.focus == pane && !matches!(self.room.mode, Mode::Editing(_) | Mode::Asking(_))
    }
}
