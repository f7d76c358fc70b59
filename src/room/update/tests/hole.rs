//! What a hole of the tail says of itself once the connection stands again.

use super::sample::{noon, room, send};
use crate::domain::signal::Unknown;
use crate::domain::{Cause, Failure, Window};
use crate::room::{Fact, RefillNote, Slot, Ticket};

fn reason(missing: Option<u64>, why: Option<Unknown>) -> String {
    let mut room = room();
    let ticket_of = |slot| Ticket { slot, turn: 1 };
    send(&mut room, Fact::History { ticket: ticket_of(Slot::History), lines: Vec::new(), more: false });
    let ticket = ticket_of(Slot::Tail);
    let failure = Failure::new("loki", Cause::Unreachable("the server closed the tail".to_owned()));
    send(&mut room, Fact::TailBroken { ticket, failure, attempt: 1, retry_at: noon() });
    let gap = Window { start: noon(), end: room.now };
    let refill = Some(RefillNote { gap, filled: 5_000, missing, why: why.map(Box::new), twice: 0 });
    send(&mut room, Fact::TailConnected { ticket, refill, lines: Vec::new() });
    let (_, gap) = room.logs.book.gaps().last().expect("a hole");
    assert_eq!((gap.open, gap.missing), (false, missing));
    gap.reason.clone()
}

#[test]
fn a_count_that_failed_is_told_with_its_own_cause_and_not_that_of_the_break() {
    let throttled = Cause::Throttled(None);
    assert_eq!(reason(None, Some(Unknown::Uncounted(throttled.clone()))), "the count failed: throttled");
    assert_eq!(reason(None, Some(Unknown::Unread(throttled))), "its lines could not be read: throttled");
    assert_eq!(reason(Some(7), None), "no connection: the server closed the tail");
}
