//! The persons of one article: full names first, then every shorter form bound to the best compatible one.

mod short;

use super::chunks::{Found, PersonName, What};
use super::lexicon::{Class, lexicon};
use super::titles::{Sex, given_sex, is_rank, rank_level, title_sex};
use super::view::View;
use super::watched::{WatchIndex, is_other_bearer};
use foldhash::HashMap;
use std::collections::BTreeSet;

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
    /// Named as somebody's mother or wife.
    matron: bool,
    /// Known by a code only ("AZ12").
    pub(super) coded: bool,
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
            by_word: HashMap::default(),
            pairs: Vec::new(),
        };
        for (index, item) in found.iter().enumerate() {
            if let What::Person(name) = &item.what
                && name.full
            {
                let text = view.text(name.name_first, item.last);
                let person = if is_other_bearer(view, item.first) {
                    registry.bearer(name, &text)
                } else {
                    registry.full(name, &text)
                };
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
                    let couple = registry.couple(index, name, found);
                    let person = couple
                        .or_else(|| registry.short(index, name, found))
                        .or_else(|| registry.fresh(index, name, item));
                    if let Some(person) = person {
                        registry.note(person, index, name, found);
                    }
                }
                What::Bare(name) => {
                    let place = name.placed
                        && name.words.len() == 1
                        && lexicon().class(name.words.first().map_or("", String::as_str)).has(Class::PLACE);
                    let couple = registry.couple(index, name, found);
                    if let Some(person) = couple {
                        registry.note(person, index, name, found);
                    } else if !place && let Some(person) = registry.short(index, name, found) {
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
        self.bearer(name, text)
    }

    /// A new person with this full name, whoever else has it.
    fn bearer(&mut self, name: &PersonName, text: &str) -> usize {
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
        let matron = name.full && found.get(index).is_some_and(|f| self.is_matron(f.first));
        let coded = found.get(index).is_some_and(|f| f.rule == "code");
        if let Some(slot) = self.bound.get_mut(index) {
            *slot = Some(person);
        }
        let Some(p) = self.persons.get_mut(person) else { return };
        p.mentions.insert(index);
        p.spoke |= spoke;
        p.civic |= civic;
        p.matron |= matron;
        p.coded |= coded;
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

    /// Whether "mother", "wife" or their like stand right before token `first`.
    fn is_matron(&self, first: usize) -> bool {
        let view = self.view;
        let comma = usize::from(view.before(first) == ",");
        first.checked_sub(1 + comma).is_some_and(|k| {
            view.same_sentence(k, first)
                && matches!(view.lower(k), "mother" | "mum" | "wife" | "widow" | "grandmother" | "stepmother" | "aunt")
        })
    }

    /// The person whom a given name alone means beside the full name of a relative ("Gwyn and Carol Prosser").
    fn couple(&mut self, index: usize, name: &PersonName, found: &[Found]) -> Option<usize> {
        let view = self.view;
        let (item, next) = (found.get(index)?, found.get(index + 1)?);
        let What::Person(other) = &next.what else { return None };
        let given = |w: &str| {
            let class = lexicon().class(w);
            class.has(Class::GIVEN) && !class.has(Class::PLACE)
        };
        let own = name.words.first().filter(|w| name.words.len() == 1 && name.title.is_empty() && given(w))?;
        let beside = view.same_sentence(item.first, next.first)
            && item.last + 1 == next.first
            && matches!(view.lower(item.last), "and" | "&");
        let fits = beside && other.full && other.title.is_empty() && other.words.first().is_some_and(|w| given(w));
        let surname = other.words.last().filter(|_| fits)?;
        let written = view.text(next.first, next.last);
        let text = format!("{} {}", view.text(item.first, item.last), written.split_whitespace().next_back()?);
        let whole = PersonName { full: true, words: vec![own.clone(), surname.clone()], ..name.clone() };
        Some(self.full(&whole, &text))
    }

    fn block(&self, token: usize) -> Option<usize> {
        self.view.sentence.get(token).and_then(|s| self.view.doc.sentences.get(*s)).map(|s| s.block)
    }

    /// The surname of a relative called by the given name alone ("His wife Ann", "their daughter Ann"): that of the person
    /// last named whom the pronoun fits.
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
        });
        let their = (kin.saturating_sub(2)..kin).any(|i| view.lower(i) == "their");
        if owner.is_none() && !their {
            return None;
        }
        let named = self.bound.get(..index)?.iter().rev().take(6).flatten().filter_map(|p| self.persons.get(*p));
        let mut fitting = named.filter(|p| p.full && (p.sex.is_none() || owner.is_none() || p.sex == owner));
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
