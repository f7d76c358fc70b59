//! The last row: the keys of what has the focus, and a word that vanishes. Which keys those are is `room/hint.rs`.

use super::pen::{Pen, Piece};
use super::role::Role;
use super::scene::Scene;
use super::text::{clean, cut, width};
use crate::room::{Hint, ToastKind, hints};

/// The word that vanishes, at most so wide.
pub(super) fn toast(scene: &Scene<'_>, cells: usize) -> Option<Piece> {
    let toast = scene.room.toast.as_ref()?;
    let (sign, style) = match toast.kind {
        ToastKind::Info => ("", scene.style(Role::Text)),
        ToastKind::Good => ("✓ ", scene.style(Role::Ok)),
        ToastKind::Warning => ("◆ ", scene.style(Role::Warn)),
    };
    let words = format!("{sign}{}", clean(&toast.text));
    Some((cut(&words, cells).into_owned(), style))
}

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let room = scene.room;
    let whole = pen.width();
    let toast = toast(scene, whole.saturating_sub(8)).or_else(|| {
        let (first, others) = room.problems.split_first()?;
        let more = if others.is_empty() { String::new() } else { format!(" (and {} more)", others.len()) };
        let words = cut(&clean(first), whole.saturating_sub(20 + width(&more))).into_owned();
        Some((format!("◆ {words}{more}  q"), scene.style(Role::Warn)))
    });
    let taken = toast.as_ref().map_or(0, |(words, _)| width(words) + 2);
    let hints = hints(room);
    // The last one stays, whatever goes: who knows `?` finds the rest.
    let Some((last, others)) = hints.split_last() else { return };
    let mut left = whole.saturating_sub(taken + cells(last) + 2);
    let mut x = 0;
    for hint in others {
        let cells = cells(hint) + 2;
        if cells > left {
            break;
        }
        left -= cells;
        x = put(pen, scene, x, hint) + 2;
    }
    put(pen, scene, x, last);
    if let Some((words, style)) = toast {
        pen.put_right(whole, 0, &words, style);
    }
}

fn cells(hint: &Hint) -> usize {
    let apart = usize::from(!hint.keys.is_empty());
    width(&hint.keys) + apart + width(hint.words)
}

fn put(pen: &mut Pen<'_>, scene: &Scene<'_>, mut x: usize, hint: &Hint) -> usize {
    if !hint.keys.is_empty() {
        x = pen.put(x, 0, &hint.keys, scene.style(Role::Key));
        x = pen.put(x, 0, " ", scene.style(Role::Dim));
    }
    pen.put(x, 0, hint.words, scene.style(Role::Dim))
}
