//! `?`: the whole keyboard in its groups, and while something is typed one list of what answers to it.

use ratatui::style::Style;

use super::frame;
use super::help_rows::{HelpRow, draw_matches, groups};
use super::shown::Overlay;
use crate::room::{Command, Prompt};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;

/// The keys of an action, and the space after them.
const KEYS: usize = 14;

/// The signs of a row, and the space after them.
const SIGNS: usize = 9;

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, prompt: &Prompt) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let top = usize::from(height > 6);
    let taken = height.saturating_sub(top + 1);
    let body = taken.saturating_sub(1);
    let mut part = pen.rows(top, taken);
    frame::clear(&mut part, scene);
    let typed = prompt.text.text();
    let (strong, dim) = (scene.style(Role::Focus), scene.style(Role::Dim));
    let count = Command::ALL.len();
    let right = match (&prompt.complaint, typed.is_empty()) {
        (Some(complaint), _) => crate::ui::text::clean(complaint).into_owned(),
        (None, true) => format!("{count} actions, type to search"),
        (None, false) => format!("{} of {count} actions", prompt.choices.len()),
    };
    // The title's rule goes on behind the line.
    let words = [("? Keys ".to_owned(), strong), ("search ".to_owned(), dim)];
    let x = frame::title(&mut part, scene, 0, &words, &right);
    let to = (x + 30).min(cells.saturating_sub(crate::ui::text::width(&right) + 6)).max(x + 2);
    let blank = crate::ui::text::width(typed) + 2;
    part.repeat(x - 1, (x + blank).min(to), 0, " ", Style::new());
    let cursor = frame::line(&mut part, 0, [x, to], &prompt.text, [strong, strong]);
    let mut list = part.rows(1, body);
    let paged = if typed.is_empty() {
        draw_groups(&mut list, scene, prompt)
    } else {
        if prompt.choices.is_empty() {
            list.put(1, 0, "No action answers to that.", dim);
        }
        draw_matches(&mut list, scene, prompt);
        None
    };
    let named = prompt.chosen().map(|command| format!("also by name: :{}", command.name())).unwrap_or_default();
    let named = if cells >= 90 { named } else { String::new() };
    let right = paged.map_or(named, |(page, pages)| format!("page {page} of {pages}"));
    let hints = [("type", "to search"), ("arrows", "choose"), ("Enter", "do it"), ("Esc", "close")];
    frame::footer(pen, scene, &hints, &right);
    Overlay { height: body, cursor: frame::place(cursor, top), ..Overlay::default() }
}

/// Groups in columns; gives the page and how many there are when they do not fit on one.
fn draw_groups(pen: &mut Pen<'_>, scene: &Scene<'_>, prompt: &Prompt) -> Option<(usize, usize)> {
    let (cells, height) = (pen.width(), pen.height().max(1));
    let count = match cells {
        100.. => 3,
        60.. => 2,
        _ => 1,
    };
    let air = usize::from(height > 20);
    let space = height - air.min(height - 1);
    // The lowest columns that hold everything, or the whole height and more than one page.
    let fits = (1..space).find(|rows| packed(scene, *rows, count > 1).len() <= count);
    let columns = packed(scene, fits.unwrap_or(space), count > 1);
    let chosen = prompt.chosen();
    let holds = |column: &Vec<HelpRow>| chosen.is_some_and(|command| column.iter().any(|row| row.holds(command)));
    let page = columns.iter().position(holds).unwrap_or(0) / count;
    let column_cells = cells / count;
    for (at, column) in columns.iter().skip(page * count).take(count).enumerate() {
        let mut part = pen.part(at * column_cells, air, column_cells, space);
        for (y, row) in column.iter().enumerate() {
            draw_row(&mut part, scene, y, row, chosen);
        }
    }
    let pages = columns.len().div_ceil(count);
    (pages > 1).then_some((page + 1, pages))
}

/// Groups one under the other into columns of so many rows, each group whole if it can be and `whole` is wished.
fn packed(scene: &Scene<'_>, rows: usize, whole: bool) -> Vec<Vec<HelpRow>> {
    let mut columns: Vec<Vec<HelpRow>> = vec![Vec::new()];
    for group in groups(scene.keymap()) {
        let used = columns.last().map_or(0, Vec::len);
        let gap = usize::from(used > 0);
        let least = if whole { group.len() } else { 2 };
        if used > 0 && used + gap + least > rows {
            columns.push(Vec::new());
        } else if gap > 0
            && let Some(column) = columns.last_mut()
        {
            column.push(HelpRow::Air);
        }
        for row in group {
            if columns.last().is_some_and(|column| column.len() >= rows) {
                columns.push(Vec::new());
            }
            if let Some(column) = columns.last_mut() {
                column.push(row);
            }
        }
    }
    columns
}

fn draw_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, row: &HelpRow, chosen: Option<Command>) {
    match row {
        HelpRow::Air => {}
        HelpRow::Head(word) => {
            pen.put(1, y, word, scene.style(Role::Strong));
        }
        HelpRow::Sign(sign, words) => {
            pen.put(1, y, sign, Style::new());
            let end = pen.width();
            pen.put_cut(SIGNS, y, end.saturating_sub(SIGNS), words, scene.style(Role::Dim));
        }
        HelpRow::Keys { keys, words, .. } => {
            let end = pen.width();
            let x = pen.put_cut(1, y, end.saturating_sub(2), keys, scene.style(Role::Key));
            let at = x.max(KEYS) + 1;
            pen.put_cut(at, y, end.saturating_sub(at), words, scene.style(Role::Dim));
            if chosen.is_some_and(|command| row.holds(command)) {
                pen.tint(1, end.saturating_sub(1), y, scene.style(Role::Sel));
                pen.put(0, y, "▸", scene.style(Role::Focus));
            }
        }
    }
}
