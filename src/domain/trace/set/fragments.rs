//! Failures that were received in two parts, since a context was lost between two services: who called is not to blame for
//! what goes on in a trace of its own, and the two are one failure. The traces themselves are left as they are.

use std::collections::BTreeSet;

use super::super::attribution::Responsible;
use super::profile::{Key, Profile};
use crate::domain::Symbol;
use crate::domain::signal::Value;

/// By how much the clocks of two hosts may differ. Nanoseconds.
const SLACK_NANOS: i64 = 50_000_000;

/// What one failed trace of a set says.
pub(super) struct Verdict<'a> {
    pub profile: &'a Profile,
    pub responsible: Responsible,
    /// Its failure goes on in another trace of the set: the verdict is that one's, and the failure is counted there.
    pub joined: bool,
}

/// Services that are known to send spans: those of which any trace of the set has one.
#[must_use]
pub fn traced<'a>(profiles: impl IntoIterator<Item = &'a Profile>) -> BTreeSet<&'a Symbol> {
    profiles.into_iter().flat_map(|profile| profile.operations.keys().map(|operation| &operation.service)).collect()
}

/// A verdict that ends at a service which sends spans elsewhere is not certain: the context may have been lost there.
#[must_use]
pub fn is_certain(verdict: &Responsible, traced: &BTreeSet<&Symbol>) -> bool {
    verdict.certain && verdict.dependency.as_ref().is_none_or(|called| !traced.contains(called))
}

/// `of` gives the verdict of one trace. A trace goes on in another one when that begins in the service that was called,
/// within the time of this one and of the same business, and no other does so too.
pub(super) fn verdicts<'a>(
    failing: &[&'a Profile],
    business: &[Symbol],
    of: impl Fn(&Profile) -> Option<Responsible>,
) -> Vec<Verdict<'a>> {
    let traced = traced(failing.iter().copied());
    let mut found = Vec::new();
    for profile in failing.iter().copied() {
        let Some(mut responsible) = of(profile) else { continue };
        responsible.certain = is_certain(&responsible, &traced);
        let rest = if responsible.certain { None } else { goes_on(profile, &responsible, failing, business) };
        let rest = rest.and_then(&of).map(|rest| Responsible { certain: is_certain(&rest, &traced), ..rest });
        let joined = rest.is_some();
        found.push(Verdict { profile, responsible: rest.unwrap_or(responsible), joined });
    }
    found
}

fn goes_on<'a>(
    profile: &Profile,
    verdict: &Responsible,
    failing: &[&'a Profile],
    business: &[Symbol],
) -> Option<&'a Profile> {
    let called = verdict.dependency.as_ref()?;
    let (from, to) = (profile.start.shifted(-SLACK_NANOS), end(profile).saturating_add(SLACK_NANOS));
    let mut others = failing.iter().copied().filter(|other| {
        other.trace != profile.trace
            && other.failed
            && other.root.as_ref().is_some_and(|root| root.service == *called)
            && other.start >= from
            && end(other) <= to
            && of_one_business(profile, other, business)
    });
    let first = others.next()?;
    others.next().is_none().then_some(first)
}

fn end(profile: &Profile) -> i64 {
    profile.start.shifted(profile.duration_nanos).nanos()
}

fn of_one_business(one: &Profile, other: &Profile, business: &[Symbol]) -> bool {
    let values = |profile: &Profile, name: &Symbol| -> Vec<Value> {
        let key = Key { service: None, name: name.clone() };
        profile.attributes.get(&key).map(|carried| carried.values.clone()).unwrap_or_default()
    };
    let mut shared = false;
    for name in business {
        let (ours, theirs) = (values(one, name), values(other, name));
        if ours.is_empty() || theirs.is_empty() {
            continue;
        }
        if !ours.iter().any(|value| theirs.contains(value)) {
            return false;
        }
        shared = true;
    }
    shared
}
