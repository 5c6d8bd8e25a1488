//! Removing what was kept long enough, class by class, in small units of work.
//!
//! What stays: that an entry was seen, which developments there were (or old news would be new again), who was told of an
//! alert, and of every thing whose decisions went, that there were some.

use super::{
    Inner,
    commit::{Job, panicked},
    engine::io_error,
    keys::{self, Key, Kind, TIME},
    progress::Progress,
    unit::{Unit, View as _},
    write::{self, AlertRow, DevelopmentRow, DigestLine},
};
use crate::{
    domain::{
        AlertId, ArticleId, Decision, Delivery, DeliveryState, DigestId, EntryRecord, EntryState, Outcome, Stage,
        Subject,
    },
    ports::{ArticleRecord, Cutoffs, Erased, PurgePlace, Purged, RecordKind, StoreError},
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Keys looked at in one step.
const STEP: usize = 200;
/// The rule that says so in decisions, and in the state of entries.
const RULE: &str = "kept_long_enough";

/// The classes, in the order in which they are gone through: what rests on a thing before the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Alerts,
    Digests,
    Articles,
    PassedOver,
    Decisions,
    Archive,
}

impl Class {
    const ALL: [Self; 6] =
        [Self::Alerts, Self::Digests, Self::Articles, Self::PassedOver, Self::Decisions, Self::Archive];

    /// The keys that are gone through, and until when things are removed.
    const fn keys(self, cutoffs: &Cutoffs) -> (Kind, Option<Timestamp>) {
        match self {
            Self::Alerts => (Kind::AlertOrder, cutoffs.alerts),
            Self::Digests => (Kind::DigestOrder, cutoffs.digests),
            Self::Articles => (Kind::ReadAt, cutoffs.articles),
            Self::PassedOver => (Kind::PassedOver, cutoffs.articles),
            Self::Decisions => (Kind::Decisions, cutoffs.decisions),
            Self::Archive => (Kind::Meta, None),
        }
    }
}

impl Inner {
    pub(super) fn purge(
        &self,
        cutoffs: Cutoffs,
        place: PurgePlace,
        now: Timestamp,
    ) -> Result<(Purged, Option<PurgePlace>), StoreError> {
        let PurgePlace { class, key } = place;
        let Some(which) = Class::ALL.get(class).copied() else { return Ok(Default::default()) };
        let (purged, next) = match which {
            Class::Archive => self.purge_archive(&cutoffs, &key)?,
            _ => match which.keys(&cutoffs) {
                (kind, Some(cutoff)) => self.purge_keys(which, kind, cutoff, &key, now)?,
                (_, None) => (Purged::default(), None),
            },
        };
        let next = match next {
            Some(key) => Some(PurgePlace { class, key }),
            None if class + 1 < Class::ALL.len() => Some(PurgePlace { class: class + 1, key: Vec::new() }),
            None => None,
        };
        Ok((purged, next))
    }

