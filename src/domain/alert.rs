//! Alerts: decisions that someone should know.

use super::{
    AlertId, ArticleId, Basis, Caution, Change, Corrected, DevelopmentId, DevelopmentType, EntityRef, Evidence,
    PartialDate, StoryId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Everything but statements, corrections and keywords.
    Major,
    /// Statements, corrections and keywords.
    Minor,
}

/// Why a development is told now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertClass {
    /// The article tells it as new.
    New,
    /// The article recalls it, it may be at most 14 days old, and no alert was raised for it yet.
    Late,
}

/// What an alert tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AlertKind {
    /// A development that concerns the watched.
    Development {
        /// The development.
        development: DevelopmentId,
        /// The type it is named by.
        #[serde(rename = "type")]
        event: DevelopmentType,
        /// New or late.
        class: AlertClass,
        /// When it happened.
        date: Option<PartialDate>,
        /// What is special to it.
        detail: String,
        /// All it concerns, watched or not.
        who: Vec<EntityRef>,
    },
    /// A watched keyword.
    Keyword {
        /// The keyword's id.
        keyword: String,
    },
    /// What an earlier alert told was taken back or amended, by the publisher's word or the user's.
    Correction {
        /// What changed; never empty.
        changes: Vec<Change>,
    },
    /// The article behind an earlier alert was changed, and nothing on its page says so.
    SilentEdit {
        /// What changed; never empty.
        changes: Vec<Change>,
    },
}

/// A decision that someone should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Derives from the development, or from the keyword and the cluster of copies: the same alert is never raised twice.
    pub id: AlertId,
    /// What it tells.
    #[serde(flatten)]
    pub content: AlertKind,
    /// How much it matters.
    pub level: Level,
    /// Watched ids it concerns (empty for a keyword).
    pub tracked: Vec<String>,
    /// Names of those, for people.
    pub tracked_names: Vec<String>,
    /// The matter it belongs to.
    pub story: Option<StoryId>,
    /// The article that tells it.
    pub article: ArticleId,
    /// The article's headline.
    pub headline: String,
    /// The article's address.
    pub url: Option<String>,
    /// The article's outlet.
    pub outlet: Option<String>,
    /// When the article was published or modified.
    pub published: Option<Timestamp>,
    /// What the article was read from.
    pub basis: Basis,
    /// The sentence that tells it, with the mentions of the watched marked.
    pub evidence: Evidence,
    /// When it was raised.
    pub raised: Timestamp,
    /// Whether it came with the first poll of its feed and belongs into the catch-up digest.
    pub catch_up: bool,
    /// Earlier alerts that it corrects: a correction, or how a matter ended that they told. Whoever was sent one of them is
    /// sent this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrects: Vec<Corrected>,
    /// Whether the flood breaker holds it back: a digest counts it, and `alerts --held` lists it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub held: bool,
    /// What its reader must beware of before publishing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<Caution>,
    /// Watched ids whose past it tells: they are watched since lately, and articles stored before were read again for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_of: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Alert {
    /// `charge`, `resignation` …, or `keyword`.
    pub fn type_name(&self) -> &'static str {
        match &self.content {
            AlertKind::Development { event, .. } => event.as_str(),
            AlertKind::Keyword { .. } => "keyword",
            AlertKind::Correction { .. } => "correction",
            AlertKind::SilentEdit { .. } => "silent_edit",
        }
    }

    /// Its type's name for people.
    pub const fn label(&self) -> &'static str {
        match &self.content {
            AlertKind::Development { event, .. } => event.label(),
            AlertKind::Keyword { .. } => "Keyword",
            AlertKind::Correction { .. } => "Correction",
            AlertKind::SilentEdit { .. } => "Silent edit",
        }
    }

    /// What changed in the article of an earlier alert; empty for an alert that tells something of its own.
    pub fn changes(&self) -> &[Change] {
        match &self.content {
            AlertKind::Correction { changes } | AlertKind::SilentEdit { changes } => changes,
            AlertKind::Development { .. } | AlertKind::Keyword { .. } => &[],
        }
    }

    /// Whether it is about an earlier alert alone: a correction or a silent edit.
    pub const fn is_correction(&self) -> bool {
        matches!(self.content, AlertKind::Correction { .. } | AlertKind::SilentEdit { .. })
    }

    /// The reference to it from one that corrects it.
    pub fn corrected(&self) -> Corrected {
        Corrected {
            alert: self.id.clone(),
            label: self.label().to_owned(),
            headline: self.headline.clone(),
            raised: self.raised,
        }
    }
}
