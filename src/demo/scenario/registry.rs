//! Which scenarios there are. Not what is in them.

use std::sync::Arc;

use super::lost_orders::LostOrders;
use super::slow_booking::SlowBooking;
use crate::demo::Company;
use crate::domain::Timestamp;

/// What `--scenario` takes, the default first.
pub const NAMES: &[&str] = &["lost-orders", "slow-booking"];

/// How many seconds after the start of the impact it is worth looking: two seconds before the first alert that asks for
/// somebody. Time to look, not to wait.
#[must_use]
pub fn opening(name: &str) -> f64 {
    match name {
        "slow-booking" => 703.0,
        _ => 163.0,
    }
}

/// `None` for a name that is not in [`NAMES`]. The seed changes the noise and the ids, never the story; the story starts at the
/// scrape (a multiple of 15 s) at or before `impact_start`.
#[must_use]
pub fn by_name(name: &str, seed: u64, impact_start: Timestamp) -> Option<Arc<dyn Company>> {
    match name {
        "lost-orders" => Some(Arc::new(LostOrders::new(seed, impact_start))),
        "slow-booking" => Some(Arc::new(SlowBooking::new(seed, impact_start))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_opens_a_scenario_of_that_name() {
        for name in NAMES {
            assert_eq!(by_name(name, 42, Timestamp::EPOCH).map(|company| company.name()), Some(*name));
        }
        assert!(by_name("no-such", 42, Timestamp::EPOCH).is_none());
    }
}
