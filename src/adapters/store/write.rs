//! The units of work, as changes to keys. Every index of a thing is a function of its record, so that a changed record
//! takes its old index keys along.

use super::{
    address::Plain,
    forget,
    keys::{self, Key, Kind},
    unit::{Unit, View as _},
};
use crate::{
    domain::{
        Alert, ArticleId, Decision, Delivery, DeliveryState, Development, DevelopmentId, Digest, DigestId, Doubt,
        EntryId, EntryRecord, EntryState, Recheck, Subject,
    },
    ports::{
        ArticleCommit, ArticleRecord, BlockingKey, DigestCommit, HandCommit, PollCommit, RevisionCommit, SettleCommit,
        StoreError,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Units of work whose decisions about one feed are kept: a feed is polled for ever, and `why` asks for its last polls.
/// Decisions about everything else are kept all.
const FEED_UNITS_KEPT: usize = 1000;

/// Hashes of a sketch that an article is found by. Each costs about 170 bytes on disk, more than a tenth of the article
/// itself; and of two texts that share a third of their runs, all but 2 in 1,000 still share one of their 16 lowest.
const INDEXED_HASHES: usize = 16;

/// A development as stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DevelopmentRow {
    pub(super) development: Development,
    /// The keys it is found by.
    pub(super) keys: Vec<BlockingKey>,
}

/// An alert as stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AlertRow {
    /// Its place in the order raised.
    pub(super) place: u64,
    pub(super) alert: Alert,
}

/// What digests ask of an article: kept apart, so that they need not read all articles.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadingNote {
    pub(super) headline: String,
    #[serde(default)]
    pub(super) url: Option<String>,
    pub(super) doubts: Vec<Doubt>,
}

/// A digest in the list of digests.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DigestLine {
    pub(super) id: DigestId,
    pub(super) subject: String,
}

/// A digest as the archive keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DigestRecord {
    pub(super) digest: Digest,
    /// What it was to be sent as.
    pub(super) deliveries: Vec<Delivery>,
}

pub(super) fn poll(unit: &mut Unit<'_>, work: &PollCommit) -> Result<(), StoreError> {
    unit.put(&keys::feed(&work.feed.id), &work.feed)?;
    work.entries.iter().try_for_each(|record| entry(unit, record))?;
    decisions(unit, &work.decisions)
}

pub(super) fn entry(unit: &mut Unit<'_>, record: &EntryRecord) -> Result<(), StoreError> {
    let veiled;
    let record = if unit.veil.hides_entry(record) {
        veiled = forget::blank(record.clone());
        &veiled
    } else {
        record
    };
    let id = &record.entry.id;
    let key = keys::entry(id);
    let before: Option<EntryRecord> = unit.get(&key)?;
    let subject = Subject::Entry(id.clone());
    let addresses = |r: &EntryRecord| address_keys(r.entry.parsed.link.iter(), &subject);
    replace_addresses(unit, &before.as_ref().map(addresses).unwrap_or_default(), addresses(record))?;
    unit.replace_marks(&before.as_ref().map(entry_marks).unwrap_or_default(), &entry_marks(record))?;
    unit.put(&key, record)
}

fn entry_marks(record: &EntryRecord) -> BTreeSet<Key> {
    let entry = &record.entry;
    let mut marks: BTreeSet<Key> = entry.parsed.content().iter().map(|text| keys::seen(&entry.feed, text)).collect();
    match &record.state {
        EntryState::Selected { due, .. } => marks.extend([keys::due(*due, &entry.id)]),
        EntryState::PassedOver { .. } => marks.extend([keys::passed_over(entry.first_seen, &entry.id)]),
        EntryState::Done { .. } | EntryState::GaveUp { .. } => {}
    }
    marks
}

/// For each address the key it is found by and the parameters that may matter.
fn address_keys<'a>(urls: impl Iterator<Item = &'a Url>, subject: &Subject) -> BTreeMap<Key, BTreeSet<String>> {
    urls.filter_map(Plain::of).map(|plain| (keys::address(&plain.place, subject), plain.parameters)).collect()
}

fn replace_addresses(
    unit: &mut Unit<'_>,
    before: &BTreeMap<Key, BTreeSet<String>>,
    now: BTreeMap<Key, BTreeSet<String>>,
) -> Result<(), StoreError> {
    before.keys().filter(|key| !now.contains_key(*key)).try_for_each(|key| unit.remove(key))?;
    now.iter().filter(|(key, parameters)| before.get(*key) != Some(*parameters)).try_for_each(|(k, p)| unit.put(k, p))
}

