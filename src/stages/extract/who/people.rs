//! The persons of one article: full names first, then every shorter form bound to the best compatible one.

use super::chunks::{Found, PersonName, What};
use super::lexicon::{Class, lexicon};
use super::view::View;
use super::watched::WatchIndex;
use std::collections::{BTreeSet, HashMap};

/// Man or woman, where a title or a given name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    /// "Mr", "John".
    Male,
    /// "Dame", "Joan".
    Female,
}

/// A person of the article.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    /// The fullest name's words, folded.
    pub(super) words: Vec<String>,
    /// The fullest name as written, without titles (with them where there is only a surname).
    pub(super) text: String,
    /// Man or woman.
    pub(super) sex: Option<Sex>,
    /// Rank last seen before the name.
    pub(super) rank: String,
    /// Titles seen before the name.
    pub(super) titles: Vec<String>,
    /// Whether a given name is known.
    pub(super) full: bool,
    /// The watched person, once decided.
    pub(super) watch: Option<usize>,
    /// Watched persons that it may be.
    pub(super) candidates: Vec<usize>,
    /// Whether it is a watched person with a body in policing.
    pub(super) police_watched: bool,
    /// Index of each of its mentions among the found names.
    pub(super) mentions: BTreeSet<usize>,
    /// Short forms used, each with how often.
    forms: Vec<(String, u32)>,
    /// Short forms without a title, with a rank, with another title.
    bare: u32,
    ranked: u32,
    titled: u32,
    /// Whether a word of a council stands before the name.
    civic: bool,
    /// Whether a verb of speech stood beside one of its mentions.
    spoke: bool,
    /// Seen in the headline only, so far.
    seed: bool,
    /// Known by a given name and the surname of the family ("his wife Ann").
    kin: bool,
}

impl Person {
    fn given(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    fn has_surname(&self, words: &[String]) -> bool {
        let n = words.len();
        n > 0 && self.words.len() >= n && self.words.get(self.words.len() - n..) == Some(words)
            // "Ali Dar" of "Mohsin Ali Dar"; "Bakare" of "Bakare-Finch" is another name.
            || n == 1 && self.full && self.words.get(1..).is_some_and(|rest| words.first().is_some_and(|w| rest.contains(w) && w.len() > 2))
    }
}

/// No more persons of one surname are weighed for a short form: a list of thousands is no article.
const MANY: usize = 64;

/// Binds the person names among `found`; gives the persons and, for each name, its person.
pub(super) struct Registry<'a> {
    view: &'a View<'a>,
    watched: &'a WatchIndex,
    /// The persons, in order of first mention of their full names, then of short ones.
    pub(super) persons: Vec<Person>,
    /// For each found name, its person.
    pub(super) bound: Vec<Option<usize>>,
    by_word: HashMap<String, Vec<usize>>,
    /// Coordinated pairs of full names: (left, right).
    pairs: Vec<(usize, usize)>,
}

impl<'a> Registry<'a> {
    /// Binds every name in `found`, with full names of the headline as help.
    pub(super) fn bind(
        view: &'a View<'a>,
        watched: &'a WatchIndex,
        found: &[Found],
        head: &[(PersonName, String)],
    ) -> Self {
        let mut registry = Self {
            view,
            watched,
            persons: Vec::new(),
            bound: vec![None; found.len()],
            by_word: HashMap::new(),
            pairs: Vec::new(),
        };
        for (index, item) in found.iter().enumerate() {
            if let What::Person(name) = &item.what
                && name.full
            {
                let text = view.text(name.name_first, item.last);
                let person = registry.full(name, &text);
                registry.note(person, index, name, found);
            }
        }
        for (name, text) in head {
            let known =
                registry.by_word.get(name.words.last().map_or("", String::as_str)).is_some_and(|p| !p.is_empty());
            if !known {
                let person = registry.full(name, text);
                if let Some(p) = registry.persons.get_mut(person) {
                    p.seed = true;
                }
            }
        }
        for pair in found.windows(2).enumerate() {
            let (index, [left, right]) = pair else { continue };
            if view.after(left.last.saturating_sub(1)) == "and"
                && left.last + 1 == right.first
                && let (Some(Some(a)), Some(Some(b))) = (registry.bound.get(index), registry.bound.get(index + 1))
            {
                registry.pairs.push((*a, *b));
            }
        }
        for (index, item) in found.iter().enumerate() {
            if registry.bound.get(index).copied().flatten().is_some() {
                continue;
            }
            match &item.what {
                What::Person(name) => {
                    let person = registry.short(index, name, found).or_else(|| registry.fresh(index, name, item));
                    if let Some(person) = person {
                        registry.note(person, index, name, found);
                    }
                }
                What::Bare(name) => {
                    let place = name.placed
                        && name.words.len() == 1
                        && lexicon().class(name.words.first().map_or("", String::as_str)).has(Class::PLACE);
                    if !place && let Some(person) = registry.short(index, name, found) {
                        registry.note(person, index, name, found);
                    }
                }
                _ => {}
            }
        }
        registry
    }

