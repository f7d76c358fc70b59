//! Where an id stands: a row a place, kinds under each other, over the lower part of the screen.

use super::frame;
use super::shown::Overlay;
use crate::domain::signal::{Level, Summary};
use crate::room::{PlaceRow, PlacesView};
use crate::ui::clock::{age, millis, seconds, took};
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};

/// Columns of the kind and of the time.
const KIND: usize = 2;
const TIME: usize = 12;
const WORDS: usize = TIME + 14;
/// Servers whose refusals are told: more than there are of most kinds.
const TROUBLES: usize = 4;

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, view: &PlacesView) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let room = height.saturating_sub(4).max(1);
    let troubles = view.troubles.iter().map(|words| (format!("✗ {}", clean(words)), Role::Warn));
    let limits = view.limits.iter().map(|words| (clean(words).into_owned(), Role::Dim));
    let below: Vec<(String, Role)> = troubles.take(TROUBLES).chain(limits.take(1)).collect();
    let rows = (view.rows.len().max(1) + below.len()).min(room);
    let taken = (rows + 1).min(height.saturating_sub(1));
    let mut part = pen.rows(height.saturating_sub(1 + taken), taken);
    frame::clear(&mut part, scene);
    let name = cut(&clean(&view.wanted), cells.saturating_sub(30)).into_owned();
    let title: [Piece; 1] = [(format!("@ {name}"), scene.style(Role::Focus))];
    frame::title(&mut part, scene, 0, &title, &state(scene, view));
    let list = taken.saturating_sub(1 + below.len());
    for (y, (at, row)) in view.rows.iter().enumerate().skip(view.cursor.offset).take(list).enumerate() {
        draw_row(&mut part, scene, y + 1, (row, view));
        if at == view.cursor.selected {
            part.put(0, y + 1, "▸", scene.style(Role::Focus));
            part.tint(0, usize::MAX, y + 1, scene.style(Role::Sel));
        }
    }
    if view.rows.is_empty() {
        let back = back(view);
        let words = match view.waits_for {
            1.. => format!("asking the traces and the logs of the last {back}"),
            _ if view.troubles.is_empty() => {
                format!("no entry or evidence has it, nor a trace or line of the last {back}")
            }
            _ => format!("no entry or evidence has it; not everything could be searched of the last {back}"),
        };
        part.put(KIND, 1, &words, scene.style(Role::Dim));
    }
    for (at, (words, role)) in below.iter().enumerate() {
        let y = taken.saturating_sub(below.len()) + at;
        part.put_cut(KIND, y, usize::MAX, words, scene.style(*role));
    }
    frame::footer(pen, scene, &[("j k", "choose"), ("Enter", "go there"), ("Esc", "close")], "");
    Overlay { height: list, cursor: None, ..Overlay::default() }
}

/// How far back the servers were asked.
fn back(view: &PlacesView) -> String {
    format!("{} h", view.asked.elapsed_since(view.from).as_secs().div_ceil(3_600))
}

fn state(scene: &Scene<'_>, view: &PlacesView) -> String {
    let count = match view.rows.len() {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    let more = if view.more { " and more" } else { "" };
    if view.waits_for == 0 {
        let searched = if view.troubles.is_empty() { "searched" } else { "searched in part" };
        return format!("{count}{more}, {} {searched}", back(view));
    }
    let ago = age(scene.room.now.elapsed_since(view.asked).as_secs_f64());
    format!("{count} so far, asked {ago} ago")
}

fn draw_row(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, (row, view): (&PlaceRow, &PlacesView)) {
    let (dim, text) = (scene.style(Role::Dim), scene.style(Role::Text));
    let timeline = &scene.room.timeline.timeline;
    let (kind, time, words): (&str, String, Vec<Piece>) = match row {
        PlaceRow::Trace(summary) => ("trace", millis(scene.room, summary.start), trace(scene, summary, view)),
        PlaceRow::Entry(id) => {
            let Some(entry) = timeline.get(*id) else { return };
            let author = (format!("{} ", clean(&entry.author)), dim);
            ("entry", seconds(scene.room, entry.happened), vec![author, (clean(&entry.text).into_owned(), text)])
        }
        PlaceRow::Evidence(id, at) => {
            let Some((entry, evidence)) = timeline.get(*id).and_then(|entry| Some((entry, entry.evidence.get(*at)?)))
            else {
                return;
            };
            let of = (format!("of \"{}\": ", cut(&clean(&entry.text), 30)), dim);
            let words = (clean(&evidence.text).into_owned(), text);
            ("evidence", seconds(scene.room, evidence.at.unwrap_or(entry.happened)), vec![of, words])
        }
        PlaceRow::Line(line) => {
            let role = match line.level {
                Level::Error | Level::Fatal => Role::Crit,
                Level::Warn => Role::Warn,
                _ => Role::Dim,
            };
            let level = (format!("{:<5} ", line.level.word()), scene.style(role));
            let service = (format!("{} ", clean(&line.service)), scene.theme.service(&line.service));
            ("line", millis(scene.room, line.time), vec![level, service, (clean(line.text()).into_owned(), text)])
        }
    };
    pen.put(KIND, y, kind, dim);
    pen.put(TIME, y, time.trim_end(), dim);
    let mut x = WORDS;
    for (words, style) in words {
        let cells = pen.width().saturating_sub(x);
        x = pen.put_cut(x, y, cells, &words, style);
        if width(&words) > cells {
            break;
        }
    }
}

fn trace(scene: &Scene<'_>, summary: &Summary, view: &PlacesView) -> Vec<Piece> {
    let (dim, text) = (scene.style(Role::Dim), scene.style(Role::Text));
    let mut words = vec![(format!("{}  ", summary.trace.short()), dim)];
    if view.is_half_of(summary.trace) {
        words = vec![(format!("low 64 bits of {}  ", summary.trace), text)];
    }
    if view.has_span(summary.trace) {
        words.push(("has this span  ".to_owned(), dim));
    }
    if summary.root_name.is_empty() && summary.duration_nanos == 0 {
        words.push(("named by its lines".to_owned(), dim));
        return words;
    }
    let root = format!("{} {}  ", clean(&summary.root_service), clean(&summary.root_name));
    words.push((root.trim_start().to_owned(), text));
    words.push((format!("{}  ", took(summary.duration_nanos)), scene.style(Role::Strong)));
    match summary.errors {
        Some(1) => words.push(("1 error ▲".to_owned(), scene.style(Role::Crit))),
        Some(errors) if errors > 0 => words.push((format!("{errors} errors ▲"), scene.style(Role::Crit))),
        _ => {}
    }
    words
}
