//! Two versions of one article, compared by sentence.

use super::rules::{Rules, rules};
use crate::domain::{
    Article, Basis, BlockKind, Change, ChangeKind, DevelopmentType, EntityKind, EventStage, Extraction, Report,
};
use crate::stages::extract::doc::Doc;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// Share of words in common from which one sentence may stand in the place of another.
const LIKE: f64 = 0.5;
/// Share of words in common from which a sentence was only polished.
const POLISHED: f64 = 0.75;

/// One version of an article.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// The article.
    pub article: &'a Article,
    /// What was found in it.
    pub found: &'a Extraction,
}

/// A sentence, and the form in which it is compared.
struct Sentence {
    text: String,
    normal: String,
}

/// A version taken apart.
struct Parts<'a> {
    of: Version<'a>,
    sentences: Vec<Sentence>,
    /// The normal forms, for looking up.
    set: BTreeSet<String>,
}

impl<'a> Parts<'a> {
    fn new(of: Version<'a>, rules: &Rules) -> Self {
        let sentences = sentences(of.article, rules);
        let set = sentences.iter().map(|s| s.normal.clone()).collect();
        Self { of, sentences, set }
    }

    fn has(&self, sentence: &str) -> bool {
        self.set.contains(&normal(sentence))
    }

    /// The sentence likest to `text`, and how much they share.
    fn likest(&self, text: &str) -> Option<(&Sentence, f64)> {
        let wanted = normal(text);
        let scored = self.sentences.iter().map(|s| (s, likeness(&wanted, &s.normal)));
        scored.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, share)| *share >= LIKE)
    }

    /// The first sentence that holds `name`.
    fn sentence_with(&self, name: &str) -> String {
        let name = format!(" {} ", normal(name));
        let found = self.sentences.iter().find(|s| format!(" {} ", s.normal).contains(&name));
        found.map_or_else(String::new, |s| s.text.clone())
    }
}

