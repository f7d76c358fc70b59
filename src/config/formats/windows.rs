//! Sloth's `kind: AlertWindows`: the pairs of windows that a team uses instead of Sloth's own, for every SLO of a run.

use std::time::Duration;

use super::block::Block;
use super::fields::Fields;
use super::promise::{duration, unreachable};
use super::yaml::Node;
use crate::config::problem::{Problem, Sink};
use crate::domain::slo::{Objective, factor_of_spend, window_text};

#[derive(Debug)]
pub(super) struct Windows {
    pub(super) period: Duration,
    pairs: Vec<Pair>,
}

#[derive(Debug)]
struct Pair {
    page: bool,
    /// Percent of the budget, as it is written.
    spend: Objective,
    long: Duration,
    short: Duration,
}

pub(super) fn read(document: &Node, sink: &Sink) -> Option<Windows> {
    let top = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink)?;
    let Some(spec) = top.table("spec", &["sloPeriod", "page", "ticket"]) else {
        return if top.has("spec") {
            None
        } else {
            top.missing("spec", "spec: {sloPeriod: 30d, page: .., ticket: ..}")
        };
    };
    let period = duration(&spec, "sloPeriod")?;
    let mut pairs = Vec::new();
    for (severity, page) in [("page", true), ("ticket", false)] {
        let Some(both) = spec.table(severity, &["quick", "slow"]) else {
            return spec.missing(severity, "quick and slow, each with errorBudgetPercent, shortWindow, longWindow");
        };
        for speed in ["quick", "slow"] {
            let Some(pair) = both.table(speed, &["errorBudgetPercent", "shortWindow", "longWindow"]) else {
                return both.missing(speed, "errorBudgetPercent, shortWindow, longWindow");
            };
            let Some(percent) = pair.text("errorBudgetPercent") else {
                return pair.missing("errorBudgetPercent", "the share of the budget in percent: 2");
            };
            let Ok(spend) = percent.value.parse::<Objective>() else {
                pair.problem(Problem::at(percent.span, "expected more than 0 and less than 100 percent"));
                return None;
            };
            let (short, long) = (duration(&pair, "shortWindow")?, duration(&pair, "longWindow")?);
            pairs.push(Pair { page, spend, long, short });
        }
    }
    Some(Windows { period, pairs })
}

impl Windows {
    /// Writes the pairs into an SLO: those that page, those that make a ticket, or both. A pair that no outage could
    /// fire is left out and told.
    pub(super) fn apply(&self, block: &mut Block, objective: Objective, (page, ticket): (bool, bool)) {
        block.set("window", &window_text(self.period));
        for pair in self.pairs.iter().filter(|pair| if pair.page { page } else { ticket }) {
            let spent = 1_000_000_000 - pair.spend.budget_ppb();
            let factor = factor_of_spend(spent, pair.long, self.period);
            let (long, short) = (window_text(pair.long), window_text(pair.short));
            if let Some(note) = factor.and_then(|factor| unreachable(factor, pair.long, objective)) {
                block.note(note);
                continue;
            }
            let severity = if pair.page { "page" } else { "ticket" };
            let spend = pair.spend.to_string();
            block.add_burn(&[("long", &long), ("short", &short), ("spend", &spend), ("severity", severity)]);
        }
    }
}
