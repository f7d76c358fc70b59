//! Which spans failed, where a failure started, and whether somebody above dealt with it. Not whom to blame for it:
//! that is `attribution.rs`.

use super::cell::{Cell, NONE};
use super::tree::Tree;
use crate::domain::signal::{Kind, Span, Status, Value};

/// What a span says of its outcome in attributes of its own, found in one look at them; `None` where it says nothing.
#[derive(Clone, Copy, Default)]
struct Said<'a> {
    http: Option<&'a Value>,
    http_before: Option<&'a Value>,
    grpc: Option<&'a Value>,
    grpc_before: Option<&'a Value>,
    error: Option<&'a Value>,
}

impl<'a> Said<'a> {
    /// Of two names of one thing the one of today counts, and of two values the first.
    fn by(span: &'a Span) -> Self {
        let mut said = Self::default();
        for (key, value) in &span.attributes {
            let place = match key.as_str() {
                "http.response.status_code" => &mut said.http,
                "http.status_code" => &mut said.http_before,
                "rpc.grpc.status_code" => &mut said.grpc,
                "grpc.status_code" => &mut said.grpc_before,
                "error" => &mut said.error,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        said
    }

    fn http_status(&self) -> Option<i64> {
        match self.http.or(self.http_before)? {
            Value::Integer(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn grpc_failed(&self) -> bool {
        match self.grpc.or(self.grpc_before) {
            Some(Value::Integer(code)) => *code != 0,
            Some(Value::Text(code)) => !code.is_empty() && code.as_ref() != "0" && !code.eq_ignore_ascii_case("ok"),
            _ => false,
        }
    }

    fn says_error(&self) -> bool {
        match self.error {
            Some(Value::Bool(error)) => *error,
            Some(Value::Text(error)) => error.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }
}

/// Whether a span says that it failed, and whether an answer was 4xx, on either side. An explicit `Ok` is the developer's
/// word and ends the question of failure.
fn outcome(span: &Span) -> (bool, bool) {
    let said = Said::by(span);
    let status = said.http_status();
    let failed = match span.status {
        Status::Error(_) => true,
        Status::Ok => false,
        Status::Unset => {
            let bad_answer = status.is_some_and(|status| match span.kind {
                Kind::Client => status >= 400,
                Kind::Server => status >= 500,
                _ => false,
            });
            bad_answer
                || said.grpc_failed()
                || said.says_error()
                || span.events.iter().any(|event| event.name == "exception")
        }
    };
    (failed, status.is_some_and(|status| (400..500).contains(&status)))
}

/// Marks every row; gives the rows where errors start that reached the root, and those that did not, both ranked.
pub(super) fn follow(cells: &mut [Cell], spans: &[Span]) -> (Vec<u32>, Vec<u32>) {
    let span = |cell: &Cell| spans.get(cell.span as usize);
    for cell in cells.iter_mut() {
        if let Some(span) = span(cell) {
            (cell.error, cell.client_error) = outcome(span);
        }
    }
    // A parent sees through its own service's internal spans, and through what was not received.
    let clear = |cell: &Cell, parent: &Cell| match (span(cell), span(parent)) {
        (Some(inner), Some(outer)) => inner.kind == Kind::Internal && inner.service == outer.service,
        (None, _) => true,
        (Some(_), None) => false,
    };
    let mut below = vec![false; cells.len()];
    for row in (0..cells.len()).rev() {
        let Some(cell) = cells.get(row) else { continue };
        let Some(parent) = cells.get(cell.parent as usize) else { continue };
        let carried = below.get(row).copied().unwrap_or(false);
        if (cell.error || (carried && clear(cell, parent)))
            && let Some(mark) = below.get_mut(cell.parent as usize)
        {
            *mark = true;
        }
    }
    // Whether an error in a row is part of an unbroken chain up to the root.
    let mut reaches = vec![false; cells.len()];
    let mut roots = Vec::new();
    let mut handled = Vec::new();
    for row in 0..u32::try_from(cells.len()).unwrap_or(NONE) {
        let Some(cell) = cells.get(row as usize) else { continue };
        let unbroken = match cells.get(cell.parent as usize) {
            None => cell.error || span(cell).is_none(),
            Some(parent) => {
                reaches.get(cell.parent as usize).copied().unwrap_or(false) && (cell.error || clear(cell, parent))
            }
        };
        if let Some(mark) = reaches.get_mut(row as usize) {
            *mark = unbroken;
        }
        if !cell.error || below.get(row as usize).copied().unwrap_or(false) {
            continue;
        }
        if unbroken {
            roots.push(row)
        } else {
            handled.push(row)
        }
        if let Some(cell) = cells.get_mut(row as usize) {
            cell.error_root = unbroken;
            cell.handled = !unbroken;
        }
    }
    rank(&mut roots, cells);
    rank(&mut handled, cells);
    (roots, handled)
}

/// On the critical path first, then the longest on it (which is the same comparison), then the last to end.
fn rank(rows: &mut [u32], cells: &[Cell]) {
    let weight = |row: &u32| cells.get(*row as usize).map(|cell| (cell.critical_nanos, cell.finish));
    rows.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.cmp(b)));
}

impl Tree {
    /// The row's error came from below and was neither started nor dealt with there.
    #[must_use]
    pub fn is_passed_on(&self, row: u32) -> bool {
        self.cells.get(row as usize).is_some_and(|cell| cell.error && !cell.error_root && !cell.handled)
    }
}
