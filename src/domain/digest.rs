//! Digests: alerts as one message, and what became of it.

use super::{Alert, AlertId, ChannelId, DigestId, Doubt, Standing, StoryId};
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
    /// One line for each person or body of whom something major is told; empty where the subject has room for all.
    pub overview: Vec<String>,
    /// What a publisher has put right, what was taken back, and how a matter ended that was told: it stands on top, since the
    /// reader may have been told otherwise.
    pub corrections: Vec<DigestItem>,
    /// What the flood breaker held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flood: Option<Flood>,
    /// One for each watched person or body, in watchlist order, those with major developments first; then one for each
    /// keyword.
    pub sections: Vec<DigestSection>,
    /// What could not be told.
    pub doubts: Vec<ReadingDoubt>,
    /// Articles read in the time it covers.
    pub articles_read: u64,
    /// The state of the sources.
    pub sources: SourcesSummary,
}

impl DigestItem {
    /// All its alerts, the one that names it first.
    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        std::iter::once(&self.alert).chain(&self.with)
    }
}

impl Digest {
    /// All items: corrections, then those of the sections.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.corrections.iter().chain(self.sections.iter().flat_map(DigestSection::items))
    }

    /// Whether it tells the alert, by itself or as one of a flood.
    pub fn tells(&self, alert: &AlertId) -> bool {
        self.alerts().any(|a| a.id == *alert) || self.flood.as_ref().is_some_and(|f| f.alerts.contains(alert))
    }

    /// All alerts that it tells.
    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.items().flat_map(DigestItem::alerts)
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
    /// Its major developments, story by story.
    pub stories: Vec<DigestStory>,
    /// Statements, and the hits of a keyword.
    pub minor: Vec<DigestItem>,
}

impl DigestSection {
    /// All its items, the major ones first.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.stories.iter().flat_map(|story| &story.items).chain(&self.minor)
    }
}

/// What a digest says of one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestStory {
    /// That of its oldest development.
    pub id: StoryId,
    /// The person it is mostly about, where the section's title does not say so.
    pub name: Option<String>,
    /// What is new, in order of time.
    pub items: Vec<DigestItem>,
    /// What was known before, the latest last.
    pub known_before: Vec<Standing>,
    /// What is fixed for a day to come (a hearing, a sentencing), the next first.
    pub due_next: Vec<Standing>,
}

/// One item of a digest: an alert, or several of one hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestItem {
    /// The alert that names it.
    #[serde(flatten)]
    pub alert: Alert,
    /// Further alerts of the same hearing, ruling or publication.
    pub with: Vec<Alert>,
    /// Whether its article was amended since, and the same digest tells what it says by now.
    pub amended_since: bool,
    /// How many articles tell it so far.
    pub articles: u32,
    /// How many of them are independent of each other.
    pub independent_sources: u32,
    /// Where else it is told, independent sources first; the alert's own article is not among them.
    pub elsewhere: Vec<DigestLink>,
    /// Names of other watched persons and bodies it is also about (it is told in full once).
    pub also_about: Vec<String>,
}

/// An article elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLink {
    /// Publication.
    pub outlet: Option<String>,
    /// Address.
    pub url: String,
}

/// What could not be told in an article that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingDoubt {
    /// The article's headline.
    pub headline: String,
    /// The article's address.
    pub url: Option<String>,
    /// What, and why not.
    #[serde(flatten)]
    pub doubt: Doubt,
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
    /// Those of the receivers who have it already, under this key: a further attempt leaves them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<String>,
    /// How many of its parts were taken, where the channel sends it in several: a further attempt begins with the next.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parts_taken: u32,
    /// How often its user had it sent again after it was taken: each time under a key of its own.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rounds: u32,
    /// Who has it from earlier rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub had: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Delivery {
    /// The delivery of `digest` to all that `channel` has, due at `due`.
    pub const fn new(digest: DigestId, channel: ChannelId, due: Timestamp) -> Self {
        Self {
            digest,
            channel,
            attempts: 0,
            last_failure: None,
            state: DeliveryState::Pending { due },
            receivers: Vec::new(),
            taken: Vec::new(),
            parts_taken: 0,
            rounds: 0,
            had: Vec::new(),
        }
    }

    /// The idempotency key: the same at every attempt, so that the receiver can tell a repeat. What its user has sent again
    /// after it was taken has a new one, since the receiver is to take it.
    pub fn key(&self) -> String {
        match self.rounds {
            0 => format!("{}.{}", self.digest, self.channel),
            n => format!("{}.{}.{n}", self.digest, self.channel),
        }
    }

    /// Who was sent it, by name where the channel knows names; `None` when nobody was or will be. A delivery that still
    /// waits counts as sent: it will be.
    pub fn sent_to(&self) -> Option<Vec<String>> {
        let (own, is_sent) = match &self.state {
            DeliveryState::Sent { receipt } => (&receipt.receivers, true),
            DeliveryState::Pending { .. } => (&self.receivers, true),
            DeliveryState::Dead { .. } => (&self.taken, !self.taken.is_empty() || self.rounds > 0),
        };
        let mut all: Vec<String> = own.iter().chain(&self.taken).chain(&self.had).cloned().collect();
        all.sort_unstable();
        all.dedup();
        is_sent.then_some(all)
    }
}

/// An alert as an entry of a feed of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertEntry {
    /// The alert: the entry's identity.
    pub alert: AlertId,
    /// One line.
    pub title: String,
    /// What it says, as HTML.
    pub html: String,
    /// When the alert was raised.
    pub at: Timestamp,
    /// The article's address.
    pub url: Option<String>,
    /// The article's outlet.
    pub outlet: Option<String>,
    /// Type, level and names.
    pub tags: Vec<String>,
    /// Earlier alerts that it corrects or follows up.
    pub corrects: Vec<AlertId>,
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
