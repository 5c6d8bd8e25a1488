//! The act behind an outcome: what the one who was convicted, sacked or found against had done.

use super::clauses::Link;
use super::events::{self, Finding};
use super::fact::{self, Fact};
use super::frames::Frames;
use super::gates::{self, Scene, lowers};
use super::words::VerbKind;
use crate::domain::{DevelopmentType as T, EventStage, PartialDate};

/// Verbs that tell no act.
const NO_ACT: &[&str] = &[
    "be",
    "have",
    "do",
    "serve",
    "join",
    "work",
    "become",
    "deny",
    "admit",
    "say",
    "face",
    "resign",
    "retire",
    "receive",
    "get",
    "appear",
    "hear",
    "give",
    "deserve",
    "breach",
    "commit",
    "show",
    "tell",
    "claim",
    "leave",
    "plead",
    "want",
    "run",
    "lead",
    "know",
    "live",
    "sit",
    "attend",
    "quit",
    "win",
    "lose",
    "appeal",
    "ask",
    "take",
    "fail",
    "go",
    "stand",
    "survive",
    "apologise",
    "argue",
    "insist",
    "remain",
    "begin",
    "start",
    "carry",
    "fall",
    "need",
];

/// Verbs of what somebody does in the proceedings, not of what they are about.
const PROCESS: &[&str] = &[
    "accept",
    "acknowledge",
    "add",
    "agree",
    "announce",
    "answer",
    "become",
    "begin",
    "believe",
    "blame",
    "bring",
    "call",
    "celebrate",
    "challenge",
    "change",
    "complete",
    "contest",
    "cry",
    "decline",
    "describe",
    "do",
    "earn",
    "enter",
    "explain",
    "express",
    "feel",
    "find",
    "finish",
    "follow",
    "hear",
    "hold",
    "hope",
    "hug",
    "issue",
    "keep",
    "launch",
    "lodge",
    "love",
    "maintain",
    "make",
    "marry",
    "mean",
    "meet",
    "move",
    "offer",
    "pay",
    "pursue",
    "read",
    "refuse",
    "regret",
    "represent",
    "return",
    "see",
    "seek",
    "sign",
    "spend",
    "submit",
    "sue",
    "suffer",
    "swear",
    "tender",
    "thank",
    "think",
    "train",
    "wait",
    "walk",
    "wear",
    "weep",
    "withdraw",
    "write",
];

