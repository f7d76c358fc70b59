//! Where an id, or a value of an attribute, stands, asked of every trace server and of the log server. A server that
//! does not answer leaves its part out and is named.

use futures_util::future::join_all;

use crate::domain::signal::{Listing, Summary};
use crate::domain::trace::Tree;
use crate::domain::{Cause, Failure, Symbol};
use crate::port::{History, Ports, Reply, Search};
use crate::room::{Places, PlacesAsk};

use super::half::of_half;
use super::whole::trace as fetch_trace;

/// Rows of one question to one server.
const TRACES: usize = 30;
const LINES: usize = 50;
/// Attributes that are asked for, one question each.
const KEYS: usize = 8;

pub(in crate::runtime) async fn traces(ports: &Ports, ask: &PlacesAsk) -> Places {
    let (whole, searched, holding) = tokio::join!(whole(ports, ask), searched(ports, ask), holding(ports, ask));
    let mut found = Places::default();
    match whole {
        Ok(Some(summary)) => found.traces.push(summary),
        // An id of another kind is no trace's: that is no trouble.
        Ok(None) => by_half(ports, ask, &mut found).await,
        Err(failure) => trouble(&mut found, &failure),
    }
    for (server, answer) in searched {
        match answer {
            Ok(listing) => add(&mut found, &server, listing),
            Err(failure) => trouble(&mut found, &failure),
        }
    }
    for (server, answer) in holding {
        match answer {
            Ok(Some(listing)) => {
                found.holders.extend(listing.rows.iter().map(|row| row.trace));
                add(&mut found, &server, listing);
            }
            Ok(None) => found.limits.push(format!("{server} cannot search for a span's id: only lines name its trace")),
            Err(failure) => trouble(&mut found, &failure),
        }
    }
    found
}

/// Where no trace has an id of 64 bits, those that have it as the low half of theirs.
async fn by_half(ports: &Ports, ask: &PlacesAsk, found: &mut Places) {
    let Some(half) = ask.reference.map(|reference| reference.trace).filter(|id| id.value() >> 64 == 0) else { return };
    let halves = of_half(ports, half, ask.window).await;
    halves.failures.iter().for_each(|failure| trouble(found, failure));
    if halves.traces.is_empty() && halves.more {
        found.limits.push("not among the low 64 bits of the newest and the failing traces: there are more".to_owned());
    }
    take(found, halves.traces);
}

fn add(found: &mut Places, server: &Symbol, listing: Listing) {
    found.more |= listing.more;
    if let Some(part) = &listing.partial {
        tell(found, server, || format!("{server}: partial: {part}"));
    }
    take(found, listing.rows);
}

fn take(found: &mut Places, rows: Vec<Summary>) {
    for row in rows {
        if found.traces.iter().all(|known| known.trace != row.trace) {
            found.traces.push(row);
        }
    }
}

pub(in crate::runtime) async fn lines(ports: &Ports, ask: &PlacesAsk) -> Places {
    let (of_trace, of_text, of_keys) =
        tokio::join!(lines_of_trace(ports, ask), lines_of_text(ports, ask), lines_of_keys(ports, ask));
    let mut found = Places::default();
    for answer in [of_trace, of_text, of_keys] {
        match answer {
            Ok(history) => {
                found.more |= history.more;
                for line in history.lines {
                    if !found.lines.contains(&line) {
                        found.lines.push(line);
                    }
                }
            }
            Err(failure) => trouble(&mut found, &failure),
        }
    }
    found.lines.sort_by_key(|line| line.time);
    found
}

fn trouble(found: &mut Places, failure: &Failure) {
    if !matches!(failure.cause, Cause::NotConfigured) {
        tell(found, &failure.source, || failure.to_string());
    }
}

/// Of several troubles with one server the first is told.
fn tell(found: &mut Places, server: &Symbol, words: impl FnOnce() -> String) {
    let of_server = format!("{server}: ");
    if !found.troubles.iter().any(|words| words.starts_with(&of_server)) {
        found.troubles.push(words());
    }
}

