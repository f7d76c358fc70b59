//! Every action that exists, in one table: its name, its words for help, its group and its default keys. `?`, `:`, the
//! footer, the configuration and the documentation are made from it. Not what an action does: that is `update/`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The eight groups of the help screen, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Move,
    Time,
    Find,
    Signals,
    Record,
    Incident,
    Runbook,
    App,
}

impl Group {
    pub const ALL: [Self; 8] =
        [Self::Move, Self::Time, Self::Find, Self::Signals, Self::Record, Self::Incident, Self::Runbook, Self::App];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Time => "Time",
            Self::Find => "Find",
            Self::Signals => "Signals",
            Self::Record => "Record",
            Self::Incident => "Incident",
            Self::Runbook => "Runbook",
            Self::App => "App",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    pub command: Command,
    /// Kebab-case; what `:` and the configuration call it.
    pub name: &'static str,
    /// At most 24 cells, for a column of help.
    pub words: &'static str,
    pub group: Group,
    /// Default keys in the spelling of [`super::parse_sequence`]; empty for what only `:` reaches.
    pub keys: &'static [&'static str],
}

macro_rules! actions {
    ($($group:ident { $($command:ident $name:literal $words:literal [$($key:literal)*])* })*) => {
        /// What a responder can ask for. The rows of [`Command::ALL`] say what each is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Command { $($($command,)*)* }

        impl Command {
            /// The table, grouped, in the order of the help screen.
            pub const ALL: &'static [Action] = &[$($(
                Action { command: Self::$command, name: $name, words: $words, group: Group::$group, keys: &[$($key),*] },
            )*)*];

            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$command => $name,)*)* }
            }

            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $($(Self::$command => $words,)*)* }
            }
        }
    };
}

