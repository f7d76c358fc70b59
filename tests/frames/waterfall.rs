//! Pane 3: the trace, the list of traces, and what is folded away.

use std::time::Duration;

use warroom::domain::signal::Listing;
use warroom::room::{Fact, Slot, start};

use super::scene::{Desk, shows};

#[test]
fn focused() {
    Desk::six_minutes().shows("waterfall");
}

#[test]
fn the_list_of_traces() {
    Desk::six_minutes().press("q j").shows("traces");
}

/// A list that a server made of a part of its traces never looks whole.
#[test]
fn a_list_of_a_part_says_of_what_part() {
    let mut desk = Desk::six_minutes();
    desk.press("q");
    let told = |desk: &mut Desk, rows: usize, partial: Option<&str>| {
        let rows = desk.room.waterfall.list.iter().take(rows).cloned().collect();
        let ticket = desk.ticket(Slot::Search);
        let summaries = Listing { rows, more: false, partial: partial.map(str::to_owned) };
        desk.tell(Fact::Summaries { ticket, summaries });
    };
    told(&mut desk, 9, Some("2 of 3 jobs"));
    for (columns, rows) in [(120, 40), (80, 24)] {
        let frame = desk.frame(columns, rows);
        let title = frame.lines().find(|row| row.contains("3 Traces")).unwrap_or_default();
        assert!(title.contains(" partial: 2 of 3 jobs "), "{frame}");
    }
    desk.press("1");
    let frame = desk.frame(80, 24);
    let title = frame.lines().find(|row| row.contains("3 Traces")).unwrap_or_default();
    assert!(title.contains(" partial: 2 of 3 jobs "), "{frame}");
    desk.press("3");
    told(&mut desk, 0, Some("0 of 3 jobs"));
    let frame = desk.frame(80, 24);
    assert!(frame.contains("no trace in what was searched of this window, partial: 0 of 3 jobs"), "{frame}");
    told(&mut desk, 0, None);
    assert!(!desk.frame(80, 24).contains("partial"), "a whole answer is not in part");
}

/// Who opens them wants to read them: the tree gives half of its rows.
#[test]
fn the_details_of_a_span_have_room_on_a_small_screen() {
    let mut desk = Desk::six_minutes();
    assert!(!desk.frame(80, 24).contains("─ Span pricing"));
    desk.frame(80, 24);
    desk.press("3 d");
    let frame = desk.frame(80, 24);
    assert!(
        frame.contains("─ Span pricing BLPOP tariff:lock") && frame.contains(" more: * lists all values"),
        "{frame}"
    );
    assert!(frame.contains("▸▲"), "the span itself stays in sight: {frame}");
}

/// Over a slow link a list that is replaced before it can be read costs more than all else of the start.
#[test]
fn a_list_whose_first_trace_opens_by_itself_shows_only_if_the_trace_does_not_come() {
    let mut desk = Desk::quiet(360);
    desk.silent.insert(Slot::Trace);
    let asked = start(&mut desk.room);
    desk.answer(asked);
    assert!(!desk.room.waterfall.list.is_empty() && desk.room.lens.trace.is_some());
    let frame = desk.frame(120, 40);
    assert!(frame.contains("searching for traces") && !frame.contains("edge-gateway"), "{frame}");
    desk.wait(Duration::from_secs(1));
    let frame = desk.frame(120, 40);
    assert!(!frame.contains("searching for traces") && frame.contains("edge-gateway POST"), "{frame}");
}

#[test]
fn the_next_error_and_back() {
    let mut desk = Desk::six_minutes();
    let before = desk.frame(120, 40);
    desk.press("e");
    shows("waterfall_next_error_120x40", &desk.frame(120, 40));
    assert_ne!(desk.frame(120, 40), before);
    desk.press("E");
    assert_eq!(desk.frame(120, 40), before);
}

#[test]
fn folded() {
    let mut desk = Desk::six_minutes();
    desk.press("k k h");
    shows("waterfall_folded_120x40", &desk.frame(120, 40));
}

#[test]
fn the_critical_path_alone() {
    let mut desk = Desk::six_minutes();
    desk.press("p");
    shows("waterfall_critical_120x40", &desk.frame(120, 40));
}

#[test]
fn with_the_details_of_a_span() {
    let mut desk = Desk::six_minutes();
    desk.press("d");
    shows("waterfall_details_120x40", &desk.frame(120, 40));
    desk.press("f f");
    shows("waterfall_full_details_120x40", &desk.frame(120, 40));
    shows("waterfall_full_details_80x24", &desk.frame(80, 24));
}

