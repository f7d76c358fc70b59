//! Texts that want to drive the terminal: none gets a control character, or more room than it has, into a frame.

use std::sync::Arc;

use warroom::domain::signal::Level;
use warroom::room::{Fact, Slot};
use warroom::ui::Glyphs;

use super::scene::{buffer, lost_orders, open_trace, press, tell};
use super::signals;

const HOSTILE: &str =
    "a\x1b]0;owned\x07\x1b[2J\u{202e}gnirts\0\u{9b}31m\ttab\r\nline\u{200b}\u{feff}\x7f 日本語 e\u{301}";

fn harmful(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[test]
fn nothing_from_outside_reaches_the_terminal() {
    let mut room = lost_orders(6.0);
    let mut spans = signals::spans();
    for span in &mut spans {
        span.name = HOSTILE.into();
        span.service = HOSTILE.into();
        span.attributes.push((HOSTILE.into(), warroom::domain::signal::Value::Text(Arc::from(HOSTILE))));
    }
    let ticket = room.tickets.draw(Slot::Trace);
    room.lens.trace = Some(signals::trace_id());
    tell(&mut room, Fact::Trace { ticket, tree: signals::tree(spans) });
    let ticket = room.tickets.draw(Slot::Tail);
    let megabyte = HOSTILE.repeat(1_000_000 / HOSTILE.len());
    let lines = [HOSTILE, megabyte.as_str()]
        .map(|text| signals::line(room.now.shifted(-1), Level::Error, HOSTILE, text))
        .to_vec();
    tell(&mut room, Fact::TailConnected { ticket, refill: None, lines });
    tell(&mut room, Fact::Notice(HOSTILE.to_owned()));
    tell(&mut room, Fact::Draft(HOSTILE.to_owned()));
    for keys in ["", "1", "2", "3", "d", "f", "f", "4", "<enter>", "i"] {
        press(&mut room, keys);
        for (width, height) in [(120, 40), (80, 24), (200, 60), (45, 12)] {
            let buffer = buffer(&mut room, width, height, "dark", Glyphs::Unicode);
            for cell in &buffer.content {
                assert!(!cell.symbol().chars().any(harmful), "{:?}", cell.symbol());
            }
        }
    }
    open_trace(&mut room);
}
