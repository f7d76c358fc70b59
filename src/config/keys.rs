//! The keys of `[ui.keys]` as a keymap, and what is wrong with them pointed at in the file. A bad line costs that line and
//! not the war room.

use std::ops::Range;

use super::nearest::hint;
use super::problem::Problem;
use super::screen::{Binding, Screen};
use super::section::shown;
use crate::room::{KeyProblem, Keymap, Preset, parse_sequence, show_sequence};

/// The keymap that the file asks for, without what is wrong in it.
pub(super) fn keymap(screen: &Screen) -> (Keymap, Vec<Problem>) {
    let changes: Vec<(String, Vec<String>)> = screen
        .keys
        .iter()
        .map(|binding| (binding.action.value.clone(), binding.keys.iter().map(|keys| keys.value.clone()).collect()))
        .collect();
    let named = screen.preset.as_ref().map(|preset| (preset, Preset::from_word(&preset.value)));
    let unknown = named.filter(|(_, known)| known.is_none()).map(|(written, _)| {
        let message = format!("`preset` cannot be `{}`: the default keys are used", shown(&written.value));
        Problem::at(written.span.clone(), message).hint(hint(&written.value, &Preset::ALL.map(Preset::word)))
    });
    let preset = named.and_then(|(_, known)| known).unwrap_or_default();
    let (keymap, troubles) = Keymap::of(preset, &changes);
    let problems = troubles
        .iter()
        .map(|trouble| Problem::at(span(&screen.keys, trouble), trouble.to_string()).hint(trouble.hint()))
        .chain(unknown)
        .collect();
    (keymap, problems)
}

/// Of the keys, or of the action when the keys are not in the file as they are told.
fn span(bindings: &[Binding], trouble: &KeyProblem) -> Range<usize> {
    let named = || bindings.iter().filter(|binding| binding.action.value == trouble.action);
    let same = |written: &str| {
        written == trouble.keys || parse_sequence(written).is_ok_and(|keys| show_sequence(&keys) == trouble.keys)
    };
    named()
        .flat_map(|binding| &binding.keys)
        .find(|keys| same(&keys.value))
        .map(|keys| keys.span.clone())
        .or_else(|| named().map(|binding| binding.action.span.clone()).next())
        .unwrap_or(0..0)
}
