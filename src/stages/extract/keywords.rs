//! Watched keywords in a text.

use super::doc::Doc;
use crate::domain::{Keyword, KeywordHit};

/// All keywords, ready to match.
#[derive(Debug)]
pub struct KeywordMatcher {}

impl KeywordMatcher {
    /// The matcher for `keywords`.
    pub fn new(_keywords: &[Keyword]) -> Self {
        Self {}
    }

    /// Keywords that stand in `doc`.
    pub fn hits(&self, _doc: &Doc) -> Vec<KeywordHit> {
        Vec::new()
    }
}
