//! Deaths, acts and the bodies whose matter they are.

use super::super::matter::force_at;
use super::*;

/// Whether the next sentences tell a death.
pub(super) fn dies(scene: &Scene<'_>, s: usize) -> bool {
    (s..scene.parsed.len().min(s + 3)).any(|k| has_any(&lowers(&scene.parsed[k]), &["died", "dead", "killed", "fatal"]))
}

pub(super) fn previous_officers(scene: &Scene<'_>, s: usize) -> bool {
    s > 0
        && scene.doc.sentences[s].block == scene.doc.sentences[s - 1].block
        && has_any(&lowers(&scene.parsed[s - 1]), &["officers", "officer", "constables"])
        || has_any(&lowers(&scene.parsed[s]), &["officers", "officer"]) && scene.conduct
}

/// Whether a death of sentence `s` came with police contact.
pub(in super::super) fn contact(scene: &Scene<'_>, s: usize) -> bool {
    let near: Vec<&str> =
        (s.saturating_sub(1)..scene.parsed.len().min(s + 2)).flat_map(|k| lowers(&scene.parsed[k])).collect();
    let here = lowers(&scene.parsed[s]);
    let hands = [
        "restrained",
        "restraint",
        "custody",
        "cell",
        "cells",
        "tasered",
        "arrested",
        "detained",
        "pursuit",
        "pursued",
        "handcuffed",
        "held",
        "shot",
        "chase",
        "chased",
        "chasing",
        "pursuing",
        "contact",
        "avoid",
    ];
    let police = ["police", "officers", "officer", "constables", "force", "force's", "pc", "constabulary", "psni"];
    let strong = has_any(&here, &hands)
        && (has_any(&here, &police) || has_any(&near, &police) || scene.kind_in(s, BodyKind::Force));
    // "died after falling ill in the same block of cells": of the force that the matter is about.
    let strong = strong
        || scene.conduct
            && scene.cast.main_force.is_some()
            && has_any(&here, &["custody", "cell", "cells"])
            && !here.iter().any(|w| scene.standing.prison(w));
    let following = scene.tells(s, &scene.standing.contact);
    // The death of one whose restraint the article has told.
    let known = scene.conduct
        && (0..scene.parsed.len().min(8)).any(|k| {
            let words = lowers(&scene.parsed[k]);
            has_any(&words, &["restrained", "restraint", "custody", "tasered", "cell", "handcuffs", "handcuffed"])
                && has_any(&words, &police)
                || scene.tells(k, &scene.standing.contact)
        })
        && scene.parsed[s].clauses.iter().any(|c| {
            c.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "die" | "find" | "pronounce" | "kill"))
                && c.subject.iter().any(|&p| {
                    scene.cast.party(s, p).people.iter().any(|w| scene.victims.contains(w) || scene.handled.contains(w))
                })
        });
    if known {
        return true;
    }
    let story = scene.conduct && has_any(&near, &["restrained", "restraint"]) && has_any(&near, &police);
    let deadly = scene.tells(s, &scene.standing.deadly);
    // "The man was pronounced dead": of whom the lead told that he fell ill in custody.
    let opens = || scene.conduct && (0..scene.parsed.len().min(5)).any(|k| scene.tells(k, &scene.standing.deadly));
    let the_man = || {
        scene.parsed[s].clauses.iter().any(|c| {
            c.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "die" | "pronounce" | "confirm"))
                && c.subject.iter().take(1).any(|&p| {
                    let party = scene.cast.party(s, p);
                    party.unnamed.is_some_and(|u| u.definite && !u.police && !u.plural)
                        || party.people.iter().any(|&w| !scene.cast.people[w].police)
                })
        })
    };
    strong || following || story || deadly || the_man() && opens()
}

