//! Who wrote it: names, and the agency apart from them.

use super::furniture::FURNITURE;

/// Who wrote an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Byline {
    /// Names, in order; a desk ("Argus newsdesk") where the page gives it as the writer.
    pub(super) names: Vec<String>,
    /// The agency.
    pub(super) agency: Option<String>,
}

impl Byline {
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.agency.is_none()
    }

    pub(super) fn merge(&mut self, other: Self) {
        for name in other.names {
            self.add(name);
        }
        self.agency = self.agency.take().or(other.agency);
    }

    /// Adds a name, unless it is known, alone or as the end of what is added ("Biography Orla Finch").
    fn add(&mut self, name: String) {
        let lower = name.to_lowercase();
        if !self.names.iter().any(|n| lower.ends_with(&n.to_lowercase())) {
            self.names.push(name);
        }
    }
}

/// Words that open a byline; the longest first.
const OPENERS: [&str; 24] = [
    "story and pictures by",
    "words and pictures by",
    "words and pictures:",
    "words and photos by",
    "story & pictures:",
    "story and photos by",
    "live reporting by",
    "reporting by",
    "reported by",
    "written by",
    "words by",
    "report by",
    "story by",
    "posted by",
    "article by",
    "author:",
    "words:",
    "reporter:",
    "report:",
    "writer:",
    "byline:",
    "text:",
    "from our",
    "by",
];

/// Strips "By" and its like; `None` when there is none.
fn opener(text: &str) -> Option<&str> {
    OPENERS.iter().find_map(|o| {
        let (_, rest) = text.split_at_checked(o.len()).filter(|(start, _)| start.eq_ignore_ascii_case(o))?;
        let apart = o.ends_with(':') || rest.starts_with([' ', ':', '\u{a0}']);
        apart.then(|| rest.trim_start_matches([':', ' ', '\u{a0}']).trim())
    })
}

/// Whether `text` opens like a byline ("Story by") and a name follows.
pub(super) fn opens(text: &str) -> bool {
    opener(text).is_some_and(|rest| split(rest).first().is_some_and(|first| is_name(first)))
}

/// Whether `text` is a line of writers that says so, by an opener or by their post ("Orla Finch, court reporter").
pub(super) fn is_signed(text: &str) -> bool {
    (opener(text).is_some() || has_role(text)) && read(text, false).is_some_and(|b| !b.names.is_empty())
}

/// Whether `word` looks like part of a name.
fn name_word(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let first = letters.next();
    first.is_some_and(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
}

/// "Orla Finch (now)": the name without the part of the day in which its bearer wrote a live page.
fn without_shift(part: &str) -> &str {
    let shift = |s: &str| s.ends_with(')') && s.chars().all(|c| c.is_lowercase() || matches!(c, ' ' | ')'));
    part.split_once(" (").filter(|(_, s)| shift(s)).map_or(part, |(name, _)| name)
}

/// Whether `part` tells how old the article is or how long it takes to read ("4h", "2 min read").
fn is_span(part: &str) -> bool {
    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['-', ' ']).to_lowercase();
    let unit = rest.trim_end_matches(" ago").trim_end_matches(" read");
    rest.len() < part.len()
        && matches!(
            unit,
            "m" | "min" | "mins" | "minute" | "minutes" | "h" | "hr" | "hrs" | "hour" | "hours" | "d" | "day" | "days"
        )
}

/// Names of accounts that are nobody's.
const NOBODY: [&str; 5] = ["admin", "administrator", "webmaster", "wpadmin", "root"];

/// Small words inside names.
const PARTICLES: [&str; 14] = ["de", "da", "di", "du", "van", "von", "der", "den", "la", "le", "al", "bin", "el", "y"];

/// Whether `text` looks like a person's name: two to five words of it.
pub(super) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|w| name_word(w) || PARTICLES.contains(w))
        && words.first().is_some_and(|w| name_word(w))
        && words.last().is_some_and(|w| name_word(w) && w.chars().count() > 1)
        && !words.iter().any(|w| FURNITURE.roles.contains(&w.to_lowercase()))
        && !FURNITURE.is_section_label(text)
}

