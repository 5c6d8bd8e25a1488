//! A stored article on its way through settling and alerting: what both ask of it, worked out once.

use super::alerting::Told;
use super::identity::{Neighbour, Telling};
use crate::domain::{Article, ArticleId, Extraction};
use jiff::Timestamp;

/// An article, what was found in it, and when it was read.
#[derive(Debug, Clone)]
pub struct Settling<'a> {
    id: &'a ArticleId,
    article: &'a Article,
    found: &'a Extraction,
    read: Timestamp,
    text: String,
    url: Option<String>,
}

impl<'a> Settling<'a> {
    /// The article `id`, in which `found` was found at `read`.
    pub fn new(id: &'a ArticleId, article: &'a Article, found: &'a Extraction, read: Timestamp) -> Self {
        let url = article.url.as_ref().map(ToString::to_string);
        Self { id, article, found, read, text: article.text(), url }
    }

    /// When it was published or modified, else read: what is told in it counts from then.
    pub fn at(&self) -> Timestamp {
        self.article.at().unwrap_or(self.read)
    }

    /// As settling takes it.
    pub fn telling(&self) -> Telling<'_> {
        Telling {
            id: self.id,
            url: self.url.as_deref(),
            outlet: self.article.outlet.as_deref(),
            agency: self.article.agency.as_deref(),
            at: self.at(),
            text: &self.text,
            reports: &self.found.reports,
        }
    }

    /// As alerting takes it: of no first poll, no change of an earlier version, nobody's past.
    pub fn told(&self) -> Told<'_> {
        Told {
            id: self.id,
            headline: self.article.headline.as_deref().unwrap_or(""),
            url: self.url.as_deref(),
            outlet: self.article.outlet.as_deref(),
            published: self.article.at(),
            basis: self.article.basis,
            text: &self.text,
            reports: &self.found.reports,
            keyword_hits: &self.found.keyword_hits,
            catch_up: false,
            revised: false,
            past_of: &[],
        }
    }

    /// As a later article may find it, once it is settled into the cluster of near copies `copies_of`.
    pub fn neighbour(self, copies_of: ArticleId) -> Neighbour {
        Neighbour {
            id: self.id.clone(),
            copies_of,
            url: self.url,
            text: self.text,
            keywords: self.found.keyword_hits.iter().map(|h| h.keyword.clone()).collect(),
        }
    }
}
