//! The past of a budget on a real Prometheus, by events and by slices of time: every slice is counted in one step.

use std::fmt::Write as _;
use std::time::Duration;

use warroom::backend::Prometheus;
use warroom::config::{Config, Surroundings};
use warroom::domain::Timestamp;
use warroom::domain::slo::Slo;
use warroom::domain::spending::Slice;
use warroom::runtime::look_back;

use crate::month::{hour_now, with_history};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// Ten requests a minute for thirty hours; one of ten fails for half an hour, six hours before the end.
fn history(end: i64) -> String {
    let begin = end - 6 * 3_600;
    let mut samples = String::new();
    for name in ["all", "bad"] {
        writeln!(samples, "# TYPE {name} counter").expect("a text");
        for at in (end - 30 * 3_600..=end).step_by(60) {
            let all = (at - end + 30 * 3_600) / 60 * 10;
            let bad = (at.min(begin + 1_800) - begin).max(0) / 60;
            writeln!(samples, "{name}_total {} {at}", if name == "all" { all } else { bad }).expect("a text");
        }
    }
    samples.push_str("# EOF\n");
    samples
}

fn slo(more: &str) -> Slo {
    let text = format!(
        "[[slo]]\nname = \"x\"\nobjective = \"99\"\nbad = \"sum(rate(bad_total[{{{{.window}}}}]))\"\ntotal = \
         \"sum(rate(all_total[{{{{.window}}}}]))\"\n{more}\n"
    );
    let config = Config::parse("x.toml", &text, &std::env::temp_dir(), &Surroundings::default());
    config.unwrap_or_else(|problems| panic!("{problems}")).slos[0].clone()
}

#[tokio::test]
async fn every_slice_of_the_past_is_counted_once() {
    let end = hour_now();
    let Some((real, _history)) = with_history(&history(end)).await else { return };
    let client = Prometheus::connect(real.endpoint()).expect("a client");
    for (more, each, bad) in [
        ("", 600.0, 30.0),
        ("method = \"time-slices\"\nslice_target = \"95\"", 12.0, 6.0),
        // Of six slices a tenth each.
        ("method = \"ratio-of-slices\"", 12.0, 0.6),
    ] {
        let at = Timestamp::from_seconds(end);
        let past = look_back(&client, &slo(more), at, DAY, HOUR).await.expect("a past");
        assert_eq!((past.slices.len(), past.cut.is_none()), (24, true), "{more}");
        let failing = at.minus(HOUR * 5);
        for Slice { end, bad: lost, total } in past.slices {
            let wanted = if end == failing { bad } else { 0.0 };
            assert!((total - each).abs() < 1e-6 && (lost - wanted).abs() < 1e-6, "{more}: {end:?} {lost} of {total}");
        }
    }
}
