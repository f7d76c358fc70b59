//! One value in full, wrapped, over all rows but the first.

use super::frame;
use super::shown::Overlay;
use crate::domain::slo::thousands;
use crate::room::ValueView;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::rows::{drawn, rows};
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, view: &ValueView) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let top = usize::from(height > 6);
    let taken = height.saturating_sub(top + 1);
    let body = taken.saturating_sub(1);
    let mut part = pen.rows(top, taken);
    frame::clear(&mut part, scene);
    let wide = cells.saturating_sub(3);
    let total = rows(&view.text, wide).count();
    let first = view.offset.min(total.saturating_sub(body));
    let last = (first + body).min(total);
    let shown = if last - first == total {
        String::new()
    } else {
        let number = |row: usize| thousands(u32::try_from(row).map_or(f64::INFINITY, f64::from));
        format!("rows {} to {} of {}", number(first + 1), number(last), number(total))
    };
    let name = clean(&view.title);
    let name = cut(&name, cells.saturating_sub(width(&shown) + 10)).into_owned();
    frame::title(&mut part, scene, 0, &[(name, scene.style(Role::Focus))], &shown);
    for (y, row) in rows(&view.text, wide).skip(first).take(body).enumerate() {
        part.put(1, y + 1, &drawn(row), scene.style(Role::Text));
    }
    let hints = [("j k", "scroll"), ("PgDn PgUp", "page"), ("g G", "first, last row"), ("y", "copy"), ("Esc", "close")];
    frame::footer(pen, scene, &hints, "");
    Overlay { height: body, rows: total, cursor: None }
}
