//! The findings as a list to walk: who is responsible with the reasons and what speaks against it, what failing traces
//! share, where slow ones wait, whose time the open trace was, where its context was lost.

use super::verdict::{blamed, is_absent, key_words, shares};
use crate::domain::slo::percent_text;
use crate::domain::trace::{Attribution, Excess, Outlier, ServiceShare};
use crate::room::{Finding, Pane};
use crate::ui::clock::took;
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::clean;
use crate::ui::widget::{Title, heading};

/// Where what a row says begins.
const TEXT: usize = 3;
/// Columns of a name; wider where there is room.
const NAME: usize = 30;
/// Cells of a bar for a share of one.
const BAR: usize = 10;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let right = scene.room.attribution.as_ref().map(|found| {
        let ago = scene.room.now.elapsed_since(found.at).as_secs();
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

fn draw_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, row: &Finding) {
    let text = scene.style(Role::Text);
    let findings = scene.room.attribution.as_ref().map(|found| &found.findings);
    let mut say = |x: usize, sign: &str, role: Role, words: &str| {
        pen.put(x, y, sign, scene.style(role));
        pen.put_cut(x + 2, y, usize::MAX, &clean(words), text);
    };
    match row {
        Finding::Heading(words, right) => heading(pen, scene, y, words, right),
        Finding::For(words) => say(TEXT, "+", Role::Ok, words),
        Finding::Against(words) => say(TEXT, "−", Role::Warn, words),
        Finding::Disputed(words) => say(TEXT, "✗", Role::Note, words),
        Finding::Remark(words) => {
            pen.put_cut(TEXT, y, usize::MAX, &clean(words), scene.style(Role::Dim));
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
        width / 3
    }
}

fn bar(pen: &mut Pen<'_>, x: usize, y: usize, cells: usize, share: f64, style: ratatui::style::Style) {
    let filled = ((cells as f64 * share.clamp(0.0, 1.0)).round() as usize).max(usize::from(share > 0.0));
    pen.repeat(x, x + filled, y, "▆", style);
}

fn blame(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, line: &Attribution, is_first: bool) {
    let name = name_cells(pen.width());
    pen.part(TEXT, y, name, 1).put_all(0, 0, &blamed(scene, line));
    let mut x = TEXT + name + 1;
    if pen.width() > x + BAR + 30 {
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

/// Few events are said in the colour of a warning: 5 of 5 is no proof.
fn outlier(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, line: &Outlier) {
    let same = line.score() <= 0.0;
    let (text, dim) = (scene.style(if same { Role::Faint } else { Role::Text }), scene.style(Role::Dim));
    let name = name_cells(pen.width());
    let few = if line.selected < 10 { format!("  {} traces", line.selected) } else { String::new() };
    let value = if is_absent(line) { clean(&line.value).into_owned() } else { format!("= {}", clean(&line.value)) };
    let x = pen.put_cut(TEXT, y, name.saturating_sub(few.len()), &format!("{} {value}", key_words(line)), text);
    pen.put(x, y, &few, scene.style(Role::Warn));
    let (ours, theirs) = shares(line);
    let mut x = TEXT + name + 5;
    pen.put_right(x, y, &ours, if same { text } else { scene.style(Role::Strong) });
    let wide = pen.width() > x + 2 * BAR + 28;
    if wide {
        bar(pen, x + 1, y, BAR, line.selected_share, scene.style(Role::Crit));
        x += BAR + 2;
    }
    pen.put_right(x + 6, y, &theirs, dim);
    x += 6;
    if wide {
        bar(pen, x + 1, y, BAR / 2, line.baseline_share, dim);
        x += BAR / 2 + 2;
    }
    let lift = line.lift().map_or_else(|| "new".to_owned(), |lift| format!("{lift:.1}×"));
    pen.put_right(x + 8, y, &lift, dim);
    let score = if same { "same".to_owned() } else { format!("{:.2}", line.score()) };
    let x = pen.width().min(x + 14);
    pen.put_right(x, y, &score, text);
    if let Some(also) = line.also.first().filter(|_| x + 20 < pen.width()) {
        let more = if line.also.len() > 1 { format!(", {} more", line.also.len() - 1) } else { String::new() };
        pen.put_cut(x + 2, y, usize::MAX, &format!("with {}{more}", clean(also)), dim);
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
    let spans = if share.spans == 1 { "1 span".to_owned() } else { format!("{} spans", share.spans) };
    let x = pen.put(x + 18, y, &spans, dim);
    if share.errors > 0 {
        let starts = if share.starts > 0 { format!(", {} start here", share.starts) } else { String::new() };
        pen.put(x, y, &format!("  {} in error{starts}", share.errors), scene.style(Role::Crit));
    }
}

fn gap(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, at: usize) {
    let pane = &scene.room.waterfall;
    let Some(gap) = pane.propagation.gaps.get(at) else { return };
    let x = pen.put(TEXT, y, gap.reason.code(), scene.style(Role::Warn));
    let service = pane.tree.as_ref().and_then(|tree| tree.row(gap.row)).map(|node| clean(node.service).into_owned());
    let x = pen.put(x + 1, y, &service.unwrap_or_default(), scene.style(Role::Text));
    pen.put_cut(x + 2, y, usize::MAX, &clean(&gap.reason.to_string()), scene.style(Role::Text));
}