    /// One step over keys of sled: one unit of work. Gives the last key looked at, `None` at the end.
    fn purge_keys(
        &self,
        which: Class,
        kind: Kind,
        cutoff: Timestamp,
        after: &[u8],
        now: Timestamp,
    ) -> Result<(Purged, Option<Vec<u8>>), StoreError> {
        let from = if after.is_empty() { keys::all(kind) } else { keys::just_behind(&Key::from_tree(after)) };
        let keys: Vec<Key> = self.with_tree(|tree| {
            tree.keys_between(&from, &keys::end_of(kind)).take(STEP).collect::<Result<Vec<Key>, StoreError>>()
        })?;
        let Some(last) = keys.last().map(|key| key.bytes().to_vec()) else { return Ok((Purged::default(), None)) };
        let full = keys.len() == STEP;
        let done = Arc::new(Mutex::new((Purged::default(), false)));
        let into = Arc::clone(&done);
        let apply = move |unit: &mut Unit<'_>| {
            let mut round = Round { cutoff, now, purged: Purged::default() };
            let mut over = false;
            for key in &keys {
                over = match which {
                    Class::Alerts => purge_alert(unit, key, &mut round)?,
                    Class::Digests => purge_digest(unit, key, &mut round)?,
                    Class::Articles => purge_article(unit, key, &mut round)?,
                    Class::PassedOver => purge_passed_over(unit, key, &mut round)?,
                    Class::Decisions => purge_decisions(unit, key, &mut round)?,
                    Class::Archive => true,
                };
                if over {
                    break;
                }
            }
            *into.lock().unwrap_or_else(PoisonError::into_inner) = (round.purged, over);
            Ok(())
        };
        self.commit(Job::new(Vec::new(), Box::new(apply)))?;
        let (purged, over) = *done.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((purged, Some(last).filter(|_| full && !over)))
    }

    /// One step over the archive: one pack, once all of it is as old as its class may get. What sled still has stays.
    fn purge_archive(&self, cutoffs: &Cutoffs, after: &[u8]) -> Result<(Purged, Option<Vec<u8>>), StoreError> {
        let number = after.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        let _care = self.care.lock().map_err(|_| panicked())?;
        let mut writer = self.writer.lock().map_err(|_| panicked())?;
        let failed = |e: std::io::Error| io_error(&self.folder.join("archive"), "cannot read", &e, "check the disk");
        let Some((number, newest)) = writer.archive.next_closed(number).map_err(failed)? else {
            return Ok((Purged::default(), None));
        };
        let next = Some(number.to_be_bytes().to_vec());
        let aged = |cutoff: Option<Timestamp>| cutoff.is_some_and(|cutoff| newest < cutoff);
        let classes = [cutoffs.snapshots, cutoffs.articles, cutoffs.digests, cutoffs.alerts];
        if !classes.into_iter().any(aged) {
            return Ok((Purged::default(), next));
        }
        let mut done = Erased::default();
        let mut fault = Ok(());
        let erased = {
            let mut gone = |key: Option<Key>| {
                let there = match key {
                    Some(key) => self.with_tree(|tree| Ok(tree.bytes(&key)?.is_some())),
                    None => Ok(true),
                };
                there.map(|there| !there).unwrap_or_else(|error| {
                    fault = Err(error);
                    false
                })
            };
            let article = |id: &str| ArticleId::parse(id).ok().map(|id| keys::article(&id));
            let mut select = |record: crate::ports::Archived<'_>| match record.kind {
                RecordKind::PageSnapshot => aged(cutoffs.snapshots),
                RecordKind::Article | RecordKind::Revision => aged(cutoffs.articles) && gone(article(record.id)),
                RecordKind::Alert => {
                    aged(cutoffs.alerts) && gone(AlertId::parse(record.id).ok().map(|id| keys::alert(&id)))
                }
                RecordKind::Digest => {
                    aged(cutoffs.digests) && gone(DigestId::parse(record.id).ok().map(|id| keys::digest(&id)))
                }
                RecordKind::Progress => {
                    let step = record.payload.and_then(|p| serde_json::from_slice::<Progress>(p).ok());
                    aged(cutoffs.articles)
                        && step.is_some_and(|step| step.goes_with().is_some_and(|key| gone(Some(key))))
                }
                RecordKind::Development | RecordKind::Receipt => false,
            };
            writer.archive.erase_in(number, &mut select, &mut done)
        };
        self.after_erasing(&mut writer, erased)?;
        fault?;
        Ok((Purged { archived: done.records, ..Purged::default() }, next))
    }
}

/// A step of a round: until when things are removed, and what was.
struct Round {
    cutoff: Timestamp,
    now: Timestamp,
    purged: Purged,
}

/// Removes an alert that was told. Says whether all behind it are too young.
fn purge_alert(unit: &mut Unit<'_>, key: &Key, round: &mut Round) -> Result<bool, StoreError> {
    let id: AlertId = unit.expect(key)?;
    let AlertRow { place, alert } = unit.expect(&keys::alert(&id))?;
    if alert.raised >= round.cutoff {
        return Ok(true);
    }
    for waits in [keys::alert_waiting(place), keys::alert_held(place)] {
        if unit.bytes(&waits)?.is_some() {
            return Ok(false);
        }
    }
    unit.remove(&keys::alert_of(&alert.article, place))?;
    unit.remove(&keys::alert(&id))?;
    unit.remove(key)?;
    note(unit, Subject::Alert(id), format!("the alert of {}", day(alert.raised)), round.now)?;
    round.purged.alerts += 1;
    Ok(false)
}

/// Removes a digest that no delivery needs any more.
fn purge_digest(unit: &mut Unit<'_>, key: &Key, round: &mut Round) -> Result<bool, StoreError> {
    let DigestLine { id, .. } = unit.expect(key)?;
    let digest: crate::domain::Digest = unit.expect(&keys::digest(&id))?;
    if digest.to >= round.cutoff {
        return Ok(true);
    }
    let deliveries = unit.tree.keys(&keys::deliveries_all(&id)).collect::<Result<Vec<_>, _>>()?;
    for key in deliveries {
        let delivery: Delivery = unit.expect(&key)?;
        if matches!(delivery.state, DeliveryState::Pending { .. }) {
            return Ok(false);
        }
    }
    unit.remove(&keys::digest(&id))?;
    unit.remove(key)?;
    note(unit, Subject::Digest(id), format!("the digest of {}", day(digest.to)), round.now)?;
    round.purged.digests += 1;
    Ok(false)
}

/// Removes an article on which no alert rests, and what its entries said.
fn purge_article(unit: &mut Unit<'_>, key: &Key, round: &mut Round) -> Result<bool, StoreError> {
    if keys::time_of(key).is_none_or(|read| read >= round.cutoff) {
        return Ok(true);
    }
    let Some(record) = unit.get::<ArticleRecord>(&keys::starting(Kind::Article, key.tail(TIME)))? else {
        return Ok(false);
    };
    let waits = unit.bytes(&write::queue_key(&record))?.is_some();
    if waits || has_alerts(unit, &record.id)? {
        return Ok(false);
    }
    for address in write::article_addresses(&record).keys() {
        let place = keys::address_place(address);
        for found in unit.tree.keys(&place).collect::<Result<Vec<_>, _>>()? {
            let Some(Subject::Entry(id)) = keys::address_subject(&found) else { continue };
            let Some(entry) = unit.get::<EntryRecord>(&keys::entry(&id))? else { continue };
            if article_of(&entry) == Some(&record.id) {
                forget_words(unit, entry, &mut round.purged)?;
            }
        }
    }
    write::remove_article(unit, &record)?;
    note(unit, Subject::Article(record.id.clone()), format!("the article, read on {}", day(record.read)), round.now)?;
    round.purged.articles += 1;
    Ok(false)
}

