//! Bytes cut into lines, in bounded memory whatever the bytes are: a line without end is cut visibly, what is no UTF-8 is
//! replaced visibly. Not what a line means: `parse.rs`.

use std::borrow::Cow;

/// The longest line that is kept whole.
pub(super) const LONGEST: usize = 1024 * 1024;

/// What is left over between two reads.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    /// Bytes of that line that were not kept.
    left_out: u64,
}

impl Splitter {
    /// Gives every line that ends in these bytes, without its end.
    pub(super) fn feed(&mut self, bytes: &[u8], give: &mut dyn FnMut(&str)) {
        let Some(last) = bytes.iter().rposition(|byte| *byte == b'\n') else { return self.keep(bytes) };
        let (whole, rest) = bytes.split_at_checked(last).unwrap_or((bytes, &[]));
        let mut whole = whole;
        if !self.partial.is_empty() || self.left_out > 0 {
            let first = whole.iter().position(|byte| *byte == b'\n').unwrap_or(whole.len());
            let (end, after) = whole.split_at_checked(first).unwrap_or((whole, &[]));
            self.keep(end);
            self.finish(give);
            let Some(after) = after.get(1..) else { return self.keep(rest.get(1..).unwrap_or(&[])) };
            whole = after;
        }
        let text = String::from_utf8_lossy(whole);
        let mut left: &str = &text;
        while let Some((line, after)) = left.split_once('\n') {
            give(&cut(line));
            left = after;
        }
        give(&cut(left));
        self.keep(rest.get(1..).unwrap_or(&[]));
    }

    /// Gives the line whose end never came.
    pub(super) fn finish(&mut self, give: &mut dyn FnMut(&str)) {
        let partial = std::mem::take(&mut self.partial);
        let left_out = std::mem::take(&mut self.left_out);
        let text = String::from_utf8_lossy(&partial);
        if left_out == 0 { give(&cut(&text)) } else { give(&format!("{text}… [{left_out} bytes cut]")) }
    }

    /// Whether a line has begun and not ended.
    pub(super) fn is_within(&self) -> bool {
        !self.partial.is_empty() || self.left_out > 0
    }

    /// Whether a line goes on that is longer already than one that is kept.
    pub(super) const fn is_beyond(&self) -> bool {
        self.left_out > 0
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.partial.len());
        self.partial.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or(bytes));
        self.left_out = self.left_out.saturating_add(u64::try_from(bytes.len().saturating_sub(room)).unwrap_or(0));
    }
}

/// Without the return that some systems put before a line's end, and not longer than the bound.
fn cut(line: &str) -> Cow<'_, str> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.len() <= LONGEST {
        return Cow::Borrowed(line);
    }
    let kept = line.get(..line.floor_char_boundary(LONGEST)).unwrap_or("");
    Cow::Owned(format!("{kept}… [{} bytes cut]", line.len() - kept.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut splitter = Splitter::default();
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.feed(piece, &mut |line| lines.push(line.to_owned()));
        }
        if splitter.is_within() {
            splitter.finish(&mut |line| lines.push(line.to_owned()));
        }
        lines
    }

    #[test]
    fn a_line_of_fifty_megabytes_is_cut_and_memory_stays_bounded() {
        let mut splitter = Splitter::default();
        let mut lines = Vec::new();
        let piece = vec![b'x'; 1024 * 1024];
        for _ in 0..50 {
            splitter.feed(&piece, &mut |line| lines.push(line.len()));
            assert!(splitter.partial.capacity() <= 2 * LONGEST);
        }
        splitter.feed(b"\nshort\n", &mut |line| lines.push(line.len()));
        assert_eq!(lines.len(), 2);
        assert!(lines[0] < LONGEST + 40 && lines[1] == 5);
    }

    #[test]
    fn what_is_no_text_is_replaced_and_seen() {
        assert_eq!(lines(&[b"a\xFF\xFEb\0\r\nc"]), ["a\u{FFFD}\u{FFFD}b\0", "c"]);
    }

    proptest! {
        #[test]
        fn however_the_bytes_come_the_lines_are_the_same(
            bytes in prop::collection::vec(prop::sample::select(vec![b'a', b'\n', b'\r', 0xC3, 0xA9, 0]), 0..80),
            cuts in prop::collection::vec(0_usize..80, 0..6),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces: Vec<&[u8]> = Vec::new();
            let mut from = 0;
            for cut in cuts {
                pieces.push(&bytes[from..cut]);
                from = cut;
            }
            pieces.push(&bytes[from..]);
            let at_once = lines(&[&bytes]);
            prop_assert_eq!(lines(&pieces), at_once.clone());
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let plain: Vec<&str> = text.lines().collect();
            prop_assert_eq!(at_once.len(), plain.len());
        }
    }
}
