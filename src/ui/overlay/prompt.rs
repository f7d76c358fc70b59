//! A question with a line to type in: one row above the footer, and for `:` the actions that answer to it.

use ratatui::style::Style;

use super::frame;
use super::help_rows::draw_matches;
use super::shown::Overlay;
use crate::room::{Prompt, PromptKind};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};

/// Matches that a palette shows at most.
const MATCHES: usize = 12;

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, prompt: &Prompt) -> Overlay {
    let Some(y) = pen.height().checked_sub(2) else { return Overlay::default() };
    let (sign, example) = match &prompt.kind {
        PromptKind::Filter { .. } => ("/".to_owned(), "words  !not these  key=value  ~regex"),
        PromptKind::GoTo => ("@".to_owned(), "03:14  -20m  start   or an id: trace, header, order"),
        PromptKind::WhatIf => ("what if it burns at ".to_owned(), "3 4h   14.4x for 30m"),
        PromptKind::PassReason { step, .. } => (format!("pass over step {step}, because "), ""),
        PromptKind::Query { .. } | PromptKind::Palette | PromptKind::Help => (":".to_owned(), ""),
    };
    let cells = pen.width();
    let mut row = pen.rows(y, 1);
    frame::clear(&mut row, scene);
    let x = row.put(0, 0, &sign, scene.style(Role::Key));
    let said = prompt.complaint.as_deref().map(clean);
    let complaint = said.as_deref().map_or(0, |text| width(text) + 4).min(cells / 2);
    let looks = [scene.style(Role::Text), scene.style(Role::Text)];
    let cursor = frame::line(&mut row, 0, [x, cells.saturating_sub(complaint + 1)], &prompt.text, looks);
    if let Some(text) = said {
        row.put_cut(cells.saturating_sub(complaint), 0, complaint, &format!("! {text}"), scene.style(Role::Warn));
    } else if prompt.text.text().is_empty() {
        row.put_cut(cursor + 2, 0, usize::MAX, example, scene.style(Role::Dim));
    }
    let enter = if matches!(prompt.kind, PromptKind::GoTo) { "go there" } else { "take it" };
    frame::footer(
        pen,
        scene,
        &[("Enter", enter), ("Esc", "back"), ("ctrl-u", "delete the line")],
        "letters are text here",
    );
    Overlay { height: 0, cursor: frame::place(cursor, y), ..Overlay::default() }
}

pub(super) fn draw_palette(pen: &mut Pen<'_>, scene: &Scene<'_>, prompt: &Prompt) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let Some(line_y) = height.checked_sub(2) else { return Overlay::default() };
    let rows = MATCHES.min(line_y.saturating_sub(3)).min(prompt.choices.len().max(1));
    let taken = (rows + 1).min(line_y);
    let mut part = pen.rows(line_y - taken, taken + 1);
    frame::clear(&mut part, scene);
    let count = match prompt.choices.len() {
        1 => "1 action".to_owned(),
        count => format!("{count} actions"),
    };
    frame::title(&mut part, scene, 0, &[(": Palette".to_owned(), scene.style(Role::Focus))], &count);
    draw_matches(&mut part.rows(1, rows), scene, prompt);
    let x = part.put(0, taken, ":", scene.style(Role::Key));
    let looks = [scene.style(Role::Strong), scene.style(Role::Strong)];
    let cursor = frame::line(&mut part, taken, [x, cells.saturating_sub(1)], &prompt.text, looks);
    if let Some(complaint) = &prompt.complaint {
        let text = format!("! {}", clean(complaint));
        part.put_right(cells, taken, &text, scene.style(Role::Warn));
    } else if prompt.choices.is_empty() {
        part.put(cursor + 2, taken, "no action answers to that", Style::new());
    }
    frame::footer(pen, scene, &[("arrows", "choose"), ("Enter", "do it"), ("Esc", "close")], "letters are text here");
    Overlay { height: rows, cursor: frame::place(cursor, line_y), ..Overlay::default() }
}
