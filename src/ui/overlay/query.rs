//! The query prompt: the line, and under it what the server says of it, at the place that it means; else who will be asked.

use super::frame;
use super::shown::Overlay;
use crate::domain::query::Language;
use crate::room::{Prompt, SourceKind};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width, wrap};

/// The column at which the text begins.
const START: usize = 1;
/// Rows of what a server says; few say more, and the panes stay in sight.
const MOST_ROWS: usize = 4;

pub(super) fn draw(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    prompt: &Prompt,
    wrong_at: Option<usize>,
    asked: bool,
) -> Overlay {
    let cells = pen.width();
    let space = cells.saturating_sub(START + 1).max(2);
    let lost = frame::lost(&prompt.text, space);
    // What is moved out at the left has no place to stand under.
    let at = wrong_at.map(|letter| frame::column(&prompt.text, letter)).filter(|column| *column >= lost);
    let at = at.map(|column| (START + usize::from(lost > 0) + column - lost).min(cells.saturating_sub(1)));
    let said = prompt.complaint.as_ref().map(|complaint| said(&clean(complaint), at, cells)).unwrap_or_default();
    let Some(y) = pen.height().checked_sub(2 + said.len().max(1)) else { return Overlay::default() };
    let mut rows = pen.rows(y, 1 + said.len().max(1));
    frame::clear(&mut rows, scene);
    rows.put(0, 0, ";", scene.style(Role::Key));
    let looks = [scene.style(Role::Text), scene.style(Role::Text)];
    let cursor = frame::line(&mut rows, 0, [START, START + space], &prompt.text, looks);
    for (row, (x, words)) in said.iter().enumerate() {
        rows.put_cut(*x, 1 + row, cells, words, scene.style(Role::Crit));
    }
    if said.is_empty() {
        rows.put_cut(START, 1, cells, &who(scene, prompt.text.text(), asked), scene.style(Role::Dim));
    }
    let hints = [("Enter", "ask"), ("↑ ↓", "earlier ones"), ("Esc", "back"), ("ctrl-u", "delete the line")];
    frame::footer(pen, scene, &hints, "letters are text here");
    Overlay { height: 0, cursor: frame::place(cursor, y), ..Overlay::default() }
}

/// What the server says, row by row, each from a column on: beside the mark where it has room, else below it.
fn said(words: &str, at: Option<usize>, cells: usize) -> Vec<(usize, String)> {
    let mark = at.unwrap_or(0);
    let beside = format!("▲ {words}");
    if mark + width(&beside) <= cells {
        return vec![(mark, beside)];
    }
    // It ends under the letter.
    if let Some(from) = (mark + 1).checked_sub(width(&beside)) {
        return vec![(from, format!("{words} ▲"))];
    }
    let below = wrap(words, cells.saturating_sub(START + 1), MOST_ROWS);
    let below = below.into_iter().map(|row| (START, row));
    at.map(|at| (at, "▲".to_owned())).into_iter().chain(below).collect()
}

fn who(scene: &Scene<'_>, typed: &str, asked: bool) -> String {
    if typed.trim().is_empty() {
        return "PromQL  {labels} LogQL  { spans } TraceQL; a first word promql, logql, traceql decides".to_owned();
    }
    let (language, _) = Language::of(typed);
    let kind = match language {
        Language::Promql => SourceKind::Prometheus,
        Language::Logql => SourceKind::Loki,
        Language::Traceql => SourceKind::Tempo,
    };
    let source = scene.room.health.sources.iter().find(|source| source.kind == kind);
    match (source, asked) {
        (Some(source), true) => format!("{} → {} … asked, Esc stops", language.word(), clean(&source.name)),
        (Some(source), false) => format!("{} → {}", language.word(), clean(&source.name)),
        (None, _) => format!("{}: no server that reads it is configured", language.word()),
    }
}
