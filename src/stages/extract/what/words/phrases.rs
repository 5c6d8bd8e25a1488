//! Noun phrases.

use super::*;

/// Classes that end a noun phrase.
const CLOSED: u32 = class::BE
    | class::HAVE
    | class::DO
    | class::MODAL
    | class::CONJ
    | class::RELATIVE
    | class::PREP
    | class::SUB
    | class::NEG;

/// The end of the noun phrase that starts at word `i`, if one starts there, and whether it denies ("no officer").
pub(in crate::stages::extract::what) fn noun_phrase(words: &[Word], i: usize) -> Option<(usize, bool)> {
    let first = words.get(i)?;
    if first.time || first.shape == Shape::Punctuation && first.mention.is_none() {
        return None;
    }
    // "no fewer than 14 officers" are 14.
    let counts = first.lower == "no"
        && words.get(i + 1).is_some_and(|w| matches!(w.lower.as_str(), "fewer" | "less" | "more"))
        && words.get(i + 2).is_some_and(|w| w.lower == "than");
    let neg = !counts && (first.is(class::NEG_SUBJECT) || first.lower == "no" || first.lower == "not");
    // "not one person", "not a single officer"
    let not_one = first.lower == "not"
        && words.get(i + 1).is_some_and(|w| w.lower == "one" || w.lower == "a")
        && words.get(i + 2).is_some_and(|w| w.lower == "single" || w.nounish() && w.verb.is_none())
        && i.checked_sub(1)
            .and_then(|k| words.get(k))
            .is_none_or(|w| !w.is(class::BE | class::HAVE | class::MODAL | class::DO));
    if first.lower == "not" && !not_one {
        return None;
    }
    // "is due to start on Monday and last for five days": a verb.
    if first.lower == "last" && words.get(i + 1).is_some_and(|w| matches!(w.lower.as_str(), "for" | "until")) {
        return None;
    }
    // "look them in the eye and say sorry": a verb.
    if first.lower == "say" && words.get(i + 1).is_some_and(|w| matches!(w.lower.as_str(), "sorry" | "that" | "so")) {
        return None;
    }
    let mut k = if not_one { i + 2 } else { i };
    let mut noun = false;
    if first.mention.is_none() && first.is(class::PRONOUN) && !first.is(class::DET) {
        let possessive = first.is(class::POSSESSIVE)
            && words.get(i + 1).is_some_and(|w| {
                // "paid her £20,000": to her.
                w.nounish() && !(w.forms() & form::BASE != 0 && w.class != 0) && !w.lower.starts_with('£')
            });
        if !possessive {
            // "one of the officers", "none of them": the pronoun heads the phrase. "neither officer": it does not.
            let before_noun = matches!(first.lower.as_str(), "neither" | "another" | "one")
                && words
                    .get(i + 1)
                    .is_some_and(|w| w.nounish() && w.class == 0 && w.verb.is_none() && w.mention.is_none());
            if !before_noun {
                // "nobody else"
                let more = words.get(i + 1).is_some_and(|w| w.lower == "else");
                return Some((i + 1 + usize::from(more), neg));
            }
            k += 1;
        }
    }
    while let Some(word) = words.get(k) {
        if word.time && !noun {
            return None;
        }
        if word.time || word.left_out.is_some() {
            break;
        }
        let lower = word.lower.as_str();
        if let Some(length) = commissioner(words, k) {
            // "Police, Fire and Crime Commissioner": one title.
            noun = true;
            k += length;
            continue;
        }
        // "within three months Dorset Police should": a length of time is no part of the name after it.
        let length = noun
            && word.mention.is_some()
            && words
                .get(i)
                .is_some_and(|w| w.mention.is_none() && super::super::when::small_number(&w.lower).is_some())
            && k == i + 2
            && matches!(words[k - 1].lower.as_str(), "days" | "weeks" | "months" | "years" | "hours" | "minutes");
        // "During one raid PC Amy Threlfall": nor is an occasion, though a trade is.
        let occasion = noun
            && word.mention.is_some()
            && word.person
            && words[k - 1].mention.is_none()
            && OCCASIONS.contains(&words[k - 1].lower.as_str())
            && (i.saturating_sub(2)..i).any(|b| {
                matches!(words[b].lower.as_str(), "after" | "before" | "during" | "in" | "at" | "following" | "since")
                    && (b == 0 || words[b - 1].shape == Shape::Punctuation)
            });
        // "For the first time Kent Police has said sorry"
        let turn = noun
            && word.mention.is_some()
            && words[k - 1].lower == "time"
            && k == i + 3
            && matches!(words[i + 1].lower.as_str(), "first" | "second" | "third" | "last" | "next");
        // "paid the family of Leo Ash £20,000"
        let sum = noun && lower.starts_with('£') && words[k - 1].person;
        // "The Police Ombudsman for Northern Ireland hopes to publish": a verb, though it looks like a noun.
        let hopes = noun
            && word.mention.is_none()
            && words[k - 1].mention.is_some()
            && word.forms() & form::S != 0
            && words.get(k + 1).is_some_and(|w| w.lower == "to")
            && words.get(k + 2).is_some_and(|w| w.mention.is_none() && w.forms() & form::BASE != 0 && w.class == 0);
        if length || occasion || turn || sum || hopes {
            break;
        }
        // "a house in which a pensioner lay dying"
        let lay = noun
            && lower == "lay"
            && words.get(k + 1).is_some_and(|w| {
                matches!(
                    w.lower.as_str(),
                    "dying"
                        | "dead"
                        | "unconscious"
                        | "unread"
                        | "motionless"
                        | "bleeding"
                        | "injured"
                        | "undiscovered"
                        | "ill"
                        | "face"
                ) || w.is(class::PREP)
            });
        if lay {
            break;
        }
        if word.mention.is_some() {
            noun = true;
        } else if matches!(lower, "'s" | "'") {
            // The owner: what follows is the head. "Tuesday's hearing": the time before it is none of the phrase.
            noun = false;
        } else if word.shape == Shape::Punctuation {
            // A hyphen or ampersand inside a name does not end it; quotation marks inside a phrase are looked through.
            // "a Metropolitan Police Service (MPS) officer"
            let short = lower == "("
                && noun
                && words.get(k + 2).is_some_and(|w| w.lower == ")")
                && words.get(k + 3).is_some_and(|w| {
                    w.mention.is_none() && w.class == 0 && w.verb.is_none() && w.shape == Shape::Lower
                });
            if short {
                k += 3;
                continue;
            }
            let opens = matches!(lower, "“" | "‘" | "\"" | "'" | "”" | "’");
            let goes_on = opens
                && k + 1 < words.len()
                && words.get(k + 1).is_some_and(|w| w.nounish() && (w.verb.is_none() || !noun))
                && (!noun || matches!(lower, "“" | "‘"));
            if !goes_on {
                break;
            }
        } else if (word.is(class::DET) || word.is(class::POSSESSIVE)) && k == i
            || word.is(class::DET)
                && k == i + 1
                && matches!(words.get(i).map(|w| w.lower.as_str()), Some("all" | "both" | "half" | "such"))
            || word.is(class::DET)
                && !noun
                && word.class == class::DET
                && !matches!(lower, "the" | "a" | "an" | "this" | "that")
        {
        } else if word.is(class::DET | class::POSSESSIVE)
            || lower == "that" && k > i
            || word.class & CLOSED != 0 && !(lower == "so" && k == i)
            || word.is(class::PRONOUN) && k > i && !matches!(lower, "one" | "others")
        {
            break;
        } else if word.is(class::ADV) && word.verb.is_none() {
            // "the then chief", "a very senior officer": inside a phrase an adverb is passed, at its edge it ends it.
            let inside = k > i && words.get(k + 1).is_some_and(|w| w.nounish() && w.forms() & form::BASE == 0) && !noun;
            if !inside {
                break;
            }
        } else if word.verb.is_some() {
            let forms = word.forms();
            let before_ok = k > i && !noun || k == i;
            let next_noun = words.get(k + 1).is_some_and(|w| {
                w.nounish() && w.verb.as_ref().is_none_or(|v| v.forms & (form::BASE | form::S) != 0) && !w.time
            });
            let started = k > i;
            if forms & (form::PAST | form::PART | form::ING) != 0 && forms & form::BASE == 0 {
                // A participle before a noun is an adjective when a determiner has opened the phrase.
                let participle_only = forms & form::PAST == 0 && forms & form::PART != 0;
                let adjective =
                    started && (before_ok || participle_only) && (next_noun || forms & form::ING != 0 && before_ok);
                let gerund_noun = started
                    && forms & form::ING != 0
                    && matches!(
                        lower,
                        "hearing"
                            | "finding"
                            | "warning"
                            | "policing"
                            | "meeting"
                            | "killing"
                            | "shooting"
                            | "inning"
                            | "beating"
                            | "vetting"
                            | "training"
                            | "building"
                            | "crossing"
                            | "ruling"
                            | "sentencing"
                            | "recording"
                            | "standing"
                            | "monitoring"
                            | "handling"
                            | "questioning"
                            | "profiling"
                    );
                let unknown_noun = started
                    && noun
                    && forms & form::ING != 0
                    && word.verb.as_ref().is_some_and(|v| !v.known)
                    && !words
                        .get(k + 1)
                        .is_some_and(|w| w.is(class::DET | class::POSSESSIVE | class::PRONOUN) || w.mention.is_some());
                // "fired the shot", "the accused": after an article stands no tensed verb.
                let headless = k == i + 1
                    && forms & form::ING == 0
                    && matches!(
                        words[i].lower.as_str(),
                        "the" | "a" | "an" | "his" | "her" | "their" | "its" | "my" | "our"
                    );
                if !(adjective || gerund_noun || unknown_noun || headless) {
                    break;
                }
                noun |= forms & form::ING != 0 || headless && !adjective;
            } else if forms & (form::BASE | form::S) != 0 {
                // "the tribunal put": a past form after a noun is the verb.
                if noun && forms & form::PAST != 0 && word.verb.as_ref().is_some_and(|v| v.known) {
                    break;
                }
                // "prosecutors allege that": a base form after a plural is the verb where a clause or object follows.
                let before = k.checked_sub(1).and_then(|b| words.get(b)).map_or("", |w| w.lower.as_str());
                let plural = before.ends_with('s') && !matches!(before, "'s" | "police's") && before.len() > 3
                    || matches!(before, "both" | "all" | "police");
                let clause_next = words.get(k + 1).is_some_and(|w| {
                    w.is(class::DET | class::POSSESSIVE | class::PRONOUN)
                        || w.lower == "that"
                        || matches!(before, "both" | "all") && w.is(class::PREP)
                });
                // "detectives from a neighbouring force investigate her": no noun ends so.
                let verbal = noun
                    && forms == form::BASE
                    && lower.ends_with("ate")
                    && word.verb.as_ref().is_some_and(|v| v.known);
                if started && (plural || verbal) && forms & form::BASE != 0 && clause_next {
                    break;
                }
                // "police chiefs apologise to", "detectives investigate claims": a base form that is no noun.
                let no_noun = word.verb.as_ref().is_some_and(|v| v.known && !v.noun_like);
                if noun && plural && forms == form::BASE && no_noun && word.shape == Shape::Lower {
                    break;
                }
                // Noun or verb: a noun after a determiner, adjective, number or owner.
                if !started && !word.shape.eq(&Shape::Capitals) {
                    let plural = forms & form::S != 0;
                    let bare_noun = next_is_not_object(words, k);
                    if !(plural || bare_noun) {
                        break;
                    }
                }
                if noun && forms & form::S != 0 && forms & form::BASE == 0 && verb_after_noun(words, k) {
                    break;
                }
                noun = true;
            }
        } else if compound_of_time(lower)
            && words.get(k + 1).is_some_and(|w| w.verb.as_ref().is_some_and(|v| v.forms & form::PART != 0))
        {
            // "a two-year suspended sentence": the participle still waits for its noun.
        } else if lower.ends_with("ly") && k > i && words.get(k + 1).is_some_and(|w| w.forms() & form::PART != 0) {
            // "a legally qualified chair"
        } else if lower == "way" && k > i && opens_clause(words, k + 1) {
            // "the way Kent Police spoke to them"
            return Some((k + 1, neg));
        } else if word.shape == Shape::Number && participle_before_noun(words, k + 1) {
            // "1,400 closed files": the participle still waits for its noun.
        } else {
            noun = true;
        }
        k += 1;
    }
    // A determiner alone may head a phrase: "some", "both", "each", "this".
    if k == i {
        return None;
    }
    if !noun && first.is(class::DET) && k == i + 1 && matches!(first.lower.as_str(), "the" | "a" | "an") {
        return None;
    }
    Some((k, neg))
}

