//! SLOs read again and again: the windows of their rules, their whole window by hours, and their past. What the numbers
//! mean is in `domain::slo`.

mod burn;
mod grain;
mod groups;
mod looking_back;
mod period;
mod price_at;
mod questions;

pub use burn::measure;
use burn::watch as watch_burn;
pub use grain::{oldest_day, scrape_interval};
pub use groups::{call as call_roll, left_out_words};
pub(in crate::runtime) use groups::{follow, watch as watch_group};
pub use looking_back::look_back;
pub(in crate::runtime) use period::is_counted;
use period::watch as watch_period;
pub use period::whole_window;
pub(in crate::runtime) use price_at::price_at;
