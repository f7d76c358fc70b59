//! Who is responsible, read unasked while something burns: failing traces, slow ones, and healthy ones of before.

mod baseline;
mod reader;
mod watch;

pub(super) use watch::watch;
