//! Clauses of a sentence: verb group, arguments, and how each hangs on another. One pass, left to right, with a stack.

mod breaks;
mod carry;
mod finite;
mod hang;
mod untensed;
mod verbs;

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
    /// "nor" stands before the next verb.
    nor: bool,
    prep: Option<usize>,
    last_phrase: Option<usize>,
    /// The word at hand.
    lower: String,
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
        nor: false,
        prep: None,
        last_phrase: None,
        lower: String::new(),
    };
    parser.run(whole);
    entries(&mut parser.out);
    parser.out
}

/// "Trial fixed for Monday.", "Sentence adjourned.": in an entry the bare form is the passive.
fn entries(parsed: &mut Parsed) {
    const DONE: &[&str] = &[
        "fix", "list", "set", "adjourn", "schedule", "postpone", "impose", "lodge", "order", "refuse", "dismiss",
        "quash",
    ];
    const WHAT: &[&str] = &[
        "trial",
        "hearing",
        "sentence",
        "sentencing",
        "inquest",
        "case",
        "appeal",
        "retrial",
        "verdict",
        "charges",
        "charge",
    ];
    if parsed.words.len() > 16 {
        return;
    }
    let words = &parsed.words;
    for clause in parsed.clauses.iter_mut().filter(|c| c.link == Link::Main && c.object.is_empty()) {
        let subject = clause.subject.first().and_then(|&p| parsed.phrases.get(p));
        let process = subject.is_some_and(|np| {
            np.last.checked_sub(1).and_then(|k| words.get(k)).is_some_and(|w| WHAT.contains(&w.lower.as_str()))
        });
        if let Some(verb) = clause.verb.as_mut()
            && process
            && verb.first + 1 == verb.last
            && verb.past
            && DONE.contains(&verb.lemma.as_ref())
        {
            verb.passive = true;
        }
    }
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

    /// Whether phrase `p` names a person, or says what he or she is.
    fn personal(&self, p: usize) -> bool {
        let head = self.out.phrases[p].last.checked_sub(1).and_then(|k| self.out.words.get(k));
        head.is_some_and(|w| w.person || w.mention.is_none() && self.grammar.entry(&w.lower).person)
    }

    /// Gives the verbless adverbial clause on top back to what it hangs on, where that has its verb and no other verb
    /// waits: "stood before you to say", "found guilty after trial at Paisley of assaulting".
    fn drop_verbless(&mut self, after: usize) {
        if let Some(&top) = self.stack.last()
            && self.stack.len() > 1
            && matches!(&self.clause(top).link, Link::Adverbial(w) if matches!(w.as_str(), "after" | "before" | "since" | "until" | "as"))
            && !self.has_verb(top)
            && !(self.clause(top).subject.is_empty() && self.clause(top).before.is_empty())
            && self.clause(top).parent.is_some_and(|up| self.has_verb(up))
            && !self.another_verb_follows(after)
        {
            self.give_back(top);
        }
    }

    fn run(&mut self, whole: &dyn Fn(usize) -> bool) {
        let mut saved: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut i = 0;
        let mut quote = None;
        while i < self.out.words.len() {
            let now = self.out.words[i].quote.filter(|q| whole(*q));
            if now != quote {
                if saved.last().is_some_and(|(q, _)| quote == Some(*q))
                    && let Some((_, stack)) = saved.pop()
                {
                    self.stack = stack;
                    self.comma = true;
                    self.broken = true;
                }
                if let Some(q) = now.filter(|q| !self.goes_on_in(*q, i)) {
                    saved.push((q, std::mem::take(&mut self.stack)));
                    self.push(Link::Main, None, i);
                }
                self.prep = None;
                self.conj = false;
                quote = now;
            }
            self.leave_fragment(i);
            let next = self.step(i);
            if let Some(&top) = self.stack.last() {
                self.out.clauses[top].last = next;
            }
            i = next.max(i + 1);
        }
        self.finish();
    }

    /// Whether the clause at hand goes on in quote `q`, which begins at word `i`: "the force was “asking too much”", "said the
    /// report “has the truth in it”".
    fn goes_on_in(&self, q: usize, i: usize) -> bool {
        if i.checked_sub(1).is_some_and(|k| self.out.words[k].quote == Some(q)) {
            return true;
        }
        let Some(&top) = self.stack.last() else { return false };
        let first = i + usize::from(self.out.words[i].shape == Shape::Punctuation);
        let clause = self.clause(top);
        !self.has_verb(top)
            && clause.link == Link::That
            && !clause.subject.is_empty()
            && verb_group(&self.out.words, first, true).is_some_and(|v| v.kind != VerbKind::Ing)
    }

    /// Handles what stands at word `i`; gives the word to go on with.
    fn step(&mut self, i: usize) -> usize {
        let mut lower = std::mem::take(&mut self.lower);
        lower.clone_from(&self.out.words[i].lower);
        let next = self.step_over(i, &lower);
        self.lower = lower;
        next
    }

    /// [`Self::step`] over the word `lower`.
    fn step_over(&mut self, i: usize, lower: &str) -> usize {
        let word = &self.out.words[i];
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
            // "between 2017 and 2022": the conjunction is that of the years.
            let years = i >= 2
                && self.out.words[i - 1].class & class::CONJ != 0
                && self.out.words.get(i - 2).is_some_and(|w| w.time);
            self.conj &= !years;
            return i + 1;
        }
        if word.shape == Shape::Punctuation && word.mention.is_none() {
            self.punctuation(i, lower);
            return i + 1;
        }
        if word.mention.is_none()
            && let Some(next) = self.function_word(i, lower)
        {
            return next;
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
        if let Some(group) = self.goes_on_bare(i) {
            let next = group.last;
            self.carry_on(group, i);
            return next;
        }
        // "About 60 people held a vigil": no preposition.
        let approximate = matches!(lower, "about" | "around" | "over" | "under" | "up" | "near")
            && self.out.words.get(i + 1).is_some_and(|w| {
                let number = w.shape == Shape::Number
                    || super::when::small_number(&w.lower).is_some_and(|n| n > 1)
                    || matches!(w.lower.as_str(), "hundreds" | "dozens" | "thousands");
                number && !w.time
            })
            && self.stack.last().is_some_and(|&t| !self.has_verb(t) && self.clause(t).subject.is_empty());
        if approximate {
            return i + 1;
        }
        // "Up to 200 people marched"
        if lower == "up"
            && self.word(i + 1) == "to"
            && self.out.words.get(i + 2).is_some_and(|w| w.shape == Shape::Number && !w.time)
            && self.stack.last().is_some_and(|&t| !self.has_verb(t) && self.clause(t).subject.is_empty())
        {
            return i + 2;
        }
        if (class & class::PREP != 0 || lower == "as") && self.out.words[i].mention.is_none() && lower != "that" {
            self.prep = Some(i);
            return i + 1;
        }
        if let Some((end, neg)) = noun_phrase(&self.out.words, i) {
            self.phrase(i, end, neg);
            return end;
        }
        i + 1
    }

    /// Handles a word at `i` that opens or joins clauses; gives the word to go on with, where it was one.
    fn function_word(&mut self, i: usize, lower: &str) -> Option<usize> {
        let word = &self.out.words[i];
        let class = word.class;
        if class & class::RELATIVE != 0 {
            return Some(self.relative(i));
        }
        // "Among those charged is PC Orr": as "also charged is".
        if lower == "among"
            && matches!(self.word(i + 1), "those" | "the")
            && self.out.words.get(i + 2).and_then(|w| w.verb.as_ref()).is_some_and(|v| v.forms & form::PART != 0)
            && self.out.words.get(i + 3).is_some_and(|w| w.class & class::BE != 0)
        {
            return Some(i + 2);
        }
        // "Three years after that PC Orr was": what was told before.
        let pointed = lower == "that"
            && self.out.words.get(i + 1).is_some_and(|w| w.person)
            && i.checked_sub(1).is_some_and(|k| matches!(self.word(k), "after" | "before"));
        if pointed {
            if self.stack.len() > 1
                && self.stack.last().is_some_and(|&t| !self.has_verb(t) && self.clause(t).first + 1 == i)
            {
                self.stack.pop();
            }
            self.prep = None;
            self.broken = true;
            return Some(i + 1);
        }
        if lower == "that" {
            return Some(self.that(i));
        }
        // "because of undeclared debts", "as well as campaigners": no clauses.
        if lower == "because" && self.word(i + 1) == "of" {
            self.prep = Some(i + 1);
            return Some(i + 2);
        }
        if lower == "from" && self.word(i + 1) == "now" && self.word(i + 2) == "on" {
            return Some(i + 3);
        }
        if lower == "as" && self.word(i + 1) == "well" && self.word(i + 2) == "as" {
            self.conj = true;
            self.broken = true;
            self.prep = None;
            return Some(i + 3);
        }
        let opens = i == 0 || i == 1 && matches!(self.word(0), "“" | "‘" | "\"" | "'");
        let inverted = opens && matches!(lower, "should" | "had" | "were");
        if inverted
            && self.out.words.get(i + 1).is_some_and(|w| {
                w.mention.is_some() || w.class & (class::DET | class::PRONOUN | class::POSSESSIVE) != 0
            })
        {
            // "Should the watchdog decide …", "Had she stayed …": a condition.
            return Some(self.subordinate(i, lower));
        }
        // "will appear before Newport magistrates next month accused of stalking": whom one appears before.
        if lower == "before" && self.before_a_court(i) {
            self.prep = Some(i);
            return Some(i + 1);
        }
        // "whose appointment as chief constable was announced": the noun asks for the preposition.
        let role = lower == "as"
            && i > 0
            && self.last_phrase.is_some_and(|p| self.out.phrases[p].last == i)
            && self.grammar.takes_as(self.word(i - 1));
        // "a complaint about how they were told": what the preposition leads is a clause.
        let asked = self.prep.is_some() && matches!(lower, "how" | "why" | "whether");
        // "who had been cleared since 2022 were vetted again": no clause, only a time.
        let timed = matches!(lower, "since" | "until" | "before" | "after")
            && (i + 1..self.out.words.len())
                .find(|&k| !self.out.words[k].time)
                .is_some_and(|k| k > i + 1 && self.tensed(k));
        if timed {
            return Some(i + 1);
        }
        if class & class::SUB != 0 && (self.prep.is_none() || asked) && !role {
            return Some(self.subordinate(i, lower));
        }
        if class & class::CONJ != 0 && word.verb.is_none() {
            // "suspended since August and returned", "retired as a commander and is": the conjunction goes on
            // with what the subordinator hangs on, for no verb has come.
            if let Some(&top) = self.stack.last()
                && self.stack.len() > 1
                && !self.has_verb(top)
                && matches!(&self.clause(top).link, Link::Adverbial(w) if matches!(w.as_str(), "as" | "since" | "after" | "before" | "until")
                    || self.clause(top).subject.is_empty() && !self.clause(top).before.is_empty())
                && verb_group(&self.out.words, i + 1, true).is_some_and(|v| v.kind != VerbKind::Ing)
            {
                self.give_back(top);
            }
            self.conj = true;
            self.nor = lower == "nor"
                && self
                    .out
                    .words
                    .get(i + 1)
                    .is_some_and(|w| w.class & (class::BE | class::HAVE | class::DO | class::MODAL) != 0);
            self.broken = true;
            self.prep = None;
            return Some(i + 1);
        }
        None
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
        // "She and PC Orr, who gave evidence, remain on duty": the plural has no ending.
        let base = self.out.words.get(i).and_then(|w| w.verb.as_ref()).is_some_and(|v| {
            v.forms & form::BASE != 0 && v.forms & (form::PAST | form::PART) == 0 && v.known && !v.noun_like
        });
        let plural = self.comma
            && base
            && self.waiting().is_some_and(|c| {
                let subject = &self.clause(c).subject;
                subject.iter().skip(1).any(|&p| self.out.phrases[p].joined)
            });
        let named_subject = adjacent
            && s_form
            && self.last_phrase.is_some_and(|p| {
                let p = &self.out.phrases[p];
                (p.joined || p.fresh) && p.prep.is_none() && self.out.words[p.last - 1].mention.is_some()
            });
        above
            || plural
            || named_subject
            || waits && (adjacent || self.comma || clause.antecedent.is_some())
            || (zero_that || self.comma && adjacent) && s_form
            || self.conj && s_form
    }

    /// The preposition of a name to which the name `first..last` is joined: "the trial of PC Orr and PC Hale was".
    fn shared_preposition(&self, first: usize, last: usize) -> Option<usize> {
        let p = self.last_phrase.filter(|_| self.conj && !self.comma)?;
        let before = &self.out.phrases[p];
        let top = *self.stack.last()?;
        let named = |from: usize, to: usize| self.out.words.get(from..to).is_some_and(|w| w.iter().any(|w| w.person));
        let waits = !self.has_verb(top) && self.clause(top).before.last() == Some(&p);
        let ends = self.has_verb(top) && self.clause(top).after.last() == Some(&p);
        let verb_next = verb_group(&self.out.words, last, true).is_some();
        // "The vetting of officers and staff has been reviewed": the verb is that of one thing.
        let singular = matches!(self.word(last), "has" | "was" | "is") && self.word(last - 1).ends_with(['s', 'f']);
        let fits = before.last + 1 == first
            && (named(before.first, before.last)
                && named(first, last)
                && self.personal(p)
                && (waits || ends && !verb_next)
                || singular && (waits || ends) && self.out.words[first].mention.is_none());
        before.prep.filter(|_| fits)
    }

    fn phrase(&mut self, first: usize, last: usize, neg: bool) {
        let top = self.top(first);
        let prep = self.prep.take().or_else(|| self.shared_preposition(first, last));
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
}
