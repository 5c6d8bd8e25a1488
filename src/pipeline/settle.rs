//! Settle what was read: which development each report tells, and whether someone should know.

use super::revise::alert_decisions;
use super::{Pipeline, decision};
use crate::domain::{
    Alert, AlertId, AlertKind, ArticleId, Basis, BlockingKey, Development, DevelopmentReport, Outcome, Stage, Subject,
    Watchlist,
};
use crate::ports::{ArticleRecord, Candidates, SettleCommit, StoreError};
use crate::stages::alerting::{self, Told, flood};
use crate::stages::identity::copies::Likeness;
use crate::stages::identity::{self, Known, Memory};
use crate::stages::settling::Settling;
use crate::stages::{caution, revision, story};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What settling did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SettleReport {
    /// Articles settled.
    pub articles: usize,
    /// Alerts raised, in order.
    pub alerts: Vec<Alert>,
}

/// Articles settled in one batch, sorted among themselves by publication, and brought to the disk together.
const BATCH: usize = 128;

/// What the batch in hand has come to so far. The store gets it as a whole; what is settled next must know it before.
#[derive(Default)]
struct Unwritten {
    settled: Memory,
    commits: Vec<SettleCommit>,
}

impl Unwritten {
    /// What is known that shares one of `keys`: of the store's `stored`, and of the batch.
    fn known(&self, stored: Candidates, keys: &[BlockingKey], article: &ArticleId) -> Known {
        let mut known = self.settled.found_by(keys, article);
        known.developments.extend(stored.developments.into_iter().filter(|d| !self.settled.has(&d.id)));
        known.developments.sort_by(|a, b| a.id.cmp(&b.id));
        let neighbour = |(other, copies_of): (ArticleRecord, ArticleId)| {
            Settling::new(&other.id, &other.article, &other.extraction, other.read).neighbour(copies_of)
        };
        let others = stored.articles.into_iter().filter(|(other, _)| other.id != *article).map(neighbour);
        // One that was read again stands in the store as it was settled before.
        known.articles.extend(others.filter(|other| self.settled.cluster_of(&other.id).is_none()).collect::<Vec<_>>());
        known.articles.sort_by(|a, b| a.id.cmp(&b.id));
        known
    }

    /// The developments that concern `entity`, where the store has `stored` of them.
    fn developments_of(&self, entity: &str, stored: Vec<Development>) -> Vec<Development> {
        let concerns = |d: &&Development| d.reports.iter().flat_map(|r| r.report.entities()).any(|e| e.id == entity);
        let own = self.settled.developments().filter(concerns).cloned();
        stored.into_iter().filter(|d| !self.settled.has(&d.id)).chain(own).collect()
    }

    /// The alerts raised in the batch, in order.
    fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.commits.iter().flat_map(|commit| &commit.alerts)
    }
}

