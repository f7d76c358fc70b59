//! One frame: everything in its place, from one scene. Tells how many rows each pane could show.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::layout::{Layout, Part, Wish, arrange};
use super::pane::{gauges, gauges_wide, home, logs, runbook, timeline, waterfall};
use super::pen::{Pen, Piece, pieces_width};
use super::scene::Scene;
use super::text::width;
use super::theme::Role;
use super::widget::title::{self, Title};
use super::{answer, footer, header, overlay, strip};
use crate::room::{Drawn, Pane, Zoom};

/// Rows from which every firing SLO shows its slow rule too.
const TALL: u16 = 46;

/// Draws the room. What comes back goes to the room as `Message::Drawn`.
pub fn draw(frame: &mut Frame<'_>, scene: &Scene<'_>) -> Drawn {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    buffer.set_style(area, scene.style(Role::Screen));
    let mut drawn = Drawn { width: area.width, ..Drawn::default() };
    let tall = area.height >= TALL;
    let room = scene.room;
    let calm = home::is_calm(room) && room.zoom == Zoom::Normal && area.width >= 80 && area.height >= 24;
    let wish = Wish {
        focus: room.focus,
        zoom: room.zoom,
        drawer: room.runbook.open,
        gauges: u16::try_from(gauges::wanted_rows(scene, tall)).unwrap_or(u16::MAX),
    };
    let mut layout = arrange(area.width, area.height, wish);
    if let Some(rect) = layout.header {
        header::draw(&mut Pen::new(buffer, rect), scene);
    }
    if let Some(rect) = layout.answer {
        answer::draw(&mut Pen::new(buffer, rect), scene);
    }
    if calm && room.focus == Pane::Gauges {
        let top = 3;
        let rect = Rect::new(0, top, area.width, area.height.saturating_sub(top + 1));
        home::draw(&mut Pen::new(buffer, rect), scene);
        drawn.heights = BTreeMap::from([(Pane::Gauges, room.gauges.judgements.len())]);
        layout.panes.clear();
        layout.dividers.clear();
    } else if let Some(rect) = layout.strip {
        strip::draw(&mut Pen::new(buffer, rect), scene);
    }
    if let Some(rect) = layout.tabs {
        tabs(&mut Pen::new(buffer, rect), scene);
    }
    for (x, from, to) in &layout.dividers {
        let mut pen = Pen::new(buffer, Rect::new(*x, *from, 1, to - from));
        for y in 0..pen.height() {
            pen.put(0, y, "│", scene.style(Role::Faint));
        }
    }
    for (pane, rect, part) in &layout.panes {
        let beside = if layout.dividers.is_empty() { Beside::Nothing } else { Beside::Panes };
        let height = draw_pane(&mut Pen::new(buffer, *rect), scene, *pane, *part, beside, tall);
        if let Some(height) = height {
            drawn.heights.insert(*pane, height);
        }
    }
    joints(buffer, &layout, scene);
    if let Some(rect) = layout.footer {
        footer::draw(&mut Pen::new(buffer, rect), scene);
    }
    let overlay = overlay::draw(&mut Pen::new(buffer, area), scene);
    drawn.overlay_height = overlay.height;
    scene.glyphs.apply(frame.buffer_mut());
    if let Some((x, y)) = overlay.cursor {
        frame.set_cursor_position(Position { x, y });
    }
    drawn
}

/// What stands at the right of the left column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Panes,
}

/// The rows of the body, unless the pane is folded.
fn draw_pane(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    pane: Pane,
    part: Part,
    beside: Beside,
    tall: bool,
) -> Option<usize> {
    let cells = pen.width();
    let full = scene.room.zoom != Zoom::Normal;
    let is_wide = pane == Pane::Gauges && full && cells >= 100;
    let title = if is_wide { gauges::wide_title(scene) } else { title_of(scene, pane) };
    if part == Part::Folded {
        folded(pen, scene, pane, &title);
        return None;
    }
    if pane == Pane::Gauges && title.heads {
        // Its heads stand over the numbers, which leave the last column free.
        title::draw(pen, scene, 0, 0, cells.saturating_sub(1), &title);
        if beside == Beside::Nothing {
            let (rule, role) = if title.focused { ("━", Role::Focus) } else { ("─", Role::Faint) };
            pen.put(cells.saturating_sub(1), 0, rule, scene.style(role));
        }
    } else {
        title::draw(pen, scene, 0, 0, cells, &title);
    }
    let rows = pen.height().saturating_sub(1);
    let mut body = pen.rows(1, rows);
    let body = &mut body;
    Some(match pane {
        Pane::Gauges if is_wide => {
            gauges_wide::draw(body, scene);
            rows / 4
        }
        Pane::Gauges => {
            gauges::draw(body, scene, tall);
            rows
        }
        Pane::Timeline => {
            timeline::draw(body, scene);
            rows
        }
        Pane::Waterfall => {
            let height = waterfall::tree_rows(scene, cells, rows);
            waterfall::draw(body, scene);
            height
        }
        Pane::Logs => {
            logs::draw(body, scene);
            rows
        }
        Pane::Runbook => {
            runbook::draw(body, scene);
            rows
        }
    })
}

