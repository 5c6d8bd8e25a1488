//! Clauses of a sentence: verb group, arguments, and how each hangs on another. One pass, left to right, with a stack.

use super::grammar::{Grammar, class, form};
use super::when::TimeExpr;
use super::words::{NounPhrase, VerbGroup, VerbKind, Word, noun_phrase, verb_group};
use crate::stages::extract::doc::Shape;

/// How a clause hangs on its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// On nothing.
    Main,
    /// "that …", or without the word after a verb of speech.
    That,
    /// "to" + verb.
    To,
    /// "who …", "which …".
    Relative,
    /// A participle after a noun or comma.
    Participle,
    /// A preposition and "-ing": the preposition.
    Ing(String),
    /// A subordinator: the word.
    Adverbial(String),
}

/// A clause.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) verb: Option<VerbGroup>,
    /// Noun phrases before the verb, without preposition: the subject and its appositions.
    pub(super) subject: Vec<usize>,
    /// Noun phrases with a preposition before the verb.
    pub(super) before: Vec<usize>,
    /// Noun phrases after the verb, without preposition.
    pub(super) object: Vec<usize>,
    /// Noun phrases after the verb, with preposition.
    pub(super) after: Vec<usize>,
    pub(super) link: Link,
    pub(super) parent: Option<usize>,
    /// The noun phrase a relative or participle clause tells more about.
    pub(super) antecedent: Option<usize>,
    /// Index of the quote it stands in.
    pub(super) quote: Option<usize>,
    /// The subject was taken over from another clause.
    pub(super) inherited: bool,
}

/// A sentence, parsed. Indices of words count from the sentence's first token.
#[derive(Debug, Clone, Default)]
pub(super) struct Parsed {
    pub(super) words: Vec<Word>,
    pub(super) times: Vec<TimeExpr>,
    pub(super) phrases: Vec<NounPhrase>,
    pub(super) clauses: Vec<Clause>,
}

struct Parser<'a> {
    grammar: &'a Grammar,
    out: Parsed,
    stack: Vec<usize>,
    /// Where the last comma, conjunction or subordinator stood.
    broken: bool,
    comma: bool,
    conj: bool,
    prep: Option<usize>,
    last_phrase: Option<usize>,
}

/// Parses the words of a sentence. `whole` tells whether a quote holds clauses, not a fragment.
pub(super) fn parse(
    words: Vec<Word>,
    times: Vec<TimeExpr>,
    grammar: &Grammar,
    whole: &dyn Fn(usize) -> bool,
) -> Parsed {
    let mut parser = Parser {
        grammar,
        out: Parsed { words, times, ..Parsed::default() },
        stack: Vec::new(),
        broken: true,
        comma: false,
        conj: false,
        prep: None,
        last_phrase: None,
    };
    parser.run(whole);
    parser.out
}

