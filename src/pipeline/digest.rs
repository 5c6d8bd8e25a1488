//! Make the digest that is due, out of the alerts that wait.

use super::settle::under_current_ids;
use super::{Pipeline, Viewer, decision};
use crate::domain::{
    Alert, AlertId, AlertKind, ChannelId, Decision, Delivery, Development, Digest, DigestId, DigestTimes, FeedState,
    Outcome, SourceNote, SourcesSummary, Stage, Subject,
};
use crate::ports::{DigestCommit, StoreError};
use crate::stages::alerting::{flood, rulings};
use crate::stages::digest::{self, Input, Slot, Told};
use crate::stages::routing::{self, Routing};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What one look at the schedule did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DigestReport {
    /// Digests that were made.
    pub made: Vec<DigestId>,
    /// When the next look is due; `None` when only new alerts make one due.
    pub next: Option<Timestamp>,
}

/// Entries looked at to tell whether a first reading is still under way.
const LOOK_AHEAD: usize = 512;

/// How far back a doubt counts as said: copies of an article come within days.
const DOUBTS_REMEMBERED: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Whether `alert` tells the past of somebody who is watched since lately.
fn is_past(alert: &Alert) -> bool {
    !alert.past_of.is_empty()
}

impl Pipeline {
    /// Makes the digests that are due now: the catch-up digest once every new feed has been read for the first time, that of
    /// somebody's past once all of it is read, and the one of the schedule.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn make_due_digests(&self) -> Result<DigestReport, StoreError> {
        // What is being forgotten meanwhile must not get into a digest that was begun before.
        let _alone = self.deciding.lock().await;
        let now = self.clock.now();
        let schedule = &self.settings.digest;
        let covered = self.store.covered_until().await?;
        let waiting = self.store.waiting_alerts().await?;
        let held = self.store.held_alerts().await?;
        let (past, waiting): (Vec<Alert>, Vec<Alert>) = waiting.into_iter().partition(is_past);
        let (catch_up, fresh): (Vec<Alert>, Vec<Alert>) = waiting.into_iter().partition(|a| a.catch_up);
        let mut report = DigestReport { next: digest::next_slot(schedule, now), ..DigestReport::default() };
        let first_reading = (covered.is_none() || !catch_up.is_empty()) && self.first_reading_under_way(now).await?;
        if covered.is_none() && first_reading {
            return Ok(report);
        }
        report.made.extend(self.make_past(covered, past).await?);
        let slot = digest::due(schedule, covered, now);
        match (&schedule.times, slot) {
            (_, Some(slot)) if covered.is_none() => {
                report.made.extend(self.make(slot, [catch_up, fresh].concat(), held).await?);
            }
            (DigestTimes::At(_), Some(slot)) => {
                let alerts = if first_reading { fresh } else { [catch_up, fresh].concat() };
                report.made.extend(self.make(slot, alerts, held).await?);
            }
            (_, slot) => {
                // Between two hours only a finished catch-up makes a digest; immediate ones also what is fresh.
                let immediate = schedule.times == DigestTimes::Immediate;
                let mut alerts = if first_reading { Vec::new() } else { catch_up };
                if immediate {
                    alerts.extend(fresh);
                }
                // What is held back makes one summary an hour at most.
                let summary = held.iter().map(|a| a.raised).min().and_then(|at| at.checked_add(flood::WINDOW).ok());
                let held_is_due = immediate && summary.is_some_and(|due| due <= now);
                if immediate && !held_is_due {
                    report.next = [report.next, summary].into_iter().flatten().min();
                }
                if !alerts.is_empty() || held_is_due {
                    let held = if held_is_due { held } else { Vec::new() };
                    match slot.or_else(|| self.between(covered, now)) {
                        Some(slot) => report.made.extend(self.make(slot, alerts, held).await?),
                        // One was made at this very moment.
                        None => report.next = now.checked_add(SignedDuration::from_secs(1)).ok(),
                    }
                }
            }
        }
        Ok(report)
    }

    /// Makes a digest of everything that waits, whatever the schedule says.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn make_digest_now(&self) -> Result<DigestReport, StoreError> {
        let _alone = self.deciding.lock().await;
        let now = self.clock.now();
        let covered = self.store.covered_until().await?;
        let (past, waiting): (Vec<Alert>, Vec<Alert>) =
            self.store.waiting_alerts().await?.into_iter().partition(is_past);
        let past = self.make_past(covered, past).await?;
        let slot = match covered {
            None => digest::due(&self.settings.digest, None, now),
            Some(_) => self.between(covered, now),
        };
        let made = match slot {
            Some(slot) => self.make(slot, waiting, self.store.held_alerts().await?).await?,
            None => Vec::new(),
        };
        Ok(DigestReport { made: past.into_iter().chain(made).collect(), next: None })
    }

    /// Makes the digest of the past of those who are watched since lately, once all of it is read. It stands beside the others:
    /// the next one covers what it would have covered.
    async fn make_past(&self, covered: Option<Timestamp>, alerts: Vec<Alert>) -> Result<Vec<DigestId>, StoreError> {
        let now = self.clock.now();
        if alerts.is_empty() || covered.is_none() || self.past_under_way(now).await? {
            return Ok(Vec::new());
        }
        let first = alerts.iter().filter_map(|a| a.published).min().unwrap_or(now).min(now);
        self.make(Slot { at: now, from: first, to: now, missed: false }, alerts, Vec::new()).await
    }

    /// A slot out of turn: from the last digest until now.
    fn between(&self, covered: Option<Timestamp>, now: Timestamp) -> Option<Slot> {
        let slot = |from| Slot { at: now, from, to: now, missed: false };
        match covered {
            Some(covered) if digest::is_ahead(covered, now) => digest::due(&self.settings.digest, Some(covered), now),
            _ => covered.filter(|c| *c < now).map(slot),
        }
    }

    /// Whether a feed has yet to be tried, or what the first poll of one brought has yet to be read and settled.
    async fn first_reading_under_way(&self, now: Timestamp) -> Result<bool, StoreError> {
        let states = self.store.feed_states().await?;
        let tried = |id| states.iter().any(|s: &FeedState| s.id == id && s.last_attempt.is_some());
        if self.settings.feeds.iter().any(|f| f.enabled && !tried(f.id.clone())) {
            return Ok(true);
        }
        if self.store.due_entries(now, LOOK_AHEAD).await?.iter().any(|r| r.catch_up) {
            return Ok(true);
        }
        Ok(!self.store.unsettled(1).await?.is_empty())
    }

    /// Makes one digest out of `alerts`, of somebody's past all or none, and a summary of those `held` back, and its deliveries;
    /// with routes, one for all channels that get the same. None, recorded too, when there is nothing to say.
    async fn make(&self, slot: Slot, alerts: Vec<Alert>, held: Vec<Alert>) -> Result<Vec<DigestId>, StoreError> {
        let now = self.clock.now();
        let watchlist = &self.settings.watchlist;
        let (mut told, mut decisions) = (Vec::new(), Vec::new());
        let masks = self.masks();
        let viewer = Viewer { masks: &masks, watchlist, now };
        let mut developments = BTreeMap::new();
        let of_past = alerts.first().is_some_and(is_past);
        let ids = alerts.iter().chain(&held).map(|a| a.id.clone()).collect();
        for mut alert in alerts {
            alert.tracked.iter_mut().for_each(|id| *id = watchlist.current_id(id).to_owned());
            let development = match &alert.content {
                AlertKind::Development { development, .. } => self.store.development(development).await?,
                AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => None,
            };
            // What was muted since it was raised is not told.
            let merged = development.as_ref().map_or(&[][..], |d| d.merged.as_slice());
            let ruled = rulings::judge(&alert, merged, &watchlist.rulings, now);
            let subject = || Subject::Alert(alert.id.clone());
            let say = |(rule, words)| decision(subject(), Stage::Digest, rule, Outcome::Stopped, words, now);
            decisions.extend(ruled.against.into_iter().map(say));
            if ruled.silent {
                continue;
            }
            (alert.tracked, alert.tracked_names) = ruled.kept.into_iter().unzip();
            if let Some(home) = digest::told_under(&alert, watchlist).filter(|_| development.is_some())
                && !developments.contains_key(home)
            {
                developments.insert(home.to_owned(), self.known_of(home).await?);
            }
            viewer.mark_proceedings(self.store.as_ref(), &mut alert).await?;
            told.push(Told::new(alert, development.as_ref()));
        }
        let ((articles_read, doubts), (_, known_doubts), covered_until) = if of_past {
            // What could not be told stood in the digests of its own time.
            let covered = self.store.covered_until().await?.unwrap_or(slot.to);
            ((0, Vec::new()), (0, Vec::new()), covered)
        } else {
            let earlier = slot.from.saturating_sub(DOUBTS_REMEMBERED).unwrap_or(Timestamp::MIN);
            let known = self.store.read_between(earlier, slot.from).await?;
            (self.store.read_between(slot.from, slot.to).await?, known, slot.to)
        };
        let sources = self.sources(&self.store.feed_states().await?, &slot);
        let input = Input {
            slot,
            zone: &self.settings.digest.zone,
            watchlist,
            told,
            developments,
            doubts,
            known_doubts,
            articles_read,
            sources,
            notices: Vec::new(),
            flood: None,
        };
        let whole = digest::compose(Input { flood: flood::summary(&held), ..input.clone() });
        let also = match &whole {
            Some(whole) => self.for_former_readers(whole, now, &mut decisions).await?,
            None => Vec::new(),
        };
        let mut made = match whole {
            Some(whole) => self.for_channels(whole, input, &held, &mut decisions).await?,
            None => Vec::new(),
        };
        let mut deliveries = Vec::new();
        for (digest, channels) in &made {
            let subject = Subject::Digest(digest.id.clone());
            decisions.push(decision(subject, Stage::Digest, "made", Outcome::Passed, digest.subject.clone(), now));
            for alert in digest.alerts() {
                let evidence = format!("told in digest {}", digest.id);
                let subject = Subject::Alert(alert.id.clone());
                decisions.push(decision(subject, Stage::Digest, "told", Outcome::Passed, evidence, now));
            }
            deliveries.extend(channels.iter().map(|c| Delivery::new(digest.id.clone(), c.clone(), now)));
            tracing::info!(digest.id = %digest.id, channels = channels.len(), "digest made: {}", digest.subject);
        }
        let made_ids = made.iter().map(|(digest, _)| digest.id.clone()).collect();
        let digest = (!made.is_empty()).then(|| made.remove(0).0);
        let mut others: Vec<Digest> = made.into_iter().map(|(digest, _)| digest).collect();
        for (digest, delivery) in also {
            deliveries.push(delivery);
            others.push(digest);
        }
        self.store
            .commit_digest(DigestCommit { digest, also: others, alerts: ids, deliveries, covered_until, decisions })
            .await?;
        Ok(made_ids)
    }

    /// The digests of one slot, each with the channels that it goes to: `whole` for all of them, or, where there are routes, one
    /// for all channels that get the same of `input` and of what is `held` back.
    async fn for_channels(
        &self,
        whole: Digest,
        input: Input<'_>,
        held: &[Alert],
        decisions: &mut Vec<Decision>,
    ) -> Result<Vec<(Digest, Vec<ChannelId>)>, StoreError> {
        let all: Vec<ChannelId> = self.channels.iter().map(|c| c.id().clone()).collect();
        if self.settings.routes.is_empty() || all.is_empty() {
            return Ok(vec![(whole, all)]);
        }
        let default = &self.settings.default_channels;
        let default = if default.is_empty() { &all } else { default };
        let routing = Routing { routes: &self.settings.routes, default };
        let mut sent = Vec::new();
        for alert in input.told.iter().map(|t| &t.alert) {
            sent.push(self.channels_of(alert, routing, &all, decisions).await?);
        }
        let (told, alerts) = (input.told.len(), input.told.len() + held.len());
        sent.extend(held.iter().map(|alert| routing.of_alert(alert).0));
        sent.extend(input.doubts.iter().map(|doubt| routing.of_doubt(&doubt.doubt)));
        let mut made: Vec<(Digest, Vec<ChannelId>)> = Vec::new();
        for (channels, gets) in routing::groups(&all, &sent) {
            let held: Vec<Alert> =
                held.iter().zip(told..).filter(|(_, at)| gets.contains(at)).map(|(alert, _)| alert.clone()).collect();
            let of_group = Input {
                told: input.told.iter().zip(0..).filter(|(_, at)| gets.contains(at)).map(|(t, _)| t.clone()).collect(),
                doubts: input
                    .doubts
                    .iter()
                    .zip(alerts..)
                    .filter(|(_, at)| gets.contains(at))
                    .map(|(doubt, _)| doubt.clone())
                    .collect(),
                flood: flood::summary(&held),
                ..input.clone()
            };
            // Doubts alone make no digest.
            let Some(mut digest) = digest::compose(of_group) else { continue };
            if !made.is_empty() {
                let id = format!("{}-{}", digest.id, made.len() + 1);
                digest.id = DigestId::parse(&id).unwrap_or(digest.id);
            }
            made.push((digest, channels));
        }
        Ok(made)
    }

    /// The channels that `alert` is told to, all of them among `all`. What corrects an earlier alert goes to whoever was sent
    /// that; how a matter went on goes there too.
    async fn channels_of(
        &self,
        alert: &Alert,
        routing: Routing<'_>,
        all: &[ChannelId],
        decisions: &mut Vec<Decision>,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let (mut channels, routes) = routing.of_alert(alert);
        let numbers = routes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut why = match routes.len() {
            0 => "no route takes it".to_owned(),
            1 => format!("by route {numbers}"),
            _ => format!("by routes {numbers}"),
        };
        let mut first: BTreeSet<ChannelId> = BTreeSet::new();
        for corrected in &alert.corrects {
            for told_in in self.store.told_in(&corrected.alert).await? {
                let sent = self.store.deliveries(&told_in).await?.into_iter().filter(|d| d.sent_to().is_some());
                first.extend(sent.map(|d| d.channel).filter(|c| all.contains(c)));
            }
        }
        if !first.is_empty() {
            if alert.is_correction() {
                (channels, why) = (Vec::new(), String::new());
            }
            let more = first.into_iter().filter(|c| !channels.contains(c)).collect::<Vec<_>>();
            if !more.is_empty() {
                why = format!("{why}{}to whoever was sent the first", if why.is_empty() { "" } else { ", and " });
            }
            channels.extend(more);
        }
        let names = channels.iter().map(ChannelId::as_str).collect::<Vec<_>>().join(", ");
        let subject = Subject::Alert(alert.id.clone());
        let now = self.clock.now();
        decisions.push(decision(subject, Stage::Digest, "routed", Outcome::Passed, format!("{names}: {why}"), now));
        Ok(channels)
    }

    /// Digests of corrections alone, each with its delivery, for those who were sent what `digest` corrects or follows up,
    /// and are not among those whom it goes to itself: a channel, or a receiver of one, that gets no digests any more.
    async fn for_former_readers(
        &self,
        digest: &Digest,
        now: Timestamp,
        decisions: &mut Vec<Decision>,
    ) -> Result<Vec<(Digest, Delivery)>, StoreError> {
        // Whom: the channel and its receivers (none for all it has). What: the alerts that correct.
        let mut readers: BTreeMap<(ChannelId, String), BTreeSet<AlertId>> = BTreeMap::new();
        for item in digest.items() {
            for corrected in &item.alert.corrects {
                for told_in in self.store.told_in(&corrected.alert).await? {
                    for delivery in self.store.deliveries(&told_in).await? {
                        for reader in self.former_readers(&delivery) {
                            readers
                                .entry((delivery.channel.clone(), reader))
                                .or_default()
                                .insert(item.alert.id.clone());
                        }
                    }
                }
            }
        }
        // One message for all receivers of a channel who get the same.
        let mut messages: BTreeMap<(ChannelId, BTreeSet<AlertId>), Vec<String>> = BTreeMap::new();
        for ((channel, reader), alerts) in readers {
            let receivers = messages.entry((channel, alerts)).or_default();
            receivers.extend(Some(reader).filter(|r| !r.is_empty()));
        }
        let mut out = Vec::new();
        for (number, ((channel, alerts), receivers)) in messages.into_iter().enumerate() {
            if !self.channels.iter().chain(&self.former).any(|c| *c.id() == channel) {
                tracing::warn!(channel.id = %channel, "a correction cannot be sent there: the channel is not in the configuration any more");
                for alert in alerts {
                    let evidence = format!("channel {channel} is not in the configuration any more");
                    let subject = Subject::Alert(alert);
                    decisions.push(decision(
                        subject,
                        Stage::Digest,
                        "reader_out_of_reach",
                        Outcome::Stopped,
                        evidence,
                        now,
                    ));
                }
                continue;
            }
            let alerts: Vec<AlertId> = alerts.into_iter().collect();
            let Some(own) = digest::corrections_alone(digest, number + 1, &alerts) else { continue };
            for alert in alerts {
                let evidence = format!("also told in digest {}, to {channel} alone", own.id);
                decisions.push(decision(Subject::Alert(alert), Stage::Digest, "told", Outcome::Passed, evidence, now));
            }
            let delivery = Delivery { receivers, ..Delivery::new(own.id.clone(), channel, now) };
            out.push((own, delivery));
        }
        Ok(out)
    }

    /// Of those who were sent a delivery, the ones who are sent nothing by the channels of today; an empty name stands for
    /// all that the channel has. A delivery that still waits counts as sent: it will be.
    fn former_readers(&self, delivery: &Delivery) -> Vec<String> {
        let Some(sent_to) = delivery.sent_to() else { return Vec::new() };
        match self.channels.iter().find(|c| *c.id() == delivery.channel) {
            Some(today) => {
                let receivers = today.receivers();
                sent_to.into_iter().filter(|r| !receivers.contains(r)).collect()
            }
            None if sent_to.is_empty() => vec![String::new()],
            None => sent_to,
        }
    }

    /// What is known of whoever has the watchlist id `id` today; not what the user said to be somebody else's, or not to
    /// have happened.
    async fn known_of(&self, id: &str) -> Result<Vec<Development>, StoreError> {
        let watchlist = &self.settings.watchlist;
        let mut known: Vec<Development> = Vec::new();
        for id in watchlist.all_ids(id) {
            known.extend(self.store.developments_of(&id).await?);
        }
        known.iter_mut().for_each(|d| under_current_ids(d, watchlist));
        known.retain(|d| watchlist.rulings.guard(id, &d.id).is_none() && !watchlist.rulings.is_denied(&d.id));
        Ok(known)
    }

    /// How the configured feeds stand.
    fn sources(&self, states: &[FeedState], slot: &Slot) -> SourcesSummary {
        let mut summary = SourcesSummary::default();
        for feed in self.settings.feeds.iter().filter(|f| f.enabled) {
            summary.total += 1;
            let state = states.iter().find(|s| s.id == feed.id);
            // Told once, in the digest that covers it.
            if let Some(storm) = state.and_then(|s| s.storm.as_ref()).filter(|s| slot.from <= s.at && s.at < slot.to) {
                summary.notes.push(SourceNote { name: feed.name.clone(), message: storm.message.clone() });
            }
            let coverage = state.map(|s| self.coverage_notes(s, slot)).unwrap_or_default();
            summary.notes.extend(coverage.into_iter().map(|message| SourceNote { name: feed.name.clone(), message }));
            match state.and_then(|s| s.last_failure.as_ref()) {
                None => summary.healthy += 1,
                Some(failure) => {
                    summary.notes.push(SourceNote { name: feed.name.clone(), message: failure.message.clone() });
                }
            }
        }
        summary
    }

    /// What is to be told of a feed's coverage, each thing in the digest that covers it: times in which items may have been
    /// missed, that it has fallen silent, and that it has something new again.
    fn coverage_notes(&self, state: &FeedState, slot: &Slot) -> Vec<String> {
        let zone = TimeZone::get(&self.settings.digest.zone).unwrap_or(TimeZone::UTC);
        let clock = |at: Timestamp| zone.to_datetime(at).strftime("%-d %B, %H:%M").to_string();
        let day = |at: Timestamp| zone.to_datetime(at).strftime("%-d %B").to_string();
        let covers = |at: Timestamp| slot.from <= at && at < slot.to;
        let mut notes = Vec::new();
        let gaps: Vec<_> = state.recent_gaps.iter().filter(|gap| covers(gap.to)).collect();
        if let (Some(first), Some(last)) = (gaps.first(), gaps.last()) {
            let times = if gaps.len() == 1 { String::new() } else { format!(" {} times", gaps.len()) };
            notes.push(format!("may have missed items{times} between {} and {}", clock(first.from), clock(last.to)));
        }
        if let Some(silence) = state.silence {
            match silence.back {
                Some(back) if covers(back) => {
                    notes.push(format!("has something new again, after nothing since {}", day(silence.since)));
                }
                _ if covers(silence.noticed) => {
                    notes.push(format!("nothing new since {}, far longer than usual for it", day(silence.since)));
                }
                _ => {}
            }
        }
        notes
    }
}
