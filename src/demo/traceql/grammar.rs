//! TraceQL's grammar, as far as the simulated Tempo speaks it.

use regex::RegexBuilder;

use super::query::{Field, Intrinsic, Literal, Operator, Query, SpanSet, Test};
use super::token::{Token, TraceqlError, tokens};
use crate::demo::duration;
use crate::domain::signal::Kind;

/// Bounds what a hostile pattern may cost.
const REGEX_SIZE: usize = 1 << 20;
/// Bounds the recursion that a hostile query may ask for.
const DEEPEST: usize = 64;

/// Bounds the depth of a chain of `&&`s, which nests to the left.
const LONGEST: usize = 16 << 10;

/// # Errors
/// The text that Tempo sends with its 400, or that this construct is not spoken here.
pub fn parse(text: &str) -> Result<Query, TraceqlError> {
    if text.len() > LONGEST {
        let message = format!("query is too long ({} > {LONGEST})", text.len());
        return Err(TraceqlError { column: 1, message });
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let spans = parser.either()?;
    let mut select = Vec::new();
    while parser.takes("|") {
        match parser.peek().clone() {
            Token::Word(word) if word == "select" => {
                parser.at += 1;
                select.extend(parser.selected()?);
            }
            other => return Err(parser.unspoken(&other)),
        }
    }
    // A hint such as `with (most_recent=true)` changes nothing here.
    if matches!(parser.peek(), Token::Word(word) if word == "with") {
        parser.at = parser.tokens.len();
    }
    match parser.peek().clone() {
        Token::End => Ok(Query { spans, select }),
        other @ Token::Sign(">>" | "<<" | ">" | "<" | "~" | "!>>" | "!<<" | "!>" | "!<" | "&>>" | "&<<") => {
            Err(parser.unspoken(&other))
        }
        _ => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn error(&self, message: String) -> TraceqlError {
        let column = self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |(_, column)| *column);
        TraceqlError { column, message }
    }

    fn unexpected(&self) -> TraceqlError {
        self.error(format!("syntax error: unexpected {}", self.peek()))
    }

    fn unspoken(&self, what: &Token) -> TraceqlError {
        let what = match what {
            Token::Word(word) => word.clone(),
            other => other.to_string(),
        };
        self.error(format!("the simulated Tempo does not speak {what:?}"))
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), TraceqlError> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, TraceqlError>) -> Result<T, TraceqlError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("the query is too deep".to_owned()));
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn either(&mut self) -> Result<SpanSet, TraceqlError> {
        let mut left = self.both()?;
        while self.takes("||") {
            left = SpanSet::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<SpanSet, TraceqlError> {
        let mut left = self.filter()?;
        while self.takes("&&") {
            left = SpanSet::And(Box::new(left), Box::new(self.filter()?));
        }
        Ok(left)
    }

    fn filter(&mut self) -> Result<SpanSet, TraceqlError> {
        if self.takes("(") {
            let inner = self.deeper(Self::either)?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.expect("{")?;
        if self.takes("}") {
            return Ok(SpanSet::Filter(None));
        }
        let test = self.any_of()?;
        self.expect("}")?;
        Ok(SpanSet::Filter(Some(test)))
    }

    fn any_of(&mut self) -> Result<Test, TraceqlError> {
        let mut left = self.all_of()?;
        while self.takes("||") {
            left = Test::Or(Box::new(left), Box::new(self.all_of()?));
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Result<Test, TraceqlError> {
        let mut left = self.test()?;
        while self.takes("&&") {
            left = Test::And(Box::new(left), Box::new(self.test()?));
        }
        Ok(left)
    }

    fn test(&mut self) -> Result<Test, TraceqlError> {
        if self.takes("!") {
            return self.deeper(Self::test).map(|inner| Test::Not(Box::new(inner)));
        }
        if self.takes("(") {
            let inner = self.deeper(Self::any_of)?;
            self.expect(")")?;
            return Ok(inner);
        }
        let Token::Word(name) = self.peek().clone() else { return Err(self.unexpected()) };
        if let "true" | "false" = name.as_str() {
            self.at += 1;
            return Ok(Test::Constant(name == "true"));
        }
        let field = self.field()?;
        let sign = self.peek().clone();
        self.at += 1;
        let operator = match sign {
            Token::Sign("=") => Operator::Equal,
            Token::Sign("!=") => Operator::NotEqual,
            Token::Sign("<") => Operator::Less,
            Token::Sign("<=") => Operator::LessOrEqual,
            Token::Sign(">") => Operator::Greater,
            Token::Sign(">=") => Operator::GreaterOrEqual,
            Token::Sign("=~") => return self.regex(field, true),
            Token::Sign("!~") => return self.regex(field, false),
            _ => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        };
        if matches!(self.peek(), Token::Word(word) if word == "nil") {
            let exists = match operator {
                Operator::Equal => false,
                Operator::NotEqual => true,
                _ => return Err(self.unexpected()),
            };
            if let Field::Intrinsic(_) = field {
                return Err(self.error(format!("binary operations are incorrectly typed: {name} and nil")));
            }
            self.at += 1;
            return Ok(Test::Exists(field, exists));
        }
        let literal = self.literal()?;
        Ok(Test::Compare(field, operator, literal))
    }

    fn regex(&mut self, field: Field, wanted: bool) -> Result<Test, TraceqlError> {
        let Token::Text(text) = self.peek().clone() else { return Err(self.unexpected()) };
        let built = RegexBuilder::new(&format!("^(?s:{text})$")).size_limit(REGEX_SIZE).build();
        let regex = built.map_err(|error| {
            let reason = error.to_string();
            self.error(format!("error parsing regexp: {}", reason.lines().last().unwrap_or("").trim()))
        })?;
        self.at += 1;
        Ok(Test::Match { field, regex, wanted })
    }

    fn literal(&mut self) -> Result<Literal, TraceqlError> {
        let minus = self.takes("-");
        let literal = match self.peek().clone() {
            Token::Text(text) if !minus => Some(Literal::Text(text)),
            Token::Quantity(text) => {
                let text = if minus { format!("-{text}") } else { text };
                let nanos = || duration::parse(&text).and_then(|length| i64::try_from(length.as_nanos()).ok());
                let integer = text.parse().ok().map(Literal::Integer);
                integer.or_else(|| text.parse().ok().map(Literal::Float)).or_else(|| nanos().map(Literal::Duration))
            }
            Token::Word(word) if !minus => match word.as_str() {
                "true" => Some(Literal::Bool(true)),
                "false" => Some(Literal::Bool(false)),
                "error" => Some(Literal::Status("error")),
                "ok" => Some(Literal::Status("ok")),
                "unset" => Some(Literal::Status("unset")),
                "unspecified" => Some(Literal::Kind(Kind::Unspecified)),
                "internal" => Some(Literal::Kind(Kind::Internal)),
                "server" => Some(Literal::Kind(Kind::Server)),
                "client" => Some(Literal::Kind(Kind::Client)),
                "producer" => Some(Literal::Kind(Kind::Producer)),
                "consumer" => Some(Literal::Kind(Kind::Consumer)),
                _ => None,
            },
            _ => None,
        };
        let literal = literal.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(literal)
    }

    fn selected(&mut self) -> Result<Vec<Field>, TraceqlError> {
        self.expect("(")?;
        let mut fields = vec![self.field()?];
        while self.takes(",") {
            fields.push(self.field()?);
        }
        self.expect(")")?;
        Ok(fields)
    }

    fn field(&mut self) -> Result<Field, TraceqlError> {
        let Token::Word(name) = self.peek().clone() else { return Err(self.unexpected()) };
        let field = field(&name).ok_or_else(|| self.unspoken(&Token::Word(name)))?;
        self.at += 1;
        Ok(field)
    }
}

/// Reads `resource.x`, `span.x`, `.x`, `event.x` or the name of an intrinsic.
fn field(name: &str) -> Option<Field> {
    let scoped = |prefix: &str| name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(str::to_owned);
    if let Some(name) = scoped("resource.") {
        return Some(Field::Resource(name));
    }
    if let Some(name) = scoped("span.") {
        return Some(Field::Span(name));
    }
    if let Some(name) = scoped("event.") {
        return Some(Field::Event(name));
    }
    if let Some(name) = scoped(".") {
        return Some(Field::Either(name));
    }
    let intrinsic = match name {
        "status" | "span:status" => Intrinsic::Status,
        "statusMessage" | "span:statusMessage" => Intrinsic::StatusMessage,
        "kind" | "span:kind" => Intrinsic::Kind,
        "duration" | "span:duration" => Intrinsic::Duration,
        "name" | "span:name" => Intrinsic::Name,
        "span:id" => Intrinsic::SpanId,
        "span:parentID" => Intrinsic::ParentId,
        "trace:id" => Intrinsic::TraceId,
        "traceDuration" | "trace:duration" => Intrinsic::TraceDuration,
        "rootName" | "trace:rootName" => Intrinsic::RootName,
        "rootServiceName" | "trace:rootService" => Intrinsic::RootService,
        "event:name" => Intrinsic::EventName,
        "link:traceID" => Intrinsic::LinkTraceId,
        "link:spanID" => Intrinsic::LinkSpanId,
        _ => return None,
    };
    Some(Field::Intrinsic(intrinsic))
}
