//! Where everything stands, by the size of the terminal, the focus and the zoom. Pure sums; nothing is drawn.

use ratatui::layout::Rect;

use crate::room::{Pane, Zoom};

/// Widths at which the arrangement changes, and the heights.
pub(super) const TWO_COLUMNS: u16 = 110;
/// Below these columns and rows there is the answer alone.
pub(super) const LEAST: (u16, u16) = (20, 5);
const THREE_COLUMNS: u16 = 160;
const PORTRAIT_ROWS: u16 = 46;
const PORTRAIT_COLUMNS: u16 = 84;
const STRIP_FROM: u16 = 30;
const ANSWER_FROM: u16 = 10;
const LEFT: u16 = 48;
const WIDE_LEFT: u16 = 58;
const DRAWER: u16 = 57;

/// How much of a pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Its title and its rows.
    Open,
    /// One row that says the most of it.
    Folded,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub header: Option<Rect>,
    pub answer: Option<Rect>,
    pub strip: Option<Rect>,
    /// From top to bottom, left to right; each with its title row.
    pub panes: Vec<(Pane, Rect, Part)>,
    /// Columns between panes: `x`, the first row, the row behind the last.
    pub dividers: Vec<(u16, u16, u16)>,
    pub footer: Option<Rect>,
    /// A row with the names of all panes, where only one shows.
    pub tabs: Option<Rect>,
}

/// What the arrangement depends on, besides the size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub focus: Pane,
    pub zoom: Zoom,
    /// A span is open in full: it has the rows of the logs too.
    pub details: bool,
    /// A runbook is open: it gets a place of its own.
    pub drawer: bool,
    /// The rows that the gauges would like, their title included.
    pub gauges: u16,
}

pub(super) fn arrange(width: u16, height: u16, wish: Wish) -> Layout {
    let row = |y: u16| Rect::new(0, y, width, 1);
    if width < LEAST.0 || height < LEAST.1 {
        return Layout { answer: (height > 0).then(|| row(0)), ..Layout::default() };
    }
    if width < 60 || height < 16 {
        let body = Rect::new(0, 2, width, height - 3);
        return Layout {
            answer: Some(row(0)),
            tabs: Some(row(1)),
            panes: vec![(wish.focus, body, Part::Open)],
            footer: Some(row(height - 1)),
            ..Layout::default()
        };
    }
    let mut layout = Layout { header: Some(row(0)), footer: Some(row(height - 1)), ..Layout::default() };
    let mut top = 1;
    if height >= ANSWER_FROM {
        layout.answer = Some(row(top));
        top += 1;
    }
    // A pane that has everything has the strip's rows too.
    if height >= STRIP_FROM && width >= TWO_COLUMNS && wish.zoom != Zoom::Full {
        layout.strip = Some(Rect::new(0, top, width, 2));
        top += 2;
    }
    let body = Rect::new(0, top, width, height - 1 - top);
    if wish.zoom == Zoom::Full {
        full(&mut layout, body, wish);
    } else if width >= TWO_COLUMNS {
        columns(&mut layout, body, height, wish);
    } else if width <= PORTRAIT_COLUMNS && height >= PORTRAIT_ROWS && wish.zoom == Zoom::Normal {
        portrait(&mut layout, body, wish);
    } else {
        accordion(&mut layout, body, wish);
    }
    layout
}

/// The focused pane has everything; the logs keep their row, since lines go on coming.
fn full(layout: &mut Layout, body: Rect, wish: Wish) {
    let logs = if wish.focus == Pane::Logs { 0 } else { 1 };
    layout.panes.push((wish.focus, Rect { height: body.height - logs, ..body }, Part::Open));
    if logs > 0 {
        layout.panes.push((Pane::Logs, Rect::new(0, body.bottom() - 1, body.width, 1), Part::Folded));
    }
}

fn accordion(layout: &mut Layout, body: Rect, wish: Wish) {
    let open = body.height - 4;
    let mut y = body.y;
    for pane in Pane::ALL {
        let (height, part) = if pane == wish.focus { (open, Part::Open) } else { (1, Part::Folded) };
        layout.panes.push((pane, Rect::new(0, y, body.width, height), part));
        y += height;
    }
}

