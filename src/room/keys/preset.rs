//! Sets of keys to start from, for hands that come from other programs. A preset says only where it differs from the table
//! of actions; what a configuration binds comes before both.

use super::super::command::Command;

/// The presets by the name that a configuration takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    Default,
    K9s,
    Lnav,
    Jaeger,
    Emacs,
}

type Rows = &'static [(Command, &'static [&'static str])];

const K9S: Rows = &[
    (Command::First, &["g", "Home"]),
    (Command::PageDown, &["ctrl-f", "PgDn"]),
    (Command::Unfold, &["Right"]),
    (Command::Pivot, &["l", "x"]),
    (Command::Refresh, &["ctrl-r", "R"]),
];

const LNAV: Rows = &[
    (Command::First, &["g", "Home"]),
    (Command::PageDown, &["Space", "PgDn"]),
    (Command::PageUp, &["b", "PgUp"]),
    (Command::Freeze, &["="]),
    (Command::Findings, &["F"]),
    (Command::Budget, &["B"]),
    (Command::Around, &["A"]),
    (Command::SidewaysLeft, &["<", "H"]),
    (Command::SidewaysRight, &[">", "L"]),
    (Command::CopyMenu, &["c", "y"]),
    (Command::Refresh, &["ctrl-r", "R"]),
];

const JAEGER: Rows = &[
    (Command::First, &["Home"]),
    (Command::Down, &["f", "j", "Down"]),
    (Command::Up, &["b", "k", "Up"]),
    (Command::PageDown, &["s", "PgDn"]),
    (Command::PageUp, &["w", "PgUp"]),
    (Command::Fold, &["p", "h", "Left"]),
    (Command::Unfold, &["o", "l", "Right"]),
    (Command::FoldAll, &["]", "("]),
    (Command::UnfoldAll, &["[", ")"]),
    (Command::ShiftBack, &["<"]),
    (Command::ShiftForward, &[">"]),
    (Command::GrowPane, &["F"]),
    (Command::CriticalOnly, &["c"]),
    (Command::Budget, &["B"]),
    (Command::Around, &["A"]),
    (Command::NextSlow, &["gs"]),
    (Command::PreviousSlow, &["gS"]),
    (Command::NextWarning, &["gw"]),
    (Command::PreviousWarning, &["gW"]),
];

const EMACS: Rows = &[
    (Command::Down, &["ctrl-n", "j", "Down"]),
    (Command::Up, &["ctrl-p", "k", "Up"]),
    (Command::Unfold, &["ctrl-f", "l", "Right"]),
    (Command::PageDown, &["ctrl-v", "PgDn"]),
    (Command::Close, &["ctrl-g", "q", "Esc"]),
    (Command::Undo, &["ctrl-x u", "z"]),
    (Command::NextPane, &["ctrl-x o", "Tab"]),
    (Command::GrowPane, &["ctrl-x 1", "f"]),
    (Command::Palette, &["ctrl-x x", ":"]),
    (Command::Quit, &["ctrl-x ctrl-c", "ctrl-c ctrl-c"]),
];

impl Preset {
    pub const ALL: [Self; 5] = [Self::Default, Self::K9s, Self::Lnav, Self::Jaeger, Self::Emacs];

    /// As the configuration writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::K9s => "k9s",
            Self::Lnav => "lnav",
            Self::Jaeger => "jaeger",
            Self::Emacs => "emacs",
        }
    }

    /// By the name that a configuration takes.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.word() == word)
    }

    const fn rows(self) -> Rows {
        match self {
            Self::Default => &[],
            Self::K9s => K9S,
            Self::Lnav => LNAV,
            Self::Jaeger => JAEGER,
            Self::Emacs => EMACS,
        }
    }

    /// The keys of an action before anything is configured.
    #[must_use]
    pub fn keys(self, command: Command) -> &'static [&'static str] {
        let own = self.rows().iter().find(|(known, _)| *known == command).map(|(_, keys)| *keys);
        let of_table = || Command::ALL.iter().find(|action| action.command == command).map(|action| action.keys);
        own.or_else(of_table).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::reserved;
    use super::super::{Keymap, Resolved, parse_sequence};
    use super::*;

    /// Every key of a preset does what the preset says: none clashes with another, and terminals let it through.
    #[test]
    fn every_key_of_every_preset_works() {
        for preset in Preset::ALL {
            let (map, problems) = Keymap::of(preset, &[]);
            assert_eq!(problems, [], "{}", preset.word());
            for action in Command::ALL {
                for text in preset.keys(action.command) {
                    let keys = parse_sequence(text).expect("keys");
                    let found = map.resolve(&keys);
                    assert_eq!(found, Resolved::Command(action.command), "{}: {text}", preset.word());
                    assert!(keys.iter().all(|key| reserved(*key).is_none()), "{}: {text}", preset.word());
                }
            }
        }
    }

    #[test]
    fn presets_are_found_by_name_and_what_is_configured_comes_first() {
        assert!(Preset::ALL.into_iter().all(|preset| Preset::from_word(preset.word()) == Some(preset)));
        assert_eq!(Preset::from_word("vi"), None);
        let changes = [("pivot".to_owned(), vec!["ctrl-r".to_owned()])];
        let (map, problems) = Keymap::of(Preset::K9s, &changes);
        assert_eq!(problems, []);
        assert_eq!((map.show(Command::Pivot), map.show(Command::Refresh)), ("ctrl-r".to_owned(), "R".to_owned()));
        assert!(map.is_remapped(Command::Pivot) && !map.is_remapped(Command::Refresh));
    }
}
