//! The main text as blocks.

use super::super::furniture::Plain;
use super::page::{is_inline, names, squeeze, tag};
use crate::domain::BlockKind;
use dom_query::NodeRef;
use regex::Regex;
use std::cell::OnceCell;
use std::sync::LazyLock;

/// One block of the main text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// Share of its characters inside links.
    pub(super) linked: f64,
    /// Level of a heading, 0 for others.
    pub(super) level: u8,
    /// Where the first link leads.
    pub(super) target: Option<String>,
    /// Whether all of it is emphasised.
    pub(super) strong: bool,
    /// Whether all of it is in italics.
    pub(super) slanted: bool,
    /// What stands apart by a line break or only by a style: the texts of elements that meet without a gap ("Play video" and
    /// "2:14"). One part where nothing does.
    pub(super) parts: Vec<String>,
    plain: OnceCell<Plain>,
}

impl Piece {
    /// The text as the rules for furniture see it.
    pub(super) fn plain(&self) -> &Plain {
        self.plain.get_or_init(|| Plain::new(&self.text))
    }
}

#[derive(Clone, Copy, Default)]
struct Frame {
    level: u8,
    item: bool,
    quote: bool,
    post: bool,
    strong: bool,
    slanted: bool,
    link: bool,
}

#[derive(Default)]
struct Walk {
    out: Vec<Piece>,
    text: String,
    linked: usize,
    strong: usize,
    slanted: usize,
    target: Option<String>,
    frame: Frame,
    /// Where in `text` two elements meet without a gap, and the second opens like a text of its own.
    seams: Vec<usize>,
    /// Whether an element began or ended since the last text.
    at_edge: bool,
}

impl Walk {
    fn push_text(&mut self, text: &str) {
        let before = self.text.chars().next_back();
        let after = text.chars().next();
        if let (true, Some(b), Some(a)) = (self.at_edge, before, after) {
            let opens = a.is_uppercase() || (a.is_numeric() && !b.is_numeric());
            if b.is_alphanumeric() && opens {
                self.seams.push(self.text.len());
            }
        }
        self.at_edge = false;
        self.text.push_str(text);
    }
}

/// Most blocks taken from a page.
const MAX_BLOCKS: usize = 4_000;

/// The blocks under `root`, in order.
pub(super) fn pieces(root: &NodeRef<'_>) -> Vec<Piece> {
    let mut walk = Walk::default();
    visit(root, Frame::default(), &mut walk);
    flush(&mut walk);
    walk.out
}

/// Depth is bounded by the prescan.
fn visit(node: &NodeRef<'_>, frame: Frame, walk: &mut Walk) {
    if walk.out.len() > MAX_BLOCKS {
        return;
    }
    if node.is_text() {
        let text = node.text();
        let letters = text.chars().filter(|c| !c.is_whitespace()).count();
        walk.linked += if frame.link { letters } else { 0 };
        walk.strong += if frame.strong { letters } else { 0 };
        walk.slanted += if frame.slanted { letters } else { 0 };
        walk.push_text(&text);
        return;
    }
    let own = tag(node);
    let tag: &str = &own;
    if !node.is_element() && !node.is_document() && !node.is_fragment() {
        return;
    }
    if matches!(
        tag,
        "script" | "style" | "head" | "title" | "noscript" | "figcaption" | "button" | "svg" | "iframe" | "template"
    ) {
        return;
    }
    if tag == "br" {
        // Two line breaks end a paragraph, one does not.
        if walk.text.ends_with('\n') {
            flush(walk);
        } else {
            walk.seams.push(walk.text.len());
            walk.text.push('\n');
        }
        return;
    }
    let mut inner = frame;
    if is_inline(tag) {
        inner.link |= tag == "a";
        inner.strong |= matches!(tag, "b" | "strong");
        inner.slanted |= matches!(tag, "i" | "em");
        if tag == "a" && walk.target.is_none() {
            walk.target = node.attr("href").map(|h| h.to_string());
        }
        walk.at_edge = true;
        node.children_it(false).for_each(|child| visit(&child, inner, walk));
        walk.at_edge = true;
        return;
    }
    flush(walk);
    match tag {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => inner.level = tag.as_bytes().get(1).map_or(2, |b| b - b'0'),
        "li" | "dd" | "dt" => inner.item = true,
        // A list of posts is no list.
        "article" => inner.item = false,
        "blockquote" => {
            inner.quote = true;
            let names = names(node).join(" ");
            inner.post |= ["tweet", "instagram", "tiktok", "facebook", "bluesky", "mastodon", "fb-post", "reddit"]
                .iter()
                .any(|n| names.contains(n));
        }
        _ => {}
    }
    walk.frame = inner;
    if tag == "pre" {
        node.children_it(false).for_each(|child| visit(&child, inner, walk));
    } else {
        for child in node.children_it(false) {
            visit(&child, inner, walk);
            // Text after a child block belongs to this element again.
            if child.is_element() && !is_inline(&super::page::tag(&child)) {
                walk.frame = inner;
            }
        }
    }
    flush(walk);
    walk.frame = frame;
}