    /// The person with this full name, made if new.
    fn full(&mut self, name: &PersonName, text: &str) -> usize {
        let surname = name.words.last().map_or("", String::as_str);
        // "Di Marco" is no full name beside "Lino Di Marco".
        let first = lexicon().class(name.words.first().map_or("", String::as_str));
        if first.has(Class::PARTICLE) && !first.has(Class::GIVEN) {
            let mut options = self.by_word.get(surname).into_iter().flatten().rev().take(MANY).copied();
            let same = options.find(|p| {
                self.persons.get(*p).is_some_and(|p| p.words.len() > name.words.len() && p.words.ends_with(&name.words))
            });
            if let Some(same) = same {
                return same;
            }
        }
        let found = self.by_word.get(surname).into_iter().flatten().rev().take(MANY).copied().find(|p| {
            self.persons.get(*p).is_some_and(|p| {
                p.full
                    && p.words.last() == name.words.last()
                    && (lexicon().same_given(p.given(), name.words.first().map_or("", String::as_str))
                        || initial(p.given(), name.words.first().map_or("", String::as_str)))
            })
        });
        if let Some(index) = found {
            if let Some(person) = self.persons.get_mut(index)
                && (name.words.len() > person.words.len() || person.given().len() == 1)
            {
                person.words.clone_from(&name.words);
                person.text = text.to_owned();
            }
            return index;
        }
        let index = self.persons.len();
        for word in &name.words {
            self.by_word.entry(word.clone()).or_default().push(index);
        }
        self.persons.push(Person {
            words: name.words.clone(),
            text: text.to_owned(),
            sex: title_sex(&name.title).or_else(|| given_sex(name.words.first().map_or("", String::as_str))),
            full: true,
            ..Person::default()
        });
        index
    }

    /// Notes that found name `index` is `person`'s.
    fn note(&mut self, person: usize, index: usize, name: &PersonName, found: &[Found]) {
        let spoke = self.speaks(index, found);
        let (civic, rank) = self.office_before(name, found.get(index));
        if let Some(slot) = self.bound.get_mut(index) {
            *slot = Some(person);
        }
        let Some(p) = self.persons.get_mut(person) else { return };
        p.mentions.insert(index);
        p.spoke |= spoke;
        p.civic |= civic;
        if p.rank.is_empty() {
            p.rank = rank;
        }
        if !name.full {
            let form = form_key(name);
            let room = p.forms.len() < MANY;
            match p.forms.iter_mut().find(|(f, _)| *f == form) {
                Some((_, n)) => *n += 1,
                None if room => p.forms.push((form, 1)),
                None => {}
            }
            match name.title.as_str() {
                "" => p.bare += 1,
                title if is_rank(title) => p.ranked += 1,
                _ => p.titled += 1,
            }
        }
        if !name.title.is_empty() {
            if p.sex.is_none() || title_sex(&name.title).is_some() {
                p.sex = title_sex(&name.title).or(p.sex);
            }
            if is_rank(&name.title) {
                p.rank.clone_from(&name.title);
            }
            if !p.titles.contains(&name.title) {
                p.titles.push(name.title.clone());
            }
        }
        for watch in &name.watch {
            if name.full && !p.candidates.contains(watch) {
                p.candidates.push(*watch);
            }
        }
    }