pub(super) fn article(unit: &mut Unit<'_>, work: &ArticleCommit) -> Result<(), StoreError> {
    // What was forgotten while it was being read is not stored, nor anything that was decided about it.
    let hidden = work.article.as_ref().is_some_and(|record| unit.veil.hides_article(record));
    if let Some((id, state)) = &work.entry {
        let forgotten = EntryState::PassedOver { reason: forget::REASON.to_owned() };
        entry_state(unit, id, if hidden { &forgotten } else { state })?;
    }
    if hidden {
        return Ok(());
    }
    if let Some(record) = &work.article {
        article_record(unit, record)?;
    }
    decisions(unit, &work.decisions)
}

fn entry_state(unit: &mut Unit<'_>, id: &EntryId, state: &EntryState) -> Result<(), StoreError> {
    let mut record: EntryRecord = unit.expect(&keys::entry(id))?;
    record.state = state.clone();
    entry(unit, &record)
}

pub(super) fn article_addresses(record: &ArticleRecord) -> BTreeMap<Key, BTreeSet<String>> {
    let subject = Subject::Article(record.id.clone());
    address_keys(record.article.canonical.iter().chain(&record.article.url), &subject)
}

/// Publication, else reading time: what the queue is sorted by.
pub(super) fn queue_key(record: &ArticleRecord) -> Key {
    keys::queue(record.article.published.unwrap_or(record.read), &record.id)
}

/// The index keys of a settled article's sketch: its lowest hashes.
pub(super) fn sketch_marks(record: &ArticleRecord) -> BTreeSet<Key> {
    let mut hashes = record.sketch.clone();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.iter().take(INDEXED_HASHES).map(|hash| keys::sketch(*hash, &record.id)).collect()
}

/// Stores an article and queues it to be settled; one that is stored again is settled again.
pub(super) fn article_record(unit: &mut Unit<'_>, record: &ArticleRecord) -> Result<(), StoreError> {
    let key = keys::article(&record.id);
    let before: Option<ArticleRecord> = unit.get(&key)?;
    let old_addresses = before.as_ref().map(article_addresses).unwrap_or_default();
    replace_addresses(unit, &old_addresses, article_addresses(record))?;
    if let Some(before) = &before {
        unit.remove(&queue_key(before))?;
        unit.remove(&keys::read_at(before.read, &before.id))?;
        unit.remove(&keys::cluster(&before.id))?;
        sketch_marks(before).iter().try_for_each(|key| unit.remove(key))?;
    }
    let note = ReadingNote {
        headline: record.article.headline.clone().unwrap_or_default(),
        url: record.article.url.as_ref().map(ToString::to_string),
        doubts: record.extraction.doubts.clone(),
    };
    unit.put(&keys::read_at(record.read, &record.id), &note)?;
    unit.mark(&queue_key(record))?;
    unit.put(&key, record)
}

/// What was found anew in stored articles. None of it is settled.
pub(super) fn extractions(unit: &mut Unit<'_>, records: &[ArticleRecord]) -> Result<(), StoreError> {
    for record in records {
        let key = keys::article(&record.id);
        if unit.get::<ArticleRecord>(&key)?.is_some_and(|stored| stored.read == record.read) {
            unit.put(&key, record)?;
        }
    }
    Ok(())
}

pub(super) fn settle(unit: &mut Unit<'_>, work: &SettleCommit) -> Result<(), StoreError> {
    // It may have been forgotten since it was taken from the queue.
    let Some(record) = unit.get::<ArticleRecord>(&keys::article(&work.article))? else { return Ok(()) };
    settled(unit, &record, &work.copies_of, &work.doubts)?;
    developments(unit, &work.merged, &work.developments)?;
    let mut raised = false;
    for item in &work.alerts {
        raised |= alert(unit, item)?;
    }
    if let Some(item) = work.recheck.as_ref().filter(|_| raised) {
        recheck(unit, item)?;
    }
    decisions(unit, &work.decisions)
}

