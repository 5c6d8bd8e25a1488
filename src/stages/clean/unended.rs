//! Lines that do not end like a sentence: headings, captions and headlines of other stories, told apart by their form, their
//! place and their words. The rules for pages and for plain texts both ask here.

use super::prose::Stems;
use super::{byline, dates, prose};
use std::collections::BTreeSet;

/// A line or block as these rules see it.
pub(super) struct Line<'a> {
    /// White space collapsed.
    pub(super) text: &'a str,
    /// As it came, for gaps that separate columns.
    pub(super) raw: &'a str,
    /// What is known of it.
    pub(super) standing: Standing,
    /// Whether it ends like a sentence.
    pub(super) terminated: bool,
    /// Whether it is marked as an item of a list.
    pub(super) bullet: bool,
    /// How many words it has.
    pub(super) words: usize,
}

/// What is known of a line before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing yet.
    Open,
    /// It is no article: a caption, a prompt, another story.
    Aside,
    /// It is a part of the article, or of its head.
    Settled,
}

/// What a line is that does not end like a sentence, and is no heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unended {
    /// A teaser that opens in capitals: "MET BOSS MUST GO, says mother".
    CapitalLabel,
    /// It stands after the last sentence.
    AfterBody,
    /// It shares its words with the article, or is told like a caption.
    OfArticle,
    /// It tells of something else: the headline of another story.
    Strange,
}

/// What `text` is, which does not end like a sentence; `article` has the stems of the article's words.
pub(super) fn sort(text: &str, after_body: bool, article: &Stems) -> Unended {
    if is_capital_label(text) {
        Unended::CapitalLabel
    } else if after_body {
        Unended::AfterBody
    } else if tells_of_article(text, article) {
        Unended::OfArticle
    } else {
        Unended::Strange
    }
}

/// Whether `text` is the headline of an explainer: "What are fatal accident inquiries?", "Special measures: what happens next?"
pub(super) fn is_explainer(text: &str) -> bool {
    const ASKS: &[&str] =
        &["what", "how", "why", "who", "when", "where", "which", "can", "does", "do", "is", "are", "will"];
    let asks = |words: &str| {
        let first = words.split_whitespace().next().map(str::to_lowercase);
        first.is_some_and(|w| ASKS.contains(&w.as_str()))
    };
    let of_the_article = |w: &str| {
        matches!(w.to_lowercase().as_str(), "i" | "we" | "you" | "he" | "she" | "they" | "it" | "that" | "this")
    };
    text.ends_with('?')
        && (3..=12).contains(&prose::words(text))
        && !text.contains(['“', '”', '"', '‘'])
        && (asks(text) || text.split_once(": ").is_some_and(|(_, rest)| asks(rest)))
        && !text.split_whitespace().any(|w| of_the_article(w.trim_end_matches('?')))
}

/// Whether `text` opens in capitals.
fn is_capital_label(text: &str) -> bool {
    // Scripts without capitals have none.
    let capital = |w: &&str| w.chars().filter(|c| c.is_uppercase()).count() >= 2 && !w.chars().any(char::is_lowercase);
    text.split_whitespace().take_while(capital).count() >= 2
}

/// Whether `text` shares enough words with the article to belong to one of its pictures.
pub(super) fn tells_of_article(text: &str, article: &Stems) -> bool {
    let own = prose::stems(text);
    let shared = own.shared(article);
    // A headline leaves out articles and auxiliaries, a caption does not.
    let told = text.split_whitespace().any(|w| matches!(w, "was" | "were" | "is" | "are" | "has" | "had" | "have"));
    let opens = ["The ", "A ", "An "].iter().any(|a| text.starts_with(a));
    told || opens || (!own.is_empty() && shared * 2 >= own.len())
}

/// Lines that are headings inside the article: short, without a name, right before a paragraph, and either several of them or
/// taken up by the words that follow.
pub(super) fn subheadings(lines: &[Line<'_>], start: usize) -> BTreeSet<usize> {
    let open_prose = |l: &Line<'_>| l.standing == Standing::Open && l.terminated && l.words >= 6;
    let first_prose = (start..lines.len()).find(|at| open_prose(&lines[*at]));
    let candidates: Vec<usize> = (start..lines.len())
        .filter(|&at| {
            let line = &lines[at];
            line.standing == Standing::Open
                && !line.terminated
                && !line.bullet
                && (1..=7).contains(&line.words)
                && lines.iter().skip(at + 1).find(|l| l.standing != Standing::Aside).is_some_and(open_prose)
                && dates::read(line.text).is_none()
                && !prose::holds_name(line.text)
                && !is_capital_label(line.text)
                && !line.text.starts_with('@')
                && byline::read(line.raw, false).is_none_or(|b| b.is_empty() && line.words > 2)
        })
        .collect();
    let short = candidates.iter().filter(|at| lines[**at].words <= 5).count();
    candidates
        .into_iter()
        .filter(|&at| {
            let own = prose::stems(lines[at].text);
            let next = Stems::of_all(lines.iter().skip(at + 1).take(2).map(|l| l.text));
            let taken_up = !own.is_disjoint(&next);
            let inside = first_prose.is_some_and(|first| first < at);
            lines[at].words <= 5 && (short >= 2 || (taken_up && inside))
                || (lines[at].words <= 7 && short >= 3 && taken_up)
                || (inside && is_in_marks(lines[at].text))
        })
        .collect()
}

/// Whether all of `text` stands in quotation marks: a heading in someone's words.
fn is_in_marks(text: &str) -> bool {
    text.starts_with(['‘', '\'', '“', '"']) && text.ends_with(['’', '\'', '”', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explainers_ask_of_everybody() {
        for text in [
            "What are fatal accident inquiries?",
            "Special measures: what happens next?",
            "How are harbour deaths investigated?",
        ] {
            assert!(is_explainer(text), "{text}");
        }
        for text in ["Who will pay for that?", "“What are the rules?”", "Is it over?", "She asked what had happened?"]
        {
            assert!(!is_explainer(text), "{text}");
        }
    }

    #[test]
    fn unended_lines_are_told_apart() {
        let article = prose::stems("The sergeant kept an outboard motor in the harbour store for two years");
        for (text, after_body, expected) in [
            ("FERRY BOSS QUITS after pier crash", false, Unended::CapitalLabel),
            ("Missing parrot found in job centre", true, Unended::AfterBody),
            ("Sergeant with the outboard motor", false, Unended::OfArticle),
            ("The lighthouse at dusk", false, Unended::OfArticle),
            ("Missing parrot found in job centre", false, Unended::Strange),
        ] {
            assert_eq!(sort(text, after_body, &article), expected, "{text}");
        }
    }
}
