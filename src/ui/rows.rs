//! A text of any length broken into rows of the screen, one after the other, without a copy: a megabyte is counted through, and
//! only what shows is made fit for a terminal. Not that making: `text.rs`.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use super::text::{after_sequence, clean, is_harmful, is_simple_letter, width};

/// The rows of all lines: broken at spaces, a longer word where the row ends. An empty line is an empty row.
pub(super) fn rows(text: &str, cells: usize) -> impl Iterator<Item = &str> {
    text.lines().flat_map(move |line| Rows { left: Some(line), cells: cells.max(1) })
}

/// A row of [`rows`] as it is drawn.
pub(super) fn drawn(row: &str) -> Cow<'_, str> {
    clean(row)
}

struct Rows<'a> {
    /// `None` behind the last row.
    left: Option<&'a str>,
    cells: usize,
}

impl<'a> Iterator for Rows<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.left.take()?;
        let (end, next) = plain_end(text, self.cells).unwrap_or_else(|| end(text, self.cells));
        if next < text.len() {
            self.left = text.get(next..);
        }
        text.get(..end)
    }
}

/// Where the row ends, and where the next one begins, when it holds nothing but ASCII that shows: such are nearly all.
fn plain_end(text: &str, cells: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let window = bytes.get(..cells.min(bytes.len()))?;
    // A letter behind them could join the last one.
    let is_plain = window.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if !is_plain || bytes.get(cells).is_some_and(|byte| !byte.is_ascii()) {
        return None;
    }
    Some(match bytes.get(cells) {
        None => (bytes.len(), bytes.len()),
        Some(b' ') => (cells, cells + 1),
        Some(_) => match window.iter().rposition(|byte| *byte == b' ') {
            // Blanks alone before a long word are its indentation.
            Some(space) if window.iter().take(space).any(|byte| *byte != b' ') => (space, space + 1),
            _ => (cells, cells),
        },
    })
}

/// As [`plain_end`], of any text.
fn end(text: &str, cells: usize) -> (usize, usize) {
    let (mut at, mut used) = (0, 0);
    let (mut space, mut has_word) = (None, false);
    while let Some(unit) = text.get(at..).and_then(unit) {
        let is_space = unit.is_space;
        if used + unit.cells > cells && at > 0 {
            return match space {
                _ if is_space => (at, at + unit.bytes),
                Some(space) => (space, space + 1),
                None => (at, at),
            };
        }
        if is_space && has_word {
            space = Some(at);
        }
        has_word |= !is_space;
        at += unit.bytes;
        used += unit.cells;
    }
    (at, at)
}

/// What is never torn apart: a cluster, or a whole control sequence, for which one sign will stand.
struct Unit {
    bytes: usize,
    cells: usize,
    is_space: bool,
}

/// The first one; `None` of an empty text.
fn unit(text: &str) -> Option<Unit> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let is_space = matches!(first, ' ' | '\t');
    if is_harmful(first) {
        return Some(Unit { bytes: after_sequence(text), cells: 1, is_space });
    }
    let is_alone = |next: char| is_simple_letter(next) || is_harmful(next);
    if is_simple_letter(first) && letters.next().is_none_or(is_alone) {
        return Some(Unit { bytes: first.len_utf8(), cells: 1, is_space });
    }
    let cluster = text.graphemes(true).next()?;
    let bytes = cluster.find(is_harmful).unwrap_or(cluster.len());
    let cells = cluster.get(..bytes).map_or(0, width);
    Some(Unit { bytes, cells, is_space: is_space && bytes == 1 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, cells: usize) -> Vec<Cow<'_, str>> {
        rows(text, cells).map(drawn).collect()
    }

    #[test]
    fn texts_are_broken_at_spaces_and_long_words_where_the_row_ends() {
        assert_eq!(shown("one two three", 7), ["one two", "three"]);
        assert_eq!(shown("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(shown("a abcdefgh\n\nb", 4), ["a", "abcd", "efgh", "", "b"]);
        assert_eq!(shown("    indented", 8), ["    inde", "nted"]);
        assert_eq!(shown("é日本語 é日本語", 4), ["é日", "本語", "é日", "本語"]);
        assert_eq!(shown("日本", 1), ["日", "本"]);
        assert_eq!(shown("", 4), [""; 0]);
    }

    #[test]
    fn a_control_sequence_is_one_sign_and_no_row_begins_inside_it() {
        assert_eq!(shown("abc\x1b[31mdef\x1b]0;title\x07gh\u{202e}", 4), ["abc␛", "def␛", "gh␛"]);
        assert_eq!(shown("a\u{e0041}b\tc", 3), ["a␛b", "c"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_nothing_is_wider_and_plain_text_is_no_special_case(
            text in "[ab é日\u{301}\u{200d}👩\u{1b}\\[m\t\u{e0041}~]{0,60}", plain in "[a-c ]{0,60}", cells in 1_usize..12,
        ) {
            for row in rows(&text, cells) {
                let wide = row.graphemes(true).count() == 1;
                prop_assert!(width(&drawn(row)) <= cells || wide, "{row:?}");
                prop_assert!(!drawn(row).chars().any(is_harmful));
            }
            let letters = |text: &str| text.chars().filter(|letter| !matches!(letter, ' ' | '\t')).collect::<String>();
            prop_assert_eq!(letters(&rows(&text, cells).collect::<String>()), letters(&text));
            let mut left = plain.as_str();
            while !left.is_empty() {
                prop_assert_eq!(plain_end(left, cells), Some(end(left, cells)));
                left = left.get(end(left, cells).1..).unwrap_or("");
            }
        }
    }
}
