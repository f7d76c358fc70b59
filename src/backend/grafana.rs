//! Grafana's annotations: the marks that pipelines and people leave on dashboards. Read only; nothing is written here.

use std::time::Instant;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::endpoint::Endpoint;
use super::http::{Ask, Http};
use super::lenient::{self, Text};
use super::words;
use crate::domain::incident::Change;
use crate::domain::{Cause, Failure, Symbol, Timestamp, Window};
use crate::port::{Changes, Probe, Reply};

/// A client of one Grafana.
pub struct Grafana(Http);

impl Grafana {
    /// Connects nothing yet; fails for what can be known without asking: a bad URL, header or certificate.
    ///
    /// # Errors
    /// `Unreachable`, with the reason.
    pub fn connect(endpoint: Endpoint) -> Result<Self, Failure> {
        Http::new(endpoint).map(Self)
    }

    async fn marks(&self, window: Option<Window>, limit: usize) -> Result<Vec<Change>, Cause> {
        let mut ask = Ask::get(&["api", "annotations"]).pair("type", "annotation").pair("limit", limit);
        if let Some(window) = window {
            ask = ask.pair("from", window.start.millis()).pair("to", window.end.millis());
        }
        changes(&self.0.body(&ask).await?, self.0.name())
    }

    /// Health is told to everybody, so the version says nothing of our token.
    async fn version(&self) -> Result<String, Cause> {
        let body = self.0.body(&Ask::get(&["api", "health"])).await?;
        let health: Health<'_> = lenient::decode(&body)?;
        Ok(words::clean(health.version.as_str()))
    }
}

impl Changes for Grafana {
    fn name(&self) -> &Symbol {
        self.0.name()
    }

    fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
        Box::pin(async {
            let asked = Instant::now();
            let probe = async {
                self.marks(None, 1).await?;
                Ok(Probe { latency: asked.elapsed(), version: self.version().await.unwrap_or_default() })
            };
            probe.await.map_err(|cause| self.0.fail(cause))
        })
    }

    fn changes(&self, window: Window, limit: usize) -> BoxFuture<'_, Reply<Vec<Change>>> {
        Box::pin(async move { self.marks(Some(window), limit).await.map_err(|cause| self.0.fail(cause)) })
    }
}

#[derive(Deserialize)]
struct Health<'a> {
    #[serde(borrow, default)]
    version: Text<'a>,
}

#[derive(Deserialize)]
struct Mark<'a> {
    #[serde(borrow)]
    time: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::or_default")]
    tags: Vec<Text<'a>>,
    #[serde(borrow, default)]
    login: Text<'a>,
    #[serde(borrow, default, rename = "userName")]
    user: Text<'a>,
}

/// In the server's order. Times are milliseconds.
pub(super) fn changes(body: &[u8], source: &Symbol) -> Result<Vec<Change>, Cause> {
    let marks: Vec<Mark<'_>> = lenient::decode(body)?;
    let mut changes = Vec::with_capacity(marks.len());
    for mark in marks {
        let millis = mark.time.integer().ok_or_else(|| {
            Cause::Malformed(words::clean(&format!("an annotation is at {:?}, which is no time", mark.time.as_str())))
        })?;
        let tags: Vec<&str> = mark.tags.iter().map(Text::as_str).collect();
        let author = [mark.login.as_str(), mark.user.as_str()].into_iter().find(|name| !name.is_empty());
        let at = Timestamp::from_millis(millis);
        changes.push(Change::of_mark(at, mark.text.as_str(), &tags, author, source));
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::ChangeKind;

    #[test]
    fn marks_are_read_as_servers_write_them() {
        let body = br#"[{"id":7,"time":1773421800000,"timeEnd":1773421800000,"text":"pricing 2.13.4 \u2192 2.14.0",
            "tags":["deploy","service:pricing"],"login":"ci","data":{},"dashboardUID":null},
            {"id":8,"time":"1773421900000","text":"noted","tags":null,"userName":"Ana"},{"time":0}]"#;
        let changes = changes(body, &"grafana".into()).expect("annotations");
        assert_eq!(changes.len(), 3);
        assert_eq!((changes[0].kind, changes[0].version.as_deref()), (ChangeKind::Deploy, Some("2.14.0")));
        assert_eq!((changes[0].at.millis(), changes[0].author.as_deref()), (1_773_421_800_000, Some("ci")));
        assert_eq!((changes[1].kind, changes[1].author.as_deref()), (ChangeKind::Other, Some("Ana")));
    }

    #[test]
    fn what_is_no_list_of_marks_is_refused_in_words() {
        let said = |body: &[u8]| changes(body, &"grafana".into()).expect_err("refused").to_string();
        assert!(said(b"<!DOCTYPE html><title>Grafana</title>").contains("login page"));
        assert!(said(br#"[{"time":"soon","text":"x"}]"#).contains("soon"));
        assert!(said(br#"[{"text":"x"}]"#).contains("time"));
        assert!(said(b"").contains("empty"));
    }
}
