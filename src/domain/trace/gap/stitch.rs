//! Which part of another trace goes on where the context was lost: proposals with a score and its reasons. Nothing is
//! merged here or anywhere: a proposal is drawn as one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::tree::{Node, Tree};
use super::propagation::{Gap, Reason, SLACK_NANOS, own};
use crate::domain::signal::Kind;
use crate::domain::{SpanId, Symbol, Timestamp, TraceId};

/// From this score on a proposal is taken for the truth, if no other comes near.
pub const LINKED_FROM: f64 = 0.7;
/// By how much it must be better than the next.
pub const MARGIN: f64 = 0.15;
/// A worse one is not even listed: it is not within the call, nor of the same business.
const LISTED_FROM: f64 = 0.3;
const BUSINESS: f64 = 0.5;
const CONTAINED: f64 = 0.3;
const FIT: f64 = 0.2;
/// A message found by its key rather than by its place in the log of the broker, and one by a business key alone.
const BY_KEY: f64 = 0.9;
const BY_BUSINESS: f64 = 0.8;
/// Proposals for one open end that are kept.
const MOST: usize = 3;
/// Open ends of each kind that are looked at.
const MOST_ENDS: usize = 2_000;
/// Values of one business key in one trace. A trace with more of them is a batch: that it shares one of a thousand orders says
/// nothing, and neither does that it has others.
const MOST_VALUES: usize = 64;

/// A span in a trace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub trace: TraceId,
    pub span: SpanId,
    pub service: Symbol,
    pub name: Symbol,
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Place {
    fn of(tree: &Tree, node: &Node<'_>) -> Option<Self> {
        let span = node.span?;
        Some(Self {
            trace: tree.trace(),
            span: span.id,
            service: span.service.clone(),
            name: span.name.clone(),
            start: node.start,
            end: node.end_time,
        })
    }
}

/// That `to` may be what `from` called, or what consumed its message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stitch {
    pub from: Place,
    pub to: Place,
    /// 0 to 1.
    pub score: f64,
    /// Good enough, and better than every other by a margin.
    pub linked: bool,
    pub is_message: bool,
    /// Why the score is what it is, in words.
    pub why: Vec<String>,
    /// What was looked at and how much of the score each gave; together they are the score.
    pub parts: Vec<Part>,
}

/// A part of a proposal's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub points: f64,
    /// What it could have given; 0 for what every proposal must have.
    pub most: f64,
    /// What was measured, in words.
    pub measured: String,
}

/// An end of a trace where its context was lost.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    pub place: Place,
    pub side: Side,
    /// `key=value` of the business attributes of its whole trace: one set for all its ends.
    business: Arc<BTreeSet<(Symbol, String)>>,
    message: Message,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// A call of a service, without its span.
    Call(Symbol),
    /// A server's span that begins a trace.
    Server,
    /// A message that was sent.
    Sent,
    /// A message that was consumed, its sender unknown.
    Consumed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Message {
    destination: Option<String>,
    partition: Option<String>,
    offset: Option<String>,
    key: Option<String>,
}

/// The open ends of one trace; `gaps` are its own (`Propagation::of`).
#[must_use]
pub fn open_ends(tree: &Tree, gaps: &[Gap], business_keys: &[Symbol]) -> Vec<End> {
    let business = Arc::new(business(tree, business_keys));
    let end = |row: u32, side: Side| {
        let node = tree.row(row)?;
        let business = Arc::clone(&business);
        Some(End { place: Place::of(tree, &node)?, side, business, message: message(&node) })
    };
    let lost = gaps.iter().filter_map(|gap| match &gap.reason {
        Reason::NoServer(called) => end(gap.row, Side::Call(called.clone())),
        Reason::BeginsInside(_) => end(gap.row, Side::Server),
        Reason::NoLink(_) => end(gap.row, Side::Consumed),
        Reason::MissingSpan(_) | Reason::Split(_) => None,
    });
    let producers = tree.rows().filter(|node| node.kind == Kind::Producer).map(|node| node.row);
    let sent = producers.filter_map(|row| end(row, Side::Sent));
    // A large trace has many ends: those that are not looked at are not made.
    lost.chain(sent).take(MOST_ENDS).collect()
}

