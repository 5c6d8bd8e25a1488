//! An incoming webhook in Slack's form, which Mattermost and Discord (at `…/slack`) take too.
//!
//! Slack shows the blocks; the others know none and show the text, so the text says the same.
//!
//! Source: Slack, "Sending messages using incoming webhooks" and "Block Kit" (at most 50 blocks, 3,000 characters each);
//! Mattermost (16,383 characters); Discord (2,000 characters).

use super::peer::{Peer, PeerSettings};
use super::{ChannelError, stable_id};
use crate::domain::{ChannelId, Receipt};
use crate::ports::{Channel, DeliverError, Message};
use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Most blocks of one message.
const MOST_BLOCKS: usize = 50;
/// Most characters of one message, for Slack and Mattermost.
const MOST_TEXT: usize = 12_000;
/// Most characters of one message, for Discord.
const MOST_TEXT_DISCORD: usize = 2_000;
/// Most messages of one digest; what does not fit stands in the store.
const MOST_PARTS: usize = 10;
/// Between two blocks of a text.
const GAP: &str = "\n\n";

/// A room of a chat that takes each digest as messages.
#[derive(Clone)]
pub struct SlackChannel {
    id: ChannelId,
    peer: Peer,
    discord: bool,
}

impl SlackChannel {
    /// The channel `id` with `settings`. Nothing is connected to yet.
    ///
    /// # Errors
    /// When the address is none, or leads over the open network without TLS.
    pub fn new(id: ChannelId, settings: PeerSettings) -> Result<Self, ChannelError> {
        let peer = Peer::new(id.as_str(), settings)?;
        let discord = peer.url().path().trim_end_matches('/').ends_with("/slack");
        Ok(Self { id, peer, discord })
    }

    /// The blocks of `message`, by the messages that hold them.
    fn pack(&self, message: &Message) -> Vec<Vec<String>> {
        let most = if self.discord { MOST_TEXT_DISCORD } else { MOST_TEXT };
        let length = |blocks: &[String]| -> usize {
            blocks.iter().map(|b| b.chars().count()).sum::<usize>() + blocks.len().saturating_sub(1) * GAP.len()
        };
        let mut parts: Vec<Vec<String>> = vec![Vec::new()];
        for block in message.blocks.iter().filter(|b| !b.is_empty()) {
            let fits = |part: &Vec<String>| {
                part.is_empty() || part.len() < MOST_BLOCKS && length(part) + GAP.len() + block.chars().count() <= most
            };
            match parts.last_mut().filter(|part| fits(part)) {
                Some(part) => part.push(block.clone()),
                None => parts.push(vec![block.clone()]),
            }
        }
        if parts.len() > MOST_PARTS {
            parts.truncate(MOST_PARTS - 1);
            let rest = format!("The rest does not fit: `conductwatch digest show {}` has it.", message.digest);
            parts.push(vec![rest]);
        }
        parts
    }

    /// What one message says.
    fn payload(&self, blocks: &[String]) -> Value {
        let mut payload = json!({ "text": blocks.join(GAP), "unfurl_links": false, "unfurl_media": false });
        if !self.discord {
            let section = |text: &String| json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } });
            payload["blocks"] = blocks.iter().map(section).collect();
        }
        payload
    }
}

#[async_trait]
impl Channel for SlackChannel {
    fn id(&self) -> &ChannelId {
        &self.id
    }

    fn parts(&self, message: &Message) -> usize {
        self.pack(message).len()
    }

    async fn deliver(&self, message: &Message, now: Timestamp) -> Result<Receipt, DeliverError> {
        let parts = self.pack(message);
        let payload = self.payload(parts.get(message.part).map_or(&[], Vec::as_slice));
        let key = stable_id(&format!("{}.{}", message.key, message.part));
        let headers = vec![("content-type", "application/json".to_owned()), ("idempotency-key", key)];
        let answer = self.peer.hand_over(headers, payload.to_string().into_bytes(), now).await?;
        Ok(Receipt { at: now, answer, receivers: Vec::new() })
    }
}

#[cfg(test)]
mod tests;
