//! The routes that the shop serves, how much they are used and how long they take. Numbers only; the series are in `metrics`.

use super::slos::Load;

pub(super) struct Route {
    pub(super) service: &'static str,
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) success: &'static str,
    pub(super) failure: &'static str,
    pub(super) load: Load,
    /// Between how many seconds a usual request takes.
    pub(super) quick: (f64, f64),
    /// Whether the orders that wait for the lock and still succeed are slow here.
    pub(super) slow: bool,
    /// How many seconds a failing request takes, rounded up to what its bucket is.
    pub(super) failing: f64,
}

impl Route {
    pub(super) fn fails(&self) -> bool {
        !matches!(self.load, Load::Constant { bad, .. } if bad <= 0.0)
    }
}

const fn order(service: &'static str, route: &'static str, success: &'static str, failing: f64) -> Route {
    Route {
        service,
        method: "POST",
        route,
        success,
        failure: "503",
        load: Load::Orders { share: 1.0 },
        quick: (0.13, 0.32),
        slow: true,
        failing,
    }
}

const fn steady(service: &'static str, method: &'static str, route: &'static str, per_minute: f64) -> Route {
    Route {
        service,
        method,
        route,
        success: "200",
        failure: "500",
        load: Load::Constant { per_minute, bad: 0.0 },
        quick: (0.008, 0.09),
        slow: false,
        failing: 0.1,
    }
}

pub(super) const ROUTES: [Route; 19] = [
    order("edge-gateway", "/orders", "201", 2.6),
    order("routing", "/orders", "201", 2.6),
    order("inventory", "/reserve", "200", 2.5),
    order("pricing", "/quote", "200", 2.45),
    Route { load: Load::Orders { share: 0.9 }, ..order("edge-gateway", "/quotes", "200", 2.5) },
    Route {
        load: Load::Constant { per_minute: 6_000.0, bad: 0.0002 },
        ..steady("tracking", "GET", "/track/{parcel}", 6_000.0)
    },
    Route { load: Load::Label, ..steady("label", "POST", "/labels", 600.0) },
    steady("carrier-api", "GET", "/events", 900.0),
    steady("invoice", "GET", "/invoices", 60.0),
    steady("notification", "POST", "/send", 240.0),
    steady("customer", "GET", "/account", 180.0),
    steady("merchant-portal", "GET", "/invoices", 60.0),
    steady("returns", "POST", "/returns", 24.0),
    steady("customs", "POST", "/declare", 120.0),
    steady("geo", "GET", "/locate", 1_200.0),
    steady("slots", "GET", "/slots", 300.0),
    steady("webhook-dispatch", "POST", "/hooks", 480.0),
    steady("audit", "POST", "/record", 600.0),
    steady("reporting", "GET", "/totals", 12.0),
];

#[cfg(test)]
mod tests {
    use super::super::services::SERVICES;
    use super::*;

    #[test]
    fn every_service_that_answers_requests_has_a_route() {
        for service in SERVICES.iter().filter(|service| service.name != "shipment-planner") {
            assert!(ROUTES.iter().any(|route| route.service == service.name), "{}", service.name);
        }
        assert!(ROUTES.iter().all(|route| SERVICES.iter().any(|service| service.name == route.service)));
    }
}
