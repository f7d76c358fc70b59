//! Many traces together: who is blamed and what speaks against it, what sets failing ones apart, the slow ones' excess,
//! the twin.

use std::collections::BTreeMap;

use super::sample::{id, order, span, trace, tree};
use crate::domain::signal::{Kind, Span, Value};
use crate::domain::trace::{
    ABSENT, Comparison, Evidence, Excess, Findings, Operation, Profile, Runs, SkewOptions, Tree, choose_twin, excess,
    outliers,
};
use crate::domain::{Symbol, TraceId};

fn numbered(number: u32) -> TraceId {
    TraceId::new(u128::from(number) + 1).expect("not zero")
}

/// An order that fails in pricing, or one that does not, with this much of the cache and this version.
fn profile(number: u32, fails: bool, hit: bool, version: &str) -> Profile {
    let resource = std::sync::Arc::new(vec![(Symbol::from("service.version"), Value::Text(version.into()))]);
    let zone = format!("FR-{}", number % 90);
    let call = span(3, 2, 10, 60).service("pricing").name("GET tariff").kind(Kind::Client).text("db.system", "redis");
    let call = call.with("cache.hit", Value::Bool(hit)).text("order_id", &number.to_string()).text("zone", &zone);
    let mut spans = vec![
        span(1, 0, 0, 100).service("edge").name("POST /orders").kind(Kind::Server),
        Span { resource, ..span(2, 1, 5, 95).service("pricing").name("POST /quote").kind(Kind::Server) },
        call,
    ];
    if fails {
        spans =
            spans.into_iter().map(|span| span.failed("503").with("http.status_code", Value::Integer(503))).collect();
        spans.push(span(4, 1, 96, 98).service("edge").name("publish dlq").text("topic", "orders.dlq"));
    } else {
        spans.push(span(4, 1, 96, 98).service("edge").name("publish").text("topic", "orders"));
    }
    Profile::of(&Tree::build(numbered(number), spans, None, SkewOptions::OFF))
}

/// The counts of the reference: 405 and 410 of 412, 8 and 95 of 390.
fn sets() -> (Vec<Profile>, Vec<Profile>) {
    let version = |new: bool| if new { "2.14.0" } else { "2.13.4" };
    let failing = (0..412).map(|at| profile(at, true, at >= 405, version(at < 410))).collect();
    let healthy = (0..390).map(|at| profile(1_000 + at, false, at >= 8, version(at < 95))).collect();
    (failing, healthy)
}

/// What came after the failure, and what is too long to be compared, was not looked at: nobody can say that it is missing.
#[test]
fn what_was_not_looked_at_is_not_called_absent() {
    let statement = "SELECT rules ".repeat(20);
    let one = |number: u32, fails: bool| {
        let lock = span(2, 1, 10, 40).service("pricing").name("BLPOP lock").kind(Kind::Client);
        let rules = span(3, 1, 50, 60).service("pricing").name("SELECT rules").text("db.query.text", "select 1");
        let load = span(4, 1, 5, 9).service("pricing").name("load").text("plan", if fails { &statement } else { "a" });
        let root = span(1, 0, 0, 100).service("pricing").name("POST /quote").kind(Kind::Server);
        let spans =
            vec![if fails { root.failed("503") } else { root }, if fails { lock.failed("timeout") } else { lock }];
        let spans = spans.into_iter().chain([rules, load]).collect();
        Profile::of(&Tree::build(numbered(number), spans, None, SkewOptions::OFF))
    };
    let (failing, healthy): (Vec<_>, Vec<_>) = (0..40).map(|at| (one(at, true), one(100 + at, false))).unzip();
    let found = outliers(&failing.iter().collect::<Vec<_>>(), &healthy.iter().collect::<Vec<_>>(), &[]);
    assert!(found.iter().all(|outlier| outlier.value != ABSENT), "{found:#?}");
}

