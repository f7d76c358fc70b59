//! Where a pivot left from, so that there is a way back: what had the focus and what every pane showed of it. Not what was
//! read: that stays in the panes, or is asked for again.

use uuid::Uuid;

use super::pane::{Pane, WaterfallView, Zoom};
use crate::domain::signal::Seq;
use crate::domain::{SpanId, Symbol, Timestamp, TraceId, Window};

/// Steps back that are remembered.
pub(super) const LONGEST_WAY: usize = 32;

/// What the log pane showed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LinesPlace {
    /// The line under the cursor; `None` at its end.
    Tail(Option<Seq>),
    /// The lines of the open trace: which row.
    OfTrace(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub focus: Pane,
    pub zoom: Zoom,
    pub view: WaterfallView,
    pub trace: Option<(TraceId, Option<SpanId>)>,
    pub lines: LinesPlace,
    pub entry: Option<Uuid>,
    pub gauge: Option<Symbol>,
    pub window: Window,
    pub cursor: Option<Timestamp>,
}
