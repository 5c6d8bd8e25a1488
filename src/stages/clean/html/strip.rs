//! Before the main text is looked for: what is furniture by its mark-up goes, and what it tells is kept.

use super::super::byline::{self, Byline};
use super::super::dates;
use super::super::furniture::{FURNITURE, PageWords};
use super::super::prose;
use super::blocks::{self, Piece};
use super::boxes::{asking_box, entry_box, furniture_box, story_card};
use super::mass::{Held, Mass};
use super::meta::Meta;
use super::named::{List, Names};
use super::page::{is_hidden, is_inline, names, tag, text, text_of_lines, text_of_parts};
use super::pictures::{drop_credits, picture_line};
use super::stories::{ABOVE_SHARE, drop_cards, drop_like_boxes, drop_other_stories, own_heading, share_above};
use crate::domain::{BlockKind, Dropped, RelatedLink};
use dom_query::{Document, NodeId, NodeRef};
use jiff::Timestamp;
use url::Url;

/// What was told by the elements that went.
#[derive(Debug, Default)]
pub(super) struct Stripped {
    /// Text of the first-level headings.
    pub(super) headings: Vec<String>,
    pub(super) standfirst: Option<String>,
    pub(super) byline: Byline,
    /// The element in which the byline stood.
    byline_in: Option<NodeId>,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
    pub(super) captions: Vec<String>,
    pub(super) related: Vec<RelatedLink>,
    /// Correction notes that stood in what went.
    pub(super) corrections: Vec<String>,
    pub(super) dropped: Vec<Dropped>,
    /// Names of the writers, as the page's head tells them.
    pub(super) writers: Vec<String>,
    /// How the page's head sums the article up.
    description: Option<String>,
    /// The first line after the heading, with what had been passed at it: a standfirst if a byline or date line follows.
    first_line: Option<(NodeId, String, usize)>,
    /// Running text passed so far.
    passed: usize,
    /// Running text passed when the article's heading came.
    passed_at_heading: Option<usize>,
    /// Words of furniture under which the article's own heading stands: on this page they are names of anything.
    void: Vec<u16>,
    /// The article's own heading and what holds it, while it is still to come and most of the page's text stands under it.
    line_of_heading: Option<Vec<NodeId>>,
    /// Whether the page is made of posts: articles without the page's heading, each with a writer of its own.
    posts: bool,
    /// Whether the page says that it is live: headings of its posts lead to the posts.
    live: bool,
    /// Number of time stamps in the page's text, as live pages have them.
    pub(super) stamps: usize,
}

impl Stripped {
    /// Whether a standfirst may still come: under the heading a paragraph or two at most have been passed, so that a
    /// sub-heading by the same name is none.
    fn is_above_text(&self) -> bool {
        self.passed < 600 && self.passed_at_heading.is_none_or(|then| self.passed - then < 160)
    }

    /// Remembers `node` where it is the first line after the heading.
    fn consider_standfirst(&mut self, node: &NodeRef<'_>, mass: &Mass) {
        let place =
            !self.headings.is_empty() && self.first_line.is_none() && self.byline.is_empty() && self.passed < 400;
        if !place || mass.running(node) < 20 || !matches!(&*tag(node), "p" | "h2" | "h3" | "div") {
            return;
        }
        let line = text(node);
        let other =
            dates::read(&line).is_some() || FURNITURE.verdict(&line).is_some() || byline::read(&line, false).is_some();
        // Of sentences only one, and a short one, stands over an article, unless the page sums itself up with them.
        let long = self.description.as_ref() != Some(&line)
            && prose::is_terminated(&line)
            && (prose::words(&line) > 32 || line.trim_end_matches('.').contains(". "));
        if (6..=45).contains(&prose::words(&line)) && !other && !long {
            self.first_line = Some((node.id, line, self.passed));
        }
    }

    /// A byline or date line came: the line between it and the heading is the standfirst.
    fn confirm_standfirst(&mut self, doc: &Document) {
        let Some((id, line, passed)) = self.first_line.take() else { return };
        if self.standfirst.is_none() && self.passed <= passed + 40 {
            if let Some(node) = doc.tree.get(&id) {
                node.remove_from_parent();
            }
            self.dropped.push(Dropped { rule: "standfirst".to_owned(), text: line.clone() });
            self.standfirst = Some(line);
        }
    }
}

/// An element with more than this share of the page's paragraphs is not dropped by its name.
pub(super) const LARGE_SHARE: f64 = 0.35;

