//! A TraceQL query as a tree. Not its text and not its meaning.

use regex::Regex;

use crate::domain::signal::Kind;

#[derive(Debug)]
pub struct Query {
    pub spans: SpanSet,
    /// What `| select(..)` adds to each span of the answer.
    pub select: Vec<Field>,
}

#[derive(Debug)]
pub enum SpanSet {
    /// `{}` when nothing is asked.
    Filter(Option<Test>),
    /// Both sides must find something; the answer has the spans of both.
    And(Box<SpanSet>, Box<SpanSet>),
    Or(Box<SpanSet>, Box<SpanSet>),
}

#[derive(Debug)]
pub enum Test {
    Compare(Field, Operator, Literal),
    Match {
        field: Field,
        /// Anchored at both ends.
        regex: Regex,
        wanted: bool,
    },
    Exists(Field, bool),
    Constant(bool),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    Not(Box<Test>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    Resource(String),
    Span(String),
    /// `.name`: of the span, else of its resource.
    Either(String),
    Event(String),
    Intrinsic(Intrinsic),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intrinsic {
    Status,
    StatusMessage,
    Kind,
    Duration,
    Name,
    SpanId,
    ParentId,
    TraceId,
    TraceDuration,
    RootName,
    RootService,
    EventName,
    /// Of any of a span's links.
    LinkTraceId,
    LinkSpanId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    Integer(i64),
    Float(f64),
    /// Nanoseconds.
    Duration(i64),
    Bool(bool),
    /// `unset`, `ok` or `error`.
    Status(&'static str),
    Kind(Kind),
}
