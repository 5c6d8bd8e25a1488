//! How long things are kept.

use jiff::SignedDuration;

/// For each class of things how long they are kept; `None` for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Pages as fetched.
    pub snapshots: Option<SignedDuration>,
    /// Articles on which no alert rests, and what entries said of them.
    pub articles: Option<SignedDuration>,
    /// Decisions about things on which no alert rests.
    pub decisions: Option<SignedDuration>,
    /// Digests.
    pub digests: Option<SignedDuration>,
    /// Alerts, and with them what they rest on.
    pub alerts: Option<SignedDuration>,
}

/// When the store and its disk need a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomAlarms {
    /// Bytes free on the disk below which they do.
    pub least_free: u64,
    /// Bytes of the store, sled and archive, above which they do.
    pub most_used: u64,
}

impl Default for RoomAlarms {
    /// Free: about a year of articles. Used: a store that keeps to the usual retention stays far below.
    fn default() -> Self {
        Self { least_free: 1_000_000_000, most_used: 20_000_000_000 }
    }
}

const fn days(n: i64) -> Option<SignedDuration> {
    Some(SignedDuration::from_hours(n * 24))
}

impl Retention {
    /// Everything for ever.
    pub const FOR_EVER: Self = Self { snapshots: None, articles: None, decisions: None, digests: None, alerts: None };
}

impl Default for Retention {
    /// Pages for a quarter: long enough to look into a complaint. What became no alert for a year: long enough for the story
    /// that goes back to it. Digests for two years. Alerts, which are what is watched for, until the user says otherwise.
    fn default() -> Self {
        Self { snapshots: days(90), articles: days(365), decisions: days(365), digests: days(730), alerts: None }
    }
}