impl Pipeline {
    /// Settles a batch of the articles that wait, one after the other in order of publication. Zero articles: none waits.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn settle_batch(&self) -> Result<SettleReport, StoreError> {
        // No later version of one of them is stored meanwhile.
        let _alone = self.deciding.lock().await;
        let mut batch = Unwritten::default();
        for record in self.store.unsettled(BATCH).await? {
            self.settle_one(&record, &mut batch).await?;
        }
        let report = SettleReport { articles: batch.commits.len(), alerts: batch.alerts().cloned().collect() };
        self.store.settle(batch.commits).await?;
        for alert in &report.alerts {
            tracing::info!(alert.id = %alert.id, article.id = %alert.article, "alert: {} ({})", alert.type_name(), alert.tracked.join(", "));
        }
        Ok(report)
    }

    async fn settle_one(&self, record: &ArticleRecord, batch: &mut Unwritten) -> Result<(), StoreError> {
        let now = self.clock.now();
        let watchlist = &self.settings.watchlist;
        let settling = Settling::new(&record.id, &record.article, &record.extraction, record.read);
        let telling = settling.telling();
        let keys = with_former_ids(identity::search_keys(&telling), watchlist);
        let own = self.store.alerts_of(&record.id).await?;
        let likeness = Likeness::of(&telling);
        let mut stored = self.store.candidates(&keys, Arc::new(move |other| likeness.may_matter(other))).await?;
        // What an earlier version told of somebody else may be found by no name of this one.
        for alert in &own {
            let AlertKind::Development { development, .. } = &alert.content else { continue };
            if let Some(told) = self.store.development(development).await?
                && stored.developments.iter().all(|d| d.id != told.id)
            {
                stored.developments.push(told);
            }
        }
        let mut known = batch.known(stored, &keys, &record.id);
        known.developments.iter_mut().for_each(|d| under_current_ids(d, watchlist));
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
        let Ok((mut settlement, mut raised)) = catch_unwind(AssertUnwindSafe(work)) else {
            tracing::error!(article.id = %record.id, "settling the article met a fault of ours; the others go on");
            let subject = Subject::Article(record.id.clone());
            let decisions =
                vec![decision(subject, Stage::Settle, "given_up", Outcome::Stopped, "a fault of ours", now)];
            batch.commits.push(SettleCommit {
                article: record.id.clone(),
                copies_of: record.id.clone(),
                developments: Vec::new(),
                merged: Vec::new(),
                alerts: Vec::new(),
                recheck: None,
                doubts: Vec::new(),
                decisions,
            });
            return Ok(());
        };
        // An alert that the article raised before, in an earlier version, is not raised again.
        raised.alerts.retain(|alert| own.iter().all(|o| o.id != alert.id));
        let cautions = caution::of_article(&record.article, &record.extraction);
        for alert in &mut raised.alerts {
            alert.raised = now;
            alert.cautions.clone_from(&cautions);
            self.link_outcome(alert, &settlement.developments, batch).await?;
        }
        let limit = self.settings.flood;
        if limit > 0 && raised.alerts.iter().any(flood::counts) {
            let since = now.checked_sub(flood::WINDOW).unwrap_or(now);
            let before = self.store.alerts_after(since, flood::counts, limit as usize).await?;
            flood::hold(&mut raised.alerts, before + batch.alerts().filter(|a| flood::counts(a)).count(), limit);
        }
        // A notice of a list page is no page that could be compared. One that could not be had may be had later.
        let of_page = record.article.basis != Basis::Entry && !raised.alerts.is_empty();
        let url = record.article.url.as_ref().filter(|_| of_page);
        let recheck = url.map(|url| revision::first(&record.id, url, now));
        let mut decisions = std::mem::take(&mut settlement.decisions);
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
        batch.commits.push(SettleCommit {
            article: record.id.clone(),
            copies_of: settlement.copies_of.clone(),
            developments: settlement.developments.clone(),
            merged: settlement.merged.clone(),
            alerts: raised.alerts,
            recheck,
            doubts: raised.doubts,
            decisions,
        });
        let cluster = settlement.copies_of.clone();
        batch.settled.keep(settling.neighbour(cluster), &record.sketch, settlement);
        Ok(())
    }
}

impl Pipeline {
    /// Links an alert that tells how a matter ended to the earlier alerts that it corrects: an acquittal to the charge. `told`
    /// are the developments that its article tells.
    async fn link_outcome(
        &self,
        alert: &mut Alert,
        told: &[(Development, Vec<BlockingKey>)],
        batch: &Unwritten,
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
            let stored = self.store.developments_of(&entity.id).await?;
            // What the article itself changes it tells as it is now.
            let others = batch.developments_of(&entity.id, stored).into_iter();
            known.extend(others.filter(|d| told.iter().all(|(own, _)| own.id != d.id)));
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
                let alert = AlertId::derive(&["development", id.as_str()]);
                match batch.alerts().find(|a| a.id == alert) {
                    Some(alert) => earlier.push(alert.clone()),
                    None => earlier.extend(self.store.alert(&alert).await?),
                }
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
