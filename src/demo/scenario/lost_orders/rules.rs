//! The alerting rules: the same two burn rates for every objective, and one that informs. When they fire is for their
//! expressions to say.

use super::slos::{OBJECTIVES, Objective};
use crate::demo::Rule;
use crate::domain::Labels;

const RUNBOOKS: &str = "https://git.example.com/tms/engineering-docs/blob/main/runbooks/";

/// A pair of windows; an alert needs both above the factor.
struct Burn {
    long: &'static str,
    short: &'static str,
    factor: &'static str,
    severity: &'static str,
}

const FAST: Burn = Burn { long: "1h", short: "5m", factor: "14.4", severity: "page" };
const SLOW: Burn = Burn { long: "6h", short: "30m", factor: "3", severity: "notify" };

pub(super) fn all() -> Vec<Rule> {
    let mut rules: Vec<Rule> = OBJECTIVES
        .iter()
        .flat_map(|slo| [burn(slo, slo.fast_alert, &FAST), burn(slo, slo.slow_alert, &SLOW)])
        .collect();
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

fn burn(slo: &Objective, name: &'static str, burn: &Burn) -> Rule {
    let above = |window: &str| {
        let bad = slo.bad.replace("{{.window}}", window);
        let total = slo.total.replace("{{.window}}", window);
        format!("(({bad}) / ({total}) / {} > {})", slo.budget, burn.factor)
    };
    let labels: Labels = [
        ("severity", burn.severity),
        ("slo", slo.name),
        ("journey", slo.journey),
        ("service", slo.service),
        ("window", burn.long),
    ]
    .into_iter()
    .collect();
    let summary = format!("{{{{ $value | printf \"%.1f\" }}}}× over {}", burn.long);
    Rule {
        name,
        expression: format!("{} and {}", above(burn.long), above(burn.short)),
        hold_seconds: 0,
        labels,
        annotations: [("summary", summary), ("runbook_url", format!("{RUNBOOKS}{}.md", slo.runbook))]
            .into_iter()
            .collect(),
    }
}
