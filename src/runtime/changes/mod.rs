//! What was changed, asked of every kind of server that shows it: marks and silences, series, lines. Spans are read for
//! other reasons: what they show of versions comes from `attribution`.

mod lines;
mod marks;
mod series;

pub(super) use lines::watch as watch_lines;
pub(super) use marks::{marks, silences};
pub(super) use series::watch as watch_series;
