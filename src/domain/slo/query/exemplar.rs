//! What is asked of a metrics server for exemplars of an SLI, and whose requests the SLI counts. Exemplars are kept with the
//! buckets of a histogram, not with its count.

use std::time::Duration;

use super::text::fill;
use crate::domain::Symbol;
use crate::domain::slo::Slo;

/// Long enough for every rate to be one.
const WINDOW: Duration = Duration::from_secs(300);
/// Labels by which metrics name who served a request, the surest first.
const SERVICE: [&str; 4] = ["service_name", "service", "app", "job"];

/// The expression of all events, over the buckets wherever it counts with a histogram.
#[must_use]
pub fn exemplars_of(slo: &Slo) -> String {
    let text = fill(slo.sli.total(), WINDOW);
    let mut written = String::with_capacity(text.len());
    let mut in_quotes: Option<char> = None;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match in_quotes {
            Some(_) if letter == '\\' => {
                written.push(letter);
                if let Some((_, escaped)) = letters.next() {
                    written.push(escaped);
                }
                continue;
            }
            Some(quote) if letter == quote => in_quotes = None,
            None if matches!(letter, '"' | '\'' | '`') => in_quotes = Some(letter),
            None if matches!(letter, '{' | '[') && text.get(..at).is_some_and(|before| before.ends_with("_count")) => {
                written.truncate(written.len() - "_count".len());
                written.push_str("_bucket");
            }
            _ => {}
        }
        written.push(letter);
    }
    written
}

/// The service whose requests are counted, where a label says so plainly.
#[must_use]
pub fn served_by(slo: &Slo) -> Option<Symbol> {
    let text = slo.sli.total();
    SERVICE.iter().find_map(|label| {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(label) {
            let apart = !before.ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
            let value =
                after.trim_start().strip_prefix('=').map(str::trim_start).and_then(|text| text.strip_prefix('"'));
            if let Some((value, _)) = value.filter(|_| apart).and_then(|value| value.split_once('"')) {
                return Some(Symbol::from(value)).filter(|value| !value.is_empty());
            }
            rest = after;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slo::tests::fixtures;
    use crate::domain::slo::{Policy, Sli};

    fn counting(total: &str) -> Slo {
        let mut slo = fixtures::slo("99.9", Policy::default());
        slo.sli = Sli::BadOverTotal { bad: "bad".to_owned(), total: total.to_owned() };
        slo
    }

    #[test]
    fn the_count_of_a_histogram_is_looked_for_in_its_buckets() {
        let slo = counting(r#"sum(rate(http_seconds_count{service_name="routing",why="a_count{"}[{{.window}}]))"#);
        let asked = r#"sum(rate(http_seconds_bucket{service_name="routing",why="a_count{"}[5m]))"#;
        assert_eq!(exemplars_of(&slo), asked);
        assert_eq!(served_by(&slo).as_deref(), Some("routing"));
        assert_eq!(exemplars_of(&counting("rate(x_count[{{.window}}])")), "rate(x_bucket[5m])");
        assert_eq!(exemplars_of(&counting("rate(orders_total{}[{{.window}}])")), "rate(orders_total{}[5m])");
    }

    #[test]
    fn only_a_plain_label_names_a_service() {
        for (total, service) in [
            (r#"x{my_service="a",service="b"}"#, Some("b")),
            (r#"x{service=~"a|b"}"#, None),
            (r#"x{job = "booking"}"#, Some("booking")),
            ("x{service=\"", None),
            ("x", None),
        ] {
            assert_eq!(served_by(&counting(total)).as_deref(), service, "{total}");
        }
    }
}
