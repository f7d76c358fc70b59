//! The checker itself, on small sources with one planted mistake each: every mistake is found, and what is right is let
//! through.

use super::check::{Source, all, orphans};

const FACE: (&str, &str) = (
    "domain/mod.rs",
    "//! What is true.\n\nmod symbol;\nmod time;\n\npub use symbol::Symbol;\npub use time::Timestamp;\n",
);
const TIME: (&str, &str) = ("domain/time.rs", "//! A moment.\n\npub struct Timestamp(i64);\n");
const SYMBOL: (&str, &str) = ("domain/symbol.rs", "//! A name of a thing.\n\npub struct Symbol(String);\n");
const LIB: (&str, &str) = ("lib.rs", "//! The house.\n\npub mod domain;\npub mod port;\npub mod room;\n");

fn check(sources: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = [LIB, FACE]
        .iter()
        .chain(sources)
        .map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    let dependencies = ["serde", "chrono", "tokio", "tui_textarea", "toml", "uuid"].map(str::to_owned);
    all(&sources, &dependencies)
}

#[test]
fn a_sound_house_is_let_through() {
    let clock = (
        "port/clock.rs",
        "//! What time it is.\n\nuse crate::domain::{Symbol, Timestamp};\n\npub trait Clock {\n    fn now(&self) -> Timestamp;\n}\n",
    );
    let port = ("port/mod.rs", "//! What we may ask.\n\nmod clock;\n\npub use clock::Clock;\n");
    assert_eq!(check(&[TIME, SYMBOL, clock, port]), Vec::<String>::new());
}

#[test]
fn an_import_that_climbs() {
    let time = ("domain/time.rs", "//! A moment.\n\nuse crate::port::Clock;\npub struct Timestamp(i64);\n");
    assert_eq!(check(&[time, SYMBOL]), ["domain/time.rs:3: an import that climbs: `port::Clock`"]);
}

#[test]
fn an_inline_path_that_climbs() {
    let time = ("domain/time.rs", "//! A moment.\n\npub struct Timestamp(crate::room::Room);\n");
    assert_eq!(check(&[time, SYMBOL]), ["domain/time.rs:3: an import that climbs: `room::Room`"]);
}

#[test]
fn a_climb_by_super_in_a_tree_of_imports_and_in_a_test() {
    let time = (
        "domain/time.rs",
        "//! A moment.\n\nuse super::super::{\n    port::{self, Clock as C},\n};\npub struct Timestamp(i64);\n",
    );
    assert_eq!(
        check(&[time, SYMBOL]),
        ["domain/time.rs:4: an import that climbs: `port::Clock`", "domain/time.rs:4: an import that climbs: `port`"]
    );
    let time = (
        "domain/time.rs",
        "//! A moment.\n\npub struct Timestamp(i64);\n#[cfg(test)]\nmod tests {\n    use crate::room::Room;\n}\n",
    );
    assert_eq!(check(&[time, SYMBOL]), ["domain/time.rs:6: an import that climbs: `room::Room`"]);
}

#[test]
fn words_in_comments_and_texts_are_not_imports() {
    let time = (
        "domain/time.rs",
        "//! A moment.\n\n// use crate::room::Room;\n/* crate::room /* crate::port */ crate::room */\npub struct Timestamp(i64);\nconst A: &str = \"crate::room\\\"::x\";\nconst B: &str = r#\"tokio::spawn \"quoted\" \"#;\nconst C: char = '\"';\nfn f<'a>(x: &'a str) -> &'a str { x }\n",
    );
    assert_eq!(check(&[time, SYMBOL]), Vec::<String>::new());
}

#[test]
fn a_circle_through_the_face() {
    let time = ("domain/time.rs", "//! A moment.\n\nuse super::Symbol;\npub struct Timestamp(Symbol);\n");
    let symbol = ("domain/symbol.rs", "//! A name of a thing.\n\npub struct Symbol(crate::domain::Timestamp);\n");
    assert_eq!(
        check(&[time, symbol]),
        ["domain/time.rs:3: a circle of imports: domain/time.rs:3 -> domain/symbol.rs:3 and back"]
    );
}

#[test]
fn a_circle_of_three_at_two_depths_by_an_alias_and_a_glob() {
    let face = ("domain/slo/mod.rs", "//! Objectives of a service.\n\nmod burn;\n\npub use burn::*;\n");
    let burn = (
        "domain/slo/burn.rs",
        "//! How fast a budget burns.\n\nuse crate::domain as words;\npub struct Burn(words::Timestamp);\n",
    );
    let time = ("domain/time.rs", "//! A moment.\n\nuse super::Symbol;\npub struct Timestamp(Symbol);\n");
    let symbol = ("domain/symbol.rs", "//! A name of a thing.\n\nuse super::slo::Burn;\npub struct Symbol(Burn);\n");
    let found = check(&[face, burn, time, symbol]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found.iter().all(|line| line.contains("domain/slo/burn.rs:4") && line.contains("domain/symbol.rs:3")),
        "{found:?}"
    );
}

#[test]
fn a_circle_with_ones_own_child_but_not_with_ones_test() {
    let parent =
        ("domain/time.rs", "//! A moment.\n\nmod zone;\n#[cfg(test)]\nmod tests;\npub struct Timestamp(zone::Zone);\n");
    let child =
        ("domain/time/zone.rs", "//! A zone of the world.\n\nuse super::Timestamp;\npub struct Zone(Timestamp);\n");
    let tests = ("domain/time/tests.rs", "//! Moments, tested.\n\nuse super::*;\nuse tokio::time;\n");
    let found = check(&[parent, child, tests, SYMBOL]);
    assert_eq!(found, ["domain/time.rs:6: a circle of imports: domain/time.rs:6 -> domain/time/zone.rs:3 and back"]);
}

