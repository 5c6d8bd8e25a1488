//! sled made anew: from what can still be read of the old one, and from the archive.
//!
//! Things are taken one by one as the units of work write them, so that every index is that of its thing. What comes from the
//! archive alone: articles, developments (also as they were changed by hand), revisions, alerts, digests with what they tell,
//! receipts, and how far all of it has come: only what was not settled before is settled afterwards. What only sled has: feed
//! states and entries (the next polls bring them again; an article that is known is not read as a new one), and decisions.

use super::{
    StoreOptions, compact,
    engine::{self, Engine, Places, io_error, make_folder, store_error},
    keys::{self, Key, Kind},
    progress::Progress,
    replace::{self, Replacement},
    unit::{SCHEMA, Tally, Tree, Unit, View as _},
    write::{self, AlertRow, Cluster, DevelopmentRow, DigestLine, DigestRecord, ReadingNote},
};
use crate::{
    adapters::archive::{self, Record, RecordKind},
    domain::{
        Alert, AlertId, Delivery, DeliveryState, DevelopmentId, Digest, EntryRecord, FeedState, Recheck, Revision,
    },
    ports::{ArticleRecord, StoreError},
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

/// Things written in one batch.
const BATCH: usize = 200;

/// What a rebuild did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Things taken from the old sled, by kind.
    pub from_sled: BTreeMap<String, u64>,
    /// Things of it that could not be read, by kind.
    pub unreadable: BTreeMap<String, u64>,
    /// Whether the old sled could be opened at all.
    pub sled_opened: bool,
    /// Things that only the archive had, by kind.
    pub from_archive: BTreeMap<String, u64>,
    /// Articles that will be settled at the next start: those that had not been.
    pub to_settle: u64,
    /// Faults of the archive.
    pub faults: Vec<String>,
    /// The folder to which the old sled was moved.
    pub aside: Option<String>,
}

/// Makes sled in the store's `folder` anew. The old one is moved aside. `progress` hears what is being done.
///
/// # Errors
/// [`StoreError::Locked`] while a service runs; otherwise when the disk fails or the archive cannot be read.
pub fn rebuild(
    folder: &Path,
    now: Timestamp,
    options: &StoreOptions,
    progress: &dyn Fn(&str),
) -> Result<Rebuilt, StoreError> {
    let places = Places::of(folder);
    if !folder.exists() {
        return Err(StoreError::Io(format!("{}: there is no store", folder.display())));
    }
    let lock = engine::lock(&places)?;
    compact::settle_leftovers(&places)?;
    let new = Replacement::begin(&places)?;
    let sled = new.sled();
    make_folder(&sled)?;
    make_folder(&places.archive)?;
    let target = engine::open_sled(&sled, options)?;
    let tree: sled::Tree = sled::Tree::clone(&target);
    let mut work = Work { tree: &tree, folder, unit: None, in_unit: 0, done: Rebuilt::default() };
    work.change(|unit| unit.put(&keys::meta("schema"), &SCHEMA))?;
    progress("reading what can be read of sled");
    if places.sled.join("db").exists() {
        salvage(&places, options, &mut work)?;
    }
    progress("reading the archive");
    add_archive(&places, &mut work)?;
    work.apply()?;
    let mut done = work.done;
    done.to_settle = Tree { tree: &tree, folder }.keys(&keys::all(Kind::Queue)).count() as u64;
    drop(tree);
    progress("bringing it to the disk");
    target.flush().map_err(|e| store_error(folder, &e))?;
    compact::close(target, &sled)?;
    done.aside = new.put_in_place(&format!("damaged-sled-{}", now.strftime("%Y%m%dT%H%M%SZ")))?;
    drop(Engine::open_locked(&places, options, lock)?);
    replace::hand_over(&places.folder)?;
    Ok(done)
}

/// The new tree, written in batches.
struct Work<'a> {
    tree: &'a sled::Tree,
    folder: &'a Path,
    unit: Option<Unit<'a>>,
    in_unit: usize,
    done: Rebuilt,
}

