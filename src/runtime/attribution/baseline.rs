//! Which healthy traces failing ones are held against: of the same kind, from the time before the failure began, spread
//! over it evenly, at most so many. Read once for a failure.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::means::Means;
use super::reader::Reader;
use crate::domain::signal::Summary;
use crate::domain::trace::{Operation, Profile, Unread, is_certain, traced};
use crate::domain::{Timestamp, Window};
use crate::port::{Search, Traces};

/// So long before the failure: long enough that what was deployed an hour ago is in a part of it only.
const LENGTH: Duration = Duration::from_secs(80 * 60);
/// A burn is seen some minutes after it began; what lies between is no baseline.
const MARGIN: Duration = Duration::from_secs(6 * 60);
/// A search gives the newest it finds: one a slice spreads them.
const SLICES: u32 = 8;
/// Rows asked of one slice, and traces read of it: the budget is 8 searches and 200 traces, once.
const ROWS: usize = 60;
const READ: usize = 25;
/// When nothing was found, it is tried again this much later.
const AGAIN: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Baseline {
    profiles: Vec<Arc<Profile>>,
    pub window: Option<Window>,
    root: Option<Operation>,
    tried: Option<Timestamp>,
}

impl Baseline {
    pub fn profiles(&self) -> Vec<&Profile> {
        self.profiles.iter().map(Arc::as_ref).collect()
    }

    pub fn is_read(&self) -> bool {
        !self.profiles.is_empty()
    }

    /// Reads it if it was not read for these failures. Gives what could not be read, and why.
    pub async fn refresh(
        &mut self,
        means: &Means,
        server: &dyn Traces,
        reader: &mut Reader,
        root: &Operation,
    ) -> Unread {
        let now = means.ports.clock.now();
        let is_new = self.root.as_ref() != Some(root);
        let is_due = self.tried.is_none_or(|tried| now.elapsed_since(tried) >= AGAIN);
        let Some(since) = means.alarm.since().filter(|_| is_new || (self.profiles.is_empty() && is_due)) else {
            return Unread::new();
        };
        let window = Window::ending(since.minus(MARGIN), LENGTH);
        let mut unread = Unread::new();
        let mut rows: Vec<Summary> = Vec::new();
        let search = Search { service: Some(root.service.clone()), ..Search::default() };
        for slice in 0..SLICES {
            let length = LENGTH / SLICES;
            let within = Window::ending(window.end.minus(length * slice), length);
            reader.requests = reader.requests.saturating_add(1);
            match server.search(&search, within, ROWS).await {
                Ok(found) => {
                    let own = found.rows.into_iter().filter(|row| {
                        row.errors.is_none_or(|errors| errors == 0)
                            && row.root_service == root.service
                            && (row.root_name == root.name || row.root_name.is_empty())
                    });
                    rows.extend(own.take(READ));
                }
                Err(failure) => *unread.entry(failure.cause.to_string()).or_default() += 1,
            }
        }
        let (read, more) = reader.read(means, &rows, window).await;
        for (why, count) in more {
            *unread.entry(why).or_default() += count;
        }
        let healthy = reader.shared(&read).into_iter().filter(|profile| !profile.failed);
        self.profiles = healthy.filter(|profile| profile.root.as_ref() == Some(root)).collect();
        self.window = Some(window);
        self.root = Some(root.clone());
        self.tried = Some(now);
        unread
    }
}

/// The kind that most of the failing traces are of, in which the failure starts for certain: where the context is lost the
/// caller's part tells nothing of the cause.
pub(super) fn usual_root(failing: &[&Profile]) -> Option<Operation> {
    let traced = traced(failing.iter().copied());
    let is_certain =
        |profile: &&&Profile| profile.responsible.as_ref().is_some_and(|verdict| is_certain(verdict, &traced));
    let certain: Vec<&Profile> = failing.iter().filter(is_certain).copied().collect();
    let of = if certain.is_empty() { failing } else { &certain };
    let mut counts: BTreeMap<&Operation, u32> = BTreeMap::new();
    for root in of.iter().filter_map(|profile| profile.root.as_ref()) {
        *counts.entry(root).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(root, _)| root.clone())
}
