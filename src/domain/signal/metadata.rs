//! What a server knows of a line beside its text and its stream: pairs in one text, `key=value` a row, and those of a
//! chunk's lines. Not the ids of a trace and a span, which have columns of their own.

use std::collections::HashMap;
use std::sync::Arc;

/// Pairs beyond so many bytes are counted and not kept.
const LONGEST: usize = 16 * 1024;
/// Stands for the end of a row inside a value.
const FOLD: char = '\u{1d}';
/// Ends the pairs of one line: no key is empty.
const END: &str = "\n\n";
/// Different texts of one chunk that are looked out for again.
const REMEMBERED: usize = 256;
/// What says only how bad a line is: found under its key, not by its words.
const LEVELS: [&str; 5] = ["detected_level", "level", "severity", "severity_text", "severity_number"];

/// The pairs as they are kept with a line; `None` when there are none. A key keeps its letters, `=` and blanks aside.
#[must_use]
pub fn written<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Arc<str>> {
    let mut text = String::new();
    let mut left = 0_usize;
    for (key, value) in pairs.filter(|(key, value)| !key.is_empty() && !value.is_empty()) {
        if text.len() + key.len() + value.len() > LONGEST {
            left += 1;
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let is_apart = |letter: char| letter == '=' || letter.is_whitespace() || letter.is_control();
        text.extend(key.chars().map(|letter| if is_apart(letter) { '_' } else { letter }));
        text.push('=');
        text.extend(value.chars().map(|letter| if letter == '\n' { FOLD } else { letter }));
    }
    if left > 0 {
        text.push_str(&format!("{}…={left} more, too long to keep", if text.is_empty() { "" } else { "\n" }));
    }
    (!text.is_empty()).then(|| text.into())
}

/// Key and value of each, as they are kept: see [`unfolded`].
pub fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('\n').filter_map(|row| row.split_once('='))
}

/// A value with its rows.
#[must_use]
pub fn unfolded(value: &str) -> String {
    value.replace(FOLD, "\n")
}

/// The rows that words are looked for in.
pub(super) fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').filter(|row| row.split_once('=').is_some_and(|(key, _)| !LEVELS.contains(&key)))
}

/// Of a chunk's lines: only those that have some take room.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    /// A line, and where its pairs begin in `text`; ascending by line.
    places: Vec<(u32, u32)>,
    text: String,
}

/// Where a text already stands in the open chunk: many lines have the same pairs.
pub(super) type Known = HashMap<Box<str>, u32>;

impl Metadata {
    pub(super) fn push(&mut self, at: usize, text: &str, known: &mut Known) {
        if text.is_empty() {
            return;
        }
        let place = known.get(text).copied().unwrap_or_else(|| {
            let place = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.text.push_str(text);
            self.text.push_str(END);
            if known.len() < REMEMBERED {
                known.insert(text.into(), place);
            }
            place
        });
        self.places.push((u32::try_from(at).unwrap_or(u32::MAX), place));
    }

    /// Empty for a line that has none.
    pub(super) fn get(&self, at: usize) -> &str {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let found = self.places.binary_search_by_key(&at, |(line, _)| *line).ok();
        let place = found.and_then(|found| self.places.get(found));
        let text = place.and_then(|(_, place)| self.text.get(*place as usize..)).unwrap_or("");
        text.split_once(END).map_or(text, |(text, _)| text)
    }

    /// The lines in whose pairs something is found, ascending; `find` looks from a place on.
    pub(super) fn lines(&self, find: impl Fn(&str, usize) -> Option<usize>) -> Vec<usize> {
        let mut starts = Vec::new();
        let mut from = 0;
        while let Some(place) = find(&self.text, from).filter(|_| from < self.text.len()) {
            let before = self.text.get(..place).and_then(|before| before.rfind(END));
            starts.push(before.map_or(0, |before| before + END.len()));
            let after = self.text.get(place..).and_then(|after| after.find(END));
            from = after.map_or(self.text.len(), |after| place + after + END.len());
        }
        let is_found = |place: u32| starts.binary_search(&(place as usize)).is_ok();
        self.places.iter().filter(|(_, place)| is_found(*place)).map(|(line, _)| *line as usize).collect()
    }

    pub(super) const fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.capacity() + self.places.capacity() * size_of::<(u32, u32)>()
    }

    pub(super) fn seal(&mut self) {
        self.text.shrink_to_fit();
        self.places.shrink_to_fit();
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_back_as_they_were_and_too_many_are_counted() {
        let stack = "a\nb";
        let text =
            written([("order_id", "4472146"), ("a b=", "x=y z"), ("", "1"), ("e", ""), ("stack", stack)].into_iter());
        let text = text.expect("some");
        let back: Vec<(&str, String)> = pairs(&text).map(|(key, value)| (key, unfolded(value))).collect();
        let of = |key, value: &str| (key, value.to_owned());
        assert_eq!(back, [of("order_id", "4472146"), of("a_b_", "x=y z"), of("stack", stack)]);
        assert_eq!(written([("", "x")].into_iter()), None);
        let long = "é".repeat(LONGEST);
        let text = written([("a", "1"), ("long", &long), ("b", "2")].into_iter()).expect("some");
        assert_eq!(&*text, "a=1\nb=2\n…=1 more, too long to keep");
    }

    #[test]
    fn only_lines_with_pairs_take_room_and_equal_pairs_stand_once() {
        let (mut kept, mut known) = (Metadata::default(), Known::default());
        for at in 0..4_000_usize {
            kept.push(at, if at % 2 == 0 { "level=info" } else { "" }, &mut known);
        }
        assert_eq!((kept.places.len(), kept.text.as_str()), (2_000, "level=info\n\n"));
        kept.push(4_000, "order=7\npod=a", &mut known);
        assert_eq!([kept.get(2), kept.get(3), kept.get(4_000)], ["level=info", "", "order=7\npod=a"]);
        let find = |word: &'static str| move |text: &str, from: usize| text.get(from..)?.find(word).map(|at| from + at);
        assert_eq!(kept.lines(find("pod=")), [4_000]);
        assert_eq!(kept.lines(find("info")).len(), 2_000);
        assert_eq!(kept.lines(find("nothing")), Vec::<usize>::new());
        assert_eq!(Metadata::default().bytes(), 0);
    }
}
