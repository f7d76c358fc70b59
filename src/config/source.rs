//! `[[source]]`: a server to ask, and who we say we are. Not the asking: that is `backend`.

use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use super::nearest::hint;
use super::place::Place;
use super::problem::{Found, Problem};
use super::secret::{self, Credential};
use super::section::{Section, shown};
use crate::domain::Symbol;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Mimir, Thanos, VictoriaMetrics too: whatever speaks Prometheus' query API.
    Prometheus,
    Loki,
    Tempo,
    Jaeger,
    Alertmanager,
    /// For the marks on its dashboards: deploys and flags.
    Grafana,
}

impl SourceKind {
    pub const ALL: [Self; 6] =
        [Self::Prometheus, Self::Loki, Self::Tempo, Self::Jaeger, Self::Alertmanager, Self::Grafana];

    /// As the config writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Loki => "loki",
            Self::Tempo => "tempo",
            Self::Jaeger => "jaeger",
            Self::Alertmanager => "alertmanager",
            Self::Grafana => "grafana",
        }
    }
}

/// Checked: the URL has a host and neither user, query nor fragment; a credential goes over TLS, to this machine, or
/// where the user said that it may go in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub kind: SourceKind,
    /// Unique among the sources.
    pub name: Symbol,
    /// The base of the API; may have a path prefix, with or without a slash at its end.
    pub url: Url,
    /// For the header `X-Scope-OrgID`.
    pub tenant: Option<String>,
    /// For Basic authentication with the credential as password; without it the credential is a Bearer token.
    pub user: Option<String>,
    pub credential: Option<Credential>,
    /// PEM, beside the system's roots.
    pub ca_file: Option<PathBuf>,
    /// Of one question.
    pub timeout: Duration,
    /// Questions a minute; `None` leaves it to the program.
    pub queries_per_minute: Option<u32>,
}

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) const KEYS: &[&str] = &[
    "kind",
    "name",
    "url",
    "tenant",
    "user",
    "token_env",
    "token_file",
    "token_command",
    "ca_file",
    "timeout",
    "allow_plaintext",
    "queries_per_minute",
];

pub(super) const TITLE: &str = "[[source]]";

/// `None` when something that it cannot do without is missing or wrong; the problems say what.
pub(super) fn read(section: &Section<'_>, place: &Place) -> Option<(Source, Found<()>)> {
    let kind = read_kind(section);
    let name = section.line("name");
    if !section.has("name") {
        section.missing("name", "a short name for the header, such as name = \"prometheus\"");
    }
    let url = read_url(section);
    if !section.has("url") {
        section.missing("url", "for example url = \"https://prometheus.example.net\"");
    }
    let tenant = section.line("tenant").map(|found| found.value);
    let user = section.line("user");
    let credential = read_credential(section, place);
    if let (Some(user), None, false) = (&user, &credential, secret::KEYS.iter().any(|key| section.has(key))) {
        let hint = "add token_env, token_file or token_command: the password of this user";
        section.problem(Problem::at(user.span.clone(), "`user` without a password").hint(hint));
    }
    let ca_file = read_ca_file(section, place);
    let timeout = section.duration("timeout", "1s", "2m").unwrap_or(DEFAULT_TIMEOUT);
    let allow_plaintext = section.flag("allow_plaintext").unwrap_or(false);
    if let (Some(url), Some(_)) = (&url, &credential)
        && url.value.scheme() == "http"
        && !allow_plaintext
        && !is_loopback(&url.value)
    {
        let host = url.value.host_str().unwrap_or_default();
        let message = format!("the token would go to `{}` unencrypted", shown(host));
        let hint = "use https, or write allow_plaintext = true if the network in between is yours";
        section.problem(Problem::at(url.span.clone(), message).hint(hint));
    }
    let (kind, name, url) = (kind?, name?, url?);
    let source = Source {
        kind,
        name: Symbol::from(name.value),
        url: url.value,
        tenant,
        user: user.map(|user| user.value),
        credential,
        ca_file,
        timeout,
        queries_per_minute: section.count("queries_per_minute", 6, 60_000),
    };
    Some((source, Found { value: (), span: name.span }))
}

