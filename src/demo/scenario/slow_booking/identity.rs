//! Which trace an id names: a booking whose trace was kept, one that failed, or a request beside them.

use super::super::ids::Ids;
use crate::domain::TraceId;

/// What one trace tells of. Numbers count from T0 and are negative before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// One of the bookings that the sampler kept.
    Booking(i64),
    /// A booking that failed; all of them are kept.
    Refused(i64),
    Journey(i64),
}

/// Makes ids, and reads them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity(Ids);

impl Identity {
    pub(super) fn new(seed: u64) -> Self {
        Self(Ids::new(seed))
    }

    pub(super) fn id(&self, subject: Subject) -> Option<TraceId> {
        match subject {
            Subject::Booking(number) => self.0.id(4, number),
            Subject::Refused(number) => self.0.id(5, number),
            Subject::Journey(number) => self.0.id(6, number),
        }
    }

    /// `None` for an id that this company never gave, or that is years away from the story.
    pub(super) fn subject(&self, id: TraceId) -> Option<Subject> {
        const YEARS: i64 = 30 * 60 * 24 * 366 * 3;
        match self.0.read(id)? {
            (_, number) if number.abs() > YEARS => None,
            (4, number) => Some(Subject::Booking(number)),
            (5, number) => Some(Subject::Refused(number)),
            (6, number) => Some(Subject::Journey(number)),
            _ => None,
        }
    }
}
