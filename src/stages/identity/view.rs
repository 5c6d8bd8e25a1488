//! A report as it is compared: names, days, telling words, worked out once.

use super::rules::{Repeat, Rules, Subject};
use crate::domain::{DevelopmentType, EntityRef, PartialDate, Report, Span, Status};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// Letters by which a word is known for that of the type: "arrested" and "arrest".
const KIND_LETTERS: usize = 5;

/// A name as it is compared: its words in lower case without titles and ranks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    id: String,
    words: Vec<String>,
}

impl Name {
    pub(super) fn new(entity: &EntityRef, rules: &Rules) -> Self {
        let words = plain_words(&entity.name).into_iter().filter(|w| !rules.titles.contains(w)).collect();
        Self { id: entity.id.clone(), words }
    }

    /// The last word of the name, by which a person is looked up.
    pub(super) fn surname(&self) -> &str {
        self.words.last().map_or(self.id.as_str(), String::as_str)
    }

    /// Whether both may be one: the same id, or one name is part of the other and both end in the same word.
    pub(super) fn same(&self, other: &Self) -> bool {
        if self.id == other.id {
            return true;
        }
        let (short, long) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        !short.words.is_empty()
            && short.words.last() == long.words.last()
            && short.words.iter().all(|w| long.words.contains(w))
    }
}

/// Whether the two lists share someone.
pub(super) fn share(a: &[Name], b: &[Name]) -> bool {
    a.iter().any(|x| b.iter().any(|y| x.same(y)))
}

/// A report with what comparing needs.
#[derive(Debug)]
pub(super) struct View<'a> {
    report: &'a Report,
    rules: &'a Rules,
    pub(super) kind: DevelopmentType,
    pub(super) repeat: Repeat,
    pub(super) slack_days: i32,
    /// Whether what it happens to is a body.
    pub(super) of_body: bool,
    /// Whether one sentence tells only one such event of a person.
    pub(super) one_a_sentence: bool,
    /// Whether it happens to anyone of `who` and `about`.
    pub(super) any: bool,
    /// `who`, then `about`.
    pub(super) persons: Vec<Name>,
    pub(super) bodies: Vec<Name>,
    /// Those of `bodies` that are police forces.
    pub(super) forces: Vec<Name>,
    pub(super) date: Option<PartialDate>,
    pub(super) status: Status,
    /// The day of the article.
    pub(super) day: Date,
    /// Where the evidence stands in its article.
    pub(super) span: Span,
    /// Worked out when first asked for: most pairs of reports are told apart by names and days.
    words: OnceCell<Words>,
}

/// What the words of a report tell.
#[derive(Debug)]
pub(super) struct Words {
    /// Stems of words that tell which event it is.
    pub(super) telling: BTreeSet<String>,
    /// Those of the detail alone.
    pub(super) detail: BTreeSet<String>,
    /// Figures with their unit ("9 month", "£95,000"): lengths, sums, counts.
    pub(super) figures: BTreeSet<String>,
    /// Proper nouns that are none of the participants.
    pub(super) rare: BTreeSet<String>,
    /// Stems of all words of the evidence sentence.
    pub(super) sentence: BTreeSet<String>,
    /// Ages of unnamed participants.
    pub(super) ages: BTreeSet<u8>,
    /// Ranks that its sentence tells, where it names nobody to whom it happens.
    pub(super) ranks: Vec<String>,
    /// The one step that its words tell, if its type has steps.
    pub(super) step: Option<String>,
    /// Words that make it another one of its kind.
    pub(super) again: bool,
    /// Evidence and detail in lower case.
    pub(super) text: String,
}

