//! Factuality: a fold over the clauses that embed an event.

use super::clauses::{Clause, Link, Parsed};
use super::frames::{Effect, Factuality};
use super::words::VerbKind;

/// What the text makes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// It happened.
    Asserted,
    /// It is to come.
    Planned,
    /// It did not happen.
    Denied,
    /// It would have been.
    Unreal,
    /// Someone says so.
    Claimed,
    /// It is asked for.
    Wanted,
    /// It is open.
    Open,
}

impl Fact {
    /// Why it could not be told, for people.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Asserted | Self::Planned => "told as a fact",
            Self::Denied => "told as not having happened",
            Self::Unreal => "told as what would have been",
            Self::Claimed => "only claimed",
            Self::Wanted => "only called for",
            Self::Open => "open, or only possible",
        }
    }
}

/// Verbs after which "would" tells a hope, not what is to come.
const HOPE: &[&str] =
    &["hope", "wish", "think", "believe", "fear", "suggest", "argue", "warn", "claim", "joke", "expect"];

/// Whether an infinitive hangs on the noun of what was decided: "the decision to charge him".
pub(super) fn settled(parsed: &Parsed, clause: &Clause) -> bool {
    clause.link == Link::To
        && clause
            .first
            .checked_sub(1)
            .and_then(|k| parsed.words.get(k))
            .is_some_and(|w| matches!(w.lower.as_str(), "decision" | "decisions"))
}

/// Whether `inner` tells what those who may decide have decided: "the CPS decided to charge him".
fn decided(inner: &Clause, outer: &Clause, rules: &Factuality) -> bool {
    inner.verb.as_ref().is_some_and(|v| !v.passive && rules.decided(&v.lemma))
        && outer.verb.as_ref().is_some_and(|v| rules.decides(&v.lemma))
}

/// "We can now confirm that", "The Herald can reveal": said by saying so.
fn performs(verb: &super::words::VerbGroup) -> bool {
    verb.modal.as_deref() == Some("can")
        && !verb.neg
        && matches!(verb.lemma.as_ref(), "confirm" | "reveal" | "announce" | "report" | "disclose")
}

/// "The hearing, which was due to open in April, has been put off": what was to be then was not.
fn put_off(parsed: &Parsed, clause: &Clause) -> bool {
    const DEFERS: &[&str] =
        &["put", "postpone", "adjourn", "delay", "cancel", "scrap", "vacate", "shelve", "move", "defer", "push"];
    let was_to_be = clause
        .verb
        .as_ref()
        .is_some_and(|v| v.past && matches!(v.lemma.as_ref(), "due" | "set" | "schedule" | "expect" | "plan"));
    was_to_be
        && clause.link == Link::Relative
        && clause
            .parent
            .and_then(|p| parsed.clauses[p].verb.as_ref())
            .is_some_and(|v| v.passive && DEFERS.contains(&v.lemma.as_ref()))
}

/// Whether the clause is what somebody learned he or she must do: "learned that they must face a panel".
fn imposed(parsed: &Parsed, clause: &Clause) -> bool {
    clause.link == Link::That
        && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            (matches!(v.lemma.as_ref(), "learn" | "hear" | "rule" | "decide" | "order" | "direct")
                || v.passive && matches!(v.lemma.as_ref(), "tell" | "inform" | "notify"))
                && !v.neg
                && v.modal.is_none()
        })
}

/// The clauses from `id` outwards.
fn chain(parsed: &Parsed, id: usize) -> Vec<usize> {
    let mut out = vec![id];
    let mut at = id;
    while let Some(up) = parsed.clauses[at].parent {
        out.push(up);
        at = up;
        if out.len() > 60 {
            break;
        }
    }
    out
}

/// Whether the subject denies: "no officer", "neither".
fn negative_subject(parsed: &Parsed, clause: &Clause) -> bool {
    clause.subject.first().and_then(|&p| parsed.phrases.get(p)).is_some_and(|p| p.neg)
}

