//! Phrases that are looked for among the words of a sentence.

use crate::stages::extract::sieve::{self, Sieve};

/// A list of phrases, each a sequence of lower-case words. "£" in a phrase stands for any sum.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrases {
    /// In order of their words, so that those with one first word stand together.
    list: Vec<Vec<String>>,
    /// Tells of nearly all words that begin no phrase.
    first: Sieve,
}

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
        list.sort();
        let first = Sieve::new(list.iter().map(|p| p.first().map_or(0, |word| mark(word))));
        Self { list, first }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any of them stands in `words`.
    pub(super) fn any_in<S: Marked>(&self, words: &[S]) -> bool {
        let begins = |word: &S| self.first.holds(word.mark());
        !self.list.is_empty()
            && words.iter().enumerate().any(|(at, word)| begins(word) && self.at(words, at).next().is_some())
    }

    /// How many of them stand in `words`.
    pub(super) fn count_in<S: Marked>(&self, words: &[S]) -> usize {
        let begins = |at: &usize| words.get(*at).is_some_and(|word| self.first.holds(word.mark()));
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
