//! What the failing traces that were read say together: who is responsible, how sure that is and why, what speaks against
//! it, and in what they differ from healthy ones. One value, made off the thread that draws.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::attribution::{Attribution, Confidence, Responsible, attribute};
use super::excess::{Excess, excess};
use super::fragments::{Verdict, verdicts};
use super::outliers::{Outlier, outliers};
use super::profile::{Operation, Profile};
use super::spread::{Spread, spread};
use crate::domain::{Symbol, Window};

/// Services for which a ranking of their own is kept.
const MOST_SERVICES: usize = 64;
/// Fewer healthy traces are no measure of what is usual.
const FEW_HEALTHY: usize = 20;

/// Traces that could not be read, by the words of why.
pub type Unread = BTreeMap<String, u32>;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The most often blamed first.
    pub ranking: Vec<Attribution>,
    /// The same over the failing traces that pass through a service: what an alert of that service asks.
    pub through: BTreeMap<Symbol, Vec<Attribution>>,
    /// Failing traces that were read, and that were found.
    pub read: u32,
    pub found: u32,
    /// A search for them stopped at its limit or did not look at everything: at least so many failed as were found.
    pub more: bool,
    /// What of the search for them was done, in words, where that was not all of it.
    pub partial: Option<String>,
    /// Of those that were read: failures that go on in another one of them, where the context was lost; counted there.
    pub joined: u32,
    pub unread: Unread,
    /// Why the first of the ranking is believed, and what speaks against it; in words.
    pub reasons: Vec<String>,
    pub against: Vec<String>,
    /// In what the failing traces differ from the healthy ones.
    pub outliers: Vec<Outlier>,
    /// How each operation went in the failing ones: whether one span is like the others of its name.
    pub spread: Vec<(Operation, Spread)>,
    /// How many failing and healthy traces were compared.
    pub compared: (u32, u32),
    /// When the healthy ones ran.
    pub baseline: Option<Window>,
    /// Where slow traces spend more time.
    pub excess: Vec<Excess>,
    pub slow: u32,
    /// The set is of slow traces, since errors are too few to be what burns: blamed is who holds the most of their time.
    pub by_slowness: bool,
    /// Questions that all this has cost so far.
    pub requests: u32,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Evidence<'a> {
    /// Or slow ones, see [`Evidence::by_slowness`].
    pub failing: Vec<&'a Profile>,
    /// Slowness burns, and `failing` holds the slow ones.
    pub by_slowness: bool,
    /// Slow ones without an error.
    pub slow: Vec<&'a Profile>,
    pub healthy: Vec<&'a Profile>,
    pub baseline: Option<Window>,
    pub found: u32,
    /// A search stopped at its limit.
    pub more: bool,
    /// The server did not look at everything, in words.
    pub partial: Option<String>,
    pub unread: Unread,
    pub requests: u32,
}

impl Findings {
    #[must_use]
    pub fn of(evidence: Evidence<'_>, business: &[Symbol]) -> Self {
        let Evidence { failing, by_slowness, slow, healthy, baseline, found, more, partial, unread, requests } =
            evidence;
        let verdicts = verdicts(&failing, business, |profile| blamed(profile, by_slowness).cloned());
        let own = verdicts.iter().filter(|verdict| !verdict.joined);
        let ranking = attribute(&own.map(|verdict| verdict.responsible.clone()).collect::<Vec<_>>());
        // Only traces of one kind can be compared.
        let kind = healthy.first().and_then(|profile| profile.root.clone());
        let alike: Vec<&Profile> =
            failing.iter().copied().filter(|profile| kind.is_none() || profile.root == kind).collect();
        let mut findings = Self {
            through: through(&verdicts),
            joined: count(verdicts.iter().filter(|verdict| verdict.joined).count()),
            read: count(failing.len()),
            found,
            more: more || partial.is_some(),
            partial,
            outliers: outliers(&alike, &healthy, business),
            spread: spread(&failing),
            compared: (count(alike.len()), count(healthy.len())),
            baseline,
            excess: excess(&slow, &healthy),
            slow: count(slow.len()),
            by_slowness,
            reasons: Vec::new(),
            against: Vec::new(),
            ranking,
            unread,
            requests,
        };
        findings.reasons = findings.for_it(&failing);
        findings.against = findings.against_it(&failing, &healthy);
        findings
    }

    /// How `name` of `service` went in the failing traces; `None` where none of them has it.
    #[must_use]
    pub fn spread_of(&self, service: &str, name: &str) -> Option<&Spread> {
        let is_it = |operation: &Operation| operation.service.as_str() == service && operation.name.as_str() == name;
        self.spread.iter().find(|(operation, _)| is_it(operation)).map(|(_, spread)| spread)
    }

    /// The ranking that an alert asks for: over the traces through its service where any is, else over all.
    #[must_use]
    pub fn for_service(&self, service: Option<&str>) -> &[Attribution] {
        service.and_then(|service| self.through.get(service)).unwrap_or(&self.ranking)
    }

