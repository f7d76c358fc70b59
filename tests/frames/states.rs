//! Every state of an SLO as a row: told apart by signs and words alone, with and without Unicode.

use std::collections::BTreeMap;
use std::time::Duration;

use warroom::domain::slo::{Measure, Reading, windows};
use warroom::domain::{Cause, Failure};
use warroom::room::Fact;

use super::company::ESTATE;
use super::scene::{Desk, shows};

const SLO: &str = "tracking";

fn counts(bad: f64, total: f64) -> Measure {
    Measure::Counts { bad, total, partial: false }
}

/// A room that has watched well for three minutes and more, and then hears this of one SLO.
fn row(measure: &dyn Fn(Duration) -> Measure, ascii: bool) -> String {
    let mut desk = Desk::calm();
    let slo = ESTATE.slos.iter().find(|slo| slo.name == SLO).expect("it is configured");
    desk.until(-1_905);
    let mut measures: Vec<_> = windows(slo).into_iter().map(|window| (window, measure(window))).collect();
    // The whole budget is asked for seldom: it stays as it was known.
    measures.retain(|(window, measure)| *window != slo.window || is_spent(measure));
    desk.tell(Fact::Burn(Reading { slo: slo.name.clone(), at: desk.moment(-1_905), measures }));
    desk.press("3");
    let frame = if ascii { desk.ascii(120, 40) } else { desk.frame(120, 40) };
    let left = frame.lines().skip(4).map(|line| line.chars().take(49).collect::<String>());
    let mut rows = left.filter(|row| row.chars().skip(2).collect::<String>().starts_with(SLO));
    let row = rows.next().unwrap_or_else(|| panic!("{frame}"));
    row.trim_end().to_owned()
}

/// The one state that is told by the whole budget.
fn is_spent(measure: &Measure) -> bool {
    matches!(measure, Measure::Counts { bad, total, partial: false } if (500.0..1_000.0).contains(bad) && *total > 0.0)
}

type State = (&'static str, Box<dyn Fn(Duration) -> Measure>);

fn states() -> Vec<State> {
    let failed = |cause: Cause| Box::new(move |_| Measure::Failed(Failure::new("prometheus", cause.clone())));
    let (short, month) = (Duration::from_secs(300), Duration::from_secs(29 * 86_400));
    vec![
        ("zero errors", Box::new(|_| counts(0.0, 50_000.0))),
        ("no traffic", Box::new(|_| Measure::NoTraffic)),
        ("no data", Box::new(|_| Measure::NoData)),
        ("query failed", failed(Cause::Refused { status: 400, message: "bad matcher".to_owned() })),
        ("backend down", failed(Cause::Unreachable("refused".to_owned()))),
        ("low traffic", Box::new(|_| counts(1.0, 10.0))),
        (
            "missing bucket",
            Box::new(|_| Measure::MissingBucket {
                wanted: "0.8".to_owned(),
                have: vec!["0.75".to_owned(), "1".to_owned()],
            }),
        ),
        ("partial", Box::new(|_| Measure::Counts { bad: 500.0, total: 50_000.0, partial: true })),
        ("page", Box::new(|_| counts(1_000.0, 50_000.0))),
        ("notify", Box::new(|_| counts(300.0, 50_000.0))),
        ("rising", Box::new(move |window| counts(if window == short { 1_500.0 } else { 100.0 }, 50_000.0))),
        ("recovering", Box::new(move |window| counts(if window <= 6 * short { 0.0 } else { 5_000.0 }, 50_000.0))),
        ("budget spent", Box::new(move |window| counts(if window > month { 600.0 } else { 0.0 }, 50_000.0))),
    ]
}

#[test]
fn no_two_states_look_alike() {
    for (name, ascii) in [("states_mono", false), ("states_ascii", true)] {
        let rows: Vec<_> = states().iter().map(|(state, measure)| (*state, row(measure.as_ref(), ascii))).collect();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (state, row) in &rows {
            let bare: String = row.chars().filter(|letter| !letter.is_ascii_digit()).collect();
            if let Some(other) = seen.insert(bare, state) {
                panic!("{state} looks like {other}: {row}");
            }
            let well = *state != "budget spent" && row.trim_start().starts_with(if ascii { '+' } else { '✓' });
            assert_eq!(well, *state == "zero errors", "{state}: {row}");
        }
        let text: String = rows.iter().map(|(state, row)| format!("{state:15} {row}\n")).collect();
        shows(name, &text);
    }
}
