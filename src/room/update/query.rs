//! The query prompt: a question in a server's own language goes there as it is typed; its answer is shown where such answers
//! live, and what the server says against it stands under the place that it means.

use super::super::command::Command;
use super::super::effect::{Ask, Effect, Effects};
use super::super::fact::Answered;
use super::super::health::SourceKind;
use super::super::mode::{Mode, Prompt, PromptKind, ValueView};
use super::super::pane::{LogsPane, Pane, WaterfallView};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::{selection, tail};
use crate::domain::query::{Address, Language, curl, place};
use crate::domain::signal::{Answer, Level, Line, Seq};
use crate::domain::slo::query as fill;
use crate::domain::{Cause, Failure, Labels};

/// Queries that are remembered, the last ones.
const REMEMBERED: usize = 50;
/// Rows of an answer in PromQL.
const ROWS: usize = 500;

pub(super) fn ask(room: &mut Room) {
    room.mode = Mode::Asking(Box::new(Prompt::new(PromptKind::Query { back: 0, wrong_at: None, asked: false }, "")));
}

/// Through the queries of before: further back, or towards now.
pub(super) fn recall(room: &mut Room, older: bool) {
    let count = room.queries.len();
    let Mode::Asking(prompt) = &mut room.mode else { return };
    let PromptKind::Query { back, wrong_at, .. } = &mut prompt.kind else { return };
    *back = if older { (*back + 1).min(count) } else { back.saturating_sub(1) };
    *wrong_at = None;
    let text = count.checked_sub(*back).and_then(|at| room.queries.get(at)).cloned().unwrap_or_default();
    prompt.text.set(&text);
    prompt.complaint = None;
}

/// Enter: the question goes to its server, and the line stays until the answer has come.
pub(super) fn submit(room: &mut Room, text: &str, out: &mut Effects) -> Result<(), &'static str> {
    let (language, query) = Language::of(text);
    if query.is_empty() {
        return Err("type a query: PromQL, {labels} for LogQL, { spans } for TraceQL");
    }
    let text = text.trim().to_owned();
    room.queries.retain(|known| *known != text);
    room.queries.push(text.clone());
    let early = room.queries.len().saturating_sub(REMEMBERED);
    room.queries.drain(..early);
    let ticket = room.tickets.draw(Slot::Query);
    let ask = Ask::Query { language, text: query.to_owned(), window: room.lens.window };
    out.push(Effect::Fetch { ticket, ask });
    let mut prompt = Prompt::new(PromptKind::Query { back: 1, wrong_at: None, asked: true }, &text);
    prompt.complaint = None;
    room.mode = Mode::Asking(Box::new(prompt));
    Ok(())
}

/// Esc: nobody waits for the answer any more.
pub(super) fn cancel(room: &mut Room, out: &mut Effects) {
    room.tickets.draw(Slot::Query);
    out.push(Effect::Drop(Slot::Query));
}

/// The prompt that waits for an answer, with the query that it asked; it is closed.
fn close(room: &mut Room) -> Option<String> {
    let Mode::Asking(prompt) = &room.mode else { return None };
    if !matches!(prompt.kind, PromptKind::Query { asked: true, .. }) {
        return None;
    }
    let text = prompt.text.text().to_owned();
    room.mode = Mode::Normal;
    Some(text)
}

pub(super) fn answered(room: &mut Room, answer: Answered, out: &mut Effects) {
    let Some(text) = close(room) else { return };
    let (_, query) = Language::of(&text);
    match answer {
        Answered::Numbers(answer) => numbers(room, query, &answer),
        Answered::Lines { lines, more } => lines_found(room, query, lines, more, out),
        Answered::Traces(found) => {
            let count = found.rows.len();
            room.waterfall.narrowed = Some(query.to_owned());
            room.waterfall.take_list(found, room.now);
            room.waterfall.chosen = true;
            room.waterfall.view = WaterfallView::List;
            room.focus = Pane::Waterfall;
            let clear = room.key_of(Command::ClearFilter);
            room.explain(format!("{count} traces answer; {clear} shows all again"));
        }
    }
}

fn numbers(room: &mut Room, query: &str, answer: &Answer) {
    let mut text = String::new();
    for warning in &answer.warnings {
        text.push_str(&format!("! {warning}\n"));
    }
    for series in answer.series.iter().take(ROWS) {
        let value = series.samples.last().map_or_else(|| "no sample".to_owned(), |sample| format!("{}", sample.value));
        let labels = if series.labels == Labels::default() { "{}".to_owned() } else { series.labels.to_string() };
        text.push_str(&format!("{value:<22} {labels}\n"));
    }
    if answer.series.len() > ROWS {
        text.push_str(&format!("… and {} more series\n", answer.series.len() - ROWS));
    }
    if answer.series.is_empty() {
        text.push_str("no data: no series answers to that, which is not zero\n");
    }
    room.mode = Mode::ValueView(ValueView { title: query.to_owned(), text, offset: 0 });
}

