//! Reading feeds: RSS, Atom, RDF and JSON Feed, as they come in the wild.

use crate::domain::ParsedFeed;
use url::Url;

/// Why a document could not be read as a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is no feed at all.
    #[error("not a feed: {0}")]
    NotAFeed(String),
}

/// Reads `bytes`, which came from `url` with `content_type`, as a feed.
///
/// # Errors
/// When it is no feed, or has items of which none could be read.
pub fn parse_feed(_bytes: &[u8], _url: &Url, _content_type: Option<&str>) -> Result<ParsedFeed, ParseError> {
    Err(ParseError::NotAFeed("nothing reads feeds yet".to_owned()))
}
