//! How an SLO is measured: two queries as they stand, or the metric itself, out of which `domain::slo` writes them.

use std::time::Duration;

use super::problem::{Found, Problem};
use super::section::Section;
use crate::domain::Symbol;
use crate::domain::slo::{Bound, Matcher, Selector, SelectorError, Shape, Sli, parse_matchers, query, says};

/// Any window: what a text says must change with it.
const SOME_WINDOW: Duration = Duration::from_secs(30 * 86_400);
/// Labels that one SLO may be split by.
const MOST_LABELS: usize = 4;

/// `None` when something that it cannot do without is missing or wrong; the problems say what.
pub(super) fn read(section: &Section<'_>) -> Option<(Sli, Vec<Symbol>)> {
    let by = read_labels(section);
    let shapes: Vec<&str> = ["counter", "histogram", "gauge"].into_iter().filter(|key| section.has(key)).collect();
    let [shape] = shapes.as_slice() else {
        if let [first, second, ..] = shapes.as_slice() {
            beside(section, first, second);
            return None;
        }
        let alone = ["bad_when", "good_when", "faster_than", "buckets_in", "native"];
        if let Some(stray) = alone.into_iter().find_map(|key| Some((key, section.value(key)?))) {
            let hint = "counter = 'http_requests_total{job=\"booking\"}', or histogram = '..'";
            let message = format!("`{}` without the metric that it is about", stray.0);
            section.problem(Problem::at(stray.1.span(), message).hint(hint));
            return None;
        }
        return texts(section, !by.is_empty()).map(|sli| (sli, by));
    };
    if let Some(other) = ["bad", "good", "total"].into_iter().find(|key| section.has(key)) {
        beside(section, shape, other);
        return None;
    }
    let shape = match *shape {
        "counter" => counter(section),
        "histogram" => histogram(section),
        _ => gauge(section),
    }?;
    Some((shape.sli(!by.is_empty()), by))
}

fn beside(section: &Section<'_>, first: &str, second: &str) {
    let Some(value) = section.value(second) else { return };
    let problem = Problem::at(value.span(), format!("`{second}` beside `{first}`"));
    section.problem(problem.hint("keep one of them: each measures the SLO alone"));
}

/// Keys that say nothing about this kind of metric.
fn without(section: &Section<'_>, shape: &str, keys: &[&str]) -> Option<()> {
    let stray = keys.iter().find_map(|key| Some((key, section.value(key)?)));
    let Some((key, value)) = stray else { return Some(()) };
    section.problem(Problem::at(value.span(), format!("`{key}` says nothing about a {shape}")).hint("leave it out"));
    None
}

fn counter(section: &Section<'_>) -> Option<Shape> {
    without(section, "counter", &["faster_than", "buckets_in", "native"])?;
    let total = selector(section, "counter")?;
    let Some((matchers, first_is_good)) = parted(section)? else {
        section.missing("bad_when", "which events are bad: bad_when = 'code=~\"5..\"', or good_when = '..'");
        return None;
    };
    Some(Shape::Counters { first: total.with(&matchers), first_is_good, total })
}

fn histogram(section: &Section<'_>) -> Option<Shape> {
    let histogram = selector(section, "histogram");
    let below = section.duration("faster_than", "1ms", "1d");
    if !section.has("faster_than") {
        section.missing("faster_than", "the slowest that is good: faster_than = \"800ms\"");
    }
    let unit = section.choice("buckets_in", &["seconds", "milliseconds"]);
    let native = section.flag("native").unwrap_or(false);
    let good = match parted(section)? {
        None => Vec::new(),
        Some((matchers, true)) => matchers,
        Some((_, false)) => {
            let span = section.value("bad_when").map_or(0..0, toml::Spanned::span);
            let hint = "say what is good beside being fast: good_when = 'code=~\"2..\"'";
            section.problem(Problem::at(span, "`bad_when` beside `histogram`").hint(hint));
            return None;
        }
    };
    let (histogram, below) = (histogram?, below?);
    let milliseconds = unit.map_or_else(|| in_milliseconds(&histogram.metric), |found| found.value == "milliseconds");
    let bound = Bound::of(below, milliseconds);
    if let Some(le) = histogram.matchers.iter().find(|matcher| matcher.label == "le") {
        let span = section.value("histogram").map_or(0..0, toml::Spanned::span);
        let message = format!("`histogram` already says {le}");
        section.problem(Problem::at(span, message).hint("name all its buckets; `faster_than` chooses one"));
        return None;
    }
    Some(if native {
        Shape::Native { good: histogram.with(&good), total: histogram, bound }
    } else {
        Shape::Buckets { good: histogram.series("_bucket").with(&good), total: histogram.series("_count"), bound }
    })
}

