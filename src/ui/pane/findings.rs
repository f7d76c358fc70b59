//! The findings as a list to walk: who is responsible with the reasons and what speaks against it, what failing traces
//! share, where slow ones wait, whose time the open trace was, where its context was lost.

use ratatui::style::Style;

use super::verdict::{blamed, is_absent, key_words, shares};
use crate::domain::slo::percent_text;
use crate::domain::trace::{Attribution, Excess, Outlier, ServiceShare};
use crate::room::{Finding, Pane};
use crate::ui::clock::{since, took};
use crate::ui::pen::{Pen, Piece, pieces_width};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut_middle, cut_words, width};
use crate::ui::widget::{Title, heading};

/// Where what a row says begins.
const TEXT: usize = 3;
/// Columns of a name; wider where there is room.
const NAME: usize = 30;
/// Cells that a value has at the least.
const LEAST_VALUE: usize = 8;
/// Cells of a bar for a share of one.
const BAR: usize = 10;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let right = scene.room.attribution.as_ref().map(|found| {
        let ago = since(scene.room, found.at);
        (format!("read {ago} s ago, {} questions", found.findings.requests), scene.style(Role::Dim))
    });
    Title {
        number: "3",
        name: "Findings",
        detail: "who, why, what differs".to_owned(),
        right: right.into_iter().collect(),
        focused: scene.has_focus(Pane::Waterfall),
        heads: false,
    }
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let list = &scene.room.waterfall.findings;
    let height = pen.height();
    for (y, (at, row)) in list.rows.iter().enumerate().skip(list.cursor.offset).take(height).enumerate() {
        draw_row(pen, scene, y, row);
        if at == list.cursor.selected {
            pen.put(0, y, "▸", scene.style(Role::Focus));
            if scene.has_focus(Pane::Waterfall) {
                pen.tint(0, usize::MAX, y, scene.style(Role::Sel));
            }
        }
    }
}

pub(super) fn draw_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, row: &Finding) {
    let text = scene.style(Role::Text);
    let cells = pen.width();
    let findings = scene.room.attribution.as_ref().map(|found| &found.findings);
    let mut say = |x: usize, sign: &str, role: Role, words: &str| {
        pen.put(x, y, sign, scene.style(role));
        pen.put(x + 2, y, &cut_words(&clean(words), cells.saturating_sub(x + 2)), text);
    };
    match row {
        Finding::Heading(words, right) => heading(pen, scene, y, words, right),
        Finding::Shared { slow, compared } => shared(pen, scene, y, *slow, *compared),
        Finding::For(words) => say(TEXT, "+", Role::Ok, words),
        Finding::Against(words) => say(TEXT, "−", Role::Warn, words),
        Finding::Disputed(words) => say(TEXT, "✗", Role::Note, words),
        Finding::Remark(words) => {
            pen.put(TEXT, y, &cut_words(&clean(words), cells.saturating_sub(TEXT)), scene.style(Role::Dim));
        }
        Finding::Blame(at) => {
            if let Some(line) = findings.and_then(|found| found.ranking.get(*at)) {
                blame(pen, scene, y, line, *at == 0);
            }
        }
        Finding::Outlier(at) => {
            if let Some(line) = findings.and_then(|found| found.outliers.get(*at)) {
                outlier(pen, scene, y, line);
            }
        }
        Finding::Excess(at) => {
            if let Some(line) = findings.and_then(|found| found.excess.get(*at)) {
                excess(pen, scene, y, line);
            }
        }
        Finding::Service(share) => service(pen, scene, y, share),
        Finding::Gap(at) => gap(pen, scene, y, *at),
    }
}

/// Columns of the name on a pane of this width.
fn name_cells(width: usize) -> usize {
    if width >= 100 {
        NAME + 14
    } else if width >= 72 {
        NAME
    } else {
        // All numbers of an outlier stand behind it.
        (width * 2 / 5).min(width.saturating_sub(32))
    }
}

fn bar(pen: &mut Pen<'_>, x: usize, y: usize, cells: usize, share: f64, style: Style) {
    let filled = ((cells as f64 * share.clamp(0.0, 1.0)).round() as usize).max(usize::from(share > 0.0));
    pen.repeat(x, x + filled, y, "▆", style);
}

