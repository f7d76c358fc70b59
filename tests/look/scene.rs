//! The evening of the lost orders, put together from facts as a runtime would send them; and frames of it as text.

use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;
use warroom::domain::runbook::{Catalog, parse};
use warroom::domain::trace::{Attribution, Confidence, Findings};
use warroom::domain::{Timestamp, TraceId};
use warroom::room::{
    Fact, ImpactSample, Keymap, Message, Room, Settings, Slot, SourceKind, WaterfallView, ZoneOffset, parse_script,
    start, update,
};
use warroom::ui::{Glyphs, Scene, Theme, draw};

use super::{signals, slos, story};

/// 18:30 in Paris.
pub fn impact() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-13T17:30:00Z").expect("a time")
}

pub fn after(minutes: f64) -> Timestamp {
    impact().shifted((minutes * 60.0).round() as i64 * 1_000_000_000)
}

/// Configured, and nothing heard.
pub fn unheard(minute: f64) -> Room {
    let sources = [
        ("prometheus", SourceKind::Prometheus),
        ("loki", SourceKind::Loki),
        ("tempo", SourceKind::Tempo),
        ("alertmanager", SourceKind::Alertmanager),
    ];
    let settings = Settings {
        responder: "ana".into(),
        zone: ZoneOffset::new("Europe/Paris", |_| 3_600),
        business_keys: ["order_id", "carrier_id", "customer_id"].map(Into::into).to_vec(),
        entrypoints: vec!["edge".into()],
        log_query: "{deployment_environment=\"prod\"}".to_owned(),
        first_ids: 7,
        sources: sources.map(|(name, kind)| (name.into(), kind)).to_vec(),
        ..Settings::default()
    };
    let mut room = Room::new(settings, slos::all(), Keymap::default(), after(minute));
    let _ = start(&mut room);
    room
}

pub fn tell(room: &mut Room, fact: Fact) {
    let _ = update(room, Message::Fact(fact));
}

pub fn press(room: &mut Room, script: &str) {
    for key in parse_script(script) {
        let _ = update(room, Message::Key(key));
    }
}

pub fn wait(room: &mut Room, seconds: i64) {
    let now = room.now.shifted(seconds * 1_000_000_000);
    let _ = update(room, Message::Tick(now));
}

/// Everything that the servers tell at this minute after the impact; the lock on redis selected.
pub fn lost_orders(minute: f64) -> Room {
    let mut room = unheard(minute);
    for source in ["prometheus", "loki", "tempo", "alertmanager"] {
        tell(&mut room, Fact::Answered { source: source.into(), latency: Duration::from_millis(12) });
    }
    tell(&mut room, Fact::Runbooks(catalog()));
    tell(&mut room, Fact::Entries(story::entries(minute)));
    let samples = slos::steps(minute).into_iter().map(|(end, bad, total)| ImpactSample { end: after(end), bad, total });
    tell(&mut room, Fact::Impact { slo: "order-routing".into(), samples: samples.collect() });
    for at in 0..slos::SLOS.len() {
        tell(&mut room, Fact::Burn(slos::reading(at, minute)));
    }
    let (traces, of) = if minute > 10.0 { (405, 412) } else { (98, 100) };
    tell(
        &mut room,
        Fact::attributed(Findings { ranking: ranking(traces, of), read: of, found: of, ..Findings::default() }),
    );
    open_trace(&mut room);
    let ticket = room.tickets.draw(Slot::Tail);
    let lines = signals::lines(room.now, 12);
    tell(&mut room, Fact::TailConnected { ticket, refill: None, lines: Vec::new() });
    tell(&mut room, Fact::Lines { ticket, lines, dropped: 0, overrun: 0 });
    let ticket = room.tickets.draw(Slot::TraceLines);
    let of_trace = signals::lines(signals::started().shifted(2_500_000_000), 1);
    tell(&mut room, Fact::TraceLines { ticket, lines: of_trace, more: false });
    tell(&mut room, Fact::Written { bytes: 11_000 });
    room
}

/// Of an evening without an incident.
pub fn calm() -> Room {
    let mut room = unheard(-35.0);
    for source in ["prometheus", "loki", "tempo", "alertmanager"] {
        tell(&mut room, Fact::Answered { source: source.into(), latency: Duration::from_millis(12) });
    }
    tell(&mut room, Fact::Runbooks(catalog()));
    tell(&mut room, Fact::Entries(Vec::new()));
    for at in 0..slos::SLOS.len() {
        tell(&mut room, Fact::Burn(slos::reading(at, -35.0)));
    }
    room
}

fn ranking(traces: u32, of: u32) -> Vec<Attribution> {
    let line = |dependency: &str, traces: u32| Attribution {
        service: "pricing".into(),
        dependency: Some(dependency.into()),
        traces,
        of,
        uncertain: 0,
        confidence: Confidence::of(traces, of),
        example: TraceId::new(1).expect("not zero"),
    };
    vec![line("redis", traces), line("postgresql", of - traces)]
}

fn catalog() -> Arc<Catalog> {
    let page = include_str!("../../runbooks/pricing-cache-expired.md");
    Arc::new(Catalog::new(vec![parse("pricing-cache-expired.md", page)], None))
}

pub fn open_trace(room: &mut Room) {
    let ticket = room.tickets.draw(Slot::Trace);
    room.lens.trace = Some(signals::trace_id());
    tell(room, Fact::Trace { ticket, tree: signals::tree(signals::spans()) });
    room.waterfall.view = WaterfallView::Trace;
    room.waterfall.select(8);
}

/// Draws twice: the first frame tells the room how many rows there are.
pub fn buffer(room: &mut Room, width: u16, height: u16, theme: &str, glyphs: Glyphs) -> Buffer {
    let theme = Theme::embedded(theme).expect("an embedded theme");
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    for _ in 0..2 {
        let scene = Scene { room, theme: &theme, glyphs };
        buffer.reset();
        let (drawn, _) = draw(&mut buffer, &scene);
        let _ = update(room, Message::Drawn(drawn));
    }
    buffer
}

/// The rows of a frame, trailing spaces cut.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y: u16| {
        let mut row = String::new();
        let mut covered = 0;
        for cell in (0..buffer.area.width).filter_map(|x| buffer.cell((x, y))) {
            if covered == 0 {
                row.push_str(cell.symbol());
                covered = cell.symbol().width();
            }
            covered = covered.saturating_sub(1);
        }
        row.trim_end().to_owned()
    };
    (0..buffer.area.height).map(row).collect()
}