/// Removes furniture from `doc`.
///
/// `meta` is what the page says of itself: an element with another first-level heading after the article's is another story.
pub(super) fn strip(doc: &Document, url: Option<&Url>, meta: &Meta, names: &Names) -> Stripped {
    let (words, titles) = (&FURNITURE.page, &meta.headlines);
    let mut out =
        Stripped { writers: meta.byline.names.clone(), description: meta.description.clone(), ..Stripped::default() };
    out.live = meta.live;
    let Some(body) = doc.body() else { return out };
    let mut mass = Mass::of(&body);
    drop_other_stories(&body, titles, &mass, &mut out);
    let dropped = out.dropped.len();
    if dropped > 0 {
        mass = Mass::of(&body);
    }
    if !meta.live {
        drop_cards(&body, titles, &mass, &mut out);
        drop_like_boxes(&body, titles, &mass, &mut out);
        if out.dropped.len() > dropped {
            mass = Mass::of(&body);
        }
    }
    out.void = void_names(&body, titles, names);
    out.posts =
        body.descendants_it().filter(|n| n.has_name("article") && !mass.holds(n, Held::Heading)).take(2).count() == 2;
    out.line_of_heading = own_heading(&body, titles)
        .filter(|h| share_above(h, &body, &mass) < ABOVE_SHARE)
        .map(|h| std::iter::once(h.id).chain(h.ancestors_it(None).map(|n| n.id)).collect());
    let mut next = body.first_child();
    while let Some(node) = next {
        if !node.is_element() {
            next = following(&node, &body, true);
            continue;
        }
        match judge(&node, words, &mass, names, &mut out, url) {
            Some(rule) => {
                out.line_of_heading.take_if(|line| line.contains(&node.id));
                next = following(&node, &body, false);
                drop_node(&node, rule, &mut out);
                if matches!(rule, "byline" | "date-line") {
                    out.confirm_standfirst(doc);
                }
            }
            None if out.line_of_heading.is_some() && is_prose(&node, &mass) => {
                next = following(&node, &body, false);
                drop_node(&node, "above-heading", &mut out);
            }
            None => {
                // The finder of the main text drops headings for their names.
                if matches!(&*tag(&node), "h2" | "h3" | "h4" | "h5" | "h6") {
                    node.remove_attrs(&["class", "id"]);
                }
                out.passed += mass.running(&node).saturating_sub(40);
                out.consider_standfirst(&node, &mass);
                next = following(&node, &body, true);
            }
        }
    }
    out
}

/// The blocks of the element that the page itself marks as the article's text, if it holds a good part of the page's text, and
/// which part.
pub(super) fn marked_body(doc: &Document, names: &Names) -> (Vec<Piece>, f64) {
    let Some(body) = doc.body() else { return (Vec::new(), 0.0) };
    let mass = Mass::of(&body);
    let is_marked =
        |n: &NodeRef<'_>| n.attr("itemprop").is_some_and(|p| p.as_ref() == "articleBody") || names.of(n).is(List::Body);
    let large = body.descendants_it().map(|n| (mass.share(&n), n)).filter(|(share, _)| *share >= 0.3);
    let best = large.filter(|(_, n)| is_marked(n)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(share, node)| (blocks::pieces(&node), share)).unwrap_or_default()
}

/// The blocks of the deepest element that holds nearly all of the page's running text: for live pages, whose posts stand apart.
pub(super) fn whole_text(doc: &Document) -> Vec<Piece> {
    let Some(body) = doc.body() else { return Vec::new() };
    let mass = Mass::of(&body);
    let mut node = body;
    while let Some(child) = node.element_children().into_iter().find(|c| mass.share(c) >= 0.8) {
        node = child;
    }
    blocks::pieces(&node)
}

/// The node after `node` in document order; its children first where `inside`.
fn following<'a>(node: &NodeRef<'a>, end: &NodeRef<'a>, inside: bool) -> Option<NodeRef<'a>> {
    if inside && let Some(child) = node.first_child() {
        return Some(child);
    }
    let mut at = *node;
    loop {
        if at.id == end.id {
            return None;
        }
        if let Some(next) = at.next_sibling() {
            return Some(next);
        }
        at = at.parent()?;
    }
}

