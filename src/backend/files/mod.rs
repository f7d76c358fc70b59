//! Log files and standard input as a log server: read from the beginning, followed as they grow, through rotation.

mod bind;
mod follow;
mod parse;
mod port;
mod split;
mod stamp;
mod watched;

pub use port::Files;
