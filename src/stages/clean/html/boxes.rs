//! Boxes of furniture that no name gives away: known by their heading and by what stands under it.

use super::super::furniture::{FURNITURE, Sort};
use super::super::prose;
use super::blocks::{self, Piece};
use super::mass::{Held, Mass};
use super::page::{self, is_inline, squeeze, tag};
use crate::domain::BlockKind;
use dom_query::NodeRef;

/// Most characters of a box that is judged by its heading.
const LARGEST_BOX: usize = 900;
/// Largest share of the page's running text that such a box may hold.
const BOX_SHARE: f64 = 0.15;

/// The same for a box all of whose lines ask: under the beginning of an article stands more of an offer than of the article.
const ASKING_SHARE: f64 = 0.6;

/// The rule by which `node` is a box of furniture: its heading says so, or all that stands under its heading does.
pub(super) fn furniture_box(node: &NodeRef<'_>, tag: &str, mass: &Mass) -> Option<&'static str> {
    if mass.share(node) > BOX_SHARE
        || mass.length(node) > LARGEST_BOX
        || is_inline(tag)
        || tag.starts_with('h')
        || mass.holds(node, Held::Heading)
        || !(opens_with_heading(node) || opens_with_label(node))
    {
        return None;
    }
    let pieces = blocks::pieces(node);
    let (heading, rest) = pieces.split_first()?;
    // What has a time may be a post of a live page, unless it is a list.
    if mass.holds(node, Held::Time) && !rest.iter().all(|p| p.kind == BlockKind::ListItem) {
        return None;
    }
    let sort = |p: &Piece| p.plain().verdict().map(|verdict| verdict.sort);
    // "Analysis: what comes next" over sentences of its own is a part of the article.
    let tells = |p: &Piece| p.linked < 0.5 && prose::is_full_sentence(&p.text) && prose::words(&p.text) >= 15;
    match sort(heading) {
        Some(Sort::Prompt) if !rest.is_empty() => return Some("box-by-heading"),
        Some(Sort::Related | Sort::Menu | Sort::Tool) if !rest.is_empty() && !rest.iter().any(tells) => {
            return Some("box-by-heading");
        }
        _ => {}
    }
    let is_label = |p: &Piece| prose::words(&p.text) <= 4 && !prose::is_terminated(&p.text);
    let asks = rest.iter().any(|p| sort(p) == Some(Sort::Prompt));
    let nothing_else = rest.iter().all(|p| sort(p).is_some() || is_label(p) || p.plain().appeal_strength() > 0);
    (asks && nothing_else).then_some("box-of-furniture")
}

/// The rule by which `node` is a card of another story: its heading is a link, and something is told under or over it.
pub(super) fn story_card(node: &NodeRef<'_>, tag: &str, mass: &Mass) -> Option<&'static str> {
    if !matches!(tag, "div" | "li" | "article" | "section" | "a")
        || !mass.holds(node, Held::Subheading)
        || mass.share(node) > BOX_SHARE
        || mass.length(node) > LARGEST_BOX / 2
        || mass.holds(node, Held::Heading)
        || mass.holds(node, Held::Quotation)
    {
        return None;
    }
    let heading = node.descendants_it().find(|n| mass.is(n, Held::Subheading))?;
    let lead = |n: &NodeRef<'_>| n.has_name("a") && n.attr("href").is_none_or(|h| !h.starts_with('#'));
    let around =
        std::iter::once(*node).chain(heading.ancestors_it(None).take_while(|n| n.id != node.id)).any(|n| lead(&n));
    let within: usize = heading.descendants_it().filter(lead).map(|n| mass.length(&n)).sum();
    let length = mass.length(&heading);
    let more = mass.length(node) > length + 12;
    (more && length >= 12 && (around || within * 10 >= length * 9)).then_some("card-of-story")
}

/// The rule by which `node` is a box that asks its reader for something, by a line or by what is to be filled in, and tells nothing.
pub(super) fn asking_box(node: &NodeRef<'_>, tag: &str, mass: &Mass) -> Option<&'static str> {
    if !matches!(tag, "div" | "section" | "ul" | "li")
        || !(20..=LARGEST_BOX).contains(&mass.length(node))
        || mass.share(node) > ASKING_SHARE
        || mass.holds(node, Held::Heading)
        || mass.holds(node, Held::Quotation)
        || mass.holds(node, Held::Time)
        || mass.holds(node, Held::Caption)
        // The one box in it is judged in its turn.
        || node.first_element_child().is_some_and(|c| !is_inline(&page::tag(&c)) && mass.length(&c) == mass.length(node))
    {
        return None;
    }
    let pieces = blocks::pieces(node);
    let sort = |p: &Piece| p.plain().verdict().map(|verdict| verdict.sort);
    let strong = |p: &Piece| sort(p) == Some(Sort::Prompt) || p.plain().appeal_strength() >= 2;
    // A caption is told of elsewhere.
    let nothing = |p: &Piece| {
        let plain = p.plain();
        match sort(p) {
            Some(sort) => sort != Sort::Caption,
            None if !prose::is_full_sentence(&p.text) && prose::words(&p.text) <= 10 => true,
            None => plain.tells_no_story() || plain.appeal_strength() > 0 || plain.addresses_reader(),
        }
    };
    let asks = || mass.holds(node, Held::Control) || pieces.iter().any(strong);
    (pieces.len() >= 2 && pieces.iter().all(nothing) && asks()).then_some("box-that-asks")
}

/// The rule by which `node` is a box that asks its reader to type something, with what it offers for it.
pub(super) fn entry_box(node: &NodeRef<'_>, tag: &str, mass: &Mass) -> Option<&'static str> {
    if !matches!(tag, "div" | "section" | "label" | "fieldset")
        || mass.share(node) > BOX_SHARE
        || mass.length(node) > LARGEST_BOX / 2
        || mass.holds(node, Held::Heading)
    {
        return None;
    }
    let typed = |n: &NodeRef<'_>| {
        n.has_name("input")
            && (n.has_attr("placeholder")
                || n.attr("type").is_some_and(|t| matches!(t.as_ref(), "email" | "text" | "tel")))
    };
    node.element_children().iter().any(typed).then_some("box-to-fill-in")
}

/// Whether the first thing in `node` is a label of furniture, and something stands beside it.
fn opens_with_label(node: &NodeRef<'_>) -> bool {
    if !matches!(&*tag(node), "div" | "section" | "ul" | "article") || node.element_children().len() < 2 {
        return false;
    }
    let first = node.descendants_it().find(|n| n.is_text() && !n.text().trim().is_empty());
    let label = first.map(|n| squeeze(&n.text())).unwrap_or_default();
    (1..=4).contains(&prose::words(&label)) && label.len() <= 40 && FURNITURE.verdict(&label).is_some()
}

/// Whether the first thing in `node`, at most a few elements down, is a heading.
fn opens_with_heading(node: &NodeRef<'_>) -> bool {
    let mut at = node.first_element_child();
    for _ in 0..4 {
        let Some(child) = at else { return false };
        match &*tag(&child) {
            "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "legend" => return true,
            "div" | "section" | "header" | "details" | "fieldset" => at = child.first_element_child(),
            _ => return false,
        }
    }
    false
}
