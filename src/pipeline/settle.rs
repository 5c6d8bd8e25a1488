//! Settle what was read: which development each report tells, and whether someone should know.

use super::{Pipeline, decision};
use crate::domain::{Alert, ArticleId, Outcome, Stage, Subject};
use crate::ports::{ArticleRecord, SettleCommit, StoreError};
use crate::stages::alerting::{self, Told};
use crate::stages::identity::{self, Known, Neighbour, Telling};
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
        let now = self.clock.now();
        let article = &record.article;
        let (text, url) = (article.text(), article.url.as_ref().map(ToString::to_string));
        let telling = Telling {
            id: &record.id,
            url: url.as_deref(),
            outlet: article.outlet.as_deref(),
            agency: article.agency.as_deref(),
            at: article.at().unwrap_or(record.read),
            text: &text,
            reports: &record.extraction.reports,
        };
        let candidates = self.store.candidates(&identity::search_keys(&telling)).await?;
        let known = Known {
            developments: candidates.developments,
            articles: candidates
                .articles
                .into_iter()
                .filter(|(other, _)| other.id != record.id)
                .map(|(other, copies_of)| neighbour(&other, copies_of))
                .collect(),
        };
        let told = Told {
            id: &record.id,
            headline: article.headline.as_deref().unwrap_or(""),
            url: url.as_deref(),
            outlet: article.outlet.as_deref(),
            published: article.at(),
            basis: article.basis,
            text: &text,
            reports: &record.extraction.reports,
            keyword_hits: &record.extraction.keyword_hits,
            catch_up: record.catch_up,
        };
        let work = || {
            let mut settlement = identity::settle(&telling, &known, now);
            let raised = alerting::decide(&told, &mut settlement, &self.settings.watchlist, telling.at);
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
                doubts: Vec::new(),
                decisions,
            };
            self.store.settle(commit).await?;
            return Ok(Vec::new());
        };
        for alert in &mut raised.alerts {
            alert.raised = now;
            tracing::info!(alert.id = %alert.id, article.id = %record.id, "alert: {} ({})", alert.type_name(), alert.tracked.join(", "));
        }
        let mut decisions = settlement.decisions;
        decisions.extend(raised.decisions);
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
                doubts: raised.doubts,
                decisions,
            })
            .await?;
        Ok(raised.alerts)
    }
}

fn neighbour(record: &ArticleRecord, copies_of: ArticleId) -> Neighbour {
    Neighbour {
        id: record.id.clone(),
        copies_of,
        url: record.article.url.as_ref().map(ToString::to_string),
        text: record.article.text(),
        keywords: record.extraction.keyword_hits.iter().map(|h| h.keyword.clone()).collect(),
    }
}
