//! The eighteen services of the shop and the planner behind the queue: versions, nodes, who calls whom.

use super::super::estate::Service;

pub(super) const NAMESPACE: &str = "tms";

const fn service(name: &'static str) -> Service {
    Service { name, versions: &[(f64::MIN, "1.7.2")], node: None }
}

pub(super) const EDGE: Service = service("edge-gateway");
pub(super) const ROUTING: Service = Service { name: "routing", versions: &[(f64::MIN, "5.2.0")], node: None };
/// Alone on a node whose clock is ahead: see [`SKEW_MILLIS`].
pub(super) const INVENTORY: Service =
    Service { name: "inventory", versions: &[(f64::MIN, "3.9.1")], node: Some("ip-10-2-3") };
pub(super) const PRICING: Service =
    Service { name: "pricing", versions: &[(f64::MIN, "2.13.4"), (-20.0, "2.14.0")], node: None };
pub(super) const CARRIER_API: Service =
    Service { name: "carrier-api", versions: &[(f64::MIN, "3.8.1"), (-429.933_333, "3.8.2")], node: None };
pub(super) const TRACKING: Service = service("tracking");
pub(super) const LABEL: Service =
    Service { name: "label", versions: &[(f64::MIN, "1.19.0"), (-147.833_333, "1.19.1")], node: None };
pub(super) const PORTAL: Service = service("merchant-portal");
pub(super) const PLANNER: Service = service("shipment-planner");

pub(super) const SERVICES: [Service; 19] = [
    EDGE,
    ROUTING,
    INVENTORY,
    PRICING,
    CARRIER_API,
    TRACKING,
    LABEL,
    service("invoice"),
    service("notification"),
    service("customer"),
    PORTAL,
    service("returns"),
    service("customs"),
    service("geo"),
    service("slots"),
    service("webhook-dispatch"),
    service("audit"),
    service("reporting"),
    PLANNER,
];

/// Requests from outside come in here.
pub(super) const ENTRYPOINTS: [&str; 4] = ["edge-gateway", "routing", "tracking", "merchant-portal"];

/// The clock of the inventory's node is this far ahead of the others.
pub(super) const SKEW_MILLIS: i64 = 35;
pub(super) const SKEWED_NODE: &str = "ip-10-2-3";

/// A request that touches services beside the way of an order: entry, its operation, and the services that it asks in turn.
pub(super) struct Journey {
    pub(super) entry: &'static str,
    pub(super) operation: &'static str,
    pub(super) route: &'static str,
    pub(super) calls: &'static [(&'static str, &'static str)],
}

pub(super) const JOURNEYS: [Journey; 6] = [
    Journey {
        entry: "tracking",
        operation: "GET /track/{parcel}",
        route: "/track/{parcel}",
        calls: &[("carrier-api", "GET /events"), ("geo", "GET /locate")],
    },
    Journey {
        entry: "merchant-portal",
        operation: "POST /labels",
        route: "/labels",
        calls: &[("label", "POST /labels"), ("customer", "GET /address"), ("customs", "POST /declare")],
    },
    Journey {
        entry: "merchant-portal",
        operation: "GET /invoices",
        route: "/invoices",
        calls: &[("invoice", "GET /invoices"), ("reporting", "GET /totals")],
    },
    Journey {
        entry: "merchant-portal",
        operation: "POST /returns",
        route: "/returns",
        calls: &[("returns", "POST /returns"), ("notification", "POST /send"), ("webhook-dispatch", "POST /hooks")],
    },
    Journey {
        entry: "edge-gateway",
        operation: "GET /slots",
        route: "/slots",
        calls: &[("slots", "GET /slots"), ("geo", "GET /distance")],
    },
    Journey {
        entry: "edge-gateway",
        operation: "GET /account",
        route: "/account",
        calls: &[("customer", "GET /account"), ("audit", "POST /record")],
    },
];

/// The service of this name; the edge for one that is not in the table.
pub(super) fn named(name: &str) -> Service {
    SERVICES.into_iter().find(|service| service.name == name).unwrap_or(EDGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_goes_to_a_service_and_only_inventory_runs_on_the_skewed_node() {
        for journey in &JOURNEYS {
            assert!(ENTRYPOINTS.contains(&journey.entry));
            for (service, _) in journey.calls {
                assert!(SERVICES.iter().any(|known| known.name == *service), "{service}");
            }
        }
        for service in SERVICES {
            let skewed = (0..3).any(|pod| service.node(pod) == SKEWED_NODE);
            assert_eq!(skewed, service.name == "inventory", "{}", service.name);
        }
    }
}
