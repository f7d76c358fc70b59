//! Pane 1 over the whole screen: three rows an SLO, and beneath what the incident costs and what the budget allows.

use ratatui::style::{Modifier, Style};

use super::gauges_cost;
use crate::domain::slo::{
    Judgement, Label, Method, PairJudgement, RuleSeverity, Slo, State, burn_text, duration_in, number_in, percent_in,
    window_label,
};
use crate::room::Pane;
use crate::ui::clock;
use crate::ui::pen::{Pen, Piece};
use crate::ui::role::Role;
use crate::ui::scene::Scene;
use crate::ui::text::{clean, width};
use crate::ui::widget::{draw_budget, draw_burn, flow, pair_style, run_down, state_role, state_sign, zone_role};

/// Where everything stands in a row; the right end of what is aligned to the right.
struct Columns {
    windows_end: usize,
    bar: usize,
    bar_cells: usize,
    short_end: usize,
    long_end: usize,
    /// `None` where there is no room for a bar of the budget.
    budget: Option<usize>,
    left_end: usize,
    /// Of the budget in events.
    of_end: Option<usize>,
}

const BUDGET_CELLS: usize = 16;
/// Rows that the costs of an incident need, those of the zones alone, and those of the run of a budget: its head, a row of
/// bars, the incidents, the dates.
const COST_ROWS: usize = 11;
const ZONE_ROWS: usize = 7;
const RUN_ROWS: usize = 4;
/// As many as a configuration may list.
const MOST_PAIRS: usize = 8;

impl Columns {
    fn new(cells: usize) -> Self {
        let (of, with_budget) = (cells >= 108, cells >= 84);
        // The last cell is that of the `!` of a part of the truth.
        let right = if with_budget { 3 + BUDGET_CELLS } else { 0 } + 8 + if of { 9 } else { 0 };
        let bar = if cells >= 84 { 31 } else { 26 };
        let bar_cells = cells.saturating_sub(bar + 15 + right).clamp(4, 60);
        let short_end = bar + bar_cells + 8;
        let long_end = short_end + 7;
        let budget = with_budget.then_some(long_end + 3);
        let left_end = budget.map_or(long_end, |at| at + BUDGET_CELLS) + 7;
        Self {
            windows_end: bar - 1,
            bar,
            bar_cells,
            short_end,
            long_end,
            budget,
            left_end,
            of_end: of.then_some(left_end + 10),
        }
    }
}

pub(in crate::ui) fn draw(pen: &mut Pen<'_>, scene: &Scene<'_>) {
    let gauges = &scene.room.gauges;
    if gauges.judgements.is_empty() {
        pen.put(1, 0, "No SLO is configured.", scene.style(Role::Strong));
        pen.put(1, 1, "Each [[slo]] of the configuration becomes a gauge.", scene.style(Role::Dim));
        return;
    }
    let columns = Columns::new(pen.width());
    draw_axis(pen, scene, &columns);
    let body = pen.height().saturating_sub(1);
    let cells = pen.width();
    let rows_of = |judgement: &Judgement| rows_of(scene, judgement, cells);
    let all: usize = gauges.judgements.iter().map(rows_of).sum();
    let air = usize::from(all + gauges.judgements.len() <= body);
    let selected = gauges.cursor.selected;
    let mut first = selected.min(gauges.judgements.len() - 1);
    let mut used = 0;
    for (row, judgement) in gauges.judgements.iter().enumerate().take(selected + 1).rev() {
        used += rows_of(judgement) + air;
        if used > body {
            break;
        }
        first = row;
    }
    let mut y = 1;
    for (row, judgement) in gauges.judgements.iter().enumerate().skip(first) {
        let rows = rows_of(judgement);
        if y >= pen.height() {
            break;
        }
        draw_slo(&mut pen.rows(y, rows), scene, judgement, &columns);
        if row == selected && scene.has_focus(Pane::Gauges) {
            let to = pen.width();
            pen.tint(0, to, y, scene.style(Role::Sel));
            pen.put(1, y, "▸", scene.style(Role::Focus));
        }
        y += rows + air;
    }
    let height = pen.height();
    if height.saturating_sub(y) >= 2 {
        draw_legend(pen, scene, height - 1);
        let free = height - 1 - y;
        let run = run(scene, cells, free);
        let below = free - run.len();
        gauges_cost::draw(&mut pen.rows(y, below), scene);
        for (at, line) in run.iter().enumerate() {
            pen.put_all(1, y + below + at, line);
        }
    }
}

