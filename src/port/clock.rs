//! What time it is. A port, because the demo's company lives in its own time.

use crate::domain::Timestamp;

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// How many seconds of this clock pass in a second of the wall: 1 but in a demo with `--speed`.
    fn speed(&self) -> f64 {
        1.0
    }
}
