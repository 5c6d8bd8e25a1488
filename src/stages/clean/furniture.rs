//! What is no article: `config/furniture.toml`, read once and asked by the page rules and the plain-text rules alike.

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    keep: Vec<String>,
    correction: Vec<String>,
    sections: BTreeSet<String>,
    papers: BTreeSet<String>,
    agencies: BTreeMap<String, String>,
    byline: BylineWords,
    appeal: AppealWords,
    rule: Vec<RuleText>,
    page: PageText,
    tail: TailText,
    address: AddressText,
    apart: ApartText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApartText {
    words: usize,
    story: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressText {
    reader: String,
    publisher: String,
    deictic: String,
    reported: String,
    orders: BTreeSet<String>,
    strong_orders: BTreeSet<String>,
    media: Vec<String>,
}

/// How a page speaks to its reader.
struct Address {
    reader: Regex,
    publisher: Regex,
    deictic: Regex,
    reported: Regex,
    orders: BTreeSet<String>,
    strong_orders: BTreeSet<String>,
    media: aho_corasick::AhoCorasick,
}

impl Address {
    fn parse(text: AddressText) -> Result<Self, String> {
        let regex = |p: &str| Regex::new(&ascii(p)).map_err(|e| e.to_string());
        Ok(Self {
            reader: regex(&text.reader)?,
            publisher: regex(&text.publisher)?,
            deictic: regex(&text.deictic)?,
            reported: regex(&text.reported)?,
            orders: text.orders,
            strong_orders: text.strong_orders,
            media: aho_corasick::AhoCorasick::builder()
                .match_kind(aho_corasick::MatchKind::LeftmostLongest)
                .build(text.media)
                .map_err(|e| e.to_string())?,
        })
    }

    /// Whether `text` (with plain marks) speaks to the reader about the page, the paper or an account.
    fn is_met(&self, text: &str) -> bool {
        let media = self.media.find_iter(text).filter(|m| is_word(text, m.start(), m.end())).count();
        if media == 0 || self.reported.is_match(text) {
            return false;
        }
        let reader = self.reader.is_match(text);
        let publisher = self.publisher.is_match(text);
        let deictic = self.deictic.is_match(text);
        let opens = |with: &BTreeSet<String>| {
            text.split_inclusive(['.', '!', '?', ':']).any(|sentence| {
                let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '’').filter(|w| !w.is_empty());
                words.next().is_some_and(|w| with.contains(w))
            })
        };
        let order = opens(&self.orders);
        if text.split(' ').count() <= 14 && opens(&self.strong_orders) {
            return true;
        }
        (order && (reader || publisher || deictic || media >= 2))
            || (reader && (media >= 2 || deictic))
            || (publisher && media >= 2)
    }
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TailText {
    headings: Vec<String>,
    company: String,
    company_signs: Vec<String>,
    writer: String,
}

/// What is appended to an article.
pub(super) struct Tail {
    headings: RegexSet,
    company: Regex,
    company_signs: Vec<String>,
    writer: Regex,
}

impl Tail {
    fn parse(text: TailText) -> Result<Self, String> {
        let regex = |p: &str| Regex::new(&ascii(p)).map_err(|e| e.to_string());
        Ok(Self {
            headings: set(At::Any, &text.headings)?,
            company: regex(&text.company)?,
            company_signs: text.company_signs,
            writer: regex(&text.writer)?,
        })
    }

    /// Whether nothing after a heading of this text, near the end, is the article.
    pub(super) fn is_heading(&self, text: &str) -> bool {
        self.headings.is_match(&plain_marks(text.trim_end_matches([':', '.', '…', ' '])))
    }

    /// Whether `text` and what follows it describe a company.
    pub(super) fn is_company(&self, text: &str, rest: &str) -> bool {
        let lower = rest.to_lowercase();
        self.company.is_match(&plain_marks(text))
            && self.company_signs.iter().filter(|s| lower.contains(s.as_str())).count() >= 2
    }

    /// Whether `text` tells of the writer called `name`.
    pub(super) fn is_about_writer(&self, text: &str, name: &str) -> bool {
        let rest =
            text.strip_prefix(name).or_else(|| text.strip_prefix(name.split_whitespace().next().unwrap_or(name)));
        !name.is_empty()
            && rest.is_some_and(|r| r.starts_with([' ', ',']) && self.writer.is_match(r.trim_start_matches([' ', ','])))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BylineWords {
    desks: BTreeSet<String>,
    roles: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppealWords {
    address: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct PageText {
    #[serde(flatten)]
    words: PageWords,
    error_titles: Vec<String>,
    consent_words: Vec<String>,
    paywall_words: Vec<String>,
}

/// What is furniture by a page's mark-up.
#[derive(Deserialize)]
pub(super) struct PageWords {
    pub(super) drop_tags: Vec<String>,
    pub(super) drop_roles: Vec<String>,
    pub(super) drop_names: Vec<String>,
    pub(super) caption_tags: Vec<String>,
    pub(super) caption_names: Vec<String>,
    pub(super) byline_names: Vec<String>,
    pub(super) date_names: Vec<String>,
    pub(super) standfirst_names: Vec<String>,
    pub(super) keep_names: Vec<String>,
    pub(super) body_names: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum At {
    Whole,
    Start,
    Sentence,
    Any,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    name: String,
    sort: Sort,
    at: At,
    #[serde(default = "default_words")]
    words: usize,
    patterns: Vec<String>,
}

fn default_words() -> usize {
    60
}

struct Rule {
    name: String,
    sort: Sort,
    at: At,
    words: usize,
    set: RegexSet,
}

/// The rules, compiled.
pub(super) struct Furniture {
    keep: RegexSet,
    correction: RegexSet,
    sections: BTreeSet<String>,
    papers: BTreeSet<String>,
    /// Agencies by what is written, in lower case.
    pub(super) agencies: BTreeMap<String, String>,
    /// Words of a post in a byline, in lower case.
    pub(super) roles: BTreeSet<String>,
    /// Posts that many share, in lower case.
    pub(super) desks: BTreeSet<String>,
    appeal_address: Regex,
    appeal_words: Vec<String>,
    rules: Vec<Rule>,
    /// Names of a page's parts.
    pub(super) page: PageWords,
    error_titles: RegexSet,
    /// What is appended to an article.
    pub(super) tail: Tail,
    address: Address,
    apart_words: usize,
    apart_story: Regex,
    /// Words of a page that asks for consent, in lower case.
    pub(super) consent_words: Vec<String>,
    /// Words of a page that shows the beginning of an article only, in lower case.
    pub(super) paywall_words: Vec<String>,
}

/// The rules of the embedded file.
pub(super) static FURNITURE: LazyLock<Furniture> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    Furniture::parse(include_str!("../../../config/furniture.toml")).expect("config/furniture.toml is sound")
});

/// The patterns as one set over lower-case text.
///
/// Word boundaries, digits and white space are ASCII's: with Unicode's the matcher leaves its fast path at the first curly quote.
fn set(at: At, patterns: &[String]) -> Result<RegexSet, String> {
    // A bounded gap costs a state for each of its places; one that ends with the sentence costs one and says the same.
    #[expect(clippy::expect_used, reason = "a literal, compiled by every test of this file")]
    let gap = Regex::new(r"\.\{0,\d+\}(?P<after>\$?)").expect("sound");
    let wrapped = patterns.iter().map(|p| {
        let p = gap.replace_all(p, |c: &regex::Captures<'_>| match c.name("after").map(|m| m.as_str()) {
            Some("$") => c[0].to_owned(),
            _ => "[^.!?]*".to_owned(),
        });
        let p = match at {
            At::Whole => format!(r"^\W*(?:{p})\W*$"),
            At::Start => format!(r"^\W{{0,3}}(?:{p})"),
            At::Sentence => format!(r"(?:^|[.!?…|•:]\W{{0,2}}\s)\W{{0,2}}(?:{p})"),
            At::Any => p.into_owned(),
        };
        ascii(&p)
    });
    RegexSetBuilder::new(wrapped).size_limit(64 << 20).build().map_err(|e| e.to_string())
}

/// `pattern` with the classes that are quick to match. Text has no runs of white space, so a blank is one blank.
fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut chars = pattern.chars();
    let mut class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next().unwrap_or('\\');
                match (next, class) {
                    ('b', false) => out.push_str(r"(?-u:\b)"),
                    ('d', false) => out.push_str("[0-9]"),
                    ('d', true) => out.push_str("0-9"),
                    ('s', _) => out.push(' '),
                    ('w', false) => out.push_str(r"[0-9a-z_\u{df}-\u{24f}]"),
                    ('w', true) => out.push_str(r"0-9a-z_\u{df}-\u{24f}"),
                    ('W', false) => out.push_str("[^0-9a-z_]"),
                    ('S', false) => out.push_str("[^ ]"),
                    _ => {
                        out.push('\\');
                        out.push(next);
                    }
                }
            }
            '[' if !class => {
                class = true;
                out.push(c);
            }
            ']' if class => {
                class = false;
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Longest text that the rules look at, in bytes: more than the longest notice, less than any abuse.
const LONGEST: usize = 6_000;

/// `text` in lower case with one kind of apostrophe and one kind of double quotation mark, as the patterns expect it.
pub(super) fn plain_marks(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '\'' | '‘' | 'ʼ' => '’',
            '“' | '”' | '„' => '"',
            '\u{a0}' | '\u{202f}' => ' ',
            c => c,
        })
        .collect()
}

impl Furniture {
    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let rules = file
            .rule
            .into_iter()
            .map(|r| {
                let set = set(r.at, &r.patterns).map_err(|e| format!("{}: {e}", r.name))?;
                Ok(Rule { name: r.name, sort: r.sort, at: r.at, words: r.words, set })
            })
            .collect::<Result<Vec<_>, String>>()?;
        Ok(Self {
            keep: set(At::Any, &file.keep)?,
            correction: set(At::Any, &file.correction)?,
            sections: file.sections,
            papers: file.papers,
            agencies: file.agencies,
            roles: file.byline.roles,
            desks: file.byline.desks,
            appeal_address: Regex::new(&ascii(&file.appeal.address)).map_err(|e| e.to_string())?,
            appeal_words: file.appeal.words,
            rules,
            page: file.page.words,
            tail: Tail::parse(file.tail)?,
            address: Address::parse(file.address)?,
            apart_words: file.apart.words,
            apart_story: Regex::new(&ascii(&file.apart.story)).map_err(|e| e.to_string())?,
            error_titles: set(At::Any, &file.page.error_titles)?,
            consent_words: file.page.consent_words,
            paywall_words: file.page.paywall_words,
        })
    }

    /// The rule by which `text` is no article, if any.
    pub(super) fn verdict(&self, text: &str) -> Option<Verdict<'_>> {
        self.verdict_at(text, false)
    }

    /// As [`Self::verdict`]; `tail` says that `text` stands at the end, where every sentence may be a prompt.
    pub(super) fn verdict_at(&self, text: &str, tail: bool) -> Option<Verdict<'_>> {
        if text.len() > LONGEST {
            return None;
        }
        let text = plain_marks(text);
        let words = text.split_whitespace().count();
        // A long paragraph is not dropped for what its later sentences ask.
        let opening = if words > if tail { 50 } else { 30 } { first_sentence(&text) } else { &text };
        let speech =
            opens_with_quote(&text) || reports_speech(&text) || (words > 3 && self.address.reported.is_match(&text));
        // A link to another story is a label or a headline, no sentence.
        let sentence = text.trim_end().ends_with('.') && !text.chars().take(32).any(|c| c == ':');
        if self.keep.is_match(&text) {
            return None;
        }
        self.rules
            .iter()
            .filter(|r| words <= r.words)
            .filter(|r| !(speech && r.at != At::Whole && !matches!(r.sort, Sort::Caption | Sort::Related)))
            .filter(|r| !(sentence && words > 4 && r.sort == Sort::Related))
            .find(|r| r.set.is_match(if r.at == At::Sentence { opening } else { &text }))
            .map(|r| Verdict { rule: &r.name, sort: r.sort })
    }

    /// Whether `text` speaks to the reader about the page, the paper or an account, and reports nobody's words.
    pub(super) fn addresses_reader(&self, text: &str) -> bool {
        if text.len() > 400 {
            return false;
        }
        let text = plain_marks(text);
        let quoted = text.contains('"') || text.contains(" ’") || opens_with_quote(&text);
        !quoted && !self.keep.is_match(&text) && self.address.is_met(&text)
    }

    /// Whether `text` is a short line without any sign of a story; it must also share no word with the article to be dropped.
    pub(super) fn tells_no_story(&self, text: &str) -> bool {
        let words = text.split_whitespace().count();
        if words < 3 || words > self.apart_words {
            return false;
        }
        let text = plain_marks(text);
        let quoted = text.contains('"') || text.contains(" ’") || opens_with_quote(&text) || text.ends_with([':', ';']);
        !quoted && !self.keep.is_match(&text) && !self.apart_story.is_match(&text)
    }

    /// Whether `text` is the publisher's note that it changed the article.
    pub(super) fn is_correction(&self, text: &str) -> bool {
        text.len() <= LONGEST && self.correction.is_match(&plain_marks(text))
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

    /// How strongly `text` pleads for money: 2 and more is a plea by itself, 1 belongs to one that stands around it.
    pub(super) fn appeal_strength(&self, text: &str) -> usize {
        if text.len() > LONGEST {
            return 0;
        }
        let text = plain_marks(text);
        if opens_with_quote(&text) || reports_speech(&text) || !self.appeal_address.is_match(&text) {
            return 0;
        }
        let lower = &text;
        let found = self.appeal_words.iter().filter(|w| has_word(lower, w)).count();
        1 + found.saturating_sub(1).min(2)
    }
}

