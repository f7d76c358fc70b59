//! OpenSLO's indicators: a ratio of two metrics, a ratio that is there already, or a metric against a threshold.

use super::fields::Fields;
use super::promise::no_template;
use super::shelf::{METADATA, Shelf};
use crate::config::problem::{Found, Problem};
use crate::domain::slo::{Selector, Shape, Sli, events_of_ratio, says};

/// What a threshold metric must keep to.
pub(super) struct Threshold {
    /// As PromQL writes it.
    pub(super) sign: &'static str,
    pub(super) value: String,
}

/// How often a metric that is no counter is looked at.
const LOOKS: &str = "[{{.window}}:1m]";
/// Servers that speak PromQL.
const PROMETHEUS: [&str; 6] = ["prometheus", "mimir", "thanos", "cortex", "victoriametrics", "amazonprometheus"];

/// The indicator of an SLO, written in it or in a document of its own.
pub(super) fn sli(spec: &Fields<'_>, shelf: &Shelf<'_>, threshold: Option<&Threshold>) -> Option<Sli> {
    if let Some(indicator) = spec.table("indicator", &["metadata", "spec"]) {
        if spec.has("indicatorRef") {
            spec.refuse("indicatorRef", "beside `indicator`", "keep one of them");
            return None;
        }
        return measured(&indicator, shelf, threshold);
    }
    if spec.has("indicator") {
        return None;
    }
    let Some(wanted) = spec.text("indicatorRef") else {
        return spec.missing("indicator", "the metric, or indicatorRef: the name of an SLI");
    };
    let Some((document, sink)) = shelf.find("SLI", &wanted.value) else {
        let problem = Problem::at(wanted.span, format!("no SLI is called `{}` in these files", wanted.value));
        spec.problem(problem.hint("name the file that holds it too"));
        return None;
    };
    let document = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink)?;
    document.table("metadata", &METADATA);
    measured(&document, shelf, threshold)
}

fn measured(indicator: &Fields<'_>, shelf: &Shelf<'_>, threshold: Option<&Threshold>) -> Option<Sli> {
    let Some(spec) = indicator.table("spec", &["description", "thresholdMetric", "ratioMetric"]) else {
        return if indicator.has("spec") { None } else { indicator.missing("spec", "ratioMetric or thresholdMetric") };
    };
    if let Some(ratio) = spec.table("ratioMetric", &["counter", "good", "bad", "total", "rawType", "raw"]) {
        return if ratio.has("raw") { raw(&ratio, shelf) } else { parts(&ratio, shelf) };
    }
    if spec.has("ratioMetric") {
        return None;
    }
    let Some(metric) = spec.table("thresholdMetric", &["metricSource"]) else {
        return if spec.has("thresholdMetric") { None } else { spec.missing("ratioMetric", "or thresholdMetric") };
    };
    let asked = source(&metric, shelf)?;
    let Some(threshold) = threshold else {
        let problem = Problem::at(asked.span, "a threshold metric without a threshold");
        spec.problem(problem.hint("op: lt and value: 0.5 in the objective"));
        return None;
    };
    if says(&asked.value, "window") {
        let problem = Problem::at(asked.span, "a threshold metric is looked at moment by moment");
        spec.problem(problem.hint("write it without {{.window}}"));
        return None;
    }
    let Threshold { sign, value } = threshold;
    let metric = asked.value;
    Some(Sli::GoodOverTotal {
        good: format!("sum(sum_over_time((({metric}) {sign} bool {value}){LOOKS}))"),
        total: format!("sum(count_over_time(({metric}){LOOKS}))"),
    })
}

fn parts(ratio: &Fields<'_>, shelf: &Shelf<'_>) -> Option<Sli> {
    let counter = ratio.flag("counter").unwrap_or(false);
    let asked = |key: &str| {
        let metric = ratio.table(key, &["metricSource"])?;
        let asked = source(&metric, shelf)?;
        Some((metric, asked))
    };
    if ratio.has("good") && ratio.has("bad") {
        ratio.refuse("bad", "beside `good`", "keep one of them");
        return None;
    }
    if !ratio.has("total") {
        return ratio.missing("total", "the metric of all events");
    }
    let first_is_good = ratio.has("good");
    if !first_is_good && !ratio.has("bad") {
        return ratio.missing("good", "the metric of the good events, or `bad`");
    }
    let total = asked("total");
    let (first, total) = (asked(if first_is_good { "good" } else { "bad" })?, total?);
    if let (true, Some(first), Some(total)) = (counter, bare(&first.1.value), bare(&total.1.value)) {
        return Some(Shape::Counters { first, first_is_good, total }.sli(false));
    }
    let [first, total] = [first, total].map(|(metric, asked)| windowed(&metric, &asked, counter));
    let (first, total) = (first?, total?);
    Some(if first_is_good {
        Sli::GoodOverTotal { good: first, total }
    } else {
        Sli::BadOverTotal { bad: first, total }
    })
}

