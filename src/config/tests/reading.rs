//! What is right is read, and what is left out has its default.

use std::time::Duration;

use super::*;
use crate::domain::Symbol;
use crate::domain::slo::{Policy, Sli};
use crate::domain::trace::Sampler;

#[test]
fn the_example_is_right_and_says_the_defaults() {
    let example = Config::parse("config.example.toml", EXAMPLE, Path::new(""), &around()).expect("it is right");
    assert_eq!(example.sources.len(), 5);
    assert_eq!(example.slos.len(), 1);
    let defaults = Config::defaults(&around());
    assert_eq!(example.entrypoints, defaults.entrypoints);
    assert_eq!(example.business_keys, defaults.business_keys);
    assert_eq!((&example.runbooks, &example.runbook_url_prefix), (&defaults.runbooks, &defaults.runbook_url_prefix));
    assert_eq!((&example.deploys, &example.logs_query), (&defaults.deploys, &defaults.logs_query));
    assert_eq!((&example.responder, &example.screen), (&defaults.responder, &defaults.screen));
    assert_eq!(defaults.responder, "ana");
}

/// What the example shows as a comment is a key that exists, with the default that the comment claims.
#[test]
fn the_comments_of_the_example_are_right_too() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("company-ca.pem"), "x").expect("written");
    let mut text = String::new();
    for line in EXAMPLE.lines() {
        let key =
            line.strip_prefix("# ").filter(|rest| rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')));
        match key {
            Some(rest) if rest.starts_with("token_file") || rest.starts_with("token_command") => {}
            Some(rest) => text.push_str(rest),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    let full = Config::parse("config.toml", &text, folder.path(), &around()).map_err(|problems| problems.to_string());
    let full = full.unwrap_or_else(|told| panic!("{told}"));
    let plain = Config::parse("config.toml", EXAMPLE, folder.path(), &around()).expect("it is right");
    let (source, default) = (&full.sources[0], &plain.sources[0]);
    assert_eq!(source.timeout, default.timeout);
    assert_eq!(source.tenant.as_deref(), Some("team-a"));
    assert_eq!(source.credential, Some(Credential::Environment("PROMETHEUS_TOKEN".to_owned())));
    assert_eq!(source.ca_file, Some(folder.path().join("company-ca.pem")));
    assert_eq!(full.slos[0].unit_cost_micro, Some(78_260_000));
    assert_eq!(full.slos[0].currency, plain.slos[0].currency);
    assert_eq!(full.screen.keys.len(), 1);
}

#[test]
fn an_empty_file_is_the_defaults() {
    let empty = parse("").expect("it is right");
    assert_eq!(empty.sources, []);
    assert_eq!(empty.sampler, None);
    assert_eq!(empty.logs_query, r#"{service_name=~".+"}"#);
    assert_eq!(empty.deploys, "count by (service_name, service_version) (target_info)");
    assert_eq!(empty.business_keys, ["order_id", "carrier_id", "customer_id"].map(Symbol::from));
    assert_eq!(empty.screen, Screen::default());
}

#[test]
fn everything_is_read() {
    let config = parse(
        r#"
[[source]]
kind = "prometheus"
name = "mimir"
url = "https://mimir.example/prometheus"
tenant = "t1|t2"
user = "123"
token_command = ["pass", "show", "mimir"]
timeout = "30s"

[[slo]]
name = "checkout"
objective = "99.95"
good = "increase(good[{{.window}}])"
total = "increase(all[{{.window}}])"
window = "7d"
policy = "workbook"
unit = "orders"
unit_cost = "0.5"
currency = "CHF"
source = "mimir"
runbook = "checkout-slow"

[services]
entrypoints = ["gateway"]

[sampling]
slow = "1500ms"
one_of = 10

[business]
keys = ["basket"]

[runbooks]
paths = ["runbooks", "~/notes", "/srv/runbooks"]
url_prefix = "https://wiki/"

[timeline]
deploys = "up"

[logs]
query = '{app="x"}'

[responder]
name = "ben"

[ui]
theme = "light"
preset = "k9s"
timezone = "europe/paris"
writer = "plain"
keys = { quit = "Q", "next-error" = ["e", "] e"], help = [] }
"#,
    )
    .unwrap_or_else(|told| panic!("{told}"));
    let source = &config.sources[0];
    assert_eq!((source.kind, source.name.as_str()), (SourceKind::Prometheus, "mimir"));
    assert_eq!(source.url.as_str(), "https://mimir.example/prometheus");
    assert_eq!((source.tenant.as_deref(), source.user.as_deref()), (Some("t1|t2"), Some("123")));
    assert_eq!(source.credential, Some(Credential::Command(["pass", "show", "mimir"].map(str::to_owned).to_vec())));
    assert_eq!(source.timeout, Duration::from_secs(30));
    let slo = &config.slos[0];
    assert_eq!(
        (slo.name.as_str(), slo.journey.as_str(), slo.objective.budget_ppb()),
        ("checkout", "checkout", 500_000)
    );
    assert_eq!((slo.window.as_secs(), &slo.policy), (7 * 86_400, &Policy::Workbook));
    assert!(matches!(&slo.sli, Sli::GoodOverTotal { good, .. } if good == "increase(good[{{.window}}])"));
    assert_eq!((slo.unit.as_str(), slo.unit_cost_micro, slo.currency.as_str()), ("orders", Some(500_000), "CHF"));
    assert_eq!(slo.source.as_deref(), Some("mimir"));
    assert_eq!(config.runbooks, ["/etc/warroom/runbooks", "/home/ana/notes", "/srv/runbooks"].map(PathBuf::from));
    assert_eq!((config.entrypoints[0].as_str(), config.business_keys.len()), ("gateway", 1));
    assert_eq!((config.deploys.as_str(), config.logs_query.as_str()), ("up", "{app=\"x\"}"));
    assert_eq!(config.sampler, Some(Sampler { slow: Some(Duration::from_millis(1_500)), one_of: 10 }));
    assert_eq!(config.responder, "ben");
    assert_eq!(config.screen.timezone, TimeZone::Named(chrono_tz::Europe::Paris));
    assert_eq!(config.screen.writer, FrameWriter::Plain);
    assert_eq!(config.screen.theme.as_ref().map(|found| found.value.as_str()), Some("light"));
    let keys: Vec<(&str, usize)> =
        config.screen.keys.iter().map(|binding| (binding.action.value.as_str(), binding.keys.len())).collect();
    assert_eq!(keys, [("quit", 1), ("next-error", 2), ("help", 0)]);
    let theme = config.screen.theme.as_ref().map_or(0..0, |found| found.span.clone());
    let told = config.tell(vec![Problem::at(theme, "no theme is called `light`")]).to_string();
    assert_eq!(told.lines().next(), Some("config.toml:48:9: no theme is called `light`"));
}

#[test]
fn the_file_is_found_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let mut around = Surroundings { config_directory: Some(here.to_owned()), ..around() };
    let looked_for = Some(here.join("config.toml"));
    assert_eq!(load(None, &around), Err(LoadError::NoConfig { looked_for }));
    std::fs::write(here.join("config.toml"), "[responder]\nname = \"one\"").expect("written");
    std::fs::write(here.join("two.toml"), "[responder]\nname = \"two\"").expect("written");
    assert_eq!(load(None, &around).expect("found").responder, "one");
    around.config = Some(here.join("two.toml"));
    assert_eq!(load(None, &around).expect("found").responder, "two");
    assert_eq!(load(Some(&here.join("config.toml")), &around).expect("found").responder, "one");
    let missing = load(Some(Path::new("no/such.toml")), &around).expect_err("not there").to_string();
    assert_eq!(missing, "no/such.toml: there is no such file");
    std::fs::write(here.join("two.toml"), b"a = 1\nb = \"\xff\"").expect("written");
    let unreadable = load(None, &around).expect_err("not UTF-8").to_string();
    assert!(unreadable.ends_with("two.toml: not UTF-8 at line 2; save it as UTF-8"), "{unreadable}");
    std::fs::write(here.join("two.toml"), "#".repeat(2_000_000)).expect("written");
    assert!(load(None, &around).expect_err("too large").to_string().contains("larger than 1 MiB"));
    assert!(load(Some(here), &around).expect_err("a directory").to_string().contains("it is a directory"));
}
