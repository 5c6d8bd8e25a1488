//! Headlines: the sentences that leave out articles and auxiliaries.
//!
//! "Sergeant charged with fraud" says that she has been charged, "Force apologises" that it has apologised, "Chief to
//! retire" that it is fixed that she will. The auxiliaries left out are put back on the words before they are parsed, so
//! that clauses, frames and factuality read a headline like any other sentence.

#[cfg(test)]
mod tests;

use super::clauses::{Clause, Link, Parsed};
use super::gates::lowers;
use super::grammar::{Grammar, class, form};
use super::phrases::Phrases;
use super::standing;
use super::words::{VerbGroup, VerbKind, Word};
use crate::domain::{Article, Basis};
use crate::stages::extract::doc::{Doc, Shape};

/// The auxiliary that a headline leaves out before a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// "has been": a participle with a subject and no object.
    HasBeen,
    /// "has": the present tense, or a past form with an object.
    Has,
    /// "will": "to" and a verb.
    Will,
}

/// Verbs whose participle keeps an object of its own in the passive: "handed a suspended sentence".
const TWO_OBJECTS: &[&str] = &[
    "give", "hand", "find", "deny", "refuse", "name", "appoint", "elect", "spare", "fine", "ban", "award", "tell",
    "bar",
];

/// Participles that tell more of a noun when another verb follows: "officer accused of rape cleared".
const REDUCED: &[&str] =
    &["accuse", "suspect", "charge", "convict", "arrest", "involve", "find", "taser", "shoot", "hold"];

/// Nouns whose "to" tells what is wanted, planned or feared, not what is fixed: "bid to oust chief".
const GOVERNS: &[&str] = &[
    "bid",
    "attempt",
    "chance",
    "plan",
    "plans",
    "call",
    "calls",
    "plea",
    "pleas",
    "appeal",
    "demand",
    "demands",
    "power",
    "powers",
    "right",
    "need",
    "threat",
    "threats",
    "offer",
    "move",
    "refusal",
    "failure",
    "pressure",
    "vote",
    "petition",
    "campaign",
    "push",
    "fight",
    "battle",
    "wish",
    "intention",
];

/// Nouns in the singular with which a verb in the plural goes: "family demand inquiry".
const COLLECTIVE: &[&str] =
    &["police", "family", "union", "federation", "couple", "public", "government", "cps", "council"];

/// Whether the infinitive `clause` of a headline hangs on a noun that leaves open whether it comes about.
pub(super) fn governed(parsed: &Parsed, clause: &Clause) -> bool {
    let before = clause.first.checked_sub(1).and_then(|k| parsed.words.get(k));
    of(parsed) && clause.link == Link::To && before.is_some_and(|w| GOVERNS.contains(&w.lower.as_str()))
}

/// Whether word `at` of a headline stands between quotation marks: somebody's claim.
pub(super) fn claimed(parsed: &Parsed, at: usize) -> bool {
    let mark = |k: usize| {
        let word = parsed.words.get(k)?;
        // "officers' union": no quotation begins.
        let owner = word.lower == "'" && k > 0 && parsed.words[k - 1].lower.ends_with('s');
        (matches!(word.lower.as_str(), "“" | "‘" | "”" | "’" | "\"" | "'") && !owner).then_some(word.lower.as_str())
    };
    let mut open = false;
    for found in (0..at.min(parsed.words.len())).filter_map(mark) {
        open = match found {
            "“" | "‘" => true,
            "”" | "’" => false,
            _ => !open,
        };
    }
    let closes = (at..parsed.words.len()).filter_map(mark).any(|m| !matches!(m, "“" | "‘"));
    of(parsed) && open && closes
}

/// Whether sentence `s` is the headline of an article that is no more than title and summary.
pub(super) fn is_headline(doc: &Doc, article: &Article, s: usize) -> bool {
    article.basis == Basis::HeadlineOnly && doc.sentences.get(s).is_some_and(|x| x.block == 0)
        || shouts(doc, s)
        || stands_alone(doc, s)
}

