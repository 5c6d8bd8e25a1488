//! Word classes by which persons, bodies and places are told apart; data in `config/names.toml`.

use crate::stages::extract::sieve::{self, Sieve};
use foldhash::{HashMap, HashSet};
use serde::Deserialize;
use std::sync::LazyLock;

/// A set of word classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Class(u64);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)+) => {
        impl Class {
            $($(#[$doc])* pub(super) const $name: Self = Self(1 << $bit);)+
        }
    };
}

classes! {
    /// A man's given name.
    MALE = 0;
    /// A woman's given name.
    FEMALE = 1;
    /// A given name of either.
    EITHER = 2;
    /// A title of men.
    TITLE_M = 3;
    /// A title of women.
    TITLE_F = 4;
    /// A title of either.
    TITLE_N = 5;
    /// A word that makes a rank.
    RANK = 6;
    /// A word that may stand in a rank.
    RANK_PART = 7;
    /// An office before a name that is no part of it.
    OFFICE = 8;
    /// What a police officer is called.
    POLICE_ROLE = 9;
    /// What another person is called.
    ROLE = 10;
    /// A relative.
    KIN = 11;
    /// A life outside the police.
    CIVIL = 12;
    /// A word of sport.
    SPORT = 13;
    /// A verb of speech.
    SPEECH = 14;
    /// A verb that people do.
    PERSON_VERB = 15;
    /// A word of policing.
    POLICE = 16;
    /// A word that may begin a sentence and is no name.
    COMMON = 17;
    /// A month or a day.
    CALENDAR = 18;
    /// A people, a faith, a party's members.
    NATIONALITY = 19;
    /// A product or an abbreviation.
    THING = 20;
    /// Letters after a name.
    HONOUR = 21;
    /// "de", "van".
    PARTICLE = 22;
    /// The head noun of a body.
    HEAD = 23;
    /// The head noun of a place.
    PLACE_HEAD = 24;
    /// A head noun that is a common surname as well.
    SURNAME_HEAD = 25;
    /// A known place.
    PLACE = 26;
    /// Stands before a place's name.
    MODIFIER = 27;
    /// May stand before a possessive inside a body's name ("Coroner's Court").
    GENITIVE = 28;
    /// Says that the name that follows is a body's.
    BODY_NOUN = 29;
    /// Any given name.
    GIVEN = 30;
    /// A judge's title.
    JUDGE = 31;
    /// A common surname.
    SURNAME = 32;
    /// Begins, with "for" and a name, the name of a campaign.
    CAUSE = 33;
    /// A word of games, in any weight.
    GAMES = 34;
    /// A word of the arts.
    ARTS = 35;
    /// A word of business.
    BUSINESS = 36;
}

impl Class {
    /// Whether the two sets share a class.
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// This set without the classes of the other.
    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Both sets together.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Any title.
    pub(super) const TITLE: Self = Self::TITLE_M.or(Self::TITLE_F).or(Self::TITLE_N);
}

/// Word lists by name.
type Lists = HashMap<String, String>;

/// The word lists, as the file has them.
#[derive(Debug, Deserialize)]
struct File {
    given: HashMap<String, String>,
    titles: HashMap<String, String>,
    roles: HashMap<String, String>,
    words: HashMap<String, String>,
    elsewhere: HashMap<String, String>,
    heads: HashMap<String, String>,
    places: Places,
    short_names: ShortNames,
    surnames: HashMap<String, String>,
    patients: PatientLists,
    makes: Makes,
}

