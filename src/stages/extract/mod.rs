//! Extraction: who is named, who said what, and which developments an article reports.
//!
//! doc (blocks, sentences, tokens) → who (mentions, entities) → quotes → what (reports) ; keywords stand beside.

pub mod doc;
pub mod keywords;
pub mod quotes;
mod sieve;
pub mod what;
pub mod who;

use crate::domain::{Article, Entity, Extraction, FeedId, Mention, Watchlist};
use doc::Doc;

/// Version of the rules; stored with every article.
///
/// Raise it by one with every change, of code or of the data in `config/`, that alters what is found in any article: by it one
/// tells what older rules found from what these find. `tests/it/version.rs` fails where our own articles show such a
/// change and this stands still; a change that they do not show is yours to know.
pub const EXTRACTOR_VERSION: u32 = 17;

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

    /// Everybody in `article` who has a name or short form of the watched person `id`, with the weights for and against.
    pub fn examine(&self, article: &Article, id: &str) -> Vec<who::Examined> {
        self.who.examine(&Doc::new(article), id)
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
        if let Some(language) = foreign(&doc.text) {
            // Keywords are the user's own words, in whatever language.
            return Extraction {
                extractor_version: EXTRACTOR_VERSION,
                skipped: Some(format!("not in English, as it seems ({language})")),
                keyword_hits: self.keywords.hits(&doc, feed),
                ..Extraction::default()
            };
        }
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

/// Characters below which a text tells too little of its language.
const TELLING: usize = 200;

/// The name of the language of `text`, where it is surely another than English. What a page says of itself is often wrong,
/// so the words decide.
fn foreign(text: &str) -> Option<&'static str> {
    if text.chars().take(TELLING).count() < TELLING {
        return None;
    }
    if super::language::is_plainly_english(text) {
        return None;
    }
    let found = super::language::detect(text)?;
    (found != whatlang::Lang::Eng).then(|| found.eng_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Block, BlockKind, WatchedBody};

    #[test]
    fn other_languages_are_said_to_be_so_and_not_read() {
        let body = WatchedBody { id: "kent-police".into(), name: "Kent Police".into(), ..WatchedBody::default() };
        let extractor = Extractor::new(&Watchlist { bodies: vec![body], ..Watchlist::default() });
        let read = |text: &str| {
            let block = Block { kind: BlockKind::Paragraph, text: text.repeat(3) };
            extractor.extract(&Article { blocks: vec![block], ..Article::default() })
        };
        let french = "Un agent de Kent Police a été suspendu mardi après la mort d’un homme en garde à vue, a-t-on appris de \
                      sources judiciaires. ";
        let found = read(french);
        assert!(found.skipped.is_some_and(|why| why.contains("French")) && found.mentions.is_empty());
        let english = "An officer of Kent Police was suspended on Tuesday after a man died in a cell, the force said in the \
                       evening. ";
        let found = read(english);
        assert!(found.skipped.is_none() && !found.mentions.is_empty());
    }
}
