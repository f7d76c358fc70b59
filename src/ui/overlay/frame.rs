//! What every overlay has: a heavy title, a footer, and the line that is typed in.

use ratatui::style::Style;

use crate::room::Editor;
use crate::ui::footer::toast;
use crate::ui::pen::{Pen, Piece, pieces_width};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, skip, width};

/// Empties what lies beneath; a theme that brings a background keeps it.
pub(super) fn clear(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    pen.clear();
    let (cells, height) = (pen.width(), pen.height());
    for y in 0..height {
        pen.tint(0, cells, y, scene.style(Role::Screen));
    }
}

/// The title of what has the keys. Gives where the words end.
pub(super) fn title(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, words: &[Piece], right: &str) -> usize {
    let to = pen.width();
    pen.repeat(0, to, y, "━", scene.style(Role::Focus));
    let x = pen.put(1, y, " ▸", scene.style(Role::Focus));
    let x = pen.put_all(x, y, words);
    let x = pen.put(x, y, " ", Style::new());
    if !right.is_empty() && x + width(right) + 5 <= to {
        let at = pen.put(to - width(right) - 3, y, " ", Style::new());
        let at = pen.put(at, y, right, scene.style(Role::Dim));
        pen.put(at, y, " ", Style::new());
    }
    x
}

/// Keys and what they do in the last row, and a word at its right end that is never dropped: what the room has to say first
/// of all, since its own footer is covered.
pub(super) fn footer(pen: &mut Pen<'_>, scene: &Scene<'_>, hints: &[(&str, &str)], right: &str) {
    let Some(y) = pen.height().checked_sub(1) else { return };
    let mut row = pen.rows(y, 1);
    clear(&mut row, scene);
    let to = row.width();
    let (right, look) =
        toast(scene, to.saturating_sub(1)).unwrap_or_else(|| (right.to_owned(), scene.style(Role::Dim)));
    let end = to.saturating_sub(if right.is_empty() { 0 } else { width(&right) + 2 });
    let mut x = 0;
    for (keys, words) in hints {
        let pieces = [
            ((*keys).to_owned(), scene.style(Role::Key)),
            (if keys.is_empty() || words.is_empty() { "" } else { " " }.to_owned(), Style::new()),
            ((*words).to_owned(), scene.style(Role::Dim)),
        ];
        let gap = if x == 0 { 0 } else { 2 };
        if x + gap + pieces_width(&pieces) > end {
            break;
        }
        x = row.put_all(x + gap, 0, &pieces);
    }
    row.put_right(to, 0, &right, look);
}

/// The text of an editor from `x` to before `to`, moved so that its cursor shows; `first` is how its first word looks.
/// Gives the column of the cursor.
pub(super) fn line(
    pen: &mut Pen<'_>,
    y: usize,
    [x, to]: [usize; 2],
    editor: &Editor,
    [look, first]: [Style; 2],
) -> usize {
    let before = column(editor, editor.cursor());
    let text = clean(editor.text());
    let space = to.min(pen.width()).saturating_sub(x).max(2);
    let lost = lost(editor, space);
    let mut part = pen.part(x, y, space, 1);
    let mut at = 0;
    if lost > 0 {
        at = part.put(0, 0, "…", look);
        part.put(at, 0, skip(&text, lost), look);
        return x + at + before.saturating_sub(lost);
    }
    let (word, rest) = text.split_once(' ').map_or((text.as_ref(), None), |(word, rest)| (word, Some(rest)));
    at = part.put(at, 0, word, first);
    if let Some(rest) = rest {
        at = part.put(at, 0, " ", look);
        part.put(at, 0, rest, look);
    }
    x + before
}

/// The column of its `letter`-th letter, from the beginning of the text on.
pub(super) fn column(editor: &Editor, letter: usize) -> usize {
    // An editor holds no control characters, so that cleaning replaces letter by letter.
    let before: String = editor.text().chars().take(letter).collect();
    width(&clean(&before))
}

/// How many columns of the text are moved out at the left, in whose place `…` stands, so that the cursor shows in so much
/// space.
pub(super) fn lost(editor: &Editor, space: usize) -> usize {
    let hidden = (column(editor, editor.cursor()) + 1).saturating_sub(space);
    if hidden == 0 {
        return 0;
    }
    let text = clean(editor.text());
    width(&text) - width(skip(&text, hidden + 1))
}

/// As the terminal counts.
pub(super) fn place(x: usize, y: usize) -> Option<(u16, u16)> {
    Some((u16::try_from(x).ok()?, u16::try_from(y).ok()?))
}
