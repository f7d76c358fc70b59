//! Pieces that several panes are drawn with.

pub(super) mod budget;
pub(super) mod burn;
pub(super) mod title;
