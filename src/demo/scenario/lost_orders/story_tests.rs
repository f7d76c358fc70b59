//! What lines and traces tell together.

use std::collections::HashMap;

use super::LostOrders;
use crate::demo::Company;
use crate::domain::runbook::{self, Catalog, Section};
use crate::domain::signal::{Level, Status};
use crate::domain::trace::{SkewOptions, Tree, attribute, responsible};
use crate::domain::{Symbol, Timestamp, Window};

fn at(company: &LostOrders, seconds: i64) -> Timestamp {
    company.impact_start().shifted(seconds * 1_000_000_000)
}

fn window(company: &LostOrders, from: i64, to: i64) -> Window {
    Window { start: at(company, from), end: at(company, to) }
}

#[test]
fn t0_is_a_friday_evening_in_paris() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    assert_eq!(company.impact_start().to_rfc3339(), "2026-03-13T17:30:00Z");
}

#[test]
fn four_lines_a_lost_order_and_the_first_after_twelve_seconds() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let bad = company.lines_where(window(&company, 0, 360), &|_, level| level >= Level::Warn);
    let mut patterns: HashMap<&str, (usize, Timestamp)> = HashMap::new();
    for line in &bad {
        let pattern = ["tariff cache miss", "PoolTimeoutError", "pricing responded 503", "not requeued"]
            .into_iter()
            .find(|pattern| line.line.contains(pattern))
            .expect("one of the four");
        patterns.entry(pattern).or_insert((0, line.time)).0 += 1;
    }
    for (pattern, (count, first)) in &patterns {
        // One order was answered at the very end of the window: its last lines may fall outside or its first inside.
        assert!((280..=282).contains(count), "{pattern} {count}");
        assert_eq!(first.since(company.impact_start()) / 1_000_000_000 / 2, 6, "{pattern} {first}");
    }
    assert_eq!(patterns.len(), 4);
}

#[test]
fn the_exemplar_is_drawn_to_the_millisecond() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let id = "4bf92f3577b34da6a3ce929d0e0e4736".parse().expect("valid");
    let record = company.trace(id).expect("it is kept");
    let start = at(&company, 0).shifted(322_410_000_000);
    let spans: Vec<(String, i64, i64, bool)> = record
        .spans
        .iter()
        .map(|span| {
            let skew = if span.service == "inventory" { 35 } else { 0 };
            let since = |moment: Timestamp| moment.since(start) / 1_000_000 - skew;
            (format!("{} {}", span.service, span.name), since(span.start), since(span.end), span.is_error())
        })
        .collect();
    let expected = [
        ("edge-gateway POST /orders", 0, 2480, true),
        ("routing order.route", 6, 2476, true),
        ("routing route.compute", 10, 42, false),
        ("routing POST inventory /reserve", 45, 2471, true),
        ("inventory POST /reserve", 52, 2464, true),
        ("inventory SELECT stock", 58, 71, false),
        ("inventory POST pricing /quote", 74, 2459, true),
        ("pricing POST /quote", 80, 2452, true),
        ("pricing BLPOP tariff:lock", 84, 2084, true),
        ("pricing SELECT tariff_rules", 2086, 2446, true),
        ("routing publish orders.dlq", 2472, 2475, false),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(name, from, to, bad)| (name.to_owned(), from, to, bad)).collect();
    assert_eq!(spans, expected);
    let lock = &record.spans[8];
    assert_eq!(lock.status, Status::Error("context deadline exceeded".into()));
    assert_eq!(lock.attribute("order_id").map(ToString::to_string).as_deref(), Some("4472146"));
    assert_eq!(lock.attribute("carrier_id").map(ToString::to_string).as_deref(), Some("CHR"));
    assert_eq!(lock.attribute("service.version").map(ToString::to_string).as_deref(), Some("2.14.0"));
    let lines = company.lines_where(window(&company, 320, 326), &|_, level| level >= Level::Warn);
    let own: Vec<(i64, &str)> = lines
        .iter()
        .filter(|line| line.line.contains("4bf92f3577b34da6a3ce929d0e0e4736"))
        .map(|line| (line.time.since(at(&company, 324)) / 1_000_000, line.line.as_str()))
        .collect();
    assert_eq!(own.iter().map(|(time, _)| *time).collect::<Vec<_>>(), [494, 856, 869, 882]);
    assert!(own[0].1.contains("zone=FR-75 waited") && own[3].1.contains("order 4472146 rejected"), "{own:?}");
}

