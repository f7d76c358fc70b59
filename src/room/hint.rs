//! The keys that the footer names: what one can do in the focused pane, in the words of what stands there.

use super::command::Command;
use super::mode::{MenuKind, Mode, PromptKind};
use super::pane::{Pane, WaterfallView};
use super::room::Room;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// As the keymap has them: `j k`. Empty when the words stand alone.
    pub keys: String,
    pub words: &'static str,
}

type Row = (&'static [Command], &'static str);

use Command as C;

const GAUGES: &[Row] = &[
    (&[C::Down, C::Up], "SLO"),
    (&[C::Budget], "its budget"),
    (&[C::Drill], "its queries"),
    (&[C::Pivot], "a failing trace"),
    (&[C::OpenRunbook], "runbook"),
    (&[C::Note], "note"),
    (&[C::GrowPane], "grow"),
];
const TIMELINE: &[Row] = &[
    (&[C::Down, C::Up], "entry"),
    (&[C::Note], "note"),
    (&[C::Pivot], "its evidence"),
    (&[C::CentreHere], "all panes here"),
    (&[C::Undo], "undo"),
    (&[C::OpenRunbook], "runbook"),
];
const LIST: &[Row] = &[
    (&[C::Down, C::Up], "trace"),
    (&[C::Drill], "open"),
    (&[C::NextError], "next error"),
    (&[C::NextSlow], "next slow"),
    (&[C::OpenRunbook], "runbook"),
    (&[C::Note], "note"),
];
const TRACE: &[Row] = &[
    (&[C::Down, C::Up], "span"),
    (&[C::Pivot], "its logs"),
    (&[C::NextError], "next error"),
    (&[C::OpenRunbook], "runbook"),
    (&[C::Note], "note"),
    (&[C::Findings], "why"),
    (&[C::Investigate], "one timeline"),
    (&[C::CompareTwin], "healthy twin"),
    (&[C::CriticalOnly], "critical path"),
    (&[C::Details], "details"),
];
const AWAITED: &[Row] = &[(&[C::Close], "stop waiting"), (&[C::Refresh], "ask now"), (&[C::Note], "note")];
const FINDINGS: &[Row] = &[
    (&[C::Down, C::Up], "row"),
    (&[C::Drill], "an example"),
    (&[C::FilterByValue], "traces with it"),
    (&[C::Dispute], "dispute"),
    (&[C::CompareTwin], "healthy twin"),
    (&[C::Close], "back"),
    (&[C::Note], "note"),
];
const INVESTIGATION: &[Row] = &[
    (&[C::Down, C::Up], "event"),
    (&[C::Drill], "open it"),
    (&[C::Pivot], "span, line"),
    (&[C::ZoomIn, C::ZoomOut], "zoom"),
    (&[C::CentreHere], "all of it"),
    (&[C::NextError], "next error"),
    (&[C::NextEvent], "next event"),
    (&[C::Note], "note"),
    (&[C::Close], "back"),
];
const TWIN: &[Row] = &[
    (&[C::Down, C::Up], "span"),
    (&[C::Drill], "the span"),
    (&[C::Findings], "why"),
    (&[C::Close], "back"),
    (&[C::Note], "note"),
];
const LOGS: &[Row] = &[
    (&[C::Down, C::Up], "line"),
    (&[C::Pivot], "its trace"),
    (&[C::Filter], "filter"),
    (&[C::NextError], "next error"),
    (&[C::Patterns], "kinds"),
    (&[C::Around], "around"),
    (&[C::FilterByValue], "filter by value"),
    (&[C::Note], "note"),
    (&[C::Mark, C::NextMark], "mark"),
];
const PATTERNS: &[Row] = &[
    (&[C::Down, C::Up], "kind"),
    (&[C::Drill], "its lines"),
    (&[C::NextError], "next error"),
    (&[C::Patterns], "more, lines"),
    (&[C::Filter], "filter"),
    (&[C::Note], "note"),
];
const LINES_OF_TRACE: &[Row] = &[
    (&[C::Down, C::Up], "line"),
    (&[C::Pivot], "its span"),
    (&[C::Close], "back to the tail"),
    (&[C::NextError], "next error"),
    (&[C::Note], "note"),
];
const PAGE: &[Row] = &[
    (&[C::TickStep], "tick"),
    (&[C::PassStep], "pass over"),
    (&[C::Drill], "fold"),
    (&[C::CopyMenu], "copy"),
    (&[C::Close], "close"),
    (&[C::Note], "note"),
];
const PAGES: &[Row] = &[(&[C::Down, C::Up], "runbook"), (&[C::Drill], "open"), (&[C::Close], "close")];