/// Whether what begins at `k` may be the subject of a clause.
fn opens_clause(words: &[Word], k: usize) -> bool {
    words.get(k).is_some_and(|w| {
        w.mention.is_some() || w.is(class::DET | class::POSSESSIVE | class::PRONOUN) || w.nounish() && w.verb.is_none()
    })
}

fn participle_before_noun(words: &[Word], k: usize) -> bool {
    words.get(k).is_some_and(|w| w.forms() & form::PART != 0 && w.forms() & form::BASE == 0)
        && words.get(k + 1).is_some_and(|w| w.nounish() && w.verb.is_none())
}

/// "two-year", "14-month": lengths of time that stand before a noun.
fn compound_of_time(lower: &str) -> bool {
    lower.rsplit_once('-').is_some_and(|(_, unit)| matches!(unit, "year" | "month" | "week" | "day" | "hour"))
}

/// The length of "Police and Crime Commissioner" or "Police, Fire and Crime Commissioner" at `k`.
fn commissioner(words: &[Word], k: usize) -> Option<usize> {
    const SHORT: [&str; 4] = ["police", "and", "crime", "commissioner"];
    const PANEL: [&str; 4] = ["police", "and", "crime", "panel"];
    const PLAN: [&str; 4] = ["police", "and", "crime", "plan"];
    const LONG: [&str; 6] = ["police", ",", "fire", "and", "crime", "commissioner"];
    let at = |model: &[&str]| {
        words
            .get(k..k + model.len())
            .is_some_and(|w| w.iter().zip(model).all(|(a, b)| a.lower == *b || a.lower.strip_suffix('s') == Some(*b)))
    };
    let short = [&SHORT, &PANEL, &PLAN].iter().any(|model| at(&model[..]));
    short.then_some(SHORT.len()).or_else(|| at(&LONG).then_some(LONG.len()))
}

