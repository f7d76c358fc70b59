//! One text to look for in another, quickly. Not what the text means: `terms.rs`.

use std::ops::Range;

/// A text to look for; without a capital in it, it finds capitals too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    pub(super) text: String,
    exact: bool,
}

impl Needle {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), exact: text.chars().any(char::is_uppercase) }
    }

    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    pub(super) fn equals(&self, text: &str) -> bool {
        if self.exact { text == self.text } else { fold(text).eq(self.text.chars()) }
    }

    pub(super) fn starts(&self, text: &str) -> bool {
        if self.exact {
            return text.starts_with(&self.text);
        }
        let mut letters = fold(text);
        self.text.chars().all(|letter| letters.next() == Some(letter))
    }

    /// The first place at or after byte `from`, as a byte range of `text`.
    #[must_use]
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
        let rest = text.get(from..)?;
        if self.exact {
            let at = rest.find(&self.text)?;
            return Some(from + at..from + at + self.text.len());
        }
        if self.text.is_ascii() {
            let at = find_ascii(rest.as_bytes(), self.text.as_bytes())?;
            return Some(from + at..from + at + self.text.len());
        }
        rest.char_indices().find_map(|(at, _)| {
            let tail = rest.get(at..)?;
            Some(from + at..from + at + self.length_at(tail)?)
        })
    }

    /// How many bytes of `text` the needle takes, if it stands at its beginning.
    fn length_at(&self, text: &str) -> Option<usize> {
        let mut wanted = self.text.chars().peekable();
        for (at, letter) in text.char_indices() {
            if wanted.peek().is_none() {
                return Some(at);
            }
            if !letter.to_lowercase().all(|small| wanted.next() == Some(small)) {
                return None;
            }
        }
        wanted.peek().is_none().then_some(text.len())
    }
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// The needle has no capital. Looks for its rarest byte first, as English and JSON have bytes, then compares around it.
fn find_ascii(text: &[u8], needle: &[u8]) -> Option<usize> {
    let (pivot, byte) = needle.iter().copied().enumerate().min_by_key(|(_, byte)| commonness(*byte))?;
    let last = text.len().checked_sub(needle.len())?;
    let (small, large) = (byte, byte.to_ascii_uppercase());
    let window = text.get(pivot..=last + pivot)?;
    let mut base = 0;
    // Whole blocks without the byte are passed over by one comparison each, which the compiler turns into vectors.
    for block in window.chunks(64) {
        if block.iter().fold(false, |any, byte| any | (*byte == small) | (*byte == large)) {
            for (offset, byte) in block.iter().enumerate() {
                let at = base + offset;
                if (*byte == small || *byte == large)
                    && text.get(at..at + needle.len()).is_some_and(|there| there.eq_ignore_ascii_case(needle))
                {
                    return Some(at);
                }
            }
        }
        base += block.len();
    }
    None
}

/// The higher, the more often a byte is met in log lines.
fn commonness(byte: u8) -> usize {
    const COMMON: &[u8] = b"qzxjkvwbyg<>%*@~|+=(){}[]'/fhpmu_.9876543-lcdsronia:,2t10e\" ";
    match byte {
        b'A'..=b'Z' => 0,
        _ => COMMON.iter().position(|common| *common == byte).unwrap_or(0),
    }
}
