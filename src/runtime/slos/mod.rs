//! SLOs read again and again: the windows of their rules, their whole window by hours, and their past. What the numbers
//! mean is in `domain::slo`.

mod burn;
mod grain;
mod looking_back;
mod period;
mod questions;

pub use burn::measure;
pub(in crate::runtime) use burn::watch as watch_burn;
pub use grain::{oldest_day, scrape_interval};
pub use looking_back::look_back;
pub use period::whole_window;
pub(in crate::runtime) use period::{is_counted, watch as watch_period};
