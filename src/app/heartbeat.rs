//! The heartbeat: while all is well, an address is called again and again, so that the silence of this machine is heard
//! where it is watched from.

use super::App;
use crate::ports::Pulse;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// Whom to call and how often, and how the last calls went.
pub struct Heartbeat {
    pulse: Arc<dyn Pulse>,
    every: SignedDuration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Default)]
struct State {
    /// When the last call got through.
    called: Option<Timestamp>,
    /// When the last attempt was, and what came of it: nothing, why it was not made, or why it failed.
    last: Option<(Timestamp, Option<Silence>)>,
}

/// Why the other side hears nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Silence {
    /// Something is unwell here, so it was not called.
    Withheld(String),
    /// The call failed.
    Failed(String),
}

impl Heartbeat {
    /// A heartbeat `every` so often.
    pub fn new(pulse: Arc<dyn Pulse>, every: SignedDuration) -> Self {
        Self { pulse, every, state: Mutex::default() }
    }

    /// Calls, unless something is `unwell`, and says when the next call is due. A failure is logged when it begins and when it
    /// ends, and stops nothing.
    pub async fn beat(&self, now: Timestamp, unwell: Option<String>) -> Timestamp {
        let silence = match unwell {
            Some(what) => Some(Silence::Withheld(what)),
            None => self.pulse.call().await.err().map(Silence::Failed),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = state.last.take().and_then(|(_, silence)| silence);
        match (&before, &silence) {
            (Some(_), None) => tracing::info!("the heartbeat gets through again"),
            (Some(Silence::Failed(_)), Some(Silence::Failed(_))) => {}
            (Some(Silence::Withheld(_)), Some(Silence::Withheld(_))) => {}
            (_, Some(Silence::Failed(message))) => {
                tracing::warn!("the heartbeat does not get through: {message}; tried again every {:#}", self.every);
            }
            (_, Some(Silence::Withheld(what))) => tracing::warn!("the heartbeat is withheld: {what}"),
            (None, None) => {}
        }
        if silence.is_none() {
            state.called = Some(now);
        }
        state.last = Some((now, silence));
        now.checked_add(self.every).unwrap_or(Timestamp::MAX)
    }

    /// How it stands, for `status`.
    pub fn status(&self) -> Value {
        let State { called, last } = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (withheld, failure) = match last.and_then(|(_, silence)| silence) {
            Some(Silence::Withheld(what)) => (Some(what), None),
            Some(Silence::Failed(message)) => (None, Some(message)),
            None => (None, None),
        };
        json!({ "last_call": called, "every_secs": self.every.as_secs(), "withheld": withheld, "failure": failure })
    }
}

impl App {
    /// Keeps the heartbeat going until the service is to end; returns at once where none is configured.
    pub async fn keep_beating(&self) {
        let Some(heartbeat) = &self.heartbeat else { return };
        let stopped = self.stopped();
        tokio::pin!(stopped);
        loop {
            let (unwell, _) = self.readiness().await;
            let unwell = Some(unwell.join("; ")).filter(|reasons| !reasons.is_empty());
            let next = heartbeat.beat(self.pipeline.clock.now(), unwell).await;
            tokio::select! {
                biased;
                () = &mut stopped => return,
                () = self.pipeline.clock.pause(next.duration_since(self.pipeline.clock.now())) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Fails from its second call to its third.
    #[derive(Default)]
    struct Scripted(AtomicU32);

    #[async_trait]
    impl Pulse for Scripted {
        async fn call(&self) -> Result<(), String> {
            match self.0.fetch_add(1, Ordering::SeqCst) {
                1 | 2 => Err("https://beat.example: HTTP 500".to_owned()),
                _ => Ok(()),
            }
        }
    }

    #[tokio::test]
    async fn it_calls_while_all_is_well_and_never_while_it_is_not() {
        let pulse = Arc::new(Scripted::default());
        let heartbeat = Heartbeat::new(Arc::clone(&pulse) as _, SignedDuration::from_mins(5));
        let mut now: Timestamp = "2026-03-10T08:00:00Z".parse().unwrap();
        // (what is unwell, calls so far, the last that got through, withheld, failure)
        for (unwell, calls, called, withheld, failure) in [
            (None, 1, "2026-03-10T08:00:00Z", None, None),
            (None, 2, "2026-03-10T08:00:00Z", None, Some("https://beat.example: HTTP 500")),
            (None, 3, "2026-03-10T08:00:00Z", None, Some("https://beat.example: HTTP 500")),
            (Some("the disk is full"), 3, "2026-03-10T08:00:00Z", Some("the disk is full"), None),
            (None, 4, "2026-03-10T08:20:00Z", None, None),
        ] {
            let next = heartbeat.beat(now, unwell.map(str::to_owned)).await;
            assert_eq!(next.duration_since(now), SignedDuration::from_mins(5));
            assert_eq!(pulse.0.load(Ordering::SeqCst), calls);
            let expected = json!({ "last_call": called, "every_secs": 300, "withheld": withheld, "failure": failure });
            assert_eq!(heartbeat.status(), expected);
            now = next;
        }
    }
}
