//! The subject line: what happened, in one line.

use super::Told;
use crate::domain::{Alert, AlertKind, DevelopmentType, Flood, Level, Watchlist};

/// Most characters of a subject: mail clients show little more.
pub const MAX_SUBJECT: usize = 110;

/// Most characters of one name in a subject.
const MAX_NAME: usize = 40;

/// The words for what happened to a person, where the event happens to one.
///
/// Only these stand directly behind a name. Everything else is named behind a colon, which says that it concerns the
/// name and no more: "Corran: appeal" holds whoever appealed.
const fn verb(event: DevelopmentType) -> Option<&'static str> {
    use DevelopmentType as T;
    match event {
        T::Arrest => Some("arrested"),
        T::Charge => Some("charged"),
        T::Conviction => Some("convicted"),
        T::Acquittal => Some("acquitted"),
        T::Sentence => Some("sentenced"),
        T::Suspension => Some("suspended"),
        T::MisconductCleared => Some("cleared of misconduct"),
        T::Dismissal => Some("dismissed"),
        T::Resignation => Some("resigned"),
        T::Appointment => Some("appointed"),
        _ => None,
    }
}

/// What one section says in the subject: a name, and what is told of it.
struct Phrase {
    name: String,
    keyword: bool,
    verbs: Vec<&'static str>,
    labels: Vec<(String, u32)>,
}

impl Phrase {
    fn add(&mut self, told: &Told, home: &str) {
        let AlertKind::Development { event, .. } = told.alert.content else {
            self.label("article".to_owned());
            return;
        };
        match verb(event).filter(|_| told.happened_to.iter().any(|id| id == home)) {
            Some(verb) if !self.verbs.contains(&verb) => self.verbs.push(verb),
            Some(_) => {}
            None => self.label(lower_first(event.label())),
        }
    }

    fn label(&mut self, label: String) {
        match self.labels.iter_mut().find(|(l, _)| *l == label) {
            Some((_, count)) => *count += 1,
            None => self.labels.push((label, 1)),
        }
    }

    fn text(&self) -> String {
        if self.keyword {
            let count: u32 = self.labels.iter().map(|(_, n)| n).sum();
            return format!("“{}” in {count} {}", self.name, if count == 1 { "article" } else { "articles" });
        }
        let verbs = match self.verbs.as_slice() {
            [] => String::new(),
            [one] => format!(" {one}"),
            [most @ .., last] => format!(" {} and {last}", most.join(", ")),
        };
        let labels: Vec<String> = self
            .labels
            .iter()
            .map(|(label, count)| if *count == 1 { label.clone() } else { format!("{label} ({count})") })
            .collect();
        let labels = if labels.is_empty() { String::new() } else { format!(": {}", labels.join(", ")) };
        format!("{}{verbs}{labels}", self.name)
    }
}

/// The subject of a digest that tells `sections`, each a name, its watchlist id, and what is told.
///
/// Major developments stand first; minor ones and keywords are named only where nothing major is told. What does not fit
/// is counted.
pub(super) fn subject(sections: &[(String, String, Vec<Told>)], watchlist: &Watchlist, catch_up: bool) -> String {
    let total: usize = sections.iter().map(|(.., told)| told.len()).sum();
    let any_major = sections.iter().flat_map(|(.., told)| told).any(|t| t.alert.level == Level::Major);
    let mut phrases: Vec<(String, usize)> = Vec::new();
    for (name, id, told) in sections {
        let chosen: Vec<&Told> = told.iter().filter(|t| !any_major || t.alert.level == Level::Major).collect();
        let Some(first) = chosen.first() else { continue };
        let keyword = matches!(first.alert.content, AlertKind::Keyword { .. });
        let name = short_name(name, id, watchlist);
        let mut phrase = Phrase { name, keyword, verbs: Vec::new(), labels: Vec::new() };
        for told in &chosen {
            phrase.add(told, id);
        }
        phrases.push((phrase.text(), chosen.len()));
    }
    let prefix = if catch_up { "Catch-up: " } else { "" };
    // The most phrases that fit, with the count of what they leave out.
    for shown in (1..=phrases.len()).rev() {
        let (texts, counts): (Vec<&str>, Vec<usize>) =
            phrases.iter().take(shown).map(|(text, count)| (text.as_str(), *count)).unzip();
        let rest = total.saturating_sub(counts.iter().sum());
        let more = if rest > 0 { format!("; {rest} more") } else { String::new() };
        let line = format!("{prefix}{}{more}", texts.join("; "));
        if line.chars().count() <= MAX_SUBJECT {
            return line;
        }
        if shown == 1 {
            let room = MAX_SUBJECT.saturating_sub(prefix.chars().count() + more.chars().count());
            return format!("{prefix}{}{more}", cut(texts.first().copied().unwrap_or(""), room));
        }
    }
    format!("{prefix}{total} new")
}

/// `subject` with what corrects earlier digests before it, and what is held back behind it.
pub(super) fn with_corrections<'a>(
    subject: &str,
    corrections: impl Iterator<Item = &'a Alert>,
    flood: Option<&Flood>,
) -> String {
    let mut parts = Vec::new();
    let corrections: Vec<&Alert> = corrections.collect();
    if let Some(first) = corrections.first() {
        let about = first.tracked_names.first().cloned().or_else(|| first.corrects.first().map(|c| c.headline.clone()));
        let more = match corrections.len() - 1 {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        parts.push(format!(
            "{}: {}{more}",
            first.label(),
            cut(about.as_deref().unwrap_or("an earlier alert"), MAX_NAME)
        ));
    }
    if !subject.is_empty() && subject != "0 new" {
        parts.push(subject.to_owned());
    }
    if let Some(flood) = flood {
        parts.push(format!("{} more held back", flood.alerts.len()));
    }
    cut(&parts.join("; "), MAX_SUBJECT)
}

/// A body's short form (“GMP”) where its name is long and its user gave one as an alias; else the name.
fn short_name(name: &str, id: &str, watchlist: &Watchlist) -> String {
    let acronym = watchlist.bodies.iter().find(|b| b.id == id && b.name.chars().count() > 20).and_then(|b| {
        b.aliases.iter().find(|a| (2..=8).contains(&a.len()) && a.chars().all(|c| c.is_ascii_uppercase()))
    });
    cut(acronym.map_or(name, String::as_str), MAX_NAME)
}

fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
