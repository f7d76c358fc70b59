//! Panes drawn on a small screen, as texts.

use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{gauges_wide, home, runbook};
use crate::domain::Timestamp;
use crate::domain::incident::{Entry, Kind, Origin};
use crate::domain::runbook::{Catalog, parse};
use crate::domain::slo::{Measure, Method, Policy, Reading, Sli, Slo};
use crate::room::{GaugesPane, Keymap, Pane, Room, Settings, StepState};
use crate::ui::glyphs::Glyphs;
use crate::ui::pen::Pen;
use crate::ui::scene::Scene;
use crate::ui::theme::Theme;

const PAGE: &str = "---\ntitle: \"Pricing: tariff cache expired\"\nalerts: [OrderRouting*]\nverified: 2026-02-20\n---\n\
# Pricing: tariff cache expired\n\n## Diagnosis\n\n\
- [ ] how many **tariff** keys are left\n\n  ```sh\n  redis-cli -h redis-tariffs dbsize\n  ```\n\n\
- [ ] is one key gone\u{1b}]0;owned\u{7}\n\n\
## Notes\n\nPlain words about `redis` and a [board](https://grafana.acme/d/1).\n\n> never flush it\n\n\
| key | ttl |\n|---|---|\n| tariff:FR | 1200 |\n";

pub(super) fn room() -> Room {
    let now = Timestamp::parse_rfc3339("2026-03-13T17:42:00Z").expect("a time");
    Room::new(Settings::default(), Vec::new(), Keymap::default(), now)
}

pub(super) fn shown(room: &Room, size: (u16, u16), draw: impl Fn(&mut Pen<'_>, &Scene<'_>)) -> Vec<String> {
    let theme = Theme::embedded("mono").expect("embedded");
    let scene = Scene { room, theme: &theme, glyphs: Glyphs::Unicode };
    let area = Rect::new(0, 0, size.0, size.1);
    let mut buffer = Buffer::empty(area);
    draw(&mut Pen::new(&mut buffer, area), &scene);
    let row = |cells: &[ratatui::buffer::Cell]| cells.iter().map(|cell| cell.symbol()).collect::<String>();
    buffer.content.chunks(usize::from(size.0).max(1)).map(|cells| row(cells).trim_end().to_owned()).collect()
}

#[test]
fn a_runbook_shows_its_steps_and_how_old_it_is() {
    let mut room = room();
    let page = Arc::new(parse("pricing-cache-expired.md", PAGE));
    room.runbook.ticked.insert((page.id.clone(), 2), StepState::Passed("nobody may".to_owned()));
    room.runbook.show(page, None);
    room.focus = Pane::Runbook;
    room.runbook.cursor.select(2);
    let rows = shown(&room, (57, 20), runbook::draw);
    let expected = [
        " Pricing: tariff cache expired",
        " for OrderRouting*  · verified 20 Feb, 21 d ago",
        "",
        " Diagnosis",
        "▸  □ 1  how many tariff keys are left",
        "        redis-cli -h redis-tariffs dbsize",
        "   – 2  is one key gone␛",
        "        passed over: nobody may",
        "",
        " Notes",
        "   Plain words about redis and a board",
        "   (https://grafana.acme/d/1).",
        "",
        "   │ never flush it",
        "",
        "   key        ttl",
        "   tariff:FR  1200",
        "",
    ];
    assert_eq!(rows.get(..expected.len()), Some(&expected.map(str::to_owned)[..]));
}

#[test]
fn the_selected_block_always_shows() {
    let mut room = room();
    let long: String =
        (0..40).map(|step| format!("- [ ] step {step} with many words that need a second row\n")).collect();
    room.runbook.show(Arc::new(parse("long.md", &long)), None);
    room.focus = Pane::Runbook;
    room.runbook.cursor.set_height(9);
    for step in (0..40).chain((0..40).rev()) {
        room.runbook.cursor.select(step);
        let rows = shown(&room, (30, 9), runbook::draw);
        let wanted = format!("step {step} with");
        assert!(rows.iter().any(|row| row.starts_with('▸') && row.contains(&wanted)), "{step}: {rows:#?}");
    }
}