fn blame(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, line: &Attribution, is_first: bool) {
    let name = name_cells(pen.width());
    pen.part(TEXT, y, name, 1).put_all(0, 0, &blamed(scene, line));
    let mut x = TEXT + name + 1;
    if pen.width() >= x + BAR + 28 {
        bar(pen, x, y, BAR, line.share(), scene.style(if is_first { Role::Crit } else { Role::Dim }));
        x += BAR + 1;
    }
    pen.put_right(x + 7, y, &percent_text(line.share(), 1), scene.style(Role::Strong));
    let count = format!("{} of {}", line.traces, line.of);
    pen.put_right(x + 19, y, &count, scene.style(Role::Dim));
    if is_first {
        pen.put(x + 21, y, line.confidence.word(), scene.style(Role::Text));
    }
}

/// Where the columns of an outlier end.
struct Columns {
    name: usize,
    ours: usize,
    theirs: usize,
    lift: usize,
    score: usize,
    /// Whether a bar stands behind each share.
    bars: bool,
}

impl Columns {
    fn new(width: usize) -> Self {
        let name = name_cells(width);
        let ours = TEXT + name + 6;
        let bars = width > ours + 2 * BAR + 20;
        let theirs = ours + 7 + if bars { BAR + 1 } else { 0 };
        let lift = theirs + 8 + if bars { BAR / 2 + 1 } else { 0 };
        Self { name, ours, theirs, lift, score: lift + 7, bars }
    }
}

/// The heading with the names of the columns in it; where they would run into each other, the counts alone.
fn shared(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, slow: bool, (ours, theirs): (u32, u32)) {
    let kind = if slow { "slow" } else { "failing" };
    let words = format!("What {kind} traces share");
    let counts = format!("{ours} against {theirs} healthy");
    let columns = Columns::new(pen.width());
    if columns.score >= pen.width() || columns.ours < width(&words) + width(kind) + 6 {
        return heading(pen, scene, y, &words, &counts);
    }
    heading(pen, scene, y, &words, "");
    let ends = [(columns.ours, kind), (columns.theirs, "healthy"), (columns.lift, "lift"), (columns.score, "score")];
    for (end, name) in ends {
        pen.put_right(end + 1, y, &format!(" {name} "), scene.style(Role::Dim));
    }
    if columns.score + width(&counts) + 6 < pen.width() {
        pen.put_right(pen.width() - 2, y, &format!(" {counts} "), scene.style(Role::Dim));
    }
}

/// Few events are said in the colour of a warning: 5 of 5 is no proof.
fn outlier(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, line: &Outlier) {
    let same = line.score() <= 0.0;
    let (text, dim) = (scene.style(if same { Role::Faint } else { Role::Text }), scene.style(Role::Dim));
    let columns = Columns::new(pen.width());
    let few = if line.selected < 10 { format!("  {} traces", line.selected) } else { String::new() };
    let key = key_words(line);
    let key = if is_absent(line) { format!("{key} ") } else { format!("{key} = ") };
    let space = columns.name.saturating_sub(few.len());
    let told = clean(&line.value);
    // A key alone says nothing: the end of a long one makes room.
    let x = pen.put_cut(TEXT, y, space.saturating_sub(width(&told).min(LEAST_VALUE)), &key, text);
    // Values that differ differ at their end as often as at their beginning.
    let x = pen.put(x, y, &cut_middle(&told, (TEXT + space).saturating_sub(x)), text);
    pen.put(x, y, &few, scene.style(Role::Warn));
    let (ours, theirs) = shares(line);
    pen.put_right(columns.ours, y, &ours, if same { text } else { scene.style(Role::Strong) });
    pen.put_right(columns.theirs, y, &theirs, dim);
    if columns.bars {
        bar(pen, columns.ours + 1, y, BAR, line.selected_share, scene.style(Role::Crit));
        bar(pen, columns.theirs + 1, y, BAR / 2, line.baseline_share, dim);
    }
    let lift = line.lift().map_or_else(|| "new".to_owned(), |lift| format!("{lift:.1}×"));
    pen.put_right(columns.lift, y, &lift, dim);
    let score = if same { "same".to_owned() } else { format!("{:.2}", line.score()) };
    pen.put_right(pen.width().min(columns.score), y, &score, text);
    let x = columns.score + 2;
    if let Some(also) = line.also.first().filter(|_| x + 18 < pen.width()) {
        let more = if line.also.len() > 1 { format!(", {} more", line.also.len() - 1) } else { String::new() };
        pen.put_cut(x, y, usize::MAX, &format!("with {}{more}", clean(also)), dim);
    }
}

fn excess(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, line: &Excess) {
    let name = name_cells(pen.width());
    let x =
        pen.put_cut(TEXT, y, name / 2, &clean(&line.operation.service), scene.theme.service(&line.operation.service));
    pen.put_cut(x + 1, y, (TEXT + name).saturating_sub(x + 1), &clean(&line.operation.name), scene.style(Role::Text));
    pen.put_right(TEXT + name + 10, y, &format!("+{}", took(line.nanos)), scene.style(Role::Strong));
    pen.put_right(TEXT + name + 18, y, &percent_text(line.share, 1), scene.style(Role::Dim));
}

