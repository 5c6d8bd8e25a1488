//! What the store is asked for its own care: how large it is, and that what was removed is gone from the disk.

use super::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a record of the archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A page as fetched.
    PageSnapshot,
    /// An article and what was found in it, as JSON.
    Article,
    /// An alert, as JSON.
    Alert,
    /// A delivery that a channel took, as JSON.
    Receipt,
    /// What changed in an article that was looked at again, as JSON.
    Revision,
    /// A digest, as JSON.
    Digest,
    /// A development as it was from then on, as JSON.
    Development,
    /// How far something has come that does not say so itself (an article that was settled), as JSON.
    Progress,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::PageSnapshot,
        Self::Article,
        Self::Alert,
        Self::Receipt,
        Self::Revision,
        Self::Digest,
        Self::Development,
        Self::Progress,
    ];

    /// Its name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::PageSnapshot => "page snapshot",
            Self::Article => "article",
            Self::Alert => "alert",
            Self::Receipt => "receipt",
            Self::Revision => "revision",
            Self::Digest => "digest",
            Self::Development => "development",
            Self::Progress => "step",
        }
    }
}

/// A record of the archive that may be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archived<'a> {
    /// What it is.
    pub kind: RecordKind,
    /// Id of the thing it is about.
    pub id: &'a str,
    /// When it was made.
    pub time: Timestamp,
    /// Its payload, unpacked; `None` when it is damaged.
    pub payload: Option<&'a [u8]>,
}

/// Says of a record whether its payload is to be erased.
pub type Selection = Box<dyn FnMut(Archived<'_>) -> bool + Send>;

/// What an erasure in the archive did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Payloads erased; their headers stay, and with them the chain.
    pub records: u64,
    /// Packs whose payloads were written anew.
    pub packs: u64,
    /// Bytes that this freed.
    pub freed_bytes: u64,
}

/// What a compaction did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compacted {
    /// Keys that were copied: all there are.
    pub keys: u64,
    /// Bytes of sled's folder before.
    pub before_bytes: u64,
    /// Bytes of it afterwards.
    pub after_bytes: u64,
}

/// How large the store is, and how much room is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreSizes {
    /// Bytes of sled's folder: everything the service works with.
    pub sled_bytes: u64,
    /// Bytes of the archive: the evidence trail.
    pub archive_bytes: u64,
    /// Bytes of the ballast file; 0 while it is given up.
    pub ballast_bytes: u64,
    /// Free bytes on the disk; `None` where the file system does not tell.
    pub free_bytes: Option<u64>,
    /// Free bytes below which nothing is written any more.
    pub reserve_bytes: u64,
}

/// What is laid ready to be taken out of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parcel {
    /// A backup: everything, to be restored as it is.
    Backup,
    /// Everything the service works with as JSON lines.
    Export,
}

/// A parcel that lies ready: files to be fetched piece by piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laid {
    /// What the parcel is asked for by.
    pub id: String,
    /// Its files, in the order in which they are to be fetched; the last one makes it whole.
    pub files: Vec<LaidFile>,
    /// How long units of work had to wait while sled was read, in milliseconds.
    #[serde(default)]
    pub paused_ms: u64,
}

/// A file of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaidFile {
    /// Its name, with at most one folder.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 of them, hexadecimal.
    pub sha256: String,
}

/// What a look at everything stored found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Keys of sled, by what they lead to.
    pub keys: BTreeMap<String, u64>,
    /// Records of the archive, by kind.
    pub records: BTreeMap<String, u64>,
    /// Records whose payload was erased.
    pub erased: u64,
    /// SHA-256 of the last header of the archive's chain, hexadecimal: written down elsewhere, it shows a chain cut short.
    pub chain: String,
    /// What is wrong; empty when all is well.
    pub faults: Vec<Fault>,
}

/// Something wrong in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where.
    pub place: String,
    /// What is wrong there, and how to mend it.
    pub what: String,
}

