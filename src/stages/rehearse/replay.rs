//! A replay: what is stored, read, settled and alerted again under other rules, in memory.

use crate::domain::{
    Alert, AlertId, AlertKind, Article, ArticleId, Development, DevelopmentId, Extraction, FeedId, Watchlist,
};
use crate::stages::alerting::{self, Told};
use crate::stages::extract::Extractor;
use crate::stages::identity::{self, Memory};
use crate::stages::settling::Settling;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// An article as it is stored, or as an entry makes it that was passed over.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its identifier.
    pub id: ArticleId,
    /// The article.
    pub article: Article,
    /// The feed it came from, if any.
    pub feed: Option<FeedId>,
    /// When it was read; of an entry that was passed over, when that was seen.
    pub read: Timestamp,
    /// Bottom-k sketch of its text.
    pub sketch: Vec<u64>,
    /// Whether it came with the first poll of its feed.
    pub catch_up: bool,
    /// Whether it is but title and summary of an entry that was passed over.
    pub passed_over: bool,
}

/// An alert that would have been raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Would {
    /// The alert, raised when its article was read.
    #[serde(flatten)]
    pub alert: Alert,
    /// Whether its article is but title and summary of an entry that was passed over.
    pub from_passed_over: bool,
    /// The articles that tell its development.
    #[serde(skip)]
    pub told_in: BTreeSet<ArticleId>,
}

/// Reads what is stored under other rules.
#[derive(Debug)]
pub struct Replay {
    watchlist: Watchlist,
    extractor: Extractor,
    /// What may raise something or be told again, with what was found in it.
    kept: Vec<(Stored, Extraction)>,
}

impl Replay {
    /// A replay under `watchlist`.
    pub fn new(watchlist: &Watchlist) -> Self {
        Self { watchlist: watchlist.clone(), extractor: Extractor::new(watchlist), kept: Vec::new() }
    }

    /// Reads one article. In any order: they are settled in the order in which they were read first.
    pub fn read(&mut self, stored: Stored) {
        let found = self.extractor.extract_from(&stored.article, stored.feed.as_ref());
        self.keep(stored, found);
    }

    /// Takes one article in which `found` was found.
    pub fn keep(&mut self, stored: Stored, found: Extraction) {
        // What tells nothing raises nothing and is told again by nothing; only the words that settling needs are kept.
        if !found.reports.is_empty() || !found.keyword_hits.is_empty() {
            let Extraction { reports, keyword_hits, .. } = found;
            self.kept.push((stored, Extraction { reports, keyword_hits, ..Extraction::default() }));
        }
    }

    /// Settles what was read, one article after the other, and decides what would have been alerted. `progress` hears how
    /// many are done, and of how many.
    pub fn settle(self, progress: &mut dyn FnMut(usize, usize)) -> Replayed {
        let Self { watchlist, mut kept, .. } = self;
        let order = |(s, _): &(Stored, Extraction)| (s.read, s.article.at(), s.id.clone());
        kept.sort_by_cached_key(order);
        let (all, mut out) = (kept.len(), Replayed::default());
        for (done, (stored, found)) in kept.iter().enumerate() {
            out.settle(stored, found, &watchlist);
            progress(done + 1, all);
        }
        out.finish(&watchlist);
        out
    }
}

/// What a replay came to.
#[derive(Debug, Default)]
pub struct Replayed {
    /// The alerts, in the order raised.
    pub alerts: Vec<Would>,
    memory: Memory,
}

impl Replayed {
    fn settle(&mut self, stored: &Stored, found: &Extraction, watchlist: &Watchlist) {
        let settling = Settling::new(&stored.id, &stored.article, found, stored.read);
        let telling = settling.telling();
        let mut settlement = identity::settle(&telling, &self.memory.known(&telling), stored.read);
        let told = Told { catch_up: stored.catch_up, ..settling.told() };
        let mut raised = alerting::decide(&told, &mut settlement, watchlist, telling.at);
        alerting::rulings::apply(&mut raised, &mut settlement, watchlist, stored.read);
        let cluster = settlement.copies_of.clone();
        self.memory.keep(settling.neighbour(cluster), &stored.sketch, settlement);
        for alert in raised.alerts {
            let alert = Alert { raised: stored.read, ..alert };
            if self.alerts.iter().all(|w| w.alert.id != alert.id) {
                self.alerts.push(Would { alert, from_passed_over: stored.passed_over, told_in: BTreeSet::new() });
            }
        }
    }

    /// Takes out what the watchlist says to be no event of its own, and notes who tells each.
    fn finish(&mut self, watchlist: &Watchlist) {
        let memory = &self.memory;
        let mut told: BTreeSet<usize> = BTreeSet::new();
        self.alerts.retain_mut(|would| {
            let AlertKind::Development { development, .. } = &would.alert.content else { return true };
            let Some(development) = memory.development(development) else { return true };
            would.told_in = development.reports.iter().map(|r| r.article.clone()).collect();
            let is = |id: &DevelopmentId| *id == development.id || development.merged.contains(id);
            let merge = watchlist.rulings.merges.iter().position(|m| m.developments.iter().any(is));
            merge.is_none_or(|merge| told.insert(merge))
        });
    }

    /// Every development, in order of id.
    pub fn developments(&self) -> impl Iterator<Item = &Development> {
        self.memory.developments()
    }

    /// Whether `alert`, which was raised of a keyword, is of the same near copies as `id`, which would be.
    pub(super) fn same_copies(&self, alert: &Alert, id: &AlertId) -> bool {
        let AlertKind::Keyword { keyword } = &alert.content else { return false };
        let cluster = self.memory.cluster_of(&alert.article);
        cluster.is_some_and(|cluster| AlertId::derive(&["keyword", keyword, cluster.as_str()]) == *id)
    }
}
