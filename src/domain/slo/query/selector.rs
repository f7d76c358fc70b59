//! A bare PromQL selector, `http_requests_total{job="booking", code=~"5.."}`: read, changed, written. Not an
//! expression: no range, no offset, no function.

use std::fmt;

/// Labels of one selector. What has more is not written by a person.
const MATCHERS: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    Is,
    IsNot,
    Like,
    Unlike,
}

impl Operator {
    const fn sign(self) -> &'static str {
        match self {
            Self::Is => "=",
            Self::IsNot => "!=",
            Self::Like => "=~",
            Self::Unlike => "!~",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Matcher {
    pub label: String,
    pub operator: Operator,
    /// As it is meant: escapes of the text are undone.
    pub value: String,
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_name(&self.label, false) {
            f.write_str(&self.label)?;
        } else {
            f.write_str(&quoted(&self.label))?;
        }
        write!(f, "{}{}", self.operator.sign(), quoted(&self.value))
    }
}

/// A metric by its name, and what its labels must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selector {
    pub metric: String,
    pub matchers: Vec<Matcher>,
}

/// Why a text is no selector, and where in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    pub at: usize,
    pub why: &'static str,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.why, self.at + 1)
    }
}

impl Selector {
    /// The whole text must be one selector with a metric's name, bare or as `{__name__=".."}` or `{".."}`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut reader = Reader { text, at: 0 };
        reader.blanks();
        let mut metric = reader.name(true).map(str::to_owned);
        reader.blanks();
        let mut matchers = Vec::new();
        if reader.take("{") {
            for matcher in reader.matchers("}")? {
                match matcher {
                    Part::Name(name) if metric.is_none() => metric = Some(name),
                    Part::Matcher(Matcher { label, operator: Operator::Is, value })
                        if label == "__name__" && metric.is_none() =>
                    {
                        metric = Some(value);
                    }
                    Part::Matcher(matcher) if matcher.label != "__name__" => matchers.push(matcher),
                    _ => return Err(reader.wrong("a metric has one name")),
                }
            }
            reader.blanks();
        }
        if !reader.rest().is_empty() {
            return Err(reader.wrong("expected a metric and its labels alone, such as http_requests_total{job=\"x\"}"));
        }
        match metric {
            Some(metric) if !metric.is_empty() => Ok(Self { metric, matchers }),
            _ => Err(reader.wrong("expected the name of a metric")),
        }
    }

    /// With these matchers too. One that is there already is not said twice.
    #[must_use]
    pub fn with(&self, more: &[Matcher]) -> Self {
        let mut all = self.clone();
        for matcher in more {
            if !all.matchers.contains(matcher) {
                all.matchers.push(matcher.clone());
            }
        }
        all
    }

    #[must_use]
    pub fn without(&self, label: &str) -> Self {
        let kept = self.matchers.iter().filter(|matcher| matcher.label != label).cloned().collect();
        Self { metric: self.metric.clone(), matchers: kept }
    }

    /// The metric's name with another ending: `_bucket` in place of `_count`, or after none of the three.
    #[must_use]
    pub fn series(&self, ending: &str) -> Self {
        let base = ["_bucket", "_count", "_sum"].iter().find_map(|known| self.metric.strip_suffix(known));
        Self { metric: format!("{}{ending}", base.unwrap_or(&self.metric)), matchers: self.matchers.clone() }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut inside: Vec<String> = self.matchers.iter().map(ToString::to_string).collect();
        if is_name(&self.metric, true) {
            f.write_str(&self.metric)?;
        } else {
            inside.insert(0, format!("__name__={}", quoted(&self.metric)));
        }
        if inside.is_empty() { Ok(()) } else { write!(f, "{{{}}}", inside.join(",")) }
    }
}

/// Matchers without their braces: `code=~"2..", method!="GET"`.
pub fn parse_matchers(text: &str) -> Result<Vec<Matcher>, SelectorError> {
    let mut reader = Reader { text, at: 0 };
    let parts = reader.matchers("")?;
    let matchers = parts.into_iter().map(|part| match part {
        Part::Matcher(matcher) if matcher.label != "__name__" => Some(matcher),
        _ => None,
    });
    let matchers: Option<Vec<Matcher>> = matchers.collect();
    match matchers {
        Some(matchers) if !matchers.is_empty() => Ok(matchers),
        _ => Err(SelectorError { at: 0, why: "expected what labels must be, such as code=~\"5..\"" }),
    }
}

enum Part {
    Name(String),
    Matcher(Matcher),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn wrong(&self, why: &'static str) -> SelectorError {
        SelectorError { at: self.at, why }
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, sign: &str) -> bool {
        let there = self.rest().starts_with(sign);
        if there {
            self.at += sign.len();
        }
        there
    }

