//! Forgetting: what was asked for goes out of every key, and never comes in again.
//!
//! The tombstones are keyed hashes, so that a sweep that a crash cut short goes on without the name in clear. A name is
//! blacked out with a line as long as itself: every span of a text holds, each value can be changed by itself, and a sweep
//! that goes over a changed value changes nothing.

use super::{
    Inner,
    address::Plain,
    commit::{Job, panicked},
    keys::{self, Key, Kind},
    read,
    unit::{Tree, Unit, View},
    veil::Veil,
    write::{self, AlertRow, DevelopmentRow, DigestLine},
};
use crate::{
    adapters::{archive, audit},
    domain::{
        Alert, AlertKind, ArticleId, Digest, DigestItem, EntryRecord, EntryState, ForgetJob, Forgettable,
        Forgotten, Gone, ParsedEntry, Recheck, Subject, masking,
        names::{self, NameFinder},
    },
    ports::{ArticleRecord, StoreError},
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;
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

/// Adds the tombstones of `what` to what was forgotten, and finds the articles and entries that go whole.
pub(super) fn plan(tree: &Tree<'_>, what: &Forgettable, now: Timestamp) -> Result<Forgotten, StoreError> {
    let mut row: Forgotten = tree.get(&row_key())?.unwrap_or_default();
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
    !row.addresses.is_empty() && Plain::of(url).is_some_and(|plain| row.addresses.contains(&row.address(&plain.text())))
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
        // From here on nothing of it is written in clear, by whatever is under way: the veil comes before the tombstones.
        *self.veil.write().map_err(|_| panicked())? = veil;
        self.commit(Job { records: Vec::new(), apply: Box::new(move |unit| unit.put(&row_key(), &row)) })?;
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
        let rest = left.split_off(STEP.min(left.len()));
        let veil = self.veil()?;
        let apply = move |unit: &mut Unit<'_>| {
            let mut sweep = Sweep::new(&veil);
            left.iter().try_for_each(|key| sweep.key(unit, key))?;
            if sweep.gone.is_nothing() && sweep.digests.is_empty() {
                return Ok(());
            }
            let mut row: Forgotten = unit.get(&row_key())?.unwrap_or_default();
            if let Some(job) = &mut row.job {
                job.gone.add(&sweep.gone);
                job.digests.append(&mut sweep.digests);
            }
            unit.put(&row_key(), &row)
        };
        self.commit(Job { records: Vec::new(), apply: Box::new(apply) })?;
        let done = rest.is_empty();
        *place = Some(rest).filter(|_| !done);
        Ok(done)
    }

    pub(super) fn end_forgetting(&self) -> Result<Option<ForgetJob>, StoreError> {
        let _care = self.rights.lock().map_err(|_| panicked())?;
        let mut row: Forgotten = self.with_tree(|tree| tree.get(&row_key()))?.unwrap_or_default();
        let job = row.job.take();
        *self.veil.write().map_err(|_| panicked())? = Arc::new(Veil::new(row.clone()));
        self.commit(Job { records: Vec::new(), apply: Box::new(move |unit| unit.put(&row_key(), &row)) })?;
        Ok(job)
    }

    /// Erases what the archive has of what was forgotten.
    pub(super) fn erase_archived(&self) -> Result<(), StoreError> {
        let veil = self.veil()?;
        let erased = Arc::new(Mutex::new(Gone::default()));
        // What stays in the store, changed, is archived anew before the old goes, so that the archive still has all of it.
        self.archive_anew(&veil)?;
        let counted = Arc::clone(&erased);
        let select = {
            let veil = Arc::clone(&veil);
            move |record: crate::ports::Archived<'_>| {
                let goes = veil.hides(record.kind, record.id, record.payload);
                if goes {
                    let mut gone = counted.lock().unwrap_or_else(PoisonError::into_inner);
                    *gone.erased.entry(record.kind.label().to_owned()).or_default() += 1;
                }
                goes
            }
        };
        self.erase(select)?;
        let blacked = self.audit.lock().map_err(|_| panicked())?.black_out(&veil.finder);
        let blacked = blacked.map_err(|e| StoreError::Io(e.to_string()))?;
        let mut gone = std::mem::take(&mut *erased.lock().unwrap_or_else(PoisonError::into_inner));
        if blacked > 0 {
            gone.blacked_out.insert("line of the audit log".to_owned(), blacked);
        }
        let apply = move |unit: &mut Unit<'_>| {
            let mut row: Forgotten = unit.get(&row_key())?.unwrap_or_default();
            if let Some(job) = &mut row.job {
                job.gone.add(&gone);
            }
            unit.put(&row_key(), &row)
        };
        self.commit(Job { records: Vec::new(), apply: Box::new(apply) })
    }
}

