//! Tells at a glance that a word is in no list: nearly all words of a text are in none.

use foldhash::HashSet;

/// Bits for each word of a list: so many that few words which are not in it share one with a word that is.
const BITS_EACH: usize = 16;

/// What the words of a list leave behind: a bit for each.
#[derive(Debug, Clone, Default)]
pub(super) struct Sieve {
    /// As many as a power of two, or none.
    bits: Vec<u64>,
}

/// A number for a word, cheap to take and seldom that of another word.
#[inline]
pub(super) fn mark(word: &str) -> u32 {
    let bytes = word.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return 0 };
    let middle = bytes.get(bytes.len() / 2).copied().unwrap_or(0);
    stir(u64::from(u32::from_le_bytes([first, middle, last, bytes.len() as u8])))
}

/// A number for two words that stand one after the other, by their marks.
#[inline]
pub(super) fn mark_of_pair(first: u32, second: u32) -> u32 {
    stir(u64::from(first) << 32 | u64::from(second))
}

/// The upper half of a product to which every bit has given.
#[inline]
fn stir(value: u64) -> u32 {
    (value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

impl Sieve {
    /// The sieve of `marks`.
    pub(super) fn new(marks: impl ExactSizeIterator<Item = u32>) -> Self {
        if marks.len() == 0 {
            return Self::default();
        }
        let mut bits = vec![0; (marks.len() * BITS_EACH).div_ceil(64).next_power_of_two()];
        let slots = bits.len() - 1;
        for mark in marks {
            if let Some(slot) = bits.get_mut((mark as usize / 64) & slots) {
                *slot |= 1 << (mark % 64);
            }
        }
        Self { bits }
    }

    /// Whether a word with this mark may be in the list: not where this says no.
    #[inline]
    pub(super) fn holds(&self, mark: u32) -> bool {
        let slot = (mark as usize / 64) & self.bits.len().wrapping_sub(1);
        self.bits.get(slot).is_some_and(|bits| (bits >> (mark % 64)) & 1 != 0)
    }
}

/// A set of words.
#[derive(Debug, Clone, Default)]
pub(super) struct WordSet {
    words: HashSet<String>,
    sieve: Sieve,
}

impl WordSet {
    /// The words of `text`, parted by white space.
    pub(super) fn parse(text: &str) -> Self {
        let words: HashSet<String> = text.split_whitespace().map(str::to_owned).collect();
        let sieve = Sieve::new(words.iter().map(|word| mark(word)));
        Self { words, sieve }
    }

    /// Whether `word` is one of them.
    #[inline]
    pub(super) fn contains(&self, word: &str) -> bool {
        self.sieve.holds(mark(word)) && self.words.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::{Sieve, WordSet, mark};

    #[test]
    fn sets_hold_their_words_and_no_others() {
        let set = WordSet::parse("police met a £ ’90s officer-led");
        for (word, holds) in [
            ("police", true),
            ("a", true),
            ("£", true),
            ("’90s", true),
            ("officer-led", true),
            ("polite", false),
            ("officer-fed", false),
            ("", false),
            ("£5", false),
        ] {
            assert_eq!(set.contains(word), holds, "{word}");
        }
        assert!(!WordSet::parse(" ").contains("") && !Sieve::default().holds(mark("police")));
    }
}
