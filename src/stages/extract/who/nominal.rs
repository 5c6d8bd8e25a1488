//! Descriptions without the name: "the force", "the watchdog", "the sergeant", "A detective" who is named next.

mod offices;

use super::Referent;
use super::bodies::Bodies;
use super::chunks::{Found, What};
use super::lexicon::Class;
use super::patients;
use super::people::Person;
use super::titles::{Sex, rank_level};
use super::view::View;
use super::watched::Life;
use crate::domain::Span;
use crate::stages::extract::doc::Shape;

/// A nominal mention.
type Nominal = (Span, Referent, &'static str, bool);

/// Nouns that stand for a body, with the kinds they may stand for.
const BODY_NOUNS: &[(&str, &[&str])] = &[
    ("force", &["force"]),
    ("constabulary", &["force"]),
    ("institution", &["force"]),
    ("watchdog", &["watchdog", "inspectorate"]),
    ("regulator", &["watchdog"]),
    ("ombudsman", &["watchdog"]),
    ("inspectorate", &["inspectorate"]),
    ("tribunal", &["tribunal"]),
    ("inquiry", &["inquiry"]),
    ("federation", &["association"]),
    ("association", &["association"]),
    ("union", &["association"]),
    ("alliance", &["campaign"]),
    ("charity", &["campaign"]),
    ("campaign", &["campaign"]),
    ("council", &["council"]),
    ("panel", &["panel"]),
];

/// Nouns that stand for a body of whose name they are a part ("the board" of a policing board).
const NAME_NOUNS: &[&str] = &[
    "service",
    "board",
    "authority",
    "committee",
    "commission",
    "agency",
    "trust",
    "club",
    "corps",
    "executive",
    "college",
    "foundation",
    "society",
    "institute",
    "inquiry",
    "tribunal",
];

/// Determiners that point to a body as "the" does ("that force").
const POINTING: &[&str] = &["that", "this"];

/// Words that may stand between the article and the noun.
const BETWEEN: &[&str] = &[
    "police",
    "scandal-hit",
    "former",
    "public",
    "independent",
    "beleaguered",
    "troubled",
    "embattled",
    "same",
    "disgraced",
    "police's",
    "policing",
    "official",
    "retired",
    "serving",
    "senior",
    "junior",
    "young",
    "ex",
    "then",
    "deputy",
    "chief",
    "assistant",
    "off-duty",
    "dead",
    "firearms",
    "armed",
    "response",
    "banned",
    "appeal",
];

/// Words that end the search for a noun.
const STOPS: &[&str] = &[
    "the", "a", "an", "by", "on", "for", "with", "from", "at", "as", "that", "which", "whose", "has", "had", "is",
    "was", "be", "been", "will", "his", "her", "their", "its", "after", "over", "than",
];

/// Nominal mentions, each bound to its referent.
pub(super) fn find(
    view: &View<'_>,
    found: &[Found],
    referents: &[Option<Referent>],
    people: &[Person],
    lives: &[Life],
    bodies: &Bodies,
    posts: &[(u8, usize)],
) -> Vec<Nominal> {
    let patients = patients::patients(view, found, referents, people, lives);
    let mut finder = Finder { view, found, referents, people, lives, bodies, posts, patients, introduced: Vec::new() };
    let mut out = Vec::new();
    let mut next_found = 0;
    for index in 0..view.doc.tokens.len() {
        while found.get(next_found).is_some_and(|f| f.first < index) {
            next_found += 1;
        }
        let nominal = match view.lower(index) {
            "the" => finder
                .definite(index, next_found)
                .or_else(|| finder.introduced(index, next_found))
                .or_else(|| finder.described(index, next_found))
                .or_else(|| finder.office(index, next_found)),
            "a" | "an" => finder
                .introduced(index, next_found)
                .or_else(|| finder.described(index, next_found))
                .or_else(|| finder.office(index, next_found))
                .or_else(|| finder.next_named(index, next_found)),
            "that" | "this" => finder.definite(index, next_found),
            "his" | "her" => finder.relative(index, next_found),
            _ => None,
        };
        if let Some((span, Referent::Person(person), "introduced person", _)) = &nominal {
            finder.introduced.push((*person, view.doc.slice(*span).to_lowercase()));
        }
        out.extend(nominal);
    }
    out
}

struct Finder<'a> {
    view: &'a View<'a>,
    found: &'a [Found],
    referents: &'a [Option<Referent>],
    people: &'a [Person],
    lives: &'a [Life],
    bodies: &'a Bodies,
    /// Posts that watched persons hold at the article's date: level of the rank, person.
    posts: &'a [(u8, usize)],
    /// Those to whom something happened.
    patients: Vec<usize>,
    /// Persons that a description introduced, with its words.
    introduced: Vec<(usize, String)>,
}

