//! What one booking was like whose trace was kept: how long it took, whether the flag was on for it, how many queries it
//! made. Not the spans of it: those are in `spans`.

use super::super::curve::whole;
use super::super::estate::moment;
use super::super::normal::above;
use super::changes::share;
use super::load;
use crate::demo::rng::Stream;
use crate::domain::Timestamp;

/// The sampler keeps one booking in two seconds, slow or not, and each that failed.
const A_MINUTE: f64 = 30.0;
/// 1,800 bookings a minute, of which so many fail.
const REFUSED_A_MINUTE: f64 = 1_800.0 * load::ERRORS;
/// No request is waited for any longer, nor answered any sooner.
const LONGEST: f64 = 20_000.0;
const SHORTEST: f64 = 12.0;
/// Whatever takes longer was one of those that ask room by room.
const SLOW: f64 = 800.0;

/// The booking that the story shows: half an hour into it, with 41 queries where one would do.
pub(super) const EXEMPLAR: i64 = 890;
const EXEMPLAR_MILLIS: f64 = 2_046.0;
const EXEMPLAR_QUERIES: u32 = 41;

#[derive(Clone, Debug)]
pub(super) struct Booking {
    pub(super) number: i64,
    pub(super) start: Timestamp,
    pub(super) millis: f64,
    /// Whether the flag was on for this guest.
    pub(super) flag: bool,
    /// Queries for rooms, one after the other.
    pub(super) queries: u32,
    pub(super) booking: u64,
    pub(super) hotel: u64,
    pub(super) customer: u64,
    pub(super) draw: u64,
}

impl Booking {
    pub(super) fn is_slow(&self) -> bool {
        self.millis > SLOW
    }
}

/// All bookings whose traces were kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bookings {
    impact_start: Timestamp,
    traits: Stream,
    failures: Stream,
}

impl Bookings {
    pub(super) fn new(seed: u64, impact_start: Timestamp) -> Self {
        let (traits, failures) = (Stream::named(seed, "bookings"), Stream::named(seed, "refused"));
        Self { impact_start, traits, failures }
    }

    /// The numbers of those that may have started within these minutes since T0.
    pub(super) fn between(from: f64, to: f64) -> std::ops::Range<i64> {
        numbers(from, to, A_MINUTE)
    }

    /// The numbers of those that failed within these minutes since T0.
    pub(super) fn refused_between(from: f64, to: f64) -> std::ops::Range<i64> {
        numbers(from, to, REFUSED_A_MINUTE)
    }

    pub(super) fn kept(&self, number: i64) -> Booking {
        let index = number.cast_unsigned().wrapping_mul(8);
        let unit = |salt: u64| self.traits.unit_at(index.wrapping_add(salt));
        let minute = (whole(number) + unit(0)) / A_MINUTE;
        // Box and Muller's way to a normal draw.
        let deviations = (-2.0 * (1.0 - unit(1)).ln()).sqrt() * (std::f64::consts::TAU * unit(2)).cos();
        let exemplar = number == EXEMPLAR;
        let drawn = (load::booking(minute).at(deviations) * 1e3).clamp(SHORTEST, LONGEST);
        let millis = if exemplar { EXEMPLAR_MILLIS } else { drawn };
        // The guests with the flag are those that wait the longest; who began with it ends with it.
        let flag = exemplar || above(deviations) < share(minute) || millis > SLOW;
        let rooms = u32::try_from(self.traits.below_at(index.wrapping_add(3), 34)).unwrap_or(0) + 24;
        Booking {
            number,
            start: moment(minute, self.impact_start),
            millis,
            flag,
            queries: match flag {
                _ if exemplar => EXEMPLAR_QUERIES,
                true => rooms,
                false => 1,
            },
            ..self.guest(number, self.traits.at(index.wrapping_add(4)))
        }
    }

    /// A booking that failed after a moment; it made no queries for rooms.
    pub(super) fn refused(&self, number: i64) -> Booking {
        let draw = self.failures.at(number.cast_unsigned());
        let minute = whole(number) / REFUSED_A_MINUTE;
        Booking { start: moment(minute, self.impact_start), millis: 60.0, ..self.guest(number, draw) }
    }

    fn guest(&self, number: i64, draw: u64) -> Booking {
        Booking {
            number,
            start: self.impact_start,
            millis: 0.0,
            flag: false,
            queries: 0,
            booking: 70_000_000 + draw % 9_000_000,
            hotel: 1 + (draw >> 24) % 500,
            customer: 1_000 + (draw >> 34) % 90_000,
            draw,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and that is what is wanted")]
fn numbers(from: f64, to: f64, a_minute: f64) -> std::ops::Range<i64> {
    (from * a_minute).floor() as i64..(to * a_minute).ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_bookings_are_as_slow_as_the_metrics_say() {
        let all = Bookings::new(42, Timestamp::EPOCH);
        for (from, to) in [(-240.0, -230.0), (0.0, 20.0), (55.0, 65.0), (110.0, 120.0)] {
            let kept: Vec<Booking> = Bookings::between(from, to).map(|number| all.kept(number)).collect();
            let count = |wanted: fn(&&Booking) -> bool| kept.iter().filter(wanted).count();
            let (slow, all) = (
                whole(i64::try_from(count(|one| one.is_slow())).expect("few")),
                whole(i64::try_from(kept.len()).expect("few")),
            );
            let expected = load::booking(f64::midpoint(from, to)).above(0.8);
            assert!((slow / all - expected).abs() < 0.06, "{from}: {slow} of {all}, not {expected}");
            assert!(kept.iter().all(|one| one.flag == (one.queries > 1) && (one.flag || !one.is_slow())));
        }
    }

    #[test]
    fn the_exemplar_makes_41_queries_half_an_hour_into_it() {
        let all = Bookings::new(42, Timestamp::EPOCH);
        let one = all.kept(EXEMPLAR);
        assert_eq!((one.queries, one.start.seconds() / 60), (41, 29));
    }
}
