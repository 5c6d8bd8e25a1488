//! What every form of a digest says in the same words.

use super::safe::{cut, line};
use crate::domain::{AlertClass, AlertKind, Basis, Digest, DigestItem, Level, Standing};
use crate::stages::digest::when;

/// Most characters of a headline.
pub(super) const HEADLINE: usize = 160;
/// Most characters of a name, a detail or an outlet.
pub(super) const NAME: usize = 120;
/// Most characters of a sentence of evidence.
pub(super) const SENTENCE: usize = 600;
/// Most doubts and most sources shown; the JSON has all.
pub(super) const MOST_LISTED: usize = 12;

/// `3 developments, 1 minor · 2 keyword hits · 214 articles read`.
pub(super) fn counts(digest: &Digest) -> String {
    let items = || digest.sections.iter().filter(|s| !s.keyword).flat_map(|s| &s.items);
    let developments = items().count();
    let minor = items().filter(|i| i.alert.level == Level::Minor).count();
    let hits: usize = digest.sections.iter().filter(|s| s.keyword).map(|s| s.items.len()).sum();
    let mut parts = Vec::new();
    if developments > 0 {
        let minor = if minor > 0 { format!(", {minor} minor") } else { String::new() };
        parts.push(format!("{}{minor}", counted(developments as u64, "development")));
    }
    if hits > 0 {
        parts.push(counted(hits as u64, "keyword hit"));
    }
    if digest.articles_read > 0 {
        parts.push(format!("{} read", counted(digest.articles_read, "article")));
    }
    parts.join(" · ")
}

/// `1 article`, `2 articles`, `214,000 articles`.
pub(super) fn counted(n: u64, what: &str) -> String {
    let digits = n.to_string();
    let mut number = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            number.push(',');
        }
        number.push(digit);
    }
    format!("{number} {what}{}", if n == 1 { "" } else { "s" })
}

/// What kind of thing it is: `Charge`, or `Keyword`.
pub(super) fn kind(item: &DigestItem) -> &'static str {
    match &item.alert.content {
        AlertKind::Development { event, .. } => event.label(),
        AlertKind::Keyword { .. } => "Keyword",
    }
}

/// What is special to it, where the alert says so.
pub(super) fn detail(item: &DigestItem) -> String {
    match &item.alert.content {
        AlertKind::Development { detail, .. } => phrase(detail, NAME),
        AlertKind::Keyword { .. } => String::new(),
    }
}

/// Words taken out of a sentence, without what the cut left at their ends. Nothing where they are too few to tell more than
/// the type does: "resigned" under the heading of a resignation.
fn phrase(words: &str, most: usize) -> String {
    let words = cut(words, most);
    let words = words.trim_matches([' ', '.', ',', ';', ':']);
    let few = words.split_whitespace().count() < 2 || words.ends_with(" that");
    if few && !words.chars().any(char::is_numeric) { String::new() } else { words.to_owned() }
}

/// When it happened, where the article says so.
pub(super) fn date(item: &DigestItem) -> Option<String> {
    match &item.alert.content {
        AlertKind::Development { date, .. } => date.map(when::date),
        AlertKind::Keyword { .. } => None,
    }
}

/// The article's headline; its address where it has none.
pub(super) fn headline(item: &DigestItem) -> String {
    let headline = cut(&item.alert.headline, HEADLINE);
    if headline.is_empty() {
        cut(item.alert.url.as_deref().unwrap_or("article without a headline"), HEADLINE)
    } else {
        headline
    }
}

/// `Larchester Echo, 14 May 18:02`.
pub(super) fn origin(item: &DigestItem, zone: &str) -> String {
    let outlet = item.alert.outlet.as_deref().map(|o| cut(o, NAME)).filter(|o| !o.is_empty());
    let published = item.alert.published.map(|at| when::short_moment(at, zone));
    match (outlet, published) {
        (Some(outlet), Some(at)) => format!("{outlet}, {at}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}

/// `9 articles, 2 independent`; nothing for a single one.
pub(super) fn sources(item: &DigestItem) -> Option<String> {
    let independent = match item.independent_sources {
        1 => "copies of one".to_owned(),
        n if n >= item.articles => "all independent".to_owned(),
        n => format!("{n} independent"),
    };
    (item.articles > 1).then(|| format!("{}, {independent}", counted(u64::from(item.articles), "article")))
}

/// What the reader should beware of.
pub(super) fn cautions(item: &DigestItem) -> Vec<&'static str> {
    let mut out = Vec::new();
    if item.alert.basis == Basis::HeadlineOnly {
        out.push("Headline only: the page could not be read.");
    }
    if matches!(item.alert.content, AlertKind::Development { class: AlertClass::Late, .. }) {
        out.push("Not told before: the article recalls it.");
    }
    out
}

/// `suspension (10 January 2024); charge: misconduct in public office (2 March 2024)`.
pub(super) fn known_before(known: &[Standing]) -> Option<String> {
    let one = |standing: &Standing| {
        let label = standing.kind.label().to_lowercase();
        let detail = phrase(&standing.detail, 80);
        let what = if detail.is_empty() { label } else { format!("{label}: {detail}") };
        standing.date.map_or_else(|| what.clone(), |date| format!("{what} ({})", when::date(date)))
    };
    (!known.is_empty()).then(|| known.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// The names of the others that it is about, as one line.
pub(super) fn also_about(item: &DigestItem) -> Option<String> {
    let names: Vec<String> = item.also_about.iter().map(|n| cut(n, NAME)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// `All 61 sources healthy.` or `58 of 61 sources healthy.`; nothing where no source is counted.
pub(super) fn sources_state(digest: &Digest) -> Option<String> {
    let s = &digest.sources;
    match (s.total, s.healthy) {
        (0, _) => None,
        (1, 1) => Some("The one source is healthy.".to_owned()),
        (total, healthy) if healthy >= total => Some(format!("All {total} sources healthy.")),
        (total, healthy) => Some(format!("{healthy} of {} healthy.", counted(u64::from(total), "source"))),
    }
}

/// A section's title: the name, or the keyword in quotation marks.
pub(super) fn title(section: &crate::domain::DigestSection) -> String {
    let name = cut(&section.title, NAME);
    if section.keyword { format!("Keyword “{name}”") } else { name }
}

/// The subject as one line.
pub(super) fn subject(digest: &Digest) -> String {
    let subject = line(&digest.subject);
    cut(&subject, HEADLINE)
}
