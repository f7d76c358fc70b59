//! What stands in each pane. Its title row is drawn by `draw.rs`.

mod page_block;
pub(super) mod runbook;

#[cfg(test)]
mod tests;
