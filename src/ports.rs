//! The only doors to the outside: clock, network, channels, store.
//!
//! Everything that can block, fail or differ between two runs stands behind one of these traits, so that tests drive
//! whole days in milliseconds.

mod care;
mod rights;

pub use crate::domain::{BlockingKey, Glimpse};
pub use care::{
    Archived, Checked, Compacted, Cutoffs, Erased, Fault, Laid, LaidFile, Parcel, PurgePlace, PurgeRound, Purged,
    RecordKind, Selection, StoreCare, StoreSizes,
};
pub use rights::{Replaced, StoreRights};

use crate::domain::{
    Alert, AlertEntry, AlertId, Article, ArticleId, ChannelId, Decision, Delivery, Development, DevelopmentId, Digest,
    DigestId, Doubt, EntryId, EntryRecord, EntryState, Extraction, FeedId, FeedState, ParsedEntry, ReadingDoubt,
    Receipt, Recheck, Revision, Subject,
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The time, and waiting for it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
    /// Returns once `now()` has reached `until`, or before, where the clock was put back: look again.
    async fn sleep_until(&self, until: Timestamp);
    /// Returns once `time` has passed, whatever becomes of `now()` meanwhile: a clock that is set delays nothing.
    async fn pause(&self, time: SignedDuration) {
        self.sleep_until(self.now().checked_add(time).unwrap_or(Timestamp::MAX)).await;
    }
}

/// One GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Where.
    pub url: Url,
    /// `If-None-Match`, as it was received.
    pub etag: Option<String>,
    /// `If-Modified-Since`, as it was received.
    pub last_modified: Option<String>,
    /// `Accept` header.
    pub accept: &'static str,
    /// Most bytes of body to take, after decompression.
    pub max_bytes: usize,
}

/// An answer of any status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Address after redirects.
    pub final_url: Url,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body after decompression.
    pub body: Vec<u8>,
    /// Whether every redirect on the way was permanent (301, 308); false without redirects.
    pub moved_permanently: bool,
}

impl HttpResponse {
    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Why no answer was had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address, or one that it redirects or resolves to, may not be fetched.
    #[error("refused address {url}: {reason}")]
    Refused {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// The host's name could not be resolved.
    #[error("no address for host {0:?}")]
    Dns(String),
    /// No connection could be made.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// TLS failed (an unknown issuer, a wrong name, an expired certificate).
    #[error("TLS: {0}")]
    Tls(String),
    /// It took longer than the limit.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// More redirects than the limit.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
    /// More bytes than the limit.
    #[error("body over {0} bytes")]
    TooLarge(usize),
    /// The peer broke off or broke the protocol.
    #[error("broken answer: {0}")]
    Broken(String),
}

impl FetchError {
    /// A short stable name for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "refused_address",
            Self::Dns(_) => "dns",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Timeout(_) => "timeout",
            Self::TooManyRedirects(_) => "redirects",
            Self::TooLarge(_) => "too_large",
            Self::Broken(_) => "broken_answer",
        }
    }
}

/// The network.
#[async_trait]
pub trait Http: Send + Sync {
    /// Gets one address, following redirects within limits.
    ///
    /// # Errors
    /// When no complete answer was had; a status of 400 and above is an answer.
    async fn get(&self, request: HttpRequest) -> Result<HttpResponse, FetchError>;
}

/// A digest in the forms that channels send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The digest it was made from.
    pub digest: DigestId,
    /// Idempotency key: the same at every attempt.
    pub key: String,
    /// Subject line, without control characters.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// One HTML file, nothing remote.
    pub html: String,
    /// JSON.
    pub json: String,
    /// When the digest was made: the date of the mail.
    pub at: Timestamp,
    /// Blocks of text in the marks of Slack, escaped.
    pub blocks: Vec<String>,
    /// Its alerts, each as an entry of a feed.
    pub entries: Vec<AlertEntry>,
    /// Whom of the channel it goes to alone; empty for all that the channel has.
    pub receivers: Vec<String>,
    /// Who has it already and is left out.
    pub taken: Vec<String>,
    /// Which of its parts is to be handed over, counted from 0.
    pub part: usize,
    /// Whether it only tries the channel.
    pub test: bool,
}

