//! Reading feeds: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed, as they come in the wild.
//!
//! bytes → `decode` (text) → `repair`, `json` (the document written again without its faults) → feed-rs → entries with
//! absolute links, plain texts and identity keys.

mod dates;
mod decode;
mod discover;
mod identity;
mod json;
mod links;
mod markup;
mod opml;
mod page;
mod repair;
mod rules;
mod text;
mod wrapped;

pub use discover::{Candidate, discover, is_html};
pub use links::normal_form;
pub use opml::{Opml, Outline, parse_opml, write_opml};
pub use page::{SelectorError, check_selector, parse_page};
pub use wrapped::leads_on;

use crate::domain::{ParsedEntry, ParsedFeed};
use feed_rs::model::{self, FeedType};
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use url::Url;

/// Why a document could not be read as a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is no feed at all; what it is instead.
    #[error("not a feed: {0}")]
    NotAFeed(String),
    /// It has items, of which none could be read: never to be taken for "nothing new".
    #[error("{}", nothing_readable(*begun, reason))]
    NothingReadable {
        /// Items begun in the document.
        begun: usize,
        /// What stopped the reading.
        reason: String,
    },
}

fn nothing_readable(begun: usize, reason: &str) -> String {
    match begun {
        0 => reason.to_owned(),
        1 => format!("a feed with 1 item, which could not be read: {reason}"),
        _ => format!("a feed with {begun} items of which none could be read: {reason}"),
    }
}

impl ParseError {
    /// A short stable name for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NotAFeed(_) => "not_a_feed",
            Self::NothingReadable { .. } => "nothing_readable",
        }
    }
}

/// Reads `bytes`, which came from `url` with `content_type`, as a feed.
///
/// Whatever is whole is read, and what had to be mended or left out is in the warnings. A feed without items is no error.
///
/// # Errors
/// When it is no feed, or has items of which none could be read.
pub fn parse_feed(bytes: &[u8], url: &Url, content_type: Option<&str>) -> Result<ParsedFeed, ParseError> {
    // A panic on hostile input costs this one document.
    catch_unwind(AssertUnwindSafe(|| read(bytes, url, content_type))).unwrap_or_else(|_| {
        Err(ParseError::NothingReadable { begun: 0, reason: "the reader gave up on it".to_owned() })
    })
}

fn read(bytes: &[u8], url: &Url, content_type: Option<&str>) -> Result<ParsedFeed, ParseError> {
    let mut warnings = Vec::new();
    let text = decode::decode(bytes, content_type, &mut warnings);
    let text = text.trim_start();
    if text.is_empty() {
        return Err(ParseError::NotAFeed("an empty document".to_owned()));
    }
    let repaired = if text.starts_with(['{', '[']) {
        json::repair(text, url, &mut warnings)
    } else if let Some(wrapped) = in_a_call(text).or_else(|| behind_a_notice(text)) {
        json::repair(wrapped, url, &mut warnings)
    } else if text.contains('<') {
        repair::repair(text, url, &mut warnings)
    } else {
        Err(binary_or_text(bytes))
    }
    .map_err(|what| ParseError::NotAFeed(what.to_owned()))?;
    let feed = feed_rs::parser::Builder::new()
        // The document has no id: one made here would look like the document's own. `identity` gives the key.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| dates::reread(text).and_then(|at| chrono::DateTime::from_timestamp(at.as_second(), 0)))
        // Texts become plain text here, so nothing is left to sanitise.
        .sanitize_content(false)
        .build()
        .parse(repaired.document.as_bytes())
        .map_err(|error| ParseError::NothingReadable { begun: repaired.begun, reason: error.to_string() })?;
    if feed.entries.is_empty() && repaired.begun > 0 {
        let reason = warnings.last().map_or_else(|| "no item is whole".to_owned(), |w| w.message.clone());
        return Err(ParseError::NothingReadable { begun: repaired.begun, reason });
    }
    if feed.entries.len() < repaired.written {
        let lost = repaired.written - feed.entries.len();
        decode::warn(&mut warnings, "entries_lost", format!("{lost} entries were lost in reading"));
    }
    let mut entries: Vec<ParsedEntry> = feed.entries.into_iter().map(|e| entry(e, &feed.feed_type)).collect();
    identity::assign_keys(&mut entries, url, repaired.home.as_ref());
    Ok(ParsedFeed {
        title: feed.title.map(|t| plain(t, &feed.feed_type)).filter(|t| !t.is_empty()),
        entries,
        warnings,
        hints: repaired.hints,
    })
}

