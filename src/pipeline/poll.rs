//! Fetch and parse one feed, and select what is worth a fetch.

use super::forget::veiled;
use super::{Pipeline, decision};
use crate::domain::{
    Backfill, Decision, Entry, EntryId, EntryRecord, EntryState, FeedFailure, FeedId, FeedKind, FeedSpec, FeedState,
    Outcome, ParsedEntry, ParsedFeed, Stage, StormNote, Subject, shown_address,
};
use crate::ports::{FetchError, HttpRequest, HttpResponse, PollCommit, StoreError};
use crate::stages::coverage::{self, Finding};
use crate::stages::parse::{parse_feed, parse_page};
use crate::stages::schedule::{self, Manners, PollOutcome};
use crate::stages::storm::{self, Look, Storm};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// What one poll did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PollReport {
    /// Entries that were not known before.
    pub new_entries: usize,
    /// Of these, the ones selected.
    pub selected: usize,
    /// Why the poll failed, if it did.
    pub failure: Option<FeedFailure>,
}

/// What one poll gathers until it is committed.
#[derive(Default)]
struct Polled {
    report: PollReport,
    entries: Vec<EntryRecord>,
    decisions: Vec<Decision>,
    /// New entries that only bring what the feed held before: part of a storm.
    republished: usize,
}

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, \
                      application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1";

