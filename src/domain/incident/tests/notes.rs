//! What responders type, in two languages.

use chrono::FixedOffset;
use proptest::prelude::*;
use uuid::Uuid;

use crate::domain::incident::{Draft, Evidence, HypothesisStatus, Kind, Severity, parse_note, unread_time};
use crate::domain::{Symbol, Timestamp};

fn paris() -> FixedOffset {
    FixedOffset::east_opt(3_600).expect("an offset")
}

/// 18:45:30 in Paris.
fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-13T17:45:30Z").expect("a time")
}

fn read(text: &str) -> Draft {
    parse_note(text, now(), paris(), 3)
}

fn happened(text: &str) -> String {
    read(text).happened.to_rfc3339()
}

fn role(role: &str, person: &str) -> Kind {
    Kind::RoleAssigned { role: Symbol::from(role), person: Symbol::from(person) }
}

const fn hypothesis(number: u16, status: HypothesisStatus) -> Kind {
    Kind::Hypothesis { number, status }
}

#[test]
fn a_prefix_chooses_the_kind() {
    use HypothesisStatus::{Confirmed, Open, Rejected};
    for (text, kind, left) in [
        (
            "o p95 pricing 2.4 s depuis 18:31, cache hit 3 %",
            Kind::Observation,
            "p95 pricing 2.4 s depuis 18:31, cache hit 3 %",
        ),
        (
            "h1 stampede après expiration des clés tariff:*",
            hypothesis(1, Open),
            "stampede après expiration des clés tariff:*",
        ),
        (
            "h2 deploy routing ? → rejeté, pas de deploy depuis 3 j",
            hypothesis(2, Rejected),
            "deploy routing ? → rejeté, pas de deploy depuis 3 j",
        ),
        (
            "d on réchauffe le cache avant rollback; pas d'objection",
            Kind::Decision,
            "on réchauffe le cache avant rollback; pas d'objection",
        ),
        (
            "a @lea warm tariff cache ttl 6h jitter 20% (10 min)",
            Kind::Action,
            "@lea warm tariff cache ttl 6h jitter 20% (10 min)",
        ),
        (
            "m timeout inventory→pricing 2s→5s, breaker ouvert",
            Kind::Mitigation,
            "timeout inventory→pricing 2s→5s, breaker ouvert",
        ),
        (
            "c status page: commandes ralenties, prochain point 18:45",
            Kind::Comms,
            "status page: commandes ralenties, prochain point 18:45",
        ),
        (
            "todo pourquoi aucune alerte sur cache hit ratio ?",
            Kind::Todo,
            "pourquoi aucune alerte sur cache hit ratio ?",
        ),
        (
            "C: pricing degraded, pool 20/20. A: rewarm cache. N: DBA for max_connections",
            Kind::Note,
            "C: pricing degraded, pool 20/20. A: rewarm cache. N: DBA for max_connections",
        ),
        ("This is Ana, I am the incident commander", Kind::Note, "This is Ana, I am the incident commander"),
        ("Are there any strong objections?", Kind::Note, "Are there any strong objections?"),
        ("Here's a status update", Kind::Note, "Here's a status update"),
        ("h pool too small", hypothesis(3, Open), "pool too small"),
        ("h1 rejected: no routing deploy for 3 d", hypothesis(1, Rejected), "no routing deploy for 3 d"),
        ("h2 confirmed", hypothesis(2, Confirmed), ""),
        ("h2 confirmé : dbsize -> 0", hypothesis(2, Confirmed), "dbsize -> 0"),
        ("e paged the DBA", Kind::Escalation, "paged the DBA"),
        ("handover @bob", Kind::Handover, "@bob"),
        ("handover notes are in the doc", Kind::Note, "handover notes are in the doc"),
        ("resolved cache warm, errors at baseline", Kind::Resolved, "cache warm, errors at baseline"),
        ("mitigated", Kind::Mitigated, ""),
        ("reopened errors are back", Kind::Reopened, "errors are back"),
        ("declare sev2 11 % of users", Kind::Declared { severity: Severity::Sev2 }, "11 % of users"),
        ("déclare SEV1 73 % des commandes", Kind::Declared { severity: Severity::Sev1 }, "73 % des commandes"),
        ("sev1 because payments fail too", Kind::SeverityChanged { severity: Severity::Sev1 }, "payments fail too"),
        ("sev3: one customer", Kind::SeverityChanged { severity: Severity::Sev3 }, "one customer"),
        ("sev1 is too strong", Kind::Note, "sev1 is too strong"),
        ("declare independence", Kind::Note, "declare independence"),
        ("hello", Kind::Note, "hello"),
        ("h0 nothing", Kind::Note, "h0 nothing"),
        ("oh no", Kind::Note, "oh no"),
        ("o", Kind::Note, "o"),
        ("todo", Kind::Note, "todo"),
        ("ic @ana", role("ic", "ana"), ""),
        ("ic=ana senior on-call", role("ic", "ana"), "senior on-call"),
        ("ops are busy", Kind::Note, "ops are busy"),
        ("comms@ines", role("comms", "ines"), ""),
    ] {
        let draft = read(text);
        assert_eq!((draft.kind, draft.text.as_str()), (kind, left), "{text}");
        assert_eq!((draft.happened, draft.back_dated), (now(), false), "{text}");
    }
}

