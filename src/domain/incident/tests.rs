//! The reference vectors and laws of notes, timelines and incidents.
