//! What an overlay tells back once it is drawn.

/// What the room and the terminal must know of an overlay that was drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) struct Overlay {
    /// Rows of its list, for a step of a page.
    pub height: usize,
    /// Rows that there are in all, of what is scrolled.
    pub rows: usize,
    /// Where the terminal's cursor stands while something is typed, counted from the pen's upper left corner.
    pub cursor: Option<(u16, u16)>,
}
