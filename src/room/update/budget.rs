//! The budget of one SLO in full: opened, scrolled, its past asked for; and "what if it burns on?".

use std::sync::Arc;
use std::time::Duration;

use super::super::effect::{Ask, Effect, Effects};
use super::super::keys::{Code, Key};
use super::super::mode::{Mode, Prompt, PromptKind, ValueView};
use super::super::pane::{BudgetView, Loading, Pane, Zoom};
use super::super::room::Room;
use super::super::ticket::Slot;
use super::super::time::duration;
use crate::domain::Symbol;
use crate::domain::slo::{Exhaustion, Zone, close_burn, duration_text, percent_text};
use crate::domain::spending::{Past, WhatIf};

/// Steps of the window of now: several a column of a wide screen.
const FINE: u32 = 120;
/// Steps of each window before it, and how many windows are looked at.
const COARSE: u32 = 30;
const WINDOWS: u32 = 6;
/// What is known of the past is not asked again before this.
const FRESH: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The SLO under the cursor of the gauges, else the one that is worst.
pub(super) fn open(room: &mut Room, out: &mut Effects) {
    let selected = room.gauges.selected().filter(|_| room.focus == Pane::Gauges);
    match selected.or_else(|| room.gauges.worst()).map(|judgement| judgement.slo.clone()) {
        Some(slo) => show(room, slo, out),
        None => room.explain("no SLO is configured: there is no budget to show"),
    }
}

fn show(room: &mut Room, slo: Symbol, out: &mut Effects) {
    look_back(room, &slo, out);
    room.mode = Mode::Budget(BudgetView { slo, offset: 0 });
}

/// Asks for the window of now, unless that was asked a moment ago.
fn look_back(room: &mut Room, slo: &Symbol, out: &mut Effects) {
    let now = room.now;
    let known = room.looked_back.entry(slo.clone()).or_default();
    let is_fresh = match known.state {
        Loading::Ready { at } | Loading::Asked { since: at } => now.elapsed_since(at) < FRESH,
        Loading::Idle | Loading::Failed { .. } => false,
    };
    if is_fresh {
        if known.recent.is_some() && known.earlier.is_none() {
            look_further_back(room, slo, out);
        }
        return;
    }
    let Some(slo) = room.gauges.slo(slo).cloned() else { return };
    known.state = Loading::Asked { since: now };
    let (over, step) = (slo.window, slo.window / FINE);
    let ticket = room.tickets.draw(Slot::LookBack);
    out.push(Effect::Fetch { ticket, ask: Ask::LookBack { slo, over, step } });
}

/// While the gauges have the whole screen, the budget under the cursor shows how it ran down.
pub(super) fn keep_fresh(room: &mut Room, out: &mut Effects) {
    let is_wide = room.focus == Pane::Gauges && room.zoom == Zoom::Full && matches!(room.mode, Mode::Normal);
    let Some(slo) = room.gauges.selected().filter(|_| is_wide).map(|judgement| judgement.slo.clone()) else { return };
    let now = room.now;
    let is_due = match room.looked_back.get(&slo).map(|known| &known.state) {
        None | Some(Loading::Idle) => true,
        Some(Loading::Ready { at } | Loading::Asked { since: at } | Loading::Failed { at, .. }) => {
            now.elapsed_since(*at) >= FRESH
        }
    };
    if is_due {
        look_back(room, &slo, out);
    }
}

/// The window of now, and then, at leisure, those before it.
pub(super) fn take(room: &mut Room, name: Symbol, past: Arc<Past>, out: &mut Effects) {
    let now = room.now;
    let Some(slo) = room.gauges.slo(&name).cloned() else { return };
    let known = room.looked_back.entry(name).or_default();
    if past.over > slo.window {
        known.earlier = Some(past);
        return;
    }
    known.recent = Some(past);
    known.state = Loading::Ready { at: now };
    // The windows before are for the budget in full: they are dear.
    if matches!(&room.mode, Mode::Budget(view) if view.slo == slo.name) {
        look_further_back(room, &slo.name, out);
    }
}

fn look_further_back(room: &mut Room, slo: &Symbol, out: &mut Effects) {
    let Some(slo) = room.gauges.slo(slo).cloned() else { return };
    let (over, step) = (slo.window * WINDOWS, slo.window / COARSE);
    let ticket = room.tickets.draw(Slot::LookBack);
    out.push(Effect::Fetch { ticket, ask: Ask::LookBack { slo, over, step } });
}

/// What is shown stays; a past that was never heard says why.
pub(super) fn failed(room: &mut Room, failure: &crate::domain::Failure) {
    let now = room.now;
    for known in room.looked_back.values_mut().filter(|known| known.state.is_asked()) {
        known.state = known.state.failed(failure.clone(), now);
    }
}

