//! The query prompt: the line, and under it what the server says of it, at the place that it means; else who will be asked.

use super::frame;
use super::shown::Overlay;
use crate::domain::query::Language;
use crate::room::{Prompt, SourceKind};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};

/// The column at which the text begins.
const START: usize = 1;

pub(super) fn draw(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    prompt: &Prompt,
    wrong_at: Option<usize>,
    asked: bool,
) -> Overlay {
    let cells = pen.width();
    let Some(y) = pen.height().checked_sub(3) else { return Overlay::default() };
    let mut rows = pen.rows(y, 2);
    frame::clear(&mut rows, scene);
    rows.put(0, 0, ";", scene.style(Role::Key));
    let looks = [scene.style(Role::Text), scene.style(Role::Text)];
    let cursor = frame::line(&mut rows, 0, [START, cells.saturating_sub(1)], &prompt.text, looks);
    let typed = prompt.text.text();
    let fits = width(&clean(typed)) + START < cells;
    match &prompt.complaint {
        Some(complaint) => {
            let words = clean(complaint);
            let at = wrong_at.filter(|_| fits).map(|column| column_of(typed, column).min(cells.saturating_sub(1)));
            let told = format!("▲ {words}");
            // Words that would be cut at the right stand before their mark.
            match at {
                Some(at) if at + width(&told) > cells && width(&told) <= at => {
                    rows.put(at - width(&told), 1, &format!("{words} ▲"), scene.style(Role::Crit));
                }
                // Neither side has room for all: the larger one takes what it can, and the mark stays where it belongs.
                Some(at) if at + width(&told) > cells && at > cells / 2 => {
                    rows.put_cut(0, 1, at.saturating_sub(1), &words, scene.style(Role::Crit));
                    rows.put(at, 1, "▲", scene.style(Role::Crit));
                }
                _ => {
                    rows.put_cut(at.unwrap_or(0), 1, cells, &told, scene.style(Role::Crit));
                }
            }
        }
        None => {
            rows.put_cut(START, 1, cells, &who(scene, typed, asked), scene.style(Role::Dim));
        }
    }
    let hints = [("Enter", "ask"), ("↑ ↓", "earlier ones"), ("Esc", "back"), ("ctrl-u", "delete the line")];
    frame::footer(pen, scene, &hints, "letters are text here");
    Overlay { height: 0, cursor: frame::place(cursor, y), ..Overlay::default() }
}

/// The screen's column of the `column`-th letter.
fn column_of(typed: &str, column: usize) -> usize {
    let before: String = typed.chars().take(column).collect();
    START + width(&clean(&before))
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
