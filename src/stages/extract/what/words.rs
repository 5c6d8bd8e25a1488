//! Words of a sentence with their classes, noun phrases and verb groups: a finite-state pass over the tokens.

mod groups;
mod phrases;

use super::grammar::{Grammar, VerbForm, class, form};
use super::headline::{self, LeftOut};
use super::when::{self, TimeExpr};
use crate::domain::EntityKind;
use crate::stages::extract::{
    Named,
    doc::{Doc, Shape, Token},
};
use std::sync::Arc;

pub(super) use groups::verb_group;
pub(super) use phrases::noun_phrase;

/// A token with what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Lower-case form.
    pub(super) lower: String,
    /// Bits of [`class`].
    pub(super) class: u32,
    /// Verb form, if it may be one.
    pub(super) verb: Option<VerbForm>,
    /// Index of the mention it belongs to.
    pub(super) mention: Option<usize>,
    /// Whether that mention is of a person.
    pub(super) person: bool,
    /// Index of the quote it stands in.
    pub(super) quote: Option<usize>,
    /// Whether it belongs to a time expression.
    pub(super) time: bool,
    /// Shape of its letters.
    pub(super) shape: Shape,
    /// Whether it stands in brackets.
    pub(super) aside: bool,
    /// Whether it stands in a headline, where articles are left out.
    pub(super) headline: bool,
    /// The auxiliary that a headline leaves out before it.
    pub(super) left_out: Option<LeftOut>,
}

impl Word {
    fn is(&self, bits: u32) -> bool {
        self.class & bits != 0
    }

    fn forms(&self) -> u8 {
        self.verb.as_ref().map_or(0, |v| v.forms)
    }

    /// Whether it may stand in a noun phrase as noun or adjective.
    pub(in crate::stages::extract::what) fn nounish(&self) -> bool {
        self.shape != Shape::Punctuation
            && (self.mention.is_some()
                || self.class & !(class::NEG_SUBJECT | class::PREDICATE | class::ADV) == 0 && !self.is(class::ADV))
            && !self.time
    }
}

/// A verb group.
#[derive(Debug, Clone)]
pub(super) struct VerbGroup {
    pub(super) first: usize,
    pub(super) last: usize,
    /// Token of the main verb.
    pub(super) main: usize,
    pub(super) lemma: Arc<str>,
    pub(super) passive: bool,
    pub(super) perfect: bool,
    /// "had" + participle.
    pub(super) pluperfect: bool,
    pub(super) progressive: bool,
    pub(super) past: bool,
    pub(super) modal: Option<String>,
    pub(super) neg: bool,
    pub(super) kind: VerbKind,
}

/// How a verb group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VerbKind {
    /// With tense.
    Finite,
    /// "to" + base.
    Infinitive,
    /// "-ing".
    Ing,
    /// A bare participle or past: the parser decides.
    Bare,
}

/// A noun phrase.
#[derive(Debug, Clone)]
pub(super) struct NounPhrase {
    pub(super) first: usize,
    pub(super) last: usize,
    /// Token of the preposition before it.
    pub(super) prep: Option<usize>,
    /// "no officer", "neither", "nobody".
    pub(super) neg: bool,
    /// A break (comma, conjunction) stands before it.
    pub(super) fresh: bool,
    /// "and", "or" stands before it.
    pub(super) joined: bool,
}

/// A sentence is read up to this many words: longer ones are lists or nonsense, and reading is not linear in the clauses.
const LONGEST: usize = 500;

