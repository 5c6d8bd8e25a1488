//! The past of somebody who is watched since lately: stored articles that name them are read again, a page at a time, and
//! what they tell of them waits for one digest of its own.

use super::{AskError, Pipeline, decision};
use crate::domain::{Backfill, EntryRecord, EntryState, Outcome, SelectMode, Stage, Subject, Watchlist};
use crate::ports::{ArticleRecord, HandCommit, Past, PastReading, StoreError, WatchMemory};
use crate::stages::extract::Extractor;
use crate::stages::rehearse::Needles;
use crate::stages::select::{NOTHING_FOUND, Selector};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Articles read again in one step, and entries looked at in one go.
const PAGE: usize = 200;
/// Most entries that were passed over whose pages are read for somebody's past, the newest first: a surname that many have
/// must not have a whole year fetched.
const MOST_ENTRIES: usize = 200;
/// Entries looked at to tell whether a reading is still under way.
const LOOK_AHEAD: usize = 512;

impl Pipeline {
    /// Notes in `memory` that the past of those is to be read who were never watched before, as far back as the settings say.
    /// `before` are the names of the last start: without any this is the first one, and everybody is new.
    pub(super) fn past_of_the_new(&self, memory: &mut WatchMemory, before: &WatchMemory) {
        let watchlist = &self.settings.watchlist;
        let known = |id: &String| watchlist.all_ids(id).iter().any(|i| before.names.contains_key(i));
        let of: BTreeSet<String> = memory.names.keys().filter(|id| !known(id)).cloned().collect();
        let from = match self.settings.past {
            Backfill::None => return,
            Backfill::All => Timestamp::MIN,
            Backfill::Within(span) => self.clock.now().saturating_sub(span).unwrap_or(Timestamp::MIN),
        };
        if !before.names.is_empty() && !of.is_empty() {
            tracing::info!("reading the past of {}", of.iter().cloned().collect::<Vec<_>>().join(", "));
            begin(memory, of, from);
        }
    }

    /// Begins to read the past of the watched `id` since `from`, on its user's word.
    pub(super) async fn past_by_hand(&self, id: &str, from: Timestamp) -> Result<Value, AskError> {
        let Some(name) = self.settings.watchlist.name_of(id) else {
            return Err(AskError::Unknown(format!(
                "{id} is not watched by the service that runs: `conductwatch reload` takes what was added to the watchlist"
            )));
        };
        let mut memory = self.store.watch_memory().await?;
        begin(&mut memory, BTreeSet::from([id.to_owned()]), from);
        self.store.commit_hand(HandCommit { memory: Some(memory), ..HandCommit::default() }).await?;
        Ok(json!({ "past_of": id, "name": name, "from": from }))
    }

