//! The simulated Loki beside the recorded answers of the real one.
