//! Feeds: what the user configured, and what polling has learnt.

use super::{EntryId, FeedId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

/// Which entries of a feed are worth fetching their pages for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectMode {
    /// Every entry.
    All,
    /// Entries with a policing word, a watched name or a watched keyword.
    #[default]
    Topic,
    /// Entries with a watched name or keyword.
    Names,
}

/// How far back the first poll of a feed reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backfill {
    /// Take nothing that was published before the first poll.
    None,
    /// Take what was published within this time before the first poll.
    Within(SignedDuration),
    /// Take everything the feed has.
    All,
}

/// What stands at a feed's address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FeedKind {
    /// A feed document: RSS, Atom, JSON Feed.
    #[default]
    Feed,
    /// An HTML page that lists articles or notices.
    Page(PageSelectors),
}

/// Where things stand in a list page, as CSS selectors; what is not given is found by the page's own make.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageSelectors {
    /// Each element it matches is an entry.
    pub entry: Option<String>,
    /// In an entry: its link, or what holds it.
    pub link: Option<String>,
    /// In an entry: its title.
    pub title: Option<String>,
    /// In an entry: when it was published.
    pub date: Option<String>,
}

/// One configured feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSpec {
    /// Its identifier, unique in the configuration.
    pub id: FeedId,
    /// Name for people, as the outlet in digests.
    pub name: String,
    /// The user's folder for it, as in OPML: names joined by ` / `.
    pub folder: Option<String>,
    /// Where it is.
    pub url: Url,
    /// What stands there.
    pub kind: FeedKind,
    /// Which of its entries are selected.
    pub select: SelectMode,
    /// How long to wait between polls when nothing else says so.
    pub interval: SignedDuration,
    /// How far back its first poll reaches.
    pub backfill: Backfill,
    /// Whether it is polled at all.
    pub enabled: bool,
}

/// What polling has learnt about one feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedState {
    /// The feed.
    pub id: FeedId,
    /// Title the feed gives itself.
    pub title: Option<String>,
    /// `ETag` of the last answer that had one.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer that had one.
    pub last_modified: Option<String>,
    /// First time it was read.
    pub first_success: Option<Timestamp>,
    /// Last time it was read (or answered "not modified").
    pub last_success: Option<Timestamp>,
    /// Last time it was tried.
    pub last_attempt: Option<Timestamp>,
    /// When it is due again; `None` before the first poll, and for ever once the server has said that it is gone.
    pub next_due: Option<Timestamp>,
    /// Why then: the name of the rule that chose `next_due`.
    pub due_reason: String,
    /// Failures since the last success.
    pub failures: u32,
    /// The last failure, until a success clears it.
    pub last_failure: Option<FeedFailure>,
    /// Entries ever seen.
    pub entries_seen: u64,
    /// Entries ever passed over by selection.
    pub passed_over: u64,
    /// Poll hints of the feed's last answer, in seconds: the least wait it asks for.
    pub min_wait_secs: Option<u64>,
    /// UTC hours (0 to 23) in which the feed asks not to be polled.
    #[serde(default)]
    pub skip_hours: Vec<u8>,
    /// Days on which the feed asks not to be polled, Monday is 0.
    #[serde(default)]
    pub skip_days: Vec<u8>,
    /// Last time its whole document came, so not "not modified".
    #[serde(default)]
    pub last_full: Option<Timestamp>,
    /// Where permanent redirects lead to, as long as every poll confirms it.
    #[serde(default)]
    pub moved_to: Option<Url>,
    /// Polls in a row that were led there.
    #[serde(default)]
    pub moves_seen: u32,
    /// The last time it brought its archive again.
    #[serde(default)]
    pub storm: Option<StormNote>,
    /// The configured address that moved: a move is forgotten when the user changes it.
    #[serde(default)]
    pub moved_from: Option<Url>,
    /// The newest entries of the last read, by which the next proves that nothing was missed.
    #[serde(default)]
    pub newest: Vec<EntryId>,
    /// How often items may have been missed.
    #[serde(default)]
    pub gaps: u32,
    /// The last time that items may have been missed.
    #[serde(default)]
    pub last_gap: Option<CoverageGap>,
    /// How often such a gap has halved the wait between two polls, until calm weeks double it again.
    #[serde(default)]
    pub tightened: u8,
    /// The usual time between two entries, in seconds; `None` while too few have dates.
    #[serde(default)]
    pub usual_gap_secs: Option<u64>,
    /// When it last had something new.
    #[serde(default)]
    pub last_new: Option<Timestamp>,
    /// Since when it is silent against its own rhythm, if it is.
    #[serde(default)]
    pub silent_since: Option<Timestamp>,
    /// Bytes of its last whole document.
    #[serde(default)]
    pub last_bytes: u64,
    /// The times of the last week in which items may have been missed, the oldest first.
    #[serde(default)]
    pub recent_gaps: Vec<CoverageGap>,
    /// Its last silence, also one that is over.
    #[serde(default)]
    pub silence: Option<SilenceNote>,
}

/// That a feed had nothing new for far longer than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceNote {
    /// When it last had something new before.
    pub since: Timestamp,
    /// When that was noticed.
    pub noticed: Timestamp,
    /// When it had something new again.
    pub back: Option<Timestamp>,
}

/// That a feed brought much of its archive again: what that was was kept as seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StormNote {
    /// When, the first time; polls within a day of the last are the same storm.
    pub at: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// Entries that were kept as seen, in all.
    pub entries: u32,
    /// What happened, for people.
    pub message: String,
}

/// A time between two reads in which items may have come and gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageGap {
    /// The last read before it.
    pub from: Timestamp,
    /// The first read after it.
    pub to: Timestamp,
}

impl FeedState {
    /// A feed that was never polled.
    pub fn new(id: FeedId) -> Self {
        Self {
            id,
            title: None,
            etag: None,
            last_modified: None,
            first_success: None,
            last_success: None,
            last_attempt: None,
            next_due: None,
            due_reason: "never polled".to_owned(),
            failures: 0,
            last_failure: None,
            entries_seen: 0,
            passed_over: 0,
            min_wait_secs: None,
            skip_hours: Vec::new(),
            skip_days: Vec::new(),
            last_full: None,
            moved_to: None,
            moves_seen: 0,
            storm: None,
            moved_from: None,
            newest: Vec::new(),
            gaps: 0,
            last_gap: None,
            tightened: 0,
            usual_gap_secs: None,
            last_new: None,
            silent_since: None,
            last_bytes: 0,
            recent_gaps: Vec::new(),
            silence: None,
        }
    }
}

/// Why a poll failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedFailure {
    /// When.
    pub at: Timestamp,
    /// Status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A short stable name of the kind of failure, for counting (`http_status`, `timeout`, `not_a_feed` …).
    pub kind: String,
    /// What happened, for people.
    pub message: String,
}
