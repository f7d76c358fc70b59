//! The sign and the colour of an SLO's state and of its parts: one sign a state, and none of them green by accident.

use ratatui::style::Style;

use crate::domain::slo::{Judgement, PairJudgement, RuleSeverity, State, Zone};
use crate::ui::role::Role;
use crate::ui::scene::Scene;

pub(in crate::ui) const fn sign(state: &State) -> &'static str {
    match state {
        State::Page => "▲",
        State::Notify => "◆",
        State::Ticket => "□",
        State::Rising => "◇",
        State::Recovering => "▽",
        State::Healthy => "✓",
        State::Partial => "≈",
        State::LowTraffic { .. } => "◍",
        State::NoTraffic => "○",
        State::NoData => "◌",
        State::QueryFailed(_) | State::Down { .. } => "✗",
        State::MissingBucket { .. } => "⊘",
        State::Loading => "·",
    }
}

pub(in crate::ui) const fn role(state: &State) -> Role {
    match state {
        State::Page | State::Down { .. } => Role::Crit,
        State::Notify
        | State::Ticket
        | State::Rising
        | State::Recovering
        | State::LowTraffic { .. }
        | State::NoData
        | State::QueryFailed(_)
        | State::MissingBucket { .. }
        | State::Partial => Role::Warn,
        State::Healthy => Role::Ok,
        State::NoTraffic | State::Loading => Role::Dim,
    }
}

/// The bar of a pair. Numbers that are old have no colour of a state.
pub(in crate::ui) fn pair(scene: &Scene<'_>, judgement: &Judgement, pair: &PairJudgement) -> Style {
    if judgement.stale.is_some() {
        return scene.style(Role::Stale);
    }
    let sick = pair.short_above || pair.long_above;
    scene.style(match (pair.firing, pair.severity) {
        (true, RuleSeverity::Page) => Role::Crit,
        (true, _) => Role::Warn,
        (false, _) if sick || !matches!(judgement.state, State::Healthy) => Role::Warn,
        (false, _) => Role::Ok,
    })
}

pub(in crate::ui) const fn zone(zone: Zone) -> Role {
    match zone {
        Zone::Ship => Role::Ok,
        Zone::Cautious => Role::Warn,
        Zone::Freeze | Zone::Exhausted => Role::Crit,
    }
}
