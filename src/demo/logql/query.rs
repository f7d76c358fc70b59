//! A LogQL query as a tree. Not its text (`grammar.rs`) and not what it does to a line (`pipeline.rs`).

use std::time::Duration;

use regex::Regex;

#[derive(Debug)]
pub enum Query {
    Log(LogQuery),
    Metric(MetricQuery),
}

/// `{selector} stage stage ..`
#[derive(Debug)]
pub struct LogQuery {
    pub matchers: Vec<(String, Test)>,
    pub stages: Vec<Stage>,
}

/// What a label's value must be; an absent label is the empty text.
#[derive(Debug)]
pub enum Test {
    Equal(String),
    NotEqual(String),
    /// Anchored at both ends.
    Match(Regex),
    NotMatch(Regex),
}

impl Test {
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Equal(wanted) => value == wanted,
            Self::NotEqual(unwanted) => value != unwanted,
            Self::Match(wanted) => wanted.is_match(value),
            Self::NotMatch(unwanted) => !unwanted.is_match(value),
        }
    }
}

#[derive(Debug)]
pub enum Stage {
    /// Keeps the lines in which one of the needles is (or, unwanted, none).
    Line {
        wanted: bool,
        needles: Vec<Needle>,
    },
    Json,
    Logfmt,
    Label(Condition),
}

#[derive(Debug)]
pub enum Needle {
    Text(String),
    /// Not anchored.
    Regex(Regex),
}

#[derive(Debug)]
pub enum Condition {
    Text(String, Test),
    /// The label's value, read as a number or, when `unit`, as a duration in seconds.
    Number {
        name: String,
        order: Order,
        value: f64,
        unit: bool,
    },
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => (left - right).abs() < f64::EPSILON,
            Self::NotEqual => (left - right).abs() >= f64::EPSILON,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// `sum by (a) (count_over_time({..}[1m]))`, the aggregation being optional.
#[derive(Debug)]
pub struct MetricQuery {
    pub log: LogQuery,
    pub function: Function,
    pub range: Duration,
    pub aggregation: Option<Aggregation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    CountOverTime,
    Rate,
}

#[derive(Debug)]
pub struct Aggregation {
    pub operator: Operator,
    pub grouping: Grouping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Sum,
    Min,
    Max,
    Avg,
    Count,
}

#[derive(Debug)]
pub enum Grouping {
    By(Vec<String>),
    Without(Vec<String>),
}