fn read_kind(section: &Section<'_>) -> Option<SourceKind> {
    let words = SourceKind::ALL.map(SourceKind::word);
    if !section.has("kind") {
        section.missing("kind", &format!("one of {}", words.join(", ")));
    }
    let found = section.text("kind")?;
    let kind = SourceKind::ALL.into_iter().find(|kind| kind.word() == found.value);
    if kind.is_none() {
        let hint = match found.value.to_lowercase().as_str() {
            "mimir" | "thanos" | "victoriametrics" | "cortex" => {
                "it speaks Prometheus' query API: kind = \"prometheus\"".to_owned()
            }
            other => hint(other, &words),
        };
        let message = format!("`kind` cannot be `{}`", shown(&found.value));
        section.problem(Problem::at(found.span, message).hint(hint));
    }
    kind
}

fn read_url(section: &Section<'_>) -> Option<Found<Url>> {
    let found = section.text("url")?;
    let wrong = |message: String, hint: &str| {
        section.problem(Problem::at(found.span.clone(), message).hint(hint));
        None
    };
    let url = match Url::parse(&found.value) {
        Ok(url) => url,
        Err(error) => {
            let reason = error.to_string();
            return wrong(
                format!("`url` is not a URL: {reason}"),
                "for example url = \"https://loki.example.net/loki\"",
            );
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("`url` must be http or https, not `{}`", shown(url.scheme()));
        return wrong(message, "the HTTP address of the server's API; the websocket is found from it");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong(
            "`url` holds a user or a password".to_owned(),
            "write user = \"..\" and token_env = \"..\" instead: a config is shown and shared",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("`url` has a query or a fragment".to_owned(), "give the base of the API only, up to its path");
    }
    Some(Found { value: url, span: found.span })
}

/// `localhost` and what ends in it, 127.0.0.0/8, ::1.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn read_credential(section: &Section<'_>, place: &Place) -> Option<Credential> {
    let given: Vec<&str> = secret::KEYS.iter().copied().filter(|key| section.has(key)).collect();
    if let [first, second, ..] = given.as_slice()
        && let Some(value) = section.value(second)
    {
        let message = format!("`{second}` beside `{first}`");
        section.problem(Problem::at(value.span(), message).hint("keep one of them"));
    }
    let environment = section.line("token_env").and_then(|found| {
        let named = found.value.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
        if !named {
            let message = "`token_env` is not the name of a variable";
            let hint = "the name of the variable, never the token itself: token_env = \"PROMETHEUS_TOKEN\"";
            section.problem(Problem::at(found.span.clone(), message).hint(hint));
        }
        named.then_some(Credential::Environment(found.value))
    });
    let file = section.line("token_file").and_then(|found| {
        let path = place.path(&found.value);
        if let Err(error) = secret::may_be_used(&path) {
            section.problem(Problem::at(found.span, error.message).hint(error.hint));
            return None;
        }
        Some(Credential::File(path))
    });
    let command = section.texts("token_command", false).and_then(|words| {
        let command: Vec<String> = words.into_iter().map(|word| word.value).collect();
        if command.is_empty()
            && let Some(value) = section.value("token_command")
        {
            let hint = "the program and its arguments: token_command = [\"pass\", \"show\", \"grafana\"]";
            section.problem(Problem::at(value.span(), "`token_command` is empty").hint(hint));
        }
        (!command.is_empty()).then_some(Credential::Command(command))
    });
    environment.or(file).or(command)
}

fn read_ca_file(section: &Section<'_>, place: &Place) -> Option<PathBuf> {
    let found = section.line("ca_file")?;
    let path = place.path(&found.value);
    if !path.is_file() {
        let hint = format!("looked for {}", path.display());
        section.problem(Problem::at(found.span, "`ca_file` is not there").hint(hint));
        return None;
    }
    Some(path)
}
