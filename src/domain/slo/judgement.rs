//! What a reading means at a moment: a state, its numbers, a forecast. The words for people are in `sentence.rs`.

use std::time::Duration;

use super::{Budget, Cost, Language, Method, RuleSeverity, State, Zone};
use crate::domain::{Symbol, Timestamp};

/// One rule over its two windows. A burn is `None` where that window was not counted.
#[derive(Clone, Debug, PartialEq)]
pub struct PairJudgement {
    pub long: Duration,
    pub short: Duration,
    pub long_burn: Option<f64>,
    pub short_burn: Option<f64>,
    /// Decided in integers: a drawing follows these and never its own rounding.
    pub long_above: bool,
    pub short_above: bool,
    pub factor: f64,
    /// Both are above, on enough events.
    pub firing: bool,
    /// Both are above, on too few events to mean anything.
    pub too_few: bool,
    pub severity: RuleSeverity,
    /// Both are above, but not for as long as the rule wants: how much longer it waits.
    pub waits: Option<Duration>,
}

/// A rule that will fire if the failure goes on as over its short window.
#[derive(Clone, Debug, PartialEq)]
pub struct Rising {
    pub severity: RuleSeverity,
    pub fires_in: Duration,
    pub factor: f64,
    pub short: Duration,
    pub long: Duration,
    pub long_burn: f64,
}

/// Since the impact began.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    pub since: Timestamp,
    pub bad: f64,
    /// All events since then; `None` when only the smallest window that covers the time was known.
    pub total: Option<f64>,
    pub cost: Cost,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub slo: Symbol,
    pub state: State,
    /// For sorting, the worst first: the state's, but an SLO that fired when it was last heard of does not sink.
    pub rank: u8,
    /// In the order of the policy; from the last good reading when the state is not measured.
    pub pairs: Vec<PairJudgement>,
    pub zone: Option<Zone>,
    /// The last that was known.
    pub budget: Option<Budget>,
    /// The server said that this is a part of the truth, or a window is missing.
    pub partial: bool,
    /// Since when the state holds: firing, no traffic, no data, down.
    pub since: Option<Timestamp>,
    /// The age of the reading, when it is older than two refreshes: draw it dimmed.
    pub stale: Option<Duration>,
    /// Nothing has been heard for so long that it must be taken for a possible outage.
    pub possible_outage: bool,
    /// When the budget ends, in events: what is left by what is lost a minute. `None` when it does not within the window.
    pub gone_at: Option<Timestamp>,
    /// When the next worse zone begins, counted alike.
    pub next_zone: Option<(Zone, Timestamp)>,
    /// The share of bad events over the shortest window.
    pub error_ratio_5m: Option<f64>,
    /// Bad events a minute over the shortest window, or since the impact began, if that is shorter.
    pub bad_per_minute: Option<f64>,
    /// Whether `bad_per_minute` counts since the impact.
    pub rate_since_impact: bool,
    /// The share of the budget spent tonight: since the impact, else over the longest window that pages or notifies.
    pub spent: Option<f64>,
    pub rising: Option<Rising>,
    pub lost: Option<Lost>,
    /// What the numbers were measured at; `None` while loading.
    pub at: Option<Timestamp>,
    /// The share of the budget that a day gives back as the oldest day leaves the window; `None` when that day is not known.
    pub recovers_a_day: Option<f64>,
    /// How long after the last error the loudest firing pair falls silent; `None` when none fires.
    pub clears_after: Option<Duration>,
    /// How everything here was counted.
    pub method: Method,
    /// In which the sentences are written.
    pub language: Language,
    /// Copied for the words: what is counted, the windows, the SLO's own window.
    pub unit: Symbol,
    pub shortest: Duration,
    pub window: Duration,
}

impl Judgement {
    pub(super) fn loading(slo: &super::Slo) -> Self {
        Self {
            slo: slo.name.clone(),
            state: State::Loading,
            rank: State::Loading.rank(),
            pairs: Vec::new(),
            zone: None,
            budget: None,
            partial: false,
            since: None,
            stale: None,
            possible_outage: false,
            gone_at: None,
            next_zone: None,
            error_ratio_5m: None,
            bad_per_minute: None,
            rate_since_impact: false,
            spent: None,
            rising: None,
            lost: None,
            at: None,
            recovers_a_day: None,
            clears_after: None,
            method: slo.method,
            language: Language::English,
            unit: slo.counted(),
            shortest: slo.shortest(),
            window: slo.window,
        }
    }
}
