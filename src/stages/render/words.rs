//! What every form of a digest says in the same words.

use super::safe::{cut, line};
use crate::domain::{AlertClass, AlertKind, Basis, Change, ChangeKind, Digest, DigestItem, Flood, Level, Standing};
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
    if !digest.corrections.is_empty() {
        parts.insert(0, counted(digest.corrections.len() as u64, "correction"));
    }
    if let Some(flood) = &digest.flood {
        parts.push(format!("{} held back", counted(flood.alerts.len() as u64, "alert")));
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
pub(super) const fn kind(item: &DigestItem) -> &'static str {
    item.alert.label()
}

/// What is special to it, where the alert says so.
pub(super) fn detail(item: &DigestItem) -> String {
    match &item.alert.content {
        AlertKind::Development { detail, .. } => phrase(detail, NAME),
        AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => String::new(),
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
        AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => None,
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

/// Most changes shown of one correction; the JSON has all.
pub(super) const MOST_CHANGES: usize = 6;

/// What a change is, before and after, each as one safe line; empty where there is nothing to show.
pub(super) fn change(change: &Change) -> (String, String, String) {
    let what = match change.kind {
        ChangeKind::Withdrawn => format!("The article was withdrawn: {}", change.what),
        ChangeKind::Said => format!("The alert was wrong: {}", change.what),
        ChangeKind::Note => "The publisher corrected the article".to_owned(),
        ChangeKind::NameChanged => format!("Another name: {}", change.what),
        ChangeKind::NameGone | ChangeKind::NameAdded => change.what.clone(),
        ChangeKind::ReportChanged => format!("Told otherwise: {}", change.what),
        ChangeKind::ReportGone => format!("No longer told: {}", change.what),
        ChangeKind::Headline => "The headline changed".to_owned(),
    };
    (cut(&what, SENTENCE), cut(&change.before, SENTENCE), cut(&change.after, SENTENCE))
}

/// `Corrects: Charge, “Sergeant charged”, told 12 May 18:02 [alert 1a2b]`.
pub(super) fn corrects(item: &DigestItem, zone: &str) -> Vec<String> {
    let verb = if item.alert.is_correction() { "Corrects" } else { "Follows up" };
    let one = |c: &crate::domain::Corrected| {
        let (label, headline) = (cut(&c.label, NAME), cut(&c.headline, HEADLINE));
        format!("{verb}: {label}, “{headline}”, alerted {} [alert {}]", when::short_moment(c.raised, zone), c.alert)
    };
    item.alert.corrects.iter().take(MOST_CHANGES).map(one).collect()
}

/// What the flood breaker held back, in sentences.
pub(super) fn flood(flood: &Flood, zone: &str) -> Vec<String> {
    let list = |counts: &[(String, u32)]| {
        let shown: Vec<String> =
            counts.iter().take(MOST_LISTED).map(|(n, c)| format!("{} {c}", cut(n, NAME))).collect();
        let rest = counts.len().saturating_sub(MOST_LISTED);
        shown.join(", ") + &if rest > 0 { format!(", {rest} more") } else { String::new() }
    };
    vec![
        format!(
            "{} came faster than the limit of an hour lets through, from {} to {}, and are held back.",
            counted(flood.alerts.len() as u64, "further alert"),
            when::short_moment(flood.from, zone),
            when::short_moment(flood.to, zone)
        ),
        format!("By source: {}.", list(&flood.by_source)),
        format!("By type: {}.", list(&flood.by_type)),
        "None is lost: conductwatch alerts --held".to_owned(),
    ]
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
