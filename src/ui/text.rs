//! Text from outside made fit for a terminal: cleaned first, measured in cells, then cut. Not how it is coloured.

use std::borrow::Cow;
use std::str::Chars;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::letters::is_ascii;

/// Stands where something was taken out that could have driven the terminal.
const MARK: char = '␛';
/// Longer texts are cut before they are looked at: nobody reads a megabyte in a row.
const LOOKED_AT: usize = 16 * 1024;

pub(super) const fn is_harmful(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without anything that could move the cursor, change a title, turn the direction or hide a word. Tabs and line
/// ends become spaces; whole escape sequences become one mark.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = head(text, LOOKED_AT);
    if is_ascii(text) || !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\t' | '\n' => cleaned.push(' '),
            '\r' if letters.as_str().starts_with('\n') => {}
            letter if begins_sequence(letter) => {
                skip_sequence(letter, &mut letters);
                cleaned.push(MARK);
            }
            letter if is_harmful(letter) => cleaned.push(MARK),
            letter => cleaned.push(letter),
        }
    }
    Cow::Owned(cleaned)
}

const fn begins_sequence(letter: char) -> bool {
    matches!(letter, '\u{1b}' | '\u{9b}' | '\u{9d}' | '\u{90}')
}

/// How many bytes the one sign stands for that [`clean`] puts in the place of what begins a text harmfully.
pub(super) fn after_sequence(text: &str) -> usize {
    let mut letters = text.chars();
    if let Some(first) = letters.next().filter(|first| begins_sequence(*first)) {
        skip_sequence(first, &mut letters);
    }
    text.len() - letters.as_str().len()
}

/// Reads over the rest of a control sequence: CSI to its final letter, OSC and DCS to their terminator.
fn skip_sequence(first: char, letters: &mut Chars<'_>) {
    let kind = match first {
        '\u{1b}' => next_if(letters, |next| matches!(next, '[' | ']' | 'P' | '^' | '_' | 'X')),
        '\u{9b}' => Some('['),
        _ => Some(']'),
    };
    match kind {
        Some('[') => while letters.next().is_some_and(|letter| !matches!(letter, '@'..='~')) {},
        Some(_) => {
            while let Some(letter) = letters.next() {
                if letter == '\u{7}'
                    || letter == '\u{9c}'
                    || (letter == '\u{1b}' && next_if(letters, |next| next == '\\').is_some())
                {
                    break;
                }
            }
        }
        None => {}
    }
}

fn next_if(letters: &mut Chars<'_>, is_wanted: impl Fn(char) -> bool) -> Option<char> {
    let mut ahead = letters.clone();
    let next = ahead.next().filter(|next| is_wanted(*next))?;
    *letters = ahead;
    Some(next)
}

fn head(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A character of one cell that joins no other one: of these are nearly all rows, and they need no look for clusters.
pub(super) const fn is_simple_letter(letter: char) -> bool {
    matches!(letter,
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203a}'
        | '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25fc}' | '\u{2800}'..='\u{28ff}')
}

/// Whether every character takes one cell of its own.
pub(super) fn is_simple(text: &str) -> bool {
    text.chars().all(is_simple_letter)
}

/// In cells of the terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    match text {
        _ if is_ascii(text) => text.len(),
        _ if is_simple(text) => text.chars().count(),
        _ => text.width(),
    }
}

/// At most `cells` wide, with `…` at the end when something was cut.
#[must_use]
pub fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    match uncut(text, cells) {
        None => Cow::Borrowed(text),
        Some(_) if cells == 0 => Cow::Borrowed(""),
        Some(head) => Cow::Owned(format!("{head}…")),
    }
}

/// As [`cut`], but between words: `… could not be read …` and no half of a word or number. A first word that is too long is cut.
#[must_use]
pub fn cut_words(text: &str, cells: usize) -> Cow<'_, str> {
    if uncut(text, cells).is_none() {
        return Cow::Borrowed(text);
    }
    let head = uncut(text, cells.saturating_sub(1)).unwrap_or_default();
    let is_whole = text.get(head.len()..).is_some_and(|rest| rest.starts_with(' '));
    let whole = if is_whole { Some(head) } else { head.rsplit_once(' ').map(|(words, _)| words) };
    match whole.map(str::trim_end).filter(|words| !words.is_empty()) {
        Some(words) => Cow::Owned(format!("{words} …")),
        None => cut(text, cells),
    }
}

/// What stays of a text before `…` stands; `None` when all of it fits.
pub(super) fn uncut(text: &str, cells: usize) -> Option<&str> {
    if text.len() <= cells || width(text) <= cells {
        return None;
    }
    if is_simple(text) {
        let end = text.char_indices().nth(cells.saturating_sub(1)).map_or(0, |(at, _)| at);
        return Some(text.get(..end).unwrap_or_default().trim_end());
    }
    let mut end = 0;
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += width(cluster);
        if used >= cells {
            break;
        }
        end = at + cluster.len();
    }
    Some(text.get(..end).unwrap_or_default().trim_end())
}

