//! The budget of one SLO in full, over the panes: which, how far it is scrolled, and what is known of the past of each.

use std::sync::Arc;

use super::Loading;
use crate::domain::Symbol;
use crate::domain::spending::Past;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetView {
    pub slo: Symbol,
    /// Rows scrolled away at the top.
    pub offset: usize,
}

/// What was heard of the past of an SLO.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookedBack {
    /// Of the question for the window of now.
    pub state: Loading,
    /// The window of now, in fine steps.
    pub recent: Option<Arc<Past>>,
    /// The windows before it, in coarse ones; `None` until the recent past is there.
    pub earlier: Option<Arc<Past>>,
}