impl Finder<'_> {
    /// The head noun of the phrase that begins with the article at `index`: (its token, one past the phrase).
    fn noun(&self, index: usize, modifiers: usize) -> Option<usize> {
        let view = self.view;
        let nouns = Class::ROLE.or(Class::POLICE_ROLE).or(Class::KIN).or(Class::CIVIL);
        let is_noun = |i: usize| {
            let lower = view.lower(i);
            view.class(i).has(nouns)
                || NAME_NOUNS.contains(&lower)
                || matches!(lower, "cadet" | "judge" | "sheriff" | "recorder")
                || BODY_NOUNS.iter().any(|(n, _)| *n == lower)
                || lower.contains("-of-")
        };
        let mut last = None;
        for i in index + 1..index + 2 + modifiers {
            if !view.same_sentence(index, i) {
                break;
            }
            let token = view.token(i)?;
            let aged = token.shape == Shape::Number && token.lower.ends_with("-old");
            let word = matches!(token.shape, Shape::Lower)
                || aged
                || view.capital(i) && i == index + 1
                || view.all_capitals(i);
            if !word && !view.capital(i) {
                break;
            }
            if is_noun(i) {
                last = Some(i);
                // "police officer", "chief constable": the last noun of a run is the head.
                if !is_noun(i + 1) || !view.same_sentence(i, i + 1) {
                    break;
                }
                continue;
            }
            let between =
                BETWEEN.contains(&token.lower.as_str()) || token.lower.contains('-') || token.lower.starts_with("ex-");
            if modifiers <= 2 && !between {
                break;
            }
            if view.class(i).has(Class::SPEECH) && !between
                || STOPS.contains(&token.lower.as_str())
                || matches!(token.lower.as_str(), "of" | "in" | "and" | "who" | "to")
            {
                break;
            }
        }
        last
    }

    /// "the force", "the sergeant".
    fn definite(&self, index: usize, next_found: usize) -> Option<Nominal> {
        let view = self.view;
        let head = self.noun(index, 2)?;
        let noun = view.lower(head);
        let span = view.span(index, head + 1);
        let after = view.after(head);
        // A name follows: it is an apposition or part of the name.
        let named = |n: &usize| self.referents.get(*n).is_some_and(Option::is_some);
        let follows = (next_found..self.found.len()).filter(named).take(2).filter_map(|n| self.found.get(n));
        if follows.into_iter().any(|f| {
            f.first == head + 1
                || f.first == head + 2 && matches!(after, "," | "’s" | "'")
                || f.first == head + 3 && after == "," && view.lower(head + 2) == "the"
                || f.first <= head && f.last > index
        }) {
            return None;
        }
        let told = index > 0 && view.class(index - 1).has(Class::SPEECH);
        // "the force of law", but "accused the force of hiding it" and "managers in the force of hiding it".
        let doing = view.lower(head + 2).ends_with("ing");
        let limited =
            matches!(after, "used" | "majeure" | "behind") || matches!(after, "of" | "for") && !told && !doing;
        if POINTING.contains(&view.lower(index)) {
            let key = self.body(&["force"], next_found).filter(|_| noun == "force" && head == index + 1 && !limited)?;
            return Some((span, Referent::Body(key), "nominal body", true));
        }
        if let Some((_, kinds)) = BODY_NOUNS.iter().find(|(n, _)| *n == noun) {
            if limited {
                return None;
            }
            if let Some(key) = self.just_named(index, kinds, next_found).or_else(|| self.body(kinds, next_found)) {
                return Some((span, Referent::Body(key), "nominal body", true));
            }
        }
        if NAME_NOUNS.contains(&noun) {
            let words: Vec<&str> = (index + 1..=head).map(|i| view.lower(i)).collect();
            let key = self.called(&words, next_found).filter(|_| !limited)?;
            return Some((span, Referent::Body(key), "nominal body", true));
        }
        // In apposition to the name before it.
        let before = next_found.checked_sub(1).and_then(|n| self.found.get(n));
        if view.before(index) == "," && before.is_some_and(|f| f.last + 1 == index || f.last + 3 == index) {
            return None;
        }
        if after == "of" || after == "for" || after == "’s" {
            return None;
        }
        // "The officer who fired the shot": told apart from those named before.
        if after == "who" && matches!(noun, "officer" | "constable" | "sergeant" | "policeman" | "man" | "woman") {
            return None;
        }
        let phrase: String = (index + 1..=head).map(|i| view.lower(i)).collect::<Vec<_>>().join(" ");
        // "The marksman, who can be identified only as AZ12".
        let shot = armed(&phrase).then(|| self.shooter(next_found, false)).flatten();
        let referent =
            shot.or_else(|| self.coded_next(head, next_found)).or_else(|| self.person(&phrase, noun, next_found))?;
        let rule = if matches!(referent, Referent::Watched(_)) { "post held then" } else { "nominal person" };
        Some((span, referent, rule, true))
    }

    /// The body named last before found name `next` of whose name all `words` are parts.
    fn called(&self, words: &[&str], next: usize) -> Option<String> {
        (0..next).rev().take(60).find_map(|n| match self.referents.get(n) {
            Some(Some(Referent::Body(key)))
                if words.iter().all(|w| self.bodies.is_called(key, w)) && self.bodies.kind(key) != "court" =>
            {
                Some(key.clone())
            }
            _ => None,
        })
    }

    /// The one body of these kinds that the sentence before names, in the same paragraph, where the noun at `index` begins its own:
    /// "Inspectors graded Kent Police inadequate. The force will stay".
    fn just_named(&self, index: usize, kinds: &[&str], next: usize) -> Option<String> {
        let sentences = &self.view.doc.sentences;
        let own = sentences.partition_point(|s| s.last <= index);
        let (last, here) = (sentences.get(own.checked_sub(1)?)?, sentences.get(own)?);
        if here.first != index || last.block != here.block {
            return None;
        }
        let named = (0..next).rev().take_while(|n| self.found.get(*n).is_some_and(|f| f.first >= last.first));
        let mut keys = named.filter_map(|n| match self.referents.get(n) {
            Some(Some(Referent::Body(key))) if kinds.contains(&self.bodies.kind(key)) => {
                let past = self.found.get(n).is_some_and(|f| self.of_a_career(f) || self.replaced(f));
                (!past).then_some(key)
            }
            _ => None,
        });
        let one = keys.next()?;
        keys.all(|key| key == one).then(|| one.clone())
    }

    /// The body that a noun of these kinds stands for, at found name `next`.
    fn body(&self, kinds: &[&str], next: usize) -> Option<String> {
        let mut counts: Vec<(&str, i64)> = Vec::new();
        let mut note = |n: usize, weight: i64| {
            if let Some(Some(Referent::Body(key))) = self.referents.get(n)
                && kinds.contains(&self.bodies.kind(key))
            {
                // A former force is not the force, nor a watchdog that another has replaced the watchdog.
                let former = self.found.get(n).is_some_and(|f| {
                    matches!(self.view.before(f.first), "former" | "ex" | "ex-")
                        || f.first > 1 && self.view.before(f.first - 1) == "former"
                        || (f.first.saturating_sub(3)..f.first).any(|i| self.view.lower(i) == "formerly")
                        || self.replaced(f)
                });
                let past = self.found.get(n).is_some_and(|f| self.of_a_career(f));
                let weight = if former || past { 1 } else { weight };
                match counts.iter_mut().find(|(k, _)| k == key) {
                    Some((_, c)) => *c += weight,
                    None => counts.push((key, weight)),
                }
            }
        };
        for (n, back) in (0..next).rev().take(60).zip(0_i64..) {
            note(n, 2 + (24 - back).max(0));
        }
        if counts.is_empty() {
            for n in next..(next + 8).min(self.found.len()) {
                if let Some(Some(Referent::Body(key))) = self.referents.get(n)
                    && kinds.contains(&self.bodies.kind(key))
                {
                    return Some(key.clone());
                }
            }
            // "Orr Inquiry live": named in the headline only.
            return self.bodies.in_headline(kinds);
        }
        let best = counts.iter().map(|(_, c)| *c).max()?;
        counts.iter().find(|(_, c)| *c == best).map(|(k, _)| (*k).to_owned())
    }

    /// Whether a body is only one where somebody was before: "she was deputy chief of Essex Police before she came", "who has led Police
    /// Scotland since May".
    fn of_a_career(&self, item: &Found) -> bool {
        let view = self.view;
        let near = |from: usize, to: usize, words: &[&str]| {
            (from..to).any(|i| view.same_sentence(i, item.first) && words.contains(&view.lower(i)))
        };
        let from = item.first.saturating_sub(8);
        let was = near(from, item.first, &["was", "been", "joined", "served", "worked", "led", "began", "started"]);
        let until = near(item.last, item.last + 3, &["before", "until"]);
        let led = near(item.first.saturating_sub(2), item.first, &["led", "leads", "headed", "heads"])
            && near(item.first.saturating_sub(4), item.first, &["who"]);
        was && until || led
    }

    /// Whether the words around a name say that another took the place of its bearer.
    fn replaced(&self, item: &Found) -> bool {
        let view = self.view;
        let before = (item.first.saturating_sub(5)..item.first).filter(|i| view.same_sentence(*i, item.first));
        let gone = |w: &str| matches!(w, "abolished" | "defunct" | "disbanded" | "dissolved" | "scrapped");
        before
            .map(|i| view.lower(i))
            .any(|w| matches!(w, "place" | "replaced" | "replaces" | "succeeded" | "predecessor") || gone(w))
            || (item.last..item.last + 4)
                .take_while(|i| view.same_sentence(item.first, *i))
                .any(|i| gone(view.lower(i)))
    }

    /// The person that a role stands for, at found name `next`: the last one named who has it.
    fn person(&self, phrase: &str, noun: &str, next: usize) -> Option<Referent> {
        let level = rank_level(phrase);
        let officer = matches!(
            noun,
            "officer" | "policeman" | "policewoman" | "cop" | "copper" | "detective" | "pc" | "marksman"
        );
        let wanted = match noun {
            "policewoman" | "woman" | "mother" | "mum" | "daughter" | "sister" => Some(Sex::Female),
            "policeman" | "man" | "father" | "dad" | "son" | "brother" => Some(Sex::Male),
            _ => None,
        };
        if matches!(
            noun,
            "man"
                | "woman"
                | "boy"
                | "girl"
                | "victim"
                | "victims"
                | "men"
                | "women"
                | "judge"
                | "coroner"
                | "family"
                | "parents"
                | "chief"
                | "boss"
                | "head"
                | "chair"
                | "deputy"
                | "driver"
                | "friend"
                | "sheriff"
                | "recorder"
        ) || noun.ends_with('s') && noun != "boss"
        {
            return None;
        }
        // "The former officer": who was named as one, before anybody else.
        let former = |at: &Found| {
            (1..=4).any(|back| {
                at.first.checked_sub(back).is_some_and(|i| matches!(self.view.lower(i), "former" | "ex" | "retired"))
            })
        };
        let gone = phrase.starts_with("former") || phrase.starts_with("retired");
        let named_so: Vec<usize> =
            (0..next).rev().take(30).filter(|n| gone && self.found.get(*n).is_some_and(former)).collect();
        for n in named_so.into_iter().chain((0..next).rev().take(30)) {
            let Some(Some(Referent::Person(p))) = self.referents.get(n) else { continue };
            let (Some(person), Some(life)) = (self.people.get(*p), self.lives.get(*p)) else { continue };
            if wanted.is_some() && person.sex.is_some() && wanted != person.sex {
                continue;
            }
            let introduced = self.introduced.iter().find(|(q, _)| q == p).map_or("", |(_, words)| words.as_str());
            let role_level =
                rank_level(&life.role).or_else(|| rank_level(&person.rank)).or_else(|| rank_level(introduced));
            let fits = match level {
                Some(level) => role_level == Some(level),
                None if officer => {
                    person.coded
                        || !person.rank.is_empty()
                        || life.role.split(' ').any(|w| super::lexicon::lexicon().class(w).has(Class::POLICE_ROLE))
                }
                None => {
                    life.role.split([' ', '-']).any(|w| w == noun)
                        || noun == "defendant" && person.titles.is_empty() && self.accused(*p)
                }
            };
            if fits {
                return Some(Referent::Person(*p));
            }
        }
        // Nobody's rank is told: the last watched officer without one, or for a chief a knight.
        let held: Vec<usize> = self.posts.iter().filter(|(l, _)| Some(*l) == level).map(|(_, w)| *w).collect();
        if let [only] = held.as_slice() {
            let named = self.people.iter().position(|p| p.watch == Some(*only));
            return Some(named.map_or(Referent::Watched(*only), Referent::Person));
        }
        level?;
        (0..next).rev().take(30).find_map(|n| {
            let Some(Some(Referent::Person(p))) = self.referents.get(n) else { return None };
            let (person, life) = (self.people.get(*p)?, self.lives.get(*p)?);
            let knight = person.titles.iter().any(|t| t.split(' ').any(|w| matches!(w, "sir" | "dame")));
            let unranked = person.rank.is_empty() && rank_level(&life.role).is_none();
            let fits = unranked
                && (person.police_watched && level < Some(16) || level >= Some(12) && knight && person.watch.is_some());
            fits.then_some(Referent::Person(*p))
        })
    }

    /// Whether the article calls the person by a bare surname: the way of courts.
    fn accused(&self, person: usize) -> bool {
        self.people.get(person).is_some_and(|p| {
            p.mentions
                .iter()
                .filter_map(|m| self.found.get(*m))
                .any(|f| matches!(&f.what, What::Bare(n) if n.title.is_empty()))
        })
    }

    /// Whether `sentence` begins with "a" or "an".
    fn begins_with_article(&self, sentence: usize) -> bool {
        let first = self.view.doc.sentences.get(sentence).map_or(0, |s| s.first);
        matches!(self.view.lower(first), "a" | "an")
    }

    /// "A detective …" at the beginning of the article, named in the next sentence; "a watchdog" named soon after.
    fn introduced(&self, index: usize, next_found: usize) -> Option<Nominal> {
        let view = self.view;
        let sentence = *view.sentence.get(index)?;
        if sentence > 3 {
            return None;
        }
        let head = self.noun(index, 4)?;
        let noun = view.lower(head);
        let span = view.span(index, head + 1);
        if let Some((_, kinds)) = BODY_NOUNS.iter().find(|(n, _)| *n == noun) {
            if view.lower(index) == "the" {
                return None;
            }
            let taken = self.found.get(next_found).is_some_and(|f| f.first <= head + 2);
            if taken || matches!(noun, "council" | "campaign" | "union" | "trust" | "institution" | "panel") {
                return None;
            }
            let far =
                (next_found..(next_found + 10).min(self.found.len())).find_map(|n| match self.referents.get(n) {
                    Some(Some(Referent::Body(key))) if kinds.contains(&self.bodies.kind(key)) => Some(key.clone()),
                    _ => None,
                })?;
            return Some((span, Referent::Body(far), "introduced body", true));
        }
        if sentence > 1
            || !view.begins(index) && view.lower(index) != "the"
            || NAME_NOUNS.contains(&noun)
            || matches!(noun, "judge" | "sheriff" | "coroner" | "recorder")
            || view.lower(index + 1) == "same"
            // "A chief who helped the son of a friend": the sentence introduces somebody else.
            || !view.begins(index) && self.begins_with_article(sentence) && view.class(head).has(Class::KIN)
            // "the officers involved": no single person.
            || noun.ends_with('s') && !noun.ends_with("ss")
            || matches!(noun, "men" | "women" | "people" | "policemen" | "policewomen" | "police" | "children")
        {
            return None;
        }
        // In apposition to the name before it.
        let before = next_found.checked_sub(1).and_then(|n| self.found.get(n));
        if view.before(index) == "," && before.is_some_and(|f| f.last + 1 == index) {
            return None;
        }
        // The next sentence begins with the name.
        let next = view.doc.sentences.get(sentence + 1)?;
        let n = (next_found..self.found.len()).find(|n| self.found.get(*n).is_some_and(|f| f.first >= next.first))?;
        let item = self.found.get(n)?;
        if item.first > next.first + 2 || !matches!(item.what, What::Person(_)) {
            return None;
        }
        let Some(Some(Referent::Person(p))) = self.referents.get(n) else { return None };
        // "A constable has been cleared. Neil Sinclair was pulled over by two officers": whom the police met is none.
        let police = view.class(head).has(Class::POLICE_ROLE);
        let met = (item.last..next.last.min(item.last + 14)).any(|i| {
            view.lower(i) == "by"
                && matches!(
                    view.lower(i - 1),
                    "over"
                        | "stopped"
                        | "searched"
                        | "strip-searched"
                        | "handcuffed"
                        | "tasered"
                        | "restrained"
                        | "chased"
                        | "pursued"
                        | "approached"
                )
                && (i + 1..i + 5).any(|k| view.class(k).has(Class::POLICE_ROLE) || view.lower(k) == "police")
        });
        if police && met && self.people.get(*p).is_some_and(|p| p.rank.is_empty()) {
            return None;
        }
        // "A marksman has been charged. Lee Ash, 25, died in hospital": nor is it whom the next sentence tells to have been hurt, but
        // where the officer was.
        let befell = |i: usize| super::lexicon::lexicon().patients.befell.contains(view.lower(i));
        let wronged = (item.last..item.last + 6).any(|i| {
            matches!(view.lower(i), "wrongly" | "unlawfully" | "wrongfully" | "mistakenly")
                && view.same_sentence(item.last, i)
        });
        if police && wronged && self.people.get(*p).is_some_and(|p| p.rank.is_empty()) {
            return None;
        }
        if police && self.patients.contains(p) && !(head + 1..head + 7).any(befell) {
            return None;
        }
        // Somebody else is named in between.
        if (next_found..n).any(|m| matches!(self.referents.get(m), Some(Some(Referent::Person(q))) if q != p)) {
            return None;
        }
        let person = self.people.get(*p)?;
        let court = person.titles.iter().any(|t| t.split(' ').any(|w| matches!(w, "justice" | "judge" | "sheriff")))
            || person.words.first().is_some_and(|w| matches!(w.as_str(), "justice" | "judge" | "sheriff"));
        if police && court {
            return None;
        }
        // Nor is a driver the constable, where the sentence speaks of a policeman as well.
        let also = || {
            let (first, last) = view.sentence_range(index);
            !(index..head).any(|i| view.lower(i) == "police")
                && (first..last).any(|i| i != head && view.class(i).has(Class::POLICE_ROLE))
        };
        if !police && !person.rank.is_empty() && (!matches!(noun, "driver" | "figure") || also()) {
            let other = self.first_civilian(n).filter(|_| noun == "driver")?;
            return Some((span, Referent::Person(other), "introduced person", true));
        }
        Some((self.with_number(span, head), Referent::Person(*p), "introduced person", true))
    }

    /// "A 44-year-old man" who is named later, "the boy" who was or will be; "A police officer" of the lead.
    fn described(&self, index: usize, next_found: usize) -> Option<Nominal> {
        let view = self.view;
        let sentence = *view.sentence.get(index)?;
        let introduces = view.lower(index) != "the";
        if introduces && sentence > 3 {
            return None;
        }
        let head = self.noun(index, 4)?;
        // “I grieved for a man who was paid for it”: nobody whom the article names later.
        if introduces && view.quoted(index) {
            return None;
        }
        let noun = view.lower(head);
        let inside = |f: &&Found| f.first <= head + 1 && f.last > index;
        let named = (next_found..self.found.len()).take(2).filter_map(|n| self.found.get(n));
        if noun.ends_with('s') && view.after(head) == "'"
            || named.into_iter().filter(inside).any(|f| f.first > index && !matches!(f.what, What::Place))
            || matches!(view.after(head), "’s" | "'s") && !view.class(head).has(Class::POLICE_ROLE)
            || view.after(head) == "of" && self.number(head).is_none()
            || matches!(view.lower(index + 1), "same" | "next" | "other" | "last" | "only")
        {
            return None;
        }
        let span = self.with_number(view.span(index, head + 1), head);
        // In apposition to the name before it.
        let before = next_found.checked_sub(1).and_then(|n| self.found.get(n));
        if view.before(index) == "," && before.is_some_and(|f| f.last + 1 == index || f.last + 3 == index) {
            return None;
        }
        if patients::describes(noun) {
            let next = introduces.then(|| {
                patients::named_next(view, &self.patients, self.people, self.found, self.referents, noun, index)
            });
            let who = next
                .flatten()
                .or_else(|| patients::described(&self.patients, self.people, self.found, noun, index, introduces));
            // "a cadet", whose name comes next.
            let who = who.or_else(|| if introduces { self.trade_named_next(noun, index, next_found) } else { None })?;
            return Some((span, Referent::Person(who), "person to whom it happened", true));
        }
        if !introduces || sentence > 1 || !view.class(head).has(Class::POLICE_ROLE) {
            return None;
        }
        let phrase: String = (index + 1..=head).map(|i| view.lower(i)).collect::<Vec<_>>().join(" ");
        if armed(&phrase) {
            let who = self.shooter(next_found, true)?;
            return Some((span, who, "officer of the lead", true));
        }
        let who = patients::officer(view, self.found, self.referents, self.people, self.lives, &phrase, index)?;
        Some((span, Referent::Person(who), "officer of the lead", true))
    }
}

/// Whether a description is that of an armed officer, whom courts give a code for a name.
fn armed(phrase: &str) -> bool {
    phrase.split(' ').any(|w| matches!(w, "firearms" | "marksman" | "markswoman"))
}
