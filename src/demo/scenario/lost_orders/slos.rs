//! The five objectives of the shop: the one table that the rules and the configuration are written from.

use super::super::objective::{FAST, Objective, SLOW};

macro_rules! total {
    ($service:literal, $route:literal) => {
        concat!(
            "sum(rate(http_server_request_duration_seconds_count{service_name=\"",
            $service,
            "\",http_route=\"",
            $route,
            "\"}[{{.window}}]))"
        )
    };
}
macro_rules! errors {
    ($service:literal, $route:literal) => {
        concat!(
            "sum(rate(http_server_request_duration_seconds_count{service_name=\"",
            $service,
            "\",http_route=\"",
            $route,
            "\",http_response_status_code=~\"5..\"}[{{.window}}]))"
        )
    };
}

pub(super) fn objectives() -> [Objective; 5] {
    [
    Objective {
        name: "order-routing",
        journey: "order-routing",
        service: "routing",
        objective: "99.9",
        budget: "0.001",
        bad: errors!("routing", "/orders").to_owned(),
        total: total!("routing", "/orders").to_owned(),
        runbook: "pricing-cache-expired",
        alerts: vec![("OrderRoutingFastBurn", FAST), ("OrderRoutingSlowBurn", SLOW)],
        unit: "orders",
        unit_cost: Some("78.2609"),
    },
    Objective {
        name: "order-routing-latency",
        journey: "order-routing",
        service: "routing",
        objective: "99.5",
        budget: "0.005",
        bad: concat!(
            total!("routing", "/orders"),
            " - sum(rate(http_server_request_duration_seconds_bucket{service_name=\"routing\",http_route=\"/orders\",",
            "le=~\"2([.]0)?\"}[{{.window}}]))"
        )
        .to_owned(),
        total: total!("routing", "/orders").to_owned(),
        runbook: "order-routing-burn",
        alerts: vec![("OrderRoutingLatencyFastBurn", FAST), ("OrderRoutingLatencySlowBurn", SLOW)],
        unit: "orders",
        unit_cost: None,
    },
    Objective {
        name: "quote",
        journey: "quote",
        service: "pricing",
        objective: "99.9",
        budget: "0.001",
        bad: errors!("edge-gateway", "/quotes").to_owned(),
        total: total!("edge-gateway", "/quotes").to_owned(),
        runbook: "pricing-cache-expired",
        alerts: vec![("QuoteFastBurn", FAST), ("QuoteSlowBurn", SLOW)],
        unit: "quotes",
        unit_cost: None,
    },
    Objective {
        name: "tracking",
        journey: "tracking",
        service: "tracking",
        objective: "99.9",
        budget: "0.001",
        bad: errors!("tracking", "/track/{parcel}").to_owned(),
        total: total!("tracking", "/track/{parcel}").to_owned(),
        runbook: "order-routing-burn",
        alerts: vec![("TrackingFastBurn", FAST), ("TrackingSlowBurn", SLOW)],
        unit: "requests",
        unit_cost: None,
    },
    Objective {
        name: "label",
        journey: "label",
        service: "label",
        objective: "99.5",
        budget: "0.005",
        bad: errors!("label", "/labels").to_owned(),
        total: total!("label", "/labels").to_owned(),
        runbook: "order-routing-burn",
        alerts: vec![("LabelFastBurn", FAST), ("LabelSlowBurn", SLOW)],
        unit: "labels",
        unit_cost: None,
    },
]
}

/// How many requests a route of the shop gets, and how many of them fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Load {
    /// One for each order, of which this share of the lost ones fails.
    Orders { share: f64 },
    /// A constant stream: requests a minute, the share that fails.
    Constant { per_minute: f64, bad: f64 },
    /// As constant, and six days ago an incident spent 9 % of the budget.
    Label,
}

/// Labels a minute, the share that always fails, and the planted incident: its minutes since T0 and the share that failed.
pub(super) const LABELS: (f64, f64) = (600.0, 0.001);
pub(super) const LABEL_INCIDENT: (f64, f64, f64) = (-8_840.0, -8_816.0, 0.81);
