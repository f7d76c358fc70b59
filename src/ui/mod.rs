//! The eye: a room is drawn, nothing is decided. A view owns no data.

mod clock;
mod color;
mod glyphs;
mod pen;
mod scene;
mod text;
mod theme;
mod theme_file;
mod widget;

pub use color::Depth;
pub use glyphs::Glyphs;
pub use scene::Scene;
pub use text::clean;
pub use theme::{Role, Theme};
