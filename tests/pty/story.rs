//! From the page to who is responsible, why and what changed, by keys alone: every key that is pressed is counted.
#![cfg(test)]

use crate::terminal::Terminal;

/// The page has just come. Presses keys one by one and counts them.
struct Responder {
    terminal: Terminal,
    pressed: usize,
    _home: tempfile::TempDir,
}

impl Responder {
    fn paged(arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let terminal = Terminal::start(home.path(), 120, 40, &[&["demo"], arguments].concat());
        terminal.wait_for("FastBurn");
        Self { terminal, pressed: 0, _home: home }
    }

    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            self.terminal.send(key);
            self.pressed += 1;
        }
    }
}

/// The shares of a row `name  98 %  2 %  ..`: of the failing and of the healthy traces.
fn shares(screen: &str, name: &str) -> Option<(f64, f64)> {
    screen.lines().find_map(|line| {
        let behind = line.split(name).nth(1)?;
        let mut numbers = behind.split('%').map(|part| part.split_whitespace().next_back()?.parse::<f64>().ok());
        Some((numbers.next()??, numbers.next()??))
    })
}

/// Of all lost orders 98.3 % found no tariff, of all healthy ones 2.1 %; what is read of each is a sample.
fn is_the_cause(screen: &str) -> bool {
    shares(screen, "cache.hit = false").is_some_and(|(failing, healthy)| failing >= 95.0 && healthy <= 4.0)
        && screen.lines().any(|line| line.contains("pricing version = 2.14.0") && line.contains("100 %"))
}

fn is_found(arguments: &[&str]) {
    let mut responder = Responder::paged(arguments);
    responder.press(&["="]);
    let screen = responder.terminal.wait_until("the cause", |screen| {
        let first = screen.lines().find(|line| line.contains('▸') && line.contains("redis"));
        first.is_some_and(|line| line.contains("pricing → redis")) && is_the_cause(screen)
    });
    assert!(screen.lines().nth(1).is_some_and(|answer| answer.contains("pricing → redis")), "{screen}");
    responder.press(&[",", "w"]);
    let screen = responder.terminal.wait_for("First suspects");
    let suspect = screen.lines().find(|line| line.contains("2.14.0")).unwrap_or_default();
    assert!(suspect.contains('◁') && suspect.contains("20 min before"), "{screen}");
    assert_eq!(responder.pressed, 3);
    responder.terminal.send("q\x03\x03");
    assert!(responder.terminal.wait_for_end().success());
}

#[test]
fn from_the_page_to_the_cause_with_three_keys() {
    is_found(&[]);
}

#[test]
fn and_where_the_context_is_lost_on_the_way() {
    is_found(&["--broken-propagation"]);
}

#[test]
fn a_gauge_leads_to_an_exemplar_and_an_order_to_all_of_it() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(home.path(), 120, 40, &["demo", "--seek", "6m"]);
    terminal.wait_for("who holds the time");
    terminal.send("1x");
    terminal.wait_for("an exemplar: 2.");
    terminal.send("\x7f");
    terminal.wait_until("back at the gauges", |screen| screen.contains("▸1 SLOs"));
    terminal.send("@4472146\r");
    let screen = terminal.wait_until("its places", |screen| {
        screen.contains("@ 4472146") && screen.contains("quote unavailable") && screen.contains("4bf92f35")
    });
    assert!(screen.contains("POST /orders"), "{screen}");
    terminal.send("\rt");
    terminal.wait_for("▸3 One timeline");
    terminal.send("\x03\x03");
    assert!(terminal.wait_for_end().success());
}
