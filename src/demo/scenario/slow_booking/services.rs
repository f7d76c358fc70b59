//! The services of the booking site, the five journeys through them, and who calls whom.

use super::super::estate::Service;

pub(super) const NAMESPACE: &str = "book";

const fn service(name: &'static str, version: &'static [(f64, &'static str)]) -> Service {
    Service { name, versions: version, node: None }
}

pub(super) const EDGE: Service = service("edge-gateway", &[(f64::MIN, "2.4.0")]);
/// Not deployed for two days: what slows it down is switched by a flag.
pub(super) const BOOKING: Service = service("booking", &[(f64::MIN, "6.8.1"), (-2_911.0, "6.8.2")]);
pub(super) const RATES: Service = service("rates", &[(f64::MIN, "1.12.0")]);
pub(super) const FLAGS: Service = service("flags", &[(f64::MIN, "1.3.4")]);

pub(super) const SERVICES: [Service; 9] = [
    EDGE,
    BOOKING,
    service("search", &[(f64::MIN, "9.0.3")]),
    service("payment", &[(f64::MIN, "4.1.0"), (-191.5, "4.1.1")]),
    service("cancellation", &[(f64::MIN, "2.2.0")]),
    // Deployed in the half hour before, and innocent.
    service("consultation", &[(f64::MIN, "3.2.0"), (-18.25, "3.2.1")]),
    RATES,
    FLAGS,
    service("notification", &[(f64::MIN, "1.9.9")]),
];

/// Requests from outside come in here.
pub(super) const ENTRYPOINTS: [&str; 1] = ["edge-gateway"];

/// A journey of guests, as the load balancer measures it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Journey {
    pub(super) name: &'static str,
    pub(super) service: &'static str,
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) success: &'static str,
    pub(super) per_minute: f64,
    /// In milliseconds; `None` for the one that the story is about.
    pub(super) p95: Option<f64>,
    /// What the service asks of others, in turn.
    pub(super) calls: &'static [(&'static str, &'static str)],
}

pub(super) const JOURNEYS: [Journey; 5] = [
    Journey {
        name: "booking",
        service: "booking",
        method: "POST",
        route: "/bookings",
        success: "201",
        per_minute: 1_800.0,
        p95: None,
        calls: &[("rates", "GET /rates"), ("flags", "GET /flags")],
    },
    Journey {
        name: "search",
        service: "search",
        method: "GET",
        route: "/search",
        success: "200",
        per_minute: 9_000.0,
        p95: Some(260.0),
        calls: &[("rates", "GET /rates")],
    },
    Journey {
        name: "payment",
        service: "payment",
        method: "POST",
        route: "/payments",
        success: "201",
        per_minute: 1_500.0,
        p95: Some(310.0),
        calls: &[("notification", "POST /send")],
    },
    Journey {
        name: "cancellation",
        service: "cancellation",
        method: "DELETE",
        route: "/bookings/{id}",
        success: "204",
        per_minute: 300.0,
        p95: Some(220.0),
        calls: &[("payment", "POST /refunds"), ("notification", "POST /send")],
    },
    Journey {
        name: "consultation",
        service: "consultation",
        method: "GET",
        route: "/bookings/{id}",
        success: "200",
        per_minute: 2_400.0,
        p95: Some(180.0),
        calls: &[],
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
    fn fifteen_thousand_requests_a_minute_go_to_services_that_there_are() {
        assert!((JOURNEYS.iter().map(|journey| journey.per_minute).sum::<f64>() - 15_000.0).abs() < 1e-9);
        let known = |name: &str| SERVICES.iter().any(|service| service.name == name);
        for journey in &JOURNEYS {
            assert!(known(journey.service) && journey.calls.iter().all(|(service, _)| known(service)));
        }
    }
}
