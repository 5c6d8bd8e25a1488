//! Hand stored digests over to their channels.

use super::{AskError, Pipeline, decision};
use crate::domain::{ChannelId, Delivery, DeliveryState, Digest, Outcome, Stage, Subject};
use crate::ports::{Channel, DeliverError, DeliverFault, Message, StoreError};
use crate::stages::digest::trial;
use crate::stages::render::{self, Parts};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;

/// Pause between two parts of one digest: chats let through about one message a second.
const PART_PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// How deliveries are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryPolicy {
    /// Wait after the first failure; it doubles with each further one.
    pub first_retry: SignedDuration,
    /// Longest wait between two attempts.
    pub max_retry: SignedDuration,
    /// Attempts after which a delivery is given up and shown as dead.
    pub attempts: u32,
}

impl Default for DeliveryPolicy {
    /// 1 minute doubling to 6 hours, 20 attempts: about three and a half days.
    fn default() -> Self {
        Self { first_retry: SignedDuration::from_mins(1), max_retry: SignedDuration::from_hours(6), attempts: 20 }
    }
}

/// What one round of deliveries did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The channel's name for each that was handed over.
    pub sent: Vec<String>,
    /// Failures, with the channel's name; they are tried again or were given up.
    pub failed: Vec<(String, String)>,
    /// When the next delivery is due.
    pub next_due: Option<Timestamp>,
}

