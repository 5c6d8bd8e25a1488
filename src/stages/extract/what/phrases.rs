//! Phrases that are looked for among the words of a sentence.

/// A list of phrases, each a sequence of lower-case words. "£" in a phrase stands for any sum.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrases {
    /// In order of their words, so that those with one first word stand together.
    list: Vec<Vec<String>>,
    /// A bit for the [`mark`] of each first word: nearly all words of a text begin no phrase, and are told by it.
    marks: Vec<u64>,
}

/// Bits for each phrase: so many that few words which begin none share one with a word that does.
const BITS_EACH: usize = 16;

/// A number for a word, cheap to take and seldom that of another word. All that begin as sums do have the same.
fn mark(word: &str) -> u32 {
    let bytes = word.as_bytes();
    let Some((&first, &last)) = bytes.first().zip(bytes.last()) else { return 0 };
    if first == SUM.as_bytes()[0] {
        return 0;
    }
    let middle = bytes[bytes.len() / 2];
    let letters = u32::from_le_bytes([first, middle, last, bytes.len() as u8]);
    letters.wrapping_mul(0x9e37_79b1) >> 16
}

/// Whether `word` is `model`, or a sum where the model stands for any.
fn like(word: &str, model: &str) -> bool {
    word == model || model == SUM && word.starts_with(SUM)
}

const SUM: &str = "£";

impl Phrases {
    /// The phrases of `text`, "a b|c".
    pub(super) fn parse(text: &str) -> Self {
        let words = |phrase: &str| phrase.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut list: Vec<Vec<String>> = text.split('|').map(words).filter(|p| !p.is_empty()).collect();
        list.sort();
        let mut out = Self { marks: vec![0; (list.len() * BITS_EACH).div_ceil(64).next_power_of_two()], list };
        for first in out.list.iter().filter_map(|p| p.first()) {
            let (slot, bit) = out.bit(first);
            out.marks[slot] |= bit;
        }
        out
    }

    /// Where the bit of `word` stands in `marks`.
    #[inline]
    fn bit(&self, word: &str) -> (usize, u64) {
        let mark = mark(word);
        // As many slots as a power of two.
        (mark as usize / 64 & self.marks.len().wrapping_sub(1), 1 << (mark % 64))
    }

    /// Whether `word` may begin one of them: not where this says no.
    #[inline]
    fn may_begin(&self, word: &str) -> bool {
        let (slot, bit) = self.bit(word);
        self.marks.get(slot).is_some_and(|marks| marks & bit != 0)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any of them stands in `words`.
    pub(super) fn any_in<S: AsRef<str>>(&self, words: &[S]) -> bool {
        let begins = |word: &S| self.may_begin(word.as_ref());
        !self.list.is_empty()
            && words.iter().enumerate().any(|(at, word)| begins(word) && self.at(words, at).next().is_some())
    }

    /// How many of them stand in `words`.
    pub(super) fn count_in<S: AsRef<str>>(&self, words: &[S]) -> usize {
        let begins = |at: &usize| words.get(*at).is_some_and(|word| self.may_begin(word.as_ref()));
        let mut found: Vec<&[String]> = (0..words.len()).filter(begins).flat_map(|at| self.at(words, at)).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    /// Those that stand in `words` from `at` on.
    fn at<'a, S: AsRef<str>>(&'a self, words: &'a [S], at: usize) -> impl Iterator<Item = &'a [String]> {
        let word = words.get(at).map_or("", AsRef::as_ref);
        let sum = if word.starts_with(SUM) && word != SUM { self.beginning_with(SUM) } else { &[] };
        let here = words.get(at..).unwrap_or(&[]);
        let stands = move |phrase: &&[String]| {
            phrase.len() <= here.len() && here.iter().zip(*phrase).all(|(word, model)| like(word.as_ref(), model))
        };
        self.beginning_with(word).iter().chain(sum).map(Vec::as_slice).filter(stands)
    }

    fn beginning_with(&self, word: &str) -> &[Vec<String>] {
        let first = |phrase: &Vec<String>| phrase.first().map_or("", String::as_str).cmp(word);
        let from = self.list.partition_point(|p| first(p).is_lt());
        let rest = self.list.get(from..).unwrap_or(&[]);
        rest.get(..rest.iter().take_while(|p| first(p).is_eq()).count()).unwrap_or(&[])
    }
}

/// The phrases of a literal, taken apart once.
macro_rules! phrases {
    ($text:literal $(,)?) => {{
        use $crate::stages::extract::what::phrases::Phrases;
        static LIST: std::sync::LazyLock<Phrases> = std::sync::LazyLock::new(|| Phrases::parse($text));
        &*LIST
    }};
}
pub(super) use phrases;

#[cfg(test)]
mod tests {
    use super::Phrases;

    #[test]
    fn phrases_stand_where_all_their_words_do() {
        let list = Phrases::parse("gross misconduct|gross|a £ fine|£ fine|the met");
        for (text, any, count) in [
            ("found gross misconduct", true, 2),
            ("a £250 fine", true, 2),
            ("£ fine", true, 1),
            ("the £250", false, 0),
            ("met the", false, 0),
            ("in the met", true, 1),
            ("gross gross", true, 1),
            ("", false, 0),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!((list.any_in(&words), list.count_in(&words)), (any, count), "{text}");
        }
        assert!(!Phrases::default().any_in(&["gross"]) && Phrases::default().is_empty());
    }
}