/// What kept a message from being handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliverFault {
    /// No connection, none in time, or it broke off: whether the peer has the message is not known.
    Unreachable,
    /// No trusted TLS connection.
    Tls,
    /// The peer does not take our login: its user mends that, and what waits shall go out then.
    Auth,
    /// The peer says: later.
    Deferred,
    /// The peer says: never.
    Refused,
    /// A folder, a file or the configuration stands in the way.
    Local,
    /// There is nothing that could be handed over.
    Impossible,
}

impl DeliverFault {
    /// A short stable name, for people and for counting.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Local => "local",
            Self::Impossible => "impossible",
        }
    }
}

/// Why a message could not be handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DeliverError {
    /// What happened, with the peer's own words.
    pub message: String,
    /// What it comes to.
    pub fault: DeliverFault,
    /// How long the peer asks to be left alone.
    pub after: Option<Duration>,
    /// Receivers who have it all the same.
    pub taken: Vec<String>,
}

impl DeliverError {
    /// Longest time for which a peer is left alone because it asks for it.
    pub const LONGEST_REST: Duration = Duration::from_secs(86_400);

    /// The error with `message`, which nobody took.
    pub fn new(fault: DeliverFault, message: impl Into<String>) -> Self {
        Self { message: message.into(), fault, after: None, taken: Vec::new() }
    }

    /// Whether trying again may help.
    pub const fn retry(&self) -> bool {
        !matches!(self.fault, DeliverFault::Refused | DeliverFault::Impossible)
    }
}

/// Where digests go.
#[async_trait]
pub trait Channel: Send + Sync {
    /// The name its user gave it.
    fn id(&self) -> &ChannelId;
    /// Who gets what is handed over to it, where it goes to some by name (mail addresses).
    fn receivers(&self) -> Vec<String> {
        Vec::new()
    }
    /// In how many parts it hands `message` over, at least one.
    fn parts(&self, _message: &Message) -> usize {
        1
    }
    /// Hands `message` over, or the part of it that the message names.
    ///
    /// # Errors
    /// When the peer did not take it; the error says whether to try again.
    async fn deliver(&self, message: &Message, now: Timestamp) -> Result<Receipt, DeliverError>;
    /// Puts `message` in the place of what was handed over under the same digest, where the channel can.
    ///
    /// # Errors
    /// When it can, and it failed.
    async fn replace(&self, _message: &Message) -> Result<Replaced, DeliverError> {
        Ok(Replaced::OutOfReach("it was sent: ask its receivers to delete it".to_owned()))
    }
}

/// Whoever is told that all is well, so that the silence of this machine is heard.
#[async_trait]
pub trait Pulse: Send + Sync {
    /// Tells it once.
    ///
    /// # Errors
    /// With what went wrong, for people; without the address, which is a secret.
    async fn call(&self) -> Result<(), String>;
}

/// Why the store did not do a unit of work. Nothing of the unit was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process owns the store.
    #[error("store {path}: another conductwatch is running (it holds {lock}): stop it, or wait until it has ended")]
    Locked {
        /// The store's folder.
        path: String,
        /// The lock file.
        lock: String,
    },
    /// No room is left.
    #[error("store: no room left on the disk: {0}")]
    Full(String),
    /// The store was written by a newer version.
    #[error(
        "store {path}: written by a newer version (schema {found}, this program knows {known}): upgrade, or restore an older backup"
    )]
    Newer {
        /// The store's folder.
        path: String,
        /// Its schema version.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// What is stored cannot be read.
    #[error("store: {0}")]
    Corrupt(String),
    /// The disk failed. A failed sync is never tried again: the process must end.
    #[error("store: {0}")]
    Io(String),
}

/// One poll, done: everything that it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct PollCommit {
    /// The feed's new state.
    pub feed: FeedState,
    /// Entries that are new, or whose state changes.
    pub entries: Vec<EntryRecord>,
    /// Decisions about the feed and its entries.
    pub decisions: Vec<Decision>,
}

/// One article, read: everything that it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleCommit {
    /// The entry it came from, if any, and where that stands now.
    pub entry: Option<(EntryId, EntryState)>,
    /// The article; `None` when the page could not be had and the entry is only deferred.
    pub article: Option<ArticleRecord>,
    /// The page as fetched, for the archive.
    pub snapshot: Option<Vec<u8>>,
    /// Decisions about entry and article.
    pub decisions: Vec<Decision>,
}