/// Whether the sentence is a paragraph of its own that no full stop ends: a line of a digest or ticker.
fn stands_alone(doc: &Doc, s: usize) -> bool {
    let Some(sentence) = doc.sentences.get(s) else { return false };
    let beside = |k: Option<usize>| k.and_then(|k| doc.sentences.get(k)).is_some_and(|x| x.block == sentence.block);
    let tokens = doc.sentence_tokens(s);
    let open = tokens.last().is_some_and(|t| t.shape != Shape::Punctuation);
    open && (5..=24).contains(&tokens.len()) && !beside(s.checked_sub(1)) && !beside(Some(s + 1))
}

/// Whether the words of a sentence are a headline's.
pub(super) fn of(parsed: &Parsed) -> bool {
    parsed.words.first().is_some_and(|w| w.headline)
}

/// Whether a headline tells of a matter of police conduct, in the short forms that headlines have for it.
pub(super) fn conduct(parsed: &Parsed, phrases: &Phrases) -> bool {
    of(parsed) && standing::any(&lowers(parsed), phrases)
}

/// Whether a headline names an offence: "cleared of assault" is of a court, though it names none.
pub(super) fn names_offence(parsed: &Parsed, offences: &Phrases) -> bool {
    of(parsed) && standing::any(&lowers(parsed), offences)
}

/// Whether the sentence is a line of capitals.
fn shouts(doc: &Doc, s: usize) -> bool {
    let tokens = doc.sentence_tokens(s);
    let capitals = tokens.iter().filter(|t| t.shape == Shape::Capitals).count();
    capitals >= 4 && !tokens.iter().any(|t| matches!(t.shape, Shape::Lower | Shape::Capitalised))
}

/// Puts back what the headline `words` leave out.
pub(super) fn restore(words: &mut [Word], grammar: &Grammar) {
    small_letters(words, grammar);
    for word in words.iter_mut() {
        word.headline = true;
    }
    let mut from = 0;
    while from < words.len() {
        let to = (from..words.len()).find(|&k| k > from && ends_clause(words, from, k)).unwrap_or(words.len());
        let to = to.max(from + 1);
        clause(words, from, to, grammar);
        from = to;
    }
    // "handed suspended sentence", "over leaked files": with the article gone, a participle before a noun is an adjective.
    for k in 1..words.len() {
        let opens = words[k - 1].left_out.is_some_and(|l| l != LeftOut::Will)
            || words[k - 1].mention.is_none() && words[k - 1].class & class::PREP != 0;
        let adjective = words[k].left_out.is_none()
            && words[k].verb.as_ref().is_some_and(|v| v.forms & form::PART != 0 && v.forms & form::BASE == 0);
        if opens && adjective && object_at(words, k + 1) {
            words[k].verb = None;
        }
    }
}

/// The verb group that begins at word `i`, if an auxiliary is left out there.
pub(super) fn verb_group(words: &[Word], i: usize, plain: VerbGroup) -> VerbGroup {
    match words.get(i).and_then(|w| w.left_out) {
        None => plain,
        Some(LeftOut::HasBeen) => {
            VerbGroup { passive: true, perfect: true, past: false, kind: VerbKind::Finite, ..plain }
        }
        Some(LeftOut::Has) => VerbGroup { perfect: true, past: false, kind: VerbKind::Finite, ..plain },
        Some(LeftOut::Will) => {
            VerbGroup { modal: Some("will".to_owned()), progressive: true, kind: VerbKind::Finite, ..plain }
        }
    }
}

/// Headlines Set Like This Hide Their Verbs: capitals that most words have say nothing.
fn small_letters(words: &mut [Word], grammar: &Grammar) {
    let long = |w: &&Word| w.shape != Shape::Punctuation && w.shape != Shape::Number && w.lower.chars().count() > 3;
    let (mut capitals, mut all) = (0, 0);
    for word in words.iter().skip(1).filter(long).filter(|w| w.mention.is_none()) {
        all += 1;
        capitals += usize::from(word.shape != Shape::Lower);
    }
    if all < 2 || capitals * 4 < all * 3 {
        return;
    }
    let closed = class::BE | class::HAVE | class::DO | class::MODAL | class::PRONOUN;
    for word in words.iter_mut().skip(1).filter(|w| w.mention.is_none() && !w.time && w.class & closed == 0) {
        if word.verb.is_none() && !grammar.entry(&word.lower).noun_ing {
            word.verb = grammar.verb(&word.lower);
        }
    }
}

