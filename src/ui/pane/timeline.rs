//! Pane 2: the record. Time, a sign, who, what; long silences compressed, now as a rule.

use crate::domain::incident::{Entry, HypothesisStatus, Kind, Origin, SUSPECT, Severity, Standing};
use crate::domain::slo::{duration_text, percent_text};
use crate::domain::spending::Verdict;
use crate::room::{Pane, Pending, TimelineRow, blamed_by};
use crate::ui::clock::{counts_seconds, minutes, seconds};
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};
use crate::ui::widget::Title;

const TIME: usize = 9;
const AUTHOR: usize = 11;
const TEXT: usize = 16;

pub(in crate::ui) fn title<'a>(scene: &Scene<'_>) -> Title<'a> {
    let count = scene.room.timeline.timeline.effective().count();
    let failed = scene.room.timeline.pending.len();
    let mut right = vec![(format!("{count} entries"), scene.style(Role::Dim))];
    if failed > 0 {
        right.push((format!(", {failed} not yet on disk"), scene.style(Role::Warn)));
    }
    Title {
        number: "2",
        name: "Timeline",
        detail: String::new(),
        right,
        focused: scene.has_focus(Pane::Timeline),
        heads: false,
    }
}

/// The last thing that happened, until the moment that is looked at.
pub(in crate::ui) fn summary(scene: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    let timeline = &scene.room.timeline.timeline;
    let is_then = |entry: &&Entry| scene.room.lens.cursor.is_none_or(|at| entry.happened <= at);
    let left = timeline.effective().rfind(is_then).map_or_else(
        || {
            let is_empty = timeline.effective().next().is_none();
            let words = if is_empty { "nothing is recorded yet" } else { "nothing is recorded until then" };
            vec![(words.to_owned(), scene.style(Role::Dim))]
        },
        |entry| {
            let time = seconds(scene.room, entry.happened);
            let author = clean(&entry.author).into_owned();
            vec![
                (format!("{} ", time.trim_end()), scene.style(Role::Dim)),
                (format!("{author} "), author_style(scene, entry)),
                (clean(&entry.text).into_owned(), scene.style(Role::Text)),
            ]
        },
    );
    let (count, then) = (timeline.effective().count(), timeline.effective().filter(is_then).count());
    let count = if then == count { count.to_string() } else { format!("{then} of {count}") };
    (left, vec![(count, scene.style(Role::Dim))])
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let pane = &scene.room.timeline;
    let (first, height) = (pane.cursor.offset, pen.height());
    let mut y = 0;
    for (at, row) in pane.rows.iter().enumerate().skip(first).take(height) {
        match row {
            TimelineRow::Entry(id) => {
                if let Some(entry) = pane.timeline.get(*id) {
                    draw_entry(pen, scene, y, entry);
                }
            }
            TimelineRow::Gap(silence) => {
                pen.put(TIME, y, "┊", scene.style(Role::Faint));
                pen.put(AUTHOR, y, &duration_text(*silence), scene.style(Role::Dim));
            }
            TimelineRow::Now => now(pen, scene, y),
        }
        if at == pane.cursor.selected && scene.has_focus(Pane::Timeline) {
            pen.put(TIME - 1, y, "▸", scene.style(Role::Focus));
            pen.tint(0, usize::MAX, y, scene.style(Role::Sel));
        }
        y += 1;
    }
    if y < height && !has_hypothesis(scene) && scene.room.incident.is_some() {
        let key = scene.keymap().first_key(crate::room::Command::Note).unwrap_or_default();
        let x = pen.put(TIME, y, "no hypothesis written yet: ", scene.style(Role::Dim));
        let x = pen.put(x, y, &key, scene.style(Role::Key));
        pen.put(x, y, " h …", scene.style(Role::Dim));
    }
}

fn has_hypothesis(scene: &Scene<'_>) -> bool {
    scene.room.timeline.timeline.effective().any(|entry| matches!(entry.kind, Kind::Hypothesis { .. }))
}

