//! Pane 2: the record.

use warroom::domain::signal::Summary;
use warroom::room::{Fact, Slot};

use super::scene::{Desk, shows};

#[test]
fn focused() {
    Desk::six_minutes().press("2 k k").shows("timeline");
}

#[test]
fn a_hypothesis_and_its_end() {
    let mut desk = Desk::open(550);
    desk.press("2");
    shows("timeline_hypothesis_120x40", &desk.frame(120, 40));
}

#[test]
fn what_changed_says_where_it_was_seen() {
    let mut desk = Desk::six_minutes();
    desk.press(",w");
    desk.shows("changes");
    let frame = desk.frame(120, 40);
    assert_eq!(frame.matches("pricing 2.13.4 → 2.14.0").count(), 1, "{frame}");
    assert!(frame.contains("prometheus kube_pod_container_info + target_info, tempo spans, loki lines"), "{frame}");
    assert!(desk.ascii(80, 24).lines().any(|line| line.starts_with(" < 18:10:00")), "{}", desk.ascii(80, 24));
}

#[test]
fn the_time_cursor_stands_on_an_event() {
    let mut desk = Desk::six_minutes();
    desk.press("2 { { .");
    assert!(desk.room.lens.is_frozen());
    desk.shows("timeline_frozen");
}

#[test]
fn all_strips_stand_at_the_moment_that_is_looked_at() {
    let mut desk = Desk::six_minutes();
    let live = desk.press("q").frame(120, 40);
    assert!(live.contains("3 Traces of the moment: errors, then slow ones"), "{live}");
    desk.press("1 @").type_text("18:33").press("<Enter>");
    desk.shows("strips_frozen");
    let frame = desk.frame(80, 24);
    let row = |name: &str| frame.lines().find(|row| row.contains(name)).expect("a row").to_owned();
    assert!(row(" 2 Timeline").contains("18:33:00 am QuoteSlowBurn"), "{frame}");
    assert!(row(" 3 Traces").contains("until 18:33:00: ▲"), "{frame}");
    assert!(desk.room.waterfall.list.iter().all(|row| row.start <= desk.moment(180)));
    // A server that answers with others all the same is not believed.
    let late = desk.room.waterfall.list.iter().cloned().map(|row| Summary { start: desk.moment(350), ..row });
    let (ticket, summaries) = (desk.ticket(Slot::Search), late.collect::<Vec<_>>().into());
    desk.tell(Fact::Summaries { ticket, summaries });
    for size in [(80, 24), (120, 40)] {
        let frame = desk.frame(size.0, size.1);
        assert!(frame.lines().any(|row| row.contains("3 Traces") && row.contains("18:36, not frozen")), "{frame}");
    }
}
