//! What stands in each pane. Its title row is drawn by `draw.rs`.

mod attached;
mod details;
mod findings;
mod gauges;
mod gauges_cost;
mod gauges_wide;
mod home;
mod home_lists;
mod level;
mod logs;
mod minimap;
mod page_block;
mod patterns;
mod runbook;
#[cfg(test)]
mod tests;
mod timeline;
mod traces;
mod tree_text;
mod twin;
mod under;
mod verdict;
mod waterfall;

pub(super) use gauges::{
    draw as draw_gauges, mark, summary as gauges_summary, title as gauges_title, wanted_rows as gauges_rows,
    wide_title as gauges_wide_title,
};
pub(super) use gauges_wide::draw as draw_gauges_wide;
pub(super) use home::{draw as draw_home, is_calm};
pub(super) use logs::{draw as draw_logs, summary as logs_summary, title as logs_title};
pub(super) use patterns::list_rows as pattern_rows;
pub(super) use runbook::{draw as draw_runbook, summary as runbook_summary, title as runbook_title};
pub(super) use timeline::{draw as draw_timeline, summary as timeline_summary, title as timeline_title};
pub(super) use waterfall::{draw as draw_waterfall, summary as waterfall_summary, title as waterfall_title};
