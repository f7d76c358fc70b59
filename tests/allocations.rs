//! What a frame takes of the memory's manager: counted, since a count does not depend on the machine. A frame formats what is
//! on the screen, so it takes no more where more is loaded.

#![cfg(test)]

#[path = "frames/acts.rs"]
mod acts;
#[path = "frames/company.rs"]
mod company;
#[path = "allocations/loaded.rs"]
mod loaded;
#[path = "frames/scene.rs"]
#[expect(dead_code, reason = "a part of it is used here")]
mod scene;

use allocation_counter::{AllocationInfo, measure};

use loaded::Loaded;

/// A pane that has everything, its cursor at the upper edge.
const LOGS: &str = "4 f f G <PgUp> <PgUp>";

fn taken(loaded: &mut Loaded, keys: &str) -> AllocationInfo {
    // Buffers that grow once are grown now.
    loaded.press(keys).press(keys);
    measure(|| {
        loaded.press(keys);
    })
}

/// Whether one took about as much as the other.
fn alike(one: &AllocationInfo, other: &AllocationInfo) -> bool {
    one.count_total.abs_diff(other.count_total) <= 24 + one.count_total / 10
}

#[test]
fn a_frame_takes_no_more_where_more_is_loaded() {
    let mut few = Loaded::new(2_000, 2_000, 120, 40);
    let mut many = Loaded::new(40_000, 60_000, 120, 40);
    for (pane, keys) in [("3", "j"), ("3", "<PgDn>"), ("4 G <PgUp>", "k"), (LOGS, "k"), ("", "<PgUp>")] {
        few.press(pane);
        many.press(pane);
        let (small, large) = (taken(&mut few, keys), taken(&mut many, keys));
        assert!(alike(&small, &large), "{keys} in {pane}: {small:?} and {large:?}");
    }
    let resized = |loaded: &mut Loaded| {
        loaded.resize();
        loaded.resize();
        measure(|| loaded.resize())
    };
    let (small, large) = (resized(&mut few), resized(&mut many));
    assert!(alike(&small, &large), "a resize: {small:?} and {large:?}");
}

#[test]
fn a_frame_takes_little() {
    let mut loaded = Loaded::new(10_000, 10_000, 120, 40);
    loaded.frame();
    let unchanged = measure(|| loaded.frame());
    let tick = measure(|| loaded.second());
    let in_trace = taken(loaded.press("3"), "j");
    let in_logs = taken(loaded.press(LOGS), "k");
    let told =
        format!("unchanged {unchanged:?}\na second {tick:?}\nj in the trace {in_trace:?}\nk in the logs {in_logs:?}");
    assert!(unchanged.count_total <= MOST_UNCHANGED && tick.count_total <= MOST_OF_A_KEY, "{told}");
    assert!(in_trace.count_total <= MOST_OF_A_KEY && in_logs.count_total <= MOST_OF_LOGS, "{told}");
}

/// Of all panes together; each text on the screen that is not borrowed is one.
const MOST_UNCHANGED: u64 = 700;
const MOST_OF_A_KEY: u64 = 900;
/// Of logs that have the whole screen.
const MOST_OF_LOGS: u64 = 500;
