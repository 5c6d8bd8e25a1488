//! Rules for single sites: `config/sites.toml` and a user's own file of the same form.

use super::super::byline::{self, Byline};
use super::super::dates;
use super::blocks::{self, Piece};
use super::page::text;
use crate::domain::Dropped;
use dom_query::{Document, Matcher};
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::LazyLock;
use url::Url;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    site: Vec<SiteText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteText {
    host: String,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    title: Option<String>,
    author: Option<String>,
    date: Option<String>,
}

struct Site {
    host: String,
    keep: Vec<Matcher>,
    /// All of its selectors in one.
    drop: Option<Matcher>,
    title: Option<Matcher>,
    author: Option<Matcher>,
    date: Option<Matcher>,
}

/// The host of rules for every site.
const EVERY: &str = "*";

/// Rules for single sites.
pub struct Sites {
    sites: Vec<Site>,
}

impl std::fmt::Debug for Sites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.sites.iter().map(|s| &s.host)).finish()
    }
}

/// The rules of the embedded file.
pub(in super::super) static SITES: LazyLock<Sites> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    Sites::parse("config/sites.toml", include_str!("../../../../config/sites.toml"))
        .expect("config/sites.toml is sound")
});

impl Sites {
    /// Reads rules in the form of `config/sites.toml`; `name` is what faults are reported of.
    ///
    /// # Errors
    /// When the text is no TOML of this form or a selector is no CSS; the message names file, host and selector.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| format!("{name}: {e}"))?;
        let mut faults = Vec::new();
        let mut sites = Vec::new();
        for site in file.site {
            let mut matcher = |selector: &String| match Matcher::new(selector) {
                Ok(matcher) => Some(matcher),
                Err(_) => {
                    faults.push(format!("{name}: site {:?}: no CSS selector: {selector:?}", site.host));
                    None
                }
            };
            site.drop.iter().for_each(|selector| drop(matcher(selector)));
            sites.push(Site {
                host: site.host.trim_start_matches("www.").to_lowercase(),
                keep: site.keep.iter().filter_map(&mut matcher).collect(),
                drop: Some(site.drop.join(", ")).filter(|all| !all.is_empty()).and_then(|all| Matcher::new(&all).ok()),
                title: site.title.as_ref().and_then(&mut matcher),
                author: site.author.as_ref().and_then(&mut matcher),
                date: site.date.as_ref().and_then(&mut matcher),
            });
        }
        if faults.is_empty() { Ok(Self { sites }) } else { Err(faults.join("\n")) }
    }

    /// These rules and then those of `later`.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        self.sites.extend(later.sites);
        self
    }

    /// The embedded rules.
    pub fn embedded() -> Self {
        // The text was read soundly once for `SITES`; an empty list is what a fault would leave.
        Self::parse("config/sites.toml", include_str!("../../../../config/sites.toml"))
            .unwrap_or(Self { sites: Vec::new() })
    }
}

/// What the rules for a page's site found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) byline: Byline,
    pub(super) published: Option<Timestamp>,
    /// Text of the elements to keep, if the site has such.
    pub(super) keep: Vec<Piece>,
    pub(super) dropped: Vec<Dropped>,
}

/// Applies the rules for the site of `url` to `doc`: what is to be dropped is taken off it.
pub(super) fn apply(sites: &Sites, url: Option<&Url>, doc: &Document) -> Found {
    let mut found = Found::default();
    let host = url.and_then(Url::host_str).unwrap_or_default();
    let under = |name: &str| host.strip_suffix(name).is_some_and(|head| head.is_empty() || head.ends_with('.'));
    let ours = |s: &&Site| s.host == EVERY || under(&s.host);
    for site in sites.sites.iter().filter(ours) {
        let first =
            |m: &Option<Matcher>| m.as_ref().and_then(|m| doc.select_single_matcher(m).nodes().first().copied());
        if let Some(node) = first(&site.title) {
            found.title = Some(text(&node)).filter(|t| !t.is_empty());
        }
        if let Some(matcher) = &site.author {
            for node in doc.select_matcher(matcher).nodes().iter().take(20) {
                if let Some(by) = byline::read(&text(node), true) {
                    found.byline.merge(by);
                }
            }
        }
        if let Some(node) = first(&site.date) {
            let raw =
                node.attr("datetime").or_else(|| node.attr("content")).map_or_else(|| text(&node), |a| a.to_string());
            found.published = dates::any(&raw);
        }
        if let Some(matcher) = &site.drop {
            for node in doc.select_matcher(matcher).nodes() {
                let line = text(node);
                if !line.is_empty() {
                    found
                        .dropped
                        .push(Dropped { rule: "site-rule".to_owned(), text: line.chars().take(300).collect() });
                }
                node.remove_from_parent();
            }
        }
        for matcher in &site.keep {
            found.keep.extend(doc.select_matcher(matcher).nodes().iter().flat_map(blocks::pieces));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rules_are_sound() {
        assert!(!SITES.sites.is_empty());
    }

    #[test]
    fn every_fault_is_named() {
        let text = "[[site]]\nhost = \"post.example\"\ndrop = [\"p[\", \"div\"]\ntitle = \"h1:::\"\n";
        let fault = Sites::parse("mine.toml", text).unwrap_err();
        assert!(
            fault.contains("mine.toml")
                && fault.contains("post.example")
                && fault.contains("p[")
                && fault.contains("h1:::"),
            "{fault}"
        );
        assert!(Sites::parse("mine.toml", "[[site]]\nhots = \"x\"").is_err());
    }

    #[test]
    fn a_site_says_what_is_its_article() {
        let rules = "[[site]]\nhost = \"post.example\"\nkeep = [\".t\"]\ndrop = [\".x\"]\ntitle = \".h\"\nauthor = \".a\"\ndate = \".d\"\n";
        let sites = Sites::parse("mine.toml", rules).unwrap();
        let html = "<p class=h>Sergeant sues</p><p class=a>By Orla Finch</p><p class=d>3 May 2024</p><div class=t><p>Body.</p><p class=x>No.</p></div>";
        for (url, expected) in [("https://www.post.example/1", true), ("https://outpost.example/1", false)] {
            let found = apply(&sites, Url::parse(url).ok().as_ref(), &Document::from(html));
            assert_eq!(found.title.is_some(), expected, "{url}");
            if expected {
                assert_eq!(found.title.as_deref(), Some("Sergeant sues"));
                assert_eq!(found.byline.names, ["Orla Finch"]);
                assert!(found.published.is_some());
                assert_eq!(found.keep.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["Body."]);
                assert_eq!(found.dropped.len(), 1);
            }
        }
    }
}
