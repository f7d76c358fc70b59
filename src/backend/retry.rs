//! Which failures are tried again at once, and how a server's wish to be left alone is read. Waiting longer than a
//! moment is the caller's affair: a [`Cause::Throttled`] is given up with the time to wait.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::domain::{Cause, Timestamp};

const FIRST_WAIT: Duration = Duration::from_millis(150);
const MOST_RETRIES: usize = 2;
/// A server that asks for longer than this is taken to mean this.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Asks up to three times what is `idempotent`. The caller's deadline bounds the whole.
pub(super) async fn quickly<F, Fut, T>(idempotent: bool, ask: F) -> Result<T, Cause>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Cause>>,
{
    let times = if idempotent { MOST_RETRIES } else { 0 };
    let waits = ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_times(times).with_jitter();
    ask.retry(waits).when(is_worth_it).await
}

fn is_worth_it(cause: &Cause) -> bool {
    matches!(cause, Cause::Unreachable(_) | Cause::Failing { status: 502..=504, .. })
}

/// Reads `Retry-After`: seconds or an HTTP date. `None` for nothing or nonsense.
pub(super) fn after(header: &str) -> Option<Duration> {
    let header = header.trim();
    if header.is_empty() {
        return None;
    }
    let wait = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let moment = chrono::DateTime::parse_from_rfc2822(header).ok()?;
            Timestamp::from_utc(moment.to_utc()).elapsed_since(Timestamp::from_utc(chrono::Utc::now()))
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_seconds_or_a_date() {
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("Mon, 21 Oct 2115 07:28:00 GMT"), Some(LONGEST_WAIT));
        assert_eq!(after("99999999999"), Some(LONGEST_WAIT));
        assert_eq!(after("soon"), None);
        assert_eq!(after(""), None);
    }
}
