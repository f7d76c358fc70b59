//! Two objectives for each of the five journeys: what is answered well, and how fast.

use super::super::objective::{Burn, FAST, Objective, SLOW};
use super::services::{JOURNEYS, Journey};

/// The next two of the Workbook's pairs, for comparison: they inform.
const SIXFOLD: Burn = Burn { long: "6h", short: "30m", factor: "6", severity: "info" };
const DAILY: Burn = Burn { long: "1d", short: "2h", factor: "3", severity: "info" };

/// The names of a journey's alerts: availability fast and slow, latency fast and slow.
const ALERTS: [(&str, [&str; 4]); 5] = [
    (
        "booking",
        [
            "BookingAvailabilityFastBurn",
            "BookingAvailabilitySlowBurn",
            "BookingLatencyFastBurn",
            "BookingLatencySlowBurn",
        ],
    ),
    (
        "search",
        ["SearchAvailabilityFastBurn", "SearchAvailabilitySlowBurn", "SearchLatencyFastBurn", "SearchLatencySlowBurn"],
    ),
    (
        "payment",
        [
            "PaymentAvailabilityFastBurn",
            "PaymentAvailabilitySlowBurn",
            "PaymentLatencyFastBurn",
            "PaymentLatencySlowBurn",
        ],
    ),
    (
        "cancellation",
        [
            "CancellationAvailabilityFastBurn",
            "CancellationAvailabilitySlowBurn",
            "CancellationLatencyFastBurn",
            "CancellationLatencySlowBurn",
        ],
    ),
    (
        "consultation",
        [
            "ConsultationAvailabilityFastBurn",
            "ConsultationAvailabilitySlowBurn",
            "ConsultationLatencyFastBurn",
            "ConsultationLatencySlowBurn",
        ],
    ),
];

/// The names of a journey's two objectives.
const NAMES: [(&str, [&str; 2]); 5] = [
    ("booking", ["booking-availability", "booking-latency"]),
    ("search", ["search-availability", "search-latency"]),
    ("payment", ["payment-availability", "payment-latency"]),
    ("cancellation", ["cancellation-availability", "cancellation-latency"]),
    ("consultation", ["consultation-availability", "consultation-latency"]),
];

pub(super) fn objectives() -> Vec<Objective> {
    JOURNEYS.iter().flat_map(of_journey).collect()
}

fn of_journey(journey: &Journey) -> Vec<Objective> {
    let alerts = ALERTS.iter().find(|(name, _)| *name == journey.name).map(|(_, alerts)| *alerts);
    let names = NAMES.iter().find(|(name, _)| *name == journey.name).map(|(_, names)| *names);
    let (Some([fast, slow, late_fast, late_slow]), Some([availability, latency])) = (alerts, names) else {
        return Vec::new();
    };
    let is_booking = journey.name == "booking";
    let sums = |family: &str, more: &str| {
        format!(
            "sum(rate(http_server_request_duration_seconds_{family}{{service_name=\"edge-gateway\",\
             http_request_method=\"{}\",http_route=\"{}\"{more}}}[{{{{.window}}}}]))",
            journey.method, journey.route,
        )
    };
    let total = sums("count", "");
    let answered = sums("bucket", ",http_response_status_code=~\"2..\",le=~\"3([.]0)?\"");
    // Of what was answered well: a quick refusal is no fast booking.
    let good = sums("count", ",http_response_status_code=~\"2..\"");
    let quick = sums("bucket", ",http_response_status_code=~\"2..\",le=\"0.8\"");
    let mut late = vec![(late_fast, FAST), (late_slow, SLOW)];
    if is_booking {
        late.extend([("BookingLatencySixfoldBurn", SIXFOLD), ("BookingLatencyDailyBurn", DAILY)]);
    }
    let unit = if is_booking { "bookings" } else { "requests" };
    vec![
        Objective {
            name: availability,
            journey: journey.name,
            service: journey.service,
            objective: "99.9",
            budget: "0.001",
            bad: format!("{total} - {answered}"),
            total,
            runbook: if is_booking { "booking-availability" } else { "journey-burn" },
            alerts: vec![(fast, FAST), (slow, SLOW)],
            unit,
            unit_cost: is_booking.then_some("2.78"),
        },
        Objective {
            name: latency,
            journey: journey.name,
            service: journey.service,
            objective: "99.5",
            budget: "0.005",
            bad: format!("{good} - {quick}"),
            total: good,
            runbook: if is_booking { "booking-latency" } else { "journey-burn" },
            alerts: late,
            unit,
            unit_cost: None,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_objectives_a_journey_with_queries_that_parse() {
        let all = objectives();
        assert_eq!(all.len(), 10);
        for objective in &all {
            for query in [&objective.bad, &objective.total] {
                promql_parser::parser::parse(&query.replace("{{.window}}", "5m")).expect("valid PromQL");
            }
        }
        assert_eq!(all.iter().map(|objective| objective.alerts.len()).sum::<usize>(), 22);
    }
}
