//! `method`: what a budget counts. Events when nothing is said; slices of time with `slice`, and for slices that are good
//! or bad as a whole, `slice_target`.

use std::time::Duration;

use super::problem::Problem;
use super::section::Section;
use crate::domain::slo::{EmptySlice, Method, Objective, Policy, window_text};

const DEFAULT_SLICE: Duration = Duration::from_secs(300);
const WORDS: [&str; 3] = ["occurrences", "time-slices", "ratio-of-slices"];

/// `None` when nothing is said, or nothing that can be used; the problems say what.
pub(super) fn read(section: &Section<'_>) -> Option<Method> {
    let slice = section.duration("slice", "1m", "1h").unwrap_or(DEFAULT_SLICE);
    let target = read_target(section);
    let empty = match section.choice("empty_slice", &["good", "skip"]).map(|found| found.value) {
        Some("skip") => EmptySlice::Skip,
        _ => EmptySlice::Good,
    };
    let word = section.choice("method", &WORDS);
    if section.has("method") && word.is_none() {
        return None;
    }
    let (word, of) = match word.map(|found| found.value) {
        Some("time-slices") => (Method::TimeSlices { slice, target: target?, empty }, ALL.as_slice()),
        Some("ratio-of-slices") => (Method::RatioOfSlices { slice }, ["slice"].as_slice()),
        _ => (Method::Occurrences, [].as_slice()),
    };
    for key in ALL.iter().filter(|key| !of.contains(key)) {
        if let Some(value) = section.value(key) {
            let message = format!("`{key}` means nothing with method = \"{}\"", word.word());
            let hint = "method = \"time-slices\" counts slices of time that are good or bad";
            section.problem(Problem::at(value.span(), message).hint(hint));
        }
    }
    if let (false, Some(cost)) = (word.is_of_events(), section.value("unit_cost")) {
        let problem = Problem::at(cost.span(), "`unit_cost` is the price of an event, and this SLO counts slices");
        section.problem(problem.hint("leave it out; an SLO that counts events can carry the price"));
    }
    Some(word)
}

/// The keys of slices.
const ALL: [&str; 3] = ["slice", "slice_target", "empty_slice"];

fn read_target(section: &Section<'_>) -> Option<Objective> {
    let example = "percent of the events of a slice, in quotes: slice_target = \"95\"";
    let is_wanted = matches!(section.value("method").map(|value| value.get_ref().as_str()), Some(Some("time-slices")));
    if is_wanted && !section.has("slice_target") {
        section.missing("slice_target", example);
    }
    let found = section.text("slice_target")?;
    found
        .value
        .parse()
        .map_err(|error| section.problem(Problem::at(found.span, format!("`slice_target`: {error}")).hint(example)))
        .ok()
}

/// A window that holds no whole slice would say nothing.
pub(super) fn check(section: &Section<'_>, name: &str, method: &Method, policy: &Policy) {
    let Some(slice) = method.slice() else { return };
    let shortest = policy.rules().iter().map(|rule| rule.short).min();
    if let Some(shortest) = shortest.filter(|shortest| *shortest < slice) {
        let span = section.value("slice").map_or(section.span.clone(), |value| value.span());
        let (slice, shortest) = (window_text(slice), window_text(shortest));
        let message = format!("`{name}`: a window of {shortest} holds no slice of {slice}");
        section.problem(Problem::at(span, message).hint("take shorter slices, or longer windows in [[slo.burn]]"));
    }
}
