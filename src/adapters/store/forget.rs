//! Forgetting: what was asked for goes out of every key, and never comes in again.
//!
//! The tombstones are keyed hashes, so that a sweep that a crash cut short goes on without the name in clear. A name is
//! blacked out with a line as long as itself: every span of a text holds, each value can be changed by itself, and a sweep
//! that goes over a changed value changes nothing.

use super::{
    Inner,
    address::Plain,
    commit::{Job, panicked},
    engine::io_error,
    keys::{self, Key, Kind},
    progress, read,
    sweep::Sweep,
    unit::{Tree, Unit, View as _},
    veil::Veil,
    write::{AlertRow, DevelopmentRow, DigestRecord},
};
use crate::{
    adapters::{
        archive::{self, Header},
        audit,
    },
    domain::{
        AlertId, ArticleId, DevelopmentId, Digest, DigestId, EntryRecord, EntryState, ForgetJob, Forgettable,
        Forgotten, Gone, ParsedEntry, Subject, masking,
        names::{self, NameFinder},
    },
    ports::{Archived, ArticleRecord, RecordKind, StoreError},
};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// Keys looked at in one unit of work.
const STEP: usize = 200;

/// What says in the place of an entry's reason that it was forgotten.
pub(super) const REASON: &str = "forgotten";

/// The kinds in the order in which they are gone through: what rests on a thing after the thing, so that it can be seen
/// that the thing went.
const ORDER: &[Kind] = &[
    Kind::Entry,
    Kind::Article,
    Kind::ReadAt,
    Kind::Revision,
    Kind::Recheck,
    Kind::Development,
    Kind::Alert,
    Kind::Digest,
    Kind::DigestOrder,
];

pub(super) fn row_key() -> Key {
    keys::meta("forgotten")
}

/// Name of the file that holds the tombstones too: what is put in the place of sled (a backup of before, say) takes them on.
const FILE: &str = "forgotten";

/// What was forgotten, by the store's own word and by the file beside it. Where the file knows more, forgetting goes on.
pub(super) fn load(tree: &Tree<'_>) -> Result<Forgotten, StoreError> {
    let mut row: Forgotten = tree.get(&row_key())?.unwrap_or_default();
    let path = tree.folder.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(row),
        Err(e) => return Err(io_error(&path, "cannot read what was forgotten", &e, "mend its rights")),
    };
    let file: Forgotten = serde_json::from_slice(&bytes).map_err(|e| {
        StoreError::Corrupt(format!("{}: cannot be read: {e}; restore it from a backup", path.display()))
    })?;
    if !row.take_on(file) {
        return Ok(row);
    }
    let finder = row.finder();
    let mut touched = BTreeSet::new();
    for key in tree.keys(&keys::all(Kind::Article)) {
        let record: ArticleRecord = tree.expect(&key?)?;
        if serde_json::to_value(&record).is_ok_and(|v| masking::any_text(&v, &|text| finder.names_in(text))) {
            touched.insert(record.id);
        }
    }
    let job = ForgetJob {
        since: Timestamp::UNIX_EPOCH,
        person: true,
        touched,
        digests: BTreeSet::new(),
        gone: Gone::default(),
    };
    row.job = Some(job);
    tracing::warn!(
        "the store holds what was forgotten, as after the restoring of an older backup: it is forgotten again"
    );
    Ok(row)
}

/// Brings the file beside the store up to what the store knows: a backup that is put in a fresh folder brings its tombstones, and
/// an older one that follows it must find them.
pub(super) fn keep_beside(folder: &Path, row: &Forgotten) {
    let known = fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice::<Forgotten>(&bytes).ok());
    if !known.unwrap_or_default().take_on(row.clone()) {
        return;
    }
    if let Err(error) = write_file(folder, row) {
        tracing::warn!(store.fault = %error, "what was forgotten is known to the store alone: it would not outlast a restore");
    }
}

/// Writes the tombstones beside the store, all or nothing.
fn write_file(folder: &Path, row: &Forgotten) -> Result<(), StoreError> {
    let path = folder.join(FILE);
    let beside = folder.join(format!("{FILE}.part"));
    let kept = Forgotten { job: None, ..row.clone() };
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        serde_json::to_writer(&mut file, &kept)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|e: io::Error| io_error(&path, "cannot write what is forgotten", &e, "mend the folder's rights"))
}