/// The rule of now; in an incident it says when the next update for others is due.
fn now(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize) {
    let room = scene.room;
    let to_the_second = counts_seconds(room) || (room.lens.is_frozen() && !room.is_thrifty());
    let time = if to_the_second { seconds(room, room.now) } else { minutes(room, room.now) };
    pen.put(0, y, &time, scene.style(Role::Strong));
    pen.repeat(TIME, pen.width(), y, "╌", scene.style(Role::Faint));
    // A frozen screen stands still, and what was now is the moment of its last frame.
    let word = if room.lens.is_frozen() { "seen" } else { "now" };
    let words = match next_update(scene) {
        Some(words) => format!(" {word}  {words} "),
        None => format!(" {word} "),
    };
    pen.put_cut(AUTHOR, y, pen.width().saturating_sub(AUTHOR + 1), &words, scene.style(Role::Dim));
    pen.put(AUTHOR + 1, y, word, scene.style(Role::Strong));
}

/// People outside hear something every 15 minutes of a SEV1, every 30 of a SEV2.
fn next_update(scene: &Scene<'_>) -> Option<String> {
    let room = scene.room;
    let incident = room.incident.as_ref().filter(|incident| incident.resolved.is_none())?;
    let cadence = match incident.severity? {
        Severity::Sev1 => 15,
        Severity::Sev2 => 30,
        Severity::Sev3 => return None,
    };
    let told =
        room.timeline.timeline.effective().filter(|entry| entry.kind == Kind::Comms).map(|entry| entry.happened).max();
    let since = told.or(incident.declared)?;
    // Rounded down: what is due in 13 min 10 s is not due in 14.
    let passed = i64::try_from(room.now.elapsed_since(since).as_secs()).unwrap_or(i64::MAX);
    Some(match (cadence * 60 - passed).div_euclid(60) {
        due if due > 0 => format!("next update due in {due} min"),
        0 => "next update is due".to_owned(),
        late => format!("update {} min overdue", -late),
    })
}

fn draw_entry(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize, entry: &Entry) {
    let room = scene.room;
    let (sign, role) = sign(entry);
    let time = seconds(room, entry.happened);
    let end = pen.width();
    if matches!(entry.kind, Kind::ImpactStarted | Kind::Mitigated | Kind::Resolved | Kind::Reopened) {
        let style = scene.style(role);
        pen.put(0, y, &time, style);
        pen.repeat(TIME, end, y, "━", style);
        let words = format!(" {} ", clean(&entry.text));
        pen.put_cut(AUTHOR, y, end.saturating_sub(AUTHOR + 1), &words, style);
        return;
    }
    let standing = room.timeline.timeline.standing(entry.id);
    let gone = !matches!(standing, Some(Standing::Effective) | None);
    pen.put(0, y, &time, scene.style(Role::Dim));
    pen.put(TIME, y, sign, scene.style(role));
    pen.put_cut(AUTHOR, y, TEXT - AUTHOR - 1, &clean(&entry.author), author_style(scene, entry));
    let mut right = String::new();
    let late = entry.recorded.elapsed_since(entry.happened).as_secs();
    if late >= 60 && entry.origin == Origin::Person {
        right.push_str(&format!(" (+{} min)", late / 60));
    }
    match room.timeline.pending.get(&entry.id) {
        Some(Pending::Writing) => right.push_str(" …"),
        Some(Pending::Failed(_)) => right.push_str(" ✗ not on disk"),
        None => {}
    }
    if scene.room.is_first_suspect(entry) {
        // Where both do not fit, what was changed says more than the whole word.
        let words = format!(" {SUSPECT} suspect");
        let is_roomy = TEXT + width(&clean(&entry.text)) + width(&right) + width(&words) <= end;
        if is_roomy {
            right.push_str(&words);
        } else {
            right.push(' ');
            right.push_str(SUSPECT);
        }
    }
    if entry.evidence.iter().any(|evidence| evidence.trace.is_some()) && entry.origin == Origin::Person {
        right.push_str(" ⇢");
    }
    let blamed = blamed(scene, entry, end.saturating_sub(TEXT + LEAST_TEXT));
    let style = if gone { scene.style(Role::Faint) } else { scene.style(Role::Text) };
    let space = end.saturating_sub(TEXT + width(&right) + blamed.as_ref().map_or(0, |blamed| width(blamed)));
    let text = words(entry, standing, space);
    let x = pen.put_cut(TEXT, y, space, &text, style);
    let x = pen.put(x, y, &right, scene.style(Role::Warn));
    pen.put(x, y, &blamed.unwrap_or_default(), scene.style(Role::Crit));
}

