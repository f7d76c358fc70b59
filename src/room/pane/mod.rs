//! What each of the five panes keeps, and the list they share. Not how they are drawn: that is `ui/pane`.

mod budget;
mod cursor;
mod gauges;
mod kind;
mod loading;
mod logs;
mod runbook;
mod timeline;
mod waterfall;

pub use budget::{BudgetView, LookedBack};
pub use cursor::Cursor;
pub use gauges::GaugesPane;
pub use kind::{Pane, Zoom};
pub use loading::Loading;
pub use logs::{LogsPane, TailState, TraceLines};
pub use runbook::{RunbookPane, StepState};
pub use timeline::{Pending, TimelinePane, TimelineRow};
pub use waterfall::{WaterfallPane, WaterfallView};
