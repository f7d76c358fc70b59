//! The lost orders on simulated servers, at a fixed moment of the evening, and an endpoint for each of them.

use std::time::Duration;

use url::Url;
use warroom::backend::Endpoint;
use warroom::demo::{Options, Running, Target, start};
use warroom::domain::{Timestamp, Window};

use super::replay::endpoint;

/// 2026-03-13T17:30:00Z.
pub const IMPACT: Timestamp = Timestamp::from_seconds(1_773_423_000);
/// The trace that the drawings show.
pub const EXEMPLAR: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The company at `seek` seconds after the start of the impact; at speed 0 its time stands still.
pub async fn play(seek: u32, speed: f64, faults: &[&str]) -> Running {
    let options = Options {
        scenario: "lost-orders".into(),
        seed: 42,
        seek: f64::from(seek),
        speed,
        anchor: Some(IMPACT),
        faults: faults.iter().map(|text| text.parse().expect("a fault")).collect(),
        port_base: None,
        broken_propagation: false,
    };
    start(&options).await.expect("a demo")
}

pub fn door(running: &Running, target: Target) -> Endpoint {
    endpoint(&Url::parse(running.urls.of(target)).expect("a URL"))
}

/// So many seconds after the start of the impact.
pub fn at(seconds: u64) -> Timestamp {
    IMPACT.plus(Duration::from_secs(seconds))
}

pub fn between(from: u64, to: u64) -> Window {
    Window { start: at(from), end: at(to) }
}
