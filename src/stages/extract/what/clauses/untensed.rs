//! Where a verb without tense belongs: "to resign", "for lying", "telling the panel", and who does it.

use super::*;

impl Parser<'_> {
    pub(super) fn infinitive(&mut self, group: VerbGroup, i: usize) -> bool {
        self.drop_verbless(group.last);
        let mut parent = self.top(i);
        if self.prep.is_some() {
            self.prep = None;
        }
        // "called for the officers involved to be suspended": the participle only tells more of them.
        let bare = self.clause(parent);
        if bare.link == Link::Participle
            && bare.first + 1 == i
            && bare.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "involve" | "concern" | "name" | "affect"))
            && let Some(up) = bare.parent.filter(|_| self.stack.len() > 1)
        {
            self.stack.pop();
            parent = up;
        }
        let (subject, _) = self.controller(parent);
        let id = self.push(Link::To, Some(parent), i);
        self.out.clauses[id].subject = subject;
        self.out.clauses[id].inherited = true;
        self.attach(id, group);
        true
    }

    /// Who does what an infinitive under clause `id` says.
    pub(super) fn controller(&self, id: usize) -> (Vec<usize>, bool) {
        const OBJECT: [&str; 22] = [
            "tell",
            "ask",
            "order",
            "urge",
            "call",
            "force",
            "allow",
            "require",
            "persuade",
            "invite",
            "advise",
            "want",
            "enable",
            "appeal",
            "instruct",
            "encourage",
            "permit",
            "get",
            "help",
            "expect",
            "need",
            "summon",
        ];
        let clause = self.clause(id);
        if let Some(verb) = clause.verb.as_ref()
            && !verb.passive
            && OBJECT.contains(&verb.lemma.as_ref())
            && let Some(last) = clause.object.last().or(clause.after.last())
        {
            return (vec![*last], true);
        }
        (clause.subject.clone(), false)
    }

    pub(super) fn ing(&mut self, group: VerbGroup, i: usize) -> bool {
        let prep = self.prep.take();
        if prep.is_some() {
            self.drop_verbless(group.last);
        }
        let parent = self.top(i);
        let adverbial = matches!(self.clause(parent).link, Link::Adverbial(_))
            && !self.has_verb(parent)
            && self.clause(parent).subject.is_empty();
        if adverbial {
            // "after taking images": the adverbial clause itself, with the subject of what it hangs on.
            // "had his pension cut after being jailed": whose it was.
            let up = self.clause(parent).parent.map(|p| {
                let caused = self.clause(p).link == Link::Participle
                    && !self.clause(p).subject.first().is_some_and(|&s| self.personal(s))
                    && self.clause(p).parent.is_some_and(|g| {
                        self.clause(g).verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "have")
                            && self.clause(g).subject.first().is_some_and(|&s| self.personal(s))
                    });
                self.clause(p).parent.filter(|_| caused).unwrap_or(p)
            });
            let subject = up.map(|p| self.clause(p).subject.clone()).unwrap_or_default();
            self.out.clauses[parent].subject = subject;
            self.out.clauses[parent].inherited = true;
            self.attach(parent, group);
            return true;
        }
        if let Some(prep) = prep {
            let word = self.word(prep).to_owned();
            let subject = self.doer_of(parent, &word);
            let id = self.push(Link::Ing(word), Some(parent), i);
            self.out.clauses[id].subject = subject;
            self.out.clauses[id].inherited = true;
            self.attach(id, group);
            return true;
        }
        if self.conj
            && let Link::Ing(prep) = self.clause(parent).link.clone()
        {
            let (up, subject) = (self.clause(parent).parent, self.clause(parent).subject.clone());
            let id = self.push(Link::Ing(prep), up, i);
            self.out.clauses[id].subject = subject;
            self.out.clauses[id].inherited = true;
            self.attach(id, group);
            return true;
        }
        // "has ruled out giving officers new powers": not done.
        let ruled = i.checked_sub(1).is_some_and(|k| self.word(k) == "out")
            && self.clause(parent).verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "rule" && v.last + 1 == i);
        if ruled {
            let subject = self.clause(parent).subject.clone();
            let id = self.push(Link::Ing("out".to_owned()), Some(parent), i);
            self.out.clauses[id].subject = subject;
            self.out.clauses[id].inherited = true;
            self.attach(id, group);
            return true;
        }
        let near = self.last_phrase.filter(|&p| self.out.phrases[p].last == i);
        let subject = match near {
            Some(p) if !self.comma => vec![p],
            _ => self.clause(parent).subject.clone(),
        };
        if subject.is_empty() && !self.has_verb(parent) && i > 3 {
            return false;
        }
        let id = self.push(Link::Participle, Some(parent), i);
        self.out.clauses[id].subject = subject;
        self.out.clauses[id].inherited = true;
        self.attach(id, group);
        true
    }

    /// Who does what "for lying" or "of lying" under clause `id` says: whom one accuses of it, not who accuses.
    fn doer_of(&self, id: usize, prep: &str) -> Vec<usize> {
        const BLAMES: &[&str] = &[
            "accuse",
            "suspect",
            "convict",
            "blame",
            "criticise",
            "jail",
            "arrest",
            "sack",
            "dismiss",
            "fine",
            "report",
            "sue",
            "suspend",
            "discipline",
            "clear",
            "acquit",
            "punish",
            "fire",
            "condemn",
            "reprimand",
            "prosecute",
            "praise",
            "thank",
            "expel",
            "ban",
            "sentence",
            "rebuke",
            "charge",
        ];
        let clause = self.clause(id);
        let blamed = clause
            .verb
            .as_ref()
            .filter(|v| {
                !v.passive && matches!(prep, "for" | "of" | "with" | "over") && BLAMES.contains(&v.lemma.as_ref())
            })
            .and_then(|_| clause.object.first().copied())
            .filter(|&p| self.personal(p) || self.out.words[self.out.phrases[p].first].class & class::PRONOUN != 0);
        blamed.map_or_else(|| clause.subject.clone(), |p| vec![p])
    }
}