/// Whether a clause that began at `from` ends before word `k`.
fn ends_clause(words: &[Word], from: usize, k: usize) -> bool {
    let word = &words[k];
    if word.mention.is_some() {
        return false;
    }
    if word.shape == Shape::Punctuation {
        return matches!(word.lower.as_str(), ":" | ";" | "." | "–" | "—" | "-" | "!" | "?" | "“" | "‘" | "\"" | "”")
            || word.lower == "," && (from..k).any(|j| words[j].left_out.is_some() || is_finite(words, j));
    }
    word.class & (class::SUB | class::RELATIVE | class::CONJ) != 0 && word.lower != "yet"
}

/// Whether a helper or a modal stands at `k`: the clause has its auxiliary.
fn is_finite(words: &[Word], k: usize) -> bool {
    words[k].mention.is_none() && words[k].class & (class::BE | class::HAVE | class::DO | class::MODAL) != 0
}

/// Whether the word at `k` begins an object: a noun, name or determiner, but no time, number of years or preposition.
fn object_at(words: &[Word], k: usize) -> bool {
    let Some(word) = words.get(k) else { return false };
    if word.time || word.shape == Shape::Number && word.mention.is_none() {
        return false;
    }
    if word.mention.is_some() {
        return true;
    }
    let amount = words.get(k + 1).is_some_and(|n| {
        matches!(n.lower.as_str(), "years" | "year" | "months" | "month" | "weeks" | "days" | "hours" | "times")
    });
    let breaks = class::PREP
        | class::SUB
        | class::RELATIVE
        | class::CONJ
        | class::BE
        | class::HAVE
        | class::DO
        | class::MODAL
        | class::ADV;
    word.shape != Shape::Punctuation && !amount && word.class & breaks == 0 && word.lower != "to" && word.lower != "not"
}

/// Whether a passive participle may stand at `k`.
fn participle(words: &[Word], k: usize, grammar: &Grammar) -> bool {
    let Some(verb) = words.get(k).filter(|w| w.mention.is_none()).and_then(|w| w.verb.as_ref()) else { return false };
    verb.forms & form::PART != 0
        && !grammar.intransitive(&verb.lemma)
        && (TWO_OBJECTS.contains(&verb.lemma.as_ref()) || !object_at(words, k + 1))
}

/// Finds the verb of the clause `from..to` and marks what is left out before it.
fn clause(words: &mut [Word], from: usize, to: usize, grammar: &Grammar) {
    let mut noun = false;
    let mut chosen: Option<(usize, LeftOut)> = None;
    let mut k = from;
    while k < to {
        if is_finite(words, k) {
            // A finite verb of its own: what stands before it is its subject.
            if chosen.is_none_or(|(c, _)| reduces(words, c)) {
                chosen = None;
            }
            break;
        }
        match candidate(words, k, from, to, noun, grammar) {
            Some(found) if chosen.is_none() => {
                chosen = Some((k, found));
                if !reduces(words, k) || found == LeftOut::Will {
                    break;
                }
            }
            Some(found) => {
                chosen = Some((k, found));
                break;
            }
            None => {}
        }
        let word = &words[k];
        let nounish = word.shape != Shape::Punctuation
            && (word.mention.is_some()
                || word.class & !(class::NEG_SUBJECT | class::PREDICATE) == 0
                    && (word.verb.is_none()
                        || word.verb.as_ref().is_some_and(|v| v.forms & (form::BASE | form::S) != 0))
                || word.class & class::PRONOUN != 0);
        noun |= nounish && !word.time;
        k += 1;
    }
    let carried = from > 0 && words[from].class & class::CONJ != 0 && !noun_before_verb(words, from + 1, to);
    if let Some((at, left_out)) = chosen {
        words[at].left_out = Some(left_out);
        // What is left of the clause is read as it stands.
    } else if carried && participle(words, from + 1, grammar) && from + 1 < to {
        // "PC arrested and charged": the same auxiliary.
        words[from + 1].left_out = Some(LeftOut::HasBeen);
    }
}