/// The log pane shows this query until it is closed, and tails it; what it showed before is kept.
fn lines_found(room: &mut Room, query: &str, lines: Vec<Line>, more: bool, out: &mut Effects) {
    let count = lines.len();
    let mut pane = LogsPane::new(query.to_owned(), Level::Unknown);
    pane.cursor.set_height(room.heights.get(&Pane::Logs).copied().unwrap_or(0));
    pane.look(room.lens.filter.clone(), Level::Unknown);
    let last = lines.iter().map(|line| line.time).max();
    pane.book.append(lines);
    pane.grow();
    let is_first = !room.shows_typed_lines();
    let before = std::mem::replace(&mut room.logs, pane);
    if is_first {
        room.logs_before_query = Some(Box::new(before));
    }
    room.focus = Pane::Logs;
    tail::start_tail(room, last.map(|time| time.shifted(1)), out);
    let least = if more { "the newest " } else { "" };
    let key = room.key_of(Command::Close);
    room.explain(format!(
        "{least}{count} lines of this window answer; the tail goes on with this query; {key} closes it"
    ));
}

/// Back to the lines that showed before a query was typed, and on with their tail from where it was left.
pub(super) fn close_lines(room: &mut Room, out: &mut Effects) {
    let Some(mut pane) = room.logs_before_query.take() else { return };
    pane.cursor.set_height(room.heights.get(&Pane::Logs).copied().unwrap_or(0));
    pane.look(room.lens.filter.clone(), pane.level);
    room.logs = *pane;
    let last = room.logs.book.end_seq().0.checked_sub(1).and_then(|seq| room.logs.book.time(Seq(seq)));
    tail::start_tail(room, last.map(|time| time.shifted(1)), out);
    room.explain("the query is closed: all lines show again");
}

/// The server refused it, or could not be asked: the line stays, to be mended.
pub(super) fn failed(room: &mut Room, failure: &Failure) {
    let Mode::Asking(prompt) = &mut room.mode else { return };
    let (_, query) = Language::of(prompt.text.text());
    let text = prompt.text.text();
    let skipped = text.find(query).and_then(|at| text.get(..at)).map_or(0, |before| before.chars().count());
    let PromptKind::Query { wrong_at, asked, .. } = &mut prompt.kind else { return };
    *asked = false;
    let words = match &failure.cause {
        Cause::Refused { message, .. } => message.clone(),
        _ => failure.to_string(),
    };
    *wrong_at = place(&words).map(|column| column + skipped);
    prompt.complaint = Some(words);
}

/// The query behind what the cursor stands on, as a line of curl.
pub(super) fn as_curl(room: &Room) -> Option<String> {
    let (language, query) = match room.focus {
        Pane::Gauges => {
            let slo = room.gauges.slo(&room.gauges.selected()?.slo)?;
            let shortest = crate::domain::slo::windows(slo).into_iter().next()?;
            (Language::Promql, fill(slo.sli.first(), shortest))
        }
        Pane::Logs => (Language::Logql, room.logs.query.clone()),
        Pane::Waterfall => {
            let typed = room.waterfall.narrowed.clone().filter(|text| text.starts_with('{'));
            let of_service = |service| format!("{{ resource.service.name = \"{service}\" }}");
            (Language::Traceql, typed.or_else(|| selection::service(room).map(of_service))?)
        }
        Pane::Timeline | Pane::Runbook => return None,
    };
    Some(curl(address(room, language)?, language, &query, room.lens.window))
}

/// The query that was typed last, as a line of curl.
pub(super) fn typed_as_curl(room: &Room) -> Option<String> {
    let (language, query) = Language::of(room.queries.last()?);
    Some(curl(address(room, language)?, language, query, room.lens.window))
}

/// The first server that reads this language.
fn address(room: &Room, language: Language) -> Option<&Address> {
    let kind = match language {
        Language::Promql => SourceKind::Prometheus,
        Language::Logql => SourceKind::Loki,
        Language::Traceql => SourceKind::Tempo,
    };
    let source = room.health.sources.iter().find(|source| source.kind == kind)?;
    room.settings.addresses.iter().find(|address| address.source == source.name)
}