impl Inner {
    /// The veil as it is now.
    pub(super) fn veil(&self) -> Result<Arc<Veil>, StoreError> {
        Ok(Arc::clone(&*self.veil.read().map_err(|_| panicked())?))
    }

    /// Archives anew what the archive has of forgotten people, and the store still has with their names blacked out.
    fn archive_anew(&self, veil: &Veil) -> Result<(), StoreError> {
        let mut found = BTreeSet::new();
        let read = archive::read(&self.folder.join("archive"), |record| {
            if veil.hides(record.header.kind, &record.header.id, record.payload.as_deref()) {
                found.insert((record.header.kind, record.header.id));
            }
        });
        read.map_err(|e| self.archive_error(&e))?;
        let mut records = Vec::new();
        for (kind, id) in found {
            if let Some((time, value)) = self.with_tree(|tree| still_there(tree, kind, &id))? {
                records.push(self.prepare_json(kind, time, &id, &value)?);
            }
        }
        if records.is_empty() {
            return Ok(());
        }
        self.commit(Job { records, apply: Box::new(|_| Ok(())) })
    }
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

/// A sweep over keys, in one unit of work.
struct Sweep<'a> {
    veil: &'a Veil,
    gone: Gone,
    digests: BTreeSet<crate::domain::DigestId>,
}

impl<'a> Sweep<'a> {
    fn new(veil: &'a Veil) -> Self {
        Self { veil, gone: Gone::default(), digests: BTreeSet::new() }
    }

    fn removed(&mut self, kind: Kind) {
        *self.gone.removed.entry(kind.name().to_owned()).or_default() += 1;
    }

    fn blacked_out(&mut self, kind: Kind) {
        *self.gone.blacked_out.entry(kind.name().to_owned()).or_default() += 1;
    }

    /// `thing` with names blacked out; `None` where it has none.
    fn veiled<T: Serialize + DeserializeOwned>(&self, key: &Key, thing: &T) -> Result<Option<T>, StoreError> {
        let corrupt = |e: serde_json::Error| StoreError::Corrupt(format!("{}: cannot be blacked out: {e}", key.describe()));
        let mut value = serde_json::to_value(thing).map_err(corrupt)?;
        if !self.veil.black_out(&mut value) {
            return Ok(None);
        }
        serde_json::from_value(value).map(Some).map_err(corrupt)
    }

    /// Takes what was forgotten out of one key.
    fn key(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let Some(kind) = key.kind() else { return Ok(()) };
        // It may have gone with another; and most keys say everything by themselves.
        if !unit.bytes(key)?.is_some_and(|value| value.len() > 1) || *key == row_key() {
            return Ok(());
        }
        match kind {
            Kind::Entry => self.entry(unit, key),
            Kind::Article => self.article(unit, key),
            Kind::Recheck => self.recheck(unit, key),
            Kind::Development => self.development(unit, key),
            Kind::Alert => self.alert(unit, key),
            Kind::Digest => self.digest(unit, key),
            Kind::DigestOrder => {
                let line: DigestLine = unit.expect(key)?;
                match unit.get::<Digest>(&keys::digest(&line.id))? {
                    Some(digest) if digest.subject != line.subject => {
                        unit.put(key, &DigestLine { subject: digest.subject, ..line })
                    }
                    _ => self.value(unit, key, kind),
                }
            }
            _ => self.value(unit, key, kind),
        }
    }

    /// A value of which nothing but its texts matters here.
    fn value(&mut self, unit: &mut Unit<'_>, key: &Key, kind: Kind) -> Result<(), StoreError> {
        let mut value: Value = unit.expect(key)?;
        if self.veil.black_out(&mut value) {
            unit.put(key, &value)?;
            self.blacked_out(kind);
        }
        Ok(())
    }

