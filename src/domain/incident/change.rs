//! What was changed on the systems themselves: deploys, flags, silences; from whatever server tells of it, and which of them
//! to suspect first. Not what changed between two polls of alerts: that is `changes.rs`.

use std::cmp::Reverse;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Place, Sighting};
use crate::domain::{Symbol, Timestamp};

/// The sign of a first suspect, wherever changes are shown: it points back at what is suspected.
pub const SUSPECT: &str = "◁";
/// What came so shortly before the impact is suspected first.
pub const FIRST_SUSPECT: Duration = Duration::from_secs(30 * 60);
/// What is read before an impact without being asked for.
pub const LOOKED_BACK: Duration = Duration::from_secs(60 * 60);
/// A change takes a moment to be marked and to be taken up by every pod.
const BEFORE: Duration = Duration::from_secs(60);
/// An impact that creeps is found earlier than what made it grow.
const AFTER: Duration = Duration::from_secs(5 * 60);
/// Two servers tell of one change within this time: a pipeline marks it, then the new pods are scraped.
pub const SAME: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Deploy,
    Flag,
    /// Another number of pods was wanted.
    Scale,
    Silence,
    /// A mark that says neither.
    Other,
}

impl ChangeKind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Flag => "flag",
            Self::Scale => "scale",
            Self::Silence => "silence",
            Self::Other => "mark",
        }
    }
}

/// One change, as one place showed it or as several did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it happened; where `after` is told, when it was first seen.
    pub at: Timestamp,
    /// When it had not happened yet, where it was not seen happening.
    pub after: Option<Timestamp>,
    pub kind: ChangeKind,
    pub service: Option<Symbol>,
    /// Of a deploy: what runs now.
    pub version: Option<Symbol>,
    /// Of a deploy: what ran before.
    pub previous: Option<Symbol>,
    /// In the words of whoever marked it.
    pub text: String,
    pub author: Option<Symbol>,
    /// Where it was seen, the one that tells its words first; never empty.
    pub seen: Vec<Sighting>,
}

impl Change {
    /// What a mark on a dashboard tells, by its tags first and its text then. `service:x` and `service=x` name a service,
    /// `version:x` a version; `pricing 2.13.4 → 2.14.0` says all of it in words.
    #[must_use]
    pub fn of_mark(at: Timestamp, text: &str, tags: &[&str], author: Option<&str>, source: &Symbol) -> Self {
        let tagged = |names: &[&str]| {
            tags.iter().find_map(|tag| {
                let (name, value) = tag.split_once([':', '='])?;
                let is_it = names.iter().any(|known| name.trim().eq_ignore_ascii_case(known));
                Some(Symbol::from(value.trim())).filter(|value| is_it && !value.is_empty())
            })
        };
        let kind = kind_of(tags, text);
        let said = Versions::in_text(text).filter(|_| kind == ChangeKind::Deploy);
        let (before, after, whose) = match said {
            Some(said) => (Some(said.before), Some(said.after), said.service),
            None => (None, None, None),
        };
        Self {
            at,
            after: None,
            kind,
            service: tagged(&["service", "service_name", "service.name", "app", "application"])
                .or_else(|| whose.map(Symbol::from)),
            version: tagged(&["version", "release", "service.version"]).or_else(|| after.map(Symbol::from)),
            previous: before.map(Symbol::from),
            text: text.lines().next().unwrap_or_default().trim().to_owned(),
            author: author.map(str::trim).filter(|author| !author.is_empty()).map(Symbol::from),
            seen: vec![Sighting { source: source.clone(), place: Place::Mark }],
        }
    }

    /// A version of a service that began to run.
    #[must_use]
    pub fn of_version(
        at: Timestamp,
        service: Symbol,
        version: Symbol,
        previous: Option<Symbol>,
        seen: Sighting,
    ) -> Self {
        let text = match &previous {
            Some(previous) => format!("{service} {previous} → {version}"),
            None => format!("{service} {version}"),
        };
        let (service, version, seen) = (Some(service), Some(version), vec![seen]);
        Self { at, after: None, kind: ChangeKind::Deploy, service, version, previous, text, author: None, seen }
    }

    /// The first moment at which it may have happened.
    #[must_use]
    pub fn earliest(&self) -> Timestamp {
        self.after.map_or(self.at, |after| after.min(self.at))
    }

