//! Whom a short form means: of all persons who may be called so, the one whom it fits best.

use super::super::chunks::{Found, PersonName, What};
use super::super::lexicon::Class;
use super::super::titles::{has_class, is_civic, is_rank, rank_level, title_sex};
use super::{MANY, Person, Registry, form_key};

impl Registry<'_> {
    /// The best compatible person for a short form.
    pub(super) fn short(&self, index: usize, name: &PersonName, found: &[Found]) -> Option<usize> {
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
        // A paper does not call one woman both "Ms" and "Mrs": beside a daughter who is "Ms Orr", "Mrs Orr" is her mother.
        if let Some(own) = style(&name.title) {
            let known = person.titles.iter().filter_map(|t| style(t));
            if known.clone().next().is_some() && !known.clone().any(|k| k == own) {
                score -= 200;
            }
            if own == "mrs" && person.matron {
                score += 60;
            }
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
}

/// The word of a title by which women are styled.
fn style(title: &str) -> Option<&str> {
    title.split(' ').find(|w| matches!(*w, "mrs" | "miss" | "ms"))
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
