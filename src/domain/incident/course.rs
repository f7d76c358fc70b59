//! The incident that a timeline tells of: who leads, how bad, since when, in which state. Derived, never stored.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Entry, HypothesisStatus, Kind, Severity, Timeline};
use crate::domain::{Symbol, Timestamp};

/// In the order of a good course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncidentState {
    /// Something pages; nobody has declared anything.
    Detected,
    Investigating,
    /// A hypothesis is confirmed.
    Identified,
    /// The effect is gone, the cause is watched.
    Mitigated,
    Resolved,
}

impl IncidentState {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Mitigated => "mitigated",
            Self::Resolved => "resolved",
        }
    }
}

/// As it stands after its last entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hypothesis {
    pub number: u16,
    /// Of the entry that first put it.
    pub text: String,
    pub status: HypothesisStatus,
}

/// The times are those at which things happened, not those of writing; of each kind the earliest, but for `mitigated`
/// and `resolved`, of which the last counts, and only while it was not reopened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// `INC-31`, when a declaration names it.
    pub name: Option<Symbol>,
    /// The severity now; the highest that it reached is the severity of record.
    pub severity: Option<Severity>,
    pub severity_of_record: Option<Severity>,
    pub commander: Option<Symbol>,
    /// `ic`, `comms`, `ops`, `scribe`, `deputy`, and who holds it.
    pub roles: BTreeMap<Symbol, Symbol>,
    pub impact_start: Option<Timestamp>,
    pub detected: Option<Timestamp>,
    pub acknowledged: Option<Timestamp>,
    pub declared: Option<Timestamp>,
    /// The first commander was named.
    pub engaged: Option<Timestamp>,
    pub mitigated: Option<Timestamp>,
    pub resolved: Option<Timestamp>,
    /// The last update to others, for the next one that is due.
    pub last_comms: Option<Timestamp>,
    pub hypotheses: Vec<Hypothesis>,
    /// Start and end of each stretch of impact; the last is open while it lasts.
    pub impacts: Vec<(Timestamp, Option<Timestamp>)>,
    /// Severity and when it was set, oldest first.
    pub severities: Vec<(Timestamp, Severity)>,
    /// Its first entry.
    pub first: Option<Uuid>,
}

impl Incident {
    /// The latest incident of the timeline, a resolved one included; `None` when there never was one.
    #[must_use]
    pub fn latest(timeline: &Timeline) -> Option<Self> {
        Self::all(timeline).pop()
    }

    /// Every incident that the timeline tells of, the oldest first.
    #[must_use]
    pub fn all(timeline: &Timeline) -> Vec<Self> {
        let mut incidents: Vec<Self> = Vec::new();
        for entry in timeline.effective() {
            let opens = matches!(entry.kind, Kind::ImpactStarted | Kind::Declared { .. }) || detects(&entry.kind);
            let over = incidents.last().is_none_or(|incident| incident.resolved.is_some());
            if opens && over {
                incidents.push(Self { first: Some(entry.id), ..Self::default() });
            }
            if let Some(incident) = incidents.last_mut() {
                incident.tell(entry);
            }
        }
        incidents
    }

    /// The incident that is going on; `None` when calm.
    #[must_use]
    pub fn from_timeline(timeline: &Timeline) -> Option<Self> {
        Self::latest(timeline).filter(|incident| incident.resolved.is_none())
    }

    #[must_use]
    pub fn state(&self) -> IncidentState {
        let confirmed = || self.hypotheses.iter().any(|one| one.status == HypothesisStatus::Confirmed);
        match () {
            () if self.resolved.is_some() => IncidentState::Resolved,
            () if self.mitigated.is_some() => IncidentState::Mitigated,
            () if confirmed() => IncidentState::Identified,
            () if self.declared.is_some() => IncidentState::Investigating,
            () => IncidentState::Detected,
        }
    }

    /// What `T+` counts from: the impact, else the first that was known.
    #[must_use]
    pub fn zero(&self) -> Option<Timestamp> {
        self.impact_start.or(self.detected).or(self.declared)
    }

