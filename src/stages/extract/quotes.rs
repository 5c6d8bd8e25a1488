//! Who said what.

use super::{Named, doc::Doc};
use crate::domain::Quote;

/// Quotes of `doc` with their speakers.
pub fn find(_doc: &Doc, _named: &Named) -> Vec<Quote> {
    Vec::new()
}
