//! One block of a runbook page as rows of pieces. What does not fit on the screen is not formatted.

use ratatui::style::{Modifier, Style};

use crate::domain::runbook::{Block, Inline, Page, Style as Look, danger};
use crate::room::StepState;
use crate::ui::pen::Piece;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width, wrap};
use crate::ui::widget::flow;

/// Where words begin beside a step's number.
const STEP_TEXT: usize = 8;
/// A line of code that is longer is broken.
const LONGEST_CODE: usize = 400;

type Rows = Vec<Vec<Piece>>;

/// The block's rows, at most `rows`, each from the left end of the pane on.
pub(super) fn rows_of(scene: &Scene<'_>, page: &Page, at: usize, cells: usize, rows: usize) -> Rows {
    let Some(block) = page.blocks.get(at) else { return Vec::new() };
    let style = |role| scene.style(role);
    let mut made = match block {
        Block::Heading { text, .. } => {
            let folded = scene.room.runbook.folded.contains(&at);
            let mut pieces = vec![(clean(text).into_owned(), style(Role::Strong))];
            if folded {
                pieces.push(("  …".to_owned(), style(Role::Dim)));
            }
            indented(1, flow(&pieces, cells.saturating_sub(2), rows))
        }
        Block::Paragraph(inlines) => {
            // What to expect stands under the command that it is about.
            let before = at.checked_sub(1).and_then(|before| page.blocks.get(before));
            let of_step = matches!(before, Some(Block::Step { .. } | Block::Code { step: Some(_), .. }));
            let in_section =
                page.blocks.iter().take(at).any(|block| matches!(block, Block::Heading { level: 2.., .. }));
            let (left, look) = match (of_step, in_section) {
                (true, _) => (STEP_TEXT, Role::Dim),
                (false, true) => (3, Role::Text),
                (false, false) => (1, Role::Text),
            };
            indented(left, flow(&words(scene, inlines, look), cells.saturating_sub(left + 1), rows))
        }
        Block::Item { indent, ordered, inlines } => {
            let mark = ordered.map_or_else(|| "·".to_owned(), |number| format!("{number}."));
            let left = 3 + 2 * usize::from((*indent).min(8));
            let text = left + width(&mark) + 1;
            let lines = indented(text, flow(&words(scene, inlines, Role::Text), cells.saturating_sub(text + 1), rows));
            lead(lines, vec![(" ".repeat(left), Style::new()), (format!("{mark} "), style(Role::Dim))])
        }
        Block::Step { number, inlines, .. } => step(scene, page, *number, inlines, cells, rows),
        Block::Code { text, step, attributes, .. } => {
            let left = match (step, at.checked_sub(1).and_then(|before| page.blocks.get(before))) {
                (Some(_), _) => STEP_TEXT,
                (None, Some(Block::Item { .. })) => 5,
                _ => 3,
            };
            code(scene, text, attributes, left, cells, rows)
        }
        Block::Quote(inlines) => {
            let lines = flow(&words(scene, inlines, Role::Dim), cells.saturating_sub(6), rows);
            let bar = || vec![("   ".to_owned(), Style::new()), ("│ ".to_owned(), style(Role::Faint))];
            lines.into_iter().map(|line| bar().into_iter().chain(line).collect()).collect()
        }
        Block::Rule => {
            vec![vec![(" ".to_owned(), Style::new()), ("─".repeat(cells.saturating_sub(2)), style(Role::Faint))]]
        }
        Block::Table(table) => self::table(scene, table, cells, rows),
    };
    made.truncate(rows);
    made
}

/// Moves rows to the right.
fn indented(left: usize, lines: Rows) -> Rows {
    lines.into_iter().map(|line| std::iter::once((" ".repeat(left), Style::new())).chain(line).collect()).collect()
}

/// Replaces what stands at the left of the first row.
fn lead(mut lines: Rows, head: Vec<Piece>) -> Rows {
    if let Some(first) = lines.first_mut() {
        first.splice(..1.min(first.len()), head);
    }
    lines
}

fn words(scene: &Scene<'_>, inlines: &[Inline], base: Role) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for inline in inlines {
        let text = clean(&inline.text).into_owned();
        let plain = scene.style(base);
        match &inline.style {
            Look::Plain => pieces.push((text, plain)),
            Look::Strong => pieces.push((text, scene.style(Role::Strong))),
            Look::Emphasis => pieces.push((text, plain.add_modifier(Modifier::ITALIC))),
            Look::Code => pieces.push((text, scene.style(Role::Key))),
            Look::Link(to) => {
                let address = clean(to);
                let tells_more = address.contains("://") && *address != *text;
                pieces.push((text, plain.add_modifier(Modifier::UNDERLINED)));
                if tells_more {
                    pieces.push((format!(" ({address})"), scene.style(Role::Dim)));
                }
            }
        }
    }
    pieces
}

