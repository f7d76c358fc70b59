//! What to ask a server for one window of an SLO, by its method: events over the window, or slices of time within it,
//! which the server counts. Not what the answers mean: that is `measure.rs`.

use std::fmt::Write;

use std::time::Duration;

use super::{EmptySlice, Method, Sli, Slo, duration_text, query, window_text};

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
        let over = format!("[{}:{}]", window_text(window), window_text(slice));
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

/// Parts per billion as decimal text without rounding: `0.05`.
fn fraction(ppb: u64) -> String {
    let mut text = String::from("0.");
    let _ = write!(text, "{ppb:09}");
    text.trim_end_matches('0').to_owned()
}
