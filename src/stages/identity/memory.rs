//! What was settled so far, in memory: what the store is to the service, for commands that keep nothing.

use super::{Known, Neighbour, Settlement, Telling, article_keys, search_keys};
use crate::domain::{ArticleId, BlockingKey, Development, DevelopmentId};
use std::collections::{BTreeMap, BTreeSet};

/// Developments and articles, found by their keys.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    developments: BTreeMap<DevelopmentId, (Development, Vec<BlockingKey>)>,
    articles: BTreeMap<ArticleId, Neighbour>,
    by_key: BTreeMap<BlockingKey, BTreeSet<DevelopmentId>>,
    articles_by_key: BTreeMap<BlockingKey, BTreeSet<ArticleId>>,
    /// Of each development that was merged away the older one.
    merged: BTreeMap<DevelopmentId, DevelopmentId>,
}

impl Memory {
    /// Everything that `telling` may tell again, or be a copy of; an earlier version of itself is none.
    pub fn known(&self, telling: &Telling) -> Known {
        self.found_by(&search_keys(telling), telling.id)
    }

    /// Everything that shares one of `keys`, but the article `but`.
    pub fn found_by(&self, keys: &[BlockingKey], but: &ArticleId) -> Known {
        let developments: BTreeSet<&DevelopmentId> = keys.iter().filter_map(|k| self.by_key.get(k)).flatten().collect();
        let articles: BTreeSet<&ArticleId> =
            keys.iter().filter_map(|k| self.articles_by_key.get(k)).flatten().filter(|id| *id != but).collect();
        Known {
            developments: developments
                .into_iter()
                .filter_map(|id| self.developments.get(id))
                .map(|d| d.0.clone())
                .collect(),
            articles: articles.into_iter().filter_map(|id| self.articles.get(id)).cloned().collect(),
        }
    }

    /// Keeps what settling `article`, whose text has `sketch`, came to.
    pub fn keep(&mut self, article: Neighbour, sketch: &[u64], settlement: Settlement) {
        for (younger, older) in settlement.merged {
            self.forget(&younger);
            self.merged.insert(younger, older);
        }
        for (development, keys) in settlement.developments {
            self.forget(&development.id);
            for key in &keys {
                self.by_key.entry(key.clone()).or_default().insert(development.id.clone());
            }
            self.developments.insert(development.id.clone(), (development, keys));
        }
        for key in article_keys(sketch) {
            self.articles_by_key.entry(key).or_default().insert(article.id.clone());
        }
        self.articles.insert(article.id.clone(), article);
    }

    fn forget(&mut self, id: &DevelopmentId) {
        for key in self.developments.remove(id).into_iter().flat_map(|(_, keys)| keys) {
            if let Some(ids) = self.by_key.get_mut(&key) {
                ids.remove(id);
            }
        }
    }

    /// Whether the development `id` is here, or was merged away.
    pub fn has(&self, id: &DevelopmentId) -> bool {
        self.developments.contains_key(id) || self.merged.contains_key(id)
    }

    /// The id under which the development `id` is known by now: that of the one it was merged into, at last.
    pub fn current<'a>(&'a self, mut id: &'a DevelopmentId) -> &'a DevelopmentId {
        // A merged id is never opened again, so the chain ends.
        while let Some(older) = self.merged.get(id) {
            id = older;
        }
        id
    }

    /// The development `id`, or the one that it was merged into.
    pub fn development(&self, id: &DevelopmentId) -> Option<&Development> {
        self.developments.get(self.current(id)).map(|(development, _)| development)
    }

    /// All developments, in order of id.
    pub fn developments(&self) -> impl Iterator<Item = &Development> {
        self.developments.values().map(|(development, _)| development)
    }

    /// The cluster of near copies that a settled article belongs to.
    pub fn cluster_of(&self, article: &ArticleId) -> Option<&ArticleId> {
        self.articles.get(article).map(|a| &a.copies_of)
    }
}
