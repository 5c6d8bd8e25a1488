//! Developments: events in the world, each with the reports that tell it.

use super::{ArticleId, DevelopmentId, DevelopmentType, EventStage, PartialDate, Report, Status, StoryId};
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
    /// The matter it belongs to; for display only.
    pub story: Option<StoryId>,
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
    /// What the user decided about it: that wins over every rule.
    #[serde(default, skip_serializing_if = "ByHand::is_empty")]
    pub by_hand: ByHand,
}

/// What the user decided about which reports tell a development.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Developments that are other events, whatever the rules say.
    pub apart: Vec<DevelopmentId>,
    /// Reports that belong here, in every later version of their articles too.
    pub pinned: Vec<Pin>,
    /// Developments that were merged into it, as they were, so that it can be undone.
    pub merged: Vec<MergedByHand>,
}

/// A report that the user put into a development.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pin {
    /// Its article.
    pub article: ArticleId,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: DevelopmentType,
    /// To whom it happened; where it is nobody named, the bodies.
    pub who: Vec<String>,
}

impl Pin {
    /// The pin of `report`, which `article` tells.
    pub fn of(article: &ArticleId, report: &Report) -> Self {
        let who = if report.who.is_empty() { &report.body } else { &report.who };
        Self { article: article.clone(), kind: report.kind, who: who.iter().map(|e| e.id.clone()).collect() }
    }

    /// Whether both may be of one report.
    pub fn meets(&self, other: &Self) -> bool {
        let nobody = self.who.is_empty() && other.who.is_empty();
        self.article == other.article
            && self.kind == other.kind
            && (nobody || self.who.iter().any(|id| other.who.contains(id)))
    }
}

/// A development that the user merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedByHand {
    /// As it was.
    pub was: Box<Development>,
    /// Whether a `[[merge]]` of the watchlist says so: then it is undone when that goes.
    pub ruled: bool,
}

impl ByHand {
    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.apart.is_empty() && self.pinned.is_empty() && self.merged.is_empty()
    }
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

/// What can be told of a stored article at a glance: enough to see of most that they cannot matter to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glimpse {
    /// Where it is.
    pub url: Option<String>,
    /// The sketch of its text.
    pub sketch: Vec<u64>,
    /// Whether keywords were found in it.
    pub has_keywords: bool,
}
