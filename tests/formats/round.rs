//! What we write for a tool is read back as it was, as far as its format can carry it; what it cannot is said.

use std::time::Duration;

use proptest::prelude::*;
use warroom::config::{Exported, Format, export};
use warroom::domain::Symbol;
use warroom::domain::slo::{BurnRule, EmptySlice, Method, Policy, RuleSeverity, Sli, Slo, events_of_ratio};

use crate::read::files;

const DAY: u64 = 86_400;

fn query() -> impl Strategy<Value = String> {
    let value = "[ -~é🦀\t]{0,12}".prop_filter("no template", |value| !value.contains("{{"));
    ("[a-z_:]{1,8}", value).prop_map(|(metric, value)| {
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
        format!("sum(rate({metric}{{a=\"{escaped}\"}}[{{{{.window}}}}]))")
    })
}

fn sli() -> impl Strategy<Value = Sli> {
    prop_oneof![
        (query(), query()).prop_map(|(bad, total)| Sli::BadOverTotal { bad, total }),
        (query(), query()).prop_map(|(good, total)| Sli::GoodOverTotal { good, total }),
        query().prop_map(|ratio| events_of_ratio(&ratio)),
    ]
}

fn rule() -> impl Strategy<Value = BurnRule> {
    let severity = prop_oneof![Just(RuleSeverity::Page), Just(RuleSeverity::Notify), Just(RuleSeverity::Ticket)];
    (60_u64..7_000, 10_u64..60, 1_u64..20_000, severity, 0_u64..3).prop_map(|(long, short, factor, severity, hold)| {
        let minutes = |count| Duration::from_secs(60 * count);
        BurnRule::new(minutes(long), minutes(short), factor, severity).held_for(minutes(hold))
    })
}

fn policy(window: Duration) -> impl Strategy<Value = Policy> {
    let preset = |name: &'static str| Just(Policy::named(name, window).unwrap_or_default());
    prop_oneof![
        preset("seed"),
        preset("workbook"),
        preset("sloth-30d"),
        preset("pyrra"),
        proptest::collection::vec(rule(), 1..4).prop_map(Policy::custom),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    let empty = prop_oneof![Just(EmptySlice::Good), Just(EmptySlice::Skip)];
    let slice = Just(Duration::from_secs(60));
    prop_oneof![
        3 => Just(Method::Occurrences),
        1 => (slice, "[5-9][0-9](\\.[1-9])?", empty).prop_map(|(slice, target, empty)| {
            Method::TimeSlices { slice, target: target.parse().expect("an objective"), empty }
        }),
        1 => slice.prop_map(|slice| Method::RatioOfSlices { slice }),
    ]
}

prop_compose! {
    fn any_slo()(days in prop_oneof![Just(30_u64), 7_u64..90])(
        window in Just(Duration::from_secs(days * DAY)),
        policy in policy(Duration::from_secs(days * DAY)),
        names in ("[a-z]{1,6}", "[a-z]{1,6}", any::<bool>()),
        objective in "99\\.[0-9]{1,6}[1-9]",
        sli in sli(),
        method in method(),
        runbook in proptest::option::of("[a-z-]{1,8}"),
        unit in prop_oneof![Just("requests".to_owned()), "[a-zé'\"]{1,5}"],
        unit_cost_micro in proptest::option::of(1_u64..1_000_000_000),
        currency in prop_oneof![Just("EUR".to_owned()), "[A-Z]{3}"],
        source in proptest::option::of("[a-z]{1,5}"),
    ) -> Slo {
        let (journey, name, named_so) = names;
        Slo {
            name: Symbol::from(if named_so { format!("{journey}-{name}") } else { name }),
            journey: Symbol::from(journey),
            objective: objective.parse().expect("an objective"),
            window,
            sli,
            runbook: runbook.map(Symbol::from),
            policy,
            unit: Symbol::from(unit),
            // The price of an event, where events are counted.
            unit_cost_micro: unit_cost_micro.filter(|_| method.is_of_events()),
            method,
            currency: Symbol::from(currency),
            source: source.map(Symbol::from),
        }
    }
}

fn written(format: Format, slo: &Slo) -> String {
    let alone: [Exported<'_>; 1] = [(slo, &[])];
    export(format, &alone, None)
}

fn back(text: &str) -> Vec<Slo> {
    let read = files(&[text]);
    assert!(read.problems.is_empty(), "{:?}\n{text}", read.problems);
    read.slos.into_iter().map(|one| one.slo).collect()
}

proptest! {
    #[test]
    fn openslo_carries_all_of_it(slo in any_slo()) {
        let text = written(Format::OpenSlo, &slo);
        prop_assert_eq!(back(&text), vec![slo], "{}", text);
    }

    #[test]
    fn sloth_carries_it_or_says_what_is_lost(slo in any_slo()) {
        let text = written(Format::Sloth, &slo);
        if text.contains("is left out: ") {
            return Ok(());
        }
        let read = back(&text);
        prop_assert_eq!(read.len(), 1);
        // Without a price the currency is nothing.
        let currency = if slo.unit_cost_micro.is_some() { slo.currency.clone() } else { read[0].currency.clone() };
        let plain = Slo { policy: Policy::Seed, currency, ..slo.clone() };
        let same = Slo { policy: Policy::Seed, ..read[0].clone() } == plain
            && read[0].policy.rules() == slo.policy.rules();
        prop_assert_eq!(same, !text.contains("not carried"), "{}\n{:?}", text, read);
    }

    /// What Sloth's format has a place for.
    #[test]
    fn what_sloth_has_a_place_for_is_the_same(slo in any_slo(), service in "[a-z]{1,5}", name in "[a-z]{1,5}") {
        let window = Duration::from_secs(30 * DAY);
        let sli = match slo.sli {
            Sli::GoodOverTotal { good, total } => Sli::BadOverTotal { bad: good, total },
            bad => bad,
        };
        let slo = Slo {
            name: Symbol::from(format!("{service}-{name}")),
            journey: Symbol::from(service),
            sli,
            window,
            policy: Policy::named("sloth-30d", window).expect("a preset"),
            method: Method::Occurrences,
            unit: Symbol::from("requests"),
            unit_cost_micro: None,
            currency: Symbol::from("EUR"),
            source: None,
            ..slo
        };
        let text = written(Format::Sloth, &slo);
        prop_assert!(!text.contains("not carried"), "{}", text);
        prop_assert_eq!(back(&text), vec![slo]);
    }
}

#[test]
fn one_for_each_handler_is_written_as_the_whole() {
    let grouped = "sum(rate(m{a=\"b\",{{.group}}}[{{.window}}]))".to_owned();
    let read = &files(&[crate::read::SLOTH]).slos[0].slo;
    let slo = Slo { sli: Sli::BadOverTotal { bad: grouped.clone(), total: grouped }, ..read.clone() };
    let by = [Symbol::from("handler")];
    for format in [Format::Sloth, Format::OpenSlo] {
        let text = export(format, &[(&slo, &by)], None);
        assert!(text.contains("one for each"), "{text}");
        let Sli::BadOverTotal { bad, .. } = &back(&text)[0].sli else { panic!("{text}") };
        assert_eq!(bad, "sum(rate(m{a=\"b\",}[{{.window}}]))");
    }
}
