//! What the parts of a page hold, counted in one pass from the leaves up.

use super::page::{is_inline, tag};
use dom_query::{NodeId, NodeRef};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Elements that the rules ask after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Heading = 1,
    Quotation = 2,
    Time = 4,
    /// Something that is looked at: a picture, a video, a frame.
    Picture = 8,
    /// A heading inside a text.
    Subheading = 16,
    /// Something to press or to fill in.
    Control = 32,
    /// What is told of a picture.
    Caption = 64,
}

/// Elements that show something.
pub(super) const PICTURES: [&str; 5] = ["img", "picture", "amp-img", "video", "iframe"];

fn held(tag: &str) -> u8 {
    match tag {
        "h1" => Held::Heading as u8,
        "h2" | "h3" | "h4" | "h5" | "h6" => Held::Subheading as u8,
        "blockquote" => Held::Quotation as u8,
        "time" => Held::Time as u8,
        "button" | "input" | "textarea" | "select" | "form" => Held::Control as u8,
        "figcaption" => Held::Caption as u8,
        _ if PICTURES.contains(&tag) => Held::Picture as u8,
        _ => 0,
    }
}

/// Characters of a text whose runs of white space count as one.
#[derive(Debug, Clone, Copy, Default)]
struct Length {
    count: usize,
    /// Whether it opens and ends with white space.
    gaps: (bool, bool),
}

impl Length {
    fn and(self, next: Self) -> Self {
        if self.count == 0 || next.count == 0 {
            return if self.count == 0 { next } else { self };
        }
        let shared = usize::from(self.gaps.1 && next.gaps.0);
        Self { count: self.count + next.count - shared, gaps: (self.gaps.0, next.gaps.1) }
    }

    /// Without the white space around it.
    fn trimmed(self) -> usize {
        self.count.saturating_sub(usize::from(self.gaps.0) + usize::from(self.gaps.1))
    }
}

/// What is under a node, itself included.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    length: Length,
    /// Running text in all elements under it that hold a paragraph of it.
    mass: usize,
    /// Running text that stands in it itself.
    running: usize,
    /// Text that stands in it as a part of the line around it, links left out.
    loose: usize,
    held: u8,
    /// What it is itself, of `held`.
    own: u8,
}

/// A node's number is as good as a hash once its bits are spread.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u32(u32::from(*b)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// What each part of a page holds.
pub(super) struct Mass {
    facts: HashMap<NodeId, Facts, BuildHasherDefault<Spread>>,
    total: usize,
}

/// Least running text of an element that is a paragraph, in characters.
const PARAGRAPH: usize = 40;

/// Whether what stands in an element called `tag` is no running text.
fn is_no_text(tag: &str) -> bool {
    matches!(tag, "script" | "style" | "figcaption" | "button" | "option" | "label")
}

impl Mass {
    /// Weighs every element of `body`.
    pub(super) fn of(body: &NodeRef<'_>) -> Self {
        let mut out = Self { facts: HashMap::with_capacity_and_hasher(2_048, BuildHasherDefault::default()), total: 0 };
        let all = out.weigh(body);
        let own = if all.running >= PARAGRAPH { all.running } else { 0 };
        out.total = all.mass - own;
        out
    }

    /// Depth is bounded by the prescan.
    fn weigh(&mut self, node: &NodeRef<'_>) -> Facts {
        let mut facts = Facts::default();
        if !node.is_element() {
            node.query(|n| {
                if let dom_query::NodeData::Text { contents } = &n.data {
                    (facts.length, facts.loose) = measure(contents);
                }
            });
            return facts;
        }
        let own = tag(node);
        for child in node.children_it(false) {
            let part = self.weigh(&child);
            facts.length = facts.length.and(part.length);
            facts.mass += part.mass;
            facts.loose += part.loose;
            facts.held |= part.held | part.own;
        }
        facts.own = held(&own);
        if !is_inline(&own) {
            facts.running = if is_no_text(&own) { 0 } else { facts.loose };
            facts.loose = 0;
        } else if &*own == "a" {
            facts.loose = 0;
        }
        if facts.running >= PARAGRAPH {
            facts.mass += facts.running;
        }
        self.facts.insert(node.id, facts);
        facts
    }

