//! A question in LogQL that finds the lines of one kind in the past, and may find more: what it does not find was not
//! there. Not which line is of which kind: that is the template's.

use crate::domain::Labels;
use crate::domain::template::Template;

/// Texts that are asked for at once; each makes a server compare once more.
const MOST: usize = 6;
/// A shorter text stands in most lines.
const SHORTEST: usize = 3;
/// A kind of fewer lines may hold a number that is another one each time.
const KNOWN: u64 = 10;
/// Labels that tell a level, besides the one that names the service: both stay when a process is replaced.
const LEVELS: [&str; 5] = ["level", "detected_level", "severity", "severity_text", "lvl"];

/// The selector is of the service and the level of a stream, or `everything` where none of its labels says them. The texts
/// are those of the template that stand in `sample`, a line of this kind as it came: a text that JSON writes otherwise is
/// not asked for, and of a kind of few `lines` no word with a number is. `None` when nothing is left that tells the kind from
/// others.
#[must_use]
pub fn of_kind(
    everything: &str,
    (service, stream): (&str, &Labels),
    (template, lines): (&Template, u64),
    sample: &str,
) -> Option<String> {
    let mut texts: Vec<&str> = Vec::new();
    let runs = template.runs();
    for run in &runs {
        let run = run.trim();
        let has_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        if lines < KNOWN && has_number(run) {
            texts.extend(run.split(' ').filter(|word| !has_number(word) && sample.contains(word)));
        } else if sample.contains(run) {
            texts.push(run);
        } else {
            texts.extend(run.split(' ').filter(|word| sample.contains(word)));
        }
    }
    texts.retain(|text| text.len() >= SHORTEST && !text.contains(['`', '\n', '\r', '\0']));
    // The longest tell the most; they are asked for in the order in which they stand.
    let mut lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
    lengths.sort_unstable_by(|one, other| other.cmp(one));
    if let Some(least) = lengths.get(MOST - 1) {
        texts.retain(|text| text.len() >= *least);
        texts.truncate(MOST);
    }
    if texts.is_empty() {
        return None;
    }
    let of_service = stream.iter().find(|(_, value)| value.as_str() == service && !service.is_empty());
    let selector = of_service.map(|pair| {
        let level = stream.iter().find(|(name, value)| LEVELS.contains(&name.as_str()) && !value.is_empty());
        let pairs = std::iter::once(pair).chain(level);
        let pairs = pairs.map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
    });
    let texts = texts.into_iter().map(|text| format!(" |= `{text}`"));
    Some(selector.unwrap_or_else(|| everything.to_owned()) + &texts.collect::<String>())
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(lines: [&str; 2], sample: &str, labels: &[(&str, &str)]) -> Option<String> {
        let mut template = Template::of_line(lines[0]);
        template.widen(lines[1]);
        let stream: Labels = labels.iter().copied().collect();
        of_kind("{job=~\".+\"}", ("pricing", &stream), (&template, KNOWN), sample)
    }

    #[test]
    fn a_number_of_a_line_that_came_once_is_not_asked_for() {
        let line = "booking 71039692 refused: no rate for NYC-2";
        let stream: Labels = [("app", "pricing")].into_iter().collect();
        let asked = |lines| of_kind("{job=~\".+\"}", ("pricing", &stream), (&Template::of_line(line), lines), line);
        let once = asked(1).expect("a question");
        assert_eq!(once, "{app=\"pricing\"} |= `booking` |= `refused:` |= `rate` |= `for`");
        assert!(asked(KNOWN).expect("a question").contains("NYC-2"));
    }

    const LINES: [&str; 2] = ["order 4471 rejected: quote unavailable", "order 4472 rejected: quote unavailable"];

    #[test]
    fn the_texts_that_stay_are_asked_for_in_the_service_and_level_of_the_stream() {
        let labels = [("level", "error"), ("pod", "pricing-7f"), ("service_name", "pricing")];
        assert_eq!(
            asked(LINES, LINES[0], &labels).as_deref(),
            Some("{service_name=\"pricing\", level=\"error\"} |= `order` |= `rejected: quote unavailable`")
        );
        // Without a label that names the service everything is asked.
        assert_eq!(
            asked(LINES, LINES[0], &[("job", "all")]).as_deref(),
            Some("{job=~\".+\"} |= `order` |= `rejected: quote unavailable`")
        );
    }

    #[test]
    fn a_text_that_is_written_otherwise_in_the_line_is_asked_for_by_its_words() {
        let lines = ["miss in \"fr/75\" waited  long", "miss in \"fr/75\" waited  long"];
        let sample = r#"{"msg":"miss in \"fr\/75\" waited  long"}"#;
        let asked = asked(lines, sample, &[("app", "pricing")]);
        assert_eq!(asked.as_deref(), Some("{app=\"pricing\"} |= `miss` |= `waited` |= `long`"));
    }

    #[test]
    fn a_kind_without_a_text_of_its_own_is_not_asked_for() {
        assert_eq!(asked(["1 2", "3 4"], "1 2", &[("app", "pricing")]), None);
        assert_eq!(asked(["a ` b", "a ` b"], "a ` b", &[("app", "pricing")]), None);
    }

    #[test]
    fn at_most_six_texts_are_asked_for() {
        let line = |mark: usize| (0..12).map(|at| format!("word{} {mark} ", "x".repeat(at))).collect::<String>();
        let (one, other) = (line(1), line(2));
        let asked = asked([&one, &other], &one, &[("app", "pricing")]).expect("a question");
        assert_eq!(asked.matches("|=").count(), 6);
        assert!(asked.contains(&format!("`word{}`", "x".repeat(11))), "{asked}");
    }
}
