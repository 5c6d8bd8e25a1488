//! Entries: the items of feeds.

use super::{ArticleId, EntryId, FeedId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// What parsing reads out of one feed document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedFeed {
    /// Title of the feed.
    pub title: Option<String>,
    /// Entries in document order.
    pub entries: Vec<ParsedEntry>,
    /// What had to be repaired or left out.
    pub warnings: Vec<Warning>,
    /// What the feed says of how often to poll it.
    pub hints: PollHints,
}

/// One entry as its document has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedEntry {
    /// The document's own identifier (RSS `guid`, Atom `id`, `rdf:about`, JSON `id`), not resolved against a base.
    pub document_id: Option<String>,
    /// Our identity key within the feed: the document's id, else the normalised link, else title and date. Never random.
    pub key: String,
    /// Absolute address of the article.
    pub link: Option<Url>,
    /// Title as plain text.
    pub title: Option<String>,
    /// Summary or content as plain text.
    pub summary: Option<String>,
    /// Publication time, or the update time where that is all there is; never made up.
    pub published: Option<Timestamp>,
    /// Update time.
    pub updated: Option<Timestamp>,
    /// Author names.
    pub authors: Vec<String>,
    /// Mark-up of a notice that stands whole in a list page and has no page of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

impl ParsedEntry {
    /// Its title and the start of its summary in one form, by which it is known again under another id; `None` where it has
    /// no title.
    pub fn content(&self) -> Option<String> {
        let form = |text: &str| {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
        };
        let title = self.title.as_deref().map(form).filter(|t| !t.is_empty())?;
        let summary: String = self.summary.as_deref().unwrap_or("").chars().take(300).collect();
        Some(format!("{title}\n{}", form(&summary)))
    }
}

/// What a feed says of how often to poll it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PollHints {
    /// The feed's own least wait between polls in seconds (`ttl`, `sy:updatePeriod` / `sy:updateFrequency`).
    pub min_wait_secs: Option<u64>,
    /// UTC hours (0 to 23) in which not to poll (RSS `skipHours`).
    pub skip_hours: Vec<u8>,
    /// Days in which not to poll (RSS `skipDays`), Monday is 0.
    pub skip_days: Vec<u8>,
}

/// Something that was mended or lost in messy input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable name of the rule that mended it.
    pub rule: String,
    /// What was found, for people.
    pub message: String,
}

/// An entry of a known feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its identifier.
    pub id: EntryId,
    /// The feed it came from.
    pub feed: FeedId,
    /// What the document said.
    #[serde(flatten)]
    pub parsed: ParsedEntry,
    /// When it was first seen.
    pub first_seen: Timestamp,
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum EntryState {
    /// Not selected: kept with the reason, never fetched.
    PassedOver {
        /// The selection rule that passed it over.
        reason: String,
    },
    /// Selected: its page is due at `due`.
    Selected {
        /// When its page is to be fetched.
        due: Timestamp,
        /// Fetches that failed so far.
        attempts: u32,
        /// Whether the article was already taken from title and summary alone.
        headline_only: bool,
    },
    /// Its article is stored.
    Done {
        /// The article.
        article: ArticleId,
    },
    /// Its page could not be had; it was read from title and summary and will not be tried again.
    GaveUp {
        /// The article made of title and summary.
        article: ArticleId,
        /// The last failure.
        message: String,
    },
}

/// A stored entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecord {
    /// The entry.
    pub entry: Entry,
    /// Where it stands.
    pub state: EntryState,
    /// Whether it came with the first poll of its feed, so that its alerts go into the catch-up digest.
    pub catch_up: bool,
    /// Watched ids for whose past it is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_of: Vec<String>,
}
