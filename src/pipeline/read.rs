//! Scrape, clean and extract one selected entry.

use super::revise::{alert_decisions, changes_decision};
use super::{Pipeline, decision};
use crate::domain::{
    Alert, Article, ArticleId, Basis, Decision, EntryRecord, EntryState, Extraction, Flag, Outcome, Page, Revision,
    Stage, Subject,
};
use crate::ports::{ArticleCommit, ArticleRecord, HttpRequest, HttpResponse, RevisionCommit, StoreError};
use crate::stages::clean::{clean, of_entry};
use crate::stages::{extract::Extractor, identity, parse::leads_on, revision};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use url::Url;

/// How pages that could not be had are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPolicy {
    /// Wait after the first failure; it doubles with each further one.
    pub first_retry: SignedDuration,
    /// Failures after which the headline has to do.
    pub attempts: u32,
}

impl Default for ReadPolicy {
    /// 10 minutes, six attempts: the last about five hours after the first.
    fn default() -> Self {
        Self { first_retry: SignedDuration::from_mins(10), attempts: 6 }
    }
}

/// What reading one entry did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadReport {
    /// Its article is stored and waits to be settled.
    Read(ArticleId),
    /// Its page could not be had: the article of title and summary is stored, the page tried again later.
    HeadlineOnly(ArticleId),
    /// Its article had been read already, for another entry.
    Known(ArticleId),
    /// Its host must be left in peace until then.
    HostBusy(Timestamp),
}

/// What is known of an article besides its page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFacts {
    /// Where it is.
    pub url: Option<Url>,
    /// Title of its entry.
    pub title: Option<String>,
    /// Publication that carries it.
    pub outlet: Option<String>,
    /// When its entry says that it was published.
    pub published: Option<Timestamp>,
    /// When its entry says that it was changed.
    pub modified: Option<Timestamp>,
    /// Whether these times are given by the user and beat the page's.
    pub times_are_given: bool,
}

/// Why a page is not had: it is no text.
const PDF: &str = "a PDF";
/// Why a page is not had: what stands at the address is an aggregator's own page, never the article.
const LEADS_ON: &str = "its address belongs to an aggregator and does not say where the article is";

/// What a request for a page asks for.
pub(super) const ACCEPT: &str = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1";

/// Cleans `page` and reads it: the one way from bytes to an article, of the daemon and of `ingest` alike.
///
/// The page's own times are taken when they are sane (not before 1990, not more than a day after `now`), else the
/// entry's.
pub fn read_page(page: &Page, facts: &ArticleFacts, now: Timestamp) -> (Article, Vec<crate::domain::Dropped>) {
    let cleaned = clean(page);
    let mut article = cleaned.article;
    let sane = |t: &Timestamp| {
        t.as_second() > 631_152_000 && now.checked_add(SignedDuration::from_hours(24)).is_ok_and(|limit| *t <= limit)
    };
    let of_page = (article.published.filter(sane), article.modified.filter(sane));
    (article.published, article.modified) = if facts.times_are_given {
        (facts.published.or(of_page.0), facts.modified)
    } else {
        (of_page.0.or(facts.published), of_page.1.or(facts.modified))
    };
    // An update time at or before publication says nothing.
    if article.modified <= article.published {
        article.modified = None;
    }
    article.url = own_address(&article, facts.url.as_ref()).or_else(|| facts.url.clone()).or(article.url.take());
    article.outlet = facts.outlet.clone().or(article.outlet);
    article.headline = article.headline.or_else(|| facts.title.clone());
    (article, cleaned.dropped)
}

/// The address the page calls its own, where it is on the same host and leads further than to the front page: it has
/// no tracking parameters.
fn own_address(article: &Article, fetched: Option<&Url>) -> Option<Url> {
    let canonical = article.canonical.as_ref()?;
    let same_site = fetched.is_none_or(|f| f.host_str() == canonical.host_str() && f.port() == canonical.port());
    (same_site && canonical.path().len() > 1).then(|| canonical.clone())
}

