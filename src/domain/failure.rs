//! How asking a server can fail, in words that a responder can act on. Not a state of the screen: that is `room/health.rs`.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Symbol;

/// What went wrong with one question to one server. Never holds a secret: clients put neither tokens nor whole URLs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The `name` of the `[[source]]`.
    pub source: Symbol,
    pub cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// No connection: refused, no such host, TLS failed. The words say which.
    Unreachable(String),
    /// No answer within the deadline.
    TimedOut(Duration),
    /// 429 or the like; wait that long, or the client's own back-off.
    Throttled(Option<Duration>),
    /// 401 or 403: who we say we are is not accepted.
    Unauthorised(String),
    /// 4xx: the server understood the connection and refused the question; its own words.
    Refused { status: u16, message: String },
    /// 5xx: the server is ill; its own words.
    Failing { status: u16, message: String },
    /// The answer is not what the protocol promises: HTML where JSON should be, cut short, not decodable.
    Malformed(String),
    /// The answer is larger than this many bytes and was not read further.
    TooLarge(u64),
    /// The server answered, and has no such thing.
    NotFound(String),
    /// No server of this kind is configured.
    NotConfigured,
}

impl Failure {
    #[must_use]
    pub fn new(source: impl Into<Symbol>, cause: Cause) -> Self {
        Self { source: source.into(), cause }
    }

    /// What a responder can do about it, for `check` and for a look at one source.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match &self.cause {
            Cause::Unreachable(words) if words.contains("certificate") => {
                "the authority that signed its certificate is not known here: name its file with ca_file"
            }
            Cause::Unreachable(_) => "is the url right, is the server up, and does a VPN or a proxy stand between?",
            Cause::TimedOut(_) => "it is slow or a firewall swallows the question; `timeout` may be longer",
            Cause::Throttled(_) => "others ask too much of it as well; warroom waits as long as it says",
            Cause::Unauthorised(_) => "is the token right and not expired, and is a tenant needed?",
            Cause::Refused { .. } => "its words say why; a path prefix may be missing from the url, or a tenant",
            Cause::Failing { .. } => "the server itself is ill; its own logs say more",
            Cause::Malformed(words) if words.contains("nested deeper") => {
                "some value in the answer is nested so deep: ask for less, or for a shorter time, without it"
            }
            Cause::Malformed(_) => "another server or a login page answers: is the url right, path prefix included?",
            Cause::TooLarge(_) => "the answer was not read to its end; ask for less, or for a shorter time",
            Cause::NotFound(_) => "is the url right, path prefix included, and is it a server of this kind?",
            Cause::NotConfigured => "add a [[source]] of this kind to config.toml",
        }
    }

    /// Whether the same question may succeed later without anyone changing anything.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self.cause, Cause::Unreachable(_) | Cause::TimedOut(_) | Cause::Throttled(_) | Cause::Failing { .. })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "no connection: {reason}"),
            Self::TimedOut(after) => write!(f, "no answer within {} s", after.as_secs_f32()),
            Self::Throttled(Some(wait)) => write!(f, "throttled, may ask again in {} s", wait.as_secs().max(1)),
            Self::Throttled(None) => f.write_str("throttled"),
            Self::Unauthorised(message) => write!(f, "not authorised: {message}"),
            Self::Refused { status, message } => write!(f, "refused ({status}): {message}"),
            Self::Failing { status, message } => write!(f, "server error ({status}): {message}"),
            Self::Malformed(what) => write!(f, "answer not understood: {what}"),
            Self::TooLarge(limit) => write!(f, "answer larger than {} MiB", limit / (1024 * 1024)),
            Self::NotFound(what) => write!(f, "not found: {what}"),
            Self::NotConfigured => f.write_str("not configured"),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_nested_too_deep_is_no_login_page() {
        let of = |words: &str| Failure::new("tempo", Cause::Malformed(words.to_owned())).hint();
        assert!(of("nested deeper than 127 levels").contains("ask for less"));
        assert!(of("an HTML page came").contains("login page"));
    }

    #[test]
    fn a_certificate_of_an_unknown_authority_is_told_from_a_server_that_is_down() {
        let of = |words: &str| Failure::new("p", Cause::Unreachable(words.to_owned())).hint();
        assert!(of("no connection: invalid peer certificate: UnknownIssuer").contains("ca_file"));
        assert!(!of("no connection: connection refused").contains("ca_file"));
    }
}
