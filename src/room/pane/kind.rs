//! Which panes there are, and how large the focused one is.

/// In the order of their keys, 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    Gauges,
    Timeline,
    Waterfall,
    Logs,
    Runbook,
}

impl Pane {
    pub const ALL: [Self; 5] = [Self::Gauges, Self::Timeline, Self::Waterfall, Self::Logs, Self::Runbook];

    /// 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Gauges => 1,
            Self::Timeline => 2,
            Self::Waterfall => 3,
            Self::Logs => 4,
            Self::Runbook => 5,
        }
    }

    /// As a sentence names it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gauges => "SLOs",
            Self::Timeline => "timeline",
            Self::Waterfall => "trace",
            Self::Logs => "logs",
            Self::Runbook => "runbook",
        }
    }
}

/// How much of the screen the focused pane takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zoom {
    #[default]
    Normal,
    Half,
    Full,
}

impl Zoom {
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Normal => Self::Half,
            Self::Half => Self::Full,
            Self::Full => Self::Normal,
        }
    }
}
