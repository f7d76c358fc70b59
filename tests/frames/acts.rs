//! What a colleague's line of the script is, as an entry of the record.

use warroom::domain::incident::{HypothesisStatus, Kind, Severity};

pub fn kind(word: &str, text: &str) -> Kind {
    match word {
        "acknowledged" => Kind::Acknowledged,
        "declared" if text.contains("SEV2") => Kind::Declared { severity: Severity::Sev2 },
        "declared" => Kind::Declared { severity: Severity::Sev1 },
        "role_assigned" => {
            let (role, person) = text.split_once('=').expect("a role and a person");
            let person = person.trim().split([',', ' ']).next().expect("a person");
            Kind::RoleAssigned { role: role.trim().to_lowercase().into(), person: person.into() }
        }
        "hypothesis" => {
            let status = match text {
                _ if text.contains("rejected") => HypothesisStatus::Rejected,
                _ if text.contains("confirmed") => HypothesisStatus::Confirmed,
                _ => HypothesisStatus::Open,
            };
            Kind::Hypothesis { number: if text.starts_with("H1") { 1 } else { 2 }, status }
        }
        "observation" => Kind::Observation,
        "mitigation" => Kind::Mitigation,
        "mitigated" => Kind::Mitigated,
        "resolved" => Kind::Resolved,
        "runbook" => Kind::RunbookOpened { runbook: text.rsplit(' ').next().expect("a page").into() },
        _ => Kind::Note,
    }
}
