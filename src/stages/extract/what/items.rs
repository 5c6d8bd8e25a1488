//! Round-ups: the items under their headings, each of which tells a matter of its own.

use super::standing::BodyKind;
use crate::domain::{EntityKind, Span};
use crate::stages::extract::{Named, doc::Doc};
use std::collections::BTreeSet;

/// Most words of a heading.
const HEADING: usize = 8;
/// Fewest items of a round-up, and fewest forces that its items name first.
const FEWEST: usize = 3;

/// Which item each block belongs to, and the forces that the items name, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The item of each block; empty where the article is no round-up.
    of_block: Vec<usize>,
    /// Item, place and key of every force that is named.
    forces: Vec<(usize, usize, String)>,
}

impl Items {
    /// The items of an article whose headings part the matters of several forces. A live page, and an article on one force, have
    /// headings too, but no more than two forces that come first under them.
    pub(super) fn of(doc: &Doc, named: &Named, kind: &dyn Fn(&str) -> BodyKind) -> Self {
        let mut item = 0;
        let mut of_block = Vec::with_capacity(doc.blocks.len());
        let headings: Vec<bool> = doc.blocks.iter().map(|block| heading(doc, block.span)).collect();
        for (k, heads) in headings.iter().enumerate() {
            if *heads && headings.get(k + 1) == Some(&false) {
                item += 1;
            }
            of_block.push(item);
        }
        if item < FEWEST {
            return Self::default();
        }
        let mut forces = Vec::new();
        for mention in named.mentions.iter().filter(|m| m.kind == EntityKind::Body) {
            let Some(sentence) = doc.sentence_at(mention.span.start) else { continue };
            if kind(&mention.entity) == BodyKind::Force {
                let item = of_block.get(doc.sentences[sentence].block).copied().unwrap_or_default();
                forces.push((item, mention.span.start, mention.entity.clone()));
            }
        }
        forces.sort_by_key(|f| f.1);
        let mut seen = BTreeSet::new();
        let first: BTreeSet<&str> =
            forces.iter().filter(|(item, ..)| *item > 0 && seen.insert(*item)).map(|f| f.2.as_str()).collect();
        if first.len() < FEWEST {
            return Self::default();
        }
        Self { of_block, forces }
    }

    /// The item of `block`, where the article is a round-up.
    pub(super) fn item(&self, block: usize) -> Option<usize> {
        self.of_block.get(block).copied()
    }

    /// Whether a new item begins with `block`.
    pub(super) fn begins(&self, block: usize) -> bool {
        block > 0 && self.item(block) != self.item(block - 1)
    }

    /// Whether blocks `a` and `b` tell one matter, as far as headings tell: always where the article is no round-up.
    pub(super) fn together(&self, a: usize, b: usize) -> bool {
        self.item(a) == self.item(b)
    }

    /// The force of whose matter the text speaks at `place` in `block` of a round-up: the last that its item named before, else the
    /// first that it names.
    pub(super) fn force(&self, block: usize, place: usize) -> Option<&str> {
        let item = self.item(block)?;
        let own = self.forces.iter().filter(|(of, ..)| *of == item);
        let before = own.clone().take_while(|(_, at, _)| *at < place).last();
        before.or_else(|| own.into_iter().next()).map(|(.., key)| key.as_str())
    }
}

/// Whether `span` is a heading: a few words without a full stop.
fn heading(doc: &Doc, span: Span) -> bool {
    let text = doc.slice(span);
    text.chars().next().is_some_and(char::is_alphabetic)
        && !text.ends_with(['.', ',', ':', ';', '”', '’', '"', '?', '!'])
        && (1..=HEADING).contains(&text.split_whitespace().take(HEADING + 1).count())
}
