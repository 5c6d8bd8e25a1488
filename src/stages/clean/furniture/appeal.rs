//! Pleas for money.

use super::file::AppealWords;
use super::matching::{ascii, is_word, opens_with_quote, reports_speech};
use regex::Regex;
use std::collections::BTreeSet;

/// The words of a plea for money.
pub(super) struct Appeal {
    address: Regex,
    words: aho_corasick::AhoCorasick,
}

impl Appeal {
    pub(super) fn parse(text: AppealWords) -> Result<Self, String> {
        Ok(Self {
            address: Regex::new(&ascii(&text.address)).map_err(|e| e.to_string())?,
            words: aho_corasick::AhoCorasick::new(text.words).map_err(|e| e.to_string())?,
        })
    }

    /// How strongly `text` (with plain marks) pleads: 2 and more is a plea by itself, 1 belongs to one that stands around it.
    pub(super) fn strength(&self, text: &str) -> usize {
        if opens_with_quote(text) || !self.address.is_match(text) || reports_speech(text) {
            return 0;
        }
        let whole = self.words.find_overlapping_iter(text).filter(|m| is_word(text, m.start(), m.end()));
        let found: BTreeSet<usize> = whole.map(|m| m.pattern().as_usize()).collect();
        1 + found.len().saturating_sub(1).min(2)
    }
}

/// Which lines belong to a plea for money, by the strength of each: those that plead, and those between or beside them that
/// plead a little.
pub(in super::super) fn appeal_runs(strength: &[usize]) -> Vec<bool> {
    let near = |range: std::ops::Range<usize>| strength.get(range).is_some_and(|s| s.iter().any(|v| *v >= 2));
    (0..strength.len())
        .map(|at| {
            let before = near(at.saturating_sub(3)..at);
            let after = near(at + 1..(at + 4).min(strength.len()));
            match strength[at] {
                0 => false,
                1 => before && after,
                2 => before || after,
                _ => true,
            }
        })
        .collect()
}
