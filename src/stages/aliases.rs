//! Aliases for an entry that is to be watched: which forms of the name papers may print.
//!
//! Only proposals: whether one is written is the user's choice, who is shown how it hits in what is stored.

use crate::stages::extract::who::{given_variants, guarded_form, known_body_named, ordinary_word};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Why a form is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The rank or post with the surname.
    Rank,
    /// Initial and surname, with middle names more or less.
    Initials,
    /// Another form of the given name.
    GivenName,
    /// The initial letters of a body's name.
    Acronym,
    /// The user asked for it.
    Asked,
}

impl Ground {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Rank => "rank and surname",
            Self::Initials => "initials",
            Self::GivenName => "short form of the given name",
            Self::Acronym => "acronym",
            Self::Asked => "asked for",
        }
    }
}

/// A form that is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The form.
    pub form: String,
    /// Why.
    pub ground: Ground,
}

#[derive(Debug, Deserialize)]
struct File {
    rank: Vec<Rank>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rank {
    names: Vec<String>,
    forms: Vec<String>,
}

static RANKS: LazyLock<Vec<Rank>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is built in, and a test reads it")]
    let file: File = toml::from_str(include_str!("../../config/ranks.toml")).expect("config/ranks.toml");
    file.rank
});

/// Forms for a person called `name` who holds `roles` ("chief superintendent", "Commissioner of the Met from 2017").
pub fn of_person(name: &str, roles: &[String]) -> Vec<Proposal> {
    let words: Vec<&str> = name.split_whitespace().filter(|w| !is_honour(w)).collect();
    let (Some(given), Some(surname)) = (words.first().copied(), words.last().copied()) else { return Vec::new() };
    let mut out: Vec<Proposal> = Vec::new();
    let mut add = |form: String, ground| {
        if form != name && !out.iter().any(|p| p.form == form) {
            out.push(Proposal { form, ground });
        }
    };
    for role in roles {
        for form in rank_forms(role) {
            add(format!("{form} {surname}"), Ground::Rank);
        }
    }
    if words.len() < 2 {
        return out;
    }
    for variant in given_variants(given) {
        let mut letters = variant.chars();
        let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        add(format!("{first}{} {surname}", letters.as_str()), Ground::GivenName);
    }
    if words.len() > 2 {
        add(format!("{given} {surname}"), Ground::Initials);
    }
    if let Some(initial) = given.chars().next().filter(|_| given.chars().count() > 1) {
        let middle: String = words
            .iter()
            .skip(1)
            .take(words.len() - 2)
            .filter_map(|w| w.chars().next())
            .map(|c| format!("{c} "))
            .collect();
        add(format!("{initial} {middle}{surname}"), Ground::Initials);
    }
    out
}

/// Forms for a body called `name`. What the built-in list has for it is inherited and not proposed.
pub fn of_body(name: &str) -> Vec<Proposal> {
    let mut out = Vec::new();
    if known_body_named(name).is_none()
        && let Some(form) = acronym(name)
    {
        out.push(Proposal { form, ground: Ground::Acronym });
    }
    out
}

/// The initial letters of a name of three words and more that are written large.
fn acronym(name: &str) -> Option<String> {
    let large = name.split([' ', '-']).filter_map(|w| w.chars().next()).filter(|c| c.is_uppercase());
    let letters: String = large.collect();
    (letters.chars().count() >= 3).then_some(letters)
}

/// The forms of the rank that `role` begins with.
fn rank_forms(role: &str) -> &'static [String] {
    let role = role.to_lowercase();
    let title: Vec<&str> = role
        .split_whitespace()
        .take_while(|w| !matches!(*w, "of" | "for" | "at" | "in" | "from" | "since" | "until"))
        .filter(|w| !matches!(*w, "former" | "acting" | "temporary" | "then"))
        .collect();
    let title = title.join(" ");
    RANKS.iter().find(|r| r.names.contains(&title)).map_or(&[], |r| r.forms.as_slice())
}

/// Letters behind or before a name that are no part of it.
fn is_honour(word: &str) -> bool {
    matches!(
        word,
        "Sir" | "Dame" | "Lord" | "Lady" | "Mr" | "Mrs" | "Ms" | "Dr" | "QPM" | "KPM" | "CBE" | "OBE" | "MBE"
    )
}

/// What speaks against a form by itself, for people; `None` where nothing does.
pub fn risk(form: &str) -> Option<String> {
    if let Some(body) = guarded_form(form) {
        return Some(format!(
            "the built-in list takes it for {body} only under conditions; as an alias it would count everywhere"
        ));
    }
    let mut words = form.split_whitespace();
    let (first, more) = (words.next()?, words.next().is_some());
    if more {
        return None;
    }
    if let Some(kind) = ordinary_word(first) {
        return Some(format!("{kind}: it would count wherever it is written large"));
    }
    (first.chars().count() < 3).then(|| "very short: others will have it too".to_owned())
}

/// Whether a form leaves the given name open, so that everybody of that surname may be meant.
pub fn leaves_given_name_open(ground: Ground) -> bool {
    matches!(ground, Ground::Rank | Ground::Initials)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(proposals: &[Proposal]) -> Vec<&str> {
        proposals.iter().map(|p| p.form.as_str()).collect()
    }

    #[test]
    fn forms_of_a_person() {
        for (name, role, expected) in [
            ("Orla Fenn", "", &["O Fenn"][..]),
            (
                "Orla Fenn",
                "Chief Superintendent of Kent Police",
                &["Chief Superintendent Fenn", "Chief Supt Fenn", "Ch Supt Fenn", "O Fenn"],
            ),
            ("Nicholas Sallis", "", &["Nick Sallis", "Nicky Sallis", "Nico Sallis", "N Sallis"]),
            ("Dame Orla Mary Fenn QPM", "acting PC", &["PC Fenn", "Police Constable Fenn", "Orla Fenn", "O M Fenn"]),
            ("Orla Fenn", "novelist", &["O Fenn"]),
            ("Fenn", "", &[]),
        ] {
            let roles: Vec<String> = if role.is_empty() { Vec::new() } else { vec![role.to_owned()] };
            assert_eq!(forms(&of_person(name, &roles)), expected, "{name}, {role}");
        }
    }

    #[test]
    fn forms_of_a_body() {
        for (name, expected) in [
            ("Wexmoor Office for Police Standards", &["WOPS"][..]),
            ("Wexmoor Police", &[]),
            ("Independent Office for Police Conduct", &[]),
        ] {
            assert_eq!(forms(&of_body(name)), expected, "{name}");
        }
    }

    #[test]
    fn risky_forms_are_named() {
        for (form, risky) in [("Fenn", false), ("Reading", true), ("PC Fenn", false), ("Bo", true), ("The", true)] {
            assert_eq!(risk(form).is_some(), risky, "{form}: {:?}", risk(form));
        }
        let guarded = crate::stages::extract::who::known_body_ids().find_map(|_| risk("the Met"));
        assert!(guarded.is_none_or(|r| r.contains("conditions")));
    }

    #[test]
    fn each_rank_has_forms() {
        assert!(RANKS.iter().all(|r| !r.names.is_empty() && !r.forms.is_empty()));
        assert!(RANKS.iter().flat_map(|r| &r.names).all(|n| *n == n.to_lowercase()));
    }
}