/// How the budget under the cursor ran down, with the incidents on it; nothing where the costs need the rows.
fn run(scene: &Scene<'_>, cells: usize, free: usize) -> Vec<Vec<Piece>> {
    let gauges = &scene.room.gauges;
    let costs = if gauges.judgements.iter().any(|judgement| judgement.lost.is_some()) { COST_ROWS } else { ZONE_ROWS };
    let Some(judgement) = gauges.selected().filter(|_| free >= costs + RUN_ROWS) else { return Vec::new() };
    let bars = if free >= costs + RUN_ROWS + 2 { 3 } else { 1 };
    let lasted = duration_in(judgement.window, scene.language());
    let words = format!("{} {lasted} · {}", scene.say(Label::HowItRanDown), clean(&judgement.slo));
    let rule = "─".repeat(cells.saturating_sub(width(&words) + 5));
    let faint = scene.style(Role::Faint);
    let head = vec![("─ ".to_owned(), faint), (words, scene.style(Role::Text)), (format!(" {rule}"), faint)];
    std::iter::once(head).chain(run_down(scene, judgement, cells.saturating_sub(2), bars).0).collect()
}

/// Its pairs, at least two rows; what is not measured has no bars.
fn pairs_of(judgement: &Judgement) -> usize {
    if judgement.state.is_measured() { judgement.pairs.len().clamp(2, MOST_PAIRS) } else { 2 }
}

/// Its pairs and its sentence.
fn rows_of(scene: &Scene<'_>, judgement: &Judgement, cells: usize) -> usize {
    pairs_of(judgement) + said(scene, judgement, cells).len()
}

/// Its sentence: one row, and a second rather than a cut; a third for why an answer is not whole.
fn said(scene: &Scene<'_>, judgement: &Judgement, cells: usize) -> Vec<Vec<Piece>> {
    flow(&sentence(scene, judgement), cells.saturating_sub(3), if judgement.partial { 3 } else { 2 })
}

fn draw_axis(pen: &mut Pen<'_>, scene: &Scene<'_>, columns: &Columns) {
    let dim = scene.style(Role::Dim);
    let decade = |number: usize| columns.bar + columns.bar_cells * number / 4;
    if columns.bar_cells >= 36 {
        for (number, label) in ["0.1×", "1×", "10×", "100×"].into_iter().enumerate() {
            pen.put(decade(number), 0, label, dim);
        }
        pen.put_right(columns.bar + columns.bar_cells, 0, "1000×", dim);
    } else if columns.bar_cells >= 12 {
        pen.put(columns.bar, 0, "0.1×", dim);
        pen.put_right(columns.bar + columns.bar_cells, 0, "1000×", dim);
    }
    pen.put_right(columns.short_end, 0, scene.say(Label::Short), dim);
    pen.put_right(columns.long_end, 0, scene.say(Label::Long), dim);
    match columns.budget {
        Some(at) => {
            pen.put_cut(at, 0, BUDGET_CELLS + 1, scene.say(Label::BudgetLeft), dim);
        }
        None => pen.put_right(columns.left_end, 0, scene.say(Label::Left), dim),
    }
    if let Some(end) = columns.of_end {
        pen.put_right(end, 0, scene.say(Label::Of), dim);
    }
}

/// The colour of its state, unless its numbers are old.
fn look(scene: &Scene<'_>, judgement: &Judgement) -> Style {
    scene.style(if judgement.stale.is_some() { Role::Stale } else { state_role(&judgement.state) })
}

