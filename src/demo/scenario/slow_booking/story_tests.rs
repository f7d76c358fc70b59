//! What alerts, metrics, traces and lines of the slow bookings tell together.

use std::sync::Arc;
use std::time::Duration;

use super::SlowBooking;
use crate::demo::Company;
use crate::demo::alerting::Alerting;
use crate::demo::promql::{Query, Store, Value, parse};
use crate::domain::runbook::{self, Catalog};
use crate::domain::signal::Level;
use crate::domain::trace::{SkewOptions, Tree};
use crate::domain::{Symbol, Timestamp, Window};

const START: Timestamp = Timestamp::from_seconds(1_773_423_000);

fn at(seconds: i64) -> Timestamp {
    START.shifted(seconds * 1_000_000_000)
}

fn window(from: i64, to: i64) -> Window {
    Window { start: at(from), end: at(to) }
}

/// The minute, rounded up, at whose evaluations each alert begins and stops firing, looked at every 15 s until T+170.
fn episodes() -> Vec<(String, i64, Option<i64>)> {
    let company: Arc<dyn Company> = Arc::new(SlowBooking::new(42, START));
    let alerting = Alerting::new(company.as_ref(), Store::new(Arc::clone(&company)));
    let mut seen: Vec<(String, i64, Option<i64>)> = Vec::new();
    for second in (-3_600..170 * 60).step_by(15) {
        let firing: Vec<String> = alerting
            .at(at(second))
            .iter()
            .filter(|alert| alert.fired_at.is_some())
            .map(|alert| alert.labels.get("alertname").map(Symbol::to_string).unwrap_or_default())
            .collect();
        let minute = (second + 59).div_euclid(60);
        for name in &firing {
            if !seen.iter().any(|(known, _, _)| known == name) {
                seen.push((name.clone(), minute, None));
            }
        }
        for (_, _, end) in seen.iter_mut().filter(|(name, _, end)| end.is_none() && !firing.contains(name)) {
            *end = Some(minute);
        }
    }
    seen
}

#[test]
fn the_alerts_come_and_go_at_the_minutes_of_the_story() {
    let expected = [
        ("BookingLatencySlowBurn", 12, Some(162)),
        ("BookingLatencyFastBurn", 18, Some(137)),
        ("BookingLatencySixfoldBurn", 36, Some(160)),
        ("BookingLatencyDailyBurn", 58, None),
        ("BookingAvailabilityFastBurn", 81, Some(132)),
        ("BookingAvailabilitySlowBurn", 84, Some(157)),
    ];
    let seen = episodes();
    let seen: Vec<(&str, i64, Option<i64>)> = seen.iter().map(|(name, from, to)| (name.as_str(), *from, *to)).collect();
    assert_eq!(seen, expected);
}

/// The value of an expression that gives one series.
fn value(company: &Arc<dyn Company>, expression: &str, seconds: i64) -> f64 {
    let store = Store::new(Arc::clone(company));
    let parsed = parse(expression).expect("a query");
    let moment = at(seconds);
    match Query::new(&store, &parsed, moment, (moment, moment), Duration::from_secs(60)).at(moment) {
        Ok(Value::Vector(points)) => points.first().map_or(f64::NAN, |point| point.value),
        other => panic!("{expression}: {other:?}"),
    }
}

#[test]
fn the_budgets_begin_and_end_as_told() {
    let company: Arc<dyn Company> = Arc::new(SlowBooking::new(42, START));
    let objectives = super::slos::objectives();
    let left = |name: &str, minute: i64| {
        let slo = objectives.iter().find(|slo| slo.name == name).expect("an objective");
        let (bad, total) = (slo.bad.replace("{{.window}}", "30d"), slo.total.replace("{{.window}}", "30d"));
        1.0 - value(&company, &format!("({bad}) / ({total}) / {}", slo.budget), minute * 60)
    };
    for (name, minute, expected) in [
        ("booking-latency", -240, 0.78),
        ("booking-latency", 150, 0.417),
        ("booking-availability", -240, 0.70),
        ("booking-availability", 150, 0.584),
    ] {
        assert!((left(name, minute) - expected).abs() < 0.004, "{name} at {minute}: {}", left(name, minute));
    }
}

#[test]
fn burn_rates_are_those_of_the_table() {
    let company: Arc<dyn Company> = Arc::new(SlowBooking::new(42, START));
    let objectives = super::slos::objectives();
    let burn = |name: &str, window: &str, minute: i64| {
        let slo = objectives.iter().find(|slo| slo.name == name).expect("an objective");
        let (bad, total) = (slo.bad.replace("{{.window}}", window), slo.total.replace("{{.window}}", window));
        value(&company, &format!("({bad}) / ({total}) / {}", slo.budget), minute * 60)
    };
    for (minute, hour, six_hours, availability) in [
        (-90, 2.02, 0.47, 0.3),
        (0, 9.10, 2.34, 0.32),
        (20, 15.68, 3.78, 0.40),
        (60, 60.9, 12.5, 3.73),
        (120, 158.0, 38.9, 67.4),
        (150, 114.0, 43.5, 58.8),
    ] {
        for (name, window, expected) in [
            ("booking-latency", "1h", hour),
            ("booking-latency", "6h", six_hours),
            ("booking-availability", "1h", availability),
        ] {
            let got = burn(name, window, minute);
            assert!((got / expected - 1.0).abs() < 0.03, "{name} {window} at {minute}: {got}, not {expected}");
        }
    }
}

