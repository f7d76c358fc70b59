//! The gauge in every state, over the whole screen at both sizes: with signs, in ASCII, and with the colours of sixteen;
//! then every policy's pairs, slices, and French.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use warroom::domain::slo::{EmptySlice, Gauge, Language, Measure, Method, Policy, Reading, Slo, windows};
use warroom::domain::{Cause, Failure};
use warroom::room::Fact;
use warroom::ui::{Depth, Glyphs, Scene, Theme, draw};

use super::company::ESTATE;
use super::scene::{Desk, shows, text};

const MONTH: Duration = Duration::from_secs(30 * 86_400);
/// Of the readings that are drawn: after minutes of good ones.
const HEARD: i64 = -1_905;
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

type Answers = Box<dyn Fn(Duration) -> Measure>;

fn counts(bad: f64, total: f64) -> Measure {
    Measure::Counts { bad, total, partial: false }
}

fn well(window: Duration) -> Measure {
    if window == MONTH { counts(300.0, 1_500_000.0) } else { counts(0.0, window.as_secs_f64() * 10.0) }
}

/// The share of a thousand events that fails in a window; the month is as it was.
fn share(of: impl Fn(Duration) -> f64 + 'static) -> Answers {
    Box::new(move |window| if window == MONTH { well(window) } else { counts(of(window) * 50_000.0, 50_000.0) })
}

fn states() -> Vec<(&'static str, Answers)> {
    let failed =
        |cause: Cause| -> Answers { Box::new(move |_| Measure::Failed(Failure::new("prometheus", cause.clone()))) };
    let minutes = |count: u64| Duration::from_secs(60 * count);
    vec![
        ("page", share(|_| 0.02)),
        ("notify", share(|_| 0.006)),
        ("ticket", share(|_| 0.001_5)),
        ("rising", share(move |window| if window == minutes(5) { 0.03 } else { 0.000_8 })),
        ("recovering", share(move |window| if window == minutes(60) { 0.1 } else { 0.000_5 })),
        ("healthy", share(|_| 0.000_2)),
        ("zero errors", share(|_| 0.0)),
        ("partial", Box::new(|window| Measure::Counts { bad: 0.0, total: window.as_secs_f64(), partial: true })),
        ("low traffic", Box::new(|window| if window == MONTH { well(window) } else { counts(1.0, 10.0) })),
        ("no traffic", Box::new(|_| Measure::NoTraffic)),
        ("no data", Box::new(|_| Measure::NoData)),
        ("down", failed(Cause::Unreachable("refused".to_owned()))),
        ("query failed", failed(Cause::Malformed("bad events: 3 series where one is expected; sum() them".to_owned()))),
        (
            "no bucket",
            Box::new(|_| Measure::MissingBucket {
                wanted: "0.8".to_owned(),
                have: vec!["0.75".to_owned(), "1".to_owned()],
            }),
        ),
        ("budget spent", Box::new(|window| if window == MONTH { counts(1_800.0, 1_500_000.0) } else { well(window) })),
    ]
}

fn tracking(policy: Policy, method: Method) -> Arc<Slo> {
    let slo = ESTATE.slos.iter().find(|slo| slo.name == "tracking").expect("it is configured");
    Arc::new(Slo { policy, method, ..Slo::clone(slo) })
}

/// A room with this SLO alone, over the whole screen, that has been well and then hears this.
fn desk(slo: &Arc<Slo>, language: Language, measure: &dyn Fn(Duration) -> Measure) -> Desk {
    let mut desk = Desk::calm();
    desk.room.gauges.gauges = vec![Gauge::new(Arc::clone(slo)).with_language(language)];
    let hear = |desk: &mut Desk, seconds: i64, measure: &dyn Fn(Duration) -> Measure| {
        desk.until(seconds);
        let measures = windows(slo).into_iter().map(|window| (window, measure(window))).collect();
        desk.tell(Fact::Burn(Reading { slo: slo.name.clone(), at: desk.moment(seconds), measures }));
    };
    hear(&mut desk, HEARD - 195, &well);
    hear(&mut desk, HEARD, measure);
    desk.press("1 f f");
    desk
}

fn buffer(desk: &Desk, (width, height): (u16, u16), depth: Depth, glyphs: Glyphs) -> Buffer {
    let theme = Theme::choose(None, None, depth, true, &mut Vec::new());
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let scene = Scene { room: &desk.room, theme: &theme, glyphs };
    drop(draw(&mut buffer, &scene));
    buffer
}

/// The rows of the gauge: from its name on, to the first that is empty or begins another block.
fn rows(frame: &str, colours: &[String]) -> String {
    let lines: Vec<&str> = frame.lines().collect();
    let first = lines.iter().position(|line| line.chars().skip(2).collect::<String>().starts_with("tracking "));
    let first = first.unwrap_or_else(|| panic!("{frame}"));
    let is_last = |line: &&str| line.is_empty() || line.starts_with(['─', '-']);
    let count = lines[first..].iter().take_while(|line| !is_last(line)).count();
    let mut told = String::new();
    for (at, line) in lines.iter().enumerate().skip(first).take(count) {
        let _ = writeln!(told, "{line}");
        if let Some(colours) = colours.get(at).filter(|colours| !colours.is_empty()) {
            let _ = writeln!(told, "{colours}");
        }
    }
    told
}

