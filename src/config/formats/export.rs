//! Our SLOs as other tools read them. Each format says, in comments, what of them it cannot carry.

use super::exported::Exported;
use super::{export_openslo, export_rules, export_sloth};

/// What an export is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A rules file of Prometheus, Mimir or Thanos: the burn alerts themselves.
    PrometheusRules,
    /// `prometheus/v1`: Sloth makes recording rules and alerts of it.
    Sloth,
    /// `openslo/v1`.
    OpenSlo,
}

/// The whole file. `url_prefix` is what comes before a runbook's name in an alert.
#[must_use]
pub fn export(format: Format, slos: &[Exported<'_>], url_prefix: Option<&str>) -> String {
    match format {
        Format::PrometheusRules => export_rules::file(slos, url_prefix),
        Format::Sloth => export_sloth::file(slos, url_prefix),
        Format::OpenSlo => export_openslo::file(slos),
    }
}
