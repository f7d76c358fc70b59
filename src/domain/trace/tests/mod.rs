//! The vectors of the reference and the laws of a tree, one file a thing.

mod attribution;
mod critical;
mod errors;
mod header;
mod holders;
mod laws;
mod propagation;
mod rows;
mod sample;
mod sampling;
mod shape;
mod skew;
