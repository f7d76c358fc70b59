//! The same question for a shell: a line of curl. Secrets are never in it: `$TOKEN` stands for them.

use super::Language;
use crate::domain::{Symbol, Timestamp, Window};

/// How we say who we are, without the secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    #[default]
    Nobody,
    Bearer,
    /// The user of Basic authentication; its password is the secret.
    Basic(String),
}

/// Where a server is and what to say to it, all of which may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub source: Symbol,
    /// The base of its API, without user and password.
    pub url: String,
    pub tenant: Option<String>,
    pub identity: Identity,
}

/// Lines and traces that one query is answered with, at most.
pub const LINES: usize = 2_000;
pub const TRACES: usize = 100;

/// One line for a POSIX shell. PromQL is asked at the window's end; the others within the window, as many
/// answers at most as the war room takes.
#[must_use]
pub fn curl(address: &Address, language: Language, query: &str, window: Window) -> String {
    let base = address.url.trim_end_matches('/');
    let (path, pairs) = match language {
        Language::Promql => ("/api/v1/query", vec![("query", query.to_owned()), ("time", seconds(window.end))]),
        Language::Logql => (
            "/loki/api/v1/query_range",
            vec![
                ("query", query.to_owned()),
                ("start", window.start.nanos().to_string()),
                ("end", window.end.nanos().to_string()),
                ("limit", LINES.to_string()),
            ],
        ),
        Language::Traceql => (
            "/api/search",
            vec![
                ("q", query.to_owned()),
                ("start", window.start.seconds().to_string()),
                ("end", window.end.seconds().to_string()),
                ("limit", TRACES.to_string()),
            ],
        ),
    };
    let mut line = format!("curl -sSG {}", quoted(&format!("{base}{path}")));
    match &address.identity {
        Identity::Nobody => {}
        // Double quotes: the shell fills the variable in.
        Identity::Bearer => line.push_str(" -H \"Authorization: Bearer $TOKEN\""),
        Identity::Basic(user) => line.push_str(&format!(" -u {}\"$TOKEN\"", quoted(&format!("{user}:")))),
    }
    if let Some(tenant) = &address.tenant {
        line.push_str(&format!(" -H {}", quoted(&format!("X-Scope-OrgID: {tenant}"))));
    }
    for (name, value) in pairs {
        line.push_str(&format!(" --data-urlencode {}", quoted(&format!("{name}={value}"))));
    }
    line
}

fn seconds(at: Timestamp) -> String {
    at.seconds().to_string()
}

/// Within single quotes nothing means anything to a shell but the quote itself.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("'{}'", plain.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(identity: Identity) -> Address {
        Address {
            source: "p".into(),
            url: "https://mimir.example/api/prom/".to_owned(),
            tenant: Some("team-a".into()),
            identity,
        }
    }

    const WINDOW: Window = Window { start: Timestamp::from_seconds(60), end: Timestamp::from_seconds(120) };

    #[test]
    fn a_line_asks_the_same_and_holds_no_secret() {
        assert_eq!(
            curl(&address(Identity::Bearer), Language::Promql, "up{a='b'}", WINDOW),
            "curl -sSG 'https://mimir.example/api/prom/api/v1/query' -H \"Authorization: Bearer $TOKEN\" \
             -H 'X-Scope-OrgID: team-a' --data-urlencode 'query=up{a='\\''b'\\''}' --data-urlencode 'time=120'"
        );
        let logs = curl(&address(Identity::Basic("7".into())), Language::Logql, "{a=\"b\"}", WINDOW);
        assert!(logs.contains("-u '7:'\"$TOKEN\"") && logs.contains("'start=60000000000'"), "{logs}");
        let traces = curl(&address(Identity::Nobody), Language::Traceql, "{}", WINDOW);
        assert!(traces.contains("/api/search'") && traces.contains("'q={}'") && !traces.contains("TOKEN"), "{traces}");
    }

    proptest! {
        /// Outside of single quotes stands nothing that came from the query.
        #[test]
        fn a_query_never_leaves_its_quotes(query in ".{0,60}") {
            let line = curl(&address(Identity::Nobody), Language::Promql, &query, WINDOW);
            let mut inside = false;
            let mut bare = String::new();
            let mut letters = line.chars().peekable();
            while let Some(letter) = letters.next() {
                match letter {
                    '\'' => inside = !inside,
                    '\\' if !inside => drop(letters.next()),
                    other if !inside => bare.push(other),
                    _ => {}
                }
            }
            prop_assert!(!inside);
            prop_assert_eq!(bare, "curl -sSG  -H  --data-urlencode  --data-urlencode ");
        }
    }
}
