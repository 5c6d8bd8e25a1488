//! A program of the user's own that takes each digest as JSON.
//!
//! Source: the Standard Webhooks specification (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`; HMAC-SHA256
//! over `id.timestamp.body`, secrets as `whsec_` and base64).

use super::peer::{Peer, PeerSettings};
use super::{ChannelError, stable_id};
use crate::domain::{ChannelId, Receipt};
use crate::ports::{Channel, DeliverError, Message};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use serde_json::json;
use sha2::Sha256;
use std::fmt;

/// Version of the body: a field that changes its meaning or goes raises it, one that is added does not.
pub const VERSION: u32 = 1;
/// Fewest and most bytes of a signing secret.
const SECRET: std::ops::RangeInclusive<usize> = 24..=64;

/// What a webhook channel needs to know.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Where it posts to.
    pub peer: PeerSettings,
    /// The secret that signs: `whsec_` and base64 of 24 to 64 bytes, or as many bytes of text. Without one nothing is signed.
    pub secret: Option<String>,
}

impl fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = self.secret.as_ref().map(|_| "<redacted>");
        f.debug_struct("WebhookSettings").field("peer", &self.peer).field("secret", &secret).finish()
    }
}

/// A program that takes each digest as JSON by POST.
#[derive(Clone)]
pub struct WebhookChannel {
    id: ChannelId,
    peer: Peer,
    signer: Option<Hmac<Sha256>>,
}

impl WebhookChannel {
    /// The channel `id` with `settings`. Nothing is connected to yet.
    ///
    /// # Errors
    /// When the address is none or leads over the open network without TLS, or the secret is too short, too long or no base64.
    pub fn new(id: ChannelId, settings: WebhookSettings) -> Result<Self, ChannelError> {
        let peer = Peer::new(id.as_str(), settings.peer)?;
        let wrong = |message: String| ChannelError { channel: id.to_string(), message };
        let signer = settings.secret.as_deref().map(signer).transpose().map_err(wrong)?;
        Ok(Self { id, peer, signer })
    }

    /// The body, the same at every attempt.
    fn body(&self, message: &Message) -> Vec<u8> {
        let envelope = json!({
            "type": "conductwatch.digest",
            "version": VERSION,
            "id": stable_id(&message.key),
            "timestamp": message.at,
            "channel": self.id,
            "test": message.test,
            "subject": message.subject,
            "text": message.text,
        });
        // The digest's JSON stands in it as it is: what is escaped there stays so.
        let envelope = envelope.to_string();
        let open = envelope.strip_suffix('}').unwrap_or(&envelope);
        format!("{open},\"data\":{}}}\n", message.json.trim_end()).into_bytes()
    }

    fn headers(&self, message: &Message, body: &[u8], now: Timestamp) -> Vec<(&'static str, String)> {
        let id = stable_id(&message.key);
        let at = now.as_second().to_string();
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("idempotency-key", id.clone()),
            ("webhook-id", id.clone()),
            ("webhook-timestamp", at.clone()),
        ];
        if let Some(signer) = &self.signer {
            headers.push(("webhook-signature", sign(signer, &id, &at, body)));
        }
        headers
    }
}

#[async_trait]
impl Channel for WebhookChannel {
    fn id(&self) -> &ChannelId {
        &self.id
    }

    async fn deliver(&self, message: &Message, now: Timestamp) -> Result<Receipt, DeliverError> {
        let body = self.body(message);
        let headers = self.headers(message, &body, now);
        let answer = self.peer.hand_over(headers, body, now).await?;
        Ok(Receipt { at: now, answer, receivers: Vec::new() })
    }
}

/// The signature of a message: `v1,` and base64.
fn sign(signer: &Hmac<Sha256>, id: &str, at: &str, body: &[u8]) -> String {
    let mut signer = signer.clone();
    signer.update(format!("{id}.{at}.").as_bytes());
    signer.update(body);
    format!("v1,{}", STANDARD.encode(signer.finalize().into_bytes()))
}

/// What signs with `secret`. No error shows it.
fn signer(secret: &str) -> Result<Hmac<Sha256>, String> {
    let bytes = match secret.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| "its secret is no base64 behind `whsec_`".to_owned())?,
        None => secret.as_bytes().to_vec(),
    };
    if !SECRET.contains(&bytes.len()) {
        let (least, most) = (SECRET.start(), SECRET.end());
        return Err(format!("its secret has {} bytes: from {least} to {most} are asked for", bytes.len()));
    }
    Hmac::new_from_slice(&bytes).map_err(|e| format!("its secret cannot sign: {e}"))
}

#[cfg(test)]
mod tests;
