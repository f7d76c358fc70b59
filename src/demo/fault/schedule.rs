//! Which faults of one server hold now. Not what they do.

use super::spec::{Fault, FaultKind, Target};
use crate::demo::site::Clock;

/// The faults of one server and the clock that they are counted on.
#[derive(Clone, Debug)]
pub struct Schedule {
    target: Target,
    clock: Clock,
    faults: Vec<Fault>,
}

impl Schedule {
    /// Takes from `faults` those that name the target.
    #[must_use]
    pub fn new(target: Target, clock: Clock, faults: &[Fault]) -> Self {
        let faults = faults.iter().copied().filter(|fault| fault.target == target).collect();
        Self { target, clock, faults }
    }

    #[must_use]
    pub const fn target(&self) -> Target {
        self.target
    }

    /// What is wrong at this moment, in the order in which it was asked for.
    #[must_use]
    pub fn active(&self) -> Vec<FaultKind> {
        let elapsed = self.clock.elapsed();
        self.faults.iter().filter(|fault| fault.covers(elapsed)).map(|fault| fault.kind).collect()
    }

    #[must_use]
    pub fn is_down(&self) -> bool {
        self.active().contains(&FaultKind::Down)
    }
}
