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
