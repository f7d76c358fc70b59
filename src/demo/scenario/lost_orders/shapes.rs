//! The spans of an order's trace as nominal milliseconds from its start: one table for each way that it can go.

use super::super::estate::Service;
use super::services::{EDGE, INVENTORY, PRICING, ROUTING};
use crate::domain::signal::Kind;

/// One span of a shape.
pub(super) struct Step {
    /// What the span is, whatever shape it is in.
    pub(super) role: Role,
    /// The place of the parent in the table.
    pub(super) parent: Option<usize>,
    pub(super) start: f64,
    pub(super) end: f64,
    /// The text of its error.
    pub(super) error: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Edge,
    Route,
    Compute,
    AskInventory,
    Inventory,
    Stock,
    AskPricing,
    Pricing,
    Lock,
    Cache { hit: bool },
    Rules,
    Carrier,
    Publish { topic: &'static str },
}

impl Role {
    pub(super) const fn service(self) -> Service {
        match self {
            Self::Edge => EDGE,
            Self::Route | Self::Compute | Self::AskInventory | Self::Carrier | Self::Publish { .. } => ROUTING,
            Self::Inventory | Self::Stock | Self::AskPricing => INVENTORY,
            Self::Pricing | Self::Lock | Self::Cache { .. } | Self::Rules => PRICING,
        }
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Edge => "POST /orders".into(),
            Self::Route => "order.route".into(),
            Self::Compute => "route.compute".into(),
            Self::AskInventory => "POST inventory /reserve".into(),
            Self::Inventory => "POST /reserve".into(),
            Self::Stock => "SELECT stock".into(),
            Self::AskPricing => "POST pricing /quote".into(),
            Self::Pricing => "POST /quote".into(),
            Self::Lock => "BLPOP tariff:lock".into(),
            Self::Cache { .. } => "GET tariff".into(),
            Self::Rules => "SELECT tariff_rules".into(),
            Self::Carrier => "POST carrier rates".into(),
            Self::Publish { topic } => format!("publish {topic}"),
        }
    }

    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Edge | Self::Route | Self::Inventory | Self::Pricing => Kind::Server,
            Self::Compute => Kind::Internal,
            Self::AskInventory
            | Self::Stock
            | Self::AskPricing
            | Self::Lock
            | Self::Cache { .. }
            | Self::Rules
            | Self::Carrier => Kind::Client,
            Self::Publish { .. } => Kind::Producer,
        }
    }
}

const fn step(role: Role, parent: usize, start: f64, end: f64) -> Step {
    Step { role, parent: Some(parent), start, end, error: None }
}

const fn failed(role: Role, parent: usize, start: f64, end: f64, error: &'static str) -> Step {
    Step { role, parent: Some(parent), start, end, error: Some(error) }
}

const fn root(end: f64, error: Option<&'static str>) -> Step {
    Step { role: Role::Edge, parent: None, start: 0.0, end, error }
}

const UNAVAILABLE: &str = "503 Service Unavailable";
pub(super) const POOL_TIMEOUT: &str = "PoolTimeoutError";
pub(super) const DEADLINE: &str = "context deadline exceeded";

/// Lost: two seconds for the lock, then no connection to the database.
pub(super) const LOST: [Step; 11] = [
    root(2480.0, Some(UNAVAILABLE)),
    failed(Role::Route, 0, 6.0, 2476.0, "quote unavailable"),
    step(Role::Compute, 1, 10.0, 42.0),
    failed(Role::AskInventory, 1, 45.0, 2471.0, UNAVAILABLE),
    failed(Role::Inventory, 3, 52.0, 2464.0, UNAVAILABLE),
    step(Role::Stock, 4, 58.0, 71.0),
    failed(Role::AskPricing, 4, 74.0, 2459.0, UNAVAILABLE),
    failed(Role::Pricing, 6, 80.0, 2452.0, POOL_TIMEOUT),
    failed(Role::Lock, 7, 84.0, 2084.0, DEADLINE),
    failed(Role::Rules, 7, 2086.0, 2446.0, POOL_TIMEOUT),
    step(Role::Publish { topic: "orders.dlq" }, 1, 2472.0, 2475.0),
];

/// Slow: the lock came after two seconds, and the database had a connection.
pub(super) const SLOW: [Step; 11] = [
    root(2160.0, None),
    step(Role::Route, 0, 6.0, 2156.0),
    step(Role::Compute, 1, 10.0, 42.0),
    step(Role::AskInventory, 1, 45.0, 2140.0),
    step(Role::Inventory, 3, 52.0, 2133.0),
    step(Role::Stock, 4, 58.0, 71.0),
    step(Role::AskPricing, 4, 74.0, 2128.0),
    step(Role::Pricing, 6, 80.0, 2121.0),
    step(Role::Lock, 7, 84.0, 2084.0),
    step(Role::Rules, 7, 2086.0, 2110.0),
    step(Role::Publish { topic: "orders.accepted" }, 1, 2148.0, 2151.0),
];

/// Healthy: the tariff is cached.
pub(super) const CACHED: [Step; 10] = [
    root(240.0, None),
    step(Role::Route, 0, 6.0, 236.0),
    step(Role::Compute, 1, 10.0, 42.0),
    step(Role::AskInventory, 1, 45.0, 220.0),
    step(Role::Inventory, 3, 52.0, 213.0),
    step(Role::Stock, 4, 58.0, 71.0),
    step(Role::AskPricing, 4, 74.0, 208.0),
    step(Role::Pricing, 6, 80.0, 201.0),
    step(Role::Cache { hit: true }, 7, 84.0, 85.2),
    step(Role::Publish { topic: "orders.accepted" }, 1, 228.0, 231.0),
];

/// Healthy: the tariff of this one zone had to be read.
pub(super) const MISSED: [Step; 11] = [
    root(240.0, None),
    step(Role::Route, 0, 6.0, 236.0),
    step(Role::Compute, 1, 10.0, 42.0),
    step(Role::AskInventory, 1, 45.0, 220.0),
    step(Role::Inventory, 3, 52.0, 213.0),
    step(Role::Stock, 4, 58.0, 71.0),
    step(Role::AskPricing, 4, 74.0, 208.0),
    step(Role::Pricing, 6, 80.0, 201.0),
    step(Role::Cache { hit: false }, 7, 84.0, 85.2),
    step(Role::Rules, 7, 87.0, 106.0),
    step(Role::Publish { topic: "orders.accepted" }, 1, 228.0, 231.0),
];

/// Refused: what is always lost, a carrier outside that does not answer.
pub(super) const REFUSED: [Step; 5] = [
    root(1110.0, Some(UNAVAILABLE)),
    failed(Role::Route, 0, 6.0, 1106.0, "no carrier"),
    step(Role::Compute, 1, 10.0, 42.0),
    failed(Role::Carrier, 1, 45.0, 1045.0, DEADLINE),
    step(Role::Publish { topic: "orders.dlq" }, 1, 1100.0, 1103.0),
];
