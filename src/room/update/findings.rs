//! What the failing traces say together: shown, followed, filtered by, disputed.

use super::super::command::Command;
use super::super::effect::Effects;
use super::super::mode::Mode;
use super::super::pane::{Finding, Pane, VERDICT, WaterfallView, blame_text, of_trace};
use super::super::room::Room;
use super::{ask, follow, record};
use crate::domain::incident::Evidence;
use crate::domain::trace::{ABSENT, Outlier};
use crate::domain::{Symbol, Window};

/// After anything that the rows are made of changed.
pub(super) fn refresh(room: &mut Room) {
    let pane = &room.waterfall;
    let of_trace = pane.tree.as_ref().map(|tree| of_trace(tree, &pane.propagation, pane.ties_state.is_asked()));
    let timeline = &room.timeline.timeline;
    let found = room.attribution.as_ref().map(|found| found.findings.as_ref());
    room.waterfall.findings.lay_out(found, of_trace.unwrap_or_default(), timeline);
}

pub(super) fn open(room: &mut Room) {
    refresh(room);
    room.focus = Pane::Waterfall;
    room.waterfall.chosen = true;
    room.waterfall.view = match room.waterfall.view {
        WaterfallView::Findings if room.waterfall.tree.is_some() => WaterfallView::Trace,
        WaterfallView::Findings => WaterfallView::List,
        _ => WaterfallView::Findings,
    };
}

/// Enter on a row: an example of what it says.
pub(super) fn drill(room: &mut Room, out: &mut Effects) {
    let findings = room.attribution.as_ref().map(|found| std::sync::Arc::clone(&found.findings));
    match (room.waterfall.findings.selected().cloned(), findings) {
        (Some(Finding::Blame(at)), Some(found)) => {
            let Some(line) = found.ranking.get(at) else { return };
            ask::open_trace(room, line.example, None, None, out);
            room.explain(format!("an example of {}", blame_text(line)));
        }
        (Some(Finding::Outlier(_)), Some(_)) => filter(room, out),
        (Some(Finding::Gap(at)), _) => {
            let row = room.waterfall.propagation.gaps.get(at).map(|gap| gap.row);
            if let Some(row) = row {
                room.waterfall.view = WaterfallView::Trace;
                room.waterfall.select(row);
                follow::note_span(room);
            }
        }
        (Some(Finding::Service(share)), _) => {
            let tree = room.waterfall.tree.clone();
            let first = tree.as_ref().and_then(|tree| tree.rows().find(|node| *node.service == share.service));
            if let Some(row) = first.map(|node| node.row) {
                room.waterfall.view = WaterfallView::Trace;
                room.waterfall.select(row);
                follow::note_span(room);
            }
        }
        _ => room.explain("this row leads nowhere"),
    }
}

fn selected_outlier(room: &Room) -> Option<Outlier> {
    let Some(Finding::Outlier(at)) = room.waterfall.findings.selected() else { return None };
    room.attribution.as_ref()?.findings.outliers.get(*at).cloned()
}

/// `*`: the traces that have the value under the cursor.
pub(super) fn filter(room: &mut Room, out: &mut Effects) {
    let Some(outlier) = selected_outlier(room) else {
        return room.explain("no value to filter by is under the cursor");
    };
    if outlier.value == ABSENT || outlier.value.contains(" to ") {
        return room.explain("servers cannot be asked for what is absent, nor for a range");
    }
    let service = outlier.key.service.clone();
    by_value(room, service, outlier.key.name.clone(), &outlier.value, out);
}

/// The traces of the window with this value, or of the service's resource if one is named.
pub(super) fn by_value(room: &mut Room, service: Option<Symbol>, key: Symbol, value: &str, out: &mut Effects) {
    let window = room.lens.window;
    let words = match &service {
        Some(service) => format!("{service} {key} = {value}"),
        None => format!("{key} = {value}"),
    };
    ask::search_value(room, window, service, (key, Symbol::from(value)), &words, out);
    room.waterfall.chosen = true;
    room.waterfall.view = WaterfallView::List;
    room.focus = Pane::Waterfall;
    let key = room.key_of(Command::ClearFilter);
    room.explain(format!("traces with {words}; {key} clears"));
}

/// A note that says why the verdict is wrong; the verdict shows it beside its reasons.
pub(super) fn dispute(room: &mut Room, out: &mut Effects) {
    let chosen = match (room.waterfall.view, room.waterfall.findings.selected()) {
        (WaterfallView::Findings, Some(Finding::Blame(at))) => *at,
        _ => 0,
    };
    let line = room.attribution.as_ref().and_then(|found| found.findings.ranking.get(chosen).cloned());
    let Some(line) = line else {
        return room.explain("nobody is held responsible yet: there is nothing to dispute");
    };
    let verdict = blame_text(&line);
    record::open_note(room, &format!("o disputed: {verdict} is not responsible, because "), out);
    if let Mode::Editing(note) = &mut room.mode {
        let text = verdict;
        let at = Some(room.now);
        let evidence = Evidence { about: VERDICT.into(), text, trace: Some(line.example), span: None, slo: None, at };
        note.evidence.insert(0, evidence);
        note.evidence.truncate(3);
    }
}

/// How far around the impact healthy traces are looked for.
pub(super) fn before_impact(room: &Room) -> Option<Window> {
    let start = room.impact_start()?;
    Some(Window::ending(start, std::time::Duration::from_secs(30 * 60)))
}
