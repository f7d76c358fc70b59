//! Runbooks: Markdown read into pages with steps, and which page answers an alert. Not how a page is drawn, and nothing
//! here runs a command.

mod catalog;
mod command;
mod header;
mod page;
mod parse;

#[cfg(test)]
mod tests;

pub use catalog::{Catalog, Found, Match, STALE_AFTER_DAYS};
pub use command::{Command, Unfilled, danger};
pub use page::{Block, Inline, Page, Section, Step, Style};
pub use parse::{MAX_BYTES, parse};
