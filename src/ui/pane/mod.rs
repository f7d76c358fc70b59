//! What stands in each pane. Its title row is drawn by `draw.rs`.

pub(super) mod details;
mod details_groups;
mod gauges_cost;
pub(super) mod gauges_wide;
pub(super) mod home;
mod home_lists;
mod page_block;
pub(super) mod runbook;

#[cfg(test)]
mod details_tests;
#[cfg(test)]
mod tests;
