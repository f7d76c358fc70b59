//! An objective of a simulated company, and what is written from it: its alerting rules and its part of a `config.toml`.
//! Not the queries: each scenario has its own.

use std::fmt::Write as _;

use crate::demo::Rule;
use crate::domain::Labels;

/// A pair of windows; an alert needs both above the factor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burn {
    pub(super) long: &'static str,
    pub(super) short: &'static str,
    pub(super) factor: &'static str,
    pub(super) severity: &'static str,
}

pub(super) const FAST: Burn = Burn { long: "1h", short: "5m", factor: "14.4", severity: "page" };
pub(super) const SLOW: Burn = Burn { long: "6h", short: "30m", factor: "3", severity: "notify" };

/// One objective, measured by two PromQL expressions with Sloth's `{{.window}}` in place of the window.
#[derive(Clone, Debug)]
pub(super) struct Objective {
    pub(super) name: &'static str,
    pub(super) journey: &'static str,
    pub(super) service: &'static str,
    /// In percent, as people write it.
    pub(super) objective: &'static str,
    /// What it allows, as the rules write it.
    pub(super) budget: &'static str,
    pub(super) bad: String,
    pub(super) total: String,
    /// The name of a page, without `.md`.
    pub(super) runbook: &'static str,
    pub(super) alerts: Vec<(&'static str, Burn)>,
    /// The word for one event, and what a bad one costs in euros.
    pub(super) unit: &'static str,
    pub(super) unit_cost: Option<&'static str>,
}

impl Objective {
    /// One rule for each of its alerts; `runbooks` is what the URL of a page begins with.
    pub(super) fn rules(&self, runbooks: &str) -> Vec<Rule> {
        self.alerts.iter().map(|(name, burn)| self.rule(name, burn, runbooks)).collect()
    }

    fn rule(&self, name: &'static str, burn: &Burn, runbooks: &str) -> Rule {
        let above = |window: &str| {
            let bad = self.bad.replace("{{.window}}", window);
            let total = self.total.replace("{{.window}}", window);
            format!("(({bad}) / ({total}) / {} > {})", self.budget, burn.factor)
        };
        let labels: Labels = [
            ("severity", burn.severity),
            ("slo", self.name),
            ("journey", self.journey),
            ("service", self.service),
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
            annotations: [("summary", summary), ("runbook_url", format!("{runbooks}{}.md", self.runbook))]
                .into_iter()
                .collect(),
        }
    }
}

/// TOML, complete with the PromQL of each objective. The addresses of the servers are for the caller to add.
pub(super) fn config(title: &str, objectives: &[Objective], entrypoints: &[&str], keys: &[&str]) -> String {
    let mut text = format!("# {title}\n");
    for slo in objectives {
        let (name, journey, objective, runbook) = (slo.name, slo.journey, slo.objective, slo.runbook);
        // Writing into a String cannot fail.
        let _ = write!(
            text,
            "\n[[slo]]\nname = \"{name}\"\njourney = \"{journey}\"\nobjective = \"{objective}\"\nwindow = \"30d\"\n\
             bad = '{}'\ntotal = '{}'\nrunbook = \"{runbook}\"\npolicy = \"seed\"\nunit = \"{}\"\n",
            slo.bad, slo.total, slo.unit,
        );
        if let Some(cost) = slo.unit_cost {
            let _ = write!(text, "unit_cost = \"{cost}\"\ncurrency = \"EUR\"\n");
        }
    }
    let quoted = |words: &[&str]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let _ = write!(
        text,
        "\n[services]\nentrypoints = [{}]\n\n[sampling]\nslow = \"2s\"\none_of = 20\n\n[business]\nkeys = [{}]\n",
        quoted(entrypoints),
        quoted(keys),
    );
    text
}
