//! Look again at articles behind alerts, and tell whoever was told what was taken back or changed.

use super::read::{ACCEPT, extract_decision, extract_one, read_apart, unusable, usable_answer};
use super::{ArticleFacts, Pipeline, decision};
use crate::domain::{
    Alert, AlertId, Article, ArticleId, Basis, Change, ChangeKind, Decision, Flag, Outcome, Page, Recheck, Revision,
    Stage, Subject,
};
use crate::ports::{ArticleCommit, ArticleRecord, HttpRequest, RevisionCommit, StoreError};
use crate::stages::extract::EXTRACTOR_VERSION;
use crate::stages::revision::{self, Look, Version};
use jiff::Timestamp;
use std::sync::Arc;

/// What looking again at one article did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecheckReport {
    /// It says the same.
    Same,
    /// It was changed; the alert that this is worth, if any.
    Changed(Option<AlertId>),
    /// It could not be had, which says nothing.
    NotHad,
    /// Its host must be left in peace until then.
    HostBusy(Timestamp),
}

/// What a page gave.
enum Had {
    Page { article: Box<Article>, body: Vec<u8> },
    NotModified,
    Notice(String),
    Gone(u16),
    Failed(String),
}

impl Pipeline {
    /// Looks again at one article behind an alert: conditional GET, with the manners of any page.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn recheck(&self, recheck: &Recheck) -> Result<RecheckReport, StoreError> {
        let now = self.clock.now();
        let Some(before) = self.store.article(&recheck.article).await? else {
            let gone = Recheck { due: None, last: "not in the store any more".to_owned(), ..recheck.clone() };
            self.store.commit_revision(look_only(gone, Vec::new())).await?;
            return Ok(RecheckReport::NotHad);
        };
        if let Some(free) = self.take_host(&recheck.url, now) {
            return Ok(RecheckReport::HostBusy(free));
        }
        let mut seen = recheck.clone();
        let had = self.look(&mut seen, &before, now).await;
        let subject = Subject::Article(before.id.clone());
        match had {
            Had::NotModified => {
                let (next, _) = revision::after(&seen, Look::Had { what: "not modified" }, now);
                self.store.commit_revision(look_only(next, Vec::new())).await?;
                Ok(RecheckReport::Same)
            }
            Had::Failed(why) => {
                let (next, _) = revision::after(&seen, Look::Failed { why: &why }, now);
                let evidence = format!("{}: {why}", recheck.url);
                let made = decision(subject, Stage::Scrape, "not_had_again", Outcome::Deferred, evidence, now);
                self.store.commit_revision(look_only(next, vec![made])).await?;
                Ok(RecheckReport::NotHad)
            }
            Had::Gone(status) => {
                let (next, withdrawn) = revision::after(&seen, Look::Gone { status }, now);
                let evidence = format!("{}: {}", recheck.url, next.last);
                let rule = if withdrawn { "withdrawn" } else { "gone" };
                let outcome = if withdrawn { Outcome::Passed } else { Outcome::Deferred };
                let made = decision(subject, Stage::Scrape, rule, outcome, evidence, now);
                if !withdrawn {
                    self.store.commit_revision(look_only(next, vec![made])).await?;
                    return Ok(RecheckReport::NotHad);
                }
                let changes = vec![Change {
                    kind: ChangeKind::Withdrawn,
                    what: next.last.clone(),
                    before: before.article.headline.clone().unwrap_or_default(),
                    after: String::new(),
                    event: None,
                    concerns: Vec::new(),
                }];
                self.tell(&before, None, changes, true, Some(next), vec![made], now).await
            }
            Had::Notice(words) => {
                let changes = vec![Change {
                    kind: ChangeKind::Withdrawn,
                    what: "a notice stands in place of the article".to_owned(),
                    before: before.article.headline.clone().unwrap_or_default(),
                    after: words,
                    event: None,
                    concerns: Vec::new(),
                }];
                let next = Recheck { due: None, last: "withdrawn: a notice stands in its place".to_owned(), ..seen };
                let made = vec![changes_decision(subject, &changes, now)];
                self.tell(&before, None, changes, true, Some(next), made, now).await
            }
            Had::Page { article, body } => self.compare(&before, *article, body, seen, now).await,
        }
    }

    /// Fetches the page, and notes its validators in `recheck`.
    async fn look(&self, recheck: &mut Recheck, before: &ArticleRecord, now: Timestamp) -> Had {
        if !self.robots_allow(&recheck.url, now).await {
            return Had::Failed("robots.txt forbids the page, or could not be had".to_owned());
        }
        let request = HttpRequest {
            url: recheck.url.clone(),
            etag: recheck.etag.clone(),
            last_modified: recheck.last_modified.clone(),
            accept: ACCEPT,
            max_bytes: self.settings.max_bytes,
        };
        let answer = match self.http.get(request).await {
            Ok(answer) => answer,
            Err(error) => return Had::Failed(error.to_string()),
        };
        match answer.status {
            304 => return Had::NotModified,
            404 | 410 => return Had::Gone(answer.status),
            _ => {}
        }
        if let Err(why) = usable_answer(&answer) {
            return Had::Failed(why);
        }
        recheck.etag = answer.header("etag").map(str::to_owned);
        recheck.last_modified = answer.header("last-modified").map(str::to_owned);
        let page = Page {
            url: Some(answer.final_url.clone()),
            content_type: answer.header("content-type").map(str::to_owned),
            body: answer.body.clone(),
        };
        let old = &before.article;
        let facts = ArticleFacts {
            url: Some(recheck.url.clone()),
            title: old.headline.clone(),
            outlet: old.outlet.clone(),
            published: old.published,
            modified: old.modified,
            times_are_given: false,
        };
        match read_apart(page, facts, now).await {
            None => Had::Failed("the cleaner failed on it (a fault of ours)".to_owned()),
            Some((article, dropped)) => match unusable(&article) {
                None => Had::Page { article: Box::new(article), body: answer.body },
                // A page that says "not found" under a status of 200 is gone as any other.
                Some(_) if article.flags.contains(&Flag::ErrorPage) => Had::Gone(answer.status),
                Some(why) if article.flags.contains(&Flag::ConsentWall) => Had::Failed(why.to_owned()),
                // A notice in the article's place is often too short for an article.
                Some(why) => {
                    let texts = dropped.iter().map(|d| d.text.as_str()).chain(article.headline.as_deref());
                    let notice =
                        texts.chain(article.blocks.iter().map(|b| b.text.as_str())).find(|t| revision::is_notice(t));
                    notice.map_or_else(|| Had::Failed(why.to_owned()), |text| Had::Notice(text.to_owned()))
                }
            },
        }
    }

    /// What a page that was had again says of the article.
    async fn compare(
        &self,
        before: &ArticleRecord,
        article: Article,
        body: Vec<u8>,
        seen: Recheck,
        now: Timestamp,
    ) -> Result<RecheckReport, StoreError> {
        let (article, snapshot) = self.veil(article, Some(body)).await?;
        if before.article.basis == Basis::Page && revision::is_same_text(&before.article, &article) {
            let (next, _) = revision::after(&seen, Look::Had { what: "the same text" }, now);
            self.store.commit_revision(look_only(next, Vec::new())).await?;
            return Ok(RecheckReport::Same);
        }
        let (next, _) = revision::after(&seen, Look::Had { what: "changed" }, now);
        let Some(mut after) = self.extract_again(before, article, now).await else {
            let (next, _) = revision::after(&seen, Look::Failed { why: "a fault of ours" }, now);
            self.store.commit_revision(look_only(next, Vec::new())).await?;
            return Ok(RecheckReport::NotHad);
        };
        let (changes, explained) = self.changes(before, &mut after);
        if before.article.basis == Basis::HeadlineOnly && changes.is_empty() {
            let (next, _) = revision::after(&seen, Look::Had { what: "the page at last" }, now);
            let evidence = "the page, which was not to be had before";
            let subject = Subject::Article(before.id.clone());
            let decisions = vec![
                decision(subject, Stage::Scrape, "had_at_last", Outcome::Passed, evidence, now),
                extract_decision(&after, now),
            ];
            let read = ArticleCommit { entry: None, article: Some(after), snapshot, decisions };
            // Nothing is settled meanwhile: an earlier version must not be settled in the place of this one.
            let _alone = self.deciding.lock().await;
            let work = RevisionCommit { read, recheck: Some(next), revision: None, alerts: Vec::new() };
            self.store.commit_revision(work).await?;
            return Ok(RecheckReport::Changed(None));
        }
        let withdrawn = changes.iter().any(|c| c.kind == ChangeKind::Withdrawn);
        let subject = Subject::Article(before.id.clone());
        let mut decisions = vec![changes_decision(subject, &changes, now)];
        if withdrawn {
            // The notice is no article: what was read stays, for whoever asks why there was an alert.
            let next = Recheck { due: None, last: "withdrawn: a notice stands in its place".to_owned(), ..next };
            return self.tell(before, None, changes, true, Some(next), decisions, now).await;
        }
        decisions.push(extract_decision(&after, now));
        self.tell(before, Some((after, snapshot)), changes, explained, Some(next), decisions, now).await
    }

    /// `article` as a later version of `before`, read off the async threads; `None` after a fault of ours.
    async fn extract_again(&self, before: &ArticleRecord, article: Article, now: Timestamp) -> Option<ArticleRecord> {
        let extractor = Arc::clone(&self.extractor);
        let (id, feed, catch_up) = (before.id.clone(), before.feed.clone(), before.catch_up);
        let work = move || ArticleRecord { catch_up, ..extract_one(&extractor, id, article, feed, now) };
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// What changed with meaning between two versions, and whether a note says so. Of `after`, the dates of sentences
    /// that stood there before are those they had before.
    pub(super) fn changes(&self, before: &ArticleRecord, after: &mut ArticleRecord) -> (Vec<Change>, bool) {
        // A version that other rules read is read again: what they see otherwise is no change of the publisher's.
        let same_rules = before.extraction.extractor_version == EXTRACTOR_VERSION;
        let again = (!same_rules).then(|| self.extractor.extract_from(&before.article, before.feed.as_ref()));
        let found = again.as_ref().unwrap_or(&before.extraction);
        revision::carry_dates(found, &mut after.extraction);
        let new = Version { article: &after.article, found: &after.extraction };
        revision::compare(Version { article: &before.article, found }, new)
    }

    /// Commits a change of an article, with the alert that it is worth.
    #[expect(clippy::too_many_arguments, reason = "one unit of work, put together in one place")]
    async fn tell(
        &self,
        before: &ArticleRecord,
        after: Option<(ArticleRecord, Option<Vec<u8>>)>,
        changes: Vec<Change>,
        explained: bool,
        recheck: Option<Recheck>,
        mut decisions: Vec<Decision>,
        now: Timestamp,
    ) -> Result<RecheckReport, StoreError> {
        // Nothing is settled meanwhile: an earlier version must not be settled in the place of this one.
        let _alone = self.deciding.lock().await;
        let version = after.as_ref().map_or(&before.article, |(record, _)| &record.article);
        let (revision, alert) = self.revision(&before.id, version, changes, explained, now).await?;
        decisions.extend(alert_decisions(alert.as_ref(), now));
        let (article, snapshot) = after.map_or((None, None), |(record, body)| (Some(record), body));
        let id = alert.as_ref().map(|a| a.id.clone());
        let read = ArticleCommit { entry: None, article, snapshot, decisions };
        let alerts = alert.into_iter().collect();
        self.store.commit_revision(RevisionCommit { read, recheck, revision: Some(revision), alerts }).await?;
        Ok(RecheckReport::Changed(id))
    }

    /// The next revision of an article, and the alert that it is worth, if any.
    pub(super) async fn revision(
        &self,
        id: &ArticleId,
        version: &Article,
        changes: Vec<Change>,
        explained: bool,
        now: Timestamp,
    ) -> Result<(Revision, Option<Alert>), StoreError> {
        let known = self.store.revisions(id).await?.last().map_or(0, |r| r.number);
        let revision = Revision { article: id.clone(), number: known + 1, at: now, changes, explained };
        let alerts = self.store.alerts_of(id).await?;
        let alert = revision::alert(&revision, version, &alerts);
        if let Some(alert) = &alert {
            tracing::info!(alert.id = %alert.id, article.id = %id, "alert: {} ({})", alert.type_name(), alert.tracked.join(", "));
        }
        Ok((revision, alert))
    }

    /// Corrects an alert on its user's word: whoever was sent it is sent `reason`, linked to it. Returns the correction, or
    /// `None` where there is no such alert. Asked again, it gives the same correction, and nobody is told twice.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn correct_alert(&self, id: &AlertId, reason: &str) -> Result<Option<AlertId>, StoreError> {
        let now = self.clock.now();
        let Some(alert) = self.store.alert(id).await? else { return Ok(None) };
        let Some(correction) = revision::said_wrong(&alert, reason, now) else { return Ok(None) };
        let made = correction.id.clone();
        if self.store.alert(&made).await?.is_none() {
            let decisions = alert_decisions(Some(&correction), now);
            let read = ArticleCommit { entry: None, article: None, snapshot: None, decisions };
            let alerts = vec![correction];
            self.store.commit_revision(RevisionCommit { read, recheck: None, revision: None, alerts }).await?;
        }
        Ok(Some(made))
    }
}