fn step(scene: &Scene<'_>, page: &Page, number: u16, inlines: &[Inline], cells: usize, rows: usize) -> Rows {
    let state = scene.room.runbook.ticked.get(&(page.id.clone(), number));
    let (sign, look, base) = match state {
        None => ("□", scene.style(Role::Text), Role::Text),
        Some(StepState::Ticked) => ("✓", scene.style(Role::Ok), Role::Dim),
        Some(StepState::Passed(_)) => ("–", scene.style(Role::Dim), Role::Dim),
    };
    let space = cells.saturating_sub(STEP_TEXT + 1);
    let lines = indented(STEP_TEXT, flow(&words(scene, inlines, base), space, rows));
    let head = vec![
        ("   ".to_owned(), Style::new()),
        (format!("{sign} "), look),
        (format!("{number:<3}"), scene.style(if state.is_none() { Role::Strong } else { Role::Dim })),
    ];
    let mut lines = lead(lines, head);
    if let Some(StepState::Passed(reason)) = state {
        // The entry names its page and step; here both are seen.
        let reason = reason.split_once("passed over: ").map_or(reason.as_str(), |(_, why)| why);
        let said = [(format!("passed over: {}", clean(reason)), scene.style(Role::Note))];
        lines.extend(indented(STEP_TEXT, flow(&said, space, 3)));
    }
    lines
}

fn code(scene: &Scene<'_>, text: &str, attributes: &[String], left: usize, cells: usize, rows: usize) -> Rows {
    let space = cells.saturating_sub(left + 1).max(1);
    let look = scene.style(Role::Key);
    let mut lines: Rows = Vec::new();
    for line in text.trim_end().lines().take(rows) {
        let line = clean(line);
        let indent = line.len() - line.trim_start_matches(' ').len();
        let indent = indent.min(space / 2);
        let code = cut(line.trim_start_matches(' '), LONGEST_CODE);
        // Its other rows stand further in, and every sign of a command must show.
        let further = indent.max(2).min(space / 2);
        let fits = width(&code) <= space - indent;
        let broken = wrap(code.as_ref(), if fits { space - indent } else { space - further }, rows);
        for (at, part) in broken.into_iter().enumerate() {
            let inner = if at > 0 { further } else { indent };
            lines.push(vec![(" ".repeat(left + inner), Style::new()), (part, look)]);
        }
    }
    let marked = attributes.iter().any(|word| word == "danger").then_some("marked as dangerous");
    if let Some(why) = marked.or_else(|| danger(text)) {
        lines
            .push(vec![(" ".repeat(left), Style::new()), (format!("◆ {why}: read it twice"), scene.style(Role::Warn))]);
    }
    lines
}

/// Columns as wide as what they hold, narrower together when the pane is; the widest gives first.
fn table(scene: &Scene<'_>, table: &[Vec<String>], cells: usize, rows: usize) -> Rows {
    const GAP: usize = 2;
    let shown: Vec<Vec<String>> = table
        .iter()
        .take(rows)
        .map(|row| row.iter().take(12).map(|cell| clean(cut(cell, 200).as_ref()).into_owned()).collect())
        .collect();
    let columns = shown.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths = vec![1; columns];
    for row in &shown {
        for (own, cell) in widths.iter_mut().zip(row) {
            *own = width(cell).max(*own);
        }
    }
    let space = cells.saturating_sub(4 + GAP * columns.saturating_sub(1)).max(columns);
    while widths.iter().sum::<usize>() > space {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= 1 {
            break;
        }
        *widest -= 1;
    }
    let mut lines: Rows = Vec::new();
    for (at, row) in shown.iter().enumerate() {
        let look = scene.style(if at == 0 { Role::Dim } else { Role::Text });
        let mut line = vec![("   ".to_owned(), Style::new())];
        for (cell, own) in row.iter().zip(&widths) {
            let text = cut(cell, *own);
            let blank = own.saturating_sub(width(&text)) + GAP;
            line.push((text.into_owned(), look));
            line.push((" ".repeat(blank), Style::new()));
        }
        lines.push(line);
    }
    if table.len() > shown.len()
        && let Some(last) = lines.last_mut()
    {
        let more = table.len() - shown.len() + 1;
        *last = vec![(format!("   … {more} more rows"), scene.style(Role::Dim))];
    }
    lines
}
