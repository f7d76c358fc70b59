//! What failing traces have in common that healthy ones have not: every attribute's share in one set against its share in
//! the other, ranked by the least difference that the counts prove. Not which traces are in the sets.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::newcombe::{Difference, Share, weighted};
use super::profile::{Key, Operation, Profile};
use crate::domain::Symbol;
use crate::domain::signal::Value;

/// A key with more values than this share of the traces names each of them: an id.
const ID_SHARE: f64 = 0.8;
/// Fewer than so many failing traces with a value prove nothing.
const FEWEST: usize = 2;
/// Distinct values of one key that are counted; a key with more is left out.
const MOST_VALUES: usize = 2_000;
/// Numbers with more values than this are put into ranges.
const MOST_NUMBERS: usize = 12;
/// Rows that are given back.
const MOST_ROWS: usize = 40;
/// A lesser score is no difference worth a row, and so many rows are kept of what does not differ.
const LEAST: f64 = 0.005;
const SAME_ROWS: usize = 2;
/// What stands for a key that a trace could have had and has not.
pub const ABSENT: &str = "(absent)";

/// One value of one key, over-represented or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlier {
    pub key: Key,
    /// As text; a range of numbers as `10 to 20`; [`ABSENT`].
    pub value: String,
    pub selected: u32,
    pub of_selected: u32,
    pub baseline: u32,
    pub of_baseline: u32,
    /// Weighted shares, 0 to 1.
    pub selected_share: f64,
    pub baseline_share: f64,
    pub difference: Difference,
    /// Values of other keys that are in exactly the same traces, `key = value`.
    pub also: Vec<String>,
}

impl Outlier {
    /// 0 to 1, the least difference proved.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.difference.score()
    }

    /// How many times as often; `None` when the baseline has none of it.
    #[must_use]
    pub fn lift(&self) -> Option<f64> {
        (self.baseline_share > 0.0).then(|| self.selected_share / self.baseline_share)
    }

    /// `pricing service.version`, `cache.hit`.
    #[must_use]
    pub fn key_text(&self) -> String {
        match &self.key.service {
            Some(service) => format!("{service} {}", self.key.name),
            None => self.key.name.to_string(),
        }
    }
}

/// Which traces of both sets have a value, a bit a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Members {
    selected: BTreeSet<u32>,
    baseline: BTreeSet<u32>,
}

/// Best first: by score, then by lift, then by key, and what is missing behind its equals. Values that differ by nothing are last, `business` keys of them first.
/// Keys that name single traces, constants, and values of less than two selected traces are left out.
#[must_use]
pub fn outliers(selected: &[&Profile], baseline: &[&Profile], business: &[Symbol]) -> Vec<Outlier> {
    if selected.is_empty() || baseline.is_empty() {
        return Vec::new();
    }
    let mut keys: BTreeMap<&Key, BTreeSet<&Operation>> = BTreeMap::new();
    for (key, carried) in selected.iter().chain(baseline).flat_map(|profile| &profile.attributes) {
        keys.entry(key).or_default().extend(&carried.by);
    }
    let mut rows: Vec<(Outlier, Members)> = Vec::new();
    for (key, carriers) in keys {
        let Some(values) = members(key, &carriers, selected, baseline) else { continue };
        for (value, members) in values {
            if members.selected.len() >= FEWEST {
                rows.push((row(key, value, &members, selected, baseline), members));
            }
        }
    }
    let is_business = |outlier: &Outlier| business.contains(&outlier.key.name);
    rows.sort_by(|(a, _), (b, _)| {
        let lift = |outlier: &Outlier| outlier.lift().unwrap_or(f64::INFINITY);
        (b.score().total_cmp(&a.score()))
            .then_with(|| is_business(b).cmp(&is_business(a)))
            .then_with(|| lift(b).total_cmp(&lift(a)))
            .then_with(|| a.key.cmp(&b.key))
            .then_with(|| a.value.cmp(&b.value))
    });
    let mut kept = together(rows, business);
    yield_to_what_is_there(&mut kept);
    // Of what does not differ two rows are proof enough that it was looked at.
    let telling = kept.iter().take_while(|outlier| outlier.score() >= LEAST).count();
    kept.truncate((telling + SAME_ROWS).min(MOST_ROWS));
    kept
}

/// What is missing is more often what a failure left undone than its cause: it stands behind every value that the counts
/// do not tell from it, one whose interval reaches up to its score.
fn yield_to_what_is_there(rows: &mut [Outlier]) {
    for last in (0..rows.len()).rev() {
        for at in last..rows.len() {
            let [Some(missing), Some(next)] = [at, at + 1].map(|at| rows.get(at)) else { break };
            let is_equal = next.value != ABSENT && next.score() > 0.0 && next.difference.upper >= missing.score();
            if missing.value != ABSENT || !is_equal {
                break;
            }
            rows.swap(at, at + 1);
        }
    }
}