/// Longest name of an agency, with what stands around it, in bytes.
const LONGEST_AGENCY: usize = 60;

/// The agency that `text` names, if it names one.
pub(super) fn agency(text: &str) -> Option<String> {
    if text.len() > LONGEST_AGENCY {
        return None;
    }
    let key = text.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    FURNITURE.agencies.get(&key).cloned()
}

fn has_role(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|w| FURNITURE.roles.contains(&w.to_lowercase()))
}

/// `text` in capitals as a name is written: "ROSALIND TEW" becomes "Rosalind Tew".
fn unshout(text: &str) -> String {
    if text.chars().any(char::is_lowercase) {
        return text.to_owned();
    }
    let mut start = true;
    text.chars()
        .flat_map(|c| {
            let out: Vec<char> = if start { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
            start = !c.is_alphabetic();
            out
        })
        .collect()
}

/// Reads a byline. Without "By" or the like, every part must be a name, a post or an agency.
///
/// `sure` is for texts that are known to be bylines (an author's mark-up): a single odd name is then taken as it stands.
pub(super) fn read(text: &str, sure: bool) -> Option<Byline> {
    let text = text
        .trim()
        .trim_matches(|c: char| matches!(c, '|' | ',' | '•' | '·' | '-' | '–' | '—' | '.' | ':' | '/'))
        .trim();
    let (explicit, body) = match opener(text) {
        Some(rest) => (true, rest),
        None => (sure, text),
    };
    let paper = !explicit && FURNITURE.is_outlet(body) && agency(body).is_none() && !has_role(body);
    if body.is_empty() || body.chars().count() > 160 || paper {
        return None;
    }
    let mut byline = Byline::default();
    let mut left: Vec<String> = Vec::new();
    for part in split(body) {
        let part = part.trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '\'' && c != '’');
        if part.is_empty() || part.starts_with('@') || is_span(part) || NOBODY.contains(&part.to_lowercase().as_str()) {
            continue;
        }
        let (part, supplied) = without_agency(without_shift(part));
        byline.agency = byline.agency.take().or(supplied);
        let placed = part
            .split_once(" at ")
            .or_else(|| part.split_once(" in "))
            .or_else(|| part.split_once(" for "))
            .map_or(part, |(name, _)| name);
        if let Some(found) = agency(part) {
            byline.agency = byline.agency.or(Some(found));
        } else if is_name(placed) {
            byline.add(unshout(placed));
        } else if let Some(name) = leading_name(part, byline.names.is_empty()) {
            byline.add(name);
        } else if let Some(name) = name_after_post(part).filter(|_| explicit) {
            byline.add(unshout(name));
        } else {
            left.push(part.to_owned());
        }
    }
    let post = |p: &String| p.split_whitespace().count() <= 5 && has_role(p);
    let posts_only = left.iter().all(post);
    if byline.names.is_empty() && byline.agency.is_none() {
        let first = left.first()?;
        // "webteam": the name of an account.
        let account = !first.contains(char::is_whitespace) && !first.chars().any(char::is_uppercase);
        let named = first.chars().any(char::is_uppercase) || has_role(first);
        if explicit && named && !account && first.split_whitespace().count() <= 5 {
            byline.names.push(unshout(first.trim_start_matches("a ").trim_start_matches("our ")));
        } else if !posts_only {
            return None;
        }
    } else if !explicit && !posts_only {
        return None;
    }
    Some(byline)
}

/// "Jill Lark Associated Press": the name and the agency that nothing separates from it.
fn without_agency(part: &str) -> (&str, Option<String>) {
    let found = part.match_indices(' ').skip(1).find_map(|(at, _)| {
        let name = agency(part.get(at + 1..)?)?;
        Some((part.get(..at)?, Some(name)))
    });
    found.unwrap_or((part, None))
}