    /// Whether two places show one and the same change.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        // Between the times in which each of them may have happened; none where these meet.
        let apart = self.earliest().max(other.earliest()).elapsed_since(self.at.min(other.at));
        let near = apart < SAME;
        let told = match self.kind {
            ChangeKind::Deploy => {
                self.service == other.service && self.version == other.version && self.service.is_some()
            }
            _ => self.text == other.text,
        };
        self.kind == other.kind && near && (told || self == other)
    }

    /// Whether it came within [`FIRST_SUSPECT`] before the impact. A silence hides an impact and causes none.
    #[must_use]
    pub fn is_first_suspect(&self, impact: Timestamp) -> bool {
        self.kind != ChangeKind::Silence && is_just_before(self.at, impact)
    }
}

/// Whether a moment lies within [`FIRST_SUSPECT`] before the impact, with a little doubt at both ends.
#[must_use]
pub fn is_just_before(at: Timestamp, impact: Timestamp) -> bool {
    impact.minus(FIRST_SUSPECT + BEFORE) <= at && at <= impact.plus(AFTER)
}

/// The changes that several places show, each event once with all of them, oldest first. The earlier telling stays; what it
/// leaves out the others add.
#[must_use]
pub fn merged<'a>(told: impl IntoIterator<Item = &'a Change>) -> Vec<Change> {
    let mut all: Vec<&Change> = told.into_iter().collect();
    // What is known exactly comes before what is known to lie within some time.
    let place = |change: &'a Change| (change.at, Reverse(change.earliest()), &change.text, &change.seen);
    all.sort_by(|left, right| place(left).cmp(&place(right)));
    let mut merged: Vec<Change> = Vec::new();
    for change in all {
        match merged.iter_mut().rev().find(|known| known.is_same(change)) {
            Some(known) => {
                known.author = known.author.take().or_else(|| change.author.clone());
                known.previous = known.previous.take().or_else(|| change.previous.clone());
                let more = change.seen.iter().filter(|sighting| !known.seen.contains(sighting));
                let more: Vec<Sighting> = more.cloned().collect();
                known.seen.extend(more);
            }
            None => merged.push(change.clone()),
        }
    }
    merged
}

/// The changes of the hour before an impact and of what followed, the likeliest cause first: the first suspects before the
/// others, of them the responsible service's own, then whatever came last before the impact; then what came since.
#[must_use]
pub fn suspects<'a>(changes: &'a [Change], impact: Timestamp, responsible: Option<&str>) -> Vec<&'a Change> {
    let since = impact.minus(LOOKED_BACK);
    let mut found: Vec<&Change> = changes.iter().filter(|change| change.at >= since).collect();
    let place = |change: &Change| {
        let own = responsible.is_some() && change.service.as_deref() == responsible;
        let since = change.at > impact.plus(AFTER);
        (!change.is_first_suspect(impact), since, !own, change.at.max(impact).elapsed_since(change.at.min(impact)))
    };
    found.sort_by_key(|change| place(change));
    found
}

fn kind_of(tags: &[&str], text: &str) -> ChangeKind {
    let words = |kind: ChangeKind| -> &[&str] {
        match kind {
            ChangeKind::Flag => &["flag", "feature-flag", "feature_flag", "featureflag", "toggle", "rollout"],
            ChangeKind::Deploy => &["deploy", "deployment", "deployed", "release", "rollback", "version", "migration"],
            ChangeKind::Silence => &["silence", "maintenance"],
            ChangeKind::Scale => &["scale", "scaled", "scaling", "autoscaling", "replicas"],
            ChangeKind::Other => &[],
        }
    };
    let kinds = [ChangeKind::Flag, ChangeKind::Deploy, ChangeKind::Silence, ChangeKind::Scale];
    let name = |tag: &str| tag.split([':', '=']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let tagged = kinds.into_iter().find(|kind| tags.iter().any(|tag| words(*kind).contains(&name(tag).as_str())));
    let text = text.to_ascii_lowercase();
    let said = |kind: &ChangeKind| {
        text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_'))
            .any(|word| words(*kind).contains(&word))
    };
    tagged.or_else(|| kinds.into_iter().find(said)).unwrap_or(ChangeKind::Other)
}

/// `pricing 2.13.4 → 2.14.0`, in words.
struct Versions<'a> {
    service: Option<&'a str>,
    before: &'a str,
    after: &'a str,
}

impl<'a> Versions<'a> {
    fn in_text(text: &'a str) -> Option<Self> {
        let (left, right) = ["→", "->", "=>"].into_iter().find_map(|arrow| text.split_once(arrow))?;
        let is_version = |word: &&str| word.chars().any(|letter| letter.is_ascii_digit());
        let mut words = left.split_whitespace().rev();
        let before = words.next().filter(is_version)?;
        let after = right.split_whitespace().next().filter(is_version)?;
        Some(Self { service: words.next(), before, after })
    }
}
