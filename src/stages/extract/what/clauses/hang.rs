//! Clauses that hang on another: relatives, "that", subordinators; and what the end of the sentence mends in them.

use super::super::words::{VerbKind, noun_phrase, verb_group};
use super::{Link, Parser, class, form};
use crate::stages::extract::doc::Shape;

impl Parser<'_> {
    /// "who …", "which …" at word `i`; gives the word to go on with.
    pub(super) fn relative(&mut self, i: usize) -> usize {
        // "PC Orr, 34, who": not the number is meant.
        let antecedent = self.last_phrase.map(|p| {
            let phrase = &self.out.phrases[p];
            let number = (phrase.first..phrase.last).all(|k| self.out.words[k].shape == Shape::Number);
            let p = if number && phrase.fresh && p > 0 { p - 1 } else { p };
            match self.word(i) {
                "who" | "whom" | "whose" => self.person_before(p),
                _ => self.begun_before(p, i),
            }
        });
        // "the sergeant who stood trial with Mr Orr, and who was acquitted": of the sergeant too.
        let first = self.stack.iter().rev().copied().find(|&c| self.clause(c).link == Link::Relative);
        let antecedent = match first {
            Some(c) if self.conj && self.word(i) == "who" && self.word(self.clause(c).first) == "who" => {
                self.clause(c).antecedent
            }
            _ => antecedent,
        };
        let parent = self.top(i);
        let id = self.push(Link::Relative, Some(parent), i);
        self.out.clauses[id].antecedent = antecedent;
        self.broken = false;
        self.comma = false;
        self.conj = false;
        self.prep = None;
        if self.word(i) == "whose"
            && let Some((end, neg)) = noun_phrase(&self.out.words, i + 1)
        {
            // "whose own contract runs to 2024": the clause has a verb.
            let third = |k: usize| {
                self.out.words[k].mention.is_none()
                    && self.out.words[k].verb.as_ref().is_some_and(|v| v.forms & form::S != 0 && v.known)
            };
            // "whose phone records it obtained": they are what it obtained.
            let subject = |k: usize| matches!(self.word(k), "it" | "he" | "she" | "they" | "we" | "i");
            let end = end + usize::from(end + 1 < self.out.words.len() && third(end) && subject(end + 1));
            let tensed =
                end > i + 2 && third(end - 1) && !subject(end) && verb_group(&self.out.words, end, true).is_none();
            let end = end - usize::from(tensed);
            self.phrase(i, end, neg);
            return end;
        }
        i + 1
    }

    /// "a grandfather of six who", "an officer with Kent Police who": the person, not what follows the preposition.
    fn person_before(&self, p: usize) -> usize {
        let mut at = p;
        while !self.personal(at) {
            let phrase = &self.out.phrases[at];
            let of = phrase.prep.filter(|&k| {
                matches!(self.word(k), "of" | "with" | "from" | "in" | "at") && self.word(k + 1) != "whom"
            });
            let Some(before) = of.zip(at.checked_sub(1)).map(|(k, b)| (k, b, self.out.phrases[b].last)) else {
                return p;
            };
            let (lead, mut up, end) = before;
            // "Sgt Orr, 34, of Kent Police, who was"
            let counted = |p: usize| {
                let np = &self.out.phrases[p];
                np.fresh && (np.first..np.last).all(|k| self.out.words[k].shape == Shape::Number)
            };
            while counted(up) && up > 0 {
                up -= 1;
            }
            let aside = end + 1 == lead
                && self.word(end) == ","
                && matches!(self.word(lead), "of" | "from")
                && self.personal(up);
            if end != lead && !aside {
                return p;
            }
            at = up;
        }
        at
    }

    /// "its inquiry into Lee Hale, of Kent Police, which began in May": what can begin or end, not what stands between.
    fn begun_before(&self, p: usize, i: usize) -> usize {
        const LASTS: &[&str] = &[
            "investigation",
            "inquiry",
            "probe",
            "hearing",
            "trial",
            "inquest",
            "review",
            "tribunal",
            "inspection",
            "operation",
            "case",
            "proceedings",
        ];
        let begins = verb_group(&self.out.words, i + 1, true).is_some_and(|v| {
            matches!(v.lemma.as_ref(), "begin" | "start" | "open" | "end" | "conclude" | "last" | "finish" | "resume")
        });
        let own = self.stack.last().map_or(0, |&top| self.clause(top).first);
        let lasts = |n: &usize| {
            let np = &self.out.phrases[*n];
            np.first >= own && np.last.checked_sub(1).is_some_and(|k| LASTS.contains(&self.word(k)))
        };
        if begins && !lasts(&p) { (0..p).rev().find(lasts).unwrap_or(p) } else { p }
    }

    /// "that" at word `i`: a clause, a relative or a pronoun.
    pub(super) fn that(&mut self, i: usize) -> usize {
        let prev = i.checked_sub(1).map_or("", |k| self.word(k)).to_owned();
        if self.prep.is_some() && prev != "said" {
            // "in place of that decision"
            if let Some((end, neg)) = noun_phrase(&self.out.words, i) {
                self.phrase(i, end, neg);
                return end;
            }
            return i + 1;
        }
        let parent = self.top(i);
        let next = i + 1;
        let verb_next = verb_group(&self.out.words, next, true).is_some_and(|v| {
            v.kind != VerbKind::Ing
                && (v.kind != VerbKind::Bare || self.out.words.get(next).is_some_and(|w| w.verb.is_some()))
        });
        // "a hearing for PC Orr, of Kent Police, that was to begin": past the second comma too.
        let past_aside = verb_next && prev == "," && !self.has_verb(parent) && !self.clause(parent).subject.is_empty();
        let after_noun = self
            .last_phrase
            .is_some_and(|p| self.out.phrases[p].last == i || past_aside && self.out.phrases[p].last + 1 == i);
        let takes = self.has_verb(parent)
            && self.clause(parent).verb.as_ref().is_some_and(|v| {
                // "firearms held in its stores, according to a report that we have published": they hold no view.
                let held = v.passive && v.lemma.as_ref() == "hold";
                self.grammar.complement(&v.lemma) && !held || v.lemma.as_ref() == "be"
            });
        if verb_next && after_noun {
            return self.relative(i);
        }
        if !self.has_verb(parent) && !after_noun && !self.conj {
            // "That is grave.": a pronoun.
            if let Some((end, neg)) = noun_phrase(&self.out.words, i) {
                self.phrase(i, end, neg);
                return end;
            }
        }
        // "The rules meant to close that loophole came into force": the verb is that of the clause that waits.
        if !after_noun
            && !takes
            && !self.conj
            && self.has_verb(parent)
            && self.waiting().is_some()
            && let Some((end, neg)) = noun_phrase(&self.out.words, i)
            && end > i + 1
            && let Some(verb) = verb_group(&self.out.words, end, true)
            && !self.another_verb_follows(verb.last)
        {
            self.phrase(i, end, neg);
            return end;
        }
        // "set that finding aside": no clause follows.
        if !after_noun
            && !takes
            && !self.conj
            && self.has_verb(parent)
            && let Some((end, neg)) = noun_phrase(&self.out.words, i)
            && end > i + 1
            && verb_group(&self.out.words, end, true).is_none()
        {
            self.phrase(i, end, neg);
            return end;
        }
        if after_noun && !takes {
            // An object relative: "the allegation that he had deleted it" and "the run that it now regrets" read alike.
            let antecedent = self.last_phrase;
            let id = self.push(Link::Relative, Some(parent), i);
            self.out.clauses[id].antecedent = antecedent;
        } else {
            // "said that A and that B": the second hangs where the first does.
            let mut at = parent;
            if self.conj {
                while matches!(
                    self.clause(at).link,
                    Link::That | Link::Adverbial(_) | Link::To | Link::Participle | Link::Ing(_) | Link::Relative
                ) {
                    let was_that = self.clause(at).link == Link::That;
                    match self.clause(at).parent {
                        Some(up) => at = up,
                        None => break,
                    }
                    if was_that {
                        break;
                    }
                }
                if !self.has_verb(at) {
                    at = parent;
                }
                while self.stack.last().is_some_and(|&t| t != at) && self.stack.len() > 1 {
                    self.stack.pop();
                }
            }
            self.push(Link::That, Some(at), i);
        }
        self.broken = false;
        self.comma = false;
        self.conj = false;
        i + 1
    }

    /// The subordinator `word` at word `i`.
    pub(super) fn subordinate(&mut self, i: usize, word: &str) -> usize {
        // "bailed until July after being arrested", "found guilty after trial before a jury when": no verb has come.
        if !self.comma
            && !self.conj
            && let Some(&top) = self.stack.last()
            && matches!(&self.clause(top).link, Link::Adverbial(w) if matches!(w.as_str(), "after" | "before" | "since" | "until"))
            && !self.has_verb(top)
            && self.clause(top).antecedent.is_none()
            && self.clause(top).parent.is_some_and(|up| self.has_verb(up))
            && self.stack.len() > 1
        {
            self.give_back(top);
        }
        // "Since October 1 two people have had to approve each": what stands before a day is a preposition, whatever follows.
        // "Since the summer he has"
        let dated = self.word(i + 1) == "the" && self.out.words.get(i + 2).is_some_and(|w| w.time);
        let mut after = i + 1 + usize::from(dated);
        while self
            .out
            .words
            .get(after)
            .is_some_and(|w| w.time || matches!(w.lower.as_str(), "now" | "then" | "recently"))
        {
            after += 1;
        }
        let opens = i == 0
            || self.out.words[i - 1].shape == Shape::Punctuation
            || i == 1 && self.out.words[0].class & class::CONJ != 0;
        let goes_on =
            self.out.words.get(after).is_some_and(|w| w.shape != Shape::Punctuation && w.class & class::CONJ == 0);
        if matches!(word, "since" | "until" | "before" | "after") && opens && after > i + 1 && goes_on {
            self.prep = None;
            return after;
        }
        let parent = self.top(i);
        // "as a detective", "since October": no clause unless a verb follows; `give_back` mends it at a comma or the end.
        self.push(Link::Adverbial(word.to_owned()), Some(parent), i);
        self.broken = false;
        self.comma = false;
        self.conj = false;
        self.prep = None;
        i + 1
    }

    /// Turns a verbless adverbial clause into a prepositional phrase of its parent.
    pub(super) fn give_back(&mut self, id: usize) {
        self.stack.pop();
        let Some(parent) = self.clause(id).parent else { return };
        let first = self.clause(id).first;
        let subject = std::mem::take(&mut self.out.clauses[id].subject);
        let before = std::mem::take(&mut self.out.clauses[id].before);
        for p in &subject {
            self.out.phrases[*p].prep = Some(first);
        }
        let last = self.out.clauses[id].last;
        // "After the case DC Jo Orr, of Kent Police, said": the name is the subject of what the preposition leads.
        let mut subject = subject;
        let named = subject.len() > 1
            && subject.last().is_some_and(|&p| {
                let np = &self.out.phrases[p];
                self.out.words[np.first].person && !np.fresh && !np.joined && self.out.phrases[p - 1].last == np.first
            });
        let target = &mut self.out.clauses[parent];
        if named
            && target.verb.is_none()
            && target.subject.is_empty()
            && let Some(name) = subject.pop()
        {
            self.out.phrases[name].prep = None;
            target.subject.push(name);
        }
        let list = if target.verb.is_some() { &mut target.after } else { &mut target.before };
        list.extend(subject);
        list.extend(before);
        target.last = target.last.max(last);
    }

    /// Mends what only the end of the sentence shows.
    pub(super) fn finish(&mut self) {
        for id in 0..self.out.clauses.len() {
            // A subordinator whose clause never got a verb was a preposition.
            let clause = &self.out.clauses[id];
            if clause.verb.is_none()
                && matches!(clause.link, Link::Adverbial(_))
                && let Some(parent) = clause.parent
            {
                let first = clause.first;
                let moved: Vec<usize> = clause.subject.iter().chain(&clause.before).copied().collect();
                for &p in &clause.subject.clone() {
                    self.out.phrases[p].prep.get_or_insert(first);
                }
                let last = self.out.clauses[id].last;
                self.out.clauses[id].subject.clear();
                self.out.clauses[id].before.clear();
                let target = &mut self.out.clauses[parent];
                target.last = target.last.max(last);
                if target.verb.is_some() {
                    target.after.extend(moved);
                } else {
                    target.before.extend(moved);
                }
            }
        }
        // "Accused of fraud are A, B and C"; "Arrested in May, she was …".
        for id in 0..self.out.clauses.len() {
            let clause = &self.out.clauses[id];
            if clause.link == Link::Participle
                && clause.subject.is_empty()
                && let Some(parent) = clause.parent
            {
                let up = &self.out.clauses[parent];
                let mut subject = up.subject.clone();
                if subject.is_empty()
                    && let Some(be) = self.out.clauses.iter().position(|c| {
                        c.link == Link::Main
                            && c.first > clause.first
                            && c.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "be" && !v.neg)
                    })
                {
                    subject = self.out.clauses[be].object.clone();
                    for rest in
                        self.out.clauses.iter().skip(be + 1).filter(|c| c.link == Link::Main && c.verb.is_none())
                    {
                        subject.extend(rest.subject.iter().copied());
                    }
                }
                self.out.clauses[id].subject = subject;
            }
        }
        // A parent must stand before its child, so that walks end.
        for id in 0..self.out.clauses.len() {
            if self.out.clauses[id].parent.is_some_and(|p| p >= id) {
                self.out.clauses[id].parent = None;
            }
        }
    }

    /// "The man he was watching is owed": the second of two phrases without a break opens a relative clause.
    pub(super) fn contact(&mut self, top: usize, i: usize) {
        let subject = &self.clause(top).subject;
        let Some(&last) = subject.last() else { return };
        // "whose vetting the Met took away": the first phrase is the object.
        if self.clause(top).link == Link::Relative
            && self.word(self.clause(top).first) == "whose"
            && let [owned, _] = subject[..]
            && !self.out.phrases[last].fresh
            && !self.out.phrases[last].joined
            && self.out.phrases[owned].last == self.out.phrases[last].first
        {
            self.out.clauses[top].subject = vec![last];
            self.out.clauses[top].object = vec![owned];
            return;
        }
        let Some(before) = last.checked_sub(1) else { return };
        if subject.len() < 2 && self.clause(top).before.last() != Some(&before) {
            return;
        }
        let phrase = &self.out.phrases[last];
        if phrase.fresh
            || phrase.joined
            || phrase.last != i && !(phrase.last..i).all(|k| self.out.words[k].class & class::ADV != 0)
        {
            return;
        }
        if self.out.phrases[before].last != phrase.first {
            return;
        }
        // "watchdog the Independent Office for Police Conduct published": a name in apposition to a bare noun.
        let bare = {
            let np = &self.out.phrases[before];
            let noun = &self.out.words[np.first];
            np.last == np.first + 1 && noun.mention.is_none() && noun.class == 0 && !noun.lower.ends_with('s')
        };
        let name = (phrase.first..phrase.last).any(|k| self.out.words[k].mention.is_some());
        if bare && name && phrase.last > phrase.first + 1 && matches!(self.clause(top).link, Link::Main | Link::That) {
            self.out.clauses[top].subject.retain(|&p| p != before);
            return;
        }
        // "In the month of his dismissal his clearance had been withdrawn": no other verb, so no relative clause.
        let only = matches!(self.clause(top).link, Link::Main | Link::That) && subject.len() == 1;
        // "As deputy in Kent he led the work"
        let alone =
            phrase.last == phrase.first + 1 && matches!(self.word(phrase.first), "he" | "she" | "they" | "we" | "it");
        let led = matches!(&self.clause(top).link, Link::Adverbial(word) if matches!(word.as_str(), "after" | "before" | "since" | "until") || word == "as" && alone)
            && self.clause(top).parent.is_some_and(|p| {
                !self.has_verb(p) && self.clause(p).subject.is_empty() && self.clause(p).link == Link::Main
            });
        if (only || led) && !self.another_verb_follows(self.verb_end(i)) {
            if led && let Some(up) = self.clause(top).parent {
                self.out.clauses[top].subject.pop();
                self.give_back(top);
                self.out.clauses[up].subject.push(last);
            }
            return;
        }
        self.out.clauses[top].subject.pop();
        let id = self.push(Link::Relative, Some(top), self.out.phrases[last].first);
        self.out.clauses[id].antecedent = Some(before);
        self.out.clauses[id].subject = vec![last];
    }

    /// One past the verb group at `i`.
    fn verb_end(&self, i: usize) -> usize {
        verb_group(&self.out.words, i, true).map_or(i + 1, |v| v.last)
    }
}