impl Pipeline {
    /// The configured feeds, each with what polling has learnt about it.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn feeds_with_states(&self) -> Result<Vec<(FeedSpec, FeedState)>, StoreError> {
        let states = self.store.feed_states().await?;
        let state =
            |id: &FeedId| states.iter().find(|s| s.id == *id).cloned().unwrap_or_else(|| FeedState::new(id.clone()));
        Ok(self.settings.feeds.iter().map(|f| (f.clone(), state(&f.id))).collect())
    }

    /// Polls one feed: conditional GET, parse, select, and one commit of all that changed.
    ///
    /// # Errors
    /// Only when the store fails; a feed that cannot be read is a result, kept in the feed's state.
    pub async fn poll_feed(&self, spec: &FeedSpec) -> Result<PollReport, StoreError> {
        let states = self.store.feed_states().await?;
        let mut state = states.into_iter().find(|s| s.id == spec.id).unwrap_or_else(|| FeedState::new(spec.id.clone()));
        let (etag, last_modified) = schedule::validators(&state, self.clock.now());
        tracing::debug!(feed.id = %spec.id, asked = schedule::asked(&state, self.clock.now()).name(), "polling");
        let max_bytes = self.settings.max_bytes;
        let accept = accept(&spec.kind);
        let asked = schedule::address(spec, &state).clone();
        let request = HttpRequest { url: asked.clone(), etag, last_modified, accept, max_bytes };
        let allowed = spec.kind == FeedKind::Feed || self.robots_allow(&asked, self.clock.now()).await;
        let answer = if allowed {
            self.http.get(request).await
        } else {
            let reason = "robots.txt forbids the page, or could not be had".to_owned();
            Err(FetchError::Refused { url: shown_address(&spec.url), reason })
        };
        let now = self.clock.now();
        state.last_attempt = Some(now);
        let mut done = Polled::default();
        let manners = answer.as_ref().ok().map(|a| schedule::manners(a.status, &a.headers, now));
        let read = match (&answer, &manners) {
            (Ok(answer), Some(manners)) => self.read_answer(spec, &mut state, answer, manners, now, &mut done).await?,
            (Err(error), _) => Err((error.kind(), error.to_string())),
            (Ok(_), None) => Err(("broken_answer", "no answer".to_owned())),
        };
        let outcome = match (&read, &manners) {
            (Ok(rhythm), Some(manners)) => PollOutcome::Read { manners, rhythm: *rhythm },
            (_, Some(manners)) if manners.answer == schedule::Answer::Gone => PollOutcome::Gone,
            (_, manners) => PollOutcome::Failed { manners: manners.as_ref() },
        };
        if let Err((kind, message)) = &read {
            tracing::warn!(feed.id = %spec.id, kind, failures = state.failures + 1, "feed could not be read: {message}");
            let stage = if *kind == "not_a_feed" { Stage::Parse } else { Stage::Fetch };
            let gone = outcome == PollOutcome::Gone;
            let then = if gone { Outcome::Stopped } else { Outcome::Deferred };
            let evidence = format!("{}: {message}", shown_address(&asked));
            done.decisions.push(decision(Subject::Feed(spec.id.clone()), stage, kind, then, evidence, now));
            state.failures += 1;
            // Of an answer that came as it should, the status says nothing of the failure.
            let status = answer.as_ref().ok().map(|a| a.status).filter(|status| !(200..300).contains(status));
            state.last_failure =
                Some(FeedFailure { at: now, status, kind: (*kind).to_owned(), message: message.clone() });
            done.report.failure.clone_from(&state.last_failure);
        } else {
            state.failures = 0;
            state.last_failure = None;
            state.first_success = state.first_success.or(Some(now));
            state.last_success = Some(now);
            let silence = coverage::note_time(&mut state, now);
            done.decisions.extend(silence.map(|finding| found(spec, finding, now)));
        }
        let next = schedule::next_due(spec, &state, outcome, self.settings.poll, now);
        state.next_due = next.due;
        state.due_reason = next.reason.to_owned();
        let Polled { report, entries, decisions, .. } = done;
        self.store.commit_poll(PollCommit { feed: state, entries, decisions }).await?;
        Ok(report)
    }

    /// Reads an answer of any status into `done`, and says how far apart the feed's entries are as a rule; the error is
    /// the kind of the failure and what happened.
    async fn read_answer(
        &self,
        spec: &FeedSpec,
        state: &mut FeedState,
        answer: &HttpResponse,
        manners: &Manners,
        now: Timestamp,
        done: &mut Polled,
    ) -> Result<Result<Option<SignedDuration>, (&'static str, String)>, StoreError> {
        match manners.answer {
            schedule::Answer::Document => {}
            // Nobody asked whether it had been modified: there is nothing that it could be the same as.
            schedule::Answer::NotModified if state.last_full.is_none() => {
                return Ok(Err(("http_status", "status 304 to a first, unconditional request".to_owned())));
            }
            schedule::Answer::NotModified => {
                schedule::take_validators(state, manners, now);
                return Ok(Ok(None));
            }
            _ => return Ok(Err(("http_status", format!("status {}", answer.status)))),
        }
        let parsed = match parse_apart(&spec.kind, answer.body.clone(), answer).await {
            Ok(parsed) => parsed,
            Err(message) => return Ok(Err(("not_a_feed", message))),
        };
        schedule::take_validators(state, manners, now);
        let asked = schedule::address(spec, state).clone();
        let moved_to = Some(&answer.final_url).filter(|to| answer.moved_permanently && **to != asked);
        // Asked where it has moved to, an answer without a further move changes nothing.
        if (asked == spec.url || moved_to.is_some()) && schedule::note_move(state, moved_to) {
            state.moved_from = Some(spec.url.clone());
            tracing::warn!(feed.id = %spec.id, "the feed has moved for good: change its address to {}", shown_address(&answer.final_url));
        }
        state.last_bytes = answer.body.len() as u64;
        state.min_wait_secs = parsed.hints.min_wait_secs;
        state.skip_hours.clone_from(&parsed.hints.skip_hours);
        state.skip_days.clone_from(&parsed.hints.skip_days);
        for warning in &parsed.warnings {
            tracing::debug!(feed.id = %spec.id, rule = %warning.rule, "{}", warning.message);
        }
        let published: Vec<Timestamp> = parsed.entries.iter().filter_map(|e| e.published).collect();
        let dated: Vec<(EntryId, Option<Timestamp>)> =
            parsed.entries.iter().map(|e| (entry_id(spec, e), e.published)).collect();
        self.take_in(spec, state, parsed, now, done).await?;
        if done.republished > 0 {
            // Under other ids, entries of the last read cannot be found again: that proves no gap.
            state.newest.clear();
        }
        let fresh = done.report.new_entries.saturating_sub(done.republished);
        let findings = coverage::note_read(state, &dated, fresh, now);
        done.decisions.extend(findings.into_iter().map(|finding| found(spec, finding, now)));
        Ok(Ok(schedule::rhythm(&published, now)))
    }

    /// `entries` with names that were forgotten blacked out, and those whose address was forgotten or names somebody who was.
    async fn veil_entries(
        &self,
        entries: Vec<(EntryId, ParsedEntry)>,
    ) -> Result<(Vec<(EntryId, ParsedEntry)>, BTreeSet<EntryId>), StoreError> {
        let forgotten = self.store.forgotten().await?;
        if forgotten.is_empty() {
            return Ok((entries, BTreeSet::new()));
        }
        let finder = forgotten.finder();
        let linked: Vec<(EntryId, Url)> =
            entries.iter().filter_map(|(id, e)| Some((id.clone(), e.link.clone()?))).collect();
        let urls: Vec<Url> = linked.iter().map(|(_, url)| url.clone()).collect();
        let hidden = self.store.are_forgotten(&urls).await?;
        let hidden =
            linked.into_iter().zip(hidden).filter(|((_, url), hidden)| *hidden || finder.names_in(url.as_str()));
        let hidden = hidden.map(|((id, _), _)| id).chain(forgotten.entries.iter().cloned()).collect();
        Ok((entries.into_iter().map(|(id, entry)| (id, veiled(&finder, entry))).collect(), hidden))
    }

    /// Sorts what a feed holds into known, passed over and selected, and puts it into `done`.
    async fn take_in(
        &self,
        spec: &FeedSpec,
        state: &mut FeedState,
        parsed: ParsedFeed,
        now: Timestamp,
        done: &mut Polled,
    ) -> Result<(), StoreError> {
        let first_poll = state.first_success.is_none();
        state.title = parsed.title.or(state.title.take());
        let with_ids: Vec<(EntryId, _)> = parsed.entries.into_iter().map(|e| (entry_id(spec, &e), e)).collect();
        let (with_ids, forgotten) = self.veil_entries(with_ids).await?;
        let ids: Vec<EntryId> = with_ids.iter().map(|(id, _)| id.clone()).collect();
        let known: BTreeMap<EntryId, EntryRecord> =
            self.store.entries(&ids).await?.into_iter().map(|r| (r.entry.id.clone(), r)).collect();
        let (mut records, mut decisions) = (BTreeMap::new(), Vec::new());
        let looks = if first_poll { Vec::new() } else { self.looks(spec, state, &with_ids, &known, now).await? };
        let storm = storm::judge(&looks.iter().map(|(_, look)| *look).collect::<Vec<_>>()).unwrap_or_default();
        let looks: BTreeMap<EntryId, Look> = looks.into_iter().collect();
        if !storm.message.is_empty() {
            decisions.extend(note_storm(state, &storm, now));
        }
        for (id, entry) in with_ids {
            let subject = Subject::Entry(id.clone());
            let look = looks.get(&id).copied().unwrap_or(Look::Fresh);
            if let Some(old) = known.get(&id) {
                if storm.redated && look == Look::Redated {
                    let mut record = old.clone();
                    record.entry.parsed = entry;
                    records.insert(id, record);
                    continue;
                }
                if let Some(record) = changed(old, &entry, now) {
                    let evidence = format!("title or update time changed: {}", entry.title.as_deref().unwrap_or(""));
                    decisions.push(decision(subject, Stage::Select, "entry_changed", Outcome::Passed, evidence, now));
                    records.insert(id, record);
                }
                continue;
            }
            if records.contains_key(&id) {
                continue;
            }
            done.report.new_entries += 1;
            state.entries_seen += 1;
            if forgotten.contains(&id) {
                // Nothing of it is kept but that it was seen, or it would come again with each poll.
                state.passed_over += 1;
                let entry =
                    Entry { id: id.clone(), feed: spec.id.clone(), parsed: ParsedEntry::default(), first_seen: now };
                let passed_over = EntryState::PassedOver { reason: "forgotten".to_owned() };
                records.insert(id, EntryRecord { entry, state: passed_over, catch_up: false, past_of: Vec::new() });
                continue;
            }
            let record_entry = Entry { id: id.clone(), feed: spec.id.clone(), parsed: entry, first_seen: now };
            let parsed = &record_entry.parsed;
            let (rule, evidence, selected) = if first_poll && before_backfill(spec.backfill, parsed.published, now) {
                let evidence = parsed.published.map_or_else(|| "no date".to_owned(), |p| p.to_string());
                ("before_backfill".to_owned(), evidence, false)
            } else if storm.republished && matches!(look, Look::Again | Look::Old) {
                done.republished += 1;
                let rule = if look == Look::Again { "republished" } else { "old_when_it_came" };
                (rule.to_owned(), storm.message.clone(), false)
            } else {
                let choice = self.selector.select(
                    spec.select,
                    parsed.title.as_deref().unwrap_or(""),
                    parsed.summary.as_deref().unwrap_or(""),
                    parsed.link.as_ref(),
                    Some(&spec.id),
                );
                (choice.reason, choice.evidence, choice.selected)
            };
            let outcome = if selected { Outcome::Passed } else { Outcome::Stopped };
            decisions.push(decision(subject, Stage::Select, &rule, outcome, evidence, now));
            let entry_state = if selected {
                done.report.selected += 1;
                EntryState::Selected { due: now, attempts: 0, headline_only: false }
            } else {
                state.passed_over += 1;
                EntryState::PassedOver { reason: rule }
            };
            let past_of = Vec::new();
            records.insert(id, EntryRecord { entry: record_entry, state: entry_state, catch_up: first_poll, past_of });
        }
        done.entries = records.into_values().collect();
        done.decisions = decisions;
        Ok(())
    }
}

