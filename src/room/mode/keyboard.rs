//! Who gets the keys: the panes, or a text, a question, a menu, a value above them.

use super::super::pane::BudgetView;
use super::menu::Menu;
use super::note::Note;
use super::places::PlacesView;
use super::prompt::Prompt;

#[derive(Clone, Debug, Default)]
pub enum Mode {
    #[default]
    Normal,
    /// Boxed, since it is much larger than the others.
    Editing(Box<Note>),
    Asking(Box<Prompt>),
    Popup(Menu),
    /// The budget of one SLO in full.
    Budget(BudgetView),
    /// Where an id stands.
    Places(Box<PlacesView>),
    /// One value in full, from outside and not yet cleaned.
    ValueView(ValueView),
}

/// A text that is longer than its row, and how far it is scrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueView {
    pub title: String,
    pub text: String,
    /// Rows scrolled away at the top, as the screen breaks the text into rows; more than there are is as far as it goes.
    pub offset: usize,
}
