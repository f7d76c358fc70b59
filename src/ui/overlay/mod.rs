//! What lies above the panes and takes the keys: a note, help, a question, a menu, a value in full.

mod above;
mod budget;
mod budget_line;
mod budget_past;
mod frame;
mod help;
mod help_rows;
mod menu;
mod note;
mod places;
mod prompt;
mod query;
mod shown;
mod value;

#[cfg(test)]
mod tests;

pub(super) use above::draw;
