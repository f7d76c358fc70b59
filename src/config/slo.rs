//! `[[slo]]`: a promise about a journey, as `domain::slo` knows it.

use std::time::Duration;

use super::problem::{Found, Problem};
use super::section::Section;
use super::{burn, method, sli};
use crate::domain::Symbol;
use crate::domain::slo::{Objective, Policy, Slo};

pub(super) const TITLE: &str = "[[slo]]";

pub(super) const KEYS: &[&str] = &[
    "files",
    "name",
    "journey",
    "objective",
    "window",
    "bad",
    "good",
    "total",
    "counter",
    "histogram",
    "gauge",
    "bad_when",
    "good_when",
    "faster_than",
    "buckets_in",
    "native",
    "group_by",
    "runbook",
    "policy",
    "burn",
    "method",
    "slice",
    "slice_target",
    "empty_slice",
    "unit",
    "unit_cost",
    "currency",
    "source",
];

const DEFAULT_WINDOW: Duration = Duration::from_secs(30 * 86_400);

/// What a later check of the whole file wants to point at.
pub(super) struct Marks {
    pub(super) name: Found<()>,
    pub(super) source: Option<Found<String>>,
    /// Labels, each combination of whose values is an SLO of its own.
    pub(super) by: Vec<Symbol>,
}

/// `None` when something that it cannot do without is missing or wrong; the problems say what.
pub(super) fn read(section: &Section<'_>) -> Option<(Slo, Marks)> {
    let name = section.line("name");
    if !section.has("name") {
        section.missing("name", "for example name = \"order-routing\"");
    }
    let symbol = |key: &str| section.line(key).map(|found| Symbol::from(found.value));
    let journey = symbol("journey");
    let objective = read_objective(section);
    let window = section.duration("window", "1h", "90d").unwrap_or(DEFAULT_WINDOW);
    let sli = sli::read(section);
    let runbook = symbol("runbook");
    let method = method::read(section);
    let policy = burn::read(section, window);
    let unit = symbol("unit");
    let unit_cost_micro = read_cost(section);
    let currency = read_currency(section);
    let source = section.line("source");
    let (name, objective, (sli, by)) = (name?, objective?, sli?);
    let policy = policy.unwrap_or(Policy::Seed);
    let method = method.unwrap_or_default();
    burn::check(section, &name.value, &policy, objective, window);
    method::check(section, &name.value, &method, &policy);
    let slo = Slo {
        journey: journey.unwrap_or_else(|| Symbol::from(name.value.as_str())),
        name: Symbol::from(name.value),
        objective,
        window,
        sli,
        runbook,
        policy,
        method,
        unit: unit.unwrap_or_else(|| Symbol::from("requests")),
        unit_cost_micro,
        currency: currency.unwrap_or_else(|| Symbol::from("EUR")),
        source: source.as_ref().map(|found| Symbol::from(found.value.as_str())),
    };
    Some((slo, Marks { name: Found { value: (), span: name.span }, source, by }))
}

fn read_objective(section: &Section<'_>) -> Option<Objective> {
    if !section.has("objective") {
        section.missing("objective", "a percentage in quotes: objective = \"99.9\"");
    }
    let found = section.text("objective")?;
    match found.value.parse() {
        Ok(objective) => Some(objective),
        Err(error) => {
            let hint = "a percentage in quotes: objective = \"99.9\"";
            section.problem(Problem::at(found.span, format!("`objective`: {error}")).hint(hint));
            None
        }
    }
}

/// Decimal text to millionths, exactly.
fn read_cost(section: &Section<'_>) -> Option<u64> {
    let found = section.text("unit_cost")?;
    let (whole, fraction) = found.value.split_once('.').unwrap_or((found.value.as_str(), ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let micro = (digits(whole) && digits(fraction) && !whole.is_empty() && fraction.len() <= 6)
        .then(|| format!("{whole}{fraction:0<6}"))
        .and_then(|digits| digits.parse().ok());
    if micro.is_none() {
        let message = "`unit_cost` must be an amount with at most 6 decimals";
        section.problem(Problem::at(found.span, message).hint("in quotes: unit_cost = \"78.26\""));
    }
    micro
}

fn read_currency(section: &Section<'_>) -> Option<Symbol> {
    let found = section.text("currency")?;
    if found.value.len() == 3 && found.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(Symbol::from(found.value));
    }
    let hint = "three capitals, as ISO 4217 has them: currency = \"EUR\"";
    section.problem(Problem::at(found.span, "`currency` is not a currency").hint(hint));
    None
}
