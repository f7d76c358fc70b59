//! Lines that are not those of the tail: of one trace, and of a stream around one line. Not the tail: `logs.rs`.

use super::row::{TEXT, draw_line, select};
use crate::domain::signal::LineView;
use crate::room::{Around, Beside, Command, Loading, TraceLines};
use crate::ui::clock::age;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;

pub(super) fn of_trace_title(scene: &Scene<'_>, of: &TraceLines) -> (String, Vec<Piece>) {
    let services: std::collections::BTreeSet<&str> = of.lines.iter().map(|line| line.service.as_str()).collect();
    let detail = format!("of this trace {}, {} services", of.trace.short(), services.len());
    let words = match &of.state {
        Loading::Asked { since } => {
            (format!("asked {} ago", age(scene.room.now.elapsed_since(*since).as_secs_f64())), scene.style(Role::Dim))
        }
        Loading::Failed { failure, .. } => (format!("✗ {}", clean(&failure.to_string())), scene.style(Role::Crit)),
        _ => {
            let more = if of.more { ", and more" } else { "" };
            (format!("{} lines{more}", of.lines.len()), scene.style(Role::Dim))
        }
    };
    let mut right = vec![words];
    if let Some(key) = scene.keymap().first_key(Command::Close) {
        right.push(("  back to the tail: ".to_owned(), scene.style(Role::Dim)));
        right.push((key, scene.style(Role::Key)));
    }
    (detail, right)
}

pub(super) fn draw_trace(pen: &mut Pen<'_>, scene: &Scene<'_>, of: &TraceLines) {
    if of.lines.is_empty() {
        let words = match &of.state {
            Loading::Asked { .. } => "asking for the lines of this trace".to_owned(),
            Loading::Failed { failure, .. } => format!("✗ {}", clean(&failure.to_string())),
            _ => "the log server has no line with this trace id: is it written into the logs?".to_owned(),
        };
        pen.put_cut(1, 0, usize::MAX, &words, scene.style(Role::Dim));
        return;
    }
    for (y, at) in (of.cursor.offset..of.lines.len()).take(pen.height()).enumerate() {
        let Some(line) = of.lines.get(at) else { break };
        let view = LineView::from(line);
        let own = of.span.is_some() && line.span == of.span;
        draw_line(pen, scene, y, &view, if own { "▌" } else { " " }, &scene.room.logs);
        if own {
            pen.tint(TEXT, usize::MAX, y, scene.style(Role::Strong));
        }
        select(pen, scene, y, at == of.cursor.selected);
    }
}

/// How far the server's answer is, and what it had that the query of the pane left out.
pub(super) fn beside_words(scene: &Scene<'_>, around: &Around) -> Option<Piece> {
    let dim = scene.style(Role::Dim);
    match (&around.state, &around.beside) {
        (_, Some(beside)) => {
            let after = beside.lines.len().saturating_sub(beside.row + 1);
            let words = format!("{} before, {after} after; {} not in the query", beside.row, beside.new);
            Some((words, dim))
        }
        (Loading::Asked { .. }, None) => Some(("asking for all lines of its stream".to_owned(), dim)),
        (Loading::Failed { failure, .. }, None) => {
            Some((format!("✗ {}; only lines that are here", clean(&failure.to_string())), scene.style(Role::Warn)))
        }
        (Loading::Idle | Loading::Ready { .. }, None) => None,
    }
}

pub(super) fn draw_beside(pen: &mut Pen<'_>, scene: &Scene<'_>, beside: &Beside) {
    for (y, at) in (beside.cursor.offset..beside.lines.len()).take(pen.height()).enumerate() {
        let Some(line) = beside.lines.get(at) else { break };
        let is_middle = at == beside.row;
        let gutter = if is_middle { "▌" } else { " " };
        draw_line(pen, scene, y, &LineView::from(line), gutter, &scene.room.logs);
        if is_middle {
            pen.tint(TEXT, usize::MAX, y, scene.style(Role::Strong));
        }
        select(pen, scene, y, at == beside.cursor.selected);
    }
}
