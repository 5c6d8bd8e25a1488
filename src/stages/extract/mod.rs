//! Extraction: who is named, who said what, and which developments an article reports.
//!
//! doc (blocks, sentences, tokens) → who (mentions, entities) → quotes → what (reports) ; keywords stand beside.

pub mod doc;
pub mod keywords;
pub mod quotes;
pub mod what;
pub mod who;

use crate::domain::{Article, Entity, Extraction, FeedId, Mention, Watchlist};
use doc::Doc;

/// Version of the rules; stored with every article, raised whenever a change may alter what is found.
pub const EXTRACTOR_VERSION: u32 = 1;

/// Who is named in an article, and where.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Entities, in order of first mention.
    pub entities: Vec<Entity>,
    /// Mentions, in order of the text; none overlaps another.
    pub mentions: Vec<Mention>,
}

/// The rules of extraction for one watchlist. Building one costs milliseconds; build it once.
#[derive(Debug)]
pub struct Extractor {
    who: who::Recogniser,
    what: what::Reader,
    keywords: keywords::KeywordMatcher,
}

impl Extractor {
    /// The extractor for `watchlist`.
    pub fn new(watchlist: &Watchlist) -> Self {
        Self {
            who: who::Recogniser::new(watchlist),
            what: what::Reader::new(),
            keywords: keywords::KeywordMatcher::new(&watchlist.keywords),
        }
    }

    /// Everything found in `article`, of which no feed is known: every keyword counts.
    pub fn extract(&self, article: &Article) -> Extraction {
        self.extract_from(article, None)
    }

    /// Everything found in `article`, which came from `feed`: keywords limited to other feeds do not count.
    ///
    /// Never fails: of a text that is not for it, it says so in `skipped`.
    pub fn extract_from(&self, article: &Article, feed: Option<&FeedId>) -> Extraction {
        let doc = Doc::new(article);
        let named = self.who.recognise(&doc, article);
        let quotes = quotes::find(&doc, &named);
        let (reports, doubts) = self.what.read(&doc, article, &named, &quotes);
        Extraction {
            extractor_version: EXTRACTOR_VERSION,
            skipped: None,
            keyword_hits: self.keywords.hits(&doc, feed),
            entities: named.entities,
            mentions: named.mentions,
            quotes,
            reports,
            doubts,
        }
    }
}