impl Pipeline {
    /// How each entry of a document looks against what the feed held before, each id once.
    async fn looks(
        &self,
        spec: &FeedSpec,
        state: &FeedState,
        entries: &[(EntryId, ParsedEntry)],
        known: &BTreeMap<EntryId, EntryRecord>,
        now: Timestamp,
    ) -> Result<Vec<(EntryId, Look)>, StoreError> {
        let each: BTreeMap<&EntryId, &ParsedEntry> = entries.iter().rev().map(|(id, entry)| (id, entry)).collect();
        let strange: Vec<(&EntryId, &ParsedEntry)> =
            each.iter().filter(|(id, _)| !known.contains_key(**id)).map(|(id, entry)| (*id, *entry)).collect();
        let parsed: Vec<ParsedEntry> = strange.iter().map(|(_, entry)| (*entry).clone()).collect();
        let seen = self.store.seen_before(&spec.id, &parsed).await?;
        let mut looks: Vec<(EntryId, Look)> = Vec::new();
        for ((id, entry), seen) in strange.into_iter().zip(seen) {
            let look = match seen {
                true => Look::Again,
                false if storm::is_old(entry.published, state.last_success) => Look::Old,
                false => Look::Fresh,
            };
            looks.push((id.clone(), look));
        }
        for (id, old) in known {
            let Some(entry) = each.get(id) else { continue };
            let same = entry.content() == old.entry.parsed.content();
            let redated = same && changed(old, entry, now).is_some();
            looks.push((id.clone(), if redated { Look::Redated } else { Look::Known }));
        }
        Ok(looks)
    }
}

