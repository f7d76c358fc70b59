//! A word to the responder that vanishes by itself. Not an error that stays: that is `health.rs` or the pane's own state.

use std::time::Duration;

use crate::domain::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    Info,
    Good,
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub text: String,
    pub kind: ToastKind,
    pub until: Timestamp,
}

impl Toast {
    /// A warning stays longer: it may have to be read twice.
    #[must_use]
    pub fn new(kind: ToastKind, text: impl Into<String>, now: Timestamp) -> Self {
        let stays = if kind == ToastKind::Warning { 8 } else { 4 };
        Self { text: text.into(), kind, until: now.plus(Duration::from_secs(stays)) }
    }
}
