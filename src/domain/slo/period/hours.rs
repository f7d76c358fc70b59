//! The number of the SLO's whole window, kept as counts an hour: what is known, what to ask for next, and their sum.
//! Hours are those of UTC. Not who asks (`runtime`), nor where they are kept between starts (`store`).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::Measure;
use crate::domain::{Timestamp, Window};

pub const HOUR: Duration = Duration::from_secs(3_600);
/// Samples may reach a server late: an hour younger than this is read again with each new hour.
pub const SETTLES_AFTER: Duration = Duration::from_secs(3 * 3_600);
/// So long after its end an hour is read for the first time: the last scrape of it must have arrived.
pub const READ_AFTER: Duration = Duration::from_secs(60);
/// Hours of one question: a day.
const CHUNK: i64 = 24;
/// The longest window that a configuration can ask for, and a little.
const MOST_HOURS: i64 = 24 * 100;

/// What happened in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hour {
    pub start: Timestamp,
    /// Bad and all events; `None` when the server has nothing of that hour, which is not zero.
    pub counts: Option<(f64, f64)>,
    pub read_at: Timestamp,
    /// The server said that this is a part of the truth.
    pub partial: bool,
}

impl Hour {
    /// An answer that counts nothing (more bad than all, say) leaves a hole that is known to be one.
    #[must_use]
    pub fn of(start: Timestamp, measure: &Measure, read_at: Timestamp) -> Self {
        let (counts, partial) = match measure {
            Measure::Counts { bad, total, partial } => (Some((*bad, *total)), *partial),
            Measure::NoTraffic => (Some((0.0, 0.0)), false),
            Measure::NoData => (None, false),
            Measure::Failed(_) | Measure::MissingBucket { .. } => (None, true),
        };
        Self { start, counts, read_at, partial }
    }

    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.start.plus(HOUR)
    }

    /// Read when nothing could come late any more, and whole: it is never asked for nor replaced again.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !self.partial && self.read_at >= self.end().plus(SETTLES_AFTER)
    }

    /// Whether this takes the place of another reading. Numbers never give way to nothing nor the whole to a part, what
    /// is settled stays, else the later reading counts: two programs may keep the same hours.
    #[must_use]
    pub fn replaces(&self, old: &Self) -> bool {
        let worth = |hour: &Self| (hour.counts.is_some(), !hour.partial);
        match worth(self).cmp(&worth(old)) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => !old.is_settled() && self.read_at > old.read_at,
        }
    }
}

/// The sum of a window that ends at a moment, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sum {
    pub bad: f64,
    pub total: f64,
    /// Hours of the window, and those of them that were asked for and answered.
    pub hours: u32,
    pub known: u32,
    /// Hours of which the server has nothing though it has something before them.
    pub holes: u32,
    /// The beginning of the first hour that has numbers.
    pub first: Option<Timestamp>,
    pub partial: bool,
    /// From here to the end of the window nothing is counted: that is to be asked live.
    pub live_from: Timestamp,
}

/// Every known hour of one SLO's questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hours {
    /// By hours since 1970.
    known: BTreeMap<i64, Hour>,
}

impl Hours {
    /// Whether it was taken.
    pub fn put(&mut self, hour: Hour) -> bool {
        let number = number(hour.start);
        if hour.start != at(number) || self.known.get(&number).is_some_and(|old| !hour.replaces(old)) {
            return false;
        }
        let is_sane = hour.counts.is_none_or(|(bad, total)| bad >= 0.0 && bad <= total && total.is_finite());
        if is_sane {
            self.known.insert(number, hour);
        }
        is_sane
    }

    /// What to ask next for the window that ends at `now`: whole hours, at most a day, the newest first. Each is asked
    /// with a range whose first step is the end of the first hour. `None` when all is known that can be.
    #[must_use]
    pub fn wanted(&self, window: Duration, now: Timestamp) -> Option<Window> {
        let turn = |moment: Timestamp| number(moment.minus(READ_AFTER));
        let (first, end) = (span(window, now).0, turn(now));
        let is_wanted = |hour: i64| match self.known.get(&hour) {
            None => true,
            Some(known) => !known.is_settled() && turn(known.read_at) < turn(now),
        };
        let last = (first..end).rev().find(|hour| is_wanted(*hour))?;
        let from = (first.max(last + 1 - CHUNK)..=last).find(|hour| is_wanted(*hour)).unwrap_or(last);
        Some(Window { start: at(from), end: at(last + 1) })
    }

    /// The hours that are wholly before the window are forgotten.
    pub fn forget_before(&mut self, window: Duration, now: Timestamp) {
        let (first, _) = span(window, now);
        self.known = self.known.split_off(&first);
    }

    /// The window seldom begins on the hour: of its first hour the share that lies within counts.
    #[must_use]
    pub fn sum(&self, window: Duration, now: Timestamp) -> Sum {
        let (first, end) = span(window, now);
        let begins = now.minus(window);
        let latest = (first..end).rev().take(3).find(|hour| self.known.contains_key(hour));
        let live = latest.map_or(end, |hour| hour + 1);
        let mut sum = Sum {
            bad: 0.0,
            total: 0.0,
            hours: u32::try_from(live - first).unwrap_or(0),
            known: 0,
            holes: 0,
            first: None,
            partial: false,
            live_from: at(live).max(begins),
        };
        for (_, hour) in self.known.range(first..live.max(first)) {
            sum.known += 1;
            sum.partial |= hour.partial;
            let Some((bad, total)) = hour.counts else {
                sum.holes += u32::from(sum.first.is_some());
                continue;
            };
            sum.first.get_or_insert(hour.start);
            let share = (hour.end().elapsed_since(begins.max(hour.start))).as_secs_f64() / HOUR.as_secs_f64();
            sum.bad += bad * share;
            sum.total += total * share;
        }
        sum
    }
}

fn number(moment: Timestamp) -> i64 {
    moment.seconds().div_euclid(3_600)
}

const fn at(number: i64) -> Timestamp {
    Timestamp::from_seconds(number.saturating_mul(3_600))
}

/// The numbers of the first hour that reaches into the window and of the hour that is not over.
fn span(window: Duration, now: Timestamp) -> (i64, i64) {
    let end = number(now);
    (number(now.minus(window)).max(end - MOST_HOURS), end)
}
