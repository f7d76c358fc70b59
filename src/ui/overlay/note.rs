//! The note that is being written, over the lower rows: what it will be, for which moment, with which evidence. The panes
//! above stay, since a note answers what stands there.

use ratatui::style::Modifier;

use super::frame;
use super::shown::Overlay;
use crate::domain::incident::{Evidence, HypothesisStatus, Kind};
use crate::domain::slo::duration_text;
use crate::room::{Command, Note};
use crate::ui::clock;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut, width};
use crate::ui::widget::flow;

/// Where words begin beside a label.
const LEFT: usize = 12;
/// Rows that stay of what lies below.
const KEPT: usize = 6;
const PREFIXES: [(&str, &str); 7] = [
    ("o", "observation"),
    ("h", "hypothesis"),
    ("a", "action"),
    ("d", "decision"),
    ("m", "mitigation"),
    ("c", "comms"),
    ("todo", ""),
];

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>, note: &Note) -> Overlay {
    let (cells, height) = (pen.width(), pen.height());
    let rows = rows(scene, note, cells);
    // Title and line are never dropped; blank rows are dropped first, then what explains.
    let wanted = rows.len() + 2;
    let space = height.saturating_sub(1);
    let with_air = space >= wanted + KEPT;
    let rows: Vec<Row> = rows.into_iter().filter(|row| with_air || !row.is_empty()).collect();
    let taken = (rows.len() + 2).min(space.saturating_sub(KEPT.min(space / 3)).max(2)).min(space);
    let top = space - taken;
    let mut part = pen.rows(top, taken);
    frame::clear(&mut part, scene);
    frame::title(&mut part, scene, 0, &title(scene, note), "draft kept on disk as you type");
    let looks = [scene.style(Role::Text), first_word(scene, note)];
    let mut y = 1 + usize::from(with_air);
    let cursor = frame::line(&mut part, y, [2, cells.saturating_sub(1)], &note.line, looks);
    let line_y = top + y;
    y += 1;
    for row in rows.iter().skip(usize::from(with_air)) {
        if y >= taken {
            break;
        }
        part.put_all(2, y, row);
        y += 1;
    }
    let hints = [("Enter", "save"), ("Esc", "close, keep the draft"), ("ctrl-u", "delete the line")];
    frame::footer(pen, scene, &hints, "letters are text here");
    Overlay { height: 0, cursor: frame::place(cursor, line_y), ..Overlay::default() }
}

type Row = Vec<Piece>;

fn first_word(scene: &Scene<'_>, note: &Note) -> ratatui::style::Style {
    if note.draft.kind == Kind::Note || note.draft.back_dated {
        scene.style(Role::Text)
    } else {
        scene.style(Role::Note).add_modifier(Modifier::BOLD)
    }
}

/// Kind and moment.
fn title(scene: &Scene<'_>, note: &Note) -> Vec<Piece> {
    let room = scene.room;
    let (dim, strong) = (scene.style(Role::Dim), scene.style(Role::Strong));
    let at = note.happened();
    let ago = room.now.elapsed_since(at);
    let mut pieces = vec![
        ("Note ".to_owned(), scene.style(Role::Focus)),
        (kind_word(&note.draft.kind), scene.style(Role::Note).add_modifier(Modifier::BOLD)),
    ];
    for kind in note.draft.more.iter().take(3) {
        pieces.push((format!(", {}", kind_word(kind)), scene.style(Role::Note)));
    }
    pieces.push((" at ".to_owned(), dim));
    pieces.push((clock::seconds(room, at).trim_end().to_owned(), strong));
    if ago.as_secs() < 2 {
        pieces.push((" now".to_owned(), dim));
    } else {
        pieces.push((format!(", {} ago", duration_text(ago)), dim));
    }
    if room.clock_style != crate::room::ClockStyle::SinceStart
        && let Some(start) = room.impact_start().filter(|start| *start <= at)
    {
        pieces.push((format!(", T+{}", clock::stopwatch(at.elapsed_since(start).as_secs())), dim));
    }
    pieces
}

/// What the line will become, as a word.
fn kind_word(kind: &Kind) -> String {
    let word = match kind {
        Kind::Hypothesis { number, status } => {
            return match status {
                HypothesisStatus::Open => format!("hypothesis H{number}"),
                HypothesisStatus::Confirmed => format!("H{number} confirmed"),
                HypothesisStatus::Rejected => format!("H{number} rejected"),
            };
        }
        Kind::Declared { severity } => return format!("declares {severity}"),
        Kind::SeverityChanged { severity } => return format!("changes to {severity}"),
        Kind::RoleAssigned { role, person } => return clean(&format!("{role} = {person}")).into_owned(),
        Kind::ImpactStarted => "start of the impact",
        Kind::Detected => "detected",
        Kind::Acknowledged => "acknowledged",
        Kind::Observation => "observation",
        Kind::Action => "action",
        Kind::Decision => "decision",
        Kind::Mitigation => "mitigation",
        Kind::Comms => "update to others",
        Kind::Escalation => "escalation",
        Kind::Handover => "hand-over",
        Kind::Todo => "to do",
        Kind::Mitigated => "mitigated",
        Kind::Resolved => "RESOLVED",
        Kind::Reopened => "reopened",
        Kind::AlertFired { .. } => "alert",
        Kind::AlertCleared { .. } => "alert cleared",
        Kind::ZoneChanged { .. } => "zone",
        Kind::Deployed { .. } => "deploy",
        Kind::Changed { what, .. } => what.word(),
        Kind::RunbookOpened { .. } | Kind::RunbookStep { .. } => "runbook",
        Kind::Priced { .. } => "price",
        Kind::Relieved { .. } => "effect",
        Kind::OutOfPolicy { .. } => "out of policy",
        Kind::PostmortemDue { .. } => "postmortem due",
        Kind::Note | Kind::Undone => "as it is",
    };
    word.to_owned()
}

