//! Verbs after "and" or "or": with what they go on, and whose they are.

use super::*;

impl Parser<'_> {
    /// The infinitive or the verb with a modal with which a bare verb goes on.
    fn bare_model(&self) -> Option<usize> {
        let mut at = *self.stack.last()?;
        for _ in 0..4 {
            let clause = self.clause(at);
            if let Some(verb) = &clause.verb
                && (verb.kind == VerbKind::Infinitive || verb.modal.is_some() && !verb.perfect)
            {
                return Some(at);
            }
            at = clause.parent.filter(|_| clause.link != Link::Relative)?;
        }
        None
    }

    /// The bare verb at word `i`, after "and" or "or", that goes on with an infinitive or a modal: "will resign and apologise", "agreed
    /// to pay her and apologise". What looks like a noun is one unless an object follows it.
    pub(super) fn goes_on_bare(&self, i: usize) -> Option<VerbGroup> {
        let word = self.out.words.get(i).filter(|w| w.mention.is_none() && w.class == 0 && !w.time)?;
        let verb = word.verb.as_ref().filter(|v| v.known && v.forms & form::BASE != 0 && v.forms & form::PART == 0)?;
        let after_conj = i.checked_sub(1).is_some_and(|k| self.out.words[k].class & class::CONJ != 0);
        if !after_conj || self.prep.is_some() {
            return None;
        }
        let object = self.out.words.get(i + 1).is_some_and(|w| {
            w.class & (class::DET | class::PRONOUN | class::POSSESSIVE) != 0 || w.person || w.lower == "sorry"
        });
        if verb.noun_like && !object {
            return None;
        }
        let model = self.clause(self.bare_model()?).verb.clone()?;
        let group = verb_group(&self.out.words, i, true).filter(|g| g.first == i && !g.passive && !g.past)?;
        Some(VerbGroup { kind: model.kind, modal: model.modal, neg: model.neg || group.neg, ..group })
    }

    /// Places a verb that goes on with the one that [`Self::goes_on_bare`] found, with its subject.
    pub(super) fn carry_on(&mut self, group: VerbGroup, i: usize) {
        let Some(model) = self.bare_model().map(|k| self.clause(k).clone()) else { return };
        let id = self.push(model.link, model.parent, i);
        self.out.clauses[id].subject = model.subject;
        self.out.clauses[id].antecedent = model.antecedent;
        self.out.clauses[id].inherited = true;
        self.attach(id, group);
    }

    /// Whether "him", "her" or "them" at word `i` is the one of whom clause `id` says what he or she had done, so that the verb before
    /// it is that of whoever says so: "found that he had lied and dismissed him".
    pub(super) fn told_of_by_teller(&self, id: usize, i: usize) -> bool {
        let clause = self.clause(id);
        let noun = self.out.words.get(i + 1).is_some_and(|w| w.nounish() && w.class == 0);
        let pronoun = matches!(self.word(i), "him" | "them") || self.word(i) == "her" && !noun;
        pronoun
            && clause.link == Link::That
            && clause.verb.as_ref().is_some_and(|v| v.pluperfect)
            && !clause.object.iter().chain(&clause.after).any(|&p| self.personal(p) || self.pointed(p))
    }
}
