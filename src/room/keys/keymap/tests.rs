//! Sequences, remapping, conflicts.

use proptest::prelude::*;

use super::*;

fn change(action: &str, keys: &[&str]) -> (String, Vec<String>) {
    (action.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())
}

fn resolve(map: &Keymap, text: &str) -> Resolved {
    map.resolve(&parse_sequence(text).expect("keys"))
}

#[test]
fn every_default_key_means_its_action() {
    let (map, problems) = Keymap::with(&[]);
    assert_eq!(problems, []);
    for action in Command::ALL {
        for keys in action.keys {
            assert_eq!(resolve(&map, keys), Resolved::Command(action.command), "{keys}");
        }
        assert_eq!(map.show(action.command), action.keys.join(" "));
    }
    assert_eq!(resolve(&map, "g"), Resolved::Pending);
    assert_eq!(resolve(&map, "ctrl-c"), Resolved::Pending);
    assert_eq!(resolve(&map, "gj"), Resolved::Unknown);
}

#[test]
fn a_change_replaces_the_defaults_of_its_action() {
    let (map, problems) = Keymap::with(&[change("note", &["gn", "ctrl-n"]), change("drill", &["Enter", "o"])]);
    assert_eq!(problems, []);
    assert_eq!(resolve(&map, "gn"), Resolved::Command(Command::Note));
    assert_eq!(resolve(&map, "i"), Resolved::Unknown);
    assert_eq!(resolve(&map, "o"), Resolved::Command(Command::Drill));
    assert!(map.is_remapped(Command::Note) && !map.is_remapped(Command::Undo));
}

#[test]
fn what_is_wrong_is_told_and_the_rest_stands() {
    let (map, problems) = Keymap::with(&[
        change("next-eror", &["e"]),
        change("note", &["NoSuchKey", "o"]),
        change("undo", &["o"]),
        change("redo", &["ob"]),
        change("pivot", &["ctrl-b"]),
        change("mark", &["e"]),
    ]);
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "no action is called `next-eror`",
            "`NoSuchKey` for `note` is not a key",
            "`o` cannot be `undo`: it is `note` already",
            "`ob` cannot be `redo`: `o` is `note`, and one begins with the other",
            "`ctrl-b` for `pivot`: tmux takes ctrl-b",
            "`e` was the only key of `next-error`, which has none now",
        ]
    );
    assert_eq!(problems.first().map(KeyProblem::hint).as_deref(), Some("did you mean `next-error`?"));
    assert_eq!(problems.iter().filter(|problem| problem.is_warning()).count(), 2);
    assert_eq!(resolve(&map, "o"), Resolved::Command(Command::Note));
    assert_eq!(resolve(&map, "ctrl-b"), Resolved::Command(Command::Pivot));
    assert_eq!(resolve(&map, "j"), Resolved::Command(Command::Down));
}

proptest! {
    #[test]
    fn no_sequence_begins_another(changes in prop::collection::vec(
        (prop::sample::select(Command::ALL), prop::collection::vec("[a-f]{1,3}", 0..3)), 0..8)
    ) {
        let changes: Vec<_> = changes.into_iter().map(|(action, keys)| (action.name.to_owned(), keys)).collect();
        let (map, _) = Keymap::with(&changes);
        for keys in map.bindings.keys() {
            prop_assert!(matches!(map.resolve(keys), Resolved::Command(_)));
            for length in 1..keys.len() {
                prop_assert_eq!(map.resolve(keys.get(..length).expect("shorter")), Resolved::Pending);
            }
        }
    }
}