fn service(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, share: &ServiceShare) {
    let dim = scene.style(Role::Dim);
    let name = name_cells(pen.width());
    pen.put_cut(TEXT, y, name, &clean(&share.service), scene.theme.service(&share.service));
    let whole = scene.room.waterfall.tree.as_ref().map_or(1, |tree| tree.duration_nanos().max(1));
    let part = share.critical_nanos as f64 / whole as f64;
    let mut x = TEXT + name + 1;
    if pen.width() > x + BAR + 40 {
        bar(pen, x, y, BAR, part, scene.theme.service(&share.service));
        x += BAR + 1;
    }
    pen.put_right(x + 7, y, &percent_text(part, 1), scene.style(Role::Strong));
    pen.put_right(x + 16, y, &took(share.critical_nanos), dim);
    let cells = pen.width().saturating_sub(x + 18);
    pen.put_all(x + 18, y, &service_words(share, cells, (dim, scene.style(Role::Crit))));
}

/// Its spans, how many of them failed, in how many that began: as many of the three as there are cells for, whole, and how many
/// are left out. Errors say more than a number of spans.
fn service_words(share: &ServiceShare, cells: usize, (dim, crit): (Style, Style)) -> Vec<Piece> {
    let spans = if share.spans == 1 { "1 span".to_owned() } else { format!("{} spans", share.spans) };
    let spans = (spans, dim);
    let errors = (share.errors > 0).then(|| (format!("{} in error", share.errors), crit));
    let starts = (share.starts > 0).then(|| (format!("{} start here", share.starts), crit));
    let parts: Vec<Piece> = [Some(spans.clone()), errors.clone(), starts].into_iter().flatten().collect();
    let all = parts.len();
    let fewer = parts.iter().take(2).cloned().collect();
    let wordings = [parts, fewer, errors.into_iter().collect(), vec![spans]];
    let mut told = wordings.into_iter().filter(|parts| !parts.is_empty()).map(|parts| joined(parts, all, dim));
    told.find(|pieces| pieces_width(pieces) <= cells).unwrap_or_default()
}

/// `3 spans  2 in error, 1 start here`, or `3 spans  2 in error … +1`.
fn joined(parts: Vec<Piece>, all: usize, dim: Style) -> Vec<Piece> {
    let left_out = all - parts.len();
    let mut pieces: Vec<Piece> = Vec::new();
    for (text, style) in parts {
        match pieces.last_mut() {
            Some((before, known)) if *known == style => before.push_str(&format!(", {text}")),
            Some((before, _)) => {
                before.push_str("  ");
                pieces.push((text, style));
            }
            None => pieces.push((text, style)),
        }
    }
    if left_out > 0 {
        pieces.push((format!(" … +{left_out}"), dim));
    }
    pieces
}

fn gap(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, at: usize) {
    let pane = &scene.room.waterfall;
    let Some(gap) = pane.propagation.gaps.get(at) else { return };
    let x = pen.put(TEXT, y, gap.reason.code(), scene.style(Role::Warn));
    let service = pane.tree.as_ref().and_then(|tree| tree.row(gap.row)).map(|node| clean(node.service).into_owned());
    let x = pen.put(x + 1, y, &service.unwrap_or_default(), scene.style(Role::Text));
    let words = gap.reason.to_string();
    pen.put(x + 2, y, &cut_words(&clean(&words), pen.width().saturating_sub(x + 2)), scene.style(Role::Text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_whole_and_counted() {
        let plain = Style::new();
        let words = |share: &ServiceShare, cells| -> String {
            let crit = plain.fg(ratatui::style::Color::Red);
            service_words(share, cells, (plain, crit)).into_iter().map(|(text, _)| text).collect()
        };
        let of = |spans, errors, starts| {
            let service = "pricing".into();
            ServiceShare { service, spans, errors, starts, critical_nanos: 0, self_nanos: 0 }
        };
        let share = of(3, 3, 2);
        for (cells, told) in [
            (40, "3 spans  3 in error, 2 start here"),
            (33, "3 spans  3 in error, 2 start here"),
            (32, "3 spans  3 in error … +1"),
            (23, "3 in error … +2"),
            (14, "3 spans … +2"),
            (11, ""),
        ] {
            assert_eq!(words(&share, cells), told, "{cells}");
        }
        let calm = of(1, 0, 0);
        assert_eq!((words(&calm, 6).as_str(), words(&calm, 5).as_str()), ("1 span", ""));
    }
}
