//! A document with word classes, and its words as atoms: the text in which forms are matched.

use super::lexicon::{Class, lexicon};
use crate::domain::Span;
use crate::stages::extract::doc::{Doc, Shape, Token};
use foldhash::HashMap;
use std::borrow::Cow;

/// Stands between sentences, so that no form matches across them.
const BREAK: &str = "\u{1}";

/// A piece of a token in matching form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Atom {
    /// Where it is in the text.
    pub(super) span: Span,
    /// Its token, `usize::MAX` for a break.
    pub(super) token: usize,
    /// Where it begins in [`View::norm`].
    pub(super) at: usize,
}

/// A document made ready.
pub(super) struct View<'a> {
    /// The document.
    pub(super) doc: &'a Doc,
    /// Classes of each token.
    pub(super) class: Vec<Class>,
    /// Sentence of each token.
    pub(super) sentence: Vec<usize>,
    /// The atoms, each after one space, with a space at the end.
    pub(super) norm: String,
    /// The atoms.
    pub(super) atoms: Vec<Atom>,
    /// How often each word stands in small letters.
    small: HashMap<&'a str, u32>,
    /// Headline and standfirst in matching form.
    pub(super) head: String,
}

impl<'a> View<'a> {
    /// Makes `doc` ready.
    pub(super) fn new(doc: &'a Doc) -> Self {
        let mut view = Self {
            doc,
            class: Vec::with_capacity(doc.tokens.len()),
            sentence: Vec::with_capacity(doc.tokens.len()),
            norm: String::with_capacity(doc.text.len() + 16),
            atoms: Vec::with_capacity(doc.tokens.len()),
            small: HashMap::default(),
            head: normal(&format!("{} . {}", doc.headline, doc.standfirst)),
        };
        for (number, sentence) in doc.sentences.iter().enumerate() {
            view.push_atom(BREAK, Span::new(sentence.span.start, sentence.span.start), usize::MAX);
            for index in sentence.first..sentence.last {
                let Some(token) = doc.tokens.get(index) else { continue };
                // "DI" is a rank, "Di" begins a surname.
                let class = classify(&token.lower);
                let particle = class.has(Class::PARTICLE) && token.shape == Shape::Capitalised;
                view.class.push(if particle { class.without(Class::RANK) } else { class });
                view.sentence.push(number);
                if token.shape == Shape::Lower {
                    *view.small.entry(token.lower.as_str()).or_default() += 1;
                }
                view.push_token(token, index);
            }
        }
        view.push_atom(BREAK, Span::new(doc.text.len(), doc.text.len()), usize::MAX);
        view.norm.push(' ');
        view
    }

    fn push_atom(&mut self, text: &str, span: Span, token: usize) {
        self.norm.push(' ');
        self.atoms.push(Atom { span, token, at: self.norm.len() });
        self.norm.push_str(text);
    }

    /// A token as one atom, or as the parts that a hyphen joins.
    fn push_token(&mut self, token: &Token, index: usize) {
        match token.lower.as_str() {
            "'" | "‘" => {}
            "&" => self.push_atom("and", token.span, index),
            lower if lower.bytes().any(|b| b == b'-') && token.shape != Shape::Punctuation => {
                let raw = token.span.of(&self.doc.text);
                let mut start = 0;
                for (at, c) in raw.char_indices().chain([(raw.len(), '-')]) {
                    if matches!(c, '-' | '‐' | '‑') {
                        if at > start {
                            let part = fold(raw.get(start..at).unwrap_or(""));
                            self.push_atom(&part, Span::new(token.span.start + start, token.span.start + at), index);
                        }
                        start = at + c.len_utf8();
                    }
                }
            }
            lower => {
                let folded = fold_accents(lower);
                self.push_atom(&folded, token.span, index);
            }
        }
    }

