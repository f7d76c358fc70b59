//! The budget of an SLO in full, what an incident costs at its end, and the screen on a wall.

use std::time::Duration;

use warroom::domain::incident::{Entry, Kind};
use warroom::room::{Fact, Message};

use super::scene::{Desk, shows};

#[test]
fn six_minutes_in() {
    Desk::open(360).press("b").shows("budget");
}

#[test]
fn spent_and_scrolled() {
    let mut desk = Desk::open(1_080);
    desk.press("b");
    shows("budget_spent_120x40", &desk.frame(120, 40));
    desk.frame(80, 24);
    desk.press("<PgDn><PgDn><PgDn>");
    desk.frame(80, 24);
    shows("budget_scrolled_80x24", &desk.frame(80, 24));
}

#[test]
fn of_a_calm_evening() {
    let mut desk = Desk::calm();
    desk.press("1b<Tab>");
    shows("budget_calm_120x40", &desk.frame(120, 40));
}

#[test]
fn what_if_it_burns_on() {
    let mut desk = Desk::open(360);
    desk.press("bw");
    desk.send(Message::Paste("3x for 40h".to_owned()));
    shows("what_if_typed_80x24", &desk.frame(80, 24));
    desk.press("<Enter>").shows("what_if");
    desk.press("<Esc>");
    desk.press("bw").type_text("soon").press("<Enter>");
    shows("what_if_complaint_80x24", &desk.frame(80, 24));
}

/// The end of the story: what resolving writes is said before, then stands in the record, and on the calm screen.
#[test]
fn the_end_and_its_price() {
    let mut desk = Desk::open(2_970);
    desk.press("2i");
    desk.send(Message::Paste("resolved cache warmed; every order passes".to_owned()));
    shows("price_before_the_end_80x24", &desk.frame(80, 24));
    shows("price_before_the_end_120x40", &desk.frame(120, 40));
    desk.press("<Enter><Enter>");
    desk.press("2");
    shows("price_at_the_end_120x40", &desk.frame(120, 40));
    desk.press("ff").shows("price_at_the_end_zoomed");
}

/// What the calm screen says of the last incident, from the record alone.
#[test]
fn the_calm_screen_knows_what_the_last_one_cost() {
    let mut ended = Desk::open(720);
    ended.press("i");
    ended.send(Message::Paste("resolved cache warmed; every order passes".to_owned()));
    ended.press("<Enter><Enter>");
    let before = |entry: &Entry| Entry { happened: entry.happened.minus(Duration::from_secs(7_200)), ..entry.clone() };
    let record: Vec<Entry> = ended.room.timeline.timeline.iter().map(before).collect();
    let mut desk = Desk::calm();
    desk.tell(Fact::Entries(record));
    let frame = desk.frame(120, 40);
    let answer = frame.lines().nth(1).expect("the answer line");
    assert!(answer.contains("Last incident 1 h 13 min ago: 662 orders, €51,809."), "{frame}");
    desk.press("1b");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("SEV1 INC-31  12 min  662 orders, €51,809, 44.1 % of 30 d"), "{frame}");
}

#[test]
fn a_board_on_a_wall() {
    let mut desk = Desk::board(720);
    desk.press("i");
    let frame = desk.frame(120, 40);
    assert!(frame.contains("read-only: note, here and now"), "{frame}");
    shows("board_120x40", &frame);
    shows("board_80x24", &desk.frame(80, 24));
}

/// No program was open at the end: the next one counts what it cost then, writes it once, and says that it did so later.
#[test]
fn an_end_that_nobody_saw_is_priced_later_and_once() {
    let mut ended = Desk::open(720);
    ended.press("i");
    ended.send(Message::Paste("resolved cache warmed; every order passes".to_owned()));
    ended.press("<Enter><Enter>");
    let whole: Vec<Entry> = ended.room.timeline.timeline.iter().cloned().collect();
    let is_price = |entry: &&Entry| matches!(entry.kind, Kind::Priced { .. });
    let lost = |entries: &[Entry]| {
        let priced = entries.iter().find(is_price).expect("a price");
        let Kind::Priced { prices } = &priced.kind else { panic!("a price") };
        (prices[0].slo.clone(), prices[0].lost().round(), priced.happened)
    };
    let unpriced: Vec<Entry> = whole.iter().filter(|entry| !is_price(entry)).cloned().collect();
    let mut later = Desk::quiet(5_400);
    later.tell(Fact::Entries(unpriced));
    let record: Vec<Entry> = later.room.timeline.timeline.iter().cloned().collect();
    assert_eq!(lost(&record), lost(&whole), "the same as was frozen by a program that was open");
    let priced = record.iter().find(is_price).expect("a price");
    assert!(priced.text.starts_with("cost 662 orders") && priced.text.contains("computed later"), "{}", priced.text);
    assert!(priced.recorded > priced.happened);

    let mut again = Desk::quiet(9_000);
    again.tell(Fact::Entries(record));
    assert_eq!(again.room.timeline.timeline.iter().filter(is_price).count(), 1);
}
