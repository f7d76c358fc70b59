//! Loki down, Tempo slow, Prometheus partial, while it burns: what is old says so, and nothing that is missing looks well.

use std::time::Duration;

use warroom::domain::slo::{Measure, Reading, windows};
use warroom::domain::{Cause, Failure};
use warroom::room::{Fact, Slot, start};

use super::company::ESTATE;
use super::scene::{Desk, EXEMPLAR, shows};

/// The story with the troubles of frame 10 in it.
fn troubled() -> Desk {
    let mut desk = Desk::open(315);
    desk.target(EXEMPLAR);
    desk.until(318);
    let refused = || Failure::new("loki", Cause::Unreachable("refused the connection".to_owned()));
    desk.silent.extend([Slot::Tail, Slot::Search]);
    for (attempt, at, wait) in [(1, 318, 1), (2, 320, 4), (3, 330, 16), (4, 350, 16)] {
        desk.until(at);
        let ticket = desk.ticket(Slot::Tail);
        let retry_at = desk.moment(at + wait);
        desk.tell(Fact::TailBroken { ticket, failure: refused(), attempt, retry_at });
        desk.tell(Fact::Troubled { source: "loki".into(), failure: refused(), attempts: attempt, retry_at });
    }
    desk.until(351);
    for name in ["jaeger", "alertmanager", "prometheus"] {
        desk.tell(Fact::Answered { source: name.into(), latency: Duration::from_millis(5) });
    }
    desk.silent.insert(Slot::Trace);
    desk.press("3 q j <Enter>");
    let since = desk.room.now;
    desk.tell(Fact::Slow { source: "tempo".into(), since });
    desk.writes = false;
    desk.press("i").type_text("c support is told").press("<Enter>");
    desk.until(360);
    for slo in &ESTATE.slos {
        let mut reading = ESTATE.reading(slo, desk.moment(360));
        for (_, measure) in &mut reading.measures {
            match (slo.name.as_str(), measure) {
                ("tracking", measure) => *measure = Measure::NoData,
                ("label", measure) => *measure = Measure::NoTraffic,
                (_, Measure::Counts { partial, .. }) => *partial = true,
                _ => {}
            }
        }
        desk.tell(Fact::Burn(reading));
    }
    desk
}

#[test]
fn three_backends_in_trouble() {
    let mut desk = troubled();
    desk.press("4");
    let frame = desk.frame(120, 40);
    for said in ["✗ loki", "◐ tempo", "◑ prometheus partial", "43 %!", "no data for", "no traffic"] {
        assert!(frame.contains(said), "{said}\n{frame}");
    }
    shows("failure_120x40", &frame);
    shows("failure_80x24", &desk.frame(80, 24));
    shows("failure_200x60", &desk.frame(200, 60));
    shows("failure_120x40_ascii", &desk.ascii(120, 40));
}

/// A metrics server that is gone says nothing of the service, and what the traces say still stands.
#[test]
fn without_the_metrics_server_who_is_responsible_still_shows() {
    let mut desk = Desk::six_minutes();
    desk.until(375);
    for slo in &ESTATE.slos {
        let mut reading = ESTATE.reading(slo, desk.moment(375));
        for (_, measure) in &mut reading.measures {
            let failure = Failure::new("prometheus", Cause::Unreachable("refused the connection".to_owned()));
            *measure = Measure::Failed(failure);
        }
        desk.tell(Fact::Burn(reading));
    }
    for (columns, rows) in [(120, 40), (80, 24)] {
        let frame = desk.frame(columns, rows);
        let answer = frame.lines().nth(1).unwrap_or_default();
        for said in ["no answer from prometheus for", "pricing → redis"] {
            assert!(answer.contains(said), "{said}: {frame}");
        }
        assert!(!answer.contains("Down"), "{frame}");
    }
}

#[test]
fn a_trace_that_cannot_be_had() {
    let mut desk = Desk::six_minutes();
    desk.silent.insert(Slot::Trace);
    desk.press("q j j <Enter>");
    let ticket = desk.ticket(Slot::Trace);
    let failure = Failure::new("tempo", Cause::NotFound("no such trace".to_owned()));
    desk.tell(Fact::Failed { ticket, failure });
    desk.shows("failure_trace");
}

/// With a metrics server alone the other panes say what is not there, and nothing is called broken.
#[test]
fn no_log_and_no_trace_server_is_configured() {
    let mut desk = Desk::quiet(360);
    desk.room.settings.sources.truncate(1);
    desk.room.health.sources.truncate(1);
    desk.silent.extend([Slot::Search, Slot::Trace, Slot::History, Slot::Tail]);
    let _ = start(&mut desk.room);
    desk.tell(Fact::Entries(Vec::new()));
    for slot in [Slot::Search, Slot::History, Slot::Tail] {
        let (ticket, failure) = (desk.ticket(slot), Failure::new("none", Cause::NotConfigured));
        desk.tell(Fact::Failed { ticket, failure });
    }
    for (columns, rows, name) in [(120, 40, "failure_metrics_alone_120x40"), (80, 24, "failure_metrics_alone_80x24")] {
        let frame = desk.frame(columns, rows);
        assert!(!frame.contains("backend down") && !frame.contains("✗ not configured"), "{frame}");
        shows(name, &frame);
    }
}

#[test]
fn every_server_is_down_from_the_start() {
    let mut desk = Desk::quiet(360);
    desk.tell(Fact::Entries(Vec::new()));
    for name in ["prometheus", "loki", "tempo", "jaeger", "alertmanager"] {
        let failure = Failure::new(name, Cause::Unreachable("connection refused".to_owned()));
        let retry_at = desk.moment(368);
        desk.tell(Fact::Troubled { source: name.into(), failure, attempts: 3, retry_at });
    }
    for slo in &ESTATE.slos {
        let failure = Failure::new("prometheus", Cause::Unreachable("connection refused".to_owned()));
        let measures = windows(slo).into_iter().map(|window| (window, Measure::Failed(failure.clone()))).collect();
        desk.tell(Fact::Burn(Reading { slo: slo.name.clone(), at: desk.moment(360), measures }));
    }
    desk.shows("failure_all_down");
}

/// In the middle of it all servers go: a name is worth more than the time since the start, which the timeline has too.
#[test]
fn every_server_that_goes_in_an_incident_is_named() {
    let mut desk = Desk::open(360);
    for name in ["prometheus", "loki", "tempo", "jaeger", "alertmanager"] {
        let failure = Failure::new(name, Cause::Unreachable("connection refused".to_owned()));
        let retry_at = desk.moment(368);
        desk.tell(Fact::Troubled { source: name.into(), failure, attempts: 3, retry_at });
    }
    let frame = desk.frame(80, 24);
    let header = frame.lines().next().unwrap_or_default();
    for name in ["✗ prometheus", "✗ loki", "✗ tempo", "✗ jaeger", "✗ alertmanager"] {
        assert!(header.contains(name), "{header}");
    }
}
