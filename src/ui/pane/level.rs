//! How a line's level looks, wherever lines stand.

use ratatui::style::Style;

use crate::domain::signal::Level;
use crate::ui::role::Role;
use crate::ui::scene::Scene;

pub(super) fn style(scene: &Scene<'_>, level: Level) -> Style {
    match level {
        Level::Error | Level::Fatal => scene.style(Role::Crit),
        Level::Warn => scene.style(Role::Warn),
        _ => scene.style(Role::Dim),
    }
}