#[test]
fn no_static_threshold_is_ever_reached() {
    let company: Arc<dyn Company> = Arc::new(SlowBooking::new(42, START));
    let busiest = |from: i64, to: i64| {
        (from..to)
            .step_by(30)
            .map(|second| value(&company, "max(process_cpu_utilization_ratio)", second))
            .fold(0.0, f64::max)
    };
    assert!((busiest(-12_030, -11_960) - 0.85).abs() < 1e-9, "for half a minute");
    assert!(busiest(-11_940, 9_000) <= 0.78 + 1e-9);
    let errors = "sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~\"5..\"}[5m])) / \
                  sum(rate(http_server_request_duration_seconds_count[5m]))";
    for minute in [0, 60, 120] {
        assert!((value(&company, errors, minute * 60) - 0.0003).abs() < 0.0001);
    }
    assert!(value(&company, "max(pg_pool_in_use)", 7_200) < 20.0);
}

#[test]
fn the_exemplar_asks_41_times_for_88_percent_of_its_path() {
    let company = SlowBooking::new(42, START);
    let act = company.script().into_iter().find_map(|act| act.trace).expect("an act with a trace");
    let record = company.trace(act).expect("it is kept");
    let rooms: Vec<_> = record.spans.iter().filter(|span| span.name == "SELECT room").collect();
    assert_eq!(rooms.len(), 41);
    assert!(rooms.windows(2).all(|pair| pair[0].end <= pair[1].start.shifted(2)), "one after the other");
    let tree = Tree::build(record.id, record.spans.clone(), None, SkewOptions::default());
    let total = record.spans[0].end.since(record.spans[0].start);
    let asked: i64 = rooms.iter().map(|span| span.end.since(span.start)).sum();
    assert!((asked * 1_000 / total - 880).abs() <= 1, "{asked} of {total}");
    let first = tree.critical_by_service();
    assert_eq!(first.first().map(|(service, _)| service.as_str()), Some("booking"));
}

#[test]
fn every_slow_booking_has_the_flag_and_a_line_that_leads_to_it() {
    let company = SlowBooking::new(7, START);
    let (mut slow, mut with, mut without) = (0, 0, 0);
    for record in company.traces(window(1_200, 1_500), 10_000) {
        let Some(create) = record.spans.iter().find(|span| span.name == "booking.create") else { continue };
        let on = create.attribute("feature_flag.result.variant").is_some_and(|value| value.to_string() == "on");
        let took = record.spans[0].end.since(record.spans[0].start) / 1_000_000;
        if took > 800 {
            slow += 1;
            assert!(on);
        }
        if on {
            with += 1
        } else {
            without += 1
        }
        assert_eq!(company.trace(record.id).map(|again| again.spans.clone()), Some(record.spans.clone()));
    }
    assert!(slow > 15 && with > slow && without > 40, "{slow} slow, {with} with, {without} without");
    let lines = company.lines_where(window(1_200, 1_500), &|_, level| level >= Level::Warn);
    assert!(lines.iter().filter(|line| line.level == Level::Warn).count() >= slow - 2);
    for line in &lines {
        let of = |name: &str| line.metadata.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        let record = company.trace(of("trace_id").expect("a trace").parse().expect("an id")).expect("it is kept");
        let span = of("span_id").expect("a span").to_string();
        assert!(record.spans.iter().any(|known| known.id.to_string() == span && known.service == "booking"));
    }
}

#[test]
fn asking_for_a_part_gives_the_same_as_cutting_the_whole() {
    let company = SlowBooking::new(42, START);
    let text = |from, to| company.lines(window(from, to)).into_iter().map(|line| line.line).collect::<Vec<_>>();
    let parts: Vec<String> =
        [(100, 113), (113, 127), (127, 160)].into_iter().flat_map(|(from, to)| text(from, to)).collect();
    assert_eq!(text(100, 160), parts);
}

#[test]
fn every_alert_leads_to_a_page() {
    let company = SlowBooking::new(42, START);
    let pages: Vec<_> = company.runbooks().iter().map(|(name, text)| runbook::parse(name, text)).collect();
    for page in &pages {
        assert!(page.warnings.is_empty(), "{}: {:?}", page.id, page.warnings);
        assert!(page.verified.is_some() && page.owner.is_some() && !page.alerts.is_empty(), "{}", page.id);
    }
    let catalog = Catalog::new(pages, None);
    for rule in company.rules() {
        let url = rule.annotations.get("runbook_url").expect("every rule has one");
        assert!(catalog.find_named(url).is_some(), "{url}");
    }
}
