//! The promised share of good events. Kept in integers: `1 - 0.999` is not a thousandth in floats, and a rule that
//! fires strictly above a factor would fire, or not, by the rounding.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const WHOLE: u64 = 1_000_000_000;
/// Decimals of a percentage that a part per billion can hold.
const DECIMALS: usize = 7;

/// More than 0 % and less than 100 %, exact to a part per billion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Objective {
    good_ppb: u64,
}

/// Why a text is not an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveError {
    NotANumber,
    /// 0, 100 or beyond: no budget, or nothing promised.
    OutOfRange,
    TooPrecise,
}

impl fmt::Display for ObjectiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "expected a percentage such as 99.9",
            Self::OutOfRange => "expected more than 0 and less than 100 percent",
            Self::TooPrecise => "expected at most 7 decimals",
        })
    }
}

impl std::error::Error for ObjectiveError {}

impl Objective {
    /// The share of events that may be bad, in parts per billion: 1,000,000 for 99.9 %. Never 0.
    #[must_use]
    pub const fn budget_ppb(self) -> u64 {
        WHOLE - self.good_ppb
    }

    /// The same as a fraction, for display and for sums that nothing is decided by.
    #[must_use]
    pub fn budget(self) -> f64 {
        self.budget_ppb() as f64 / WHOLE as f64
    }

    /// The burn when every event is bad: 1000 for 99.9 %.
    #[must_use]
    pub fn worst_burn(self) -> f64 {
        1.0 / self.budget()
    }
}

impl FromStr for Objective {
    type Err = ObjectiveError;

    /// Decimal text of a percentage, with or without `%`: `99.9`, `99.95 %`.
    fn from_str(text: &str) -> Result<Self, ObjectiveError> {
        let text = text.trim();
        let text = text.strip_suffix('%').unwrap_or(text).trim_end();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(ObjectiveError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DECIMALS {
            return Err(ObjectiveError::TooPrecise);
        }
        let padded: u64 = format!("{fraction:0<DECIMALS$}").parse().map_err(|_| ObjectiveError::NotANumber)?;
        let whole: u64 = whole.parse().map_err(|_| ObjectiveError::OutOfRange)?;
        let good_ppb = whole.checked_mul(10_000_000).and_then(|ppb| ppb.checked_add(padded));
        match good_ppb {
            Some(good_ppb) if good_ppb > 0 && good_ppb < WHOLE => Ok(Self { good_ppb }),
            _ => Err(ObjectiveError::OutOfRange),
        }
    }
}

/// As people write it: `99.9`, `99`, `99.95`.
impl fmt::Display for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.good_ppb / 10_000_000, self.good_ppb % 10_000_000);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{fraction:07}").trim_end_matches('0'))
    }
}

impl Serialize for Objective {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Objective {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_exact() {
        for (text, ppb) in [("99.9", 1_000_000), ("99.5", 5_000_000), ("99.99 %", 100_000), ("99.9999999", 1)] {
            assert_eq!(text.parse::<Objective>().map(Objective::budget_ppb), Ok(ppb), "{text}");
        }
        assert_eq!("99.50".parse::<Objective>().map(|objective| objective.to_string()).as_deref(), Ok("99.5"));
        assert_eq!("90".parse::<Objective>().map(|objective| objective.to_string()).as_deref(), Ok("90"));
    }

    #[test]
    fn what_promises_nothing_is_refused() {
        for text in ["100", "0", "0.0", "101", "99999999999999999999"] {
            assert_eq!(text.parse::<Objective>(), Err(ObjectiveError::OutOfRange), "{text}");
        }
        for text in ["", "%", "-1", "99,9", "1e2", ".5", "NaN"] {
            assert_eq!(text.parse::<Objective>(), Err(ObjectiveError::NotANumber), "{text}");
        }
        assert_eq!("99.99999999".parse::<Objective>(), Err(ObjectiveError::TooPrecise));
    }
}
