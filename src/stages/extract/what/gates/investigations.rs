//! Whether an investigation is one of the police or of what they did.

use super::super::events::descends;
use super::*;

/// Whether an investigation of the police begins or ends; those who were harmed become whom it is about.
pub(super) fn investigation(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, gates, parsed, clause, words, s, .. } = *at;
    let cast = scene.cast;
    let prosecutes = scene.kind_in(s, BodyKind::Prosecutor)
        || has_any(words, &["cps", "prosecutors", "pps", "fiscal", "copfs"])
        || standing::any(words, phrases!("crown counsel|crown office"));
    let watchdog = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate));
    let said_watchdog = has_any(
        words,
        &["watchdog", "watchdogs", "iopc", "ombudsman", "pirc", "independent", "standards", "misconduct"],
    );
    let police_who = f.who.iter().any(|&w| scene.police(w)) || f.unnamed.iter().any(|u| u.police);
    // "Two men were questioned about the murders but the PPS decided not to prosecute them": nobody of the police.
    let civilians = parsed.clauses.iter().any(|c| {
        c.verb.as_ref().is_some_and(|v| {
            v.passive && matches!(v.lemma.as_ref(), "question" | "arrest" | "hold" | "detain" | "interview" | "charge")
        }) && c.subject.first().is_some_and(|&p| cast.party(s, p).unnamed.is_some_and(|u| !u.police))
    });
    if f.kind == T::InvestigationClosed && !police_who && civilians && !scene.standing.officer(words) {
        return false;
    }
    let named_nobody = f.who.is_empty() && f.unnamed.is_empty();
    f.who.retain(|&w| scene.police(w) || scene.victims.contains(&w));
    if gates.progressive {
        // "investigated" alone: only by a watchdog, or of officers as an outcome.
        let verb = clause.verb.as_ref();
        let passive = verb.is_some_and(|v| v.passive);
        let coming = verb.is_some_and(|v| matches!(v.modal.as_deref(), Some("will" | "to" | "would")));
        // "were last night looking into": an adverb of time parts the helper from its verb.
        let parted = verb.is_some_and(|v| parsed.words.get(v.main).is_some_and(|w| w.lower.ends_with("ing")));
        let live = verb.is_some_and(|v| v.progressive || v.perfect) || parted || coming && !passive;
        let officers = passive && police_who && scene.conduct;
        let told = watchdog || has_any(words, &["watchdog", "watchdogs"]);
        let overseen = if passive { told } else { overseer(scene, s, clause) };
        // A force examines what its own officers did.
        let own = !passive && scene.conduct && inner(scene, words);
        if !((overseen || officers || own) && live) {
            return false;
        }
    }
    let public = has_any(words, &["inquiry"])
        && !has_any(words, &["investigation", "probe", "iopc", "watchdog"])
        && scene.public_inquiry;
    if f.kind == T::InvestigationOpened && (public && !watchdog || standing::any(words, phrases!("fatal accident"))) {
        return false;
    }
    // The dead or hurt are whom it is about, not whom it is into.
    if f.kind == T::InvestigationOpened {
        let harmed = f.who.iter().copied().filter(|&w| !scene.police(w));
        f.about.extend(harmed.collect::<Vec<_>>());
        f.who.retain(|&w| scene.police(w));
    }
    if f.kind == T::InvestigationOpened
        && gates.watchdog
        && !(watchdog
            || scene.conduct
                && clause.verb.as_ref().is_some_and(|v| v.lemma.starts_with("reopen"))
                && (scene.kind_in(s, BodyKind::Prosecutor) || has_any(words, &["prosecutors", "cps", "crown"]))
            || (said_watchdog && scene.conduct)
            || scene.conduct && inner(scene, words)
            || police_who && scene.conduct && !has_any(words, &["murder", "robbery", "burglary"]))
    {
        return false;
    }
    // "No officer has faced charges": how things stand, not what was decided.
    // "Its investigation had concluded that he had a case to answer": what it found, not that it ended.
    let finds = clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "conclude")
        && clause.object.is_empty()
        && words.get(clause.verb.as_ref().map_or(0, |v| v.last)) == Some(&"that");
    if f.kind == T::InvestigationClosed && finds && !prosecutes {
        return false;
    }
    let none_so_far = clause.verb.as_ref().is_some_and(|v| v.perfect && v.modal.is_none())
        && clause.subject.first().is_some_and(|&p| parsed.phrases[p].neg);
    if f.kind == T::InvestigationClosed && none_so_far {
        return false;
    }
    // "Charges against six people were dropped": of the public, and nobody of the police in it.
    let against = parsed.phrases.iter().enumerate().any(|(p, np)| {
        np.prep.is_some_and(|k| words[k] == "against")
            && cast.party(s, p).unnamed.is_some_and(|u| !u.police && u.plural)
    });
    if f.kind == T::InvestigationClosed && against && !scene.standing.officer(words) {
        return false;
    }
    // "Charges had been dropped in two cases": of the public too.
    let in_cases = parsed.phrases.iter().any(|np| {
        np.prep.is_some_and(|k| words[k] == "in")
            && words.get(np.last.saturating_sub(1)).is_some_and(|w| matches!(*w, "cases" | "trials" | "prosecutions"))
    });
    if f.kind == T::InvestigationClosed && in_cases && f.who.is_empty() && !scene.standing.officer(words) {
        return false;
    }
    // "A charge of assaulting an emergency worker was dropped": no officer was charged with that.
    if f.kind == T::InvestigationClosed && standing::any(words, phrases!("emergency worker|emergency workers")) {
        return false;
    }
    if f.kind == T::InvestigationClosed {
        if gates.cps {
            // "has not been charged" leaves it open; "will not be charged" ends it.
            let verb = clause.verb.as_ref();
            if verb.is_some_and(|v| v.lemma.as_ref() != "prosecute" && v.modal.is_none()) {
                return false;
            }
            if !(scene.conduct
                && (police_who
                    || has_any(words, &["cps", "officer", "officers", "prosecutors", "fiscal", "pps"])
                    || scene.parsed.get(s.wrapping_sub(1)).is_some_and(|p| scene.standing.officer(&lowers(p)))))
                && !previous_officers(scene, s)
            {
                return false;
            }
        } else if prosecutes
            && scene.conduct
            && (scene.standing.officer(words)
                || s > 0 && scene.standing.officer(&lowers(&scene.parsed[s - 1]))
                || named_nobody && (!scene.accused.is_empty() || previous_officers(scene, s)))
        {
            f.unnamed.retain(|u| u.police);
        } else if !(police_who || watchdog && scene.conduct) {
            return false;
        }
        if !police_who && f.who.is_empty() && f.unnamed.iter().any(|u| !u.police) {
            return false;
        }
    }
    true
}

