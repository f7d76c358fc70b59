//! In few words under a trace: who is responsible over all failing ones, and how they are unlike healthy ones. The whole of
//! it is in `findings.rs`.

use crate::domain::slo::percent_text;
use crate::domain::trace::{ABSENT, Attribution, Findings, Outlier};
use crate::room::{blame_text, disputes};
use crate::ui::pen::{Piece, pieces_width};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{self, clean};

/// Of a label in front of the lines.
const LABEL: usize = 16;
/// Attributes that are told.
const UNLIKE: usize = 2;

/// One row each; what does not fit is left out as a whole, the last first.
pub(super) fn lines(scene: &Scene<'_>, width: usize) -> Vec<Vec<Piece>> {
    let Some(found) = &scene.room.attribution else { return Vec::new() };
    let unlike = unlike(scene, width);
    let ranked = if unlike.is_empty() { 2 } else { 1 };
    let mut lines: Vec<Vec<Piece>> = found
        .findings
        .ranking
        .iter()
        .take(ranked)
        .enumerate()
        .map(|(at, line)| fitted(responsible(scene, &found.findings, at, line), width))
        .collect();
    lines.extend(unlike);
    lines
}

fn responsible(scene: &Scene<'_>, found: &Findings, at: usize, line: &Attribution) -> Vec<Piece> {
    let dim = scene.style(Role::Dim);
    let label = if at == 0 { "Responsible" } else { "" };
    let mut pieces = vec![(format!("{label:LABEL$}"), scene.style(Role::Strong))];
    pieces.extend(blamed(scene, line));
    pieces.push((" in ".to_owned(), dim));
    pieces.push((format!("{} of {}", line.traces, found.of_all(line.of)), scene.style(Role::Strong)));
    pieces.push((if found.by_slowness { " slow traces" } else { " failing traces" }.to_owned(), dim));
    if at == 0 {
        pieces.push((format!(" ({})", line.confidence.word()), dim));
        if disputes(&scene.room.timeline.timeline, &blame_text(line)).next().is_some() {
            pieces.push((" disputed".to_owned(), scene.style(Role::Warn)));
        }
    }
    pieces
}

/// `pricing → redis`, each in its colour.
pub(super) fn blamed(scene: &Scene<'_>, line: &Attribution) -> Vec<Piece> {
    let mut pieces = vec![(clean(&line.service).into_owned(), scene.theme.service(&line.service))];
    if let Some(dependency) = &line.dependency {
        pieces.push((" → ".to_owned(), scene.style(Role::Text)));
        pieces.push((clean(dependency).into_owned(), scene.theme.service(dependency)));
    }
    pieces
}

fn unlike(scene: &Scene<'_>, width: usize) -> Vec<Vec<Piece>> {
    let Some(found) = &scene.room.attribution else { return Vec::new() };
    let telling = found.findings.outliers.iter().filter(|outlier| outlier.score() > 0.0).take(UNLIKE);
    let line = |(at, outlier): (usize, &Outlier)| {
        let label = if at == 0 { "Unlike healthy" } else { "" };
        let (ours, theirs) = shares(outlier);
        let (ours, theirs) = (format!(" {ours}"), format!(" against {theirs}"));
        // A share says nothing without the other one: of a long value the middle goes.
        let what = format!("{} = {}", key_words(outlier), clean(&outlier.value));
        let space = width.saturating_sub(LABEL + text::width(&ours) + text::width(&theirs));
        fitted(
            vec![
                (format!("{label:LABEL$}"), scene.style(Role::Strong)),
                (text::cut_middle(&what, space).into_owned(), scene.style(Role::Text)),
                (ours, scene.style(Role::Strong)),
                (theirs, scene.style(Role::Dim)),
            ],
            width,
        )
    };
    telling.enumerate().map(line).collect()
}

/// One row for a low screen: `Unlike healthy  cache.hit = false 98 % against 2 %,  pricing version 2.14.0 99 % / 24 %`.
pub(super) fn short(scene: &Scene<'_>, width: usize) -> Option<Vec<Piece>> {
    let found = scene.room.attribution.as_ref()?;
    let mut pieces = vec![("Unlike healthy  ".to_owned(), scene.style(Role::Strong))];
    let telling = found.findings.outliers.iter().filter(|outlier| outlier.score() > 0.0).take(UNLIKE);
    for (at, outlier) in telling.enumerate() {
        let (ours, theirs) = shares(outlier);
        let words = if at == 0 {
            format!("{} = {} {ours} against {theirs}", key_words(outlier), clean(&outlier.value))
        } else {
            format!(",  {} {} {ours} / {theirs}", key_words(outlier), clean(&outlier.value))
        };
        if pieces_width(&pieces) + crate::ui::text::width(&words) > width {
            break;
        }
        pieces.push((words, scene.style(Role::Text)));
    }
    (pieces.len() > 1).then_some(pieces)
}

/// In whole percent; what is less than one of them, and is not nothing, keeps a digit.
pub(super) fn shares(outlier: &Outlier) -> (String, String) {
    let text = |share: f64| percent_text(share, usize::from(share > 0.0 && share < 0.01));
    (text(outlier.selected_share), text(outlier.baseline_share))
}

/// `pricing version` for the version of a service; every other key as it is written.
pub(super) fn key_words(outlier: &Outlier) -> String {
    let key = outlier.key_text();
    let short = key.strip_suffix("service.version").map(|service| format!("{service}version"));
    clean(&short.unwrap_or(key)).into_owned()
}

/// Whether traces can be looked for by it.
pub(super) fn is_absent(outlier: &Outlier) -> bool {
    outlier.value == ABSENT
}

fn fitted(mut pieces: Vec<Piece>, width: usize) -> Vec<Piece> {
    while pieces_width(&pieces) > width {
        pieces.pop();
    }
    pieces
}