impl Pipeline {
    /// Reads one selected entry: fetches its page, cleans and reads it, and commits what was found.
    ///
    /// # Errors
    /// Only when the store fails; a page that cannot be had is read from title and summary and tried again.
    pub async fn read_entry(&self, record: &EntryRecord) -> Result<ReadReport, StoreError> {
        let now = self.clock.now();
        let EntryState::Selected { attempts, headline_only, .. } = record.state else {
            return Ok(ReadReport::HostBusy(now));
        };
        let entry = &record.entry;
        let subject = Subject::Entry(entry.id.clone());
        let facts = ArticleFacts {
            url: entry.parsed.link.clone(),
            title: entry.parsed.title.clone(),
            outlet: self.feed(&entry.feed).map(|f| f.name.clone()),
            // A date to come is that of what is announced, or a slip: nothing was published after it was seen.
            published: entry.parsed.published.map(|p| p.min(entry.first_seen)),
            modified: entry.parsed.updated,
            times_are_given: false,
        };
        let Some(url) = &entry.parsed.link else {
            let id = ArticleId::derive(&[entry.id.as_str()]);
            // A notice that stands whole in a list page is found where the list is, and that mark-up is its snapshot.
            let place = self.feed(&entry.feed).filter(|_| entry.parsed.notice.is_some()).map(|f| f.url.clone());
            let facts = ArticleFacts { url: place, ..facts };
            let snapshot = entry.parsed.notice.clone().map(String::into_bytes);
            let article = of_entry(entry, facts.outlet.as_deref(), facts.url.as_ref(), Basis::Entry);
            let decisions =
                vec![decision(subject, Stage::Scrape, "no_link", Outcome::Passed, "read as it stands", now)];
            let state = EntryState::Done { article: id.clone() };
            self.commit(record, state, Some((id.clone(), article)), snapshot, decisions, now).await?;
            return Ok(ReadReport::Read(id));
        };
        let id = article_id(url);
        if leads_on(url) {
            return self.fall_back(record, &facts, id, Stage::Scrape, LEADS_ON, now).await;
        }
        if attempts == 0 && !headline_only {
            // Another entry (of this feed or another) may have brought the same page already.
            if let Some(known) = self.store.article(&id).await?
                && known.article.basis == Basis::Page
                && known.feed.as_ref() != Some(&entry.feed)
            {
                let decisions =
                    vec![decision(subject, Stage::Scrape, "already_read", Outcome::Stopped, url.as_str(), now)];
                self.commit(record, EntryState::Done { article: id.clone() }, None, None, decisions, now).await?;
                return Ok(ReadReport::Known(id));
            }
        }
        if let Some(free) = self.take_host(url, now) {
            return Ok(ReadReport::HostBusy(free));
        }
        match self.scrape(url, now).await {
            Ok(answer) if leads_on(&answer.final_url) => {
                self.fall_back(record, &facts, id, Stage::Scrape, LEADS_ON, now).await
            }
            Ok(answer) => {
                let page = Page {
                    url: Some(answer.final_url.clone()),
                    content_type: answer.header("content-type").map(str::to_owned),
                    body: answer.body.clone(),
                };
                match read_apart(page, facts.clone(), now).await {
                    Some((article, dropped)) => match unusable(&article) {
                        None => {
                            let evidence = format!(
                                "{} blocks, {} pieces dropped, {} flags",
                                article.blocks.len(),
                                dropped.len(),
                                article.flags.len()
                            );
                            let decisions =
                                vec![decision(subject, Stage::Clean, "article", Outcome::Passed, evidence, now)];
                            let state = EntryState::Done { article: id.clone() };
                            let snapshot = Some(answer.body);
                            self.commit(record, state, Some((id.clone(), article)), snapshot, decisions, now).await?;
                            Ok(ReadReport::Read(id))
                        }
                        Some(why) => self.fall_back(record, &facts, id, Stage::Clean, why, now).await,
                    },
                    None => {
                        let why = "the cleaner failed on it (a fault of ours)";
                        self.fall_back(record, &facts, id, Stage::Clean, why, now).await
                    }
                }
            }
            Err(why) => self.fall_back(record, &facts, id, Stage::Scrape, &why, now).await,
        }
    }