fn draw_slo(pen: &mut Pen<'_>, scene: &Scene<'_>, judgement: &Judgement, columns: &Columns) {
    let style = |role| scene.style(role);
    let look = look(scene, judgement);
    pen.put(0, 0, state_sign(&judgement.state), look);
    let windows_cells = judgement.pairs.iter().map(|pair| width(&windows(pair))).max().unwrap_or(0);
    let name_cells = columns.windows_end.saturating_sub(windows_cells + 3);
    pen.put_cut(2, 0, name_cells, &clean(&judgement.slo), style(Role::Strong));
    if let Some(slo) = scene.room.gauges.slo(&judgement.slo) {
        let x = pen.put_cut(2, 1, name_cells, &goal(scene, slo, name_cells), style(Role::Dim));
        let journey = clean(&slo.journey);
        if slo.journey != slo.name && x + 2 + width(&journey) <= name_cells + 2 {
            pen.put(x + 2, 1, &journey, style(Role::Dim));
        }
    }
    if judgement.state.is_measured() {
        for (y, pair) in judgement.pairs.iter().enumerate().take(MOST_PAIRS) {
            draw_pair(pen, scene, y, judgement, pair, columns);
        }
    } else {
        let clock = |at| clock::minutes(scene.room, at);
        let phrase = clean(&judgement.short(scene.room.now, &clock)).into_owned();
        pen.put_cut(columns.bar, 0, columns.long_end.saturating_sub(columns.bar), &phrase, look);
    }
    budget_block(pen, scene, judgement, columns);
    for (y, line) in said(scene, judgement, pen.width()).iter().enumerate() {
        pen.put_all(2, pairs_of(judgement) + y, line);
    }
}

/// What is promised of what: `99.9 % of orders`, `99.5 % of 5 min slices, 95 % good`, shorter where that has no room.
fn goal(scene: &Scene<'_>, slo: &Slo, cells: usize) -> String {
    let whole = clean(&slo.goal(scene.language())).into_owned();
    let kind = match slo.method {
        Method::Occurrences => None,
        Method::TimeSlices { .. } => Some(Label::Slices),
        Method::RatioOfSlices { .. } => Some(Label::Mean),
    };
    let short = kind.map(|kind| format!("{} %, {}", slo.objective, scene.say(kind)));
    let said = std::iter::once(whole).chain(short).find(|text| width(text) <= cells);
    said.unwrap_or_else(|| format!("{} %", slo.objective))
}

fn windows(pair: &PairJudgement) -> String {
    format!("{}·{}", window_label(pair.short), window_label(pair.long))
}

fn draw_pair(
    pen: &mut Pen<'_>,
    scene: &Scene<'_>,
    y: usize,
    judgement: &Judgement,
    pair: &PairJudgement,
    columns: &Columns,
) {
    let look = pair_style(scene, judgement, pair);
    pen.put_right(columns.windows_end, y, &windows(pair), scene.style(Role::Dim));
    draw_burn(pen, columns.bar, y, columns.bar_cells, pair, look, scene.style(Role::Faint));
    let number = |burn: Option<f64>| burn.map_or_else(|| "–".to_owned(), burn_text);
    let plain = scene.style(if pair.short_above || pair.long_above { Role::Text } else { Role::Dim });
    pen.put_right(columns.short_end, y, &number(pair.short_burn), if pair.short_above { look } else { plain });
    let bold = look.add_modifier(Modifier::BOLD);
    pen.put_right(columns.long_end, y, &number(pair.long_burn), if pair.long_above { bold } else { plain });
}