/// Takes an article from the queue: near copies are found by it from now on, and it is doubted what settling doubts.
pub(super) fn settled(
    unit: &mut Unit<'_>,
    record: &ArticleRecord,
    copies_of: &Cluster,
    doubts: &[Doubt],
) -> Result<(), StoreError> {
    unit.remove(&queue_key(record))?;
    unit.put(&keys::cluster(&record.id), copies_of)?;
    sketch_marks(record).iter().try_for_each(|key| unit.mark(key))?;
    if !doubts.is_empty() {
        let key = keys::read_at(record.read, &record.id);
        let mut note: ReadingNote = unit.expect(&key)?;
        note.doubts.splice(0..0, doubts.iter().filter(|d| !note.doubts.contains(d)).cloned().collect::<Vec<_>>());
        unit.put(&key, &note)?;
    }
    Ok(())
}

/// Takes away developments that were merged into others, and stores those that are new or changed.
fn developments(
    unit: &mut Unit<'_>,
    merged: &[(DevelopmentId, DevelopmentId)],
    changed: &[(Development, Vec<BlockingKey>)],
) -> Result<(), StoreError> {
    merged.iter().filter(|(younger, older)| younger != older).try_for_each(|(a, b)| merge(unit, a, b))?;
    changed.iter().try_for_each(|(development, found_by)| {
        let row = DevelopmentRow { development: development.clone(), keys: found_by.clone() };
        put_development(unit, &row)
    })
}

/// Takes away a development that is a part of an older one now.
pub(super) fn merge(unit: &mut Unit<'_>, younger: &DevelopmentId, older: &DevelopmentId) -> Result<(), StoreError> {
    remove_development(unit, younger)?;
    unit.put(&keys::merged(younger), older)
}

/// What the user decided by hand.
pub(super) fn hand(unit: &mut Unit<'_>, work: &HandCommit) -> Result<(), StoreError> {
    work.parted.iter().try_for_each(|id| unit.remove(&keys::merged(id)))?;
    developments(unit, &work.merged, &work.developments)?;
    for (alerts, wait) in [(&work.withdrawn, false), (&work.waiting, true)] {
        for id in alerts {
            let Some(row) = unit.get::<AlertRow>(&keys::alert(id))? else { continue };
            let key = keys::alert_waiting(row.place);
            if wait {
                unit.put(&key, id)?;
            } else {
                unit.remove(&key)?;
            }
        }
    }
    work.past.articles.iter().try_for_each(|record| article_record(unit, record))?;
    work.past.entries.iter().try_for_each(|record| entry(unit, record))?;
    if let Some(memory) = &work.memory {
        unit.put(&keys::meta("watch"), memory)?;
    }
    decisions(unit, &work.decisions)
}

pub(super) fn revision(unit: &mut Unit<'_>, work: &RevisionCommit) -> Result<(), StoreError> {
    article(unit, &work.read)?;
    if let Some(item) = &work.recheck {
        recheck(unit, item)?;
    }
    if let Some(revision) = &work.revision {
        unit.put(&keys::revision(&revision.article, revision.number), revision)?;
    }
    for item in &work.alerts {
        alert(unit, item)?;
    }
    Ok(())
}

pub(super) fn recheck(unit: &mut Unit<'_>, item: &Recheck) -> Result<(), StoreError> {
    let key = keys::recheck(&item.article);
    let marks = |r: &Recheck| r.due.iter().map(|due| keys::recheck_due(*due, &r.article)).collect::<BTreeSet<_>>();
    let before: Option<Recheck> = unit.get(&key)?;
    unit.replace_marks(&before.as_ref().map(marks).unwrap_or_default(), &marks(item))?;
    unit.put(&key, item)
}

pub(super) fn development_marks(row: &DevelopmentRow) -> BTreeSet<Key> {
    let id = &row.development.id;
    let entities = row.development.reports.iter().flat_map(|r| r.report.entities()).map(|e| keys::entity(&e.id, id));
    row.keys.iter().map(|k| keys::blocking(k, id)).chain(entities).collect()
}

/// Stores an alert, and says whether it was not stored before.
fn alert(unit: &mut Unit<'_>, alert: &Alert) -> Result<bool, StoreError> {
    let key = keys::alert(&alert.id);
    if unit.bytes(&key)?.is_some() {
        return Ok(false);
    }
    let place = unit.next_place();
    let waits = if alert.held { keys::alert_held(place) } else { keys::alert_waiting(place) };
    unit.put(&waits, &alert.id)?;
    alert_at(unit, place, alert)?;
    Ok(true)
}

