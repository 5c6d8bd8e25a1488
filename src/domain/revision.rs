//! Revisions: what publishers change in articles after they were read, and when those are looked at again.

use super::{AlertId, ArticleId, DevelopmentType};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The article is gone, or a notice stands in its place.
    Withdrawn,
    /// The user said that the alert was wrong.
    Said,
    /// The publisher's note that it amended or corrected the article.
    Note,
    /// A name gave way to another.
    NameChanged,
    /// A name does not stand there any more.
    NameGone,
    /// A name stands there that did not before.
    NameAdded,
    /// What was told of someone is told otherwise.
    ReportChanged,
    /// What was told of someone is not told any more.
    ReportGone,
    /// The headline.
    Headline,
}

/// One change with meaning between two versions of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// What changed, for people ("date: 3 March 2026, was 2 March 2026").
    pub what: String,
    /// The headline or sentence before; empty where there was none.
    pub before: String,
    /// The headline or sentence that stands there instead; empty where there is none.
    pub after: String,
    /// The type of what was told, where that changed.
    pub event: Option<DevelopmentType>,
    /// Ids of the persons and bodies that it is about; empty where it is about the whole article.
    pub concerns: Vec<String>,
}

/// A later version of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The article.
    pub article: ArticleId,
    /// The first version that was read is 0, so the first revision is 1.
    pub number: u32,
    /// When it was seen.
    pub at: Timestamp,
    /// What changed; empty where nothing with meaning did.
    pub changes: Vec<Change>,
    /// Whether a note on the page says that the article was corrected.
    pub explained: bool,
}

/// An article behind an alert that is looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recheck {
    /// The article.
    pub article: ArticleId,
    /// Where it is.
    pub url: Url,
    /// When the alert was raised from which the times count.
    pub since: Timestamp,
    /// When it is due; `None` once it is not looked at any more.
    pub due: Option<Timestamp>,
    /// Looks that were had.
    pub looks: u32,
    /// Answers in a row that the page is gone.
    pub gone: u32,
    /// Failures in a row to get it.
    pub failures: u32,
    /// `ETag` of the last answer that had one.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer that had one.
    pub last_modified: Option<String>,
    /// What the last look gave, for people.
    pub last: String,
}

/// An earlier alert that a later one corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// The earlier alert.
    pub alert: AlertId,
    /// What kind of thing it told ("Charge", "Keyword").
    pub label: String,
    /// The headline it was told with.
    pub headline: String,
    /// When it was raised.
    pub raised: Timestamp,
}
