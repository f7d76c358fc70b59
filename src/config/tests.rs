//! Whole files: what is right is read, what is wrong is told, all of it at once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::*;
use crate::domain::Symbol;
use crate::domain::slo::{Policy, Sli};

fn around() -> Surroundings {
    Surroundings { user: Some("ana".to_owned()), home: Some(PathBuf::from("/home/ana")), ..Surroundings::default() }
}

fn parse(text: &str) -> Result<Config, String> {
    Config::parse("config.toml", text, Path::new("/etc/warroom"), &around()).map_err(|problems| problems.to_string())
}

fn told(text: &str) -> String {
    parse(text).expect_err("a problem")
}

/// The first line of what is told about a source with this line in it.
fn of_source(line: &str) -> String {
    let text = format!("[[source]]\nkind = \"loki\"\nname = \"l\"\nurl = \"https://l.example\"\n{line}\n");
    parse(&text).err().unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn the_example_is_right_and_says_the_defaults() {
    let example = Config::parse("config.example.toml", EXAMPLE, Path::new(""), &around()).expect("it is right");
    assert_eq!(example.sources.len(), 4);
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
    assert_eq!((slo.window.as_secs(), slo.policy), (7 * 86_400, Policy::Workbook));
    assert!(matches!(&slo.sli, Sli::GoodOverTotal { good, .. } if good == "increase(good[{{.window}}])"));
    assert_eq!((slo.unit.as_str(), slo.unit_cost_micro, slo.currency.as_str()), ("orders", Some(500_000), "CHF"));
    assert_eq!(slo.source.as_deref(), Some("mimir"));
    assert_eq!(config.runbooks, ["/etc/warroom/runbooks", "/home/ana/notes", "/srv/runbooks"].map(PathBuf::from));
    assert_eq!((config.entrypoints[0].as_str(), config.business_keys.len()), ("gateway", 1));
    assert_eq!((config.deploys.as_str(), config.logs_query.as_str()), ("up", "{app=\"x\"}"));
    assert_eq!(config.responder, "ben");
    assert_eq!(config.screen.timezone, TimeZone::Named(chrono_tz::Europe::Paris));
    assert_eq!(config.screen.theme.as_ref().map(|found| found.value.as_str()), Some("light"));
    let keys: Vec<(&str, usize)> =
        config.screen.keys.iter().map(|binding| (binding.action.value.as_str(), binding.keys.len())).collect();
    assert_eq!(keys, [("quit", 1), ("next-error", 2), ("help", 0)]);
    let late = Problem::at(config.screen.keys[1].keys[1].span.clone(), "`] e` is bound twice");
    assert_eq!(config.tell(vec![late]).to_string().lines().next(), Some("config.toml:47:43: `] e` is bound twice"));
}

#[test]
fn ten_mistakes_are_ten_problems() {
    let text = r#"[[source]]
kind = "promethius"
nmae = "main"
url = "http://prom.example:9090"
token_env = "PROM_TOKEN"

[[source]]
kind = "loki"
name = "loki"
url = "http://ana:hunter2@loki.example"

[[slo]]
name = "orders"
objective = 99.9
window = "thirty days"
bad = 'sum(rate(errors_total[5m]))'
total = 'sum(rate(requests_total[{{.window}}]))'

[runbook]
paths = ["runbooks"]

[ui]
timezone = "Europe/Pari"
keys = ["q"]
"#;
    let expected = r#"config.toml:2:8: `kind` cannot be `promethius`
  kind = "promethius"
         ^^^^^^^^^^^^
  hint: did you mean `prometheus`?
config.toml:3:1: unknown key `nmae` in [[source]]
  nmae = "main"
  ^^^^
  hint: did you mean `name`?
config.toml:4:7: the token would go to `prom.example` unencrypted
  url = "http://prom.example:9090"
        ^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: use https, or write allow_plaintext = true if the network in between is yours
config.toml:10:7: `url` holds a user or a password
  url = "http://***********@loki.example"
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: write user = ".." and token_env = ".." instead: a config is shown and shared
config.toml:14:13: `objective` must be text, not a number
  objective = 99.9
              ^^^^
  hint: write it in quotes: objective = "99.9"
config.toml:15:10: `window` must be a duration from 1h to 90d
  window = "thirty days"
           ^^^^^^^^^^^^^
  hint: for example window = "1h"
config.toml:16:7: `bad` does not say {{.window}}
  bad = 'sum(rate(errors_total[5m]))'
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint: write it where the range stands: rate(http_requests_total[{{.window}}])
config.toml:19:2: unknown key `runbook`
  [runbook]
   ^^^^^^^
  hint: did you mean `runbooks`?
config.toml:23:12: `timezone` cannot be `Europe/Pari`
  timezone = "Europe/Pari"
             ^^^^^^^^^^^^^
  hint: did you mean `Europe/Paris`?
config.toml:24:8: `keys` must be a table, not a list
  keys = ["q"]
         ^^^^^
  hint: write [ui.keys] and a line for each action: next-error = "e""#;
    assert_eq!(told(text), expected);
}

#[test]
fn what_cannot_be_read_at_all_is_one_problem() {
    assert_eq!(
        told("[ui]\ntheme = \"dark\n[logs]\n"),
        "config.toml:2:14: invalid basic string, expected `\"`\n  theme = \"dark\n               ^\n  \
         hint: nothing after this can be read until it is mended"
    );
    assert!(told("a = 1\na = 2\n").starts_with("config.toml:2:1: duplicate key\n"));
    for line in
        ["token = \"hunter2", "token_env = \"hunter2\"", "token_env = \"HUNT-hunter2\"\n", "x = {password=\"hunter2"]
    {
        let told = told(&format!("[[source]]\n{line}\n"));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn what_is_missing_is_told_at_the_head_of_its_table() {
    assert_eq!(
        told("[[source]]\nkind = \"loki\"\nurl = \"https://x\"\n\n[[slo]]\nname = \"a\"\n"),
        "config.toml:1:1: [[source]] without `name`\n  [[source]]\n  ^^^^^^^^^^\n  \
         hint: a short name for the header, such as name = \"prometheus\"\n\
         config.toml:5:1: [[slo]] without `objective`\n  [[slo]]\n  ^^^^^^^\n  \
         hint: a percentage in quotes: objective = \"99.9\"\n\
         config.toml:5:1: [[slo]] without `total`\n  [[slo]]\n  ^^^^^^^\n  \
         hint: the query of all events: total = \"sum(rate(..[{{.window}}]))\"\n\
         config.toml:5:1: [[slo]] without `bad`\n  [[slo]]\n  ^^^^^^^\n  \
         hint: the query of the bad events, or `good` with that of the good ones"
    );
}

#[test]
fn names_are_unique_and_sources_exist() {
    let text = r#"
source = [{ kind = "loki", name = "a", url = "https://x" }, { kind = "tempo", name = "a", url = "https://x" }, 3]
[[slo]]
name = "o"
objective = "99"
bad = "b[{{.window}}]"
total = "t[{{.window}}]"
source = "a"
"#;
    let told = told(text);
    let heads: Vec<&str> = told.lines().filter(|line| line.starts_with("config.toml:")).collect();
    assert_eq!(
        heads,
        [
            "config.toml:2:86: a second `a`",
            "config.toml:2:112: `source` must be a list of tables, not a whole number",
            "config.toml:8:10: no source of kind prometheus is called `a`",
        ]
    );
}

#[test]
fn a_table_where_a_list_is_meant_and_the_other_way_round() {
    assert!(told("[source]\nkind = \"loki\"\n").contains("`source` must be a list of tables, not a table"));
    assert!(told("[[ui]]\ntheme = \"x\"\n").contains("`ui` must be a table, not a list"));
    assert!(told("logs = 5\n").contains("hint: write [logs] on a line of its own"));
}

#[test]
fn tokens_stay_on_safe_ways() {
    let plain = |url: &str, more: &str| {
        let text = format!("[[source]]\nkind = \"loki\"\nname = \"l\"\nurl = \"{url}\"\ntoken_env = \"T\"\n{more}\n");
        parse(&text).is_ok()
    };
    for url in
        ["https://x.example", "http://localhost:1", "http://a.localhost", "http://127.9.9.9", "http://[::1]:3100/x"]
    {
        assert!(plain(url, ""), "{url}");
    }
    for url in
        ["http://x.example", "http://10.0.0.1", "http://localhost.example", "http://[::2]", "http://127.0.0.1.nip.io"]
    {
        assert!(!plain(url, ""), "{url}");
        assert!(!plain(url, "allow_plaintext = false"), "{url}");
        assert!(plain(url, "allow_plaintext = true"), "{url}");
    }
    assert_eq!(of_source(""), "");
}

#[test]
fn credentials_that_cannot_be() {
    assert_eq!(
        of_source("token_env = \"glsa-abc.def\""),
        "config.toml:5:13: `token_env` is not the name of a variable"
    );
    assert_eq!(
        of_source("token_env = \"A\"\ntoken_command = [\"x\"]"),
        "config.toml:6:17: `token_command` beside `token_env`"
    );
    assert_eq!(of_source("token_command = []"), "config.toml:5:17: `token_command` is empty");
    assert_eq!(
        of_source("token_command = \"pass show x\""),
        "config.toml:5:17: `token_command` must be a list of texts, not text"
    );
    assert_eq!(of_source("user = \"ana\""), "config.toml:5:8: `user` without a password");
    assert_eq!(of_source("token_file = \"nowhere\""), "config.toml:5:14: `token_file` is not there or cannot be read");
    assert_eq!(of_source("ca_file = \"nowhere\""), "config.toml:5:11: `ca_file` is not there");
    assert_eq!(
        of_source("tenant = \"a\\r\\nX: y\""),
        "config.toml:5:10: `tenant` must be one line of at most 200 plain characters"
    );
    assert_eq!(of_source("timeout = \"5m\""), "config.toml:5:11: `timeout` must be a duration from 1s to 2m");
    assert_eq!(
        of_source("allow_plaintext = 1"),
        "config.toml:5:19: `allow_plaintext` must be true or false, not a whole number"
    );
}

#[cfg(unix)]
#[test]
fn a_token_file_that_others_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    std::fs::write(&path, "t").expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
    let line = format!("token_file = \"{}\"", path.display());
    assert_eq!(of_source(&line), "config.toml:5:14: `token_file` may be read by others (mode 0644)");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
    assert_eq!(of_source(&line), "");
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

proptest::proptest! {
    #[test]
    fn no_text_is_a_panic(text in "(\\[\\[?(source|slo|ui)\\]?\\]\n|(kind|url|name|keys|objective) = |\"[a-zé:/.]*\"|\\{|\\}|[0-9.]+|,|\n|.){0,40}") {
        let _ = parse(&text);
    }
}
