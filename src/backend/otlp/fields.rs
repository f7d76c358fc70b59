//! The wire of protobuf: fields with their numbers, one after the other, borrowed from the bytes. Not what they mean.

use crate::domain::Cause;

/// What stands behind a field's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// A varint.
    Number(u64),
    /// 64 bits.
    Fixed(u64),
    /// Text, bytes or a message.
    Bytes(&'a [u8]),
    /// Of 32 bits, which nothing here reads.
    Other,
}

/// Ends at the first field that is none, with the reason.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

pub(super) const fn fields(bytes: &[u8]) -> Fields<'_> {
    Fields { rest: bytes }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Field<'a>), Cause>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.rest = &[];
        }
        Some(field.ok_or_else(|| Cause::Malformed("these bytes are no protobuf message, or only a part of one".into())))
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u32, Field<'a>)> {
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).ok().filter(|number| *number > 0)?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => Field::Fixed(u64::from_le_bytes(*self.take(8)?.first_chunk()?)),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                Field::Other
            }
            // Groups went out of use before any of these messages was thought of.
            _ => return None,
        };
        Some((number, field))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        // Nearly all are small.
        if let Some((first, rest)) = self.rest.split_first()
            && *first < 0x80
        {
            self.rest = rest;
            return Some(u64::from(*first));
        }
        let mut value = 0_u64;
        for (at, byte) in self.rest.iter().enumerate().take(10) {
            let bits = u64::from(byte & 0x7f);
            // The tenth byte holds the last bit.
            if at == 9 && bits > 1 {
                return None;
            }
            value |= bits << (7 * at);
            if byte & 0x80 == 0 {
                self.rest = self.rest.get(at + 1..)?;
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::encoding::{WireType, encode_varint};

    use super::*;

    #[test]
    fn what_is_cut_short_or_no_message_ends_with_a_reason() {
        for bytes in
            [&b"\x0a\x05abc"[..], b"\x09\x01", b"\x00", b"\x0b", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\x08"]
        {
            let read: Vec<_> = fields(bytes).collect();
            assert!(matches!(read.as_slice(), [Err(Cause::Malformed(_))]), "{bytes:?}: {read:?}");
        }
    }

    proptest! {
        #[test]
        fn what_another_writer_wrote_is_read(written in prop::collection::vec((1_u32..1 << 28, any::<u64>(), 0_u8..4), 0..20)) {
            let (mut bytes, blob) = (Vec::new(), b"0123456789".repeat(40));
            for (number, value, kind) in &written {
                let wire = [WireType::Varint, WireType::SixtyFourBit, WireType::LengthDelimited, WireType::ThirtyTwoBit];
                prost::encoding::encode_key(*number, wire[usize::from(*kind)], &mut bytes);
                match kind {
                    0 => encode_varint(*value, &mut bytes),
                    1 => bytes.extend(value.to_le_bytes()),
                    2 => {
                        let length = (value % 400) as usize;
                        encode_varint(length as u64, &mut bytes);
                        bytes.extend(&blob[..length]);
                    }
                    _ => bytes.extend([0; 4]),
                }
            }
            let read: Vec<(u32, Field<'_>)> = fields(&bytes).map(|field| field.expect("a field")).collect();
            prop_assert_eq!(read.len(), written.len());
            for ((number, field), (wanted, value, kind)) in read.into_iter().zip(&written) {
                prop_assert_eq!(number, *wanted);
                match kind {
                    0 => prop_assert_eq!(field, Field::Number(*value)),
                    1 => prop_assert_eq!(field, Field::Fixed(*value)),
                    2 => prop_assert_eq!(field, Field::Bytes(&blob[..(value % 400) as usize])),
                    _ => prop_assert_eq!(field, Field::Other),
                }
            }
        }

        #[test]
        fn no_bytes_are_read_twice(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(fields(&bytes).count() <= bytes.len());
        }
    }
}
