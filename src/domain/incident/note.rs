//! What a responder types into a note, read: kind, time, roles, evidence to leave out. Nothing typed is lost: what is
//! not understood stays text.

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entry, Evidence, HypothesisStatus, Kind, Origin, Severity};
use crate::domain::{Symbol, Timestamp};

/// The words that `without ..` at the end of a line may take off.
const EVIDENCE: [&str; 7] = ["trace", "span", "slo", "line", "alert", "runbook", "verdict"];
const ROLES: [&str; 5] = ["ic", "comms", "ops", "scribe", "deputy"];

/// A note as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub happened: Timestamp,
    /// Whether the writer gave the time.
    pub back_dated: bool,
    pub kind: Kind,
    /// Further kinds of the same line: `ic @ana, scribe @marc` assigns two roles.
    pub more: Vec<Kind>,
    /// Without the parts that the other fields hold.
    pub text: String,
    /// Evidence to leave out, by its word.
    pub without: Vec<Symbol>,
}

impl Draft {
    /// The entries to record, one a kind; `new_id` gives UUIDs v7. Text and evidence go to the first; one without text has the
    /// words of its kind.
    #[must_use]
    pub fn into_entries(
        self,
        new_id: &mut dyn FnMut() -> Uuid,
        author: &Symbol,
        recorded: Timestamp,
        evidence: Vec<Evidence>,
    ) -> Vec<Entry> {
        let mut text = Some(self.text);
        let mut kept: Vec<Evidence> =
            evidence.into_iter().filter(|evidence| !self.without.contains(&evidence.about)).collect();
        let entry = |kind: Kind| Entry {
            text: text.take().filter(|text| !text.is_empty()).unwrap_or_else(|| kind.words()),
            id: new_id(),
            happened: self.happened,
            recorded,
            author: author.clone(),
            origin: Origin::Person,
            kind,
            evidence: std::mem::take(&mut kept),
            supersedes: None,
            key: None,
        };
        std::iter::once(self.kind).chain(self.more).map(entry).collect()
    }
}

/// Reads a note. `zone` is where `@18:42` is told, `next_hypothesis` the number that a new `h ..` gets
/// (`Timeline::next_hypothesis`).
///
/// A time first: `-5m`, `-1h30m`, `@18:42`, `@18:42:10` (the latest such time that is not in the future). Then a prefix:
/// `o h a d m c e todo`, `h2 confirmed ..`, `sev1 because ..`, `declare sev2 ..`, `ic @ana`, `handover @bob`,
/// `impact @18:30`, `mitigated`, `resolved`, `reopened`. At the end: `without trace, slo`.
#[must_use]
pub fn parse_note(text: &str, now: Timestamp, zone: FixedOffset, next_hypothesis: u16) -> Draft {
    let (mut happened, body) = back_dated(text.trim(), now, zone);
    let (body, without) = without(body);
    if body.is_empty() {
        return Draft {
            happened: now,
            back_dated: false,
            kind: Kind::Note,
            more: Vec::new(),
            text: text.trim().to_owned(),
            without: Vec::new(),
        };
    }
    let (mut kind, mut rest, more) = kind_of(body, next_hypothesis);
    if kind == Kind::ImpactStarted && happened.is_none() {
        (happened, rest) = back_dated(rest, now, zone);
    }
    if rest.is_empty() && needs_text(&kind) {
        // A lone word is a text of its own.
        (kind, rest) = (Kind::Note, body);
    }
    Draft {
        happened: happened.unwrap_or(now),
        back_dated: happened.is_some(),
        kind,
        more,
        text: rest.to_owned(),
        without,
    }
}

const fn needs_text(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Observation
            | Kind::Action
            | Kind::Decision
            | Kind::Mitigation
            | Kind::Comms
            | Kind::Escalation
            | Kind::Todo
    ) || matches!(kind, Kind::Hypothesis { status: HypothesisStatus::Open, .. })
}

/// The first word and the rest, both without blanks around.
fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn back_dated(text: &str, now: Timestamp, zone: FixedOffset) -> (Option<Timestamp>, &str) {
    let (word, rest) = first_word(text);
    let moment = match word.strip_prefix('@') {
        Some(time) => time_of_day(time, now, zone).or_else(|| earlier(time, now)),
        None => earlier(word, now),
    };
    if moment.is_some() { (moment, rest) } else { (None, text) }
}

