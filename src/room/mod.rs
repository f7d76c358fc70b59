//! The mind: the whole state of the war room and the one pure function that changes it. No clock, no input or output.

mod command;
mod editor;
mod health;
mod key;
mod key_problem;
mod key_text;
mod keymap;
mod pane;
mod ticket;

pub use command::{Action, Command, Group};
pub use editor::{Edit, Editor, TEXT_BOUND};
pub use health::{Health, JournalState, SourceHealth, SourceKind, SourceState};
pub use key::{Code, Key};
pub use key_problem::{KeyProblem, Trouble};
pub use key_text::{KeyError, parse_script, parse_sequence, show_sequence};
pub use keymap::{Keymap, Resolved};
pub use pane::Cursor;
pub use ticket::{Slot, Ticket, Tickets};