/// How long after the last one a storm of a feed still counts as the same.
const SAME_STORM: SignedDuration = SignedDuration::from_hours(24);

/// Notes in `state` that the feed brought its archive again. Only the first of a row of polls is worth a warning.
fn note_storm(state: &mut FeedState, storm: &Storm, now: Timestamp) -> Option<Decision> {
    if let Some(note) = state.storm.as_mut().filter(|n| now.duration_since(n.last) < SAME_STORM) {
        note.last = now;
        note.entries = note.entries.saturating_add(storm.entries);
        return None;
    }
    tracing::warn!(feed.id = %state.id, entries = storm.entries, "the feed {}", storm.message);
    let message = storm.message.clone();
    state.storm = Some(StormNote { at: now, last: now, entries: storm.entries, message });
    let subject = Subject::Feed(state.id.clone());
    Some(decision(subject, Stage::Parse, "storm", Outcome::Stopped, storm.message.clone(), now))
}

fn entry_id(spec: &FeedSpec, entry: &ParsedEntry) -> EntryId {
    EntryId::derive(&[spec.id.as_str(), &entry.key])
}

/// The decision that keeps a finding of coverage, said in the log as well.
fn found(spec: &FeedSpec, finding: Finding, now: Timestamp) -> Decision {
    let (rule, outcome, evidence) = match finding {
        Finding::Gap(gap) => (
            "may_have_missed",
            Outcome::Deferred,
            format!(
                "no entry of the read at {} was left at {}: items may have come and gone; polled sooner",
                gap.from, gap.to
            ),
        ),
        Finding::Silent { since } => {
            ("silent", Outcome::Stopped, format!("nothing new since {since}, far longer than usual for it"))
        }
        Finding::Back { since } => {
            ("silent_no_more", Outcome::Passed, format!("something new, after silence since {since}"))
        }
    };
    tracing::warn!(feed.id = %spec.id, rule, "{evidence}");
    decision(Subject::Feed(spec.id.clone()), Stage::Fetch, rule, outcome, evidence, now)
}

