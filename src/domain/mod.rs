//! The words of the trade as plain types: no I/O, no clock, nothing of `crate::`.
//!
//! Data flows through them in one direction:
//! feed → entry → page → article → extraction (mentions, quotes, reports) → development → alert → digest.

mod address;
mod alert;
mod anonymity;
mod article;
mod audit;
mod decision;
mod development;
mod digest;
mod digest_schedule;
mod entry;
mod extraction;
mod feed;
mod forgotten;
mod ids;
pub mod masking;
pub mod names;
mod partial_date;
mod retention;
mod revision;
mod route;
mod rulings;
mod watchlist;

pub use address::shown_address;
pub use alert::{Alert, AlertClass, AlertKind, Level};
pub use anonymity::{Anonymity, AnonymityReason, Caution};
pub use article::{Article, Basis, Block, BlockKind, Dropped, Flag, Page, RelatedLink};
pub use audit::{Act, ActKind, AuditLine, AuditLog};
pub use decision::{Decision, Outcome, Stage, Subject};
pub use development::{BlockingKey, ByHand, Development, DevelopmentReport, Glimpse, MergedByHand, Pin, Standing};
pub use digest::{
    AlertEntry, Delivery, DeliveryState, Digest, DigestItem, DigestLink, DigestSection, DigestStory, Flood,
    ReadingDoubt, Receipt, SourceNote, SourcesSummary,
};
pub use digest_schedule::{DigestSchedule, DigestTimes};
pub use entry::{Entry, EntryRecord, EntryState, ParsedEntry, ParsedFeed, PollHints, Warning};
pub use extraction::{
    Certainty, Descriptor, DevelopmentType, Doubt, Entity, EntityKind, EntityRef, EventStage, Evidence, Extraction,
    KeywordHit, Mention, Quote, Report, Status, Trace,
};
pub use feed::{
    Backfill, CoverageGap, FeedFailure, FeedKind, FeedSpec, FeedState, PageSelectors, SelectMode, SilenceNote,
    StormNote,
};
pub use forgotten::{ForgetJob, Forgettable, Forgotten, Gone, Tombstones};
pub use ids::{AlertId, ArticleId, ChannelId, DevelopmentId, DigestId, EntryId, FeedId, IdError, StoryId};
pub use partial_date::{PartialDate, PartialDateError};
pub use retention::{Retention, RoomAlarms};
pub use revision::{Change, ChangeKind, Corrected, Recheck, Revision};
pub use route::Route;
pub use rulings::{Guard, Merge, Mute, Muted, Rulings};
pub use watchlist::{Keyword, WatchedBody, WatchedPerson, Watchlist};

/// A half-open range of byte offsets into one text.
///
/// Offsets are bytes inside the program and Unicode code points at every JSON edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text under the span; empty when the span does not lie on character borders of `text`.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Whether the two spans share a byte.
    pub const fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub const fn contains(&self, other: &Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}
