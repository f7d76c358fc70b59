//! The incidents of a record in a line each: when, how bad, what it cost. Not their course: that is `course.rs`.

use super::{Incident, Kind, Severity, Timeline};
use crate::domain::spending::Price;
use crate::domain::{Symbol, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    pub name: Option<Symbol>,
    /// The highest that it reached.
    pub severity: Option<Severity>,
    pub start: Timestamp,
    /// `None` while it goes on.
    pub resolved: Option<Timestamp>,
    /// As it was frozen at the end; empty when it was not.
    pub prices: Vec<Price>,
}

/// Oldest first.
#[must_use]
pub fn stories(timeline: &Timeline) -> Vec<Story> {
    let told = |incident: Incident| {
        let start = incident.zero()?;
        let until = incident.resolved;
        let prices = timeline.effective().rev().find_map(|entry| match &entry.kind {
            Kind::Priced { prices } if entry.happened >= start && until.is_some_and(|end| entry.happened <= end) => {
                Some(prices.clone())
            }
            _ => None,
        });
        Some(Story {
            name: incident.name,
            severity: incident.severity_of_record,
            start,
            resolved: until,
            prices: prices.unwrap_or_default(),
        })
    };
    Incident::all(timeline).into_iter().filter_map(told).collect()
}
