//! Files that were made to hurt: deep, wide, circular, or broken anywhere. Each ends in words, soon and in little memory.

use proptest::prelude::*;

use crate::read::{OPENSLO, SLOTH, files};

/// All that is told.
fn told(text: &str) -> String {
    files(&[text]).problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn depth_is_bounded() {
    for text in ["[".repeat(100_000), "{a: ".repeat(10_000), "- ".repeat(50_000), "a:\n ".repeat(3_000)] {
        let words = told(&text);
        assert!(words.starts_with("0.yml:"), "{}", words.chars().take(200).collect::<String>());
        assert!(words.len() < 2_000);
    }
}

/// Ten aliases of ten aliases, nine times over, would be a thousand million values.
#[test]
fn a_laugh_is_shared_and_not_copied() {
    let mut text = String::from("version: prometheus/v1\nservice: s\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    text.push_str("slos: *a9\n");
    let words = told(&text);
    assert!(
        words.contains("unknown key `a0`") && words.contains("slos must be a table of keys, not a list"),
        "{words}"
    );
    let labels = text.replace("slos: *a9", "labels: {x: *a9}\nslos: []");
    assert!(told(&labels).contains("`labels.x` must be a single value, not a list"), "{}", told(&labels));
}

#[test]
fn what_yaml_can_and_these_formats_do_not() {
    for (text, words) in [
        ("a: &a [*a]\n", "an alias inside what it stands for"),
        ("a: *nowhere\n", "unknown anchor"),
        ("a: 1\na: 2\n", "a second key of this name"),
        ("[1]: 2\n", "a key must be a word"),
        ("a: {<<: {b: 1}}\n", "a merge key"),
        ("a: !!python/object:os.system x\n", "a YAML tag"),
        ("a: !secret x\n", "a YAML tag"),
        ("a: \"\\xZZ\"\n", "0.yml:1:"),
        ("a: 'open\n", "0.yml:"),
        ("\tversion: x\n", "0.yml:1:"),
    ] {
        let all = told(text);
        assert!(all.contains(words), "{text:?}: {all}");
    }
    assert!(told(&"- x\n".repeat(250_000)).contains("more than 200000 values"));
    let many = "---\nversion: prometheus/v1\nservice: s\nslos: []\n".repeat(5_000);
    assert!(files(&[&many]).slos.is_empty());
}

#[test]
fn what_drives_a_terminal_is_not_printed() {
    let text =
        SLOTH.replace("Requests are answered.", "a\\u001b]0;x\\u0007\\nname = 'x'").replace("booking", "b\\e[31m");
    let read = files(&[&text]);
    for one in &read.slos {
        assert!(!one.toml.contains('\u{1b}') && !one.toml.contains("\nname = 'x'"), "{}", one.toml);
    }
    for problems in &read.problems {
        assert!(!problems.to_string().contains('\u{1b}'), "{problems}");
    }
}

proptest! {
    /// A piece of a file cut out, or other text put in, never breaks the reader, and is read or told.
    #[test]
    fn any_damage_is_survived(
        openslo in any::<bool>(), at in 0.0_f64..1.0, length in 0_usize..40, put in "[-:{}\\[\\]&*!|>'\"#%@ \n\ta-z0-9é]{0,12}",
    ) {
        let text = if openslo { OPENSLO } else { SLOTH };
        let start = (at * text.len() as f64) as usize;
        let start = (start..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let end = ((start + length).min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let damaged = format!("{}{put}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
        let read = files(&[&damaged]);
        prop_assert!(!read.slos.is_empty() || !read.problems.is_empty());
    }

    #[test]
    fn any_text_is_survived(text in "[-:{}\\[\\]&*!|>'\"#%@? \n\ta-z0-9é]{0,200}") {
        let read = files(&[&text]);
        prop_assert!(read.slos.is_empty());
    }
}
