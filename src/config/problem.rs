//! A mistake in a file as a person wants it told: file, line, column, the line itself, a caret, a hint. Not what a
//! mistake is: that say the readers of each section.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use super::mask::masked;

/// Something in the file, and where it stands in bytes, so that a later check can still point at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub value: T,
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the file's text.
    pub span: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: None }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Where the readers of one file put what they find wrong.
pub(super) type Sink = RefCell<Vec<Problem>>;

/// More than these are counted and not told.
const MOST: usize = 50;
/// Characters of a line that are shown.
const WIDEST: usize = 110;

/// Every problem of one file, in the order of the file. Its `Display` is what the user reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    told: Vec<String>,
    more: usize,
}

impl Problems {
    /// `name` is the file as the user knows it.
    #[must_use]
    pub fn new(name: &str, text: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span.start);
        let more = problems.len().saturating_sub(MOST);
        problems.truncate(MOST);
        Self { told: problems.iter().map(|problem| tell(name, text, problem)).collect(), more }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.told.len() + self.more
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told.join("\n"))?;
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        Ok(())
    }
}

fn tell(name: &str, text: &str, problem: &Problem) -> String {
    let start = floor(text, problem.span.start);
    let end = floor(text, problem.span.end).max(start);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let row = before.matches('\n').count() + 1;
    let rest = text.get(line_start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let column = text.get(line_start..start).unwrap_or_default().chars().count();
    let width = text.get(start..end).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
    let shown: Vec<char> = masked(line).chars().collect();
    // A long line is shown from a little before the mistake on.
    let from = if shown.len() > WIDEST { column.saturating_sub(WIDEST / 2) } else { 0 };
    let part: String = shown.iter().skip(from).take(WIDEST).map(|sign| plain(*sign)).collect();
    let room = part.chars().count().saturating_sub(column - from).max(1);
    let caret = format!("{}{}", " ".repeat(column - from), "^".repeat(width.clamp(1, room)));
    let mut told = format!("{name}:{row}:{}: {}\n  {part}\n  {caret}", column + 1, problem.message);
    if let Some(hint) = &problem.hint {
        told.push_str("\n  hint: ");
        told.push_str(hint);
    }
    told
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A tab is one blank, so that the caret stands below; what could drive a terminal is a question mark.
fn plain(sign: char) -> char {
    match sign {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '?',
        _ if sign.is_control() => '?',
        _ => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, span: Range<usize>) -> String {
        Problems::new("x.toml", text, vec![Problem::at(span, "wrong").hint("do it right")]).to_string()
    }

    #[test]
    fn line_column_caret_and_hint() {
        let text = "[a]\nname = \"é\" # x\n\tb = 12\n";
        let at = text.find("12").expect("it is there");
        assert_eq!(told(text, at..at + 2), "x.toml:3:6: wrong\n   b = 12\n       ^^\n  hint: do it right");
        let hash = text.find('#').expect("it is there");
        assert_eq!(
            told(text, hash..text.len()),
            "x.toml:2:12: wrong\n  name = \"é\" # x\n             ^^^\n  hint: do it right"
        );
    }

    #[test]
    fn the_end_of_a_file_and_beyond() {
        assert_eq!(told("", 0..0), "x.toml:1:1: wrong\n  \n  ^\n  hint: do it right");
        assert_eq!(told("a = é", 90..99), "x.toml:1:6: wrong\n  a = é\n       ^\n  hint: do it right");
        assert_eq!(told("a = é", 5..5), "x.toml:1:5: wrong\n  a = é\n      ^\n  hint: do it right");
    }

    #[test]
    fn a_long_line_and_one_that_drives_the_terminal() {
        let text = format!("a = \"\u{1b}]0;x\u{202e}{}\" b", "y".repeat(5_000));
        let told = told(&text, text.len() - 1..text.len());
        assert!(told.lines().all(|line| line.chars().count() <= WIDEST + 2), "{told}");
        assert!(told.contains("y\" b\n"), "{told}");
        assert!(!super::tell("x", &text, &Problem::at(0..1, "m")).contains('\u{1b}'));
    }

    #[test]
    fn too_many_are_counted() {
        let problems = Problems::new("x", "a", vec![Problem::at(0..1, "m"); 60]);
        assert_eq!(problems.len(), 60);
        assert!(problems.to_string().ends_with("\nand 10 more"));
    }

    proptest::proptest! {
        #[test]
        fn any_span_of_any_text_can_be_told(text in ".{0,300}", start in 0_usize..400, length in 0_usize..400) {
            let told = told(&text, start..start + length);
            proptest::prop_assert_eq!(told.matches('\n').count(), 3);
        }
    }
}
