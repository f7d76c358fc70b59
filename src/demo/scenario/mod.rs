//! The scenarios by name. A new one is a folder or a file here and a row in `registry.rs`.

mod curve;
mod estate;
mod ids;
mod lost_orders;
mod normal;
mod objective;
mod registry;
mod series;
mod slow_booking;

pub use lost_orders::LostOrders;
pub use registry::{NAMES, by_name, opening};
pub use slow_booking::SlowBooking;
