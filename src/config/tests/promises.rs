//! Policies, pairs of a team's own, and methods: what is read of them, and what is refused with the SLO's name.

use std::path::Path;
use std::time::Duration;

use super::around;
use crate::config::{Config, EXAMPLE};
use crate::domain::slo::{BurnRule, EmptySlice, Language, Method, RuleSeverity, Slo};

fn text(objective: &str, more: &str) -> String {
    format!(
        "[[slo]]\nname = \"checkout\"\nobjective = \"{objective}\"\nbad = \"rate(b[{{{{.window}}}}])\"\ntotal = \
         \"rate(t[{{{{.window}}}}])\"\n{more}"
    )
}

fn slo(objective: &str, more: &str) -> Result<Slo, String> {
    let config = Config::parse("x.toml", &text(objective, more), Path::new("/"), &around());
    config.map(|config| config.slos[0].clone()).map_err(|problems| problems.to_string())
}

fn refused(objective: &str, more: &str) -> String {
    slo(objective, more).map(|slo| slo.policy).expect_err("it is wrong")
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

#[test]
fn each_preset_is_known_by_its_name() {
    for name in ["seed", "workbook", "sloth-30d", "pyrra"] {
        let read = slo("99.9", &format!("policy = \"{name}\"")).expect("it is right");
        assert_eq!(read.policy.to_string(), name);
    }
    let four_weeks = slo("99.9", "policy = \"sloth-28d\"\nwindow = \"28d\"").expect("it is right");
    assert_eq!(four_weeks.policy.rules()[0].factor_milli, 13_440);
    let told = refused("99.9", "policy = \"sloth-30d\"\nwindow = \"28d\"");
    assert!(told.contains("`sloth-30d` is for a window of 30d, not 28d"), "{told}");
    assert!(refused("99.9", "policy = \"slot-30d\"").contains("did you mean `sloth-30d`?"));
}

#[test]
fn pairs_of_ones_own_are_sorted_and_complete() {
    let own = "[[slo.burn]]\nlong = \"3d\"\nspend = \"10\"\nseverity = \"ticket\"\n\
               [[slo.burn]]\nlong = \"1h\"\nshort = \"10m\"\nfactor = \"14.4\"\nseverity = \"page\"\nhold = \"2m\"\n";
    let read = slo("99.9", own).expect("it is right");
    let expected = [
        BurnRule::new(minutes(60), minutes(10), 14_400, RuleSeverity::Page).held_for(minutes(2)),
        BurnRule::new(minutes(4_320), minutes(360), 1_000, RuleSeverity::Ticket),
    ];
    assert_eq!((read.policy.rules(), read.policy.name()), (expected.as_slice(), "custom"));
}

#[test]
fn pairs_that_cannot_be_are_refused_where_they_stand() {
    let pair = |text: &str| refused("99.9", &format!("[[slo.burn]]\n{text}"));
    for (written, told) in [
        ("long = \"1h\"\nseverity = \"page\"", "[[slo.burn]] without `factor`"),
        ("long = \"1h\"\nfactor = \"14.4\"", "[[slo.burn]] without `severity`"),
        ("factor = \"14.4\"\nseverity = \"page\"", "[[slo.burn]] without `long`"),
        ("long = \"1h\"\nfactor = 14.4\nseverity = \"page\"", "`factor` must be text"),
        ("long = \"1h\"\nfactor = \"-1\"\nseverity = \"page\"", "`factor` must be a number above 0"),
        ("long = \"1h\"\nfactor = \"0\"\nseverity = \"page\"", "`factor` must be a number above 0"),
        ("long = \"1h\"\nspend = \"0\"\nseverity = \"page\"", "`spend` must be a share"),
        ("long = \"1h\"\nspend = \"2\"\nfactor = \"1\"\nseverity = \"page\"", "`spend` beside `factor`"),
        ("long = \"5m\"\nshort = \"1h\"\nfactor = \"1\"\nseverity = \"page\"", "1h is not shorter than 5m"),
        ("long = \"1h\"\nfactor = \"1\"\nseverity = \"loud\"", "`severity` cannot be `loud`"),
        ("long = \"40d\"\nfactor = \"1\"\nseverity = \"page\"", "`checkout`: 1x over 40d looks further back"),
        ("long = \"1h\"\nfactor = \"1\"\nseverity = \"page\"\nfor = \"2m\"", "unknown key `for` in [[slo.burn]]"),
    ] {
        let words = pair(written);
        assert!(words.contains(told), "{words}");
        assert!(words.contains("x.toml:"), "{words}");
    }
    let both = refused("99.9", "policy = \"seed\"\n[[slo.burn]]\nlong = \"1h\"\nfactor = \"2\"\nseverity = \"page\"");
    assert!(both.contains("`policy` beside [[slo.burn]]"), "{both}");
    let nine = "[[slo.burn]]\nlong = \"1h\"\nfactor = \"2\"\nseverity = \"page\"\n".repeat(9);
    assert!(refused("99.9", &nine).contains("more than 8 [[slo.burn]]"));
    assert!(refused("99.9", "burn = 3").contains("`burn` must be a list of tables"));
}

/// 14.4 needs more than 93.06 %: below, a page that never comes would pass for calm.
#[test]
fn a_pair_that_can_never_fire_is_refused_with_the_name_of_its_slo() {
    let told = refused("90", "");
    assert!(told.contains("`checkout`: 14.4x over 1h can never fire: at 90 % a total outage burns 10.0x"), "{told}");
    assert!(refused("93.05", "policy = \"workbook\"").contains("can never fire"));
    assert!(slo("93.06", "policy = \"workbook\"").is_ok());
    assert!(slo("90", "[[slo.burn]]\nlong = \"1h\"\nfactor = \"9.9\"\nseverity = \"page\"").is_ok());
    assert!(refused("90", "[[slo.burn]]\nlong = \"1h\"\nfactor = \"10\"\nseverity = \"page\"").contains("never fire"));
}

#[test]
fn an_objective_of_everything_or_nothing_is_refused() {
    for objective in ["100", "0", "100.0", "NaN", "-1"] {
        let told = refused(objective, "");
        assert!(told.contains("`objective`: expected") && told.contains(":3:"), "{told}");
    }
}

#[test]
fn methods_are_read() {
    assert_eq!(slo("99.5", "").expect("it is right").method, Method::Occurrences);
    let target = "95".parse().expect("a share");
    let slices = |empty| Method::TimeSlices { slice: minutes(5), target, empty };
    let p95 = "method = \"time-slices\"\nslice_target = \"95\"\n";
    assert_eq!(slo("99.5", p95).expect("it is right").method, slices(EmptySlice::Good));
    let skip = format!("{p95}empty_slice = \"skip\"");
    assert_eq!(slo("99.5", &skip).expect("it is right").method, slices(EmptySlice::Skip));
    let mean = "method = \"ratio-of-slices\"\nslice = \"1m\"";
    assert_eq!(slo("99.5", mean).expect("it is right").method, Method::RatioOfSlices { slice: minutes(1) });
}

#[test]
fn methods_that_say_nothing_are_refused() {
    for (written, told) in [
        ("method = \"time-slices\"", "[[slo]] without `slice_target`"),
        ("method = \"timeslices\"", "did you mean `time-slices`?"),
        ("slice = \"5m\"", "`slice` means nothing with method = \"occurrences\""),
        ("method = \"ratio-of-slices\"\nslice_target = \"95\"", "`slice_target` means nothing"),
        ("method = \"time-slices\"\nslice_target = \"100\"", "`slice_target`: expected more than 0 and less than 100"),
        ("method = \"ratio-of-slices\"\nslice = \"10m\"", "`checkout`: a window of 5m holds no slice of 10m"),
        ("method = \"ratio-of-slices\"\nunit_cost = \"1\"", "`unit_cost` is the price of an event"),
    ] {
        let words = refused("99.5", written);
        assert!(words.contains(told), "{words}");
    }
}

#[test]
fn what_the_example_shows_of_slices_and_pairs_is_right() {
    let shown = |from: &str, to: &str| {
        let lines = EXAMPLE.lines().skip_while(|line| !line.contains(from)).take_while(|line| !line.contains(to));
        lines.filter_map(|line| line.strip_prefix("#   ")).map(|line| format!("{line}\n")).collect::<String>()
    };
    let slices = slo("99.5", &shown("Slices of time that", "Pairs of your own, instead")).expect("it is right");
    assert_eq!(slices.method.text(), "5 min slices, 95 % good");
    let pairs = slo("99.5", &shown("Pairs of your own, instead", "The company")).expect("it is right");
    assert_eq!((pairs.policy.rules().len(), pairs.policy.rules()[0].hold), (1, minutes(2)));
}

#[test]
fn sentences_have_a_language() {
    let language = |text: &str| {
        let config = Config::parse("x.toml", text, Path::new("/"), &around());
        config.map(|config| config.screen.language).map_err(|problems| problems.to_string())
    };
    assert_eq!(language(""), Ok(Language::English));
    assert_eq!(language("[ui]\nlanguage = \"fr\""), Ok(Language::French));
    assert!(language("[ui]\nlanguage = \"de\"").expect_err("there is none").contains("`language` cannot be `de`"));
}
