//! When an SLO calls somebody: `policy = ".."` names a preset, `[[slo.burn]]` lists pairs of windows of the team's own.

use std::time::Duration;

use super::problem::Problem;
use super::section::Section;
use crate::domain::slo::{BurnRule, Objective, Policy, RuleSeverity, factor_of_spend, window_text};

const TITLE: &str = "[[slo.burn]]";
const KEYS: &[&str] = &["long", "short", "factor", "spend", "severity", "hold"];
/// A pair's short window is a twelfth of the long one, when it is not told.
const TWELFTH: u32 = 12;
/// More pairs than anybody can reason about.
const MOST: usize = 8;

/// `None` when nothing is said, or nothing that can be used; the problems say what.
pub(super) fn read(section: &Section<'_>, window: Duration) -> Option<Policy> {
    if !section.has("burn") {
        return preset(section, window);
    }
    if let Some(policy) = section.value("policy") {
        let problem = Problem::at(policy.span(), format!("`policy` beside {TITLE}"));
        section.problem(problem.hint("keep one of them: a preset, or pairs of your own"));
    }
    let tables = section.tables("burn", TITLE, KEYS);
    if tables.len() > MOST {
        let problem = Problem::at(section.span.clone(), format!("more than {MOST} {TITLE}"));
        section.problem(problem.hint("two to four pairs tell fast from slow; more only wake people twice"));
        return None;
    }
    let wanted = tables.len();
    let rules: Vec<BurnRule> = tables.iter().filter_map(|table| rule(table, window)).collect();
    (wanted > 0 && rules.len() == wanted).then(|| Policy::custom(rules))
}

fn preset(section: &Section<'_>, window: Duration) -> Option<Policy> {
    let found = section.choice("policy", &Policy::NAMES)?;
    let policy = Policy::named(found.value, window);
    if policy.is_none() {
        let days = found.value.trim_start_matches("sloth-");
        let message = format!("`{}` is for a window of {days}, not {}", found.value, window_text(window));
        let hint = format!("write window = \"{days}\", or list the pairs yourself in {TITLE}");
        section.problem(Problem::at(found.span, message).hint(hint));
    }
    policy
}

fn rule(table: &Section<'_>, window: Duration) -> Option<BurnRule> {
    if !table.has("long") {
        table.missing("long", "the window that decides: long = \"1h\"");
    }
    let long = table.duration("long", "1m", "90d");
    let short = table.duration("short", "1m", "30d");
    let hold = table.duration("hold", "1s", "1d").unwrap_or_default();
    let severity = match table.choice("severity", &["page", "notify", "ticket"]).map(|found| found.value) {
        Some("page") => Some(RuleSeverity::Page),
        Some("notify") => Some(RuleSeverity::Notify),
        Some(_) => Some(RuleSeverity::Ticket),
        None => {
            if !table.has("severity") {
                table.missing("severity", "\"page\", \"notify\" or \"ticket\"");
            }
            None
        }
    };
    let (long, severity) = (long?, severity?);
    let short = if table.has("short") { short? } else { Duration::from_secs((long / TWELFTH).as_secs()) };
    if short >= long {
        let span =
            table.value("short").or_else(|| table.value("long")).map_or(table.span.clone(), |value| value.span());
        let message = format!("the short window {} is not shorter than {}", window_text(short), window_text(long));
        table.problem(
            Problem::at(span, message).hint("a twelfth of the long one is usual: short = \"5m\" of long = \"1h\""),
        );
        return None;
    }
    let factor = factor(table, long, window)?;
    Some(BurnRule::new(long, short, factor, severity).held_for(hold))
}

/// In thousandths: as it stands, or from the share of the budget that may be spent within the long window.
fn factor(table: &Section<'_>, long: Duration, window: Duration) -> Option<u64> {
    let (factor, spend) = (table.text("factor"), table.text("spend"));
    match (factor, spend) {
        (Some(_), Some(spend)) => {
            let problem = Problem::at(spend.span, "`spend` beside `factor`");
            table.problem(problem.hint("keep one of them: each follows from the other"));
            None
        }
        (Some(found), None) => {
            let milli = thousandths(&found.value);
            if milli.is_none() {
                let problem = Problem::at(found.span, "`factor` must be a number above 0 with at most 3 decimals");
                table.problem(problem.hint("in quotes: factor = \"14.4\""));
            }
            milli
        }
        (None, Some(found)) => {
            let share = found.value.parse::<Objective>().ok();
            // The text of a percentage, read as an objective, leaves the rest as its budget.
            let milli = share.and_then(|share| factor_of_spend(1_000_000_000 - share.budget_ppb(), long, window));
            if milli.is_none() {
                let problem = Problem::at(found.span, "`spend` must be a share of the budget in percent");
                table.problem(problem.hint("in quotes: spend = \"2\" is 2 % of the budget within the long window"));
            }
            milli
        }
        (None, None) => {
            if !table.has("factor") && !table.has("spend") {
                table.missing(
                    "factor",
                    "how many times too fast: factor = \"14.4\", or spend = \"2\" (percent of the budget)",
                );
            }
            None
        }
    }
}

fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 3 {
        return None;
    }
    format!("{whole}{fraction:0<3}").parse().ok().filter(|milli| (1..=1_000_000_000).contains(milli))
}

/// What must hold between the pairs and the promise: each can fire, and none looks further back than the budget.
pub(super) fn check(section: &Section<'_>, name: &str, policy: &Policy, objective: Objective, window: Duration) {
    let span = || {
        let value = section.value("policy").or_else(|| section.value("burn")).or_else(|| section.value("objective"));
        value.map_or(section.span.clone(), |value| value.span())
    };
    for rule in policy.rules() {
        let pair = format!("{}x over {}", rule.factor(), window_text(rule.long));
        if !rule.can_fire(objective) {
            let worst = objective.worst_burn();
            let message = format!("`{name}`: {pair} can never fire: at {objective} % a total outage burns {worst:.1}x");
            let hint = "list pairs with smaller factors in [[slo.burn]]";
            section.problem(Problem::at(span(), message).hint(hint));
            return;
        }
        if rule.long > window {
            let message = format!("`{name}`: {pair} looks further back than its window of {}", window_text(window));
            section.problem(Problem::at(span(), message).hint("list pairs of shorter windows in [[slo.burn]]"));
            return;
        }
    }
}