impl Parser<'_> {
    fn push(&mut self, link: Link, parent: Option<usize>, first: usize) -> usize {
        let quote = self.out.words.get(first).and_then(|w| w.quote);
        self.out.clauses.push(Clause {
            first,
            last: first,
            verb: None,
            subject: Vec::new(),
            before: Vec::new(),
            object: Vec::new(),
            after: Vec::new(),
            link,
            parent,
            antecedent: None,
            quote,
            inherited: false,
        });
        let id = self.out.clauses.len() - 1;
        // Depth is bounded: a sentence nested deeper than this is no sentence anyone reads.
        if self.stack.len() > 40 {
            self.stack.drain(1..20);
        }
        self.stack.push(id);
        id
    }

    fn top(&mut self, first: usize) -> usize {
        match self.stack.last() {
            Some(&id) => id,
            None => self.push(Link::Main, None, first),
        }
    }

    fn clause(&self, id: usize) -> &Clause {
        &self.out.clauses[id]
    }

    fn has_verb(&self, id: usize) -> bool {
        self.clause(id).verb.is_some()
    }

    fn word(&self, i: usize) -> &str {
        self.out.words.get(i).map_or("", |w| w.lower.as_str())
    }

    fn run(&mut self, whole: &dyn Fn(usize) -> bool) {
        let mut saved: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut i = 0;
        let mut quote = None;
        while i < self.out.words.len() {
            let now = self.out.words[i].quote.filter(|q| whole(*q));
            if now != quote {
                if quote.is_some()
                    && let Some((_, stack)) = saved.pop()
                {
                    self.stack = stack;
                    self.comma = true;
                    self.broken = true;
                }
                if let Some(q) = now {
                    saved.push((q, std::mem::take(&mut self.stack)));
                    self.push(Link::Main, None, i);
                }
                self.prep = None;
                self.conj = false;
                quote = now;
            }
            let next = self.step(i);
            if let Some(&top) = self.stack.last() {
                self.out.clauses[top].last = next;
            }
            i = next.max(i + 1);
        }
        self.finish();
    }

    /// Handles what stands at word `i`; gives the word to go on with.
    fn step(&mut self, i: usize) -> usize {
        let word = &self.out.words[i];
        let lower = word.lower.clone();
        let class = word.class;
        if self.stack.is_empty() && word.shape != Shape::Punctuation {
            // A clause begins with its first word, so that "in May" before the subject is its own.
            self.push(Link::Main, None, i);
        }
        let word = &self.out.words[i];
        if word.aside && word.mention.is_none() && !lower.starts_with(['(', '[', ')', ']']) && word.verb.is_none() {
            return i + 1;
        }
        if word.time {
            self.prep = None;
            return i + 1;
        }
        if word.shape == Shape::Punctuation && word.mention.is_none() {
            match lower.as_str() {
                "," | "–" | "—" | "-" | "…" => {
                    self.comma = true;
                    self.broken = true;
                    self.prep = None;
                    // A subordinator with only a noun phrase was a preposition: "before the hearing,".
                    if let Some(&top) = self.stack.last() {
                        let clause = self.clause(top);
                        // "where Jo Orr, 47, a roofer, died": an apposition, not the end.
                        let name = matches!(&clause.link, Link::Adverbial(word) if matches!(word.as_str(), "where" | "when" | "while" | "whilst" | "because" | "although" | "though" | "if" | "unless" | "whether"))
                            || self.out.words.get(i + 1).is_some_and(|w| w.shape == Shape::Number)
                                && self.word(i + 2) == ",";
                        let waits = name && !clause.subject.is_empty();
                        if matches!(clause.link, Link::Adverbial(_))
                            && clause.verb.is_none()
                            && self.stack.len() > 1
                            && !waits
                        {
                            self.give_back(top);
                        } else if matches!(clause.link, Link::To | Link::Participle)
                            && clause.verb.is_some()
                            && clause.parent.is_some_and(|p| {
                                self.has_verb(p) && self.stack.len() > 1 && self.stack[self.stack.len() - 2] == p
                            })
                            && clause.first.checked_sub(1).is_some_and(|k| self.word(k) == ",")
                            && !self
                                .out
                                .words
                                .get(i + 1)
                                .is_some_and(|w| w.verb.is_some() || w.class & class::CONJ != 0)
                        {
                            // ", to last three years,": an aside, closed by its second comma.
                            self.stack.pop();
                        }
                    }
                }
                ";" | "." | "!" | "?" => {
                    self.stack.clear();
                    self.broken = true;
                    self.comma = false;
                    self.conj = false;
                    self.prep = None;
                }
                ":" => {
                    if self.stack.first().is_some_and(|&m| self.has_verb(m)) {
                        self.stack.clear();
                    }
                    self.broken = true;
                    self.comma = false;
                    self.prep = None;
                }
                _ => {}
            }
            return i + 1;
        }
        if word.mention.is_none() {
            if class & class::RELATIVE != 0 {
                return self.relative(i);
            }
            if lower == "that" {
                return self.that(i);
            }
            let inverted = i == 0 && matches!(lower.as_str(), "should" | "had" | "were");
            if inverted
                && self.out.words.get(1).is_some_and(|w| {
                    w.mention.is_some() || w.class & (class::DET | class::PRONOUN | class::POSSESSIVE) != 0
                })
            {
                // "Should the watchdog decide …", "Had she stayed …": a condition.
                return self.subordinate(i, &lower);
            }
            if class & class::SUB != 0 && self.prep.is_none() {
                return self.subordinate(i, &lower);
            }
            if class & class::CONJ != 0 && word.verb.is_none() {
                self.conj = true;
                self.broken = true;
                self.prep = None;
                return i + 1;
            }
        }
        if (class & class::POSSESSIVE != 0) && lower == "whose" {
            return self.relative(i);
        }
        // "a case to answer": one phrase.
        if lower == "to"
            && self.word(i + 1) == "answer"
            && i > 0
            && self.word(i - 1) == "case"
            && let Some(last) = self.last_phrase
            && self.out.phrases[last].last == i
        {
            self.out.phrases[last].last = i + 2;
            return i + 2;
        }
        let after_subject = self.after_subject(i);
        if let Some(group) = verb_group(&self.out.words, i, after_subject)
            && self.verb(group.clone(), i)
        {
            return group.last;
        }
        // "About 60 people held a vigil": no preposition.
        let approximate = matches!(lower.as_str(), "about" | "around" | "over" | "under" | "up" | "near")
            && self.out.words.get(i + 1).is_some_and(|w| w.shape == Shape::Number && !w.time)
            && self.stack.last().is_some_and(|&t| !self.has_verb(t) && self.clause(t).subject.is_empty());
        if approximate {
            return i + 1;
        }
        if class & class::PREP != 0 && self.out.words[i].mention.is_none() && lower != "that" {
            self.prep = Some(i);
            return i + 1;
        }
        if let Some((end, neg)) = noun_phrase(&self.out.words, i) {
            self.phrase(i, end, neg);
            return end;
        }
        i + 1
    }

    /// Whether a third-person or base form at `i` may be the verb of the subject just read.
    fn after_subject(&self, i: usize) -> bool {
        let Some(&top) = self.stack.last() else { return false };
        let pronoun = self.last_phrase.is_some_and(|p| {
            let p = &self.out.phrases[p];
            let word = &self.out.words[p.first];
            p.last == i
                && p.last == p.first + 1
                && p.prep.is_none()
                && word.mention.is_none()
                && matches!(word.lower.as_str(), "i" | "we" | "they" | "you" | "he" | "she" | "it")
        });
        if pronoun {
            return true;
        }
        let clause = self.clause(top);
        let waits = clause.verb.is_none() && (!clause.subject.is_empty() || clause.antecedent.is_some());
        let adjacent = i > 0
            && self.last_phrase.is_some_and(|p| {
                let end = self.out.phrases[p].last;
                end == i
                    || (end..i).all(|k| {
                        self.out.words.get(k).is_some_and(|w| {
                            w.shape == Shape::Punctuation || w.class & class::ADV != 0 || w.time || w.aside
                        })
                    })
            });
        let s_form = self.out.words.get(i).and_then(|w| w.verb.as_ref()).is_some_and(|v| v.forms & form::S != 0);
        let zero_that = clause.verb.as_ref().is_some_and(|v| self.grammar.complement(&v.lemma)) && adjacent;
        let above = self.comma
            && s_form
            && self.stack.iter().rev().take(6).any(|&c| !self.has_verb(c) && !self.clause(c).subject.is_empty());
        let named_subject = adjacent
            && s_form
            && self.last_phrase.is_some_and(|p| {
                let p = &self.out.phrases[p];
                (p.joined || p.fresh) && p.prep.is_none() && self.out.words[p.last - 1].mention.is_some()
            });
        above
            || named_subject
            || waits && (adjacent || self.comma || clause.antecedent.is_some())
            || (zero_that || self.comma && adjacent) && s_form
            || self.conj && s_form
    }

    fn relative(&mut self, i: usize) -> usize {
        // "PC Orr, 34, who": not the number is meant.
        let antecedent = self.last_phrase.map(|p| {
            let phrase = &self.out.phrases[p];
            let number = (phrase.first..phrase.last).all(|k| self.out.words[k].shape == Shape::Number);
            if number && phrase.fresh && p > 0 { p - 1 } else { p }
        });
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
            self.phrase(i, end, neg);
            return end;
        }
        i + 1
    }

    fn that(&mut self, i: usize) -> usize {
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
        let after_noun = self.last_phrase.is_some_and(|p| self.out.phrases[p].last == i);
        let takes = self.has_verb(parent)
            && self
                .clause(parent)
                .verb
                .as_ref()
                .is_some_and(|v| self.grammar.complement(&v.lemma) || v.lemma.as_ref() == "be");
        if verb_next && after_noun && !takes || verb_next && after_noun {
            return self.relative(i);
        }
        if !self.has_verb(parent) && !after_noun && !self.conj {
            // "That is grave.": a pronoun.
            if let Some((end, neg)) = noun_phrase(&self.out.words, i) {
                self.phrase(i, end, neg);
                return end;
            }
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

    fn subordinate(&mut self, i: usize, word: &str) -> usize {
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
    fn give_back(&mut self, id: usize) {
        self.stack.pop();
        let Some(parent) = self.clause(id).parent else { return };
        let first = self.clause(id).first;
        let subject = std::mem::take(&mut self.out.clauses[id].subject);
        let before = std::mem::take(&mut self.out.clauses[id].before);
        for p in &subject {
            self.out.phrases[*p].prep = Some(first);
        }
        let last = self.out.clauses[id].last;
        let target = &mut self.out.clauses[parent];
        let list = if target.verb.is_some() { &mut target.after } else { &mut target.before };
        list.extend(subject);
        list.extend(before);
        target.last = target.last.max(last);
    }

    fn phrase(&mut self, first: usize, last: usize, neg: bool) {
        let top = self.top(first);
        let prep = self.prep.take();
        self.out.phrases.push(NounPhrase { first, last, prep, neg, fresh: self.broken, joined: self.conj });
        let id = self.out.phrases.len() - 1;
        let clause = &mut self.out.clauses[top];
        match (clause.verb.is_some(), prep.is_some()) {
            (false, false) => clause.subject.push(id),
            (false, true) => clause.before.push(id),
            (true, false) => clause.object.push(id),
            (true, true) => clause.after.push(id),
        }
        self.last_phrase = Some(id);
        self.conj = false;
        self.comma = false;
        self.broken = false;
    }

    /// Places the verb group. False if it is no verb after all.
    fn verb(&mut self, group: VerbGroup, i: usize) -> bool {
        match group.kind {
            VerbKind::Infinitive => self.infinitive(group, i),
            VerbKind::Ing => self.ing(group, i),
            VerbKind::Bare => self.bare(group, i),
            VerbKind::Finite => self.finite(group, i),
        }
    }

    fn attach(&mut self, id: usize, group: VerbGroup) {
        let last = group.last;
        let clause = &mut self.out.clauses[id];
        if clause.subject.is_empty()
            && let Some(antecedent) = clause.antecedent
        {
            clause.subject.push(antecedent);
        }
        clause.verb = Some(group);
        clause.last = clause.last.max(last);
        self.conj = false;
        self.comma = false;
        self.broken = false;
        self.prep = None;
    }

    fn infinitive(&mut self, group: VerbGroup, i: usize) -> bool {
        let parent = self.top(i);
        if self.prep.is_some() {
            self.prep = None;
        }
        let (subject, _) = self.controller(parent);
        let id = self.push(Link::To, Some(parent), i);
        self.out.clauses[id].subject = subject;
        self.out.clauses[id].inherited = true;
        self.attach(id, group);
        true
    }

    /// Who does what an infinitive under clause `id` says.
    fn controller(&self, id: usize) -> (Vec<usize>, bool) {
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

    fn ing(&mut self, group: VerbGroup, i: usize) -> bool {
        let parent = self.top(i);
        let prep = self.prep.take();
        let adverbial = matches!(self.clause(parent).link, Link::Adverbial(_))
            && !self.has_verb(parent)
            && self.clause(parent).subject.is_empty();
        if adverbial {
            // "after taking images": the adverbial clause itself, with the subject of what it hangs on.
            let subject = self.clause(parent).parent.map(|p| self.clause(p).subject.clone()).unwrap_or_default();
            self.out.clauses[parent].subject = subject;
            self.out.clauses[parent].inherited = true;
            self.attach(parent, group);
            return true;
        }
        if let Some(prep) = prep {
            let word = self.word(prep).to_owned();
            let subject = self.clause(parent).subject.clone();
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

    /// A past form without helper: the verb of a clause, a participle after a noun, or one of a list.
    fn bare(&mut self, group: VerbGroup, i: usize) -> bool {
        let top = self.top(i);
        let forms = self.out.words[group.main].verb.as_ref().map_or(0, |v| v.forms);
        if self.prep.is_some() {
            return false;
        }
        let next = group.last;
        let object_next = self.out.words.get(next).is_some_and(|w| {
            w.mention.is_some() && w.shape != Shape::Punctuation
                || noun_phrase(&self.out.words, next).is_some() && w.class & (class::SUB) == 0
                || w.lower == "that"
        });
        let clause_top = self.clause(top);
        let adverbial_bare = matches!(clause_top.link, Link::Adverbial(_))
            && clause_top.verb.is_none()
            && clause_top.subject.is_empty()
            && clause_top.before.is_empty();
        if adverbial_bare {
            // "if convicted", "when arrested"
            let subject = clause_top.parent.map(|p| self.clause(p).subject.clone()).unwrap_or_default();
            self.out.clauses[top].subject = subject;
            self.out.clauses[top].inherited = true;
            self.attach(top, VerbGroup { passive: true, past: false, ..group });
            return true;
        }
        let intransitive = self.grammar.intransitive(&group.lemma);
        let complement = self.grammar.complement(&group.lemma);
        let waits = self.stack.iter().rev().any(|&c| {
            !self.has_verb(c)
                && !matches!(self.clause(c).link, Link::Adverbial(_))
                && !self.clause(c).subject.is_empty()
        });
        let top_waits =
            !self.has_verb(top) && (!self.clause(top).subject.is_empty() || self.clause(top).antecedent.is_some());
        // A bare form after a comma or conjunction carries on a passive or perfect: "was arrested and charged".
        if (self.conj || self.comma) && self.has_verb(top) {
            let mut back = top;
            while let Some(verb) = self.clause(back).verb.as_ref() {
                if verb.kind == VerbKind::Finite && (verb.passive || verb.perfect)
                    || self.clause(back).link == Link::Participle && verb.passive
                {
                    break;
                }
                match self.clause(back).parent {
                    Some(up) if self.has_verb(up) => back = up,
                    _ => break,
                }
            }
            let verb = self.clause(back).verb.clone();
            if let Some(verb) = verb
                && forms & form::PART != 0
                && (verb.passive && !object_next && !intransitive || verb.perfect && !verb.passive && self.conj)
                && (self.conj || self.list_goes_on(next))
            {
                let model = self.clause(back).clone();
                let id = self.push(model.link, model.parent, i);
                self.out.clauses[id].subject = model.subject;
                self.out.clauses[id].antecedent = model.antecedent;
                self.out.clauses[id].inherited = true;
                let neg = verb.neg;
                self.attach(
                    id,
                    VerbGroup {
                        passive: verb.passive,
                        perfect: verb.perfect,
                        pluperfect: verb.pluperfect,
                        past: verb.past,
                        modal: verb.modal.clone(),
                        neg: neg || group.neg,
                        kind: VerbKind::Finite,
                        ..group
                    },
                );
                return true;
            }
        }
        let pronoun = self.last_phrase.is_some_and(|p| {
            let p = &self.out.phrases[p];
            p.last == i
                && p.last == p.first + 1
                && self.out.words[p.first].class & class::PRONOUN != 0
                && self.out.words[p.first].mention.is_none()
        });
        // "In a letter made public yesterday": the clause has no subject yet.
        let bare_prep = !self.has_verb(top)
            && self.clause(top).subject.is_empty()
            && self.clause(top).antecedent.is_none()
            && self.last_phrase.is_some_and(|p| self.out.phrases[p].last == i && self.out.phrases[p].prep.is_some());
        let by_next = self.word(next) == "by" || bare_prep;
        let only_participle = forms & form::PAST == 0;
        let adjacent = self.last_phrase.is_some_and(|p| self.out.phrases[p].last == i);
        let reduced = if only_participle {
            true
        } else if pronoun
            || self.clause(top).antecedent.is_some() && !self.has_verb(top) && self.clause(top).link == Link::Relative
        {
            false
        } else if by_next {
            true
        } else if object_next && !(self.comma && group.lemma.as_ref() == "accuse") {
            false
        } else if self.comma && top_waits && self.another_verb_follows(next) {
            // "Mr Hale, voted in in May, wants": an aside between commas.
            true
        } else if intransitive
            || complement
                && !matches!(
                    group.lemma.as_ref(),
                    "hold" | "tell" | "hear" | "report" | "find" | "believe" | "think" | "expect" | "order" | "see"
                )
        {
            // "said yesterday", "resigned in May"
            self.has_verb(top) && adjacent && !self.conj && !self.comma && !complement && !intransitive
        } else if top_waits || waits {
            // "the constable arrested with him … was told" against "the panel sat"; a later verb decides.
            self.another_verb_follows(next)
        } else {
            !self.conj
        };
        if !reduced {
            return self.finite(VerbGroup { kind: VerbKind::Finite, ..group }, i);
        }
        let subject = if self.comma && self.has_verb(top) && !adjacent {
            self.clause(top).subject.clone()
        } else {
            match self.last_phrase {
                Some(p) if !self.has_verb(top) || adjacent || self.comma => vec![self.head_of(
                    p,
                    top,
                    matches!(group.lemma.as_ref(), "charge" | "accuse" | "suspect" | "convict"),
                )],
                _ => Vec::new(),
            }
        };
        let antecedent = subject.first().copied();
        let id = self.push(Link::Participle, Some(top), i);
        self.out.clauses[id].subject = subject;
        self.out.clauses[id].antecedent = antecedent;
        self.out.clauses[id].inherited = true;
        self.attach(id, VerbGroup { passive: true, past: false, kind: VerbKind::Bare, ..group });
        true
    }

    /// "Ellery, 38, of Kent Police, arrested in May": the participle belongs to the head, not to the last phrase.
    fn head_of(&self, phrase: usize, top: usize, personal: bool) -> usize {
        let clause = self.clause(top);
        if self.has_verb(top)
            && personal
            && self.out.phrases[phrase].prep.is_some()
            && (self.out.words[self.out.phrases[phrase].last - 1].mention.is_none()
                || (self.out.phrases[phrase].first..self.out.phrases[phrase].last).any(|k| {
                    matches!(self.word(k), "court" | "magistrates" | "bailey" | "tribunal" | "courts" | "station")
                }))
        {
            // "appeared in court charged with": not the court is charged.
            return clause.subject.first().copied().unwrap_or(phrase);
        }
        if self.comma && self.out.phrases[phrase].prep.is_some() && !self.has_verb(top) {
            return clause.subject.first().copied().unwrap_or(phrase);
        }
        if self.comma && !self.has_verb(top) && clause.subject.last() == Some(&phrase) {
            return clause.subject.first().copied().unwrap_or(phrase);
        }
        phrase
    }

    /// Whether a list of participles goes on or ends after `next`: "arrested, charged and jailed".
    fn list_goes_on(&self, next: usize) -> bool {
        (next..self.out.words.len().min(next + 12)).any(|k| matches!(self.word(k), "and" | "or"))
    }

    /// Whether a finite verb follows after `next` that has no subject of its own.
    fn another_verb_follows(&self, next: usize) -> bool {
        let end = self.out.words.len().min(next + 60);
        let mut k = next;
        let mut fresh_subject = false;
        let mut shut = 0_usize;
        while k < end {
            let word = &self.out.words[k];
            let lower = word.lower.as_str();
            if matches!(lower, ";" | ":" | "." | "“" | "‘" | "\"") {
                return false;
            }
            if lower == "," {
                shut = 0;
                k += 1;
                continue;
            }
            if word.class & class::CONJ != 0 {
                // "arrested with him but never charged, has been": a participle joined to this one.
                match verb_group(&self.out.words, k + 1, false) {
                    Some(v) if v.kind == VerbKind::Bare => {
                        k = v.last;
                        continue;
                    }
                    _ => return false,
                }
            }
            if word.class & (class::SUB | class::RELATIVE) != 0 || lower == "that" {
                shut = 1;
            }
            let after_comma = k > 0 && self.word(k - 1) == ",";
            if let Some(v) = verb_group(&self.out.words, k, after_comma)
                && matches!(v.kind, VerbKind::Finite | VerbKind::Bare)
            {
                let finite = v.kind == VerbKind::Finite
                    || self.out.words[v.main].verb.as_ref().is_some_and(|f| f.forms & form::PAST != 0 && f.known);
                if finite && shut == 0 && !fresh_subject {
                    return true;
                }
                if finite && shut == 1 {
                    shut = 0;
                }
                k = v.last;
                continue;
            }
            fresh_subject = false;
            k += 1;
        }
        false
    }

    fn finite(&mut self, group: VerbGroup, i: usize) -> bool {
        let top = self.top(i);
        if self.prep.is_some() {
            self.prep = None;
        }
        if !self.has_verb(top) {
            self.contact(top, i);
            let top = self.top(i);
            if self.has_verb(top) {
                return self.finite(group, i);
            }
            self.attach(top, group);
            return true;
        }
        // Phrases without preposition after the verb, since the last break: a subject in waiting.
        let object = self.clause(top).object.clone();
        let fresh_from = object.iter().rposition(|&p| self.out.phrases[p].fresh);
        let fresh: Vec<usize> = fresh_from.map(|k| object[k..].to_vec()).unwrap_or_default();
        let verb = self.clause(top).verb.clone();
        let complement = verb.as_ref().is_some_and(|v| self.grammar.complement(&v.lemma));
        let joined = fresh.first().is_some_and(|&p| self.out.phrases[p].joined);
        let waiting = self.stack.iter().rev().skip(1).copied().find(|&c| {
            !self.has_verb(c) && (!self.clause(c).subject.is_empty() || self.clause(c).antecedent.is_some())
        });
        // "found misconduct, ruled that …": the next verb of a list; "the jurors trying him have been sent home".
        let listed = self.comma && group.first == group.main && group.past;
        let aside = waiting.is_some()
            && self.clause(top).link == Link::Participle
            && verb.as_ref().is_some_and(|v| {
                matches!(
                    v.lemma.as_ref(),
                    "try" | "hear" | "hold" | "watch" | "see" | "find" | "show" | "need" | "want" | "seek"
                )
            });
        if fresh.is_empty() && complement && !object.is_empty() && !self.conj && !listed && !aside {
            // "said he was": the last phrase is the subject of what was said.
            let last = object.last().copied();
            let adjacent = self.last_phrase == last;
            if adjacent && let Some(subject) = last {
                self.out.clauses[top].object.pop();
                let first = self.out.phrases[subject].first;
                let id = self.push(Link::That, Some(top), first);
                self.out.clauses[id].subject = vec![subject];
                self.attach(id, group);
                return true;
            }
        }
        if let Some(up) = waiting.filter(|_| !self.conj || self.comma_before_conj(i)).filter(|_| !joined) {
            while self.stack.last() != Some(&up) {
                self.stack.pop();
            }
            if !fresh.is_empty() {
                let keep = object.len() - fresh.len();
                self.out.clauses[top].object.truncate(keep);
                self.out.clauses[up].subject.extend(fresh);
            }
            self.attach(up, group);
            return true;
        }
        if !fresh.is_empty() {
            let keep = object.len() - fresh.len();
            self.out.clauses[top].object.truncate(keep);
            let subject_at = self.out.phrases[fresh[0]].first;
            let first = self.back_to_break(subject_at);
            // "A said X, and the force said Y" starts anew; "that A had lied and B had not" goes on.
            let anew = !joined || self.comma_at(subject_at);
            let (link, parent) = if anew {
                (Link::Main, None)
            } else {
                let base = self.finite_base(top);
                (self.clause(base).link.clone(), self.clause(base).parent)
            };
            if anew {
                self.stack.truncate(0);
            }
            let link = if link == Link::Relative { Link::Main } else { link };
            let parent = if link == Link::Main { None } else { parent };
            let id = self.push(link, parent, first);
            self.out.clauses[id].subject = fresh;
            self.attach(id, group);
            return true;
        }
        if self.conj || self.comma || self.broken {
            // Another verb of the same subject.
            let mut base = self.finite_base(top);
            if self.conj && self.comma_before_conj(i) {
                // After a comma the outermost clause goes on.
                let mut k = base;
                while let Some(up) = self.clause(k).parent {
                    if self.clause(k).link == Link::Relative || matches!(self.clause(k).link, Link::Adverbial(_)) {
                        base = up;
                    }
                    k = up;
                }
            }
            let model = self.clause(base).clone();
            let id = self.push(model.link, model.parent, i);
            self.out.clauses[id].subject = model.subject;
            self.out.clauses[id].antecedent = model.antecedent;
            self.out.clauses[id].inherited = true;
            self.attach(id, group);
            return true;
        }
        // "In a decision handed down last week the tribunal set": the clause that the aside leads.
        if self.clause(top).link == Link::Participle
            && let Some(subject) = object.last().copied().filter(|p| Some(*p) == self.last_phrase)
            && let Some(up) = self.clause(top).parent
            && !self.has_verb(up)
            && self.clause(up).subject.is_empty()
            && self.clause(up).link == Link::Main
            && !self.another_verb_follows(group.last)
        {
            self.out.clauses[top].object.pop();
            while self.stack.last().is_some_and(|&t| t != up) {
                self.stack.pop();
            }
            self.out.clauses[up].subject.push(subject);
            self.attach(up, group);
            return true;
        }
        if let Some(subject) = object.last().copied().filter(|p| Some(*p) == self.last_phrase) {
            // A clause right after a noun: "the allegations he made".
            self.out.clauses[top].object.pop();
            let first = self.out.phrases[subject].first;
            let before = subject.checked_sub(1).filter(|&p| self.out.phrases[p].last == first);
            let id = self.push(Link::Relative, Some(top), first);
            self.out.clauses[id].subject = vec![subject];
            self.out.clauses[id].antecedent = before;
            self.attach(id, group);
            return true;
        }
        let id = self.push(Link::Main, None, i);
        self.out.clauses[id].subject = self.last_phrase.into_iter().collect();
        self.attach(id, group);
        true
    }

    /// "The man he was watching is owed": the second of two phrases without a break opens a relative clause.
    fn contact(&mut self, top: usize, i: usize) {
        let subject = &self.clause(top).subject;
        let Some(&last) = subject.last() else { return };
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
        // "In the month of his dismissal his clearance had been withdrawn": no other verb, so no relative clause.
        let only = matches!(self.clause(top).link, Link::Main | Link::That) && subject.len() == 1;
        let led = matches!(&self.clause(top).link, Link::Adverbial(word) if matches!(word.as_str(), "after" | "before" | "since" | "until"))
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

    /// Back from `i` over times, prepositions and adverbs to the break before them.
    fn back_to_break(&self, i: usize) -> usize {
        let mut k = i;
        while let Some(word) = k.checked_sub(1).and_then(|b| self.out.words.get(b)) {
            if !(word.time || word.class & (class::PREP | class::ADV) != 0 && word.verb.is_none()) {
                break;
            }
            k -= 1;
        }
        k
    }

    /// The nearest clause with a tensed verb, from `id` outwards.
    fn finite_base(&self, id: usize) -> usize {
        let mut at = id;
        loop {
            let clause = self.clause(at);
            let tensed = clause.verb.as_ref().is_some_and(|v| v.kind == VerbKind::Finite);
            if tensed && clause.link != Link::Participle {
                return at;
            }
            match clause.parent {
                Some(up) if self.has_verb(up) => at = up,
                _ => return id,
            }
        }
    }

    fn comma_at(&self, i: usize) -> bool {
        (i.saturating_sub(3)..i).any(|k| matches!(self.word(k), "," | "–" | "—"))
    }

    fn comma_before_conj(&self, i: usize) -> bool {
        (i.saturating_sub(4)..i).any(|k| {
            matches!(self.word(k), ",") && self.out.words.get(k + 1).is_some_and(|w| w.class & class::CONJ != 0)
        })
    }

    /// Mends what only the end of the sentence shows.
    fn finish(&mut self) {
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
}