impl<'a> Work<'a> {
    fn change(&mut self, change: impl FnOnce(&mut Unit<'a>) -> Result<(), StoreError>) -> Result<(), StoreError> {
        if self.unit.is_none() {
            self.unit = Some(Unit::begin(Tree { tree: self.tree, folder: self.folder })?);
        }
        if let Some(unit) = &mut self.unit {
            change(unit)?;
        }
        self.in_unit += 1;
        if self.in_unit >= BATCH { self.apply() } else { Ok(()) }
    }

    fn apply(&mut self) -> Result<(), StoreError> {
        self.in_unit = 0;
        match self.unit.take() {
            Some(unit) => self.tree.apply_batch(unit.into_batch()?).map_err(|e| store_error(self.folder, &e)),
            None => Ok(()),
        }
    }

    /// What stands there now, in the tree or in the batch.
    fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        match &self.unit {
            Some(unit) => unit.get(key),
            None => Tree { tree: self.tree, folder: self.folder }.get(key),
        }
    }

    fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
}

/// Takes everything that can be read of the old sled. That it cannot be opened, or only in parts, is no error.
fn salvage(places: &Places, options: &StoreOptions, work: &mut Work<'_>) -> Result<(), StoreError> {
    let opened = match engine::open_sled(&places.sled, options) {
        Ok(db) => db,
        Err(error @ (StoreError::Corrupt(_) | StoreError::Io(_))) => {
            tracing::warn!(store.fault = %error, "nothing can be read of the old sled");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    work.done.sled_opened = true;
    let old = Tree { tree: &opened, folder: &places.folder };
    let newest = old.get::<u32>(&keys::meta("schema")).ok().flatten();
    if let Some(found) = newest.filter(|found| *found > SCHEMA) {
        return Err(StoreError::Newer { path: places.folder.display().to_string(), found, known: SCHEMA });
    }
    for kind in Kind::ALL {
        // sled panics on some damage to a page (spacejam/sled#1387): what was read of this kind until then stays.
        let taken = catch_unwind(AssertUnwindSafe(|| salvage_kind(&old, *kind, work)));
        match taken {
            Ok(taken) => taken?,
            Err(_) => Work::count(&mut work.done.unreadable, kind.name()),
        }
    }
    compact::close(opened, &places.sled)
}

fn salvage_kind(old: &Tree<'_>, kind: Kind, work: &mut Work<'_>) -> Result<(), StoreError> {
    for key in old.keys(&keys::all(kind)) {
        let Ok(key) = key else {
            Work::count(&mut work.done.unreadable, kind.name());
            break;
        };
        match salvage_one(old, kind, &key, work) {
            // A digest is found by its place in the order.
            Ok(true) if kind == Kind::DigestOrder => Work::count(&mut work.done.from_sled, Kind::Digest.name()),
            Ok(true) => Work::count(&mut work.done.from_sled, kind.name()),
            Ok(false) => {}
            Err(StoreError::Corrupt(_)) => Work::count(&mut work.done.unreadable, kind.name()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes one thing over, with its indexes; `false` for keys that come with their things.
fn salvage_one(old: &Tree<'_>, kind: Kind, key: &Key, work: &mut Work<'_>) -> Result<bool, StoreError> {
    match kind {
        Kind::Feed => {
            let state: FeedState = old.expect(key)?;
            work.change(|unit| unit.put(&keys::feed(&state.id), &state))?;
        }
        Kind::Entry => {
            let record: EntryRecord = old.expect(key)?;
            work.change(|unit| write::entry(unit, &record))?;
        }
        Kind::Article => {
            let record: ArticleRecord = old.expect(key)?;
            let cluster: Option<Cluster> = old.get(&keys::cluster(&record.id)).unwrap_or_default();
            let note_key = keys::read_at(record.read, &record.id);
            let note: Option<ReadingNote> = old.get(&note_key).unwrap_or_default();
            work.change(|unit| {
                write::article_record(unit, &record)?;
                if let Some(cluster) = cluster {
                    unit.remove(&write::queue_key(&record))?;
                    unit.put(&keys::cluster(&record.id), &cluster)?;
                    write::sketch_marks(&record).iter().try_for_each(|key| unit.mark(key))?;
                }
                note.map_or(Ok(()), |note| unit.put(&note_key, &note))
            })?;
        }
        Kind::Development => {
            let row: DevelopmentRow = old.expect(key)?;
            work.change(|unit| {
                unit.replace_marks(&BTreeSet::new(), &write::development_marks(&row))?;
                unit.put(key, &row)
            })?;
        }
        Kind::Merged => {
            let older: DevelopmentId = old.expect(key)?;
            work.change(|unit| unit.put(key, &older))?;
        }
        Kind::Alert => {
            let AlertRow { place, alert } = old.expect(key)?;
            let waits = old.bytes(&keys::alert_waiting(place)).is_ok_and(|v| v.is_some());
            let held = old.bytes(&keys::alert_held(place)).is_ok_and(|v| v.is_some());
            work.change(|unit| {
                unit.place_is_taken(place);
                write::alert_at(unit, place, &alert)?;
                for key in [(waits, keys::alert_waiting(place)), (held, keys::alert_held(place))] {
                    if key.0 {
                        unit.put(&key.1, &alert.id)?;
                    }
                }
                Ok(())
            })?;
        }
        Kind::Recheck => {
            let recheck: Recheck = old.expect(key)?;
            work.change(|unit| write::recheck(unit, &recheck))?;
        }
        Kind::Revision => {
            let revision: Revision = old.expect(key)?;
            work.change(|unit| unit.put(key, &revision))?;
        }
        Kind::DigestOrder => {
            let line: DigestLine = old.expect(key)?;
            let digest: Digest = old.expect(&keys::digest(&line.id))?;
            let place = keys::place_of(key).unwrap_or_default();
            work.change(|unit| {
                unit.place_is_taken(place);
                write::digest_at(unit, place, &digest)
            })?;
        }
        Kind::Delivery => {
            let delivery: Delivery = old.expect(key)?;
            work.change(|unit| write::delivery(unit, &delivery))?;
        }
        Kind::Meta if *key == Tally::key() => {
            let tally: Tally = old.expect(key)?;
            work.change(|unit| {
                unit.go_on_from(&tally);
                Ok(())
            })?;
        }
        // They outlive the things that they were made of.
        Kind::Seen | Kind::Told => {
            work.change(|unit| unit.mark(key))?;
            return Ok(false);
        }
        Kind::Meta if *key == keys::meta("schema") => return Ok(false),
        // Indexes of things that are taken above, with them.
        Kind::Due
        | Kind::PassedOver
        | Kind::Queue
        | Kind::ReadAt
        | Kind::Cluster
        | Kind::Sketch
        | Kind::Address
        | Kind::Blocking
        | Kind::Entity
        | Kind::AlertOrder
        | Kind::AlertWaiting
        | Kind::AlertHeld
        | Kind::AlertOf
        | Kind::RecheckDue
        | Kind::Digest
        | Kind::DeliveryPending
        | Kind::DeliveryDead
        | Kind::Piece => return Ok(false),
        // Whatever has no index is taken as it is.
        _ => {
            let value: serde_json::Value = old.expect(key)?;
            work.change(|unit| unit.put(key, &value))?;
        }
    }
    Ok(true)
}

/// Adds what the archive has and the new tree has not.
fn add_archive(places: &Places, work: &mut Work<'_>) -> Result<(), StoreError> {
    work.apply()?;
    let known = [(Kind::Article, ids_of(work, Kind::Article)?), (Kind::Development, ids_of(work, Kind::Development)?)];
    let mut found = Found::default();
    let mut fault = Ok(());
    let failed = |e| io_error(&places.archive, "cannot read the archive", &e, "check the disk");
    archive::read(&places.archive, |record: Record| {
        if fault.is_ok() {
            fault = found.take(work, record);
        }
    })
    .map_err(failed)?;
    fault?;
    work.apply()?;
    for (kind, known) in known {
        let more = ids_of(work, kind)?.difference(&known).count() as u64;
        if more > 0 {
            work.done.from_archive.insert(kind.name().to_owned(), more);
        }
    }
    found.add_rest(work)?;
    work.done.faults = archive::verify(&places.archive).map_err(failed)?.faults;
    Ok(())
}

/// What is gathered while the archive is read.
#[derive(Default)]
struct Found {
    /// Records so far.
    read: usize,
    /// Where each alert was archived first: one that forgetting changed is archived anew, and stands in its old place.
    first: BTreeMap<String, usize>,
    alerts: Vec<Alert>,
    /// The place in the order of each digest whose first record was erased.
    reserved: BTreeMap<String, u64>,
    deliveries: Vec<Delivery>,
    /// Alerts that digests tell.
    told: BTreeSet<AlertId>,
    /// Alerts that none is to tell.
    withdrawn: BTreeSet<AlertId>,
    last_receipt: Option<Timestamp>,
    /// Until when digests were made.
    covered: Option<Timestamp>,
}

impl Found {
    /// Takes one record; what rests on others waits for [`Found::add_rest`].
    fn take(&mut self, work: &mut Work<'_>, record: Record) -> Result<(), StoreError> {
        let Record { header, payload } = record;
        self.read += 1;
        if header.kind == RecordKind::Alert {
            self.first.entry(header.id.clone()).or_insert(self.read);
        }
        let Some(payload) = payload else {
            if header.kind == RecordKind::Digest && !self.reserved.contains_key(&header.id) {
                let mut place = 0;
                work.change(|unit| {
                    place = unit.next_place();
                    Ok(())
                })?;
                self.reserved.insert(header.id, place);
            }
            return Ok(());
        };
        let added = match header.kind {
            RecordKind::PageSnapshot => false,
            RecordKind::Article => {
                of_json(&payload).map_or(Ok(()), |article| add_article(work, &article))?;
                false
            }
            RecordKind::Development => {
                of_json(&payload).map_or(Ok(()), |row| add_development(work, &row))?;
                false
            }
            RecordKind::Progress => {
                of_json(&payload).map_or(Ok(()), |step| self.step(work, &step))?;
                false
            }
            RecordKind::Revision => of_json(&payload).map_or(Ok(false), |revision: Revision| {
                let key = keys::revision(&revision.article, revision.number);
                add(work, &key, |unit| unit.put(&key, &revision))
            })?,
            RecordKind::Alert => {
                self.alerts.extend(of_json::<Alert>(&payload));
                false
            }
            RecordKind::Digest => of_json(&payload).map_or(Ok(false), |record| self.digest(work, record))?,
            RecordKind::Receipt => {
                if let Some(delivery) = of_json(&payload) {
                    self.last_receipt = self.last_receipt.max(Some(header.time));
                    self.deliveries.push(delivery);
                }
                false
            }
        };
        if added {
            Work::count(&mut work.done.from_archive, header.kind.label());
        }
        Ok(())
    }

    fn step(&mut self, work: &mut Work<'_>, step: &Progress) -> Result<(), StoreError> {
        match step {
            Progress::Withdrawn { alert } => drop(self.withdrawn.insert(alert.clone())),
            Progress::Waiting { alert } => drop(self.withdrawn.remove(alert)),
            _ => {}
        }
        work.change(|unit| step.take(unit))
    }

    fn digest(&mut self, work: &mut Work<'_>, record: DigestRecord) -> Result<bool, StoreError> {
        let DigestRecord { digest, deliveries } = record;
        self.told.extend(digest.alerts().map(|a| a.id.clone()));
        self.told.extend(digest.flood.iter().flat_map(|f| f.alerts.clone()));
        self.covered = self.covered.max(Some(digest.to));
        self.deliveries.extend(deliveries);
        let reserved = self.reserved.get(digest.id.as_str()).copied();
        add(work, &keys::digest(&digest.id), |unit| {
            let place = reserved.unwrap_or_else(|| unit.next_place());
            write::digest_at(unit, place, &digest)
        })
    }

    /// Adds what rests on more than one record.
    fn add_rest(mut self, work: &mut Work<'_>) -> Result<(), StoreError> {
        self.alerts.sort_by_key(|alert| self.first.get(alert.id.as_str()).copied());
        for alert in &self.alerts {
            // Before digests were kept in the archive, a receipt later than the alert says that it was told.
            let by_receipt = self.told.is_empty() && self.last_receipt.is_some_and(|at| at > alert.raised);
            let is_told = self.told.contains(&alert.id) || self.withdrawn.contains(&alert.id) || by_receipt;
            add_alert(work, alert, is_told)?;
        }
        self.deliveries.iter().try_for_each(|delivery| add_delivery(work, delivery))?;
        let key = keys::meta("covered");
        if work.get::<Timestamp>(&key)? < self.covered {
            work.change(|unit| unit.put(&key, &self.covered))?;
        }
        Ok(())
    }
}

fn of_json<T: DeserializeOwned>(payload: &[u8]) -> Option<T> {
    serde_json::from_slice(payload).ok()
}

/// Does `change` when there is nothing under `key` yet.
fn add<'a>(
    work: &mut Work<'a>,
    key: &Key,
    change: impl FnOnce(&mut Unit<'a>) -> Result<(), StoreError>,
) -> Result<bool, StoreError> {
    if work.get::<serde_json::Value>(key)?.is_some() {
        return Ok(false);
    }
    work.change(change)?;
    Ok(true)
}

/// The keys of `kind` in the new tree.
fn ids_of(work: &Work<'_>, kind: Kind) -> Result<BTreeSet<Key>, StoreError> {
    Tree { tree: work.tree, folder: work.folder }.keys(&keys::all(kind)).collect()
}

/// Adds an article, or a later version of one.
fn add_article(work: &mut Work<'_>, article: &ArticleRecord) -> Result<(), StoreError> {
    let stored: Option<ArticleRecord> = work.get(&keys::article(&article.id))?;
    if stored.is_none_or(|stored| stored.read < article.read) {
        work.change(|unit| write::article_record(unit, article))?;
    }
    Ok(())
}

/// Puts a development in the place of what is known of it: the archive was written before sled, so its last word counts.
fn add_development(work: &mut Work<'_>, row: &DevelopmentRow) -> Result<(), StoreError> {
    // It is a part of another by now, or will be parted from it further on.
    if work.get::<DevelopmentId>(&keys::merged(&row.development.id))?.is_none() {
        work.change(|unit| write::put_development(unit, row))?;
    }
    Ok(())
}

fn add_alert(work: &mut Work<'_>, alert: &Alert, is_told: bool) -> Result<(), StoreError> {
    let added = add(work, &keys::alert(&alert.id), |unit| {
        let place = unit.next_place();
        write::alert_at(unit, place, alert)?;
        let waits = if alert.held { keys::alert_held(place) } else { keys::alert_waiting(place) };
        if is_told { Ok(()) } else { unit.put(&waits, &alert.id) }
    })?;
    if added {
        Work::count(&mut work.done.from_archive, RecordKind::Alert.label());
    } else if is_told {
        // sled may be from before it was told.
        let row: Option<AlertRow> = work.get(&keys::alert(&alert.id))?;
        if let Some(AlertRow { place, .. }) = row {
            work.change(|unit| {
                unit.remove(&keys::alert_waiting(place))?;
                unit.remove(&keys::alert_held(place))
            })?;
        }
    }
    Ok(())
}

/// Adds a delivery, or that it was taken.
fn add_delivery(work: &mut Work<'_>, delivery: &Delivery) -> Result<(), StoreError> {
    let key = keys::delivery(Kind::Delivery, &delivery.digest, &delivery.channel);
    let stored: Option<Delivery> = work.get(&key)?;
    let sent = |d: &Delivery| matches!(d.state, DeliveryState::Sent { .. });
    if stored.as_ref().is_some_and(|stored| sent(stored) || !sent(delivery)) {
        return Ok(());
    }
    work.change(|unit| write::delivery(unit, delivery))?;
    if sent(delivery) {
        Work::count(&mut work.done.from_archive, RecordKind::Receipt.label());
    }
    Ok(())
}