/// The name of an alert is worth more than whom it blames.
const LEAST_TEXT: usize = 21;

/// Beside a page that fires: the service in which its failing traces start to fail, what it calls there, and in how many of
/// them; as much of that as there is space for.
fn blamed(scene: &Scene<'_>, entry: &Entry, space: usize) -> Option<String> {
    let found = scene.room.attribution.as_ref()?;
    let ranking = blamed_by(&scene.room.alerts, &found.findings, entry)?;
    let first = ranking.first()?;
    let (service, share) = (clean(&first.service), percent_text(first.share(), 0));
    let called = first.dependency.as_ref().map(|name| format!(" · {service} → {} {share}", clean(name)));
    let forms = called.into_iter().chain([format!(" · {service} {share}"), format!(" · {service}")]);
    forms.into_iter().find(|form| width(form) < space)
}

/// What an entry says. Of a zone the word must not be cut off: who knows the zone knows its border.
fn words(entry: &Entry, standing: Option<Standing>, space: usize) -> String {
    let text = clean(&entry.text);
    match (&entry.kind, standing) {
        (_, Some(Standing::Undone(_))) => format!("(taken back) {text}"),
        (_, Some(Standing::Superseded(_))) => format!("(changed) {text}"),
        (Kind::ZoneChanged { slo, zone }, _) if width(&text) > space => {
            format!("{}: {}", clean(slo), clean(zone))
        }
        _ => text.into_owned(),
    }
}

fn author_style(scene: &Scene<'_>, entry: &Entry) -> ratatui::style::Style {
    match entry.origin {
        Origin::Person => scene.style(Role::Note),
        _ => scene.style(Role::Dim),
    }
}

fn sign(entry: &Entry) -> (&'static str, Role) {
    match &entry.kind {
        Kind::Deployed { .. } | Kind::Changed { .. } => ("↑", Role::Ack),
        Kind::ImpactStarted => ("━", Role::Crit),
        Kind::Mitigated | Kind::Resolved | Kind::AlertCleared { .. } => ("✓", Role::Ok),
        Kind::AlertFired { severity, .. } if severity == "page" || severity == "critical" => ("▲", Role::Crit),
        Kind::AlertFired { severity, .. } if severity == "info" => ("·", Role::Dim),
        Kind::AlertFired { .. } => ("◆", Role::Warn),
        Kind::ZoneChanged { .. } => ("▼", Role::Warn),
        Kind::OutOfPolicy { .. } => ("!", Role::Warn),
        Kind::Priced { .. } | Kind::PostmortemDue { .. } => ("◆", Role::Note),
        Kind::Relieved { relief, .. } => match relief.verdict {
            Verdict::Ended => ("✓", Role::Ok),
            Verdict::Eased => ("◇", Role::Warn),
            Verdict::NoEffect => ("✗", Role::Warn),
        },
        Kind::Hypothesis { status: HypothesisStatus::Rejected, .. } => ("✗", Role::Note),
        Kind::Hypothesis { status: HypothesisStatus::Confirmed, .. } => ("✓", Role::Note),
        Kind::Hypothesis { .. } => ("?", Role::Note),
        Kind::Observation => ("○", Role::Note),
        Kind::RunbookOpened { .. } | Kind::RunbookStep { .. } => ("▸", Role::Note),
        _ if entry.origin == Origin::Person => ("●", Role::Note),
        _ => ("·", Role::Dim),
    }
}
