//! How many requests came and how long they took: expectations as integrals over minutes since T0, the moment at which the
//! flag went to half of the bookings. Not single requests: those are in `booking`.

use super::super::normal::LogNormal;
use super::super::series::{BOUNDS, HISTORY};

/// The deviation of the logarithm of every journey's durations.
pub(super) const SIGMA: f64 = 0.55;
/// The share of requests that fails, quickly; the same before, while and after.
pub(super) const ERRORS: f64 = 0.0003;

/// The 95th percentile of a booking, in milliseconds by minute; between two points its logarithm is linear.
const P95: [(f64, f64); 12] = [
    (-240.0, 300.0),
    (-180.0, 420.0),
    (-90.0, 620.0),
    (-30.0, 760.0),
    (0.0, 900.0),
    (40.0, 1_700.0),
    (80.0, 3_000.0),
    (120.0, 4_000.0),
    (126.0, 3_200.0),
    (135.0, 700.0),
    (150.0, 320.0),
    (400.0, 300.0),
];

/// Twelve days before, an hour spent 34.6 minutes of the latency budget: this share of bookings took 2.2 s.
const PLANTED_FROM: f64 = -12.0 * super::super::estate::DAY;
const PLANTED_MINUTES: f64 = 60.0;
const PLANTED_SHARE: f64 = 34.6 / PLANTED_MINUTES;
const PLANTED_SECONDS: f64 = 2.2;

const FROM: f64 = -240.0;
const STEPS: u16 = 640 * 4;
const STEP: f64 = 0.25;

/// How long bookings take at a minute.
pub(super) fn booking(minute: f64) -> LogNormal {
    LogNormal::with_p95(p95(minute) / 1e3, SIGMA)
}

/// In milliseconds.
fn p95(minute: f64) -> f64 {
    let mut value = P95.first().map_or(300.0, |point| point.1);
    for (from, to) in P95.iter().zip(P95.iter().skip(1)) {
        if minute < from.0 {
            break;
        }
        let share = ((minute - from.0) / (to.0 - from.0)).min(1.0);
        value = from.1 * (to.1 / from.1).powf(share);
    }
    value
}

/// The integral of a rate a minute that changes within the story alone.
struct Integral {
    /// Before and after the story.
    rest: f64,
    /// From the start of the story to the end of each step.
    steps: Vec<f64>,
}

impl Integral {
    /// By Simpson's rule: the rates are smooth within a step.
    fn of(rest: f64, story: Option<&dyn Fn(f64) -> f64>) -> Self {
        let mut steps = vec![0.0];
        let mut sum = 0.0;
        for step in 0..STEPS {
            let from = STEP.mul_add(f64::from(step), FROM);
            sum += story.map_or(rest * STEP, |rate| {
                (rate(from) + 4.0 * rate(from + STEP / 2.0) + rate(from + STEP)) * STEP / 6.0
            });
            steps.push(sum);
        }
        Self { rest, steps }
    }

    /// From the start of the history to a minute.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand steps, never negative")]
    fn until(&self, minute: f64) -> f64 {
        let length = STEP * f64::from(STEPS);
        let quiet = (minute.min(FROM) + HISTORY) + (minute - FROM - length).max(0.0);
        let place = (minute - FROM).clamp(0.0, length) / STEP;
        let index = place.floor() as usize;
        let below = self.steps.get(index).copied().unwrap_or(0.0);
        let above = self.steps.get(index + 1).copied().unwrap_or(below);
        self.rest.mul_add(quiet, place.fract().mul_add(above - below, below))
    }
}

/// The requests of one journey since the history began, by how long they took.
pub(super) struct Flow {
    per_minute: f64,
    /// Successes that took longer than each bound of a bucket.
    above: Vec<Integral>,
    /// How long all successes took together.
    seconds: Integral,
    planted: f64,
}

impl Flow {
    /// A journey that is always as quick; its 95th percentile in milliseconds.
    pub(super) fn steady(per_minute: f64, p95: f64) -> Self {
        Self::new(per_minute, &LogNormal::with_p95(p95 / 1e3, SIGMA), None, 0.0)
    }