#[test]
fn one_line_assigns_several_roles() {
    let draft = read("ops=lea, scribe=marc, comms=ines from now on");
    assert_eq!((draft.kind.clone(), draft.text.as_str()), (role("ops", "lea"), "from now on"));
    assert_eq!(draft.more, [role("scribe", "marc"), role("comms", "ines")]);
    let mut ids = 0;
    let mut new_id = || {
        ids += 1;
        Uuid::from_u128(ids)
    };
    let entries = draft.into_entries(&mut new_id, &Symbol::from("ana"), now(), Vec::new());
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[2].kind, role("comms", "ines"));
}

#[test]
fn times_may_be_given_first() {
    assert_eq!(happened("-5m o it began"), "2026-03-13T17:40:30Z");
    assert_eq!(happened("-1h30m deploy"), "2026-03-13T16:15:30Z");
    assert_eq!(happened("@-20m deploy"), "2026-03-13T17:25:30Z");
    assert_eq!(happened("@18:42 o it began"), "2026-03-13T17:42:00Z");
    assert_eq!(happened("@18:42:10 o it began"), "2026-03-13T17:42:10Z");
    assert_eq!(happened("@18:45:30 now"), "2026-03-13T17:45:30Z");
    // Not yet today: yesterday.
    assert_eq!(happened("@18:46 o it began"), "2026-03-12T17:46:00Z");
    assert_eq!(happened("@0:10 o it began"), "2026-03-12T23:10:00Z");
    assert_eq!(happened("impact @18:30"), "2026-03-13T17:30:00Z");
    assert_eq!(happened("@18:30 impact first bad minute"), "2026-03-13T17:30:00Z");
    let draft = read("-5m h2 confirmed by dbsize");
    assert_eq!((draft.back_dated, draft.text.as_str()), (true, "by dbsize"));
}

#[test]
fn what_is_no_time_stays_text() {
    for text in
        ["@25:00 x", "@18:60 x", "-5 x", "-m x", "-5m3 x", "- x", "@ana x", "-999999999999999h x", "@18:4a x", "-5mx"]
    {
        let draft = read(text);
        assert_eq!((draft.text.as_str(), draft.back_dated), (text, false), "{text}");
    }
    assert_eq!(read("-5m").text, "-5m");
}

#[test]
fn what_was_meant_as_a_time_and_is_none_is_named() {
    for (text, word) in [
        ("@99:99 bad", Some("@99:99")),
        ("+5m x", Some("+5m")),
        ("-5x y", Some("-5x")),
        ("impact @25:00", Some("@25:00")),
        ("@-5q x", Some("@-5q")),
        ("@ana look", None),
        ("-5m x", None),
        ("@18:42 x", None),
        ("-3 % orders", None),
        ("+20 orders", None),
        ("o -5x", None),
        ("", None),
    ] {
        assert_eq!(unread_time(text, now(), paris()), word, "{text}");
    }
}

#[test]
fn an_entry_without_text_has_the_words_of_its_kind() {
    for (text, words) in [
        ("declare sev1", &["declared SEV1"][..]),
        ("declare sev1 orders are lost", &["orders are lost"]),
        ("sev2", &["severity SEV2"]),
        ("ic @bob", &["IC = bob"]),
        ("ic @bob, scribe @lea", &["IC = bob", "scribe = lea"]),
        ("resolved", &["resolved"]),
        ("mitigated", &["mitigated"]),
        ("reopened", &["reopened"]),
        ("h2 confirmed", &["H2 confirmed"]),
        ("impact @18:30", &["impact starts"]),
    ] {
        let entries = read(text).into_entries(&mut || Uuid::from_u128(1), &Symbol::from("ana"), now(), Vec::new());
        let told: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(told, words, "{text}");
    }
}

