//! Captions and credits that no name gives away.

use super::super::byline;
use super::super::dates;
use super::super::prose;
use super::blocks;
use super::mass::{Held, Mass, PICTURES};
use super::page::{tag, text};
use super::strip::{Stripped, drop_node, holds};
use dom_query::NodeRef;

/// The line of a box that holds a picture and one line beside it, where that is no sentence: its caption.
pub(super) fn picture_line(node: &NodeRef<'_>, tag: &str, mass: &Mass) -> Option<String> {
    if !matches!(tag, "div" | "section" | "a") || mass.length(node) > 300 || !mass.holds(node, Held::Picture) {
        return None;
    }
    let parts = node.element_children();
    let pictured = |n: &NodeRef<'_>| mass.is_or_holds(n, Held::Picture);
    if !(2..=3).contains(&parts.len()) || !parts.first().is_some_and(pictured) {
        return None;
    }
    let lines = blocks::pieces(node);
    let [line] = lines.as_slice() else { return None };
    let told = dates::read(&line.text).is_some() || byline::read(&line.text, false).is_some();
    let plain = line.level == 0 && line.linked < 0.5 && prose::words(&line.text) >= 3 && !told;
    (plain && !prose::is_terminated(&line.text)).then(|| line.text.clone())
}

/// Takes off a figure what stands beside its caption: credits and buttons. A quotation or a table in a figure stays.
pub(super) fn drop_credits(figure: &NodeRef<'_>, out: &mut Stripped) {
    let pictured = PICTURES.iter().any(|t| holds(figure, t));
    let told = |n: &NodeRef<'_>| {
        matches!(&*tag(n), "blockquote" | "table" | "pre" | "p")
            && !n.ancestors_it(None).take_while(|a| a.id != figure.id).any(|a| a.has_name("figcaption"))
    };
    if !pictured || figure.descendants_it().any(|n| told(&n)) {
        return;
    }
    let aside = |n: &NodeRef<'_>| {
        n.is_element()
            && !matches!(&*tag(n), "figcaption" | "a" | "b" | "i" | "em" | "strong")
            && !n.ancestors_it(None).take_while(|a| a.id != figure.id).any(|a| a.has_name("figcaption"))
            && !PICTURES.iter().chain(&["figcaption"]).any(|t| n.has_name(t) || holds(n, t))
    };
    let credits: Vec<NodeRef<'_>> = figure.descendants_it().filter(aside).collect();
    for credit in credits {
        if !text(&credit).is_empty() {
            drop_node(&credit, "credit", out);
        }
    }
}
