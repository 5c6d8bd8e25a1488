//! Hand stored digests over to their channels.

use super::{Pipeline, decision};
use crate::domain::{Delivery, DeliveryState, Outcome, Stage, Subject};
use crate::ports::{Channel, DeliverError, Message, StoreError};
use crate::stages::render::{self, Parts};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

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
        let latest = now.saturating_add(self.settings.delivery.max_retry).unwrap_or(Timestamp::MAX);
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

    /// One attempt at one delivery, and its commit.
    async fn attempt(&self, mut delivery: Delivery, now: Timestamp) -> Result<Delivery, StoreError> {
        let outcome = match self.channel_and_message(&delivery).await? {
            Err(error) => Err(error),
            Ok((channel, message)) => channel.deliver(&message, now).await,
        };
        let subject = Subject::Digest(delivery.digest.clone());
        let channel = delivery.channel.to_string();
        delivery.attempts += 1;
        let policy = self.settings.delivery;
        let made = match outcome {
            Ok(receipt) => {
                tracing::info!(digest.id = %delivery.digest, channel.id = %channel, "digest delivered");
                let evidence = format!("{channel}: {}", receipt.answer);
                delivery.state = DeliveryState::Sent { receipt };
                decision(subject, Stage::Deliver, "sent", Outcome::Passed, evidence, now)
            }
            Err(DeliverError { message, retry }) => {
                let evidence = format!("{channel}, attempt {}: {message}", delivery.attempts);
                delivery.last_failure = Some(message.clone());
                if retry && delivery.attempts < policy.attempts {
                    let wait = policy.first_retry.saturating_mul(1 << (delivery.attempts - 1).min(16));
                    let due = now.checked_add(wait.min(policy.max_retry)).unwrap_or(now);
                    tracing::warn!(channel.id = %channel, digest.id = %delivery.digest, attempts = delivery.attempts, "digest not delivered, tried again at {due}: {message}");
                    delivery.state = DeliveryState::Pending { due };
                    decision(subject, Stage::Deliver, "not_taken", Outcome::Deferred, evidence, now)
                } else {
                    tracing::error!(channel.id = %channel, digest.id = %delivery.digest, attempts = delivery.attempts, "digest given up: {message}");
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
            return Ok(Err(DeliverError { message, retry: false }));
        };
        let mut channels = self.channels.iter().chain(&self.former);
        let Some(channel) = channels.find(|c| *c.id() == delivery.channel) else {
            // It may come back with the next configuration; until then the delivery waits.
            let message = format!("channel {} is not in the configuration", delivery.channel);
            return Ok(Err(DeliverError { message, retry: true }));
        };
        let Parts { digest, subject, text, html, json, at } = render::message(&self.masks().digest(&digest));
        let receivers = delivery.receivers.clone();
        let message = Message { digest, key: delivery.key(), subject, text, html, json, at, receivers };
        Ok(Ok((Arc::clone(channel), message)))
    }
}
