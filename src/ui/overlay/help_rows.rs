//! The rows of help: actions that belong together share one, and every action has a place. Made from the table of actions.

use crate::room::{Action, Command, Group, Keymap, Prompt};
use crate::ui::pen::Pen;
use crate::ui::role::Role;
use crate::ui::scene::Scene;

use Command as C;

/// Actions of one row and the words for them together, or shorter words for one alone.
const TOGETHER: &[(&[Command], &str)] = &[
    (&[C::Down, C::Up], "row"),
    (&[C::Fold, C::Unfold], "fold, unfold"),
    (&[C::First, C::Last], "first, last"),
    (&[C::HalfPageDown, C::HalfPageUp], "half a page"),
    (&[C::PageDown, C::PageUp], "a page"),
    (&[C::NextPane, C::PreviousPane], "next pane, before"),
    (&[C::FocusGauges, C::FocusTimeline, C::FocusWaterfall, C::FocusLogs, C::FocusRunbook], "to a pane"),
    (&[C::SidewaysLeft, C::SidewaysRight], "sideways"),
    (&[C::ShiftBack, C::ShiftForward], "shift the window"),
    (&[C::ZoomIn, C::ZoomOut], "zoom"),
    (&[C::PreviousEvent, C::NextEvent], "event before, next"),
    (&[C::NextMatch, C::PreviousMatch], "match"),
    (&[C::NextError, C::PreviousError], "error"),
    (&[C::NextWarning, C::PreviousWarning], "warning"),
    (&[C::NextSlow, C::PreviousSlow], "slow one"),
    (&[C::NextGap, C::PreviousGap], "broken context"),
    (&[C::Drill, C::Details], "drill in, details"),
    (&[C::Pivot, C::PivotWide], "other signal, wider"),
    (&[C::CriticalOnly, C::HideSmall], "only path, no small"),
    (&[C::Findings, C::CompareTwin], "findings, twin"),
    (&[C::Dispute], "dispute the blame"),
    (&[C::Mark, C::NextMark, C::PreviousMark], "mark, walk marks"),
    (&[C::FoldAll, C::UnfoldAll], "fold, unfold all"),
    (&[C::Undo, C::Redo], "undo, redo"),
    (&[C::ShowAll, C::ShowInfo, C::ShowWarn, C::ShowError], "level of the logs"),
    (&[C::RawClocks], "raw clocks"),
    (&[C::FilterByValue], "filter by value"),
    (&[C::Note, C::NoteOfKind], "note, of a kind"),
    (&[C::ChangeSeverity, C::Commander, C::Roles], "severity, IC, roles"),
    (&[C::Redraw, C::Suspend], "redraw, suspend"),
    (&[C::TickStep, C::PassStep], "tick, pass over"),
];

/// What the signs on the screen mean; on a terminal without them the screen's own letters stand here too.
const SIGNS: [(&str, &str); 11] = [
    ("▲ ◆", "fires: pages, notifies"),
    ("◇ ▽ ✓", "rising, sinking, well"),
    ("◍ ○ ◌", "low, no traffic, no data"),
    ("✗ ⊘", "no answer, no bucket"),
    ("━━━┃━╌", "burn past the mark fires"),
    ("▲ △", "error starts, passed on"),
    ("━ ─", "critical path, beside it"),
    ("● ○ ?", "person, seen, hypothesis"),
    ("↑ ◁ ┃", "change, suspect, impact"),
    ("…", "cut, or not on disk yet"),
    ("≈ ≤", "forecast, at most"),
];

pub(super) enum HelpRow {
    Air,
    Head(&'static str),
    Sign(&'static str, &'static str),
    Keys { commands: Vec<Command>, keys: String, words: &'static str },
}

impl HelpRow {
    pub(super) fn holds(&self, command: Command) -> bool {
        matches!(self, Self::Keys { commands, .. } if commands.contains(&command))
    }
}

/// One list a group. The signs stand before the last one: a page is reached by its actions, and signs have none.
pub(super) fn groups(keymap: &Keymap) -> Vec<Vec<HelpRow>> {
    let signs = SIGNS.iter().map(|(sign, words)| HelpRow::Sign(sign, words));
    let signs = std::iter::once(HelpRow::Head("Signs")).chain(signs).collect();
    let mut groups: Vec<_> = Group::ALL.into_iter().map(|group| rows_of(group, keymap)).collect();
    groups.insert(groups.len().saturating_sub(1), signs);
    groups
}

fn rows_of(group: Group, keymap: &Keymap) -> Vec<HelpRow> {
    let mut rows = vec![HelpRow::Head(group.word())];
    for action in Command::ALL.iter().filter(|action| action.group == group) {
        if rows.iter().any(|row| row.holds(action.command)) {
            continue;
        }
        rows.push(match TOGETHER.iter().find(|(commands, _)| commands.contains(&action.command)) {
            Some((commands, words)) => {
                let keys: Vec<String> = commands.iter().filter_map(|command| key(keymap, *command)).collect();
                let keys = if keys.is_empty() { name(commands) } else { shortened(&keys) };
                HelpRow::Keys { commands: commands.to_vec(), keys, words }
            }
            None => HelpRow::Keys { commands: vec![action.command], keys: keys(keymap, action), words: action.words },
        });
    }
    rows
}

/// What `:` calls actions that have no key: `:raw-clocks`, and `:show-…` for several.
fn name(commands: &[Command]) -> String {
    match commands {
        [only] => format!(":{}", only.name()),
        [first, ..] => format!(":{}-…", first.name().split('-').next().unwrap_or_default()),
        [] => String::new(),
    }
}

/// `1-5` for `1 2 3 4 5`.
fn shortened(keys: &[String]) -> String {
    match keys {
        [first, .., last] if keys.len() > 3 => format!("{first}-{last}"),
        _ => keys.join(" "),
    }
}

/// The first key, marked when a configuration chose it.
fn key(keymap: &Keymap, command: Command) -> Option<String> {
    let mark = if keymap.is_remapped(command) { "*" } else { "" };
    keymap.first_key(command).map(|key| format!("{key}{mark}"))
}

fn keys(keymap: &Keymap, action: &Action) -> String {
    let shown = keymap.show(action.command);
    match (shown.is_empty(), keymap.is_remapped(action.command)) {
        (true, _) => format!(":{}", action.name),
        (false, true) => format!("{shown}*"),
        (false, false) => shown,
    }
}

/// The choices of a prompt as one list: keys, words, name.
pub(super) fn draw_matches(pen: &mut Pen<'_>, scene: &Scene<'_>, prompt: &Prompt) {
    let rows = pen.height();
    let selected = prompt.cursor.selected;
    let first = prompt.cursor.offset.max((selected + 1).saturating_sub(rows)).min(selected);
    let cells = pen.width();
    for (y, command) in prompt.choices.iter().skip(first).take(rows).enumerate() {
        let is_selected = first + y == selected;
        let shown = scene.keymap().show(*command);
        pen.put_cut(1, y, 15, &shown, scene.style(Role::Key));
        let look = scene.style(if is_selected { Role::Strong } else { Role::Text });
        pen.put_cut(17, y, 26, command.words(), look);
        if cells >= 66 {
            pen.put_cut(44, y, 22, command.name(), scene.style(Role::Dim));
        }
        if is_selected {
            pen.tint(0, cells, y, scene.style(Role::Sel));
            pen.put(0, y, "▸", scene.style(Role::Focus));
        }
    }
}