#[test]
fn evidence_is_taken_off_by_its_word() {
    let draft = read("o pool exhausted without trace, slo");
    assert_eq!(
        (draft.text.as_str(), draft.without.as_slice()),
        ("pool exhausted", &[Symbol::from("trace"), Symbol::from("slo")][..])
    );
    let evidence = |about: &str| Evidence {
        about: Symbol::from(about),
        text: about.to_owned(),
        trace: None,
        span: None,
        slo: None,
        at: None,
    };
    let entries = draft.into_entries(
        &mut || Uuid::from_u128(1),
        &Symbol::from("ana"),
        now(),
        vec![evidence("trace"), evidence("span")],
    );
    assert_eq!(entries[0].evidence, [evidence("span")]);
    assert_eq!(read("o pool épuisé sans trace").text, "pool épuisé");
    for text in ["a span without trace context", "we go without", "nothing without traces", "without trace"] {
        let draft = parse_note(text, now(), paris(), 1);
        assert!(draft.without.is_empty(), "{text}");
    }
}

/// The words that the other fields of a draft may have swallowed.
fn may_be_swallowed(word: &str) -> bool {
    let word = word.trim_end_matches([':', ',', ';', '.']);
    let lower = word.to_lowercase();
    word.is_empty()
        || lower.strip_prefix('h').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        || word.starts_with(['-', '−', '@', '='])
        || word.contains(['@', '='])
        || ["sev", "declare", "déclare", "confirm", "reject", "rejet", "open", "reopened", "ouverte", "rouverte"]
            .iter()
            .any(|start| lower.starts_with(start))
        || [
            "o",
            "a",
            "d",
            "m",
            "c",
            "e",
            "todo",
            "impact",
            "handover",
            "mitigated",
            "resolved",
            "without",
            "sans",
            "and",
            "et",
            "because",
            "car",
            "ic",
            "comms",
            "ops",
            "scribe",
            "deputy",
            "trace",
            "span",
            "slo",
            "line",
            "alert",
            "runbook",
        ]
        .contains(&lower.as_str())
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(
        &[
            "o",
            "h",
            "h2",
            "a",
            "todo",
            "-5m",
            "@18:42",
            "@ana",
            "ic",
            "sev1",
            "because",
            "declare",
            "without",
            "trace",
            "slo",
            "confirmed",
            "rejected:",
            "→",
            "rejeté",
            "é",
            "impact",
            "ops=lea,",
            "scribe",
            "pool",
            "exhausted",
            ",",
            "=",
            "😀",
        ][..],
    );
    prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn nothing_typed_is_lost(text in words()) {
        let draft = read(&text);
        let mut left = draft.text.split_whitespace();
        let mut next = left.next();
        for word in text.split_whitespace() {
            // `scribe=marc,pool` cannot be split by blanks; the rest of such a word is in the text as a word of its own.
            if next == Some(word) {
                next = left.next();
            } else {
                prop_assert!(may_be_swallowed(word), "{word} of {text:?} is gone: {draft:?}");
            }
        }
        prop_assert_eq!(next, None);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", seconds in any::<i64>(), offset in -86_399..86_399) {
        let zone = FixedOffset::east_opt(offset).expect("an offset");
        let draft = parse_note(&text, Timestamp::from_nanos(seconds), zone, u16::MAX);
        prop_assert!(text.trim().is_empty() || !draft.text.is_empty() || draft.kind != Kind::Note);
    }

    #[test]
    fn a_time_of_day_is_never_in_the_future(seconds in 0_i64..4_000_000_000, hour in 0..24, minute in 0..60, offset in -43_200..43_200) {
        let zone = FixedOffset::east_opt(offset).expect("an offset");
        let now = Timestamp::from_seconds(seconds);
        let draft = parse_note(&format!("@{hour}:{minute:02} x"), now, zone, 1);
        prop_assert!(draft.back_dated && draft.happened <= now);
        prop_assert!(now.since(draft.happened) < 86_400_000_000_000);
    }
}
