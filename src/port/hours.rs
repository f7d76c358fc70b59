//! Where the counts of past hours are kept between starts, so that a month is read once. Not what an hour is.

use futures_util::future::BoxFuture;

use super::JournalError;
use crate::domain::Timestamp;
use crate::domain::slo::Hour;

pub trait HourStore: Send + Sync {
    /// The hours kept under this key that begin at `from` or later, in any order.
    fn hours<'a>(&'a self, key: &'a str, from: Timestamp) -> BoxFuture<'a, Result<Vec<Hour>, JournalError>>;

    /// Keeps the hours that have whole numbers; the others are left out. An hour that is there already is replaced by
    /// the rule of `Hour::replaces`, whoever wrote it. What is older than any window is forgotten.
    fn keep_hours<'a>(&'a self, key: &'a str, hours: Vec<Hour>) -> BoxFuture<'a, Result<(), JournalError>>;
}
