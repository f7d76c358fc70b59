//! LogQL's grammar, as far as the simulated Loki speaks it, with error texts in the real server's form.

use std::time::Duration;

use regex::{Regex, RegexBuilder};

use super::query::{
    Aggregation, Condition, Function, Grouping, LogQuery, MetricQuery, Needle, Operator, Order, Query, Stage, Test,
};
use super::token::{LogqlError, Placed, Token, tokens};
use crate::demo::duration;

/// Bounds what a hostile pattern may cost.
const REGEX_SIZE: usize = 1 << 20;
/// Bounds the recursion that a hostile query may ask for.
const DEEPEST: usize = 64;

/// Bounds the depth of a chain of `and`s, which nests to the left.
const LONGEST: usize = 16 << 10;

/// # Errors
/// The text that Loki sends with its 400, or that this construct is not spoken here.
pub fn parse(text: &str) -> Result<Query, LogqlError> {
    if text.len() > LONGEST {
        let message = format!("input size too long ({} > {LONGEST})", text.len());
        return Err(LogqlError { column: 0, line: 1, message });
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let query = parser.query()?;
    match parser.peek() {
        Token::End => Ok(query),
        _ => Err(parser.unexpected("$end")),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |placed| &placed.token)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn error(&self, message: impl Into<String>) -> LogqlError {
        let place = self.tokens.get(self.at).or(self.tokens.last());
        let (line, column) = place.map_or((1, 1), |placed| (placed.line, placed.column));
        LogqlError { column, line, message: message.into() }
    }

    fn unexpected(&self, expected: &str) -> LogqlError {
        self.error(format!("syntax error: unexpected {}, expecting {expected}", self.peek()))
    }

    fn unspoken(&self, what: &str) -> LogqlError {
        self.error(format!("the simulated Loki does not speak {what:?}"))
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), LogqlError> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(found) if found == word);
        self.at += usize::from(found);
        found
    }

    fn text(&mut self) -> Result<String, LogqlError> {
        match self.peek().clone() {
            Token::Text(text) => {
                self.at += 1;
                Ok(text)
            }
            _ => Err(self.unexpected("STRING")),
        }
    }

    fn query(&mut self) -> Result<Query, LogqlError> {
        match self.peek().clone() {
            Token::Sign("{") => Ok(Query::Log(self.log(None)?)),
            Token::Word(word) => match operator(&word) {
                Some(operator) => {
                    self.at += 1;
                    let before = self.grouping()?;
                    self.expect("(")?;
                    let Token::Word(inner) = self.peek().clone() else { return Err(self.unexpected("IDENTIFIER")) };
                    let mut metric = self.range_function(&inner)?;
                    self.expect(")")?;
                    let grouping = match before {
                        Some(grouping) => grouping,
                        None => self.grouping()?.unwrap_or(Grouping::By(Vec::new())),
                    };
                    metric.aggregation = Some(Aggregation { operator, grouping });
                    Ok(Query::Metric(metric))
                }
                None => self.range_function(&word).map(Query::Metric),
            },
            _ => Err(self.unexpected("{")),
        }
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, LogqlError> {
        let by = self.takes_word("by");
        if !by && !self.takes_word("without") {
            return Ok(None);
        }
        self.expect("(")?;
        let mut names = Vec::new();
        while !self.takes(")") {
            match self.next() {
                Token::Word(name) => names.push(name),
                _ => {
                    self.at -= 1;
                    return Err(self.unexpected("IDENTIFIER"));
                }
            }
            if !self.takes(",") && !matches!(self.peek(), Token::Sign(")")) {
                return Err(self.unexpected(", or )"));
            }
        }
        Ok(Some(if by { Grouping::By(names) } else { Grouping::Without(names) }))
    }

    fn range_function(&mut self, name: &str) -> Result<MetricQuery, LogqlError> {
        let function = match name {
            "count_over_time" => Function::CountOverTime,
            "rate" => Function::Rate,
            other => return Err(self.unspoken(other)),
        };
        self.at += 1;
        self.expect("(")?;
        let mut range = None;
        let log = self.log(Some(&mut range))?;
        if range.is_none() {
            range = self.range()?;
        }
        let range = range.ok_or_else(|| self.unexpected("["))?;
        self.expect(")")?;
        Ok(MetricQuery { log, function, range, aggregation: None })
    }

    fn range(&mut self) -> Result<Option<Duration>, LogqlError> {
        if !self.takes("[") {
            return Ok(None);
        }
        let Token::Quantity(text) = self.peek().clone() else { return Err(self.unexpected("DURATION")) };
        let range = duration::parse(&text).filter(|range| !range.is_zero());
        let range = range.ok_or_else(|| self.error(format!("not a valid duration string: {text:?}")))?;
        self.at += 1;
        self.expect("]")?;
        Ok(Some(range))
    }

    /// A range may stand between selector and stages, but only in a metric query.
    fn log(&mut self, range: Option<&mut Option<Duration>>) -> Result<LogQuery, LogqlError> {
        self.expect("{")?;
        let mut matchers = Vec::new();
        while !self.takes("}") {
            let Token::Word(name) = self.peek().clone() else { return Err(self.unexpected("IDENTIFIER or }")) };
            self.at += 1;
            matchers.push((name, self.matcher()?));
            if !self.takes(",") && !matches!(self.peek(), Token::Sign("}")) {
                return Err(self.unexpected("} or ,"));
            }
        }
        let selects = |test: &Test| match test {
            Test::Equal(_) | Test::Match(_) => !test.holds(""),
            Test::NotEqual(_) | Test::NotMatch(_) => false,
        };
        if !matchers.iter().any(|(_, test)| selects(test)) {
            let message = "queries require at least one regexp or equality matcher that does not have an \
                           empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but \
                           app=~\".+\" will";
            return Err(LogqlError { column: 0, line: 1, message: message.to_owned() });
        }
        if let Some(range) = range {
            *range = self.range()?;
        }
        let mut stages = Vec::new();
        while let Some(stage) = self.stage()? {
            stages.push(stage);
        }
        Ok(LogQuery { matchers, stages })
    }

    fn matcher(&mut self) -> Result<Test, LogqlError> {
        let sign = self.next();
        match sign {
            Token::Sign("=") => Ok(Test::Equal(self.text()?)),
            Token::Sign("!=") => Ok(Test::NotEqual(self.text()?)),
            Token::Sign("=~") => Ok(Test::Match(self.regex(true)?)),
            Token::Sign("!~") => Ok(Test::NotMatch(self.regex(true)?)),
            _ => {
                self.at -= 1;
                Err(self.unexpected("=, !=, =~ or !~"))
            }
        }
    }

    fn regex(&mut self, anchored: bool) -> Result<Regex, LogqlError> {
        let place = self.at;
        let text = self.text()?;
        let pattern = if anchored { format!("^(?s:{text})$") } else { text };
        RegexBuilder::new(&pattern).size_limit(REGEX_SIZE).build().map_err(|error| {
            self.at = place;
            let reason = error.to_string();
            self.error(format!("error parsing regexp: {}", reason.lines().last().unwrap_or("").trim()))
        })
    }

    fn stage(&mut self) -> Result<Option<Stage>, LogqlError> {
        let (wanted, regex) = match self.peek() {
            Token::Sign("|=") => (true, false),
            Token::Sign("!=") => (false, false),
            Token::Sign("|~") => (true, true),
            Token::Sign("!~") => (false, true),
            Token::Sign("|") => {
                self.at += 1;
                return self.piped().map(Some);
            }
            _ => return Ok(None),
        };
        self.at += 1;
        let mut needles = vec![self.needle(regex)?];
        while self.takes_word("or") {
            needles.push(self.needle(regex)?);
        }
        Ok(Some(Stage::Line { wanted, needles }))
    }

    fn needle(&mut self, regex: bool) -> Result<Needle, LogqlError> {
        if matches!(self.peek(), Token::Word(_)) {
            return Err(self.unspoken("ip()"));
        }
        if regex { self.regex(false).map(Needle::Regex) } else { self.text().map(Needle::Text) }
    }

    fn piped(&mut self) -> Result<Stage, LogqlError> {
        match self.peek().clone() {
            Token::Word(word) => {
                let next = self.tokens.get(self.at + 1).map(|placed| &placed.token);
                let compares =
                    matches!(next, Some(Token::Sign("=" | "!=" | "=~" | "!~" | "==" | ">" | ">=" | "<" | "<=")));
                match word.as_str() {
                    _ if compares => self.condition().map(Stage::Label),
                    "json" | "logfmt" if matches!(next, Some(Token::Word(_))) => {
                        Err(self.unspoken(&format!("{word} with arguments")))
                    }
                    "json" => {
                        self.at += 1;
                        Ok(Stage::Json)
                    }
                    "logfmt" => {
                        self.at += 1;
                        Ok(Stage::Logfmt)
                    }
                    other => Err(self.unspoken(other)),
                }
            }
            Token::Sign("(") => self.condition().map(Stage::Label),
            _ => Err(self.unexpected("a parser or a label filter")),
        }
    }

    fn condition(&mut self) -> Result<Condition, LogqlError> {
        let mut left = self.all_of()?;
        while self.takes_word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.all_of()?));
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Condition, LogqlError> {
        let mut left = self.one()?;
        while self.takes_word("and") || self.takes(",") {
            left = Condition::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Condition, LogqlError> {
        if self.takes("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(self.error("the query is too deep"));
            }
            let inner = self.condition()?;
            self.depth -= 1;
            self.expect(")")?;
            return Ok(inner);
        }
        let Token::Word(name) = self.peek().clone() else { return Err(self.unexpected("IDENTIFIER")) };
        self.at += 1;
        let order = match self.peek() {
            Token::Sign("=" | "==") => Order::Equal,
            Token::Sign("!=") => Order::NotEqual,
            Token::Sign(">") => Order::Greater,
            Token::Sign(">=") => Order::GreaterOrEqual,
            Token::Sign("<") => Order::Less,
            Token::Sign("<=") => Order::LessOrEqual,
            _ => return self.matcher().map(|test| Condition::Text(name, test)),
        };
        let operand = self.tokens.get(self.at + 1).map(|placed| placed.token.clone());
        let Some(Token::Quantity(text)) = operand else {
            return self.matcher().map(|test| Condition::Text(name, test));
        };
        self.at += 1;
        let number = text.parse().ok().map(|value| (value, false));
        let number = number.or_else(|| duration::parse(&text).map(|length| (length.as_secs_f64(), true)));
        let (value, unit) = number.ok_or_else(|| self.unspoken(&text))?;
        self.at += 1;
        Ok(Condition::Number { name, order, value, unit })
    }
}

fn operator(word: &str) -> Option<Operator> {
    match word {
        "sum" => Some(Operator::Sum),
        "min" => Some(Operator::Min),
        "max" => Some(Operator::Max),
        "avg" => Some(Operator::Avg),
        "count" => Some(Operator::Count),
        _ => None,
    }
}