    /// The bookings of the story.
    pub(super) fn bookings(per_minute: f64) -> Self {
        Self::new(per_minute, &booking(FROM), Some(&booking), PLANTED_SHARE)
    }

    fn new(per_minute: f64, rest: &LogNormal, story: Option<&dyn Fn(f64) -> LogNormal>, planted: f64) -> Self {
        let good = per_minute * (1.0 - ERRORS);
        let integral = |of: &dyn Fn(&LogNormal) -> f64| match story {
            None => Integral::of(good * of(rest), None),
            Some(story) => Integral::of(good * of(rest), Some(&|minute| good * of(&story(minute)))),
        };
        Self {
            per_minute,
            above: BOUNDS.iter().map(|(bound, _)| integral(&|durations| durations.above(*bound))).collect(),
            seconds: integral(&LogNormal::expected),
            planted: good * planted,
        }
    }

    fn planted(&self, minute: f64) -> f64 {
        self.planted * (minute - PLANTED_FROM).clamp(0.0, PLANTED_MINUTES)
    }

    /// Successes so far.
    pub(super) fn good(&self, minute: f64) -> f64 {
        self.per_minute * (1.0 - ERRORS) * (minute + HISTORY)
    }

    pub(super) fn failed(&self, minute: f64) -> f64 {
        self.per_minute * ERRORS * (minute + HISTORY)
    }

    /// Successes so far that took no longer than the `bound`-th bucket.
    pub(super) fn within(&self, bound: usize, minute: f64) -> f64 {
        let Some(((seconds, _), above)) = BOUNDS.get(bound).zip(self.above.get(bound)) else { return 0.0 };
        // Those of the planted hour were quick otherwise.
        let usual = 1.0 - above.rest / (self.per_minute * (1.0 - ERRORS));
        let planted = if *seconds < PLANTED_SECONDS { self.planted(minute) * usual } else { 0.0 };
        self.good(minute) - above.until(minute) - planted
    }

    /// How long all successes so far took together, in seconds.
    pub(super) fn seconds(&self, minute: f64) -> f64 {
        self.planted(minute).mul_add(PLANTED_SECONDS, self.seconds.until(minute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_the_story_come_out() {
        let table = [
            (-240.0, 300.0, 0.0003, 0.0003),
            (-90.0, 620.0, 0.0175, 0.0003),
            (0.0, 900.0, 0.0763, 0.0004),
            (20.0, 1_237.0, 0.197, 0.0009),
            (60.0, 2_258.0, 0.596, 0.0156),
            (120.0, 4_000.0, 0.900, 0.1313),
            (150.0, 320.0, 0.0005, 0.0003),
        ];
        for (minute, expected, slow, bad) in table {
            assert!((p95(minute) - expected).abs() < 0.5, "{minute}: {}", p95(minute));
            let (above, lost) = (booking(minute).above(0.8), booking(minute).above(3.0) + ERRORS);
            assert!((above - slow).abs() < 0.6e-3, "{minute}: {above}");
            assert!((lost - bad).abs() < 0.6e-4, "{minute}: {lost}");
        }
    }

    #[test]
    fn bookings_are_as_many_as_they_are_whatever_they_take() {
        let flow = Flow::bookings(1_800.0);
        let last = BOUNDS.len() - 1;
        for minute in [-80_000.0, -17_250.0, -240.0, 0.0, 59.75, 400.0, 1_000.0] {
            assert!((flow.within(last, minute) - flow.good(minute)).abs() < 1e-6);
            let within: Vec<f64> = (0..BOUNDS.len()).map(|bound| flow.within(bound, minute)).collect();
            assert!(within.is_sorted() && within[0] >= -1e-6, "{minute}: {within:?}");
        }
        let slow = |from: f64, to: f64| {
            let share = |minute| flow.good(minute) - flow.within(7, minute);
            (share(to) - share(from)) / 1_800.0
        };
        // Minutes of full failure, of the 216 that the latency budget allows.
        assert!((slow(-17_280.0, -17_220.0) - 34.6).abs() < 0.05, "{}", slow(-17_280.0, -17_220.0));
        assert!((slow(-240.0, 150.0) - 78.4).abs() < 0.2, "{}", slow(-240.0, 150.0));
    }
}
