//! The values of the selected span as a menu: one of them chosen, the traces that have it are looked for.

use super::super::effect::Effects;
use super::super::keys::{Code, Key};
use super::super::mode::{Choice, Menu, MenuKind, Mode};
use super::super::room::Room;
use super::{findings, places};
use crate::domain::Symbol;
use crate::domain::signal::Value;

/// A longer value names nothing that one would filter by. Bytes.
const LONGEST: usize = 96;
const LETTERS: std::ops::RangeInclusive<char> = 'a'..='z';

/// What business asks about first, then the span's own attributes, then those of its process.
pub(super) fn choose(room: &mut Room) {
    let tree = room.waterfall.tree.clone();
    let row = room.waterfall.selected_row();
    let Some(span) = tree.as_ref().zip(row).and_then(|(tree, row)| tree.row(row)?.span) else {
        return room.explain("no span is on this row");
    };
    let business = |key: &Symbol| room.settings.business_keys.contains(key);
    let own = span.attributes.iter().map(|(key, value)| (key, value, false));
    let mut pairs: Vec<(&Symbol, &Value, bool)> =
        own.chain(span.resource.iter().map(|(key, value)| (key, value, true))).collect();
    pairs.retain(|(_, value, _)| value.as_text().is_none_or(|text| text.len() <= LONGEST && !text.is_empty()));
    pairs.sort_by_key(|(key, _, of_process)| (!business(key), *of_process));
    let choice = |(letter, (key, value, of_process)): (char, &(&Symbol, &Value, bool))| {
        let service = if *of_process { span.service.as_str() } else { "" };
        Choice {
            key: Key::letter(letter),
            words: format!("{key} {value}"),
            text: format!("{service}\u{0}{key}\u{0}{value}"),
        }
    };
    let choices: Vec<Choice> = LETTERS.zip(&pairs).map(choice).collect();
    if choices.is_empty() {
        return room.explain("this span has no value to filter by");
    }
    room.mode = Mode::Popup(Menu {
        kind: MenuKind::Values,
        title: "Traces with; a capital letter: lines and notes too".to_owned(),
        choices,
    });
}

/// A capital letter: everything with the value, not its traces alone.
pub(super) fn chosen_wide(room: &mut Room, menu: &Menu, key: Key, out: &mut Effects) -> bool {
    let Code::Char(letter) = key.code() else { return false };
    let small = Key::letter(letter.to_ascii_lowercase());
    let found = menu.choices.iter().find(|choice| letter.is_ascii_uppercase() && choice.key == small);
    let Some((service, key, value)) = found.and_then(parts) else { return false };
    places::everything(room, service, key, value, out);
    true
}

pub(super) fn chosen(room: &mut Room, choice: &Choice, out: &mut Effects) {
    let Some((service, key, value)) = parts(choice) else { return };
    findings::by_value(room, service, key, value, out);
}

fn parts(choice: &Choice) -> Option<(Option<Symbol>, Symbol, &str)> {
    let mut parts = choice.text.splitn(3, '\u{0}');
    let (service, key, value) = (parts.next()?, parts.next()?, parts.next()?);
    Some(((!service.is_empty()).then(|| Symbol::from(service)), Symbol::from(key), value))
}