fn budget_block(pen: &mut Pen<'_>, scene: &Scene<'_>, judgement: &Judgement, columns: &Columns) {
    let dim = scene.style(Role::Dim);
    let Some(left) = judgement.budget else {
        pen.put_right(columns.left_end, 0, "–", dim);
        return;
    };
    let zone = left.zone();
    let look = scene.style(if judgement.stale.is_some() { Role::Stale } else { zone_role(zone) });
    if let Some(at) = columns.budget {
        draw_budget(pen, at, 0, BUDGET_CELLS, left.remaining, look, scene.style(Role::Faint));
        let shown = zone.word_in(scene.language());
        pen.put(at, 1, shown, look.add_modifier(Modifier::BOLD));
    }
    pen.put_right(columns.left_end, 0, &percent_in(left.remaining, 0, scene.language()), scene.style(Role::Strong));
    if judgement.partial {
        pen.put(columns.left_end, 0, "!", scene.style(Role::Warn));
    }
    if let Some(end) = columns.of_end {
        pen.put_right(end, 0, &number_in(left.allowed, scene.language()), dim);
        let unit = clean(&judgement.unit);
        pen.put_right(end, 1, &crate::ui::text::cut(&unit, 20), dim);
    }
}

/// State, since when, and what it means; what answers stands out.
fn sentence(scene: &Scene<'_>, judgement: &Judgement) -> Vec<Piece> {
    let look = look(scene, judgement);
    let room = scene.room;
    let (strong, dim) = (scene.style(Role::Strong), scene.style(Role::Dim));
    let said = judgement.sentence(room.now, &|at| clock::minutes(room, at));
    let said = clean(&said).into_owned();
    let sign = state_sign(&judgement.state);
    let mut pieces = Vec::new();
    if let Some(age) = judgement.stale {
        let text = format!("{} {}:  ", clock::age(age.as_secs_f64()), scene.say(Label::Ago));
        pieces.push((text, scene.style(Role::Stale)));
    }
    let word = match (&judgement.state, judgement.since) {
        (State::Page | State::Notify | State::Ticket, Some(since)) => {
            let (word, label) = (judgement.state.word_in(scene.language()), scene.say(Label::Since));
            format!("{sign} {word} {label} {}", clock::seconds(room, since).trim_end())
        }
        (state, _) if state.is_measured() => format!("{sign} {}", state.word_in(scene.language())),
        _ => sign.to_owned(),
    };
    pieces.push((format!("{word}  "), look.add_modifier(Modifier::BOLD)));
    let split = match &judgement.state {
        State::Page | State::Notify | State::Ticket => said.find(". ").map(|at| at + 1),
        State::Rising => said.find(" if it stays so").or_else(|| said.find(" si cela continue")),
        State::Healthy => Some(0),
        _ => None,
    };
    let (answer, rest) = said.split_at_checked(split.unwrap_or(said.len())).unwrap_or((&said, ""));
    pieces.push((answer.to_owned(), strong));
    pieces.push((rest.to_owned(), dim));
    if let Some(why) = room.gauges.server_said(&judgement.slo).filter(|_| judgement.partial) {
        pieces.push((format!(" {}: {}", scene.say(Label::ItSays), clean(&why)), scene.style(Role::Warn)));
    }
    pieces
}

fn draw_legend(pen: &mut Pen<'_>, scene: &Scene<'_>, y: usize) {
    let dim = scene.style(Role::Dim);
    let [both, short, long] = [Label::BothWindows, Label::ShortOnly, Label::LongOnly].map(|label| scene.say(label));
    let mut said = vec![format!("▆ {both}  ▂ {short}  ╍ {long}")];
    let rules = scene.room.gauges.judgements.iter().map(|judgement| &judgement.pairs).find(|pairs| !pairs.is_empty());
    for pair in rules.into_iter().flatten().take(4) {
        let tick = if pair.severity == RuleSeverity::Page { "┃" } else { "│" };
        let severity = pair.severity.word_in(scene.language());
        said.push(format!("{tick} {severity}: {} {}×", scene.say(Label::BothAbove), pair.factor));
    }
    said.push(scene.say(Label::Logarithmic).to_owned());
    let mut x = 1;
    for part in said {
        if x + width(&part) > pen.width() {
            return;
        }
        x = pen.put(x, y, &part, dim) + 4;
    }
}
