//! The three signals as a server sends them, freed of any server's spelling: series, log lines, spans.

mod chunk;
mod exemplar;
mod holdings;
mod line;
mod line_view;
mod logbook;
mod logview;
mod metadata;
mod names;
mod pattern;
mod recall;
mod scan;
mod seek;
mod series;
mod sheaf;
mod span;
mod text;
mod traced;

#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod tests;

pub use exemplar::Exemplar;
pub use line::{Level, Line, Message};
pub use line_view::LineView;
pub use logbook::{GapKind, GapNote, LogBook, Seq, Unknown};
pub use logview::{Growth, LogView, Row};
pub use metadata::{pairs, unfolded, written};
pub use pattern::{Earlier, Pattern, Patterns, REACHES};
pub use recall::Recall;
pub use scan::{Found, Look, Scan, Slice};
pub use series::{Answer, Sample, Series};
pub use sheaf::Sheaf;
pub use span::{Attributes, Event, Kind, Link, Listing, Span, Status, Summary, Value};
pub use text::Backing;