#[test]
fn the_findings() {
    let mut desk = Desk::six_minutes();
    desk.press("=");
    desk.shows("findings");
    desk.press("f f");
    shows("findings_full_120x40", &desk.frame(120, 40));
}

/// Who has no cells for a part reads how many are left out, and never a half of one.
#[test]
fn a_finding_is_cut_between_its_parts() {
    let mut desk = Desk::six_minutes();
    desk.press("= G");
    let frame = desk.frame(80, 24);
    assert!(frame.contains("  3 spans  3 in error … +1\n"), "{frame}");
    let beside = desk.frame(120, 40);
    assert!(beside.contains("  3 in error … +2\n") && beside.contains("  4 spans  2 in error\n"), "{beside}");
    desk.press("f f");
    assert!(desk.frame(120, 40).contains("  3 spans  3 in error, 2 start here\n"));
}

#[test]
fn beside_its_healthy_twin() {
    let mut desk = Desk::six_minutes();
    desk.press("D");
    desk.shows("twin");
    desk.press("f f");
    shows("twin_full_120x40", &desk.frame(120, 40));
    let before = desk.room.waterfall.rows.as_ref().map(|rows| rows.visible().to_vec());
    for (key, what) in [("p", "the critical path"), ("%", "hiding small spans")] {
        let frame = desk.press(key).frame(80, 24);
        assert!(frame.contains(&format!("{what} is not for the comparison of two traces")), "{frame}");
        assert!(!desk.room.waterfall.critical_only && !desk.room.waterfall.without_small);
    }
    assert_eq!(desk.room.waterfall.rows.as_ref().map(|rows| rows.visible().to_vec()), before);
    desk.press("D p");
    assert!(desk.room.waterfall.critical_only);
}

#[test]
fn a_folded_pane_names_what_its_number_opens() {
    let mut desk = Desk::six_minutes();
    let strip = |desk: &mut Desk, script: &str| {
        let frame = desk.press(script).frame(80, 24);
        frame.lines().find(|row| row.starts_with("─ 3 ")).expect("a folded pane").to_owned()
    };
    let trace = strip(&mut desk, "3 1");
    assert!(trace.contains("3 Trace ─") && trace.contains("POST /orders"), "{trace}");
    let list = strip(&mut desk, "3 q 1");
    assert!(list.contains("3 Traces ─") && list.contains("of the moment: ▲50 with errors"), "{list}");
    assert!(list.contains("67+ traces") && !list.contains("POST /orders"), "{list}");
    let findings = strip(&mut desk, "3 <Enter> = 1");
    assert!(findings.contains("3 Findings ─") && findings.contains("who, why, what differs"), "{findings}");
}

#[test]
fn without_what_takes_no_time() {
    let mut desk = Desk::six_minutes();
    desk.press("%");
    shows("waterfall_without_small_120x40", &desk.frame(120, 40));
}

#[test]
fn where_the_context_was_lost_the_other_part_is_dashed() {
    let mut desk = Desk::six_minutes();
    desk.tear();
    shows("waterfall_lost_context_120x40", &desk.frame(120, 40));
    shows("waterfall_lost_context_80x24", &desk.frame(80, 24));
    desk.press("= G");
    shows("findings_lost_context_120x40", &desk.frame(120, 40));
}

/// The row that nobody received had no details at all: now they are of what the proposal is made.
#[test]
fn the_details_of_an_inferred_row_tell_its_score_part_by_part() {
    let mut desk = Desk::six_minutes();
    desk.tear();
    desk.press("d g g");
    for _ in 0..30 {
        if desk.frame(120, 40).contains("Inferred, not received: inventory → pricing") {
            break;
        }
        desk.press("j");
    }
    for (width, height) in [(120, 40), (80, 24)] {
        let frame = desk.frame(width, height);
        for wanted in [
            "gap      G2  no span of pricing under the call",
            "probably inventory sends no traceparent, or pricing does not read it",
            "mend     header traceparent: inventory sends it, pricing reads it",
            "1.00 of 1.00  taken for it: 0.70 or more, 0.15 above others",
            "needed        same peer and service: pricing",
            "0.50 of 0.50  the same carrier_id CHR",
            "order_id 4472146",
            "0.30 of 0.30  within the call: starts +6.0 ms, ends −7.0 ms",
            "0.20 of 0.20  middle to 100.0 %: 2372.0 ms in 2385.0 ms",
        ] {
            assert!(frame.contains(wanted), "{wanted}\n{frame}");
        }
    }
    shows("waterfall_inferred_details_120x40", &desk.frame(120, 40));
    shows("waterfall_inferred_details_80x24", &desk.frame(80, 24));
}
