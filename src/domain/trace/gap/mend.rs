//! Which hop most likely lost the context of a trace, and what would mend it, in words. Not how a gap is found.

use super::propagation::Reason;
use crate::domain::Symbol;

/// Where the context most likely goes missing. `vendor`: whose ids the callee's lines name, which settles the question.
#[must_use]
pub fn hop(reason: &Reason, from: &Symbol, to: &Symbol, vendor: Option<&str>) -> String {
    match (reason, vendor) {
        (Reason::NoServer(_) | Reason::BeginsInside(_), Some(other)) => {
            format!("{to} reads {other} headers and not traceparent (its lines name {other} ids)")
        }
        (Reason::NoServer(_), None) => format!("{from} sends no traceparent, or {to} does not read it"),
        (Reason::BeginsInside(_), None) => format!("whoever calls {to} sends no traceparent, or {to} does not read it"),
        (Reason::NoLink(_), _) => format!("{from} writes no traceparent into the message, or {to} does not link it"),
        (Reason::MissingSpan(_), _) => {
            format!(
                "a service between {from} and {to} passes the context on and exports nothing, or its spans were lost"
            )
        }
        (Reason::Split(_), _) => "the collectors: send all spans of a trace to one of them".to_owned(),
    }
}

/// What to change, and where: which header, written by whom and read by whom.
#[must_use]
pub fn mend(reason: &Reason, from: &Symbol, to: &Symbol) -> String {
    match reason {
        Reason::NoServer(_) | Reason::BeginsInside(_) => {
            format!("header traceparent: {from} sends it, {to} reads it")
        }
        Reason::NoLink(_) => {
            format!("traceparent in the message's headers: {from} writes it, {to} links its span to it")
        }
        Reason::MissingSpan(_) => {
            format!("between {from} and {to}: export the span that passed traceparent on (exporter, queue, sampler)")
        }
        Reason::Split(_) => "before the tail samplers: a load balancer that sends by trace id".to_owned(),
    }
}
