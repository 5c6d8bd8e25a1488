//! What is no article: `config/furniture.toml`, read once and asked by the page rules and the plain-text rules alike.

mod address;
mod appeal;
mod file;
mod matching;
mod tail;

pub(super) use appeal::appeal_runs;
pub(super) use file::PageWords;
pub(super) use matching::opens_with_quote;

use address::Address;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use appeal::Appeal;
use file::File;
use matching::{At, Needed, ascii, first_sentence, plain_marks, reports_speech, set};
use regex::{Regex, RegexSet};
use serde::Deserialize;
use std::cell::{LazyCell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tail::Tail;

/// What a piece of furniture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    /// Asks the reader for something.
    Prompt,
    /// Leads to another story.
    Related,
    /// Belongs to a picture.
    Caption,
    /// Menu, breadcrumb or tags.
    Menu,
    /// Anything else that works the page.
    Tool,
}

/// A rule that says what something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict<'a> {
    /// Stable name of the rule.
    pub(super) rule: &'a str,
    /// What it is.
    pub(super) sort: Sort,
}

struct Rule {
    name: String,
    sort: Sort,
    at: At,
    words: usize,
    set: RegexSet,
    /// Its bit in [`Plain::may`].
    bit: u64,
}

/// The rules, compiled.
pub(super) struct Furniture {
    keep: RegexSet,
    correction: RegexSet,
    needed: Needed,
    /// As `needed`, for corrections alone.
    correcting: Needed,
    sections: BTreeSet<String>,
    papers: BTreeSet<String>,
    /// What is dated by a line that does not date the page, in lower case.
    pub(super) events: BTreeSet<String>,
    /// Agencies by what is written, in lower case.
    pub(super) agencies: BTreeMap<String, String>,
    /// Words of a post in a byline, in lower case.
    pub(super) roles: BTreeSet<String>,
    /// Posts that many share, in lower case.
    pub(super) desks: BTreeSet<String>,
    appeal: Appeal,
    rules: Vec<Rule>,
    /// Names of a page's parts.
    pub(super) page: PageWords,
    error_titles: RegexSet,
    /// What is appended to an article.
    pub(super) tail: Tail,
    address: Address,
    apart_words: usize,
    apart_story: Regex,
    /// Words of a page that asks for consent.
    consent: AhoCorasick,
    /// Words of a page that shows the beginning of an article only.
    paywall: AhoCorasick,
}

/// The rules of the embedded file.
pub(super) static FURNITURE: LazyLock<Furniture> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    Furniture::parse(include_str!("../../../../config/furniture.toml")).expect("config/furniture.toml is sound")
});

/// The bits of the rules that stand by themselves.
const KEEP: u64 = 1 << 62;
const CORRECTION: u64 = 1 << 63;

/// Longest text that the rules look at, in bytes: more than the longest notice, less than any abuse.
const LONGEST: usize = 6_000;

/// Words of a text of which only the first sentence is asked for prompts, and of one at the end.
const LONG: usize = 30;
const LONG_AT_END: usize = 50;

/// A text as the rules see it, made ready once.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    /// With [`plain_marks`].
    text: String,
    /// Length of the text as it came, in bytes.
    length: usize,
    /// What stands between gaps.
    words: usize,
    /// Bits of the rules that may match it.
    may: u64,
    /// What the rules say of it, once asked.
    verdict: OnceCell<Option<Verdict<'static>>>,
}

impl Plain {
    /// `text`, ready for the embedded rules.
    pub(super) fn new(text: &str) -> Self {
        FURNITURE.ready(text)
    }

    /// As [`Furniture::verdict`].
    pub(super) fn verdict(&self) -> Option<Verdict<'static>> {
        *self.verdict.get_or_init(|| FURNITURE.verdict_of(self, false))
    }

    /// As [`Furniture::verdict_at`].
    pub(super) fn verdict_at(&self, tail: bool) -> Option<Verdict<'static>> {
        // Only of a long text is more read at the end.
        if tail && self.words > LONG { FURNITURE.verdict_of(self, true) } else { self.verdict() }
    }

    /// As [`Furniture::addresses_reader`].
    pub(super) fn addresses_reader(&self) -> bool {
        FURNITURE.addressed(self)
    }

    /// Whether it is a short line without any sign of a story; it must also share no word with the article to be dropped.
    pub(super) fn tells_no_story(&self) -> bool {
        FURNITURE.apart(self)
    }

    /// As [`Furniture::is_correction`].
    pub(super) fn is_correction(&self) -> bool {
        FURNITURE.corrects(self)
    }

    /// How strongly it pleads for money: 2 and more is a plea by itself, 1 belongs to one that stands around it.
    pub(super) fn appeal_strength(&self) -> usize {
        FURNITURE.pleads(self)
    }
}