impl<'a> View<'a> {
    pub(super) fn new(report: &'a Report, at: Timestamp, rules: &'a Rules) -> Self {
        let rule = rules.of(report.kind);
        let names = |list: &[EntityRef]| list.iter().map(|e| Name::new(e, rules)).collect::<Vec<_>>();
        let mut persons = names(&report.who);
        persons.extend(names(&report.about));
        let is_force = |e: &&EntityRef| {
            let name = e.name.to_lowercase();
            rules.forces.iter().any(|ending| name.ends_with(ending.as_str()))
        };
        let forces = report.body.iter().filter(is_force).map(|e| Name::new(e, rules)).collect();
        Self {
            report,
            rules,
            kind: report.kind,
            repeat: rule.repeat,
            slack_days: rule.slack_days,
            of_body: rule.subject == Subject::Body,
            one_a_sentence: rule.one_a_sentence,
            any: rule.subject == Subject::Any,
            persons,
            bodies: names(&report.body),
            forces,
            date: report.date,
            status: report.status,
            day: at.to_zoned_datetime(TimeZone::UTC).date(),
            span: report.evidence.span,
            words: OnceCell::new(),
        }
    }

    pub(super) fn who(&self) -> &[Name] {
        self.persons.get(..self.report.who.len()).unwrap_or(&[])
    }

    pub(super) fn about(&self) -> &[Name] {
        self.persons.get(self.report.who.len()..).unwrap_or(&[])
    }

    /// Whom it happens to.
    pub(super) fn subject(&self) -> &[Name] {
        match (self.of_body, self.any) {
            (true, _) => &self.bodies,
            (_, true) => &self.persons,
            _ => self.who(),
        }
    }

    /// What its words tell.
    pub(super) fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::new(self))
    }
}

impl Words {
    fn new(view: &View<'_>) -> Self {
        let (report, rules) = (view.report, view.rules);
        let rule = rules.of(report.kind);
        let text = format!("{} {}", report.evidence.text, report.detail).to_lowercase();
        let (sentence, particulars) = (plain_words(&report.evidence.text), plain_words(&report.detail));
        let words = [sentence.as_slice(), &particulars].concat();
        let own: BTreeSet<&str> =
            view.persons.iter().chain(&view.bodies).flat_map(|n| n.words.iter().map(String::as_str)).collect();
        // That it is an arrest both tell anyway.
        let kind: Vec<String> =
            report.kind.as_str().split('_').map(|word| word.chars().take(KIND_LETTERS).collect()).collect();
        let tells = |words: &[String]| -> BTreeSet<String> {
            words
                .iter()
                .filter(|w| !kind.iter().any(|k| w.starts_with(k.as_str())))
                .filter(|w| (w.chars().count() > 3 || w.chars().all(char::is_numeric)) && !rules.stopwords.contains(*w))
                .filter(|w| !own.contains(w.as_str()))
                .map(|w| stem(w))
                .collect()
        };
        let telling = tells(&words);
        let detail = tells(&particulars);
        let rare = rare_words(report)
            .iter()
            .map(|w| w.to_lowercase())
            .filter(|w| w.chars().count() > 2 && w.chars().any(char::is_alphabetic))
            .filter(|w| !rules.stopwords.contains(w) && !rules.titles.contains(w) && !own.contains(w.as_str()))
            .collect();
        let mut steps = rule.steps.iter().filter(|(_, cues)| cues.iter().any(|cue| has_phrase(&words, cue)));
        let step = steps.next().map(|(name, _)| name.clone()).filter(|_| steps.next().is_none());
        let mut ages: BTreeSet<u8> = report.unnamed.iter().filter_map(|d| d.age).collect();
        if report.who.is_empty() && ages.is_empty() {
            ages = ages_in(&report.evidence.text);
        }
        Self {
            telling,
            detail,
            figures: figures(&text, &words, rules),
            rare,
            sentence: sentence.iter().map(|w| stem(w)).collect(),
            ages,
            ranks: if report.who.is_empty() { ranks_in(&report.evidence.text, rules) } else { Vec::new() },
            step,
            again: rules.again.iter().any(|phrase| has_phrase(&words, phrase)),
            text,
        }
    }
}

/// Whether the ones that `own` and `other` happen to may be the same, judged without building a view: most candidates
/// of a busy body fall here.
pub(super) fn may_share(own: &View<'_>, other: &Report) -> bool {
    if own.of_body || own.any || own.who().is_empty() || other.who.is_empty() {
        return true;
    }
    let word = |name: &Name, text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.any(|w| name.words.iter().any(|n| n.contains(&w.to_lowercase())))
    };
    own.who().iter().any(|name| other.who.iter().any(|e| e.id == name.id || word(name, &e.name)))
}

