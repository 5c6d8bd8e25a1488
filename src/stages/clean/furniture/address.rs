//! Lines that speak to the reader of a page about the page, the paper or an account.

use super::file::AddressText;
use super::matching::{ascii, is_word};
use regex::Regex;
use std::collections::BTreeSet;

/// How a page speaks to its reader.
pub(super) struct Address {
    reader: Regex,
    publisher: Regex,
    deictic: Regex,
    pub(super) reported: Regex,
    orders: BTreeSet<String>,
    strong_orders: BTreeSet<String>,
    media: aho_corasick::AhoCorasick,
}

impl Address {
    pub(super) fn parse(text: AddressText) -> Result<Self, String> {
        let regex = |p: &str| Regex::new(&ascii(p)).map_err(|e| e.to_string());
        Ok(Self {
            reader: regex(&text.reader)?,
            publisher: regex(&text.publisher)?,
            deictic: regex(&text.deictic)?,
            reported: regex(&text.reported)?,
            orders: text.orders,
            strong_orders: text.strong_orders,
            media: aho_corasick::AhoCorasick::builder()
                .match_kind(aho_corasick::MatchKind::LeftmostLongest)
                .build(text.media)
                .map_err(|e| e.to_string())?,
        })
    }

    /// Whether `text` (with plain marks) speaks to the reader about the page, the paper or an account.
    pub(super) fn is_met(&self, text: &str) -> bool {
        let media = self.media.find_iter(text).filter(|m| is_word(text, m.start(), m.end())).count();
        if media == 0 || self.reported.is_match(text) {
            return false;
        }
        let reader = self.reader.is_match(text);
        let publisher = self.publisher.is_match(text);
        let deictic = self.deictic.is_match(text);
        let opens = |with: &BTreeSet<String>| {
            text.split_inclusive(['.', '!', '?', ':']).any(|sentence| {
                let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '’').filter(|w| !w.is_empty());
                words.next().is_some_and(|w| with.contains(w))
            })
        };
        let order = opens(&self.orders);
        if text.split(' ').count() <= 14 && opens(&self.strong_orders) {
            return true;
        }
        (order && (reader || publisher || deictic || media >= 2))
            || (reader && (media >= 2 || deictic))
            || (publisher && (media >= 2 || reader))
    }
}