impl Pipeline {
    /// Tries every delivery that is due, each once, all at the same time: a slow channel delays no other.
    ///
    /// A delivery is marked sent only after its channel took it; a crash between the two repeats it under the same key.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn deliver_due(&self) -> Result<DeliveryReport, StoreError> {
        let _quiet = self.delivering.lock().await;
        let now = self.clock.now();
        let mut report = DeliveryReport::default();
        // Nothing is put off by more than this: what is, was so under a clock that has been put back since.
        let longest = SignedDuration::try_from(DeliverError::LONGEST_REST).unwrap_or_default();
        let latest = now.saturating_add(self.settings.delivery.max_retry.max(longest)).unwrap_or(Timestamp::MAX);
        let mut due = Vec::new();
        for delivery in self.store.outbox().await? {
            match &delivery.state {
                DeliveryState::Pending { due: at } if *at <= now || *at > latest => due.push(delivery),
                DeliveryState::Pending { due: at } => {
                    report.next_due = Some(report.next_due.map_or(*at, |next| next.min(*at)));
                }
                _ => {}
            }
        }
        let results = join_all(due.into_iter().map(|delivery| self.attempt(delivery, now))).await;
        for result in results {
            let delivery = result?;
            match &delivery.state {
                DeliveryState::Sent { .. } => report.sent.push(delivery.channel.to_string()),
                // A part of it was taken, and the next is due soon.
                DeliveryState::Pending { due } if delivery.last_failure.is_none() => {
                    report.next_due = Some(report.next_due.map_or(*due, |next| next.min(*due)));
                }
                state => {
                    let message = delivery.last_failure.clone().unwrap_or_default();
                    report.failed.push((delivery.channel.to_string(), message));
                    if let DeliveryState::Pending { due } = state {
                        report.next_due = Some(report.next_due.map_or(*due, |next| next.min(*due)));
                    }
                }
            }
        }
        Ok(report)
    }

    /// One attempt at one delivery, or at one part of it, and its commit.
    async fn attempt(&self, mut delivery: Delivery, now: Timestamp) -> Result<Delivery, StoreError> {
        let (outcome, parts) = match self.channel_and_message(&delivery).await? {
            Err(error) => (Err(error), 1),
            Ok((channel, message)) => (channel.deliver(&message, now).await, channel.parts(&message)),
        };
        let subject = Subject::Digest(delivery.digest.clone());
        let channel = delivery.channel.to_string();
        let policy = self.settings.delivery;
        let made = match outcome {
            Ok(receipt) if (delivery.parts_taken as usize) + 1 < parts => {
                delivery.parts_taken += 1;
                delivery.last_failure = None;
                let evidence = format!("{channel}: {} of {parts} parts: {}", delivery.parts_taken, receipt.answer);
                delivery.state = DeliveryState::Pending { due: now.checked_add(PART_PAUSE).unwrap_or(now) };
                decision(subject, Stage::Deliver, "part_sent", Outcome::Deferred, evidence, now)
            }
            Ok(receipt) => {
                delivery.attempts += 1;
                tracing::info!(digest.id = %delivery.digest, channel.id = %channel, "digest delivered");
                let evidence = format!("{channel}: {}", receipt.answer);
                delivery.state = DeliveryState::Sent { receipt };
                decision(subject, Stage::Deliver, "sent", Outcome::Passed, evidence, now)
            }
            Err(error) => {
                delivery.attempts += 1;
                let retry = error.retry();
                let DeliverError { message, fault, after, taken } = error;
                let evidence = format!("{channel}, attempt {}: {message}", delivery.attempts);
                delivery.last_failure = Some(message.clone());
                delivery.taken.extend(taken);
                if retry && delivery.attempts < policy.attempts {
                    let wait = policy.first_retry.saturating_mul(1 << (delivery.attempts - 1).min(16));
                    // What the peer asks for is never shortened.
                    let asked = after.and_then(|a| SignedDuration::try_from(a).ok()).unwrap_or_default();
                    let due = now.checked_add(wait.min(policy.max_retry).max(asked)).unwrap_or(now);
                    tracing::warn!(channel.id = %channel, digest.id = %delivery.digest, attempts = delivery.attempts, fault = fault.name(), "digest not delivered, tried again at {due}: {message}");
                    delivery.state = DeliveryState::Pending { due };
                    decision(subject, Stage::Deliver, "not_taken", Outcome::Deferred, evidence, now)
                } else {
                    tracing::error!(channel.id = %channel, digest.id = %delivery.digest, attempts = delivery.attempts, fault = fault.name(), "digest given up: {message}; `conductwatch digest resend {}` sends it again", delivery.digest);
                    delivery.state = DeliveryState::Dead { message, at: now };
                    decision(subject, Stage::Deliver, "given_up", Outcome::Stopped, evidence, now)
                }
            }
        };
        self.store.commit_delivery(delivery.clone(), made).await?;
        Ok(delivery)
    }

    /// The channel a delivery goes to and the message it carries, or why it cannot be had.
    pub(super) async fn channel_and_message(
        &self,
        delivery: &Delivery,
    ) -> Result<Result<(Arc<dyn Channel>, Message), DeliverError>, StoreError> {
        let Some(digest) = self.store.digest(&delivery.digest).await? else {
            let message = format!("digest {} is not in the store", delivery.digest);
            return Ok(Err(DeliverError::new(DeliverFault::Impossible, message)));
        };
        let Some(channel) = self.channel(&delivery.channel) else {
            // It may come back with the next configuration; until then the delivery waits.
            let message = format!("channel {} is not in the configuration", delivery.channel);
            return Ok(Err(DeliverError::new(DeliverFault::Local, message)));
        };
        let message = Message {
            receivers: delivery.receivers.clone(),
            taken: delivery.taken.clone(),
            part: delivery.parts_taken as usize,
            ..message(&self.masks().digest(&digest), delivery.key())
        };
        Ok(Ok((channel, message)))
    }

    fn channel(&self, id: &ChannelId) -> Option<Arc<dyn Channel>> {
        self.channels.iter().chain(&self.former).find(|c| c.id() == id).map(Arc::clone)
    }

    /// Has a digest sent again: to `channel`, or to every channel where it was given up or waits for another attempt. What was
    /// given up keeps its key; what was taken, and is sent again because a channel is named, gets a new one.
    ///
    /// # Errors
    /// When there is no such digest or delivery, nothing is to be sent again, or the store fails.
    pub async fn resend(&self, id: &str, channel: Option<&ChannelId>) -> Result<Value, AskError> {
        let digest = super::ask::find_digest(self.store.as_ref(), id).await?;
        let deliveries = self.store.deliveries(&digest).await?;
        let names = deliveries.iter().map(|d| d.channel.to_string()).collect::<Vec<_>>().join(", ");
        if let Some(channel) = channel
            && !deliveries.iter().any(|d| d.channel == *channel)
        {
            let message =
                format!("digest {digest} was not sent to {channel:?}, but to: {names}", channel = channel.as_str());
            return Err(AskError::Unknown(message));
        }
        let now = self.clock.now();
        let mut resent = Vec::new();
        for mut delivery in deliveries.into_iter().filter(|d| channel.is_none_or(|c| d.channel == *c)) {
            let was = match &delivery.state {
                // What is due is being tried, or will be at once.
                DeliveryState::Pending { due } if *due <= now => continue,
                DeliveryState::Pending { .. } => "waiting",
                DeliveryState::Dead { .. } => "given_up",
                DeliveryState::Sent { .. } if channel.is_none() => continue,
                DeliveryState::Sent { receipt } => {
                    delivery.had.extend(receipt.receivers.iter().cloned().chain(delivery.taken.drain(..)));
                    delivery.had.sort_unstable();
                    delivery.had.dedup();
                    delivery.parts_taken = 0;
                    delivery.rounds += 1;
                    "sent"
                }
            };
            delivery.attempts = 0;
            delivery.last_failure = None;
            delivery.state = DeliveryState::Pending { due: now };
            let evidence = format!("{}: asked for by hand, it was {}", delivery.channel, was.replace('_', " "));
            let subject = Subject::Digest(digest.clone());
            let made = decision(subject, Stage::Deliver, "resent", Outcome::Deferred, evidence, now);
            tracing::info!(digest.id = %digest, channel.id = %delivery.channel, "digest is sent again, as asked");
            resent.push(json!({ "channel": delivery.channel, "was": was, "key": delivery.key() }));
            self.store.commit_delivery(delivery, made).await?;
        }
        if resent.is_empty() {
            let message = format!(
                "nothing of digest {digest} was given up or waits ({names}): name a channel with --channel to send it once more"
            );
            return Err(AskError::Unknown(message));
        }
        Ok(json!({ "digest": digest, "resent": resent }))
    }

    /// Sends a digest that is none through `channel`, all its parts, and tells what its peer said. Nothing is stored.
    ///
    /// # Errors
    /// When there is no such channel.
    pub async fn try_channel(&self, channel: &ChannelId) -> Result<Value, AskError> {
        let found = self.channel(channel).ok_or_else(|| {
            AskError::Unknown(format!("no channel has the id {:?} in the configuration that runs", channel.as_str()))
        })?;
        let now = self.clock.now();
        let tried = try_channel(found.as_ref(), &trial(now, &self.settings.digest.zone), now).await;
        Ok(told_of_trial(channel, &tried))
    }
}

