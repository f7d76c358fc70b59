//! The time strip: events above, the failing share below, on one axis; the one time cursor lives here.

use std::time::Duration;

use super::clock::minutes;
use super::pen::Pen;
use super::role::Role;
use super::scene::Scene;
use super::text::{clean, cut, width};
use super::widget::height;
use crate::domain::Timestamp;
use crate::domain::incident::{ChangeKind, Entry, Kind, Origin};
use crate::domain::slo::percent_text;
use crate::room::{FIRST_LENGTH, Room};

/// The columns of the words at the left, and of the number at the right.
const LEFT: usize = 24;
const RIGHT: usize = 6;
/// A cell at the usual length of the window.
const CELL: Duration = Duration::from_secs(15);
/// How often the strip moves where bytes are dear.
const MOVES: Duration = Duration::from_secs(60);

struct Axis {
    start: Timestamp,
    cell: i64,
    cells: usize,
}

impl Axis {
    fn new(room: &Room, cells: usize) -> Self {
        let length = room.lens.window.length();
        let needed = length.as_nanos().div_ceil(u128::try_from(cells.max(1)).unwrap_or(1));
        let steps = if length <= FIRST_LENGTH { 1 } else { needed.div_ceil(CELL.as_nanos()).max(1) };
        let cell = i64::try_from(CELL.as_nanos() * steps).unwrap_or(i64::MAX);
        let end = end(room);
        let start = end.shifted(-cell.saturating_mul(i64::try_from(cells).unwrap_or(0)));
        Self { start, cell, cells }
    }

    fn column(&self, at: Timestamp) -> Option<usize> {
        let column = usize::try_from(at.since(self.start).div_euclid(self.cell.max(1))).ok()?;
        // The end of the window belongs to its last cell.
        (column <= self.cells).then(|| column.min(self.cells.saturating_sub(1)))
    }
}

/// On a slow link the strip moves once a minute, and its last cells fill until then.
fn end(room: &Room) -> Timestamp {
    let end = room.lens.window.end;
    if !room.is_thrifty() || room.lens.is_frozen() {
        return end;
    }
    let before = end.floor_to(MOVES);
    if before == end { end } else { before.plus(MOVES) }
}

pub(super) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let room = scene.room;
    let cells = pen.width().saturating_sub(LEFT + RIGHT);
    let axis = Axis::new(room, cells);
    shares(pen, scene, &axis);
    events(pen, scene, &axis);
    if let Some(column) = room.lens.cursor.and_then(|at| axis.column(at)) {
        pen.put(LEFT + column, 1, "┃", scene.style(Role::Warn));
    }
}

fn shares(pen: &mut Pen<'_>, scene: &Scene<'_>, axis: &Axis) {
    let room = scene.room;
    let slo = room.impact.slo.as_ref().and_then(|name| room.gauges.slo(name));
    let words = slo.map_or_else(|| "failing".to_owned(), |slo| format!("{} {}", clean(&slo.unit), slo.bad_in_words()));
    pen.put_cut(0, 1, LEFT - 2, &words, scene.style(Role::Dim));
    let budget = slo.map_or(0.001, |slo| slo.objective.budget());
    let mut bad = vec![(0.0, 0.0); axis.cells];
    for sample in &room.impact.samples {
        // A sample tells of the step that ends there.
        if let Some(column) = axis.column(sample.end.shifted(-1))
            && let Some(cell) = bad.get_mut(column)
        {
            cell.0 += sample.bad;
            cell.1 += sample.total;
        }
    }
    for (column, (bad, total)) in bad.into_iter().enumerate() {
        let (sign, style) = if total <= 0.0 {
            ("·", scene.style(Role::Faint))
        } else {
            let share = bad / total;
            let style = if share > budget * 14.4 { scene.style(Role::Crit) } else { scene.style(Role::Faint) };
            (height(share), style)
        };
        pen.put(LEFT + column, 1, sign, style);
    }
    if let Some(share) = room.impact.share_now {
        let partial = if room.gauges.worst().is_some_and(|judgement| judgement.partial) { "!" } else { "" };
        let style = if share > budget * 14.4 { scene.style(Role::Crit) } else { scene.style(Role::Dim) };
        pen.put_right(pen.width(), 1, &format!("{}{partial}", percent_text(share, 0)), style);
    }
}

fn events(pen: &mut Pen<'_>, scene: &Scene<'_>, axis: &Axis) {
    let room = scene.room;
    let mut taken = 0;
    // What came before the axis and may have caused it is told at its left end.
    let earliest = axis.start.minus(Duration::from_secs(30 * 60));
    let mut before = None;
    for entry in room.timeline.timeline.effective() {
        let is_change = matches!(entry.kind, Kind::Deployed { .. }) || room.is_first_suspect(entry);
        if is_change && entry.happened < axis.start && entry.happened >= earliest {
            before = Some(entry);
        }
    }
    if let Some(entry) = before {
        let words = changed(scene, entry);
        taken = pen.put_cut(10, 0, axis.cells / 2, &words, scene.style(Role::Ack)) + 1;
    }
    for entry in room.timeline.timeline.effective() {
        let Some(column) = axis.column(entry.happened) else { continue };
        let (sign, style) = match (&entry.kind, entry.origin) {
            (Kind::Changed { what: ChangeKind::Silence, .. }, _) => ("⊘", scene.style(Role::Dim)),
            (Kind::Deployed { .. } | Kind::Changed { .. }, _) => ("↑", scene.style(Role::Ack)),
            (Kind::ImpactStarted, _) => ("┃", scene.style(Role::Crit)),
            (Kind::AlertFired { severity, .. }, _) if severity == "page" || severity == "critical" => {
                ("▲", scene.style(Role::Crit))
            }
            (Kind::AlertCleared { .. } | Kind::Mitigated | Kind::Resolved, _) => ("✓", scene.style(Role::Ok)),
            (Kind::AlertFired { .. } | Kind::ZoneChanged { .. }, _) => continue,
            (_, Origin::Person) => ("●", scene.style(Role::Note)),
            _ => continue,
        };
        let x = LEFT + column;
        if x < taken {
            continue;
        }
        let label = match &entry.kind {
            Kind::ImpactStarted => format!("{sign}{}", minutes(room, entry.happened)),
            Kind::Changed { what: ChangeKind::Silence, .. } => sign.to_owned(),
            Kind::Deployed { .. } | Kind::Changed { .. } => changed(scene, entry),
            _ => sign.to_owned(),
        };
        taken = x + width(&label) + usize::from(width(&label) > 1);
        pen.put(x, 0, &cut(&label, pen.width().saturating_sub(x)), style);
    }
}

fn changed(scene: &Scene<'_>, entry: &Entry) -> String {
    let time = minutes(scene.room, entry.happened);
    match &entry.kind {
        Kind::Deployed { service, version, .. } => format!("↑ {time} {} {} deployed", clean(service), clean(version)),
        _ => format!("↑ {time} {}", clean(&entry.text)),
    }
}
