//! What a terminal may be asked. Not how that is found out: that is the program's.

/// What may be written beyond colours, text and absolute moves of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    /// Erase in line, erase characters, relative moves. Without it nothing else is used either.
    pub thrift: bool,
    /// Insert and delete line. Not for a pane of a multiplexer that is narrower than its client: the multiplexer draws
    /// the whole pane anew then.
    pub scroll: bool,
    /// Frames of a kilobyte or more stand in a synchronized update (mode 2026). Not inside tmux, which draws the whole
    /// pane anew at its end.
    pub synchronized: bool,
}

impl Means {
    /// All of it: for a terminal of today, directly.
    pub const FULL: Self = Self { thrift: true, scroll: true, synchronized: true };
    /// None of it: for a terminal that nobody knows.
    pub const PLAIN: Self = Self { thrift: false, scroll: false, synchronized: false };

    /// What the terminal that calls itself `term` (the variable `TERM`) may be asked, `multiplexed` inside a tmux pane
    /// whose width is not known yet.
    #[must_use]
    pub fn of(term: Option<&str>, multiplexed: bool) -> Self {
        let known = term.is_some_and(|term| KNOWN.iter().any(|name| begins(term, name)));
        if !known {
            return Self::PLAIN;
        }
        Self { thrift: true, scroll: !multiplexed, synchronized: !multiplexed }
    }
}

/// Terminals that have insert and delete line, erase in line and erase characters.
const KNOWN: &[&str] = &[
    "xterm",
    "tmux",
    "screen",
    "rxvt",
    "alacritty",
    "foot",
    "kitty",
    "wezterm",
    "ghostty",
    "iterm",
    "iterm2",
    "konsole",
    "vte",
    "gnome",
    "st",
    "linux",
    "mintty",
    "contour",
    "mlterm",
    "putty",
    "rio",
    "ms-terminal",
    "nsterm",
    "vt220",
    "vt320",
    "vt420",
    "vt520",
];

/// `xterm` begins `xterm` and `xterm-256color`, and not `xtermites`.
fn begins(term: &str, name: &str) -> bool {
    term.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '+']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_known_by_their_names() {
        for term in ["xterm", "xterm-256color", "tmux-256color", "screen.xterm-256color", "linux", "xterm-kitty"] {
            assert_eq!(Means::of(Some(term), false), Means::FULL, "{term}");
        }
        for term in [Some("dumb"), Some(""), None, Some("vt52"), Some("vt100"), Some("stranger"), Some("xtermites")] {
            assert_eq!(Means::of(term, false), Means::PLAIN, "{term:?}");
        }
        let pane = Means::of(Some("tmux-256color"), true);
        assert_eq!(pane, Means { thrift: true, scroll: false, synchronized: false });
        assert_eq!(Means::of(Some("dumb"), true), Means::PLAIN);
    }
}
