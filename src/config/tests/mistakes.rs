//! What is wrong is told: the place, the line, a hint, and all of it at once.

use super::*;

/// The first line of what is told about a source with this line in it.
fn of_source(line: &str) -> String {
    let text = format!("[[source]]\nkind = \"loki\"\nname = \"l\"\nurl = \"https://l.example\"\n{line}\n");
    parse(&text).err().unwrap_or_default().lines().next().unwrap_or_default().to_owned()
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
writer = "fancy"
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
config.toml:24:10: `writer` cannot be `fancy`
  writer = "fancy"
           ^^^^^^^
  hint: "auto" or "plain"
config.toml:25:8: `keys` must be a table, not a list
  keys = ["q"]
         ^^^^^
  hint: write [ui.keys] and a line for each action: next-error = "e""#;
    assert_eq!(told(text), expected);
}

#[test]
fn a_wrong_key_costs_itself_and_is_pointed_at() {
    let text = "[ui.keys]\nquit = [\"Q\", \"ctrl-x-y\"]\nhelpp = \"F1\"\nhelp = \"Q\"\n";
    let (keymap, problems) = parse(text).expect("not worth failing").keymap();
    let told = problems.to_string();
    assert_eq!(problems.len(), 3, "{told}");
    let pointed: Vec<&str> = told
        .lines()
        .filter_map(|line| line.strip_prefix("config.toml:"))
        .filter_map(|line| line.split_once(": ").map(|(place, _)| place))
        .collect();
    assert_eq!(pointed, ["2:14", "3:1", "4:8"], "{told}");
    assert!(told.contains("hint: did you mean `help`?"), "{told}");
    let quit = crate::room::parse_sequence("Q").expect("a key");
    assert_eq!(keymap.resolve(&quit), crate::room::Resolved::Command(crate::room::Command::Quit));
    let (_, vi) = parse("[ui]\npreset = \"k9\"\n").expect("not worth failing").keymap();
    assert!(vi.to_string().contains("`preset` cannot be `k9`") && vi.to_string().contains("k9s"), "{vi}");
    let (_, none) = parse("").expect("it is right").keymap();
    assert!(none.is_empty());
    assert!(told_with_keys().contains("no action is called `helpp`"));
}

/// A file that cannot be loaded tells its keys' mistakes too.
fn told_with_keys() -> String {
    told("[ui]\nthem = \"dark\"\n[ui.keys]\nhelpp = \"F1\"\n")
}

#[test]
fn what_cannot_be_read_at_all_is_one_problem() {
    assert_eq!(
        told("[ui]\ntheme = \"dark\n[logs]\n"),
        "config.toml:2:14: invalid basic string, expected `\"`\n  theme = \"dark\n               ^\n  \
         hint: what stands here is left out; the rest of the file was read"
    );
    assert!(told("[ui]\ntheme = \"dark\"\ntheme = \"light\"\n").starts_with("config.toml:3:1: duplicate key\n"));
    for line in
        ["token = \"hunter2", "token_env = \"hunter2\"", "token_env = \"HUNT-hunter2\"\n", "x = {password=\"hunter2"]
    {
        let told = told(&format!("[[source]]\n{line}\n"));
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn a_value_that_cannot_be_read_hides_no_other_mistake() {
    let text = r#"[[source]]
kind = "loki"
name = "loki
url = "https://loki.example"
tennant = "a"

[[slo]]
name = "orders"
objective = 99.9.9
window = "thirty days"
bad = 'sum(rate(errors_total[{{.window}}]))'
total = 'sum(rate(requests_total[{{.window}}]))'
window = "30d"

[uii]
theme = = "dark"
"#;
    let told = told(text);
    let heads: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("config.toml:")).collect();
    let places: Vec<&str> = heads.iter().filter_map(|head| head.split_once(": ").map(|(place, _)| place)).collect();
    assert_eq!(places, ["3:13", "5:1", "9:17", "10:10", "13:1", "15:2", "16:9"], "{told}");
    assert!(heads[1].contains("unknown key `tennant`") && heads[5].contains("unknown key `uii`"), "{told}");
    // Every mistake alone is one.
    for (line, said) in [("objective = [", "5:"), ("objective = \"99.9", "5:")] {
        let text =
            format!("[[slo]]\nname = \"a\"\nbad = \"b[{{{{.window}}}}]\"\ntotal = \"t[{{{{.window}}}}]\"\n{line}\n");
        let told = parse(&text).err().unwrap_or_default();
        let heads: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("config.toml:")).collect();
        assert!(matches!(heads.as_slice(), [only] if only.starts_with(said)), "{told}");
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

proptest::proptest! {
    #[test]
    fn no_text_is_a_panic(text in "(\\[\\[?(source|slo|ui)\\]?\\]\n|(kind|url|name|keys|objective) = |\"[a-zé:/.]*\"|\\{|\\}|[0-9.]+|,|\n|.){0,40}") {
        let _ = parse(&text);
    }
}