/// An article, looked at again: everything that it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionCommit {
    /// What was read. Its article is `None` where the text is the same, or could not be had.
    pub read: ArticleCommit,
    /// When it is looked at next; `None` leaves that as it stands.
    pub recheck: Option<Recheck>,
    /// What changed, if anything did.
    pub revision: Option<Revision>,
    /// Alerts raised. One whose id is stored already is not stored again.
    pub alerts: Vec<Alert>,
}

/// A stored article. Until it is settled it waits in the queue of the settling step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRecord {
    /// Its identifier.
    pub id: ArticleId,
    /// The article.
    pub article: Article,
    /// What was found in it.
    pub extraction: Extraction,
    /// The feed it came from, if any.
    pub feed: Option<FeedId>,
    /// When it was read.
    pub read: Timestamp,
    /// Bottom-k sketch of its 5-grams, for finding near copies.
    pub sketch: Vec<u64>,
    /// Whether it belongs into the catch-up digest of its feed.
    pub catch_up: bool,
    /// Watched ids for whose past it was read (again): what else it tells raises nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_of: Vec<String>,
}

/// What the store hands to the settling step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    /// Developments that share a key, in order of id.
    pub developments: Vec<Development>,
    /// Articles that share a sketch hash and may matter, with their cluster of copies, in order of id.
    pub articles: Vec<(ArticleRecord, ArticleId)>,
}

/// Says by a glimpse of an article whether it may matter to who asks for candidates.
pub type MayMatter = Arc<dyn Fn(&Glimpse) -> bool + Send + Sync>;

/// One article, settled: everything that it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct SettleCommit {
    /// The article that leaves the queue.
    pub article: ArticleId,
    /// The cluster of near copies it belongs to: the id of the cluster's first article (maybe its own).
    pub copies_of: ArticleId,
    /// Developments that are new or changed, each with the keys it is to be found by.
    pub developments: Vec<(Development, Vec<BlockingKey>)>,
    /// Developments that were merged into another and go: (younger, older).
    pub merged: Vec<(DevelopmentId, DevelopmentId)>,
    /// Alerts raised. One whose id is stored already is not stored again.
    pub alerts: Vec<Alert>,
    /// When the article is looked at again; stored only with an alert that is.
    pub recheck: Option<Recheck>,
    /// What would have been an alert, had the program been sure: to stand with the article's other doubts.
    pub doubts: Vec<Doubt>,
    /// Decisions about the article, its developments and alerts.
    pub decisions: Vec<Decision>,
}

/// A digest, made: its alerts leave the queue and its deliveries enter the outbox, at once.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestCommit {
    /// The digest; `None` when there was nothing to say.
    pub digest: Option<Digest>,
    /// Digests of corrections alone, for those who get no others any more.
    pub also: Vec<Digest>,
    /// Alerts that it tells.
    pub alerts: Vec<AlertId>,
    /// One for each digest and channel.
    pub deliveries: Vec<Delivery>,
    /// Until when digests are made now.
    pub covered_until: Timestamp,
    /// Decisions about it.
    pub decisions: Vec<Decision>,
}

/// What the user decided by hand: everything that it changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HandCommit {
    /// Developments that are new or changed, each with the keys it is to be found by.
    pub developments: Vec<(Development, Vec<BlockingKey>)>,
    /// Developments that were merged into another and go: (younger, older).
    pub merged: Vec<(DevelopmentId, DevelopmentId)>,
    /// Developments that were merged into another and are their own again; each stands in `developments` too.
    pub parted: Vec<DevelopmentId>,
    /// Alerts that no digest is to tell.
    pub withdrawn: Vec<AlertId>,
    /// Alerts that wait for a digest again.
    pub waiting: Vec<AlertId>,
    /// Decisions about them.
    pub decisions: Vec<Decision>,
    /// What is remembered of the watchlist from now on; `None` leaves it.
    pub memory: Option<WatchMemory>,
    /// Articles that are settled again for somebody's past, and entries whose pages are read for it.
    pub past: Past,
}

/// What is read again for the past of somebody who is watched since lately.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// Articles, with what is found in them by now.
    pub articles: Vec<ArticleRecord>,
    /// Entries that selection passed over when their names were not watched yet.
    pub entries: Vec<EntryRecord>,
}

/// How far stored articles were read again for somebody's past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastReading {
    /// Watched ids whose past it is.
    pub of: BTreeSet<String>,
    /// Articles read, and entries seen, before are left.
    pub from: Timestamp,
    /// The last article that was looked at; `None` before the first.
    pub after: Option<ArticleId>,
}

