//! The price of an incident for one SLO, as it stands or as it was when the incident ended: events, minutes of budget, money.
//! Whole numbers alone, so that what is written into the record is what is read back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::slo::{Judgement, Money, Slo, Zone, money_text, percent_text, thousands, window_word};
use crate::domain::{Symbol, Timestamp};

/// Since the impact began. `None` is what was not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub slo: Symbol,
    /// What an event is, in the plural.
    pub unit: Symbol,
    pub since: Timestamp,
    /// When it was measured.
    pub until: Timestamp,
    /// Thousandths of a bad event, and of an event.
    pub lost_milli: u64,
    pub total_milli: Option<u64>,
    pub money: Option<Money>,
    /// Millionths of the budget of the SLO's own window.
    pub spent_ppm: Option<u64>,
    pub left_ppm: Option<i64>,
    /// The SLO's window, in seconds.
    pub window_seconds: u64,
    /// Of the budget, as minutes of a full outage: thousandths of what this cost and of what there is.
    pub minutes_milli: Option<u64>,
    pub budget_minutes_milli: u64,
    pub zone: Option<Zone>,
    /// The next worse zone, and the end of the budget, if it goes on as now.
    pub next_zone: Option<(Zone, Timestamp)>,
    pub gone_at: Option<Timestamp>,
    /// The server told a part of the truth: it was at least this.
    pub at_least: bool,
}

impl Price {
    /// `None` while nothing is known to be lost since an impact.
    #[must_use]
    pub fn of(slo: &Slo, judgement: &Judgement) -> Option<Self> {
        let lost = judgement.lost.as_ref()?;
        let spent = judgement.budget.map(|budget| lost.bad / budget.allowed);
        let budget_minutes = slo.objective.budget() * slo.window.as_secs_f64() / 60.0;
        Some(Self {
            slo: slo.name.clone(),
            unit: judgement.unit.clone(),
            since: lost.since,
            until: judgement.at.unwrap_or(lost.since).max(lost.since),
            lost_milli: whole(lost.bad * 1e3),
            total_milli: lost.total.map(|total| whole(total * 1e3)),
            money: lost.cost.money.clone(),
            spent_ppm: spent.map(|spent| whole(spent * 1e6)),
            left_ppm: judgement.budget.map(|budget| signed(budget.remaining * 1e6)),
            window_seconds: slo.window.as_secs(),
            minutes_milli: spent.map(|spent| whole(spent * budget_minutes * 1e3)),
            budget_minutes_milli: whole(budget_minutes * 1e3),
            zone: judgement.zone,
            next_zone: judgement.next_zone,
            gone_at: judgement.gone_at,
            at_least: judgement.partial,
        })
    }

    #[must_use]
    pub fn lost(&self) -> f64 {
        self.lost_milli as f64 / 1e3
    }

    /// The share of the budget that this cost.
    #[must_use]
    pub fn spent(&self) -> Option<f64> {
        self.spent_ppm.map(|ppm| ppm as f64 / 1e6)
    }

    #[must_use]
    pub fn left(&self) -> Option<f64> {
        self.left_ppm.map(|ppm| ppm as f64 / 1e6)
    }

    #[must_use]
    pub fn lasted(&self) -> Duration {
        self.until.elapsed_since(self.since)
    }

    /// `66.2 of 43.2 min`
    #[must_use]
    pub fn minutes_text(&self) -> Option<String> {
        let minutes = self.minutes_milli? as f64 / 1e3;
        Some(format!("{minutes:.1} of {:.1} min", self.budget_minutes_milli as f64 / 1e3))
    }

    /// `30 d`
    #[must_use]
    pub fn window_text(&self) -> String {
        window_word(Duration::from_secs(self.window_seconds))
    }

    /// `2,300 orders, €180k`
    #[must_use]
    pub fn short(&self) -> String {
        let least = if self.at_least { "≥ " } else { "" };
        let events = format!("{least}{} {}", thousands(self.lost()), self.unit);
        match &self.money {
            Some(money) => format!("{events}, {}", money_text(money)),
            None => events,
        }
    }

    /// `2,300 orders, €180k, 153.3 % of 30 d (66.2 of 43.2 min), −91.3 % left`
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.short();
        if let (Some(spent), Some(minutes)) = (self.spent(), self.minutes_text()) {
            text.push_str(&format!(", {} of {} ({minutes})", percent_text(spent, 1), self.window_text()));
        }
        if let Some(left) = self.left() {
            text.push_str(&format!(", {} left", percent_text(left, 1)));
        }
        text
    }

    /// The dearest first: money goes before the share of a budget.
    #[must_use]
    pub fn dearer(&self, other: &Self) -> std::cmp::Ordering {
        let rank = |price: &Self| (price.money.as_ref().map(|money| money.micro), price.spent_ppm, price.lost_milli);
        rank(other).cmp(&rank(self))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates at both ends")]
const fn whole(number: f64) -> u64 {
    number.round() as u64
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates at both ends")]
const fn signed(number: f64) -> i64 {
    number.round() as i64
}
