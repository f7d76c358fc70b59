//! What this Alertmanager remembers: silences and the alerts that were posted to it. The company's own alerts come from its
//! rules.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::silence::Silence;
use crate::demo::alerting::Alerting;
use crate::demo::promql::Store;
use crate::demo::rng::{Stream, fnv1a64};
use crate::demo::site::Site;
use crate::domain::{Labels, Timestamp};

/// More silences or posted alerts than this are refused: this is a server to practise on.
pub const MOST: usize = 10_000;

/// What every handler shares.
pub struct Api {
    pub site: Arc<Site>,
    pub alerting: Alerting,
    pub started: Timestamp,
    memory: Mutex<Memory>,
}

#[derive(Default)]
pub struct Memory {
    pub silences: BTreeMap<String, Silence>,
    pub posted: BTreeMap<Labels, Posted>,
    ids: u64,
}

/// An alert that a client sent.
#[derive(Clone, Debug)]
pub struct Posted {
    pub annotations: Labels,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub updated_at: Timestamp,
    pub generator: Option<String>,
}

impl Api {
    pub fn new(site: Arc<Site>) -> Self {
        let alerting = Alerting::new(site.company.as_ref(), Store::new(Arc::clone(&site.company)));
        let started = site.clock.now();
        Self { site, alerting, started, memory: Mutex::default() }
    }

    /// Held for a moment, never across an await.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// A new id, a UUID of version 4.
    pub fn next_id(&mut self, now: Timestamp) -> String {
        self.ids += 1;
        let stream = Stream::new(now.nanos().cast_unsigned() ^ self.ids.rotate_left(40));
        let bytes = (u128::from(stream.at(0)) << 64 | u128::from(stream.at(1))).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// The ids of the silences that are on an alert, in order.
    pub fn silenced_by(&self, labels: &Labels, now: Timestamp) -> Vec<String> {
        let on = self.silences.values().filter(|silence| silence.silences(labels, now));
        on.map(|silence| silence.id.clone()).collect()
    }
}

/// What Prometheus and Alertmanager call an alert by: the same for the same labels, everywhere.
pub fn fingerprint(labels: &Labels) -> String {
    let mut bytes = Vec::new();
    for (name, value) in labels.iter() {
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0xff);
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(0xff);
    }
    format!("{:016x}", fnv1a64(&bytes))
}
