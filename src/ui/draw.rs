//! One frame: everything in its place, from one scene. Tells how many rows each pane could show.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::layout::{LEAST, Layout, Part, TWO_COLUMNS, Wish, arrange};
use super::pen::{Pen, Piece, pieces_width};
use super::role::Role;
use super::scene::Scene;
use super::text::width;
use super::widget::{Title, draw_title};
use super::{answer, footer, header, overlay, pane, strip};
use crate::room::{Drawn, Mode, Pane, WaterfallView, Zoom};

/// Rows from which every firing SLO shows its slow rule too.
const TALL: u16 = 46;
/// From here on the gauges over the whole screen have all their pairs and sentences.
const WIDE: usize = 76;

/// Draws the room over blank cells. What comes back goes to the room as `Message::Drawn`, with where the cursor is seen.
pub fn draw(buffer: &mut Buffer, scene: &Scene<'_>) -> (Drawn, Option<Position>) {
    let area = buffer.area;
    let ground = scene.style(Role::Screen);
    // Most themes have the terminal's own, and a walk over all cells costs as much as a pane.
    if ground != Style::new() {
        buffer.set_style(area, ground);
    }
    let mut drawn = Drawn { width: area.width, ..Drawn::default() };
    let tall = area.height >= TALL;
    let room = scene.room;
    let calm = pane::is_calm(room) && room.zoom == Zoom::Normal && area.width >= 80 && area.height >= 24;
    // A note answers what was noted last: where panes are folded it is the timeline that shows above.
    let alone = matches!(room.mode, Mode::Editing(_)) && area.width < TWO_COLUMNS;
    let wish = Wish {
        focus: if alone { Pane::Timeline } else { room.focus },
        zoom: if alone { Zoom::Full } else { room.zoom },
        details: room.waterfall.details && room.waterfall.view == WaterfallView::Trace,
        drawer: room.runbook.open,
        gauges: u16::try_from(pane::gauges_rows(scene, tall)).unwrap_or(u16::MAX),
    };
    let mut layout = arrange(area.width, area.height, wish);
    if alone {
        above_note(&mut layout);
    }
    if let Some(rect) = layout.header {
        header::draw(&mut Pen::new(buffer, rect), scene);
    }
    if let Some(rect) = layout.answer {
        answer::draw(&mut Pen::new(buffer, rect), scene);
    }
    if (area.width < LEAST.0 || area.height < LEAST.1) && area.height > 1 {
        let words = format!("too small ({}x{})", LEAST.0, LEAST.1);
        let mut last = Pen::new(buffer, Rect { y: area.bottom() - 1, height: 1, ..area });
        last.put_cut(0, 0, usize::from(area.width), &words, scene.style(Role::Dim));
    }
    if calm && room.focus == Pane::Gauges {
        let top = 2;
        let rect = Rect::new(0, top, area.width, area.height.saturating_sub(top + 1));
        pane::draw_home(&mut Pen::new(buffer, rect), scene);
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
    let is_beside = !layout.dividers.is_empty();
    for (pane, rect, part) in &layout.panes {
        let height = draw_pane(&mut Pen::new(buffer, *rect), scene, *pane, *part, is_beside, tall);
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
    drawn.overlay_rows = overlay.rows;
    scene.glyphs.apply(buffer);
    (drawn, overlay.cursor.map(|(x, y)| Position { x, y }))
}

/// Rows of a note with all that explains it.
const NOTE: u16 = 12;

/// The timeline ends where the note begins, so that its newest rows stay in sight.
fn above_note(layout: &mut Layout) {
    layout.panes.retain(|(pane, ..)| *pane == Pane::Timeline);
    for (_, rect, _) in &mut layout.panes {
        rect.height = rect.height.saturating_sub(NOTE - 1).max(rect.height / 2);
    }
}

/// The rows of the body, unless the pane is folded. `is_beside` when another pane stands at its right.
fn draw_pane(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    which: Pane,
    part: Part,
    is_beside: bool,
    tall: bool,
) -> Option<usize> {
    let title = title_of(scene, which);
    let cells = pen.width();
    if part == Part::Folded {
        folded(pen, scene, which, &title);
        return None;
    }
    let full = scene.room.zoom != Zoom::Normal;
    let title = if which == Pane::Gauges && full && cells >= WIDE { pane::gauges_wide_title(scene) } else { title };
    if which == Pane::Gauges && title.heads {
        // Its heads stand over the numbers, which leave the last column free.
        draw_title(pen, scene, 0, 0, cells.saturating_sub(1), &title);
        if !is_beside {
            let (rule, role) = if title.focused { ("━", Role::Focus) } else { ("─", Role::Faint) };
            pen.put(cells.saturating_sub(1), 0, rule, scene.style(role));
        }
    } else {
        draw_title(pen, scene, 0, 0, cells, &title);
    }
    let rows = pen.height().saturating_sub(1);
    let mut body = pen.rows(1, rows);
    let body = &mut body;
    Some(match which {
        Pane::Gauges if full && cells >= WIDE => {
            pane::draw_gauges_wide(body, scene);
            rows / 4
        }
        Pane::Gauges => {
            let tall = tall || pane::gauges_rows(scene, true) <= rows + 1;
            pane::draw_gauges(body, scene, tall);
            rows
        }
        Pane::Timeline => {
            pane::draw_timeline(body, scene);
            rows
        }
        Pane::Waterfall => pane::draw_waterfall(body, scene),
        Pane::Logs => {
            pane::draw_logs(body, scene);
            if scene.room.logs.patterns.has_cursor() { pane::pattern_rows(scene.room, rows) } else { rows }
        }
        Pane::Runbook => {
            pane::draw_runbook(body, scene);
            rows
        }
    })
}

fn title_of<'a>(scene: &Scene<'a>, which: Pane) -> Title<'a> {
    match which {
        Pane::Gauges => pane::gauges_title(scene),
        Pane::Timeline => pane::timeline_title(scene),
        Pane::Waterfall => pane::waterfall_title(scene),
        Pane::Logs => pane::logs_title(scene),
        Pane::Runbook => pane::runbook_title(scene),
    }
}

/// Where the summaries of folded panes begin, so that they stand under each other.
const SUMMARY: usize = 15;

fn folded(pen: &mut Pen<'_>, scene: &Scene<'_>, which: Pane, title: &Title<'_>) {
    let (left, right) = match which {
        Pane::Gauges => pane::gauges_summary(scene),
        Pane::Timeline => pane::timeline_summary(scene),
        Pane::Waterfall => pane::waterfall_summary(scene),
        Pane::Logs => pane::logs_summary(scene),
        Pane::Runbook => pane::runbook_summary(scene),
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