/// Adds the tombstones of `what` to what was forgotten, and finds the articles and entries that go whole.
pub(super) fn plan(tree: &Tree<'_>, what: &Forgettable, now: Timestamp) -> Result<Forgotten, StoreError> {
    let mut row = load(tree)?;
    if row.key.is_empty() {
        let random: [u8; 32] = audit::random().map_err(|e| StoreError::Io(e.to_string()))?;
        row.key = random.iter().map(|b| format!("{b:02x}")).collect();
    }
    let mut job = row.job.take().unwrap_or_else(|| ForgetJob {
        since: now,
        person: matches!(what, Forgettable::Person { .. }),
        touched: BTreeSet::new(),
        digests: BTreeSet::new(),
        gone: Gone::default(),
    });
    let mut articles: BTreeSet<ArticleId> = BTreeSet::new();
    match what {
        Forgettable::Person { name, aliases } => {
            let forms = names::forms(&row.key_bytes(), name, aliases);
            let finder = NameFinder::new(row.key_bytes(), [forms.clone()]);
            row.names.insert(forms);
            for key in tree.keys(&keys::all(Kind::Article)) {
                let record: ArticleRecord = tree.expect(&key?)?;
                let Ok(value) = serde_json::to_value(&record) else { continue };
                if !masking::any_text(&value, &|text| finder.names_in(text)) {
                    continue;
                }
                if is_about(&record, &finder) {
                    articles.insert(record.id);
                } else {
                    job.touched.insert(record.id);
                }
            }
        }
        Forgettable::Address { url } => {
            let Some(plain) = Plain::parse(url) else {
                return Err(StoreError::Corrupt(format!("{url:?} is no address")));
            };
            row.addresses.insert(row.address(&plain.text()));
            for subject in read::find(tree, url)? {
                match subject {
                    Subject::Article(id) => drop(articles.insert(id)),
                    Subject::Entry(id) => drop(row.entries.insert(id)),
                    _ => {}
                }
            }
        }
    }
    // The article's other addresses, and whatever entry leads to it.
    for id in &articles {
        let record: ArticleRecord = tree.expect(&keys::article(id))?;
        for url in record.article.url.iter().chain(&record.article.canonical) {
            row.addresses.extend(Plain::of(url).map(|plain| row.address(&plain.text())));
        }
    }
    row.articles.extend(articles);
    for key in tree.keys(&keys::all(Kind::Entry)) {
        let record: EntryRecord = tree.expect(&key?)?;
        let of_article = match &record.state {
            EntryState::Done { article } | EntryState::GaveUp { article, .. } => row.articles.contains(article),
            EntryState::Selected { .. } | EntryState::PassedOver { .. } => false,
        };
        let of_address = record.entry.parsed.link.as_ref().is_some_and(|url| is_forgotten(&row, url));
        if of_article || of_address {
            row.entries.insert(record.entry.id);
        }
    }
    row.job = Some(job);
    Ok(row)
}

/// Whether an article is about nobody else: all that it reports happened to whoever `finder` looks for.
fn is_about(record: &ArticleRecord, finder: &NameFinder) -> bool {
    let of_them = |e: &crate::domain::EntityRef| finder.names_in(&e.name) || finder.names_in(&e.id);
    let mut whose = record.extraction.reports.iter().map(|r| &r.who).filter(|who| !who.is_empty()).peekable();
    whose.peek().is_some() && whose.all(|who| who.iter().any(of_them))
}

/// Whether an address was forgotten.
pub(super) fn is_forgotten(row: &Forgotten, url: &Url) -> bool {
    !row.is_empty() && Plain::of(url).is_some_and(|plain| row.has_address(&plain.text()))
}

/// An entry of which nothing is left but that it was seen.
pub(super) fn blank(mut record: EntryRecord) -> EntryRecord {
    record.entry.parsed = ParsedEntry::default();
    record.state = EntryState::PassedOver { reason: REASON.to_owned() };
    record
}

impl Inner {
    /// What would go.
    pub(super) fn plan_forgetting(&self, what: &Forgettable) -> Result<Gone, StoreError> {
        self.with_tree(|tree| {
            let row = plan(tree, what, Timestamp::UNIX_EPOCH)?;
            let veil = Arc::new(Veil::new(row.clone()));
            let mut unit = Unit::begin(Tree { tree: tree.tree, folder: tree.folder })?.under(&veil);
            let mut sweep = Sweep::new(&veil);
            for key in all_keys(tree)? {
                sweep.key(&mut unit, &key)?;
            }
            let mut gone = row.job.map(|job| job.gone).unwrap_or_default();
            gone.add(&sweep.gone);
            Ok(gone)
        })
    }

