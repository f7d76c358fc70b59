//! What a piece of the screen is, for the eye. Not how it looks: a theme says that.

/// What a piece of the screen is, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Text,
    /// The one word or number of a row that answers.
    Strong,
    /// Labels, units, times: secondary, and still to be read.
    Dim,
    /// Rules, guides, empty tracks; never text.
    Faint,
    Focus,
    Key,
    Crit,
    Warn,
    Ack,
    Ok,
    /// What a person wrote.
    Note,
    /// Older than two refreshes.
    Stale,
    /// Behind the selected row.
    Sel,
    /// Behind what a search found.
    Match,
    /// Behind everything; the terminal's own but for a theme that brings one.
    Screen,
}

impl Role {
    /// The roles and their names in a theme file; the last three stand under `[backgrounds]`.
    pub(super) const NAMES: [(&'static str, Self); 15] = [
        ("text", Self::Text),
        ("strong", Self::Strong),
        ("dim", Self::Dim),
        ("faint", Self::Faint),
        ("focus", Self::Focus),
        ("key", Self::Key),
        ("crit", Self::Crit),
        ("warn", Self::Warn),
        ("ack", Self::Ack),
        ("ok", Self::Ok),
        ("note", Self::Note),
        ("stale", Self::Stale),
        ("sel", Self::Sel),
        ("match", Self::Match),
        ("screen", Self::Screen),
    ];

    pub(super) const fn is_background(self) -> bool {
        matches!(self, Self::Sel | Self::Match | Self::Screen)
    }
}
