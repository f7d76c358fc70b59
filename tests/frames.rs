//! Keys in, text frame out: what every pane shows, at which size, in which state. One module a pane, as in `src/ui/pane`.
//! `INSTA_UPDATE=always cargo test --test frames` writes the frames anew; read each against the one before.

#![cfg(test)]

#[path = "frames/acts.rs"]
mod acts;
#[path = "frames/booking.rs"]
mod booking;
#[path = "frames/budget.rs"]
mod budget;
#[path = "frames/company.rs"]
mod company;
#[path = "frames/failure.rs"]
mod failure;
#[path = "frames/files.rs"]
mod files;
#[path = "frames/gauge_numbers.rs"]
mod gauge_numbers;
#[path = "frames/gauge_states.rs"]
mod gauge_states;
#[path = "frames/gauges.rs"]
mod gauges;
#[path = "frames/hostile.rs"]
mod hostile;
#[path = "frames/investigation.rs"]
mod investigation;
#[path = "frames/laws.rs"]
mod laws;
#[path = "frames/logs.rs"]
mod logs;
#[path = "frames/note.rs"]
mod note;
#[path = "frames/overlays.rs"]
mod overlays;
#[path = "frames/pivot.rs"]
mod pivot;
#[path = "frames/runbook.rs"]
mod runbook;
#[path = "frames/scene.rs"]
mod scene;
#[path = "frames/states.rs"]
mod states;
#[path = "frames/thrift.rs"]
mod thrift;
#[path = "frames/timeline.rs"]
mod timeline;
#[path = "frames/waterfall.rs"]
mod waterfall;
#[path = "frames/whole.rs"]
mod whole;