actions! {
    Move {
        Down "down" "row down" ["j" "Down"]
        Up "up" "row up" ["k" "Up"]
        Fold "fold" "fold" ["h" "Left"]
        Unfold "unfold" "unfold" ["l" "Right"]
        First "first" "first row" ["gg" "Home"]
        Last "last" "last row" ["G" "End"]
        HalfPageDown "half-page-down" "half a page down" ["ctrl-d"]
        HalfPageUp "half-page-up" "half a page up" ["ctrl-u"]
        PageDown "page-down" "a page down" ["PgDn"]
        PageUp "page-up" "a page up" ["PgUp"]
        NextPane "next-pane" "next pane" ["Tab"]
        PreviousPane "previous-pane" "pane before" ["S-Tab"]
        FocusGauges "focus-gauges" "SLOs" ["1"]
        FocusTimeline "focus-timeline" "timeline" ["2"]
        FocusWaterfall "focus-waterfall" "trace" ["3"]
        FocusLogs "focus-logs" "logs" ["4"]
        FocusRunbook "focus-runbook" "runbook" ["5"]
        GrowPane "grow-pane" "grow the pane" ["f"]
        SidewaysLeft "sideways-left" "sideways, left" ["H"]
        SidewaysRight "sideways-right" "sideways, right" ["L"]
    }
    Time {
        ShiftBack "shift-back" "window earlier" ["["]
        ShiftForward "shift-forward" "window later" ["]"]
        ZoomIn "zoom-in" "shorter window" ["+"]
        ZoomOut "zoom-out" "longer window" ["-"]
        Live "live" "live, now" ["0"]
        Freeze "freeze" "freeze, go on" ["Space"]
        PreviousEvent "previous-event" "event before" ["{"]
        NextEvent "next-event" "event after" ["}"]
        CentreHere "centre-here" "all panes here" ["."]
        GoToTime "go-to-time" "to a time or an id" ["@"]
        CycleClock "cycle-clock" "UTC, local, T+" ["ctrl-t"]
    }
    Find {
        Filter "filter" "filter" ["/"]
        NextMatch "next-match" "next match" ["n"]
        PreviousMatch "previous-match" "match before" ["N"]
        NextError "next-error" "next error" ["e"]
        PreviousError "previous-error" "error before" ["E"]
        NextWarning "next-warning" "next warning" ["w"]
        PreviousWarning "previous-warning" "warning before" ["W"]
        NextSlow "next-slow" "next slow one" ["s"]
        PreviousSlow "previous-slow" "slow one before" ["S"]
        NextGap "next-gap" "next broken context" ["J"]
        PreviousGap "previous-gap" "broken context before" ["K"]
        Mark "mark" "mark, unmark" ["m"]
        NextMark "next-mark" "next mark" ["u"]
        PreviousMark "previous-mark" "mark before" ["U"]
        ClearFilter "clear-filter" "clear the filter" ["\\"]
        ShowAll "show-all" "logs of every level" []
        ShowInfo "show-info" "logs: info and worse" []
        ShowWarn "show-warn" "logs: warn and worse" []
        ShowError "show-error" "logs: error and worse" []
    }
    Signals {
        Drill "drill" "drill in" ["Enter"]
        Details "details" "details" ["d"]
        Pivot "pivot" "the other signal" ["x"]
        PivotWide "pivot-wide" "the same, wider" ["X"]
        Back "back" "back where x began" ["Backspace"]
        Investigate "investigate" "one timeline of this" ["t"]
        CriticalOnly "critical-only" "critical path only" ["p"]
        HideSmall "hide-small" "hide below 2.5 %" ["%"]
        Findings "findings" "who, why, what differs" ["="]
        CompareTwin "twin" "healthy twin" ["D"]
        Budget "budget" "budget in full" ["b"]
        WhatIf "what-if" "what if it burns" []
        RawClocks "raw-clocks" "clocks raw, adjusted" []
        FilterByValue "filter-by-value" "filter by this value" ["*"]
        Patterns "patterns" "kinds of lines" ["#"]
        Around "around" "lines around this one" ["B"]
        Query "ask-server" "query a server" [";"]
        FoldAll "fold-all" "fold all" ["("]
        UnfoldAll "unfold-all" "unfold all" [")"]
    }
    Record {
        Note "note" "note, here and now" ["i"]
        NoteOfKind "note-of-kind" "note, pick the kind" ["I"]
        Dispute "dispute" "dispute who is blamed" ["V"]
        Undo "undo" "undo" ["z"]
        Redo "redo" "redo" ["Z"]
    }
    Incident {
        Acknowledge "acknowledge" "acknowledge" ["a"]
        Declare "declare" "declare" [",d"]
        ChangeSeverity "severity" "severity" [",s"]
        Commander "commander" "commander" [",c"]
        Roles "roles" "roles" [",o"]
        Resolve "resolve" "resolve" [",R"]
        WhatChanged "what-changed" "what changed" [",w"]
    }
    Runbook {
        OpenRunbook "runbook" "runbook of this" ["r"]
        TickStep "tick-step" "tick a step" ["T"]
        PassStep "pass-step" "pass over, with reason" ["P"]
    }
    App {
        Help "help" "keys" ["?"]
        Palette "palette" "palette" [":"]
        CopyMenu "copy-menu" "copy menu" ["y"]
        Refresh "refresh" "refresh, try now" ["R"]
        EditNote "edit-note" "note in $EDITOR" ["ctrl-o"]
        Redraw "redraw" "redraw" ["ctrl-l"]
        Suspend "suspend" "suspend" ["ctrl-z"]
        Close "close" "close, back" ["q" "Esc"]
        Quit "quit" "quit" ["ctrl-c ctrl-c"]
    }
}

impl Command {
    /// Whether it is for writing into the record: a board, which only shows, refuses it.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::Note
                | Self::NoteOfKind
                | Self::EditNote
                | Self::Undo
                | Self::Redo
                | Self::Acknowledge
                | Self::Declare
                | Self::ChangeSeverity
                | Self::Commander
                | Self::Roles
                | Self::Resolve
                | Self::TickStep
                | Self::PassStep
        )
    }

    /// By its kebab-case name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|action| action.name == name).map(|action| action.command)
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("no action is called `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::parse_sequence;

    #[test]
    fn names_are_kebab_case_and_each_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for action in Command::ALL {
            assert!(seen.insert(action.name), "{} stands twice", action.name);
            assert!(action.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", action.name);
            assert!(action.words.chars().count() <= 24, "{}", action.words);
            assert_eq!(Command::from_name(action.name), Some(action.command));
            assert!(action.keys.iter().all(|keys| parse_sequence(keys).is_ok()), "{:?}", action.keys);
        }
    }
}