/// Whether a public inquiry is told, not what a force or a watchdog begins under that name.
pub(super) fn inquiry(at: &At<'_>, f: &Finding) -> bool {
    let At { scene, gates, parsed, clause, words, s, .. } = *at;
    let cast = scene.cast;
    // What it is into, not what the police do beside it.
    let id = parsed.clauses.iter().position(|c| std::ptr::eq(c, clause)).unwrap_or_default();
    let polices = |c: &Clause| {
        c.subject.iter().chain(&c.before).chain(&c.object).chain(&c.after).any(|&p| {
            let np = &parsed.phrases[p];
            has_any(
                words.get(np.first..np.last).unwrap_or(&[]),
                &["police", "policing", "officers", "officer", "garda", "gardaí", "marksman", "constables"],
            )
        })
    };
    // "into the PSNI's search for Leo Ash"
    let named = |c: &Clause| {
        c.subject.iter().chain(&c.object).chain(&c.after).any(|&p| {
            let mut bodies = cast.party(s, p).bodies;
            bodies.extend(cast.owner(s, p).bodies);
            bodies.iter().any(|b| cast.kind(b) == BodyKind::Force)
        })
    };
    let own = parsed
        .clauses
        .iter()
        .enumerate()
        .any(|(k, c)| (k == id || descends(parsed, k, id)) && (polices(c) || named(c)));
    // "The stewards opened an inquiry into the running of the favourite"
    if scene.standing.game(words) {
        return false;
    }
    let about_police = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog))
        || scene.conduct && cast.main_force.is_some()
        || own
        || scene.tells(s, &scene.standing.conduct);
    // A watchdog's "independent inquiry" is its investigation: also "an inquiry by the watchdog, which began in May".
    let by = clause.subject.first().map(|&p| p + 1).filter(|&p| {
        let lead = parsed.phrases.get(p).and_then(|np| np.prep);
        lead.is_some_and(|k| parsed.words[k].lower == "by")
    });
    let by = by.map(|p| cast.party(s, p).bodies).unwrap_or_default();
    let watchdogs = f.body.iter().chain(&by).any(|b| cast.kind(b) == BodyKind::Watchdog)
        && !has_any(words, &["public", "statutory"]);
    if gates.public && (!about_police || watchdogs) {
        return false;
    }
    // What a force or a watchdog begins is an investigation, whatever it is called.
    let own = clause.subject.iter().take(1).flat_map(|&p| {
        // "Kent Police's professional standards department"
        let np = &parsed.phrases[p];
        let unit = np.last.checked_sub(1).and_then(|k| words.get(k));
        let part = unit.is_some_and(|w| matches!(*w, "department" | "unit" | "directorate" | "branch" | "team"));
        let owners = if part { cast.owner(s, p).bodies } else { Vec::new() };
        cast.party(s, p).bodies.into_iter().chain(owners)
    });
    // "will be held into the force's search": what it is into does not hold it.
    let subject_of = |b: &&String| {
        clause.after.iter().any(|&p| {
            let into = parsed.phrases[p]
                .prep
                .is_some_and(|k| matches!(parsed.words[k].lower.as_str(), "into" | "over" | "for"));
            into && (cast.party(s, p).bodies.contains(b) || cast.owner(s, p).bodies.contains(b))
        })
    };
    let passive = clause.verb.as_ref().is_some_and(|v| v.passive);
    let own = own.chain(f.body.iter().filter(|b| passive && !subject_of(b)).cloned());
    let investigates = own.into_iter().any(|b| matches!(cast.kind(&b), BodyKind::Watchdog | BodyKind::Force));
    let begins = clause.verb.as_ref().is_some_and(|v| {
        !matches!(v.lemma.as_ref(), "commission" | "order" | "announce" | "establish" | "appoint" | "ask")
    });
    !(investigates && begins) || has_any(words, &["public", "statutory", "judge-led", "judge", "chaired"])
}

