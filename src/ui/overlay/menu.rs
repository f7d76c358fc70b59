//! A small menu of letters above the footer, in as many columns as fit.

use super::frame;
use super::shown::Overlay;
use crate::room::{Menu, MenuKind, show_sequence};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};

const WORDS: usize = 30;

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, menu: &Menu) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let keys: Vec<String> = menu.choices.iter().map(|choice| show_sequence(&[choice.key])).collect();
    let key_cells = keys.iter().map(|key| width(key)).max().unwrap_or(1);
    let words = menu.choices.iter().map(|choice| width(&clean(&choice.words))).max().unwrap_or(0).min(WORDS);
    let column = key_cells + words + 4;
    let columns = (cells.saturating_sub(1) / column.max(1)).clamp(1, 4);
    let rows = menu.choices.len().div_ceil(columns).min(height.saturating_sub(2));
    let taken = (rows + 1).min(height.saturating_sub(1));
    let mut part = pen.rows(height.saturating_sub(1 + taken), taken);
    frame::clear(&mut part, scene);
    let name = match menu.kind {
        MenuKind::Leader => format!("{} …", clean(&menu.title)),
        MenuKind::Copy | MenuKind::Kinds => clean(&menu.title).into_owned(),
    };
    frame::title(&mut part, scene, 0, &[(name, scene.style(Role::Focus))], "");
    for (at, (choice, key)) in menu.choices.iter().zip(&keys).enumerate().take(rows * columns) {
        let (x, y) = (1 + (at / rows.max(1)) * column, 1 + at % rows.max(1));
        part.put(x, y, key, scene.style(Role::Key));
        part.put_cut(x + key_cells + 1, y, words, &clean(&choice.words), scene.style(Role::Text));
    }
    let hint = if menu.kind == MenuKind::Copy { "a letter copies" } else { "a letter chooses" };
    frame::footer(pen, scene, &[("", hint), ("Esc", "close")], "");
    Overlay { height: rows, cursor: None, ..Overlay::default() }
}
