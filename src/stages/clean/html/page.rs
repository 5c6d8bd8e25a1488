//! Small questions to the tree of a page.

use super::super::byline;
use super::super::furniture::FURNITURE;
use dom_query::{Element, NodeRef};

/// Attributes that name a part of a page.
const NAMING: [&str; 10] = [
    "class",
    "id",
    "data-component",
    "data-testid",
    "data-test-id",
    "data-test",
    "data-qa",
    "data-gu-name",
    "data-module",
    "data-block",
];

/// Lower-case name of the element, or nothing.
pub(super) fn tag(node: &NodeRef<'_>) -> impl std::ops::Deref<Target = str> + use<> {
    node.node_name().unwrap_or_default()
}

/// The values of the attributes that name the element.
pub(super) fn naming(element: &Element) -> impl Iterator<Item = &str> {
    let named = element.attrs.iter().filter(|attr| NAMING.contains(&attr.name.local.as_ref()));
    named.map(|attr| attr.value.as_ref())
}

/// Names of the element's parts of class, id and test ids, each as "-word-word-".
pub(super) fn names(node: &NodeRef<'_>) -> Vec<String> {
    let Some(element) = node.element_ref() else { return Vec::new() };
    naming(&element).flat_map(|value| value.split_whitespace().take(24).map(kebab)).collect()
}

/// "relatedLinks", "related_links" and "related--links" as "-related-links-".
pub(super) fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    out.push('-');
    let mut before = ' ';
    for c in name.chars().take(120) {
        if c.is_alphanumeric() {
            if c.is_uppercase() && before.is_lowercase() && !out.ends_with('-') {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
        before = c;
    }
    if !out.ends_with('-') {
        out.push('-');
    }
    out
}

/// Whether the element is not shown.
pub(super) fn is_hidden(node: &NodeRef<'_>) -> bool {
    if node.has_attr("hidden") || node.attr("aria-hidden").is_some_and(|v| v.as_ref() == "true") {
        return true;
    }
    node.attr("style").is_some_and(|style| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    })
}

/// The element's text, white space collapsed, soft hyphens dropped, a space between blocks.
pub(super) fn text(node: &NodeRef<'_>) -> String {
    let mut raw = String::new();
    for n in node.descendants_it() {
        if n.is_text() {
            raw.push_str(&n.text());
        } else if n.is_element() && !is_inline(&tag(&n)) {
            raw.push(' ');
        }
    }
    if node.is_text() {
        raw.push_str(&node.text());
    }
    squeeze(&raw)
}

/// As [`text`], with a space between all elements: a name and a post that only a style sets apart.
pub(super) fn text_of_parts(node: &NodeRef<'_>) -> String {
    let parts: Vec<String> = node.descendants_it().filter(|n| n.is_text()).map(|n| n.text().to_string()).collect();
    squeeze(&parts.join(" "))
}

/// The lines of a byline, a comma between them: what its blocks hold, without the buttons and the paper's name among them.
pub(super) fn text_of_lines(node: &NodeRef<'_>) -> String {
    fn walk(node: &NodeRef<'_>, lines: &mut Vec<String>) {
        let mut after_element = false;
        for child in node.children_it(false) {
            // Two elements that meet without a gap are set apart by a style.
            let meets = std::mem::replace(&mut after_element, child.is_element());
            if child.is_text() {
                if let Some(line) = lines.last_mut() {
                    line.push(' ');
                    line.push_str(&child.text());
                }
                continue;
            }
            let name = tag(&child);
            if matches!(&*name, "button" | "svg" | "script" | "style" | "template") {
                continue;
            }
            let block = child.is_element() && (!is_inline(&name) || meets);
            if block {
                lines.push(String::new());
            }
            walk(&child, lines);
            if block {
                lines.push(String::new());
            }
        }
    }
    let mut lines = vec![String::new()];
    walk(node, &mut lines);
    let mut out = String::new();
    for line in lines.iter().map(|l| squeeze(l)).filter(|l| !l.is_empty()) {
        let aside = (FURNITURE.is_outlet(&line) && byline::agency(&line).is_none())
            || (FURNITURE.verdict(&line).is_some() && !byline::opens(&line));
        if !out.is_empty() && aside {
            continue;
        }
        if !out.is_empty() {
            // "By" may stand in a box of its own.
            out.push_str(if out.to_lowercase().ends_with("by") || out.ends_with([',', ':']) { " " } else { ", " });
        }
        out.push_str(&line);
    }
    out
}

/// White space collapsed; soft hyphens, zero-width and control characters dropped.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let start = out.len();
        if start > 0 {
            out.push(' ');
        }
        let before = out.len();
        if word.bytes().all(|b| b.is_ascii_graphic()) {
            out.push_str(word);
        } else {
            out.extend(word.chars().filter(|c| !is_invisible(*c)));
        }
        if out.len() == before {
            out.truncate(start);
        }
    }
    out
}

/// Whether `c` shows nothing: soft hyphens, zero-width and control characters.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{200e}' | '\u{200f}') || c.is_control()
}

/// Whether elements of this name stand inside a line of text.
pub(super) fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "output"
            | "q"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "img"
            | "picture"
            | "source"
            | "amp-img"
            | "link"
            | "meta"
    )
}
