//! The beats of the loops: whether each of them still runs and gets on.
//!
//! The watch asks all loops at a steady pace, and each answers out of its own task, idle or busy: a loop that hangs cannot. A
//! busy loop answers only while the work in hand gets on, so that one which waits for ever is found too. Everything is counted in
//! askings, not in times: a clock that is set, or a machine that slept, lets no loop seem late. A compaction or a backup of a large
//! store makes the loops wait for longer than any item takes; it counts its own steps, and while these grow nobody hangs.

use super::{LOOPS, Loop};
use crate::ports::Clock;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;

/// How often the loops are asked: two beats at least within every half minute.
pub const EVERY: SignedDuration = SignedDuration::from_secs(15);
/// A loop that did not answer for so long is late.
const LATE: SignedDuration = SignedDuration::from_mins(2);
/// Least time in which a busy loop must get on by one item (a poll, a page, an article, a delivery).
const LEAST_STALL: SignedDuration = SignedDuration::from_mins(15);

/// How one loop stands.
#[derive(Debug, Clone, Copy, Default)]
struct Beat {
    /// Askings since the last answer.
    unanswered: u32,
    /// Askings since the work in hand got on; without meaning while it is idle.
    without_progress: u32,
    busy: bool,
}

/// The beats of all loops.
#[derive(Debug)]
pub struct Beats {
    asking: watch::Sender<()>,
    loops: Mutex<[Beat; LOOPS]>,
    /// Askings that a busy loop may take for one item.
    patience: u32,
}

impl Beats {
    /// Beats of loops of whose work the longest item may take `longest`.
    pub(super) fn new(longest: SignedDuration) -> Self {
        let patience = askings(longest.max(LEAST_STALL));
        Self { asking: watch::Sender::new(()), loops: Mutex::default(), patience }
    }

