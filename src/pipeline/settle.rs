//! Settle what was read: which development each report tells, and whether someone should know.

use super::revise::alert_decisions;
use super::{Pipeline, decision};
use crate::domain::{
    Alert, AlertId, AlertKind, ArticleId, Basis, BlockingKey, Development, DevelopmentReport, Outcome, Stage, Subject,
    Watchlist,
};
use crate::ports::{ArticleRecord, SettleCommit, StoreError};
use crate::stages::alerting::{self, Told, flood};
use crate::stages::identity::{self, Known};
use crate::stages::settling::Settling;
use crate::stages::{caution, revision, story};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What settling did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SettleReport {
    /// Articles settled.
    pub articles: usize,
    /// Alerts raised, in order.
    pub alerts: Vec<Alert>,
}

/// Articles settled in one batch, sorted among themselves by publication.
const BATCH: usize = 128;

impl Pipeline {
    /// Settles a batch of the articles that wait, one after the other in order of publication. Zero articles: none waits.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn settle_batch(&self) -> Result<SettleReport, StoreError> {
        let mut report = SettleReport::default();
        for record in self.store.unsettled(BATCH).await? {
            report.alerts.extend(self.settle_one(&record).await?);
            report.articles += 1;
        }
        Ok(report)
    }

    async fn settle_one(&self, record: &ArticleRecord) -> Result<Vec<Alert>, StoreError> {
        let _alone = self.deciding.lock().await;
        // A later version may have been read since: that one waits to be settled in its turn.
        if self.store.article(&record.id).await?.is_none_or(|stored| stored.read != record.read) {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let watchlist = &self.settings.watchlist;
        let settling = Settling::new(&record.id, &record.article, &record.extraction, record.read);
        let telling = settling.telling();
        let keys = with_former_ids(identity::search_keys(&telling), watchlist);
        let mut candidates = self.store.candidates(&keys).await?;
        candidates.developments.iter_mut().for_each(|d| under_current_ids(d, watchlist));
        let other = |(other, _): &(ArticleRecord, ArticleId)| other.id != record.id;
        let neighbour = |(other, copies_of): (ArticleRecord, ArticleId)| {
            Settling::new(&other.id, &other.article, &other.extraction, other.read).neighbour(copies_of)
        };
        let known = Known {
            developments: candidates.developments,
            articles: candidates.articles.into_iter().filter(other).map(neighbour).collect(),
        };
        let own = self.store.alerts_of(&record.id).await?;
        let told = Told {
            catch_up: record.catch_up,
            revised: own.iter().any(Alert::is_correction),
            past_of: &record.past_of,
            ..settling.told()
        };
        let work = || {
            let mut settlement = identity::settle(&telling, &known, now);
            let mut raised = alerting::decide(&told, &mut settlement, watchlist, telling.at);
            alerting::rulings::apply(&mut raised, &mut settlement, watchlist, now);
            (settlement, raised)
        };
        // A fault of ours on this article must not stop the queue: it leaves it, with the reason.
        let Ok((settlement, mut raised)) = catch_unwind(AssertUnwindSafe(work)) else {
            tracing::error!(article.id = %record.id, "settling the article met a fault of ours; the others go on");
            let subject = Subject::Article(record.id.clone());
            let decisions =
                vec![decision(subject, Stage::Settle, "given_up", Outcome::Stopped, "a fault of ours", now)];
            let commit = SettleCommit {
                article: record.id.clone(),
                copies_of: record.id.clone(),
                developments: Vec::new(),
                merged: Vec::new(),
                alerts: Vec::new(),
                recheck: None,
                doubts: Vec::new(),
                decisions,
            };
            self.store.settle(commit).await?;
            return Ok(Vec::new());
        };
        // An alert that the article raised before, in an earlier version, is not raised again.
        raised.alerts.retain(|alert| own.iter().all(|o| o.id != alert.id));
        let cautions = caution::of_article(&record.article, &record.extraction);
        for alert in &mut raised.alerts {
            alert.raised = now;
            alert.cautions.clone_from(&cautions);
            self.link_outcome(alert, &settlement.developments).await?;
        }
        if !raised.alerts.is_empty() {
            let since = now.checked_sub(flood::WINDOW).unwrap_or(now);
            let recent = self.store.alerts_since(since).await?;
            let before = recent.iter().filter(|a| flood::counts(a) && a.raised > since).count();
            flood::hold(&mut raised.alerts, before, self.settings.flood);
        }
        // A notice of a list page is no page that could be compared. One that could not be had may be had later.
        let of_page = record.article.basis != Basis::Entry && !raised.alerts.is_empty();
        let url = record.article.url.as_ref().filter(|_| of_page);
        let recheck = url.map(|url| revision::first(&record.id, url, now));
        for alert in &raised.alerts {
            tracing::info!(alert.id = %alert.id, article.id = %record.id, "alert: {} ({})", alert.type_name(), alert.tracked.join(", "));
        }
        let mut decisions = settlement.decisions;
        decisions.extend(raised.decisions);
        for alert in &raised.alerts {
            decisions.extend(alert_decisions(Some(alert), now));
            if alert.held {
                let evidence = format!("more than {} alerts within an hour", self.settings.flood);
                let subject = Subject::Alert(alert.id.clone());
                decisions.push(decision(subject, Stage::Alert, "flood_held", Outcome::Deferred, evidence, now));
            }
        }
        for decision in &mut decisions {
            decision.at = now;
        }
        self.store
            .settle(SettleCommit {
                article: record.id.clone(),
                copies_of: settlement.copies_of,
                developments: settlement.developments,
                merged: settlement.merged,
                alerts: raised.alerts.clone(),
                recheck,
                doubts: raised.doubts,
                decisions,
            })
            .await?;
        Ok(raised.alerts)
    }
}