/// `key=value` of the keys that name a business, without those that name too many.
fn business(tree: &Tree, keys: &[Symbol]) -> BTreeSet<(Symbol, String)> {
    let mut by_key: BTreeMap<&Symbol, BTreeSet<String>> = BTreeMap::new();
    for span in tree.rows().filter_map(|node| node.span) {
        for (key, value) in span.attributes.iter().filter(|(key, _)| keys.contains(key)) {
            let values = by_key.entry(key).or_default();
            if values.len() <= MOST_VALUES {
                values.insert(value.to_string());
            }
        }
    }
    let few = by_key.into_iter().filter(|(_, values)| values.len() <= MOST_VALUES);
    few.flat_map(|(key, values)| values.into_iter().map(|value| (key.clone(), value))).collect()
}

fn message(node: &Node<'_>) -> Message {
    Message {
        destination: own(node, "messaging.destination.name").or_else(|| own(node, "messaging.destination")),
        partition: own(node, "messaging.destination.partition.id").or_else(|| own(node, "messaging.kafka.partition")),
        offset: own(node, "messaging.kafka.offset").or_else(|| own(node, "messaging.kafka.message.offset")),
        key: own(node, "messaging.kafka.message.key"),
    }
}

/// Proposals of all open ends for each other, the best first of each call or consumer. What fits by its time alone is told
/// too, unlinked: a responder may know better.
#[must_use]
pub fn stitches(ends: &[End]) -> Vec<Stitch> {
    let of = |wanted: fn(&Side) -> bool| -> Vec<&End> {
        let mut ends: Vec<&End> = ends.iter().filter(|end| wanted(&end.side)).take(MOST_ENDS).collect();
        ends.sort_by_key(|end| (end.place.start, end.place.trace, end.place.span));
        ends
    };
    let servers = of(|side| *side == Side::Server);
    let mut found: Vec<Stitch> = Vec::new();
    for call in of(|side| matches!(side, Side::Call(_))) {
        let from = servers.partition_point(|server| server.place.start < call.place.start.shifted(-SLACK_NANOS));
        let within = servers.iter().skip(from).take_while(|server| server.place.start <= call.place.end);
        let mut own: Vec<Stitch> = within.filter_map(|server| called(call, server)).collect();
        keep_best(&mut own);
        found.extend(own);
    }
    let sent = of(|side| *side == Side::Sent);
    for consumer in of(|side| *side == Side::Consumed) {
        let mut own: Vec<Stitch> = sent.iter().filter_map(|sender| consumed(sender, consumer)).collect();
        keep_best(&mut own);
        found.extend(own);
    }
    decide(&mut found);
    found
}

fn keep_best(stitches: &mut Vec<Stitch>) {
    stitches
        .sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.to.cmp(&b.to)).then_with(|| a.from.cmp(&b.from)));
    stitches.retain(|stitch| stitch.score >= LISTED_FROM);
    stitches.truncate(MOST);
}

/// A call and the span of its server in another trace.
fn called(call: &End, server: &End) -> Option<Stitch> {
    let Side::Call(service) = &call.side else { return None };
    if server.place.service != *service || call.place.trace == server.place.trace {
        return None;
    }
    let (c, s) = (&call.place, &server.place);
    let outer = c.end.since(c.start);
    let inner = s.end.since(s.start);
    let mut why = Vec::new();
    let needed = format!("same peer and service: {service}");
    let mut parts = vec![Part { points: 0.0, most: 0.0, measured: needed }];
    let mut part = |most: f64, share: f64, measured: String| {
        parts.push(Part { points: most * share, most, measured });
    };
    match shared(&call.business, &server.business) {
        Some((key, value)) => {
            why.push(format!("the same {key} {value}"));
            part(BUSINESS, 1.0, format!("the same {}", alike(&call.business, &server.business)));
        }
        None => part(BUSINESS, 0.0, "no business key that both have alike".to_owned()),
    }
    let is_within = s.start >= c.start.shifted(-SLACK_NANOS) && s.end <= c.end.shifted(SLACK_NANOS);
    let times = format!("starts {}, ends {}", apart(s.start.since(c.start)), apart(s.end.since(c.end)));
    if is_within {
        why.push("within the call".to_owned());
    }
    let within = if is_within { "within the call" } else { "not within the call" };
    part(CONTAINED, f64::from(u8::from(is_within)), format!("{within}: {times}"));
    if outer > 0 {
        let off = (outer.saturating_sub(inner) as f64 / 2.0 - s.start.since(c.start) as f64).abs() / outer as f64;
        let fit = (1.0 - off).max(0.0);
        let words = format!("fits its middle to {:.1} %", fit * 100.0);
        part(FIT, fit, format!("middle to {:.1} %: {} in {}", fit * 100.0, millis(inner), millis(outer)));
        why.push(words);
    }
    let score = parts.iter().map(|part| part.points).sum();
    Some(Stitch { from: c.clone(), to: s.clone(), score, linked: false, is_message: false, why, parts })
}

