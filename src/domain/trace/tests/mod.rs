//! The vectors of the reference and the laws of a tree, one file a thing.

mod around;
mod attribution;
mod critical;
mod errors;
mod header;
mod holders;
mod laws;
mod propagation;
mod report;
mod rows;
mod sample;
mod sampling;
mod set;
mod shape;
mod skew;
mod stitch;
