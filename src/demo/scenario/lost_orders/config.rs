//! The part of a `config.toml` that describes this shop.

use super::super::objective;
use super::services::ENTRYPOINTS;
use super::slos::objectives;

pub(super) fn text() -> String {
    let title = "The shop of the scenario lost-orders: five objectives over 30 days.";
    objective::config(title, &objectives(), &ENTRYPOINTS, &["order_id", "carrier_id", "customer_id"])
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
