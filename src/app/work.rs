//! What each loop does when its turn comes: the steps of the pipeline, several at a time, counted. A fault of ours ends the item
//! in hand alone.

use super::{App, Counters, Loop};
use crate::domain::{EntryRecord, FeedSpec};
use crate::pipeline::{ReadReport, RecheckReport};
use crate::ports::StoreError;
use crate::stages::schedule;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use jiff::Timestamp;
use std::panic::AssertUnwindSafe;

/// Entries taken from the queue in one go.
const READ_BATCH: usize = 64;

impl App {
    /// Does what is due, wakes the loop that goes on with it, and says when the next is due.
    pub(super) async fn step(&self, which: Loop) -> Result<Option<Timestamp>, StoreError> {
        match which {
            Loop::Poll => {
                let now = self.pipeline.clock.now();
                let feeds = self.pipeline.current().feeds_with_states().await?;
                let due = schedule::due(&feeds, now);
                let spread_from = {
                    let mut from = self.spread_from.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    *from = schedule::spread_from(&feeds, &due, *from, now);
                    *from
                };
                let (due, held_until) = schedule::spread(due, spread_from, now);
                if due.is_empty() {
                    let coming = feeds.iter().filter(|(f, _)| f.enabled).filter_map(|(_, s)| s.next_due);
                    let rested = schedule::rests(&feeds, now).into_values().map(|rest| rest.until);
                    return Ok(coming.chain(held_until).chain(rested).filter(|due| *due > now).min());
                }
                self.poll(feeds.into_iter().map(|(f, _)| f).filter(|f| due.contains(&f.id)).collect()).await?;
                self.wake(Loop::Read);
                self.wake(Loop::Digest);
                // What was polled has a new due time.
                Ok(Some(now))
            }
            Loop::Read => {
                let (read, busy_until) = self.read().await?;
                if read > 0 {
                    self.wake(Loop::Settle);
                    return Ok(Some(self.pipeline.clock.now()));
                }
                // What is new comes first; what was read is looked at again when nothing new waits.
                let (seen, also_busy) = self.look_again().await?;
                if seen > 0 {
                    self.wake(Loop::Settle);
                    self.wake(Loop::Digest);
                    return Ok(Some(self.pipeline.clock.now()));
                }
                // The past of whoever is new in the watchlist comes last.
                if self.pipeline.current().read_past().await? {
                    self.wake(Loop::Settle);
                    self.wake(Loop::Digest);
                    return Ok(Some(self.pipeline.clock.now()));
                }
                let busy_until = [busy_until, also_busy].into_iter().flatten().min();
                let store = &self.pipeline.store;
                let due = [store.next_entry_due().await?, store.next_recheck_due().await?].into_iter().flatten().min();
                Ok(match (due, busy_until) {
                    (Some(due), Some(free)) => Some(due.max(free)),
                    (due, free) => due.or(free),
                })
            }
            Loop::Settle => {
                if self.settle().await? > 0 {
                    self.wake(Loop::Digest);
                    // An article behind an alert is looked at again.
                    self.wake(Loop::Read);
                }
                Ok(None)
            }
            Loop::Digest => {
                let report = self.pipeline.current().make_due_digests().await?;
                Counters::add(&self.counters.digests, report.made.len());
                if !report.made.is_empty() {
                    self.wake(Loop::Deliver);
                }
                Ok(report.next)
            }
            Loop::Deliver => self.deliver().await,
            Loop::Retain => self.pipeline.current().retain().await.map(Some),
        }
    }

    /// Polls `feeds`: several hosts at the same time, the feeds of one host one after the other with a pause between.
    pub(super) async fn poll(&self, feeds: Vec<FeedSpec>) -> Result<(), StoreError> {
        let hosts = schedule::by_host(feeds).into_iter().map(|feeds| async move {
            for spec in feeds {
                // Once asked to end, only the polls in hand are finished.
                if !self.host_is_free(&spec).await {
                    break;
                }
                let pipeline = self.pipeline.current();
                let guarded = AssertUnwindSafe(pipeline.poll_feed(&spec)).catch_unwind().await;
                self.beats.goes_on(Loop::Poll);
                match guarded {
                    Ok(report) => match report?.failure {
                        None => Counters::add(&self.counters.polls, 1),
                        Some(failure) => {
                            Counters::add(&self.counters.polls_failed, 1);
                            self.tallies.poll_failed(&failure.kind);
                        }
                    },
                    Err(_) => {
                        Counters::add(&self.counters.faults, 1);
                        tracing::error!(feed.id = %spec.id, "polling the feed met a fault of ours; the other feeds go on");
                    }
                }
            }
            Ok(())
        });
        let mut hosts = stream::iter(hosts).buffer_unordered(self.concurrency);
        while let Some(done) = hosts.next().await {
            done?;
        }
        Ok(())
    }