/// What is remembered of the watchlists that the service ran with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchMemory {
    /// Everybody who was ever watched, by id, with the name of the last time.
    pub names: BTreeMap<String, String>,
    /// The merges of the watchlist that were done: (younger, older).
    pub merges: Vec<(DevelopmentId, DevelopmentId)>,
    /// Everything that was watched, ruled or masked when the audit log took note of it last: a fingerprint of each.
    #[serde(default)]
    pub seen: BTreeMap<String, String>,
    /// Who must not be named and is masked in delivered digests too: a fingerprint of each.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub masked: BTreeSet<String>,
    /// The reading of somebody's past that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<PastReading>,
}

/// How much is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreCounts {
    /// Feeds that were polled at least once.
    pub feeds: u64,
    /// Entries.
    pub entries: u64,
    /// Entries that selection passed over.
    pub passed_over: u64,
    /// Articles.
    pub articles: u64,
    /// Articles that wait to be settled.
    pub unsettled: u64,
    /// Developments.
    pub developments: u64,
    /// Alerts.
    pub alerts: u64,
    /// Alerts that no digest has told yet.
    pub alerts_waiting: u64,
    /// Alerts that the flood breaker holds back and no digest has counted yet.
    #[serde(default)]
    pub alerts_held: u64,
    /// Articles behind alerts that are looked at again.
    #[serde(default)]
    pub rechecks: u64,
    /// Digests.
    pub digests: u64,
    /// Deliveries that wait.
    pub deliveries_waiting: u64,
    /// Deliveries that were given up.
    pub deliveries_dead: u64,
    /// Bytes on disk, sled and archive.
    pub bytes: u64,
}