/// The words of sentence `index`.
pub(super) fn words(
    doc: &Doc,
    index: usize,
    named: &Named,
    grammar: &Grammar,
    mention_of: &[Option<usize>],
    quote_of: &[Option<usize>],
) -> (Vec<Word>, Vec<TimeExpr>) {
    let Some(sentence) = doc.sentences.get(index) else { return (Vec::new(), Vec::new()) };
    let tokens = doc.sentence_tokens(index);
    let tokens = tokens.get(..tokens.len().min(LONGEST)).unwrap_or(tokens);
    let named_at = |i: usize| {
        mention_of
            .get(i)
            .copied()
            .flatten()
            .and_then(|m| named.mentions.get(m))
            .is_some_and(|m| m.kind != EntityKind::Place && !m.nominal)
    };
    let times = when::find(tokens, sentence.first, &named_at);
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    let mut depth = 0_usize;
    let shouting = tokens.iter().filter(|t| t.shape == Shape::Lower).count() == 0;
    for (k, token) in tokens.iter().enumerate() {
        let i = sentence.first + k;
        let mention = mention_of.get(i).copied().flatten();
        if matches!(token.lower.as_str(), "(" | "[") {
            depth += 1;
        }
        let of_person =
            mention.and_then(|m| named.mentions.get(m)).is_some_and(|m| m.kind == EntityKind::Person && !m.nominal);
        let named = named_at(i);
        // A capitalised word inside a sentence is part of a name, unless the whole line shouts.
        // "was Tasered": the only verb that keeps its maker's capital.
        let tasered = token.lower.starts_with("taser") && token.lower.ends_with("ed");
        let name_like = k > 0 && token.shape == Shape::Capitalised && !shouting && !tasered;
        let lead = k.checked_sub(1).and_then(|b| tokens.get(b)).map_or("", |t| t.lower.as_str());
        // "the following year": an adjective.
        let entry = grammar.entry(&token.lower);
        let name = named || name_like && entry.by_ending;
        let class = if name || token.lower == "following" && lead == "the" { 0 } else { entry.class };
        let class = if token.lower.starts_with('\'') { short_verb(grammar, tokens, k).unwrap_or(class) } else { class };
        let mut verb = (!(named || name_like && class == 0)).then(|| grammar.verb_of(entry, &token.lower)).flatten();
        // "The accused had been arrested": a person.
        let next = tokens.get(k + 1).map_or("", |t| t.lower.as_str());
        let person = token.lower == "accused"
            && lead == "the"
            && (grammar.class(next) & (class::BE | class::HAVE | class::MODAL | class::PREP) != 0
                || matches!(next, "'s" | "," | "."));
        if person {
            verb = None;
        }
        if entry.noun_ing {
            let before = k.checked_sub(1).and_then(|b| tokens.get(b)).map_or("", |t| t.lower.as_str());
            let verbal = grammar.class(before) & class::BE != 0
                || matches!(before, "by" | "without" | "while" | "after" | "before" | ",")
                // "Opening the case, the prosecutor said"
                || before.is_empty() && grammar.class(next) & (class::DET | class::POSSESSIVE | class::PRONOUN) != 0;
            if !verbal {
                verb = None;
            }
        }
        // "his own sacking", "whose jailing": whose it is makes a noun of it.
        let owned = token.lower.ends_with("ing")
            && (matches!(lead, "own" | "whose") || grammar.class(lead) & class::POSSESSIVE != 0)
            && grammar.class(next) & (class::DET | class::POSSESSIVE | class::PRONOUN) == 0
            && !named_at(i + 1);
        if owned {
            verb = None;
        }
        // "a change by which calls are linked": what the preposition leads is followed by its subject.
        let stranded = matches!(lead, "which" | "whom")
            && k > 1
            && grammar.class(&tokens[k - 2].lower) & class::PREP != 0
            && class & (class::BE | class::HAVE | class::DO | class::MODAL) == 0;
        if stranded && verb.as_ref().is_some_and(|v| v.forms & (form::S | form::BASE) != 0) {
            verb = None;
        }
        words.push(Word {
            lower: token.lower.clone(),
            class,
            verb: if class & (class::BE | class::HAVE | class::DO | class::MODAL | class::PRONOUN) != 0 {
                None
            } else {
                verb
            },
            mention,
            person: of_person,
            quote: quote_of.get(i).copied().flatten(),
            time: false,
            shape: token.shape,
            aside: depth > 0,
            headline: false,
            left_out: None,
        });
        if matches!(token.lower.as_str(), ")" | "]") {
            depth = depth.saturating_sub(1);
        }
    }
    // "two serving officers", "a stop and search": neither a clause nor a list.
    for k in 0..words.len() {
        let next = words.get(k + 1).map_or("", |w| w.lower.as_str());
        let serving = words[k].lower == "serving"
            && (next.starts_with("officer")
                || matches!(next, "police" | "met" | "and" | "constable" | "sergeant" | "detective" | "pc" | "member"));
        // "two serving Metropolitan Police officers", "to acting commissioner Orr"
        let before = k.checked_sub(1).and_then(|b| words.get(b));
        let counted = before.is_some_and(|w| w.class & class::DET != 0 || when::small_number(&w.lower).is_some());
        let serving = serving
            || words[k].lower == "serving"
                && (counted || before.is_some_and(|w| w.lower == "by"))
                && words.get(k + 1).is_some_and(|w| w.mention.is_some());
        // "two retired officers", "three suspended constables"
        let serving = serving
            || counted
                && grammar.entry(&words[k].lower).describes
                && words.get(k + 1).is_some_and(|w| w.nounish() && w.forms() & form::PAST == 0 && !w.time);
        let serving = serving
            || words[k].lower == "acting"
                && matches!(
                    next,
                    "commissioner"
                        | "chief"
                        | "deputy"
                        | "assistant"
                        | "superintendent"
                        | "inspector"
                        | "sergeant"
                        | "detective"
                        | "head"
                        | "director"
                        | "commander"
                        | "constable"
                );
        let search = words[k].lower == "search"
            && k > 1
            && words[k - 1].lower == "and"
            && matches!(words[k - 2].lower.as_str(), "stop" | "stopped");
        let driving = words[k].lower == "driving"
            && k > 0
            && matches!(
                words[k - 1].lower.as_str(),
                "dangerous" | "careless" | "reckless" | "drink" | "drunk" | "inconsiderate"
            );
        if serving || driving {
            words[k].verb = None;
        } else if search
            && words[k - 2].lower == "stop"
            && k > 2
            && !matches!(words[k - 3].lower.as_str(), "to" | "can" | "could" | "may" | "will")
        {
            for word in &mut words[k - 2..=k] {
                word.verb = None;
                word.class = 0;
            }
        }
    }
    // "a not guilty verdict": one adjective.
    for k in 0..words.len().saturating_sub(2) {
        let verdict = matches!(words[k + 2].lower.as_str(), "verdict" | "verdicts" | "plea" | "pleas");
        if words[k].lower == "not" && matches!(words[k + 1].lower.as_str(), "guilty" | "proven") && verdict {
            for word in &mut words[k..k + 2] {
                word.verb = None;
                word.class = 0;
            }
        }
    }
    // 'unreservedly apologises' in single marks: the last is no owner's. All kinds are read as one.
    for k in 0..words.len() {
        if !matches!(words[k].lower.as_str(), "'" | "‘" | "\"") || words[k].quote.is_some() {
            continue;
        }
        let before = k.checked_sub(1).and_then(|b| words[b].quote);
        let after = words.get(k + 1).and_then(|w| w.quote);
        let mark = match (before, after) {
            (before, Some(_)) if before != after => "“",
            (Some(_), _) => "”",
            _ => continue,
        };
        mark.clone_into(&mut words[k].lower);
    }
    for time in &times {
        for i in time.first..time.last {
            if let Some(word) = i.checked_sub(sentence.first).and_then(|k| words.get_mut(k)) {
                word.time = true;
                word.verb = None;
            }
        }
    }
    (words, times)
}

