//! What each of the five panes keeps, and the list they share. Not how they are drawn: that is `ui/pane`.

mod cursor;

pub use cursor::Cursor;
