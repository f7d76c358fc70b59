//! Where the number of an SLO's whole window comes from and how much of the window it covers. The words stand beside the
//! number: a budget of twelve days must not pass for one of thirty.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::{Language, Measure, duration_in};
use super::hours::{HOUR, Sum};
use crate::domain::{Symbol, Timestamp};

/// Who counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedBy {
    /// We, hour by hour; each was read once and is kept.
    Hours,
    /// A recording rule of the server, by its name.
    Rule(Symbol),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    pub by: CountedBy,
    pub window: Duration,
    /// How much of the window was asked for and answered, with numbers or with nothing.
    pub loaded: Duration,
    /// The server has nothing before this moment; `None` when it has the whole window, or while that is not known.
    pub since: Option<Timestamp>,
    /// How much the server has nothing of since then.
    pub holes: Duration,
    /// What the server has of the time before `since`.
    #[serde(default)]
    pub before: Before,
    /// Something else that should be told: a rule that counts by another method and is not used.
    pub note: Option<String>,
    /// What the server said beside answers that it calls a part of the truth.
    #[serde(default)]
    pub said: Vec<String>,
    /// Why the server does not give what is not loaded yet.
    #[serde(default)]
    pub refused: Option<String>,
}

/// What a server has of the time before an SLO's first sample: a new service is not a short memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// Nobody asked, or it did not tell.
    #[default]
    Unknown,
    /// Nothing of anything: it keeps no more.
    Nothing,
    /// Samples of others: this SLO's series are young.
    Others,
}

impl Before {
    const fn words(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Unknown) => "nothing older was found",
            (Language::English, Self::Nothing) => "the server keeps no more",
            (Language::English, Self::Others) => "its series are no older",
            (Language::French, Self::Unknown) => "rien de plus ancien",
            (Language::French, Self::Nothing) => "le serveur ne garde pas plus",
            (Language::French, Self::Others) => "ses séries ne sont pas plus anciennes",
        }
    }
}

const DAY: Duration = Duration::from_secs(86_400);

impl Coverage {
    /// Of hours that we counted for the window that ends at `now`.
    #[must_use]
    pub fn of_hours(sum: &Sum, window: Duration, now: Timestamp) -> Self {
        let is_loaded = sum.known >= sum.hours;
        let loaded = if is_loaded { window } else { HOUR * sum.known };
        // The first hour may lie half before the window: it is whole enough.
        let begins = now.minus(window);
        let since = sum.first.unwrap_or(sum.live_from);
        let is_short = is_loaded && since > begins;
        Self {
            by: CountedBy::Hours,
            window,
            loaded: loaded.min(window),
            since: is_short.then_some(since),
            holes: HOUR * sum.holes,
            before: Before::Unknown,
            note: None,
            said: Vec::new(),
            refused: None,
        }
    }

    #[must_use]
    pub fn of_rule(rule: Symbol, window: Duration) -> Self {
        Self {
            by: CountedBy::Rule(rule),
            window,
            loaded: window,
            since: None,
            holes: Duration::ZERO,
            before: Before::Unknown,
            note: None,
            said: Vec::new(),
            refused: None,
        }
    }

    /// Whether all was asked for; the server may still have had less.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.loaded >= self.window
    }

    /// `12 of 30 d loaded`, `12 of 30 d, the rest is refused`, `12 of 30 d, the server keeps no more` or `its series are no older`, `5 h missing`; `None` when
    /// the number covers all.
    #[must_use]
    pub fn text(&self, now: Timestamp) -> Option<String> {
        self.text_in(now, Language::English)
    }

    /// The same in the language of the screen.
    #[must_use]
    pub fn text_in(&self, now: Timestamp, language: Language) -> Option<String> {
        let french = language == Language::French;
        let share = |covered: Duration| {
            let text = self.share(covered);
            if french { text.replace(" of ", " sur ").replace(" d", " j") } else { text }
        };
        if !self.is_loaded() && self.refused.is_some() {
            let words = if french { "le reste est refusé" } else { "the rest is refused" };
            return Some(format!("{}, {words}", share(self.loaded)));
        }
        if !self.is_loaded() {
            return Some(format!("{} {}", share(self.loaded), if french { "lus" } else { "loaded" }));
        }
        let missing = if french { "manquent" } else { "missing" };
        let holes = (!self.holes.is_zero()).then(|| format!("{} {missing}", duration_in(self.holes, language)));
        let short = self.since.map(|since| {
            let kept = now.elapsed_since(since).min(self.window);
            format!("{}, {}", share(kept), self.before.words(language))
        });
        match (short, holes) {
            (Some(short), Some(holes)) => Some(format!("{short}, {holes}")),
            (short, holes) => short.or(holes),
        }
    }

    /// `12 of 30 d`, for a column.
    #[must_use]
    pub fn tag(&self, now: Timestamp) -> Option<String> {
        let covered = match (self.is_loaded(), self.since) {
            (false, _) => self.loaded,
            (true, Some(since)) => now.elapsed_since(since).min(self.window),
            (true, None) => return None,
        };
        Some(self.share(covered))
    }

    /// Who counted: `our hours`, `rule http_requests:increase30d`.
    #[must_use]
    pub fn source(&self) -> String {
        match &self.by {
            CountedBy::Hours => "our hours".to_owned(),
            CountedBy::Rule(name) => format!("rule {name}"),
        }
    }

    fn share(&self, covered: Duration) -> String {
        let (unit, word) = if self.window >= DAY * 2 { (DAY, "d") } else { (HOUR, "h") };
        let count = |duration: Duration| duration.as_secs() / unit.as_secs();
        format!("{} of {} {word}", count(covered), count(self.window))
    }
}

/// The hours and what was counted live since, as one measure of the window. `None` while older hours are on their way: a
/// part of a month looks better, or thirty times worse, than the month.
#[must_use]
pub fn whole(sum: &Sum, live: Measure, coverage: &Coverage) -> Option<Measure> {
    let (live_bad, live_total, live_partial) = match live {
        Measure::Counts { bad, total, partial } => (bad, total, partial),
        Measure::NoTraffic => (0.0, 0.0, false),
        // Nothing in this hour yet, or nothing any more: the hours before still count.
        Measure::NoData if sum.first.is_some() => (0.0, 0.0, false),
        other => return Some(other),
    };
    if !coverage.is_loaded() {
        return None;
    }
    let (bad, total) = (sum.bad + live_bad, sum.total + live_total);
    Some(match total > 0.0 {
        true => Measure::Counts { bad, total, partial: live_partial || sum.partial },
        false => Measure::NoTraffic,
    })
}