/// Two SLOs, and how many of their events were bad over each window; three times as many over the month.
fn with_gauges(mut room: Room, bad: &[(&str, f64)]) -> Room {
    let slo = |name: &str, unit: &str| {
        Arc::new(Slo {
            name: name.into(),
            journey: "orders".into(),
            objective: "99.9".parse().expect("an objective"),
            window: Duration::from_secs(30 * 86_400),
            sli: Sli::BadOverTotal { bad: "b".to_owned(), total: "t".to_owned() },
            runbook: None,
            policy: Policy::Seed,
            method: Method::Occurrences,
            unit: unit.into(),
            unit_cost_micro: Some(78_260_000),
            currency: "EUR".into(),
            source: None,
        })
    };
    room.gauges = GaugesPane::new(vec![slo("tracking", "requests"), slo("order-routing", "orders")], room.now);
    for (name, bad) in bad {
        let total = [500.0, 3_000.0, 5_100.0, 30_600.0, 1_500_000.0];
        let windows = [300, 1_800, 3_600, 21_600, 30 * 86_400].map(Duration::from_secs);
        let count = |(bad, total): (f64, f64)| Measure::Counts { bad, total, partial: false };
        let bad = [*bad, *bad, *bad, *bad, 3.0 * bad];
        let measures = windows.into_iter().zip(bad.into_iter().zip(total).map(count)).collect();
        room.gauges.take(Reading { slo: (*name).into(), at: room.now, measures }, room.now);
    }
    room
}

#[test]
fn the_wide_gauges_say_what_fires_and_what_is_allowed() {
    let mut room = with_gauges(room(), &[("tracking", 0.02), ("order-routing", 281.0)]);
    // The next reading counts since the impact as well.
    room.now = room.now.plus(Duration::from_secs(15));
    for gauge in &mut room.gauges.gauges {
        gauge.set_impact(Some(room.now.minus(Duration::from_secs(360))));
    }
    let windows = [360, 300, 1_800, 3_600, 21_600, 30 * 86_400].map(Duration::from_secs);
    let count = |total: f64| Measure::Counts { bad: 281.0, total, partial: false };
    let totals = [510.0, 425.0, 3_000.0, 5_100.0, 30_600.0, 1_500_000.0].map(count);
    let reading =
        Reading { slo: "order-routing".into(), at: room.now, measures: windows.into_iter().zip(totals).collect() };
    room.gauges.take(reading, room.now);
    room.gauges.cursor.first();
    let rows = shown(&room, (120, 32), gauges_wide::draw);
    assert!(rows.iter().any(|row| row.starts_with("▲▸order-routing") && row.contains("▆┃▆")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.starts_with("✓ tracking") && !row.contains("▆┃▆")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.contains("▲ PAGE since 17:42:00  At the rate of the last 5 min")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.contains("extra review; no migration")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.contains("in money               €21,991   78.26 each")), "{rows:#?}");
    assert!(!home::is_calm(&room));
}

#[test]
fn the_calm_screen_shows_what_there_is() {
    let mut room = with_gauges(room(), &[("tracking", 0.02), ("order-routing", 0.1)]);
    assert!(home::is_calm(&room));
    for (minutes, kind, text) in [
        (90, Kind::Deployed { service: "label".into(), version: "1.19.1".into(), previous: Some("1.19.0".into()) }, ""),
        (20, Kind::Note, "the carrier answers again"),
    ] {
        let happened = room.now.minus(Duration::from_secs(60 * minutes));
        room.timeline.timeline.insert(Entry {
            id: uuid::Uuid::from_u128(u128::from(minutes)),
            happened,
            recorded: happened,
            author: "ana".into(),
            origin: Origin::Person,
            kind,
            text: text.to_owned(),
            evidence: Vec::new(),
            supersedes: None,
            key: None,
        });
    }
    room.runbook.catalog = Arc::new(Catalog::new(vec![parse("pricing.md", PAGE)], None));
    let rows = shown(&room, (120, 30), home::draw);
    for wanted in
        ["Changes today", "1.19.0 → 1.19.1", "the carrier answers again", "verified 20 Feb", "Press ,d to declare"]
    {
        assert!(rows.iter().any(|row| row.contains(wanted)), "{wanted}: {rows:#?}");
    }
    assert!(shown(&room, (80, 20), home::draw).iter().any(|row| row.contains("✓ tracking")));
}

#[test]
fn no_screen_is_too_small() {
    let mut room = with_gauges(room(), &[("tracking", 0.02), ("order-routing", 281.0)]);
    room.runbook.catalog = Arc::new(Catalog::new(vec![parse("pricing.md", PAGE)], None));
    let mut with_page = with_gauges(self::room(), &[("tracking", 0.02)]);
    with_page.runbook.show(Arc::new(parse("pricing.md", PAGE)), None);
    for width in (0..30).chain([45, 60, 85, 110, 160]) {
        for height in [0, 1, 2, 3, 5, 8, 13, 40] {
            for draw in [gauges_wide::draw, home::draw, runbook::draw] {
                shown(&room, (width, height), draw);
                shown(&with_page, (width, height), draw);
            }
        }
    }
}
