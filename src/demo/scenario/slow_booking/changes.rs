//! What was changed on the site, and when: the steps of the flag, and the deploys that had nothing to do with it.

use super::super::curve::Curve;
use super::super::estate::{deploys, moment};
use super::services::SERVICES;
use crate::demo::Annotation;
use crate::domain::Timestamp;

pub(super) const FLAG: &str = "multi-room";

/// Minute, and for how many percent of the bookings the flag is on from then.
pub(super) const STEPS: [(f64, u8); 5] = [(-240.0, 10), (-120.0, 25), (0.0, 50), (40.0, 100), (122.0, 0)];

/// The share of bookings for which the flag is on.
pub(super) fn share(minute: f64) -> f64 {
    STEPS.iter().rev().find(|(since, _)| *since <= minute).map_or(0.0, |(_, percent)| f64::from(*percent) / 100.0)
}

/// The integral of [`share`] in minutes: how long the flag was on for everybody.
pub(super) fn minutes_on(minute: f64) -> f64 {
    const EDGES: Curve = Curve(&[
        (-240.0, 0.1),
        (-120.000_000_1, 0.1),
        (-120.0, 0.25),
        (-0.000_000_1, 0.25),
        (0.0, 0.5),
        (39.999_999_9, 0.5),
        (40.0, 1.0),
        (121.999_999_9, 1.0),
        (122.0, 0.0),
    ]);
    EDGES.integral(minute)
}

/// As the platform and the deploys mark them on the dashboards, oldest first.
pub(super) fn annotations(impact_start: Timestamp) -> Vec<Annotation> {
    let mut marks = deploys(&SERVICES, impact_start);
    let mut before = 0;
    for (minute, percent) in STEPS {
        marks.push(Annotation {
            at: moment(minute, impact_start),
            until: None,
            text: format!("{FLAG} {before} % → {percent} %"),
            tags: vec!["feature-flag".to_owned(), format!("flag:{FLAG}"), "service:booking".to_owned()],
            author: "flagctl",
        });
        before = percent;
    }
    marks.sort_by_key(|mark| mark.at);
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_and_its_integral_agree() {
        let whole = 120.0 * 0.1 + 120.0 * 0.25 + 40.0 * 0.5 + 82.0;
        assert!((minutes_on(300.0) - whole).abs() < 1e-5);
        assert!((minutes_on(20.0) - minutes_on(10.0) - 10.0 * share(15.0)).abs() < 1e-9);
        assert!((share(-241.0) + share(123.0)).abs() < 1e-9);
    }

    #[test]
    fn the_flag_is_among_deploys_and_two_marks_lie_in_the_half_hour_before() {
        let start = Timestamp::from_seconds(1_773_423_000);
        let marks = annotations(start);
        assert!(marks.is_sorted_by_key(|mark| mark.at));
        let near: Vec<&str> = marks
            .iter()
            .filter(|mark| mark.at <= start && start.since(mark.at) <= 1_800_000_000_000)
            .map(|mark| mark.text.as_str())
            .collect();
        assert_eq!(near, ["consultation 3.2.0 → 3.2.1", "multi-room 25 % → 50 %"]);
    }
}
