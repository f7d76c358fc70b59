//! Base64 as servers and headers write it: either alphabet, padded or not. Ids are read as numbers, without a list of bytes
//! in between. Not written here: what we send ourselves is written by who sends it.

use super::{SpanId, TraceId};

/// More than six bits: a letter of neither alphabet.
const STRANGE: u8 = u8::MAX;

/// What every byte stands for, in either alphabet.
const SIX_BITS: [u8; 256] = six_bits();

#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "done while this is compiled")]
const fn six_bits() -> [u8; 256] {
    let mut six_bits = [STRANGE; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut at = 0;
    while at < alphabet.len() {
        six_bits[alphabet[at] as usize] = at as u8;
        at += 1;
    }
    six_bits[b'-' as usize] = 62;
    six_bits[b'_' as usize] = 63;
    six_bits
}

fn of(letter: u8) -> u8 {
    SIX_BITS.get(usize::from(letter)).copied().unwrap_or(STRANGE)
}

/// `None` for what is no base64, and where the bits that belong to no byte say something.
#[must_use]
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let six = of(letter);
        if six == STRANGE {
            return None;
        }
        buffer = (buffer << 6 | u32::from(six)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xff).ok()?);
        }
    }
    let rest = buffer & ((1 << bits) - 1);
    (bits < 6 && rest == 0).then_some(bytes)
}

impl TraceId {
    /// Of 16 bytes in base64: 22 letters, of which the last has four bits to spare.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        number(text, 22, 4).and_then(Self::new)
    }
}

impl SpanId {
    /// Of 8 bytes in base64: 11 letters, of which the last has two bits to spare.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        number(text, 11, 2).and_then(|number| Self::new(u64::try_from(number).ok()?))
    }
}

fn number(text: &str, letters: usize, spare: u32) -> Option<u128> {
    let (last, others) = text.trim_end_matches('=').as_bytes().split_last()?;
    if others.len() + 1 != letters {
        return None;
    }
    let mut strange = 0;
    let mut number = 0_u128;
    // As many as a word holds: a number twice as wide is slow to shift.
    for part in others.chunks(10) {
        let word = part.iter().fold(0_u64, |word, letter| {
            let six = of(*letter);
            strange |= six;
            word << 6 | u64::from(six)
        });
        number = number << (6 * part.len()) | u128::from(word);
    }
    let last = of(*last);
    // Bits that belong to no byte must say nothing.
    let fits = strange | last < 64 && last.trailing_zeros() >= spare;
    fits.then_some(number << (6 - spare) | u128::from(last >> spare))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_vectors_of_the_standard_are_read() {
        for (text, plain) in [("", ""), ("Zg==", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob")] {
            assert_eq!(base64(text).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        assert_eq!(base64("_-8"), base64("/+8="));
        for bad in ["A", "AAAAA", "Zh==", "Zm9=", "Zm9v ", "é"] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }

    proptest! {
        /// A number is what its bytes are, whatever stands there.
        #[test]
        fn ids_are_what_their_bytes_are(text in "[A-Za-z0-9+/_-]{11}={0,1}|[A-Za-z0-9+/_-]{22}={0,2}") {
            let by_bytes = base64(&text);
            let trace = by_bytes.as_deref().filter(|bytes| bytes.len() == 16).and_then(TraceId::from_bytes);
            let span = by_bytes.as_deref().filter(|bytes| bytes.len() == 8).and_then(SpanId::from_bytes);
            prop_assert_eq!(TraceId::from_base64(&text), trace);
            prop_assert_eq!(SpanId::from_base64(&text), span);
        }
    }
}
