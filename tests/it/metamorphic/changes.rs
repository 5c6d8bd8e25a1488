//! Changes of a text's dress, and changes whose effect on what it says is known.

use crate::quality::cases::{Case, CaseSet, list, root, strings};
use conductwatch::domain::{DevelopmentType, Watchlist};
use conductwatch::stages::extract::who::given_variants;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Captions as they stand between paragraphs.
const CAPTIONS: &[&str] = &[
    "Tributes outside the station last week (Image: Saltmouth Echo)",
    "Picture: Reg Dunnock/Saltmouth Echo",
    "The force’s headquarters. Photograph: Ines Quayle/Saltmouth Echo",
];

/// Furniture as it stands between paragraphs.
const FURNITURE: [&str; 5] = [
    "Advertisement",
    "READ MORE: Sergeant sacked over raffle money after three-day hearing",
    "Sign up to our free daily newsletter",
    "Share this article",
    "Read more: Ten walks for a wet weekend",
];

/// Furniture as it stands under an article.
const FOOT: &[&str] = &["Most read", "Follow us on Facebook and Instagram", "All rights reserved."];

/// Paragraphs of `raw`, and which of them are of the body.
fn paragraphs(case: &Case) -> Vec<(&str, bool)> {
    let body: BTreeSet<&str> = case.gold["clean_text"].as_str().unwrap().split("\n\n").collect();
    case.raw.split("\n\n").map(|p| (p, body.contains(p.trim()))).collect()
}

/// `case`'s text with lines of `between` after some paragraphs of the body, and `foot` under it.
fn with_lines(case: &Case, between: &[String], foot: &[&str]) -> String {
    let paragraphs = paragraphs(case);
    let last = paragraphs.iter().rposition(|(_, body)| *body).unwrap_or(0);
    let (mut out, mut told, mut lines) = (Vec::new(), 0, between.iter());
    for (at, (text, body)) in paragraphs.iter().enumerate() {
        out.push(*text);
        told += usize::from(*body);
        if *body && at < last && told % 3 == 2 {
            out.extend(lines.next().map(String::as_str));
        }
    }
    out.extend(foot);
    out.join("\n\n")
}

/// Captions of people, buildings and scenes.
pub(crate) fn with_captions(case: &Case) -> String {
    let persons = case.gold["entities"].as_object().unwrap().values().filter(|e| e["kind"] == "person");
    let named = persons.filter_map(|e| e["name"].as_str()).find(|n| is_name(n));
    let mut lines: Vec<String> =
        named.map(|name| format!("{name} leaving court last week (Image: Saltmouth Echo)")).into_iter().collect();
    lines.extend(CAPTIONS.iter().map(|c| (*c).to_owned()));
    with_lines(case, &lines, &[])
}

/// Prompts, labels and links of other stories.
pub(crate) fn with_furniture(case: &Case) -> String {
    with_lines(case, &FURNITURE.map(str::to_owned), FOOT)
}

/// Whether `name` is a given name and a surname.
fn is_name(name: &str) -> bool {
    name.split_whitespace().count() > 1 && name.split_whitespace().all(|w| w.starts_with(char::is_uppercase))
}

pub(crate) fn windows_lines(case: &Case) -> String {
    case.raw.replace('\n', "\r\n")
}

/// Every third space does not break.
pub(crate) fn hard_spaces(case: &Case) -> String {
    let mut spaces = 0;
    let change = |c: char| {
        spaces += usize::from(c == ' ');
        if c == ' ' && spaces % 3 == 0 { '\u{a0}' } else { c }
    };
    case.raw.chars().map(change).collect()
}

/// “ ” as typewriters have them; `None` where there are none.
pub(crate) fn straight_marks(case: &Case) -> Option<String> {
    case.raw.contains('“').then(|| case.raw.replace(['“', '”'], "\""))
}

/// " as printers have them; `None` where there are none.
pub(crate) fn curly_marks(case: &Case) -> Option<String> {
    let mut before = ' ';
    let curl = |c: char| {
        let opens = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '‘' | '\'');
        before = c;
        match c {
            '"' if opens => '“',
            '"' => '”',
            other => other,
        }
    };
    case.raw.contains('"').then(|| case.raw.chars().map(curl).collect())
}

