//! List pages: HTML pages that list articles or notices, read as if they were feeds.
//!
//! The most valuable watchdogs, and the forces' lists of misconduct hearings, publish no feed. A page is made safe to
//! parse, its rows are found (`given`: by the user's selectors, `found`: by the page's own repetition, `notices`: where
//! the whole text stands in the list and has no page of its own), and each row becomes an entry (`row`).

mod found;
mod given;
mod notices;
mod row;
mod words;

pub use given::{SelectorError, check_selector};

use super::{ParseError, decode, identity, links};
use crate::domain::{PageSelectors, ParsedFeed};
use crate::stages::clean::safe_html;
use row::Row;
use scraper::{Html, Selector};
use std::panic::{AssertUnwindSafe, catch_unwind};
use url::Url;

/// Most rows of one page that are read.
const MOST_ROWS: usize = 1_000;

/// Reads `bytes`, which came from `url` with `content_type`, as a list page.
///
/// With `selectors.entry` each element it matches is an entry, and the other selectors say where in it link, title and
/// date stand; without, the list is found by its repetition. A row that links to a page of its own is an entry with that
/// link. A row that does not is a notice: its text is the entry's summary and identity, its mark-up is kept. How the list
/// was found is a warning of the rule `list_found`. A page that says in so many words that there is nothing to list is an
/// empty list.
///
/// # Errors
/// When it is no HTML, when a selector matches nothing, or when no list is found: a page that was redesigned must show.
pub fn parse_page(
    bytes: &[u8],
    url: &Url,
    content_type: Option<&str>,
    selectors: &PageSelectors,
) -> Result<ParsedFeed, ParseError> {
    // A panic on hostile input costs this one document.
    catch_unwind(AssertUnwindSafe(|| read(bytes, url, content_type, selectors))).unwrap_or_else(|_| {
        Err(ParseError::NothingReadable { begun: 0, reason: "the reader gave up on it".to_owned() })
    })
}

fn read(
    bytes: &[u8],
    url: &Url,
    content_type: Option<&str>,
    selectors: &PageSelectors,
) -> Result<ParsedFeed, ParseError> {
    let Some(safe) = safe_html(bytes, content_type) else {
        let what = if bytes.is_empty() { "an empty document" } else { "no HTML" };
        return Err(ParseError::NotAFeed(format!("{what}, where a list page was expected")));
    };
    let page = Html::parse_document(&safe.html);
    let base = base(&page, url);
    let scene = Scene { page: &page, url, base: &base };
    let (rows, how) = match &selectors.entry {
        Some(entry) => given::rows(&scene, entry)?,
        None => match found::rows(&scene) {
            Some(found) => found,
            None if words::says_nothing_to_list(&row::text(page.root_element())) => {
                (Vec::new(), "the page says that there is nothing to list".to_owned())
            }
            None => {
                let reason = "no list found in the page: name its rows with `entry`".to_owned();
                return Err(ParseError::NothingReadable { begun: 0, reason });
            }
        },
    };
    let mut warnings = Vec::new();
    decode::warn(&mut warnings, "list_found", how);
    if safe.cut {
        decode::warn(&mut warnings, "page_too_large", "the page is deeper or longer than is read".to_owned());
    }
    if rows.len() > MOST_ROWS {
        let more = rows.len() - MOST_ROWS;
        decode::warn(&mut warnings, "too_many_rows", format!("{more} rows after the first {MOST_ROWS} were left out"));
    }
    let mut entries: Vec<_> = rows.iter().take(MOST_ROWS).filter_map(|r| row::entry(&scene, r, selectors)).collect();
    if entries.is_empty() && !rows.is_empty() {
        let reason = "no row has a title or a text".to_owned();
        return Err(ParseError::NothingReadable { begun: rows.len(), reason });
    }
    identity::assign_keys(&mut entries, url, None);
    // A row shown twice (as the lead and in the list) is one entry.
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|e| seen.insert(e.key.clone()));
    Ok(ParsedFeed { title: title(&page), entries, warnings, ..ParsedFeed::default() })
}

/// A parsed page and where it came from.
struct Scene<'a> {
    page: &'a Html,
    url: &'a Url,
    /// What its relative links are relative to.
    base: &'a Url,
}

impl Scene<'_> {
    /// Where `href` leads.
    fn resolve(&self, href: &str) -> Option<Url> {
        links::resolve(href, self.base).filter(|to| matches!(to.scheme(), "http" | "https"))
    }

    /// Whether `to` is a place in this page.
    fn is_here(&self, to: &Url) -> bool {
        let without_fragment = |url: &Url| {
            let mut url = url.clone();
            url.set_fragment(None);
            links::normal_form(&url)
        };
        without_fragment(to) == without_fragment(self.url)
    }
}

/// The base of relative links: `<base href>`, else the page's own address.
pub(in crate::stages::parse) fn base(page: &Html, url: &Url) -> Url {
    let href = selector("base[href]").and_then(|s| page.select(&s).next()?.value().attr("href").map(str::to_owned));
    href.and_then(|href| links::resolve(&href, url)).unwrap_or_else(|| url.clone())
}

fn title(page: &Html) -> Option<String> {
    let of = |css: &str| selector(css).and_then(|s| page.select(&s).next().map(row::text)).filter(|t| !t.is_empty());
    of("main h1").or_else(|| of("h1")).or_else(|| of("title"))
}

/// A selector of ours.
pub(in crate::stages::parse) fn selector(css: &str) -> Option<Selector> {
    Selector::parse(css).ok()
}

#[cfg(test)]
mod tests;