/// "Kieran Lomas Crime reporter": the name before a post that nothing separates from it.
fn leading_name(part: &str, first: bool) -> Option<String> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let role = words.iter().position(|w| FURNITURE.roles.contains(&w.to_lowercase()))?;
    let names = words.iter().take(role.min(2)).copied().collect::<Vec<_>>();
    if words.get(role).is_some_and(|w| FURNITURE.desks.contains(&w.to_lowercase())) {
        return None;
    }
    let topic = names.iter().any(|w| FURNITURE.is_section_label(w));
    (role >= if first { 2 } else { 3 } && words.len() <= 7 && !topic && is_name(&names.join(" ")))
        .then(|| names.join(" "))
}

/// "Local Democracy Reporter Marnie Clegg": the name behind a post that nothing separates from it.
fn name_after_post(part: &str) -> Option<&str> {
    let post = part.split_whitespace().rev().find(|w| FURNITURE.roles.contains(&w.to_lowercase()))?;
    let at = part.rfind(post)? + post.len();
    part.get(at..).map(str::trim).filter(|name| is_name(name))
}

/// The parts of a byline: at commas, "and", "&", bars, handles, wide gaps.
fn split(text: &str) -> Vec<String> {
    let mut spaced = text.replace('\u{a0}', " ");
    // A full stop parts, unless it follows an initial.
    while let Some(at) = spaced
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| spaced.get(..*at).is_some_and(|b| b.chars().rev().take(2).filter(|c| c.is_lowercase()).count() == 2))
    {
        spaced.replace_range(at..at + 2, "\n");
    }
    for mark in [
        " and ", " with ", " & ", " | ", "|", ";", ", ", " / ", " • ", " · ", " – ", " — ", " - ", "  ", " for ",
        " via ",
    ] {
        spaced = spaced.replace(mark, "\n");
    }
    spaced = spaced.replace(" @", "\n@");
    spaced.split('\n').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_names_and_agency() {
        for (text, names, agency) in [
            ("By Orla Finch, PA", vec!["Orla Finch"], Some("PA")),
            ("By Press Association", vec![], Some("PA")),
            ("By Orla Finch and Tam Oduya", vec!["Orla Finch", "Tam Oduya"], None),
            ("By Orla Finch  Crime reporter", vec!["Orla Finch"], None),
            ("By Orla Finch, crime reporter", vec!["Orla Finch"], None),
            ("By Orla Finch @orlaf", vec!["Orla Finch"], None),
            ("By Orla Finch at the County Ground", vec!["Orla Finch"], None),
            ("Live reporting by Orla Finch", vec!["Orla Finch"], None),
            ("Words: Orla Finch.", vec!["Orla Finch"], None),
            ("Story & pictures: Orla Finch", vec!["Orla Finch"], None),
            ("ORLA FINCH", vec!["Orla Finch"], None),
            ("Orla Finch |", vec!["Orla Finch"], None),
            ("Orla Finch, Home Affairs Editor", vec!["Orla Finch"], None),
            ("By Harbour newsdesk", vec!["Harbour newsdesk"], None),
            ("Court reporter", vec![], None),
            ("By Orla E. Finch", vec!["Orla E. Finch"], None),
            ("By Local Democracy Reporter Orla Finch", vec!["Orla Finch"], None),
            ("Orla Finch (now); Tam Oduya (earlier)", vec!["Orla Finch", "Tam Oduya"], None),
            ("Story by Orla Finch • 4h • 2 min read", vec!["Orla Finch"], None),
            ("By ORLA FINCH Associated Press", vec!["Orla Finch"], Some("AP")),
        ] {
            let got = read(text, false).expect(text);
            assert_eq!(
                (got.names, got.agency.as_deref()),
                (names.into_iter().map(str::to_owned).collect(), agency),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_byline() {
        for text in [
            "The quay this morning",
            "Flowers at the scene",
            "Sergeant cleared of theft",
            "Related articles",
            "by clicking here",
        ] {
            assert_eq!(read(text, false), None, "{text}");
        }
    }
}