/// Hands `digest`, which is none, to `channel`: all its parts, one after the other.
///
/// # Errors
/// When its peer did not take it.
pub async fn try_channel(channel: &dyn Channel, digest: &Digest, now: Timestamp) -> Result<String, DeliverError> {
    let key = format!("{}.{}", digest.id, channel.id());
    let mut message = Message { test: true, ..message(digest, key) };
    let mut answer = String::new();
    for part in 0..channel.parts(&message) {
        message.part = part;
        answer = channel.deliver(&message, now).await?.answer;
    }
    Ok(answer)
}

/// What came of a trial, as JSON.
pub fn told_of_trial(channel: &ChannelId, tried: &Result<String, DeliverError>) -> Value {
    match tried {
        Ok(answer) => json!({ "channel": channel, "taken": true, "answer": answer }),
        Err(error) => {
            json!({ "channel": channel, "taken": false, "fault": error.fault.name(), "error": error.message })
        }
    }
}

/// `digest` in the forms that channels send, under `key`.
pub fn message(digest: &Digest, key: String) -> Message {
    let Parts { digest, subject, text, html, json, blocks, entries, at } = render::message(digest);
    Message {
        digest,
        key,
        subject,
        text,
        html,
        json,
        at,
        blocks,
        entries,
        receivers: Vec::new(),
        taken: Vec::new(),
        part: 0,
        test: false,
    }
}
