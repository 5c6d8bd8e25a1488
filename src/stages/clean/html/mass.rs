//! How much running text the parts of a page hold.

use super::page::{is_inline, tag};
use dom_query::{NodeId, NodeRef};
use std::collections::BTreeMap;

/// How much running text stands under each element.
pub(super) struct Mass {
    under: BTreeMap<NodeId, f64>,
    total: f64,
}

/// Characters of running text that stand in `node` itself: a paragraph, or loose text in another block, links left out.
pub(super) fn running_text(node: &NodeRef<'_>) -> usize {
    if !node.is_element() {
        return 0;
    }
    let own = tag(node);
    if is_inline(&own) || matches!(own.as_str(), "script" | "style" | "figcaption" | "button" | "option" | "label") {
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

impl Mass {
    /// Weighs every element of `body`.
    pub(super) fn of(body: &NodeRef<'_>) -> Self {
        let mut under: BTreeMap<NodeId, f64> = BTreeMap::new();
        let mut total = 0.0;
        for node in body.descendants_it() {
            let length = running_text(&node);
            if length < 40 {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a length in characters, far below 2^52")]
            let length = length as f64;
            total += length;
            for up in std::iter::once(node).chain(node.ancestors_it(None)) {
                *under.entry(up.id).or_insert(0.0) += length;
                if up.id == body.id {
                    break;
                }
            }
        }
        Self { under, total }
    }

    /// The share of the page's running text that stands under `node`.
    pub(super) fn share(&self, node: &NodeRef<'_>) -> f64 {
        if self.total <= 0.0 { 0.0 } else { self.under.get(&node.id).copied().unwrap_or(0.0) / self.total }
    }
}