/// The word at the beginning of a note, or after `impact`, that is meant as a time and is none: `@99:99`, `-5x`, `+5m`.
/// `@ana` is a person, `-3 %` and `+20 orders` are numbers.
#[must_use]
pub fn unread_time(text: &str, now: Timestamp, zone: FixedOffset) -> Option<&str> {
    let (word, rest) = first_word(text.trim());
    let word = if word == "impact" { first_word(rest).0 } else { word };
    let is_digit = |letter: char| letter.is_ascii_digit();
    let meant = match word.strip_prefix('@') {
        Some(time) => time.strip_prefix(['-', '−', '+']).unwrap_or(time).starts_with(is_digit),
        None => word.strip_prefix(['-', '−', '+']).is_some_and(|length| {
            length.starts_with(is_digit) && length.trim_start_matches(is_digit).starts_with(char::is_alphabetic)
        }),
    };
    (meant && back_dated(word, now, zone).0.is_none()).then_some(word)
}

/// `-1h30m`, `-90s`, `-5min`; a hundred days at most.
fn earlier(word: &str, now: Timestamp) -> Option<Timestamp> {
    let mut rest = word.strip_prefix('-').or_else(|| word.strip_prefix('−'))?;
    let mut seconds = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let count: i64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let letters = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match rest.get(..letters)? {
            "s" | "sec" => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        rest = rest.get(letters..)?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
    }
    let given = word.chars().count() > 1 && seconds <= 100 * 86_400;
    given.then(|| now.shifted(-seconds * 1_000_000_000))
}

/// The latest such time of day in `zone` that is not after `now`.
fn time_of_day(word: &str, now: Timestamp, zone: FixedOffset) -> Option<Timestamp> {
    let mut parts = word.split(':');
    let mut part = || -> Option<Option<u32>> {
        match parts.next() {
            None => Some(None),
            Some(digits) if (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok())
            }
            Some(_) => None,
        }
    };
    let (hour, minute, second) = (part()??, part()??, part()?.unwrap_or(0));
    if parts.next().is_some() {
        return None;
    }
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    let today = now.to_utc().with_timezone(&zone).date_naive();
    let on = |day: NaiveDate| {
        zone.from_local_datetime(&day.and_time(time)).single().map(|moment| Timestamp::from_utc(moment.to_utc()))
    };
    on(today).filter(|moment| *moment <= now).or_else(|| on(today.pred_opt()?))
}

/// Takes a trailing `without trace, slo and line` off; only when every word after it names evidence.
fn without(text: &str) -> (&str, Vec<Symbol>) {
    for marker in ["without", "sans"] {
        let Some(at) = text.rfind(marker) else { continue };
        let (Some(before), Some(after)) = (text.get(..at), text.get(at + marker.len()..)) else { continue };
        if !(before.is_empty() || before.ends_with(char::is_whitespace)) || !after.starts_with(char::is_whitespace) {
            continue;
        }
        let words = after.split(|letter: char| letter.is_whitespace() || letter == ',');
        let words: Vec<&str> = words.filter(|word| !matches!(*word, "" | "and" | "et")).collect();
        if !words.is_empty() && words.iter().all(|word| EVIDENCE.contains(word)) {
            return (before.trim_end(), words.into_iter().map(Symbol::from).collect());
        }
    }
    (text, Vec::new())
}

fn kind_of(text: &str, next_hypothesis: u16) -> (Kind, &str, Vec<Kind>) {
    let (word, rest) = first_word(text);
    let plain = match word.trim_end_matches(':') {
        "o" if word == "o" => Some(Kind::Observation),
        "a" if word == "a" => Some(Kind::Action),
        "d" if word == "d" => Some(Kind::Decision),
        "m" if word == "m" => Some(Kind::Mitigation),
        "c" if word == "c" => Some(Kind::Comms),
        "e" if word == "e" => Some(Kind::Escalation),
        "todo" | "TODO" => Some(Kind::Todo),
        "impact" => Some(Kind::ImpactStarted),
        "handover" if rest.starts_with('@') => Some(Kind::Handover),
        "mitigated" => Some(Kind::Mitigated),
        "resolved" => Some(Kind::Resolved),
        "reopened" => Some(Kind::Reopened),
        _ => None,
    };
    if let Some(kind) = plain {
        return (kind, rest, Vec::new());
    }
    let (kind, rest) =
        hypothesis(word, rest, next_hypothesis).or_else(|| severity(word, rest)).unwrap_or((Kind::Note, text));
    if kind == Kind::Note
        && let Some((mut kinds, rest)) = roles(text)
    {
        let first = kinds.remove(0);
        return (first, rest, kinds);
    }
    (kind, rest, Vec::new())
}