fn title_of<'a>(scene: &Scene<'a>, pane: Pane) -> Title<'a> {
    match pane {
        Pane::Gauges => gauges::title(scene),
        Pane::Timeline => timeline::title(scene),
        Pane::Waterfall => waterfall::title(scene),
        Pane::Logs => logs::title(scene),
        Pane::Runbook => runbook::title(scene),
    }
}

/// Where the summaries of folded panes begin, so that they stand under each other.
const SUMMARY: usize = 15;

fn folded(pen: &mut Pen<'_>, scene: &Scene<'_>, pane: Pane, title: &Title<'_>) {
    let (left, right) = match pane {
        Pane::Gauges => gauges::summary(scene),
        Pane::Timeline => timeline::summary(scene),
        Pane::Waterfall => waterfall::summary(scene),
        Pane::Logs => logs::summary(scene),
        Pane::Runbook => runbook::summary(scene),
    };
    let cells = pen.width();
    pen.repeat(0, cells, 0, "─", scene.style(Role::Faint));
    let x = pen.put(1, 0, &format!(" {} ", title.number), scene.style(Role::Text));
    let x = pen.put(x, 0, &format!("{} ", title.name), scene.style(Role::Text));
    let at = SUMMARY.max(x);
    let end = cells.saturating_sub(pieces_width(&right) + 4);
    let x = pen.put(at, 0, " ", scene.style(Role::Text));
    let x = put_cut(pen, x, end, &left);
    pen.put(x, 0, " ", scene.style(Role::Text));
    if !right.is_empty() {
        let x = cells.saturating_sub(pieces_width(&right) + 3);
        let x = pen.put(x, 0, " ", scene.style(Role::Text));
        let x = pen.put_all(x, 0, &right);
        pen.put(x, 0, " ", scene.style(Role::Text));
    }
}

fn put_cut(pen: &mut Pen<'_>, from: usize, to: usize, pieces: &[Piece]) -> usize {
    let mut x = from;
    for (text, style) in pieces {
        let cells = to.saturating_sub(x);
        x = pen.put_cut(x, 0, cells, text, *style);
        if width(text) > cells {
            break;
        }
    }
    x
}

/// The names of all panes, where only one of them shows.
fn tabs(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let mut x = 0;
    for pane in Pane::ALL {
        let title = title_of(scene, pane);
        let focused = pane == scene.room.focus;
        let role = if focused { Role::Focus } else { Role::Dim };
        let mark = if focused { "▸" } else { " " };
        x = pen.put(x, 0, &format!("{mark}{} {} ", title.number, title.name), scene.style(role));
    }
}

/// Where a column between panes meets the rules above and below it.
fn joints(buffer: &mut ratatui::buffer::Buffer, layout: &Layout, scene: &Scene<'_>) {
    for (x, from, to) in &layout.dividers {
        let style = scene.style(Role::Faint);
        let mut top = Pen::new(buffer, Rect::new(*x, *from, 1, 1));
        top.put(0, 0, "┬", style);
        let below = layout.panes.iter().any(|(pane, rect, _)| *pane == Pane::Logs && rect.y == *to);
        if below && let Some(cell) = buffer.cell((*x, *to)) {
            let joint = match cell.symbol() {
                "─" => "┴",
                "━" => "┷",
                _ => continue,
            };
            let mut pen = Pen::new(buffer, Rect::new(*x, *to, 1, 1));
            pen.put(0, 0, joint, style);
        }
    }
}