/// Of an entry that was passed over, keeps only that it was seen.
fn purge_passed_over(unit: &mut Unit<'_>, key: &Key, round: &mut Round) -> Result<bool, StoreError> {
    if keys::time_of(key).is_none_or(|seen| seen >= round.cutoff) {
        return Ok(true);
    }
    if let Some(entry) = unit.get::<EntryRecord>(&keys::starting(Kind::Entry, key.tail(TIME)))? {
        forget_words(unit, entry, &mut round.purged)?;
    }
    unit.remove(key)?;
    Ok(false)
}

/// Writes an entry without what it said. The marks by which it is known again stay: they are not made of the record any more.
fn forget_words(unit: &mut Unit<'_>, mut record: EntryRecord, purged: &mut Purged) -> Result<(), StoreError> {
    let parsed = &mut record.entry.parsed;
    (parsed.title, parsed.summary, parsed.notice) = (None, None, None);
    parsed.authors.clear();
    // A known entry that was passed over is never read again, whatever it says next.
    record.state = EntryState::PassedOver { reason: RULE.to_owned() };
    purged.entries += 1;
    unit.put(&keys::entry(&record.entry.id), &record)
}

/// Removes the decisions of one unit of work about one thing, unless an alert rests on that.
fn purge_decisions(unit: &mut Unit<'_>, key: &Key, round: &mut Round) -> Result<bool, StoreError> {
    let Some(subject) = keys::decisions_subject(key) else { return Ok(false) };
    let note = keys::decisions(&subject, 0);
    if *key == note || is_needed(unit, &subject)? {
        return Ok(false);
    }
    let made: Vec<Decision> = unit.expect(key)?;
    let Some(newest) = made.iter().map(|d| d.at).max().filter(|at| *at < round.cutoff) else { return Ok(false) };
    let what = format!("decisions until {}", day(newest));
    unit.remove(key)?;
    let mut kept: Vec<Decision> = unit.get(&note)?.unwrap_or_default();
    kept.retain(|d| !d.evidence.starts_with("decisions until"));
    kept.insert(0, removed(subject, what, newest));
    unit.put(&note, &kept)?;
    round.purged.decisions += 1;
    Ok(false)
}

/// Whether an alert that is stored rests on `subject`, or it is itself stored for its own class's time.
fn is_needed(unit: &Unit<'_>, subject: &Subject) -> Result<bool, StoreError> {
    match subject {
        Subject::Feed(_) => Ok(false),
        Subject::Entry(id) => match unit.get::<EntryRecord>(&keys::entry(id))? {
            Some(record) => match article_of(&record) {
                Some(article) => has_alerts(unit, article),
                None => Ok(matches!(record.state, EntryState::Selected { .. })),
            },
            None => Ok(false),
        },
        Subject::Article(id) => has_alerts(unit, id),
        Subject::Development(id) => {
            let row: Option<DevelopmentRow> = unit.get(&keys::development(id))?;
            Ok(row.is_some_and(|row| !row.development.alerted.is_empty()))
        }
        Subject::Alert(id) => Ok(unit.bytes(&keys::alert(id))?.is_some()),
        Subject::Digest(id) => Ok(unit.bytes(&keys::digest(id))?.is_some()),
    }
}

fn has_alerts(unit: &Unit<'_>, article: &ArticleId) -> Result<bool, StoreError> {
    for key in unit.tree.keys(&keys::alert_of_all(article)).collect::<Result<BTreeSet<_>, _>>()? {
        if unit.bytes(&key)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn article_of(record: &EntryRecord) -> Option<&ArticleId> {
    match &record.state {
        EntryState::Done { article } | EntryState::GaveUp { article, .. } => Some(article),
        EntryState::PassedOver { .. } | EntryState::Selected { .. } => None,
    }
}

/// Notes with the first decisions about `subject` that it was removed.
fn note(unit: &mut Unit<'_>, subject: Subject, what: String, now: Timestamp) -> Result<(), StoreError> {
    let key = keys::decisions(&subject, 0);
    let mut kept: Vec<Decision> = unit.get(&key)?.unwrap_or_default();
    kept.push(removed(subject, what, now));
    unit.put(&key, &kept)
}

fn removed(subject: Subject, what: String, at: Timestamp) -> Decision {
    let evidence = format!("{what}: kept as long as [retention] says, then removed");
    Decision { subject, stage: Stage::Keep, rule: RULE.to_owned(), outcome: Outcome::Stopped, evidence, at }
}

fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}