/// What a poll of this kind asks for.
pub(super) const fn accept(kind: &FeedKind) -> &'static str {
    match kind {
        FeedKind::Feed => ACCEPT,
        FeedKind::Page(_) => super::read::ACCEPT,
    }
}

/// Parses on a thread of its own, so that a slow or panicking parse harms no other feed.
pub(super) async fn parse_apart(kind: &FeedKind, body: Vec<u8>, answer: &HttpResponse) -> Result<ParsedFeed, String> {
    let url = answer.final_url.clone();
    let content_type = answer.header("content-type").map(str::to_owned);
    let kind = kind.clone();
    let parse = move || match &kind {
        FeedKind::Feed => parse_feed(&body, &url, content_type.as_deref()),
        FeedKind::Page(selectors) => parse_page(&body, &url, content_type.as_deref(), selectors),
    };
    let parsed = tokio::task::spawn_blocking(parse).await;
    match parsed {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser failed on it (a fault of ours)".to_owned()),
    }
}

/// Whether an entry of a first poll is too old to be taken. One without a date is taken.
fn before_backfill(backfill: Backfill, published: Option<Timestamp>, now: Timestamp) -> bool {
    match backfill {
        Backfill::All => false,
        Backfill::None => true,
        Backfill::Within(span) => published.is_some_and(|p| now.duration_since(p) > span),
    }
}

/// The record of a known entry whose article is worth fetching again: its title or its update time changed.
fn changed(old: &EntryRecord, new: &ParsedEntry, now: Timestamp) -> Option<EntryRecord> {
    let retitled = new.title.is_some() && new.title != old.entry.parsed.title;
    let updated = new.updated.is_some() && new.updated != old.entry.parsed.updated;
    let read = matches!(old.state, EntryState::Done { .. } | EntryState::GaveUp { .. });
    if !read || !(retitled || updated) {
        return None;
    }
    let mut record = old.clone();
    record.entry.parsed = new.clone();
    record.state = EntryState::Selected { due: now, attempts: 0, headline_only: false };
    record.catch_up = false;
    record.past_of.clear();
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backfill_takes_what_is_young_enough_or_undated() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        let week = Backfill::Within(SignedDuration::from_hours(7 * 24));
        let day = |d: &str| Some(format!("2026-03-{d}T12:00:00Z").parse().unwrap());
        for (backfill, published, refused) in [
            (week, day("09"), false),
            (week, day("02"), true),
            (week, None, false),
            (Backfill::None, day("10"), true),
            (Backfill::All, day("01"), false),
        ] {
            assert_eq!(before_backfill(backfill, published, now), refused, "{backfill:?} {published:?}");
        }
    }
}
