//! The text as speakers are looked for in it: tokens with their mentions and runs, sentences with those they name.

use super::marks::Run;
use super::words::words;
use crate::domain::EntityKind;
use crate::stages::extract::doc::{Doc, Token};
use crate::stages::extract::{Named, who};
use std::collections::{BTreeMap, BTreeSet};

/// "he" or "she".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Male,
    Female,
}

/// A mention over tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Naming<'a> {
    pub(super) entity: &'a str,
    pub(super) kind: EntityKind,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// What quotes need to know of a text.
pub(super) struct Scene<'a> {
    pub(super) doc: &'a Doc,
    pub(super) runs: &'a [Run],
    namings: Vec<Naming<'a>>,
    /// For each token: one past the index of its naming, or 0.
    naming_at: Vec<u32>,
    /// For each token: one past the index of its run, or 0. Quotation marks count to their run.
    run_at: Vec<u32>,
    /// For each token: its sentence.
    sentence_at: Vec<u32>,
    /// For each run: its tokens, marks included.
    pub(super) run_tokens: Vec<(usize, usize)>,
    sexes: BTreeMap<&'a str, Sex>,
    /// Words of the posts that the text gives to persons.
    posts: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(doc: &'a Doc, named: &'a Named, runs: &'a [Run]) -> Self {
        let n = doc.tokens.len();
        let mut scene = Self {
            doc,
            runs,
            namings: Vec::with_capacity(named.mentions.len()),
            naming_at: vec![0; n],
            run_at: vec![0; n],
            sentence_at: vec![0; n],
            run_tokens: Vec::with_capacity(runs.len()),
            sexes: BTreeMap::new(),
            posts: BTreeMap::new(),
        };
        let token_at = |byte: usize| doc.tokens.partition_point(|t| t.span.end <= byte);
        let token_before = |byte: usize| doc.tokens.partition_point(|t| t.span.start < byte);
        for (index, sentence) in doc.sentences.iter().enumerate() {
            for slot in scene.sentence_at.get_mut(sentence.first..sentence.last).into_iter().flatten() {
                *slot = u32::try_from(index).unwrap_or(u32::MAX);
            }
        }
        for run in runs {
            let (first, last) = (token_at(run.outer.start), token_before(run.outer.end));
            scene.run_tokens.push((first, last.max(first)));
            let mark = u32::try_from(scene.run_tokens.len()).unwrap_or(0);
            for slot in scene.run_at.get_mut(first..last).into_iter().flatten() {
                *slot = mark;
            }
        }
        for mention in &named.mentions {
            let (first, last) = (token_at(mention.span.start), token_before(mention.span.end));
            if first >= last {
                continue;
            }
            scene.namings.push(Naming { entity: &mention.entity, kind: mention.kind, first, last });
            let mark = u32::try_from(scene.namings.len()).unwrap_or(0);
            for slot in scene.naming_at.get_mut(first..last).into_iter().flatten() {
                *slot = mark;
            }
            if mention.kind == EntityKind::Person && !scene.sexes.contains_key(mention.entity.as_str()) {
                let words = doc.tokens.get(first..last).unwrap_or(&[]);
                if let Some(sex) = sex_of(words) {
                    scene.sexes.insert(&mention.entity, sex);
                }
            }
        }
        for entity in named.entities.iter().filter(|e| e.kind == EntityKind::Person) {
            if !scene.sexes.contains_key(entity.key.as_str()) {
                let mut words = entity.name.split_whitespace().map(str::to_lowercase);
                if let Some(sex) = words.find_map(|w| word_sex(&w)) {
                    scene.sexes.insert(&entity.key, sex);
                }
            }
        }
        for entity in &named.entities {
            let words = entity.role.as_deref().into_iter().flat_map(str::split_whitespace);
            let posts = words.filter(|w| self::words().post(w));
            scene.posts.entry(&entity.key).or_default().extend(posts);
        }
        for index in 0..scene.namings.len() {
            let naming = scene.namings[index];
            if naming.kind == EntityKind::Person {
                let found = scene.posts_beside(naming);
                scene.posts.entry(naming.entity).or_default().extend(found);
            }
        }
        scene
    }

    /// Posts in the name, right before it ("policing minister Ann Orr") or in the aside after it (", the mayor,").
    fn posts_beside(&self, naming: Naming<'a>) -> Vec<&'a str> {
        let mark = |i: &usize| matches!(self.lower(*i), "," | "." | ":" | ";" | "–" | "—");
        let before = (0..naming.first).rev().take(3).take_while(|i| !mark(i) && self.naming(*i).is_none());
        let aside = if self.lower(naming.last) == "," { naming.last + 1..naming.last + 9 } else { 0..0 };
        let aside = aside.take_while(|i| !mark(i));
        let all = before.chain(naming.first..naming.last).chain(aside).map(|i| self.lower(i));
        all.filter(|w| words().post(w)).collect()
    }

    /// Whether the text gives `entity` the post.
    pub(super) fn has_post(&self, entity: &str, post: &str) -> bool {
        self.posts.get(entity).is_some_and(|posts| posts.contains(post))
    }

    pub(super) fn token(&self, i: usize) -> Option<&'a Token> {
        self.doc.tokens.get(i)
    }

    pub(super) fn lower(&self, i: usize) -> &'a str {
        self.token(i).map_or("", |t| t.lower.as_str())
    }

    pub(super) fn sentence(&self, i: usize) -> usize {
        self.sentence_at.get(i).map_or(usize::MAX, |s| *s as usize)
    }

    /// The run that token `i` is part of.
    pub(super) fn run(&self, i: usize) -> Option<usize> {
        self.run_at.get(i).and_then(|r| r.checked_sub(1)).map(|r| r as usize)
    }

    /// The mention of a person, body or place that token `i` is part of.
    pub(super) fn naming(&self, i: usize) -> Option<Naming<'a>> {
        self.naming_at.get(i).and_then(|m| m.checked_sub(1)).and_then(|m| self.namings.get(m as usize)).copied()
    }

    /// The tokens of the block that holds token `i`.
    pub(super) fn block_tokens(&self, block: usize) -> (usize, usize) {
        let first = self.doc.sentences.partition_point(|s| s.block < block);
        let last = self.doc.sentences.partition_point(|s| s.block <= block);
        let start = self.doc.sentences.get(first).map_or(self.doc.tokens.len(), |s| s.first);
        let end = last.checked_sub(1).and_then(|l| self.doc.sentences.get(l)).map_or(start, |s| s.last);
        (start, end.max(start))
    }

    pub(super) fn sex(&self, entity: &str) -> Option<Sex> {
        self.sexes.get(entity).copied()
    }

    /// Whether a preposition stands right before token `i`, but for an article.
    pub(super) fn after_preposition(&self, i: usize) -> bool {
        let mut back = (0..i).rev().map(|p| self.lower(p));
        let mut word = back.next().unwrap_or("");
        if matches!(word, "the" | "a" | "an" | "his" | "her" | "its" | "their") {
            word = back.next().unwrap_or("");
        }
        words().prepositions.contains(word)
    }

    /// Persons and bodies named in the tokens `first..last` outside of quotations, in order.
    pub(super) fn named_in(&self, first: usize, last: usize) -> impl Iterator<Item = Naming<'a>> + '_ {
        let mut i = first;
        std::iter::from_fn(move || {
            while i < last {
                match self.naming(i) {
                    Some(naming) => {
                        let own = naming.first >= first && self.run(naming.first).is_none();
                        i = naming.last.max(i + 1);
                        if own && naming.kind != EntityKind::Place {
                            return Some(naming);
                        }
                    }
                    None => i += 1,
                }
            }
            None
        })
    }
}

fn sex_of(words: &[Token]) -> Option<Sex> {
    words.iter().find_map(|t| word_sex(&t.lower))
}

/// The sex that a title or a given name tells.
fn word_sex(lower: &str) -> Option<Sex> {
    if words().posts_female.contains(lower) {
        return Some(Sex::Female);
    }
    if words().posts_male.contains(lower) {
        return Some(Sex::Male);
    }
    who::word_is_male(lower).map(|male| if male { Sex::Male } else { Sex::Female })
}
