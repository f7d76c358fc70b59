//! Keys have one spelling, and it reads back.

use proptest::prelude::*;

use super::*;

fn any_code() -> impl Strategy<Value = Code> {
    prop_oneof![
        8 => prop::char::range('!', '~').prop_map(Code::Char),
        1 => any::<char>().prop_map(Code::Char),
        1 => (1u8..=24).prop_map(Code::F),
        4 => prop::sample::select(named_codes()),
    ]
}

fn any_key() -> impl Strategy<Value = Key> {
    (any_code(), prop::bool::weighted(0.2), prop::bool::weighted(0.1), prop::bool::weighted(0.2))
        .prop_map(|(code, ctrl, alt, shift)| Key::new(code, ctrl, alt, shift))
}

proptest! {
    #[test]
    fn a_key_reads_back(key in any_key()) {
        prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
    }

    #[test]
    fn a_sequence_reads_back(keys in prop::collection::vec(any_key(), 1..=4)) {
        let shown = show_sequence(&keys);
        prop_assert_eq!(parse_sequence(&shown), Ok(keys));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = text.parse::<Key>();
        let _ = parse_sequence(&text);
        let _ = parse_script(&text);
    }
}

#[test]
fn spellings_of_one_key_meet() {
    for (text, key) in [
        ("S-Tab", Key::new(Code::Tab, false, false, true)),
        ("shift-tab", Key::new(Code::Tab, false, false, true)),
        ("<Enter>", Key::plain(Code::Enter)),
        ("return", Key::plain(Code::Enter)),
        ("C-d", Key::ctrl('d')),
        ("ctrl-D", Key::ctrl('d')),
        ("S-g", Key::letter('G')),
        ("PageDown", Key::plain(Code::PageDown)),
        ("space", Key::letter(' ')),
        ("-", Key::letter('-')),
        ("ctrl--", Key::ctrl('-')),
        ("f12", Key::plain(Code::F(12))),
        ("<", Key::letter('<')),
    ] {
        assert_eq!(text.parse(), Ok(key), "{text}");
    }
    for text in ["", "F0", "F25", "nokey", "ctrl-nokey", "F07"] {
        assert!(text.parse::<Key>().is_err(), "{text}");
    }
}

#[test]
fn sequences_are_letters_unless_they_spell_a_key() {
    assert_eq!(parse_sequence("gg"), Ok(vec![Key::letter('g'); 2]));
    assert_eq!(parse_sequence(",d"), Ok(vec![Key::letter(','), Key::letter('d')]));
    assert_eq!(parse_sequence("ctrl-c ctrl-c"), Ok(vec![Key::ctrl('c'); 2]));
    assert_eq!(parse_sequence("up"), Ok(vec![Key::plain(Code::Up)]));
    assert_eq!(parse_sequence("u p"), Ok(vec![Key::letter('u'), Key::letter('p')]));
    assert!(parse_sequence("PageSideways").is_err());
    assert!(parse_sequence("  ").is_err());
}

#[test]
fn a_script_is_keys_with_letters_between() {
    let typed = parse_script("x j <Enter> itab<Space>a Tab ctrl-d a<b");
    let shown: Vec<String> = typed.iter().map(Key::to_string).collect();
    assert_eq!(shown, ["x", "j", "Enter", "i", "t", "a", "b", "Space", "a", "Tab", "ctrl-d", "a", "<", "b"]);
}