#[test]
fn what_sets_the_failing_ones_apart_has_the_scores_of_the_reference() {
    let (failing, healthy) = sets();
    let found = outliers(&failing.iter().collect::<Vec<_>>(), &healthy.iter().collect::<Vec<_>>(), &[]);
    let row = |at: usize| (found[at].key_text(), found[at].value.clone(), (found[at].score() * 1e4).round());
    assert_eq!(row(0), ("cache.hit".to_owned(), "false".to_owned(), 9_362.0));
    assert_eq!(row(1), ("pricing service.version".to_owned(), "2.14.0".to_owned(), 7_048.0));
    assert!(found.len() <= 4, "{found:#?}");
    let first = &found[0];
    assert_eq!((first.selected, first.of_selected, first.baseline, first.of_baseline), (405, 412, 8, 390));
    assert!((first.lift().expect("some") - 47.92).abs() < 0.005);
    // Ids, what only says that it failed, and what came after the failure are no causes.
    for key in ["order_id", "http.status_code", "topic"] {
        assert!(found.iter().all(|outlier| outlier.key.name != key), "{key}");
    }
}

#[test]
fn what_is_lacking_is_told_where_it_could_have_been() {
    let with = |number: u32, flag: bool| {
        let root = span(1, 0, 0, 100).service("edge").name("op").text("always", "x");
        let root = if flag { root.text("flag", "on") } else { root };
        Profile::of(&Tree::build(numbered(number), vec![root], None, SkewOptions::OFF))
    };
    let selected: Vec<Profile> = (0..30).map(|at| with(at, false)).collect();
    let baseline: Vec<Profile> = (30..60).map(|at| with(at, true)).collect();
    let found = outliers(&selected.iter().collect::<Vec<_>>(), &baseline.iter().collect::<Vec<_>>(), &[]);
    assert!(matches!(found.as_slice(), [only] if only.key.name == "flag" && only.value == ABSENT), "{found:?}");
}

/// A failure leaves a step undone in every trace: that goes with it as surely as its cause does, and explains nothing.
#[test]
fn what_is_lacking_stands_behind_what_the_counts_do_not_tell_from_it() {
    let with = |number: u32, fails: bool, flag: &str| {
        let root = span(1, 0, 0, 100).service("edge").name("op").text("always", "x").text("flag", flag);
        let root = if fails { root } else { root.text("db.query.text", "SELECT 1") };
        Profile::of(&Tree::build(numbered(number), vec![root], None, SkewOptions::OFF))
    };
    let selected: Vec<Profile> = (0..100).map(|at| with(at, at < 98, if at < 96 { "on" } else { "off" })).collect();
    let few = |at: u32| if at < 30 { "on" } else { "off" };
    let found = |more: &dyn Fn(u32) -> &'static str| {
        let baseline: Vec<Profile> = (0..200).map(|at| with(1_000 + at, false, more(at))).collect();
        let found = outliers(&selected.iter().collect::<Vec<_>>(), &baseline.iter().collect::<Vec<_>>(), &[]);
        found.iter().take(2).map(|row| row.key.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found(&|at| if at < 1 { "on" } else { "off" }), ["flag", "db.query.text"]);
    assert_eq!(found(&few), ["db.query.text", "flag"], "what the counts do tell apart keeps its place");
}

