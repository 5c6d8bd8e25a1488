//! Headlines of other stories and bare labels that stand among a page's paragraphs without any mark-up that says so.

use super::super::byline;
use super::super::dates;
use super::super::furniture::FURNITURE;
use super::super::prose;
use super::super::unended::{self, Standing, Unended};
use super::blocks::Piece;
use crate::domain::BlockKind;
use std::collections::BTreeMap;

/// Words of a headline or a label: longer ones are told.
const HEADLINE: std::ops::RangeInclusive<usize> = 1..=20;
/// Words that open a sentence whose full stop was forgotten, and no headline.
const PRONOUNS: [&str; 7] = ["He", "She", "They", "It", "We", "I", "You"];
/// Words of a headline that tells a story, not of a caption or a label.
const TOLD_IN_HEADLINES: usize = 5;
/// Sentences after which an article is known to end its paragraphs like sentences.
const WELL_PUNCTUATED: usize = 5;
/// Fewest sentences of an article that can be told from what stands around them.
const LEAST_SENTENCES: usize = 3;

/// The paragraphs that are no article, each with the rule that says so.
///
/// As in plain texts, a paragraph that does not end like a sentence is a heading, a caption or the headline of another
/// story. On pages many a list is written in paragraphs, so only those go that share nothing with the article, or follow
/// its last sentence; and none where the page is full of them. `told` is what is known of the article besides.
pub(super) fn teasers(pieces: &[Piece], told: &[&str]) -> BTreeMap<usize, &'static str> {
    let lines: Vec<unended::Line<'_>> = pieces.iter().map(line).collect();
    let is_sentence = |l: &unended::Line<'_>| l.standing != Standing::Aside && l.terminated && l.words >= 6;
    let sentences = lines.iter().filter(|l| is_sentence(l)).count();
    let (Some(first), Some(last)) = (lines.iter().position(is_sentence), lines.iter().rposition(is_sentence)) else {
        return BTreeMap::new();
    };
    if sentences < LEAST_SENTENCES {
        return BTreeMap::new();
    }
    let headings = unended::subheadings(&lines, first);
    let ours = |l: &&unended::Line<'_>| is_sentence(l) || l.standing == Standing::Settled;
    let candidate = |at: &usize| {
        lines.get(*at).is_some_and(|l| l.standing == Standing::Open && !l.terminated) && !headings.contains(at)
    };
    let inside: Vec<usize> = (first..last).filter(candidate).collect();
    // A list in paragraphs, not an article with something between them.
    let is_list = inside.len() > LEAST_SENTENCES && inside.len() * 3 > sentences;
    let after: Vec<usize> = (last + 1..lines.len()).filter(candidate).collect();
    if after.is_empty() && (is_list || inside.is_empty()) {
        return BTreeMap::new();
    }
    // An article all of whose paragraphs end like sentences does not end in one that does not, whatever it shares with it.
    let punctuated = inside.is_empty() && sentences >= WELL_PUNCTUATED;
    let article = prose::Stems::of_all(lines.iter().filter(ours).map(|l| l.text).chain(told.iter().copied()));
    inside
        .into_iter()
        .filter(|_| !is_list)
        .chain(after)
        .filter_map(|at| {
            let text = lines.get(at)?.text;
            let apart =
                prose::stems(text).is_disjoint(&article) || punctuated && prose::words(text) >= TOLD_IN_HEADLINES;
            let rule = match unended::sort(text, at > last, &article) {
                Unended::CapitalLabel => "capital-teaser",
                Unended::AfterBody if apart || !unended::tells_of_article(text, &article) => "unended-line-after-body",
                Unended::Strange if apart => "unended-line-in-body",
                _ => return None,
            };
            Some((at, rule))
        })
        .collect()
}

/// Whether `text` has the form of a headline: so many words, small letters and a capital at its beginning.
fn is_headline(text: &str) -> bool {
    HEADLINE.contains(&prose::words(text))
        && text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
        && text.chars().any(char::is_lowercase)
        && !text.split_whitespace().next().is_some_and(|first| PRONOUNS.contains(&first))
}

/// A piece as the rules for unended lines see it: only plain paragraphs are open.
fn line(piece: &Piece) -> unended::Line<'_> {
    let text = piece.text.as_str();
    let quoted = text.starts_with(['“', '"', '‘', '\'', '«', '„', '–', '—']) || text.ends_with(['”', '"', '’', '—']);
    // "Allegation: …" is a line of a notice.
    let labelled = text.split_whitespace().take(4).any(|w| w.ends_with(':'));
    let standing = if piece.plain().verdict().is_some() || piece.linked > 0.9 {
        Standing::Aside
    } else if piece.kind != BlockKind::Paragraph
        || piece.strong
        || quoted
        || !is_headline(text)
        || labelled
        || (prose::words(text) <= 3 && FURNITURE.has_story_sign(text))
        || piece.plain().is_correction()
        || dates::read(text).is_some()
        || byline::read(text, false).is_some_and(|b| !b.is_empty())
    {
        Standing::Settled
    } else {
        Standing::Open
    };
    unended::Line {
        text,
        raw: text,
        standing,
        terminated: prose::is_terminated(text),
        bullet: piece.kind == BlockKind::ListItem,
        words: prose::words(text),
    }
}
