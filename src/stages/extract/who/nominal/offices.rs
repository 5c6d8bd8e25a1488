//! Descriptions by office and by kinship: "the judge", "a coroner", "her mother", "a former inspector" who is named next.

use super::super::Referent;
use super::super::chunks::What;
use super::super::lexicon::Class;
use super::super::titles::{has_class, rank_level};
use super::{Finder, Nominal};
use crate::domain::Span;

/// Sentences of an article in which an indefinite office ("a coroner has warned") means its only holder, named later.
const LEAD: usize = 3;

/// Nouns for relatives whom an article names.
const RELATIVES: &[&str] =
    &["mother", "father", "mum", "dad", "son", "daughter", "wife", "husband", "widow", "aunt", "uncle"];

impl Finder<'_> {
    /// "the judge", "the same judge", "a sheriff": who holds the office.
    pub(super) fn office(&self, index: usize, next_found: usize) -> Option<Nominal> {
        let view = self.view;
        let same = usize::from(view.lower(index + 1) == "same" || view.lower(index + 1) == "senior");
        let head = index + 1 + same;
        let noun = view.lower(head);
        if !matches!(noun, "judge" | "coroner" | "sheriff" | "court")
            || !view.same_sentence(index, head)
            || matches!(view.after(head), "'s" | "of" | "for" | "in" | "-") && noun != "judge"
            || view.capital(head + 1) && view.same_sentence(head, head + 1)
        {
            return None;
        }
        let definite = view.lower(index) == "the";
        let span = view.span(index, head + 1);
        // Apposition: ", the judge," and "The judge, Ann Orr,".
        let beside =
            |n: usize| self.found.get(n).is_some_and(|f| matches!(f.what, What::Person(_)) && f.first == head + 2);
        let behind = next_found.checked_sub(1).and_then(|n| self.found.get(n)).is_some_and(|f| f.last + 1 == index);
        if view.after(head) == "," && beside(next_found) || view.before(index) == "," && behind {
            return None;
        }
        if noun == "court" {
            let key = (0..next_found).rev().take(20).find_map(|n| match self.referents.get(n) {
                Some(Some(Referent::Body(key))) if self.bodies.kind(key) == "court" => Some(key.clone()),
                _ => None,
            });
            let key = key.filter(|_| {
                definite && view.lower(index + 1) == "same" && !matches!(view.after(head), "that" | "as")
            })?;
            return Some((span, Referent::Body(key), "the same court", true));
        }
        let who = if definite {
            (0..next_found).rev().take(30).find_map(|n| self.holder(n, noun))?
        } else {
            if *view.sentence.get(index)? >= LEAD {
                return None;
            }
            let mut holders: Vec<usize> = (next_found..self.found.len()).filter_map(|n| self.holder(n, noun)).collect();
            holders.sort_unstable();
            holders.dedup();
            match holders.as_slice() {
                [one] => *one,
                _ => return None,
            }
        };
        Some((span, Referent::Person(who), "holder of the office", true))
    }

    /// The person of found name `n`, who holds the office that `noun` names.
    fn holder(&self, n: usize, noun: &str) -> Option<usize> {
        let Some(Some(Referent::Person(p))) = self.referents.get(n) else { return None };
        let (person, life) = (self.people.get(*p)?, self.lives.get(*p)?);
        let titled = |words: &[&str]| person.titles.iter().any(|t| t.split(' ').any(|w| words.contains(&w)));
        // "Mr Justice Orr" has no other name.
        let named = person.words.iter().any(|w| w == "justice");
        let holds = match noun {
            "judge" => {
                named
                    || person.titles.iter().any(|t| has_class(t, Class::JUDGE))
                    || life.role.split(' ').any(|w| w == "judge")
            }
            _ => titled(&[noun]) || life.role.split(' ').any(|w| w == noun),
        };
        holds.then_some(*p)
    }

    /// "her mother", where just one person is told to be somebody's mother and the name does not stand beside it.
    pub(super) fn relative(&self, index: usize, next_found: usize) -> Option<Nominal> {
        let view = self.view;
        let head = index + 1;
        let noun = view.lower(head);
        let beside =
            (next_found..self.found.len()).take(2).filter_map(|n| self.found.get(n)).any(|f| f.first <= head + 3);
        if !RELATIVES.contains(&noun)
            || !view.same_sentence(index, head)
            || beside
            || matches!(view.after(head), "and" | "'s" | "of" | "," | "-")
        {
            return None;
        }
        let kin: Vec<usize> = (0..self.people.len())
            .filter(|p| {
                self.lives.get(*p).is_some_and(|l| {
                    let mut words = l.role.split(' ').rev();
                    words.next() == Some(noun) || l.role.split(' ').next() == Some(noun)
                })
            })
            .collect();
        let [one] = kin.as_slice() else { return None };
        // Somebody speaks of his or her own mother.
        let own = self.people.get(*one)?;
        let last = next_found.checked_sub(1).and_then(|n| self.referents.get(n)).cloned().flatten();
        if last == Some(Referent::Person(*one)) || own.mentions.is_empty() {
            return None;
        }
        Some((view.span(index, head + 1), Referent::Person(*one), "relative", true))
    }

    /// "a former inspector", whom the next sentence of the paragraph is the first to name.
    pub(super) fn next_named(&self, index: usize, next_found: usize) -> Option<Nominal> {
        let view = self.view;
        let head = self.noun(index, 2)?;
        if !view.class(head).has(Class::POLICE_ROLE)
            || view.lower(head).ends_with('s')
            || view.lower(index + 1) != "former"
        {
            return None;
        }
        let sentence = *view.sentence.get(index)?;
        let (own, next) = (view.doc.sentences.get(sentence)?, view.doc.sentences.get(sentence + 1)?);
        if own.block != next.block {
            return None;
        }
        let mut named = (next_found..self.found.len()).filter_map(|n| match self.referents.get(n) {
            Some(Some(Referent::Person(p))) => Some((n, *p)),
            _ => None,
        });
        let (n, p) = named.next()?;
        let item = self.found.get(n)?;
        let person = self.people.get(p)?;
        let role = rank_level(&person.rank);
        let phrase: String = (index + 1..=head).map(|i| view.lower(i)).collect::<Vec<_>>().join(" ");
        let fits = role.is_none() || rank_level(&phrase).is_none() || role == rank_level(&phrase);
        let first = person.mentions.first() == Some(&n) && item.first >= next.first && item.first < next.last;
        (first && fits).then(|| (view.span(index, head + 1), Referent::Person(p), "named next", true))
    }

    /// The first person from found name `from` on who has no rank, in the next names: the driver beside the constable.
    pub(super) fn first_civilian(&self, from: usize) -> Option<usize> {
        (from..(from + 8).min(self.found.len())).find_map(|n| match self.referents.get(n) {
            Some(Some(Referent::Person(p))) => {
                let (person, life) = (self.people.get(*p)?, self.lives.get(*p)?);
                let fresh = person.mentions.first() == Some(&n) && person.full;
                let officer = !person.rank.is_empty() || !person.titles.is_empty() || rank_level(&life.role).is_some();
                (fresh && !officer).then_some(*p)
            }
            _ => None,
        })
    }

    /// Whom "a cadet" or "a chef" at token `index` means: the next one named, for the first time, without rank or title.
    pub(super) fn trade_named_next(&self, noun: &str, index: usize, next_found: usize) -> Option<usize> {
        if !matches!(noun, "cadet" | "chef" | "musician" | "student" | "tourist" | "patient" | "pupil") {
            return None;
        }
        let view = self.view;
        let (n, p) = (next_found..self.found.len()).find_map(|n| match self.referents.get(n) {
            Some(Some(Referent::Person(p))) => Some((n, *p)),
            _ => None,
        })?;
        // Chief officers and those who speak are passed over by asking for the first civilian.
        let p = if self.people.get(p)?.rank.is_empty() { p } else { self.first_civilian(n)? };
        let first = self.people.get(p)?.mentions.first().and_then(|m| self.found.get(*m))?;
        let near = view.sentence.get(first.first)? <= &(view.sentence.get(index)? + 3);
        let speaks = view.class(first.last).has(Class::SPEECH)
            || first.first > 0 && view.class(first.first - 1).has(Class::SPEECH);
        let life = self.lives.get(p)?;
        let officer = life.role.split(' ').any(|w| matches!(w, "constable" | "commissioner" | "officer" | "sergeant"));
        (near && !speaks && !officer).then_some(p)
    }

    /// The person with a code for a name: the last before found name `next`, or the first after it.
    pub(super) fn shooter(&self, next: usize, after: bool) -> Option<Referent> {
        let coded = |n: usize| match self.referents.get(n) {
            Some(Some(Referent::Person(p))) => self.people.get(*p).filter(|p| p.coded).map(|_| Referent::Person(*p)),
            _ => None,
        };
        if after { (next..self.found.len()).find_map(coded) } else { (0..next).rev().find_map(coded) }
    }

    /// The person with a code for a name, whom the clause after the noun at `head` introduces.
    pub(super) fn coded_next(&self, head: usize, next_found: usize) -> Option<Referent> {
        let view = self.view;
        let item = self.found.get(next_found)?;
        let Some(Some(Referent::Person(p))) = self.referents.get(next_found) else { return None };
        let clause = view.after(head) == ","
            && matches!(view.lower(head + 2), "who" | "known" | "identified" | "named" | "referred");
        let near = item.first <= head + 10 && view.same_sentence(head, item.first);
        (clause && near && self.people.get(*p)?.coded).then_some(Referent::Person(*p))
    }

    /// The last token of "of three" after the noun at `head`, with the noun that is counted ("mother of two sons").
    pub(super) fn number(&self, head: usize) -> Option<usize> {
        let view = self.view;
        let number = matches!(
            view.lower(head + 2),
            "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
        );
        let parent =
            matches!(view.lower(head), "father" | "mother" | "dad" | "mum" | "grandmother" | "grandfather" | "parent");
        if !parent || view.after(head) != "of" || !number || !view.same_sentence(head, head + 2) {
            return None;
        }
        let child = |i: usize| {
            matches!(view.lower(i), "children" | "sons" | "daughters" | "boys" | "girls" | "women" | "sisters")
        };
        let counted = (head + 3..head + 6).take_while(|i| view.same_sentence(head, *i)).find(|i| child(*i));
        Some(counted.unwrap_or(head + 2))
    }

    /// `span`, which ends with the noun at `head`, with the number of children after it.
    pub(super) fn with_number(&self, span: Span, head: usize) -> Span {
        match self.number(head) {
            Some(last) => Span::new(span.start, self.view.span(last, last + 1).end),
            None => span,
        }
    }
}
