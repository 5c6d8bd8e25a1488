//! Developments: events in the world, each with the reports that tell it.

use super::{ArticleId, DevelopmentId, DevelopmentType, EventStage, PartialDate, Report, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event in the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Development {
    /// Derives from its first report; never changes.
    pub id: DevelopmentId,
    /// Type of its first report, by which it is named.
    #[serde(rename = "type")]
    pub kind: DevelopmentType,
    /// How far it has come.
    pub stage: EventStage,
    /// The most precise date its reports agree on.
    pub date: Option<PartialDate>,
    /// The reports that tell it, in order of settling.
    pub reports: Vec<DevelopmentReport>,
    /// Ids of developments that turned out to be this one.
    pub merged: Vec<DevelopmentId>,
    /// Watched ids for which an alert was raised, with the time.
    pub alerted: Vec<(String, Timestamp)>,
    /// When it was first told to this program.
    pub first_seen: Timestamp,
}

/// One report of a development, with what settling needs to know of its article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevelopmentReport {
    /// The article.
    pub article: ArticleId,
    /// Position among the article's reports, from 0.
    pub index: usize,
    /// The report.
    pub report: Report,
    /// When the article was published or modified.
    pub at: Timestamp,
    /// Publication that carries it.
    pub outlet: Option<String>,
    /// Agency that supplied it.
    pub agency: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// The cluster of near copies its article belongs to: the id of the cluster's first article.
    pub copies_of: ArticleId,
    /// Rare proper nouns and numbers of the evidence sentence and its neighbours, for comparison.
    pub rare_words: Vec<String>,
    /// Why it was taken for this development.
    pub grounds: Vec<String>,
}

impl Development {
    /// Whether any of its reports was told as new.
    pub fn told_as_new(&self) -> bool {
        self.reports.iter().any(|r| r.report.status == Status::New)
    }

    /// Number of independent sources: clusters of near copies among its articles.
    pub fn independent_sources(&self) -> usize {
        let mut clusters: Vec<&ArticleId> = self.reports.iter().map(|r| &r.copies_of).collect();
        clusters.sort_unstable();
        clusters.dedup();
        clusters.len()
    }
}

/// What is known to have happened to a person or body before: one line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The development.
    pub development: DevelopmentId,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: DevelopmentType,
    /// Its date.
    pub date: Option<PartialDate>,
    /// Its detail.
    pub detail: String,
}

/// What developments and articles are found by. Candidates share a key; they need not be the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BlockingKey {
    /// Family of types and a person's id or name.
    Person(String, String),
    /// Family of types, a body's id or name, and a month (year × 12 + month − 1), if the report has one.
    Body(String, String, Option<i32>),
    /// A hash of an article's sketch: near copies share several.
    Sketch(u64),
}
