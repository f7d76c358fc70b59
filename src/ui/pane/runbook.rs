//! Pane 5: the open runbook, or the pages that there are. It shows commands and runs none.

use std::ops::Range;

use chrono::NaiveDate;
use ratatui::style::Style;

use super::absent;
use super::page_block::rows_of;
use crate::domain::runbook::{Block, Catalog, Page};
use crate::room::{Command, Pane};
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};
use crate::ui::widget::{Title, flow};

pub(in crate::ui) fn title<'a>(scene: &Scene<'a>) -> Title<'a> {
    let runbook = &scene.room.runbook;
    let (detail, right) = match &runbook.page {
        Some(page) => {
            let (done, steps) = runbook.progress();
            (clean(&page.id).into_owned(), if steps > 0 { format!("{done} of {steps}") } else { String::new() })
        }
        None => match runbook.catalog.pages().len() {
            0 => (String::new(), String::new()),
            1 => (String::new(), "1 page".to_owned()),
            count => (String::new(), format!("{count} pages")),
        },
    };
    let right = if right.is_empty() { Vec::new() } else { vec![(right, scene.style(Role::Dim))] };
    Title { number: "5", name: "Runbook", detail, right, focused: scene.has_focus(Pane::Runbook), heads: false }
}

/// The left and the right part of the row of a folded pane.
pub(in crate::ui) fn summary(scene: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    let runbook = &scene.room.runbook;
    let (strong, dim) = (scene.style(Role::Strong), scene.style(Role::Dim));
    match &runbook.page {
        Some(page) => {
            let (done, steps) = runbook.progress();
            let mut left = vec![(clean(&page.id).into_owned(), strong)];
            if steps > 0 {
                left.push((format!("  {done} of {steps} steps"), scene.style(Role::Text)));
            }
            (left, vec![verified(scene, page, true)])
        }
        None if let Some(absent) = absent::in_short(scene, Pane::Runbook) => (vec![absent], Vec::new()),
        None => {
            let key = scene.keymap().first_key(Command::OpenRunbook).unwrap_or_else(|| ":runbook".to_owned());
            let said = format!("{key} opens the one that fits");
            let count = runbook.catalog.pages().len();
            let pages = if count == 1 { "page" } else { "pages" };
            (vec![(said, dim)], vec![(format!("{count} {pages}"), dim)])
        }
    }
}

/// The day by the clock that the responder reads.
pub(in crate::ui) fn today(scene: &Scene<'_>) -> NaiveDate {
    let room = scene.room;
    let local = room.now.shifted(i64::from(room.offset_seconds(room.now)) * 1_000_000_000);
    local.to_utc().date_naive()
}

/// When the page was last found right, in the colour of how much that is worth.
pub(in crate::ui) fn verified(scene: &Scene<'_>, page: &Page, short: bool) -> Piece {
    let today = today(scene);
    let Some(day) = page.verified else {
        return ("◇ never verified".to_owned(), scene.style(Role::Warn));
    };
    let days = today.signed_duration_since(day).num_days().max(0);
    if Catalog::stale(page, today).is_some() {
        return (format!("◆ {days} d old"), scene.style(Role::Warn));
    }
    let date = if days < 300 { day.format("%-d %b") } else { day.format("%-d %b %Y") };
    let ago = match days {
        0 => "today".to_owned(),
        days => format!("{days} d ago"),
    };
    let text = if short { format!("verified {ago}") } else { format!("verified {date}, {ago}") };
    (text, scene.style(Role::Dim))
}

/// Rows of a block, and which of them are the block itself and not air or a heading above it.
struct Laid {
    lines: Vec<Vec<Piece>>,
    own: Range<usize>,
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    match &scene.room.runbook.page {
        Some(page) => draw_page(pen, scene, page),
        None if scene.room.runbook.catalog.pages().is_empty() => draw_nothing(pen, scene),
        None => draw_list(pen, scene),
    }
}

fn draw_page(pen: &mut Pen<'_>, scene: &Scene<'_>, page: &Page) {
    let runbook = &scene.room.runbook;
    let (cells, height) = (pen.width(), pen.height());
    if runbook.rows.is_empty() {
        let head = head(scene, page, cells, true);
        for (y, line) in head.iter().enumerate().take(height) {
            pen.put_all(0, y, line);
        }
        return;
    }
    let selected = runbook.cursor.selected;
    let lines_of = |row: usize| lay(scene, page, row, cells, height).lines.len();
    let mut below = 0;
    for row in selected + 1..runbook.rows.len() {
        if below >= height {
            break;
        }
        below += lines_of(row);
    }
    // Upwards from the selected block as far as the list is scrolled, and further where rows would stay blank.
    let mut first = selected;
    let mut used = lines_of(first);
    while first > 0 {
        let kept = if first > runbook.cursor.offset { 0 } else { below };
        let above = lines_of(first - 1);
        if used + above + kept > height {
            break;
        }
        used += above;
        first -= 1;
    }
    let mut y = 0;
    for row in first..runbook.rows.len() {
        let laid = lay(scene, page, row, cells, height);
        let skipped = if y == 0 && row > 0 { laid.own.start } else { 0 };
        for (at, line) in laid.lines.iter().enumerate().skip(skipped) {
            if y >= height {
                return;
            }
            pen.put_all(0, y, line);
            if row == selected && laid.own.contains(&at) && scene.has_focus(Pane::Runbook) {
                pen.tint(0, cells, y, scene.style(Role::Sel));
            }
            if row == selected && at == laid.own.start {
                pen.put(0, y, "▸", scene.style(Role::Focus));
            }
            y += 1;
        }
    }
}