/// `text` as it is compared: lower case, words and numbers alone, one space between.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '£' | '$' | '€' | '%') {
            out.push(c);
        } else if matches!(c, '\'' | '’' | '\u{ad}' | '\u{200b}'..='\u{200f}') {
            // "officer's" is one word, whichever mark it is written with.
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Twice the words in common over all words of both.
fn likeness(a: &str, b: &str) -> f64 {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let (a, b) = (words(a), words(b));
    let all = a.len() + b.len();
    if all == 0 { 0.0 } else { 2.0 * a.intersection(&b).count() as f64 / all as f64 }
}

fn sentences(article: &Article, rules: &Rules) -> Vec<Sentence> {
    let doc = Doc::new(article);
    let standfirst = article.standfirst.as_deref().map(Doc::of_text);
    let mut out = Vec::new();
    for doc in standfirst.iter().chain([&doc]) {
        for sentence in &doc.sentences {
            let text = doc.slice(sentence.span);
            let normal = normal(text);
            if !normal.is_empty() && !rules.is_churn(text) {
                out.push(Sentence { text: text.to_owned(), normal });
            }
        }
    }
    out
}

fn headline(article: &Article, rules: &Rules) -> String {
    normal(&rules.bare_headline(article.headline.as_deref().unwrap_or("")))
}

/// Whether both say the same, word for word, but for what pages change by themselves.
pub fn is_same_text(before: &Article, after: &Article) -> bool {
    let rules = rules();
    let forms = |a: &Article| sentences(a, rules).into_iter().map(|s| s.normal).collect::<Vec<_>>();
    headline(before, rules) == headline(after, rules) && forms(before) == forms(after)
}

/// The words by which `after` says that the article was taken back, if it is a notice in the article's place: most of
/// what stood there is gone.
pub fn withdrawn(before: &Article, after: &Article) -> Option<String> {
    let rules = rules();
    let (old, new) = (sentences(before, rules), sentences(after, rules));
    let left = old.iter().filter(|s| new.iter().any(|n| n.normal == s.normal)).count();
    if left * 2 > old.len() {
        return None;
    }
    let headline = after.headline.as_deref().unwrap_or("");
    let mut texts = new.iter().map(|s| s.text.as_str()).chain([headline]);
    let notice = texts.find(|t| rules.is_withdrawal(t)).map(str::to_owned);
    // An article that tells of another's withdrawal is a full text of its own.
    notice.filter(|_| new.len() <= 8)
}

/// Every change with meaning from `before` to `after`, the weightiest first, and whether a note says so.
///
/// A page that was not to be had at first tells more than the headline and summary that stood for it, in other words. Only who
/// and what it names instead counts, and is no silent edit: the publisher changed nothing.
pub fn compare(before: Version<'_>, after: Version<'_>) -> (Vec<Change>, bool) {
    let rules = rules();
    let (old, new) = (Parts::new(before, rules), Parts::new(after, rules));
    let mut changes = Vec::new();
    if let Some(notice) = withdrawn(before.article, after.article) {
        changes.push(change(ChangeKind::Withdrawn, "a notice stands in place of the article", "", &notice));
        return (changes, true);
    }
    let note = note(&old, &new);
    let explained = note.is_some();
    changes.extend(note);
    names(&old, &new, &mut changes);
    reports(&old, &new, rules, &mut changes);
    let titles = [before.article, after.article].map(|a| a.headline.clone().unwrap_or_default());
    if !titles.iter().any(String::is_empty) && headline(before.article, rules) != headline(after.article, rules) {
        changes.push(change(ChangeKind::Headline, "the headline", &titles[0], &titles[1]));
    }
    changes.sort_by_key(|c| c.kind);
    if before.article.basis == Basis::HeadlineOnly {
        changes.retain(|c| match c.kind {
            ChangeKind::NameChanged | ChangeKind::ReportChanged => true,
            ChangeKind::NameGone => is_told_of_others(c, before.found, after.found),
            _ => false,
        });
        changes.iter_mut().for_each(|c| c.what.push_str(" (by the page, which was not to be had before)"));
        return (changes, true);
    }
    (changes, explained)
}

/// Whether what was told of somebody whom `gone` says to be named no more is told of others: a page that shows but its beginning
/// names nobody either.
fn is_told_of_others(gone: &Change, before: &Extraction, after: &Extraction) -> bool {
    let concerns = |r: &&Report| r.entities().any(|e| gone.concerns.contains(&e.id));
    before.reports.iter().filter(concerns).any(|old| after.reports.iter().any(|new| new.kind == old.kind))
}

fn change(kind: ChangeKind, what: &str, before: &str, after: &str) -> Change {
    let (before, after) = (before.to_owned(), after.to_owned());
    Change { kind, what: what.to_owned(), before, after, event: None, concerns: Vec::new() }
}

/// A correction note that did not stand there before.
fn note(old: &Parts<'_>, new: &Parts<'_>) -> Option<Change> {
    let notes = |parts: &Parts<'_>| -> Vec<String> {
        let blocks = parts.of.article.blocks.iter();
        blocks.filter(|b| b.kind == BlockKind::CorrectionNote).map(|b| b.text.clone()).collect()
    };
    let known: BTreeSet<String> = notes(old).iter().map(|n| normal(n)).collect();
    let added: Vec<String> = notes(new).into_iter().filter(|n| !known.contains(&normal(n))).collect();
    (!added.is_empty()).then(|| change(ChangeKind::Note, "a correction note", "", &added.join(" ")))
}

/// Words of a name, without order.
fn name_words(name: &str) -> BTreeSet<String> {
    normal(name).split(' ').map(str::to_owned).collect()
}

/// A name that a version has: id, name, and whether it matters.
fn named<'a>(version: Version<'a>) -> Vec<(&'a str, &'a str)> {
    let told: BTreeSet<&str> = version.found.reports.iter().flat_map(Report::entities).map(|e| e.id.as_str()).collect();
    let entities = version.found.entities.iter();
    entities
        .filter(|e| e.kind != EntityKind::Place && (e.watched || told.contains(e.key.as_str())))
        .map(|e| (e.key.as_str(), e.name.as_str()))
        .collect()
}