    /// Waits until `spec`'s host may be asked again; false when the service was asked to end meanwhile.
    async fn host_is_free(&self, spec: &FeedSpec) -> bool {
        while !self.stop.is_cancelled() {
            let Some(free) = self.pipeline.current().take_host(&spec.url, self.pipeline.clock.now()) else {
                return true;
            };
            tokio::select! {
                biased;
                () = self.stop.cancelled() => {}
                () = self.pipeline.clock.sleep_until(free) => {}
            }
        }
        false
    }

    /// Reads a batch of due entries. Says how many were read, and when a host that had to be left alone is free again.
    pub(super) async fn read(&self) -> Result<(usize, Option<Timestamp>), StoreError> {
        let now = self.pipeline.clock.now();
        let due: Vec<EntryRecord> = self.pipeline.store.due_entries(now, READ_BATCH).await?;
        let reads = due.into_iter().map(|record| async move {
            if self.stop.is_cancelled() {
                return (record, None);
            }
            let pipeline = self.pipeline.current();
            let read = AssertUnwindSafe(pipeline.read_entry(&record)).catch_unwind().await;
            self.beats.goes_on(Loop::Read);
            (record, Some(read))
        });
        let mut reads = stream::iter(reads).buffer_unordered(self.concurrency);
        let (mut read, mut busy_until) = (0, None);
        while let Some((record, result)) = reads.next().await {
            match result {
                None => {}
                Some(Ok(report)) => match report? {
                    ReadReport::HostBusy(until) => {
                        busy_until = Some(busy_until.map_or(until, |b: Timestamp| b.min(until)));
                    }
                    ReadReport::Read(_) => {
                        read += 1;
                        Counters::add(&self.counters.articles, 1);
                    }
                    ReadReport::HeadlineOnly(_) => {
                        read += 1;
                        Counters::add(&self.counters.pages_failed, 1);
                    }
                    ReadReport::Known(_) => read += 1,
                },
                Some(Err(_)) => {
                    Counters::add(&self.counters.faults, 1);
                    tracing::error!(entry.id = %record.entry.id, "reading the entry met a fault of ours; the others go on");
                    self.pipeline.current().give_up_entry(&record, "a fault of ours").await?;
                }
            }
        }
        Ok((read, busy_until))
    }

    /// Looks again at a batch of articles behind alerts. Says how many looks were had, and when a host that had to be left
    /// alone is free again.
    pub(super) async fn look_again(&self) -> Result<(usize, Option<Timestamp>), StoreError> {
        let now = self.pipeline.clock.now();
        let (mut seen, mut busy_until) = (0, None);
        for recheck in self.pipeline.store.due_rechecks(now, READ_BATCH).await? {
            if self.stop.is_cancelled() {
                break;
            }
            let looked = self.pipeline.current().recheck(&recheck).await?;
            self.beats.goes_on(Loop::Read);
            match looked {
                RecheckReport::HostBusy(until) => {
                    busy_until = Some(busy_until.map_or(until, |b: Timestamp| b.min(until)));
                    continue;
                }
                RecheckReport::Changed(Some(_)) => Counters::add(&self.counters.alerts, 1),
                RecheckReport::Changed(None) | RecheckReport::Same | RecheckReport::NotHad => {}
            }
            seen += 1;
            Counters::add(&self.counters.rechecks, 1);
        }
        Ok((seen, busy_until))
    }

    pub(super) async fn settle(&self) -> Result<usize, StoreError> {
        let mut settled = 0;
        while !self.stop.is_cancelled() {
            let report = self.pipeline.current().settle_batch().await?;
            self.beats.goes_on(Loop::Settle);
            Counters::add(&self.counters.alerts, report.alerts.len());
            for alert in report.alerts.iter().filter(|a| !a.catch_up && a.past_of.is_empty()) {
                alert.published.into_iter().for_each(|at| self.tallies.alerted(at, alert.raised));
            }
            settled += report.articles;
            if report.articles == 0 {
                break;
            }
        }
        Ok(settled)
    }

    pub(super) async fn deliver(&self) -> Result<Option<Timestamp>, StoreError> {
        let report = self.pipeline.current().deliver_due().await?;
        Counters::add(&self.counters.delivered, report.sent.len());
        Counters::add(&self.counters.deliveries_failed, report.failed.len());
        report.sent.iter().for_each(|channel| self.tallies.delivery(channel, "sent"));
        report.failed.iter().for_each(|(channel, _)| self.tallies.delivery(channel, "failed"));
        Ok(report.next_due)
    }
}
