//! Laws of the parts; what an emulator makes of whole frames is asked in `tests/writer.rs` of the crate.
