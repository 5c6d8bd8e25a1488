//! Speakers told otherwise than by a verb beside its subject: by a noun ("his remark"), in an aside, by a verb inside the
//! marks, or as the author of a statement that another reads out.

use super::super::scene::{Naming, Sex};
use super::super::words::words;
use super::{Cue, Speakers};
use crate::domain::EntityKind;

impl<'a> Speakers<'_, 'a> {
    /// "his remark that officers were “…”", "Ms Orr's argument that it was “…”": what someone says is named by a noun, and no
    /// other verb of speech stands between it and the quotation.
    pub(super) fn utterance(&self, first: usize, last: usize) -> Option<Cue<'a>> {
        let scene = self.scene;
        let noun = (first..last).rev().find(|i| {
            scene.run(*i).is_none() && scene.naming(*i).is_none() && words().utterances.contains(scene.lower(*i))
        })?;
        let said =
            noun + 1 == last || (noun + 1..last.min(noun + 9)).any(|i| matches!(scene.lower(i), "that" | ":" | "of"));
        if !said || (noun + 1..last).any(|i| self.is_verb(i)) {
            return None;
        }
        let owner = noun.checked_sub(1).filter(|o| *o >= first)?;
        match scene.lower(owner) {
            "his" => self.last_who_fits(owner, Some(Sex::Male)),
            "her" => self.last_who_fits(owner, Some(Sex::Female)),
            "'s" | "'" => owner
                .checked_sub(1)
                .and_then(|o| scene.naming(o))
                .filter(|n| n.kind != EntityKind::Place)
                .map(|n| n.entity),
            _ => None,
        }
        .map(|e| Cue::new(e, "utterance"))
    }

    /// "The force “apologises without reservation”": the verb of speech opens the quotation, its subject stands before it.
    pub(in crate::stages::extract::quotes) fn opens_with_verb(
        &self,
        first: usize,
        last: usize,
        run: (usize, usize),
    ) -> Option<Cue<'a>> {
        let scene = self.scene;
        let inside = (run.0 + 1..run.1).take(2).map(|i| scene.lower(i));
        let spoken =
            inside.take_while(|w| words().own.contains(w) || w.ends_with("ly")).any(|w| words().own.contains(w));
        let subject = last.checked_sub(1).filter(|s| spoken && *s >= first)?;
        match scene.naming(subject).filter(|n| n.kind != EntityKind::Place) {
            Some(naming) => Some(Cue::new(naming.entity, "own_verb")),
            None => self.pronoun(subject),
        }
    }

    /// Whether a pronoun and its verb follow the verb at `verb` ("said it was"): what is said, not who says it.
    pub(super) fn says_that(&self, verb: usize) -> bool {
        let scene = self.scene;
        matches!(scene.lower(verb + 1), "it" | "he" | "she" | "they" | "that" | "there" | "this")
            && scene.run(verb + 2).is_none()
            && !matches!(scene.lower(verb + 2), "," | "." | ":" | "–" | "—" | "")
    }

    /// The person who opens the sentence, with an aside up to the verb: "Ann Orr, for the accused, says a sentence …".
    pub(super) fn before_aside(&self, verb: usize, first: usize) -> Option<&'a str> {
        let scene = self.scene;
        let person = scene.naming(first).filter(|n| n.kind == EntityKind::Person && n.first >= first)?;
        // Letters after the name.
        let comma = (person.last..person.last + 2).find(|i| scene.lower(*i) == ",")?;
        let aside = comma + 1..verb.checked_sub(1)?;
        let whole = !aside.is_empty()
            && aside
                .clone()
                .all(|i| scene.run(i).is_none() && !self.is_verb(i) && !matches!(scene.lower(i), "," | "." | ";"));
        // "Ann Orr, his mother Jo Orr, said", but "Ann Orr, for Jo Orr, said".
        let led = words().prepositions.contains(scene.lower(aside.start));
        let nested = !led
            && aside
                .clone()
                .any(|i| scene.naming(i).is_some_and(|n| n.kind == EntityKind::Person && n.last == aside.end));
        (whole && !nested).then_some(person.entity)
    }

    /// Whose words the document at token `at` holds: "a statement on behalf of Mr Orr's mother, Ann Orr".
    pub(super) fn author(&self, at: usize, last: usize) -> Option<&'a str> {
        let scene = self.scene;
        let from = (at + 1..last.min(at + 12)).find(|i| {
            matches!(scene.lower(*i), "from" | "by") && scene.lower(i.saturating_sub(1)) != "away"
                || scene.lower(*i) == "behalf" && scene.lower(i + 1) == "of"
        })?;
        let stop =
            (from..last).find(|i| matches!(scene.lower(*i), "." | ";" | "who" | "which" | "that")).unwrap_or(last);
        let own = |n: &Naming| !matches!(scene.lower(n.last), "'s" | "'");
        let mut named = scene.named_in(from + 1, stop.min(from + 14)).filter(own);
        let first = named.next()?;
        // "from the force's solicitor, Ann Orr"
        let beside = named
            .next()
            .filter(|n| first.kind == EntityKind::Body && n.kind == EntityKind::Person && n.first <= first.last + 3);
        Some(beside.map_or(first.entity, |n| n.entity))
    }
}
