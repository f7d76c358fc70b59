//! A simulated Grafana: the marks on its dashboards, its health, its gate, and the other servers behind its data-source proxy.
//! No dashboards.

mod annotations;
mod gate;
mod proxy;
mod reply;
mod router;
#[cfg(test)]
mod tests;

pub use gate::TOKEN;
pub use router::router;
