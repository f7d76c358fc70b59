//! The known word that a mistyped one was meant to be.

/// `None` when nothing is near enough to be meant: more than a third of the letters would have to change.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(LONGEST).collect();
    known
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(word.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What to try instead: the nearest word, or all of them when there are few.
pub(super) fn hint(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Of a mistyped word, these letters are looked at.
const LONGEST: usize = 64;

/// Letters to change, insert, remove, or swap with their neighbour.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let get = |costs: &[usize], at: usize| costs.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (get(&last, column) + usize::from(letter != wanted))
                .min(get(&last, column + 1) + 1)
                .min(get(&current, column) + 1);
            let swapped =
                row > 0 && column > 0 && one.get(row - 1) == Some(wanted) && other.get(column - 1) == Some(letter);
            if swapped {
                cost = cost.min(get(&before_last, column - 1) + 1);
            }
            current.push(cost);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_and_far_ones() {
        let known = ["objective", "name", "url", "token_env", "token_file"];
        assert_eq!(nearest("objektive", known), Some("objective"));
        assert_eq!(nearest("nmae", known), Some("name"));
        assert_eq!(nearest("URL", known), Some("url"));
        assert_eq!(nearest("token_fiel", known), Some("token_file"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(hint("zzz", &["a", "b"]), "known here: a, b");
    }
}