fn flush(walk: &mut Walk) {
    let text = squeeze(&without_shortcodes(&walk.text));
    let letters = walk.text.chars().filter(|c| !c.is_whitespace()).count();
    let parts = parts(&walk.text, &std::mem::take(&mut walk.seams));
    walk.text.clear();
    walk.at_edge = false;
    let (linked, strong) = (std::mem::take(&mut walk.linked), std::mem::take(&mut walk.strong));
    let slanted = std::mem::take(&mut walk.slanted);
    let target = walk.target.take();
    if text.is_empty() {
        return;
    }
    let f = walk.frame;
    let kind = if f.post {
        BlockKind::EmbeddedPost
    } else if f.level > 0 {
        BlockKind::Subheading
    } else if f.quote {
        BlockKind::Quotation
    } else if f.item {
        BlockKind::ListItem
    } else {
        BlockKind::Paragraph
    };
    #[expect(clippy::cast_precision_loss, reason = "lengths of a block, far below 2^52")]
    let share = |part: usize| if letters == 0 { 0.0 } else { part as f64 / letters as f64 };
    walk.out.push(Piece {
        kind,
        text,
        linked: share(linked),
        level: f.level,
        target,
        strong: share(strong) > 0.95,
        slanted: share(slanted) > 0.95,
        parts,
        plain: OnceCell::new(),
    });
}

/// `text` taken apart at `seams`.
fn parts(text: &str, seams: &[usize]) -> Vec<String> {
    let starts = std::iter::once(0).chain(seams.iter().copied());
    let ends = seams.iter().copied().chain(std::iter::once(text.len()));
    starts.zip(ends).filter_map(|(start, end)| text.get(start..end)).map(squeeze).filter(|p| !p.is_empty()).collect()
}

/// `text` without WordPress shortcodes that were never expanded (`[caption id="x"]`, `[/caption]`).
fn without_shortcodes(text: &str) -> std::borrow::Cow<'_, str> {
    static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "a literal, compiled by a test of this file")]
        Regex::new(r"\[/?(?:button|caption|gallery|embed|video|audio|playlist|youtube|twitter|vc_\w+|et_pb_\w+|ad|adrotate|contact-form-7)(?:\s[^\]]*)?\]").expect("sound")
    });
    if text.contains('[') { SHORTCODE.replace_all(text, " ") } else { std::borrow::Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dom_query::Document;

    #[test]
    fn blocks_of_every_kind() {
        let html = "<div><h2>One</h2><p>A <b>b</b><br>c\u{ad}d.</p>Loose<ul><li>Item</li></ul><blockquote><p>Said.</p></blockquote><blockquote class=twitter-tweet><p>Post</p>&mdash; X</blockquote>[caption id=1]x[/caption]<br><br>y</div>";
        let doc = Document::from(html);
        let got: Vec<(BlockKind, String)> = pieces(&doc.root()).into_iter().map(|p| (p.kind, p.text)).collect();
        let expected = [
            (BlockKind::Subheading, "One"),
            (BlockKind::Paragraph, "A b cd."),
            (BlockKind::Paragraph, "Loose"),
            (BlockKind::ListItem, "Item"),
            (BlockKind::Quotation, "Said."),
            (BlockKind::EmbeddedPost, "Post"),
            (BlockKind::EmbeddedPost, "— X"),
            (BlockKind::Paragraph, "x"),
            (BlockKind::Paragraph, "y"),
        ];
        assert_eq!(got, expected.map(|(k, t)| (k, t.to_owned())));
    }

    #[test]
    fn elements_that_meet_without_a_gap_are_parts() {
        for (html, expected) in [
            ("<div><span>8</span><span>Cancel</span><span>Play now</span></div>", vec!["8", "Cancel", "Play now"]),
            ("<p>The <b>H</b>arbour post, <a>McOrr</a>s and 3<b>4</b></p>", vec!["The Harbour post, McOrrs and 34"]),
        ] {
            let doc = Document::from(html);
            assert_eq!(
                pieces(&doc.root()).first().map(|p| p.parts.clone()),
                Some(expected.iter().map(|t| (*t).to_owned()).collect()),
                "{html}"
            );
        }
    }
}