    fn with<T>(&self, act: impl FnOnce(&mut [Beat; LOOPS]) -> T) -> T {
        act(&mut self.loops.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a loop listens on for being asked.
    pub(super) fn listen(&self) -> watch::Receiver<()> {
        self.asking.subscribe()
    }

    /// `which` begins its work, or goes on to the next item of it.
    pub(super) fn goes_on(&self, which: Loop) {
        self.with(|loops| loops[which as usize] = Beat { busy: true, ..Beat::default() });
    }

    /// `which` has nothing to do.
    pub(super) fn rests(&self, which: Loop) {
        self.with(|loops| loops[which as usize] = Beat::default());
    }

    /// `which` was asked and answers; what makes no progress has no beat.
    pub(super) fn answers(&self, which: Loop) {
        self.with(|loops| {
            let beat = &mut loops[which as usize];
            if !beat.busy || beat.without_progress <= self.patience {
                beat.unanswered = 0;
            }
        });
    }

    /// Asks all loops. An asking that nobody hears counts as well. While long work on the store `gets_on`, whoever waits for it
    /// is not counted as one that makes no progress.
    pub fn ask(&self, gets_on: bool) {
        self.with(|loops| {
            for beat in loops {
                beat.unanswered = beat.unanswered.saturating_add(1);
                beat.without_progress = beat.without_progress.saturating_add(u32::from(!gets_on));
            }
        });
        self.asking.send_replace(());
    }

    /// The loops that are late, by name.
    pub fn late(&self) -> Vec<&'static str> {
        self.with(|loops| {
            let each = Loop::ALL.iter().zip(loops.iter());
            each.filter(|(_, beat)| beat.unanswered > askings(LATE)).map(|(which, _)| which.name()).collect()
        })
    }

    /// How each loop stands, for `status` and `/health`.
    pub fn report(&self) -> Value {
        let row = |which: &Loop, beat: &Beat| {
            let since = i64::from(beat.unanswered).saturating_mul(EVERY.as_secs());
            json!({
                "loop": which.name(), "busy": beat.busy, "late": beat.unanswered > askings(LATE),
                "seconds_since_beat": since,
            })
        };
        self.with(|loops| Loop::ALL.iter().zip(loops.iter()).map(|(which, beat)| row(which, beat)).collect())
    }
}

/// How many askings `time` has.
fn askings(time: SignedDuration) -> u32 {
    u32::try_from(time.as_secs() / EVERY.as_secs()).unwrap_or(u32::MAX)
}

/// Asks the loops at a steady pace, for ever, and calls `ping` after each round in which none is late. Which are late is logged
/// when that changes. `worked` says how many steps long work on the store has done.
pub async fn watch(clock: &dyn Clock, beats: &Beats, worked: impl Fn() -> u64, mut ping: impl FnMut()) {
    let mut steps = worked();
    let mut known: Vec<&'static str> = Vec::new();
    loop {
        let late = beats.late();
        if late.is_empty() {
            ping();
        }
        if late != known {
            if late.is_empty() {
                tracing::warn!("all loops beat again");
            } else {
                let names = late.join(", ");
                tracing::error!(
                    loops = %names,
                    "no beat for 2 minutes: the watchdog is not answered any more until that changes, so systemd restarts the service"
                );
            }
            known = late;
        }
        let before = std::mem::replace(&mut steps, worked());
        beats.ask(steps != before);
        clock.pause(EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::sim_clock::SimClock;
    use jiff::Timestamp;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Lets `minutes` pass while the loops behave as `answers` says at each asking; how often systemd was told, minute by minute.
    async fn pings(beats: Arc<Beats>, minutes: i64, answers: impl Fn(i64, &Beats) + Send + 'static) -> Vec<u64> {
        pings_while(beats, minutes, 0, answers).await
    }

    /// The same while long work on the store does a step at every look, for so many minutes.
    async fn pings_while(
        beats: Arc<Beats>,
        minutes: i64,
        works_for: i64,
        answers: impl Fn(i64, &Beats) + Send + 'static,
    ) -> Vec<u64> {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(SimClock::new(start));
        let told = Arc::new(AtomicU64::new(0));
        let mut asked = beats.listen();
        {
            let (clock, beats, told) = (Arc::clone(&clock), Arc::clone(&beats), Arc::clone(&told));
            tokio::spawn(async move {
                let ping = || {
                    told.fetch_add(1, Ordering::Relaxed);
                };
                let steps = AtomicU64::new(0);
                let worked = || match clock.now().duration_since(start).as_mins() < works_for {
                    true => steps.fetch_add(1, Ordering::Relaxed) + 1,
                    false => steps.load(Ordering::Relaxed),
                };
                watch(&*clock, &beats, worked, ping).await;
            });
        }
        let loops = Arc::clone(&clock);
        tokio::spawn(async move {
            while asked.changed().await.is_ok() {
                let minute = loops.now().duration_since(start).as_mins();
                answers(minute, &beats);
            }
        });
        let mut by_minute = Vec::new();
        for minute in 1..=minutes {
            clock.drive(1, start + SignedDuration::from_mins(minute), |_| {}).await;
            by_minute.push(told.swap(0, Ordering::Relaxed));
        }
        by_minute
    }

    fn all_answer(beats: &Beats) {
        Loop::ALL.into_iter().for_each(|which| beats.answers(which));
    }

    #[tokio::test]
    async fn a_quiet_night_does_not_stop_the_pings() {
        let told = pings(Arc::new(Beats::new(SignedDuration::ZERO)), 8 * 60, |_, beats| all_answer(beats)).await;
        assert!(told.iter().all(|n| (3..=5).contains(n)), "{told:?}");
    }

    #[tokio::test]
    async fn one_loop_that_misses_its_beats_for_two_minutes_stops_them_and_its_return_brings_them_back() {
        for silent in Loop::ALL {
            let beats = Arc::new(Beats::new(SignedDuration::ZERO));
            let told = pings(Arc::clone(&beats), 16, move |minute, beats| {
                for which in Loop::ALL.into_iter().filter(|w| *w != silent || !(4..12).contains(&minute)) {
                    beats.answers(which);
                }
            })
            .await;
            assert!(
                told[..6].iter().all(|n| *n >= 3),
                "a beat missed for less than two minutes is none missed: {told:?}"
            );
            assert!(told[7..12].iter().all(|n| *n == 0), "{told:?}");
            assert!(told[13..].iter().all(|n| *n >= 3), "{told:?}");
        }
    }

    #[tokio::test]
    async fn a_busy_loop_beats_while_it_gets_on_and_stops_once_its_work_hangs() {
        let beats = Arc::new(Beats::new(SignedDuration::ZERO));
        beats.goes_on(Loop::Poll);
        // For half an hour a poll is done every few minutes; then one hangs.
        let told = pings(beats, 60, |minute, beats| {
            if minute < 30 && minute % 5 == 0 {
                beats.goes_on(Loop::Poll);
            }
            all_answer(beats);
        })
        .await;
        assert!(told[..40].iter().all(|n| *n >= 3), "{told:?}");
        assert!(told[45..].iter().all(|n| *n == 0), "{told:?}");
    }

    #[tokio::test]
    async fn whoever_waits_for_long_work_on_the_store_hangs_only_once_that_gets_on_no_more() {
        let beats = Arc::new(Beats::new(SignedDuration::ZERO));
        beats.goes_on(Loop::Read);
        let told = pings_while(beats, 90, 50, |_, beats| all_answer(beats)).await;
        assert!(told[..60].iter().all(|n| *n >= 3), "{told:?}");
        assert!(told[70..].iter().all(|n| *n == 0), "{told:?}");
    }

    #[test]
    fn a_hanging_loop_is_named() {
        let beats = Beats::new(SignedDuration::ZERO);
        for _ in 0..20 {
            beats.ask(true);
            for which in Loop::ALL.into_iter().filter(|which| *which != Loop::Read) {
                beats.answers(which);
            }
        }
        assert_eq!(beats.late(), ["read"]);
        assert_eq!(
            beats.report()[1],
            json!({ "loop": "read", "busy": false, "late": true, "seconds_since_beat": 300 })
        );
    }
}
