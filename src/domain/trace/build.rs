//! The steps from spans as they came to the finished tree, in their order. What each step does is in its own file.

use std::collections::HashSet;

use super::cell::NONE;
use super::glance::Glance;
use super::identity::{Repaired, unify};
use super::shape::{Parents, lay_out, title};
use super::skew::{SkewOptions, adjust};
use super::tree::Tree;
use super::{critical, errors, holders};
use crate::domain::signal::Span;
use crate::domain::{Keyed, Symbol, TraceId};

impl Tree {
    /// Never fails and never recurses, whatever the spans say of their parents and times. The order of the spans does not
    /// matter. `partial` is the server's word that some are missing.
    #[must_use]
    pub fn build(trace: TraceId, spans: Vec<Span>, partial: Option<String>, options: SkewOptions) -> Self {
        let (mut spans, mut by_id, repaired) = unify(spans);
        let parents = Parents::find(&mut spans, &by_id);
        let mut negative = 0;
        for span in spans.iter_mut().filter(|span| span.end < span.start) {
            negative += 1;
            span.warnings.push("it ends before it starts: shown without a duration".to_owned());
        }
        let (times, moved) = adjust(&mut spans, &parents, options);
        let count_moved = count(moved.iter().filter(|nanos| **nanos != 0));
        let (spans, mut cells, rows) = lay_out(spans, &parents, &times, &moved);
        for place in by_id.values_mut() {
            *place = rows.get(*place as usize).copied().unwrap_or(NONE);
        }

        let start = cells.iter().map(|cell| cell.start).min().unwrap_or_default();
        let end = cells.iter().map(|cell| cell.finish).max().unwrap_or_default();
        critical::self_times(&mut cells, &spans);
        let sections = critical::find(&mut cells, &spans, end);
        let (error_roots, handled) = errors::follow(&mut cells, &spans);
        let holders = holders::fold(&sections, &cells, &spans);
        let name = title(&spans, &cells).map(|span| span.name.clone()).unwrap_or_default();
        let services: HashSet<&Symbol, Keyed> = spans.iter().map(|span| &span.service).collect();
        let mut services: Vec<Symbol> = services.into_iter().cloned().collect();
        services.sort_unstable();
        let unknown = Symbol::from("?");
        Self {
            glance: Glance::of(&spans, &cells, &sections, &unknown),
            trace,
            by_id,
            services,
            unknown,
            name,
            start,
            end,
            errors: count(cells.iter().filter(|cell| cell.error)),
            error_roots,
            handled,
            critical: sections,
            holders,
            warnings: words(repaired, &parents, negative, count_moved),
            partial,
            spans,
            cells,
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn words(repaired: Repaired, parents: &Parents, negative: u32, moved: u32) -> Vec<String> {
    let all = [
        (repaired.copies, "came twice", "came twice"),
        (repaired.shared, "shared its id with its caller", "shared their ids with their callers"),
        (repaired.reused, "has an id that another span has too", "have ids that other spans have too"),
        (parents.orphans, "names a parent that was not received", "name parents that were not received"),
        (parents.circles, "was its own ancestor", "were their own ancestors"),
        (negative, "ends before it starts", "end before they start"),
        (moved, "was moved by its host's clock", "were moved by their hosts' clocks"),
    ];
    all.into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| if count == 1 { format!("1 span {one}") } else { format!("{count} spans {many}") })
        .collect()
}
