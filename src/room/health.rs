//! How each server is doing, as the header shows it. Not how it is asked: back-off and deadlines are `runtime`'s.

use std::time::Duration;

use crate::domain::{Failure, Symbol, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    Prometheus,
    Loki,
    Tempo,
    Jaeger,
    Alertmanager,
    Grafana,
    /// Local log files, or the standard input.
    Files,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SourceState {
    /// Not asked yet.
    Unknown,
    Well,
    /// A question has waited since then and still waits.
    Slow {
        since: Timestamp,
    },
    /// It answers with a part of the truth and says so.
    Partial,
    /// `since` is the first failure of this row of failures.
    Down {
        since: Timestamp,
        failure: Failure,
        attempts: u32,
        retry_at: Timestamp,
    },
    /// It cannot be asked at all, and nothing but another start changes that: its secret cannot be read, say.
    Unusable {
        reason: String,
    },
}

/// An answer that took this long was slow.
pub const SLOW: Duration = Duration::from_secs(2);

/// How many questions a server got in the last minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub per_minute: u32,
    /// What the configuration lets it have.
    pub allowed: u32,
    /// Those of them that had to wait.
    pub held: u32,
    /// Questions that waited too long and were never asked, since the start.
    pub given_up: u64,
}

impl Load {
    /// So many questions wait that what is on the screen grows old: of the budget nothing is left. A few that wait for
    /// their turn within it are as it should be.
    #[must_use]
    pub const fn is_spent(&self) -> bool {
        self.held > 0 && self.per_minute.saturating_mul(10) >= self.allowed.saturating_mul(9)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct SourceHealth {
    pub name: Symbol,
    pub kind: SourceKind,
    pub state: SourceState,
    pub last_good: Option<Timestamp>,
    /// How long the last answer took.
    pub latency: Option<Duration>,
    pub load: Load,
    /// By how much its clock is ahead of ours; 0 while they agree.
    pub ahead_seconds: i64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum JournalState {
    #[default]
    Well,
    /// The reason, in words: disk full, read-only.
    Failing(String),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// In the order of the configuration.
    pub sources: Vec<SourceHealth>,
    pub journal: JournalState,
}

impl Health {
    #[must_use]
    pub fn new(sources: &[(Symbol, SourceKind)]) -> Self {
        let unknown = |(name, kind): &(Symbol, SourceKind)| SourceHealth {
            name: name.clone(),
            kind: *kind,
            state: SourceState::Unknown,
            last_good: None,
            latency: None,
            load: Load::default(),
            ahead_seconds: 0,
        };
        Self { sources: sources.iter().map(unknown).collect(), journal: JournalState::Well }
    }

    #[must_use]
    pub fn of(&self, name: &str) -> Option<&SourceHealth> {
        self.sources.iter().find(|source| source.name == *name)
    }

    fn of_mut(&mut self, name: &str) -> Option<&mut SourceHealth> {
        self.sources.iter_mut().find(|source| source.name == *name)
    }

    /// A source that was configured and left out, and why.
    pub fn unusable(&mut self, name: &str, reason: String) {
        if let Some(source) = self.of_mut(name) {
            source.state = SourceState::Unusable { reason };
        }
    }

    /// An answer ends every trouble but a partial truth, which the answers themselves end.
    pub fn answered(&mut self, name: &str, latency: Duration, now: Timestamp) {
        if let Some(source) = self.of_mut(name) {
            source.last_good = Some(now);
            source.latency = Some(latency);
            source.state = match source.state {
                // It answers, and so late that what is on the screen is old: a full dot would hide that.
                _ if latency >= SLOW => SourceState::Slow { since: now.minus(latency) },
                SourceState::Partial => SourceState::Partial,
                _ => SourceState::Well,
            };
        }
    }

    pub fn loaded(&mut self, name: &str, load: Load) {
        if let Some(source) = self.of_mut(name) {
            source.load = load;
        }
    }

    pub fn skewed(&mut self, name: &str, ahead_seconds: i64) {
        if let Some(source) = self.of_mut(name) {
            source.ahead_seconds = ahead_seconds;
        }
    }

    /// A question to it has waited since then. A source that is down stays down.
    pub fn slow(&mut self, name: &str, since: Timestamp) {
        if let Some(source) = self.of_mut(name)
            && !matches!(source.state, SourceState::Down { .. })
        {
            source.state = SourceState::Slow { since };
        }
    }

    /// Whether its latest answers said that they are a part of the truth.
    pub fn partial(&mut self, name: &str, partial: bool) {
        if let Some(source) = self.of_mut(name) {
            match (&source.state, partial) {
                (SourceState::Well | SourceState::Unknown, true) => source.state = SourceState::Partial,
                (SourceState::Partial, false) => source.state = SourceState::Well,
                _ => {}
            }
        }
    }

    /// It failed `attempts` times in a row and is tried again at `retry_at`.
    pub fn troubled(&mut self, name: &str, failure: Failure, attempts: u32, retry_at: Timestamp, now: Timestamp) {
        if let Some(source) = self.of_mut(name) {
            let since = match source.state {
                SourceState::Down { since, .. } => since,
                _ => now,
            };
            source.state = SourceState::Down { since, failure, attempts, retry_at };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Cause;

    #[test]
    fn a_source_is_down_since_its_first_failure() {
        let at = Timestamp::from_seconds;
        let mut health = Health::new(&[("loki".into(), SourceKind::Loki)]);
        let failure = || Failure::new("loki", Cause::Unreachable("refused".to_owned()));
        health.answered("loki", Duration::from_millis(3), at(1));
        health.troubled("loki", failure(), 1, at(12), at(10));
        health.troubled("loki", failure(), 2, at(24), at(20));
        health.slow("loki", at(21));
        let loki = health.of("loki").expect("known");
        assert!(matches!(loki.state, SourceState::Down { since, attempts: 2, .. } if since == at(10)));
        assert_eq!(loki.last_good, Some(at(1)));
        health.answered("loki", Duration::from_millis(3), at(30));
        assert_eq!(health.of("loki").map(|source| &source.state), Some(&SourceState::Well));
    }
}