/// As [`cut`], but the middle goes: of an id or a pod both ends tell something.
#[must_use]
pub fn cut_middle(text: &str, cells: usize) -> Cow<'_, str> {
    if text.width() <= cells {
        return Cow::Borrowed(text);
    }
    if cells < 3 {
        return cut(text, cells);
    }
    let clusters: Vec<&str> = text.graphemes(true).collect();
    let front = (cells - 1).div_ceil(2);
    let first = within(clusters.iter().copied(), front);
    let mut last = within(clusters.iter().rev().copied(), cells - 1 - front);
    last.reverse();
    Cow::Owned(format!("{}…{}", first.concat(), last.concat()))
}

/// The clusters that together fit.
fn within<'a>(clusters: impl Iterator<Item = &'a str>, cells: usize) -> Vec<&'a str> {
    let mut used = 0;
    let fits = |cluster: &&str| {
        used += cluster.width();
        used <= cells
    };
    clusters.take_while(fits).collect()
}

/// Without the first `cells`; what is cut in half goes as well.
#[must_use]
pub fn skip(text: &str, cells: usize) -> &str {
    if cells == 0 {
        return text;
    }
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        if used >= cells {
            return text.get(at..).unwrap_or_default();
        }
        used += cluster.width();
    }
    ""
}

/// Broken at spaces into rows of at most `cells`; a longer word is broken where the row ends. No more than `rows`.
#[must_use]
pub fn wrap(text: &str, cells: usize, rows: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let cells = cells.max(1);
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let full = lines.len() >= rows;
            let Some(line) = lines.last_mut() else { return lines };
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            // Measured together: signs can join over the seam.
            if longer.width() <= cells {
                *line = longer;
                break;
            }
            if full {
                *line = cut(&format!("{line} {word}…"), cells).into_owned();
                return lines;
            }
            if line.is_empty() {
                let fits = within(word.graphemes(true), cells).concat();
                let Some(rest) = word.get(fits.len()..).filter(|_| !fits.is_empty()) else { return lines };
                line.push_str(&fits);
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_drives_the_terminal() {
        assert_eq!(clean("plain"), "plain");
        assert_eq!(clean("a\x1b[2Jb\x1b]52;c;cm0gLXJm\x07c\x1bPq\x1b\\d"), "a␛b␛c␛d");
        assert_eq!(clean("x\u{9b}31my\u{202e}z\0\r\n"), "x␛y␛z␛ ");
        assert_eq!(clean("cut off \x1b[12"), "cut off ␛");
        let long = "é".repeat(1_000_000);
        assert!(clean(&long).len() <= LOOKED_AT);
    }

    /// The ranges are ours; the tables of Unicode must agree, for each letter and for any two beside each other.
    #[test]
    fn simple_letters_are_one_cell_each_and_join_no_other() {
        let simple: Vec<char> = ('\0'..='\u{ffff}').filter(|letter| is_simple_letter(*letter)).collect();
        assert!(simple.len() > 1_000);
        for letter in &simple {
            assert_eq!(letter.to_string().width(), 1, "{letter:?}");
            assert!(!is_harmful(*letter), "{letter:?}");
        }
        let text: String = simple.iter().chain(simple.iter().rev()).collect();
        assert_eq!(text.graphemes(true).count(), 2 * simple.len());
        assert_eq!(text.width(), 2 * simple.len());
    }

    #[test]
    fn texts_are_cut_in_cells() {
        assert_eq!(cut("quote unavailable", 8), "quote u…");
        assert_eq!(cut("日本語テキスト", 6), "日本…");
        assert_eq!(cut("pricing", 7), "pricing");
        assert_eq!(cut_words("3 in error, 2 start here", 21), "3 in error, 2 start …");
        assert_eq!(cut_words("3 in error, 2 start here", 20), "3 in error, 2 …");
        assert_eq!(cut_words("3 in error, 2 start here", 24), "3 in error, 2 start here");
        assert_eq!(cut_words("größe 漢字 🚚 here", 13), "größe 漢字 …");
        assert_eq!((cut_words("unavailable", 6).as_ref(), cut_words("a b", 0).as_ref()), ("unava…", ""));
        assert_eq!(cut_middle("pricing-7c9d-x2lqf", 9), "pric…2lqf");
        assert_eq!(skip("日本語", 3), "語");
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4, 9), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("one two three four", 7, 2), ["one two", "three…"]);
    }

    proptest::proptest! {
        #[test]
        fn cut_never_exceeds_and_clean_never_harms(text in ".{0,80}", cells in 0usize..40) {
            proptest::prop_assert!(width(&cut(&text, cells)) <= cells);
            proptest::prop_assert!(width(&cut_middle(&text, cells)) <= cells.max(1));
            proptest::prop_assert!(!clean(&text).chars().any(is_harmful));
            for line in wrap(&clean(&text), cells.max(2), 5) {
                proptest::prop_assert!(width(&line) <= cells.max(2));
            }
        }
    }
}
