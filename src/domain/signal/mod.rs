//! The three signals as a server sends them, freed of any server's spelling: series, log lines, spans.

mod line;
mod series;
mod span;

pub use line::{Level, Line, Message};
pub use series::{Answer, Sample, Series};
pub use span::{Attributes, Event, Kind, Link, Span, Status, Summary, Value};
