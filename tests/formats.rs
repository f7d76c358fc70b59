//! SLOs of other tools: files in their shape are read, what is wrong in them is told with its line, and what we write
//! for them is read back as it was.

#![cfg(test)]

#[path = "formats/hostile.rs"]
mod hostile;
#[path = "formats/read.rs"]
mod read;
#[path = "formats/refused.rs"]
mod refused;
#[path = "formats/round.rs"]
mod round;
