//! What may lie above the panes and take the keys: a note, a question, a menu, a value in full.

mod keyboard;
mod menu;
mod note;
mod places;
mod prompt;

pub use keyboard::{Mode, ValueView};
pub use menu::{Choice, Menu, MenuKind};
pub use note::Note;
pub use places::{PlaceRow, PlacesView};
pub use prompt::{Prompt, PromptKind};