/// `words` to be looked for in text of any case.
fn words(words: &[String]) -> Result<AhoCorasick, String> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .map_err(|e| e.to_string())
}

impl Furniture {
    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let numbered = || (0..60).map(|n| 1 << n).zip(&file.rule);
        let lists = numbered().map(|(bit, rule)| (bit, rule.patterns.as_slice()));
        let lists = lists.chain([(KEEP, file.keep.as_slice()), (CORRECTION, file.correction.as_slice())]);
        let needed = Needed::parse(lists)?;
        let rules = numbered()
            .map(|(bit, r)| {
                let set = set(r.at, &r.patterns).map_err(|e| format!("{}: {e}", r.name))?;
                Ok(Rule { name: r.name.clone(), sort: r.sort, at: r.at, words: r.words, set, bit })
            })
            .collect::<Result<Vec<_>, String>>()?;
        if rules.len() < file.rule.len() {
            return Err(format!("more than {} rules", rules.len()));
        }
        Ok(Self {
            keep: set(At::Any, &file.keep)?,
            correction: set(At::Any, &file.correction)?,
            needed,
            correcting: Needed::of_raw([(CORRECTION, file.correction.as_slice())])?,
            sections: file.sections,
            papers: file.papers,
            events: file.events,
            agencies: file.agencies,
            roles: file.byline.roles,
            desks: file.byline.desks,
            appeal: Appeal::parse(file.appeal)?,
            rules,
            page: file.page.words,
            tail: Tail::parse(file.tail)?,
            address: Address::parse(file.address)?,
            apart_words: file.apart.words,
            apart_story: Regex::new(&ascii(&file.apart.story)).map_err(|e| e.to_string())?,
            error_titles: set(At::Any, &file.page.error_titles)?,
            consent: words(&file.page.consent_words)?,
            paywall: words(&file.page.paywall_words)?,
        })
    }

    /// `text` as the rules see it.
    fn ready(&self, text: &str) -> Plain {
        let length = text.len();
        let text = plain_marks(text);
        let verdict = OnceCell::new();
        Plain { words: text.split_whitespace().count(), may: self.needed.of(&text), length, text, verdict }
    }

    /// How many different words of a page that asks for consent stand in `text`.
    pub(super) fn consent_words(&self, text: &str) -> usize {
        self.consent.find_overlapping_iter(text).map(|m| m.pattern()).collect::<BTreeSet<_>>().len()
    }

    /// Whether `text` has words of a page that shows the beginning of an article only.
    pub(super) fn is_gated(&self, text: &str) -> bool {
        self.paywall.is_match(text)
    }

    /// The rule by which `text` is no article, if any.
    pub(super) fn verdict(&self, text: &str) -> Option<Verdict<'_>> {
        self.verdict_at(text, false)
    }

    /// As [`Self::verdict`]; `tail` says that `text` stands at the end, where every sentence may be a prompt.
    pub(super) fn verdict_at(&self, text: &str, tail: bool) -> Option<Verdict<'_>> {
        self.verdict_of(&self.ready(text), tail)
    }

    fn verdict_of(&self, plain: &Plain, tail: bool) -> Option<Verdict<'_>> {
        if plain.length > LONGEST {
            return None;
        }
        let (text, words) = (plain.text.as_str(), plain.words);
        // A long paragraph is not dropped for what its later sentences ask.
        let opening = if words > if tail { LONG_AT_END } else { LONG } { first_sentence(text) } else { text };
        let speech = LazyCell::new(|| {
            opens_with_quote(text) || reports_speech(text) || (words > 3 && self.address.reported.is_match(text))
        });
        // A link to another story is a label or a headline, no sentence.
        let sentence = text.trim_end().ends_with('.') && !text.chars().take(32).any(|c| c == ':');
        let kept = LazyCell::new(|| self.keeps(plain));
        self.rules
            .iter()
            .filter(|r| plain.may & r.bit != 0 && words <= r.words)
            .filter(|r| !(sentence && words > 4 && r.sort == Sort::Related))
            .filter(|r| r.set.is_match(if r.at == At::Sentence { opening } else { text }))
            .find(|r| !(r.at != At::Whole && !matches!(r.sort, Sort::Caption | Sort::Related) && *speech))
            .filter(|_| !*kept)
            .map(|r| Verdict { rule: &r.name, sort: r.sort })
    }

    fn keeps(&self, plain: &Plain) -> bool {
        plain.may & KEEP != 0 && self.keep.is_match(&plain.text)
    }

    /// Whether `text` speaks to the reader about the page, the paper or an account, and reports nobody's words.
    pub(super) fn addresses_reader(&self, text: &str) -> bool {
        text.len() <= 400 && self.addressed(&self.ready(text))
    }

    fn addressed(&self, plain: &Plain) -> bool {
        if plain.length > 400 {
            return false;
        }
        let text = plain.text.as_str();
        let quoted = text.contains('"') || text.contains(" ’") || opens_with_quote(text);
        !quoted && !self.keeps(plain) && self.address.is_met(text)
    }

    fn apart(&self, plain: &Plain) -> bool {
        if plain.words < 3 || plain.words > self.apart_words {
            return false;
        }
        let text = plain.text.as_str();
        let quoted = text.contains('"') || text.contains(" ’") || opens_with_quote(text) || text.ends_with([':', ';']);
        !quoted && !self.keeps(plain) && !self.apart_story.is_match(text)
    }

    /// Whether `text` has a word of a story: something happened, or somebody is told of.
    pub(super) fn has_story_sign(&self, text: &str) -> bool {
        self.apart_story.is_match(&plain_marks(text))
    }

    /// Whether `text` is the publisher's note that it changed the article.
    pub(super) fn is_correction(&self, text: &str) -> bool {
        // Most texts that are asked, and the longest, hold no word of such a note.
        text.len() <= LONGEST && self.correcting.of(text) != 0 && self.correction.is_match(&plain_marks(text))
    }

    fn corrects(&self, plain: &Plain) -> bool {
        plain.length <= LONGEST && plain.may & CORRECTION != 0 && self.correction.is_match(&plain.text)
    }

    /// Whether `text` is the name of a paper or station: a few capitalised words, the last of which papers are called by.
    pub(super) fn is_outlet(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        (2..=5).contains(&words.len())
            && words
                .iter()
                .all(|w| w.chars().next().is_some_and(char::is_uppercase) || matches!(*w, "of" | "the" | "and" | "&"))
            && words.last().is_some_and(|w| self.papers.contains(&w.to_lowercase()))
    }

    /// Whether a page with this title stands for a fault.
    pub(super) fn is_error_title(&self, title: &str) -> bool {
        self.error_titles.is_match(&plain_marks(title))
    }

    /// Whether `text` is made of names of a paper's parts only ("Culture TV & radio").
    pub(super) fn is_section_label(&self, text: &str) -> bool {
        if text.len() > 100 {
            return false;
        }
        let words: Vec<String> = plain_marks(text)
            .split(|c: char| !(c.is_alphanumeric() || c == '’'))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect();
        !words.is_empty() && words.len() <= 6 && words.iter().all(|w| self.sections.contains(w))
    }

    fn pleads(&self, plain: &Plain) -> usize {
        if plain.length > LONGEST { 0 } else { self.appeal.strength(&plain.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rules_are_sound() {
        assert!(!FURNITURE.rules.is_empty());
        let mut names: Vec<_> = FURNITURE.rules.iter().map(|r| r.name.as_str()).collect();
        names.dedup();
        assert!(names.iter().all(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '-')), "{names:?}");
    }

    #[test]
    fn furniture_is_named_by_its_form() {
        for (text, rule) in [
            ("Sign up to the Harbour Post’s weekly newsletter.", "newsletter-prompt"),
            ("We and our 97 partners store and access information on a device.", "cookie-notice"),
            ("READ MORE: Sergeant cleared of theft", "related-label"),
            ("Share this page: Email | Print", "share-tool"),
            ("The quay this morning. Picture: Nell Farrow", "picture-credit"),
            ("The quay this morning (Nell Farrow/PA)", "picture-credit"),
            ("Image source, Getty Images", "image-label"),
            ("Comments are closed on this article.", "comment-prompt"),
            ("Do you know more? Email our newsdesk.", "tip-line"),
            ("© Harbour Post 2024. All rights reserved.", "publisher-footer"),
            ("Evening with Ann Orr 7pm - 10pm", "programme-slot"),
            ("Listen to this article", "player"),
        ] {
            assert_eq!(FURNITURE.verdict(text).map(|v| v.rule), Some(rule), "{text}");
        }
    }

    #[test]
    fn the_article_is_no_furniture() {
        for text in [
            "Anyone with information can call the force on 101, quoting reference 12/345.",
            "“Sign up to our plan,” she told the meeting, “and we will see.”",
            "She said the officer had subscribed to a channel that shared the pictures.",
            "Constables were told to share information with the council.",
            "We looked at 31 searches carried out at four stations.",
            "The force said it would support the family of the man.",
            "The inquiry published its report on Monday.",
        ] {
            assert_eq!(FURNITURE.verdict(text), None, "{text}");
        }
    }

    #[test]
    fn a_correction_is_known_in_any_wording() {
        for text in [
            "This article was amended on 3 May 2024 because an earlier version misspelled a name.",
            "• The headline of this story has been corrected.",
            "Correction (4 June): the officer is a sergeant.",
            "An earlier version of this report gave the wrong rank.",
        ] {
            assert!(FURNITURE.is_correction(text), "{text}");
        }
        assert!(!FURNITURE.is_correction("The policy was amended on 3 May after the report was published."));
    }
}