/// What stands under the line; an empty row is air.
fn rows(scene: &Scene<'_>, note: &Note, cells: usize) -> Vec<Row> {
    let (dim, key, text) = (scene.style(Role::Dim), scene.style(Role::Key), scene.style(Role::Text));
    let label = |label: &str| (format!("{label:<LEFT$}"), dim);
    let mut rows = vec![Vec::new(), Vec::new()];
    let kept = note.kept_evidence();
    for (at, evidence) in kept.iter().take(3).enumerate() {
        let mut row = vec![label(if at == 0 { "with it" } else { "" })];
        row.extend(evidence_row(scene, evidence, cells.saturating_sub(LEFT + 4)));
        rows.push(row);
    }
    if let Some(evidence) = kept.first() {
        let said = [("without ".to_owned(), key), (format!("{} at the end takes it off", clean(&evidence.about)), dim)];
        rows.push(std::iter::once(label("")).chain(said).collect());
    } else if !note.evidence.is_empty() {
        rows.push(vec![label("with it"), ("nothing: all evidence was taken off".to_owned(), dim)]);
    }
    if !note.behind.is_empty() {
        let text = cut(&clean(&note.behind), cells.saturating_sub(LEFT + 20)).into_owned();
        rows.push(vec![label("behind it"), (text, scene.style(Role::Note)), (" waits, unfinished".to_owned(), dim)]);
    }
    rows.extend(ending(scene, note, cells));
    rows.push(Vec::new());
    let mut begin = Vec::new();
    for (prefix, word) in PREFIXES {
        let is_it = !word.is_empty() && kind_word(&note.draft.kind).starts_with(word);
        let look = if is_it { scene.style(Role::Note).add_modifier(Modifier::BOLD) } else { key };
        begin.push((prefix.to_owned(), look));
        begin.push((if word.is_empty() { String::new() } else { format!(" {word}  ") }, dim));
    }
    for (at, line) in flow(&begin, cells.saturating_sub(LEFT + 4), 2).into_iter().enumerate() {
        rows.push(std::iter::once(label(if at == 0 { "begin with" } else { "" })).chain(line).collect());
    }
    let clock = clock::minutes(scene.room, scene.room.now.minus(std::time::Duration::from_secs(300)));
    let mut earlier = vec![label("earlier"), ("-5m".to_owned(), key)];
    if !clock.starts_with('T') {
        earlier.push((" or ".to_owned(), dim));
        earlier.push((format!("@{clock}"), key));
    }
    earlier.push((" begins the line; when it was written is kept too".to_owned(), dim));
    rows.push(earlier);
    let undo = scene.keymap().first_key(Command::Undo);
    let mut goes = vec![label("goes to"), ("the record of this incident, at once".to_owned(), text)];
    if let Some(undo) = undo {
        goes.push(("; ".to_owned(), dim));
        goes.push((undo, key));
        goes.push((" takes it back".to_owned(), dim));
    }
    rows.push(goes);
    rows
}

/// What the end of the incident writes besides the words: its price, and whether a postmortem is owed.
fn ending(scene: &Scene<'_>, note: &Note, cells: usize) -> Vec<Row> {
    let room = scene.room;
    if note.draft.kind != Kind::Resolved && !note.draft.more.contains(&Kind::Resolved) {
        return Vec::new();
    }
    let (dim, strong) = (scene.style(Role::Dim), scene.style(Role::Strong));
    let label = |label: &str| (format!("{label:<LEFT$}"), dim);
    let space = cells.saturating_sub(LEFT + 4);
    let price = match room.prices.first() {
        Some(price) => (cut(&clean(&price.text()), space).into_owned(), strong),
        None => ("not known: nothing was measured since the impact".to_owned(), scene.style(Role::Warn)),
    };
    let mut rows = vec![vec![label("its price"), price]];
    if let Some(owed) = room.owed() {
        let words = format!("postmortem within 48 h: {}", clean(&owed.reason.text()));
        rows.push(vec![label("owed"), (cut(&words, space).into_owned(), scene.style(Role::Text))]);
    }
    rows
}

fn evidence_row(scene: &Scene<'_>, evidence: &Evidence, cells: usize) -> Vec<Piece> {
    let dim = scene.style(Role::Dim);
    let mut about = clean(&evidence.about).into_owned();
    if let Some(trace) = evidence.trace {
        about = format!("{about} {}", trace.short());
    }
    if let Some(at) = evidence.at {
        about = format!("{about}  {}", clock::seconds(scene.room, at).trim_end());
    }
    let space = cells.saturating_sub(width(&about) + 5);
    let text = cut(&clean(&evidence.text), space).into_owned();
    vec![("⇢ ".to_owned(), dim), (text, scene.style(Role::Text)), (format!("   {about}"), dim)]
}