/// Folds the embedding clauses over the event of clause `id`.
pub(super) fn fold(parsed: &Parsed, id: usize, rules: &Factuality) -> Fact {
    let clause = &parsed.clauses[id];
    let Some(verb) = clause.verb.as_ref() else { return Fact::Asserted };
    // "would have been dismissed had he not retired": he did retire.
    let opener = clause.subject.first().and_then(|&p| parsed.phrases.get(p)).and_then(|p| p.first.checked_sub(1));
    let opens = opener.and_then(|k| parsed.words.get(k)).map_or("", |w| w.lower.as_str());
    let contrary = verb.neg
        && clause.quote.is_none()
        && (opens == "had" || opens == "if" && verb.pluperfect)
        && parsed.clauses.iter().any(|c| {
            c.verb.as_ref().is_some_and(|v| v.perfect && v.modal.as_deref().is_some_and(|m| rules.modal_unreal(m)))
        });
    if contrary {
        return Fact::Asserted;
    }
    let mut negated = verb.neg != negative_subject(parsed, clause);
    let mut fact = Fact::Asserted;
    let rank = |fact: Fact| match fact {
        Fact::Asserted => 0,
        Fact::Planned => 1,
        Fact::Denied | Fact::Claimed | Fact::Wanted | Fact::Open | Fact::Unreal => 2,
    };
    let worsen = |fact: &mut Fact, by: Fact| {
        if rank(by) > rank(*fact) {
            *fact = by;
        }
    };
    if verb.pluperfect && matches!(verb.lemma.as_ref(), "due" | "set" | "schedule") {
        worsen(&mut fact, Fact::Unreal);
    }
    // "was to have begun in October": it did not.
    if put_off(parsed, clause) || verb.modal.as_deref() == Some("to") && verb.past && verb.perfect {
        worsen(&mut fact, Fact::Unreal);
    }
    if let Some(modal) = verb.modal.as_deref() {
        // "decided that he should not be charged": what is decided so is so.
        let decided = modal == "should"
            && clause.link == Link::That
            && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
                matches!(v.lemma.as_ref(), "decide" | "rule" | "direct" | "order" | "determine") && !v.neg
            });
        if decided || performs(verb) {
        } else if modal == "must" && !verb.neg && imposed(parsed, clause) {
            worsen(&mut fact, Fact::Planned);
        } else if rules.modal_doubts(modal) {
            worsen(&mut fact, Fact::Open);
        } else if rules.modal_unreal(modal) {
            let said = clause
                .parent
                .filter(|_| clause.link == Link::That)
                .and_then(|p| parsed.clauses[p].verb.as_ref())
                .is_some_and(|v| {
                    let told = v.past || v.kind != VerbKind::Finite || v.perfect;
                    told && v.modal.is_none() && !HOPE.contains(&v.lemma.as_ref())
                });
            if verb.neg && !verb.perfect && clause.link == Link::Main {
                // "would not let him": refused.
            } else {
                worsen(&mut fact, if said && !verb.perfect { Fact::Planned } else { Fact::Unreal });
            }
        } else if rules.modal_plans(modal) {
            worsen(&mut fact, Fact::Planned);
        }
    }
    let path = chain(parsed, id);
    for window in path.windows(2) {
        let (inner, outer) = (&parsed.clauses[window[0]], &parsed.clauses[window[1]]);
        let link = match &inner.link {
            Link::To if settled(parsed, inner) => break,
            Link::To if decided(inner, outer, rules) => {
                // "decided not to charge" is itself an outcome; "has not decided to charge" is none.
                if outer.verb.as_ref().is_some_and(|v| v.neg || v.modal.is_some()) {
                    worsen(&mut fact, Fact::Open);
                }
                break;
            }
            Link::To => {
                // "too ill to be put on trial": he was not.
                let back = |n: usize| inner.first.checked_sub(n).and_then(|k| parsed.words.get(k));
                if back(2).is_some_and(|w| w.lower == "too") && back(1).is_some_and(|w| w.verb.is_none()) {
                    negated = !negated;
                }
                // "an ultimatum to quit", "pressure to resign": as the noun makes it.
                let noun = inner.first.checked_sub(1).and_then(|k| parsed.words.get(k));
                match noun.and_then(|w| rules.effect(&w.lower, "purpose")) {
                    Some(Effect::Negate) => negated = !negated,
                    Some(_) => worsen(&mut fact, Fact::Open),
                    None => {}
                }
                "to"
            }
            Link::That => "that",
            Link::Ing(without) if without == "without" => {
                // "ended without finding a case to answer"
                negated = !negated;
                "ing"
            }
            Link::Ing(prep) => {
                // "the thought of stepping down": nobody has.
                let of = inner.first.checked_sub(1).filter(|_| prep == "of");
                let noun = of.and_then(|k| k.checked_sub(1)).and_then(|k| parsed.words.get(k));
                if noun.is_some_and(|w| rules.effect(&w.lower, "noun").is_some()) {
                    worsen(&mut fact, Fact::Open);
                }
                "ing"
            }
            Link::Adverbial(word) => {
                if rules.opens_condition(word) {
                    worsen(&mut fact, Fact::Open);
                }
                // "must ask an inspector before a child is searched": whenever one is.
                let present = inner
                    .verb
                    .as_ref()
                    .is_some_and(|v| v.kind == VerbKind::Finite && !v.past && !v.perfect && v.modal.is_none());
                let anybody = inner.subject.first().is_some_and(|&p| {
                    let first = parsed.phrases[p].first;
                    matches!(parsed.words[first].lower.as_str(), "a" | "an" | "any" | "anyone" | "every" | "each")
                });
                if present && anybody && matches!(word.as_str(), "before" | "whenever" | "until") {
                    worsen(&mut fact, Fact::Open);
                }
                // What merely stands beside the event does not change it.
                break;
            }
            Link::Relative => {
                // "the suggestion that corners were cut", "a direction that she face a hearing": as the noun makes it.
                match content(parsed, inner).and_then(|noun| rules.effect(noun, "content")) {
                    Some(Effect::Negate) => negated = !negated,
                    Some(Effect::Claim) => worsen(&mut fact, Fact::Claimed),
                    Some(Effect::Want) => worsen(&mut fact, Fact::Wanted),
                    Some(Effect::Plan) => worsen(&mut fact, Fact::Planned),
                    Some(Effect::Doubt) => worsen(&mut fact, Fact::Open),
                    None => {}
                }
                break;
            }
            // "could see the officer dismissed", "wants him sacked": what the verb makes of its object.
            Link::Participle if completes(inner, outer) => "to",
            Link::Participle | Link::Main => break,
        };
        let Some(verb) = outer.verb.as_ref() else { continue };
        // "needed four hours to clear him": it was done; "I stand before you to say": nobody stands to gain.
        // "would like to apologise": said by saying so.
        let says = inner.verb.as_ref().is_some_and(|v| {
            matches!(
                v.lemma.as_ref(),
                "apologise" | "apologize" | "say" | "offer" | "express" | "thank" | "extend" | "pass"
            )
        });
        let polite = verb.lemma.as_ref() == "like" && verb.modal.as_deref() == Some("would") && !verb.neg && says;
        if polite {
            break;
        }
        let spent = verb.lemma.as_ref() == "need" && !outer.object.is_empty()
            || verb.lemma.as_ref() == "stand" && verb.last != inner.first;
        match rules.effect(&verb.lemma, link).filter(|_| !spent) {
            Some(Effect::Negate) => negated = !negated,
            Some(Effect::Claim) => worsen(&mut fact, Fact::Claimed),
            Some(Effect::Want) => worsen(&mut fact, Fact::Wanted),
            Some(Effect::Plan) => worsen(&mut fact, Fact::Planned),
            Some(Effect::Doubt) => worsen(&mut fact, Fact::Open),
            None => {}
        }
        if put_off(parsed, outer) {
            worsen(&mut fact, Fact::Unreal);
        }
        // "was due to take charge but pulled out": nor did this come.
        let but = verb.past
            && matches!(verb.lemma.as_ref(), "due" | "set" | "plan" | "schedule" | "expect" | "hope")
            && parsed.words.get(verb.last..).unwrap_or(&[]).iter().any(|w| w.lower == "but");
        if but {
            worsen(&mut fact, Fact::Unreal);
        }
        // "It is the first time in 30 years that an officer has been convicted": of what was told already.
        let first_time = verb.lemma.as_ref() == "be"
            && matches!(inner.link, Link::That | Link::Relative)
            && outer.object.iter().any(|&p| {
                let np = &parsed.phrases[p];
                parsed.words[np.first..np.last].iter().any(|w| w.lower == "time")
            });
        if first_time {
            worsen(&mut fact, Fact::Open);
        }
        // "had been due to face a hearing": it came otherwise.
        if verb.pluperfect && matches!(verb.lemma.as_ref(), "due" | "set" | "plan" | "schedule" | "expect" | "hope") {
            worsen(&mut fact, Fact::Unreal);
        }
        // "No officer was found to have lied": one subject denies once.
        let shared = inner.inherited && inner.subject.first() == outer.subject.first();
        let outer_neg = verb.neg != (negative_subject(parsed, outer) && !shared);
        if outer_neg && matches!(inner.link, Link::To | Link::Ing(_)) {
            negated = !negated;
        } else if outer_neg {
            worsen(&mut fact, Fact::Open);
        }
        if let Some(modal) = verb.modal.as_deref()
            && (rules.modal_doubts(modal) || rules.modal_unreal(modal))
            && !performs(verb)
        {
            worsen(&mut fact, Fact::Open);
        }
    }
    if let Some(Link::Adverbial(word)) = path.first().map(|&c| &parsed.clauses[c].link)
        && rules.opens_condition(word)
    {
        worsen(&mut fact, Fact::Open);
    }
    // A condition beside it: "if he does, he will be sacked".
    let conditional = parsed.clauses.iter().any(|c| {
        c.parent.is_some_and(|p| path.contains(&p))
            && matches!(&c.link, Link::Adverbial(word) if rules.opens_condition(word) && word != "whether")
    });
    if conditional && fact == Fact::Planned {
        fact = Fact::Open;
    }
    if question(parsed) && clause.quote.is_none() {
        worsen(&mut fact, Fact::Open);
    }
    if negated && rank(fact) < 2 {
        return Fact::Denied;
    }
    fact
}

