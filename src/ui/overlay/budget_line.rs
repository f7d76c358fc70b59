//! A line of the budget in full, and the rule between its parts.

use crate::ui::pen::Piece;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::width;

pub(super) type Line = Vec<Piece>;

/// A thin rule with words in it.
pub(super) fn head(scene: &Scene<'_>, cells: usize, words: &str) -> Line {
    let rule = "─".repeat(cells.saturating_sub(width(words) + 3));
    vec![
        ("─ ".to_owned(), scene.style(Role::Faint)),
        (words.to_owned(), scene.style(Role::Text)),
        (format!(" {rule}"), scene.style(Role::Faint)),
    ]
}
