//! Effects become jobs, jobs become facts, facts and keys become frames. Never a vendor's name: only ports.

mod attribution;
mod burn;
mod changes;
mod deploys;
mod effects;
mod inbox;
mod input;
mod jobs;
mod ledger;
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
pub use inbox::Sender;
pub use outside::Terminal;
pub use poll::Plan;
pub use run::{Outside, run};
pub use screen::{OneWrite, Quiet};
pub use script::{Outcome, run as run_script};
pub use session::{Look, Session, Setup};
pub use terminal::Guard;
