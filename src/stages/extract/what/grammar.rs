//! Word classes and verb forms, from `config/grammar.toml`.

use crate::stages::extract::sieve::WordSet;
use foldhash::HashMap;
use serde::Deserialize;
use std::sync::Arc;

/// Classes of a word; a word may have several.
pub(super) mod class {
    pub(in super::super) const DET: u32 = 1;
    pub(in super::super) const POSSESSIVE: u32 = 1 << 1;
    pub(in super::super) const PRONOUN: u32 = 1 << 2;
    pub(in super::super) const RELATIVE: u32 = 1 << 3;
    pub(in super::super) const PREP: u32 = 1 << 4;
    pub(in super::super) const SUB: u32 = 1 << 5;
    pub(in super::super) const CONJ: u32 = 1 << 6;
    pub(in super::super) const MODAL: u32 = 1 << 7;
    pub(in super::super) const BE: u32 = 1 << 8;
    pub(in super::super) const HAVE: u32 = 1 << 9;
    pub(in super::super) const DO: u32 = 1 << 10;
    pub(in super::super) const NEG: u32 = 1 << 11;
    pub(in super::super) const ADV: u32 = 1 << 12;
    pub(in super::super) const NEG_SUBJECT: u32 = 1 << 13;
    pub(in super::super) const PREDICATE: u32 = 1 << 14;
}

/// Forms of a verb.
pub(super) mod form {
    pub(in super::super) const BASE: u8 = 1;
    pub(in super::super) const S: u8 = 2;
    pub(in super::super) const PAST: u8 = 4;
    pub(in super::super) const PART: u8 = 8;
    pub(in super::super) const ING: u8 = 16;
}

/// A verb form: its lemma and which forms it may be.
#[derive(Debug, Clone)]
pub(super) struct VerbForm {
    pub(super) lemma: Arc<str>,
    pub(super) forms: u8,
    /// Whether the word is in the list of verbs, not merely built like one.
    pub(super) known: bool,
    /// Whether its base and third person are nouns as well: "charge", "calls".
    pub(super) noun_like: bool,
}

#[derive(Deserialize)]
struct File {
    det: String,
    possessive: String,
    pronoun: String,
    relative: String,
    preposition: String,
    subordinator: String,
    conjunction: String,
    modal: String,
    be: String,
    have: String,
    #[serde(rename = "do")]
    do_: String,
    negation: String,
    adverb: String,
    no_adverb: String,
    negative_subject: String,
    irregular: String,
    regular: String,
    noun_like: String,
    intransitive: String,
    complement: String,
    predicate: String,
    never_verb: String,
    noun_ing: String,
    describes: String,
    person: String,
    takes_as: String,
}

/// What the lists say of a word.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Bits of [`class`].
    pub(super) class: u32,
    /// A noun unless "be" or a preposition stands before it.
    pub(super) noun_ing: bool,
    /// A participle that tells what someone is: "retired".
    pub(super) describes: bool,
    /// A noun that names a person by what he or she is: "officer".
    pub(super) person: bool,
    /// Told by its ending, not by a list.
    pub(super) by_ending: bool,
    verb: Option<VerbForm>,
    never_verb: bool,
}

/// What they say of a word that none holds.
static UNKNOWN: Entry = Entry {
    class: 0,
    noun_ing: false,
    describes: false,
    person: false,
    by_ending: false,
    verb: None,
    never_verb: false,
};

/// What they say of one that ends as adverbs do: "originally".
static ADVERB: Entry = Entry {
    class: class::ADV,
    noun_ing: false,
    describes: false,
    person: false,
    by_ending: true,
    verb: None,
    never_verb: true,
};

/// The built-in grammar.
#[derive(Debug)]
pub(super) struct Grammar {
    words: HashMap<String, Entry>,
    intransitive: WordSet,
    complement: WordSet,
    takes_as: WordSet,
    no_adverb: WordSet,
    noun_like: WordSet,
}

