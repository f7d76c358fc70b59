//! Which alerts the company's Prometheus has at a moment: its rules, evaluated every 15 s of the company's time. Not who is told:
//! that is the Alertmanager's.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use promql_parser::parser::Expr;

use super::promql::{Problem, Query, Store, Value, parse};
use super::{Company, Rule};
use crate::domain::{Labels, Symbol, Timestamp};

/// Every group is evaluated this often, at multiples of it.
pub const INTERVAL: Duration = Duration::from_secs(15);
/// Evaluation starts so long before the impact: nothing burns then, and nobody asks for alerts of earlier days.
const EARLIER: Duration = Duration::from_secs(3_600);
/// Nothing changes any more a day after the impact.
const STORY: Duration = Duration::from_secs(86_400);
const TIMEOUT: Duration = Duration::from_secs(10);

/// An alert that is pending or firing.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// The place of its rule among the company's rules.
    pub rule: usize,
    /// With `alertname`, and with the rule's labels.
    pub labels: Labels,
    /// With the values filled in.
    pub annotations: Labels,
    pub active_at: Timestamp,
    /// `None` while it is pending.
    pub fired_at: Option<Timestamp>,
    /// What the expression gave at the last evaluation.
    pub value: f64,
}

/// The rules and what has become of them so far. Each step is evaluated once, however often anybody asks.
pub struct Alerting {
    store: Store,
    rules: Vec<(Rule, Result<Expr, Problem>)>,
    first: Timestamp,
    last: Timestamp,
    history: Mutex<History>,
}

#[derive(Default)]
struct History {
    evaluated: Option<Timestamp>,
    episodes: Vec<Episode>,
    /// The episode that is not over, by rule and labels.
    open: BTreeMap<(usize, Labels), usize>,
}

struct Episode {
    rule: usize,
    labels: Labels,
    active_at: Timestamp,
    fired_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl Alerting {
    #[must_use]
    pub fn new(company: &dyn Company, store: Store) -> Self {
        let rules = company.rules().iter().map(|rule| (rule.clone(), parse(&rule.expression))).collect();
        let first = company.impact_start().minus(EARLIER).floor_to(INTERVAL);
        Self { store, rules, first, last: first.plus(STORY), history: Mutex::default() }
    }

    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// Why a rule cannot be evaluated, in the words of the evaluation.
    #[must_use]
    pub fn problem(&self, rule: usize, now: Timestamp) -> Option<Problem> {
        self.values(rule, now.floor_to(INTERVAL)).err()
    }

    /// The moment of the last evaluation at or before `now`.
    #[must_use]
    pub fn evaluated_at(now: Timestamp) -> Timestamp {
        now.floor_to(INTERVAL)
    }

    /// The alerts that are pending or firing at `now`, in the order of the rules.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Vec<Alert> {
        let step = now.floor_to(INTERVAL).min(self.last);
        let mut alerts: Vec<Alert> = {
            let history = self.advanced_to(step);
            let here =
                |episode: &&Episode| episode.active_at <= step && episode.ended_at.is_none_or(|ended| step < ended);
            let alert = |episode: &Episode| Alert {
                rule: episode.rule,
                labels: episode.labels.clone(),
                annotations: Labels::default(),
                active_at: episode.active_at,
                fired_at: episode.fired_at.filter(|fired| *fired <= step),
                value: f64::NAN,
            };
            history.episodes.iter().filter(here).map(alert).collect()
        };
        alerts.sort_by(|one, other| (one.rule, &one.labels).cmp(&(other.rule, &other.labels)));
        for alert in &mut alerts {
            let Some((rule, _)) = self.rules.get(alert.rule) else { continue };
            let values = self.values(alert.rule, step).unwrap_or_default();
            alert.value = values.get(&alert.labels).copied().unwrap_or(f64::NAN);
            let filled = |(name, text): (&Symbol, &Symbol)| (name.clone(), fill(text, alert.value, &alert.labels));
            alert.annotations = rule.annotations.iter().map(filled).collect();
        }
        alerts
    }

    fn advanced_to(&self, step: Timestamp) -> MutexGuard<'_, History> {
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = history.evaluated.map_or(self.first, |last| last.plus(INTERVAL));
        while next <= step {
            for rule in 0..self.rules.len() {
                // A rule that cannot be evaluated keeps the alerts that it had, as in Prometheus.
                if let (Ok(values), Some((about, _))) = (self.values(rule, next), self.rules.get(rule)) {
                    history.record(rule, Duration::from_secs(about.hold_seconds.into()), values, next);
                }
            }
            history.evaluated = Some(next);
            next = next.plus(INTERVAL);
        }
        history
    }

    /// The series that the expression gives, under the labels of the alerts that they are.
    fn values(&self, rule: usize, step: Timestamp) -> Result<BTreeMap<Labels, f64>, Problem> {
        let Some((rule, expression)) = self.rules.get(rule) else { return Ok(BTreeMap::new()) };
        let expression = expression.as_ref().map_err(Clone::clone)?;
        let points = match Query::new(&self.store, expression, step, (step, step), TIMEOUT).at(step)? {
            Value::Vector(points) => points,
            Value::Scalar(_) | Value::Text(_) | Value::Matrix(_) => Vec::new(),
        };
        let labels = |of: &Labels| -> Labels {
            let given = of.iter().filter(|(name, _)| name.as_str() != "__name__").chain(rule.labels.iter());
            let given = given.map(|(name, value)| (name.clone(), value.clone()));
            given.chain([("alertname".into(), rule.name.into())]).collect()
        };
        Ok(points.into_iter().map(|point| (labels(&point.labels), point.value)).collect())
    }
}