#[test]
fn numbers_are_put_into_ranges() {
    let with = |number: u32, size: i64| {
        let root = span(1, 0, 0, 100).service("edge").name("op").with("size", Value::Integer(size));
        Profile::of(&Tree::build(numbered(number), vec![root], None, SkewOptions::OFF))
    };
    let selected: Vec<Profile> = (0..40).map(|at| with(at, 5_000 + i64::from(at % 20))).collect();
    let baseline: Vec<Profile> = (0..100).map(|at| with(100 + at, i64::from(at))).collect();
    let found = outliers(&selected.iter().collect::<Vec<_>>(), &baseline.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(found.first().map(|outlier| outlier.value.as_str()), Some("90 and more"), "{found:?}");
}

#[test]
fn the_findings_say_who_how_sure_and_what_speaks_against_it() {
    let (failing, healthy) = sets();
    let unread = BTreeMap::from([("no answer within 2 s".to_owned(), 3)]);
    let evidence = Evidence {
        failing: failing.iter().collect(),
        healthy: healthy.iter().take(5).collect(),
        found: 415,
        unread,
        ..Evidence::default()
    };
    let found = Findings::of(evidence, &[]);
    let first = &found.ranking[0];
    assert_eq!((first.service.as_str(), first.dependency.as_deref(), first.traces), ("pricing", Some("redis"), 412));
    assert_eq!(found.for_service(Some("edge"))[0].traces, 412);
    assert_eq!(found.for_service(Some("nobody")).len(), 1);
    assert!(found.reasons.iter().any(|reason| reason.contains("100.0 %") && reason.contains("high")), "{found:?}");
    for words in ["3 of 415 could not be read: no answer within 2 s", "only 5 healthy traces"] {
        assert!(found.against.iter().any(|against| against.contains(words)), "{words}: {:?}", found.against);
    }
}

#[test]
fn a_number_of_failing_traces_is_that_of_a_search_which_may_have_stopped_at_its_limit() {
    let (failing, _) = sets();
    let words = |more: bool| {
        let unread = BTreeMap::from([("it timed out".to_owned(), 1)]);
        let failing = failing.iter().take(121).collect();
        let found = Findings::of(Evidence { failing, found: 122, more, unread, ..Evidence::default() }, &[]);
        (found.read_words(), found.against[0].clone())
    };
    let whole = ("121 of 122 failing traces read", "1 of 122 could not be read: it timed out");
    assert_eq!(words(false), (whole.0.to_owned(), whole.1.to_owned()));
    let least = ("121 of 122+ failing traces read", "1 of 122+ could not be read: it timed out");
    assert_eq!(words(true), (least.0.to_owned(), least.1.to_owned()));
}

#[test]
fn a_search_that_did_not_look_at_everything_speaks_against_what_was_found() {
    let (failing, _) = sets();
    let partial = Some("2 of 3 jobs".to_owned());
    let failing = failing.iter().take(9).collect();
    let found = Findings::of(Evidence { failing, found: 9, partial, ..Evidence::default() }, &[]);
    assert_eq!(found.read_words(), "9 of 9+ failing traces read");
    assert_eq!(found.against[0], "failing traces were searched for in part, partial: 2 of 3 jobs");
}

#[test]
fn traces_that_nobody_could_read_are_told_of_when_nobody_is_blamed() {
    let unread = BTreeMap::from([("the trace is larger than the server gives".to_owned(), 100)]);
    let found = Findings::of(Evidence { found: 100, unread, ..Evidence::default() }, &[]);
    assert_eq!((found.read, found.ranking.len()), (0, 0));
    assert_eq!(found.against, ["100 of 100 could not be read: the trace is larger than the server gives"]);
}

/// The failed order in two traces, as where pricing does not read the caller's headers; `order` is on both of its parts.
fn torn(number: u32, order_id: &str) -> [Profile; 2] {
    let all = order();
    let inside = |span: &Span| span.service == "pricing";
    let shift = i64::from(number) * 5_000_000_000;
    let part = |of: u32, wanted: bool| {
        let mut spans: Vec<Span> = all.iter().filter(|span| inside(span) == wanted).cloned().collect();
        for span in &mut spans {
            (span.start, span.end) = (span.start.shifted(shift), span.end.shifted(shift));
            span.attributes.push(("order_id".into(), Value::Text(order_id.into())));
            if span.id == id(8) {
                span.parent = None;
            }
        }
        Profile::of(&Tree::build(numbered(of), spans, None, SkewOptions::OFF))
    };
    [part(2 * number + 1, false), part(2 * number + 2, true)]
}

#[test]
fn a_failure_in_two_parts_is_one_and_the_caller_is_not_blamed() {
    let parts: Vec<Profile> = (0..30).flat_map(|at| torn(at, &format!("o{at}"))).collect();
    let evidence = Evidence { failing: parts.iter().collect(), found: 60, ..Evidence::default() };
    let business = [Symbol::from("order_id")];
    let found = Findings::of(evidence.clone(), &business);
    let first = &found.ranking[0];
    assert_eq!(
        (first.service.as_str(), first.dependency.as_deref()),
        ("pricing", Some("redis")),
        "{:?}",
        found.ranking
    );
    assert_eq!((first.traces, first.of, first.uncertain, found.joined), (30, 30, 0, 30));
    assert_eq!(found.for_service(Some("edge"))[0].service.as_str(), "pricing", "also for who asks at the door");
    assert!(found.reasons.iter().any(|reason| reason.starts_with("30 of 60 are the caller's half")), "{found:?}");
    // Without a business key in common nothing says that they are one: the caller is doubted, not absolved.
    let apart = Findings::of(evidence, &[]);
    assert_eq!((apart.joined, apart.ranking[0].service.as_str(), apart.ranking[0].of), (0, "pricing", 60));
    let caller = apart.ranking.iter().find(|line| line.service == "inventory").expect("still named");
    assert_eq!((caller.traces, caller.uncertain), (30, 30));
}

/// The reference's vector: pricing 99.36 %, routing 0.56 %, inventory 0.09 %.
#[test]
fn slow_traces_wait_where_others_do_not() {
    let with = |times: [i64; 4]| {
        let mut profile = Profile::of(&tree(order()));
        let names = ["edge", "routing", "inventory", "pricing"];
        let held = |ms: i64| Runs { critical_nanos: ms * 1_000_000, ..Runs::default() };
        let operation = |name: &str| Operation { service: name.into(), name: "op".into() };
        profile.operations = names.iter().map(|name| operation(name)).zip(times.map(held)).collect();
        profile
    };
    let (slow, usual) = (with([10, 58, 40, 2_372]), with([10, 45, 38, 61]));
    let found = excess(&[&slow], &[&usual]);
    let told: Vec<(String, i64, String)> = found
        .iter()
        .map(|Excess { operation, nanos, share }| {
            (operation.service.to_string(), nanos / 1_000_000, format!("{:.2}", share * 100.0))
        })
        .collect();
    let expected = [("pricing", 2_311, "99.36"), ("routing", 13, "0.56"), ("inventory", 2, "0.09")];
    assert_eq!(told, expected.map(|(service, ms, share)| (service.to_owned(), ms, share.to_owned())));
    assert!(excess(&[], &[&usual]).is_empty());
}

/// The healthy order: the tariff comes from the cache, nothing is read from the database.
fn healthy() -> Vec<Span> {
    use Kind::{Client, Server};
    let of = |number, parent, service: &str, name: &str, kind, start, end| {
        span(number, parent, start, end).service(service).name(name).kind(kind)
    };
    vec![
        of(21, 0, "edge", "POST /orders", Server, 0, 240),
        of(22, 21, "routing", "order.route", Server, 6, 236),
        of(24, 22, "routing", "POST inventory /reserve", Client, 45, 220).text("server.address", "inventory"),
        of(25, 24, "inventory", "POST /reserve", Server, 52, 213),
        of(27, 25, "inventory", "POST pricing /quote", Client, 74, 208).text("server.address", "pricing"),
        of(28, 27, "pricing", "POST /quote", Server, 80, 201),
        of(29, 28, "pricing", "GET tariff", Client, 84, 85)
            .text("db.system", "redis")
            .with("cache.hit", Value::Bool(true)),
        of(31, 22, "routing", "publish orders.accepted", Kind::Producer, 228, 231),
    ]
}

#[test]
fn a_twin_shows_what_is_alone_and_what_took_longer() {
    let (here, twin) = (tree(order()), tree(healthy()));
    let found = Comparison::of(&here, &twin);
    let names = |pair: &crate::domain::trace::Pair| {
        let name = |tree: &Tree, row: Option<u32>| row.and_then(|row| tree.row(row)).map(|node| node.name.to_owned());
        (name(&here, pair.here), name(&twin, pair.twin))
    };
    let lock = found.of_row(8).expect("the lock");
    assert_eq!(names(lock), (Some("BLPOP tariff:lock".to_owned()), Some("GET tariff".to_owned())));
    assert_eq!(lock.longer_nanos, 1_999_000_000);
    assert!(lock.values.contains(&("cache.hit".to_owned(), "false".to_owned(), "true".to_owned())), "{lock:?}");
    let alone: Vec<_> = found.pairs.iter().filter(|pair| pair.twin.is_none()).map(|pair| names(pair).0).collect();
    assert_eq!(
        alone.iter().flatten().collect::<Vec<_>>(),
        ["route.compute", "SELECT stock", "SELECT tariff_rules", "publish orders.dlq"]
    );
    assert_eq!((found.only_here, found.only_twin), (4, 1));
    let rows: Vec<u32> = found.pairs.iter().filter_map(|pair| pair.here).collect();
    assert!(rows.is_sorted() && rows.len() == here.len(), "in the order of the trace, each once");
}

#[test]
fn the_twin_is_healthy_of_the_same_kind_and_usual() {
    let build = |number: u128, spans: Vec<Span>| {
        Tree::build(TraceId::new(number).expect("not zero"), spans, None, SkewOptions::OFF)
    };
    let of_another_kind = vec![span(1, 0, 0, 10).service("edge").name("GET /health")];
    let mut with_a_miss = healthy();
    with_a_miss.push(span(40, 28, 90, 100).service("pricing").name("SELECT tariff_rules"));
    let candidates =
        [build(1, of_another_kind), build(2, order()), build(3, with_a_miss), build(4, healthy()), build(5, healthy())];
    let of = tree(order());
    assert_eq!(choose_twin(&of, &candidates), Some(4));
    assert_eq!(choose_twin(&of, &candidates[..2]), None);
    assert_eq!(choose_twin(&tree(Vec::new()), &candidates), None);
}

#[test]
fn whose_time_a_trace_was() {
    let shares = tree(order()).by_service();
    let told: Vec<(&str, u32, u32, u32)> =
        shares.iter().map(|share| (share.service.as_str(), share.spans, share.errors, share.starts)).collect();
    assert_eq!(told, [("pricing", 3, 3, 2), ("routing", 4, 2, 0), ("inventory", 3, 2, 0), ("edge", 1, 1, 0)]);
    let sum: i64 = shares.iter().map(|share| share.critical_nanos).sum();
    assert_eq!(sum, 2_480_000_000);
}

#[test]
fn what_takes_no_time_can_be_hidden_and_errors_never_are() {
    let tree = tree(order());
    let mut rows = crate::domain::trace::Rows::new(&tree);
    rows.without_small(true);
    let hidden: Vec<&str> = (0..11_u32)
        .filter(|row| !rows.visible().contains(row))
        .filter_map(|row| tree.row(row).map(|node| node.name))
        .collect();
    assert_eq!(hidden, ["route.compute", "SELECT stock", "publish orders.dlq"]);
    assert_eq!(rows.small_hidden(), 3);
    rows.attach(vec![6, 8, 8]);
    let at = rows.position(8).expect("shown");
    assert_eq!(rows.visible().get(at..at + 3), Some(&[8, 12, 13][..]));
    assert_eq!(
        (rows.attached(11), rows.attached(13), rows.attached(14), rows.position(13)),
        (Some(0), Some(2), None, Some(at + 2))
    );
    rows.reveal(2);
    assert!(!rows.is_without_small() && rows.visible().contains(&2));
    assert_eq!(
        tree.by_id(id(3)).and_then(|row| tree.row(row)).map(|node| node.span.map(|span| span.trace)),
        Some(Some(trace()))
    );
}
