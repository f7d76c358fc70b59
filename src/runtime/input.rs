//! What the terminal tells, as the room's own words. Not what a key means: that is `room/keymap.rs`.

use crossterm::event::{Event, EventStream, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::stream::{BoxStream, StreamExt};

use crate::room::{Code as KeyCode, Key};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    /// A bracketed paste: text, whatever it contains.
    Paste(String),
    /// The terminal has a new size, or was given back to us: everything on it is to be drawn again.
    Resized,
}

/// The terminal's events. Ends when the terminal is gone.
#[must_use]
pub fn from_terminal() -> BoxStream<'static, Input> {
    EventStream::new()
        .take_while(|event| std::future::ready(event.is_ok()))
        .filter_map(|event| {
            std::future::ready(match event {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => translate(key).map(Input::Key),
                Ok(Event::Paste(text)) => Some(Input::Paste(text)),
                Ok(Event::Resize(..)) => Some(Input::Resized),
                _ => None,
            })
        })
        .boxed()
}

fn translate(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        Code::Char(character) => KeyCode::Char(character),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => return Some(Key::new(KeyCode::Tab, false, false, true)),
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::F(number) => KeyCode::F(number),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key::new(code, held(KeyModifiers::CONTROL), held(KeyModifiers::ALT), held(KeyModifiers::SHIFT)))
}
