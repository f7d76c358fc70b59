//! The alerting rules: the same two burn rates for every objective, and one that informs. When they fire is for their
//! expressions to say.

use super::slos::objectives;
use crate::demo::Rule;

const RUNBOOKS: &str = "https://git.example.com/tms/engineering-docs/blob/main/runbooks/";

pub(super) fn all() -> Vec<Rule> {
    let mut rules: Vec<Rule> = objectives().iter().flat_map(|slo| slo.rules(RUNBOOKS)).collect();
    rules.push(Rule {
        name: "PricingPoolSaturated",
        expression: "pg_pool_in_use{service=\"pricing\"} >= 20".into(),
        hold_seconds: 60,
        labels: [("severity", "info"), ("service", "pricing")].into_iter().collect(),
        annotations: [
            ("summary", "All connections of the pool of pricing are in use: {{ $value }} of 20".to_owned()),
            ("runbook_url", format!("{RUNBOOKS}pricing-cache-expired.md")),
        ]
        .into_iter()
        .collect(),
    });
    rules
}
