//! Effects become jobs, jobs become facts, facts and keys become frames. Never a vendor's name: only ports.

mod attribution;
mod baseline;
mod burn;
mod deploys;
mod effects;
mod gaps;
mod inbox;
mod input;
mod jobs;
mod ledger;
mod means;
mod outside;
mod poll;
mod reader;
mod run;
mod screen;
mod script;
mod search;
mod session;
mod signals;
mod tail;
mod terminal;
mod ties;
mod twin;
mod whole;

pub use burn::measure;
pub use gaps::{GapScope, gap_report};
pub use inbox::Sender;
pub use outside::Terminal;
pub use poll::Plan;
pub use run::{Outside, run};
pub use screen::{OneWrite, Quiet};
pub use script::{Outcome, run as run_script};
pub use session::{Look, Session, Setup};
pub use terminal::Guard;
pub use whole::trace as fetch_trace;
