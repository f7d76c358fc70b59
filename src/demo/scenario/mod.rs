//! The scenarios by name. A new one is a folder or a file here and a row in `registry.rs`.

mod curve;
mod estate;
mod lost_orders;
mod registry;

pub use lost_orders::LostOrders;
pub use registry::{NAMES, by_name};
