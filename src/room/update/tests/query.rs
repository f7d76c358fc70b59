//! The query prompt: asked, answered, refused, remembered, copied.

use super::sample::{line, noon, press, room, send, told};
use crate::domain::query::{Address, Identity, Language};
use crate::domain::signal::{Answer, Level, Sample, Series};
use crate::domain::{Cause, Failure};
use crate::room::{Answered, Ask, Effect, Fact, Mode, Pane, PromptKind, Room, Slot, Ticket};

fn asked(effects: &[Effect]) -> Option<(Ticket, Language, String)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Fetch { ticket, ask: Ask::Query { language, text, .. } } => Some((*ticket, *language, text.clone())),
        _ => None,
    })
}

fn prompt(room: &Room) -> (String, Option<usize>, bool, Option<String>) {
    let Mode::Asking(prompt) = &room.mode else { panic!("the prompt is open") };
    let PromptKind::Query { wrong_at, asked, .. } = prompt.kind else { panic!("it is the query prompt") };
    (prompt.text.text().to_owned(), wrong_at, asked, prompt.complaint.clone())
}

#[test]
fn a_query_goes_to_the_server_of_its_language_and_numbers_come_back() {
    let mut room = room();
    let (ticket, language, text) = asked(&press(&mut room, ";up<Enter>")).expect("asked");
    assert_eq!((language, text.as_str(), prompt(&room).2), (Language::Promql, "up", true));
    let labels = [("job", "x")].into_iter().collect();
    let series = vec![Series { labels, samples: vec![Sample { time: noon(), value: 1.0 }] }];
    let answer = Answered::Numbers(Answer {
        series,
        warnings: vec!["one store did not answer".to_owned()],
        ..Answer::default()
    });
    send(&mut room, Fact::Queried { ticket, answer });
    let Mode::ValueView(view) = &room.mode else { panic!("a view") };
    assert_eq!(view.text, "! one store did not answer\n1                      {job=\"x\"}\n");
}

#[test]
fn what_the_server_says_stands_under_its_place_and_the_line_stays() {
    let mut room = room();
    let (ticket, ..) = asked(&press(&mut room, ";promql<Space>sum(by)<Enter>")).expect("asked");
    let message = "invalid parameter \"query\": 1:5: parse error: unexpected <by>".to_owned();
    let failure = Failure::new("prom", Cause::Refused { status: 400, message: message.clone() });
    send(&mut room, Fact::Failed { ticket, failure });
    assert_eq!(prompt(&room), ("promql sum(by)".to_owned(), Some(11), false, Some(message)));
    press(&mut room, "x");
    assert_eq!(prompt(&room), ("promql sum(by)x".to_owned(), None, false, None));
}

#[test]
fn queries_are_remembered_and_walked_over() {
    let mut room = room();
    for text in [";up<Enter>", ";down<Enter>", ";up<Enter>"] {
        press(&mut room, "<Esc>");
        press(&mut room, text);
    }
    press(&mut room, "<Esc>;");
    let mut seen = Vec::new();
    for key in ["<Up>", "<Up>", "<Up>", "<Down>", "<Down>"] {
        press(&mut room, key);
        seen.push(prompt(&room).0);
    }
    assert_eq!(seen, ["up", "down", "down", "up", ""]);
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut room = room();
    let (ticket, ..) = asked(&press(&mut room, ";up<Enter>")).expect("asked");
    let effects = press(&mut room, "<Esc>");
    assert!(effects.contains(&Effect::Drop(Slot::Query)));
    send(&mut room, Fact::Queried { ticket, answer: Answered::Traces(Vec::new().into()) });
    assert!(matches!(room.mode, Mode::Normal) && room.focus == Pane::Gauges);
    press(&mut room, ";<Enter>");
    assert!(prompt(&room).3.is_some_and(|words| words.contains("type a query")));
}

#[test]
fn lines_take_the_log_pane_over_and_the_tail_goes_on_with_the_query() {
    let mut room = room();
    let (ticket, language, _) = asked(&press(&mut room, ";{app=\"y\"}<Enter>")).expect("asked");
    assert_eq!(language, Language::Logql);
    let effects = send(&mut room, Fact::Queried { ticket, answer: Answered::Lines { lines: Vec::new(), more: false } });
    let tail = effects.iter().find_map(|effect| match effect {
        Effect::Tail { query, .. } => Some(query.as_str()),
        _ => None,
    });
    assert_eq!((tail, room.logs.query.as_str(), room.focus), (Some("{app=\"y\"}"), "{app=\"y\"}", Pane::Logs));
}

#[test]
fn a_typed_query_is_closed_and_the_lines_of_before_go_on_where_they_were_left() {
    for key in ["q", "\\"] {
        let mut room = room();
        let old = line(7, Level::Error, "of before", None);
        room.logs.take(vec![old], false, noon());
        for (query, found) in [("{app=\"y\"}", 2), ("{app=\"z\"}", 0)] {
            let (ticket, ..) = asked(&press(&mut room, &format!(";{query}<Enter>"))).expect("asked");
            let lines = (0..found).map(|at| line(at, Level::Info, "of the query", None)).collect();
            send(&mut room, Fact::Queried { ticket, answer: Answered::Lines { lines, more: false } });
            assert!(room.shows_typed_lines(), "{query}");
            assert_eq!((room.logs.query.as_str(), room.logs.view.len()), (query, found as usize));
        }
        let effects = press(&mut room, key);
        let tail = effects.iter().find_map(|effect| match effect {
            Effect::Tail { query, from, .. } => Some((query.as_str(), *from)),
            _ => None,
        });
        let behind = line(7, Level::Error, "", None).time.shifted(1);
        assert_eq!(tail, Some(("{app=\"x\"}", behind)), "{key}");
        assert!(!room.shows_typed_lines());
        assert_eq!((room.logs.view.len(), room.logs.level), (1, Level::Warn));
    }
}

#[test]
fn the_query_of_a_gauge_is_copied_as_curl_without_a_secret() {
    let mut room = room();
    let address = |source: &str| Address {
        source: source.into(),
        url: "https://prom.example".to_owned(),
        tenant: None,
        identity: Identity::Bearer,
    };
    room.settings.addresses = vec![address("prom")];
    let effects = press(&mut room, "1yq");
    let copied = effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("a line");
    assert!(
        copied.starts_with("curl -sSG 'https://prom.example/api/v1/query' -H \"Authorization: Bearer $TOKEN\""),
        "{copied}"
    );
    assert!(copied.contains("query=bad[5m]"), "{copied}");
    assert!(told(&room).contains("copied"));
}