/// The acts behind outcomes: "A sergeant who sold files was jailed", "sacked for inventing a visit".
pub(super) fn acts(scene: &Scene<'_>, frames: &Frames, findings: &[Finding]) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    let told_already: std::collections::BTreeSet<(usize, usize)> =
        findings.iter().map(|f| (f.sentence, f.clause)).collect();
    for f in findings {
        let settled = f.fact == Fact::Asserted
            && matches!(f.kind, T::Dismissal | T::MisconductFinding | T::Sentence | T::Conviction | T::Plea);
        let parsed = &scene.parsed[f.sentence];
        // "An officer who sold files was jailed": whoever he is.
        let would = parsed.clauses[f.clause].verb.as_ref().is_some_and(|v| v.modal.is_some());
        let nameless = !would && f.who.is_empty() && matches!(&f.unnamed[..], [u] if u.police && !u.plural);
        if nameless && settled {
            let told = parsed.clauses.iter().enumerate().find(|(_, c)| {
                c.link == Link::Relative
                    && c.antecedent.is_some()
                    && c.antecedent == parsed.clauses[f.clause].subject.first().copied()
                    && c.subject.first().copied() == c.antecedent
                    && c.quote.is_none()
                    && (!c.object.is_empty() || !c.after.is_empty())
                    && c.verb.as_ref().is_some_and(|v| {
                        v.past
                            && !v.passive
                            && !v.neg
                            && !v.progressive
                            && v.modal.is_none()
                            && v.kind == VerbKind::Finite
                            && !NO_ACT.contains(&v.lemma.as_ref())
                            && !PROCESS.contains(&v.lemma.as_ref())
                            && !matches!(v.lemma.as_ref(), "send" | "exchange" | "post" | "message")
                    })
            });
            if let Some((id, _)) = told.filter(|(id, _)| {
                !told_already.contains(&(f.sentence, *id)) && fact::fold(parsed, *id, &frames.fact) == Fact::Asserted
            }) {
                let date = events::date_of(scene, f.sentence, id, false, None).map(|d| d.0);
                let mut act = act(f, id, date);
                act.aside = true;
                act.main = false;
                out.push(act);
            }
            continue;
        }
        let [who] = f.who[..] else { continue };
        if !settled || !scene.cast.people[who].police {
            continue;
        }
        if f.object_subject && f.kind == T::MisconductFinding {
            // "A relationship with a witness was found to be gross misconduct."
            out.push(act(f, f.clause, None));
            continue;
        }
        for (id, clause) in parsed.clauses.iter().enumerate() {
            let Some(verb) = clause.verb.as_ref() else { continue };
            if verb.passive
                || verb.neg
                || verb.modal.is_some()
                || NO_ACT.contains(&verb.lemma.as_ref())
                || clause.quote.is_some()
            {
                continue;
            }
            let subject = clause.subject.first().map(|&p| scene.cast.party(f.sentence, p)).unwrap_or_default();
            if !subject.people.contains(&who) {
                continue;
            }
            // "sacked for lying by a panel on Monday": to nobody, and about nothing.
            let upon = |&&p: &&usize| {
                let prep = parsed.phrases[p].prep.map_or("", |k| parsed.words[k].lower.as_str());
                !matches!(prep, "by" | "at" | "after" | "following")
            };
            let object = !clause.object.is_empty() || clause.after.iter().find(upon).is_some();
            let told = match &clause.link {
                Link::Relative => {
                    object && !verb.progressive && verb.kind == VerbKind::Finite && verb.past && clause.parent.is_some()
                }
                Link::Ing(prep) => {
                    object
                        && touches_somebody(scene, f.sentence, clause)
                        && matches!(prep.as_str(), "for" | "in")
                        && matches!(f.kind, T::Dismissal | T::MisconductFinding)
                        && super::events::descends(parsed, id, f.clause)
                }
                Link::That => {
                    object
                        && verb.pluperfect
                        && matches!(f.kind, T::MisconductFinding)
                        && super::events::descends(parsed, id, f.clause)
                }
                _ => false,
            };
            if !told || told_already.contains(&(f.sentence, id)) {
                continue;
            }
            let fact = fact::fold(parsed, id, &frames.fact);
            if fact != Fact::Asserted {
                continue;
            }
            let date = events::date_of(scene, f.sentence, id, false, None).or_else(|| {
                parsed
                    .clauses
                    .iter()
                    .enumerate()
                    .find(|(_, c)| c.parent == Some(id) && matches!(c.link, Link::Adverbial(_)))
                    .and_then(|(k, _)| events::date_of(scene, f.sentence, k, false, None))
            });
            out.push(act(f, id, date.map(|d| d.0)));
        }
    }
    // "He hauled the man across the floor": the act of one who was convicted, sacked or found against, told elsewhere.
    let mut told: Vec<usize> =
        findings.iter().chain(&out).filter(|f| f.kind == T::Incident).flat_map(|f| f.who.clone()).collect();
    for f in findings {
        let settled = f.fact == Fact::Asserted
            && !f.quoted
            && (matches!(f.kind, T::Dismissal | T::MisconductFinding | T::Sentence | T::Conviction)
                || f.kind == T::Plea
                    && f.rule != "frame.plea.deny"
                    && !f.words.contains("not guilty")
                    && (f.words.contains("guilty") || f.rule == "frame.plea.admit"));
        if !settled {
            continue;
        }
        for &who in &f.who {
            if told.contains(&who) || !scene.cast.people[who].police {
                continue;
            }
            told.push(who);
            if let Some((s, id)) = deed(scene, frames, who, &told_already) {
                let date = events::date_of(scene, s, id, false, None).map(|d| d.0);
                let mut act = act(f, id, date);
                act.sentence = s;
                act.who = vec![who];
                act.body.clear();
                "act.told".clone_into(&mut act.rule);
                out.push(act);
            }
        }
    }
    // What a watchdog or panel found that an officer had done.
    for (s, parsed) in scene.parsed.iter().enumerate() {
        for (id, clause) in parsed.clauses.iter().enumerate() {
            let Some(verb) = clause.verb.as_ref() else { continue };
            let Link::Ing(prep) = &clause.link else { continue };
            if prep != "in" || clause.object.is_empty() || NO_ACT.contains(&verb.lemma.as_ref()) {
                continue;
            }
            let Some(up) = clause.parent else { continue };
            let found = parsed.clauses[up].link == Link::That
                && parsed.clauses[up]
                    .parent
                    .and_then(|p| parsed.clauses[p].verb.as_ref())
                    .is_some_and(|v| v.lemma.as_ref() == "find" && !v.neg);
            if !found || out.iter().any(|o| o.sentence == s) {
                continue;
            }
            let people = clause.subject.first().map(|&p| scene.cast.party(s, p).people).unwrap_or_default();
            let [who] = people[..] else { continue };
            if !scene.cast.people[who].police && !scene.cast.people[who].watched {
                continue;
            }
            let mut f = Finding::blank(T::Incident, s, id);
            f.who = vec![who];
            f.vote = -5;
            f.rule = "act.found".to_owned();
            gates::bodies(scene, &mut f, s);
            out.push(f);
        }
    }
    for f in &mut out {
        let s = f.sentence;
        gates::bodies(scene, f, s);
    }
    out
}

