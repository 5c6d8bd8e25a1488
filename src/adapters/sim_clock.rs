//! A clock that is moved by hand: whole days pass in milliseconds, in the demo and in tests.

use crate::ports::Clock;
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Notify, oneshot};

/// Simulated time: it stands still until it is moved.
#[derive(Debug)]
pub struct SimClock {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    /// Sleepers by wake time and order of arrival.
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
    arrivals: u64,
}

impl SimClock {
    /// A clock that stands at `start`.
    pub fn new(start: Timestamp) -> Self {
        let state = State { now: start, sleepers: BTreeMap::new(), arrivals: 0 };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing in here panics while it holds the lock, and the state is whole between two statements.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the clock to `to` (never back) and wakes whoever slept until then.
    pub fn advance_to(&self, to: Timestamp) {
        let mut state = self.state();
        state.now = state.now.max(to);
        let now = state.now;
        while let Some(first) = state.sleepers.first_entry() {
            if first.key().0 > now {
                break;
            }
            if first.remove().send(()).is_err() {
                // The sleeper gave up waiting, which is no fault.
                continue;
            }
        }
    }

    /// Sets the clock to `now`, also back, without waking anybody: for work that no loop waits for.
    pub fn set(&self, now: Timestamp) {
        self.state().now = now;
    }

    /// How many sleep now, and the earliest time one of them waits for.
    fn sleepers(&self) -> (usize, Option<Timestamp>) {
        let mut state = self.state();
        state.sleepers.retain(|_, sender| !sender.is_closed());
        (state.sleepers.len(), state.sleepers.first_key_value().map(|((at, _), _)| *at))
    }

    /// Lets time pass up to `end`: whenever all `loops` sleep, the clock jumps to the next time that one waits for.
    ///
    /// On a current-thread runtime this is deterministic: the clock moves only when nothing else can run.
    pub async fn drive(&self, loops: usize, end: Timestamp, mut on_jump: impl FnMut(Timestamp)) {
        loop {
            // A loop that was just woken counts as asleep until it has run; a few rounds of the scheduler let it.
            let mut calm = 0;
            while calm < 8 {
                tokio::task::yield_now().await;
                if self.sleepers().0 < loops {
                    calm = 0;
                    let changed = self.changed.notified();
                    if self.sleepers().0 < loops {
                        changed.await;
                    }
                } else {
                    calm += 1;
                }
            }
            match self.sleepers().1 {
                Some(next) if next <= end => {
                    self.advance_to(next);
                    on_jump(next);
                }
                _ => {
                    self.advance_to(end);
                    return;
                }
            }
        }
    }
}

#[async_trait]
impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        self.state().now
    }

    async fn sleep_until(&self, until: Timestamp) {
        let woken = {
            let mut state = self.state();
            if state.now >= until {
                return;
            }
            let (sender, woken) = oneshot::channel();
            state.arrivals += 1;
            let arrival = state.arrivals;
            state.sleepers.insert((until, arrival), sender);
            woken
        };
        self.changed.notify_waiters();
        // The sender is only dropped with the clock itself, and then nobody waits any more.
        drop(woken.await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use std::sync::Arc;

    #[tokio::test]
    async fn time_passes_only_when_all_sleep_and_wakes_in_order() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(SimClock::new(start));
        let log = Arc::new(Mutex::new(Vec::new()));
        for (name, minutes) in [("a", 20), ("b", 30)] {
            let (clock, log) = (Arc::clone(&clock), Arc::clone(&log));
            tokio::spawn(async move {
                loop {
                    clock.sleep_until(clock.now() + SignedDuration::from_mins(minutes)).await;
                    log.lock().unwrap().push(format!("{name} {}", clock.now().duration_since(start).as_mins()));
                }
            });
        }
        clock.drive(2, start + SignedDuration::from_mins(65), |_| {}).await;
        assert_eq!(*log.lock().unwrap(), ["a 20", "b 30", "a 40", "b 60", "a 60"]);
        assert_eq!(clock.now(), start + SignedDuration::from_mins(65));
    }
}
