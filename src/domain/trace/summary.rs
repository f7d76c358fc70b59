//! The services of one trace: who held its time, and where its errors are.

use std::collections::BTreeMap;

use super::tree::Tree;
use crate::domain::Symbol;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceShare {
    pub service: Symbol,
    pub spans: u32,
    pub errors: u32,
    /// Errors that start in it.
    pub starts: u32,
    /// On the critical path, and in which no child ran.
    pub critical_nanos: i64,
    pub self_nanos: i64,
}

impl Tree {
    /// The one that held up the trace the longest first; spans that were not received are nobody's.
    #[must_use]
    pub fn by_service(&self) -> Vec<ServiceShare> {
        let mut shares: BTreeMap<&Symbol, ServiceShare> = BTreeMap::new();
        for node in self.rows().filter(|node| node.span.is_some()) {
            let share = shares.entry(node.service).or_insert_with(|| ServiceShare {
                service: node.service.clone(),
                spans: 0,
                errors: 0,
                starts: 0,
                critical_nanos: 0,
                self_nanos: 0,
            });
            share.spans = share.spans.saturating_add(1);
            share.errors = share.errors.saturating_add(u32::from(node.is_error));
            share.starts = share.starts.saturating_add(u32::from(node.is_error_root));
            share.critical_nanos = share.critical_nanos.saturating_add(node.critical_nanos);
            share.self_nanos = share.self_nanos.saturating_add(node.self_nanos);
        }
        let mut shares: Vec<ServiceShare> = shares.into_values().collect();
        shares.sort_by(|a, b| {
            (b.critical_nanos, b.self_nanos)
                .cmp(&(a.critical_nanos, a.self_nanos))
                .then_with(|| a.service.cmp(&b.service))
        });
        shares
    }
}
