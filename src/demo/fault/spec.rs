//! The text form of a fault: `loki:down@30s..60s`. Not what it does: that is `apply.rs`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::demo::duration;

/// The six servers of a demo, in the order of their ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Prometheus,
    Loki,
    Tempo,
    Jaeger,
    Alertmanager,
    Grafana,
}

impl Target {
    pub const ALL: [Self; 6] =
        [Self::Prometheus, Self::Loki, Self::Tempo, Self::Jaeger, Self::Alertmanager, Self::Grafana];

    /// The `kind` that a `[[source]]` of the configuration gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// New connections are closed at once and open ones are cut, websockets too.
    Down,
    /// Every answer waits this long (real time).
    Slow(Duration),
    /// Every answer is this status with a line of text.
    Http(u16),
    /// 200 `application/json` with bytes that are neither JSON nor UTF-8.
    Garbage,
    /// 200 with a login page, as a proxy in front of the server would send.
    Html,
    /// The real answer, cut in the middle of its body.
    Truncate,
    /// 200 with a body of 100 MB.
    Huge,
    /// 401.
    Unauthorised,
    /// 429 with `Retry-After`, in whole seconds.
    Throttle(Duration),
    /// The server's own way of saying that it answers with a part of the truth.
    Partial,
    /// Loki only: this many lines of noise a second of virtual time.
    Flood(u32),
    /// Loki only, and for the whole demo: a tail is closed after this long (real time), as after `tail_max_duration`.
    Disconnect(Duration),
}

/// One thing that goes wrong with one server, for the whole demo or for a while of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub target: Target,
    pub kind: FaultKind,
    /// Virtual time since the demo began.
    pub from: Duration,
    /// `None`: it never ends.
    pub until: Option<Duration>,
}

impl Fault {
    #[must_use]
    pub fn covers(&self, elapsed: Duration) -> bool {
        self.from <= elapsed && self.until.is_none_or(|until| elapsed < until)
    }
}

/// A text that is not a fault, and what would be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultError {
    text: String,
    problem: String,
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let targets: Vec<&str> = Target::ALL.iter().map(|target| target.name()).collect();
        write!(
            f,
            "--fault {:?}: {}\n  a fault is SERVER:KIND or SERVER:KIND@FROM..TO, FROM and TO counted from the start of the demo\n  \
             servers: {}\n  kinds: down, slow=3s, http=500, garbage, html, truncate, huge, unauthorised, throttle=5s, partial, \
             flood=20000/s (loki), disconnect=30s (loki, without a window)\n  example: loki:down@30s..60s",
            self.text,
            self.problem,
            targets.join(", ")
        )
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        parse(text.trim()).map_err(|problem| FaultError { text: text.to_owned(), problem })
    }
}

fn parse(text: &str) -> Result<Fault, String> {
    let (server, rest) = text.split_once(':').ok_or("there is no ':' between server and kind")?;
    let target = Target::ALL
        .into_iter()
        .find(|target| target.name() == server)
        .ok_or_else(|| format!("there is no server {server:?}"))?;
    let (what, window) = match rest.split_once('@') {
        Some((what, window)) => (what, Some(window)),
        None => (rest, None),
    };
    let (from, until) = window.map_or(Ok((Duration::ZERO, None)), parse_window)?;
    let kind = parse_kind(what)?;
    if matches!(kind, FaultKind::Flood(_) | FaultKind::Disconnect(_)) && target != Target::Loki {
        return Err(format!("{} has no lines to send", target.name()));
    }
    if matches!(kind, FaultKind::Disconnect(_)) && window.is_some() {
        return Err("a tail's longest life holds for the whole demo".to_owned());
    }
    Ok(Fault { target, kind, from, until })
}