/// Whether what follows "by" is of the police: "by a Kent Police dog", "by one of its officers".
fn by_police(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let parsed = &scene.parsed[s];
    let words = lowers(parsed);
    clause.after.iter().any(|&p| {
        let np = &parsed.phrases[p];
        let by = np.prep.is_some_and(|k| words[k] == "by");
        // "by one of its dogs"
        let of = parsed.phrases.get(p + 1).filter(|of| of.prep == Some(np.last) && words.get(np.last) == Some(&"of"));
        let police = |q: usize| {
            let party = scene.cast.party(s, q);
            let bodies = party.bodies.iter().chain(&scene.cast.owner(s, q).bodies).cloned().collect::<Vec<_>>();
            party.unnamed.is_some_and(|u| u.police)
                || party.people.iter().any(|&w| scene.police(w))
                || bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
        };
        let said = |np: &super::super::words::NounPhrase| {
            has_any(&words[np.first..np.last], &["police", "officer's", "patrol", "force's"])
        };
        by && (police(p) || said(np) || of.is_some_and(|of| police(p + 1) || said(of)))
    })
}

/// Whether the subject is a thing or animal of the police: "a Police Scotland van", "a patrol car", "a Met dog".
fn of_police(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let parsed = &scene.parsed[s];
    clause.subject.iter().take(1).any(|&p| {
        let np = &parsed.phrases[p];
        let named = parsed.words[np.first..np.last].iter().filter_map(|w| w.mention);
        let mut bodies = named.filter_map(|m| scene.named.mentions.get(m)).map(|m| m.entity.as_str());
        bodies.any(|b| scene.cast.kind(b) == BodyKind::Force)
            || has_any(&lowers(parsed)[np.first..np.last], &["police", "patrol", "officer's", "squad", "force's"])
    })
}

