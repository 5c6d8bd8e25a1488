//! Who: every watched person and body, in every form, and nobody else.

use super::{Named, doc::Doc};
use crate::domain::{Article, Watchlist};

/// Finds mentions and binds them to entities.
#[derive(Debug)]
pub struct Recogniser {}

impl Recogniser {
    /// The recogniser for `watchlist` and the built-in gazetteer of bodies.
    pub fn new(_watchlist: &Watchlist) -> Self {
        Self {}
    }

    /// Mentions and entities of `doc`.
    pub fn recognise(&self, _doc: &Doc, _article: &Article) -> Named {
        Named::default()
    }
}