    pub(super) fn begin_forgetting(&self, what: Forgettable, now: Timestamp) -> Result<(), StoreError> {
        let _care = self.rights.lock().map_err(|_| panicked())?;
        let row = self.with_tree(|tree| plan(tree, &what, now))?;
        let veil = Arc::new(Veil::new(row.clone()));
        write_file(&self.folder, &row)?;
        // From here on nothing of it is written in clear, by whatever is under way: the veil comes before the tombstones.
        *self.veil.write().map_err(|_| panicked())? = veil;
        self.commit(Job::new(Vec::new(), Box::new(move |unit| unit.put(&row_key(), &row))))?;
        *self.swept.lock().map_err(|_| panicked())? = None;
        Ok(())
    }

    /// One step of the sweep. True: nothing is left.
    pub(super) fn sweep(&self) -> Result<bool, StoreError> {
        let _care = self.rights.lock().map_err(|_| panicked())?;
        let mut place = self.swept.lock().map_err(|_| panicked())?;
        let mut left = match place.take() {
            Some(left) => left,
            None => self.with_tree(all_keys)?,
        };
        self.step();
        let rest = left.split_off(STEP.min(left.len()));
        let veil = self.veil()?;
        let apply = move |unit: &mut Unit<'_>| {
            let mut sweep = Sweep::new(&veil);
            left.iter().try_for_each(|key| sweep.key(unit, key))?;
            if sweep.gone.is_nothing() && sweep.digests.is_empty() {
                return Ok(());
            }
            let mut row = stored_row(unit)?;
            if let Some(job) = &mut row.job {
                job.gone.add(&sweep.gone);
                job.digests.append(&mut sweep.digests);
            }
            unit.put(&row_key(), &row)
        };
        self.commit(Job::new(Vec::new(), Box::new(apply)))?;
        let done = rest.is_empty();
        *place = Some(rest).filter(|_| !done);
        Ok(done)
    }

    pub(super) fn end_forgetting(&self) -> Result<Option<ForgetJob>, StoreError> {
        let _care = self.rights.lock().map_err(|_| panicked())?;
        let veil = self.veil()?;
        let stored: Option<Forgotten> = self.with_tree(|tree| tree.get(&row_key()))?;
        // What was taken on from the file beside the store may not be in it yet.
        let mut row =
            stored.filter(|row| row.job.is_some() || veil.row.job.is_none()).unwrap_or_else(|| veil.row.clone());
        let job = row.job.take();
        *self.veil.write().map_err(|_| panicked())? = Arc::new(Veil::new(row.clone()));
        self.commit(Job::new(Vec::new(), Box::new(move |unit| unit.put(&row_key(), &row))))?;
        Ok(job)
    }

    /// Erases what the archive has of what was forgotten.
    pub(super) fn forget_archived(&self) -> Result<(), StoreError> {
        let veil = self.veil()?;
        let erased = Arc::new(Mutex::new(Gone::default()));
        // What stays in the store, changed, is archived anew before the old goes, so that the archive still has all of it.
        self.archive_anew(&veil)?;
        let counted = Arc::clone(&erased);
        let select = {
            let veil = Arc::clone(&veil);
            move |record: Archived<'_>| {
                // Nobody can say what a damaged payload holds.
                let goes = record.payload.is_none() || veil.hides(record.kind, record.id, record.payload);
                if goes {
                    let mut gone = counted.lock().unwrap_or_else(PoisonError::into_inner);
                    *gone.erased.entry(record.kind.label().to_owned()).or_default() += 1;
                }
                goes
            }
        };
        self.erase_archived(Box::new(select))?;
        let blacked = self.audit.lock().map_err(|_| panicked())?.black_out(&veil.finder);
        let blacked = blacked.map_err(|e| StoreError::Io(e.to_string()))?;
        let mut gone = std::mem::take(&mut *erased.lock().unwrap_or_else(PoisonError::into_inner));
        if blacked > 0 {
            gone.blacked_out.insert("line of the audit log".to_owned(), blacked);
        }
        let apply = move |unit: &mut Unit<'_>| {
            let mut row = stored_row(unit)?;
            if let Some(job) = &mut row.job {
                job.gone.add(&gone);
            }
            unit.put(&row_key(), &row)
        };
        self.commit(Job::new(Vec::new(), Box::new(apply)))
    }
}

impl Inner {
    /// What was forgotten, with how far that has come.
    pub(super) fn forgotten(&self) -> Result<Forgotten, StoreError> {
        let veil = self.veil()?;
        if veil.row.job.is_none() {
            return Ok(veil.row.clone());
        }
        let stored: Option<Forgotten> = self.with_tree(|tree| tree.get(&row_key()))?;
        Ok(stored.filter(|row| row.job.is_some()).unwrap_or_else(|| veil.row.clone()))
    }

