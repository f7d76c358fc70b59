//! Which version of a service was seen at which moment, in spans or in lines, and what changes follow from that. Where
//! series tell when a version began and ended, nothing has to be inferred: that is `rollout.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Change, Sighting};
use crate::domain::{Symbol, Timestamp};

/// Sightings that are kept of one service, and services; what is beyond is left out.
const MOST: usize = 4_096;
const MOST_SERVICES: usize = 1_024;

#[derive(Clone, Debug, Default)]
pub struct Versions {
    seen: BTreeMap<Symbol, BTreeSet<(Timestamp, Symbol)>>,
    /// When it was looked, whatever was seen then.
    looked: BTreeSet<Timestamp>,
}

impl Versions {
    /// That a service ran a version at a moment.
    pub fn see(&mut self, at: Timestamp, service: &Symbol, version: &Symbol) {
        let is_new = !self.seen.contains_key(service);
        if service.is_empty() || version.is_empty() || (is_new && self.seen.len() >= MOST_SERVICES) {
            return;
        }
        let seen = self.seen.entry(service.clone()).or_default();
        if seen.len() < MOST {
            seen.insert((at, version.clone()));
        }
    }

    /// Everything that one look at a moment showed; that nothing was seen is known then, too.
    pub fn look<'a>(&mut self, at: Timestamp, seen: impl IntoIterator<Item = &'a (Symbol, Symbol)>) {
        self.looked.insert(at);
        for (service, version) in seen {
            self.see(at, service, version);
        }
    }

    #[must_use]
    pub fn has_looked(&self, at: Timestamp) -> bool {
        self.looked.contains(&at)
    }

    /// A version that is seen for the first time, after others of its service were seen at `proof` moments without it. A
    /// fleet that always runs two versions shows both sooner; that a version comes back cannot be told from such a fleet.
    #[must_use]
    pub fn changes(&self, proof: usize, sighting: &Sighting) -> Vec<Change> {
        let mut changes = Vec::new();
        for (service, seen) in &self.seen {
            for First { at, version, before, moments } in firsts(seen) {
                if moments >= proof.max(1)
                    && let Some((after, previous)) = before
                {
                    let (service, version) = (service.clone(), version.clone());
                    let change = Change::of_version(at, service, version, Some(previous.clone()), sighting.clone());
                    changes.push(Change { after: Some(after), ..change });
                }
            }
        }
        changes.sort_by(|one, other| (one.at, &one.text).cmp(&(other.at, &other.text)));
        changes
    }

    /// Where to look next to learn more exactly when a version began: the middle of the widest time between a look
    /// without it and the first one with it; `None` when all are known to `finest`, or looked for in vain.
    #[must_use]
    pub fn next_look(&self, finest: Duration) -> Option<Timestamp> {
        let finest = i64::try_from(finest.as_nanos()).unwrap_or(i64::MAX);
        let mut widest: Option<(i64, Timestamp)> = None;
        for seen in self.seen.values() {
            for First { at, before, .. } in firsts(seen) {
                let Some((earlier, _)) = before else { continue };
                let gap = at.since(earlier);
                let middle = earlier.shifted(gap / 2);
                let near = middle.shifted(-finest / 2)..middle.shifted(finest / 2);
                let in_vain = self.looked.range(near).next().is_some();
                if gap > finest && !in_vain && widest.is_none_or(|(known, _)| gap > known) {
                    widest = Some((gap, middle));
                }
            }
        }
        widest.map(|(_, middle)| middle)
    }
}

/// A version where it is seen for the first time.
struct First<'a> {
    at: Timestamp,
    version: &'a Symbol,
    /// What was seen at the moment before; of several any.
    before: Option<(Timestamp, &'a Symbol)>,
    /// At how many moments something was seen before.
    moments: usize,
}

