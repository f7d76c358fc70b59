//! Reads what the gap report is made of: failing traces and others of a window, and log lines; within a budget of
//! questions. What the report says is in `domain::trace`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;

use super::whole;
use crate::domain::signal::Summary;
use crate::domain::trace::{Known, Report, Tree};
use crate::domain::{Cause, Failure, Symbol, TraceId, Window};
use crate::port::{History, Ports, Reply, Search};

/// Slices of the window, so that the traces are spread over it, and rows asked of each for each question.
const SLICES: u32 = 4;
const ROWS: usize = 40;
/// Traces that are read in all.
const TRACES: usize = 240;
const AT_ONCE: usize = 4;
/// Lines of each question: the configured query's, and those of errors.
const LINES: usize = 2_000;
/// Services with logs that are looked up among the traces where no server lists its services.
const LOOKED_UP: usize = 40;
const A_DAY: Duration = Duration::from_secs(24 * 3_600);

/// What to look at.
#[derive(Clone, Debug)]
pub struct GapScope {
    pub window: Window,
    pub entrypoints: Vec<Symbol>,
    pub business_keys: Vec<Symbol>,
    /// In the log server's own language.
    pub log_query: String,
}

/// Reads traces and lines and says where context is lost.
///
/// # Errors
/// When no trace could be read at all; that logs could not be read is told in the report.
pub async fn gap_report(ports: &Ports, scope: &GapScope) -> Reply<Report> {
    let Found { rows, more: more_traces, mut problems } = rows(ports, scope.window).await?;
    let mut traced: BTreeSet<Symbol> = rows.values().flat_map(|row| row.services.iter().cloned()).collect();
    let (trees, unread) = read(ports, &rows, scope.window).await;
    for (why, count) in unread {
        problems.push(format!("{count} traces could not be read: {why}"));
    }
    traced.extend(trees.iter().flat_map(|tree| tree.services().iter().cloned()));
    let (History { lines, more: more_lines }, counts) = lines(ports, scope, &mut problems).await;
    let speaking = counts.iter().flatten().map(|(service, _)| service).chain(lines.iter().map(|line| &line.service));
    let unknown: BTreeSet<Symbol> =
        speaking.filter(|service| !service.is_empty() && !traced.contains(*service)).cloned().collect();
    traced.extend(with_spans(ports, scope.window, unknown, &mut problems).await);
    let now = ports.clock.now();
    let (entrypoints, business_keys) = (scope.entrypoints.clone(), scope.business_keys.clone());
    let traced: Vec<Symbol> = traced.into_iter().collect();
    let found = rows.len() as u64;
    let made = tokio::task::spawn_blocking(move || {
        let known = Known {
            entrypoints: &entrypoints,
            business_keys: &business_keys,
            traced: &traced,
            lines: &lines,
            counts: counts.as_deref(),
            more_lines,
            found,
            more_traces,
        };
        Report { problems, ..Report::of(&trees, &known, now) }
    });
    made.await.map_err(|_| Failure::new("traces", Cause::Malformed("the gap report could not be made".into())))
}

type Rows = BTreeMap<TraceId, Summary>;

/// What the searches found; `more` when one of them stopped at its limit.
struct Found {
    rows: Rows,
    more: bool,
    problems: Vec<String>,
}

/// Failing ones first: they are the incident's.
async fn rows(ports: &Ports, window: Window) -> Reply<Found> {
    let (mut rows, mut more) = (Rows::new(), false);
    let mut problems = Vec::new();
    let mut last = Failure::new("traces", Cause::NotConfigured);
    let mut well = false;
    let Some(server) = ports.traces.first() else { return Err(last) };
    let length = window.length() / SLICES;
    let searches = [Search { errors_only: true, ..Search::default() }, Search::default()];
    for search in &searches {
        for slice in 0..SLICES {
            let within = Window::ending(window.end.minus(length * slice), length);
            match server.search(search, within, ROWS).await {
                Ok(found) => {
                    well = true;
                    more |= found.is_part();
                    let part = found.partial.map(|part| format!("{} searched in part, partial: {part}", server.name()));
                    problems.extend(part.filter(|part| !problems.contains(part)));
                    rows.extend(found.rows.into_iter().map(|row| (row.trace, row)));
                }
                Err(failure) => {
                    problems.push(format!("a search failed: {failure}"));
                    last = failure;
                }
            }
        }
    }
    if well { Ok(Found { rows, more, problems }) } else { Err(last) }
}