    fn at(&self, node: &NodeRef<'_>) -> Facts {
        self.facts.get(&node.id).copied().unwrap_or_default()
    }

    /// The share of the page's running text that stands under `node`.
    pub(super) fn share(&self, node: &NodeRef<'_>) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "lengths in characters, far below 2^52")]
        let share = self.at(node).mass as f64 / self.total.max(1) as f64;
        share
    }

    /// Characters of the text under `node`, white space collapsed.
    pub(super) fn length(&self, node: &NodeRef<'_>) -> usize {
        self.at(node).length.trimmed()
    }

    /// Characters of running text that stand in `node` itself: a paragraph, or loose text in another block, links left out.
    pub(super) fn running(&self, node: &NodeRef<'_>) -> usize {
        self.at(node).running
    }

    /// Whether such an element stands under `node`.
    pub(super) fn holds(&self, node: &NodeRef<'_>, what: Held) -> bool {
        self.at(node).held & what as u8 != 0
    }

    /// Whether `node` is such an element.
    pub(super) fn is(&self, node: &NodeRef<'_>, what: Held) -> bool {
        self.at(node).own & what as u8 != 0
    }

    /// Whether `node` is such an element, or holds one.
    pub(super) fn is_or_holds(&self, node: &NodeRef<'_>, what: Held) -> bool {
        let at = self.at(node);
        (at.held | at.own) & what as u8 != 0
    }
}

/// The length of `text`, and of its words with a space after each.
fn measure(text: &str) -> (Length, usize) {
    let (mut count, mut letters, mut words) = (0, 0, 0);
    let mut gap = None;
    let mut opens = false;
    for c in text.chars() {
        let space = c.is_whitespace();
        match gap {
            None => opens = space,
            Some(true) if space => continue,
            _ => {}
        }
        count += 1;
        if !space {
            letters += 1;
            words += usize::from(gap != Some(false));
        }
        gap = Some(space);
    }
    (Length { count, gaps: (opens, gap == Some(true)) }, letters + words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    /// As [`Mass::running`], asked of one element.
    fn running_text(node: &NodeRef<'_>) -> usize {
        if !node.is_element() {
            return 0;
        }
        let own = tag(node);
        if is_inline(&own) || is_no_text(&own) {
            return 0;
        }
        let mut length = 0;
        let mut stack: Vec<NodeRef<'_>> = node.children_it(true).collect();
        while let Some(at) = stack.pop() {
            if at.is_text() {
                length += at.text().split_whitespace().map(|w| w.chars().count() + 1).sum::<usize>();
            } else if at.is_element() && !at.has_name("a") && is_inline(&tag(&at)) {
                stack.extend(at.children_it(true));
            }
        }
        length
    }

    #[test]
    fn one_pass_counts_what_asking_each_element_counts() {
        let html = "<div> One <b>two </b>\u{a0} <p>three\n four <a href=x>five six</a> <i>seven <u>éight</u></i> and so on to forty \
                    characters</p> <ul><li></li><li> x </li></ul><figure><img><figcaption> A caption </figcaption></figure> </div>";
        let doc = Document::from(html);
        let body = doc.body().expect("a body");
        let mass = Mass::of(&body);
        for node in body.descendants_it().filter(|n| n.is_element()) {
            assert_eq!(mass.length(&node), node.normalized_char_count(), "{}", node.html());
            assert_eq!(mass.running(&node), running_text(&node), "{}", node.html());
        }
        let figure = body.descendants_it().find(|n| n.has_name("figure")).expect("a figure");
        assert!(mass.holds(&figure, Held::Picture) && !mass.holds(&figure, Held::Heading));
    }
}
