//! The three signals as a server sends them, freed of any server's spelling: series, log lines, spans.

mod chunk;
mod line;
mod logbook;
mod logview;
mod series;
mod span;

#[cfg(test)]
mod tests;

pub use chunk::LineView;
pub use line::{Level, Line, Message};
pub use logbook::{GapNote, LogBook, Seq};
pub use logview::{Growth, LogView, Row};
pub use series::{Answer, Sample, Series};
pub use span::{Attributes, Event, Kind, Link, Span, Status, Summary, Value};
