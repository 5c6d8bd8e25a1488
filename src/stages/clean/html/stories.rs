//! The article's own heading, and the other stories of its page.

use super::super::dates;
use super::super::prose;
use super::blocks;
use super::finish::likeness;
use super::mass::Mass;
use super::page::{names, text};
use super::strip::{LARGE_SHARE, Stripped, drop_node, holds};
use dom_query::{NodeId, NodeRef};

/// Drops the stories appended after the article: elements with a first-level heading of their own, or articles beside the
/// article that holds the heading.
pub(super) fn drop_other_stories(body: &NodeRef<'_>, titles: &[String], mass: &Mass, out: &mut Stripped) {
    let headings: Vec<NodeRef<'_>> = body.descendants_it().filter(|n| n.has_name("h1")).take(50).collect();
    let own = |n: &&NodeRef<'_>| is_own_heading(&text(n), titles);
    let exact = |n: &&NodeRef<'_>| {
        let heading = text(n);
        titles.iter().any(|t| t.starts_with(&heading)) && own(n)
    };
    let Some(main) = headings.iter().find(exact).or_else(|| headings.iter().find(own)) else { return };
    let most = mass.length(body) / 2;
    let line: Vec<NodeId> = main.ancestors_it(None).map(|n| n.id).collect();
    let mut passed = false;
    for heading in &headings {
        if heading.id == main.id {
            passed = true;
        } else if passed && !own(&heading) && prose::words(&text(heading)) >= 3 {
            let story = outermost_without(heading, &line);
            // A bare heading between the article's paragraphs is no story.
            if story.id != heading.id && mass.length(&story) < most {
                drop_node(&story, "another-story", out);
            }
        }
    }
    let Some(article) = main.ancestors_it(None).find(|n| n.has_name("article")) else { return };
    let inside: Vec<NodeId> = article.descendants_it().filter(|n| n.has_name("article")).map(|n| n.id).collect();
    let others: Vec<NodeRef<'_>> = body
        .descendants_it()
        .filter(|n| n.has_name("article") && n.id != article.id && !inside.contains(&n.id) && !line.contains(&n.id))
        .collect();
    let long = |n: &NodeRef<'_>| mass.length(n);
    for other in others {
        // The text may stand in an article beside the one with the heading: the longer of the two is the article.
        if long(&other) <= long(&article) && long(&other) < most {
            drop_node(&other, "another-story", out);
        }
    }
}

/// Drops the articles that follow the text of a page whose own article is no element of that name: cards of other stories.
pub(super) fn drop_cards(body: &NodeRef<'_>, titles: &[String], mass: &Mass, out: &mut Stripped) {
    let Some(heading) = own_heading(body, titles) else { return };
    if heading.ancestors_it(None).any(|n| n.has_name("article")) {
        return;
    }
    let cards: Vec<NodeRef<'_>> = body.descendants_it().filter(|n| n.has_name("article")).take(200).collect();
    if cards.iter().map(|card| mass.share(card)).sum::<f64>() < LARGE_SHARE {
        cards.iter().for_each(|card| drop_node(card, "another-story", out));
    }
}

/// Drops the stories that stand under the article in boxes of the same name, each with a heading and a date of its own.
pub(super) fn drop_like_boxes(body: &NodeRef<'_>, titles: &[String], mass: &Mass, out: &mut Stripped) {
    let Some(heading) = own_heading(body, titles) else { return };
    let is_date = |line: &str| dates::read(line).is_some_and(|d| !d.time_only && prose::words(&d.rest) <= 3);
    let dated = |n: &NodeRef<'_>| blocks::pieces(n).iter().take(6).any(|p| is_date(&p.text));
    let units: Vec<NodeRef<'_>> = heading.ancestors_it(None).take_while(|n| n.id != body.id).collect();
    for unit in units {
        let (name, share) = (names(&unit), mass.share(&unit));
        let alike = std::iter::successors(unit.next_element_sibling(), |n| n.next_element_sibling())
            .filter(|n| !name.is_empty() && names(n) == name && mass.share(n) < share)
            .filter(|n| ["h1", "h2", "h3"].iter().any(|tag| holds(n, tag)) && dated(n));
        let others: Vec<NodeRef<'_>> = alike.take(50).collect();
        others.iter().for_each(|other| drop_node(other, "another-story", out));
    }
}

/// The highest element around `node` that is none of `line`.
fn outermost_without<'a>(node: &NodeRef<'a>, line: &[NodeId]) -> NodeRef<'a> {
    let mut top = *node;
    for up in node.ancestors_it(None) {
        if line.contains(&up.id) {
            break;
        }
        top = up;
    }
    top
}

/// Whether `heading` is one of `titles`, which the page calls its article, or nearly.
fn is_own_heading(heading: &str, titles: &[String]) -> bool {
    prose::words(heading) >= 3 && titles.iter().any(|t| likeness(t, heading) >= 0.6)
}

/// The heading of the article.
pub(super) fn own_heading<'a>(body: &NodeRef<'a>, titles: &[String]) -> Option<NodeRef<'a>> {
    body.descendants_it().find(|n| n.has_name("h1") && is_own_heading(&text(n), titles))
}

/// An article's heading with less than this share of the page's text above it stands over all of the article.
pub(super) const ABOVE_SHARE: f64 = 0.4;

/// The share of the page's running text that stands above `heading`.
pub(super) fn share_above(heading: &NodeRef<'_>, body: &NodeRef<'_>, mass: &Mass) -> f64 {
    let line = std::iter::once(*heading).chain(heading.ancestors_it(None)).take_while(|n| n.id != body.id);
    let before = |n: NodeRef<'_>| {
        std::iter::successors(n.prev_sibling(), |s| s.prev_sibling()).map(|s| mass.share(&s)).sum::<f64>()
    };
    line.map(before).sum()
}