/// The JSON in a call of a function, or behind comments: `callback({…});`.
fn in_a_call(text: &str) -> Option<&str> {
    let start = text.find('{')?;
    let before = text.get(..start)?;
    let is_call = before.trim_end().ends_with('(') && !before.contains(['<', '"']);
    let is_comment = before.starts_with("//") || before.starts_with("/*");
    let end = text.rfind('}')?;
    (is_call || is_comment).then(|| text.get(start..=end)).flatten()
}

/// The JSON Feed behind a server's notice, which may hold tags.
fn behind_a_notice(text: &str) -> Option<&str> {
    let start = text.find('{')?;
    let (before, from) = text.split_at_checked(start)?;
    let document = ["<rss", "<feed", "<rdf", "<?xml", "<html", "<!doctype"];
    let lower = before.to_ascii_lowercase();
    let named = from.contains("jsonfeed.org/version") && !document.iter().any(|tag| lower.contains(tag));
    named.then(|| from.get(..=from.rfind('}')?)).flatten()
}

/// What a body without a single tag is.
fn binary_or_text(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => "a PDF file",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => "an image",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive",
        _ => "plain text",
    }
}

/// A text of the feed as plain text. RSS never says whether a text is HTML, and it mostly is; JSON Feed's titles are plain.
fn plain(text: model::Text, feed: &FeedType) -> String {
    let is_html = match feed {
        FeedType::Atom => text.content_type.subty() != "plain",
        FeedType::JSON => text.content_type.subty() == "html",
        FeedType::RSS0 | FeedType::RSS1 | FeedType::RSS2 => true,
    };
    if is_html {
        text::plain(&text.content)
    } else {
        // A reference left in a plain text was escaped once too often.
        text::collapse(&markup::unescape(&text.content, &markup::Entities::default()))
    }
}

fn timestamp(at: Option<chrono::DateTime<chrono::Utc>>) -> Option<Timestamp> {
    at.and_then(|at| Timestamp::from_second(at.timestamp()).ok())
}

fn entry(entry: model::Entry, feed: &FeedType) -> ParsedEntry {
    let content = entry.content.and_then(|c| {
        let body = c.body?;
        let text = if c.content_type.subty() == "plain" { text::collapse(&body) } else { text::plain(&body) };
        Some(text).filter(|t| !t.is_empty())
    });
    let summary = entry.summary.map(|s| plain(s, feed)).filter(|s| !s.is_empty());
    let (published, mut updated) = (timestamp(entry.published), timestamp(entry.updated));
    // feed-rs fills a missing update time of RSS from the publication time.
    if *feed == FeedType::RSS2 && updated == published {
        updated = None;
    }
    let mut authors: Vec<String> = Vec::new();
    for person in entry.authors {
        let name = person
            .name
            .or(person.email)
            .map(|n| text::plain(&n).trim_matches(['(', ')']).to_owned())
            .filter(|n| !n.is_empty());
        authors.extend(name.filter(|n| !authors.contains(n)));
    }
    ParsedEntry {
        document_id: Some(entry.id).filter(|id| !id.is_empty()),
        key: String::new(),
        link: entry.links.iter().find_map(|l| Url::parse(l.href.trim()).ok()).map(wrapped::unwrapped),
        title: entry.title.map(|t| plain(t, feed)).filter(|t| !t.is_empty()),
        summary: summary.or(content).map(|s| text::shorten(s, text::MAX_SUMMARY)),
        published: published.or(updated),
        updated,
        authors,
        notice: None,
    }
}

#[cfg(test)]
mod tests;