/// Everything that lasts. Each method is one unit of work: atomic, and on disk when it returns.
#[async_trait]
pub trait Store: StoreCare + StoreRights {
    /// All feed states, in order of id.
    async fn feed_states(&self) -> Result<Vec<FeedState>, StoreError>;
    /// The stored entries among `ids`.
    async fn entries(&self, ids: &[EntryId]) -> Result<Vec<EntryRecord>, StoreError>;
    /// For each of `parsed`, whether an entry of the same address, or of the same title and summary, came from `feed` before.
    async fn seen_before(&self, feed: &FeedId, parsed: &[ParsedEntry]) -> Result<Vec<bool>, StoreError>;
    /// Stores a poll.
    async fn commit_poll(&self, poll: PollCommit) -> Result<(), StoreError>;
    /// Selected entries whose page is due by `now`, the longest due first, at most `limit`; then those put off for so long that
    /// the clock must have been put back since.
    async fn due_entries(&self, now: Timestamp, limit: usize) -> Result<Vec<EntryRecord>, StoreError>;
    /// When the next selected entry is due.
    async fn next_entry_due(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Stores an article that was read.
    async fn commit_article(&self, work: ArticleCommit) -> Result<(), StoreError>;
    /// An article by id.
    async fn article(&self, id: &ArticleId) -> Result<Option<ArticleRecord>, StoreError>;
    /// Articles in order of id, those behind `after`, at most `limit`.
    async fn articles_behind(&self, after: Option<&ArticleId>, limit: usize) -> Result<Vec<ArticleRecord>, StoreError>;
    /// Developments in order of id, those behind `after`, at most `limit`.
    async fn developments_behind(
        &self,
        after: Option<&DevelopmentId>,
        limit: usize,
    ) -> Result<Vec<Development>, StoreError>;
    /// Articles that wait to be settled, sorted by (publication, else reading time; id), at most `limit`.
    async fn unsettled(&self, limit: usize) -> Result<Vec<ArticleRecord>, StoreError>;
    /// Articles behind alerts that are due by `now` to be looked at again, the longest due first, at most `limit`.
    async fn due_rechecks(&self, now: Timestamp, limit: usize) -> Result<Vec<Recheck>, StoreError>;
    /// When the next of them is due.
    async fn next_recheck_due(&self) -> Result<Option<Timestamp>, StoreError>;
    /// How the looking again at an article stands; `None` where no alert rests on it.
    async fn recheck(&self, id: &ArticleId) -> Result<Option<Recheck>, StoreError>;
    /// Stores what looking again at an article changed.
    async fn commit_revision(&self, work: RevisionCommit) -> Result<(), StoreError>;
    /// The revisions of an article, in order seen.
    async fn revisions(&self, id: &ArticleId) -> Result<Vec<Revision>, StoreError>;
    /// Alerts that rest on an article, in order raised.
    async fn alerts_of(&self, id: &ArticleId) -> Result<Vec<Alert>, StoreError>;
    /// Stores what was found anew in articles that are stored; they are not settled again. One that was read again
    /// meanwhile stays as it is.
    async fn replace_extractions(&self, records: Vec<ArticleRecord>) -> Result<(), StoreError>;
    /// Developments that share one of `keys`, and of the articles that do those of which `may_matter` does not say no.
    async fn candidates(&self, keys: &[BlockingKey], may_matter: MayMatter) -> Result<Candidates, StoreError>;
    /// Stores what settling articles changed, in their order, each a unit of work, and all on disk when it returns. A crash leaves
    /// the first of them done.
    async fn settle(&self, work: Vec<SettleCommit>) -> Result<(), StoreError>;
    /// Stores what the user decided by hand.
    async fn commit_hand(&self, work: HandCommit) -> Result<(), StoreError>;
    /// What is remembered of the watchlists that the service ran with.
    async fn watch_memory(&self) -> Result<WatchMemory, StoreError>;
    /// A development by id, or by the id of one that was merged into it.
    async fn development(&self, id: &DevelopmentId) -> Result<Option<Development>, StoreError>;
    /// Developments that concern `entity`, by date.
    async fn developments_of(&self, entity: &str) -> Result<Vec<Development>, StoreError>;
    /// Alerts that no digest has told yet, in order raised.
    async fn waiting_alerts(&self) -> Result<Vec<Alert>, StoreError>;
    /// Alerts that the flood breaker holds back and no digest has counted yet, in order raised.
    async fn held_alerts(&self) -> Result<Vec<Alert>, StoreError>;
    /// How many alerts that `counts` says count were raised after `since`; no more are looked for once there are `most`.
    async fn alerts_after(
        &self,
        since: Timestamp,
        counts: for<'a> fn(&'a Alert) -> bool,
        most: usize,
    ) -> Result<usize, StoreError>;
    /// An alert by id.
    async fn alert(&self, id: &AlertId) -> Result<Option<Alert>, StoreError>;
    /// All alerts, in order raised.
    async fn alerts(&self) -> Result<Vec<Alert>, StoreError>;
    /// Until when digests were made; `None` before the first.
    async fn covered_until(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Articles read in `[from, to)`, and what could not be told in them.
    async fn read_between(&self, from: Timestamp, to: Timestamp) -> Result<(u64, Vec<ReadingDoubt>), StoreError>;
    /// The digests that tell an alert: more than one where a correction also went to those who get no others any more.
    async fn told_in(&self, id: &AlertId) -> Result<Vec<DigestId>, StoreError>;
    /// The deliveries of a digest, in order of channel.
    async fn deliveries(&self, id: &DigestId) -> Result<Vec<Delivery>, StoreError>;
    /// Stores a digest and its deliveries.
    async fn commit_digest(&self, work: DigestCommit) -> Result<(), StoreError>;
    /// A digest by id.
    async fn digest(&self, id: &DigestId) -> Result<Option<Digest>, StoreError>;
    /// Ids and subjects of all digests, the newest first.
    async fn digests(&self) -> Result<Vec<(DigestId, String)>, StoreError>;
    /// All deliveries that wait or were given up.
    async fn outbox(&self) -> Result<Vec<Delivery>, StoreError>;
    /// Stores how a delivery stands now, and the decision that says why.
    async fn commit_delivery(&self, delivery: Delivery, decision: Decision) -> Result<(), StoreError>;
    /// What `query` may mean: an address (of an entry or article), or an id of anything.
    async fn find(&self, query: &str) -> Result<Vec<Subject>, StoreError>;
    /// Decisions about `subject`, in order made.
    async fn decisions(&self, subject: &Subject) -> Result<Vec<Decision>, StoreError>;
    /// Entries that selection passed over, the newest first, those behind `after` (when it was seen, and its id), at most
    /// `limit`.
    async fn passed_over(
        &self,
        after: Option<(Timestamp, EntryId)>,
        limit: usize,
    ) -> Result<Vec<EntryRecord>, StoreError>;
    /// How much is stored.
    async fn counts(&self) -> Result<StoreCounts, StoreError>;
    /// Everything acknowledged is on disk when it returns.
    async fn flush(&self) -> Result<(), StoreError>;
}