/// All five under each other, the focused one twice as high.
fn portrait(layout: &mut Layout, body: Rect, wish: Wish) {
    let share = body.height / 6;
    let mut y = body.y;
    let mut rest = body.height;
    for (at, pane) in Pane::ALL.into_iter().enumerate() {
        let height = match pane {
            _ if at == 4 => rest,
            pane if pane == wish.focus => share * 2,
            _ => share,
        };
        layout.panes.push((pane, Rect::new(0, y, body.width, height), Part::Open));
        y += height;
        rest -= height;
    }
}

fn columns(layout: &mut Layout, body: Rect, rows: u16, wish: Wish) {
    // The logs stand over the whole width, so that a terminal can scroll them as a band.
    let logs = (rows / 3).max(6).min(body.height.saturating_sub(8));
    let upper = Rect { height: body.height - logs, ..body };
    let below = Rect::new(0, upper.bottom(), body.width, logs);
    if wish.zoom == Zoom::Half {
        if wish.focus == Pane::Logs {
            let half = body.height / 4;
            layout.panes.push((Pane::Waterfall, Rect { height: half, ..body }, Part::Open));
            layout.panes.push((Pane::Logs, Rect::new(0, body.y + half, body.width, body.height - half), Part::Open));
        } else if wish.focus == Pane::Waterfall && wish.details {
            full(layout, body, wish);
        } else {
            layout.panes.push((wish.focus, upper, Part::Open));
            layout.panes.push((Pane::Logs, below, Part::Open));
        }
        return;
    }
    let wide = body.width >= THREE_COLUMNS;
    let left = if wide { WIDE_LEFT } else { LEFT };
    let gauges = wish.gauges.min(upper.height.saturating_sub(4)).max(3);
    // The gauges end at the divider: a mark of theirs stands where others are blank.
    layout.panes.push((Pane::Gauges, Rect::new(0, upper.y, left + 1, gauges), Part::Open));
    layout.panes.push((Pane::Timeline, Rect::new(0, upper.y + gauges, left, upper.height - gauges), Part::Open));
    layout.dividers.push((left + 1, upper.y, upper.bottom()));
    let right = Rect::new(left + 2, upper.y, body.width - left - 2, upper.height);
    let drawer = wish.drawer || wish.focus == Pane::Runbook;
    if wide && drawer {
        let trace = right.width - DRAWER - 3;
        layout.panes.push((Pane::Waterfall, Rect { width: trace, ..right }, Part::Open));
        layout.dividers.push((right.x + trace + 1, upper.y, upper.bottom()));
        let at = right.x + trace + 2;
        layout.panes.push((Pane::Runbook, Rect::new(at, upper.y, body.width - at, upper.height), Part::Open));
    } else {
        let pane = if drawer && wish.focus == Pane::Runbook { Pane::Runbook } else { Pane::Waterfall };
        layout.panes.push((pane, right, Part::Open));
    }
    layout.panes.push((Pane::Logs, below, Part::Open));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn everything_stands_on_the_screen_and_nothing_on_anything(
            width in 1u16..260, height in 1u16..90, focus in 0usize..5, zoom in 0usize..3,
            drawer in any::<bool>(), details in any::<bool>(), gauges in 0u16..60,
        ) {
            let zoom = [Zoom::Normal, Zoom::Half, Zoom::Full][zoom];
            let wish = Wish { focus: Pane::ALL[focus], zoom, details, drawer, gauges };
            let layout = arrange(width, height, wish);
            let screen = Rect::new(0, 0, width, height);
            let mut all: Vec<Rect> = layout.panes.iter().map(|(_, rect, _)| *rect).collect();
            all.extend([layout.header, layout.answer, layout.strip, layout.footer, layout.tabs].into_iter().flatten());
            for (at, rect) in all.iter().enumerate() {
                prop_assert_eq!(screen.intersection(*rect), *rect);
                for other in &all[at + 1..] {
                    prop_assert!(!rect.intersects(*other), "{:?} {:?}", rect, other);
                }
            }
            if width >= 20 && height >= 5 {
                prop_assert!(layout.panes.iter().any(|(pane, _, part)| *pane == wish.focus && *part == Part::Open));
            }
        }
    }
}
