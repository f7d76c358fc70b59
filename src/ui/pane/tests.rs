//! Panes drawn on a small screen, as texts.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::runbook;
use crate::domain::Timestamp;
use crate::domain::runbook::parse;
use crate::room::{Keymap, Pane, Room, Settings, StepState};
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

fn room() -> Room {
    let now = Timestamp::parse_rfc3339("2026-03-13T17:42:00Z").expect("a time");
    Room::new(Settings::default(), Vec::new(), Keymap::default(), now)
}

fn shown(room: &Room, size: (u16, u16), draw: impl Fn(&mut Pen<'_>, &Scene<'_>)) -> Vec<String> {
    let theme = Theme::embedded("mono").expect("embedded");
    let scene = Scene { room, theme: &theme, glyphs: Glyphs::Unicode };
    let area = Rect::new(0, 0, size.0, size.1);
    let mut buffer = Buffer::empty(area);
    draw(&mut Pen::new(&mut buffer, area), &scene);
    let row = |cells: &[ratatui::buffer::Cell]| cells.iter().map(|cell| cell.symbol()).collect::<String>();
    buffer.content.chunks(usize::from(size.0)).map(|cells| row(cells).trim_end().to_owned()).collect()
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