impl History {
    fn record(&mut self, rule: usize, hold: Duration, values: BTreeMap<Labels, f64>, step: Timestamp) {
        let over: Vec<_> =
            self.open.keys().filter(|(of, labels)| *of == rule && !values.contains_key(labels)).cloned().collect();
        for key in over {
            let ended = self.open.remove(&key).and_then(|index| self.episodes.get_mut(index));
            if let Some(episode) = ended {
                episode.ended_at = Some(step);
            }
        }
        for labels in values.into_keys() {
            let key = (rule, labels);
            let index = *self.open.entry(key.clone()).or_insert_with(|| {
                let labels = key.1;
                self.episodes.push(Episode { rule, labels, active_at: step, fired_at: None, ended_at: None });
                self.episodes.len() - 1
            });
            if let Some(episode) = self.episodes.get_mut(index)
                && episode.fired_at.is_none()
                && step >= episode.active_at.plus(hold)
            {
                episode.fired_at = Some(step);
            }
        }
    }
}

/// Fills `{{ $value }}`, `{{ $value | printf "%.1f" }}`, `{{ $value | humanizePercentage }}` and `{{ $labels.x }}` in; any other
/// template stays as it is.
fn fill(text: &str, value: f64, labels: &Labels) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((template, after)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        match template.trim() {
            "$value" => filled.push_str(&value.to_string()),
            "$value | printf \"%.1f\"" => filled.push_str(&format!("{value:.1}")),
            "$value | humanizePercentage" => filled.push_str(&format!("{:.2}%", value * 100.0)),
            other => match other.strip_prefix("$labels.") {
                Some(name) => filled.push_str(labels.get(name).map_or("", Symbol::as_str)),
                None => filled.push_str(&format!("{{{{{template}}}}}")),
            },
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::demo::scenario::LostOrders;

    fn alerting() -> (Alerting, Timestamp) {
        let company: Arc<dyn Company> = Arc::new(LostOrders::new(42, LostOrders::EVENING));
        let start = company.impact_start();
        (Alerting::new(company.as_ref(), Store::new(Arc::clone(&company))), start)
    }

    /// Seconds since T0 at which an alert begins and stops firing, looked at every 15 s until T+80.
    fn firing(name: &str) -> (Option<i64>, Option<i64>) {
        let (alerting, start) = alerting();
        let fires = |second: i64| {
            let alerts = alerting.at(start.shifted(second * 1_000_000_000));
            let known = |alert: &&Alert| alert.labels.get("alertname").map(Symbol::as_str) == Some(name);
            alerts.iter().find(known).is_some_and(|alert| alert.fired_at.is_some())
        };
        let begin = (-120..320).map(|step| step * 15).find(|second| fires(*second));
        let end = begin.and_then(|begin| (begin / 15..320).map(|step| step * 15).find(|second| !fires(*second)));
        (begin, end)
    }

    #[test]
    fn the_page_comes_after_2_45_and_clears_after_47_45() {
        assert_eq!(firing("OrderRoutingFastBurn"), (Some(165), Some(47 * 60 + 45)));
    }

    #[test]
    fn the_notice_comes_after_3_minutes_and_clears_after_72_45() {
        assert_eq!(firing("OrderRoutingSlowBurn"), (Some(180), Some(72 * 60 + 45)));
    }

    #[test]
    fn the_pool_informs_after_its_minute_and_the_others_by_the_maths() {
        assert_eq!(firing("PricingPoolSaturated"), (Some(90), Some(38 * 60)));
        let about = |name: &str, expected: i64| {
            let begin = firing(name).0.unwrap_or_else(|| panic!("{name} never fires"));
            assert!((begin - expected).abs() <= 15, "{name} at {begin}");
        };
        about("QuoteFastBurn", 180);
        about("OrderRoutingLatencyFastBurn", 405);
        assert_eq!(firing("TrackingFastBurn").0, None);
        assert_eq!(firing("LabelSlowBurn").0, None);
    }

    #[test]
    fn an_alert_tells_its_burn_and_looking_back_gives_what_was() {
        let (alerting, start) = alerting();
        let at = |second: i64| alerting.at(start.shifted(second * 1_000_000_000 + 7));
        let later = at(400);
        let of = |alert: &Alert| alert.labels.get("alertname").map(ToString::to_string).unwrap_or_default();
        assert_eq!(at(35).iter().map(|alert| alert.fired_at).collect::<Vec<_>>(), [None]);
        assert_eq!(at(165).iter().map(of).collect::<Vec<_>>(), ["OrderRoutingFastBurn", "PricingPoolSaturated"]);
        let first = &at(165)[0];
        assert_eq!(first.labels.get("severity").map(Symbol::as_str), Some("page"));
        assert_eq!(first.labels.get("slo").map(Symbol::as_str), Some("order-routing"));
        let summary = first.annotations.get("summary").expect("a summary");
        assert_eq!(summary.as_str(), "15.7× over 1h");
        assert!(later.len() > 3);
    }

    #[test]
    fn templates_are_filled_and_unknown_ones_left() {
        let labels = [("topic", "x")].into_iter().collect();
        assert_eq!(
            fill("{{ $labels.topic }} {{ $value | humanizePercentage }}{{q}} {{", 0.5, &labels),
            "x 50.00%{{q}} {{"
        );
    }
}