/// Whether what is done concerns a person outside the police: "inventing a visit to a missing man's home", not "lying about
/// overtime".
fn touches_somebody(scene: &Scene<'_>, s: usize, clause: &super::clauses::Clause) -> bool {
    const SOMEBODY: &[&str] = &[
        "man",
        "men",
        "woman",
        "women",
        "girl",
        "girls",
        "boy",
        "boys",
        "child",
        "children",
        "victim",
        "victims",
        "teenager",
        "teenagers",
        "widow",
        "family",
        "mother",
        "father",
        "girlfriend",
        "boyfriend",
        "wife",
        "husband",
        "partner",
        "colleague",
        "colleagues",
        "prisoner",
        "detainee",
        "neighbour",
        "pensioner",
        "student",
        "schoolgirl",
        "witness",
    ];
    let words = lowers(&scene.parsed[s]);
    clause.object.iter().chain(&clause.after).any(|&p| {
        let np = &scene.parsed[s].phrases[p];
        words.get(np.first..np.last).unwrap_or(&[]).iter().any(|w| SOMEBODY.contains(w))
            || scene.cast.party(s, p).people.iter().any(|&w| !scene.cast.people[w].police)
    })
}

/// The clause that tells as a fact what `who` did to somebody or with something.
fn deed(
    scene: &Scene<'_>,
    frames: &Frames,
    who: usize,
    told: &std::collections::BTreeSet<(usize, usize)>,
) -> Option<(usize, usize)> {
    let mut best: Option<(i32, usize, usize)> = None;
    for (s, parsed) in scene.parsed.iter().enumerate() {
        for (id, clause) in parsed.clauses.iter().enumerate() {
            let Some(verb) = clause.verb.as_ref() else { continue };
            let plain = !verb.passive
                && !verb.neg
                && verb.modal.is_none()
                && verb.past
                && verb.kind == VerbKind::Finite
                && !clause.object.is_empty()
                && clause.quote.is_none()
                && (!NO_ACT.contains(&verb.lemma.as_ref()) || verb.lemma.as_ref() == "take" && sum(scene, s, clause))
                && (!PROCESS.contains(&verb.lemma.as_ref()) || scene.standing.misdeed(&verb.lemma))
                && !told.contains(&(s, id));
            if !plain || !matches!(clause.link, Link::Main | Link::Relative | Link::That | Link::Adverbial(_)) {
                continue;
            }
            let subject = clause.subject.first().map(|&p| scene.cast.party(s, p).people).unwrap_or_default();
            if subject != [who] || fact::fold(parsed, id, &frames.fact) != Fact::Asserted {
                continue;
            }
            // Another person as the object, or a relative clause, tells an act rather than a life.
            let victim = clause.object.iter().chain(&clause.after).any(|&p| {
                let party = scene.cast.party(s, p);
                party.people.iter().any(|w| *w != who) || party.unnamed.is_some_and(|u| !u.police)
            });
            // So does what is a wrong by its own name, or done to money.
            let wrong = scene.standing.misdeed(&verb.lemma) || sum(scene, s, clause);
            let score = i32::from(victim) * 2
                + i32::from(clause.link != Link::Main)
                + i32::from(verb.pluperfect)
                + i32::from(wrong) * 2;
            if score > 0 && best.is_none_or(|(b, ..)| score > b) {
                best = Some((score, s, id));
            }
        }
    }
    best.map(|(_, s, id)| (s, id))
}

