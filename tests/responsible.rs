//! The service that the demo's failing traces blame, read the way that the program reads them. Not the sums themselves:
//! their vectors stand beside them.

use std::time::Duration;

use warroom::demo::scenario::LostOrders;
use warroom::demo::{Company, TraceRecord};
use warroom::domain::Window;
use warroom::domain::trace::{Kept, Sampler, SkewOptions, Tree, attribute, responsible};

fn built(record: &TraceRecord) -> Tree {
    Tree::build(record.id, record.spans.clone(), None, SkewOptions::default())
}

fn trees(from_minutes: u64, to_minutes: u64) -> Vec<Tree> {
    let company = LostOrders::new(42, LostOrders::EVENING);
    let start = company.impact_start();
    let minutes = |count| Duration::from_secs(count * 60);
    let window = Window { start: start.plus(minutes(from_minutes)), end: start.plus(minutes(to_minutes)) };
    company.traces(window, 1_000).iter().map(|record| built(record)).collect()
}

#[test]
fn lost_orders_are_blamed_on_pricing_and_its_redis() {
    let blamed: Vec<_> = trees(3, 12).iter().filter_map(responsible).collect();
    assert!(blamed.len() >= 100, "only {} failing traces", blamed.len());
    let ranking = attribute(&blamed);
    let first = ranking.first().expect("somebody");
    assert_eq!((first.service.as_str(), first.dependency.as_deref()), ("pricing", Some("redis")));
    assert!(first.share() >= 0.95, "{ranking:?}");
    assert_eq!((first.confidence.word(), first.uncertain), ("high", 0));
}

#[test]
fn a_failing_trace_is_whole_and_its_clocks_are_put_right() {
    let trees = trees(3, 12);
    let failing = trees.iter().find(|tree| !tree.error_roots().is_empty()).expect("a failing trace");
    assert_eq!((failing.span_count(), failing.errors(), failing.error_roots().len()), (11, 8, 2));
    assert_eq!(failing.duration_nanos(), failing.row(0).expect("a root").duration_nanos);
    let moved: Vec<String> = failing.moved_clocks().iter().map(|(service, _)| service.to_string()).collect();
    assert_eq!(moved, ["inventory"]);
    let (service, nanos) = failing.critical_by_service().into_iter().next().expect("a path");
    let share = nanos as f64 / failing.duration_nanos() as f64;
    assert_eq!((service.as_str(), share > 0.94), ("pricing", true), "{share}");
    let why = Kept::why(failing, Sampler { slow: None, one_of: 1 });
    assert!(why.error && why.exception, "{why}");
}
