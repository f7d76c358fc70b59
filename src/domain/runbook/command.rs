//! What a step offers to run, and whether it may destroy something. Nothing is run here.

use std::fmt;

/// A command of a runbook, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// `sh`, `promql`, ..; empty when the page does not tell.
    pub language: &'a str,
    /// Without prompts; of a `console` session only the typed lines.
    pub text: String,
    /// Why it must be confirmed by typing; the page said so, or the text looks like it.
    pub danger: Option<&'static str>,
}

impl<'a> Command<'a> {
    pub(super) fn new(language: &'a str, text: &str, attributes: &[String]) -> Self {
        let text = typed(language, text);
        let marked = attributes.iter().any(|word| word == "danger").then_some("marked as dangerous");
        let danger = marked.or_else(|| danger(&text));
        Self { language, text, danger }
    }

    /// Whether it belongs to a shell; else to a query pane.
    #[must_use]
    pub fn is_shell(&self) -> bool {
        matches!(self.language, "" | "sh" | "bash" | "shell" | "console" | "zsh")
    }
}

/// Why a command with placeholders cannot be run, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfilled {
    /// Nobody knows these.
    Unknown(Vec<String>),
    /// The value of this one holds what a shell could take for more than a word.
    Unsafe(String),
}

impl fmt::Display for Unfilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(names) => write!(f, "not known: {}", names.join(", ")),
            Self::Unsafe(name) => write!(f, "the value of {name} is not a plain word: fill it in by hand"),
        }
    }
}

impl Command<'_> {
    /// The text with each `{{name}}` replaced by what `value` knows (`service`, `alert.labels.pod`). Values come from
    /// outside: one that is not a plain word is refused rather than quoted.
    ///
    /// # Errors
    /// When a name is not known, or a value is not plain. Then nothing may be run.
    pub fn filled(&self, value: &dyn Fn(&str) -> Option<String>) -> Result<String, Unfilled> {
        let mut filled = String::new();
        let mut unknown = Vec::new();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let Some((name, after)) = after.split_once("}}") else {
                unknown.push("{{ without }}".to_owned());
                break;
            };
            let name = name.trim();
            match value(name) {
                Some(value) if is_plain(&value) => filled.push_str(&value),
                Some(_) => return Err(Unfilled::Unsafe(name.to_owned())),
                None => unknown.push(name.to_owned()),
            }
            rest = after;
        }
        if !unknown.is_empty() {
            return Err(Unfilled::Unknown(unknown));
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// One word that means the same to every shell and query language, and is no option.
fn is_plain(value: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | ':' | '/' | '@');
    !value.is_empty() && !value.starts_with('-') && value.chars().all(plain)
}

fn typed(language: &str, text: &str) -> String {
    let prompted = |line: &str| line.trim_start().strip_prefix("$ ").map(str::to_owned);
    let lines: Vec<String> = if language == "console" && text.lines().any(|line| prompted(line).is_some()) {
        text.lines().filter_map(prompted).collect()
    } else {
        text.lines().map(|line| prompted(line).unwrap_or_else(|| line.to_owned())).collect()
    };
    lines.join("\n").trim().to_owned()
}

/// Why a command looks as if it destroyed or changed something for good; `None` is no promise that it does not.
#[must_use]
pub fn danger(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    let words: Vec<&str> =
        upper.split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '='))).collect();
    let follows = |first: &str, seconds: &[&str]| {
        words
            .iter()
            .position(|word| *word == first)
            .is_some_and(|at| words.iter().skip(at + 1).any(|word| seconds.contains(word)))
    };
    let has = |word: &str| words.contains(&word);
    let forced_removal = words.iter().any(|word| {
        word.strip_prefix('-')
            .is_some_and(|flags| flags.contains('R') && flags.contains('F') && !flags.starts_with('-'))
    });
    match () {
        () if has("FLUSHALL") || has("FLUSHDB") => Some("empties a Redis"),
        () if has("DROP") || has("TRUNCATE") => Some("drops data"),
        () if follows("DELETE", &["FROM"]) && !has("WHERE") => Some("deletes every row"),
        () if has("RM") && forced_removal => Some("removes files"),
        () if follows("KUBECTL", &["DELETE", "DRAIN"]) => Some("removes from the cluster"),
        () if follows("KUBECTL", &["SCALE"]) && words.iter().any(|word| word.ends_with("REPLICAS=0")) => {
            Some("scales to nothing")
        }
        () if follows("TERRAFORM", &["APPLY", "DESTROY"]) => Some("changes the infrastructure"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_destroys_is_named() {
        for text in [
            "redis-cli -h redis-sessions FLUSHALL",
            "psql -c 'drop table x'",
            "DELETE FROM orders",
            "rm -rf /var/cache",
            "kubectl -n tms delete pod pricing-0",
            "kubectl scale deploy/pricing --replicas=0",
            "terraform -chdir=prod apply",
        ] {
            assert!(danger(text).is_some(), "{text}");
        }
        for text in
            ["redis-cli dbsize", "DELETE FROM orders WHERE id = 1", "kubectl scale deploy/x --replicas=3", "rm x", ""]
        {
            assert_eq!(danger(text), None, "{text}");
        }
    }

    #[test]
    fn placeholders_take_plain_words_only() {
        let command = Command::new("sh", "kubectl -n tms logs {{ alert.labels.pod }} -c {{service}}", &[]);
        let with = |pod: &'static str| {
            command.filled(&move |name| match name {
                "alert.labels.pod" => Some(pod.to_owned()),
                "service" => Some("pricing".to_owned()),
                _ => None,
            })
        };
        assert_eq!(with("pricing-7d9-x2"), Ok("kubectl -n tms logs pricing-7d9-x2 -c pricing".to_owned()));
        for hostile in ["x; rm -rf /", "$(reboot)", "--all", "", "a b", "a\nb", "`id`", "é"] {
            assert_eq!(with(hostile), Err(Unfilled::Unsafe("alert.labels.pod".to_owned())), "{hostile}");
        }
        let unknown = command.filled(&|_| None).expect_err("nothing is known");
        assert_eq!(unknown.to_string(), "not known: alert.labels.pod, service");
        assert!(Command::new("sh", "echo {{x", &[]).filled(&|_| None).is_err());
    }

    #[test]
    fn prompts_and_answers_are_not_typed() {
        let console = Command::new("console", "$ redis-cli dbsize\n(integer) 0\n$ date\n", &[]);
        assert_eq!(console.text, "redis-cli dbsize\ndate");
        let marked = Command::new("sh", "$ pricing-cachectl warm\n", &["danger".to_owned()]);
        assert_eq!((marked.text.as_str(), marked.danger), ("pricing-cachectl warm", Some("marked as dangerous")));
    }
}
