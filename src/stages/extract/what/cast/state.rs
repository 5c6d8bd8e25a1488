//! Who was spoken of before, as the pass over the text goes on.

use super::*;

/// Who was spoken of last.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) recent: Vec<(usize, usize)>,
    pub(super) subjects: Vec<(usize, usize)>,
    pub(super) bodies: Vec<String>,
    pub(super) pair: Vec<usize>,
    /// The first person of the police, or watched, who was the subject of a sentence.
    pub(super) first: Option<usize>,
    /// Several unnamed persons spoken of last: "two constables".
    pub(super) group: Option<Unnamed>,
    /// The officers, not named, of whom the article spoke last.
    pub(super) any_group: Option<Unnamed>,
    /// An unnamed subject after whom nobody else was.
    pub(super) someone: Option<(Unnamed, usize)>,
    /// Whether the phrase at hand is the subject of a verb of saying.
    pub(super) says: bool,
    /// Whether the verb whose object the phrase at hand is has another subject than a person: "the jury found him".
    pub(super) apart: bool,
    /// Whether the phrase at hand is whom somebody has arrested or charged.
    pub(super) taken: bool,
    /// Who has only been heard so far: the subjects of verbs of saying and of no others.
    pub(super) speakers: BTreeSet<usize>,
}

impl State {
    pub(super) fn note(&mut self, party: &Party, subject: bool, s: usize, cast: &Cast) {
        if let Some(unnamed) = party.unnamed.as_ref() {
            if unnamed.plural && unnamed.police {
                self.group = Some(unnamed.clone());
                self.any_group = Some(unnamed.clone());
                self.pair.clear();
            } else if unnamed.plural && !unnamed.police && unnamed.descriptor.count.is_some_and(|n| n > 6) {
                // "Officers arrested 64 people, and 41 of them": not the officers.
                self.group = None;
            } else if unnamed.plural && !unnamed.police && subject {
                // "Two men admitted theft. They …": the officers named before are no longer meant.
                self.group = None;
                self.pair.clear();
            // "The force has arrested a man of 44. He …": whom a body took in, as well as a subject.
            } else if (subject || self.taken && !unnamed.police && unnamed.descriptor.sex.is_some())
                && !unnamed.plural
                && (!unnamed.definite || !unnamed.police && unnamed.descriptor.sex.is_some())
                && !["coroner", "judge", "spokesman", "spokeswoman", "source", "prosecutor", "minister", "commissioner"]
                    .iter()
                    .any(|w| unnamed.descriptor.text.ends_with(w))
            {
                self.someone = Some((unnamed.clone(), s));
            }
        } else if subject && !party.people.is_empty() {
            self.someone = None;
        }
        for &who in &party.people {
            self.recent.push((who, s));
            if self.first.is_none() && (cast.people[who].police || cast.people[who].watched) {
                self.first = Some(who);
            }
            if subject {
                if !self.says {
                    self.speakers.remove(&who);
                } else if self.subjects.iter().all(|(w, _)| *w != who) {
                    self.speakers.insert(who);
                }
                self.subjects.push((who, s));
            }
        }
        if self.recent.len() > 400 {
            self.recent.drain(..200);
        }
        if self.subjects.len() > 400 {
            self.subjects.drain(..200);
        }
        for body in &party.bodies {
            self.bodies.push(body.clone());
        }
        if self.bodies.len() > 400 {
            self.bodies.drain(..200);
        }
        if party.people.len() > 1 {
            self.group = None;
            self.pair = party.people.clone();
        } else if let [who] = party.people[..]
            && subject
        {
            // Two persons named one after another are the pair that "both" means.
            if self.pair.last() != Some(&who) && self.group.is_none() {
                let before = self.pair.last().copied();
                self.pair = before.into_iter().chain([who]).collect();
            }
        }
    }

    pub(super) fn body(&self, cast: &Cast, kinds: &[BodyKind]) -> Option<String> {
        self.bodies.iter().rev().find(|b| kinds.contains(&cast.kind(b))).cloned()
    }
}
