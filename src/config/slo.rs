//! `[[slo]]`: a promise about a journey, as `domain::slo` knows it.

use std::time::Duration;

use super::problem::{Found, Problem};
use super::section::Section;
use super::{burn, method};
use crate::domain::Symbol;
use crate::domain::slo::{Objective, Policy, Sli, Slo, query};

pub(super) const TITLE: &str = "[[slo]]";

pub(super) const KEYS: &[&str] = &[
    "name",
    "journey",
    "objective",
    "window",
    "bad",
    "good",
    "total",
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
    let sli = read_sli(section);
    let runbook = symbol("runbook");
    let method = method::read(section);
    let policy = burn::read(section, window);
    let unit = symbol("unit");
    let unit_cost_micro = read_cost(section);
    let currency = read_currency(section);
    let source = section.line("source");
    let (name, objective, sli) = (name?, objective?, sli?);
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
    Some((slo, Marks { name: Found { value: (), span: name.span }, source }))
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

fn read_sli(section: &Section<'_>) -> Option<Sli> {
    let (bad, good, total) = (read_query(section, "bad"), read_query(section, "good"), read_query(section, "total"));
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
fn read_query(section: &Section<'_>, key: &str) -> Option<String> {
    let found = section.text(key)?;
    if query(&found.value, DEFAULT_WINDOW) == found.value {
        let message = format!("`{key}` does not say {{{{.window}}}}");
        let hint = "write it where the range stands: rate(http_requests_total[{{.window}}])";
        section.problem(Problem::at(found.span, message).hint(hint));
        return None;
    }
    Some(found.value)
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
