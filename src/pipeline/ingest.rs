//! Read one page that is at hand and settle it at once: the daemon's own code without feeds.

use super::read::{article_id, extract_decision, extract_one};
use super::{ArticleFacts, Pipeline, read_page};
use crate::domain::{Alert, ArticleId, Page};
use crate::ports::{ArticleCommit, StoreError};

impl Pipeline {
    /// Cleans, reads and settles `page`, and gives the alerts raised. `name` identifies it where it has no address.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn ingest(&self, page: &Page, facts: &ArticleFacts, name: &str) -> Result<Vec<Alert>, StoreError> {
        let now = self.clock.now();
        let (article, _) = read_page(page, facts, now);
        let (article, snapshot) = self.veil(article, Some(page.body.clone())).await?;
        let id = facts.url.as_ref().map_or_else(|| ArticleId::derive(&["file", name]), article_id);
        let record = extract_one(&self.extractor, id, article, None, now);
        let decisions = vec![extract_decision(&record, now)];
        self.store.commit_article(ArticleCommit { entry: None, article: Some(record), snapshot, decisions }).await?;
        let mut alerts = Vec::new();
        loop {
            let report = self.settle_batch().await?;
            alerts.extend(report.alerts);
            if report.articles == 0 {
                return Ok(alerts);
            }
        }
    }
}
