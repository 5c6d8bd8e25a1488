//! The select stage: whether an entry's page is worth a fetch.
//!
//! The gate is wide and never the judge of relevance. In mode `topic` an entry passes by a watched name, a watched
//! keyword, or a word of policing (`config/topic.toml`) in its headline, summary or address. What the page says is
//! judged later, on its whole text.

mod words;

use crate::domain::{FeedId, SelectMode, Watchlist};
use crate::stages::extract::keywords::KeywordMatcher;
use crate::stages::extract::who::known_body_forms;
use serde::Deserialize;
use std::sync::LazyLock;
use url::Url;
use words::{Case, Index, Token, tokens};

/// What was decided about one entry, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Whether its page is fetched.
    pub selected: bool,
    /// Stable name of the rule that decided: `all`, `watched_name`, `keyword`, `topic_word`, `topic_address`,
    /// `topic_words_together`, `nothing_found`.
    pub reason: String,
    /// The words it rests on; empty when nothing was found.
    pub evidence: String,
}

/// Words of a summary in which weak words count; a whole article as summary would always have some.
const SUMMARY_START: usize = 60;

/// The rule by which an entry is passed over that names nothing.
pub const NOTHING_FOUND: &str = "nothing_found";

/// Decides for one watchlist. Building one costs milliseconds; build it once.
#[derive(Debug)]
pub struct Selector {
    /// Forms of watched names, each with the watchlist id.
    names: Index<String>,
    keywords: KeywordMatcher,
}

impl Selector {
    /// The selector for `watchlist`.
    pub fn new(watchlist: &Watchlist) -> Self {
        let mut names = Index::default();
        for person in &watchlist.persons {
            for form in std::iter::once(&person.name).chain(&person.aliases) {
                add_name(&mut names, without_honours(form), &person.id);
            }
            if let Some(surname) = surname(&person.name) {
                names.add(surname, Case::Capitals, person.id.clone());
            }
        }
        for body in &watchlist.bodies {
            for form in std::iter::once(&body.name).chain(&body.aliases) {
                add_name(&mut names, form, &body.id);
            }
            for form in known_body_forms(&body.id) {
                add_name(&mut names, form, &body.id);
            }
        }
        Self { names, keywords: KeywordMatcher::new(&watchlist.keywords) }
    }

    /// Whether the page behind an entry is worth a fetch. `title` and `summary` are plain text, empty where the entry
    /// has none.
    pub fn select(
        &self,
        mode: SelectMode,
        title: &str,
        summary: &str,
        url: Option<&Url>,
        feed: Option<&FeedId>,
    ) -> Selection {
        let yes = |reason: &str, evidence: String| Selection { selected: true, reason: reason.to_owned(), evidence };
        if mode == SelectMode::All {
            return yes("all", String::new());
        }
        let (title_words, summary_words) = (tokens(title), tokens(summary));
        let address = url.map(address_words).unwrap_or_default();
        // A surname alone is lower-case in an address and does not count there.
        for part in [&title_words, &summary_words, &address] {
            if let Some((found, id)) = self.names.find(part) {
                return yes("watched_name", format!("{id}: {found}"));
            }
        }
        if let Some(found) = self.keywords.selects_in(&format!("{title}\n\n{summary}"), feed) {
            return yes("keyword", found);
        }
        if mode == SelectMode::Topic
            && let Some((reason, evidence)) = TOPIC.find(&title_words, &summary_words, &address)
        {
            return yes(reason, evidence);
        }
        Selection { selected: false, reason: NOTHING_FOUND.to_owned(), evidence: String::new() }
    }
}

/// Adds a form of a name. A single word must stand with the capitals of the form: "Met" is not "met".
fn add_name(names: &mut Index<String>, form: &str, id: &str) {
    let words = tokens(form);
    let words = match words.split_first() {
        Some((first, rest)) if first.lower == "the" && !rest.is_empty() => rest,
        _ => &words[..],
    };
    let case = match words {
        [_] => Case::Capitals,
        _ => Case::Any,
    };
    let words: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
    names.add(&words.join(" "), case, id.to_owned());
}

/// `name` without honours and suffixes at its end.
fn without_honours(name: &str) -> &str {
    const HONOURS: &[&str] =
        &["jr", "sr", "kc", "qc", "qpm", "kpm", "obe", "mbe", "cbe", "dbe", "kbe", "mp", "msp", "ms", "mla"];
    let mut rest = name.trim();
    while let Some((before, last)) = rest.rsplit_once(char::is_whitespace) {
        if !HONOURS.contains(&last.trim_matches([',', '.']).to_lowercase().as_str()) {
            break;
        }
        rest = before.trim_end_matches([',', ' ']);
    }
    rest
}

/// The last word of a full name; `None` when it is short or the only word.
fn surname(name: &str) -> Option<&str> {
    let (_, last) = without_honours(name).rsplit_once(char::is_whitespace)?;
    (last.chars().filter(|c| c.is_alphabetic()).count() >= 4).then_some(last)
}

/// The words of an address: host and path.
fn address_words(url: &Url) -> Vec<Token> {
    tokens(&format!("{} {}", url.host_str().unwrap_or_default(), url.path()))
}

/// The lexicon as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicFile {
    masked: Vec<String>,
    group: Vec<GroupFile>,
    address: AddressFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    name: String,
    strong: bool,
    words: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressFile {
    words: Vec<String>,
}

/// The lexicon, ready to match.
#[derive(Debug)]
struct Topic {
    masked: Index<()>,
    strong: Index<String>,
    weak: Index<String>,
    address: Index<String>,
}

static TOPIC: LazyLock<Topic> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program and a test reads it")]
    let file: TopicFile = toml::from_str(include_str!("../../config/topic.toml")).expect("config/topic.toml");
    Topic::new(&file)
});

impl Topic {
    fn new(file: &TopicFile) -> Self {
        let mut topic = Self {
            masked: Index::default(),
            strong: Index::default(),
            weak: Index::default(),
            address: Index::default(),
        };
        for phrase in &file.masked {
            topic.masked.add(phrase, Case::Any, ());
        }
        for group in &file.group {
            let index = if group.strong { &mut topic.strong } else { &mut topic.weak };
            for word in &group.words {
                index.add(word, Case::Any, group.name.clone());
                if group.strong {
                    topic.address.add(word, Case::Any, group.name.clone());
                }
            }
            for word in &group.exact {
                index.add(word, Case::Exact, group.name.clone());
            }
        }
        for word in &file.address.words {
            topic.address.add(word, Case::Any, "section".to_owned());
        }
        topic
    }

    /// The rule by which an entry passes, and its evidence.
    fn find(&self, title: &[Token], summary: &[Token], address: &[Token]) -> Option<(&'static str, String)> {
        let (title, summary) = (self.masked.without(title), self.masked.without(summary));
        for part in [&title, &summary] {
            if let Some((found, group)) = self.strong.find(part) {
                return Some(("topic_word", format!("{group}: {found}")));
            }
        }
        if let Some((found, group)) = self.address.find(&self.masked.without(address)) {
            return Some(("topic_address", format!("{group}: {found}")));
        }
        let start = summary.get(..SUMMARY_START.min(summary.len())).unwrap_or_default();
        let mut weak = self.weak.find_all(&title);
        weak.extend(self.weak.find_all(start));
        let (first, group) = weak.first()?;
        let (second, other) = weak.iter().find(|(_, other)| other != group)?;
        Some(("topic_words_together", format!("{group}: {first}; {other}: {second}")))
    }
}