/// Words of letters and digits in lower case, inner hyphens and apostrophes kept, a possessive dropped.
pub(super) fn plain_words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for raw in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’'))) {
        let mut lower = raw.to_lowercase();
        if lower.contains('’') {
            lower = lower.replace('’', "'");
        }
        let word = lower.trim_matches(['-', '\'']);
        let word = word.strip_suffix("'s").unwrap_or(word);
        if word.is_empty() {
            continue;
        }
        out.push(if word.len() == lower.len() { lower } else { word.to_owned() });
    }
    out
}

/// A word without the endings of number and tense, roughly: only for comparing.
fn stem(word: &str) -> String {
    for ending in ["ations", "ation", "ings", "ing", "ied", "ies", "edly", "ed", "es", "ly", "s"] {
        if let Some(rest) = word.strip_suffix(ending).filter(|r| r.chars().count() >= 4) {
            return rest.to_owned();
        }
    }
    word.to_owned()
}

fn has_phrase(words: &[String], phrase: &str) -> bool {
    let parts: Vec<&str> = phrase.split(' ').collect();
    words.windows(parts.len()).any(|w| w.iter().map(String::as_str).eq(parts.iter().copied()))
}

/// Ranks in "the sergeant and an inspector"; of a chief constable no constable.
fn ranks_in(text: &str, rules: &Rules) -> Vec<String> {
    let mut text = format!(" {} ", plain_words(text).join(" "));
    let mut out = Vec::new();
    for rank in &rules.ranks {
        let word = format!(" {rank} ");
        if text.contains(&word) {
            text = text.replace(&word, " ");
            out.push(rank.clone());
        }
    }
    out
}

/// Ages in "a constable, 29," and "the 29-year-old".
fn ages_in(text: &str) -> BTreeSet<u8> {
    let mut out = BTreeSet::new();
    let words = plain_words(text);
    for word in &words {
        if let Some(age) = word.strip_suffix("-year-old").and_then(|a| a.parse().ok()) {
            out.insert(age);
        }
    }
    for part in text.split(',').skip(1) {
        let part = part.trim_end_matches('.').trim();
        if part.len() == 2
            && let Ok(age) = part.parse()
        {
            out.insert(age);
        }
    }
    out
}

/// Numbers with the word that follows, in one spelling: "two years and nine months" is "2 year" and "9 month"; sums of
/// money; ages and years are left out.
fn figures(text: &str, words: &[String], rules: &Rules) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for pair in words.windows(2) {
        let number = rules.numbers.iter().position(|n| *n == pair[0]).map(|n| n.to_string());
        let number = number.or_else(|| pair[0].chars().all(char::is_numeric).then(|| pair[0].clone()));
        if let Some(number) = number.filter(|n| n.len() < 4 && pair[1].chars().all(char::is_alphabetic) && n != "1") {
            out.insert(format!("{number} {}", stem(pair[1].strip_suffix('s').unwrap_or(&pair[1]))));
        }
    }
    for sum in text.split_whitespace().filter(|w| w.starts_with(['£', '€', '$'])) {
        out.insert(sum.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned());
    }
    out
}

/// Proper nouns (but for the first word) and numbers of the evidence sentence.
pub(super) fn rare_words(report: &Report) -> Vec<String> {
    let mut out: Vec<String> = report
        .evidence
        .text
        .split_whitespace()
        .enumerate()
        .map(|(n, word)| (n, word.trim_matches(|c: char| !c.is_alphanumeric())))
        .map(|(n, word)| (n, word.trim_end_matches("’s").trim_end_matches("'s")))
        .filter(|(n, w)| w.chars().next().is_some_and(|c| c.is_numeric() || c.is_uppercase() && *n > 0))
        .map(|(_, w)| w.to_owned())
        .collect();
    out.sort();
    out.dedup();
    out.truncate(24);
    out
}

/// Share of the shorter set that the other has too; 0 where the shorter has fewer than `least`.
pub(super) fn overlap(a: &BTreeSet<String>, b: &BTreeSet<String>, least: usize) -> f64 {
    let shorter = a.len().min(b.len());
    if shorter == 0 || shorter < least {
        return 0.0;
    }
    a.intersection(b).count() as f64 / shorter as f64
}