    /// Takes an entry out of the queue after a fault of ours: its headline has to do.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn give_up_entry(&self, record: &EntryRecord, why: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        let id = record
            .entry
            .parsed
            .link
            .as_ref()
            .map_or_else(|| ArticleId::derive(&[record.entry.id.as_str()]), article_id);
        let subject = Subject::Entry(record.entry.id.clone());
        let decisions = vec![decision(subject, Stage::Extract, "given_up", Outcome::Stopped, why, now)];
        let entry = Some((record.entry.id.clone(), EntryState::GaveUp { article: id, message: why.to_owned() }));
        self.store.commit_article(ArticleCommit { entry, article: None, snapshot: None, decisions }).await
    }

    /// The page at `url`, or why it could not be had.
    async fn scrape(&self, url: &Url, now: Timestamp) -> Result<HttpResponse, String> {
        if !self.robots_allow(url, now).await {
            return Err("robots.txt forbids the page, or could not be had".to_owned());
        }
        let request = HttpRequest {
            url: url.clone(),
            etag: None,
            last_modified: None,
            accept: ACCEPT,
            max_bytes: self.settings.max_bytes,
        };
        let answer = self.http.get(request).await.map_err(|e| e.to_string())?;
        usable_answer(&answer)?;
        Ok(answer)
    }

    /// Reads the entry from its title and summary, and has its page tried again, if that may help.
    async fn fall_back(
        &self,
        record: &EntryRecord,
        facts: &ArticleFacts,
        id: ArticleId,
        stage: Stage,
        why: &str,
        now: Timestamp,
    ) -> Result<ReadReport, StoreError> {
        let EntryState::Selected { attempts, headline_only, .. } = record.state else {
            return Ok(ReadReport::HeadlineOnly(id));
        };
        let attempts = attempts + 1;
        let policy = self.settings.read;
        let hopeless = matches!(why, PDF | LEADS_ON) || why.starts_with("not a page") || attempts >= policy.attempts;
        let evidence = format!("{}: {why}", facts.url.as_ref().map_or("", Url::as_str));
        let outcome = if hopeless { Outcome::Stopped } else { Outcome::Deferred };
        let decisions = vec![decision(
            Subject::Entry(record.entry.id.clone()),
            stage,
            "page_not_had",
            outcome,
            format!("{evidence}; read from title and summary, attempt {attempts} of {}", policy.attempts),
            now,
        )];
        let state = if hopeless {
            EntryState::GaveUp { article: id.clone(), message: why.to_owned() }
        } else {
            let wait = policy.first_retry.saturating_mul(1 << (attempts - 1).min(16));
            EntryState::Selected { due: now.checked_add(wait).unwrap_or(now), attempts, headline_only: true }
        };
        // A page that was read before and fails now keeps what was read.
        let stored = headline_only || self.store.article(&id).await?.is_some();
        let of_entry = || of_entry(&record.entry, facts.outlet.as_deref(), facts.url.as_ref(), Basis::HeadlineOnly);
        let article = (!stored).then(|| (id.clone(), of_entry()));
        self.commit(record, state, article, None, decisions, now).await?;
        Ok(ReadReport::HeadlineOnly(id))
    }

    /// Extracts and commits.
    async fn commit(
        &self,
        record: &EntryRecord,
        state: EntryState,
        article: Option<(ArticleId, Article)>,
        snapshot: Option<Vec<u8>>,
        mut decisions: Vec<Decision>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let entry = &record.entry;
        let (article, snapshot) = match article {
            None => (None, snapshot),
            Some((id, article)) => {
                let (article, snapshot) = self.veil(article, snapshot).await?;
                let extractor = Arc::clone(&self.extractor);
                let feed = entry.feed.clone();
                let kept = article.clone();
                let work = move || extract_one(&extractor, id, article, Some(feed), now);
                let mut read = match tokio::task::spawn_blocking(work).await {
                    Ok(read) => read,
                    // A fault of ours on this text: it is kept, unread, and the rest goes on.
                    Err(_) => {
                        let skipped = Some("the extractor failed on it (a fault of ours)".to_owned());
                        let extraction = Extraction { skipped, ..Extraction::default() };
                        let id = match &state {
                            EntryState::Done { article } | EntryState::GaveUp { article, .. } => article.clone(),
                            _ => ArticleId::derive(&[entry.id.as_str()]),
                        };
                        ArticleRecord {
                            id,
                            article: kept,
                            extraction,
                            feed: Some(entry.feed.clone()),
                            read: now,
                            sketch: Vec::new(),
                            catch_up: false,
                            past_of: Vec::new(),
                        }
                    }
                };
                read.catch_up = record.catch_up;
                read.past_of.clone_from(&record.past_of);
                decisions.push(extract_decision(&read, now));
                (Some(read), snapshot)
            }
        };
        let mut read = ArticleCommit { entry: Some((entry.id.clone(), state)), article, snapshot, decisions };
        // Nothing is settled meanwhile: an earlier version must not be settled in the place of this one.
        let _alone = self.deciding.lock().await;
        match self.revise(&mut read, now).await? {
            None => self.store.commit_article(read).await,
            Some((revision, alert)) => {
                let alerts = alert.into_iter().collect();
                let work = RevisionCommit { read, recheck: None, revision: Some(revision), alerts };
                self.store.commit_revision(work).await
            }
        }
    }

    /// What `read` changes in an article that was read before, from its page or its headline alone, if it does.
    async fn revise(
        &self,
        read: &mut ArticleCommit,
        now: Timestamp,
    ) -> Result<Option<(Revision, Option<Alert>)>, StoreError> {
        let Some(after) = read.article.as_mut().filter(|r| r.article.basis == Basis::Page) else { return Ok(None) };
        let Some(before) = self.store.article(&after.id).await? else { return Ok(None) };
        if before.article.basis == Basis::Entry || revision::is_same_text(&before.article, &after.article) {
            return Ok(None);
        }
        let (changes, explained) = self.changes(&before, after);
        if before.article.basis == Basis::HeadlineOnly && changes.is_empty() {
            // The page at last, which says the same: no revision of the publisher's.
            return Ok(None);
        }
        let subject = Subject::Article(after.id.clone());
        read.decisions.push(changes_decision(subject, &changes, now));
        let (revision, alert) = self.revision(&before.id, &after.article, changes, explained, now).await?;
        read.decisions.extend(alert_decisions(alert.as_ref(), now));
        Ok(Some((revision, alert)))
    }
}