/// The rule by which `node` goes, if it goes; what it tells is taken down.
fn judge(
    node: &NodeRef<'_>,
    words: &PageWords,
    mass: &Mass,
    names: &Names,
    out: &mut Stripped,
    url: Option<&Url>,
) -> Option<&'static str> {
    let own = tag(node);
    let tag: &str = &own;
    if matches!(tag, "html" | "body" | "main") {
        return None;
    }
    let share = mass.share(node);
    if tag == "h1" {
        let heading = text(node);
        if !heading.is_empty() {
            out.line_of_heading.take_if(|line| line.first() == Some(&node.id));
            out.headings.push(heading);
            out.passed_at_heading = out.passed_at_heading.or(Some(out.passed));
        }
        return None;
    }
    if tag == "time" {
        take_time(node, out);
    }
    let posts = out.posts || out.live || out.headings.is_empty();
    if share > LARGE_SHARE {
        return if posts { None } else { asking_box(node, tag, mass) };
    }
    if is_hidden(node) {
        return Some("hidden");
    }
    let told = names.of(node);
    if told.is(List::Keep) {
        return None;
    }
    if words.caption_tags.iter().any(|t| t == tag) || told.is(List::Caption) {
        let caption = text(node);
        if !caption.is_empty() && caption.chars().count() < 900 && !out.captions.contains(&caption) {
            out.captions.push(caption);
        }
        return Some("caption");
    }
    if matches!(tag, "table" | "tbody" | "thead" | "tr" | "td" | "th")
        || (share > 0.1 && mass.holds(node, Held::Heading))
    {
        return None;
    }
    // A quoted post of a social network keeps its own date and name.
    if tag == "blockquote" || (mass.holds(node, Held::Quotation) && mass.length(node) < 1_200) {
        // Its box is often called "social", by which it would go later.
        if tag == "div" && share < 0.2 && node.element_children().len() <= 2 {
            node.remove_attrs(&["class", "id"]);
            // A box with as many links as a post has is cleaned away as a link list; a section is not.
            node.rename("section");
        }
        return None;
    }
    let short = |limit: usize| mass.length(node) <= limit;
    if short(500)
        && (told.is(List::Standfirst) || node.attr("itemprop").is_some_and(|p| p.as_ref() == "alternativeHeadline"))
        && out.is_above_text()
        && !matches!(tag, "a" | "span" | "meta")
    {
        let line = lines_under_heading(node);
        if prose::words(&line) >= 4 {
            if out.standfirst.is_none() {
                out.standfirst = Some(line);
            }
            return Some("standfirst");
        }
    }
    let rel_author = node.attr("rel").is_some_and(|r| r.as_ref() == "author")
        || node.attr("itemprop").is_some_and(|p| p.as_ref() == "author");
    if rel_author || told.is(List::Byline) || (tag == "address" && names_writer(node)) {
        let line = text_of_lines(node);
        if short(220) && out.posts && is_of_post(node) {
            return Some("byline");
        }
        if short(220) {
            let undated = dates::read(&line).map_or_else(|| line.clone(), |d| d.rest);
            // Of several writers each may be an element of its own.
            let beside = node.parent().map(|p| p.id);
            let first = out.byline.is_empty();
            if let Some(found) = byline::read(&undated, true).filter(|b| !b.is_empty())
                && (first || (beside == out.byline_in && found.names.iter().all(|n| byline::is_name(n))))
            {
                out.byline.merge(found);
                out.byline_in = beside;
            }
            for time in node.descendants_it().filter(|n| n.has_name("time")) {
                take_time(&time, out);
            }
            take_line(&line, out);
            if first && out.byline.is_empty() {
                take_writers(node, names, out);
            }
            return Some("byline");
        }
    }
    if told.is(List::Date) && short(160) {
        // A time and a name that only a style sets apart are one word without a space.
        let line = Some(text(node)).filter(|l| l.is_empty() || dates::read(l).is_some());
        let line = line.unwrap_or_else(|| text_of_parts(node));
        if dates::read(&line).is_some() || line.is_empty() {
            for time in node.descendants_it().filter(|n| n.has_name("time")) {
                take_time(&time, out);
            }
            take_line(&line, out);
            take_writers(node, names, out);
            return Some("date-line");
        }
    }
    if !out.headings.is_empty()
        && !node.ancestors_it(None).any(|n| n.has_name("blockquote"))
        && out.passed < 600
        && short(140)
        && (!is_inline(tag) || is_whole_line(node, mass))
        && !node.children_it(false).any(|c| c.is_element() && !is_inline(&super::page::tag(&c)))
    {
        let line = text(node);
        let dated = dates::read(&line).filter(|d| !d.time_only && prose::words(&d.rest) <= 3 && !d.is_of_event());
        if dated.is_some() && !prose::is_full_sentence(&line) && !is_fact(node) {
            for time in node.descendants_it().filter(|n| n.has_name("time")) {
                take_time(&time, out);
            }
            take_line(&line, out);
            return Some("date-line");
        }
        let lower = line.to_lowercase();
        let known = out.writers.iter().any(|w| lower.contains(&w.to_lowercase()));
        if (known || lower.starts_with("by ") || byline::opens(&line))
            && prose::words(&line) <= 12
            && !prose::is_full_sentence(&line)
            && let Some(found) = byline::read(&line, false).filter(|b| !b.is_empty())
        {
            out.byline.merge(found);
            return Some("byline");
        }
    }
    let role = node.attr("role").map(|r| r.to_lowercase()).unwrap_or_default();
    let related = |out: &mut Stripped| take_links(node, out, url);
    if words.drop_tags.iter().any(|t| t == tag) {
        if tag == "aside" {
            related(out);
        }
        return Some("page-part-by-tag");
    }
    if words.drop_roles.contains(&role) {
        return Some("page-part-by-role");
    }
    if tag == "figure" {
        drop_credits(node, out);
    }
    if let Some(caption) = picture_line(node, tag, mass) {
        out.captions.push(caption);
        return Some("caption");
    }
    if let Some(word) = told.furniture(&out.void).filter(|w| !is_gated_text(node, tag, w)) {
        if [
            "relat", "read", "more", "rec", "see", "most", "next", "up", "also", "tren", "pop", "sugg", "promo",
            "teaser", "also", "dont", "edit",
        ]
        .iter()
        .any(|w| word.starts_with(w))
        {
            related(out);
        }
        return Some("page-part-by-name");
    }
    if let Some(rule) = furniture_box(node, tag, mass)
        .or_else(|| entry_box(node, tag, mass))
        .or_else(|| if posts { None } else { story_card(node, tag, mass).or_else(|| asking_box(node, tag, mass)) })
    {
        related(out);
        return Some(rule);
    }
    if matches!(
        tag,
        "button"
            | "input"
            | "select"
            | "textarea"
            | "object"
            | "embed"
            | "video"
            | "audio"
            | "canvas"
            | "template"
            | "amp-ad"
            | "amp-sidebar"
            | "amp-consent"
            | "progress"
    ) {
        return Some("control");
    }
    None
}

