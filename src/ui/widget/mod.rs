//! Pieces that several panes are drawn with.

pub(super) mod budget;
pub(super) mod burn;
pub(super) mod flow;
pub(super) mod holders;
pub(super) mod span_bar;
pub(super) mod state;
pub(super) mod title;
