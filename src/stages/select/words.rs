//! Words of short texts, and looking many phrases up in them.

use std::collections::BTreeMap;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Most words of a text that are looked at.
const MOST_WORDS: usize = 3000;

/// A word: letters and digits with apostrophes inside; a final `'s` is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As it stands, without accents.
    pub(super) text: String,
    /// In lower case.
    pub(super) lower: String,
}

/// The words of `text`, at most [`MOST_WORDS`].
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let plain = |c: char| match c {
        '\u{2019}' | '\u{2018}' | '\u{2bc}' => '\'',
        c => c,
    };
    let mut out = Vec::new();
    let mut word = String::new();
    let folded = text.nfd().filter(|c| !is_combining_mark(*c)).map(plain);
    for c in folded.chain([' ']) {
        if c.is_alphanumeric() || (c == '\'' && !word.is_empty()) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let bare = word.trim_end_matches('\'');
            let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("'S")).unwrap_or(bare);
            if !bare.is_empty() {
                out.push(Token { text: bare.to_owned(), lower: bare.to_lowercase() });
            }
            word.clear();
        }
        if out.len() >= MOST_WORDS {
            break;
        }
    }
    out
}

/// How the capitals of a phrase count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Not at all.
    Any,
    /// Each word must begin with a capital where the phrase does; a word all in capitals also stands for a phrase that
    /// is not. A phrase all in capitals must stand so.
    Capitals,
    /// As written.
    Exact,
}

/// Many phrases, each with a value.
#[derive(Debug)]
pub(super) struct Index<T> {
    phrases: Vec<Phrase<T>>,
    /// Phrases by their first word in lower case.
    by_word: BTreeMap<String, Vec<usize>>,
    /// Phrases whose first word is a stem, by the stem's first letter.
    by_letter: BTreeMap<char, Vec<usize>>,
}

#[derive(Debug)]
struct Phrase<T> {
    words: Vec<Word>,
    case: Case,
    value: T,
}

#[derive(Debug)]
struct Word {
    token: Token,
    stem: bool,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { phrases: Vec::new(), by_word: BTreeMap::new(), by_letter: BTreeMap::new() }
    }
}

impl<T> Index<T> {
    /// Adds a phrase; `*` at a word's end stands for any ending. A phrase without words is left out.
    pub(super) fn add(&mut self, phrase: &str, case: Case, value: T) {
        let words: Vec<Word> = phrase
            .split_whitespace()
            .flat_map(|part| {
                let mut words: Vec<Word> =
                    tokens(part.trim_end_matches('*')).into_iter().map(|token| Word { token, stem: false }).collect();
                if let Some(last) = words.last_mut() {
                    last.stem = part.ends_with('*');
                }
                words
            })
            .collect();
        let Some(first) = words.first() else { return };
        let at = self.phrases.len();
        if first.stem {
            if let Some(letter) = first.token.lower.chars().next() {
                self.by_letter.entry(letter).or_default().push(at);
            }
        } else {
            self.by_word.entry(first.token.lower.clone()).or_default().push(at);
        }
        self.phrases.push(Phrase { words, case, value });
    }

    /// The first phrase in `text` as it stands there, with its value.
    pub(super) fn find(&self, text: &[Token]) -> Option<(String, &T)> {
        (0..text.len()).find_map(|at| self.at(text, at)).map(|(found, value)| (show(found), value))
    }

    /// All phrases in `text`, in order.
    pub(super) fn find_all(&self, text: &[Token]) -> Vec<(String, &T)> {
        (0..text.len()).filter_map(|at| self.at(text, at)).map(|(found, value)| (show(found), value)).collect()
    }

    /// `text` without the words of any phrase.
    pub(super) fn without(&self, text: &[Token]) -> Vec<Token> {
        let (mut out, mut at) = (Vec::new(), 0);
        while let Some(token) = text.get(at) {
            match self.at(text, at) {
                Some((found, _)) => at += found.len(),
                None => {
                    out.push(token.clone());
                    at += 1;
                }
            }
        }
        out
    }

    /// The longest phrase that begins with the word `at`.
    fn at<'t>(&self, text: &'t [Token], at: usize) -> Option<(&'t [Token], &T)> {
        let rest = text.get(at..)?;
        let first = rest.first()?;
        let letter = first.lower.chars().next()?;
        let whole = self.by_word.get(&first.lower).into_iter().flatten();
        let stems = self.by_letter.get(&letter).into_iter().flatten();
        whole
            .chain(stems)
            .filter_map(|n| self.phrases.get(*n))
            .filter_map(|phrase| {
                let found = rest.get(..phrase.words.len())?;
                let fits = found.iter().zip(&phrase.words).all(|(token, word)| word.fits(token, phrase.case));
                fits.then_some((found, &phrase.value))
            })
            .max_by_key(|(found, _)| found.len())
    }
}

impl Word {
    fn fits(&self, token: &Token, case: Case) -> bool {
        let same = |ours: &str, theirs: &str| if self.stem { theirs.starts_with(ours) } else { theirs == ours };
        match case {
            Case::Any => same(&self.token.lower, &token.lower),
            Case::Exact => same(&self.token.text, &token.text),
            Case::Capitals => {
                let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
                let all_capitals = |text: &str| !text.chars().any(char::is_lowercase);
                same(&self.token.lower, &token.lower)
                    && (capital(&token.text) || !capital(&self.token.text))
                    && (all_capitals(&token.text) || !all_capitals(&self.token.text))
            }
        }
    }
}

fn show(found: &[Token]) -> String {
    found.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_text() {
        for (text, expected) in [
            ("The PC’s partner, O'Neill's dog", "The PC partner O'Neill dog"),
            ("stop-and-search: 'no case'", "stop and search no case"),
            ("Éireann’s officers' union", "Eireann officers union"),
            ("", ""),
        ] {
            assert_eq!(show(&tokens(text)), expected);
        }
        assert_eq!(tokens(&"word ".repeat(MOST_WORDS * 2)).len(), MOST_WORDS);
    }

    #[test]
    fn phrases_are_found_by_their_case() {
        for (phrase, case, text, expected) in [
            ("strip search*", Case::Any, "Strip-searches rise", Some("Strip searches")),
            ("strip search*", Case::Any, "strip the searchlight", None),
            ("institutional* racis*", Case::Any, "Institutionally racist", Some("Institutionally racist")),
            ("Met", Case::Capitals, "they met", None),
            ("Met", Case::Capitals, "THE MET SAYS", Some("MET")),
            ("Ashe", Case::Capitals, "Mr Ashe said", Some("Ashe")),
            ("IOPC", Case::Capitals, "Iopc", None),
            ("DI", Case::Exact, "Di Smith", None),
            ("DI", Case::Exact, "DI Smith", Some("DI")),
        ] {
            let mut index = Index::default();
            index.add(phrase, case, ());
            assert_eq!(index.find(&tokens(text)).map(|(found, ())| found).as_deref(), expected, "{phrase} in {text}");
        }
    }

    #[test]
    fn masked_phrases_hide_their_words() {
        let mut masked = Index::default();
        masked.add("met office", Case::Any, ());
        assert_eq!(show(&masked.without(&tokens("Met Office warns, the Met says"))), "warns the Met says");
    }
}