/// Stores an alert in its place in the order, as one that waits for no digest.
pub(super) fn alert_at(unit: &mut Unit<'_>, place: u64, alert: &Alert) -> Result<(), StoreError> {
    unit.put(&keys::alert_order(place), &alert.id)?;
    unit.put(&keys::alert_of(&alert.article, place), &alert.id)?;
    unit.put(&keys::alert(&alert.id), &AlertRow { place, alert: alert.clone() })
}

pub(super) fn digest(unit: &mut Unit<'_>, work: &DigestCommit) -> Result<(), StoreError> {
    // A digest is never made twice: what is stored under its id stays, with the deliveries it has, and only the alerts
    // that it tells are told.
    let mut stored: Vec<Digest> = Vec::new();
    for digest in work.digest.iter().chain(&work.also) {
        stored.extend(unit.get::<Digest>(&keys::digest(&digest.id))?);
    }
    let is_stored = |id: &crate::domain::DigestId| stored.iter().any(|d| d.id == *id);
    let new: Vec<&Digest> = work.digest.iter().chain(&work.also).filter(|d| !is_stored(&d.id)).collect();
    let main_is_new = work.digest.as_ref().is_none_or(|d| !is_stored(&d.id));
    let told = |alert: &crate::domain::AlertId| {
        main_is_new || stored.iter().chain(new.iter().copied()).any(|digest| digest.tells(alert))
    };
    for id in work.alerts.iter().filter(|id| told(id)) {
        if let Some(row) = unit.get::<AlertRow>(&keys::alert(id))? {
            unit.remove(&keys::alert_waiting(row.place))?;
            unit.remove(&keys::alert_held(row.place))?;
        }
    }
    for digest in &new {
        let place = unit.next_place();
        digest_at(unit, place, digest)?;
    }
    for item in work.deliveries.iter().filter(|item| !is_stored(&item.digest)) {
        if unit.bytes(&keys::delivery(Kind::Delivery, &item.digest, &item.channel))?.is_none() {
            delivery(unit, item)?;
        }
    }
    unit.put(&keys::meta("covered"), &work.covered_until)?;
    decisions(unit, &work.decisions)
}

/// Stores a digest in its place in the order, and that it tells its alerts.
pub(super) fn digest_at(unit: &mut Unit<'_>, place: u64, digest: &Digest) -> Result<(), StoreError> {
    let line = DigestLine { id: digest.id.clone(), subject: digest.subject.clone() };
    unit.put(&keys::digest_order(place), &line)?;
    unit.put(&keys::digest(&digest.id), digest)?;
    digest.items().try_for_each(|item| unit.mark(&keys::told(&item.alert.id, &digest.id)))
}

/// How a delivery stands after an attempt, and the decision that says why.
pub(super) fn attempt(unit: &mut Unit<'_>, (item, decision): &(Delivery, Decision)) -> Result<(), StoreError> {
    delivery(unit, item)?;
    decisions(unit, std::slice::from_ref(decision))
}

pub(super) fn delivery(unit: &mut Unit<'_>, item: &Delivery) -> Result<(), StoreError> {
    let key = keys::delivery(Kind::Delivery, &item.digest, &item.channel);
    let pending = BTreeSet::from([keys::with_kind(Kind::DeliveryPending, &key)]);
    let dead = BTreeSet::from([keys::with_kind(Kind::DeliveryDead, &key)]);
    let none = BTreeSet::new();
    let (now, not) = match &item.state {
        DeliveryState::Pending { .. } => (&pending, vec![&dead]),
        DeliveryState::Dead { .. } => (&dead, vec![&pending]),
        DeliveryState::Sent { .. } => (&none, vec![&pending, &dead]),
    };
    not.into_iter().try_for_each(|keys| unit.replace_marks(keys, &none))?;
    unit.replace_marks(&none, now)?;
    unit.put(&key, item)
}

