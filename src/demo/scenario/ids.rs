//! Trace ids that look random and are a bijection of what they name: any id that a search or a line gave leads back to its
//! subject without a table. Not what the kinds mean: each scenario says that.

use crate::demo::rng::{Stream, mix, unmix};
use crate::domain::{SpanId, TraceId};

const INDEX_BITS: u32 = 48;

/// Makes ids of a kind (below 65,536) and a number that may be negative, and reads them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    low: u64,
    high: u64,
}

impl Ids {
    pub(super) fn new(seed: u64) -> Self {
        let stream = Stream::named(seed, "trace-ids");
        Self { low: stream.at(0), high: stream.at(1) }
    }

    pub(super) fn id(&self, kind: u64, number: i64) -> Option<TraceId> {
        let index = number.cast_unsigned() & ((1 << INDEX_BITS) - 1);
        let low = mix((kind << INDEX_BITS | index) ^ self.low);
        TraceId::new(u128::from(mix(low ^ self.high)) << 64 | u128::from(low))
    }

    /// Kind and number; `None` for an id that was never given under this seed.
    pub(super) fn read(&self, id: TraceId) -> Option<(u64, i64)> {
        let [.., b0, b1, b2, b3, b4, b5, b6, b7] = id.to_bytes();
        let packed = unmix(u64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7])) ^ self.low;
        let number = (packed << (64 - INDEX_BITS)).cast_signed() >> (64 - INDEX_BITS);
        let kind = packed >> INDEX_BITS;
        (self.id(kind, number) == Some(id)).then_some((kind, number))
    }
}

/// The id of the `index`-th span of a trace.
pub(super) fn span_id(trace: TraceId, index: usize) -> Option<SpanId> {
    let [.., b0, b1, b2, b3, b4, b5, b6, b7] = trace.to_bytes();
    let low = u64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7]);
    SpanId::new(Stream::new(low).at(u64::try_from(index).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_what_it_names(seed: u64, kind in 0_u64..9, number in -40_000_000_i64..40_000_000) {
            let ids = Ids::new(seed);
            let id = ids.id(kind, number).expect("not zero");
            prop_assert_eq!(ids.read(id), Some((kind, number)));
        }

        #[test]
        fn an_id_of_somebody_else_names_nothing(value in 1_u128..) {
            let id = TraceId::new(value).expect("not zero");
            let read = Ids::new(42).read(id);
            prop_assert!(read.is_none_or(|(kind, number)| Ids::new(42).id(kind, number) == Some(id)));
        }
    }
}