/// Whether the object of `clause` is a sum of money taken from somebody or somewhere.
fn sum(scene: &Scene<'_>, s: usize, clause: &super::clauses::Clause) -> bool {
    let parsed = &scene.parsed[s];
    let money = clause.object.iter().take(1).any(|&p| {
        let np = &parsed.phrases[p];
        parsed
            .words
            .get(np.first..np.last)
            .unwrap_or(&[])
            .iter()
            .any(|w| w.lower.starts_with(['£', '€', '$']) || w.lower == "cash")
    });
    let from = clause.after.iter().any(|&p| parsed.phrases[p].prep.is_some_and(|k| parsed.words[k].lower == "from"));
    money && from
}

fn act(of: &Finding, clause: usize, date: Option<PartialDate>) -> Finding {
    Finding {
        kind: T::Incident,
        date,
        stage: EventStage::Done,
        rule: "act.outcome".to_owned(),
        vote: -5,
        clause,
        listed: false,
        unnamed: Vec::new(),
        body: of.body.clone(),
        ..of.clone()
    }
}

/// What those found guilty did to whom: "footage in which he hauled Mr Orr across the floor".
pub(super) fn harms(scene: &Scene<'_>, findings: &[Finding]) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    let guilty: std::collections::BTreeSet<usize> = findings
        .iter()
        .filter(|f| f.fact == Fact::Asserted)
        .filter(|f| matches!(f.kind, T::Conviction | T::Sentence | T::Dismissal | T::MisconductFinding))
        .flat_map(|f| f.who.iter().copied())
        .filter(|&w| scene.cast.people[w].police)
        .collect();
    if guilty.is_empty() || scene.elsewhere {
        return out;
    }
    for (s, parsed) in scene.parsed.iter().enumerate() {
        // What is claimed, denied or charged is not told as a fact.
        let claimed = lowers(parsed).iter().any(|w| {
            matches!(
                *w,
                "alleged" | "allegedly" | "claimed" | "denied" | "denies" | "accused" | "prosecutors" | "charged"
            )
        });
        if claimed {
            continue;
        }
        for (id, clause) in parsed.clauses.iter().enumerate() {
            let Some(verb) = clause.verb.as_ref() else { continue };
            let told = scene.standing.harms(&verb.lemma)
                && !verb.passive
                && !verb.neg
                && verb.modal.is_none()
                && verb.past
                && verb.kind == VerbKind::Finite
                && clause.quote.is_none();
            let (Some(&subject), Some(&object)) = (clause.subject.first(), clause.object.first()) else { continue };
            let doer = scene.cast.party(s, subject).people.into_iter().find(|w| guilty.contains(w));
            let victims: Vec<usize> =
                scene.cast.party(s, object).people.into_iter().filter(|&w| !scene.cast.people[w].police).collect();
            let (true, Some(doer), false) = (told, doer, victims.is_empty()) else { continue };
            let known = findings.iter().chain(&out).any(|f| f.kind == T::Incident && f.who.contains(&doer));
            if known {
                continue;
            }
            let mut f = Finding::blank(T::Incident, s, id);
            f.who = vec![doer];
            f.about = victims;
            f.date = events::date_of(scene, s, id, false, None).map(|d| d.0);
            f.vote = -5;
            f.aside = true;
            f.main = false;
            f.rule = "act.harm".to_owned();
            gates::bodies(scene, &mut f, s);
            out.push(f);
        }
    }
    out
}
