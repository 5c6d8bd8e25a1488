//! Verb groups: which words tell one verb, and its tense, voice and negation.

use super::*;

/// The verb group at word `i` of a sentence, if one starts there.
pub(in crate::stages::extract::what) fn verb_group(words: &[Word], i: usize, after_subject: bool) -> Option<VerbGroup> {
    let left_out = words.get(i).is_some_and(|w| w.left_out.is_some());
    plain_group(words, i, after_subject || left_out).map(|group| headline::verb_group(words, i, group))
}

/// The verb group at word `i` as its words stand.
fn plain_group(words: &[Word], i: usize, after_subject: bool) -> Option<VerbGroup> {
    let at = |k: usize| words.get(k);
    let first = at(i)?;
    if first.time || first.mention.is_some() && first.verb.is_none() && first.class == 0 {
        return None;
    }
    let mut group = VerbGroup {
        first: i,
        last: i,
        main: i,
        lemma: Arc::default(),
        passive: false,
        perfect: false,
        pluperfect: false,
        progressive: false,
        past: false,
        modal: None,
        neg: false,
        kind: VerbKind::Finite,
    };
    let mut k = i;
    // What the next verb must look like.
    let mut wanted = form::BASE | form::S | form::PAST | form::PART | form::ING;
    let mut helped: Option<(&'static str, usize)> = None;
    if first.lower == "to" {
        // "decided not to charge"
        group.neg = i.checked_sub(1).and_then(|k| words.get(k)).is_some_and(|w| w.lower == "not" || w.lower == "never");
        let mut next = i + 1;
        while at(next).is_some_and(|w| w.is(class::ADV) && w.verb.is_none()) {
            next += 1;
        }
        let follows = at(next)?;
        if follows.forms() & form::BASE == 0 && !matches!(follows.lower.as_str(), "be" | "have" | "do")
            || follows.mention.is_some()
        {
            return None;
        }
        group.kind = VerbKind::Infinitive;
        wanted = form::BASE;
        k = next;
    } else if !first.is(class::MODAL | class::BE | class::HAVE | class::DO | class::NEG) && first.verb.is_none() {
        return None;
    }
    while let Some(word) = at(k) {
        if (word.time || word.lower == ",")
            && helped.is_some()
            && let Some(next) = after_aside(words, k, wanted)
        {
            k = next;
            continue;
        }
        // "had “lost his temper”": the mark parts no group.
        // "would “swap a hearing for a shrug”"
        let bare = |w: &Word| wanted == form::BASE && w.class == 0 && w.verb.as_ref().is_some_and(|v| v.known);
        let goes_on = |w: &Word| {
            w.mention.is_none()
                && (w.forms() & wanted & (form::PART | form::ING) != 0 || bare(w) && w.forms() & wanted != 0)
        };
        if matches!(word.lower.as_str(), "“" | "‘" | "'" | "\"") && helped.is_some() && at(k + 1).is_some_and(goes_on)
        {
            k += 1;
            continue;
        }
        // "has been not only suspended but arrested"
        if helped.is_some()
            && word.lower == "not"
            && at(k + 1).is_some_and(|w| w.lower == "only")
            && at(k + 2).is_some_and(goes_on)
        {
            k += 2;
            continue;
        }
        // "was herself reprimanded", "were each given a warning"
        if helped.is_some()
            && matches!(word.lower.as_str(), "himself" | "herself" | "itself" | "themselves" | "each" | "both")
            && at(k + 1).is_some_and(goes_on)
        {
            k += 1;
            continue;
        }
        // "is going to examine": what is to come.
        if word.lower == "going"
            && matches!(helped, Some(("be", _)))
            && group.modal.is_none()
            && at(k + 1).is_some_and(|w| w.lower == "to")
            && at(k + 2).is_some_and(|w| w.mention.is_none() && (w.forms() & form::BASE != 0 || w.lower == "be"))
        {
            group.modal = Some(if group.past { "would" } else { "will" }.to_owned());
            helped = Some(("modal", k));
            wanted = form::BASE;
            k += 2;
            continue;
        }
        // "was last inspected in 2022"
        if word.lower == "last" && helped.is_some() && at(k + 1).is_some_and(goes_on) {
            k += 1;
            continue;
        }
        // "had on the following day opened"
        if matches!(word.lower.as_str(), "on" | "in")
            && helped.is_some()
            && at(k + 1).is_some_and(|w| w.time)
            && let Some(next) = after_aside(words, k + 1, wanted)
        {
            k = next;
            continue;
        }
        if word.time {
            break;
        }
        let lower = word.lower.as_str();
        if word.is(class::MODAL) && helped.is_none() && group.kind == VerbKind::Finite && wanted != form::BASE {
            let modal = match lower {
                "'ll" => "will",
                "'d" => "would",
                modal => modal,
            };
            group.modal = Some(modal.to_owned());
            if lower == "cannot" {
                group.neg = true;
            }
            helped = Some(("modal", k));
            wanted = form::BASE;
        } else if word.is(class::HAVE) && !matches!(helped, Some(("have" | "be", _))) {
            if lower == "having" {
                group.kind = VerbKind::Ing;
            }
            group.past = lower.starts_with("had") || lower == "'d";
            group.neg |= lower.ends_with("n't");
            helped = Some(("have", k));
            wanted = form::PART;
        } else if lower == "had" && matches!(helped, Some(("have", _))) {
            // "has had her contract terminated"
            group.perfect = true;
            group.pluperfect = group.past;
            group.main = k;
            group.last = k + 1;
            group.lemma = "have".into();
            return Some(group);
        } else if word.is(class::BE) && (helped.is_none_or(|(h, _)| h != "be") || matches!(lower, "been" | "being")) {
            match lower {
                "been" | "be" => {}
                "being" => {
                    if helped.is_none() {
                        group.kind = VerbKind::Ing;
                    } else {
                        group.progressive = true;
                    }
                }
                _ => group.past = lower.starts_with("was") || lower.starts_with("were"),
            }
            if matches!(helped, Some(("have", _))) {
                group.perfect = true;
                group.pluperfect = group.past || group.kind == VerbKind::Ing;
            }
            group.neg |= lower.ends_with("n't");
            helped = Some(("be", k));
            wanted = form::PART | form::ING;
        } else if word.is(class::DO) && helped.is_none() {
            group.past = lower.starts_with("did");
            group.neg |= lower.ends_with("n't");
            helped = Some(("do", k));
            wanted = form::BASE;
        } else if lower == "to" && group.modal.as_deref() == Some("ought") && wanted == form::BASE {
            // "ought to go"
        } else if lower == "no"
            && helped.is_some()
            && at(k + 1).is_some_and(|w| w.lower == "longer")
            && at(k + 2).is_some_and(|w| w.lower == "be")
        {
            // "will no longer be allowed"
            group.neg = true;
            k += 1;
        } else if word.is(class::NEG) {
            group.neg = true;
            // "not X" without a verb after it is no group.
            if helped.is_none() && at(k + 1).is_none_or(|w| w.forms() & (form::PAST | form::PART | form::ING) == 0) {
                return None;
            }
        } else if helped.is_none() && described(words, i) {
            return None;
        } else if let Some(verb) = word.verb.as_ref().filter(|v| v.forms & wanted != 0 && word.mention.is_none()) {
            // "is due", "is under": the predicate after "be" is handled below; a noun after an article is no verb.
            match helped {
                Some(("be", _)) => {
                    if verb.forms & form::PART != 0 {
                        group.passive = true;
                    } else {
                        group.progressive = true;
                    }
                }
                Some(("have", _)) => {
                    group.perfect = true;
                    // "having admitted it": before what the sentence tells.
                    group.pluperfect = group.past || group.kind == VerbKind::Ing;
                }
                Some(_) => {}
                None if group.kind == VerbKind::Infinitive => {}
                None => {
                    let present = after_subject && verb.forms & form::BASE != 0 && verb.forms & form::PAST == 0;
                    if verb.forms & (form::PAST | form::PART) != 0 && !present {
                        group.kind = VerbKind::Bare;
                        group.past = true;
                    } else if verb.forms & form::ING != 0 {
                        group.kind = VerbKind::Ing;
                    } else if !(verb.known && after_subject) {
                        return None;
                    }
                }
            }
            group.main = k;
            group.lemma = verb.lemma.clone();
            group.last = k + 1;
            return Some(group);
        } else if lower == "like" && matches!(helped, Some(("modal", _))) && at(k + 1).is_some_and(|w| w.lower == "to")
        {
            // "would like to apologise"
            group.main = k;
            group.lemma = "like".into();
            group.last = k + 1;
            return Some(group);
        } else if group.modal.is_some()
            && matches!(helped, Some(("modal", _)))
            && word.class == 0
            && word.mention.is_none()
            && word.verb.is_none()
            && word.shape == Shape::Lower
            && word.lower.len() > 3
            && !word.lower.ends_with("ly")
        {
            // "will reconvene": after a modal a word that no list holds is a verb.
            group.main = k;
            group.lemma = word.lower.as_str().into();
            group.last = k + 1;
            return Some(group);
        } else if word.is(class::ADV) && helped.is_some() && word.verb.is_none()
            || lower.ends_with("ly") && helped.is_some() && word.mention.is_none()
        {
            // An adverb inside the group: keep looking.
        } else if helped.is_none() {
            return None;
        } else {
            break;
        }
        k += 1;
    }
    // Only helpers: the last is the main verb. An adverb after it ("yet", "likely") may be the predicate.
    let (help, at_help) = helped?;
    group.main = at_help;
    group.last = at_help + 1;
    if help == "modal" {
        return None;
    }
    while at(group.last).is_some_and(|w| w.is(class::NEG)) {
        group.last += 1;
    }
    group.lemma = help.into();
    if matches!(help, "be" | "have") {
        let mut next = group.last;
        while at(next).is_some_and(|w| w.is(class::ADV) && !matches!(w.lower.as_str(), "yet")) {
            next += 1;
        }
        let word = at(next);
        if help == "be"
            && let Some(predicate) = word.filter(|w| w.is(class::PREDICATE))
        {
            group.main = next;
            group.last = next + 1;
            group.lemma = predicate.lower.as_str().into();
        } else if word.is_some_and(|w| w.lower == "yet") && at(next + 1).is_some_and(|w| w.lower == "to") {
            group.main = next;
            group.last = next + 1;
            group.lemma = "yet".into();
        } else if word.is_some_and(|w| w.lower == "to") && next == group.last {
            // "is to pay": fixed for the future. "has to pay": must.
            let inner = verb_group(words, next, false).filter(|v| v.kind == VerbKind::Infinitive)?;
            let modal = if help == "be" { "to" } else { "must" };
            return Some(VerbGroup {
                first: i,
                kind: group.kind,
                modal: Some(group.modal.unwrap_or_else(|| modal.to_owned())),
                neg: group.neg || inner.neg,
                past: group.past,
                ..inner
            });
        }
    }
    Some(group)
}

/// Where a group goes on after a time or an aside within it: "has today laid", "has not, so far, lost".
fn after_aside(words: &[Word], k: usize, wanted: u8) -> Option<usize> {
    let fits = |j: usize| {
        words.get(j).is_some_and(|w| {
            w.mention.is_none()
                && !w.time
                && (w.is(class::BE) && w.lower == "been"
                    || w.verb
                        .as_ref()
                        .is_some_and(|v| v.forms & wanted & (form::PART | form::ING) != 0 && v.forms & form::BASE == 0))
        })
    };
    if words.get(k)?.time {
        let next = (k..words.len().min(k + 5)).find(|&j| !words[j].time)?;
        return fits(next).then_some(next);
    }
    // Only adverbs and short phrases stand between the commas.
    let close = (k + 2..words.len().min(k + 6)).find(|&j| words[j].lower == ",")?;
    let bare = (k + 1..close).all(|j| {
        let word = &words[j];
        word.mention.is_none()
            && word.verb.is_none()
            && !word.is(class::RELATIVE | class::SUB | class::PRONOUN | class::CONJ)
            || word.is(class::ADV)
            || matches!(word.lower.as_str(), "so")
    });
    (bare && fits(close + 1)).then_some(close + 1)
}

/// Whether the bare form at word `i` tells what the person before the comma is: "Hilary Orr, police staff", "Lee Hale, chair of".
fn described(words: &[Word], i: usize) -> bool {
    let Some(word) = words.get(i).filter(|w| w.shape == Shape::Lower) else { return false };
    let bare = word.forms() & form::BASE != 0 && word.forms() & (form::PAST | form::PART | form::S | form::ING) == 0;
    let comma = i.checked_sub(1).is_some_and(|k| words[k].lower == ",");
    let person = i.checked_sub(2).is_some_and(|k| words[k].person);
    let noun =
        words.get(i + 1).is_some_and(|w| w.lower == "of" || w.lower == "for" || w.class == 0 && w.mention.is_none());
    bare && comma && person && noun
}
