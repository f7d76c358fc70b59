//! The clients against what real servers were recorded to send, against servers that lie, and against the simulated
//! company. One module a vendor, or a kind of signal.

#![cfg(test)]

#[path = "wire/alertmanager.rs"]
mod alertmanager;
#[path = "wire/booking.rs"]
mod booking;
#[path = "wire/changes.rs"]
mod changes;
#[path = "wire/company.rs"]
mod company;
#[path = "wire/gaps.rs"]
mod gaps;
#[path = "wire/jaeger.rs"]
mod jaeger;
#[path = "wire/ledger.rs"]
mod ledger;
#[path = "wire/lies.rs"]
mod lies;
#[path = "wire/links.rs"]
mod links;
#[path = "wire/loki.rs"]
mod loki;
#[path = "wire/pivot.rs"]
mod pivot;
#[path = "wire/prometheus.rs"]
mod prometheus;
#[path = "wire/recorded_fields.rs"]
mod recorded_fields;
#[path = "wire/recorded_rest.rs"]
mod recorded_rest;
#[path = "wire/recorded_spoken.rs"]
mod recorded_spoken;
#[path = "wire/recorded_traces.rs"]
mod recorded_traces;
#[path = "wire/recorded_unread.rs"]
mod recorded_unread;
#[path = "wire/refused_hours.rs"]
mod refused_hours;
#[path = "wire/replay.rs"]
mod replay;
#[path = "wire/silences.rs"]
mod silences;
#[path = "wire/stage.rs"]
mod stage;
#[path = "wire/story_faults.rs"]
mod story_faults;
#[path = "wire/story_lines.rs"]
mod story_lines;
#[path = "wire/story_numbers.rs"]
mod story_numbers;
#[path = "wire/story_traces.rs"]
mod story_traces;
#[path = "wire/tail.rs"]
mod tail;
#[path = "wire/tail_hostile.rs"]
mod tail_hostile;
#[path = "wire/tail_law.rs"]
mod tail_law;
#[path = "wire/tail_server.rs"]
mod tail_server;
#[path = "wire/tempo.rs"]
mod tempo;
#[path = "wire/unfit.rs"]
mod unfit;
