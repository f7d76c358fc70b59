//! Which scenarios there are. Not what is in them.

use std::sync::Arc;

use super::lost_orders::LostOrders;
use crate::demo::Company;

/// What `--scenario` takes, the default first.
pub const NAMES: &[&str] = &["lost-orders"];

/// `None` for a name that is not in [`NAMES`]. The seed changes the noise and the ids, never the story.
#[must_use]
pub fn by_name(name: &str, seed: u64) -> Option<Arc<dyn Company>> {
    match name {
        "lost-orders" => Some(Arc::new(LostOrders::new(seed))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_opens_a_scenario_of_that_name() {
        for name in NAMES {
            assert_eq!(by_name(name, 42).map(|company| company.name()), Some(*name));
        }
        assert!(by_name("no-such", 42).is_none());
    }
}
