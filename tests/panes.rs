//! Keys in, text frame out: what every pane shows, at which size, in which state. One module a pane, as in `src/ui/pane`.
//! `INSTA_UPDATE=always cargo test --test panes` writes the frames anew; read each against the one before.

#![cfg(test)]

#[path = "panes/company.rs"]
mod company;
#[path = "panes/failure.rs"]
mod failure;
#[path = "panes/gauges.rs"]
mod gauges;
#[path = "panes/hostile.rs"]
mod hostile;
#[path = "panes/laws.rs"]
mod laws;
#[path = "panes/logs.rs"]
mod logs;
#[path = "panes/note.rs"]
mod note;
#[path = "panes/overlays.rs"]
mod overlays;
#[path = "panes/runbook.rs"]
mod runbook;
#[path = "panes/scene.rs"]
mod scene;
#[path = "panes/states.rs"]
mod states;
#[path = "panes/timeline.rs"]
mod timeline;
#[path = "panes/waterfall.rs"]
mod waterfall;
#[path = "panes/whole.rs"]
mod whole;