    fn tell(&mut self, entry: &Entry) {
        let at = entry.happened;
        match &entry.kind {
            Kind::ImpactStarted => {
                earliest(&mut self.impact_start, at);
                self.impact_begins(at);
            }
            Kind::Detected | Kind::AlertFired { .. } if detects(&entry.kind) => {
                earliest(&mut self.detected, at);
                self.impact_begins(at);
            }
            Kind::Acknowledged => earliest(&mut self.acknowledged, at),
            Kind::Declared { severity } => {
                earliest(&mut self.declared, at);
                self.impact_begins(at);
                self.name = self.name.take().or_else(|| incident_name(entry));
                self.rate(at, *severity);
            }
            Kind::SeverityChanged { severity } => self.rate(at, *severity),
            Kind::RoleAssigned { role, person } => self.assign(at, role.clone(), person.clone()),
            Kind::Handover => {
                if let Some(person) = mentioned(&entry.text) {
                    self.assign(at, Symbol::from("ic"), person);
                }
            }
            Kind::Hypothesis { number, status } => self.suppose(*number, *status, &entry.text),
            Kind::Comms => self.last_comms = Some(at),
            Kind::Mitigated => {
                self.mitigated = Some(at);
                self.impact_ends(at);
            }
            Kind::Resolved => {
                self.resolved = Some(at);
                self.impact_ends(at);
            }
            Kind::Reopened => {
                self.mitigated = None;
                self.resolved = None;
                self.impact_begins(at);
            }
            Kind::Observation
            | Kind::Action
            | Kind::Decision
            | Kind::Mitigation
            | Kind::Escalation
            | Kind::Todo
            | Kind::Detected
            | Kind::AlertFired { .. }
            | Kind::AlertCleared { .. }
            | Kind::ZoneChanged { .. }
            | Kind::Deployed { .. }
            | Kind::Changed { .. }
            | Kind::RunbookOpened { .. }
            | Kind::RunbookStep { .. }
            | Kind::Priced { .. }
            | Kind::Relieved { .. }
            | Kind::OutOfPolicy { .. }
            | Kind::PostmortemDue { .. }
            | Kind::Note
            | Kind::Undone => {}
        }
    }

    fn impact_begins(&mut self, at: Timestamp) {
        if self.impacts.last().is_none_or(|(_, end)| end.is_some()) {
            self.impacts.push((at, None));
        }
    }

    fn impact_ends(&mut self, at: Timestamp) {
        if let Some((_, end @ None)) = self.impacts.last_mut() {
            *end = Some(at);
        }
    }

    fn rate(&mut self, at: Timestamp, severity: Severity) {
        self.severity = Some(severity);
        self.severity_of_record = Some(self.severity_of_record.map_or(severity, |highest| highest.min(severity)));
        self.severities.push((at, severity));
    }

    fn assign(&mut self, at: Timestamp, role: Symbol, person: Symbol) {
        if role == "ic" {
            earliest(&mut self.engaged, at);
            self.commander = Some(person.clone());
        }
        self.roles.insert(role, person);
    }

    fn suppose(&mut self, number: u16, status: HypothesisStatus, text: &str) {
        match self.hypotheses.iter_mut().find(|known| known.number == number) {
            Some(known) => known.status = status,
            None => self.hypotheses.push(Hypothesis { number, text: text.to_owned(), status }),
        }
    }
}

fn earliest(known: &mut Option<Timestamp>, at: Timestamp) {
    *known = Some(known.map_or(at, |known| known.min(at)));
}

/// A page that fires detects an incident, as a report of it does.
fn detects(kind: &Kind) -> bool {
    match kind {
        Kind::Detected => true,
        Kind::AlertFired { severity, .. } => matches!(severity.as_str(), "page" | "critical"),
        _ => false,
    }
}

/// `INC-` and digits, in the text or the key of a declaration.
fn incident_name(entry: &Entry) -> Option<Symbol> {
    let texts = [entry.key.as_ref().map_or("", Symbol::as_str), entry.text.as_str()];
    let words =
        texts.into_iter().flat_map(|text| text.split(|letter: char| !(letter.is_alphanumeric() || letter == '-')));
    words
        .filter(|word| {
            word.strip_prefix("INC-")
                .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        })
        .map(Symbol::from)
        .next()
}

/// The first `@name` of a text.
fn mentioned(text: &str) -> Option<Symbol> {
    let name = text.split_whitespace().find_map(|word| word.strip_prefix('@'))?;
    let name = name.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    (!name.is_empty()).then(|| Symbol::from(name))
}
