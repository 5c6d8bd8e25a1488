//! Phrases that are looked for among the words of a sentence.

use crate::stages::extract::sieve::{self, Sieve};

/// A list of phrases, each a sequence of lower-case words. "£" in a phrase stands for any sum.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrases {
    /// In order of `marks`, so that those with one first word stand together.
    list: Vec<Vec<String>>,
    /// The mark of the first word of each: what is searched, since it lies together.
    marks: Vec<u32>,
    /// Tells of nearly all words that they begin no phrase.
    first: Sieve,
    /// Tells the same of those that do begin one, by the word that follows: "the" begins many.
    openings: Sieve,
}

/// Stands for the second word of a phrase of one.
const ALONE: u32 = u32::MAX;

/// A word of a text, with its [`mark`] if that is at hand.
pub(super) trait Marked: AsRef<str> {
    /// Its mark.
    #[inline]
    fn mark(&self) -> u32 {
        mark(self.as_ref())
    }
}

impl Marked for &str {}
impl Marked for String {}

/// A word that is looked for in many lists.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) word: &'a str,
    mark: u32,
}

impl<'a> Sought<'a> {
    pub(super) fn new(word: &'a str) -> Self {
        Self { word, mark: mark(word) }
    }
}

impl AsRef<str> for Sought<'_> {
    fn as_ref(&self) -> &str {
        self.word
    }
}

impl Marked for Sought<'_> {
    #[inline]
    fn mark(&self) -> u32 {
        self.mark
    }
}

/// The mark of a word in the sieve of first words. All sums have the same.
#[inline]
fn mark(word: &str) -> u32 {
    if word.as_bytes().first() == SUM.as_bytes().first() { 0 } else { sieve::mark(word) }
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
        let first = |p: &Vec<String>| p.first().map_or(0, |word| mark(word));
        list.sort_by_key(first);
        let marks: Vec<u32> = list.iter().map(first).collect();
        let second = |p: &Vec<String>| p.get(1).map_or(ALONE, |word| mark(word));
        let openings = Sieve::new(list.iter().map(|p| sieve::mark_of_pair(first(p), second(p))));
        Self { first: Sieve::new(marks.iter().copied()), openings, marks, list }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any of them stands in `words`.
    pub(super) fn any_in<S: Marked>(&self, words: &[S]) -> bool {
        !self.list.is_empty()
            && (0..words.len()).any(|at| self.may_stand(words, at) && self.at(words, at).next().is_some())
    }

    /// Whether one of them may stand in `words` from `at` on: not where this says no.
    #[inline]
    fn may_stand<S: Marked>(&self, words: &[S], at: usize) -> bool {
        let Some(first) = words.get(at).map(Marked::mark).filter(|first| self.first.holds(*first)) else {
            return false;
        };
        let opens = |second: u32| self.openings.holds(sieve::mark_of_pair(first, second));
        opens(ALONE) || words.get(at + 1).is_some_and(|word| opens(word.mark()))
    }

    /// How many of them stand in `words`.
    pub(super) fn count_in<S: Marked>(&self, words: &[S]) -> usize {
        let begins = |at: &usize| self.may_stand(words, *at);
        let mut found: Vec<&[String]> = (0..words.len()).filter(begins).flat_map(|at| self.at(words, at)).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    /// Those that stand in `words` from `at` on.
    fn at<'a, S: Marked>(&'a self, words: &'a [S], at: usize) -> impl Iterator<Item = &'a [String]> {
        let here = words.get(at..).unwrap_or(&[]);
        let mark = here.first().map_or(0, Marked::mark);
        let from = self.marks.partition_point(|other| *other < mark);
        let alike = self.marks.iter().skip(from).take_while(|other| **other == mark).count();
        let stands = move |phrase: &&[String]| {
            phrase.len() <= here.len() && here.iter().zip(*phrase).all(|(word, model)| like(word.as_ref(), model))
        };
        self.list.get(from..from + alike).unwrap_or(&[]).iter().map(Vec::as_slice).filter(stands)
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
            ("the force met a £250 fine and the met", true, 3),
            ("a gros misconduct", false, 0),
            ("the", false, 0),
            ("a £250", false, 0),
            ("", false, 0),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!((list.any_in(&words), list.count_in(&words)), (any, count), "{text}");
        }
        assert!(!Phrases::default().any_in(&["gross"]) && Phrases::default().is_empty());
    }
}
