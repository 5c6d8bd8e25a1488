//! What `articles.toml` holds.

use jiff::Timestamp;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    pub(super) outlet: Vec<Outlet>,
    pub(super) article: Vec<Article>,
}

/// The kinds of feeds; each outlet has one, and a kind of page with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    Rss,
    Atom,
    Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outlet {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) strapline: String,
    /// Path of its feed.
    pub(super) feed: String,
    pub(super) format: Format,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    pub(super) outlet: String,
    pub(super) slug: String,
    pub(super) section: String,
    pub(super) published: Timestamp,
    pub(super) headline: String,
    pub(super) standfirst: String,
    pub(super) byline: String,
    pub(super) agency: Option<String>,
    pub(super) caption: String,
    pub(super) credit: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) amended: Option<Amended>,
}

/// How an article stands after it was amended; what is `None` stays as it was.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Amended {
    pub(super) at: Timestamp,
    pub(super) headline: Option<String>,
    pub(super) standfirst: Option<String>,
    pub(super) paragraphs: Option<Vec<String>>,
    pub(super) note: String,
}

/// An article as it stands at some time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Version<'a> {
    pub(super) headline: &'a str,
    pub(super) standfirst: &'a str,
    pub(super) paragraphs: &'a [String],
    /// When it was amended, and the outlet's note of it.
    pub(super) amended: Option<(Timestamp, &'a str)>,
}

impl Article {
    /// The article as it stands at `now`.
    pub(super) fn at(&self, now: Timestamp) -> Version<'_> {
        let amended = self.amended.as_ref().filter(|a| a.at <= now);
        Version {
            headline: amended.and_then(|a| a.headline.as_deref()).unwrap_or(&self.headline),
            standfirst: amended.and_then(|a| a.standfirst.as_deref()).unwrap_or(&self.standfirst),
            paragraphs: amended.and_then(|a| a.paragraphs.as_deref()).unwrap_or(&self.paragraphs),
            amended: amended.map(|a| (a.at, a.note.as_str())),
        }
    }

    /// When it was last changed before `now`.
    pub(super) fn changed(&self, now: Timestamp) -> Timestamp {
        self.at(now).amended.map_or(self.published, |(at, _)| at)
    }
}