impl Pipeline {
    /// Links an alert that tells how a matter ended to the earlier alerts that it corrects: an acquittal to the charge. `told`
    /// are the developments that its article tells.
    async fn link_outcome(
        &self,
        alert: &mut Alert,
        told: &[(Development, Vec<BlockingKey>)],
    ) -> Result<(), StoreError> {
        let AlertKind::Development { development, event, who, date, .. } = &alert.content else { return Ok(()) };
        let corrects = revision::outcome_of(*event, &alert.evidence.text);
        let Some((own, _)) = told.iter().find(|(d, _)| d.id == *development).filter(|_| !corrects.is_empty()) else {
            return Ok(());
        };
        // The same sentence tells how another's matter ended: the words are of that.
        let elses = |d: &Development| {
            let here =
                |r: &DevelopmentReport| r.article == alert.article && r.report.evidence.text == alert.evidence.text;
            d.id != own.id && revision::is_ending(d.kind) && d.reports.iter().any(here)
        };
        if !revision::is_ending(own.kind) && told.iter().any(|(d, _)| elses(d)) {
            return Ok(());
        }
        let mut known: Vec<Development> = told.iter().map(|(d, _)| d.clone()).collect();
        for entity in who {
            known.extend(self.store.developments_of(&entity.id).await?);
        }
        let mut earlier = Vec::new();
        for development in known.iter().filter(|d| d.id != own.id && corrects.contains(&d.kind)) {
            let later = matches!((development.date, date), (Some(a), Some(b)) if a.first_day() > b.last_day());
            // A body has many matters at once: what ended is the matter of a person, or one that the words tell.
            let persons = development.reports.iter().flat_map(|r| r.report.who.iter().chain(&r.report.about));
            let same_person = persons.map(|e| &e.id).any(|id| who.iter().any(|w| w.id == *id));
            if later || !(same_person || story::one_matter(own, development)) {
                continue;
            }
            for id in std::iter::once(&development.id).chain(&development.merged) {
                earlier.extend(self.store.alert(&AlertId::derive(&["development", id.as_str()])).await?);
            }
        }
        revision::link_outcome(alert, &earlier);
        Ok(())
    }
}

/// `keys` and those under which somebody's developments were stored who had another id before.
fn with_former_ids(mut keys: Vec<BlockingKey>, watchlist: &Watchlist) -> Vec<BlockingKey> {
    if !watchlist.has_former_ids() {
        return keys;
    }
    let mut more = Vec::new();
    for key in &keys {
        let (BlockingKey::Person(_, id) | BlockingKey::Body(_, id, _)) = key else { continue };
        for former in watchlist.all_ids(id).into_iter().skip(1) {
            more.push(match key {
                BlockingKey::Person(family, _) => BlockingKey::Person(family.clone(), former),
                BlockingKey::Body(family, _, month) => BlockingKey::Body(family.clone(), former, *month),
                BlockingKey::Sketch(hash) => BlockingKey::Sketch(*hash),
            });
        }
    }
    keys.extend(more);
    keys
}

/// `development` with the ids that those whom it concerns have today.
pub(super) fn under_current_ids(development: &mut Development, watchlist: &Watchlist) {
    if !watchlist.has_former_ids() {
        return;
    }
    let current = |id: &mut String| {
        let now = watchlist.current_id(id);
        if now != id.as_str() {
            *id = now.to_owned();
        }
    };
    for told in &mut development.reports {
        let report = &mut told.report;
        report.who.iter_mut().chain(&mut report.body).chain(&mut report.about).for_each(|e| current(&mut e.id));
    }
    development.alerted.iter_mut().for_each(|(id, _)| current(id));
}
