//! Decisions: every stage's yes and no, kept so that `why` only has to print them.

use super::{AlertId, ArticleId, DevelopmentId, DigestId, EntryId, FeedId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The stage that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// When a feed is polled.
    Schedule,
    /// Getting a feed.
    Fetch,
    /// Reading a feed.
    Parse,
    /// Which entries' pages are fetched.
    Select,
    /// Getting a page.
    Scrape,
    /// Finding the article on the page.
    Clean,
    /// Reading the article.
    Extract,
    /// Which development a report tells.
    Settle,
    /// Whether someone should know.
    Alert,
    /// Making the digest.
    Digest,
    /// Handing it over.
    Deliver,
    /// How long things are kept.
    Keep,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It goes on.
    Passed,
    /// It ends here.
    Stopped,
    /// It is tried again later.
    Deferred,
}

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Subject {
    /// A feed.
    Feed(FeedId),
    /// An entry.
    Entry(EntryId),
    /// An article.
    Article(ArticleId),
    /// A development.
    Development(DevelopmentId),
    /// An alert.
    Alert(AlertId),
    /// A digest.
    Digest(DigestId),
}

/// One decision of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What it is about.
    pub subject: Subject,
    /// The stage that decided.
    pub stage: Stage,
    /// Stable name of the rule that decided.
    pub rule: String,
    /// What was decided.
    pub outcome: Outcome,
    /// The words or figures it rests on, for people.
    pub evidence: String,
    /// When.
    pub at: Timestamp,
}