/// A letter for the colour of each cell, by its number among the sixteen: red, green, yellow, blue, magenta, cyan, white,
/// dim; capitals are bright. A dot has the terminal's own.
fn colours(buffer: &Buffer) -> Vec<String> {
    let letter = |colour: Color| match colour {
        Color::Indexed(number) => "krgybmcwdRGYBMCW".chars().nth(usize::from(number)).unwrap_or('?'),
        Color::Reset => '.',
        other => panic!("not of the sixteen: {other:?}"),
    };
    let row = |cells: &[ratatui::buffer::Cell]| {
        let letters = cells.iter().map(|cell| if cell.symbol() == " " { ' ' } else { letter(cell.fg) });
        letters.collect::<String>().trim_end().to_owned()
    };
    buffer.content.chunks(usize::from(buffer.area.width)).map(row).collect()
}

#[test]
fn every_state_at_both_sizes_in_colour_mono_and_ascii() {
    let slo = tracking(Policy::Workbook, Method::Occurrences);
    let seed = tracking(Policy::Seed, Method::Occurrences);
    let looks = [
        ("mono", Depth::Mono, Glyphs::Unicode),
        ("ascii", Depth::Mono, Glyphs::Ascii),
        ("ansi", Depth::Sixteen, Glyphs::Unicode),
    ];
    let mut drawn = vec![String::new(); SIZES.len() * looks.len()];
    for (name, measure) in states() {
        let slo = if name == "notify" { &seed } else { &slo };
        let desk = desk(slo, Language::English, measure.as_ref());
        let well = matches!(name, "healthy" | "zero errors" | "budget spent");
        for (place, size) in SIZES.into_iter().enumerate() {
            for (at, (look, depth, glyphs)) in looks.into_iter().enumerate() {
                let buffer = buffer(&desk, size, depth, glyphs);
                let colours = if look == "ansi" { colours(&buffer) } else { Vec::new() };
                let told = rows(&text(&buffer), &colours);
                if glyphs == Glyphs::Ascii {
                    assert!(told.is_ascii() && !told.contains('?'), "{name}: {told}");
                }
                let of_sign = told.lines().nth(1).and_then(|row| row.chars().next());
                assert!(look != "ansi" || (of_sign == Some('C')) == well, "{name}: {told}");
                let sign = if glyphs == Glyphs::Ascii { "+" } else { "✓" };
                assert_eq!(told.starts_with(sign), well, "{name}: {told}");
                let _ = writeln!(drawn[place * looks.len() + at], "== {name}\n{told}");
            }
        }
    }
    for (place, (width, height)) in SIZES.into_iter().enumerate() {
        for (at, (look, ..)) in looks.into_iter().enumerate() {
            shows(&format!("gauge_states_{look}_{width}x{height}"), &drawn[place * looks.len() + at]);
        }
    }
}

/// A name, how it is watched and told, and what is answered.
type Case<'a> = (&'a str, Policy, Method, Language, &'a dyn Fn(Duration) -> Measure);

#[test]
fn every_policy_slices_and_french() {
    let slices = Method::TimeSlices {
        slice: Duration::from_secs(300),
        target: "95".parse().expect("a share"),
        empty: EmptySlice::Good,
    };
    let mean = Method::RatioOfSlices { slice: Duration::from_secs(300) };
    let of_slices = |window: Duration| {
        let slices = window.as_secs_f64() / 300.0;
        if window == MONTH { counts(5.0, 8_640.0) } else { counts(slices.min(2.0), slices) }
    };
    let pyrra = Policy::named("pyrra", MONTH).expect("a preset");
    let slow = share(|window| if window == MONTH { 0.0 } else { 0.008 });
    let cases: [Case<'_>; 5] = [
        ("workbook", Policy::Workbook, Method::Occurrences, Language::English, slow.as_ref()),
        ("pyrra, which waits", pyrra, Method::Occurrences, Language::English, slow.as_ref()),
        ("slices", Policy::Seed, slices, Language::English, &of_slices),
        ("mean of slices", Policy::Seed, mean, Language::English, &of_slices),
        ("in French", Policy::Workbook, Method::Occurrences, Language::French, slow.as_ref()),
    ];
    for (width, height) in SIZES {
        let mut drawn = String::new();
        for (name, policy, method, language, measure) in &cases {
            let mut desk = desk(&tracking(policy.clone(), *method), *language, *measure);
            let _ = writeln!(drawn, "== {name}\n{}", rows(&desk.frame(width, height), &[]));
            desk.press("f");
            let frame = desk.frame(width, height);
            // Beside it stands another pane.
            let left = if width < 100 { 80 } else { 49 };
            let cropped: Vec<String> =
                frame.lines().map(|line| line.chars().take(left).collect::<String>().trim_end().to_owned()).collect();
            let _ = writeln!(drawn, "beside others\n{}", rows(&cropped.join("\n"), &[]));
        }
        shows(&format!("gauge_policies_{width}x{height}"), &drawn);
    }
}