#[test]
fn a_face_passed_by() {
    let clock =
        ("port/clock.rs", "//! What time it is.\n\nuse crate::domain::time::Timestamp;\n\npub trait Clock {}\n");
    let port = ("port/mod.rs", "//! What we may ask.\n\nmod clock;\n");
    assert_eq!(
        check(&[TIME, SYMBOL, clock, port]),
        ["port/clock.rs:3: imports `domain/time.rs` and not the face of its folder"]
    );
}

#[test]
fn a_face_that_shows_a_thing_named_as_its_file() {
    let clock = ("port/clock.rs", "//! What time it is.\n\nuse super::tail::tail;\npub fn clock() {}\n");
    let tail = ("port/tail.rs", "//! Lines as they come.\n\nuse crate::domain::Symbol;\npub fn tail() {}\n");
    let port = ("port/mod.rs", "//! What we may ask.\n\nmod clock;\nmod tail;\n\npub use clock::clock;\n");
    assert_eq!(check(&[TIME, SYMBOL, clock, tail, port]), Vec::<String>::new());
    let tail = ("port/tail.rs", "//! Lines as they come.\n\nuse super::clock;\npub fn tail() {}\n");
    assert_eq!(
        check(&[TIME, SYMBOL, clock, tail, port]),
        ["port/clock.rs:3: a circle of imports: port/clock.rs:3 -> port/tail.rs:3 and back"]
    );
    let uses = ("room/update.rs", "//! The one door.\n\nuse crate::domain::symbol;\n");
    let face = ("domain/mod.rs", "//! What is true.\n\nmod symbol;\n\npub use symbol::make as symbol;\n");
    let sources = [("room/mod.rs", "//! The mind of it.\n"), face, uses, SYMBOL];
    let sources = sources.map(|(name, text)| Source { name: name.to_owned(), text: text.to_owned() });
    assert_eq!(all(&sources, &[]), Vec::<String>::new());
}

#[test]
fn a_file_too_long_and_a_file_without_a_head() {
    let long = format!("//! A moment.\n\npub struct Timestamp(i64);\n{}", "// more\n".repeat(398));
    let headless = ("domain/symbol.rs", "pub struct Symbol(String);\n");
    assert_eq!(
        check(&[("domain/time.rs", &long), headless]),
        [
            "domain/symbol.rs:1: does not open with `//!` and what it is for",
            "domain/time.rs:401: longer than 400 lines"
        ]
    );
}

#[test]
fn a_file_that_nobody_compiles() {
    let tests = ("domain/time_tests.rs", "//! A moment, tried.\n\n#[test]\nfn passes() {}\n");
    let sources = [LIB, FACE, TIME, SYMBOL, tests].map(|(name, text)| Source { name: name.into(), text: text.into() });
    assert_eq!(orphans(&sources), ["domain/time_tests.rs:1: no `mod` names it, so it is never compiled"]);
}

#[test]
fn a_face_that_defines_or_is_too_long() {
    let face = format!("//! What we may ask.\n\npub struct Port;\nmod inner {{}}\n{}", "// more\n".repeat(40));
    assert_eq!(
        check(&[TIME, SYMBOL, ("port/mod.rs", &face)]),
        [
            "port/mod.rs:1: a face with a body: `inner`",
            "port/mod.rs:3: a face that defines `Port`",
            "port/mod.rs:44: a face longer than 40 lines"
        ]
    );
}

#[test]
fn a_crate_on_the_wrong_floor() {
    let time = (
        "domain/time.rs",
        "//! A moment.\n\nuse tokio::time::sleep;\npub struct Timestamp(i64);\nfn f() { ::toml::from_str(\"\") }\n",
    );
    let page = ("domain/runbook/page.rs", "//! A page of a runbook.\n\nfn f() { toml::from_str(\"\") }\n");
    let face = ("domain/runbook/mod.rs", "//! What to do when.\n\nmod page;\n");
    assert_eq!(
        check(&[time, SYMBOL, page, face]),
        [
            "domain/time.rs:3: the crate `tokio` does not belong here",
            "domain/time.rs:5: the crate `toml` does not belong here"
        ]
    );
    let editor = "//! A field to type in.\n\nuse tui_textarea::TextArea;\n";
    let face = ("room/mod.rs", "//! The mind of it.\n\nmod editor;\nmod pane;\n");
    assert_eq!(
        check(&[TIME, SYMBOL, face, ("room/editor.rs", editor), ("room/pane.rs", editor)]),
        ["room/pane.rs:3: the crate `tui_textarea` does not belong here"]
    );
}

#[test]
fn a_clock_in_the_mind_but_not_in_its_tests() {
    let room = (
        "room/update.rs",
        "//! The one door.\n\nuse chrono::Utc;\nuse std::time::{Duration, Instant};\nfn f() { Utc::now(); }\n#[cfg(test)]\nmod tests {\n    fn g() { std::fs::read(\"\"); tokio::spawn(); }\n}\n",
    );
    let face = ("room/mod.rs", "//! The mind of it.\n\nmod update;\n");
    assert_eq!(
        check(&[TIME, SYMBOL, room, face]),
        [
            "room/update.rs:4: touches the world: `std::time::Instant`",
            "room/update.rs:5: touches the world: `chrono::Utc::now`"
        ]
    );
}

#[test]
fn a_floor_that_nobody_planned() {
    let helper = ("helpers/mod.rs", "//! Things that help.\n");
    assert_eq!(check(&[TIME, SYMBOL, helper]), ["helpers/mod.rs:1: the floor `helpers` is not in the plan"]);
}
