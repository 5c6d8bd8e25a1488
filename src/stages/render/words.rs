//! What every form of a digest says in the same words.

use super::safe::{cut, line, link};
use crate::domain::{
    Alert, AlertClass, AlertKind, Basis, Change, ChangeKind, Corrected, DevelopmentType, Digest, DigestItem,
    DigestStory, Flood, PartialDate, ReadingDoubt, Standing,
};
use crate::stages::digest::when;

/// Most characters of a headline.
pub(super) const HEADLINE: usize = 160;
/// Most characters of a name, a detail or an outlet.
pub(super) const NAME: usize = 120;
/// Most characters of a sentence of evidence.
pub(super) const SENTENCE: usize = 600;
/// Most doubts and most sources shown; the JSON has all.
pub(super) const MOST_LISTED: usize = 8;
/// Most minor items shown of one section; the JSON has all.
pub(super) const MOST_MINOR: usize = 20;
/// Most characters of the sentence of a minor item.
pub(super) const SHORT_SENTENCE: usize = 280;

/// `3 developments, 1 minor · 2 keyword hits · 214 articles read`.
pub(super) fn counts(digest: &Digest) -> String {
    let of_watched = || digest.sections.iter().filter(|s| !s.keyword);
    let minor: usize = of_watched().map(|s| s.minor.len()).sum();
    let followed = digest.corrections.iter().filter(|i| follows_up(i)).count();
    let developments = followed + minor + of_watched().flat_map(|s| &s.stories).map(|s| s.items.len()).sum::<usize>();
    let hits: usize = digest.sections.iter().filter(|s| s.keyword).map(|s| s.minor.len()).sum();
    let mut parts = Vec::new();
    if developments > 0 {
        let minor = if minor > 0 { format!(", {minor} minor") } else { String::new() };
        parts.push(format!("{}{minor}", counted(developments as u64, "development")));
    }
    let corrections = digest.corrections.len() - followed;
    if corrections > 0 {
        parts.insert(0, counted(corrections as u64, "correction"));
    }
    if hits > 0 {
        parts.push(counted(hits as u64, "keyword hit"));
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

/// What kind of thing it is: `Charge`, `Dismissal and misconduct finding`, or `Keyword`.
pub(super) fn kind(item: &DigestItem) -> String {
    let mut labels: Vec<String> = Vec::new();
    for alert in item.alerts() {
        let label = alert.label();
        let label = if labels.is_empty() { label.to_owned() } else { label.to_lowercase() };
        if !labels.iter().any(|l| l.eq_ignore_ascii_case(&label)) {
            labels.push(label);
        }
    }
    match labels.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => labels.concat(),
    }
}

/// What is special to it, where its alerts say so.
pub(super) fn detail(item: &DigestItem) -> String {
    let mut details: Vec<String> = Vec::new();
    for alert in item.alerts() {
        if let AlertKind::Development { detail, date, .. } = &alert.content {
            let detail = if denied(detail, &alert.evidence.text) { "" } else { detail };
            let detail = particulars(detail, *date);
            if !detail.is_empty() && !details.contains(&detail) {
                details.push(detail);
            }
        }
    }
    details.join("; ")
}

/// Whether `evidence` says that it was not so: “would not | let him appeal”. Its words alone would say the opposite.
fn denied(detail: &str, evidence: &str) -> bool {
    let before = evidence.find(detail).filter(|_| !detail.is_empty()).and_then(|at| evidence.get(..at));
    let last = before.and_then(|before| before.split_whitespace().next_back()).unwrap_or("").to_lowercase();
    ["not", "never", "cannot", "without", "nor"].contains(&last.as_str())
        || last.ends_with("n't")
        || last.ends_with("n’t")
}

/// The alerts whose sentences an item shows: of several with one sentence the first.
pub(super) fn quoted(item: &DigestItem) -> Vec<&Alert> {
    let mut out: Vec<&Alert> = Vec::new();
    for alert in item.alerts() {
        if !out.iter().any(|a| a.evidence.text == alert.evidence.text) {
            out.push(alert);
        }
    }
    out
}

/// `alert 4f1c…`, or `alerts 4f1c…, 7b20…`.
pub(super) fn ids(item: &DigestItem) -> (&'static str, Vec<&str>) {
    let ids: Vec<&str> = item.alerts().map(|a| a.id.as_str()).collect();
    (if ids.len() == 1 { "alert" } else { "alerts" }, ids)
}

/// What a cut may leave at either end of words.
const ENDS: [char; 5] = [' ', '.', ',', ';', ':'];

/// Words that lead on to what was cut off.
const DANGLING: [&str; 17] = [
    "and", "or", "but", "who", "which", "while", "after", "before", "as", "a", "an", "the", "of", "to", "in", "with",
    "for",
];

/// What is special to a development, as a reader is shown it: `detail` without what its cut left at its ends; nothing where
/// that tells no more than the type and `date` do.
pub fn particulars(detail: &str, date: Option<PartialDate>) -> String {
    phrase(detail, NAME, date)
}

/// Words taken out of a sentence, without what the cut left at their ends. Nothing where they are too few to tell more than
/// the type and `date` do: "resigned" under the heading of a resignation, "begin on 2 November" beside that day.
fn phrase(words: &str, most: usize, date: Option<PartialDate>) -> String {
    let words = cut(words, most);
    let quotes = |mark: char| words.matches(mark).count();
    // Half a quotation is none.
    let words = match quotes('“') == quotes('”') && quotes('"') % 2 == 0 {
        true => words,
        false => words.replace(['“', '”', '"'], ""),
    };
    let mut words = words.trim_matches(ENDS);
    while let Some((rest, _)) = words.rsplit_once(' ').filter(|(_, last)| DANGLING.contains(last)) {
        words = rest.trim_end_matches(ENDS);
    }
    let count = words.split_whitespace().count();
    let day = |date: PartialDate| date.first_day().strftime("%-d %B").to_string();
    let only_when = count <= 4 && date.is_some_and(|date| words.contains(&day(date)));
    let few = count < 2 || words.ends_with(" that");
    if only_when || few && !words.chars().any(char::is_numeric) { String::new() } else { words.to_owned() }
}

/// When it happened, or `for 3 June 2024` where that lies ahead of the article.
pub(super) fn date(item: &DigestItem, zone: &str) -> Option<String> {
    let AlertKind::Development { date, .. } = &item.alert.content else { return None };
    let ahead = |date: PartialDate| item.alert.published.is_some_and(|at| when::local_day(at, zone) < date.first_day());
    date.map(|date| format!("{}{}", if ahead(date) { "for " } else { "" }, when::date(date)))
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
    let published = item.alert.published.map(|at| when::short_moment(at, item.alert.raised, zone));
    match (outlet, published) {
        (Some(outlet), Some(at)) => format!("{outlet}, {at}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}

/// `9 articles, 2 independent sources`; nothing for a single one.
pub(super) fn sources(item: &DigestItem) -> Option<String> {
    let independent = match item.independent_sources {
        1 => "copies of one text".to_owned(),
        n if n >= item.articles => "independent of each other".to_owned(),
        n => format!("{n} independent sources"),
    };
    (item.articles > 1).then(|| format!("{}, {independent}", counted(u64::from(item.articles), "article")))
}

/// Where else it is told: the name of each outlet (its host where it has none), and the address.
pub(super) fn elsewhere(item: &DigestItem) -> Vec<(String, String)> {
    item.elsewhere
        .iter()
        .filter_map(|l| {
            let url = link(&l.url)?;
            let host = || url::Url::parse(&url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
            let name = l.outlet.as_deref().map(|o| cut(o, 60)).filter(|o| !o.is_empty()).unwrap_or_else(host);
            Some((name, url))
        })
        .collect()
}

/// What the reader should beware of.
pub(super) fn cautions(item: &DigestItem) -> Vec<&'static str> {
    let mut out = Vec::new();
    if item.alert.basis == Basis::HeadlineOnly {
        out.push("Headline only: the page could not be read.");
    }
    if item.amended_since {
        out.push("The article was amended since: read on for what it says now.");
    }
    if matches!(item.alert.content, AlertKind::Development { class: AlertClass::Late, .. }) {
        out.push("Not told before: the article recalls it.");
    }
    for caution in item.alerts().flat_map(|alert| &alert.cautions) {
        if !out.contains(&caution.words()) {
            out.push(caution.words());
        }
    }
    out
}

/// `suspension (10 January 2024); charge: misconduct in public office (2 March 2024)`.
fn standings(known: &[Standing]) -> Option<String> {
    let one = |standing: &Standing| {
        let label = standing.kind.label().to_lowercase();
        let detail = phrase(&standing.detail, 80, standing.date);
        let what = if detail.is_empty() { label } else { format!("{label}: {detail}") };
        let date = standing.date.map(when::date).filter(|date| !what.contains(date.as_str()));
        date.map_or_else(|| what.clone(), |date| format!("{what} ({date})"))
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

/// `Known before: …` and `Due next: …`, each as its name and what follows it.
pub(super) fn around(story: &DigestStory) -> Vec<(&'static str, String)> {
    let known = standings(&story.known_before).map(|known| ("Known before", known));
    known.into_iter().chain(standings(&story.due_next).map(|due| ("Due next", due))).collect()
}

/// Items one after the other that one article brings: it needs naming once.
pub(super) fn by_article(items: &[DigestItem]) -> Vec<&[DigestItem]> {
    items.chunk_by(same_article).collect()
}

/// Whether what brings `item` was all named with the one `before` it: the article, and where else it is told.
pub(super) fn told_alike(before: &DigestItem, item: &DigestItem) -> bool {
    same_article(before, item)
        && (before.articles, before.independent_sources) == (item.articles, item.independent_sources)
        && before.elsewhere == item.elsewhere
}

/// Where an item is told that stands behind another of the same article.
pub(super) fn in_same(item: &DigestItem, alike: bool) -> &'static str {
    if alike && item.articles > 1 { "In the same articles" } else { "In the same article" }
}

/// Whether one version of one article brings both.
pub(super) fn same_article(a: &DigestItem, b: &DigestItem) -> bool {
    (&a.alert.article, a.alert.published, &a.alert.headline) == (&b.alert.article, b.alert.published, &b.alert.headline)
}

/// Whom a statement concerns, where its sentence names none of them: a quotation tells neither who speaks nor of whom.
pub(super) fn unnamed(item: &DigestItem) -> Option<String> {
    let AlertKind::Development { event: DevelopmentType::Statement, who, .. } = &item.alert.content else {
        return None;
    };
    let sentence = item.alert.evidence.text.to_lowercase();
    let stands =
        |name: &str| name.split_whitespace().any(|w| w.chars().count() > 3 && sentence.contains(&w.to_lowercase()));
    let names: Vec<String> = who.iter().filter(|e| !stands(&e.name)).take(3).map(|e| cut(&e.name, 60)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Whether an item tells how a matter ended that was told before, and corrects nothing else.
fn follows_up(item: &DigestItem) -> bool {
    match &item.alert.content {
        AlertKind::Development { event, .. } => *event != DevelopmentType::Correction,
        AlertKind::Keyword { .. } | AlertKind::Correction { .. } | AlertKind::SilentEdit { .. } => false,
    }
}

/// The heading of what puts right what was told.
pub(super) fn corrections(digest: &Digest) -> &'static str {
    let followed = digest.corrections.iter().filter(|i| follows_up(i)).count();
    match (digest.corrections.len() - followed, followed) {
        (0, _) => "Follows up what was told",
        (1, 0) => "Correction",
        (_, 0) => "Corrections",
        _ => "Corrections, and what follows up what was told",
    }
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

/// `Corrects: Charge, “Sergeant charged”, alerted 12 May 18:02 [alert 1a2b]`; several of one headline and moment in one line.
pub(super) fn corrects(item: &DigestItem, zone: &str) -> Vec<String> {
    let verb = |alert: &Alert| if alert.is_correction() { "Corrects" } else { "Follows up" };
    let all: Vec<(&str, &Corrected)> =
        item.alerts().flat_map(|alert| alert.corrects.iter().map(move |c| (verb(alert), c))).collect();
    let of_one = |a: &(&str, &Corrected), b: &(&str, &Corrected)| {
        let at = |c: &Corrected| when::short_moment(c.raised, item.alert.raised, zone);
        (a.0, &a.1.headline, at(a.1)) == (b.0, &b.1.headline, at(b.1))
    };
    let line = |group: &[(&str, &Corrected)]| {
        let (verb, first) = group.first()?;
        let mut labels: Vec<String> = group.iter().map(|(_, c)| cut(&c.label, NAME)).collect();
        labels.dedup();
        let ids: Vec<&str> = group.iter().map(|(_, c)| c.alert.as_str()).collect();
        let (alerts, at) = (
            if ids.len() == 1 { "alert" } else { "alerts" },
            when::short_moment(first.raised, item.alert.raised, zone),
        );
        let headline = cut(&first.headline, HEADLINE);
        Some(format!("{verb}: {}, “{headline}”, alerted {at} [{alerts} {}]", labels.join(", "), ids.join(", ")))
    };
    all.chunk_by(of_one).filter_map(line).take(MOST_CHANGES).collect()
}

/// What could not be told: of one sentence all that it might be, with its doubt.
pub(super) fn doubts(digest: &Digest) -> Vec<(String, &ReadingDoubt)> {
    let of_one = |a: &ReadingDoubt, b: &ReadingDoubt| {
        (&a.doubt.evidence, &a.doubt.reason, &a.url) == (&b.doubt.evidence, &b.doubt.reason, &b.url)
    };
    let one = |group: &[ReadingDoubt]| {
        let mut kinds: Vec<&str> = group.iter().filter_map(|d| d.doubt.kind).map(|k| k.label()).collect();
        kinds.dedup();
        let rest = kinds.iter().skip(1).map(|k| format!(", {}", k.to_lowercase())).collect::<String>();
        kinds.first().map_or_else(String::new, |first| format!("{first}{rest}?"))
    };
    digest.doubts.chunk_by(of_one).filter_map(|group| Some((one(group), group.first()?))).collect()
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
            when::short_moment(flood.from, flood.to, zone),
            when::short_moment(flood.to, flood.to, zone)
        ),
        format!("By source: {}.", list(&flood.by_source)),
        format!("By type: {}.", list(&flood.by_type)),
        "None is lost: conductwatch alerts --held".to_owned(),
    ]
}

/// The line for minor items that are not shown; nothing where all are.
pub(super) fn more_minor(all: usize) -> Option<String> {
    let rest = all.saturating_sub(MOST_MINOR);
    (rest > 0).then(|| format!("{rest} more, not shown: conductwatch alerts lists them"))
}

/// The subject as one line.
pub(super) fn subject(digest: &Digest) -> String {
    let subject = line(&digest.subject);
    cut(&subject, HEADLINE)
}
