//! What a filter matches, by example and against a plain search.

use super::{Filter, Needle, Searched};

struct Texts<'a>(&'a [&'a str], &'a [(&'a str, &'a str)]);

impl Searched for Texts<'_> {
    fn any_text(&self, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        self.0.iter().any(|text| accept(text))
    }

    fn any_value(&self, key: &str, accept: &mut dyn FnMut(&str) -> bool) -> bool {
        self.1.iter().any(|(known, value)| *known == key && accept(value))
    }
}

fn matches(filter: &str, text: &str) -> bool {
    Filter::parse(filter).matches(&Texts(&[text], &[("service", "pricing")]))
}

#[test]
fn small_letters_find_capitals_and_capitals_only_themselves() {
    assert!(matches("/pool", "PoolTimeoutError"));
    assert!(matches("timeouterror", "PoolTimeoutError"));
    assert!(!matches("pooL", "PoolTimeoutError"));
    assert!(matches("Pool", "PoolTimeoutError") && !matches("Pool", "pool"));
    assert!(matches("été", "L'ÉTÉ") && !matches("ete", "L'ÉTÉ"));
    assert!(matches("", "anything") && matches("/", "") && !matches("x", ""));
}

#[test]
fn every_term_must_hold() {
    assert!(matches("order rejected", "order 42 rejected") && !matches("order accepted", "order 42 rejected"));
    assert!(matches("\"42 rejected\"", "order 42 rejected") && !matches("\"order rejected\"", "order 42 rejected"));
    assert!(!matches("/!health-check", "GET /health-check") && matches("!health-check", "GET /orders"));
    assert!(matches("order !accepted", "order 42 rejected"));
    assert!(matches("!", "a lone sign asks for nothing"));
}

#[test]
fn fields_are_found_in_json_in_logfmt_and_beside_the_text() {
    let json = r#"{"zone":"FR-75", "order" : {"id":4472146,"note":"a \"b\" c"},"ok":true}"#;
    for filter in
        ["zone=FR-75", "zone=fr-75", "id=4472146", "ok=true", "zone=FR*", "service=pricing", "!zone=FR-7", "zone!=DE"]
    {
        assert!(matches(filter, json), "{filter}");
    }
    for filter in [
        "zone=FR-7",
        "zone=",
        "id=447214",
        "!zone=FR-75",
        "one=FR-75",
        "service=routing",
        "zone!=FR-75",
        r#""note=a \""#,
    ] {
        assert!(!matches(filter, json), "{filter}");
    }
    let logfmt = r#"level=error msg="no connection within 360ms" (in_use=20 max=20) at=x"#;
    for filter in ["level=error", "in_use=20", "max=20", "at=x", r#"msg="no connection within 360ms""#, "msg=no*"] {
        assert!(matches(filter, logfmt), "{filter}");
    }
    assert!(!matches("use=20", logfmt) && !matches("msg=no", logfmt));
}

#[test]
fn expressions_are_bounded_and_marked_and_an_unfinished_one_asks_for_nothing() {
    assert!(matches("~zone=FR-7[0-5]", "zone=FR-75") && !matches("~zone=FR-7[0-5]", "zone=FR-76"));
    assert!(matches("~Pool.*ERROR", "Pool ERROR") && !matches("~pool.*ERROR", "Pool ERROR"));
    assert!(matches("!~^order", "no order") && matches("~^order", "order 4") && matches(r"~\Border", "disorder"));
    assert!(
        matches("took=~^2[0-9]{3}$", "took=2387") && matches("took!~^2", "took=1") && !matches("took=~^3", "took=2")
    );
    assert!(matches("\"~x\"", "a ~x") && matches(r#"~"no \"lock\" held""#, r#"no "lock" held"#));
    let unfinished = Filter::parse("order ~(lost");
    assert!(unfinished.complaint().is_some_and(|words| words.contains("group")), "{:?}", unfinished.complaint());
    assert!(unfinished.matches(&Texts(&["order"], &[])));
    assert!(Filter::parse("~(((a{1000}){1000}){1000})").complaint().is_some());
    assert_eq!(Filter::parse("~b+").marks("abbab"), [1..3, 4..5]);
}

#[test]
fn a_pattern_is_the_rest_of_the_filter() {
    let filter = Filter::of_pattern("pricing", "", "order <*> rejected: \"a b\"");
    assert_eq!(filter.to_string(), "service=pricing pattern=order <*> rejected: \"a b\"");
    assert!(filter.matches(&Texts(&[r#"order 42 rejected: "a b""#], &[("service", "pricing")])));
    assert!(!filter.matches(&Texts(&[r#"order 42 accepted: "a b""#], &[("service", "pricing")])));
    assert!(matches!(filter.probe(|key| key == "service"), Some(super::Probe::Letters("rejected"))));
}

#[test]
fn what_is_no_field_is_a_word() {
    assert!(matches("a+b=c", "x a+b=c y") && !matches("a+b=c", "x a+b y"));
    assert!(matches("=>", "x => y"));
}

#[test]
fn marks_are_apart_and_on_letters() {
    let marked = |filter: &str, text: &'static str| -> Vec<&str> {
        Filter::parse(filter).marks(text).into_iter().map(|range| text.get(range).expect("on letters")).collect()
    };
    assert_eq!(marked("ab b", "xABab"), ["AB", "ab"]);
    assert_eq!(marked("é", "aÉé"), ["É", "é"]);
    assert_eq!(marked("aa", "aaaaa"), ["aa", "aa"]);
    assert!(marked("!ab", "ab").is_empty());
}

#[test]
fn a_filter_is_written_as_it_was_typed() {
    let filter = Filter::parse("/!health zone=FR*");
    assert_eq!(filter.to_string(), "!health zone=FR*");
    assert_eq!(Filter::parse(&filter.to_string()), filter);
    assert!(Filter::parse("  / ").is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

    #[test]
    fn an_ascii_needle_is_found_where_a_plain_search_finds_it(text in "[abAB:e ]{0,90}", needle in "[ab:e ]{1,4}") {
        let found = Needle::new(&needle).find(&text, 0).map(|range| range.start);
        proptest::prop_assert_eq!(found, text.to_ascii_lowercase().find(&needle));
    }

    #[test]
    fn no_text_and_no_filter_break_it(filter in ".{0,20}", text in ".{0,40}", from in 0..50_usize) {
        let parsed = Filter::parse(&filter);
        let _ = parsed.matches(&Texts(&[&text], &[]));
        for range in parsed.marks(&text) {
            proptest::prop_assert!(text.get(range).is_some());
        }
        if let Some(range) = parsed.probe(|_| false).and_then(|probe| probe.find(&text, text.ceil_char_boundary(from.min(text.len())))) {
            proptest::prop_assert!(text.get(range..).is_some());
        }
    }
}
