//! What each of the five panes keeps, and the list they share. Not how they are drawn: that is `ui/pane`.

mod around;
mod budget;
mod cursor;
mod findings;
mod gauges;
mod investigation;
mod kind;
mod loading;
mod logs;
mod patterns;
mod runbook;
mod timeline;
mod waterfall;

pub use around::{Around, Beside};
pub use budget::{BudgetView, LookedBack};
pub use cursor::Cursor;
pub use findings::{Finding, FindingsList, VERDICT, blame_text, blamed_by, disputes, of_trace};
pub use gauges::GaugesPane;
pub(in crate::room) use investigation::MadeOf;
pub use investigation::{Happening, Investigation, Thing, line_time};
pub use kind::{Pane, Zoom};
pub use loading::Loading;
pub use logs::{LogsPane, TailState, TraceLines};
pub(in crate::room) use patterns::KindBefore;
pub use patterns::{PatternsPart, PatternsShown};
pub use runbook::{RunbookPane, StepState};
pub use timeline::{Pending, TimelinePane, TimelineRow};
pub(in crate::room) use waterfall::ROWS_OF_A_KIND;
pub use waterfall::{Twin, WaterfallPane, WaterfallView};
