//! The small sections: their keys and what holds when they are left out.

use super::section::Section;
use crate::domain::Symbol;

type Keys = (&'static str, &'static [&'static str]);

pub(super) const SERVICES: Keys = ("[services]", &["entrypoints"]);
pub(super) const BUSINESS: Keys = ("[business]", &["keys"]);
pub(super) const RUNBOOKS: Keys = ("[runbooks]", &["paths", "url_prefix"]);
pub(super) const TIMELINE: Keys = ("[timeline]", &["deploys"]);
pub(super) const LOGS: Keys = ("[logs]", &["query"]);
pub(super) const RESPONDER: Keys = ("[responder]", &["name"]);

pub(super) const BUSINESS_KEYS: [&str; 3] = ["order_id", "carrier_id", "customer_id"];
pub(super) const DEPLOYS: &str = "count by (service_name, service_version) (target_info)";
pub(super) const LOGS_QUERY: &str = "{service_name=~\".+\"}";

pub(super) fn symbols(section: &Section<'_>, key: &str) -> Option<Vec<Symbol>> {
    let found = section.texts(key, false)?;
    Some(found.into_iter().map(|text| Symbol::from(text.value)).collect())
}
