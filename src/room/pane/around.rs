//! The lines around one line, of its stream alone, whatever the filter, the level and the query of the pane were: those that
//! are here at once, and in their place those that the server has. Not whoever asks for them: `update/around.rs`.

use std::sync::Arc;

use super::{Cursor, Loading};
use crate::domain::filter::Filter;
use crate::domain::signal::{Level, Line, Seq};
use crate::domain::{Labels, Timestamp};

#[derive(Clone, Debug)]
pub struct Around {
    pub seq: Seq,
    pub at: Timestamp,
    pub stream: Arc<Labels>,
    /// How far the server's answer is; `Idle` where there is no server to ask.
    pub state: Loading,
    /// Lines of the server that the query of the pane left out, among all around it.
    pub beside: Option<Beside>,
    /// To go back to.
    pub(in crate::room) before: (Filter, Level),
}

/// Lines of a server, oldest first.
#[derive(Clone, Debug)]
pub struct Beside {
    pub lines: Vec<Line>,
    /// The row of the line that they stand around.
    pub row: usize,
    /// How many of them the query of the pane had left out.
    pub new: usize,
    pub cursor: Cursor,
}