/// `h ..`, `h2 ..`, `h2 confirmed`, `h1 rejected: ..`, `h2 deploy? → rejeté, ..`.
fn hypothesis<'a>(word: &str, rest: &'a str, next: u16) -> Option<(Kind, &'a str)> {
    let digits = word.trim_end_matches(':').strip_prefix('h')?;
    let number = match digits {
        "" if word == "h" => next,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok().filter(|number| *number > 0)?
        }
        _ => return None,
    };
    let (verdict, after) = first_word(rest);
    if let Some(status) = status(verdict) {
        let after = after.trim_start_matches([':', ',', ';']).trim_start();
        return Some((Kind::Hypothesis { number, status }, after));
    }
    let arrow = ["→", "->", "=>"].iter().find_map(|arrow| rest.rsplit_once(arrow));
    let status = arrow.and_then(|(_, verdict)| status(first_word(verdict.trim_start()).0));
    Some((Kind::Hypothesis { number, status: status.unwrap_or(HypothesisStatus::Open) }, rest))
}

fn status(word: &str) -> Option<HypothesisStatus> {
    match word.trim_end_matches([':', ',', ';', '.']).to_lowercase().as_str() {
        "confirmed" | "confirmé" | "confirmée" => Some(HypothesisStatus::Confirmed),
        "rejected" | "rejeté" | "rejetée" => Some(HypothesisStatus::Rejected),
        "open" | "reopened" | "ouverte" | "rouverte" => Some(HypothesisStatus::Open),
        _ => None,
    }
}

/// `sev1`, `sev1 because ..`, `declare sev2 ..`; a sentence that merely begins with `sev1` is a note.
fn severity<'a>(word: &str, rest: &'a str) -> Option<(Kind, &'a str)> {
    let sev =
        |word: &str| word.to_ascii_lowercase().starts_with("sev").then(|| word.parse::<Severity>().ok()).flatten();
    if matches!(word, "declare" | "declared" | "déclare" | "déclarer") {
        let (word, rest) = first_word(rest);
        let severity = sev(word.trim_end_matches([':', ',']))?;
        return Some((Kind::Declared { severity }, rest));
    }
    let severity = sev(word.trim_end_matches(':'))?;
    if rest.is_empty() || word.ends_with(':') {
        return Some((Kind::SeverityChanged { severity }, rest));
    }
    let (because, reason) = first_word(rest);
    matches!(because, "because" | "car").then_some((Kind::SeverityChanged { severity }, reason))
}

/// `ic @ana`, `ic=ana`, `ops @lea, scribe @marc`; what follows the last of them is text.
fn roles(text: &str) -> Option<(Vec<Kind>, &str)> {
    let mut kinds = Vec::new();
    let mut rest = text;
    while let Some((kind, after)) = role(rest) {
        kinds.push(kind);
        rest = after.trim_start_matches(',').trim_start();
    }
    (!kinds.is_empty()).then_some((kinds, rest))
}

fn role(text: &str) -> Option<(Kind, &str)> {
    let role = ROLES.iter().find(|role| text.starts_with(**role))?;
    let after = text.get(role.len()..)?;
    let named = after.trim_start();
    let name = named.strip_prefix('@').or_else(|| named.strip_prefix('='))?;
    let name = name.strip_prefix('@').unwrap_or(name);
    let end = name
        .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-')))
        .unwrap_or(name.len());
    let person = name.get(..end)?;
    let rest = name.get(end..)?;
    let apart = rest.is_empty() || rest.starts_with([',', ' ', '\t', '\n', '\r']);
    (!person.is_empty() && apart)
        .then(|| (Kind::RoleAssigned { role: Symbol::from(*role), person: Symbol::from(person) }, rest.trim_start()))
}