/// Whether a noun stands before the first verb of `from..to`.
fn noun_before_verb(words: &[Word], from: usize, to: usize) -> bool {
    (from..to)
        .take_while(|&k| words[k].verb.is_none())
        .any(|k| words[k].shape != Shape::Punctuation && words[k].class == 0)
}

/// Whether the participle at `k` may merely tell more of the noun before it.
fn reduces(words: &[Word], k: usize) -> bool {
    let word = &words[k];
    let prep = words.get(k + 1).is_some_and(|w| w.class & class::PREP != 0);
    prep && word.verb.as_ref().is_some_and(|v| v.forms & form::PART != 0 && REDUCED.contains(&v.lemma.as_ref()))
}

/// What is left out before word `k`, if it may be the verb of the clause `from..to`.
fn candidate(words: &[Word], k: usize, from: usize, to: usize, noun: bool, grammar: &Grammar) -> Option<LeftOut> {
    let word = words.get(k).filter(|w| w.mention.is_none() && !w.time)?;
    if !noun {
        return None;
    }
    let before = k.checked_sub(1).filter(|b| *b >= from).and_then(|b| words.get(b))?;
    let after_noun = before.mention.is_some()
        || before.time
        || before.lower == ","
        || before.lower == ")"
        || before.class & class::ADV != 0
        || before.shape == Shape::Number
        || before.shape != Shape::Punctuation
            && before.class & (class::PREP | class::DET | class::POSSESSIVE | class::NEG | class::CONJ) == 0;
    if word.lower == "to" {
        let mut next = k + 1;
        while words.get(next).is_some_and(|w| w.class & class::ADV != 0 && w.verb.is_none()) {
            next += 1;
        }
        let verb = words.get(next).filter(|w| w.mention.is_none() && next < to)?;
        let base = verb.lower == "be" || verb.verb.as_ref().is_some_and(|v| v.known && v.forms & form::BASE != 0);
        // "unable to", "chance to", "bid to": what the word before governs is no plan of the subject.
        let governed = before.class & class::PREDICATE != 0
            || matches!(before.lower.as_str(), "how" | "not")
            || GOVERNS.contains(&before.lower.as_str());
        return (base && after_noun && !governed && before.verb.as_ref().is_none_or(|v| v.forms & form::PART == 0))
            .then_some(LeftOut::Will);
    }
    let verb = word.verb.as_ref()?;
    if !after_noun {
        return None;
    }
    if participle(words, k, grammar) && verb.forms & form::BASE == 0 {
        return Some(LeftOut::HasBeen);
    }
    let next = words.get(k + 1).filter(|_| k + 1 < words.len());
    // "Watchdog reports published", "charges dropped": a noun before its verb.
    let noun_here = next.is_some_and(|_| participle(words, k + 1, grammar) && !object_at(words, k + 2))
        || next.is_some_and(|n| {
            n.verb.as_ref().is_some_and(|v| v.known && v.forms & form::S != 0 && v.forms & form::BASE == 0)
                && object_at(words, k + 2)
        });
    if noun_here {
        return None;
    }
    let intransitive = grammar.intransitive(&verb.lemma);
    let object = object_at(words, k + 1) || next.is_some_and(|n| n.shape == Shape::Number || n.class & class::DET != 0);
    if verb.forms & (form::PAST | form::PART) != 0 && verb.forms & form::BASE == 0 {
        // "Officer admitted theft", "Sergeant resigned".
        return (object || intransitive).then_some(LeftOut::Has);
    }
    let singular = verb.forms & form::S != 0;
    let plural = verb.forms & form::BASE != 0
        && (before.lower.ends_with('s') && !before.lower.ends_with("ss") && before.lower != "'s"
            || COLLECTIVE.contains(&before.lower.as_str())
            || before.mention.is_some());
    let reaches = object
        || intransitive
        || singular && next.is_some_and(|n| n.lower == "to" || grammar.complement(&verb.lemma))
        || singular && next.is_some_and(|n| n.class & class::SUB != 0);
    (verb.known && (singular || plural) && reaches).then_some(LeftOut::Has)
}
