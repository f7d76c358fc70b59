//! The part of a `config.toml` that describes this shop. The addresses of its servers are for the caller to add.

use std::fmt::Write as _;

use super::services::ENTRYPOINTS;
use super::slos::OBJECTIVES;

/// TOML, complete with the PromQL of each objective.
pub(super) fn text() -> String {
    let mut text = String::from("# The shop of the scenario lost-orders: five objectives over 30 days.\n");
    for slo in &OBJECTIVES {
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
    let entrypoints: Vec<String> = ENTRYPOINTS.iter().map(|name| format!("\"{name}\"")).collect();
    let _ = write!(
        text,
        "\n[services]\nentrypoints = [{}]\n\n[business]\nkeys = [\"order_id\", \"carrier_id\", \"customer_id\"]\n",
        entrypoints.join(", "),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_toml_with_five_objectives() {
        let table: toml::Table = text().parse().expect("valid TOML");
        let slos = table["slo"].as_array().expect("a list");
        assert_eq!(slos.len(), 5);
        assert_eq!(slos[0]["objective"].as_str(), Some("99.9"));
        assert_eq!(slos[0]["unit_cost"].as_str(), Some("78.2609"));
        for slo in slos {
            for side in ["bad", "total"] {
                let query = slo[side].as_str().expect("a query");
                assert!(query.contains("[{{.window}}]"), "{query}");
                promql_parser::parser::parse(&query.replace("{{.window}}", "5m")).expect("valid PromQL");
            }
        }
        assert_eq!(table["services"]["entrypoints"].as_array().map(Vec::len), Some(4));
    }
}