/// The traces of every value; `None` for a key that says nothing: ids and constants.
fn members(
    key: &Key,
    carriers: &BTreeSet<&Operation>,
    selected: &[&Profile],
    baseline: &[&Profile],
) -> Option<BTreeMap<String, Members>> {
    let mut distinct: BTreeSet<String> = BTreeSet::new();
    for profile in selected {
        distinct.extend(profile.attributes.get(key).into_iter().flat_map(|carried| &carried.values).map(text));
    }
    let in_selection = selected.iter().filter(|profile| profile.attributes.contains_key(key)).count();
    if distinct.len() > MOST_VALUES || (in_selection > 1 && distinct.len() as f64 > ID_SHARE * in_selection as f64) {
        return None;
    }
    let ranges = Ranges::of(key, selected, baseline);
    let mut found: BTreeMap<String, Members> = BTreeMap::new();
    let mut add = |profile: &Profile, at: usize, of: fn(&mut Members) -> &mut BTreeSet<u32>| {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        match profile.attributes.get(key) {
            Some(carried) => {
                for value in &carried.values {
                    let name = ranges.as_ref().and_then(|ranges| ranges.name(value)).unwrap_or_else(|| text(value));
                    of(found.entry(name).or_default()).insert(at);
                }
            }
            // A trace that never came to the operation cannot lack what the operation says, nor can one of which not all
            // was read.
            None if profile.left_out == 0 && carriers.iter().any(|operation| has_read(profile, operation)) => {
                of(found.entry(ABSENT.to_owned()).or_default()).insert(at);
            }
            None => {}
        }
    };
    for (at, profile) in selected.iter().enumerate() {
        add(profile, at, |members| &mut members.selected);
    }
    for (at, profile) in baseline.iter().enumerate() {
        add(profile, at, |members| &mut members.baseline);
    }
    (found.len() > 1).then_some(found)
}

fn has_read(profile: &Profile, operation: &Operation) -> bool {
    profile.operations.get(operation).is_some_and(|runs| runs.is_read)
}

fn text(value: &Value) -> String {
    value.to_string()
}

fn row(key: &Key, value: String, members: &Members, selected: &[&Profile], baseline: &[&Profile]) -> Outlier {
    let share = |profiles: &[&Profile], hits: &BTreeSet<u32>| -> Share {
        weighted((0_u32..).zip(profiles).map(|(at, profile)| (hits.contains(&at), profile.weight)))
    };
    let (ours, theirs) = (share(selected, &members.selected), share(baseline, &members.baseline));
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Outlier {
        key: key.clone(),
        value,
        selected: count(members.selected.len()),
        of_selected: count(selected.len()),
        baseline: count(members.baseline.len()),
        of_baseline: count(baseline.len()),
        selected_share: ours.value(),
        baseline_share: theirs.value(),
        difference: Difference::of(ours, theirs),
        also: Vec::new(),
    }
}

/// Values that are in exactly the same traces tell one thing: the one that a responder knows best tells it.
fn together(rows: Vec<(Outlier, Members)>, business: &[Symbol]) -> Vec<Outlier> {
    let mut kept: Vec<Outlier> = Vec::new();
    let mut places: BTreeMap<Members, usize> = BTreeMap::new();
    for (outlier, members) in rows {
        let Some(first) = places.get(&members).and_then(|at| kept.get_mut(*at)) else {
            places.insert(members, kept.len());
            kept.push(outlier);
            continue;
        };
        if telling(&outlier.key, business) < telling(&first.key, business) {
            let also = std::mem::take(&mut first.also);
            let old = std::mem::replace(first, outlier);
            first.also = also;
            first.also.push(format!("{} = {}", old.key_text(), old.value));
        } else {
            first.also.push(format!("{} = {}", outlier.key_text(), outlier.value));
        }
    }
    kept
}

fn telling(key: &Key, business: &[Symbol]) -> u8 {
    match key.name.as_str() {
        "service.version" => 0,
        name if business.iter().any(|known| known.as_str() == name) => 1,
        _ if key.service.is_none() => 2,
        _ => 3,
    }
}

/// Numbers in tenths of the baseline: a duration or a size has as many values as traces.
struct Ranges {
    borders: Vec<f64>,
}

impl Ranges {
    fn of(key: &Key, selected: &[&Profile], baseline: &[&Profile]) -> Option<Self> {
        let numbers = |profiles: &[&Profile]| -> Vec<f64> {
            let values = profiles.iter().filter_map(|profile| profile.attributes.get(key));
            values.flat_map(|carried| &carried.values).filter_map(number).filter(|number| number.is_finite()).collect()
        };
        let mut base = numbers(baseline);
        base.sort_by(f64::total_cmp);
        let mut all = [base.clone(), numbers(selected)].concat();
        all.sort_by(f64::total_cmp);
        all.dedup();
        if all.len() <= MOST_NUMBERS || base.is_empty() {
            return None;
        }
        let mut borders: Vec<f64> = (1..10).filter_map(|tenth| base.get(base.len() * tenth / 10).copied()).collect();
        borders.dedup();
        Some(Self { borders })
    }

    fn name(&self, value: &Value) -> Option<String> {
        let number = number(value)?;
        let at = self.borders.partition_point(|border| *border <= number);
        let below = at.checked_sub(1).and_then(|at| self.borders.get(at));
        Some(match (below, self.borders.get(at)) {
            (None, Some(to)) => format!("below {to}"),
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("{from} and more"),
            (None, None) => number.to_string(),
        })
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Bool(_) | Value::Text(_) => None,
    }
}
