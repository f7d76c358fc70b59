//! One line of a file, read: its time, its level, who wrote it, what a person reads first. JSON, `key=value`, klog, web
//! servers, and plain text with a time in front, with what container runtimes put before it. Not its bounds: `split.rs`.

use std::borrow::Cow;

use super::super::fields;
use super::super::loki_text::Told;
use super::stamp;
use crate::domain::Timestamp;
use crate::domain::signal::Level;

/// Words at the beginning of a text among which its level is looked for.
const WORDS: usize = 4;

/// What a line says of itself.
#[derive(Debug, Default)]
pub(super) struct Read<'a> {
    pub told: Told<'a>,
    /// `None` for a line that goes on with the one before.
    pub time: Option<Timestamp>,
    /// Without its time and level, when nothing better is told.
    pub text: &'a str,
}

pub(super) fn read(line: &str, now: Timestamp) -> Read<'_> {
    let (mut time, mut rest) = (None, line);
    let mut level = None;
    if let Some(pod) = rest.strip_prefix("[pod/") {
        rest = pod.split_once("] ").map_or(rest, |(_, after)| after);
    }
    let bare = rest.strip_prefix('[').unwrap_or(rest);
    if let Some((at, length)) = stamp::leading(bare, now) {
        level = of_letter(bare);
        time = Some(at);
        rest = bare.get(length..).unwrap_or("").trim_start_matches([']', ' ', '\t']);
        for stream in ["stdout F ", "stderr F ", "stdout P ", "stderr P "] {
            rest = rest.strip_prefix(stream).unwrap_or(rest);
        }
    }
    let mut told = Told::default();
    if rest.starts_with('{') {
        told = Told::by_line(rest);
    } else if !fields::read_pairs(rest, &mut |name, value| told.field("", name, value)) {
        if time.is_none() {
            time = stamp::bracketed(rest);
        }
        // klog: `1 main.go:7] what happened`.
        if level.is_some() {
            rest = rest.split_once("] ").map_or(rest, |(_, after)| after);
        }
        let (word, after) = leading_level(rest);
        told = Told::by_line(rest);
        told.level = told.level.or(level).or(word);
        rest = after;
    }
    if let Some(inner) = told.time.as_deref().and_then(|text| stamp::value(text, now)) {
        time = Some(inner);
    }
    Read { told, time, text: rest }
}

/// Whether a line looks as if it belonged to the one before: the inside of a stack trace, a cause.
pub(super) fn goes_on(line: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["Traceback (most recent", "Caused by", "Suppressed: ", "at ", "... "];
    line.starts_with([' ', '\t']) || BEGINNINGS.iter().any(|beginning| line.starts_with(beginning))
}

/// The level of klog's first letter.
fn of_letter(line: &str) -> Option<Level> {
    match line.bytes().next()? {
        b'I' => Some(Level::Info),
        b'W' => Some(Level::Warn),
        b'E' => Some(Level::Error),
        b'F' => Some(Level::Fatal),
        _ => None,
    }
    .filter(|_| line.as_bytes().get(1).is_some_and(u8::is_ascii_digit))
}

/// A level among the first words, and what stands behind it when it is the first of all.
fn leading_level(text: &str) -> (Option<Level>, &str) {
    let is_around = |letter: char| matches!(letter, '[' | ']' | ':' | '(' | ')' | '<' | '>' | '|' | '-');
    for (at, word) in text.split_whitespace().take(WORDS).enumerate() {
        let bare = word.trim_matches(is_around);
        // Within a sentence only a shouted level is one.
        let counts = at == 0 || bare.bytes().all(|byte| byte.is_ascii_uppercase());
        let level = if counts && (3..=11).contains(&bare.len()) { Level::parse(bare) } else { Level::Unknown };
        if level != Level::Unknown {
            let after = if at == 0 { text.trim_start().get(word.len()..).unwrap_or("").trim_start() } else { text };
            return (Some(level), if after.is_empty() { text } else { after });
        }
    }
    (None, text)
}

/// Without the colours that a program gave it for a terminal.
pub(super) fn uncoloured(line: &str) -> Cow<'_, str> {
    if !line.contains("\u{1b}[") {
        return Cow::Borrowed(line);
    }
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let end = part.bytes().position(|byte| !(byte.is_ascii_digit() || byte == b';'));
        match end.filter(|end| part.as_bytes().get(*end) == Some(&b'm')) {
            Some(end) => plain.push_str(part.get(end + 1..).unwrap_or("")),
            None => {
                plain.push_str("\u{1b}[");
                plain.push_str(part);
            }
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse_rfc3339("2026-03-13T18:00:00Z").expect("a time")
    }

    #[test]
    fn every_kind_of_line_tells_time_level_and_text() {
        let at = Timestamp::parse_rfc3339("2026-03-13T17:30:12Z").expect("a time");
        for line in [
            r#"{"ts":1773423012,"level":"error","msg":"pool is empty"}"#,
            r#"{"@timestamp":"2026-03-13T17:30:12Z","log.level":"error","message":"pool is empty"}"#,
            r#"2026-03-13T17:30:12.000Z stderr F {"severity":"ERROR","msg":"pool is empty"}"#,
            r#"[pod/pricing-7c9d/app] {"time":"2026-03-13T17:30:12Z","level":"error","msg":"pool is empty"}"#,
            r#"time=2026-03-13T17:30:12Z level=error msg="pool is empty""#,
            "E0313 17:30:12.000000       1 pool.go:7] pool is empty",
            "2026-03-13 17:30:12,000 ERROR pool is empty",
            "[2026-03-13 17:30:12] [error]: pool is empty",
            "2026/03/13 17:30:12 ERROR: pool is empty",
        ] {
            let read = read(line, now());
            let text = read.told.message.as_deref().unwrap_or(read.text);
            assert_eq!((read.time, read.told.level, text), (Some(at), Some(Level::Error), "pool is empty"), "{line}");
        }
    }

    #[test]
    fn text_without_a_time_goes_on_with_the_line_before() {
        let read = read("    at pool.take(pool.js:7)", now());
        assert_eq!((read.time, read.told.level, read.text), (None, None, "    at pool.take(pool.js:7)"));
        let read = super::read("the last error was an hour ago", now());
        assert_eq!(read.told.level, None);
    }

    #[test]
    fn colours_are_no_text() {
        assert_eq!(uncoloured("\u{1b}[1;31mERROR\u{1b}[0m x\u{1b}[2J"), "ERROR x\u{1b}[2J");
    }

    proptest! {
        #[test]
        fn no_line_breaks_it(line in r#"(2026-03-13|17:30:12|[{}\[\]":=, é\u{0}\u{1b}m0-9a-zE]){0,40}"#) {
            let line = uncoloured(&line);
            let read = read(&line, now());
            prop_assert!(read.text.is_empty() || line.contains(read.text));
        }
    }

    #[test]
    fn json_ten_thousand_deep_is_text() {
        let line = format!("{}{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        assert_eq!(read(&line, now()).told.level, None);
        let list = format!(r#"{{"msg":"kept","a":{}"#, "[".repeat(10_000));
        assert_eq!(read(&list, now()).told.message.as_deref(), Some("kept"));
    }
}