    /// The veil as it is now.
    pub(super) fn veil(&self) -> Result<Arc<Veil>, StoreError> {
        Ok(Arc::clone(&*self.veil.read().map_err(|_| panicked())?))
    }

    /// Archives anew what the archive has of forgotten people, and the store still has with their names blacked out.
    fn archive_anew(&self, veil: &Veil) -> Result<(), StoreError> {
        let mut found = BTreeSet::new();
        let read = archive::read(&self.folder.join("archive"), |record| {
            self.step();
            let Header { kind, id, .. } = record.header;
            if veil.hides(kind, &id, record.payload.as_deref()) {
                // Behind an article archived anew must stand how far it has come.
                if kind == RecordKind::Article {
                    found.insert((RecordKind::Progress, id.clone()));
                }
                found.insert((kind, id));
            }
        });
        read.map_err(|e| self.archive_error(&e))?;
        let mut records = Vec::new();
        for (kind, id) in found {
            for (time, value) in self.with_tree(|tree| still_there(tree, kind, &id))? {
                records.push(self.prepare_json(kind, time, &id, &value)?);
            }
        }
        if records.is_empty() {
            return Ok(());
        }
        self.commit(Job::new(records, Box::new(|_| Ok(()))))
    }
}

/// What was forgotten as it is stored; as the veil has it, where it was taken on from the file beside the store.
fn stored_row(unit: &Unit<'_>) -> Result<Forgotten, StoreError> {
    let stored: Option<Forgotten> = unit.get(&row_key())?;
    Ok(stored.filter(|row| row.job.is_some()).unwrap_or_else(|| unit.veil.row.clone()))
}

/// All keys, in the order of the sweep.
fn all_keys(tree: &Tree<'_>) -> Result<Vec<Key>, StoreError> {
    let others = Kind::ALL.iter().filter(|kind| !ORDER.contains(kind) && **kind != Kind::Piece);
    let mut out = Vec::new();
    for kind in ORDER.iter().chain(others) {
        for key in tree.keys(&keys::all(*kind)) {
            out.push(key?);
        }
    }
    Ok(out)
}

/// Of what is archived under `id`, what the store still has: what it is archived again as, each with its time.
fn still_there(tree: &Tree<'_>, kind: RecordKind, id: &str) -> Result<Vec<(Timestamp, Value)>, StoreError> {
    let mut out: Vec<(Timestamp, serde_json::Result<Value>)> = Vec::new();
    match kind {
        RecordKind::Article => {
            let Ok(id) = ArticleId::parse(id) else { return Ok(Vec::new()) };
            let record: Option<ArticleRecord> = tree.get(&keys::article(&id))?;
            out.extend(record.map(|r| (r.read, serde_json::to_value(&r))));
        }
        RecordKind::Revision => {
            let Ok(id) = ArticleId::parse(id) else { return Ok(Vec::new()) };
            out.extend(read::revisions(tree, &id)?.iter().map(|r| (r.at, serde_json::to_value(r))));
        }
        RecordKind::Alert => {
            let Ok(id) = AlertId::parse(id) else { return Ok(Vec::new()) };
            let row: Option<AlertRow> = tree.get(&keys::alert(&id))?;
            out.extend(row.map(|r| (r.alert.raised, serde_json::to_value(&r.alert))));
        }
        RecordKind::Digest => {
            let Ok(id) = DigestId::parse(id) else { return Ok(Vec::new()) };
            if let Some(digest) = tree.get::<Digest>(&keys::digest(&id))? {
                let deliveries = read::deliveries(tree, &id)?;
                out.push((digest.to, serde_json::to_value(&DigestRecord { digest, deliveries })));
            }
        }
        RecordKind::Development => {
            let Ok(id) = DevelopmentId::parse(id) else { return Ok(Vec::new()) };
            let row: Option<DevelopmentRow> = tree.get(&keys::development(&id))?;
            out.extend(row.map(|r| (r.development.first_seen, serde_json::to_value(&r))));
        }
        RecordKind::Progress => {
            let Ok(id) = ArticleId::parse(id) else { return Ok(Vec::new()) };
            out.extend(progress::of_article(tree, &id)?.iter().map(|(at, step)| (*at, serde_json::to_value(step))));
        }
        // A page cannot be blacked out in part, and a receipt tells of no one but its receivers.
        RecordKind::PageSnapshot | RecordKind::Receipt => {}
    }
    Ok(out.into_iter().filter_map(|(at, value)| Some((at, value.ok()?))).collect())
}