fn lay(scene: &Scene<'_>, page: &Page, row: usize, cells: usize, height: usize) -> Laid {
    let rows = &scene.room.runbook.rows;
    let Some(at) = rows.get(row).copied() else { return Laid { lines: Vec::new(), own: 0..0 } };
    let mut own = rows_of(scene, page, at, cells, height);
    let mut lines = Vec::new();
    let mut tail = Vec::new();
    if row == 0 {
        if names_the_page(page, at) {
            tail = head(scene, page, cells, false);
        } else {
            lines = head(scene, page, cells, true);
            lines.push(Vec::new());
        }
    } else if is_apart(page, rows.get(row - 1).copied(), at) {
        lines.push(Vec::new());
    }
    let start = lines.len();
    lines.append(&mut own);
    let end = lines.len();
    lines.append(&mut tail);
    Laid { lines, own: start..end }
}

/// A blank row stands above headings, tables, quotes, and between two paragraphs.
fn is_apart(page: &Page, before: Option<usize>, at: usize) -> bool {
    let before = before.and_then(|before| page.blocks.get(before));
    match page.blocks.get(at) {
        Some(Block::Heading { .. } | Block::Rule) => true,
        Some(Block::Table(_) | Block::Quote(_) | Block::Paragraph(_)) => !matches!(
            before,
            Some(Block::Heading { level: 2.., .. } | Block::Step { .. } | Block::Code { step: Some(_), .. })
        ),
        Some(Block::Code { step: None, .. }) => matches!(before, Some(Block::Code { .. })),
        _ => false,
    }
}

fn names_the_page(page: &Page, at: usize) -> bool {
    matches!(page.blocks.get(at), Some(Block::Heading { level: 1, text, .. }) if text.trim() == page.title.trim())
}

/// What the page is called and for, how old it is, and what could not be read of it.
fn head(scene: &Scene<'_>, page: &Page, cells: usize, with_title: bool) -> Vec<Vec<Piece>> {
    let (dim, warn) = (scene.style(Role::Dim), scene.style(Role::Warn));
    let space = cells.saturating_sub(2);
    let mut pieces = Vec::new();
    let names = if page.alerts.is_empty() { &page.services } else { &page.alerts };
    if !names.is_empty() {
        let shown: Vec<String> = names.iter().take(4).map(|name| clean(name).into_owned()).collect();
        let more = if names.len() > 4 { ", …" } else { "" };
        pieces.push((format!("for {}{more}  · ", shown.join(", ")), dim));
    }
    pieces.push(verified(scene, page, false));
    if let Some(owner) = &page.owner {
        pieces.push((format!(", by {}", clean(owner)), dim));
    }
    let mut lines = Vec::new();
    if with_title {
        lines.extend(flow(&[(clean(&page.title).into_owned(), scene.style(Role::Strong))], space, 2));
    }
    lines.extend(flow(&pieces, space, 3));
    if let Some(days) = Catalog::stale(page, today(scene)) {
        let said = format!("◆ nobody has checked this page for {days} days: doubt it");
        lines.extend(flow(&[(said, warn)], space, 2));
    }
    for warning in page.warnings.iter().take(3) {
        lines.extend(flow(&[(format!("! {}", clean(warning)), warn)], space, 2));
    }
    lines.into_iter().map(|line| std::iter::once((" ".to_owned(), Style::new())).chain(line).collect()).collect()
}

fn draw_list(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let runbook = &scene.room.runbook;
    let pages = runbook.catalog.pages();
    let cells = pen.width();
    let height = pen.height();
    let selected = runbook.cursor.selected;
    let first = runbook.cursor.offset.max((selected + 1).saturating_sub(height)).min(selected);
    let name_cells = if cells >= 90 { 32 } else { cells.saturating_sub(28).min(36) };
    for (y, (row, page)) in pages.iter().enumerate().skip(first).take(height).enumerate() {
        let is_selected = row == selected;
        let look = scene.style(if is_selected { Role::Strong } else { Role::Text });
        pen.put_cut(1, y, name_cells, &clean(&page.id), look);
        let (text, style) = verified(scene, page, cells < 56);
        let age_at = cells.saturating_sub(26).max(name_cells + 3);
        if cells >= 90 && *page.title != *page.id {
            let space = age_at.saturating_sub(name_cells + 5);
            pen.put_cut(name_cells + 3, y, space, &clean(&page.title), scene.style(Role::Dim));
        }
        if age_at + width(&text) <= cells {
            pen.put(age_at, y, &text, style);
        }
        if is_selected {
            if scene.has_focus(Pane::Runbook) {
                pen.tint(0, cells, y, scene.style(Role::Sel));
            }
            pen.put(0, y, "▸", scene.style(Role::Focus));
        }
    }
}

fn draw_nothing(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let (text, dim, key) = (scene.style(Role::Text), scene.style(Role::Dim), scene.style(Role::Key));
    let says: [(&str, Style); 6] = [
        ("No runbook is known.", scene.style(Role::Strong)),
        ("Name the folders of your Markdown pages in the configuration:", text),
        ("[runbooks]", key),
        ("paths = [\"docs/runbooks\"]", key),
        (
            "A page is found by the alert's own link, by an alert or a service that its header names, by its file name, or by the `runbook` of an SLO.",
            dim,
        ),
        ("Lists become steps that you tick, and each tick is an entry of the record.", dim),
    ];
    let mut y = 0;
    for (said, style) in says {
        let left = if style == key { 3 } else { 1 };
        for line in flow(&[(said.to_owned(), style)], pen.width().saturating_sub(left + 1), 5) {
            pen.put_all(left, y, &line);
            y += 1;
        }
    }
}