#[derive(Debug, Deserialize)]
struct Makes {
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct PatientLists {
    public: String,
    done_to: String,
    befell: String,
}

/// Words that tell of those to whom something happened.
#[derive(Debug)]
pub(super) struct Patients {
    /// Nouns for members of the public.
    pub(super) public: HashSet<String>,
    /// Before a name they make its bearer the one who was hurt or held.
    pub(super) done_to: HashSet<String>,
    /// After a name they tell what befell its bearer.
    pub(super) befell: HashSet<String>,
}

#[derive(Debug, Deserialize)]
struct ShortNames {
    groups: String,
}

#[derive(Debug, Deserialize)]
struct Places {
    known: String,
    modifiers: String,
    phrases: Vec<String>,
}

/// The classes of all known words.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: HashMap<String, Class>,
    /// Tells of most words that none of the lists has.
    sieve: Sieve,
    heads: HashMap<String, String>,
    place_phrases: Vec<String>,
    makes: Vec<String>,
    short_names: HashMap<String, Vec<usize>>,
    /// Words that tell of those to whom something happened.
    pub(super) patients: Patients,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is built in, and a test reads it")]
    let file: File = toml::from_str(include_str!("../../../../config/names.toml")).expect("config/names.toml");
    Lexicon::new(&file)
});

/// The built-in lexicon.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn new(file: &File) -> Self {
        let mut words: HashMap<String, Class> = HashMap::default();
        let mut add = |list: &str, class: Class| {
            for word in list.split_whitespace() {
                let entry = words.entry(word.to_owned()).or_default();
                *entry = entry.or(class);
            }
        };
        let tables: [(&Lists, &[(&str, Class)]); 5] = [
            (
                &file.given,
                &[
                    ("male", Class::MALE.or(Class::GIVEN)),
                    ("female", Class::FEMALE.or(Class::GIVEN)),
                    ("either", Class::EITHER.or(Class::GIVEN)),
                ],
            ),
            (
                &file.titles,
                &[
                    ("male", Class::TITLE_M),
                    ("female", Class::TITLE_F),
                    ("neutral", Class::TITLE_N),
                    ("judge", Class::JUDGE),
                    ("rank_core", Class::RANK),
                    ("rank_part", Class::RANK_PART),
                    ("office", Class::OFFICE),
                ],
            ),
            (
                &file.roles,
                &[
                    ("police", Class::POLICE_ROLE),
                    ("other", Class::ROLE),
                    ("kin", Class::KIN),
                    ("civil", Class::CIVIL),
                    ("sport", Class::SPORT),
                ],
            ),
            (&file.elsewhere, &[("sport", Class::GAMES), ("arts", Class::ARTS), ("business", Class::BUSINESS)]),
            (
                &file.words,
                &[
                    ("speech", Class::SPEECH),
                    ("person_verbs", Class::PERSON_VERB),
                    ("police", Class::POLICE),
                    ("common", Class::COMMON),
                    ("months", Class::CALENDAR),
                    ("days", Class::CALENDAR),
                    ("nationality", Class::NATIONALITY),
                    ("things", Class::THING),
                    ("honours", Class::HONOUR),
                    ("particles", Class::PARTICLE),
                    ("genitives", Class::GENITIVE),
                    ("body_nouns", Class::BODY_NOUN),
                ],
            ),
        ];
        for (table, lists) in tables {
            for (name, class) in lists {
                add(table.get(*name).map_or("", String::as_str), *class);
            }
        }
        let mut heads = HashMap::default();
        for (kind, list) in &file.heads {
            match kind.as_str() {
                "place" => add(list, Class::PLACE_HEAD),
                "surnames" => add(list, Class::SURNAME_HEAD),
                "causes" => add(list, Class::CAUSE),
                _ => {
                    add(list, Class::HEAD);
                    heads.extend(list.split_whitespace().map(|w| (w.to_owned(), kind.clone())));
                }
            }
        }
        for list in file.surnames.values() {
            add(list, Class::SURNAME);
        }
        add(&file.places.known, Class::PLACE);
        add(&file.places.modifiers, Class::MODIFIER);
        let mut short_names: HashMap<String, Vec<usize>> = HashMap::default();
        for (number, line) in file.short_names.groups.lines().enumerate() {
            for name in line.split_whitespace() {
                short_names.entry(name.to_owned()).or_default().push(number);
            }
        }
        let set = |list: &str| list.split_whitespace().map(str::to_owned).collect::<HashSet<_>>();
        let patients = Patients {
            public: set(&file.patients.public),
            done_to: set(&file.patients.done_to),
            befell: set(&file.patients.befell),
        };
        let sieve = Sieve::new(words.keys().map(|word| sieve::mark(word)));
        Self {
            words,
            sieve,
            heads,
            place_phrases: file.places.phrases.clone(),
            short_names,
            patients,
            makes: file.makes.phrases.clone(),
        }
    }

    /// The classes of a word in small letters.
    pub(super) fn class(&self, lower: &str) -> Class {
        let known = self.sieve.holds(sieve::mark(lower)).then(|| self.words.get(lower)).flatten();
        known.copied().unwrap_or_default()
    }

    /// Whether one given name is a short form of the other.
    pub(super) fn same_given(&self, a: &str, b: &str) -> bool {
        a == b
            || match (self.short_names.get(a), self.short_names.get(b)) {
                (Some(x), Some(y)) => x.iter().any(|n| y.contains(n)),
                _ => false,
            }
    }

    /// The other forms of a given name.
    pub(super) fn variants(&self, given: &str) -> Vec<String> {
        let Some(groups) = self.short_names.get(given) else { return Vec::new() };
        let mut out: Vec<String> = self
            .short_names
            .iter()
            .filter(|(name, of)| *name != given && of.iter().any(|g| groups.contains(g)))
            .map(|(name, _)| name.clone())
            .collect();
        out.sort();
        out
    }

    /// The kind of body that a head noun makes.
    pub(super) fn head_kind(&self, lower: &str) -> &str {
        self.heads.get(lower).map_or("other", String::as_str)
    }

    /// Whether two words together name a make, a thing that has the form of a person's name ("Land Rover").
    pub(super) fn is_make(&self, first: &str, second: &str) -> bool {
        self.makes.iter().any(|m| m.split_once(' ') == Some((first, second)))
    }

    /// Known names of places of more than one word.
    pub(super) fn place_phrases(&self) -> &[String] {
        &self.place_phrases
    }
}

