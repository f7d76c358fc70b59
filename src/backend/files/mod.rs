//! Log files and standard input as a log server: read from the beginning, followed as they grow, through rotation.

mod backing;
mod bind;
mod follow;
mod input;
mod load;
mod parse;
mod port;
mod split;
mod stamp;
mod watched;

#[cfg(test)]
mod tests;

pub use port::Files;