    fn name(&mut self, metric: bool) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(|sign| !name_sign(sign, metric)).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| is_name(name, metric))?;
        self.at += end;
        Some(name)
    }

    /// Up to `end`, which is taken; an empty `end` is the end of the text.
    fn matchers(&mut self, end: &str) -> Result<Vec<Part>, SelectorError> {
        let mut parts = Vec::new();
        loop {
            self.blanks();
            let ended = if end.is_empty() { self.rest().is_empty() } else { self.take(end) };
            if ended {
                return Ok(parts);
            }
            if parts.len() == MATCHERS {
                return Err(self.wrong("too many labels"));
            }
            parts.push(self.part()?);
            self.blanks();
            if !self.take(",") {
                let ended = if end.is_empty() { self.rest().is_empty() } else { self.rest().starts_with(end) };
                if !ended {
                    return Err(self.wrong("expected a comma or the end of the labels"));
                }
            }
        }
    }

    fn part(&mut self) -> Result<Part, SelectorError> {
        let in_quotes = self.rest().starts_with(['"', '\'']);
        let label = if in_quotes {
            self.string()?
        } else {
            self.name(false).ok_or_else(|| self.wrong("expected the name of a label"))?.to_owned()
        };
        self.blanks();
        let operator = [Operator::Like, Operator::Unlike, Operator::IsNot, Operator::Is]
            .into_iter()
            .find(|operator| self.take(operator.sign()));
        let Some(operator) = operator else {
            return if in_quotes { Ok(Part::Name(label)) } else { Err(self.wrong("expected =, !=, =~ or !~")) };
        };
        self.blanks();
        Ok(Part::Matcher(Matcher { label, operator, value: self.string()? }))
    }

    fn string(&mut self) -> Result<String, SelectorError> {
        let Some(quote) = self.rest().chars().next().filter(|sign| matches!(sign, '"' | '\'' | '`')) else {
            return Err(self.wrong("expected a value in quotes"));
        };
        self.at += 1;
        let mut value = String::new();
        let mut signs = self.rest().char_indices();
        while let Some((at, sign)) = signs.next() {
            if sign == quote {
                self.at += at + 1;
                return Ok(value);
            }
            if sign != '\\' || quote == '`' {
                value.push(sign);
                continue;
            }
            match signs.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, sign @ ('\\' | '"' | '\''))) => value.push(sign),
                _ => {
                    self.at += at;
                    return Err(self.wrong("an escape that is not known; a backslash is written twice"));
                }
            }
        }
        Err(self.wrong("the quote is not closed"))
    }
}

/// A text in double quotes, as PromQL reads it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '\\' | '"' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

fn name_sign(sign: char, metric: bool) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_' || (metric && sign == ':')
}

fn is_name(name: &str, metric: bool) -> bool {
    name.starts_with(|first: char| !first.is_ascii_digit()) && name.chars().all(|sign| name_sign(sign, metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        Selector::parse(text).map_or_else(|error| error.to_string(), |selector| selector.to_string())
    }

    #[test]
    fn every_way_to_write_a_selector_is_read() {
        for (text, plain) in [
            ("up", "up"),
            (" up { } ", "up"),
            (r#"a:b{c="d",}"#, r#"a:b{c="d"}"#),
            (r#"m{ code =~ '5..' , x!~`\d"` , y!="\\." }"#, r#"m{code=~"5..",x!~"\\d\"",y!="\\."}"#),
            (r#"{__name__="m", a="b"}"#, r#"m{a="b"}"#),
            (r#"{"http.requests", "http.status"="200"}"#, r#"{__name__="http.requests","http.status"="200"}"#),
        ] {
            assert_eq!(written(text), plain, "{text}");
            assert_eq!(written(&written(text)), plain);
        }
    }

    #[test]
    fn what_is_no_bare_selector_is_refused_where_it_goes_wrong() {
        for (text, at) in [
            ("", 1),
            ("rate(x[5m])", 5),
            ("m[5m]", 2),
            ("m offset 1h", 3),
            ("m{a=b}", 5),
            (r#"m{a="b" c="d"}"#, 9),
            (r#"m{a="b"#, 6),
            (r#"m{a="\d"}"#, 6),
            (r#"m{__name__="x"}"#, 16),
            ("{}", 3),
            ("é", 1),
        ] {
            assert!(written(text).ends_with(&format!("(at character {at})")), "{text}: {}", written(text));
        }
        assert!(parse_matchers("").is_err() && parse_matchers("x").is_err() && parse_matchers(r#"a="b"}"#).is_err());
        assert_eq!(parse_matchers(r#"a="b", c!="d","#).map(|matchers| matchers.len()), Ok(2));
    }

    #[test]
    fn endings_and_labels_are_changed() {
        let selector = Selector::parse(r#"h_bucket{le="0.8",job="x"}"#).expect("a selector");
        assert_eq!(selector.series("_count").without("le").to_string(), r#"h_count{job="x"}"#);
        assert_eq!(Selector::parse("h").expect("one").series("_bucket").to_string(), "h_bucket");
        let more = parse_matchers(r#"job="x",code="200""#).expect("matchers");
        assert_eq!(selector.with(&more).to_string(), r#"h_bucket{le="0.8",job="x",code="200"}"#);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_again(metric in "[a-z.é\"\\\\]{1,8}", label in "[a-z.]{1,6}", value in ".{0,12}") {
            let matcher = Matcher { label, operator: Operator::Like, value };
            let selector = Selector { metric, matchers: vec![matcher] };
            proptest::prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector));
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,40}") {
            drop(Selector::parse(&text));
            drop(parse_matchers(&text));
        }
    }
}
