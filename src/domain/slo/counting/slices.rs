//! What to ask a server for one window of an SLO, by its method: events over the window, or slices of time within it,
//! which the server counts. Not what the answers mean: that is `measure.rs`.

use std::fmt::Write;

use std::time::Duration;

use super::super::{Language, Measure, Objective, Sli, Slo, duration_in, duration_text, query, window_text};
use super::method::{EmptySlice, Method};
use crate::domain::{Cause, Failure};

/// Less than any two questions are apart.
const A_MOMENT: Duration = Duration::from_secs(1);
/// A share that is equal to the target but for the rounding of floats is no worse than the target.
const SAME: &str = "1.000000001";
const NO_WORSE: &str = "0.999999999";

impl Method {
    /// Beside a number: `events`, `slices of 5 min, 95 % good`, `mean of 5 min`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Occurrences => "events".to_owned(),
            Self::TimeSlices { slice, target, .. } => format!("{} slices, {target} % good", duration_text(*slice)),
            Self::RatioOfSlices { slice } => format!("mean of {} slices", duration_text(*slice)),
        }
    }
}

impl Slo {
    /// What is promised, as people say it: `99.9 % of orders`, `99.5 % of 5 min slices, each 95 % good`.
    #[must_use]
    pub fn goal(&self, language: Language) -> String {
        let decimal = |objective: Objective| match language {
            Language::English => objective.to_string(),
            Language::French => objective.to_string().replace('.', ","),
        };
        let (share, unit) = (decimal(self.objective), &self.unit);
        let slices = self.method.slice().map(|slice| duration_in(slice, language)).unwrap_or_default();
        match (self.method, language) {
            (Method::Occurrences, Language::English) => format!("{share} % of {unit}"),
            (Method::Occurrences, Language::French) => format!("{share} % ({unit})"),
            (Method::TimeSlices { target, .. }, Language::English) => {
                format!("{share} % of {slices} slices, each {} % good", decimal(target))
            }
            (Method::TimeSlices { target, .. }, Language::French) => {
                format!("{share} % des tranches de {slices}, bonnes à {} %", decimal(target))
            }
            (Method::RatioOfSlices { .. }, Language::English) => format!("{share} % on average over {slices} slices"),
            (Method::RatioOfSlices { .. }, Language::French) => {
                format!("{share} % en moyenne des tranches de {slices}")
            }
        }
    }
}

/// The two texts to ask a server for one window: of bad (or good) and of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub first: String,
    pub total: String,
}

impl Slo {
    /// What to ask for this window, by the SLO's method. By slices the answers are counts of slices, not of events.
    #[must_use]
    pub fn texts(&self, window: Duration) -> Texts {
        let Some(slice) = self.method.slice() else {
            return Texts { first: query(self.sli.first(), window), total: query(self.sli.total(), window) };
        };
        let (first, total) = (query(self.sli.first(), slice), query(self.sli.total(), slice));
        // A slice that ends where the window begins belongs to the window before: some servers count both ends.
        let inside = window.saturating_sub(A_MOMENT).max(A_MOMENT);
        let over = format!("[{}:{}]", window_text(inside), window_text(slice));
        let traffic = format!("(({total}) > 0)");
        // No series of errors is no error; but nothing good is not known to be all bad, and stays absent.
        let bad = format!("(({first}) or 0 * ({total}))");
        match (self.method, &self.sli) {
            (Method::TimeSlices { target, empty, .. }, sli) => {
                let all = match empty {
                    EmptySlice::Good => format!("({total})"),
                    EmptySlice::Skip => traffic,
                };
                let slice_of = match sli {
                    Sli::BadOverTotal { .. } => {
                        format!("{bad} > bool ({} * {SAME}) * {all}", fraction(target.budget_ppb()))
                    }
                    Sli::GoodOverTotal { .. } => {
                        format!(
                            "({first}) >= bool ({} * {NO_WORSE}) * {all}",
                            fraction(1_000_000_000 - target.budget_ppb())
                        )
                    }
                };
                Texts {
                    first: format!("sum_over_time(({slice_of}){over})"),
                    total: format!("count_over_time({all}{over})"),
                }
            }
            (_, sli) => {
                let counted = if matches!(sli, Sli::BadOverTotal { .. }) { bad } else { format!("({first})") };
                Texts {
                    first: format!("sum_over_time(({counted} / {traffic}){over})"),
                    total: format!("count_over_time({traffic}{over})"),
                }
            }
        }
    }
}

/// A rate over fewer samples than these says little: one lost scrape, and it is gone.
const LEAST_SCRAPES: f64 = 4.0;
/// Scrapes come a little early or late.
const LATE: f64 = 0.95;

impl Slo {
    /// Asks how many samples the SLO's series have `over` so long; `None` when its text names no series before the window.
    #[must_use]
    pub fn scrapes_text(&self, over: Duration) -> Option<String> {
        let selector = selector(self.sli.total()).or_else(|| selector(self.sli.first()))?;
        Some(format!("max(count_over_time({selector}[{}]))", window_text(over)))
    }

    /// What a window is that holds too few scrapes, so far apart, to be measured; `None` when it holds enough.
    #[must_use]
    pub fn too_short(&self, window: Duration, interval: Duration) -> Option<Measure> {
        let shortest = self.method.slice().unwrap_or(window).min(window);
        let enough = shortest.as_secs_f64() >= LEAST_SCRAPES * LATE * interval.as_secs_f64();
        let why = || {
            let (window, interval) = (duration_text(shortest), duration_text(interval));
            format!("{}: {window} hold fewer than 4 scrapes, one every {interval}", self.name)
        };
        (!enough).then(|| Measure::Failed(Failure::new("query", Cause::Malformed(why()))))
    }
}

/// The series that stand before the first `[{{.window}}]` of a text: `http_requests_total{code="500"}`.
fn selector(text: &str) -> Option<&str> {
    let before = text.split_once("[{{").map(|(before, _)| before.trim_end())?;
    let name_end = if before.ends_with('}') { last_brace(before)? } else { before.len() };
    let name = before.get(..name_end)?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':');
    let start = name.trim_end_matches(is_name).len();
    before.get(start..).filter(|found| !found.is_empty())
}

/// The last `{` outside quotes.
fn last_brace(text: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut found = None;
    for (at, letter) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some('"' | '\'') if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'' | '`') => quote = Some(letter),
            None if letter == '{' => found = Some(at),
            None => {}
        }
    }
    found
}

/// Parts per billion as decimal text without rounding: `0.05`.
fn fraction(ppb: u64) -> String {
    let mut text = String::from("0.");
    let _ = write!(text, "{ppb:09}");
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_of_a_text_are_found() {
        for (text, found) in [
            ("sum(rate(http_requests_total[{{.window}}]))", Some("http_requests_total")),
            (
                r#"sum(rate(a:b{code=~"5..", path="/{id}\"]"}[{{.window}}]))"#,
                Some(r#"a:b{code=~"5..", path="/{id}\"]"}"#),
            ),
            (r#"rate({__name__="x"}[{{ .window }}])"#, Some(r#"{__name__="x"}"#)),
            ("slo:errors:ratio", None),
            ("sum(rate((a + b)[{{.window}}:1m]))", None),
            ("{{.window}}", None),
            ("é{[{{", None),
        ] {
            assert_eq!(selector(text), found, "{text}");
        }
    }
}
