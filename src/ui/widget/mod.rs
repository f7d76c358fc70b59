//! Pieces that several panes are drawn with.

pub(super) mod budget;
pub(super) mod burn;
pub(super) mod holders;
pub(super) mod span_bar;
pub(super) mod title;
