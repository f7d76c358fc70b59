//! A measured request that a metrics server kept beside its counters, with the trace that it was a part of.

use crate::domain::{Labels, SpanId, Timestamp, TraceId};

#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar {
    /// Of the series that it was kept with.
    pub series: Labels,
    pub trace: TraceId,
    pub span: Option<SpanId>,
    /// In the unit of the metric: of a histogram of durations mostly seconds.
    pub value: f64,
    pub at: Timestamp,
}

impl Exemplar {
    /// Whether its series counts answers of a server that failed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.series.iter().any(|(name, value)| {
            let names_status = name.contains("status") || name.contains("code");
            names_status && value.len() == 3 && value.starts_with('5') || (**name == *"error" && **value == *"true")
        })
    }

    /// The one that is worth looking at first: an error before none, then the longest, then the latest.
    #[must_use]
    pub fn worst(exemplars: &[Self]) -> Option<&Self> {
        exemplars.iter().filter(|exemplar| exemplar.value.is_finite()).max_by(|one, other| {
            let rank = |exemplar: &Self| (exemplar.is_error(), exemplar.at);
            let (this, that) = (rank(one), rank(other));
            this.0.cmp(&that.0).then(one.value.total_cmp(&other.value)).then(this.1.cmp(&that.1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exemplar(code: &str, value: f64, seconds: i64) -> Exemplar {
        let series = [("http_response_status_code", code), ("le", "3")].into_iter().collect();
        let trace = TraceId::new(u128::from(value.to_bits()) + 1).expect("not zero");
        Exemplar { series, trace, span: None, value, at: Timestamp::from_seconds(seconds) }
    }

    #[test]
    fn an_error_is_worse_than_a_long_wait_and_that_worse_than_a_short_one() {
        let kept =
            [exemplar("200", 9.0, 5), exemplar("503", 2.4, 3), exemplar("503", 2.5, 1), exemplar("503", f64::NAN, 9)];
        assert_eq!(Exemplar::worst(&kept).map(|found| found.value), Some(2.5));
        assert_eq!(Exemplar::worst(&kept[..1]).map(|found| found.value), Some(9.0));
        assert_eq!(Exemplar::worst(&kept[3..]), None);
        let both = [exemplar("503", 2.0, 1), exemplar("503", 2.0, 2)];
        assert_eq!(Exemplar::worst(&both).map(|found| found.at.seconds()), Some(2));
    }
}