/// Whether the participle `inner` is what `outer` sees, has or wants done to its object.
fn completes(inner: &Clause, outer: &Clause) -> bool {
    const MAKES: &[&str] = &["see", "have", "want", "get", "need", "leave", "keep", "prefer", "like", "find", "demand"];
    outer.verb.as_ref().is_some_and(|v| !v.passive && MAKES.contains(&v.lemma.as_ref()))
        && inner.verb.as_ref().is_some_and(|v| v.passive)
        && inner.antecedent.is_some_and(|p| outer.object.contains(&p))
}

/// The noun whose content the clause tells, if it is no relative: "the claim that he had lied".
fn content<'a>(parsed: &'a Parsed, clause: &Clause) -> Option<&'a str> {
    let opens = parsed.words.get(clause.first).is_some_and(|w| w.lower == "that");
    let antecedent = clause.antecedent?;
    let own = clause.subject.first().is_some_and(|&p| p != antecedent);
    // "the claim that she lodged": what is lodged is the claim itself.
    const TAKES: &[&str] = &[
        "lodge", "make", "bring", "file", "submit", "withdraw", "drop", "pursue", "win", "lose", "settle", "raise",
        "level", "face", "give", "issue", "receive", "reject", "uphold", "ignore", "send", "have", "put",
    ];
    let verb = clause.verb.as_ref()?;
    if !verb.passive && clause.object.is_empty() && TAKES.contains(&verb.lemma.as_ref()) {
        return None;
    }
    let head = parsed.phrases.get(antecedent)?.last.checked_sub(1)?;
    (opens && own).then(|| parsed.words.get(head).map(|w| w.lower.as_str())).flatten()
}