    /// Reads a page of stored articles again, for the past of whoever is watched since lately. Says whether there was any
    /// such reading to do.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn read_past(&self) -> Result<bool, StoreError> {
        let Some(reading) = self.store.watch_memory().await?.past else { return Ok(false) };
        let watchlist = of_these(&self.settings.watchlist, &reading.of);
        let ids: Vec<String> = reading.of.iter().filter(|id| watchlist.name_of(id).is_some()).cloned().collect();
        let page = match ids.is_empty() {
            true => Vec::new(),
            false => self.store.articles_behind(reading.after.as_ref(), PAGE).await?,
        };
        let after = page.last().map(|r| r.id.clone());
        let (extractor, needles, from) = (Arc::clone(&self.extractor), Needles::of(&watchlist), reading.from);
        let again = {
            let ids = ids.clone();
            move || {
                let wanted = page.into_iter().filter(|r| r.read >= from && needles.may_be_in(&r.article));
                wanted.filter_map(|record| read_again(&extractor, record, &ids)).collect::<Vec<_>>()
            }
        };
        // A fault of ours on one article leaves that one out; one that even so ends the thread leaves out the page.
        let mut articles = tokio::task::spawn_blocking(again).await.unwrap_or_default();
        let entries = match after {
            Some(_) => Vec::new(),
            None => self.passed_over_once(&watchlist, &ids, reading.from).await?,
        };
        let _alone = self.deciding.lock().await;
        let mut memory = self.store.watch_memory().await?;
        if memory.past.as_ref() != Some(&reading) {
            // Somebody else's past was asked for meanwhile: all begins again.
            return Ok(true);
        }
        let mut kept = Vec::new();
        for record in articles.drain(..) {
            // One that was read anew meanwhile is settled in that version.
            if self.store.article(&record.id).await?.is_some_and(|stored| stored.read == record.read) {
                kept.push(record);
            }
        }
        memory.past = after.map(|after| PastReading { after: Some(after), ..reading });
        let now = self.clock.now();
        let of = ids.join(", ");
        let of_article = |r: &ArticleRecord| (Subject::Article(r.id.clone()), Stage::Extract);
        let of_entry = |r: &EntryRecord| (Subject::Entry(r.entry.id.clone()), Stage::Select);
        let subjects = kept.iter().map(of_article).chain(entries.iter().map(of_entry));
        let decisions = subjects
            .map(|(subject, stage)| decision(subject, stage, "read_for_the_past", Outcome::Passed, of.as_str(), now))
            .collect();
        let past = Past { articles: kept, entries };
        self.store.commit_hand(HandCommit { memory: Some(memory), past, decisions, ..HandCommit::default() }).await?;
        Ok(true)
    }

    /// Entries seen since `from` that were passed over although they name one of those whom `watchlist` watches: their pages
    /// are due now.
    async fn passed_over_once(
        &self,
        watchlist: &Watchlist,
        ids: &[String],
        from: Timestamp,
    ) -> Result<Vec<EntryRecord>, StoreError> {
        let selector = Selector::new(watchlist);
        let now = self.clock.now();
        let mut out = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.passed_over(after.take(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(out) };
            let ended = last.entry.first_seen < from;
            after = Some((last.entry.first_seen, last.entry.id.clone()));
            for record in page.into_iter().filter(|r| r.entry.first_seen >= from) {
                let parsed = &record.entry.parsed;
                let polled = self.feed(&record.entry.feed).is_some_and(|f| f.enabled);
                let unnamed = matches!(&record.state, EntryState::PassedOver { reason } if reason == NOTHING_FOUND);
                let (title, summary) = (parsed.title.as_deref(), parsed.summary.as_deref());
                let named = || {
                    let (title, summary) = (title.unwrap_or(""), summary.unwrap_or(""));
                    selector.select(SelectMode::Names, title, summary, parsed.link.as_ref(), None).selected
                };
                if polled && unnamed && named() {
                    let state = EntryState::Selected { due: now, attempts: 0, headline_only: false };
                    out.push(EntryRecord { state, past_of: ids.to_vec(), catch_up: false, ..record });
                }
            }
            if ended || out.len() >= MOST_ENTRIES {
                out.truncate(MOST_ENTRIES);
                return Ok(out);
            }
        }
    }

    /// Whether somebody's past has yet to be read and settled.
    pub(super) async fn past_under_way(&self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.store.watch_memory().await?.past.is_some()
            || self.store.due_entries(now, LOOK_AHEAD).await?.iter().any(|r| !r.past_of.is_empty())
            || !self.store.unsettled(1).await?.is_empty())
    }
}

/// Adds `of`, from `from` on, to the reading that `memory` knows, which begins anew: what was read for it before raises
/// nothing twice.
fn begin(memory: &mut WatchMemory, mut of: BTreeSet<String>, mut from: Timestamp) {
    if let Some(reading) = memory.past.take() {
        of.extend(reading.of);
        from = from.min(reading.from);
    }
    memory.past = Some(PastReading { of, from, after: None });
}

/// The persons and bodies of `watchlist` that have one of `ids`.
fn of_these(watchlist: &Watchlist, ids: &BTreeSet<String>) -> Watchlist {
    Watchlist {
        persons: watchlist.persons.iter().filter(|p| ids.contains(&p.id)).cloned().collect(),
        bodies: watchlist.bodies.iter().filter(|b| ids.contains(&b.id)).cloned().collect(),
        ..Watchlist::default()
    }
}

/// `record` with what is found in it by now, if it reports something of one of `ids`.
fn read_again(extractor: &Extractor, record: ArticleRecord, ids: &[String]) -> Option<ArticleRecord> {
    let read = || extractor.extract_from(&record.article, record.feed.as_ref());
    let Ok(extraction) = catch_unwind(AssertUnwindSafe(read)) else {
        tracing::error!(article.id = %record.id, "reading the article again met a fault of ours; the others go on");
        return None;
    };
    let told = |id: &&String| extraction.reports.iter().flat_map(|r| r.entities()).any(|e| e.id == **id);
    let past_of: Vec<String> = ids.iter().filter(told).cloned().collect();
    (!past_of.is_empty()).then_some(ArticleRecord { extraction, past_of, catch_up: false, ..record })
}