pub(super) fn incident(scene: &Scene<'_>, f: &mut Finding, s: usize, id: usize, gated: bool) -> bool {
    let cast = scene.cast;
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    if gated {
        // The dog, the van: no doer of its own.
        let passive = clause.verb.as_ref().is_some_and(|v| v.passive);
        let acts = if passive { by_police(scene, s, clause) } else { of_police(scene, s, clause) };
        if !acts || !scene.conduct && scene.named.entities.is_empty() {
            return false;
        }
        if !passive {
            let mut victim =
                clause.object.iter().take(1).filter_map(|&p| cast.party(s, p).unnamed).filter(|u| !u.police);
            f.unnamed = victim.next().into_iter().collect();
        }
        f.who.retain(|&w| !scene.police(w));
        f.body.extend(force_at(scene, s).filter(|b| !f.body.contains(b)));
        return !f.who.is_empty() || f.unnamed.iter().any(|u| !u.police);
    }
    let passive = clause.verb.as_ref().is_some_and(|v| v.passive);
    let lemma = clause.verb.as_ref().map_or("", |v| v.lemma.as_ref());
    if passive {
        // The victim stands in the subject; a doer of the police after "by".
        let filler_victims: Vec<usize> = clause.subject.iter().flat_map(|&p| cast.party(s, p).people).collect();
        let doers: Vec<usize> =
            f.who.iter().copied().filter(|w| !filler_victims.contains(w) && scene.police(*w)).collect();
        let victims: Vec<usize> = if f.who.is_empty() {
            filler_victims
        } else {
            f.who.iter().copied().filter(|w| !doers.contains(w)).collect()
        };
        if doers.is_empty() {
            f.who = victims;
            f.about.clear();
        } else {
            f.who = doers;
            f.about = victims;
        }
    }
    let officer_victim = f.who.iter().all(|&w| scene.police(w)) && passive;
    if officer_victim && !f.who.is_empty() {
        return false;
    }
    let police_act = matches!(
        lemma,
        "knock"
            | "strike"
            | "hit"
            | "injure"
            | "shoot"
            | "taser"
            | "wound"
            | "hurt"
            | "stop"
            | "search"
            | "handcuff"
            | "restrain"
            | "arrest"
            | "strip-search"
    );
    // The offence of a verdict or sentence is its detail.
    let of_verdict = (matches!(clause.link, Link::Ing(_))
        || clause.link == Link::Participle && !passive && clause.verb.as_ref().is_some_and(|v| !v.past))
        && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            matches!(
                v.lemma.as_ref(),
                "jail"
                    | "sentence"
                    | "convict"
                    | "charge"
                    | "accuse"
                    | "find"
                    | "fine"
                    | "suspect"
                    | "plead"
                    | "admit"
                    | "clear"
                    | "acquit"
                    | "deny"
                    | "arrest"
                    | "summons"
                    | "guilty"
                    | "investigate"
                    | "prosecute"
                    | "try"
                    | "caution"
                    | "fete"
                    | "fet"
                    | "praise"
                    | "commend"
                    | "honour"
                    | "hail"
                    | "thank"
            )
        });
    // A jury's conclusion is the inquest's; what prosecutors or others claim is no fact.
    let spoken_for = parsed.clauses.iter().any(|c| {
        c.subject.iter().any(|&p| {
            let np = &parsed.phrases[p];
            has_any(
                &lowers(parsed)[np.first..np.last],
                &["jury", "jurors", "inquest", "coroner", "prosecutors", "prosecution", "prosecutor", "crown"],
            )
        }) && c.verb.as_ref().is_some_and(|v| {
            matches!(
                v.lemma.as_ref(),
                "conclude"
                    | "find"
                    | "rule"
                    | "claim"
                    | "allege"
                    | "say"
                    | "tell"
                    | "argue"
                    | "return"
                    | "record"
                    | "hear"
            )
        })
    });
    if of_verdict || spoken_for && clause.link != Link::Relative {
        return false;
    }
    if passive
        && matches!(lemma, "knock" | "strike" | "hit" | "injure" | "shoot" | "wound")
        && scene.conduct
        && (has_any(&lowers(parsed), &["fatally"]) || f.who.iter().any(|w| scene.victims.contains(w)) && dies(scene, s))
    {
        f.kind = T::DeathAfterContact;
        return cast.main_force.is_some();
    }
    if passive && police_act {
        if !scene.conduct {
            return false;
        }
        let Some(force) = force_at(scene, s) else { return false };
        if !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
            f.body.push(force);
        }
        return true;
    }
    if passive {
        return scene.conduct && f.who.iter().any(|&w| !scene.police(w));
    }
    let civilian = f.who.iter().all(|&w| !scene.police(w)) && f.about.iter().any(|&w| !scene.police(w));
    let watched = scene.named.entities.iter().any(|e| matches!(cast.kind(&e.key), BodyKind::Watchdog));
    if civilian
        && watched
        && scene.conduct
        && matches!(lemma, "murder" | "kill" | "stab" | "rape" | "strangle" | "abduct")
    {
        // A crime that the police failed to prevent: the victim is told of.
        f.who = f.about.clone();
        f.about.clear();
        f.unnamed.clear();
        return true;
    }
    let unnamed = f.who.is_empty() && f.unnamed.iter().any(|u| u.police && !u.plural);
    let named = f.who.iter().any(|&w| scene.police(w));
    let officer = named || unnamed;
    if named && scene.conduct && clause.link != Link::Main {
        return true;
    }
    const CLOSE: &[&str] = &[
        "girlfriend",
        "boyfriend",
        "wife",
        "husband",
        "partner",
        "ex-girlfriend",
        "ex-wife",
        "ex-partner",
        "colleague",
        "mother",
        "father",
        "daughter",
        "son",
        "child",
        "children",
        "baby",
        "neighbour",
        "man",
        "woman",
        "girl",
        "boy",
        "teenager",
        "pensioner",
        "bodies",
        "body",
        "prisoner",
        "detainee",
    ];
    // "PC Orr strangled his girlfriend in 2012": done to somebody who is no suspect.
    let victim = clause.object.iter().take(1).any(|&p| {
        let party = cast.party(s, p);
        let np = &parsed.phrases[p];
        let words = lowers(parsed);
        let suspect = has_any(
            &words[np.first..np.last],
            &["suspect", "burglar", "thief", "robber", "knifeman", "gunman", "attacker", "dog", "intruder", "raider"],
        );
        !suspect
            && (party.people.iter().any(|&w| !scene.police(w) && !f.who.contains(&w))
                || party.unnamed.is_some_and(|u| !u.police)
                || has_any(&words[np.first..np.last], CLOSE))
    });
    let claimed = has_any(
        &lowers(parsed),
        &[
            "alleged",
            "allegedly",
            "alleges",
            "claim",
            "claims",
            "claimed",
            "accused",
            "prosecutors",
            "prosecution",
            "denies",
            "denied",
        ],
    );
    let asserted = clause.quote.is_none()
        && !claimed
        && clause.verb.as_ref().is_some_and(|v| v.past || v.perfect || v.kind != super::super::words::VerbKind::Finite);
    officer && victim && asserted
}