impl Grammar {
    /// The grammar of `config/grammar.toml`.
    pub(super) fn new() -> Self {
        #[expect(clippy::expect_used, reason = "the file is embedded; a test reads it")]
        let file: File = toml::from_str(include_str!("../../../../config/grammar.toml"))
            .expect("config/grammar.toml is well formed");
        let mut known: HashMap<String, Entry> = HashMap::default();
        for (words, bit) in [
            (&file.det, class::DET),
            (&file.possessive, class::POSSESSIVE),
            (&file.pronoun, class::PRONOUN),
            (&file.relative, class::RELATIVE),
            (&file.preposition, class::PREP),
            (&file.subordinator, class::SUB),
            (&file.conjunction, class::CONJ),
            (&file.modal, class::MODAL),
            (&file.be, class::BE),
            (&file.have, class::HAVE),
            (&file.do_, class::DO),
            (&file.negation, class::NEG),
            (&file.adverb, class::ADV),
            (&file.negative_subject, class::NEG_SUBJECT),
            (&file.predicate, class::PREDICATE),
        ] {
            for word in words.split_whitespace() {
                known.entry(word.to_owned()).or_default().class |= bit;
            }
        }
        for word in file.never_verb.split_whitespace() {
            known.entry(word.to_owned()).or_default().never_verb = true;
        }
        for word in file.describes.split_whitespace() {
            known.entry(word.to_owned()).or_default().describes = true;
        }
        for word in file.person.split_whitespace() {
            known.entry(word.to_owned()).or_default().person = true;
        }
        for word in file.noun_ing.split_whitespace() {
            known.entry(word.to_owned()).or_default().noun_ing = true;
        }
        let mut grammar = Self {
            words: known,
            intransitive: WordSet::parse(&file.intransitive),
            complement: WordSet::parse(&file.complement),
            takes_as: WordSet::parse(&file.takes_as),
            no_adverb: WordSet::parse(&file.no_adverb),
            noun_like: WordSet::parse(&file.noun_like),
        };
        for entry in file.irregular.split(';') {
            let mut words = entry.split_whitespace();
            let (Some(base), Some(past), Some(part)) = (words.next(), words.next(), words.next()) else { continue };
            if base == "be" || base == "have" || base == "do" {
                continue;
            }
            let lemma: Arc<str> = base.into();
            grammar.add(&lemma, base, form::BASE);
            grammar.add(&lemma, past, form::PAST);
            grammar.add(&lemma, part, form::PART);
            grammar.add(&lemma, &third(base), form::S);
            for ing in ings(base) {
                grammar.add(&lemma, &ing, form::ING);
            }
        }
        for base in file.regular.split_whitespace() {
            let lemma: Arc<str> = base.into();
            grammar.add(&lemma, base, form::BASE);
            grammar.add(&lemma, &third(base), form::S);
            for past in pasts(base) {
                grammar.add(&lemma, &past, form::PAST | form::PART);
            }
            for ing in ings(base) {
                grammar.add(&lemma, &ing, form::ING);
            }
        }
        grammar
    }

    fn add(&mut self, lemma: &Arc<str>, word: &str, forms: u8) {
        let noun_like = self.noun_like.contains(lemma);
        let entry = self.words.entry(word.to_owned()).or_default();
        let entry =
            entry.verb.get_or_insert_with(|| VerbForm { lemma: lemma.clone(), forms: 0, known: true, noun_like });
        if entry.lemma == *lemma {
            entry.forms |= forms;
        }
    }

    /// Classes of `word` (lower case).
    pub(super) fn class(&self, word: &str) -> u32 {
        self.entry(word).class
    }

    /// What the lists say of `word` (lower case).
    pub(super) fn entry(&self, word: &str) -> &Entry {
        let adverb = || word.len() > 5 && word.ends_with("ly") && !self.no_adverb.contains(word);
        self.words.get(word).unwrap_or_else(|| if adverb() { &ADVERB } else { &UNKNOWN })
    }

    /// The verb form of `word` (lower case), from the list or by its ending.
    pub(super) fn verb(&self, word: &str) -> Option<VerbForm> {
        self.verb_of(self.entry(word), word)
    }

    /// As [`Self::verb`], where the entry of the word is at hand.
    pub(super) fn verb_of(&self, entry: &Entry, word: &str) -> Option<VerbForm> {
        if entry.never_verb {
            return None;
        }
        if let Some(known) = &entry.verb {
            return Some(known.clone());
        }
        if word.chars().any(|c| !c.is_ascii_lowercase() && c != '-') {
            return None;
        }
        let bare = word.rsplit('-').next().unwrap_or(word);
        if bare != word && bare.len() > 3 {
            // "strip-searched" is in the list; "re-arrested" is a form of the last part.
            let known = self.entry(bare).verb.as_ref();
            if let Some(known) = known.filter(|v| v.forms & (form::PAST | form::ING) != 0) {
                return word.starts_with("re-").then(|| known.clone());
            }
            return None;
        }
        if word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") {
            let stem = word.strip_suffix("ed").unwrap_or(word);
            return Some(VerbForm {
                lemma: base_of(stem).into(),
                forms: form::PAST | form::PART,
                known: false,
                noun_like: false,
            });
        }
        if word.len() > 5 && word.ends_with("ing") {
            let stem = word.strip_suffix("ing").unwrap_or(word);
            return Some(VerbForm { lemma: base_of(stem).into(), forms: form::ING, known: false, noun_like: false });
        }
        None
    }

    /// Whether "as" after this noun is its preposition: "his appointment as chief constable".
    pub(super) fn takes_as(&self, noun: &str) -> bool {
        self.takes_as.contains(noun)
    }

    /// Whether the verb stands without an object.
    pub(super) fn intransitive(&self, lemma: &str) -> bool {
        self.intransitive.contains(lemma)
    }

    /// Whether the verb takes a clause.
    pub(super) fn complement(&self, lemma: &str) -> bool {
        self.complement.contains(lemma)
    }
}