fn names(old: &Parts<'_>, new: &Parts<'_>, changes: &mut Vec<Change>) {
    // A name that either version has in any form is in it, whatever the other makes of it.
    let stands = |name: &str, parts: &Parts<'_>| {
        let words = name_words(name);
        let same = |other: &str| {
            let other = name_words(other);
            words.is_subset(&other) || other.is_subset(&words)
        };
        let entities = &parts.of.found.entities;
        let wanted = format!(" {} ", normal(name));
        entities.iter().any(|e| same(&e.name) || same(&e.key))
            || parts.sentences.iter().any(|s| format!(" {} ", s.normal).contains(&wanted))
    };
    let known = |id: &str, parts: &Parts<'_>| parts.of.found.entities.iter().any(|e| e.key == id);
    let missing = |from: &Parts<'_>, to: &Parts<'_>| -> Vec<(String, String)> {
        named(from.of)
            .into_iter()
            .filter(|(id, name)| !known(id, to) && !stands(name, to))
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .collect()
    };
    let gone = missing(old, new);
    let mut added = missing(new, old);
    for (id, name) in gone {
        let before = mention(&id, &name, old);
        let instead = added
            .iter()
            .position(|(other_id, other)| likeness(&normal(&before), &normal(&mention(other_id, other, new))) >= LIKE);
        let mut made = match instead.map(|at| added.remove(at)) {
            Some((other_id, other)) => {
                let what = format!("{other}, was {name}");
                let mut made = change(ChangeKind::NameChanged, &what, &before, &mention(&other_id, &other, new));
                made.concerns.push(other_id);
                made
            }
            None => {
                let after = new.likest(&before).map_or("", |(s, _)| s.text.as_str());
                change(ChangeKind::NameGone, &format!("{name} is not named any more"), &before, after)
            }
        };
        made.concerns.insert(0, id);
        changes.push(made);
    }
    for (id, name) in added {
        let after = mention(&id, &name, new);
        let mut made = change(ChangeKind::NameAdded, &format!("{name} is named"), "", &after);
        made.concerns.push(id);
        changes.push(made);
    }
}

/// The first sentence that names an entity.
fn mention(id: &str, name: &str, parts: &Parts<'_>) -> String {
    let text = parts.of.article.text();
    let first = parts.of.found.mentions.iter().find(|m| m.entity == id && !m.nominal);
    let words = first.map_or(name, |m| m.span.of(&text));
    parts.sentence_with(words)
}

/// Ids of the persons of a report, or of its bodies where it has none.
fn holders(report: &Report) -> BTreeSet<&str> {
    let persons: BTreeSet<&str> = report.who.iter().chain(&report.about).map(|e| e.id.as_str()).collect();
    if persons.is_empty() { report.body.iter().map(|e| e.id.as_str()).collect() } else { persons }
}

