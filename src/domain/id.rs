//! Trace and span ids as OpenTelemetry defines them. Not the conversion of vendors' headers: that is `trace/header.rs`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdError {
    Zero,
    /// The most hex digits that this kind of id may have.
    Shape(usize),
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero => f.write_str("an id of zeros is not valid"),
            Self::Shape(digits) => write!(f, "expected up to {digits} hex digits"),
        }
    }
}

impl std::error::Error for IdError {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $integer:ty, $digits:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($integer);

        impl $name {
            /// `None` for zero, which W3C Trace Context calls invalid.
            #[must_use]
            pub const fn new(value: $integer) -> Option<Self> {
                if value == 0 { None } else { Some(Self(value)) }
            }

            #[must_use]
            pub const fn value(self) -> $integer {
                self.0
            }

            /// From big-endian bytes of at most the full width; shorter ones are padded on the left. `None` if too long or zero.
            #[must_use]
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                if bytes.len() > $digits / 2 {
                    return None;
                }
                Self::new(bytes.iter().fold(0, |value, byte| (value << 8) | <$integer>::from(*byte)))
            }

            #[must_use]
            pub const fn to_bytes(self) -> [u8; $digits / 2] {
                self.0.to_be_bytes()
            }

            /// The first eight digits and an ellipsis, as lists show an id.
            #[must_use]
            pub fn short(self) -> String {
                let full = self.to_string();
                format!("{}…", full.get(..8).unwrap_or(&full))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Hex of any case, padded on the left: Tempo's search strips leading zeros.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let text = text.trim();
                if text.is_empty() || text.len() > $digits || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(IdError::Shape($digits));
                }
                let value = <$integer>::from_str_radix(text, 16).map_err(|_| IdError::Shape($digits))?;
                Self::new(value).ok_or(IdError::Zero)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $digits, "x}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// 128 bits, never zero; written as 32 lowercase hex digits.
    TraceId,
    u128,
    32
);
id!(
    /// 64 bits, never zero; written as 16 lowercase hex digits.
    SpanId,
    u64,
    16
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_are_padded_and_zeros_refused() {
        let id: TraceId = "822E8F36c031199972a846916419f82".parse().expect("31 digits");
        assert_eq!(id.to_string(), "0822e8f36c031199972a846916419f82");
        assert_eq!("0".repeat(32).parse::<TraceId>(), Err(IdError::Zero));
        assert_eq!("f".repeat(33).parse::<TraceId>(), Err(IdError::Shape(32)));
        assert_eq!("+1".parse::<SpanId>(), Err(IdError::Shape(16)));
        assert_eq!(SpanId::from_bytes(&[0, 1]).map(|id| id.to_string()).as_deref(), Some("0000000000000001"));
        assert_eq!(id.short(), "0822e8f3…");
    }
}