async fn whole(ports: &Ports, ask: &PlacesAsk) -> Reply<Option<Summary>> {
    let Some(reference) = ask.reference else { return Ok(None) };
    match fetch_trace(ports, reference.trace, None).await {
        Ok(tree) => Ok(summary(&tree)),
        Err(failure) if matches!(failure.cause, Cause::NotFound(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn summary(tree: &Tree) -> Option<Summary> {
    let root = tree.row(0)?;
    Some(Summary {
        trace: tree.trace(),
        root_service: root.service.clone(),
        root_name: Symbol::from(root.name),
        start: tree.start(),
        duration_nanos: tree.duration_nanos(),
        spans: u32::try_from(tree.span_count()).ok(),
        errors: Some(tree.errors()),
        services: tree.services().to_vec(),
    })
}

/// The traces with an attribute of this value, of each attribute that may hold it.
async fn searched(ports: &Ports, ask: &PlacesAsk) -> Vec<(Symbol, Reply<Listing>)> {
    let searches: Vec<Search> = ask
        .keys
        .iter()
        .take(KEYS)
        .map(|key| Search {
            service: ask.service.clone(),
            attribute: Some((key.clone(), Symbol::from(ask.text.as_str()))),
            ..Search::default()
        })
        .collect();
    let mut questions = Vec::new();
    for server in &ports.traces {
        questions.extend(
            searches
                .iter()
                .map(|search| async move { (server.name().clone(), server.search(search, ask.window, TRACES).await) }),
        );
    }
    join_all(questions).await
}

/// The traces with the span, of each server under its name; nothing is asked where the text is no span's id.
async fn holding(ports: &Ports, ask: &PlacesAsk) -> Vec<(Symbol, Reply<Option<Listing>>)> {
    let Some(span) = ask.span else { return Vec::new() };
    let asked = ports
        .traces
        .iter()
        .map(|server| async move { (server.name().clone(), server.holding(span, ask.window, TRACES).await) });
    join_all(asked).await
}

async fn lines_of_trace(ports: &Ports, ask: &PlacesAsk) -> Reply<History> {
    match (ports.logs.first(), ask.reference) {
        (Some(server), Some(reference)) => server.of_trace(reference.trace, ask.window, LINES).await,
        _ => Ok(History::default()),
    }
}

async fn lines_of_text(ports: &Ports, ask: &PlacesAsk) -> Reply<History> {
    let Some(server) = ports.logs.first() else { return Ok(History::default()) };
    server.history(&narrowed(ask), ask.window, LINES).await
}

async fn lines_of_keys(ports: &Ports, ask: &PlacesAsk) -> Reply<History> {
    match (ports.logs.first(), beside(ask)) {
        (Some(server), Some(query)) => server.history(&query, ask.window, LINES).await,
        _ => Ok(History::default()),
    }
}

/// The query of the log pane for lines that have the text under one of the keys, in what the server keeps beside them.
fn beside(ask: &PlacesAsk) -> Option<String> {
    let name = |key: &Symbol| -> String {
        key.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
    };
    let is_name = |name: &String| !name.is_empty() && !name.starts_with(|letter: char| letter.is_ascii_digit());
    let names = ask.keys.iter().take(KEYS).map(name).filter(is_name);
    let tests: Vec<String> = names.map(|name| format!("{name} = {}", quoted(&ask.text))).collect();
    (!tests.is_empty()).then(|| format!("{} | {}", ask.log_query, tests.join(" or ")))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The query of the log pane with a line filter behind it: the text anywhere, or under the attribute's name as JSON and
/// logfmt have it.
fn narrowed(ask: &PlacesAsk) -> String {
    match ask.keys.first().filter(|_| ask.under_key) {
        Some(key) => {
            let (key, value) = (literal(key), literal(&ask.text));
            let pattern = format!("\"?{key}\"?\\s*[:=]\\s*\"?{value}([\"\\s,}}]|$)");
            format!("{} |~ {}", ask.log_query, quoted(&pattern))
        }
        None => format!("{} |= {}", ask.log_query, quoted(&ask.text)),
    }
}

/// A text that a regular expression takes for itself.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && letter != '_' {
            literal.push('\\');
        }
        literal.push(letter);
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Timestamp, Window};

    fn ask(text: &str, keys: &[&str], under_key: bool) -> PlacesAsk {
        PlacesAsk {
            text: text.to_owned(),
            reference: None,
            span: None,
            keys: keys.iter().map(|key| Symbol::from(*key)).collect(),
            under_key,
            service: None,
            log_query: "{namespace=\"tms\"}".to_owned(),
            window: Window { start: Timestamp::EPOCH, end: Timestamp::from_seconds(1) },
        }
    }

    #[test]
    fn a_key_is_looked_for_beside_lines_under_a_name_that_labels_may_have() {
        let told = |text, keys: &[&str]| beside(&ask(text, keys, false));
        let query = "{namespace=\"tms\"} | order_id = \"a\\\"b\" or app_order_id = \"a\\\"b\"";
        assert_eq!(told("a\"b", &["order_id", "app.order-id", "1st", ""]).as_deref(), Some(query));
        assert_eq!(told("x", &[]), None);
    }

    #[test]
    fn each_server_is_named_once_and_one_that_fills_its_answer_may_have_more() {
        let mut found = Places::default();
        for (server, why) in [("loki", "refused"), ("loki", "reset"), ("tempo", "refused")] {
            trouble(&mut found, &Failure::new(server, Cause::Unreachable(why.to_owned())));
        }
        assert_eq!(found.troubles, ["loki: no connection: refused", "tempo: no connection: refused"]);
        let row = |id: u128| Summary {
            trace: crate::domain::TraceId::new(id).expect("not zero"),
            root_service: Symbol::default(),
            root_name: Symbol::default(),
            start: Timestamp::EPOCH,
            duration_nanos: 0,
            spans: None,
            errors: None,
            services: Vec::new(),
        };
        let rows = |count: u128| Listing::limited((1..=count).map(row).collect(), TRACES);
        let jaeger = Symbol::from("jaeger");
        add(&mut found, &jaeger, rows(29));
        assert!(!found.more);
        add(&mut found, &jaeger, rows(30));
        assert_eq!((found.more, found.traces.len(), found.troubles.len()), (true, 30, 2));
        for _ in 0..2 {
            add(&mut found, &jaeger, Listing { partial: Some("2 of 3 jobs".to_owned()), ..rows(1) });
        }
        assert_eq!(found.troubles[2..], ["jaeger: partial: 2 of 3 jobs"]);
    }

    #[test]
    fn what_is_looked_for_in_lines_is_text_and_never_query() {
        assert_eq!(narrowed(&ask("4472146", &["order_id"], false)), "{namespace=\"tms\"} |= \"4472146\"");
        let hostile = narrowed(&ask("a\" | json \\", &[], false));
        assert_eq!(hostile, "{namespace=\"tms\"} |= \"a\\\" | json \\\\\"");
        let under = narrowed(&ask("a.b", &["cache.hit"], true));
        assert_eq!(
            under,
            "{namespace=\"tms\"} |~ \"\\\"?cache\\\\.hit\\\"?\\\\s*[:=]\\\\s*\\\"?a\\\\.b([\\\"\\\\s,}]|$)\""
        );
    }
}
