//! The demo's colleagues: what the scenario's responders write comes into the record at its moment, as if by other hands.

use std::time::Duration;

use crate::demo::ScriptEntry;
use crate::domain::Symbol;
use crate::domain::incident::{Entry, Evidence, HypothesisStatus, Kind, Origin, Severity};
use crate::port::{Clock, Journal};
use crate::room::Fact;
use crate::runtime::Sender;

/// How soon and how late the script is looked at again, and the least speed of a clock that is waited by.
const LEAST: Duration = Duration::from_millis(50);
const MOST: Duration = Duration::from_secs(60);
const SLOWEST: f64 = 0.001;

/// Plays the script on the clock of the demo until it has ended or the war room has closed.
pub(super) async fn play(
    script: Vec<ScriptEntry>,
    clock: std::sync::Arc<dyn Clock>,
    journal: std::sync::Arc<dyn Journal>,
    inbox: Sender,
) {
    // What the program sees for itself (alerts, zones, the impact) it records for itself, as it does on real servers.
    let by_itself = |entry: &ScriptEntry| {
        matches!(entry.kind, "deploy" | "detected" | "alert" | "zone" | "impact_started" | "alert_cleared")
    };
    let mut script = script.into_iter().filter(|entry| !by_itself(entry)).peekable();
    while script.peek().is_some() {
        let now = clock.now();
        let mut due = Vec::new();
        while let Some(entry) = script.next_if(|entry| entry.at <= now) {
            due.push(written(&entry));
        }
        for entry in &due {
            if let Err(error) = journal.append(entry.clone()).await {
                inbox.send(Fact::Notice(format!("a colleague's entry is not on the disk: {error}"))).await;
            }
        }
        if !due.is_empty() && !inbox.send(Fact::Entries(due)).await {
            return;
        }
        if let Some(next) = script.peek() {
            let wait = next.at.elapsed_since(clock.now()).div_f64(clock.speed().max(SLOWEST));
            tokio::time::sleep(wait.clamp(LEAST, MOST)).await;
        }
    }
}

/// The same script entry gets the same id in every run, so that a record opened again holds it once.
fn written(script: &ScriptEntry) -> Entry {
    let millis = u64::try_from(script.at.millis()).unwrap_or_default();
    let mut random = [0_u8; 10];
    for (at, byte) in script.text.bytes().chain(script.kind.bytes()).enumerate() {
        if let Some(slot) = random.get_mut(at % 10) {
            *slot = slot.rotate_left(3) ^ byte;
        }
    }
    Entry {
        id: uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
        happened: script.at,
        recorded: script.at,
        author: Symbol::from(if script.author == "system" { "auto" } else { script.author }),
        origin: if script.author == "system" { Origin::System } else { Origin::Person },
        kind: kind(script),
        text: script.text.clone(),
        evidence: script.trace.map(|trace| evidence(trace, script)).into_iter().collect(),
        supersedes: None,
        key: None,
    }
}

fn evidence(trace: crate::domain::TraceId, script: &ScriptEntry) -> Evidence {
    Evidence {
        about: Symbol::from("trace"),
        text: format!("trace {}", trace.short()),
        trace: Some(trace),
        span: None,
        slo: None,
        at: Some(script.at),
    }
}

fn kind(script: &ScriptEntry) -> Kind {
    let status = |word: &str| {
        if word.contains("rejected") {
            HypothesisStatus::Rejected
        } else if word.contains("confirmed") {
            HypothesisStatus::Confirmed
        } else {
            HypothesisStatus::Open
        }
    };
    match script.kind {
        "acknowledged" => Kind::Acknowledged,
        "declared" => Kind::Declared {
            severity: script.text.split([':', ',', ' ']).find_map(|word| word.parse().ok()).unwrap_or(Severity::Sev2),
        },
        "role_assigned" => role(&script.text),
        "hypothesis" => Kind::Hypothesis {
            number: script
                .text
                .trim_start_matches('H')
                .chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
                .parse()
                .unwrap_or(1),
            status: status(&script.text),
        },
        "observation" => Kind::Observation,
        "action" => Kind::Action,
        "decision" => Kind::Decision,
        "mitigation" => Kind::Mitigation,
        "comms" => Kind::Comms,
        "todo" => Kind::Todo,
        "mitigated" => Kind::Mitigated,
        "resolved" => Kind::Resolved,
        "runbook" => Kind::RunbookOpened { runbook: Symbol::from(script.text.rsplit(' ').next().unwrap_or_default()) },
        _ => Kind::Note,
    }
}

/// `IC = ana, ..` or `ops=lea, ..`: the first role that is named.
fn role(text: &str) -> Kind {
    let (role, rest) = text.split_once('=').unwrap_or((text, ""));
    let person = rest.split([',', '(']).next().unwrap_or_default();
    Kind::RoleAssigned { role: Symbol::from(role.trim().to_ascii_lowercase()), person: Symbol::from(person.trim()) }
}
