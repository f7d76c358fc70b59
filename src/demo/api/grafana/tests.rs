//! The routes as a client sees them.

use std::sync::Arc;

use axum::Router;

use super::{TOKEN, router};
use crate::demo::Annotation;
use crate::demo::api::rehearsal::{Reply, get};
use crate::demo::fixture::Fixture;
use crate::demo::site::Site;
use crate::domain::Timestamp;

fn mark(minute: i64, text: &str, tags: &[&str]) -> Annotation {
    Annotation {
        at: Timestamp::from_seconds(1_773_423_000 + minute * 60),
        until: None,
        text: text.to_owned(),
        tags: tags.iter().map(ToString::to_string).collect(),
        author: "ci",
    }
}

fn site() -> Arc<Site> {
    let annotations = vec![
        mark(-30, "pricing 1 → 2", &["deploy", "service:pricing"]),
        mark(-10, "label 3 → 4", &["deploy", "service:label"]),
        mark(-5, "multi-room on", &["feature-flag"]),
        mark(5, "not yet", &["deploy"]),
    ];
    Fixture { annotations, ..Fixture::default() }.site_at(Timestamp::from_seconds(1_773_423_000))
}

fn served() -> Router {
    router(site())
}

async fn asked(path: &str, query: &[(&str, &str)]) -> Reply {
    get(served(), path, query, Some(("Authorization", &format!("Bearer {TOKEN}")))).await
}

async fn texts(query: &[(&str, &str)]) -> Vec<String> {
    let reply = asked("/api/annotations", query).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let json = reply.json();
    json.as_array().expect("a list").iter().map(|item| item["text"].as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn marks_come_newest_first_by_time_and_tags_and_never_from_the_future() {
    assert_eq!(texts(&[]).await, ["multi-room on", "label 3 → 4", "pricing 1 → 2"]);
    assert_eq!(texts(&[("limit", "1")]).await, ["multi-room on"]);
    assert_eq!(texts(&[("tags", "deploy"), ("tags", "service:label")]).await, ["label 3 → 4"]);
    let either = [("tags", "service:label"), ("tags", "feature-flag"), ("matchAny", "true")];
    assert_eq!(texts(&either).await, ["multi-room on", "label 3 → 4"]);
    let (from, to) = ("1773422000000", "1773422500000");
    assert_eq!(texts(&[("from", from), ("to", to)]).await, ["label 3 → 4"]);
    assert!(texts(&[("type", "alert")]).await.is_empty());
}

#[tokio::test]
async fn a_mark_has_the_fields_of_a_real_one() {
    let item = &asked("/api/annotations", &[("limit", "1")]).await.json()[0];
    assert_eq!((item["id"].as_i64(), item["time"].as_i64()), (Some(3), Some(1_773_422_700_000)));
    assert_eq!((item["timeEnd"].as_i64(), item["login"].as_str()), (Some(1_773_422_700_000), Some("ci")));
    assert!(item["dashboardUID"].is_null() && item["tags"][0] == "feature-flag" && item["data"].is_object());
    let tags = asked("/api/annotations/tags", &[("tag", "deploy")]).await.json();
    assert_eq!(tags["result"]["tags"][0], serde_json::json!({"tag": "deploy", "count": 2}));
}

#[tokio::test]
async fn only_health_is_told_to_strangers() {
    let health = get(served(), "/api/health", &[], None).await;
    assert_eq!((health.status, health.json()["database"].as_str()), (200, Some("ok")));
    let nobody = get(served(), "/api/annotations", &[], None).await;
    assert_eq!((nobody.status, nobody.json()["message"].as_str()), (401, Some("Unauthorized")));
    let other = get(served(), "/api/org", &[], Some(("Authorization", "Bearer glsa_other"))).await;
    assert_eq!((other.status, other.json()["message"].as_str()), (401, Some("Invalid API key")));
    assert_eq!(asked("/api/org", &[]).await.status, 200);
    assert_eq!(asked("/api/nothing", &[]).await.status, 404);
}

#[tokio::test]
async fn the_other_servers_answer_behind_it_and_nobody_writes() {
    let asked_by = |uid: &str, path: &str| format!("/api/datasources/proxy/uid/{uid}/{path}");
    let prometheus = asked(&asked_by("prometheus", "api/v1/query"), &[("query", "1")]).await;
    assert_eq!((prometheus.status, prometheus.json()["status"].as_str()), (200, Some("success")));
    assert_eq!(asked(&asked_by("alertmanager", "api/v2/alerts"), &[]).await.status, 200);
    let unknown = asked(&asked_by("nothing", "api/v1/query"), &[]).await;
    assert_eq!((unknown.status, unknown.json()["message"].as_str()), (404, Some("Unable to find datasource")));
    drop(rustls::crypto::ring::default_provider().install_default());
    let server = crate::demo::api::rehearsal::serve(served()).await;
    for path in ["/api/annotations".to_owned(), asked_by("loki", "loki/api/v1/push")] {
        let post = reqwest::Client::new().post(format!("{}{path}", server.url())).bearer_auth(TOKEN).body("{}");
        assert_eq!(post.send().await.expect("an answer").status().as_u16(), 403, "{path}");
    }
}
