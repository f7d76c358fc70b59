//! The simulated Jaeger: what the query service of version 2.17 answers, its own JSON and version 3. Not its storage.

mod find;
mod reply;
mod routes;
#[cfg(test)]
mod tests;
mod v1;
mod v1_span;
mod v3;

pub use routes::router;
