//! An id looked for everywhere: further into the past while no server has it, and no further than that is told.

use std::time::Duration;

use super::sample::{noon, press, room, send, summary, trace_id};
use crate::domain::signal::Summary;
use crate::domain::{Cause, Failure, Window};
use crate::room::{Ask, Effect, Fact, Mode, Places, Room, Ticket};

/// The two questions, and of when.
fn asked(effects: &[Effect]) -> Vec<(Ticket, Window)> {
    let of = |effect: &Effect| match effect {
        Effect::Fetch { ticket, ask: Ask::Places(ask) | Ask::PlaceLines(ask) } => Some((*ticket, ask.window)),
        _ => None,
    };
    effects.iter().filter_map(of).collect()
}

fn answer(room: &mut Room, ticket: Ticket, found: Places) -> Vec<(Ticket, Window)> {
    asked(&send(room, Fact::Places { ticket, found: Box::new(found) }))
}

fn hours(window: Window) -> (u64, u64) {
    let ago = |at| noon().elapsed_since(at).as_secs() / 3_600;
    (ago(window.start), ago(window.end))
}

#[test]
fn what_nobody_has_is_looked_for_further_back_and_not_twice_in_the_same_hours() {
    let mut room = room();
    let mut questions = asked(&press(&mut room, "@order-4472146<Enter>"));
    let mut looked = Vec::new();
    while let [(first, window), (second, other)] = questions.as_slice() {
        assert_eq!(window, other);
        looked.push(hours(*window));
        assert_eq!(answer(&mut room, *first, Places::default()), [], "the other one may have it");
        questions = answer(&mut room, *second, Places::default());
    }
    assert_eq!(looked, [(1, 0), (6, 1), (24, 6)]);
    let Mode::Places(view) = &room.mode else { panic!("the list stays") };
    assert_eq!((view.waits_for, view.asked.elapsed_since(view.from)), (0, Duration::from_secs(86_400)));
}

#[test]
fn what_was_found_or_refused_is_looked_for_no_further() {
    let mut room = room();
    let questions = asked(&press(&mut room, "@order-4472146<Enter>"));
    let [(first, _), (second, _)] = questions.as_slice() else { panic!("two questions: {questions:?}") };
    let found = Places { traces: vec![summary(2, 1, 10)], ..Places::default() };
    assert_eq!(answer(&mut room, *first, found), []);
    assert_eq!(answer(&mut room, *second, Places::default()), []);
    let questions = asked(&press(&mut room, "<Esc>@order-4472147<Enter>"));
    let [(first, _), (second, _)] = questions.as_slice() else { panic!("two questions: {questions:?}") };
    send(
        &mut room,
        Fact::Failed { ticket: *first, failure: Failure::new("tempo", Cause::TimedOut(Duration::from_secs(9))) },
    );
    assert_eq!(answer(&mut room, *second, Places::default()), []);
}

#[test]
fn the_id_of_a_span_opens_its_trace_on_it() {
    let mut room = room();
    let effects = press(&mut room, "@00f067aa0ba902b7<Enter>");
    let span = effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ask: Ask::Places(ask), .. } => ask.span,
        _ => None,
    });
    assert_eq!(span.map(|span| span.to_string()).as_deref(), Some("00f067aa0ba902b7"));
    let questions = asked(&effects);
    let [(first, _), (second, _)] = questions.as_slice() else { panic!("two questions: {questions:?}") };
    let words = || vec!["jaeger cannot search for a span's id".to_owned()];
    assert_eq!(answer(&mut room, *first, Places { limits: words(), ..Places::default() }), []);
    let further = answer(&mut room, *second, Places::default());
    let [(first, _), _] = further.as_slice() else { panic!("a limit of a server stops no search: {further:?}") };
    let found = Places {
        traces: vec![summary(2, 1, 10), summary(3, 1, 10)],
        holders: vec![trace_id(3)],
        limits: words(),
        ..Places::default()
    };
    answer(&mut room, *first, found);
    let Mode::Places(view) = &room.mode else { panic!("the list stays") };
    assert_eq!((view.limits.clone(), view.has_span(trace_id(2)), view.span_in(trace_id(2))), (words(), false, None));
    press(&mut room, "j<Enter>");
    assert_eq!((room.lens.trace, room.lens.span), (Some(trace_id(3)), span));
}

#[test]
fn an_id_of_64_bits_lists_every_trace_that_it_is_the_low_half_of_and_opens_none() {
    let mut room = room();
    let of = |text: &str| Summary { trace: text.parse().expect("an id"), ..summary(2, 1, 10) };
    room.waterfall.list = vec![of("840cfd8d000000008448eb211c80319c")];
    let questions = asked(&press(&mut room, "@9532127138774266268<Enter>"));
    let [(first, _), _] = questions.as_slice() else { panic!("two questions: {questions:?}") };
    let traces =
        vec![of("640cfd8d000000008448eb211c80319c"), of("740cfd8d000000008448eb211c80319c"), summary(3, 1, 10)];
    answer(&mut room, *first, Places { traces, ..Places::default() });
    let Mode::Places(view) = &room.mode else { panic!("the list stays") };
    let halves: Vec<bool> = view.traces().map(|trace| view.is_half_of(trace)).collect();
    assert_eq!((halves, room.lens.trace), (vec![true, true, true, false], None));
}
