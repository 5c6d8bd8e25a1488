//! What the fuzz targets share: the pure layers of the program, compiled by themselves, and the laws that hold of whatever
//! they give.
//!
//! A target is a file in `targets/`, its `[[bin]]` in Cargo.toml and its first inputs in `seeds/`.

#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/stages/mod.rs"]
pub mod stages;

use domain::{Article, Block, BlockKind, Extraction, Keyword, Span, WatchedBody, WatchedPerson, Watchlist};
use stages::clean::Cleaned;
use stages::extract::Named;
use std::sync::LazyLock;

/// A person with a common name, a body of the gazetteer, and a keyword of each kind.
pub static WATCHLIST: LazyLock<Watchlist> = LazyLock::new(|| Watchlist {
    persons: vec![WatchedPerson {
        id: "cora-vell".to_owned(),
        name: "Cora Vell".to_owned(),
        aliases: vec!["C. Vell".to_owned()],
        bodies: vec!["kent-police".to_owned()],
        roles: vec!["constable".to_owned()],
        excludes: vec!["novelist".to_owned()],
        ..WatchedPerson::default()
    }],
    bodies: vec![WatchedBody {
        id: "kent-police".to_owned(),
        name: "Kent Police".to_owned(),
        ..WatchedBody::default()
    }],
    keywords: vec![Keyword {
        id: "strip-search".to_owned(),
        name: "Strip search".to_owned(),
        any: vec!["strip search*".to_owned()],
        regex: vec!["custody\\s+deaths?".to_owned()],
        none: vec!["drama".to_owned()],
        ..Keyword::default()
    }],
    ..Watchlist::default()
});

/// The article whose first line is its headline and whose other lines are its paragraphs.
pub fn article_of_lines(text: &str) -> Article {
    let mut lines =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|l| !l.is_empty());
    Article {
        headline: lines.next(),
        published: "2024-02-29T12:00:00Z".parse().ok(),
        blocks: lines.map(|text| Block { kind: BlockKind::Paragraph, text }).collect(),
        ..Article::default()
    }
}

/// A cleaned article's blocks are single lines, never empty.
///
/// # Panics
/// When one is not.
pub fn check_cleaned(cleaned: &Cleaned) {
    for block in &cleaned.article.blocks {
        assert!(!block.text.trim().is_empty() && !block.text.contains(['\n', '\r', '\0']), "{block:?}");
    }
}

/// Mentions lie in the text, one after the other, and each names an entity of the article.
///
/// # Panics
/// When one does not.
pub fn check_named(text: &str, named: &Named) {
    let mut end = 0;
    for mention in &named.mentions {
        assert!(mention.span.start >= end && holds(text, mention.span), "{mention:?}");
        assert!(named.entities.iter().any(|e| e.key == mention.entity), "{mention:?}");
        end = mention.span.end;
    }
}

/// Everything that points into the text points at whole characters of it.
///
/// # Panics
/// When something does not.
pub fn check_extraction(text: &str, found: &Extraction) {
    let spans = found.mentions.iter().map(|m| m.span).chain(found.quotes.iter().map(|q| q.span));
    for span in spans {
        assert!(holds(text, span), "{span:?}");
    }
}

/// Whether `span` covers whole characters of `text`, at least one.
fn holds(text: &str, span: Span) -> bool {
    text.get(span.start..span.end).is_some_and(|words| !words.is_empty())
}
