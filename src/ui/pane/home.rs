//! The calm screen: every budget, what changed today, what was written last, the runbooks and how old they are. A part
//! that nothing feeds is not drawn.

use super::home_lists::{self, Part};
use crate::domain::incident::AlertState;
use crate::domain::slo::{Judgement, State, burn_text, percent_text, thousands, window_text};
use crate::room::{Command, Pane, Room};
use crate::ui::clock;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, cut};
use crate::ui::widget::{draw_budget, flow, state_role, state_sign, zone_role};

/// No incident is open, nothing fires or rises, no metrics server is down and nothing has been silent for long.
/// While an SLO was not yet heard of, or none is configured, nobody can say so.
pub(in crate::ui) fn is_calm(room: &Room) -> bool {
    let pages = |alert: &crate::domain::incident::Alert| {
        alert.state == AlertState::Active && matches!(alert.severity(), "page" | "critical")
    };
    let calm = |judgement: &Judgement| {
        !judgement.possible_outage
            && !matches!(
                judgement.state,
                State::Page | State::Notify | State::Rising | State::Recovering | State::Down { .. } | State::Loading
            )
    };
    let judgements = &room.gauges.judgements;
    room.incident.is_none() && !judgements.is_empty() && judgements.iter().all(calm) && !room.alerts.iter().any(pages)
}

/// Where everything stands in a row of the table; the right end of what is aligned to the right.
struct Columns {
    name: usize,
    goal: Option<usize>,
    burns: [usize; 3],
    bar: usize,
    bar_cells: usize,
    left_end: usize,
    zone: usize,
    events: Option<usize>,
}

impl Columns {
    fn new(cells: usize) -> Self {
        if cells >= 110 {
            return Self {
                name: 24,
                goal: Some(28),
                burns: [40, 47, 54],
                bar: 58,
                bar_cells: 20,
                left_end: 84,
                zone: 88,
                events: Some(99),
            };
        }
        let name = cells.saturating_sub(57).clamp(14, 24);
        let burns = [name + 9, name + 16, name + 23];
        let bar = name + 26;
        let bar_cells = cells.saturating_sub(bar + 19).min(16);
        let left_end = bar + bar_cells + 7;
        Self { name, goal: None, burns, bar, bar_cells, left_end, zone: left_end + 2, events: None }
    }
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let (cells, height) = (pen.width(), pen.height());
    let judgements = &scene.room.gauges.judgements;
    // Where rows are few, what is blank goes first and the lists after it.
    let air = usize::from(height >= judgements.len() + 12);
    let columns = Columns::new(cells);
    let mut y = air;
    draw_head(&mut pen.rows(y, 1), scene, &columns);
    y += 1;
    let shown = height.saturating_sub(y + 3).max(1);
    let selected = scene.room.gauges.cursor.selected;
    let first = (selected + 1).saturating_sub(shown);
    for (row, judgement) in judgements.iter().enumerate().skip(first).take(shown) {
        draw_slo(&mut pen.rows(y, 1), scene, judgement, &columns);
        if row == selected && scene.has_focus(Pane::Gauges) {
            pen.tint(0, cells, y, scene.style(Role::Sel));
            pen.put(0, y, "▸", scene.style(Role::Focus));
        }
        y += 1;
    }
    y += air;
    for told in [tightest(scene), lacking(scene)] {
        for line in flow(&told, cells.saturating_sub(2), 2) {
            pen.put_all(1, y, &line);
            y += 1;
        }
    }
    y += air;
    let closing = flow(&closing(scene), cells.saturating_sub(2), 2);
    let last = height.saturating_sub(closing.len() + air);
    if last > y {
        let body = last - y - air.min(last - y);
        draw_lists(&mut pen.rows(y, body), scene, air);
    }
    for (at, line) in closing.iter().enumerate() {
        if last + at >= y {
            pen.put_all(1, last + at, line);
        }
    }
}

