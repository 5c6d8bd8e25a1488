//! The subject line: what happened, in one line.

use super::sections::Section;
use super::{Told, event};
use crate::domain::{Alert, DevelopmentType, EntityRef, Flood, Watchlist};

/// Most characters of a subject: mail clients show little more.
pub const MAX_SUBJECT: usize = 110;

/// Most characters of one name in a subject.
const MAX_NAME: usize = 40;

/// Fewest characters that a phrase is cut to; it is counted where there is room for less.
const LEAST_PHRASE: usize = 20;

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
    of_body: bool,
    verbs: Vec<&'static str>,
    labels: Vec<(String, u32)>,
}

impl Phrase {
    fn add(&mut self, told: &Told, home: &str) {
        let Some(event) = event(&told.alert) else {
            self.label("article".to_owned());
            return;
        };
        if told.amended_since {
            self.label(format!("{} (since amended)", lower_first(event.label())));
            return;
        }
        let verb = verb(event);
        if let Some(verb) = verb.filter(|_| told.happened_to.iter().any(|e| e.id == home)) {
            if !self.verbs.contains(&verb) {
                self.verbs.push(verb);
            }
            return;
        }
        // Under a body's name: who it was that was charged. Only in the words of the sentence itself: whom that means by “a
        // police officer” is a guess, and a name in a subject line is none.
        let named = |who: &EntityRef| {
            who.name.split_whitespace().next_back().is_some_and(|name| told.alert.evidence.text.contains(name))
        };
        match (verb, told.happened_to.as_slice()) {
            (Some(verb), [one]) if self.of_body && named(one) => {
                self.label(format!("{} {verb}", cut(&one.name, MAX_NAME)))
            }
            _ => self.label(lower_first(event.label())),
        }
    }

    fn label(&mut self, label: String) {
        match self.labels.iter_mut().find(|(l, _)| *l == label) {
            Some((_, count)) => *count += 1,
            None => self.labels.push((label, 1)),
        }
    }

    /// What happened to them themselves, where something did: for want of room.
    fn short(&self) -> Option<String> {
        let bare = Self { name: self.name.clone(), verbs: self.verbs.clone(), labels: Vec::new(), ..*self };
        (!self.verbs.is_empty() && !self.labels.is_empty()).then(|| bare.text())
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
        let labels = match (verbs.is_empty(), labels.is_empty()) {
            (_, true) => String::new(),
            (true, false) => format!(": {}", labels.join(", ")),
            (false, false) => format!(" (also: {})", labels.join(", ")),
        };
        format!("{}{verbs}{labels}", self.name)
    }
}

/// The subject of a digest, and what it had no room for.
pub(super) struct Headline {
    pub(super) line: String,
    /// One line for each section of which something major is told; empty where the subject says it all.
    pub(super) overview: Vec<String>,
}

