//! Glimpses of articles that were found by their sketches, in memory: the same few hundred articles share a phrase with whatever
//! their outlet prints next, and need not be read each time.

use super::keys::Key;
use crate::{domain::Glimpse, ports::ArticleRecord};
use std::collections::HashMap;

/// Glimpses of one generation: two of them take about 10 MB.
const GENERATION: usize = 8_192;

/// The glimpse of the article of `record`.
pub(super) fn of(record: &ArticleRecord) -> Glimpse {
    Glimpse {
        url: record.article.url.as_ref().map(ToString::to_string),
        sketch: record.sketch.clone(),
        has_keywords: !record.extraction.keyword_hits.is_empty(),
    }
}

/// Glimpses by the keys of their articles. What is not asked for while [`GENERATION`] others are goes.
#[derive(Debug, Default)]
pub(super) struct Glimpses {
    young: HashMap<Key, Glimpse>,
    old: HashMap<Key, Glimpse>,
}

impl Glimpses {
    /// The glimpse of the article under `key`, if it was kept.
    pub(super) fn get(&mut self, key: &Key) -> Option<&Glimpse> {
        if let Some((key, glimpse)) = self.old.remove_entry(key) {
            self.keep(key, glimpse);
        }
        self.young.get(key)
    }

    /// Keeps the glimpse of the article under `key`.
    pub(super) fn keep(&mut self, key: Key, glimpse: Glimpse) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, glimpse);
    }

    /// The article under `key` is another from now on.
    pub(super) fn forget(&mut self, key: &Key) {
        self.young.remove(key);
        self.old.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;
    use crate::domain::ArticleId;

    fn key(number: usize) -> Key {
        keys::article(&ArticleId::parse(&format!("a{number}")).unwrap())
    }

    fn glimpse(number: usize) -> Glimpse {
        Glimpse { url: None, sketch: vec![number as u64], has_keywords: false }
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let mut kept = Glimpses::default();
        for number in 0..3 * GENERATION {
            kept.keep(key(number), glimpse(number));
            assert_eq!(kept.get(&key(0)), Some(&glimpse(0)), "{number}");
        }
        assert_eq!(kept.get(&key(1)), None);
        assert!(kept.young.len() + kept.old.len() <= 2 * GENERATION);
    }

    #[test]
    fn what_is_forgotten_is_in_neither_generation() {
        let mut kept = Glimpses::default();
        for number in 0..=GENERATION {
            kept.keep(key(number), glimpse(number));
        }
        for number in [0, GENERATION] {
            assert!(kept.get(&key(number)).is_some());
            kept.forget(&key(number));
            assert_eq!(kept.get(&key(number)), None);
        }
    }
}
