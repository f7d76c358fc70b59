//! What is exported, whatever the format.

use crate::domain::Symbol;
use crate::domain::slo::Slo;

/// An SLO, and the labels each combination of whose values is one.
pub type Exported<'a> = (&'a Slo, &'a [Symbol]);