/// Whether a title or given name, in small letters, is a man's; `None` where it tells nothing.
pub(in crate::stages::extract) fn word_is_male(lower: &str) -> Option<bool> {
    let class = lexicon().class(lower);
    let male = class.has(Class::MALE.or(Class::TITLE_M));
    let female = class.has(Class::FEMALE.or(Class::TITLE_F));
    (male != female && !class.has(Class::EITHER)).then_some(male)
}

/// Forms of the same given name ("nick" for "nicholas"), in small letters and in order.
pub fn given_variants(given: &str) -> Vec<String> {
    lexicon().variants(&given.to_lowercase())
}

/// What kind of ordinary word `word` is, where it is one: such a word alone makes a poor name.
pub fn ordinary_word(word: &str) -> Option<&'static str> {
    let class = lexicon().class(&word.to_lowercase());
    let kinds = [
        (Class::COMMON, "an ordinary word"),
        (Class::PLACE, "a place"),
        (Class::GIVEN, "a given name"),
        (Class::CALENDAR, "a word of the calendar"),
        (Class::RANK, "a rank"),
    ];
    kinds.into_iter().find(|(kind, _)| class.has(*kind)).map(|(_, said)| said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lists_are_read() {
        for (word, class) in [
            ("anthea", Class::FEMALE),
            ("dct", Class::default()),
            ("supt", Class::RANK),
            ("federation", Class::HEAD),
            ("street", Class::PLACE_HEAD),
            ("bolton", Class::PLACE),
        ] {
            assert!(class == Class::default() || lexicon().class(word).has(class), "{word}");
        }
        assert_eq!(lexicon().head_kind("tribunal"), "tribunal");
    }
}