/// Nouns that, after a preposition at the head of a clause, end before the name that acts in it.
const OCCASIONS: &[&str] = &[
    "raid",
    "case",
    "hearing",
    "trial",
    "verdict",
    "verdicts",
    "ruling",
    "meeting",
    "inquest",
    "inquiry",
    "operation",
    "search",
    "chase",
    "pursuit",
    "riot",
    "match",
    "game",
    "incident",
    "attack",
    "statement",
    "letter",
    "report",
    "month",
    "week",
    "year",
    "day",
    "night",
    "morning",
    "decision",
    "interval",
    "interview",
    "arrest",
    "email",
    "post",
];

/// Whether the base form at `k` is likelier a noun than a command.
fn next_is_not_object(words: &[Word], k: usize) -> bool {
    words.get(k + 1).is_none_or(|w| !w.is(class::DET | class::POSSESSIVE | class::PRONOUN))
}

/// Whether the "-s" form at `k`, after a noun, is the verb: it is no noun, or an object, a clause or the end of a tag follows.
fn verb_after_noun(words: &[Word], k: usize) -> bool {
    const SURE: [&str; 11] =
        ["faces", "leads", "leaves", "shows", "probes", "asks", "takes", "makes", "comes", "gives", "goes"];
    let word = |n: usize| words.get(n);
    let Some(verb) = word(k).and_then(|w| w.verb.as_ref()) else { return false };
    // "Four visits that were recorded"
    let before = k.checked_sub(1).and_then(word);
    let counted =
        before.is_some_and(|w| w.shape == Shape::Number || super::super::when::small_number(&w.lower).is_some());
    // "New rules that let them sit took effect", "Further claims were made"
    const PLAIN: &[&str] = &[
        "new", "fresh", "further", "tough", "tougher", "strict", "stricter", "clear", "clearer", "national", "local",
        "similar", "separate", "serious", "internal", "public", "formal", "recent", "future", "old",
    ];
    let described = before.is_some_and(|w| w.mention.is_none() && PLAIN.contains(&w.lower.as_str()));
    if counted || described {
        return false;
    }
    // "Ms Boyd sets out", "Dame Ingrid Hale hopes to": a person's name is the first of no compound.
    let named = before.is_some_and(|w| w.person && w.mention.is_some());
    if verb.known && (!verb.noun_like || named) || SURE.contains(&words[k].lower.as_str()) {
        return true;
    }
    let next = word(k + 1);
    // "…, panel rules", "…, inquest hears": who tells the headline.
    let tag = matches!(verb.lemma.as_ref(), "rule" | "report" | "claim" | "judge" | "find")
        && next.is_none_or(|w| w.lower == ".")
        && words[k].headline
        && (k.saturating_sub(3)..k).any(|b| words[b].lower == ",");
    // "Kent Police names first woman chief", "Met bans officers from": in headlines a name is rarely the first of a compound.
    let after_name = words[k].headline
        && k.checked_sub(1).is_some_and(|b| words[b].mention.is_some() && !words[b].person)
        && words[k].mention.is_none()
        && next.is_some_and(|w| w.nounish() && !w.is(class::DET) && w.forms() & form::PAST == 0 || w.lower == "out");
    tag || after_name
        || next.is_some_and(|w| {
            w.is(class::DET | class::POSSESSIVE | class::PRONOUN)
                || w.lower == "that"
                || w.shape == Shape::Number && !w.time
        })
}
