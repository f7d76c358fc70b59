//! Effects become jobs, jobs become facts, facts and keys become frames. Never a vendor's name: only ports.

mod attribution;
mod beat;
mod changes;
mod decode;
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
mod scan;
mod script;
mod search;
mod servers;
mod session;
mod signals;
mod slos;
mod tail;
mod traces;
mod tty;
mod watchdog;

pub use inbox::Sender;
pub use outside::Terminal;
pub use poll::Plan;
pub use run::{Outside, run};
pub use script::{Outcome, run as run_script};
pub use servers::DEFAULT_BUDGET;
pub use session::{Look, Session, Setup};
pub use signals::Signals;
pub use slos::{call_roll, left_out_words, look_back, measure, oldest_day, scrape_interval, whole_window};
pub use traces::{GapScope, fetch_trace, gap_report};
pub use tty::{Guard, Outlet, Pane, Screen, Surroundings, Typed, screen};
