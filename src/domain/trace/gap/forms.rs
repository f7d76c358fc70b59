//! One trace id in the words of every vendor: what to look for in their logs and consoles. The other way, from their words
//! to an id, is `header.rs`.

use std::fmt;

use crate::domain::{SpanId, TraceId};

/// Who writes ids so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vendor {
    W3c,
    Datadog,
    NewRelic,
    B3,
    XRay,
    Jaeger,
    Uuid,
}

impl Vendor {
    pub const ALL: [Self; 7] =
        [Self::W3c, Self::Datadog, Self::NewRelic, Self::B3, Self::XRay, Self::Jaeger, Self::Uuid];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::W3c => "W3C traceparent",
            Self::Datadog => "Datadog",
            Self::NewRelic => "New Relic",
            Self::B3 => "B3",
            Self::XRay => "X-Ray",
            Self::Jaeger => "Jaeger",
            Self::Uuid => "UUID",
        }
    }

    /// The vendor whose field a log line or header names, in small letters; `None` for the neutral names.
    #[must_use]
    pub fn of_field(text: &str) -> Option<Self> {
        const FIELDS: [(&str, Vendor); 9] = [
            ("dd.trace_id", Vendor::Datadog),
            ("dd_trace_id", Vendor::Datadog),
            ("x-datadog-trace-id", Vendor::Datadog),
            ("newrelic", Vendor::NewRelic),
            ("linking.trace.id", Vendor::NewRelic),
            ("x-b3-traceid", Vendor::B3),
            ("x-amzn-trace-id", Vendor::XRay),
            ("uber-trace-id", Vendor::Jaeger),
            ("traceparent", Vendor::W3c),
        ];
        FIELDS.iter().find(|(field, _)| text.contains(field)).map(|(_, vendor)| *vendor)
    }

    /// As it stands in that vendor's header or log field. Datadog's is the low half in decimal, with the upper half as its
    /// tag where there is one. A span is named where the form has one; without it `0…1` stands there.
    #[must_use]
    pub fn write(self, trace: TraceId, span: Option<SpanId>) -> String {
        let value = trace.value();
        let span = span.map_or(1, SpanId::value);
        match self {
            Self::W3c => format!("00-{trace}-{span:016x}-01"),
            Self::Datadog => {
                let low = value & u128::from(u64::MAX);
                match value >> 64 {
                    0 => format!("x-datadog-trace-id: {low}"),
                    upper => format!("x-datadog-trace-id: {low} x-datadog-tags: _dd.p.tid={upper:016x}"),
                }
            }
            Self::NewRelic => format!("newrelic-trace-id: {trace}"),
            Self::B3 => format!("{trace}-{span:016x}-1"),
            Self::XRay => format!("Root=1-{:08x}-{:024x}", value >> 96, value & ((1 << 96) - 1)),
            Self::Jaeger => format!("{trace}:{span:x}:0:1"),
            Self::Uuid => {
                let hex = trace.to_string();
                let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
                [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
            }
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a Datadog tracer calls a trace: the low 64 bits, which both keep.
#[must_use]
pub const fn low_half(trace: TraceId) -> u64 {
    let [.., a, b, c, d, e, f, g, h] = trace.to_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Whether an id of 64 bits, which some tracers alone keep, is the low half of this longer one.
#[must_use]
pub const fn is_half_of(half: TraceId, whole: TraceId) -> bool {
    half.value() >> 64 == 0 && whole.value() >> 64 != 0 && low_half(half) == low_half(whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::header::parse_reference;
    use super::*;

    #[test]
    fn the_vectors_of_the_reference() {
        let trace: TraceId = "640cfd8d000000008448eb211c80319c".parse().expect("an id");
        let written = Vendor::Datadog.write(trace, None);
        assert_eq!(written, "x-datadog-trace-id: 9532127138774266268 x-datadog-tags: _dd.p.tid=640cfd8d00000000");
        let short: TraceId = "8448eb211c80319c".parse().expect("an id");
        assert_eq!(Vendor::Datadog.write(short, None), "x-datadog-trace-id: 9532127138774266268");
        assert_eq!((low_half(trace), low_half(short)), (9_532_127_138_774_266_268, 9_532_127_138_774_266_268));
        let ray: TraceId = "5759e988bd862e3fe1be46a994272793".parse().expect("an id");
        assert_eq!(Vendor::XRay.write(ray, None), "Root=1-5759e988-bd862e3fe1be46a994272793");
    }

    #[test]
    fn fields_name_their_vendor() {
        assert_eq!(Vendor::of_field(r#"{"dd.trace_id":"123"}"#), Some(Vendor::Datadog));
        assert_eq!(Vendor::of_field("newrelic-trace-id=abc"), Some(Vendor::NewRelic));
        assert_eq!(Vendor::of_field("trace_id=abc"), None);
    }

    proptest! {
        #[test]
        fn every_form_leads_back_to_the_id(value in 1_u128.., span in 1_u64..) {
            let trace = TraceId::new(value).expect("not zero");
            for vendor in Vendor::ALL {
                // The low half of zeros is no id for a tracer that keeps no more of it.
                if vendor == Vendor::Datadog && low_half(trace) == 0 {
                    continue;
                }
                let written = vendor.write(trace, SpanId::new(span));
                prop_assert_eq!(parse_reference(&written).map(|found| found.trace), Some(trace), "{}", written);
            }
        }
    }
}