    fn entry(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let record: EntryRecord = unit.expect(key)?;
        if self.veil.row.entries.contains(&record.entry.id) {
            let empty = blank(record.clone());
            if empty != record {
                write::entry(unit, &empty)?;
                remove_decisions(unit, &Subject::Entry(record.entry.id))?;
                self.removed(Kind::Entry);
            }
            return Ok(());
        }
        if let Some(veiled) = self.veiled(key, &record)? {
            // An address that is blacked out leads nowhere.
            let led = matches!(veiled.state, EntryState::Selected { .. });
            let state = if led && veiled.entry.parsed.link != record.entry.parsed.link {
                EntryState::PassedOver { reason: REASON.to_owned() }
            } else {
                veiled.state
            };
            write::entry(unit, &EntryRecord { state, ..veiled })?;
            self.blacked_out(Kind::Entry);
        }
        Ok(())
    }

    fn article(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let record: ArticleRecord = unit.expect(key)?;
        if self.veil.row.articles.contains(&record.id) {
            write::remove_article(unit, &record)?;
            remove_decisions(unit, &Subject::Article(record.id))?;
            self.removed(Kind::Article);
        } else if let Some(veiled) = self.veiled(key, &record)? {
            write::veiled_article(unit, &record, &veiled)?;
            self.blacked_out(Kind::Article);
        }
        Ok(())
    }

    fn recheck(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let record: Recheck = unit.expect(key)?;
        if self.veiled(key, &record)?.is_some() || self.veil.row.articles.contains(&record.article) {
            // Its address names them: it cannot be looked at again.
            write::remove_recheck(unit, &record.article)?;
            self.removed(Kind::Recheck);
        }
        Ok(())
    }

    fn development(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let DevelopmentRow { mut development, keys } = unit.expect(key)?;
        let before = development.reports.len();
        development.reports.retain(|told| {
            let theirs = told.report.who.iter().any(|e| self.veil.names(&e.name) || self.veil.names(&e.id));
            !theirs && !self.veil.row.articles.contains(&told.article)
        });
        development.by_hand.merged.retain(|m| {
            !m.was.reports.iter().any(|told| {
                told.report.who.iter().any(|e| self.veil.names(&e.name) || self.veil.names(&e.id))
                    || self.veil.row.articles.contains(&told.article)
            })
        });
        if development.reports.is_empty() && before > 0 {
            let id = development.id.clone();
            write::remove_development(unit, &id)?;
            remove_decisions(unit, &Subject::Development(id))?;
            self.removed(Kind::Development);
            return Ok(());
        }
        let fewer = development.reports.len() < before;
        let row = DevelopmentRow { development, keys };
        let veiled = self.veiled(key, &row)?;
        if fewer || veiled.is_some() {
            write::put_development(unit, &veiled.unwrap_or(row))?;
            self.blacked_out(Kind::Development);
        }
        Ok(())
    }

    /// Whether an alert is about nothing that is left.
    fn goes(&self, unit: &Unit<'_>, alert: &Alert) -> Result<bool, StoreError> {
        let theirs = |(id, name): (&String, &String)| self.veil.names(name) || self.veil.names(id);
        let all_theirs = !alert.tracked.is_empty() && alert.tracked.iter().zip(&alert.tracked_names).all(theirs);
        if all_theirs || self.veil.row.articles.contains(&alert.article) {
            return Ok(true);
        }
        match &alert.content {
            AlertKind::Development { development, .. } => {
                Ok(unit.bytes(&unit.development_key(development)?)?.is_none())
            }
            AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => Ok(false),
        }
    }

    fn alert(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let row: AlertRow = unit.expect(key)?;
        if self.goes(unit, &row.alert)? {
            write::remove_alert(unit, &row)?;
            remove_decisions(unit, &Subject::Alert(row.alert.id))?;
            self.removed(Kind::Alert);
        } else if let Some(veiled) = self.veiled(key, &row)? {
            unit.put(key, &veiled)?;
            self.blacked_out(Kind::Alert);
        }
        Ok(())
    }

