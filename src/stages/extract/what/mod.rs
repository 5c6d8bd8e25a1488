//! What happened: developments, not words.

use super::{Named, doc::Doc};
use crate::domain::{Article, Doubt, Quote, Report};

/// Reads reports out of an article.
#[derive(Debug)]
pub struct Reader {}

impl Reader {
    /// The reader with the built-in frames.
    pub fn new() -> Self {
        Self {}
    }

    /// Reports of `doc`, and what could not be told.
    pub fn read(&self, _doc: &Doc, _article: &Article, _named: &Named, _quotes: &[Quote]) -> (Vec<Report>, Vec<Doubt>) {
        (Vec::new(), Vec::new())
    }
}