/// Which lines belong to a plea for money, by the strength of each: those that plead, and those between or beside them that
/// plead a little.
pub(super) fn appeal_runs(strength: &[usize]) -> Vec<bool> {
    let near = |range: std::ops::Range<usize>| strength.get(range).is_some_and(|s| s.iter().any(|v| *v >= 2));
    (0..strength.len())
        .map(|at| {
            let before = near(at.saturating_sub(3)..at);
            let after = near(at + 1..(at + 4).min(strength.len()));
            match strength[at] {
                0 => false,
                1 => before && after,
                2 => before || after,
                _ => true,
            }
        })
        .collect()
}

/// The first sentence of `text`, roughly.
fn first_sentence(text: &str) -> &str {
    let end = text
        .match_indices(['.', '!', '?'])
        .find(|(at, _)| text.get(at + 1..).is_some_and(|r| r.starts_with(char::is_whitespace)));
    end.and_then(|(at, _)| text.get(..=at)).unwrap_or(text)
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| is_word(text, at, at + word.len()))
}

/// Whether `text` opens with a quotation mark (a name in marks at the start of a headline counts as well).
pub(super) fn opens_with_quote(text: &str) -> bool {
    matches!(text.trim_start().chars().next(), Some('"' | '“' | '‘' | '’' | '\'' | '«' | '„'))
}

/// Whether `text` quotes someone: a quotation mark and a word of saying.
fn reports_speech(text: &str) -> bool {
    static SAYING: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "a literal, compiled by every test of this file")]
        Regex::new(r"(?-u:\b)(said|says|saying|told|tells|added|adds|wrote|writes|replied|asked|explained|insisted|claimed|warned|posted|tweeted|continued)(?-u:\b)")
            .expect("sound")
    });
    (text.contains('"') || text.contains('“') || text.contains(" ’") || text.contains(" ‘")) && SAYING.is_match(text)
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