/// Stores the decisions of one unit of work, those about one subject under one key.
pub(super) fn decisions(unit: &mut Unit<'_>, made: &[Decision]) -> Result<(), StoreError> {
    let mut by_subject: BTreeMap<&Subject, Vec<&Decision>> = BTreeMap::new();
    for decision in made {
        by_subject.entry(&decision.subject).or_default().push(decision);
    }
    for (subject, made) in by_subject {
        unit.put(&keys::decisions(subject, unit.number()), &made)?;
        if matches!(subject, Subject::Feed(_)) {
            let old = unit.tree.keys(&keys::decisions_all(subject)).collect::<Result<Vec<_>, _>>()?;
            let too_many = (old.len() + 1).saturating_sub(FEED_UNITS_KEPT);
            old.iter().take(too_many).try_for_each(|key| unit.remove(key))?;
        }
    }
    Ok(())
}

/// When a page snapshot was taken, and the id it is kept under: the article's, else the entry's.
pub(super) fn snapshot_label(work: &ArticleCommit) -> (String, Timestamp) {
    let id = match (&work.article, &work.entry) {
        (Some(record), _) => record.id.as_str(),
        (None, Some((entry, _))) => entry.as_str(),
        (None, None) => "",
    };
    let decided = || work.decisions.iter().map(|d| d.at).max();
    (id.to_owned(), work.article.as_ref().map(|a| a.read).or_else(decided).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The id of the cluster that a settled article belongs to.
pub(super) type Cluster = ArticleId;

/// Removes an article with everything that is found by it.
pub(super) fn remove_article(unit: &mut Unit<'_>, record: &ArticleRecord) -> Result<(), StoreError> {
    replace_addresses(unit, &article_addresses(record), BTreeMap::new())?;
    for key in [queue_key(record), keys::read_at(record.read, &record.id), keys::cluster(&record.id)] {
        unit.remove(&key)?;
    }
    sketch_marks(record).iter().try_for_each(|key| unit.remove(key))?;
    remove_recheck(unit, &record.id)?;
    let revisions = unit.tree.keys(&keys::revision_all(&record.id)).collect::<Result<Vec<_>, _>>()?;
    revisions.iter().try_for_each(|key| unit.remove(key))?;
    unit.remove(&keys::article(&record.id))
}

/// Puts `now` in the place of an article in which names were blacked out; where it stands in its life stays.
pub(super) fn veiled_article(
    unit: &mut Unit<'_>,
    before: &ArticleRecord,
    now: &ArticleRecord,
) -> Result<(), StoreError> {
    replace_addresses(unit, &article_addresses(before), article_addresses(now))?;
    let key = keys::read_at(now.read, &now.id);
    if let Some(note) = unit.get::<ReadingNote>(&key)? {
        unit.put(&key, &note)?;
    }
    unit.put(&keys::article(&now.id), now)
}

/// Looks at an article no more.
pub(super) fn remove_recheck(unit: &mut Unit<'_>, id: &ArticleId) -> Result<(), StoreError> {
    let key = keys::recheck(id);
    if let Some(item) = unit.get::<Recheck>(&key)? {
        item.due.iter().try_for_each(|due| unit.remove(&keys::recheck_due(*due, id)))?;
    }
    unit.remove(&key)
}

/// Removes a development with everything that it is found by.
pub(super) fn remove_development(unit: &mut Unit<'_>, id: &DevelopmentId) -> Result<(), StoreError> {
    let key = keys::development(id);
    if let Some(row) = unit.get::<DevelopmentRow>(&key)? {
        unit.replace_marks(&development_marks(&row), &BTreeSet::new())?;
    }
    unit.remove(&key)
}

/// Puts `row` in the place of the development that is stored under its id.
pub(super) fn put_development(unit: &mut Unit<'_>, row: &DevelopmentRow) -> Result<(), StoreError> {
    let key = keys::development(&row.development.id);
    let before = unit.get::<DevelopmentRow>(&key)?.map(|row| development_marks(&row)).unwrap_or_default();
    unit.replace_marks(&before, &development_marks(row))?;
    unit.put(&key, row)
}

/// Removes an alert from everywhere but the digests that tell it.
pub(super) fn remove_alert(unit: &mut Unit<'_>, row: &AlertRow) -> Result<(), StoreError> {
    for key in [
        keys::alert_order(row.place),
        keys::alert_waiting(row.place),
        keys::alert_held(row.place),
        keys::alert_of(&row.alert.article, row.place),
    ] {
        unit.remove(&key)?;
    }
    let told = unit.tree.keys(&keys::told_all(&row.alert.id)).collect::<Result<Vec<_>, _>>()?;
    told.iter().try_for_each(|key| unit.remove(key))?;
    unit.remove(&keys::alert(&row.alert.id))
}