fn reports(old: &Parts<'_>, new: &Parts<'_>, rules: &Rules, changes: &mut Vec<Change>) {
    let told = |parts: &Parts<'_>| -> Vec<Report> {
        parts.of.found.reports.iter().filter(|r| r.certainty.asserted).cloned().collect()
    };
    let (before, after) = (told(old), told(new));
    for report in before.iter().filter(|r| !new.has(&r.evidence.text)) {
        let whose = holders(report);
        let same_kind = after.iter().filter(|r| r.kind == report.kind && !holders(r).is_disjoint(&whose));
        // Of a headline alone the day is only that of its publication.
        let dated = old.of.article.basis != Basis::HeadlineOnly;
        let versions: Vec<(Vec<String>, &Report)> = same_kind.map(|r| (differences(report, r, dated), r)).collect();
        if versions.iter().any(|(found, _)| found.is_empty()) {
            continue;
        }
        let mut made = if let Some((found, now)) = versions.iter().min_by_key(|(found, _)| found.len()) {
            change(ChangeKind::ReportChanged, &found.join("; "), &report.evidence.text, &now.evidence.text)
        } else {
            let others: Vec<&Report> =
                after.iter().filter(|r| !holders(r).is_disjoint(&whose) && !old.has(&r.evidence.text)).collect();
            if others.iter().any(|r| rules.follows(report.kind, r.kind)) {
                continue;
            }
            let near = |r: &&&Report| likeness(&normal(&r.evidence.text), &normal(&report.evidence.text)) >= LIKE;
            match (others.iter().find(near), new.likest(&report.evidence.text)) {
                (Some(now), _) => {
                    let what = format!("{}, was {}", lower(now.kind), lower(report.kind));
                    change(ChangeKind::ReportChanged, &what, &report.evidence.text, &now.evidence.text)
                }
                // Polished, and not to the contrary: that it is not read as before is our own weakness.
                (None, Some((now, share))) if share >= POLISHED && !turned(report, &now.text, rules) => continue,
                (None, now) => {
                    let what = format!("it does not tell of the {} any more", lower(report.kind));
                    let now = now.map_or("", |(s, _)| s.text.as_str());
                    change(ChangeKind::ReportGone, &what, &report.evidence.text, now)
                }
            }
        };
        made.event = Some(report.kind);
        made.concerns = report.entities().map(|e| e.id.clone()).collect();
        made.concerns.sort();
        made.concerns.dedup();
        if !changes.iter().any(|c| c.kind == made.kind && c.what == made.what && c.before == made.before) {
            changes.push(made);
        }
    }
}

fn lower(kind: DevelopmentType) -> String {
    kind.label().to_lowercase()
}

/// What two tellings of one type say differently, each in words. A later stage is progress, a more or less precise date
/// no change; no date is where the earlier one is not `dated` by its text.
fn differences(before: &Report, after: &Report, dated: bool) -> Vec<String> {
    let mut out = Vec::new();
    let names = |r: &Report| r.who.iter().map(|e| e.name.clone()).collect::<Vec<_>>().join(", ");
    let ids = |r: &Report| r.who.iter().map(|e| e.id.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (ids(before), ids(after));
    if !old.is_empty() && !new.is_empty() && !old.is_subset(&new) {
        out.push(format!("who: {}, was {}", names(after), names(before)));
    }
    if let (Some(old), Some(new)) = (before.date, after.date)
        && dated
        && !old.compatible(new)
    {
        out.push(format!("date: {new}, was {old}"));
    }
    let taken_back = after.stage == EventStage::Withdrawn || after.stage < before.stage;
    if before.stage != after.stage && taken_back {
        let word = |stage: EventStage| format!("{stage:?}").to_lowercase();
        out.push(format!("{}, was {}", word(after.stage), word(before.stage)));
    }
    out
}

/// Whether `now` says something else than the sentence of `report`: by a word that turns it, a number or a name.
fn turned(report: &Report, now: &str, rules: &Rules) -> bool {
    let words = |text: &str| -> BTreeSet<String> { normal(text).split(' ').map(str::to_owned).collect() };
    let (old, new) = (words(&report.evidence.text), words(now));
    let name = |w: &str| {
        let starts = |text: &str| {
            let mut all = text.split_whitespace().map(|t| t.trim_matches(|c: char| !c.is_alphanumeric()));
            all.any(|t| normal(t) == w && t.starts_with(char::is_uppercase))
        };
        starts(&report.evidence.text) || starts(now)
    };
    old.symmetric_difference(&new)
        .any(|w| rules.turning.contains(w) || w.contains(|c: char| c.is_ascii_digit()) || name(w))
}

/// Gives each report of `after` whose sentence stood in `before` too the date it had there: "on Monday" means the Monday
/// it meant when it was written, however often the page is changed.
pub fn carry_dates(before: &Extraction, after: &mut Extraction) {
    for report in &mut after.reports {
        let sentence = normal(&report.evidence.text);
        let same = |old: &&Report| old.kind == report.kind && normal(&old.evidence.text) == sentence;
        if let Some(old) = before.reports.iter().find(same) {
            report.date = old.date;
            report.certainty.dated = old.certainty.dated;
        }
    }
}
