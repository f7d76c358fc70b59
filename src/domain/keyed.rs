//! A quick hash for texts and ids that come from outside by the hundred thousand: its key is drawn once a map, so that
//! nobody can write a trace whose names all meet in one place. Not for secrets, and not for what must be the same tomorrow.

use std::hash::{BuildHasher, Hasher, RandomState};

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Makes hashers that all have its key.
#[derive(Clone, Copy, Debug)]
pub struct Keyed(u64);

impl Default for Keyed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0_u8))
    }
}

impl Keyed {
    #[must_use]
    pub fn of_text(self, text: &str) -> u64 {
        let mut hasher = self.build_hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    }
}

impl BuildHasher for Keyed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded(self.0)
    }
}

/// Each eight bytes are multiplied in, and both halves of the product kept.
#[derive(Clone, Copy, Debug)]
pub struct Folded(u64);

impl Folded {
    const fn fold(&mut self, word: u64) {
        let wide = (self.0 ^ word) as u128 * (ODD ^ self.0.rotate_left(32)) as u128;
        self.0 = (wide as u64) ^ (wide >> 64) as u64;
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        let last = rest.iter().fold(bytes.len() as u64, |word, byte| (word << 8) | u64::from(*byte));
        self.fold(last);
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 = self.0.rotate_left(8) ^ u64::from(byte);
    }

    fn write_u64(&mut self, word: u64) {
        self.fold(word);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_are_alike_are_told_apart() {
        let key = Keyed::default();
        let texts: Vec<String> =
            (0..50_000).map(|number| format!("ord-{number}")).chain(["".into(), "\0".into()]).collect();
        let hashes: HashSet<u64> = texts.iter().map(|text| key.of_text(text)).collect();
        assert!(hashes.len() + 2 > texts.len(), "{} of {}", hashes.len(), texts.len());
        let low: HashSet<u64> = texts.iter().map(|text| key.of_text(text) & 0xffff).collect();
        assert!(low.len() > 25_000, "{}", low.len());
    }

    proptest! {
        #[test]
        fn equal_texts_have_equal_hashes_under_one_key(text in ".{0,40}", other in ".{0,40}") {
            let key = Keyed::default();
            prop_assert_eq!(key.of_text(&text), key.of_text(&text.clone()));
            prop_assert_eq!(key.of_text(&text) == key.of_text(&other), text == other);
        }
    }
}
