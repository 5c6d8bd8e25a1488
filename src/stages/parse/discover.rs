//! Which feeds a site has, by what its HTML says.

use super::links;
use super::page::{base, selector};
use crate::stages::clean::safe_html;
use scraper::Html;
use std::collections::BTreeSet;
use url::Url;

/// An address where a feed may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The address.
    pub url: Url,
    /// Whether nothing names it: one of the usual places.
    pub guessed: bool,
}

/// Most addresses that are given.
const MOST: usize = 30;

/// Where publishing systems put their feeds.
const USUAL: [&str; 8] = ["feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2"];

/// Whether `bytes` are an HTML page, by what they begin with.
pub fn is_html(bytes: &[u8], content_type: Option<&str>) -> bool {
    safe_html(bytes, content_type).is_some()
}

/// Where the page `bytes`, which came from `url`, may have its feeds: what its head names, then links that look like
/// feeds, then the usual places beside the page and at the site's root. `<base>` counts; comment feeds come last.
pub fn discover(bytes: &[u8], url: &Url, content_type: Option<&str>) -> Vec<Candidate> {
    let mut found: Vec<(u8, Candidate)> = Vec::new();
    if let Some(safe) = safe_html(bytes, content_type) {
        let page = Html::parse_document(&safe.html);
        let base = base(&page, url);
        let mut add = |rank: u8, href: &str| {
            if let Some(url) = links::resolve(href, &base).filter(|u| matches!(u.scheme(), "http" | "https")) {
                let rank = if url.path().to_lowercase().contains("comment") { rank + 2 } else { rank };
                found.push((rank, Candidate { url, guessed: false }));
            }
        };
        for link in selector("link[rel~=alternate][href]").iter().flat_map(|s| page.select(s)) {
            let kind = link.value().attr("type").unwrap_or("").to_lowercase();
            if ["rss", "atom", "rdf", "feed+json", "application/json"].iter().any(|k| kind.contains(k)) {
                add(0, link.value().attr("href").unwrap_or(""));
            }
        }
        for link in selector("a[href]").iter().flat_map(|s| page.select(s)) {
            let href = link.value().attr("href").unwrap_or("");
            let text: String = link.text().collect::<String>().to_lowercase();
            let path = href.split(['?', '#']).next().unwrap_or("").trim_end_matches('/').to_lowercase();
            let named = [".rss", ".atom", "/rss", "/feed", "/atom", "rss.xml", "atom.xml", "feed.xml", ".rdf"];
            let says =
                text.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "rss" | "atom" | "feed" | "feeds"));
            if named.iter().any(|end| path.ends_with(end)) || says {
                add(1, href);
            }
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    let mut guesses = Vec::new();
    for place in USUAL {
        let beside = if url.path().ends_with('/') {
            url.join(place)
        } else {
            Url::parse(&format!("{url}/")).and_then(|u| u.join(place))
        };
        guesses.extend(beside.ok());
        guesses.extend(url.join("/").and_then(|root| root.join(place)).ok());
    }
    let guesses = guesses.into_iter().map(|url| Candidate { url, guessed: true });
    let mut seen: BTreeSet<String> = std::iter::once(url.to_string()).collect();
    found.into_iter().map(|(_, c)| c).chain(guesses).filter(|c| seen.insert(c.url.to_string())).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_links_and_usual_places_in_this_order() {
        let html = "<!doctype html><html><head><base href='https://cdn.example/site/'>\
            <link rel=alternate type='application/rss+xml' href='/comments/feed/'>\
            <link rel='home alternate' type='application/atom+xml' href='news.atom'>\
            <link rel=alternate hreflang=cy href='/cy'></head><body><a href='/feeds/all.rss'>All</a><a href='/about'>About</a>\
            <a href='javascript:x()'>RSS</a></body></html>";
        let url = Url::parse("https://force.example/news").unwrap();
        let found = discover(html.as_bytes(), &url, None);
        let shown: Vec<String> =
            found.iter().map(|c| format!("{}{}", if c.guessed { "? " } else { "" }, c.url)).collect();
        assert_eq!(
            shown[..5],
            [
                "https://cdn.example/site/news.atom",
                "https://cdn.example/feeds/all.rss",
                "https://cdn.example/comments/feed/",
                "? https://force.example/news/feed/",
                "? https://force.example/feed/",
            ]
        );
        assert!(found.len() <= MOST);
    }
}
