//! How often lines of one kind were written before an incident: asked further and further back, until there are some.

use std::time::Duration;

use crate::domain::signal::{Earlier, REACHES};
use crate::domain::{Timestamp, Window};
use crate::port::Logs;

/// A time that is refused leaves what was counted before.
pub(super) async fn look_back(logs: &dyn Logs, query: &str, until: Timestamp) -> Earlier {
    let mut earlier = Earlier { until, over: Duration::ZERO, lines: 0, refused: None };
    for over in REACHES {
        // What was counted already is not read again.
        let window = Window { start: until.minus(over), end: until.minus(earlier.over) };
        match logs.count(query, window).await {
            Ok(lines) => (earlier.over, earlier.lines) = (over, lines),
            Err(failure) => {
                earlier.refused = Some(failure);
                break;
            }
        }
        if earlier.lines > 0 {
            break;
        }
    }
    earlier
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::future::BoxFuture;
    use futures_util::stream::BoxStream;

    use super::*;
    use crate::domain::signal::Line;
    use crate::domain::{Cause, Failure, Labels, Symbol, TraceId};
    use crate::port::{History, Probe, Reply, Tailed};

    const DAY: u64 = 86_400;
    const UNTIL: Timestamp = Timestamp::from_nanos(1_795_000_000_000_000_000);

    /// A server that counts lines at these days before the moment, and refuses to count more days at once than it may.
    struct Days {
        days: Vec<u64>,
        most: u64,
        asked: Mutex<Vec<(u64, u64)>>,
    }

    impl Logs for Days {
        fn name(&self) -> &Symbol {
            unreachable!("nobody asks")
        }

        fn probe(&self) -> BoxFuture<'_, Reply<Probe>> {
            unreachable!("nobody asks")
        }

        fn history<'a>(&'a self, _: &'a str, _: Window, _: usize) -> BoxFuture<'a, Reply<History>> {
            unreachable!("nobody asks")
        }

        fn of_trace(&self, _: TraceId, _: Window, _: usize) -> BoxFuture<'_, Reply<History>> {
            unreachable!("nobody asks")
        }

        fn around<'a>(&'a self, _: &'a Labels, _: Timestamp, _: usize) -> BoxFuture<'a, Reply<Vec<Line>>> {
            unreachable!("nobody asks")
        }

        fn by_service<'a>(&'a self, _: &'a str, _: Window) -> BoxFuture<'a, Reply<Vec<(Symbol, u64)>>> {
            unreachable!("nobody asks")
        }

        fn versions(&self, _: Window) -> BoxFuture<'_, Reply<Vec<(Symbol, Symbol)>>> {
            unreachable!("nobody asks")
        }

        fn tail(&self, _: String, _: Timestamp) -> BoxStream<'static, Reply<Tailed>> {
            unreachable!("nobody asks")
        }

        fn count<'a>(&'a self, _: &'a str, window: Window) -> BoxFuture<'a, Reply<u64>> {
            let days = |moment: Timestamp| UNTIL.elapsed_since(moment).as_secs() / DAY;
            let (from, to) = (days(window.start), days(window.end));
            self.asked.lock().expect("no panic").push((from, to));
            let count = self.days.iter().filter(|day| (to..from).contains(*day)).count();
            let refused = Failure::new("loki", Cause::Refused { status: 400, message: "too much".to_owned() });
            let reply = if from - to > self.most { Err(refused) } else { Ok(count as u64) };
            Box::pin(async move { reply })
        }
    }

    fn looked(days: &[u64], most: u64) -> (Earlier, Vec<(u64, u64)>) {
        let server = Days { days: days.to_vec(), most, asked: Mutex::default() };
        let earlier = futures_util::future::FutureExt::now_or_never(look_back(&server, "{}", UNTIL)).expect("at once");
        (earlier, server.asked.into_inner().expect("no panic"))
    }

    #[test]
    fn what_is_written_every_day_is_asked_for_once() {
        let (earlier, asked) = looked(&[0, 0, 3], 30);
        assert_eq!((earlier.over, earlier.lines, earlier.refused), (REACHES[0], 2, None));
        assert_eq!(asked, [(1, 0)]);
    }

    #[test]
    fn what_was_never_written_is_looked_for_through_thirty_days_and_each_day_once() {
        let (earlier, asked) = looked(&[31], 30);
        assert_eq!((earlier.over, earlier.lines, earlier.refused), (REACHES[2], 0, None));
        assert_eq!(asked, [(1, 0), (7, 1), (30, 7)]);
        assert_eq!(looked(&[6], 30).0.over, REACHES[1]);
    }

    #[test]
    fn a_time_that_is_refused_leaves_what_is_known() {
        let (earlier, _) = looked(&[], 6);
        assert_eq!((earlier.over, earlier.lines), (REACHES[1], 0));
        assert!(earlier.refused.is_some_and(|failure| failure.to_string().contains("too much")));
        assert_eq!(looked(&[], 0).0.over, Duration::ZERO);
    }
}
