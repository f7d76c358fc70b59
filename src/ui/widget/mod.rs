//! Pieces that several panes are drawn with.

pub(super) mod title;
