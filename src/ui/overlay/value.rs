//! One value in full, wrapped, over all rows but the first.

use super::frame;
use super::shown::Overlay;
use crate::room::ValueView;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, wrap};

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, view: &ValueView) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let top = usize::from(height > 6);
    let taken = height.saturating_sub(top + 1);
    let body = taken.saturating_sub(1);
    let mut part = pen.rows(top, taken);
    frame::clear(&mut part, scene);
    let lines = view.text.lines().count();
    let from = match lines {
        0 | 1 => String::new(),
        lines => format!("line {} of {lines}", view.offset.min(lines - 1) + 1),
    };
    let name = clean(&view.title);
    let name = crate::ui::text::cut(&name, cells.saturating_sub(24)).into_owned();
    frame::title(&mut part, scene, 0, &[(name, scene.style(Role::Focus))], &from);
    let mut y = 1;
    for line in view.text.lines().skip(view.offset) {
        if y > body {
            break;
        }
        for row in wrap(&clean(line), cells.saturating_sub(3), body + 1 - y) {
            part.put(1, y, &row, scene.style(Role::Text));
            y += 1;
        }
    }
    frame::footer(pen, scene, &[("j k", "scroll"), ("y", "copy"), ("Esc", "close")], "");
    Overlay { height: body, cursor: None, ..Overlay::default() }
}