/// “ ” as ‘ ’; `None` where there are none, or where a quotation stands in another.
pub(crate) fn single_marks(case: &Case) -> Option<String> {
    static NESTED: LazyLock<Regex> = LazyLock::new(|| Regex::new("“[^”]*‘").unwrap());
    let fits = case.raw.contains('“') && !NESTED.is_match(&case.raw);
    fits.then(|| case.raw.replace('“', "‘").replace('”', "’"))
}

/// Years of a whole round of the calendar: every date falls on the same weekday again.
pub(crate) const ROUND: i16 = 28;

/// The text as it would stand [`ROUND`] years later.
pub(crate) fn a_round_later(text: &str) -> String {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:19|20)\d\d\b").unwrap());
    YEAR.replace_all(text, |found: &regex::Captures<'_>| {
        // "PC 2014", "2,014" and "£2014" are no years; the texts have none of them.
        (found[0].parse::<i16>().unwrap() + ROUND).to_string()
    })
    .into_owned()
}

/// Surnames to give; those that a text or its watchlist has are passed over.
const SURNAMES: &[&str] = &[
    "Cattermole",
    "Pettifer",
    "Ockenden",
    "Trevanion",
    "Quennell",
    "Fairbrass",
    "Ludlam",
    "Satterthwaite",
    "Tunnicliffe",
    "Uttley",
    "Yarwood",
    "Hebblethwaite",
    "Rudkin",
    "Mossop",
    "Haldane",
    "Winstanley",
    "Dunnachie",
    "Aspinall",
    "Birtwistle",
    "Clutterbuck",
    "Entwistle",
    "Gathercole",
    "Jellicoe",
    "Kilbride",
    "Lowthorpe",
    "Mildenhall",
    "Narraway",
    "Oglethorpe",
    "Postlethwaite",
    "Ramsbottom",
    "Sidebottom",
    "Threlfall",
    "Venables",
    "Wigglesworth",
    "Arkwright",
    "Bickerstaff",
];

/// Given names of the program's own lists, men's and women's: those that are one sex's alone and have no other form, as "Abbie" has.
static GIVEN: LazyLock<[Vec<String>; 2]> = LazyLock::new(|| {
    let file: toml::Table = std::fs::read_to_string(root().join("config/names.toml")).unwrap().parse().unwrap();
    let words = |key: &str| -> BTreeSet<String> {
        file["given"][key].as_str().unwrap().split_whitespace().map(str::to_owned).collect()
    };
    let (male, female, either) = (words("male"), words("female"), words("either"));
    let alone = |name: &&String| !either.contains(*name) && given_variants(name).iter().all(|v| v == *name);
    [(&male, &female), (&female, &male)]
        .map(|(own, other)| own.iter().filter(|n| !other.contains(*n)).filter(alone).map(|n| capital(n)).collect())
});

/// Who is to be called what: the labelled persons of a text, and those whom its set watches.
pub(crate) struct Renaming {
    there: BTreeMap<String, String>,
    back: BTreeMap<String, String>,
}

impl Renaming {
    /// Other surnames, and other given names of the same sex. A name that is a word of a body's or a place's name, or that
    /// the text has in small letters too, stays.
    pub(crate) fn new(set: &CaseSet, case: &Case) -> Self {
        let (mut given, mut surnames, mut taken) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let watched = set.watchlist.persons.iter().map(|p| p.name.as_str());
        let entities = || case.gold["entities"].as_object().unwrap().values();
        let labelled = entities().filter(|e| e["kind"] == "person").filter_map(|e| e["name"].as_str());
        for name in watched.chain(labelled).filter(|n| is_name(n)) {
            given.extend(name.split_whitespace().next().map(str::to_owned));
            surnames.extend(name.split_whitespace().last().map(str::to_owned));
        }
        let mut take = |words: &str| taken.extend(words.split_whitespace().map(str::to_owned));
        for other in entities().filter(|e| e["kind"] != "person") {
            take(other["name"].as_str().unwrap());
            strings(&other["aliases"]).iter().for_each(|alias| take(alias));
        }
        set.watchlist.bodies.iter().for_each(|body| take(&body.name));
        for mention in list(&case.gold["mentions"]).iter().filter(|m| m["kind"] != "person") {
            take(mention["text"].as_str().unwrap());
        }
        let words = || case.raw.split(|c: char| !c.is_alphanumeric());
        taken.extend(words().filter(|w| w.starts_with(char::is_lowercase)).map(capital));
        let plain = |name: &&String| {
            name.chars().all(char::is_alphabetic) && name.chars().count() > 2 && !taken.contains(*name)
        };
        let unused = |name: &&str| words().all(|w| capital(w) != **name) && !surnames.contains(*name);
        let mut pairs: Vec<(&String, &str)> =
            surnames.iter().filter(plain).zip(SURNAMES.iter().copied().filter(unused)).collect();
        for list in GIVEN.iter() {
            let free = |name: &&String| words().all(|w| capital(w) != **name) && !given.contains(*name);
            let own = given.iter().filter(plain).filter(|n| list.contains(n) && !surnames.contains(*n));
            pairs.extend(own.zip(list.iter().filter(free).map(String::as_str)));
        }
        let mut out = Self { there: BTreeMap::new(), back: BTreeMap::new() };
        for (old, new) in pairs {
            for form in [capital as fn(&str) -> String, |w| w.to_uppercase()] {
                out.there.insert(form(old), form(new));
                out.back.insert(form(new), form(old));
            }
        }
        out
    }

