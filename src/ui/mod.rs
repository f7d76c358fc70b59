//! The eye: a room is drawn, nothing is decided. A view owns no data.

mod answer;
mod clock;
mod color;
mod draw;
mod footer;
mod glyphs;
mod header;
mod layout;
mod letters;
mod overlay;
mod pane;
mod pen;
mod role;
mod rows;
mod scene;
mod strip;
mod text;
mod theme;
mod theme_file;
mod widget;

pub use color::Depth;
pub use draw::draw;
pub use glyphs::Glyphs;
pub use role::Role;
pub use scene::Scene;
pub use text::clean;
pub use theme::Theme;
