//! The clients against a real Prometheus and a real Alertmanager, and their own tools against the simulated servers.
//! A program that is not installed is a skip that says so, and a failure where `WARROOM_CI_SERVERS` is set.

#![cfg(test)]

#[path = "child/program.rs"]
mod child;

#[path = "servers/alertmanager.rs"]
mod alertmanager;
#[path = "servers/exemplars.rs"]
mod exemplars;
#[path = "servers/installed.rs"]
mod installed;
#[path = "servers/looking_back.rs"]
mod looking_back;
#[path = "servers/month.rs"]
mod month;
#[path = "servers/native.rs"]
mod native;
#[path = "servers/prometheus.rs"]
mod prometheus;
#[path = "servers/rules.rs"]
mod rules;
#[path = "servers/served.rs"]
mod served;
#[path = "servers/slices.rs"]
mod slices;
#[path = "servers/texts.rs"]
mod texts;
#[path = "servers/tools.rs"]
mod tools;
#[path = "servers/twenty.rs"]
mod twenty;
#[path = "servers/vectors.rs"]
mod vectors;
#[path = "servers/wait.rs"]
mod wait;
