//! Files in the shape of each tool's own examples, and what is made of them.

use std::time::Duration;

use warroom::config::{File, Import, import};
use warroom::domain::slo::{EmptySlice, Method, RuleSeverity, Sli, Slo};

pub(crate) const OPENSLO: &str = include_str!("openslo.yml");
pub(crate) const SLOTH: &str = include_str!("sloth.yml");
const ALPHA: &str = include_str!("openslo-alpha.yml");
const KUBERNETES: &str = include_str!("sloth-kubernetes.yml");
const PYRRA: &str = include_str!("pyrra.yml");
const WINDOWS: &str = include_str!("windows.yml");

pub(crate) fn files(texts: &[&str]) -> Import {
    let files: Vec<File> = texts
        .iter()
        .enumerate()
        .map(|(place, text)| File { name: format!("{place}.yml"), text: (*text).to_owned() })
        .collect();
    import(&files)
}

fn well(texts: &[&str]) -> Vec<Slo> {
    let read = files(texts);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    read.slos.into_iter().map(|one| one.slo).collect()
}

/// Minutes of long and short window, factor in thousandths, minutes of hold.
fn pairs(slo: &Slo) -> Vec<(u64, u64, u64, u64)> {
    let minutes = |time: Duration| time.as_secs() / 60;
    let rules = slo.policy.rules().iter();
    rules.map(|rule| (minutes(rule.long), minutes(rule.short), rule.factor_milli, minutes(rule.hold))).collect()
}

#[test]
fn sloth_with_its_own_windows() {
    let [availability, satisfaction] = well(&[SLOTH]).try_into().expect("two");
    assert_eq!((availability.name.as_str(), availability.journey.as_str()), ("booking-availability", "booking"));
    assert_eq!(availability.objective.budget_ppb(), 1_000_000);
    assert_eq!(availability.runbook.as_deref(), Some("booking-down"));
    // Tickets are off: the pairs that page are left.
    assert_eq!(pairs(&availability), [(60, 5, 14_400, 0), (360, 30, 6_000, 0)]);
    let Sli::BadOverTotal { bad, .. } = &availability.sli else { panic!("{:?}", availability.sli) };
    assert_eq!(bad, r#"sum(rate(http_requests_total{job="booking",code=~"5.."}[{{.window}}]))"#);
    // At 90 % nothing burns 14.4 times too fast.
    assert_eq!(pairs(&satisfaction), [(360, 30, 6_000, 0), (1_440, 120, 3_000, 0), (4_320, 360, 1_000, 0)]);
    assert!(satisfaction.sli.first().ends_with(" * {{.seconds}}"), "{}", satisfaction.sli.first());
}

#[test]
fn sloth_of_kubernetes_and_with_windows_of_a_team() {
    let [search] = well(&[KUBERNETES]).try_into().expect("one");
    assert_eq!((search.name.as_str(), search.policy.name()), ("search-latency", "sloth-30d"));
    let availability = &well(&[SLOTH, WINDOWS])[0];
    assert_eq!(availability.window, Duration::from_secs(7 * 86_400));
    assert_eq!(pairs(availability), [(60, 5, 13_440, 0), (360, 30, 3_500, 0)]);
    let [search] = well(&[WINDOWS, KUBERNETES]).try_into().expect("one");
    assert_eq!(pairs(&search), [(60, 5, 13_440, 0), (360, 30, 3_500, 0), (1_440, 120, 1_400, 0), (4_320, 360, 980, 0)]);
}

#[test]
fn pyrra_with_every_indicator() {
    let read = files(&[PYRRA]);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let by: Vec<Vec<&str>> = read.slos.iter().map(|one| one.by.iter().map(|label| label.as_str()).collect()).collect();
    assert_eq!(by, [vec!["handler", "method"], vec![], vec![], vec!["target"]]);
    let [errors, latency, native, probes] = well(&[PYRRA]).try_into().expect("four");
    assert_eq!((errors.policy.name(), errors.runbook.as_deref()), ("pyrra", Some("booking-down")));
    // The windows of 28 days, scaled to 30.
    assert_eq!(pairs(&errors)[0], (64, 5, 14_000, 2));
    assert!(errors.sli.first().contains(r#"{job="booking",code=~"5..",{{.group}}}"#), "{}", errors.sli.first());
    assert_eq!(latency.window, Duration::from_secs(28 * 86_400));
    let wanted = r#"sum(rate(duration_seconds_bucket{job="booking",code=~"2..",le=~"3(\\.0)?"}[{{.window}}]))"#;
    assert!(latency.sli.first().starts_with(wanted), "{}", latency.sli.first());
    assert!(native.sli.first().contains("histogram_fraction(0, 0.8, "), "{}", native.sli.first());
    assert_eq!(probes.sli.total(), "sum(count_over_time(probe_success{{{.group}}}[{{.window}}]))");
}

#[test]
fn openslo_whose_documents_speak_of_each_other() {
    let [promise, contract, slices, queue, recorded] = well(&[OPENSLO]).try_into().expect("five");
    assert_eq!((promise.name.as_str(), contract.name.as_str()), ("booking-our-promise", "booking-the-contract"));
    assert_eq!((promise.objective.to_string(), contract.objective.to_string()), ("99.9".into(), "99.5".into()));
    assert_eq!((promise.unit.as_str(), promise.runbook.as_deref()), ("bookings", Some("booking-down")));
    assert_eq!(pairs(&promise), [(60, 10, 14_400, 2), (360, 30, 3_000, 0)]);
    let severities: Vec<RuleSeverity> = promise.policy.rules().iter().map(|rule| rule.severity).collect();
    assert_eq!(severities, [RuleSeverity::Page, RuleSeverity::Notify]);
    let total = "sum(rate(http_requests_total[{{.window}}]))";
    let good = format!("sum(rate(http_requests_total{{code!~\"5..\"}}[{{{{.window}}}}])) or 0 * {total}");
    assert_eq!(promise.sli, Sli::GoodOverTotal { good, total: total.to_owned() });
    let target = "95".parse().expect("an objective");
    let five = Duration::from_secs(300);
    assert_eq!(slices.method, Method::TimeSlices { slice: five, target, empty: EmptySlice::Good });
    assert_eq!(recorded.method, Method::RatioOfSlices { slice: five });
    assert!(queue.sli.first().contains("((max(queue_depth)) <= bool 500)[{{.window}}:1m]"), "{}", queue.sli.first());
}

#[test]
fn openslo_as_sloth_had_it() {
    let [requests, latency] = well(&[ALPHA]).try_into().expect("two");
    assert_eq!((requests.name.as_str(), latency.name.as_str()), ("api-requests-0", "api-requests-1"));
    assert_eq!(requests.policy.name(), "sloth-30d");
    assert_eq!(latency.sli.first(), r#"sum(rate(duration_seconds_bucket{le="0.4"}[{{.window}}]))"#);
}

#[test]
fn a_document_may_lie_in_another_file() {
    let at = OPENSLO.find("apiVersion: openslo/v1\nkind: SLO\n").expect("it is there");
    let (others, slos) = OPENSLO.split_at(at);
    assert_eq!(well(&[slos, others]), well(&[OPENSLO]));
    let told = files(&[slos]).problems[0].to_string();
    assert!(told.contains("no SLI is called `booking-ok` in these files"), "{told}");
}
