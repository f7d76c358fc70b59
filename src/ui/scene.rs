//! What a frame is drawn from. A view owns no data: everything is borrowed for one frame.

use ratatui::style::Style;

use super::glyphs::Glyphs;
use super::role::Role;
use super::theme::Theme;
use crate::domain::slo::{Label, Language};
use crate::room::{Keymap, Mode, Pane, Room};

pub struct Scene<'a> {
    pub room: &'a Room,
    pub theme: &'a Theme,
    pub glyphs: Glyphs,
}

impl Scene<'_> {
    /// On a slow link the sign at the edge alone tells what is selected: a painted row costs a hundred bytes a key.
    pub(super) fn style(&self, role: Role) -> Style {
        if role == Role::Sel && self.room.is_thrifty() {
            return Style::new();
        }
        self.theme.style(role)
    }

    /// The language of the words about SLOs.
    pub(super) fn language(&self) -> Language {
        self.room.settings.language
    }

    pub(super) fn say(&self, label: Label) -> &'static str {
        label.text(self.language())
    }

    pub(super) fn keymap(&self) -> &Keymap {
        &self.room.keymap
    }

    pub(super) fn has_focus(&self, pane: Pane) -> bool {
        self.room.focus == pane && !matches!(self.room.mode, Mode::Editing(_) | Mode::Asking(_))
    }
}
