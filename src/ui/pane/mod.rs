//! What stands in each pane. Its title row is drawn by `draw.rs`.

pub(super) mod details;
mod details_groups;
pub(super) mod gauges;
mod gauges_cost;
pub(super) mod gauges_wide;
pub(super) mod home;
mod home_lists;
pub(super) mod logs;
mod page_block;
pub(super) mod runbook;
pub(super) mod timeline;
mod traces;
mod tree_text;
pub(super) mod waterfall;

#[cfg(test)]
mod tests;