    fn words(map: &BTreeMap<String, String>, text: &str) -> String {
        static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Alphabetic}+").unwrap());
        WORD.replace_all(text, |found: &regex::Captures<'_>| {
            map.get(&found[0]).cloned().unwrap_or_else(|| found[0].to_owned())
        })
        .into_owned()
    }

    pub(crate) fn rename(&self, text: &str) -> String {
        Self::words(&self.there, text)
    }

    pub(crate) fn undo(&self, text: &str) -> String {
        Self::words(&self.back, text)
    }

    pub(crate) fn rename_watchlist(&self, watchlist: &Watchlist) -> Watchlist {
        let mut out = watchlist.clone();
        for person in &mut out.persons {
            person.name = self.rename(&person.name);
            for words in person.aliases.iter_mut().chain(&mut person.excludes) {
                *words = self.rename(words);
            }
        }
        out
    }
}

/// `word` with a capital at its beginning and small letters after it.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()).unwrap_or_default()
}

/// Participles that tell an event of a type after "was", "has been" and their like.
const TOLD_BY: &[(DevelopmentType, &str)] = &[
    (DevelopmentType::Arrest, "arrested"),
    (DevelopmentType::Charge, "charged"),
    (DevelopmentType::Conviction, "convicted|found guilty"),
    (DevelopmentType::Acquittal, "acquitted|cleared|found not guilty"),
    (DevelopmentType::Sentence, "jailed|sentenced|imprisoned"),
    (DevelopmentType::Suspension, "suspended"),
    (DevelopmentType::Dismissal, "dismissed|sacked"),
    (DevelopmentType::Appointment, "appointed|promoted"),
    (DevelopmentType::Referral, "referred"),
];

/// `sentence` with "not" after the auxiliary of the event of type `kind`, where it has one such event, plainly told.
pub(crate) fn negated(kind: DevelopmentType, sentence: &str) -> Option<String> {
    let (_, participles) = TOLD_BY.iter().find(|(k, _)| *k == kind)?;
    let told = Regex::new(&format!(r"\b(was|were|has|have|had)( been)? ({participles})\b")).unwrap();
    let mut found = told.captures_iter(sentence);
    let (Some(only), None) = (found.next(), found.next()) else { return None };
    // "had" alone is no auxiliary of a passive; a second participle of the type could tell the event again.
    // "Barred from policing" tells a dismissal too.
    let again = Regex::new(&format!("{participles}|barred")).unwrap().find_iter(sentence).count() > 1;
    let perfect = only.get(2).is_some();
    if again || perfect == matches!(&only[1], "was" | "were") {
        return None;
    }
    let at = only.get(1).unwrap().end();
    Some(format!("{} not{}", &sentence[..at], &sentence[at..]))
}

#[test]
fn not_goes_behind_the_auxiliary() {
    for (kind, sentence, expected) in [
        (DevelopmentType::Charge, "She was charged on Monday.", Some("She was not charged on Monday.")),
        (DevelopmentType::Charge, "She has been charged.", Some("She has not been charged.")),
        (DevelopmentType::Charge, "She had charged.", None),
        (DevelopmentType::Charge, "She was charged, and he was charged.", None),
        (DevelopmentType::Arrest, "She was charged.", None),
    ] {
        assert_eq!(negated(kind, sentence).as_deref(), expected, "{sentence}");
    }
}