/// The likely base of a verb that the lists do not hold: "chang" is "change", "robb" is "rob".
fn base_of(stem: &str) -> String {
    let mut end = stem.chars().rev();
    let (Some(c), Some(b)) = (end.next(), end.next()) else { return stem.to_owned() };
    let vowel = |c: char| "aeiou".contains(c);
    if c == 'i' {
        return format!("{}y", stem.trim_end_matches('i'));
    }
    if c == b && !vowel(c) && !"lsfz".contains(c) {
        return stem.strip_suffix(c).unwrap_or(stem).to_owned();
    }
    let silent = matches!(c, 'c' | 'v' | 'u' | 'z')
        || c == 's' && vowel(b)
        || c == 'g' && (b != 'n' || stem.ends_with("ang"))
        || stem.ends_with("at") && !stem.ends_with("eat")
        || stem.ends_with("bl")
        || stem.ends_with("rib");
    if silent { format!("{stem}e") } else { stem.to_owned() }
}

fn consonant_y(base: &str) -> Option<&str> {
    base.strip_suffix('y').filter(|s| !s.ends_with(['a', 'e', 'o', 'u']))
}

fn third(base: &str) -> String {
    if let Some(stem) = consonant_y(base) {
        format!("{stem}ies")
    } else if ["s", "sh", "ch", "x", "z"].iter().any(|e| base.ends_with(e)) || base == "go" || base == "do" {
        format!("{base}es")
    } else {
        format!("{base}s")
    }
}

/// The base with its last consonant doubled, where it ends in consonant, vowel, consonant.
fn doubled(base: &str) -> Option<String> {
    let mut end = base.chars().rev();
    let (c, b, a) = (end.next()?, end.next()?, end.next()?);
    let vowel = |c: char| "aeiou".contains(c);
    let consonant_before = !vowel(a) || base.len() > 3 && base.contains("qu") && a == 'u';
    (!vowel(c) && !"wxy".contains(c) && vowel(b) && consonant_before).then(|| format!("{base}{c}"))
}

fn pasts(base: &str) -> Vec<String> {
    if let Some(stem) = consonant_y(base) {
        return vec![format!("{stem}ied")];
    }
    if base.ends_with('e') {
        return vec![format!("{base}d")];
    }
    let mut out = vec![format!("{base}ed")];
    out.extend(doubled(base).map(|d| format!("{d}ed")));
    out
}

fn ings(base: &str) -> Vec<String> {
    if let Some(stem) = base.strip_suffix("ie") {
        return vec![format!("{stem}ying")];
    }
    if base.ends_with('e') && !base.ends_with("ee") {
        return vec![format!("{}ing", base.trim_end_matches('e'))];
    }
    let mut out = vec![format!("{base}ing")];
    out.extend(doubled(base).map(|d| format!("{d}ing")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_their_lemma() {
        let grammar = Grammar::new();
        for (word, lemma, forms) in [
            ("arrested", "arrest", form::PAST | form::PART),
            ("held", "hold", form::PAST | form::PART),
            ("denies", "deny", form::S),
            ("admitted", "admit", form::PAST | form::PART),
            ("quitting", "quit", form::ING),
            ("sworn", "swear", form::PART),
            ("zoomed", "zoom", form::PAST | form::PART),
            ("changed", "change", form::PAST | form::PART),
            ("committed", "commit", form::PAST | form::PART),
            ("causing", "cause", form::ING),
        ] {
            let got = grammar.verb(word).unwrap();
            assert_eq!((got.lemma.as_ref(), got.forms), (lemma, forms), "{word}");
        }
        assert!(grammar.verb("constable").is_none());
    }
}
