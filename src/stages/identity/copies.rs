//! Near copies of one text: syndicated agency stories, teasers, amended versions.
//!
//! Two texts are compared by the runs of five words they share. Containment (the shared part of the shorter) stays near
//! 1 when boilerplate is added or only a teaser is printed, where a distance of whole-text hashes does not.

use super::Telling;
use crate::domain::Glimpse;
use std::sync::OnceLock;

/// Words in a run.
const RUN: usize = 5;

/// Hashes in a sketch. Of two texts that share half their runs, about a third of the hashes are common.
pub const SKETCH: usize = 32;

/// Runs below which containment says nothing: a headline may stand in any text.
const FEW_RUNS: usize = 12;

/// From this containment on, two articles are near copies. Unrelated texts stay under 0.02; half rewritten ones are
/// about 0.5.
pub const COPY: f64 = 0.5;

/// Hashes of all runs of five words, sorted, each once. Capitals, punctuation and line breaks do not count.
pub fn runs(text: &str) -> Vec<u64> {
    let mut words: Vec<u64> = Vec::new();
    let mut word = Hash::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            word.add(u32::from(c.to_ascii_lowercase()));
        } else if c.is_alphanumeric() {
            for c in c.to_lowercase() {
                word.add(u32::from(c));
            }
        } else if !matches!(c, '\'' | '’' | '‘' | '\u{ad}') && !word.empty {
            words.push(word.finish());
            word = Hash::new();
        }
    }
    if !word.empty {
        words.push(word.finish());
    }
    let mut out: Vec<u64> = words
        .windows(RUN)
        .map(|run| {
            let mut hash = Hash::new();
            for word in run {
                hash.add((word >> 32) as u32);
                hash.add(*word as u32);
            }
            hash.finish()
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The lowest hashes of the text's runs, ascending: near copies share several.
pub fn sketch(text: &str) -> Vec<u64> {
    let mut out = runs(text);
    out.truncate(SKETCH);
    out
}

/// The share of the shorter text's runs that the other has too, from 0 to 1; both as [`runs`] gives them. 0 where
/// the shorter has too few to tell.
pub fn containment(a: &[u64], b: &[u64]) -> f64 {
    let shorter = a.len().min(b.len());
    if shorter < FEW_RUNS {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    shared as f64 / shorter as f64
}

/// Hashes that must have been compared before two texts are surely no near copies, where none, one, two ... of them were shared.
/// Of near copies each is shared with a chance of [`COPY`] at least: of pairs that just reach that, less than one in 100,000 shares
/// so few, and of likelier ones next to none.
const DECISIVE: [usize; 5] = [17, 22, 25, 29, 32];

/// Whether the text with these `runs` and the one with that `sketch` are surely no near copies, whichever is the shorter.
fn surely_unlike(runs: &[u64], sketch: &[u64]) -> bool {
    let Some(last) = sketch.iter().max() else { return false };
    // Up to here all runs of both are known. Those of each are a fair sample of its text, and the smaller sample decides.
    let compared = sketch.len().min(runs.partition_point(|hash| hash <= last));
    let shared = sketch.iter().filter(|hash| runs.binary_search(hash).is_ok()).count();
    DECISIVE.get(shared).is_some_and(|least| compared >= *least)
}

/// An article that is to be settled, as those that share a part of its sketch are measured against it: a phrase that an outlet
/// prints again and again leads to hundreds, which need not be read to see that they are no copies.
#[derive(Debug)]
pub struct Likeness {
    url: Option<String>,
    text: String,
    /// Worked out when first asked for: most articles share no hash with any other.
    runs: OnceLock<Vec<u64>>,
}

impl Likeness {
    /// The likeness of `article`.
    pub fn of(article: &Telling) -> Self {
        Self { url: article.url.map(str::to_owned), text: article.text.to_owned(), runs: OnceLock::new() }
    }

    /// Whether settling could come to something else with the article of `glimpse` than without it: it may be a near copy, it is
    /// a version of the article, or it has keywords that may have stood in the cluster before.
    pub fn may_matter(&self, glimpse: &Glimpse) -> bool {
        let version = self.url.is_some() && self.url == glimpse.url;
        version || glimpse.has_keywords || !surely_unlike(self.runs.get_or_init(|| runs(&self.text)), &glimpse.sketch)
    }
}

/// FNV-1a over 32-bit units, stirred at the end so that the lowest hashes are a fair sample. The same on every machine
/// and in every version: sketches are stored.
struct Hash {
    value: u64,
    empty: bool,
}

impl Hash {
    fn new() -> Self {
        Self { value: 0xcbf2_9ce4_8422_2325, empty: true }
    }

    fn add(&mut self, unit: u32) {
        self.value = (self.value ^ u64::from(unit)).wrapping_mul(0x0000_0100_0000_01b3);
        self.empty = false;
    }

    fn finish(&self) -> u64 {
        let mut x = self.value;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` invented words, different for each `seed`.
    fn words(seed: u64, n: u64) -> String {
        (0..n).map(|i| format!("w{} ", (seed * 7919 + i * 104_729) % 100_003)).collect()
    }

    #[test]
    fn copies_are_told_from_other_texts() {
        let story = words(1, 300);
        for (name, other, low, high) in [
            ("itself", story.clone(), 1.0, 1.0),
            ("in capitals, with quotation marks", story.to_uppercase().replace(' ', " “ "), 1.0, 1.0),
            ("with boilerplate", format!("{} {story} {}", words(2, 80), words(3, 80)), 1.0, 1.0),
            ("a teaser", story.split_inclusive(' ').take(120).collect(), 1.0, 1.0),
            ("half rewritten", format!("{} {}", words(4, 150), words(1, 150)), 0.4, 0.6),
            ("another", words(5, 300), 0.0, 0.02),
            ("a headline", "w0 w1 w2 w3 w4 w5".to_owned(), 0.0, 0.0),
        ] {
            let share = containment(&runs(&story), &runs(&other));
            assert!((low..=high).contains(&share), "{name}: {share}");
        }
    }

    #[test]
    fn what_is_surely_unlike_is_no_copy() {
        let story = words(1, 300);
        for (name, other, unlike) in [
            ("itself", story.clone(), false),
            ("half rewritten", format!("{} {}", words(4, 150), words(1, 150)), false),
            ("a teaser", story.split_inclusive(' ').take(60).collect(), false),
            ("in a text of five times its length", format!("{} {story} {}", words(2, 600), words(3, 600)), false),
            ("too short to tell", words(5, 20), false),
            ("another", words(5, 300), true),
            ("another with a phrase in common", format!("{} {}", words(5, 300), words(1, 5)), true),
            ("another, longer", words(5, 360), true),
        ] {
            for (a, b) in [(&story, &other), (&other, &story)] {
                assert_eq!(surely_unlike(&runs(a), &sketch(b)), unlike, "{name}");
            }
        }
    }

    #[test]
    fn so_few_hashes_in_common_are_rare_in_copies() {
        for (shared, compared) in DECISIVE.iter().enumerate() {
            // Of all that can be shared, so many choices have no more than `shared`.
            let choose = |of: usize, k: usize| (0..k).fold(1.0, |n, i| n * (of - i) as f64 / (i + 1) as f64);
            let chance: f64 = (0..=shared).map(|k| choose(*compared, k)).sum::<f64>() * COPY.powi(*compared as i32);
            assert!(chance < 1e-5, "{shared} of {compared}: {chance}");
        }
    }

    #[test]
    fn versions_and_articles_with_keywords_matter_whatever_they_say() {
        let (story, other) = (words(1, 300), words(5, 300));
        let id = crate::domain::ArticleId::parse("a").unwrap();
        let telling = Telling {
            id: &id,
            url: Some("https://a.example/1"),
            outlet: None,
            agency: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            text: &story,
            reports: &[],
        };
        let matters = |url: Option<&str>, own: Option<&str>, text: &str, has_keywords: bool| {
            let glimpse = Glimpse { url: url.map(str::to_owned), sketch: sketch(text), has_keywords };
            Likeness::of(&Telling { url: own, ..telling }).may_matter(&glimpse)
        };
        for (url, own, text, has_keywords, expected) in [
            (Some("https://a.example/2"), telling.url, &other, false, false),
            (Some("https://a.example/2"), telling.url, &other, true, true),
            (Some("https://a.example/2"), telling.url, &story, false, true),
            (Some("https://a.example/1"), telling.url, &other, false, true),
            (None, None, &other, false, false),
        ] {
            assert_eq!(matters(url, own, text, has_keywords), expected, "{url:?} {has_keywords}");
        }
    }

    #[test]
    fn near_copies_share_hashes_of_their_sketches() {
        let (a, b) = (sketch(&words(1, 300)), sketch(&format!("{} {}", words(4, 150), words(1, 150))));
        assert_eq!(a.len(), SKETCH);
        assert!(a.iter().filter(|h| b.contains(h)).count() >= 4);
    }
}