/// Whether `node`, which stands inside a line, is nearly all of it, or the line is short and no sentence.
fn is_whole_line(node: &NodeRef<'_>, mass: &Mass) -> bool {
    let Some(line) = node.ancestors_it(None).find(|n| !is_inline(&super::page::tag(n))) else { return true };
    mass.length(node) * 5 >= mass.running(&line) * 3
        || (mass.length(&line) <= LONGEST_HEAD_LINE && !prose::is_terminated(&text(&line)))
}

/// Longest line of a page's head, in characters.
const LONGEST_HEAD_LINE: usize = 400;

/// Whether sentences stand in `node` itself.
fn is_prose(node: &NodeRef<'_>, mass: &Mass) -> bool {
    mass.running(node) >= 20 && !mass.holds(node, Held::Heading) && {
        let text = text(node);
        prose::is_full_sentence(&text) && prose::words(&text) >= 6
    }
}

/// The names of furniture of the elements around the article's heading: page builders call every part a widget.
fn void_names(body: &NodeRef<'_>, titles: &[String], names: &Names) -> Vec<u16> {
    let Some(heading) = own_heading(body, titles) else { return Vec::new() };
    let line = std::iter::once(heading).chain(heading.ancestors_it(None));
    line.take_while(|n| n.id != body.id).flat_map(|n| names.of(&n).drops).collect()
}

/// The text of `node`, one line a block, without a heading over it.
fn lines_under_heading(node: &NodeRef<'_>) -> String {
    let pieces = blocks::pieces(node);
    let lines: Vec<&str> = pieces.iter().filter(|p| p.level == 0).map(|p| p.text.as_str()).collect();
    if lines.is_empty() { text(node) } else { lines.join("\n") }
}

/// Whether `node` is a fact in a list of names and facts ("Date of hearing"), which is not about the page.
fn is_fact(node: &NodeRef<'_>) -> bool {
    if !node.has_name("dd") {
        let labelled = |n: NodeRef<'_>| dates::label(&text(&n)).is_some_and(|l| !dates::names_page_date(l));
        let beside = [node.prev_element_sibling(), node.next_element_sibling()];
        return labelled(*node) && beside.into_iter().flatten().any(labelled);
    }
    let mut before = node.prev_element_sibling();
    while let Some(name) = before {
        if name.has_name("dt") {
            return !dates::names_page_date(&text(&name));
        }
        before = name.prev_element_sibling();
    }
    false
}

