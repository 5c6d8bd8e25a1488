//! The store: sled and the archive behind [`ports::Store`](crate::ports::Store).
//!
//! # On disk
//!
//! `lock` (held by the one process that owns the store), `sled/` (everything the service works with, one tree), `archive/`
//! (the evidence trail, see [`archive`](crate::adapters::archive)), `ballast` (given up so that the store opens on a full
//! disk), `audit` (the log of acts that must be accounted for), `forgotten` (tombstones of what was forgotten), `units` (the number of units of work acknowledged, by which lost ones show). For a while there may be `sled.new`
//! and `sled.old` (a compaction that is under way), `replacement` (a restore, import or rebuild), and `parcel` (what lies ready to
//! be fetched).
//!
//! # Promises
//!
//! Each method is one batch, so all of it happens or nothing. When it returns it is on disk: archive written and synced,
//! then sled's batch, flushed and synced. Nothing that is not yet on disk is ever read. A sync that fails is never tried
//! again: from then on every call gets the error, and the process must end.

mod address;
mod backup;
mod ballast;
mod care;
mod check;
mod codec;
mod commit;
mod compact;
mod dump;
mod engine;
mod export;
mod forget;
mod glimpses;
mod hashes;
mod keys;
mod migrate;
mod parcel;
mod progress;
mod purge;
mod read;
mod rebuild;
mod receive;
mod replace;
mod restore;
mod rights;
mod sweep;
mod unit;
mod veil;
mod write;

pub use backup::{Manifest, archive_faults, verify as verify_backup};
pub use export::{Imported, import};
pub use rebuild::{Rebuilt, rebuild};
pub use receive::{Arriving, Kept, Receiving, keep};
pub use replace::hand_over;
pub use restore::{Restored, restore};

use crate::{
    adapters::{
        archive::{Archive, Prepared, RecordKind},
        audit::Audit,
    },
    domain::{
        Alert, AlertId, ArticleId, Decision, Delivery, DeliveryState, Development, DevelopmentId, Digest, DigestId,
        EntryId, EntryRecord, FeedId, FeedState, Glimpse, ParsedEntry, ReadingDoubt, Recheck, Revision, Subject,
    },
    ports::{
        ArticleCommit, ArticleRecord, BlockingKey, Candidates, DigestCommit, HandCommit, MayMatter, PollCommit,
        RevisionCommit, SettleCommit, Store, StoreCounts, StoreError, WatchMemory,
    },
};
use async_trait::async_trait;
use commit::{Job, Queue, Writer, closed, panicked};
use engine::{Engine, Places, io_error};
use glimpses::Glimpses;
use hashes::Hashes;
use jiff::Timestamp;
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use unit::{Tree, Unit, View as _};
use veil::Veil;

/// Name of the audit log in the store's folder.
const AUDIT: &str = "audit";
use write::DigestRecord;

/// How a store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// Memory for sled's cache, in bytes: the indexes by which near copies are found take about 100 MB for 100,000 articles, and
    /// settling slows down by half once they do not fit.
    pub cache_bytes: u64,
    /// Size of the file that is given up so that the store opens on a full disk, in bytes.
    pub ballast_bytes: u64,
    /// Free room on the disk below which nothing is written any more, in bytes.
    pub reserve_bytes: u64,
    /// Payload bytes after which the archive begins a new pack.
    pub pack_bytes: u64,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { cache_bytes: 192 << 20, ballast_bytes: 16 << 20, reserve_bytes: 24 << 20, pack_bytes: 64 << 20 }
    }
}

/// The store in a folder. Dropping it closes it: the folder can be opened again at once.
pub struct SledStore {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    options: StoreOptions,
    /// What is open; `None` once closed. Held for writing while batches are applied and synced, so that readers see only
    /// what is on disk.
    gate: RwLock<Option<Engine>>,
    queue: Queue,
    /// Held over what is done for the store's own care: one such thing at a time. Taken before the writer.
    care: Mutex<()>,
    writer: Mutex<Writer>,
    archive_bytes: AtomicU64,
    /// Of articles as they stand in the tree. Taken while the gate is held.
    glimpses: Mutex<Glimpses>,
    /// The sketch hashes in the tree. Taken while the gate is held.
    hashes: Mutex<Hashes>,
    /// What was forgotten: no unit of work writes it.
    veil: RwLock<Arc<Veil>>,
    /// Held over each step of forgetting.
    rights: Mutex<()>,
    /// The keys that the sweep has before it; `None` before it begins.
    swept: Mutex<Option<Vec<keys::Key>>>,
    audit: Mutex<Audit>,
    /// Whether the ballast file is in its place.
    ballast: AtomicBool,
    /// The error after which nothing works any more.
    dead: OnceLock<StoreError>,
    /// Steps of long work done, see `StoreCare::worked`.
    worked: AtomicU64,
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SledStore").field("folder", &self.inner.folder).finish_non_exhaustive()
    }
}