/// All that names the same business on both sides: `carrier_id CHR-118, order_id 4472146`.
fn alike(a: &BTreeSet<(Symbol, String)>, b: &BTreeSet<(Symbol, String)>) -> String {
    let both = a.intersection(b).map(|(key, value)| format!("{key} {value}"));
    both.take(MOST).collect::<Vec<_>>().join(", ")
}

/// `+6.0 ms`, from the same end of the call.
fn apart(nanos: i64) -> String {
    format!("{}{}", if nanos < 0 { "−" } else { "+" }, millis(nanos.saturating_abs()))
}

fn millis(nanos: i64) -> String {
    format!("{:.1} ms", nanos as f64 / 1e6)
}

/// What names the same business on both sides; nothing when any key that both have names another.
fn shared<'a>(a: &'a BTreeSet<(Symbol, String)>, b: &'a BTreeSet<(Symbol, String)>) -> Option<&'a (Symbol, String)> {
    let known = |key: &Symbol| b.iter().any(|(other, _)| other == key);
    if a.iter().any(|pair| known(&pair.0) && !b.contains(pair)) {
        return None;
    }
    a.intersection(b).next()
}

/// A message and the span that consumed it.
fn consumed(sender: &End, consumer: &End) -> Option<Stitch> {
    let (sent, got) = (&sender.message, &consumer.message);
    if sent.destination.is_none()
        || sent.destination != got.destination
        || sender.place.trace == consumer.place.trace
        || consumer.place.start < sender.place.start.shifted(-SLACK_NANOS)
    {
        return None;
    }
    let is_same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    let shared = shared(&sender.business, &consumer.business);
    let (score, why) = if is_same(&sent.partition, &got.partition) && is_same(&sent.offset, &got.offset) {
        (1.0, "the same partition and offset".to_owned())
    } else if is_same(&sent.key, &got.key) {
        (BY_KEY, format!("the same message key {}", sent.key.as_deref().unwrap_or_default()))
    } else if let Some((key, value)) = shared {
        (BY_BUSINESS, format!("the same {key} {value}"))
    } else {
        return None;
    };
    let (from, to) = (sender.place.clone(), consumer.place.clone());
    let lag = apart(to.start.since(from.end));
    let needed = format!("the same destination {}, lag {lag}", sent.destination.as_deref().unwrap_or_default());
    let parts = vec![
        Part { points: 0.0, most: 0.0, measured: needed },
        Part { points: score, most: 1.0, measured: why.clone() },
    ];
    Some(Stitch { from, to, score, linked: false, is_message: true, why: vec![why], parts })
}

/// Linked is the best of its call and of its server, by the margin on both sides: two that could be are none. One message
/// may have many consumers.
fn decide(stitches: &mut [Stitch]) {
    let mut by_from: BTreeMap<(TraceId, SpanId), Vec<f64>> = BTreeMap::new();
    let mut by_to: BTreeMap<(TraceId, SpanId), Vec<f64>> = BTreeMap::new();
    for stitch in stitches.iter() {
        if !stitch.is_message {
            by_from.entry((stitch.from.trace, stitch.from.span)).or_default().push(stitch.score);
        }
        by_to.entry((stitch.to.trace, stitch.to.span)).or_default().push(stitch.score);
    }
    let stands_out = |scores: Option<&Vec<f64>>, own: f64| {
        let rivals = scores.map_or(0, |scores| scores.iter().filter(|other| **other > own - MARGIN).count());
        rivals <= 1
    };
    for stitch in stitches.iter_mut() {
        stitch.linked = stitch.score >= LINKED_FROM
            && stands_out(by_from.get(&(stitch.from.trace, stitch.from.span)), stitch.score)
            && stands_out(by_to.get(&(stitch.to.trace, stitch.to.span)), stitch.score);
    }
}
