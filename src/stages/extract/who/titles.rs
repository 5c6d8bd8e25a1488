//! What a title tells: a rank and how high, an office, man or woman.

use super::lexicon::{Class, lexicon};

/// Man or woman, where a title or a given name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    /// "Mr", "John".
    Male,
    /// "Dame", "Joan".
    Female,
}

/// Whether a word of `title` is of `class`.
pub(super) fn has_class(title: &str, class: Class) -> bool {
    title.split(' ').any(|w| lexicon().class(w).has(class))
}

/// Whether a title is a police rank.
pub(super) fn is_rank(title: &str) -> bool {
    title.split(' ').any(|w| lexicon().class(w).has(Class::RANK) && !lexicon().class(w).has(Class::TITLE))
}

/// Whether a title is a councillor's.
pub(super) fn is_civic(title: &str) -> bool {
    title.split(' ').any(|w| matches!(w, "cllr" | "coun" | "councillor"))
}

/// The level of a commissioner.
pub(super) const COMMISSIONER: u8 = 16;

/// How high a rank is; equal for a rank and its abbreviation.
pub(super) fn rank_level(title: &str) -> Option<u8> {
    if title.is_empty() {
        return None;
    }
    let has = |w: &[&str]| title.split([' ', '/']).any(|t| w.contains(&t));
    let chief = has(&["chief", "ch"]);
    Some(if has(&["dac"]) || has(&["deputy"]) && has(&["assistant"]) && has(&["commissioner"]) {
        11
    } else if has(&["acc"]) || has(&["assistant"]) && has(&["constable"]) {
        9
    } else if has(&["dcc"]) || has(&["deputy"]) && has(&["constable"]) {
        12
    } else if has(&["ac"]) || has(&["assistant"]) && has(&["commissioner"]) {
        13
    } else if has(&["deputy"]) && has(&["commissioner"]) {
        14
    } else if has(&["cc"]) || chief && has(&["constable"]) {
        15
    } else if has(&["commissioner"]) {
        COMMISSIONER
    } else if has(&["commander", "cdr"]) {
        8
    } else if has(&["dcs", "csupt"]) || chief && has(&["superintendent", "supt"]) {
        7
    } else if has(&["superintendent", "supt", "dsu", "dsupt"]) {
        6
    } else if has(&["dci", "ci"]) || chief && has(&["inspector", "insp"]) {
        5
    } else if has(&["inspector", "insp", "di"]) {
        4
    } else if has(&["sergeant", "sgt", "ps", "ds"]) {
        3
    } else if has(&["constable", "pc", "wpc", "dc", "wdc", "sc", "con"]) {
        2
    } else if has(&["pcso"]) {
        1
    } else {
        return None;
    })
}

/// The sex that a title tells.
pub(super) fn title_sex(title: &str) -> Option<Sex> {
    for word in title.split(' ') {
        let class = lexicon().class(word);
        if class.has(Class::TITLE_M) {
            return Some(Sex::Male);
        }
        if class.has(Class::TITLE_F) || matches!(word, "wpc" | "wdc") {
            return Some(Sex::Female);
        }
    }
    None
}

/// The sex that a given name tells.
pub(super) fn given_sex(given: &str) -> Option<Sex> {
    let class = lexicon().class(given);
    match (class.has(Class::MALE), class.has(Class::FEMALE), class.has(Class::EITHER)) {
        (true, false, false) => Some(Sex::Male),
        (false, true, false) => Some(Sex::Female),
        _ => None,
    }
}
