//! Effects become jobs, jobs become facts, facts and keys become frames. Never a vendor's name: only ports.

mod attribution;
mod burn;
mod changes;
mod decode;
mod deploys;
mod effects;
mod grain;
mod inbox;
mod input;
mod jobs;
mod ledger;
mod looking_back;
mod means;
mod outside;
mod poll;
mod query;
mod run;
mod screen;
mod script;
mod search;
mod session;
mod signals;
mod tail;
mod terminal;

pub use burn::measure;
pub use effects::trace as fetch_trace;
pub use grain::{oldest_day, scrape_interval};
pub use inbox::Sender;
pub use looking_back::look_back;
pub use outside::Terminal;
pub use poll::Plan;
pub use run::{Outside, run};
pub use screen::{Pane, Screen, Surroundings, screen};
pub use script::{Outcome, run as run_script};
pub use session::{Look, Session, Setup};
pub use terminal::Guard;