#[test]
fn a_line_leads_to_its_trace_and_span() {
    let company = LostOrders::new(7, LostOrders::EVENING);
    let lines = company.lines_where(window(&company, 60, 90), &|_, _| true);
    let mut read = 0;
    for line in &lines {
        let of =
            |name: &str| line.metadata.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value.clone());
        let Some(trace) = of("trace_id") else { continue };
        let record = company.trace(trace.parse().expect("an id")).expect("every line's trace is kept");
        let span = of("span_id").expect("with a span").to_string();
        let span = record.spans.iter().find(|known| known.id.to_string() == span).expect("its span");
        assert_eq!(line.stream.get("service_name").map(Symbol::as_str), Some(span.service.as_str()));
        read += 1;
    }
    assert!(read > 20, "{read}");
    let chatter = lines.len() - read;
    assert!((1_150..=1_250).contains(&chatter), "{chatter}");
}

#[test]
fn every_trace_of_a_search_is_found_by_its_id_and_shipments_link_to_orders() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let found = company.traces(window(&company, -600, 0), 1_000);
    assert!(found.is_sorted_by_key(|record| record.spans[0].start));
    let mut links = 0;
    for record in &found {
        let again = company.trace(record.id).expect("found by id");
        assert_eq!(again.spans, record.spans);
        for link in record.spans.iter().flat_map(|span| &span.links) {
            let origin = company.trace(link.trace).expect("the order's trace is kept");
            assert!(origin.spans.iter().any(|span| Some(span.id) == link.span));
            links += 1;
        }
    }
    assert!(links > 20, "{links}");
    assert_eq!(company.traces(window(&company, -600, 0), 5).len(), 5);
}

#[test]
fn asking_for_a_part_gives_the_same_as_cutting_the_whole() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let whole = company.lines(window(&company, 100, 160));
    let parts: Vec<String> = [(100, 113), (113, 127), (127, 160)]
        .into_iter()
        .flat_map(|(from, to)| company.lines(window(&company, from, to)))
        .map(|line| line.line)
        .collect();
    assert_eq!(whole.into_iter().map(|line| line.line).collect::<Vec<_>>(), parts);
}

#[test]
fn the_trace_analysis_finds_what_was_planted() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let tree =
        |record: &crate::demo::TraceRecord| Tree::build(record.id, record.spans.clone(), None, SkewOptions::default());
    let exemplar = company.trace("4bf92f3577b34da6a3ce929d0e0e4736".parse().expect("valid")).expect("kept");
    let exemplar = tree(&exemplar);
    assert_eq!((exemplar.len(), exemplar.error_roots().len()), (11, 2));
    let path: Vec<(String, i64)> = exemplar
        .critical_by_service()
        .iter()
        .map(|(service, nanos)| (service.to_string(), nanos / 1_000_000))
        .collect();
    let expected = [("pricing", 2372), ("routing", 58), ("inventory", 40), ("edge-gateway", 10)];
    assert_eq!(path, expected.map(|(service, millis)| (service.to_owned(), millis)));
    let failing: Vec<_> = company
        .traces(window(&company, 0, 360), 5_000)
        .iter()
        .filter(|record| record.spans[0].is_error())
        .filter_map(|record| responsible(&tree(record)))
        .collect();
    // Those that started before T+6:00; 281 had been answered by then.
    assert!((281..=284).contains(&failing.len()), "{}", failing.len());
    let ranking = attribute(&failing);
    let first = ranking.first().expect("somebody");
    assert_eq!((first.service.as_str(), first.dependency.as_ref().map(Symbol::as_str)), ("pricing", Some("redis")));
    assert!((0.95..1.0).contains(&first.share()), "{}", first.share());
    assert_eq!(ranking[1].dependency.as_ref().map(Symbol::as_str), Some("postgresql"));
}

#[test]
fn the_runbooks_are_pages_with_steps() {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let pages: Vec<_> = company.runbooks().iter().map(|(name, text)| runbook::parse(name, text)).collect();
    for page in &pages {
        assert!(page.warnings.is_empty(), "{}: {:?}", page.id, page.warnings);
        assert!(page.verified.is_some() && page.owner.is_some() && !page.alerts.is_empty(), "{}", page.id);
        for step in page.steps() {
            assert!(step.command.is_some(), "{} step {} runs nothing", page.id, step.number);
        }
    }
    let page = pages.iter().find(|page| page.id == "pricing-cache-expired").expect("the page of this evening");
    let steps: Vec<_> =
        page.steps().map(|step| (step.section, step.command.is_some_and(|run| run.danger.is_some()))).collect();
    let expected = [
        (Section::Diagnosis, false),
        (Section::Diagnosis, false),
        (Section::Diagnosis, false),
        (Section::TemporaryFix, true),
        (Section::TemporaryFix, true),
        (Section::TemporaryFix, true),
    ];
    assert_eq!(steps, expected);
    let catalog = Catalog::new(pages, None);
    for rule in company.rules() {
        let url = rule.annotations.get("runbook_url").expect("every rule has one");
        assert!(catalog.find_named(url).is_some(), "{url}");
    }
}