/// Of each class of things, the moment before which they have been kept long enough; `None` keeps them for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cutoffs {
    /// Pages as fetched.
    pub snapshots: Option<Timestamp>,
    /// Articles on which no alert rests, and what entries said of them.
    pub articles: Option<Timestamp>,
    /// Decisions about what is gone, or never became an alert.
    pub decisions: Option<Timestamp>,
    /// Digests, but not to whom they were delivered.
    pub digests: Option<Timestamp>,
    /// Alerts that were told.
    pub alerts: Option<Timestamp>,
}

/// What was removed because it was kept long enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Purged {
    /// Alerts.
    pub alerts: u64,
    /// Digests.
    pub digests: u64,
    /// Articles.
    pub articles: u64,
    /// Entries of which only that they were seen is kept.
    pub entries: u64,
    /// Units of work whose decisions about one thing were removed.
    pub decisions: u64,
    /// Payloads erased from the archive.
    pub archived: u64,
}

impl Purged {
    /// Counts what `other` counts as well.
    pub const fn add(&mut self, other: &Self) {
        self.alerts += other.alerts;
        self.digests += other.digests;
        self.articles += other.articles;
        self.entries += other.entries;
        self.decisions += other.decisions;
        self.archived += other.archived;
    }
}

/// How far a round of removing has come: where the next step goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PurgePlace {
    /// The class.
    pub class: usize,
    /// The last thing looked at, in the store's own terms; empty at the beginning of a class.
    pub key: Vec<u8>,
}

/// The last round of removing that came to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgeRound {
    /// When it ended.
    pub at: Timestamp,
    /// What it removed.
    pub removed: Purged,
}

/// The care of a store. Each of these waits for the units of work under way, and for each other.
#[async_trait]
pub trait StoreCare: Send + Sync {
    /// Steps of long work (compaction, a backup, a look at everything, an erasure) done since the start: it grows while such work
    /// gets on, and whoever waits for it does not hang. Waits for nothing.
    fn worked(&self) -> u64;
    /// How large it is. Waits for nothing.
    async fn sizes(&self) -> Result<StoreSizes, StoreError>;
    /// Writes everything the service works with anew, without what was removed: removing alone leaves old copies on the
    /// disk. Questions are answered meanwhile, all but a moment; units of work wait. A crash at any moment leaves the store
    /// as it was, or as it is to be.
    async fn compact(&self) -> Result<Compacted, StoreError>;
    /// Lays a parcel ready inside the store's folder; one at a time, the one before goes. Units of work wait while sled is
    /// read, so that it is consistent. `now` is written into it.
    async fn lay_ready(&self, what: Parcel, now: Timestamp) -> Result<Laid, StoreError>;
    /// The next piece of a file that lies ready, from `offset` on; empty at its end.
    async fn fetch(&self, id: &str, name: &str, offset: u64) -> Result<Vec<u8>, StoreError>;
    /// Takes away what lies ready.
    async fn clear_away(&self, id: &str) -> Result<(), StoreError>;
    /// Takes one small step of removing what was kept long enough, from `place` on. Gives what it removed and where the next
    /// step goes on; `None` at the end. What was seen stays known as seen, and of decisions it stays known that there were some.
    async fn purge(
        &self,
        cutoffs: Cutoffs,
        place: PurgePlace,
        now: Timestamp,
    ) -> Result<(Purged, Option<PurgePlace>), StoreError>;
    /// Notes that a round of removing came to its end.
    async fn end_purge(&self, round: PurgeRound) -> Result<(), StoreError>;
    /// The last such round.
    async fn last_purge(&self) -> Result<Option<PurgeRound>, StoreError>;
    /// Reads everything, and says what is wrong.
    async fn check(&self) -> Result<Checked, StoreError>;
    /// Erases from the archive the payloads that `select` says yes to. Headers and chain stay. A crash leaves some of them
    /// erased and the rest whole: ask again.
    async fn erase_archived(&self, select: Selection) -> Result<Erased, StoreError>;
}
