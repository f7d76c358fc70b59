//! The small sections: their keys and what holds when they are left out.

use super::section::Section;
use crate::domain::Symbol;
use crate::domain::trace::Sampler;

type Keys = (&'static str, &'static [&'static str]);

pub(super) const SERVICES: Keys = ("[services]", &["entrypoints"]);
pub(super) const BUSINESS: Keys = ("[business]", &["keys"]);
pub(super) const SAMPLING: Keys = ("[sampling]", &["slow", "one_of"]);
pub(super) const RUNBOOKS: Keys = ("[runbooks]", &["paths", "url_prefix"]);
pub(super) const TIMELINE: Keys = ("[timeline]", &["deploys"]);
pub(super) const LOGS: Keys = ("[logs]", &["query"]);
pub(super) const RESPONDER: Keys = ("[responder]", &["name"]);

pub(super) const BUSINESS_KEYS: [&str; 3] = ["order_id", "carrier_id", "customer_id"];
pub(super) const DEPLOYS: &str = "count by (service_name, service_version) (target_info)";
pub(super) const LOGS_QUERY: &str = "{service_name=~\".+\"}";

/// A section that says nothing is of a sampler that keeps everything.
pub(super) fn sampler(section: &Section<'_>) -> Sampler {
    Sampler { slow: section.duration("slow", "1ms", "1h"), one_of: section.count("one_of", 1, 1_000_000).unwrap_or(1) }
}

pub(super) fn symbols(section: &Section<'_>, key: &str) -> Option<Vec<Symbol>> {
    let found = section.texts(key, false)?;
    Some(found.into_iter().map(|text| Symbol::from(text.value)).collect())
}
