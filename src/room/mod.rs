//! The mind: the whole state of the war room and the one pure function that changes it. No clock, no input or output.

mod command;
mod editor;
mod effect;
mod fact;
mod health;
mod hint;
mod keys;
mod mode;
mod pane;
mod random;
#[expect(clippy::module_inception, reason = "the room is what this floor is about")]
mod room;
mod settings;
mod ticket;
mod time;
mod toast;
mod told;
mod update;
mod way;

pub use command::{Action, Command, Group};
pub use editor::{Edit, Editor, TEXT_BOUND};
pub use effect::{Ask, Effect, Effects, PlacesAsk, SearchAsk};
pub use fact::{Answered, Drawn, Example, Fact, ImpactSample, Message, Places, RefillNote, Target};
pub use health::{Health, JournalState, Load, SLOW, SourceHealth, SourceKind, SourceState};
pub use hint::{Hint, hints};
pub use keys::*;
pub use mode::*;
pub use pane::*;
pub use room::{Attributed, ClockStyle, Impact, LEADER_WAIT, Meter, Room};
pub use settings::Settings;
pub use ticket::{Slot, Ticket, Tickets};
pub use time::{FIRST_LENGTH, Lens, ZoneOffset, parse_moment};
pub use toast::{Toast, ToastKind};
pub use update::{start, update};
