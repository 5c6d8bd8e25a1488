//! The questions that are asked of the store.

use super::{
    address::Plain,
    glimpses::{self, Glimpses},
    hashes::Hashes,
    keys::{self, HASH, Key, Kind, TIME},
    unit::{Tally, Tree, View as _},
    write::{AlertRow, Cluster, DevelopmentRow, DigestLine, ReadingNote},
};
use crate::{
    domain::{
        Alert, AlertId, ArticleId, Decision, Delivery, Development, DevelopmentId, DigestId, EntryId, EntryRecord,
        EntryState, FeedId, FeedState, Glimpse, ParsedEntry, ReadingDoubt, Recheck, Revision, Subject,
    },
    ports::{ArticleRecord, BlockingKey, Candidates, StoreCounts, StoreError},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::de::DeserializeOwned;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Most articles that [`candidates`] gives, those that share the most with what is asked for first: words that a whole
/// outlet prints under every article must not load all of its articles.
const MOST_COPIES: usize = 200;
/// Sketch hashes that are read in one go while not all are known.
const HASHES_AT_ONCE: usize = 1_000;
/// Most things that [`find`] gives for the start of an id.
const MOST_FOUND: usize = 20;
/// No page is put off by as much as this: an entry that is, was so under a clock that was ahead and has been put back.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(48);
/// The shortest start of an id that is looked for.
const SHORTEST_START: usize = 4;

type Answer<T> = Result<T, StoreError>;

/// The values of all keys of `kind`, in order of key.
fn values<T: DeserializeOwned>(tree: &Tree<'_>, kind: Kind) -> Answer<Vec<T>> {
    tree.keys(&keys::all(kind)).map(|key| tree.expect(&key?)).collect()
}

pub(super) fn feed_states(tree: &Tree<'_>) -> Answer<Vec<FeedState>> {
    values(tree, Kind::Feed)
}

pub(super) fn entries(tree: &Tree<'_>, ids: &[EntryId]) -> Answer<Vec<EntryRecord>> {
    ids.iter().filter_map(|id| tree.get(&keys::entry(id)).transpose()).collect()
}

pub(super) fn seen_before(tree: &Tree<'_>, feed: &FeedId, parsed: &[ParsedEntry]) -> Answer<Vec<bool>> {
    let seen = |entry: &ParsedEntry| {
        if let Some(content) = entry.content()
            && tree.bytes(&keys::seen(feed, &content))?.is_some()
        {
            return Ok(true);
        }
        let Some(address) = entry.link.as_ref().and_then(Plain::of) else { return Ok(false) };
        for key in tree.keys(&keys::address_all(&address.place)) {
            let key = key?;
            let Some(Subject::Entry(id)) = keys::address_subject(&key) else { continue };
            let parameters: BTreeSet<String> = tree.expect(&key)?;
            if parameters == address.parameters
                && tree.get::<EntryRecord>(&keys::entry(&id))?.is_some_and(|r| r.entry.feed == *feed)
            {
                return Ok(true);
            }
        }
        Ok(false)
    };
    parsed.iter().map(seen).collect()
}

/// The records of the entries at the ends of index keys.
fn indexed_entries(tree: &Tree<'_>, index: impl Iterator<Item = Answer<Key>>) -> Answer<Vec<EntryRecord>> {
    index.map(|key| tree.expect(&keys::starting(Kind::Entry, key?.tail(TIME)))).collect()
}

pub(super) fn due_entries(tree: &Tree<'_>, now: Timestamp, limit: usize) -> Answer<Vec<EntryRecord>> {
    let due = tree
        .keys(&keys::all(Kind::Due))
        .take_while(|key| key.as_ref().map_or(true, |k| keys::time_of(k).is_some_and(|at| at <= now)));
    let too_far = now.saturating_add(LONGEST_WAIT).unwrap_or(Timestamp::MAX);
    let put_off = tree.keys_between(&keys::due_from(too_far), &keys::end_of(Kind::Due));
    indexed_entries(tree, due.chain(put_off).take(limit))
}

pub(super) fn next_entry_due(tree: &Tree<'_>) -> Answer<Option<Timestamp>> {
    let first = tree.keys(&keys::all(Kind::Due)).next().transpose()?;
    Ok(first.and_then(|key| keys::time_of(&key)))
}

pub(super) fn passed_over(
    tree: &Tree<'_>,
    after: Option<&(Timestamp, EntryId)>,
    limit: usize,
) -> Answer<Vec<EntryRecord>> {
    let until = after.map_or_else(|| keys::end_of(Kind::PassedOver), |(seen, id)| keys::passed_over(*seen, id));
    indexed_entries(tree, tree.keys_between(&keys::all(Kind::PassedOver), &until).rev().take(limit))
}

pub(super) fn unsettled(tree: &Tree<'_>, limit: usize) -> Answer<Vec<ArticleRecord>> {
    let waiting = tree.keys(&keys::all(Kind::Queue)).take(limit);
    waiting.map(|key| tree.expect(&keys::starting(Kind::Article, key?.tail(TIME)))).collect()
}

pub(super) fn due_rechecks(tree: &Tree<'_>, now: Timestamp, limit: usize) -> Answer<Vec<Recheck>> {
    let due = tree
        .keys(&keys::all(Kind::RecheckDue))
        .take_while(|key| key.as_ref().map_or(true, |k| keys::time_of(k).is_some_and(|at| at <= now)));
    due.take(limit).map(|key| tree.expect(&keys::starting(Kind::Recheck, key?.tail(TIME)))).collect()
}

pub(super) fn next_recheck_due(tree: &Tree<'_>) -> Answer<Option<Timestamp>> {
    let first = tree.keys(&keys::all(Kind::RecheckDue)).next().transpose()?;
    Ok(first.and_then(|key| keys::time_of(&key)))
}

/// The values of all keys that start with `start`, in order of key.
fn values_at<T: DeserializeOwned>(tree: &Tree<'_>, start: &Key) -> Answer<Vec<T>> {
    tree.keys(start).map(|key| tree.expect(&key?)).collect()
}

pub(super) fn revisions(tree: &Tree<'_>, id: &ArticleId) -> Answer<Vec<Revision>> {
    values_at(tree, &keys::revision_all(id))
}

pub(super) fn alerts_of(tree: &Tree<'_>, id: &ArticleId) -> Answer<Vec<Alert>> {
    let ids: Vec<AlertId> = values_at(tree, &keys::alert_of_all(id))?;
    ids.iter().map(|id| tree.expect::<AlertRow>(&keys::alert(id)).map(|row| row.alert)).collect()
}

pub(super) fn told_in(tree: &Tree<'_>, id: &AlertId) -> Answer<Vec<DigestId>> {
    let start = keys::told_all(id);
    let skip = start.bytes().len().saturating_sub(1);
    let mut out = Vec::new();
    for key in tree.keys(&start) {
        out.extend(DigestId::parse(key?.tail(skip)).ok());
    }
    Ok(out)
}

pub(super) fn deliveries(tree: &Tree<'_>, id: &DigestId) -> Answer<Vec<Delivery>> {
    values_at(tree, &keys::deliveries_all(id))
}

pub(super) fn articles_behind(tree: &Tree<'_>, after: Option<&ArticleId>, limit: usize) -> Answer<Vec<ArticleRecord>> {
    let from = after.map_or_else(|| keys::all(Kind::Article), |id| keys::just_behind(&keys::article(id)));
    tree.keys_between(&from, &keys::end_of(Kind::Article)).take(limit).map(|key| tree.expect(&key?)).collect()
}

pub(super) fn developments_behind(
    tree: &Tree<'_>,
    after: Option<&DevelopmentId>,
    limit: usize,
) -> Answer<Vec<Development>> {
    let from = after.map_or_else(|| keys::all(Kind::Development), |id| keys::just_behind(&keys::development(id)));
    let keys = tree.keys_between(&from, &keys::end_of(Kind::Development)).take(limit);
    keys.map(|key| tree.expect::<DevelopmentRow>(&key?).map(|row| row.development)).collect()
}

/// Reads on in the sketch hashes that lead to articles, a step at a time: on a slow disk, all of a large store take minutes.
pub(super) fn sketch_hashes(tree: &Tree<'_>, hashes: &mut Hashes) -> Answer<()> {
    let from = match hashes.read_to() {
        Some(u64::MAX) => return Ok(()),
        Some(to) => keys::sketch_all(to + 1),
        None => keys::all(Kind::Sketch),
    };
    let mut found = Vec::new();
    for key in tree.keys_between(&from, &keys::end_of(Kind::Sketch)) {
        let Some(hash) = keys::sketch_hash(&key?) else { continue };
        // All keys of one hash are read in one go.
        if found.len() >= HASHES_AT_ONCE && found.last() != Some(&hash) {
            let to = found.last().copied().unwrap_or(hash);
            hashes.read_on(&found, to);
            return Ok(());
        }
        if found.last() != Some(&hash) {
            found.push(hash);
        }
    }
    hashes.read_on(&found, u64::MAX);
    Ok(())
}

pub(super) fn candidates(
    tree: &Tree<'_>,
    asked: &[BlockingKey],
    hashes: &Hashes,
    glimpses: &mut Glimpses,
    may_matter: &dyn Fn(&Glimpse) -> bool,
) -> Answer<Candidates> {
    let mut developments = BTreeSet::new();
    let mut shared: BTreeMap<String, usize> = BTreeMap::new();
    for key in asked.iter().collect::<BTreeSet<_>>() {
        if let BlockingKey::Sketch(hash) = key {
            if !hashes.may_have(*hash) {
                continue;
            }
            let mut hit = false;
            for found in tree.keys(&keys::sketch_all(*hash)) {
                *shared.entry(found?.tail(8).to_owned()).or_default() += 1;
                hit = true;
            }
            // A development is found by a sketch only where an article that told it is: most hashes lead to neither, and each
            // lookup is a page of its own.
            if !hit {
                continue;
            }
        }
        for found in tree.keys(&keys::blocking_all(key)) {
            developments.insert(found?.tail(HASH).to_owned());
        }
    }
    let mut articles: Vec<(String, usize)> = shared.into_iter().collect();
    if articles.len() > MOST_COPIES {
        // The sort is stable, so that of equals the lower ids stay.
        articles.sort_by_key(|(_, count)| Reverse(*count));
        articles.truncate(MOST_COPIES);
        articles.sort();
    }
    Ok(Candidates {
        developments: developments
            .iter()
            .map(|id| tree.expect::<DevelopmentRow>(&keys::starting(Kind::Development, id)).map(|r| r.development))
            .collect::<Answer<_>>()?,
        articles: articles
            .iter()
            .filter_map(|(id, _)| near_copy(tree, id, glimpses, may_matter).transpose())
            .collect::<Answer<_>>()?,
    })
}

/// The settled article `id` and its cluster, unless `may_matter` says no to it.
fn near_copy(
    tree: &Tree<'_>,
    id: &str,
    glimpses: &mut Glimpses,
    may_matter: &dyn Fn(&Glimpse) -> bool,
) -> Answer<Option<(ArticleRecord, Cluster)>> {
    let key = keys::starting(Kind::Article, id);
    let record: ArticleRecord = match glimpses.get(&key) {
        Some(glimpse) if !may_matter(glimpse) => return Ok(None),
        Some(_) => tree.expect(&key)?,
        None => {
            let record = tree.expect(&key)?;
            let glimpse = glimpses::of(&record);
            let matters = may_matter(&glimpse);
            glimpses.keep(key, glimpse);
            if !matters {
                return Ok(None);
            }
            record
        }
    };
    Ok(Some((record, tree.expect(&keys::starting(Kind::Cluster, id))?)))
}

pub(super) fn development(tree: &Tree<'_>, id: &DevelopmentId) -> Answer<Option<Development>> {
    let row: Option<DevelopmentRow> = tree.get(&tree.development_key(id)?)?;
    Ok(row.map(|r| r.development))
}

pub(super) fn developments_of(tree: &Tree<'_>, entity: &str) -> Answer<Vec<Development>> {
    let mut found = tree
        .keys(&keys::entity_all(entity))
        .map(|key| {
            let row: DevelopmentRow = tree.expect(&keys::starting(Kind::Development, key?.tail(HASH)))?;
            Ok(row.development)
        })
        .collect::<Answer<Vec<Development>>>()?;
    // Without a date of its own, a development stands where it was first told.
    let date =
        |d: &Development| d.date.map_or_else(|| TimeZone::UTC.to_datetime(d.first_seen).date(), |p| p.first_day());
    found.sort_by(|a, b| (date(a), a.first_seen, &a.id).cmp(&(date(b), b.first_seen, &b.id)));
    Ok(found)
}

/// The alerts that an order of alerts names.
fn ordered_alerts(tree: &Tree<'_>, order: Kind) -> Answer<Vec<Alert>> {
    let ids: Vec<AlertId> = values(tree, order)?;
    ids.iter().map(|id| tree.expect::<AlertRow>(&keys::alert(id)).map(|row| row.alert)).collect()
}

pub(super) fn waiting_alerts(tree: &Tree<'_>) -> Answer<Vec<Alert>> {
    ordered_alerts(tree, Kind::AlertWaiting)
}

pub(super) fn held_alerts(tree: &Tree<'_>) -> Answer<Vec<Alert>> {
    ordered_alerts(tree, Kind::AlertHeld)
}

/// Alerts are stored in the order raised, so the newest are looked at until one is older.
pub(super) fn alerts_after(
    tree: &Tree<'_>,
    since: Timestamp,
    counts: fn(&Alert) -> bool,
    most: usize,
) -> Answer<usize> {
    let mut count = 0;
    for key in tree.keys(&keys::all(Kind::AlertOrder)).rev() {
        if count >= most {
            break;
        }
        let id: AlertId = tree.expect(&key?)?;
        let alert = tree.expect::<AlertRow>(&keys::alert(&id))?.alert;
        if alert.raised <= since {
            break;
        }
        count += usize::from(counts(&alert));
    }
    Ok(count)
}

pub(super) fn alerts(tree: &Tree<'_>) -> Answer<Vec<Alert>> {
    ordered_alerts(tree, Kind::AlertOrder)
}

pub(super) fn alert(tree: &Tree<'_>, id: &AlertId) -> Answer<Option<Alert>> {
    Ok(tree.get::<AlertRow>(&keys::alert(id))?.map(|row| row.alert))
}

pub(super) fn read_between(tree: &Tree<'_>, from: Timestamp, to: Timestamp) -> Answer<(u64, Vec<ReadingDoubt>)> {
    let mut count = 0;
    let mut doubts = Vec::new();
    for key in tree.keys_between(&keys::read_from(from), &keys::read_from(to)) {
        let note: ReadingNote = tree.expect(&key?)?;
        count += 1;
        let of_article = |doubt| ReadingDoubt { headline: note.headline.clone(), url: note.url.clone(), doubt };
        doubts.extend(note.doubts.into_iter().map(of_article));
    }
    Ok((count, doubts))
}

pub(super) fn digests(tree: &Tree<'_>) -> Answer<Vec<(DigestId, String)>> {
    let mut lines: Vec<DigestLine> = values(tree, Kind::DigestOrder)?;
    lines.reverse();
    Ok(lines.into_iter().map(|line| (line.id, line.subject)).collect())
}

pub(super) fn outbox(tree: &Tree<'_>) -> Answer<Vec<Delivery>> {
    let mut keys = BTreeSet::new();
    for kind in [Kind::DeliveryPending, Kind::DeliveryDead] {
        for key in tree.keys(&keys::all(kind)) {
            keys.insert(keys::with_kind(Kind::Delivery, &key?));
        }
    }
    keys.iter().map(|key| tree.expect(key)).collect()
}

pub(super) fn decisions(tree: &Tree<'_>, subject: &Subject) -> Answer<Vec<Decision>> {
    let mut made = Vec::new();
    for key in tree.keys(&keys::decisions_all(subject)) {
        made.append(&mut tree.expect::<Vec<Decision>>(&key?)?);
    }
    Ok(made)
}

pub(super) fn find(tree: &Tree<'_>, query: &str) -> Answer<Vec<Subject>> {
    let query = query.trim();
    match Plain::parse(query) {
        Some(address) => find_address(tree, &address),
        None => find_id(tree, query),
    }
}

/// Entries and articles at `address`, and the articles that such entries became.
fn find_address(tree: &Tree<'_>, address: &Plain) -> Answer<Vec<Subject>> {
    let mut same = BTreeSet::new();
    let mut like = BTreeSet::new();
    for key in tree.keys(&keys::address_all(&address.place)) {
        let key = key?;
        let Some(subject) = keys::address_subject(&key) else { continue };
        let parameters: BTreeSet<String> = tree.expect(&key)?;
        if parameters == address.parameters {
            same.insert(subject);
        } else if address.may_be(&parameters) {
            like.insert(subject);
        }
    }
    let mut found = if same.is_empty() { like } else { same };
    let mut became = Vec::new();
    for subject in &found {
        if let Subject::Entry(id) = subject
            && let Some(article) = article_of(tree, id)?
        {
            became.push(Subject::Article(article));
        }
    }
    found.extend(became);
    Ok(found.into_iter().collect())
}

fn article_of(tree: &Tree<'_>, id: &EntryId) -> Answer<Option<ArticleId>> {
    let record: Option<EntryRecord> = tree.get(&keys::entry(id))?;
    Ok(record.and_then(|r| match r.state {
        EntryState::Done { article } | EntryState::GaveUp { article, .. } => Some(article),
        EntryState::PassedOver { .. } | EntryState::Selected { .. } => None,
    }))
}

/// What has the id `text`; when nothing has, what has an id that starts so.
fn find_id(tree: &Tree<'_>, text: &str) -> Answer<Vec<Subject>> {
    const KINDS: [Kind; 7] =
        [Kind::Feed, Kind::Entry, Kind::Article, Kind::Development, Kind::Merged, Kind::Alert, Kind::Digest];
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut exact = BTreeSet::new();
    let mut starting = BTreeSet::new();
    for kind in KINDS {
        let start = keys::starting(kind, text);
        if tree.bytes(&start)?.is_some() {
            exact.extend(subject_at(tree, &start)?);
        } else if text.len() >= SHORTEST_START {
            for key in tree.keys(&start).take(MOST_FOUND) {
                starting.extend(subject_at(tree, &key?)?);
            }
        }
    }
    let found = if exact.is_empty() { starting } else { exact };
    Ok(found.into_iter().take(MOST_FOUND).collect())
}

/// The subject of a record's key; for a merged development, the one it was merged into.
fn subject_at(tree: &Tree<'_>, key: &Key) -> Answer<Option<Subject>> {
    let Some(kind) = key.kind() else { return Ok(None) };
    if kind != Kind::Merged {
        return Ok(keys::subject(kind, key.tail(0)));
    }
    let Ok(id) = DevelopmentId::parse(key.tail(0)) else { return Ok(None) };
    Ok(keys::subject(Kind::Development, tree.development_key(&id)?.tail(0)))
}

/// Everything but the bytes.
pub(super) fn counts(tree: &Tree<'_>) -> Answer<StoreCounts> {
    let tally: Tally = tree.get(&Tally::key())?.unwrap_or_default();
    Ok(StoreCounts {
        feeds: tally.count(Kind::Feed),
        entries: tally.count(Kind::Entry),
        passed_over: tally.count(Kind::PassedOver),
        articles: tally.count(Kind::Article),
        unsettled: tally.count(Kind::Queue),
        developments: tally.count(Kind::Development),
        alerts: tally.count(Kind::Alert),
        alerts_waiting: tally.count(Kind::AlertWaiting),
        alerts_held: tally.count(Kind::AlertHeld),
        rechecks: tally.count(Kind::RecheckDue),
        digests: tally.count(Kind::Digest),
        deliveries_waiting: tally.count(Kind::DeliveryPending),
        deliveries_dead: tally.count(Kind::DeliveryDead),
        bytes: 0,
    })
}