/// Whether clause `id` tells what a court or panel was told: "A sergeant punched a boy, a court heard", "The court heard that he
/// had hurt her by pulling her hair".
pub(super) fn heard(parsed: &Parsed, id: usize) -> bool {
    const ROOM: &[&str] =
        &["court", "jury", "jurors", "hearing", "panel", "tribunal", "inquest", "inquiry", "magistrates", "trial"];
    let hears = |c: &Clause| {
        let told = c.verb.as_ref().is_some_and(|v| {
            (v.lemma.as_ref() == "hear" && !v.passive || v.lemma.as_ref() == "tell" && v.passive)
                && !v.neg
                && v.modal.is_none()
        });
        let room = c.subject.first().is_some_and(|&p| {
            let np = &parsed.phrases[p];
            parsed.words[np.first..np.last].iter().any(|w| ROOM.contains(&w.lower.as_str()))
        });
        told && room
    };
    // The tag stands last, after a comma, and nothing hangs on it.
    let tag = |(k, c): (usize, &Clause)| {
        k > id
            && c.link == Link::Main
            && c.object.is_empty()
            && c.first.checked_sub(1).is_some_and(|b| parsed.words[b].lower == ",")
            && parsed.clauses.iter().all(|o| o.parent != Some(k))
            && hears(c)
    };
    // How it was done, of what was heard.
    let manner = matches!(parsed.clauses[id].link, Link::Ing(_))
        && chain(parsed, id)
            .windows(2)
            .any(|w| parsed.clauses[w[0]].link == Link::That && hears(&parsed.clauses[w[1]]));
    manner || parsed.clauses.iter().enumerate().any(tag)
}

/// Whether the sentence asks.
pub(super) fn question(parsed: &Parsed) -> bool {
    parsed.words.last().is_some_and(|w| w.lower == "?") || parsed.words.iter().rev().take(2).any(|w| w.lower == "?")
}