    fn digest(&mut self, unit: &mut Unit<'_>, key: &Key) -> Result<(), StoreError> {
        let mut digest: Digest = unit.expect(key)?;
        let items = digest.alerts().count();
        let before = digest.clone();
        let mut kept = Vec::new();
        for item in std::mem::take(&mut digest.corrections) {
            kept.extend(self.item(unit, item)?);
        }
        digest.corrections = kept;
        for section in &mut digest.sections {
            for story in &mut section.stories {
                let mut kept = Vec::new();
                for item in std::mem::take(&mut story.items) {
                    kept.extend(self.item(unit, item)?);
                }
                story.items = kept;
                for standings in [&mut story.known_before, &mut story.due_next] {
                    let mut kept = Vec::new();
                    for standing in std::mem::take(standings) {
                        if unit.bytes(&unit.development_key(&standing.development)?)?.is_some() {
                            kept.push(standing);
                        }
                    }
                    *standings = kept;
                }
            }
            section.stories.retain(|story| !story.items.is_empty());
            let mut kept = Vec::new();
            for item in std::mem::take(&mut section.minor) {
                kept.extend(self.item(unit, item)?);
            }
            section.minor = kept;
        }
        digest.sections.retain(|section| section.items().next().is_some());
        digest.overview.retain(|line| !self.veil.names(line));
        digest.doubts.retain(|doubt| {
            let forgotten = doubt.url.as_deref().and_then(|u| Url::parse(u).ok()).is_some_and(|u| is_forgotten(&self.veil.row, &u));
            !forgotten && !serde_json::to_value(doubt).is_ok_and(|v| masking::any_text(&v, &|t| self.veil.names(t)))
        });
        let fewer = digest.alerts().count() < items;
        if fewer || self.veil.names(&digest.subject) {
            digest.subject = "A digest, from which something was removed".to_owned();
            if !digest.notices.iter().any(|n| n == NOTICE) {
                digest.notices.push(NOTICE.to_owned());
            }
        }
        if let Some(veiled) = self.veiled(key, &digest)? {
            digest = veiled;
        }
        if digest != before {
            unit.put(key, &digest)?;
            self.digests.insert(digest.id);
            self.blacked_out(Kind::Digest);
        }
        Ok(())
    }

    /// What is left of an item.
    fn item(&self, unit: &Unit<'_>, mut item: DigestItem) -> Result<Option<DigestItem>, StoreError> {
        let mut with = Vec::new();
        for alert in std::mem::take(&mut item.with) {
            if !self.goes(unit, &alert)? {
                with.push(alert);
            }
        }
        if self.goes(unit, &item.alert)? {
            if with.is_empty() {
                return Ok(None);
            }
            item.alert = with.remove(0);
        }
        item.with = with;
        item.elsewhere.retain(|link| !Url::parse(&link.url).is_ok_and(|u| is_forgotten(&self.veil.row, &u)));
        Ok(Some(item))
    }
}

/// What a digest says of what is not in it any more.
const NOTICE: &str = "Something was removed from this digest after it was made, because it was to be forgotten.";

fn remove_decisions(unit: &mut Unit<'_>, subject: &Subject) -> Result<(), StoreError> {
    let keys = unit.tree.keys(&keys::decisions_all(subject)).collect::<Result<Vec<_>, _>>()?;
    keys.iter().try_for_each(|key| unit.remove(key))
}

/// Of what is archived under `id`, what the store still has, as what it is archived again.
pub(super) fn still_there(tree: &Tree<'_>, kind: crate::ports::RecordKind, id: &str) -> Result<Option<(Timestamp, Value)>, StoreError> {
    use crate::ports::RecordKind as R;
    let parsed = |r: Result<Key, crate::domain::IdError>| r.ok();
    Ok(match kind {
        R::Article => {
            let Some(key) = parsed(ArticleId::parse(id).map(|id| keys::article(&id))) else { return Ok(None) };
            tree.get::<ArticleRecord>(&key)?.and_then(|r| Some((r.read, serde_json::to_value(&r).ok()?)))
        }
        R::Alert => {
            let Some(key) = parsed(crate::domain::AlertId::parse(id).map(|id| keys::alert(&id))) else { return Ok(None) };
            tree.get::<AlertRow>(&key)?.and_then(|r| Some((r.alert.raised, serde_json::to_value(&r.alert).ok()?)))
        }
        _ => None,
    })
}