/// Whether `node`, named for who may read it (`word`), is a part of the article: a paragraph, or a box of sentences of it.
fn is_gated_text(node: &NodeRef<'_>, tag: &str, word: &str) -> bool {
    if !FURNITURE.page.gate_names.iter().any(|g| g == word) {
        return false;
    }
    let tells = |t: &str| {
        prose::is_full_sentence(t)
            && prose::words(t) >= 6
            && FURNITURE.verdict(t).is_none()
            && !FURNITURE.addresses_reader(t)
    };
    if matches!(tag, "p" | "li" | "h2" | "h3" | "h4") {
        return true;
    }
    tag != "form"
        && blocks::pieces(node).iter().filter(|p| p.kind == BlockKind::Paragraph && tells(&p.text)).take(2).count() == 2
}

/// Whether `node` stands in an article without the page's heading: a live page's post.
fn is_of_post(node: &NodeRef<'_>) -> bool {
    node.ancestors_it(None).find(|n| n.has_name("article")).is_some_and(|article| !holds(&article, "h1"))
}

/// Whether a link in `node` leads to its writer.
fn names_writer(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|n| n.attr("rel").is_some_and(|r| r.as_ref() == "author"))
}

/// Reads the writers that a line of dates names besides, where its mark-up says which of it are writers.
fn take_writers(node: &NodeRef<'_>, names: &Names, out: &mut Stripped) {
    if !out.byline.is_empty() {
        return;
    }
    let by = |n: &NodeRef<'_>| n.attr("rel").is_some_and(|r| r.as_ref() == "author") || names.of(n).is(List::Byline);
    for part in node.descendants_it().filter(|n| n.is_element()).filter(by).take(6) {
        if let Some(found) = byline::read(&text(&part), false) {
            out.byline.merge(found);
        }
    }
}

pub(super) fn holds(node: &NodeRef<'_>, tag: &str) -> bool {
    node.descendants_it().any(|n| n.has_name(tag))
}

fn take_time(node: &NodeRef<'_>, out: &mut Stripped) {
    let shown = text(node);
    let machine = node.attr("datetime").and_then(|d| dates::any(&d));
    let names = names(node).join(" ");
    let changed = names.contains("updat")
        || names.contains("modif")
        || node.attr("itemprop").is_some_and(|p| p.as_ref() == "dateModified")
        || shown.to_lowercase().contains("updated");
    if dates::read(&shown).is_some_and(|d| d.time_only) {
        out.stamps += 1;
    }
    if let Some(at) = machine {
        let slot = if changed { &mut out.modified } else { &mut out.published };
        *slot = slot.or(Some(at));
    }
}

fn take_line(line: &str, out: &mut Stripped) {
    if let Some(found) = dates::read(line) {
        out.published = out.published.or(found.dates.published);
        out.modified = out.modified.or(found.dates.modified);
    }
}

fn take_links(node: &NodeRef<'_>, out: &mut Stripped, url: Option<&Url>) {
    for link in node.descendants_it().filter(|n| n.has_name("a")).take(40) {
        let line = text(&link);
        if prose::words(&line) >= 3 && out.related.len() < 100 && !out.related.iter().any(|r| r.text == line) {
            let target = link.attr("href").and_then(|h| url.map_or_else(|| Url::parse(&h).ok(), |u| u.join(&h).ok()));
            out.related.push(RelatedLink { text: line, url: target.map(String::from) });
        }
    }
}

/// Takes `node` off the page; a correction note inside is kept.
pub(super) fn drop_node(node: &NodeRef<'_>, rule: &str, out: &mut Stripped) {
    let line = text(node);
    if rule != "hidden" && FURNITURE.is_correction(&line) {
        for part in node.descendants_it().filter(|n| n.is_element()).chain(std::iter::once(*node)) {
            let own = text(&part);
            if (5..120).contains(&prose::words(&own))
                && FURNITURE.is_correction(&own)
                && !part.element_children().iter().any(|c| FURNITURE.is_correction(&text(c)))
            {
                if !out.corrections.contains(&own) {
                    out.corrections.push(own);
                }
                break;
            }
        }
    }
    if !line.is_empty() && out.dropped.len() < 200 {
        out.dropped.push(Dropped { rule: rule.to_owned(), text: line.chars().take(300).collect() });
    }
    node.remove_from_parent();
}
