//! The five panes and what they are made of; the same names as in `room/pane`.

pub(super) mod details;
pub(super) mod gauges;
pub(super) mod gauges_wide;
pub(super) mod home;
pub(super) mod logs;
pub(super) mod runbook;
pub(super) mod timeline;
mod traces;
mod tree_text;
pub(super) mod waterfall;