pub(super) fn press(room: &mut Room, key: Key, out: &mut Effects) {
    let height = isize::try_from(room.overlay_height.max(2) - 1).unwrap_or(1);
    let Mode::Budget(view) = &mut room.mode else { return };
    let by = match key.code() {
        Code::Char('j') | Code::Down => 1,
        Code::Char('k') | Code::Up => -1,
        Code::PageDown | Code::Char('d' | ' ') => height,
        Code::PageUp | Code::Char('u') => -height,
        Code::Tab => return next(room, !key.has_shift(), out),
        Code::Char('l') | Code::Right => return next(room, true, out),
        Code::Char('h') | Code::Left => return next(room, false, out),
        Code::Char('w') => return ask(room),
        _ => {
            room.mode = Mode::Normal;
            return;
        }
    };
    view.offset = view.offset.saturating_add_signed(by);
}

/// The SLO after or before this one, in the order of the gauges.
fn next(room: &mut Room, forward: bool, out: &mut Effects) {
    let Mode::Budget(view) = &room.mode else { return };
    let count = room.gauges.judgements.len().max(1);
    let at = room.gauges.row_of(&view.slo).unwrap_or(0);
    let next = if forward { at + 1 } else { at + count - 1 } % count;
    if let Some(slo) = room.gauges.judgements.get(next).map(|judgement| judgement.slo.clone()) {
        room.gauges.cursor.select(next);
        show(room, slo, out);
    }
}

/// A frame tells how many rows there are: nobody scrolls past the last.
pub(super) fn clamp(room: &mut Room, rows: usize) {
    let height = room.overlay_height;
    if let Mode::Budget(view) = &mut room.mode {
        view.offset = view.offset.min(rows.saturating_sub(height));
    }
}

pub(super) fn ask(room: &mut Room) {
    room.mode = Mode::Asking(Box::new(Prompt::new(PromptKind::WhatIf, "")));
}

/// `3 4h`, `14.4x for 30m`: how fast and for how long.
pub(super) fn answered(room: &mut Room, text: &str) -> Result<(), &'static str> {
    let (burn, lasts) = read(text).ok_or("write 3 4h, or 14.4x for 30m")?;
    let mut told = String::new();
    for judgement in &room.gauges.judgements {
        let asked = judgement.budget.map(|budget| WhatIf::new(budget.remaining, judgement.window, burn, lasts));
        match asked {
            Some(asked) => told.push_str(&format!("{}\n  {}\n", judgement.slo, words(&asked))),
            None => {
                told.push_str(&format!("{}\n  its budget is not known: {}\n", judgement.slo, judgement.state.word()))
            }
        }
    }
    told.push_str("\nWhat leaves the rolling window meanwhile is not given back here.");
    let title = format!("What if it burns at {} for {}", close_burn(burn), duration_text(lasts));
    room.mode = Mode::ValueView(ValueView { title, text: told, offset: 0 });
    Ok(())
}

/// A burn from 0 on and a time that is longer than none.
fn read(text: &str) -> Option<(f64, Duration)> {
    let mut words = text.split_whitespace().filter(|word| *word != "for");
    let burn: f64 = words.next()?.trim_end_matches(['x', '×']).parse().ok()?;
    let lasts = duration(words.next()?)?;
    let is_sound = burn.is_finite() && (0.0..=1e9).contains(&burn) && !lasts.is_zero() && lasts <= LONGEST;
    (is_sound && words.next().is_none()).then_some((burn, lasts))
}

fn words(asked: &WhatIf) -> String {
    let zones = if asked.zone == asked.zone_after {
        format!("stays {}", asked.zone)
    } else {
        format!("{} → {}", asked.zone, asked.zone_after)
    };
    let soon = |(zone, time): &(Zone, Duration)| match zone {
        Zone::Exhausted => format!("all is spent in {}", duration_text(*time)),
        zone => format!("{zone} in {}", duration_text(*time)),
    };
    let borders: Vec<String> = asked.borders.iter().map(soon).collect();
    let pace = match asked.exhaustion {
        Exhaustion::Already => "all was spent before".to_owned(),
        _ if borders.is_empty() => "no border within the window".to_owned(),
        _ => borders.join(", "),
    };
    format!(
        "{} → {} left, {zones}; at this pace {pace}",
        percent_text(asked.remaining, 1),
        percent_text(asked.after, 1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_fast_and_for_how_long_is_read_as_people_write_it() {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        for (text, burn, lasts) in [
            ("3 4h", 3.0, hours(4)),
            (" 14.4x  for 1h ", 14.4, hours(1)),
            ("3× 1d12h", 3.0, hours(36)),
            ("0 1h", 0.0, hours(1)),
        ] {
            assert_eq!(read(text), Some((burn, lasts)), "{text}");
        }
        for text in ["", "3", "4h", "3 4", "3 0h", "-3 4h", "NaN 4h", "inf 1h", "3 4h more", "3 99999999d", "x 4h"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
