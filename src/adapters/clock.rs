//! The real clock.

use crate::ports::Clock;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The longest single sleep: after each, the wall clock is read again, so that a clock that was set or a machine that
/// was suspended delays nothing by more than this.
const LONGEST_NAP: Duration = Duration::from_secs(10);

/// A step back by less is the machine keeping its clock right.
const PUT_BACK: SignedDuration = SignedDuration::from_mins(1);

/// The machine's wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
    async fn sleep_until(&self, until: Timestamp) {
        let mut before = self.now();
        while let Some(nap) = nap(before, until) {
            tokio::time::sleep(nap).await;
            let now = self.now();
            if was_put_back(before, now) {
                // `until` was reckoned by a clock that was ahead: whoever waits for it must reckon anew.
                break;
            }
            before = now;
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
    async fn pause(&self, time: SignedDuration) {
        tokio::time::sleep(time.max(SignedDuration::ZERO).unsigned_abs()).await;
    }
}

/// Whether the wall clock was put back between two looks.
fn was_put_back(before: Timestamp, now: Timestamp) -> bool {
    before.duration_since(now) > PUT_BACK
}

/// How long to sleep next; `None` once `until` is reached.
fn nap(now: Timestamp, until: Timestamp) -> Option<Duration> {
    let rest = until.duration_since(now);
    if rest <= SignedDuration::ZERO {
        return None;
    }
    // A millisecond at least: timers are no finer, and a shorter nap would only spin.
    Some(rest.unsigned_abs().clamp(Duration::from_millis(1), LONGEST_NAP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn naps_are_short_and_end_when_the_time_is_reached() {
        let at = |s: i64| Timestamp::from_second(s).unwrap();
        for (now, until, expected) in [
            (5, 5, None),
            (6, 5, None),
            (5, 8, Some(Duration::from_secs(3))),
            (5, 500, Some(LONGEST_NAP)),
            (i64::from(i32::MIN), i64::from(i32::MAX), Some(LONGEST_NAP)),
        ] {
            assert_eq!(nap(at(now), at(until)), expected, "{now} {until}");
        }
        let close = Timestamp::new(5, 10).unwrap();
        assert_eq!(nap(at(5), close), Some(Duration::from_millis(1)));
    }

    #[test]
    fn a_clock_that_is_put_back_ends_the_sleep() {
        let at = |s: i64| Timestamp::from_second(s).unwrap();
        for (before, now, expected) in [
            (100, 110, false),
            (100, 99, false),
            (100, 40, false),
            (100, 39, true),
            (90_000, 0, true),
            (0, 90_000, false),
        ] {
            assert_eq!(was_put_back(at(before), at(now)), expected, "{before} {now}");
        }
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        SystemClock.sleep_until(Timestamp::UNIX_EPOCH).await;
        assert!(SystemClock.now() > Timestamp::UNIX_EPOCH);
    }
}
