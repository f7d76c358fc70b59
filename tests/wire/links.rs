//! Links between traces over the wire: the planner's trace names the order's, and from the order's side it is found by
//! asking for it in Tempo's own language.

use warroom::backend::{Jaeger, Tempo};
use warroom::demo::{Running, Target};
use warroom::domain::signal::Kind;
use warroom::domain::trace::{SkewOptions, Tie, Tree, links};
use warroom::domain::{Cause, SpanId, TraceId};
use warroom::port::{Search, Traces};

use super::replay::{Answer, Asked, Replay};
use super::stage::{between, door, play};

async fn tree(client: &dyn Traces, id: TraceId) -> Tree {
    let fetched = client.trace(id, None).await.expect("a trace");
    Tree::build(id, fetched.spans, fetched.partial, SkewOptions::default())
}

/// The trace of an accepted order, with its publishing span.
async fn accepted(client: &Tempo) -> Tree {
    let sent = Search {
        attribute: Some(("messaging.destination.name".into(), "orders.accepted".into())),
        ..Search::default()
    };
    for row in client.search(&sent, between(0, 300), 40).await.expect("rows").rows {
        let tree = tree(client, row.trace).await;
        if tree.rows().any(|node| node.kind == Kind::Producer && node.name.contains("orders.accepted")) {
            return tree;
        }
    }
    panic!("no order was accepted");
}

fn tempo(running: &Running) -> Tempo {
    Tempo::connect(door(running, Target::Tempo)).expect("a client")
}

#[tokio::test]
async fn a_link_is_followed_both_ways_and_tells_its_lag() {
    let demo = play(420, 0.0, &[]).await;
    let client = tempo(&demo);
    let order = accepted(&client).await;
    let back = Search { linked_to: Some(order.trace()), ..Search::default() };
    let found = client.search(&back, between(0, 420), 20).await.expect("rows").rows;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].root_service, "shipment-planner");
    let shipment = tree(&client, found[0].trace).await;
    let there = links(&order, std::slice::from_ref(&shipment));
    let here = links(&shipment, std::slice::from_ref(&order));
    assert!(matches!(there.as_slice(), [row] if row.tie == Tie::From && row.trace == shipment.trace()), "{there:?}");
    assert!(matches!(here.as_slice(), [row] if row.tie == Tie::To && row.trace == order.trace()), "{here:?}");
    assert_eq!(order.row(there[0].row).map(|node| node.kind), Some(Kind::Producer));
    let lag = there[0].lag_nanos.expect("both ends were read");
    assert_eq!(here[0].lag_nanos, Some(lag));
    assert!((4_000_000..40_000_000).contains(&lag), "{lag}");
    demo.stop().await;
}

#[tokio::test]
async fn nothing_is_linked_to_a_trace_that_nobody_names() {
    let demo = play(420, 0.0, &[]).await;
    let client = tempo(&demo);
    let nobody = Search { linked_to: TraceId::new(77), ..Search::default() };
    assert_eq!(client.search(&nobody, between(0, 420), 20).await.expect("rows").rows, []);
    // Every consumer's link is found by its kind, and by the span that it names.
    let query = "{ kind = consumer && link:traceID != \"\" && link:spanID =~ \"[0-9a-f]{16}\" }";
    let found = client.query(query, between(0, 420), 5).await.expect("rows").rows;
    assert_eq!(found.len(), 5, "{found:?}");
    // A server that cannot be asked says that it found nothing.
    let jaeger = Jaeger::connect(door(&demo, Target::Jaeger)).expect("a client");
    assert_eq!(jaeger.search(&nobody, between(0, 420), 20).await.expect("rows").rows, []);
    demo.stop().await;
}

#[tokio::test]
async fn a_span_is_found_by_its_id_alone_and_who_cannot_be_asked_says_so() {
    let demo = play(420, 0.0, &[]).await;
    let client = tempo(&demo);
    let order = accepted(&client).await;
    let span = order.rows().filter_map(|node| node.span).last().expect("a span").id;
    let found = client.holding(span, between(0, 420), 5).await.expect("an answer").expect("it can be asked");
    assert_eq!(found.rows.iter().map(|row| row.trace).collect::<Vec<_>>(), [order.trace()]);
    let nobody = SpanId::new(77).expect("an id");
    assert_eq!(client.holding(nobody, between(0, 420), 5).await, Ok(Some(Vec::new().into())));
    let jaeger = Jaeger::connect(door(&demo, Target::Jaeger)).expect("a client");
    assert_eq!(jaeger.holding(span, between(0, 420), 5).await, Ok(None));
    demo.stop().await;
}

/// Before 2.5 the server does not know the word.
#[tokio::test]
async fn an_older_tempo_is_not_asked_for_spans_and_other_refusals_stay_what_they_are() {
    for (words, is_older) in [
        ("invalid TraceQL query: parse error at line 1, col 3: syntax error: unexpected IDENTIFIER", true),
        ("range specified by start and end exceeds 1h0m0s", false),
    ] {
        let replay = Replay::serve(move |_: &Asked| Answer::new(400, words)).await;
        let client = Tempo::connect(replay.endpoint()).expect("a client");
        let answer = client.holding(SpanId::new(77).expect("an id"), between(0, 60), 5).await;
        assert_eq!(replay.asked()[0].pair("q"), Some("{ span:id = \"000000000000004d\" }"));
        match is_older {
            true => assert_eq!(answer, Ok(None)),
            false => {
                assert!(matches!(answer.map_err(|failure| failure.cause), Err(Cause::Refused { status: 400, .. })))
            }
        }
    }
}
