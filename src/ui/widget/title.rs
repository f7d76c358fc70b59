//! The rule over a pane: number, name, what it shows, and at the right what matters of it. The focused one is heavy.

use ratatui::style::Style;

use crate::ui::pen::{Pen, Piece, pieces_width};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{cut, width};

/// Of what a pane shows at least so many cells are told before what stands at the right.
const DETAIL: usize = 30;

/// What a title says.
pub(in crate::ui) struct Title<'a> {
    /// Empty for what has no key of its own.
    pub number: &'a str,
    pub name: &'a str,
    /// What is shown in the pane, cleaned.
    pub detail: String,
    pub right: Vec<Piece>,
    pub focused: bool,
    /// The right words end where the pane ends: they head its columns.
    pub heads: bool,
}

/// Draws the title into a row, from `from` to before `to`.
pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, from: usize, to: usize, title: &Title<'_>) {
    let (sign, rule, name) = if title.focused {
        ("━", scene.style(Role::Focus), scene.style(Role::Focus))
    } else {
        ("─", scene.style(Role::Faint), scene.style(Role::Text))
    };
    pen.repeat(from, to, y, sign, rule);
    let mark = if title.focused { "▸" } else { "" };
    let right_pieces = right_that_fits(title, to.saturating_sub(from + width(title.name) + width(mark) + 7));
    let right = pieces_width(&right_pieces);
    let mut x = pen.put(from + 1, y, " ", Style::new());
    let label = format!("{mark}{}{}", title.number, if title.number.is_empty() { "" } else { " " });
    x = pen.put(x, y, &label, name);
    x = pen.put_cut(x, y, to.saturating_sub(x + 1), title.name, name);
    let space = to.saturating_sub(x + right + if right > 0 { 5 } else { 3 });
    if !title.detail.is_empty() && space > 3 {
        x = pen.put(x, y, " ", Style::new());
        x = pen.put(x, y, &cut(&title.detail, space), scene.style(Role::Dim));
    }
    if x < to {
        x = pen.put(x, y, " ", Style::new());
    }
    let behind = if title.heads { 0 } else { 2 };
    if right > 0 && x + right + behind < to {
        let at = pen.put(to - right - behind - 1, y, " ", Style::new());
        let at = pen.put_all(at, y, &right_pieces);
        if !title.heads {
            pen.put(at, y, " ", Style::new());
        }
    }
}

/// What stands in the pane must be told; of what is said at the right the last goes first.
fn right_that_fits(title: &Title<'_>, cells: usize) -> Vec<Piece> {
    let mut pieces = title.right.clone();
    if title.heads {
        return pieces;
    }
    let detail = match width(&title.detail) {
        0 => 0,
        cells => cells.min(DETAIL) + 4,
    };
    while pieces.len() > 1 && pieces_width(&pieces) + detail > cells {
        pieces.pop();
    }
    let mut left = cells;
    for (text, _) in &mut pieces {
        *text = cut(text, left).into_owned();
        left -= width(text);
    }
    if let Some((text, _)) = pieces.last_mut() {
        text.truncate(text.trim_end().len());
    }
    pieces
}

/// A thin rule with words in it, for a part of a pane.
pub(in crate::ui) fn heading(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, words: &str, right: &str) {
    let to = pen.width();
    pen.repeat(0, to, y, "─", scene.style(Role::Faint));
    let x = pen.put(1, y, " ", Style::new());
    let x = pen.put_cut(x, y, to.saturating_sub(x + 2), words, scene.style(Role::Text));
    pen.put(x, y, " ", Style::new());
    if !right.is_empty() && width(right) + width(words) + 8 < to {
        let at = pen.put(to - width(right) - 3, y, " ", Style::new());
        let at = pen.put(at, y, right, scene.style(Role::Dim));
        pen.put(at, y, " ", Style::new());
    }
}