impl SledStore {
    /// Opens the store in `folder`, which is made where it is missing. This blocks: for a large store, for seconds.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process, or another handle in this one, has it open; [`StoreError::Newer`] when
    /// a newer version wrote it; otherwise when the disk is full or fails, or what it holds cannot be read.
    pub fn open(folder: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        let places = Places::of(folder);
        let engine = Engine::open(&places, &options)?;
        let archive =
            Archive::open(&places.archive, options.pack_bytes, engine.archived_until(folder)?).map_err(|e| {
                io_error(&places.archive, "cannot open the archive", &e, "mend its rights, or restore a backup")
            })?;
        let row = forget::load(&engine.view(&places.folder))?;
        forget::keep_beside(&places.folder, &row);
        let audit = places.folder.join(AUDIT);
        let audit = Audit::open(&audit)
            .map_err(|e| io_error(&audit, "cannot open the audit log", &e, "mend its rights, or restore a backup"))?;
        let ballast = ballast::keep(&places.folder, &places.ballast, &options);
        let inner = Inner {
            veil: RwLock::new(Arc::new(Veil::new(row))),
            rights: Mutex::default(),
            swept: Mutex::default(),
            audit: Mutex::new(audit),
            folder: places.folder,
            ballast: AtomicBool::new(ballast),
            options,
            gate: RwLock::new(Some(engine)),
            queue: Queue::default(),
            glimpses: Mutex::default(),
            hashes: Mutex::default(),
            care: Mutex::default(),
            archive_bytes: AtomicU64::new(archive.bytes()),
            writer: Mutex::new(Writer { archive }),
            dead: OnceLock::new(),
            worked: AtomicU64::new(0),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Asks the tree, off the async threads.
    async fn read<T, F>(&self, ask: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tree<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.blocking(move |inner| inner.with_tree(ask)).await
    }

    /// Does one unit of work, off the async threads. `records` gives what goes to the archive.
    async fn write<W, R, F>(&self, work: W, records: R, apply: F) -> Result<(), StoreError>
    where
        W: Send + 'static,
        R: FnOnce(&Inner, &W) -> Result<Vec<Prepared>, StoreError> + Send + 'static,
        F: FnOnce(&mut Unit<'_>, &W) -> Result<(), StoreError> + Send + 'static,
    {
        self.blocking(move |inner| {
            let records = records(inner, &work)?;
            inner.commit(Job::new(records, Box::new(move |unit| apply(unit, &work))))
        })
        .await
    }

    async fn blocking<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    {
        let inner = self.inner.clone();
        // A task of this kind is cancelled only when the runtime ends.
        let ended = |e: tokio::task::JoinError| Err(if e.is_panic() { panicked() } else { closed() });
        tokio::task::spawn_blocking(move || job(&inner)).await.unwrap_or_else(ended)
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        // Waits for the writer, then for readers; whoever comes later finds the store closed. Locks that a panic left
        // behind are taken all the same: closing is all that is done here.
        let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = self.inner.gate.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(engine);
        drop(writer);
    }
}

impl Inner {
    fn with_tree<T>(&self, ask: impl FnOnce(&Tree<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.check_alive()?;
        let gate = self.gate.read().map_err(|_| panicked())?;
        let engine = gate.as_ref().ok_or_else(closed)?;
        ask(&engine.view(&self.folder))
    }

    fn candidates(
        &self,
        tree: &Tree<'_>,
        asked: &[BlockingKey],
        may_matter: &dyn Fn(&Glimpse) -> bool,
    ) -> Result<Candidates, StoreError> {
        // What a panic left behind is whole: each glimpse and each hash is put in by itself.
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        read::sketch_hashes(tree, &mut hashes)?;
        let mut glimpses = self.glimpses.lock().unwrap_or_else(PoisonError::into_inner);
        read::candidates(tree, asked, &hashes, &mut glimpses, may_matter)
    }

    fn prepare(&self, kind: RecordKind, time: Timestamp, id: &str, payload: &[u8]) -> Result<Prepared, StoreError> {
        Prepared::new(kind, time, id, payload)
            .map_err(|e| io_error(&self.folder, "archive", &e, "give `max_page_bytes` a lower value"))
    }

    fn prepare_json(
        &self,
        kind: RecordKind,
        time: Timestamp,
        id: &str,
        value: &impl Serialize,
    ) -> Result<Prepared, StoreError> {
        let mut value =
            serde_json::to_value(value).map_err(|e| StoreError::Corrupt(format!("{id}: cannot be written: {e}")))?;
        self.veil()?.black_out(&mut value);
        let json =
            serde_json::to_vec(&value).map_err(|e| StoreError::Corrupt(format!("{id}: cannot be written: {e}")))?;
        self.prepare(kind, time, id, &json)
    }

    fn article_records(&self, work: &ArticleCommit) -> Result<Vec<Prepared>, StoreError> {
        let mut records = Vec::new();
        let veil = self.veil()?;
        if work.article.as_ref().is_some_and(|record| veil.hides_article(record)) {
            return Ok(records);
        }
        if let Some(snapshot) = work.snapshot.as_ref().filter(|page| !veil.finder.names_in_page(page)) {
            let (id, time) = write::snapshot_label(work);
            records.push(self.prepare(RecordKind::PageSnapshot, time, &id, snapshot)?);
        }
        if let Some(article) = &work.article {
            records.push(self.prepare_json(RecordKind::Article, article.read, article.id.as_str(), article)?);
        }
        Ok(records)
    }

    fn revision_records(&self, work: &RevisionCommit) -> Result<Vec<Prepared>, StoreError> {
        let mut records = self.article_records(&work.read)?;
        if let Some(revision) = &work.revision {
            let id = revision.article.as_str();
            records.push(self.prepare_json(RecordKind::Revision, revision.at, id, revision)?);
        }
        records.extend(self.alert_records(&work.alerts)?);
        let looked = work.read.decisions.iter().map(|d| d.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
        records.extend(self.recheck_records(looked, work.recheck.as_ref())?);
        Ok(records)
    }

    /// Digests that are new, each with what it is to be sent as.
    fn digest_records(&self, work: &DigestCommit) -> Result<Vec<Prepared>, StoreError> {
        let mut records = Vec::new();
        let is_stored = |id: &DigestId| Ok(self.with_tree(|tree| tree.bytes(&keys::digest(id)))?.is_some());
        for digest in work.digest.iter().chain(&work.also) {
            if is_stored(&digest.id)? {
                continue;
            }
            let deliveries = work.deliveries.iter().filter(|d| d.digest == digest.id).cloned().collect();
            let record = DigestRecord { digest: digest.clone(), deliveries };
            records.push(self.prepare_json(RecordKind::Digest, work.covered_until, digest.id.as_str(), &record)?);
        }
        // Of a digest that is stored already only what it tells is told: the others wait on.
        if work.digest.as_ref().map_or(Ok(false), |digest| is_stored(&digest.id))? {
            return Ok(records);
        }
        records.extend(self.untold_records(work)?);
        Ok(records)
    }

    fn alert_records(&self, alerts: &[Alert]) -> Result<Vec<Prepared>, StoreError> {
        if alerts.is_empty() {
            return Ok(Vec::new());
        }
        let new: Vec<&Alert> = self.with_tree(|tree| {
            let mut new = Vec::new();
            for alert in alerts {
                if tree.bytes(&keys::alert(&alert.id))?.is_none() {
                    new.push(alert);
                }
            }
            Ok(new)
        })?;
        new.into_iter().map(|a| self.prepare_json(RecordKind::Alert, a.raised, a.id.as_str(), a)).collect()
    }

    fn receipt_records(&self, delivery: &Delivery) -> Result<Vec<Prepared>, StoreError> {
        match &delivery.state {
            DeliveryState::Sent { receipt } => {
                Ok(vec![self.prepare_json(RecordKind::Receipt, receipt.at, &delivery.key(), delivery)?])
            }
            DeliveryState::Pending { .. } | DeliveryState::Dead { .. } => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Store for SledStore {
    async fn feed_states(&self) -> Result<Vec<FeedState>, StoreError> {
        self.read(read::feed_states).await
    }

    async fn entries(&self, ids: &[EntryId]) -> Result<Vec<EntryRecord>, StoreError> {
        let ids = ids.to_vec();
        self.read(move |tree| read::entries(tree, &ids)).await
    }

    async fn seen_before(&self, feed: &FeedId, parsed: &[ParsedEntry]) -> Result<Vec<bool>, StoreError> {
        let (feed, parsed) = (feed.clone(), parsed.to_vec());
        self.read(move |tree| read::seen_before(tree, &feed, &parsed)).await
    }

    async fn commit_poll(&self, poll: PollCommit) -> Result<(), StoreError> {
        self.write(poll, |_, _| Ok(Vec::new()), write::poll).await
    }

    async fn due_entries(&self, now: Timestamp, limit: usize) -> Result<Vec<EntryRecord>, StoreError> {
        self.read(move |tree| read::due_entries(tree, now, limit)).await
    }

    async fn next_entry_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(read::next_entry_due).await
    }

    async fn commit_article(&self, work: ArticleCommit) -> Result<(), StoreError> {
        self.write(work, Inner::article_records, write::article).await
    }

    async fn article(&self, id: &ArticleId) -> Result<Option<ArticleRecord>, StoreError> {
        let key = keys::article(id);
        self.read(move |tree| tree.get(&key)).await
    }

    async fn articles_behind(&self, after: Option<&ArticleId>, limit: usize) -> Result<Vec<ArticleRecord>, StoreError> {
        let after = after.cloned();
        self.read(move |tree| read::articles_behind(tree, after.as_ref(), limit)).await
    }

    async fn developments_behind(
        &self,
        after: Option<&DevelopmentId>,
        limit: usize,
    ) -> Result<Vec<Development>, StoreError> {
        let after = after.cloned();
        self.read(move |tree| read::developments_behind(tree, after.as_ref(), limit)).await
    }

    async fn unsettled(&self, limit: usize) -> Result<Vec<ArticleRecord>, StoreError> {
        self.read(move |tree| read::unsettled(tree, limit)).await
    }

    async fn due_rechecks(&self, now: Timestamp, limit: usize) -> Result<Vec<Recheck>, StoreError> {
        self.read(move |tree| read::due_rechecks(tree, now, limit)).await
    }

    async fn next_recheck_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(read::next_recheck_due).await
    }

    async fn recheck(&self, id: &ArticleId) -> Result<Option<Recheck>, StoreError> {
        let key = keys::recheck(id);
        self.read(move |tree| tree.get(&key)).await
    }

    async fn commit_revision(&self, work: RevisionCommit) -> Result<(), StoreError> {
        self.write(work, Inner::revision_records, write::revision).await
    }

    async fn revisions(&self, id: &ArticleId) -> Result<Vec<Revision>, StoreError> {
        let id = id.clone();
        self.read(move |tree| read::revisions(tree, &id)).await
    }

    async fn alerts_of(&self, id: &ArticleId) -> Result<Vec<Alert>, StoreError> {
        let id = id.clone();
        self.read(move |tree| read::alerts_of(tree, &id)).await
    }

    async fn replace_extractions(&self, records: Vec<ArticleRecord>) -> Result<(), StoreError> {
        let archived = |inner: &Inner, records: &Vec<ArticleRecord>| inner.reprocessed_records(records);
        self.write(records, archived, |unit, records| write::extractions(unit, records)).await
    }

    async fn candidates(&self, keys: &[BlockingKey], may_matter: MayMatter) -> Result<Candidates, StoreError> {
        let keys = keys.to_vec();
        self.blocking(move |inner| inner.with_tree(|tree| inner.candidates(tree, &keys, &*may_matter))).await
    }

    async fn settle(&self, work: Vec<SettleCommit>) -> Result<(), StoreError> {
        self.blocking(move |inner| {
            let job = |(place, work): (usize, SettleCommit)| {
                let records = inner.settle_records(&work)?;
                Ok(Job { records, apply: Box::new(move |unit| write::settle(unit, &work)), rests: place > 0 })
            };
            inner.commit_all(work.into_iter().enumerate().map(job).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn commit_hand(&self, work: HandCommit) -> Result<(), StoreError> {
        self.write(work, Inner::hand_records, write::hand).await
    }

    async fn watch_memory(&self) -> Result<WatchMemory, StoreError> {
        self.read(|tree| Ok(tree.get(&keys::meta("watch"))?.unwrap_or_default())).await
    }

    async fn development(&self, id: &DevelopmentId) -> Result<Option<Development>, StoreError> {
        let id = id.clone();
        self.read(move |tree| read::development(tree, &id)).await
    }

    async fn developments_of(&self, entity: &str) -> Result<Vec<Development>, StoreError> {
        let entity = entity.to_owned();
        self.read(move |tree| read::developments_of(tree, &entity)).await
    }

    async fn waiting_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        self.read(read::waiting_alerts).await
    }

    async fn held_alerts(&self) -> Result<Vec<Alert>, StoreError> {
        self.read(read::held_alerts).await
    }

    async fn alerts_after(
        &self,
        since: Timestamp,
        counts: for<'a> fn(&'a Alert) -> bool,
        most: usize,
    ) -> Result<usize, StoreError> {
        self.read(move |tree| read::alerts_after(tree, since, counts, most)).await
    }

    async fn alert(&self, id: &AlertId) -> Result<Option<Alert>, StoreError> {
        let id = id.clone();
        self.read(move |tree| read::alert(tree, &id)).await
    }

    async fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        self.read(read::alerts).await
    }

    async fn covered_until(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|tree| tree.get(&keys::meta("covered"))).await
    }

    async fn read_between(&self, from: Timestamp, to: Timestamp) -> Result<(u64, Vec<ReadingDoubt>), StoreError> {
        self.read(move |tree| read::read_between(tree, from, to)).await
    }

    async fn told_in(&self, id: &AlertId) -> Result<Vec<DigestId>, StoreError> {
        let id = id.clone();
        self.read(move |tree| read::told_in(tree, &id)).await
    }

    async fn deliveries(&self, id: &DigestId) -> Result<Vec<Delivery>, StoreError> {
        let id = id.clone();
        self.read(move |tree| read::deliveries(tree, &id)).await
    }

    async fn commit_digest(&self, work: DigestCommit) -> Result<(), StoreError> {
        self.write(work, Inner::digest_records, write::digest).await
    }

    async fn digest(&self, id: &DigestId) -> Result<Option<Digest>, StoreError> {
        let key = keys::digest(id);
        self.read(move |tree| tree.get(&key)).await
    }

    async fn digests(&self) -> Result<Vec<(DigestId, String)>, StoreError> {
        self.read(read::digests).await
    }

    async fn outbox(&self) -> Result<Vec<Delivery>, StoreError> {
        self.read(read::outbox).await
    }

    async fn commit_delivery(&self, delivery: Delivery, decision: Decision) -> Result<(), StoreError> {
        let records = |inner: &Inner, (delivery, _): &(Delivery, Decision)| inner.receipt_records(delivery);
        self.write((delivery, decision), records, write::attempt).await
    }

    async fn find(&self, query: &str) -> Result<Vec<Subject>, StoreError> {
        let query = query.to_owned();
        self.read(move |tree| read::find(tree, &query)).await
    }

    async fn decisions(&self, subject: &Subject) -> Result<Vec<Decision>, StoreError> {
        let subject = subject.clone();
        self.read(move |tree| read::decisions(tree, &subject)).await
    }

    async fn passed_over(
        &self,
        after: Option<(Timestamp, EntryId)>,
        limit: usize,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        self.read(move |tree| read::passed_over(tree, after.as_ref(), limit)).await
    }

    async fn counts(&self) -> Result<StoreCounts, StoreError> {
        self.blocking(|inner| {
            let mut counts = inner.with_tree(read::counts)?;
            let gate = inner.gate.read().map_err(|_| panicked())?;
            let sled = gate.as_ref().ok_or_else(closed)?.db.size_on_disk();
            counts.bytes = inner.archive_bytes.load(Ordering::Relaxed).saturating_add(sled.unwrap_or(0));
            Ok(counts)
        })
        .await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        // Every unit is on disk when it is acknowledged: only those under way are to be waited for.
        self.blocking(|inner| {
            drop(inner.writer.lock().map_err(|_| panicked())?);
            inner.check_alive()
        })
        .await
    }
}

#[cfg(test)]
mod tests;
