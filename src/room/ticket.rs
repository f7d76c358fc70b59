//! Which question an answer belongs to: of one slot only the latest question counts. Not who runs it: that is `runtime`.

use serde::{Deserialize, Serialize};

/// One thing that is asked again and again, each time replacing the question before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// The rows of a search for traces.
    Search,
    /// The trace that is shown.
    Trace,
    /// What hangs on the trace that is shown.
    Ties,
    /// Its healthy twin.
    Twin,
    /// The log lines of the trace or span that is shown.
    TraceLines,
    /// The history of the log query.
    History,
    /// The past of the SLO whose budget is shown.
    LookBack,
    /// The price of an incident that ended while no program was open.
    Price,
    /// The tail of the log query.
    Tail,
    /// What a new filter finds among the lines that are here.
    Scan,
    /// The lines around one line.
    Around,
    /// Lines that show, out of their file.
    Recall,
    /// The kinds of the lines that are here.
    Patterns,
    /// How often lines of one kind were written before the incident.
    Earlier,
    /// A trace behind a gauge.
    Exemplar,
    /// The traces that an id stands in.
    Places,
    /// The lines that it stands in.
    PlaceLines,
    /// A query that was typed.
    Query,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ticket {
    pub slot: Slot,
    /// Grows by one with every question in the slot.
    pub turn: u64,
}

/// The latest turn of every slot.
#[derive(Clone, Debug, Default)]
pub struct Tickets {
    turns: std::collections::BTreeMap<Slot, u64>,
}

impl Tickets {
    /// A ticket that makes all earlier ones of this slot stale.
    pub fn draw(&mut self, slot: Slot) -> Ticket {
        let turn = self.turns.entry(slot).or_default();
        *turn = turn.saturating_add(1);
        Ticket { slot, turn: *turn }
    }

    /// How many questions were asked in this slot.
    #[must_use]
    pub fn turn(&self, slot: Slot) -> u64 {
        self.turns.get(&slot).copied().unwrap_or(0)
    }

    #[must_use]
    pub fn is_current(&self, ticket: Ticket) -> bool {
        self.turns.get(&ticket.slot) == Some(&ticket.turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_ticket_of_a_slot_is_current() {
        let mut tickets = Tickets::default();
        let first = tickets.draw(Slot::Trace);
        let other = tickets.draw(Slot::Search);
        let second = tickets.draw(Slot::Trace);
        assert!(!tickets.is_current(first));
        assert!(tickets.is_current(second) && tickets.is_current(other));
    }
}
