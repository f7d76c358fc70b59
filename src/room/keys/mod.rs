//! Keys: what one is, how it is written, which action it asks for. Not what an action does.

mod key;
mod keymap;
mod preset;
mod problem;
mod text;

pub use key::{Code, Key};
pub use keymap::{Keymap, Resolved};
pub use preset::Preset;
pub use problem::{KeyProblem, Trouble};
pub use text::{KeyError, parse_script, parse_sequence, show_sequence};
