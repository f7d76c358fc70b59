//! Prometheus 2.42 as recorded.

use std::time::Duration;

use warroom::backend::{Credential, Endpoint, Prometheus};
use warroom::domain::{Cause, Timestamp, Window};
use warroom::port::Metrics;

use super::replay::{Answer, Asked, Replay, recorded};

const SERVER: &str = "prometheus-2.42";

async fn against(call: &'static str) -> (Prometheus, Replay) {
    let replay = Replay::serve(move |_: &Asked| recorded(SERVER, call)).await;
    (Prometheus::connect(replay.endpoint()).expect("a client"), replay)
}

fn window() -> Window {
    Window { start: Timestamp::from_seconds(1_795_348_762), end: Timestamp::from_seconds(1_795_348_822) }
}

async fn refusal(call: &'static str) -> Cause {
    let (client, _replay) = against(call).await;
    client.instant("x", Timestamp::EPOCH).await.expect_err("refused").cause
}

#[tokio::test]
async fn an_instant_query_gives_one_sample_a_series() {
    let (client, replay) = against("query_instant_vector").await;
    let at = Timestamp::from_millis(1_795_348_823_865);
    let answer = client.instant("sum by (service,code) (rate(http_requests_total[1m]))", at).await.expect("an answer");
    let rows: Vec<_> = answer.series.iter().map(|row| (row.labels.to_string(), row.samples[0].value)).collect();
    let expected = [
        (r#"{code="200", service="checkout"}"#.to_owned(), 92.179_011_813_400_02),
        (r#"{code="500", service="checkout"}"#.to_owned(), 5.087_522_635_164_268),
    ];
    assert_eq!(rows, expected);
    assert!(answer.series.iter().all(|row| row.samples.len() == 1 && row.samples[0].time == at));
    assert!(answer.warnings.is_empty());
    let asked = replay.asked();
    assert_eq!((asked[0].path.as_str(), asked[0].pair("time")), ("/api/v1/query", Some("1795348823.865")));
    assert_eq!(asked[0].pair("query"), Some("sum by (service,code) (rate(http_requests_total[1m]))"));
}

#[tokio::test]
async fn not_a_number_and_the_infinities_are_kept() {
    let (client, _replay) = against("query_instant_nan_inf").await;
    let answer = client.instant("queue_lag", Timestamp::EPOCH).await.expect("an answer");
    let lag = |topic: &str| {
        let row = answer.series.iter().find(|row| row.labels.get("topic").is_some_and(|name| name == topic));
        row.expect("a series").samples[0].value
    };
    assert_eq!(lag("neg"), f64::NEG_INFINITY);
    assert!(lag("orders").is_nan());
    assert_eq!(lag("parcels"), f64::INFINITY);
}

#[tokio::test]
async fn a_scalar_is_one_series_and_nothing_is_none() {
    let (client, _replay) = against("query_instant_scalar").await;
    let answer = client.instant("scalar(vector(1.5))", Timestamp::EPOCH).await.expect("an answer");
    assert_eq!((answer.series.len(), answer.series[0].labels.is_empty()), (1, true));
    assert_eq!(answer.series[0].samples[0].value, 1.5);
    assert_eq!(answer.series[0].samples[0].time.millis(), 1_795_348_824_269);
    let (client, _replay) = against("query_instant_empty").await;
    assert!(client.instant("no_such_metric", Timestamp::EPOCH).await.expect("an answer").series.is_empty());
}

#[tokio::test]
async fn a_range_is_samples_in_order() {
    let (client, replay) = against("range_ok").await;
    let answer = client.range("up", window(), Duration::from_millis(1_500)).await.expect("an answer");
    let times: Vec<_> = answer.series[0].samples.iter().map(|sample| sample.time.seconds()).collect();
    assert_eq!(times, [1_795_348_762, 1_795_348_777, 1_795_348_792, 1_795_348_807, 1_795_348_822]);
    assert_eq!(answer.series[0].samples[4].value, 1.844_274_809_160_307_4);
    let asked = replay.asked();
    assert_eq!(asked[0].path, "/api/v1/query_range");
    assert_eq!((asked[0].pair("start"), asked[0].pair("end")), (Some("1795348762"), Some("1795348822")));
    assert_eq!(asked[0].pair("step"), Some("1.500"));
}

#[tokio::test]
async fn native_histograms_are_left_out_and_said_to_be() {
    let (client, _replay) = against("native_histogram_range").await;
    let answer = client.range("h", window(), Duration::from_secs(30)).await.expect("an answer");
    assert!(answer.series.is_empty());
    assert!(answer.warnings[0].contains("native histograms"), "{:?}", answer.warnings);
}

#[tokio::test]
async fn refusals_are_in_the_servers_words() {
    let message =
        r#"invalid parameter "query": 1:17: parse error: unexpected "(" in grouping opts, expected "," or ")""#;
    assert_eq!(refusal("query_bad_400").await, Cause::Refused { status: 400, message: message.into() });
    assert!(matches!(refusal("query_422_too_many_samples").await, Cause::Refused { status: 422, .. }));
    assert!(matches!(refusal("range_11000_points_400").await, Cause::Refused { status: 400, .. }));
    let Cause::Refused { status: 422, message } = refusal("query_exec_422_many_to_many").await else {
        panic!("a refusal")
    };
    assert!(message.starts_with("found duplicate series") && message.chars().count() <= 301);
    assert_eq!(refusal("notfound_404").await, Cause::NotFound("404 page not found".into()));
}

#[tokio::test]
async fn an_ill_server_is_asked_three_times_and_quoted() {
    let (client, replay) = against("query_timeout_503").await;
    let failure = client.instant("x", Timestamp::EPOCH).await.expect_err("ill");
    let message = "query timed out in query execution".to_owned();
    assert_eq!(failure.cause, Cause::Failing { status: 503, message });
    assert!(failure.is_passing());
    assert_eq!(replay.asked().len(), 3);
}

#[tokio::test]
async fn a_long_query_goes_as_a_form_and_once() {
    let replay = Replay::serve(|_: &Asked| Answer::new(503, "")).await;
    let client = Prometheus::connect(replay.endpoint()).expect("a client");
    let query = "x + ".repeat(500) + "x";
    assert!(client.instant(&query, Timestamp::EPOCH).await.is_err());
    let asked = replay.asked();
    assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].pair("query")), (1, "POST", Some(query.as_str())));
}