/// Adds the bodies that the taxonomy's *Body and about* asks for.
pub(in crate::stages::extract::what) fn bodies(scene: &Scene<'_>, f: &mut Finding, s: usize) {
    let cast = scene.cast;
    let add = |b: Option<String>, f: &mut Finding| {
        if let Some(b) = b
            && !f.body.contains(&b)
        {
            f.body.push(b);
        }
    };
    if personal(f.kind)
        || matches!(
            f.kind,
            T::Incident | T::Vetting | T::Referral | T::InvestigationOpened | T::InvestigationClosed | T::Apology
        )
    {
        for who in f.who.clone() {
            if cast.people[who].police || cast.people[who].official {
                let own = cast.own_force(who).or_else(|| cast.people[who].police.then(|| force_at(scene, s)).flatten());
                let oversees = |b: &&String| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate);
                let post = cast.people[who].own.iter().find(oversees).filter(|_| personal(f.kind)).cloned();
                add(own.or(post), f);
            }
        }
        // "has been appointed as his deputy": at the force the article is about.
        if f.kind == T::Appointment && f.body.is_empty() {
            add(force_at(scene, s), f);
        }
        if f.who.is_empty()
            && f.unnamed.iter().any(|u| u.police)
            && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force)
        {
            add(force_at(scene, s), f);
        }
    }
    if matches!(
        f.kind,
        T::DeathAfterContact
            | T::Inquest
            | T::InvestigationOpened
            | T::InvestigationClosed
            | T::Protest
            | T::Inquiry
            | T::ReportPublished
            | T::Recommendation
            | T::Settlement
            | T::LegalAction
            | T::Complaint
            | T::Referral
    ) && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force)
        && (f.who.iter().all(|&w| !cast.people[w].police)
            || matches!(f.kind, T::Settlement | T::LegalAction | T::Complaint))
    {
        add(force_at(scene, s), f);
    }
    // A finding against somebody unnamed.
    if f.kind == T::MisconductFinding && f.who.is_empty() && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
        add(force_at(scene, s), f);
    }
    if matches!(f.kind, T::Referral) && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Watchdog) {
        let watchdog = first_body(scene, BodyKind::Watchdog);
        add(watchdog, f);
    }
    if f.kind == T::InvestigationOpened && !f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog)) {
        let words = lowers(&scene.parsed[s]);
        if has_any(&words, &["independent", "watchdog", "watchdogs", "iopc", "pirc", "ombudsman"]) {
            let watchdog = first_body(scene, BodyKind::Watchdog);
            add(watchdog, f);
        }
    }
    if f.kind == T::SpecialMeasures && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Inspectorate) {
        let inspectorate = first_body(scene, BodyKind::Inspectorate).unwrap_or_else(|| "hmicfrs".to_owned());
        add(Some(inspectorate), f);
    }
}

/// The first body of `kind` that the article names.
fn first_body(scene: &Scene<'_>, kind: BodyKind) -> Option<String> {
    let is_one = |e: &&crate::domain::Entity| e.kind == EntityKind::Body && scene.cast.kind(&e.key) == kind;
    scene.named.entities.iter().find(is_one).map(|e| e.key.clone())
}
