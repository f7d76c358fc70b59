//! Where in a query a server says that it is wrong: `1:8: parse error` and `line 1, col 12`.

/// The column (from zero, in characters) that the words of a server name for a query of one line; `None` where they name none.
#[must_use]
pub fn place(message: &str) -> Option<usize> {
    columns(message).or_else(|| after_line_one(message)).and_then(|column| column.checked_sub(1))
}

/// `at line 1, col 12:` of Loki and Tempo; `line 1, column 3`.
fn columns(message: &str) -> Option<usize> {
    let (_, rest) = message.split_once("col")?;
    let rest = rest.strip_prefix("umn").unwrap_or(rest).trim_start_matches([' ', ':', '=']);
    number(rest)
}

/// `1:8:` of Prometheus.
fn after_line_one(message: &str) -> Option<usize> {
    let mut rest = message;
    while let Some((before, after)) = rest.split_once("1:") {
        let starts = before.ends_with(|letter: char| letter.is_whitespace() || letter == '"') || before.is_empty();
        if let (true, Some(column)) = (starts, number(after)) {
            let digits = after.chars().take_while(char::is_ascii_digit).count();
            if after.chars().nth(digits) == Some(':') {
                return Some(column);
            }
        }
        rest = after;
    }
    None
}

fn number(text: &str) -> Option<usize> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(6).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_words_of_the_three_servers_name_a_column() {
        let prometheus = "invalid parameter \"query\": 1:8: parse error: unexpected <by>";
        assert_eq!(place(prometheus), Some(7));
        assert_eq!(place("parse error at line 1, col 12: syntax error: unexpected $end"), Some(11));
        assert_eq!(place("invalid TraceQL query: parse error at line 1, col 3: syntax error"), Some(2));
        assert_eq!(place("many-to-many matching not allowed"), None);
        assert_eq!(place("took 1:30 minutes, col: none"), None);
        assert_eq!(place("col 0"), None);
    }

    proptest! {
        #[test]
        fn any_message_is_read(message in ".{0,120}") {
            prop_assert!(place(&message).is_none_or(|column| column < 1_000_000));
        }
    }
}