#[tokio::test]
async fn label_values_are_sorted_and_the_probe_tells_the_version() {
    let (client, replay) = against("labels").await;
    let values = client.label_values("http.route", r#"{job="x"}"#, window()).await.expect("values");
    assert_eq!(values[0], "__name__");
    assert!(values.is_sorted());
    let asked = replay.asked();
    assert_eq!(asked[0].path, "/api/v1/label/U__http_2e_route/values");
    assert_eq!(asked[0].pair("match[]"), Some(r#"{job="x"}"#));
    let (client, _replay) = against("buildinfo").await;
    assert_eq!(client.probe().await.expect("there").version, "2.42.0+ds");
}

#[tokio::test]
async fn who_we_are_is_sent_behind_the_configured_prefix() {
    let replay = Replay::serve(|_: &Asked| recorded(SERVER, "query_instant_empty")).await;
    let endpoint = Endpoint {
        base: replay.base.join("api/prom").expect("a URL"),
        tenant: Some("team-a".into()),
        credential: Some(Credential::Bearer("t0ken".into())),
        ..replay.endpoint()
    };
    let client = Prometheus::connect(endpoint).expect("a client");
    client.instant("x", Timestamp::EPOCH).await.expect("an answer");
    let asked = replay.asked();
    assert_eq!(asked[0].path, "/api/prom/api/v1/query");
    assert_eq!(asked[0].headers["x-scope-orgid"], "team-a");
    assert_eq!(asked[0].headers["authorization"], "Bearer t0ken");
}
