//! Who says it: the subject of the verb of speech beside a run.

mod told;

use super::scene::{Naming, Scene, Sex};
use super::words::words;
use crate::domain::EntityKind;
use crate::stages::extract::doc::Shape;

/// Sentences that are looked through for whom a pronoun means.
const SENTENCES_BACK: usize = 10;

/// Tokens between a verb and the subject after it ("said Chief Inspector Ann Orr", "said a spokesman for the force").
const AFTER_VERB: usize = 8;

/// A speaker and the rule that found it; `None` for one without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue<'a> {
    pub(super) speaker: Option<&'a str>,
    pub(super) rule: &'static str,
}

impl<'a> Cue<'a> {
    fn new(speaker: &'a str, rule: &'static str) -> Self {
        Self { speaker: Some(speaker), rule }
    }

    const UNNAMED: Self = Self { speaker: None, rule: "unnamed" };
}

/// Finds speakers; `spoken` are the speakers of the runs before, in order of the text.
pub(super) struct Speakers<'s, 'a> {
    pub(super) scene: &'s Scene<'a>,
    /// For each run resolved so far: its speaker.
    pub(super) spoken: Vec<Option<&'a str>>,
}

impl<'a> Speakers<'_, 'a> {
    /// The cue in the words `first..last` that lead to a quotation.
    pub(super) fn before(&self, first: usize, last: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        if let Some(cue) = self.according(first, last) {
            return Some(cue);
        }
        if let Some(cue) = self.utterance(first, last) {
            return Some(cue);
        }
        let leads = scene.lower(last.saturating_sub(1)) == ":" && last > first;
        let verb = (first..last).rev().find(|v| self.is_verb(*v));
        match verb {
            Some(verb) => self.subject(verb, first, last),
            // "Her brother, 50, raged:" in words that are not known.
            None if leads => self.sentence_subject(first, last),
            None => None,
        }
    }

    /// The cue in the words `first..last` that follow a quotation. `open` tells that the quotation did not
    /// end its sentence, `inside` that words of its sentence stand before it.
    pub(super) fn after(&self, first: usize, last: usize, open: bool, inside: bool) -> Option<Cue<'a>> {
        let scene = self.scene;
        if let Some(cue) = self.according(first, last) {
            return Some(cue);
        }
        let start = (first..last).find(|i| !matches!(scene.lower(*i), "," | "–" | "—" | "-"))?;
        let verb =
            (start..last).find(|v| self.is_verb(*v)).filter(|v| !inside || !words().hold.contains(scene.lower(*v)));
        let Some(verb) = verb else {
            // “…,” she complained.
            return if open && !inside { self.starts_with_subject(start) } else { None };
        };
        if !open {
            // A sentence of its own is a cue only if it says no more: “…” Ms Orr said.
            let rest = (verb + 1..last).filter(|i| scene.token(*i).is_some_and(|t| t.shape != Shape::Punctuation));
            if rest.count() > 3 || scene.lower(last.saturating_sub(1)) == ":" {
                return None;
            }
        }
        let adverb = (start..verb).all(|i| scene.lower(i).ends_with("ly") || words().between.contains(scene.lower(i)));
        let cue =
            if verb == start || adverb { self.subject_after(verb, last) } else { self.subject(verb, start, last) };
        // Someone says it, though not by name: "the boy, now 17, said".
        cue.or_else(|| open.then_some(Cue::UNNAMED))
    }

    fn is_verb(&self, i: usize) -> bool {
        let lower = self.scene.lower(i);
        self.scene.run(i).is_none() && self.scene.naming(i).is_none() && words().verb(lower)
    }

    /// "according to Ann Orr".
    fn according(&self, first: usize, last: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        let to = (first..last).find(|i| scene.lower(*i) == "according" && scene.lower(*i + 1) == "to")? + 2;
        scene.named_in(to, last.min(to + AFTER_VERB)).next().map(|n| Cue::new(n.entity, "according_to"))
    }

    /// The subject of the verb at `verb` within `first..last`.
    fn subject(&self, verb: usize, first: usize, last: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        let lower = scene.lower(verb);
        let before = scene.lower(verb.saturating_sub(1));
        // "Hall was told by Judge Orr": the speaker stands after "by".
        let passive = matches!(before, "was" | "were" | "is" | "are" | "been" | "being") && !lower.ends_with("ing");
        if passive
            && (words().tell.contains(lower) || words().hold.contains(lower) || lower == "asked" || lower == "warned")
        {
            let by = (verb + 1..last.min(verb + 6)).find(|i| scene.lower(*i) == "by");
            if let Some(by) = by {
                return scene.named_in(by + 1, last.min(by + AFTER_VERB)).next().map(|n| Cue::new(n.entity, "passive"));
            }
        }
        if lower.ends_with("ing") && before != "is" && before != "was" {
            // "She wrote to him on Monday, saying: …"
            return self.sentence_subject(first, verb);
        }
        // "neither, said a friend, was …"
        if before == "," && words().say.contains(lower) && !self.says_that(verb) {
            if let Some(person) = self.before_aside(verb, first) {
                return Some(Cue::new(person, "before_aside"));
            }
            let cue = self.subject_after(verb, last);
            // The mention must end the aside: "Ann Orr, of the Met, said Tom Lee had gone" has none.
            let ends = (verb + 1..last.min(verb + AFTER_VERB))
                .find_map(|i| scene.naming(i))
                .is_none_or(|n| n.last >= last || matches!(scene.lower(n.last), "," | "." | "–" | "—"));
            if cue.is_some() && ends {
                return cue;
            }
            if matches!(scene.lower(verb + 1), "a" | "an" | "one" | "another") {
                return Some(Cue::UNNAMED);
            }
        }
        self.subject_before(verb, first)
    }

    /// "said Chief Inspector Ann Orr, who …", "said a spokesman for the force".
    fn subject_after(&self, verb: usize, last: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        if words().tell.contains(scene.lower(verb)) {
            return None;
        }
        for i in verb + 1..last.min(verb + 1 + AFTER_VERB) {
            if scene.run(i).is_some() {
                return None;
            }
            if let Some(naming) = scene.naming(i).filter(|n| n.kind != EntityKind::Place) {
                return Some(self.person_beside(naming, "inverted"));
            }
            let lower = scene.lower(i);
            if i == verb + 1
                && let Some(cue) = self.pronoun(i)
            {
                return Some(cue);
            }
            // "says its writer, Ann Orr"
            let person = scene.naming(i + 1).filter(|n| n.kind == EntityKind::Person && n.first == i + 1);
            if let Some(person) = person.filter(|_| lower == "," && i > verb + 2) {
                return Some(Cue::new(person.entity, "inverted"));
            }
            if matches!(
                lower,
                "that" | "to" | "there" | "it" | "they" | "in" | "on" | "at" | "," | ";" | ":" | "." | "was" | "had"
            ) {
                break;
            }
        }
        let role = scene.lower(verb + 2);
        (scene.lower(verb + 1) == "the" && self.is_person_noun(role)).then(|| self.stands_for(verb, role))
    }

    /// “Ann Orr of the Met”, "the force's Ann Orr": the person rather than the body beside.
    fn person_beside(&self, naming: Naming<'a>, rule: &'static str) -> Cue<'a> {
        if naming.kind == EntityKind::Body {
            let scene = self.scene;
            let next = scene.naming(naming.last + 1).filter(|n| n.kind == EntityKind::Person);
            let possessive = matches!(scene.lower(naming.last), "'s" | "'");
            if let Some(person) = next.filter(|_| possessive) {
                return Cue::new(person.entity, rule);
            }
            // "said the Police Ombudsman, Ann Orr": an office that has the name of its body.
            let office = scene.lower(naming.last) == ","
                && naming.last.checked_sub(1).is_some_and(|l| self.is_person_noun(scene.lower(l)));
            if let Some(person) = next.filter(|n| office && n.first == naming.last + 1) {
                return Cue::new(person.entity, rule);
            }
            // A rank or post may stand between: "the Met's deputy commissioner Ann Orr", "IOPC director Ann Orr".
            let person = (naming.last..naming.last + 6)
                .take_while(|i| scene.run(*i).is_none() && !self.is_verb(*i) && !self.may_stand_between(*i))
                .take_while(|i| !matches!(scene.lower(*i), "," | "." | ":" | ";" | "and" | "to"))
                .find_map(|i| scene.naming(i).filter(|n| n.kind == EntityKind::Person && n.first > naming.first));
            if let Some(person) = person {
                return Cue::new(person.entity, rule);
            }
        }
        Cue::new(naming.entity, rule)
    }

    /// The subject that stands before the verb at `verb`, not before `first`.
    fn subject_before(&self, verb: usize, first: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        let mut p = verb;
        for _ in 0..24 {
            while p > first && self.may_stand_between(p - 1) {
                p -= 1;
            }
            // "Ann Orr, who said"
            if p > first && matches!(scene.lower(p), "who" | "which") && scene.lower(p - 1) == "," {
                p -= 1;
            }
            if p <= first {
                break;
            }
            let q = p - 1;
            if scene.run(q).is_some() {
                break;
            }
            if let Some(naming) = scene.naming(q) {
                if naming.kind == EntityKind::Place || naming.first < first {
                    p = naming.first.max(first);
                    continue;
                }
                return Some(self.of_mention(naming, first));
            }
            if let Some(cue) = self.pronoun(q) {
                return Some(cue);
            }
            let lower = scene.lower(q);
            // "a spokeswoman for the commissioner said"
            let back = |n: usize| q.checked_sub(n).filter(|i| *i >= first).map_or("", |i| scene.lower(i));
            if back(1) == "the" && back(2) == "for" && words().spokespeople.contains(back(3)) {
                return self.spokesperson(q - 3, first);
            }
            match lower {
                "," | "–" | "—" | "-" | ")" => {
                    let open = if lower == ")" { "(" } else { lower };
                    let comma = (first..q).rev().find(|i| scene.lower(*i) == open);
                    let start = comma.map_or(first, |c| c + 1);
                    if let Some(person) = self.aside(start, q) {
                        return Some(Cue::new(person, "apposition"));
                    }
                    match comma {
                        Some(comma) => p = comma,
                        None => break,
                    }
                }
                "'s" | "'" => p = q,
                _ if words().conjunctions.contains(lower) => return self.sentence_subject(first, q),
                _ if words().documents.contains(lower) => return self.document(q, first),
                _ if words().spokespeople.contains(lower) => return self.spokesperson(q, first),
                _ if words().nobody.contains(lower) => return Some(Cue::UNNAMED),
                _ if self.is_person_noun(lower) => return self.described(q, first),
                _ if words().prepositions.contains(lower) => p = q,
                _ => break,
            }
        }
        self.sentence_subject(first, verb)
    }

    /// Whether a word may stand between a subject and its verb ("has", "later", "angrily").
    fn may_stand_between(&self, i: usize) -> bool {
        let lower = self.scene.lower(i);
        self.scene.naming(i).is_none()
            && self.scene.run(i).is_none()
            && (words().between.contains(lower) || lower.ends_with("ly") && lower.len() > 4)
    }

    /// The person that an aside between commas names: "his mother, Ann Orr, said"; not "Ann Orr, of the Met, said".
    fn aside(&self, start: usize, end: usize) -> Option<&'a str> {
        let scene = self.scene;
        let lower = scene.lower(start);
        if words().prepositions.contains(lower)
            || matches!(lower, "who" | "which" | "whose" | "whom" | "where" | "the" | "a" | "an")
        {
            return None;
        }
        let person = scene.named_in(start, end).find(|n| n.kind == EntityKind::Person)?;
        (person.first <= start + 4 && person.last + 1 >= end).then_some(person.entity)
    }

    /// The mention right before a verb; the person before it where it is a body in a phrase of "of".
    fn of_mention(&self, naming: Naming<'a>, first: usize) -> Cue<'a> {
        let scene = self.scene;
        if naming.kind == EntityKind::Person {
            return Cue::new(naming.entity, "before");
        }
        // "Ann Orr of the Met said", "Ann Orr, head of crime at the Met, said" comes by its comma.
        let mut p = naming.first;
        let mut steps = 0;
        while p > first && steps < 8 {
            let q = p - 1;
            if let Some(person) = scene.naming(q) {
                if person.kind == EntityKind::Person && person.first >= first && scene.run(q).is_none() {
                    return Cue::new(person.entity, "before");
                }
                break;
            }
            let lower = scene.lower(q);
            if words().spokespeople.contains(lower) || words().documents.contains(lower) {
                break;
            }
            if words().nobody.contains(lower) {
                return Cue::UNNAMED;
            }
            if self.is_person_noun(lower)
                && let Some(cue) = self.described(q, first)
            {
                return cue;
            }
            // "Carol Orr, of the Women's Collective, which is marching, said"
            let person = q.checked_sub(1).filter(|_| lower == "," && matches!(scene.lower(p), "of" | "from"));
            if let Some(person) = person.and_then(|b| scene.naming(b)).filter(|n| n.kind == EntityKind::Person) {
                return Cue::new(person.entity, "before");
            }
            let small = scene.token(q).is_some_and(|t| t.shape != Shape::Punctuation);
            if !small {
                break;
            }
            p = q;
            steps += 1;
        }
        Cue::new(naming.entity, "before")
    }

    /// "A Met statement said", "a statement from the force said", "the letter says".
    fn document(&self, noun: usize, first: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        let before = noun.checked_sub(1).filter(|b| *b >= first);
        if let Some(naming) = before.and_then(|b| scene.naming(b)).filter(|n| n.kind != EntityKind::Place) {
            return Some(Cue::new(naming.entity, "document"));
        }
        // "the Met's statement", "Ms Orr's letter"
        let owner = noun.checked_sub(2).filter(|b| *b >= first && matches!(scene.lower(b + 1), "'s" | "'"));
        if let Some(naming) = owner.and_then(|b| scene.naming(b)) {
            return Some(Cue::new(naming.entity, "document"));
        }
        // "the report, by the inspectorate, found", "a letter from Ms Orr says"
        let by = (noun + 1..noun + 4).find(|i| matches!(scene.lower(*i), "by" | "from"));
        if let Some(naming) = by.and_then(|by| scene.named_in(by + 1, by + 5).next()) {
            return Some(Cue::new(naming.entity, "document"));
        }
        // "Ann Orr, whose report found"
        if let Some(whose) = before.filter(|b| scene.lower(*b) == "whose") {
            let comma = usize::from(scene.lower(whose.saturating_sub(1)) == ",");
            let named = whose.checked_sub(1 + comma).and_then(|b| scene.naming(b));
            return named.map(|n| Cue::new(n.entity, "document"));
        }
        let sex = before.and_then(|b| match scene.lower(b) {
            "his" => Some(Sex::Male),
            "her" => Some(Sex::Female),
            _ => None,
        });
        self.last_who_fits(noun, sex).map(|e| Cue::new(e, "document"))
    }

    /// "A Met spokesman said", "the force's spokeswoman said"; else the last body named.
    fn spokesperson(&self, noun: usize, first: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        for back in (first..noun).rev().take(4) {
            if let Some(naming) = scene.naming(back).filter(|n| n.kind == EntityKind::Body) {
                return Some(Cue::new(naming.entity, "spokesperson"));
            }
        }
        // "a spokeswoman for the commissioner said": the body whose name has the word.
        if scene.lower(noun + 1) == "for" && scene.lower(noun + 2) == "the" {
            let word = scene.lower(noun + 3);
            let own = scene.sentence(noun);
            let from = scene.doc.sentences.get(own.saturating_sub(SENTENCES_BACK)).map_or(0, |s| s.first);
            let so_called =
                |n: &Naming| n.kind == EntityKind::Body && (n.first..n.last).any(|i| scene.lower(i) == word);
            if let Some(body) = scene.named_in(from, noun).filter(so_called).last() {
                return Some(Cue::new(body.entity, "spokesperson"));
            }
        }
        let (start, _) = scene.block_tokens(self.block_of(noun));
        let last = scene.named_in(start, noun).filter(|n| n.kind == EntityKind::Body).last();
        last.map(|n| Cue::new(n.entity, "spokesperson"))
    }

    /// "the minister replied", "a neighbour said": whom a noun stands for.
    fn described(&self, noun: usize, first: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        // The words before the noun, back to its article.
        for q in (first..noun).rev().take(6) {
            let lower = scene.lower(q);
            if let Some(naming) = scene.naming(q) {
                // "the Met commissioner said": whoever that is, the body speaks only by name.
                if naming.kind == EntityKind::Person {
                    // "Child T’s mother, who cannot be named, said": not the child.
                    let owner = matches!(scene.lower(naming.last), "'s" | "'");
                    return Some(if owner { Cue::UNNAMED } else { Cue::new(naming.entity, "before") });
                }
                continue;
            }
            match lower {
                "the" | "his" | "her" | "their" | "its" => {
                    return Some(self.stands_for(q, scene.lower(noun)));
                }
                "a" | "an" | "one" | "another" | "some" => return Some(Cue::UNNAMED),
                "," | "." | ":" => break,
                _ => {}
            }
        }
        None
    }

    /// Whom "the judge", "his mother" before token `at` means: for a post, the last one to whom the text gives it.
    fn stands_for(&self, at: usize, noun: &str) -> Cue<'a> {
        let found = if words().post(noun) {
            let (own, scene) = (self.scene.sentence(at), self.scene);
            let first = scene.doc.sentences.get(own.saturating_sub(SENTENCES_BACK)).map_or(0, |s| s.first);
            let holders = scene.named_in(first, at).filter(|n| n.kind == EntityKind::Person);
            holders.filter(|n| scene.has_post(n.entity, noun)).last().map(|n| n.entity)
        } else {
            self.last_who_fits(at, noun_sex(noun))
        };
        found.map_or(Cue::UNNAMED, |e| Cue::new(e, "nominal"))
    }

    /// The first one named in `first..last` that is no object: the subject of its sentence.
    fn sentence_subject(&self, first: usize, last: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        let opener = (first..last).find(|i| scene.token(*i).is_some_and(|t| t.shape != Shape::Punctuation))?;
        let indefinite = matches!(scene.lower(opener), "a" | "an" | "one" | "another" | "some");
        if indefinite && (opener + 1..(opener + 4).min(last)).all(|i| scene.naming(i).is_none()) {
            return Some(Cue::UNNAMED);
        }
        let mut body = None;
        let mut i = first;
        while i < last {
            if scene.run(i).is_some() {
                i += 1;
                continue;
            }
            if let Some(naming) = scene.naming(i) {
                let object = naming.first < first || scene.after_preposition(naming.first);
                i = naming.last.max(i + 1);
                if object {
                    continue;
                }
                match naming.kind {
                    EntityKind::Person => return Some(Cue::new(naming.entity, "sentence")),
                    EntityKind::Body if body.is_none() && !matches!(scene.lower(naming.last), "'s" | "'") => {
                        body = Some(naming.entity);
                    }
                    _ => {}
                }
                continue;
            }
            if body.is_none()
                && matches!(scene.lower(i), "he" | "she")
                && let Some(cue) = self.pronoun(i)
            {
                return Some(cue);
            }
            i += 1;
        }
        body.map(|e| Cue::new(e, "sentence"))
    }

    /// A mention or pronoun at `start`.
    fn starts_with_subject(&self, start: usize) -> Option<Cue<'a>> {
        match self.scene.naming(start).filter(|n| n.kind == EntityKind::Person) {
            Some(naming) => Some(Cue::new(naming.entity, "before")),
            None => self.pronoun(start),
        }
    }

    /// Whom the pronoun at `i` means.
    fn pronoun(&self, i: usize) -> Option<Cue<'a>> {
        let found = match self.scene.lower(i) {
            "he" => self.last_who_fits(i, Some(Sex::Male)),
            "she" => self.last_who_fits(i, Some(Sex::Female)),
            "they" => self.last_who_fits(i, None),
            "it" => self.last_body(i),
            "i" | "we" => return Some(Cue::UNNAMED),
            _ => return None,
        };
        Some(found.map_or(Cue { speaker: None, rule: "pronoun" }, |e| Cue::new(e, "pronoun")))
    }

    fn is_person_noun(&self, lower: &str) -> bool {
        let w = words();
        w.people.contains(lower) || w.post(lower)
    }

    /// The person last spoken of before token `at` who may be of `sex`: subjects before objects, speakers first.
    fn last_who_fits(&self, at: usize, sex: Option<Sex>) -> Option<&'a str> {
        let scene = self.scene;
        let own = scene.sentence(at);
        let lowest = own.saturating_sub(SENTENCES_BACK);
        // Someone of whom the sex is known goes before someone of whom it is not, within one sentence.
        for index in (lowest..=own).rev() {
            let Some(sentence) = scene.doc.sentences.get(index) else { continue };
            let last = if index == own { at } else { sentence.last };
            if index == own && self.unnamed_in(sentence.first, at) {
                return None;
            }
            let fits = |entity: &str| sex.is_none_or(|s| scene.sex(entity).is_none_or(|own| own == s));
            if index < own
                && let Some(speaker) = self.speaker_in(sentence.first, sentence.last).filter(|s| fits(s))
            {
                return Some(speaker);
            }
            let persons: Vec<Naming> = scene
                .named_in(sentence.first, last)
                .filter(|n| n.kind == EntityKind::Person && fits(n.entity))
                .filter(|n| !matches!(scene.lower(n.last), "'s" | "'"))
                .collect();
            // "… looked at the floor as Judge Hale spoke. “You had the power,” he said": the judge.
            let spoke =
                |n: &&Naming| matches!(scene.lower(n.last), "spoke" | "addressed") && scene.run(n.last).is_none();
            if index < own
                && let Some(speaker) = persons.iter().find(spoke)
            {
                return Some(speaker.entity);
            }
            // "Reddy said Bright should resign. “…,” she said": who said so, though of the other more is known.
            if index < own
                && let Some(teller) = persons.first().filter(|n| !scene.after_preposition(n.first))
            {
                let next = persons.iter().skip(1).map(|n| n.first).min().unwrap_or(sentence.last);
                let says = |i: usize| words().say.contains(scene.lower(i)) && self.is_verb(i);
                if persons.len() > 1 && (teller.last..next).any(says) {
                    return Some(teller.entity);
                }
            }
            let known = |n: &&Naming| sex.is_none() || scene.sex(n.entity).is_some();
            let subject = |n: &&Naming| !scene.after_preposition(n.first);
            let best = persons.iter().filter(known).find(subject).or_else(|| persons.iter().find(subject));
            let best = best
                .or_else(|| if index < own { persons.iter().find(known).or_else(|| persons.first()) } else { None });
            if let Some(best) = best {
                return Some(best.entity);
            }
        }
        self.owner_before(own, at, sex)
    }

    /// Who alone is named around token `at`, though only as an owner: "On the wall of Ann Orr’s kitchen hangs a telephone. “I trust
    /// it,” she says".
    fn owner_before(&self, own: usize, at: usize, sex: Option<Sex>) -> Option<&'a str> {
        let scene = self.scene;
        let first = scene.doc.sentences.get(own.saturating_sub(2))?.first;
        if (first..at)
            .any(|i| scene.run(i).is_none() && scene.naming(i).is_none() && self.is_person_noun(scene.lower(i)))
        {
            return None;
        }
        let mut persons = scene.named_in(first, at).filter(|n| n.kind == EntityKind::Person);
        let one = persons.next()?.entity;
        let fits = sex.is_none_or(|s| scene.sex(one).is_none_or(|own| own == s));
        (fits && persons.all(|n| n.entity == one)).then_some(one)
    }

    /// Whether the last one spoken of in `first..last` has no name ("another co-worker said he …").
    fn unnamed_in(&self, first: usize, last: usize) -> bool {
        let scene = self.scene;
        for i in (first..last).rev() {
            if scene.naming(i).is_some_and(|n| n.kind == EntityKind::Person) {
                return false;
            }
            if scene.run(i).is_none() && self.is_person_noun(scene.lower(i)) {
                return (first..i).rev().take(3).any(|d| matches!(scene.lower(d), "a" | "an" | "another" | "one"));
            }
        }
        false
    }

    /// What "it" means: the last body that is a subject; the author where a letter or report is spoken of.
    fn last_body(&self, at: usize) -> Option<&'a str> {
        let scene = self.scene;
        let own = scene.sentence(at);
        for index in (own.saturating_sub(3)..=own).rev() {
            let Some(sentence) = scene.doc.sentences.get(index) else { continue };
            let last = if index == own { at } else { sentence.last };
            let at =
                (sentence.first..last).find(|i| scene.run(*i).is_none() && words().documents.contains(scene.lower(*i)));
            if let Some(author) = at.and_then(|at| self.author(at, last)) {
                return Some(author);
            }
            let document = at.is_some();
            let kind = if document { EntityKind::Person } else { EntityKind::Body };
            let subject =
                scene.named_in(sentence.first, last).find(|n| n.kind == kind && !scene.after_preposition(n.first));
            let any = scene.named_in(sentence.first, last).find(|n| n.kind == EntityKind::Body);
            if let Some(found) = subject.or(any) {
                return Some(found.entity);
            }
        }
        None
    }

    /// The last one who speaks in the tokens `first..last`.
    fn speaker_in(&self, first: usize, last: usize) -> Option<&'a str> {
        (first..last).rev().find_map(|i| self.scene.run(i)).and_then(|run| self.spoken.get(run).copied().flatten())
    }

    fn block_of(&self, token: usize) -> usize {
        self.scene.doc.sentences.get(self.scene.sentence(token)).map_or(0, |s| s.block)
    }
}

fn noun_sex(noun: &str) -> Option<Sex> {
    match noun {
        "man" => Some(Sex::Male),
        "woman" => Some(Sex::Female),
        _ => None,
    }
}