/// A look that changed nothing but when the next is due.
fn look_only(recheck: Recheck, decisions: Vec<Decision>) -> RevisionCommit {
    let read = ArticleCommit { entry: None, article: None, snapshot: None, decisions };
    RevisionCommit { read, recheck: Some(recheck), revision: None, alerts: Vec::new() }
}

/// What comparing two versions gave, as a decision about the article.
pub(super) fn changes_decision(subject: Subject, changes: &[Change], now: Timestamp) -> Decision {
    let (rule, outcome, evidence) = if changes.is_empty() {
        ("changed_without_meaning", Outcome::Stopped, "other words, but no name, report or headline".to_owned())
    } else {
        let evidence = changes.iter().map(|c| format!("{:?}: {}", c.kind, c.what)).collect::<Vec<_>>().join("; ");
        ("changed", Outcome::Passed, evidence)
    };
    decision(subject, Stage::Clean, rule, outcome, evidence, now)
}

/// What an alert about earlier ones means for those and itself.
pub(super) fn alert_decisions(alert: Option<&Alert>, now: Timestamp) -> Vec<Decision> {
    let Some(alert) = alert else { return Vec::new() };
    let what = alert.changes().iter().map(|c| c.what.as_str()).collect::<Vec<_>>().join("; ");
    let what = if what.is_empty() { alert.label().to_owned() } else { what };
    let (rule, earlier) = if alert.is_correction() { ("corrects", "corrected") } else { ("follows_up", "followed_up") };
    let mut out = Vec::new();
    for corrected in &alert.corrects {
        let one = |subject: &AlertId, rule, evidence: String| {
            decision(Subject::Alert(subject.clone()), Stage::Alert, rule, Outcome::Passed, evidence, now)
        };
        out.push(one(&alert.id, rule, format!("alert {}: {}", corrected.alert, corrected.label)));
        out.push(one(&corrected.alert, earlier, format!("by alert {}: {what}", alert.id)));
    }
    out
}