fn draw_head(pen: &mut Pen<'_>, scene: &Scene<'_>, columns: &Columns) {
    let dim = scene.style(Role::Dim);
    let focused = scene.has_focus(Pane::Gauges);
    let look = scene.style(if focused { Role::Focus } else { Role::Text });
    pen.put(0, 0, if focused { "━" } else { "─" }, if focused { look } else { scene.style(Role::Faint) });
    let x = pen.put(2, 0, if focused { "▸1 SLOs" } else { "1 SLOs" }, look);
    let some = scene.room.gauges.judgements.first();
    let days = some.map_or(0, |judgement| judgement.window.as_secs() / 86_400);
    if days > 0 && columns.goal.is_some() {
        let said = format!("{days} days rolling");
        pen.put_cut(x + 1, 0, columns.goal.unwrap_or(0).saturating_sub(x + 2), &said, dim);
    }
    if let Some(at) = columns.goal {
        pen.put(at, 0, "goal", dim);
    }
    for (end, window) in columns.burns.into_iter().zip(some.map(windows).unwrap_or_default()) {
        pen.put_right(end, 0, &window, dim);
    }
    if columns.bar_cells >= 11 {
        pen.put(columns.bar, 0, "budget left", dim);
    } else {
        pen.put_right(columns.left_end, 0, "left", dim);
    }
    pen.put(columns.zone, 0, "zone", dim);
    if let Some(at) = columns.events {
        pen.put(at, 0, "in events", dim);
    }
}

fn windows(judgement: &Judgement) -> Vec<String> {
    let mut pairs = judgement.pairs.iter();
    let fast = pairs.next().map(|pair| [pair.short, pair.long]);
    let slow = pairs.next().map(|pair| pair.long);
    fast.into_iter().flatten().chain(slow).map(window_text).collect()
}

fn burns(judgement: &Judgement) -> Vec<Option<f64>> {
    let mut pairs = judgement.pairs.iter();
    let fast = pairs.next().map(|pair| [pair.short_burn, pair.long_burn]);
    let slow = pairs.next().map(|pair| pair.long_burn);
    fast.into_iter().flatten().chain(slow).collect()
}

fn draw_slo(pen: &mut Pen<'_>, scene: &Scene<'_>, judgement: &Judgement, columns: &Columns) {
    let dim = scene.style(Role::Dim);
    let stale = judgement.stale.is_some();
    let look = scene.style(if stale { Role::Stale } else { state_role(&judgement.state) });
    pen.put(1, 0, state_sign(&judgement.state), look);
    pen.put_cut(3, 0, columns.name, &clean(&judgement.slo), scene.style(Role::Strong));
    if let (Some(at), Some(slo)) = (columns.goal, scene.room.gauges.slo(&judgement.slo)) {
        pen.put_cut(at, 0, 7, &slo.objective.to_string(), dim);
    }
    if judgement.state.is_measured() {
        for (end, burn) in columns.burns.into_iter().zip(burns(judgement)) {
            pen.put_right(end, 0, &burn.map_or_else(|| "–".to_owned(), burn_text), dim);
        }
    } else {
        let said = judgement.short(scene.room.now, &|at| clock::minutes(scene.room, at));
        let at = columns.goal.map_or(columns.name + 4, |goal| goal + 6);
        pen.put_cut(at, 0, columns.bar.saturating_sub(at + 1), &clean(&said), look);
    }
    let Some(left) = judgement.budget else {
        pen.put_right(columns.left_end, 0, "–", dim);
        return;
    };
    let zone = left.zone();
    let zone_look = scene.style(if stale { Role::Stale } else { zone_role(zone) });
    if columns.bar_cells >= 8 {
        let track = scene.style(Role::Faint);
        draw_budget(pen, columns.bar, 0, columns.bar_cells, left.remaining, zone_look, track);
    }
    let percent = format!("{}{}", percent_text(left.remaining, 0), if judgement.partial { "!" } else { "" });
    pen.put_right(columns.left_end + usize::from(judgement.partial), 0, &percent, scene.style(Role::Strong));
    pen.put(columns.zone, 0, zone.word_in(scene.language()), zone_look);
    if let Some(at) = columns.events {
        let of = if judgement.method.is_of_events() { "" } else { " slices" };
        let said = format!("{} of {}{of}", thousands(left.left), thousands(left.allowed));
        pen.put_cut(at, 0, usize::MAX, &said, dim);
    }
}