    /// Token `index`.
    pub(super) fn token(&self, index: usize) -> Option<&'a Token> {
        self.doc.tokens.get(index)
    }

    /// Token `index` in small letters, or nothing.
    pub(super) fn lower(&self, index: usize) -> &'a str {
        self.token(index).map_or("", |t| t.lower.as_str())
    }

    /// Classes of token `index`.
    pub(super) fn class(&self, index: usize) -> Class {
        self.class.get(index).copied().unwrap_or_default()
    }

    /// Whether token `index` begins with a capital letter.
    pub(super) fn capital(&self, index: usize) -> bool {
        self.token(index).is_some_and(|t| matches!(t.shape, Shape::Capitalised | Shape::Capitals))
    }

    /// Whether token `index` is all capitals, of two letters or more.
    pub(super) fn all_capitals(&self, index: usize) -> bool {
        self.token(index).is_some_and(|t| t.shape == Shape::Capitals && t.lower.chars().nth(1).is_some())
    }

    /// Whether tokens `a` and `b` stand in the same sentence.
    pub(super) fn same_sentence(&self, a: usize, b: usize) -> bool {
        match (self.sentence.get(a), self.sentence.get(b)) {
            (Some(x), Some(y)) => x == y,
            _ => false,
        }
    }

    /// Lower form of the token before `index` in its sentence.
    pub(super) fn before(&self, index: usize) -> &'a str {
        if index > 0 && self.same_sentence(index - 1, index) { self.lower(index - 1) } else { "" }
    }

    /// Lower form of the token after `index` in its sentence.
    pub(super) fn after(&self, index: usize) -> &'a str {
        if self.same_sentence(index, index + 1) { self.lower(index + 1) } else { "" }
    }

    /// Whether a sentence, or a quotation, begins with token `index`.
    pub(super) fn begins(&self, index: usize) -> bool {
        let before = self.before(index);
        before.is_empty()
            || matches!(before, "“" | "\"" | "‘" | "'" | "–" | "—" | "•" | ":" | "(" | "[" | "…" | "*" | "-")
    }

    /// Whether the word stands in quotation marks that its paragraph opens.
    pub(super) fn quoted(&self, index: usize) -> bool {
        let block = |i: usize| self.doc.sentences.iter().find(|s| i < s.last).map(|s| s.block);
        let own = block(index);
        // "'" closes, but for the officers' van.
        let mark = |i: &usize| match self.lower(*i) {
            "“" | "”" | "‘" => true,
            "'" => !i.checked_sub(1).is_some_and(|k| self.lower(k).ends_with('s')),
            _ => false,
        };
        let last = (0..index).rev().take_while(|i| block(*i) == own).find(mark);
        last.is_some_and(|i| matches!(self.lower(i), "“" | "‘"))
    }

    /// How often the word stands in small letters.
    pub(super) fn small(&self, lower: &str) -> u32 {
        self.small.get(lower).copied().unwrap_or(0)
    }

    /// The span from token `first` up to, not including, token `last`.
    pub(super) fn span(&self, first: usize, last: usize) -> Span {
        let start = self.token(first).map_or(0, |t| t.span.start);
        let end = last.checked_sub(1).and_then(|l| self.token(l)).map_or(start, |t| t.span.end);
        Span::new(start, end.max(start))
    }

    /// The text of tokens `first..last`, soft hyphens dropped and white space made single.
    pub(super) fn text(&self, first: usize, last: usize) -> String {
        tidy(self.doc.slice(self.span(first, last)))
    }

    /// First token and one past the last token of the sentence of token `index`.
    pub(super) fn sentence_range(&self, index: usize) -> (usize, usize) {
        let sentence = self.sentence.get(index).and_then(|s| self.doc.sentences.get(*s));
        sentence.map_or((index, index), |s| (s.first, s.last))
    }
}

/// Classes of a word, looked up without its accents where it is not known with them.
fn classify(lower: &str) -> Class {
    // "t/supt": acting or temporary.
    let parts = if lower.bytes().any(|b| b == b'/') { lower.rsplit_once('/') } else { None };
    let lower = match parts {
        Some((_, rank)) if lexicon().class(rank).has(Class::RANK) => rank,
        _ => lower,
    };
    let class = lexicon().class(lower);
    if lower.is_ascii() || class != Class::default() { class } else { lexicon().class(&fold_accents(lower)) }
}

/// Text without soft hyphens, with single spaces.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| *c != '\u{ad}'));
    }
    out
}

/// A word in small letters without accents, apostrophes straight, soft hyphens dropped.
pub(super) fn fold(word: &str) -> String {
    let lower: String = word
        .chars()
        .filter(|c| *c != '\u{ad}')
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘' | 'ʼ') { '\'' } else { c })
        .collect();
    fold_accents(&lower).into_owned()
}

/// A lower-case word without accents.
fn fold_accents(lower: &str) -> Cow<'_, str> {
    use unicode_normalization::UnicodeNormalization;
    if lower.is_ascii() {
        return Cow::Borrowed(lower);
    }
    let folded = lower.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).map(|c| match c {
        'ø' => 'o',
        'ł' => 'l',
        'đ' => 'd',
        'ı' => 'i',
        c => c,
    });
    Cow::Owned(folded.collect())
}

/// A name or phrase in matching form: atoms with one space before each and one at the end; empty if there are none.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for token in Doc::tokens_of(text) {
        match token.lower.as_str() {
            "'" | "‘" => {}
            "&" => out.push_str(" and"),
            lower => {
                for part in lower.split('-').filter(|p| !p.is_empty()) {
                    out.push(' ');
                    out.push_str(&fold_accents(part));
                }
            }
        }
    }
    if !out.is_empty() {
        out.push(' ');
    }
    out
}