/// As the conventions of metrics' names have it: the unit ends the name.
fn in_milliseconds(metric: &str) -> bool {
    let base = ["_bucket", "_count", "_sum"].iter().find_map(|ending| metric.strip_suffix(ending)).unwrap_or(metric);
    ["_milliseconds", "_millis", "_ms"].iter().any(|unit| base.ends_with(unit))
}

fn gauge(section: &Section<'_>) -> Option<Shape> {
    without(section, "gauge", &["faster_than", "buckets_in", "native", "bad_when", "good_when"])?;
    Some(Shape::Flag { gauge: selector(section, "gauge")? })
}

fn selector(section: &Section<'_>, key: &str) -> Option<Selector> {
    let found = section.text(key)?;
    match Selector::parse(&found.value) {
        Ok(selector) => Some(selector),
        Err(error) => {
            wrong(section, key, &found, &error, "a metric and its labels, as in http_requests_total{job=\"booking\"}");
            None
        }
    }
}

fn wrong(section: &Section<'_>, key: &str, found: &Found<String>, error: &SelectorError, hint: &str) {
    section.problem(Problem::at(found.span.clone(), format!("`{key}`: {error}")).hint(hint));
}

/// The matchers of good or of bad events, and whether they are the good ones; `Some(None)` when neither is said.
#[expect(clippy::option_option, reason = "wrong and left out are two things")]
fn parted(section: &Section<'_>) -> Option<Option<(Vec<Matcher>, bool)>> {
    if section.has("good_when") && section.has("bad_when") {
        beside(section, "good_when", "bad_when");
        return None;
    }
    for (key, good) in [("good_when", true), ("bad_when", false)] {
        if !section.has(key) {
            continue;
        }
        let found = section.text(key)?;
        match parse_matchers(&found.value) {
            Ok(matchers) => return Some(Some((matchers, good))),
            Err(error) => {
                wrong(section, key, &found, &error, "what labels must be: 'code=~\"5..\"', without braces");
                return None;
            }
        }
    }
    Some(None)
}

fn read_labels(section: &Section<'_>) -> Vec<Symbol> {
    let found = section.texts("group_by", true).unwrap_or_default();
    let is_label = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
    };
    for label in found.iter().filter(|label| !is_label(&label.value)) {
        let problem = Problem::at(label.span.clone(), "`group_by` must hold names of labels");
        section.problem(problem.hint("group_by = [\"handler\"]"));
    }
    if let Some(label) = found.get(MOST_LABELS) {
        let problem = Problem::at(label.span.clone(), format!("`group_by` takes at most {MOST_LABELS} labels"));
        section.problem(problem.hint("every combination of values becomes a gauge"));
    }
    found.into_iter().map(|label| Symbol::from(label.value)).collect()
}

fn texts(section: &Section<'_>, in_group: bool) -> Option<Sli> {
    let read = |key| read_query(section, key, in_group);
    let (bad, good, total) = (read("bad"), read("good"), read("total"));
    if !section.has("total") {
        section.missing("total", "the query of all events: total = \"sum(rate(..[{{.window}}]))\"");
    }
    match (section.value("bad"), section.value("good")) {
        (None, None) => {
            section.missing("bad", "the query of the bad events, or `good` with that of the good ones");
            None
        }
        (Some(_), Some(second)) => {
            section.problem(Problem::at(second.span(), "`good` beside `bad`").hint("keep one of them"));
            None
        }
        _ => {
            let total = total?;
            bad.map(|bad| Sli::BadOverTotal { bad, total: total.clone() })
                .or_else(|| good.map(|good| Sli::GoodOverTotal { good, total }))
        }
    }
}

/// A query that asks for the same stretch of time whatever the window would make every burn rate the same.
fn read_query(section: &Section<'_>, key: &str, in_group: bool) -> Option<String> {
    let found = section.text(key)?;
    let whole = query(&found.value, SOME_WINDOW);
    let one = query(&found.value, SOME_WINDOW / 2);
    if whole == one {
        let message = format!("`{key}` does not say {{{{.window}}}}");
        let hint = "write it where the range stands: rate(http_requests_total[{{.window}}])";
        section.problem(Problem::at(found.span, message).hint(hint));
        return None;
    }
    let grouped = says(&found.value, "group");
    if grouped != in_group {
        let (message, hint) = if in_group {
            (format!("`{key}` does not say {{{{.group}}}}"), "write it among the labels: m{job=\"x\",{{.group}}}")
        } else {
            (format!("`{key}` says {{{{.group}}}} without `group_by`"), "name the labels: group_by = [\"handler\"]")
        };
        section.problem(Problem::at(found.span, message).hint(hint));
        return None;
    }
    Some(found.value)
}
