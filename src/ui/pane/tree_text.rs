//! The guides before a span's name: which rows hang together.

use crate::domain::trace::{Node, Rows, Tree};

/// The service of a row is told where it is another than that of the row above it in the tree.
pub(in crate::ui) fn changes_service(tree: &Tree, node: &Node<'_>) -> bool {
    match node.parent.and_then(|parent| tree.row(parent)) {
        None => true,
        Some(parent) => parent.missing.is_some() || parent.service != node.service,
    }
}

/// `│  └`, `│  ├╴`: one column a level; of a very deep row the first levels are left out, with `…`.
pub(in crate::ui) fn guides(tree: &Tree, rows: &Rows, node: &Node<'_>, cells: usize) -> String {
    if node.parent.is_none() {
        return String::new();
    }
    let mut signs = Vec::with_capacity(usize::from(node.depth).min(cells + 1));
    // From the row upwards; the topmost row has no guide of its own.
    let mut above = rows.guides(node.row).peekable();
    while let Some(follows) = above.next() {
        if above.peek().is_none() {
            break;
        }
        signs.push(match (signs.is_empty(), follows) {
            (true, true) => "├",
            (true, false) => "└",
            (false, true) => "│",
            (false, false) => " ",
        });
        if signs.len() > cells {
            break;
        }
    }
    let cut = signs.len() > cells;
    signs.truncate(cells);
    let mut text = String::with_capacity(signs.len() * "│".len() + "…╴".len());
    if cut {
        text.push('…');
    }
    text.extend(signs.iter().rev().copied());
    if !changes_service(tree, node) {
        text.push('╴');
    }
    text
}