/// Whether something is referred to who oversees the police.
pub(super) fn referral(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, words, s, .. } = *at;
    let cast = scene.cast;
    f.who.retain(|&w| scene.police(w));
    let to_watchdog = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog))
        || scene.kind_in(s, BodyKind::Watchdog)
        || scene.conduct
            && scene
                .named
                .entities
                .iter()
                .any(|e| e.kind == EntityKind::Body && cast.kind(&e.key) == BodyKind::Watchdog)
            && has_any(words, &["mandatory", "referral"]);
    to_watchdog || has_any(words, &["watchdog", "iopc", "itself", "ombudsman", "pirc"])
}

/// Whether who acts in `clause` oversees the police: a watchdog, or its investigators.
fn overseer(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let words = lowers(&scene.parsed[s]);
    clause.subject.iter().take(2).any(|&p| {
        let np = &scene.parsed[s].phrases[p];
        let mut bodies = scene.cast.party(s, p).bodies;
        bodies.extend(scene.cast.owner(s, p).bodies);
        // "The Police Ombudsman said she is investigating": she does it for her office.
        bodies.extend(scene.cast.party(s, p).people.iter().flat_map(|&w| scene.cast.people[w].own.clone()));
        bodies.iter().any(|b| matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate))
            || has_any(&words[np.first..np.last], &["watchdog", "watchdogs", "iopc", "pirc", "ombudsman"])
    })
}

/// Whether the words tell of a look by a force at its own people.
fn inner(scene: &Scene<'_>, words: &[&str]) -> bool {
    scene.standing.officer(words)
        && (has_any(words, &["internal", "misconduct"])
            || standing::any(
                words,
                phrases!(
                    "the conduct of|the actions of|the behaviour of|professional standards|officer's conduct|officers' conduct|officer’s conduct|officers’ conduct",
                ),
            ))
}