/// The subject of a digest that tells `corrections` and `sections`.
///
/// What puts right an earlier alert stands first, then major developments; minor ones and keywords are named only where
/// nothing major is told. What does not fit is counted; what a publisher has put right is always counted by its name, and
/// so is what the flood breaker held back. `prefix` says of what kind the digest is.
pub(super) fn subject(
    sections: &[Section],
    corrections: &[Told],
    flood: Option<&Flood>,
    watchlist: &Watchlist,
    prefix: &str,
) -> Headline {
    let (ours, corrections): (Vec<&Told>, Vec<&Told>) =
        corrections.iter().partition(|t| t.alert.is_correction() || !t.alert.corrects.is_empty());
    let lead = ours.first().map(|first| correction(&first.alert, &first.happened_to, ours.len()));
    let held = flood.map(|f| format!("{} more held back", f.alerts.len()));
    let total: usize = sections.iter().map(|s| s.leads().count()).sum();
    let any_major = sections.iter().any(|s| !s.stories.is_empty());
    let mut phrases: Vec<(Phrase, usize)> = Vec::new();
    for section in sections {
        let minor = if any_major { 0 } else { section.minor.len() };
        let major = section.leads().count() - section.minor.len();
        let chosen: Vec<&Told> = section.leads().take(major + minor).collect();
        if chosen.is_empty() {
            continue;
        }
        let name = short_name(&section.title, &section.id, watchlist);
        let of_body = watchlist.bodies.iter().any(|b| b.id == section.id);
        let mut phrase = Phrase { name, keyword: section.keyword, of_body, verbs: Vec::new(), labels: Vec::new() };
        for told in &chosen {
            phrase.add(told, &section.id);
        }
        phrases.push((phrase, chosen.len()));
    }
    let corrected = match corrections.as_slice() {
        [] => String::new(),
        [one] if phrases.is_empty() && lead.is_none() => {
            format!("correction: {}", cut(&one.alert.headline, MAX_SUBJECT / 2))
        }
        [_] => "1 correction".to_owned(),
        more => format!("{} corrections", more.len()),
    };
    let line =
        |parts: &[String]| format!("{prefix}{}", lead.iter().chain(parts).cloned().collect::<Vec<_>>().join("; "));
    // The most phrases that fit, with the count of what they leave out.
    for shown in (0..=phrases.len()).rev() {
        let told: usize = phrases.iter().take(shown).map(|(_, count)| count).sum();
        let rest = total.saturating_sub(told);
        let more = if rest > 0 { format!("{rest} more") } else { String::new() };
        let tail = [corrected.clone(), more, held.clone().unwrap_or_default()].into_iter().filter(|p| !p.is_empty());
        let mut parts: Vec<String> = phrases.iter().take(shown).map(|(phrase, _)| phrase.text()).chain(tail).collect();
        let mut text = line(&parts);
        let too_long = text.chars().count().saturating_sub(MAX_SUBJECT);
        let room = parts.first().map_or(0, |p| p.chars().count()).saturating_sub(too_long);
        if too_long > 0 && (shown > 1 || shown == 1 && room < LEAST_PHRASE) {
            continue;
        }
        if too_long > 0
            && let Some(first) = parts.first_mut()
        {
            let short = phrases.first().filter(|_| shown > 0).and_then(|(phrase, _)| phrase.short());
            *first = short.filter(|short| short.chars().count() <= room).unwrap_or_else(|| cut(first, room));
            text = cut(&line(&parts), MAX_SUBJECT);
        }
        let all = shown == phrases.len() && too_long == 0;
        let overview =
            if all || !any_major { Vec::new() } else { phrases.iter().map(|(phrase, _)| phrase.text()).collect() };
        return Headline { line: upper_first(&text), overview };
    }
    Headline { line: format!("{prefix}{total} new"), overview: Vec::new() }
}

fn upper_first(text: &str) -> String {
    // Only our own word may stand there in lower case; names are left as they are.
    text.strip_prefix("correction").map_or_else(|| text.to_owned(), |rest| format!("Correction{rest}"))
}

/// The subject of a digest of corrections alone, `first` and others, `count` in all.
pub(super) fn of_corrections(first: &Alert, count: usize) -> String {
    cut(&correction(first, &[], count), MAX_SUBJECT)
}

/// What puts right what earlier digests told, `count` alerts the first of which is `first`: `Silent edit: Ada Marrick and 2
/// more`, or `Ada Marrick acquitted`.
fn correction(first: &Alert, happened_to: &[EntityRef], count: usize) -> String {
    let name = first.tracked_names.first().cloned().or_else(|| first.corrects.first().map(|c| c.headline.clone()));
    let name = cut(name.as_deref().unwrap_or("an earlier alert"), MAX_NAME);
    let own = |e: &EntityRef| first.tracked.first() == Some(&e.id);
    let text = match event(first).and_then(verb).filter(|_| happened_to.iter().any(own)) {
        Some(verb) => format!("{name} {verb}"),
        None => format!("{}: {name}", first.label()),
    };
    if count > 1 { format!("{text} and {} more", count - 1) } else { text }
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
    // Between two words, unless that leaves little.
    let whole = kept.rsplit_once(' ').map(|(whole, _)| whole).filter(|whole| whole.chars().count() > most / 2);
    format!("{}…", whole.unwrap_or(&kept).trim_end())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