/// Reads `article` with `extractor` into the record that is stored.
pub(super) fn extract_one(
    extractor: &Extractor,
    id: ArticleId,
    mut article: Article,
    feed: Option<crate::domain::FeedId>,
    now: Timestamp,
) -> ArticleRecord {
    article.id = Some(id.clone());
    let extraction = extractor.extract_from(&article, feed.as_ref());
    let sketch = identity::copies::sketch(&article.text());
    ArticleRecord { id, article, extraction, feed, read: now, sketch, catch_up: false, past_of: Vec::new() }
}

/// What extraction found, as a decision about the article.
pub(super) fn extract_decision(read: &ArticleRecord, now: Timestamp) -> Decision {
    let found = &read.extraction;
    let watched: Vec<&str> = found.entities.iter().filter(|e| e.watched).map(|e| e.name.as_str()).collect();
    let (rule, outcome, evidence) = if let Some(why) = &found.skipped {
        ("skipped", Outcome::Stopped, why.clone())
    } else if watched.is_empty() && found.keyword_hits.is_empty() {
        let evidence = format!("{} reports, no watched name or keyword in the text", found.reports.len());
        ("nothing_watched", Outcome::Stopped, evidence)
    } else {
        let keywords: Vec<&str> = found.keyword_hits.iter().map(|h| h.keyword.as_str()).collect();
        let evidence = format!(
            "watched: {}; keywords: {}; {} reports, {} doubts",
            if watched.is_empty() { "none".to_owned() } else { watched.join(", ") },
            if keywords.is_empty() { "none".to_owned() } else { keywords.join(", ") },
            found.reports.len(),
            found.doubts.len()
        );
        ("read", Outcome::Passed, evidence)
    };
    decision(Subject::Article(read.id.clone()), Stage::Extract, rule, outcome, evidence, now)
}

/// Cleans a page on a thread of its own; `None` when the cleaner failed on it.
pub(super) async fn read_apart(
    page: Page,
    facts: ArticleFacts,
    now: Timestamp,
) -> Option<(Article, Vec<crate::domain::Dropped>)> {
    tokio::task::spawn_blocking(move || read_page(&page, &facts, now)).await.ok()
}

/// Why an answer is no page, if so.
pub(super) fn usable_answer(answer: &HttpResponse) -> Result<(), String> {
    if !(200..300).contains(&answer.status) {
        return Err(format!("status {}", answer.status));
    }
    let kind = answer.header("content-type").unwrap_or("text/html").to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or("").trim();
    if kind == "application/pdf" || answer.body.starts_with(b"%PDF-") {
        return Err(PDF.to_owned());
    }
    if !(kind.is_empty() || kind.starts_with("text/") || kind.contains("html") || kind.contains("xml")) {
        return Err(format!("not a page but {kind}"));
    }
    Ok(())
}

/// Why a cleaned page cannot stand for the article, if so.
pub(super) fn unusable(article: &Article) -> Option<&'static str> {
    let has = |flag| article.flags.contains(&flag);
    if has(Flag::ErrorPage) {
        Some("an error page")
    } else if has(Flag::ConsentWall) {
        Some("a consent wall")
    } else if has(Flag::NotAnArticle) {
        Some("the page is no article")
    } else if article.blocks.is_empty() {
        Some("no text on the page")
    } else {
        None
    }
}

/// The identifier of the article at `url`: the same for every spelling of the address.
pub(super) fn article_id(url: &Url) -> ArticleId {
    ArticleId::derive(&[&crate::stages::parse::normal_form(url)])
}