/// What a budget lacks that is not of the whole window, and why an answer is a part of the truth; empty when nothing does.
fn lacking(scene: &Scene<'_>) -> Vec<Piece> {
    let gauges = &scene.room.gauges;
    let warn = scene.style(Role::Warn);
    let covered = super::gauges::least_covered(scene);
    let covered = covered.map(|(slo, text)| format!("{} counts {}.", clean(slo), clean(&text)));
    let part = gauges.judgements.iter().find(|judgement| judgement.partial);
    let part = part.and_then(|judgement| {
        Some(format!("{}: the server says: {}.", clean(&judgement.slo), clean(&gauges.server_said(&judgement.slo)?)))
    });
    let told: Vec<String> = covered.into_iter().chain(part).collect();
    if told.is_empty() { Vec::new() } else { vec![(told.join(" "), warn)] }
}

/// The smallest budget in a sentence.
fn tightest(scene: &Scene<'_>) -> Vec<Piece> {
    let room = scene.room;
    let (dim, text) = (scene.style(Role::Dim), scene.style(Role::Text));
    let known = room.gauges.judgements.iter().filter_map(|judgement| Some((judgement, judgement.budget?)));
    let least = known.min_by(|left, right| left.1.remaining.total_cmp(&right.1.remaining));
    let Some((judgement, budget)) = least else {
        return vec![("How much of the budgets is left is not known yet.".to_owned(), dim)];
    };
    let unit = clean(&judgement.unit);
    let left = if budget.left > 0.0 {
        format!(", {} of {} {unit} left. ", thousands(budget.left), thousands(budget.allowed))
    } else {
        format!(", {} {unit} over its budget of {}. ", thousands(-budget.left), thousands(budget.allowed))
    };
    let sentence = judgement.sentence(room.now, &|at| clock::minutes(room, at));
    vec![
        ("The tightest: ".to_owned(), dim),
        (cut(&clean(&judgement.slo), 40).into_owned(), text),
        (left, dim),
        (clean(&sentence).into_owned(), dim),
    ]
}

fn closing(scene: &Scene<'_>) -> Vec<Piece> {
    let key = |command: Command| {
        let keys = scene.keymap().first_key(command).unwrap_or_else(|| format!(":{}", command.name()));
        (keys, scene.style(Role::Key))
    };
    let dim = |text: &str| (text.to_owned(), scene.style(Role::Dim));
    vec![
        dim("Press "),
        key(Command::Declare),
        dim(" to declare an incident, "),
        key(Command::Palette),
        dim(" for everything else. A firing page opens the war room by itself and says so first."),
    ]
}

/// Beside each other where there is room, else one below the other.
fn draw_lists(pen: &mut Pen<'_>, scene: &Scene<'_>, air: usize) {
    let parts = home_lists::parts(scene);
    let (cells, height) = (pen.width(), pen.height());
    let [left, right] = if cells >= 100 && parts.len() > 1 {
        let (right, left): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.is_at_right);
        [left, right]
    } else {
        [parts, Vec::new()]
    };
    if right.is_empty() || left.is_empty() {
        let all: Vec<Part> = left.into_iter().chain(right).collect();
        draw_column(pen, scene, &all, air);
        return;
    }
    let half = cells / 2;
    let rows = draw_column(&mut pen.part(0, 0, half, height), scene, &left, air);
    let other = draw_column(&mut pen.part(half + 1, 0, usize::MAX, height), scene, &right, air);
    for y in 0..rows.max(other).min(height) {
        pen.put(half, y, if y == 0 { "┬" } else { "│" }, scene.style(Role::Faint));
    }
}

/// Gives how many rows it took.
fn draw_column(pen: &mut Pen<'_>, scene: &Scene<'_>, parts: &[Part], air: usize) -> usize {
    let mut y = 0;
    for (at, part) in parts.iter().enumerate() {
        let after = parts.len() - at - 1;
        // What comes later keeps a heading and a row.
        let rows = pen.height().saturating_sub(y + after * (2 + air));
        if rows < 2 {
            return y;
        }
        y += home_lists::draw(&mut pen.rows(y, rows), scene, part) + air;
    }
    y.saturating_sub(air)
}