/// The class of the verb that a pronoun's ending stands for: "it's", "they've", "he'd been".
fn short_verb(grammar: &Grammar, tokens: &[Token], k: usize) -> Option<u32> {
    const BEFORE: &[&str] = &[
        "it",
        "he",
        "she",
        "there",
        "that",
        "who",
        "what",
        "here",
        "where",
        "everyone",
        "everybody",
        "nobody",
        "this",
    ];
    let lead = k.checked_sub(1).and_then(|b| tokens.get(b))?.lower.as_str();
    let next = tokens.get(k + 1).map_or("", |t| t.lower.as_str());
    let form = grammar.verb_of(grammar.entry(next), next);
    let participle = form.as_ref().is_some_and(|v| v.forms & form::PART != 0 && v.forms & form::BASE == 0);
    Some(match tokens.get(k)?.lower.as_str() {
        "'re" | "'m" => class::BE,
        "'ve" => class::HAVE,
        "'ll" => class::MODAL,
        "'d" if next == "been" || participle => class::HAVE,
        "'d" => class::MODAL,
        // "it's been", "he's resigned"; else "is".
        "'s" if BEFORE.contains(&lead) => {
            let gone = form.as_ref().is_some_and(|v| grammar.intransitive(&v.lemma)) && participle;
            if matches!(next, "been" | "got" | "had") || gone { class::HAVE } else { class::BE }
        }
        _ => return None,
    })
}