/// While a service is rolled out one moment shows the old version and the new one: the new one is first seen then.
fn firsts(seen: &BTreeSet<(Timestamp, Symbol)>) -> impl Iterator<Item = First<'_>> {
    let mut known: BTreeSet<&Symbol> = BTreeSet::new();
    let mut before: Option<(Timestamp, &Symbol)> = None;
    let mut here: Option<(Timestamp, &Symbol)> = None;
    let mut moments = 0_usize;
    seen.iter().filter_map(move |(at, version)| {
        if here.is_some_and(|(moment, _)| moment < *at) {
            before = here.take();
            moments += 1;
        }
        here = here.or(Some((*at, version)));
        known.insert(version).then_some(First { at: *at, version, before, moments })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Place;
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_seconds(1_773_423_000 + minute * 60)
    }

    fn spans() -> Sighting {
        Sighting { source: "tempo".into(), place: Place::Spans }
    }

    #[test]
    fn a_new_version_is_a_change_and_the_time_of_doubt_is_told() {
        let mut versions = Versions::default();
        for minute in -60..0 {
            let version = if minute < -20 { "2.13.4" } else { "2.14.0" };
            versions.see(at(minute), &"pricing".into(), &version.into());
            versions.see(at(minute), &"geo".into(), &"1".into());
        }
        let changes = versions.changes(8, &spans());
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert_eq!((changes[0].at, changes[0].after), (at(-20), Some(at(-21))));
        assert_eq!(changes[0].text, "pricing 2.13.4 → 2.14.0");
    }

    #[test]
    fn a_fleet_of_two_versions_changes_nothing() {
        let mut versions = Versions::default();
        for minute in -60..0 {
            let version = if minute % 3 == 0 { "a" } else { "b" };
            versions.see(at(minute), &"pricing".into(), &version.into());
        }
        assert_eq!(versions.changes(8, &spans()), []);
    }

    /// What a look at half a minute shows of services that each changed once: while it changes, both versions.
    fn shown(changed: &[i64], at: Timestamp) -> Vec<(Symbol, Symbol)> {
        let mut seen = Vec::new();
        for (number, since) in (0_u8..).zip(changed) {
            let since = Timestamp::from_seconds(*since);
            let name = Symbol::from(format!("s{number}"));
            if at.shifted(-30_000_000_000) < since {
                seen.push((name.clone(), "1".into()));
            }
            if since <= at {
                seen.push((name, "2".into()));
            }
        }
        seen
    }

    proptest! {
        #[test]
        fn looking_in_the_middle_finds_every_change_in_few_looks(changed in prop::collection::vec(1_i64..3_600, 0..4)) {
            let (mut versions, mut looks) = (Versions::default(), 2);
            for second in [0, 3_600] {
                let moment = Timestamp::from_seconds(second);
                versions.look(moment, &shown(&changed, moment));
            }
            while let Some(moment) = versions.next_look(Duration::from_secs(60)) {
                versions.look(moment, &shown(&changed, moment));
                looks += 1;
            }
            prop_assert!(looks <= 2 + 6 * changed.len(), "{looks} looks");
            let found = versions.changes(1, &spans());
            prop_assert_eq!(found.len(), changed.len());
            for change in found {
                let number: usize = change.service.as_ref().and_then(|name| name.strip_prefix('s')?.parse().ok()).unwrap_or(9);
                let truth = Timestamp::from_seconds(changed[number]);
                prop_assert!(change.after.is_some_and(|after| after < truth) && truth <= change.at, "{change:?}");
                prop_assert!(change.at.elapsed_since(truth) <= Duration::from_secs(60), "{change:?}");
            }
        }

        #[test]
        fn whatever_is_seen_a_look_is_never_repeated(seen in prop::collection::vec((0_i64..600, 0_u8..3, 0_u8..4), 0..60)) {
            let mut versions = Versions::default();
            for (second, service, version) in seen {
                let told = (format!("s{service}").into(), format!("v{version}").into());
                versions.look(Timestamp::from_seconds(second), [&told]);
            }
            let mut looks = BTreeSet::new();
            while let Some(moment) = versions.next_look(Duration::from_secs(20)) {
                prop_assert!(looks.insert(moment) && looks.len() < 200);
                versions.look(moment, []);
            }
        }
    }
}