/// A selector, perhaps in a `sum()`.
fn bare(text: &str) -> Option<Selector> {
    let inner = text.strip_prefix("sum(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    Selector::parse(inner).ok()
}

fn raw(ratio: &Fields<'_>, shelf: &Shelf<'_>) -> Option<Sli> {
    for key in ["good", "bad", "total"] {
        ratio.refuse(key, "beside `raw`", "keep one of them");
    }
    let metric = ratio.table("raw", &["metricSource"])?;
    let asked = source(&metric, shelf)?;
    let text = no_template(&metric, "metricSource", &asked.value)?;
    let text = if says(text, "window") { text.to_owned() } else { format!("avg_over_time(({text}){LOOKS})") };
    match ratio.text("rawType").as_ref().map(|found| found.value.as_str()) {
        Some("failure") => Some(events_of_ratio(&text)),
        Some("success") => Some(events_of_ratio(&format!("1 - {text}"))),
        Some(_) => {
            ratio.refuse("rawType", "not known", "success or failure");
            None
        }
        None => ratio.missing("rawType", "success or failure"),
    }
}

/// The query of a metric, when it is one of PromQL.
fn source(metric: &Fields<'_>, shelf: &Shelf<'_>) -> Option<Found<String>> {
    let Some(source) = metric.table("metricSource", &["metricSourceRef", "type", "spec"]) else {
        return if metric.has("metricSource") { None } else { metric.missing("metricSource", "its query") };
    };
    let kind = source.text("type").map(|found| (found, false));
    // A data source that is nowhere in these files is taken for the metrics server of the config.
    let named = || {
        let name = source.text("metricSourceRef")?;
        let (document, sink) = shelf.find("DataSource", &name.value)?;
        let data = Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink)?;
        let spec = data.table("spec", &["description", "type", "connectionDetails"])?;
        Some((Found { value: spec.text("type")?.value, span: name.span }, true))
    };
    if let Some((kind, by_name)) = kind.or_else(named) {
        let plain: String = kind.value.chars().filter(|sign| sign.is_alphanumeric()).collect();
        if !PROMETHEUS.contains(&plain.to_lowercase().as_str()) {
            let what = if by_name { "a data source" } else { "a metric source" };
            let problem = Problem::at(kind.span, format!("{what} of type {}", kind.value));
            source.problem(problem.hint("only what speaks PromQL can be asked: type: Prometheus"));
            return None;
        }
    }
    let Some(spec) = source.table("spec", &["query", "queryType", "promql"]) else {
        return if source.has("spec") { None } else { source.missing("spec", "spec: {query: ..}") };
    };
    match spec.text("query").or_else(|| spec.text("promql")) {
        Some(found) => Some(found),
        None => spec.missing("query", "a query of PromQL"),
    }
}

/// A metric over `{{.window}}`. OpenSLO leaves open how one becomes the other: a bare counter is rated, a bare gauge
/// summed, and what says `{{.window}}` itself stays as it is.
pub(super) fn windowed(fields: &Fields<'_>, asked: &Found<String>, counter: bool) -> Option<String> {
    let text = asked.value.as_str();
    no_template(fields, "metricSource", text)?;
    if says(text, "window") {
        return Some(text.to_owned());
    }
    match (bare(text), counter) {
        (Some(selector), true) => Some(format!("sum(rate({selector}[{{{{.window}}}}]))")),
        (Some(selector), false) => Some(format!("sum(sum_over_time({selector}[{{{{.window}}}}]))")),
        (None, false) if text.contains("rate(") => Some(format!("sum(avg_over_time(({text}){LOOKS}))")),
        (None, false) => Some(format!("sum(sum_over_time(({text}){LOOKS}))")),
        (None, true) => {
            let problem = Problem::at(asked.span.clone(), "a counter that is neither a selector nor says {{.window}}");
            fields.problem(problem.hint("query: 'http_requests_total{job=\"x\"}', or sum(rate(..[{{.window}}]))"));
            None
        }
    }
}