async fn read(ports: &Ports, rows: &Rows, window: Window) -> (Vec<Tree>, BTreeMap<String, u32>) {
    let mut wanted: Vec<&Summary> = rows.values().collect();
    wanted.sort_by_key(|row| (row.errors.unwrap_or(0) == 0, std::cmp::Reverse(row.start)));
    // Half of the budget is for those that did not fail: a lost context is often in both.
    let failing = wanted.iter().filter(|row| row.errors.unwrap_or(0) > 0).count().min(TRACES / 2);
    let skipped = wanted.iter().filter(|row| row.errors.unwrap_or(0) > 0).count() - failing;
    let mut ids: Vec<TraceId> = wanted.iter().take(failing).map(|row| row.trace).collect();
    ids.extend(wanted.iter().skip(failing + skipped).map(|row| row.trace));
    ids.truncate(TRACES);
    let read: Vec<(TraceId, Reply<Tree>)> = futures_util::stream::iter(ids)
        .map(|id| async move { (id, whole::trace(ports, id, Some(window)).await) })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut trees = Vec::new();
    let mut unread: BTreeMap<String, u32> = BTreeMap::new();
    for (id, tree) in read {
        match tree {
            Ok(tree) => trees.push(tree),
            Err(failure) => *unread.entry(failure.cause.to_string().replace(&id.to_string(), "it")).or_default() += 1,
        }
    }
    // The same report for the same traces, in whatever order they came.
    trees.sort_by_key(|tree| (tree.start(), tree.trace()));
    (trees, unread)
}

type Counts = Option<Vec<(Symbol, u64)>>;

/// The newest lines, and how many there are of each service in all the window.
async fn lines(ports: &Ports, scope: &GapScope, problems: &mut Vec<String>) -> (History, Counts) {
    let Some(server) = ports.logs.first() else {
        problems.push("no log server is configured: vendor ids and silent services are not looked for".to_owned());
        return (History::default(), None);
    };
    let (query, window) = (&scope.log_query, scope.window);
    let (lines, counts) = tokio::join!(server.history(query, window, LINES), server.by_service(query, window));
    let lines = lines.unwrap_or_else(|failure| {
        problems.push(format!("logs could not be read: {failure}"));
        History::default()
    });
    match counts {
        Ok(counts) => (lines, Some(counts)),
        Err(failure) => {
            let read = lines.lines.len();
            problems
                .push(format!("lines were not counted by service, the {read} that were read stand for all: {failure}"));
            (lines, None)
        }
    }
}

/// Of these services, those that send spans somewhere in the day: a service that is in none of the traces that were read
/// may be in others. Each server is asked for all that it has; where none says, a few services are searched for.
async fn with_spans(
    ports: &Ports,
    window: Window,
    unknown: BTreeSet<Symbol>,
    problems: &mut Vec<String>,
) -> BTreeSet<Symbol> {
    let day = Window::ending(window.end, A_DAY);
    if unknown.is_empty() {
        return BTreeSet::new();
    }
    let answers = join_all(ports.traces.iter().map(|server| server.services(day))).await;
    let (mut known, mut silent) = (BTreeSet::new(), Vec::new());
    for (server, answer) in ports.traces.iter().zip(answers) {
        match answer {
            // The traces have services: a server that knows none does not keep the list.
            Ok(services) if services.is_empty() => silent.push(format!("{} lists no services", server.name())),
            Ok(services) => known.extend(services),
            Err(failure) => silent.push(failure.to_string()),
        }
    }
    let mut found: BTreeSet<Symbol> = unknown.intersection(&known).cloned().collect();
    if silent.is_empty() {
        return found;
    }
    let left: Vec<&Symbol> = unknown.difference(&known).collect();
    let looked_up = left.len().min(LOOKED_UP);
    let why = silent.join("; ");
    problems.push(format!("{looked_up} of {} services with logs were searched for one by one: {why}", left.len()));
    for service in left.into_iter().take(LOOKED_UP) {
        let search = Search { service: Some(service.clone()), ..Search::default() };
        for server in &ports.traces {
            if server.search(&search, day, 1).await.is_ok_and(|found| !found.rows.is_empty()) {
                found.insert(service.clone());
                break;
            }
        }
    }
    found
}
