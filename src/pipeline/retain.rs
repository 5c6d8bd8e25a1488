//! Remove what was kept long enough: at a quiet hour, in small steps between which everything else goes on.

use super::Pipeline;
use crate::domain::{DigestSchedule, DigestTimes};
use crate::ports::{Cutoffs, PurgePlace, PurgeRound, Purged, StoreError};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

/// The local time at which a round begins: after midnight's archives, well before the first readers.
const QUIET: Time = Time::constant(3, 15, 0, 0);
/// A round that is overdue by more than this is not waited for: the machine may be off at night.
const OVERDUE: SignedDuration = SignedDuration::from_hours(36);

/// How removing stands.
#[derive(Debug, Default)]
pub(super) struct Retaining {
    /// When the next round begins.
    due: Option<Timestamp>,
    /// Where the round under way goes on.
    place: Option<PurgePlace>,
    /// What it removed so far.
    removed: Purged,
}

impl Pipeline {
    /// Takes the next step of removing what was kept long enough, if one is due, and says when the next is.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn retain(&self) -> Result<Timestamp, StoreError> {
        let mut round = self.retaining.lock().await;
        let now = self.clock.now();
        let Some(place) = round.place.clone() else {
            let due = match round.due {
                // A clock that was ahead and was put right must not put it off.
                Some(due) if due.duration_since(now) <= OVERDUE => due,
                _ => self.first_round(now).await?,
            };
            round.due = Some(due);
            if due > now {
                return Ok(due);
            }
            (round.place, round.removed) = (Some(PurgePlace::default()), Purged::default());
            return Ok(now);
        };
        let (removed, next) = self.store.purge(self.cutoffs(now), place, now).await?;
        round.removed.add(&removed);
        round.place = next;
        if round.place.is_some() {
            return Ok(now);
        }
        let Purged { alerts, digests, articles, entries, decisions, archived } = round.removed;
        self.store.end_purge(PurgeRound { at: now, removed: round.removed }).await?;
        tracing::info!(
            alerts,
            digests,
            articles,
            entries,
            decisions,
            archived,
            "removed what was kept as long as [retention] says"
        );
        let due = self.next_quiet_hour(now);
        round.due = Some(due);
        Ok(due)
    }

    /// When the first round after a start begins.
    async fn first_round(&self, now: Timestamp) -> Result<Timestamp, StoreError> {
        let last = self.store.last_purge().await?.map(|round| round.at);
        let overdue = last.is_some_and(|at| now.duration_since(at) > OVERDUE);
        Ok(if overdue { now } else { self.next_quiet_hour(now) })
    }

    fn next_quiet_hour(&self, now: Timestamp) -> Timestamp {
        let daily = DigestSchedule {
            times: DigestTimes::At(vec![QUIET]),
            days: DigestSchedule::ALL_DAYS.to_vec(),
            zone: self.settings.digest.zone.clone(),
        };
        let in_a_day = || now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX);
        daily.next_after(now).unwrap_or_else(in_a_day)
    }

    /// What is too old at `now`.
    fn cutoffs(&self, now: Timestamp) -> Cutoffs {
        let kept = &self.settings.retention;
        let before = |span: Option<SignedDuration>| span.and_then(|span| now.checked_sub(span).ok());
        Cutoffs {
            snapshots: before(kept.snapshots),
            articles: before(kept.articles),
            decisions: before(kept.decisions),
            digests: before(kept.digests),
            alerts: before(kept.alerts),
        }
    }
}