fn parse_kind(text: &str) -> Result<FaultKind, String> {
    let (word, value) = match text.split_once('=') {
        Some((word, value)) => (word, Some(value)),
        None => (text, None),
    };
    match (word, value) {
        ("down", None) => Ok(FaultKind::Down),
        ("garbage", None) => Ok(FaultKind::Garbage),
        ("html", None) => Ok(FaultKind::Html),
        ("truncate", None) => Ok(FaultKind::Truncate),
        ("huge", None) => Ok(FaultKind::Huge),
        ("unauthorised" | "unauthorized", None) => Ok(FaultKind::Unauthorised),
        ("partial", None) => Ok(FaultKind::Partial),
        ("slow", Some(value)) => parse_duration(value).map(FaultKind::Slow),
        ("throttle", Some(value)) => parse_duration(value).map(FaultKind::Throttle),
        ("http", Some(value)) => match value.parse() {
            Ok(status @ 200..=599) => Ok(FaultKind::Http(status)),
            _ => Err(format!("{value:?} is not an HTTP status from 200 to 599")),
        },
        ("flood", Some(value)) => match value.strip_suffix("/s").unwrap_or(value).parse() {
            Ok(rate @ 1..=1_000_000) => Ok(FaultKind::Flood(rate)),
            _ => Err(format!("{value:?} is not a rate from 1/s to 1000000/s")),
        },
        ("disconnect", Some(value)) => parse_duration(value).map(FaultKind::Disconnect),
        ("slow" | "throttle" | "http" | "flood" | "disconnect", None) => Err(format!("{word} needs a value")),
        (_, None) => Err(format!("there is no kind {word:?}")),
        (_, Some(_)) => Err(format!("there is no kind {word:?} that takes a value")),
    }
}

fn parse_window(text: &str) -> Result<(Duration, Option<Duration>), String> {
    let (from, until) = text.split_once("..").ok_or_else(|| format!("{text:?} is not FROM..TO"))?;
    let from = if from.is_empty() { Duration::ZERO } else { parse_duration(from)? };
    let until = if until.is_empty() { None } else { Some(parse_duration(until)?) };
    if until.is_some_and(|until| until <= from) {
        return Err(format!("{text:?} ends before it starts"));
    }
    Ok((from, until))
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    duration::parse(text).ok_or_else(|| format!("{text:?} is not a duration such as 3s, 250ms or 1m30s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_window_is_half_open_and_may_stay_open() {
        let down = fault("loki:down@30s..1m30s");
        assert_eq!((down.target, down.kind), (Target::Loki, FaultKind::Down));
        assert!(!down.covers(Duration::from_secs(29)) && down.covers(Duration::from_secs(30)));
        assert!(down.covers(Duration::from_secs(89)) && !down.covers(Duration::from_secs(90)));
        assert!(fault("tempo:html@5s..").covers(Duration::from_secs(1_000_000)));
        assert!(fault("tempo:html@..5s").covers(Duration::ZERO));
    }

    #[test]
    fn every_kind_reads() {
        for (text, kind) in [
            ("tempo:slow=3s", FaultKind::Slow(Duration::from_secs(3))),
            ("prometheus:http=500", FaultKind::Http(500)),
            ("alertmanager:garbage", FaultKind::Garbage),
            ("loki:flood=20000/s", FaultKind::Flood(20_000)),
            ("loki:disconnect=30s", FaultKind::Disconnect(Duration::from_secs(30))),
            ("jaeger:throttle=250ms", FaultKind::Throttle(Duration::from_millis(250))),
            ("jaeger:unauthorized", FaultKind::Unauthorised),
        ] {
            assert_eq!(fault(text).kind, kind, "{text}");
        }
    }

    #[test]
    fn what_is_no_fault_is_told_what_would_be() {
        for text in [
            "",
            "loki",
            "pagerduty:down",
            "loki:explode",
            "loki:down=3",
            "loki:slow",
            "loki:slow=",
            "loki:slow=3",
            "loki:slow=3days",
            "loki:http=99",
            "tempo:flood=5/s",
            "tempo:disconnect=5s",
            "loki:disconnect=5s@1s..9s",
            "loki:flood=0",
            "loki:down@5s",
            "loki:down@9s..5s",
            "loki:slow=99999999999999999999s",
            "loki:slow=18446744073709551615h",
        ] {
            let error = text.parse::<Fault>().expect_err(text).to_string();
            assert!(error.contains("servers: prometheus, loki") && error.contains("slow=3s"), "{error}");
        }
    }
}
