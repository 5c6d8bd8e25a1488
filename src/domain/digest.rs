//! Digests: alerts as one message, and what became of it.

use super::{Alert, AlertId, ChannelId, DigestId, Doubt, Standing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One message: text, HTML and JSON are all made from this value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Derives from its due time and kind; the same digest is never made twice.
    pub id: DigestId,
    /// What happened, in one line: the subject of the mail.
    pub subject: String,
    /// Start of the time it covers.
    pub from: Timestamp,
    /// End of the time it covers.
    pub to: Timestamp,
    /// IANA zone in which its times are shown.
    pub zone: String,
    /// Anything the reader should know first ("due at 07:30, sent at 09:12: the service was not running").
    pub notices: Vec<String>,
    /// Corrections of what earlier digests told: they stand first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<DigestItem>,
    /// What the flood breaker held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flood: Option<Flood>,
    /// One for each watched person or body, in watchlist order, then one for each keyword.
    pub sections: Vec<DigestSection>,
    /// What could not be told.
    pub doubts: Vec<(String, Doubt)>,
    /// Articles read in the time it covers.
    pub articles_read: u64,
    /// The state of the sources.
    pub sources: SourcesSummary,
}

impl Digest {
    /// Every alert that it tells, in the order told.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.corrections.iter().chain(self.sections.iter().flat_map(|s| &s.items))
    }
}

/// More alerts than the flood breaker lets through: counted here, kept whole in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flood {
    /// Alerts that are held back, in the order raised.
    pub alerts: Vec<AlertId>,
    /// When the first and the last of them were raised.
    pub from: Timestamp,
    /// See `from`.
    pub to: Timestamp,
    /// How many of each source, the most first.
    pub by_source: Vec<(String, u32)>,
    /// How many of each type, for people, the most first.
    pub by_type: Vec<(String, u32)>,
}

/// What a digest says of one watched person, body or keyword.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestSection {
    /// Watchlist id.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Whether it is a keyword's.
    pub keyword: bool,
    /// What is new, major before minor.
    pub items: Vec<DigestItem>,
}

/// One alert in a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestItem {
    /// The alert.
    #[serde(flatten)]
    pub alert: Alert,
    /// How many articles tell it so far.
    pub articles: u32,
    /// How many of them are independent of each other.
    pub independent_sources: u32,
    /// What was known before about the same person or body.
    pub known_before: Vec<Standing>,
    /// Names of other watched persons and bodies it is also about (it is told in full once).
    pub also_about: Vec<String>,
}

/// The state of the sources, for a digest's foot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcesSummary {
    /// Feeds that are polled.
    pub total: u32,
    /// Feeds whose last poll succeeded.
    pub healthy: u32,
    /// Feeds that are not well, by name.
    pub notes: Vec<SourceNote>,
}

/// A feed that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNote {
    /// Its name.
    pub name: String,
    /// What is wrong, for people.
    pub message: String,
}

/// How the delivery of one digest to one channel stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DeliveryState {
    /// To be tried at `due`.
    Pending {
        /// When.
        due: Timestamp,
    },
    /// Handed over.
    Sent {
        /// The receipt.
        receipt: Receipt,
    },
    /// Given up after a written number of attempts, or because the peer refused for good.
    Dead {
        /// The last failure.
        message: String,
        /// When it was given up.
        at: Timestamp,
    },
}

/// One digest on its way to one channel: an item of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The digest.
    pub digest: DigestId,
    /// The channel.
    pub channel: ChannelId,
    /// Attempts so far.
    pub attempts: u32,
    /// The last failure, if any.
    pub last_failure: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: DeliveryState,
    /// Whom of the channel it goes to; empty for all that the channel has. A correction also goes to those who were sent
    /// what it corrects and get nothing else any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<String>,
}

impl Delivery {
    /// The idempotency key: the same at every attempt, so that the receiver can tell a repeat.
    pub fn key(&self) -> String {
        format!("{}.{}", self.digest, self.channel)
    }
}

/// Proof that a channel took a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// When.
    pub at: Timestamp,
    /// What the channel said (an SMTP answer, a file's path).
    pub answer: String,
    /// Who got it, where the channel knows (mail addresses).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<String>,
}
