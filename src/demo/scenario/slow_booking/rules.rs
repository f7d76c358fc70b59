//! The alerting rules: burn rates for every objective, and the static thresholds of before, which inform and page nobody.

use super::slos::objectives;
use crate::demo::Rule;

const RUNBOOKS: &str = "https://git.example.com/book/engineering-docs/blob/main/runbooks/";

/// Name, expression, for how many seconds, summary.
const THRESHOLDS: [(&str, &str, u32, &str); 4] = [
    (
        "HighCpu",
        "process_cpu_utilization_ratio > 0.8",
        300,
        "CPU of {{ $labels.service_name }} at {{ $value | humanizePercentage }}",
    ),
    (
        "HighMemory",
        "process_memory_utilization_ratio > 0.9",
        300,
        "memory of {{ $labels.service_name }} at {{ $value | humanizePercentage }}",
    ),
    (
        "HighErrorRate",
        "sum by (http_route) (rate(http_server_request_duration_seconds_count{service_name=\"edge-gateway\",\
         http_response_status_code=~\"5..\"}[5m])) / sum by (http_route) \
         (rate(http_server_request_duration_seconds_count{service_name=\"edge-gateway\"}[5m])) > 0.01",
        60,
        "{{ $value | humanizePercentage }} of the requests to {{ $labels.http_route }} fail",
    ),
    (
        "PoolExhausted",
        "pg_pool_in_use >= on (service) pg_pool_max",
        60,
        "every connection of the pool of {{ $labels.service }} is in use",
    ),
];

pub(super) fn all() -> Vec<Rule> {
    let mut rules: Vec<Rule> = objectives().iter().flat_map(|slo| slo.rules(RUNBOOKS)).collect();
    rules.extend(THRESHOLDS.iter().map(|(name, expression, hold_seconds, summary)| {
        Rule {
            name,
            expression: (*expression).to_owned(),
            hold_seconds: *hold_seconds,
            labels: [("severity", "info"), ("kind", "static-threshold")].into_iter().collect(),
            annotations: [
                ("summary", (*summary).to_owned()),
                ("runbook_url", format!("{RUNBOOKS}static-thresholds.md")),
            ]
            .into_iter()
            .collect(),
        }
    }));
    rules
}