fn rows(room: &Room) -> &'static [Row] {
    match room.focus {
        Pane::Gauges => GAUGES,
        Pane::Timeline => TIMELINE,
        Pane::Waterfall if room.waterfall.awaited(room.lens.trace, room.now).is_some() => AWAITED,
        Pane::Waterfall if room.waterfall.view == WaterfallView::List => LIST,
        Pane::Waterfall if room.waterfall.view == WaterfallView::Findings => FINDINGS,
        Pane::Waterfall if room.waterfall.view == WaterfallView::Twin => TWIN,
        Pane::Waterfall if room.waterfall.view == WaterfallView::Investigation => INVESTIGATION,
        Pane::Waterfall => TRACE,
        Pane::Logs if room.logs.of_trace.is_some() => LINES_OF_TRACE,
        Pane::Logs if room.logs.patterns.has_cursor() => PATTERNS,
        Pane::Logs => LOGS,
        Pane::Runbook if room.runbook.page.is_some() => PAGE,
        Pane::Runbook => PAGES,
    }
}

/// The actions of the focused pane.
#[must_use]
pub fn near(room: &Room) -> Vec<Command> {
    rows(room).iter().flat_map(|(commands, _)| commands.iter().copied()).collect()
}

/// For the footer, the most useful first; help comes last and is never to be dropped.
#[must_use]
pub fn hints(room: &Room) -> Vec<Hint> {
    let fixed = |hints: &[(&str, &'static str)]| {
        hints.iter().map(|(keys, words)| Hint { keys: (*keys).to_owned(), words }).collect::<Vec<_>>()
    };
    match &room.mode {
        Mode::Normal => panes(room),
        Mode::Editing(_) => fixed(&[
            ("Enter", "save"),
            ("Esc", "close, keep the draft"),
            ("ctrl-u", "delete the line"),
            ("", "letters are text here"),
        ]),
        Mode::Asking(prompt) => match prompt.kind {
            PromptKind::Palette | PromptKind::Help => {
                fixed(&[("", "type to search"), ("arrows", "choose"), ("Enter", "do it"), ("Esc", "close")])
            }
            _ => fixed(&[("Enter", "take it"), ("Esc", "back"), ("ctrl-u", "delete the line")]),
        },
        Mode::Popup(menu) if menu.kind == MenuKind::Copy => fixed(&[("", "a letter copies"), ("Esc", "close")]),
        Mode::Popup(_) => fixed(&[("", "a letter chooses"), ("Esc", "close")]),
        Mode::Budget(_) => fixed(&[("j k", "scroll"), ("Tab", "next SLO"), ("w", "what if"), ("Esc", "close")]),
        Mode::Places(_) => fixed(&[("j k", "choose"), ("Enter", "go there"), ("Esc", "close")]),
        Mode::ValueView(_) => fixed(&[
            ("j k", "scroll"),
            ("PgDn PgUp", "page"),
            ("g G", "first, last row"),
            ("y", "copy"),
            ("Esc", "close"),
        ]),
    }
}

fn panes(room: &Room) -> Vec<Hint> {
    let frozen: &[Row] = if room.lens.is_frozen() { &[(&[C::Live], "live")] } else { &[] };
    let tail: &[Row] = &[(&[C::Help], "keys")];
    let show = |(commands, words): &Row| {
        let mut keys = String::new();
        for key in commands.iter().filter_map(|command| room.keymap.first(*command)) {
            if !keys.is_empty() {
                keys.push(' ');
            }
            keys.push_str(key);
        }
        (!keys.is_empty()).then_some(Hint { keys, words })
    };
    rows(room).iter().chain(frozen).chain(tail).filter_map(show).collect()
}
