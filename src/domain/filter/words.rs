//! A line that was typed, cut into words: blanks part them, double quotes keep blanks. Not what a word means: `terms.rs`.

/// At blanks that are not between double quotes; quotes stay. `\"` is no quote.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        if letter.is_whitespace() && !quoted {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words
}

/// Without its quotes; `\"` is a quote that stays.
pub(super) fn unquoted(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&'"') => text.extend(letters.next()),
            '"' => {}
            other => text.push(other),
        }
    }
    text
}