    /// The best compatible person for a short form.
    fn short(&self, index: usize, name: &PersonName, found: &[Found]) -> Option<usize> {
        let last_word = name.words.last()?;
        // A nickname or cipher that the user gave for someone whom the article also names in full.
        let same = |p: &Person| p.full && self.watched.by_name(&p.words).iter().any(|w| name.watch.contains(w));
        if let Some(person) = self.persons.iter().position(|p| !name.watch.is_empty() && same(p)) {
            return Some(person);
        }
        let options = self.by_word.get(last_word)?;
        let knightly = name.title.split(' ').any(|w| matches!(w, "sir" | "dame"));
        let noble = name.title.split(' ').any(|w| matches!(w, "lord" | "lady" | "baroness"));
        let mut best: Option<(i64, usize)> = None;
        for option in options.iter().take(1).chain(options.iter().skip(1).rev().take(MANY)) {
            let Some(person) = self.persons.get(*option) else { continue };
            let by_surname = person.has_surname(&name.words);
            let by_given = name.words.len() == 1 && (person.full || person.kin) && person.given() == last_word;
            if by_surname && self.is_kin_of(index, person, found) {
                continue;
            }
            let whole = person.words == name.words;
            if !by_surname && !by_given && !whole {
                continue;
            }
            if !name.title.is_empty() && by_given && !by_surname && !knightly && !noble {
                continue;
            }
            let Some(fit) = self.fit(person, name) else { continue };
            let mut score = fit;
            if knightly && by_given || !knightly && by_surname {
                score += 300;
            }
            // Nearness: the last mention before this one, measured in names.
            let before = person.mentions.range(..index).next_back();
            match before {
                Some(m) => {
                    score += 60 - (index - m).min(60) as i64;
                    let same_block = found
                        .get(*m)
                        .zip(found.get(index))
                        .is_some_and(|(a, b)| self.block(a.first) == self.block(b.first));
                    if same_block {
                        score += 40;
                    }
                }
                None => score -= 40,
            }
            // The same short form bound before.
            let form = form_key(name);
            let same_form = person.forms.iter().find(|(f, _)| *f == form).map_or(0, |(_, n)| *n);
            score += i64::from(same_form.min(4)) * 60;
            score += habit(person, name);
            // The first of a surname is whom the article is about.
            if options.first() == Some(option) && by_surname {
                score += 30;
            }
            if person.spoke && self.speaks(index, found) {
                score += 100;
            }
            score += self.pair_score(*option, index, found);
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, *option));
            }
        }
        best.map(|(_, p)| p)
    }

    /// "Ms A and Ms B" after "X A and Y B": the same two.
    fn pair_score(&self, option: usize, index: usize, found: &[Found]) -> i64 {
        let surname_of = |i: usize| match found.get(i).map(|f| &f.what) {
            Some(What::Person(n) | What::Bare(n)) => n.words.last().cloned(),
            _ => None,
        };
        let joined = |a: usize, b: usize| {
            found
                .get(a)
                .zip(found.get(b))
                .is_some_and(|(l, r)| l.last + 1 == r.first && self.view.after(l.last.saturating_sub(1)) == "and")
        };
        for (a, b) in &self.pairs {
            let (Some(pa), Some(pb)) = (self.persons.get(*a), self.persons.get(*b)) else { continue };
            if *a == option && joined(index, index + 1) && surname_of(index + 1).as_ref() == pb.words.last() {
                return 400;
            }
            if *b == option
                && index > 0
                && joined(index - 1, index)
                && surname_of(index - 1).as_ref() == pa.words.last()
            {
                return 400;
            }
        }
        0
    }

    /// Whether a verb of speech stands beside found name `index`.
    fn speaks(&self, index: usize, found: &[Found]) -> bool {
        found.get(index).is_some_and(|f| {
            let said = |i: usize| {
                self.view.class(i).has(Class::SPEECH)
                    && !matches!(
                        self.view.lower(i),
                        "charged"
                            | "arrested"
                            | "jailed"
                            | "dismissed"
                            | "sacked"
                            | "suspended"
                            | "sentenced"
                            | "convicted"
                            | "cleared"
                            | "acquitted"
                    )
            };
            let before = f.first > 0 && self.view.same_sentence(f.first - 1, f.first) && said(f.first - 1);
            before || self.view.same_sentence(f.first, f.last) && said(f.last)
        })
    }

    /// What stands in small letters before a full name: whether a council's, and which rank.
    fn office_before(&self, name: &PersonName, item: Option<&Found>) -> (bool, String) {
        let view = self.view;
        let Some(item) = item.filter(|_| name.full) else { return (false, String::new()) };
        let (start, _) = view.sentence_range(item.first);
        let words = || (item.first.saturating_sub(3).max(start)..item.first).rev().map(|i| view.lower(i));
        let civic = words().any(|w| matches!(w, "council" | "councillor" | "cllr" | "coun"));
        let mut rank: Vec<&str> =
            words().take_while(|w| lexicon().class(w).has(Class::RANK.or(Class::RANK_PART))).collect();
        rank.reverse();
        let rank = rank.join(" ");
        (civic, if rank_level(&rank).is_some() { rank } else { String::new() })
    }

    fn block(&self, token: usize) -> Option<usize> {
        self.view.sentence.get(token).and_then(|s| self.view.doc.sentences.get(*s)).map(|s| s.block)
    }

    /// Whether `person` may be called so, and how well it fits.
    fn fit(&self, person: &Person, name: &PersonName) -> Option<i64> {
        if name.title.is_empty() {
            return Some(0);
        }
        if let (Some(a), Some(b)) = (title_sex(&name.title), person.sex)
            && a != b
        {
            return None;
        }
        let sure = title_sex(&name.title).is_some() && title_sex(&name.title) == person.sex;
        let judge = has_class(&name.title, Class::JUDGE);
        let person_judge = person.titles.iter().any(|t| has_class(t, Class::JUDGE));
        if judge && !person_judge && !person.titles.is_empty() {
            return None;
        }
        let civic = is_civic(&name.title);
        let person_rank = !person.rank.is_empty();
        let person_civic = person.civic || person.titles.iter().any(|t| is_civic(t));
        if civic && person_rank && !person_civic || is_rank(&name.title) && person_civic && !person_rank {
            return None;
        }
        let mut score = if sure { 60 } else { 0 };
        if is_rank(&name.title) {
            if person.rank.is_empty() {
                score -= 30;
            } else {
                score += match (rank_level(&name.title), rank_level(&person.rank)) {
                    (Some(a), Some(b)) if a == b => 120,
                    (Some(_), Some(_)) => -120,
                    _ => 0,
                };
            }
        }
        if civic && person_civic || judge && person_judge {
            score += 120;
        }
        if person.titles.contains(&name.title) {
            score += 60;
        }
        Some(score)
    }

    /// Whether the short form at `index` is the relative in whose terms `person` is explained, so another
    /// ("Ann Orr, Mr Orr's sister,").
    fn is_kin_of(&self, index: usize, person: &Person, found: &[Found]) -> bool {
        let view = self.view;
        let Some(item) = found.get(index) else { return false };
        let kin = view.after(item.last.saturating_sub(1)) == "'s"
            && (item.last + 1..item.last + 4)
                .any(|i| view.same_sentence(item.first, i) && view.class(i).has(Class::KIN));
        let beside = |n: usize| {
            found.get(n).is_some_and(|f| {
                person.mentions.contains(&n)
                    && view.same_sentence(item.first, f.first)
                    && (f.last + 1 == item.first && view.lower(f.last) == ","
                        || f.first > item.last && f.first <= item.last + 5)
            })
        };
        kin && (index > 0 && beside(index - 1) || beside(index + 1))
    }

    /// The surname of a relative called by the given name alone ("His wife Ann"): that of the person last named whom
    /// the pronoun fits.
    fn family(&self, index: usize, name: &PersonName, item: &Found) -> Option<String> {
        let view = self.view;
        let kin = item.first.checked_sub(1).filter(|k| view.same_sentence(*k, item.first))?;
        if !name.title.is_empty() || name.words.len() != 1 || !is_relative(view.lower(kin)) {
            return None;
        }
        // "His younger brother".
        let owner = (kin.saturating_sub(2)..kin).rev().find_map(|i| match view.lower(i) {
            "his" => Some(Sex::Male),
            "her" => Some(Sex::Female),
            _ => None,
        })?;
        let named = self.bound.get(..index)?.iter().rev().take(6).flatten().filter_map(|p| self.persons.get(*p));
        let mut fitting = named.filter(|p| p.full && p.sex.is_none_or(|s| s == owner));
        let person = fitting.next()?;
        person.text.split_whitespace().next_back().map(str::to_owned)
    }

    /// A person known by a surname or a given name alone.
    fn fresh(&mut self, index: usize, name: &PersonName, item: &Found) -> Option<usize> {
        let last = name.words.last()?;
        let titled = !name.title.is_empty();
        if name.words.len() != 1 && !titled {
            return None;
        }
        let surname = self.family(index, name, item);
        let index = self.persons.len();
        let candidates = self.watched.by_short_form(&name.title, last, title_sex(&name.title));
        let text =
            if titled { self.view.text(item.first, item.last) } else { self.view.text(name.name_first, item.last) };
        let kin = surname.is_some();
        let text = surname.map_or_else(|| text.clone(), |surname| format!("{text} {surname}"));
        for word in &name.words {
            self.by_word.entry(word.clone()).or_default().push(index);
        }
        self.persons.push(Person {
            words: name.words.clone(),
            text,
            sex: title_sex(&name.title).or_else(|| given_sex(last)),
            candidates,
            kin,
            ..Person::default()
        });
        Some(index)
    }
}

/// A short form as a key.
fn form_key(name: &PersonName) -> String {
    format!("{}|{}", name.title, name.words.join(" "))
}

/// A person whom the article calls by a civil title is not called by a bare surname beside another who is.
fn habit(person: &Person, name: &PersonName) -> i64 {
    let all = person.bare + person.ranked + person.titled;
    if all == 0 {
        0
    } else if name.title.is_empty() && person.titled == all {
        -120
    } else if title_sex(&name.title).is_some() && person.bare == all {
        -60
    } else {
        0
    }
}

/// Whether a word names a relative who as a rule has the surname of the family.
fn is_relative(word: &str) -> bool {
    matches!(
        word,
        "wife"
            | "husband"
            | "widow"
            | "widower"
            | "son"
            | "daughter"
            | "brother"
            | "sister"
            | "father"
            | "mother"
            | "mum"
            | "dad"
            | "twin"
    )
}

fn initial(a: &str, b: &str) -> bool {
    (a.chars().count() == 1 || b.chars().count() == 1) && a.chars().next() == b.chars().next()
}

fn has_class(title: &str, class: Class) -> bool {
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