    /// `122`, and `122+` where there may be more than those that were found: a count of them is none of all that failed.
    #[must_use]
    pub fn of_all(&self, traces: u32) -> String {
        format!("{traces}{}", if self.more { "+" } else { "" })
    }

    /// `120 of 122+ failing traces read`.
    #[must_use]
    pub fn read_words(&self) -> String {
        let kind = if self.by_slowness { "slow" } else { "failing" };
        format!("{} of {} {kind} traces read", self.read, self.of_all(self.found))
    }

    fn for_it(&self, failing: &[&Profile]) -> Vec<String> {
        let Some(first) = self.ranking.first() else { return Vec::new() };
        let mut reasons = Vec::new();
        let percent = first.share() * 100.0;
        let rule = match first.confidence {
            Confidence::High => "high: 60 % of 20 or more",
            Confidence::Medium => "medium: 40 %, or 5 traces",
            Confidence::Low => "low: under 40 %, under 5",
        };
        let what = if self.by_slowness { "holds the longest part in" } else { "the gravest error is there in" };
        reasons.push(format!("{what} {percent:.1} %; {rule}"));
        if self.joined > 0 {
            reasons.push(format!(
                "{} of {} are the caller's half of another, its context lost",
                self.joined,
                failing.len()
            ));
        }
        let held = failing.iter().filter(|profile| holds_most(profile, &first.service)).count();
        if held > 0 {
            reasons.push(format!("it holds most of the critical path in {held} of {}", failing.len()));
        }
        if let Some(best) = self.outliers.first().filter(|outlier| outlier.score() > 0.0) {
            reasons.push(format!("{} = {} goes with the failure", best.key_text(), best.value));
        }
        reasons
    }

    fn against_it(&self, failing: &[&Profile], healthy: &[&Profile]) -> Vec<String> {
        let part = self.partial.iter().map(|part| format!("failing traces were searched for in part, partial: {part}"));
        let unread = self.unread.iter().map(|(why, traces)| match self.found {
            0 => why.clone(),
            found => format!("{traces} of {} could not be read: {why}", self.of_all(found)),
        });
        let unread = part.chain(unread);
        let Some(first) = self.ranking.first() else { return unread.collect() };
        let mut against = Vec::new();
        for other in self.ranking.iter().skip(1).take(2) {
            let to = other.dependency.as_ref().map_or_else(String::new, |name| format!(" → {name}"));
            against.push(format!("{} of {} start in {}{to}", other.traces, other.of, other.service));
        }
        if first.uncertain > 0 {
            against.push(format!(
                "in {} of {} the callee has no span: no answer, or lost context",
                first.uncertain, first.traces
            ));
        }
        let undecided = failing.iter().filter(|profile| blamed(profile, self.by_slowness).is_none()).count();
        if undecided > 0 {
            let what =
                if self.by_slowness { "nobody holds a quarter of the path" } else { "no error reaches the root" };
            against.push(format!("in {undecided} of {} {what}", failing.len()));
        }
        let elsewhere = failing.iter().filter(|profile| blamed(profile, self.by_slowness).is_some()).count();
        let held = failing.iter().filter(|profile| holds_most(profile, &first.service)).count();
        if elsewhere > 0 && held * 2 < failing.len() {
            against.push(format!("another service holds most of the critical path in {}", failing.len() - held));
        }
        let handled = healthy.iter().filter(|profile| profile.handled > 0).count();
        if handled > 0 {
            against.push(format!("{handled} of {} healthy traces have errors too, dealt with", healthy.len()));
        }
        against.extend(unread);
        if healthy.is_empty() {
            against.push("no healthy trace was read: nothing to compare with".to_owned());
        } else if healthy.len() < FEW_HEALTHY {
            against.push(format!("only {} healthy traces to compare with", healthy.len()));
        }
        against
    }
}

const fn blamed(profile: &Profile, by_slowness: bool) -> Option<&Responsible> {
    if by_slowness { profile.held_up.as_ref() } else { profile.responsible.as_ref() }
}

fn through(found: &[Verdict<'_>]) -> BTreeMap<Symbol, Vec<Attribution>> {
    let mut verdicts: BTreeMap<Symbol, Vec<Responsible>> = BTreeMap::new();
    for Verdict { profile, responsible, .. } in found {
        let mut last: Option<&Symbol> = None;
        // Operations stand by service, so that each service comes once in a row.
        for service in profile.operations.keys().map(|operation| &operation.service) {
            if last == Some(service) || (verdicts.len() >= MOST_SERVICES && !verdicts.contains_key(service)) {
                continue;
            }
            verdicts.entry(service.clone()).or_default().push(responsible.clone());
            last = Some(service);
        }
    }
    verdicts.into_iter().map(|(service, verdicts)| (service, attribute(&verdicts))).collect()
}

/// More than a half of the critical path.
fn holds_most(profile: &Profile, service: &Symbol) -> bool {
    let own: i64 = profile
        .operations
        .iter()
        .filter(|(operation, _)| operation.service == *service)
        .fold(0, |sum, (_, runs)| sum.saturating_add(runs.critical_nanos));
    own > profile.duration_nanos / 2
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
