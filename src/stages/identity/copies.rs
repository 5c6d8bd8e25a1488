//! Near copies of one text: syndicated agency stories, teasers, amended versions.
//!
//! Two texts are compared by the runs of five words they share. Containment (the shared part of the shorter) stays near
//! 1 when boilerplate is added or only a teaser is printed, where a distance of whole-text hashes does not.

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
    fn near_copies_share_hashes_of_their_sketches() {
        let (a, b) = (sketch(&words(1, 300)), sketch(&format!("{} {}", words(4, 150), words(1, 150))));
        assert_eq!(a.len(), SKETCH);
        assert!(a.iter().filter(|h| b.contains(h)).count() >= 4);
    }
}
