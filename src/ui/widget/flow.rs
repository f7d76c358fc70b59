//! Pieces of several looks broken into rows at spaces, for sentences in which a word stands out. Plain texts are broken by
//! `text::wrap`.

use ratatui::style::Style;

use crate::ui::pen::{Piece, pieces_width};
use crate::ui::text::{cut, skip, width};

/// A word and the spaces before it. It may be made of pieces: `pricing` in one look and the comma behind it in another.
struct Word {
    gap: usize,
    pieces: Vec<Piece>,
}

fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut words = vec![Word { gap: 0, pieces: Vec::new() }];
    for (text, style) in pieces {
        for (at, part) in text.split(' ').enumerate() {
            if at > 0 {
                match words.last_mut() {
                    Some(last) if last.pieces.is_empty() => last.gap += 1,
                    _ => words.push(Word { gap: 1, pieces: Vec::new() }),
                }
            }
            if !part.is_empty()
                && let Some(word) = words.last_mut()
            {
                word.pieces.push((part.to_owned(), *style));
            }
        }
    }
    words.retain(|word| !word.pieces.is_empty());
    words
}

/// Rows of at most `cells`, at most `rows` of them; the last ends in `…` when something was left out. Spaces are drawn
/// plain, and none at the ends of a row.
pub(in crate::ui) fn flow(pieces: &[Piece], cells: usize, rows: usize) -> Vec<Vec<Piece>> {
    let cells = cells.max(1);
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    for Word { gap, pieces: word } in words(pieces) {
        let used = lines.last().map_or(0, |line| pieces_width(line));
        if used > 0 && used + gap + pieces_width(&word) > cells {
            if lines.len() >= rows {
                mark_cut(&mut lines, cells);
                return lines;
            }
            lines.push(Vec::new());
        } else if used > 0
            && let Some(line) = lines.last_mut()
        {
            line.push((" ".repeat(gap), Style::new()));
        }
        for (text, style) in word {
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let Some(line) = lines.last_mut() else { return lines };
                let space = cells.saturating_sub(pieces_width(line));
                if width(rest) <= space {
                    line.push((rest.to_owned(), style));
                    break;
                }
                let after = skip(rest, space.max(1));
                let head = rest.get(..rest.len() - after.len()).unwrap_or_default();
                if space > 0 && width(head) <= space {
                    line.push((head.to_owned(), style));
                    rest = after;
                } else if line.is_empty() {
                    // A sign that is wider than the whole row.
                    return lines;
                }
                if rest.is_empty() {
                    break;
                }
                if lines.len() >= rows {
                    mark_cut(&mut lines, cells);
                    return lines;
                }
                lines.push(Vec::new());
            }
        }
    }
    lines
}

/// Ends the last row in `…`.
fn mark_cut(lines: &mut [Vec<Piece>], cells: usize) {
    let Some(line) = lines.last_mut() else { return };
    let before: usize = line.iter().rev().skip(1).map(|(text, _)| width(text)).sum();
    if let Some((text, _)) = line.last_mut() {
        let shortened = cut(&format!("{text}……"), cells.saturating_sub(before).min(width(text) + 1)).into_owned();
        *text = shortened;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(lines: &[Vec<Piece>]) -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|(text, _)| text.as_str()).collect()).collect()
    }

    fn plain(text: &str) -> Piece {
        (text.to_owned(), Style::new())
    }

    #[test]
    fn pieces_keep_together_what_no_space_parts() {
        let pieces = [plain("the lock on "), plain("redis"), plain(", 2.00 s")];
        assert_eq!(texts(&flow(&pieces, 14, 9)), ["the lock on", "redis, 2.00 s"]);
        assert_eq!(texts(&flow(&pieces, 14, 1)), ["the lock on…"]);
        assert_eq!(texts(&flow(&[plain("abcdefghij")], 4, 9)), ["abcd", "efgh", "ij"]);
        assert_eq!(texts(&flow(&[], 4, 9)), [""]);
        assert_eq!(texts(&flow(&[plain(" a  "), plain(" b c")], 6, 9)), ["a   b", "c"]);
    }

    proptest! {
        #[test]
        fn no_row_is_too_wide_and_there_are_not_too_many(
            parts in prop::collection::vec("[a-zé日 ]{0,12}", 0..6), cells in 2usize..20, rows in 1usize..6,
        ) {
            let pieces: Vec<Piece> = parts.iter().map(|part| plain(part)).collect();
            let lines = flow(&pieces, cells, rows);
            prop_assert!(lines.len() <= rows);
            for line in &lines {
                prop_assert!(pieces_width(line) <= cells, "{:?}", texts(&lines));
            }
        }
    }
}
