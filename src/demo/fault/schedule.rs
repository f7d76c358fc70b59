//! Which faults of one server hold now. Not what they do.

use std::time::Duration;

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

    /// How long, in real time, until what is wrong may change; `None` when it stays as it is.
    #[must_use]
    pub fn changes_in(&self) -> Option<Duration> {
        let elapsed = self.clock.elapsed();
        let bounds = self.faults.iter().flat_map(|fault| [Some(fault.from), fault.until]).flatten();
        let next = bounds.filter(|bound| *bound > elapsed).min()?;
        self.clock.real(next.saturating_sub(elapsed))
    }
}
