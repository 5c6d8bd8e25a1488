//! Who is of standing: officers and officials to whom an event happens, a force in the dock, and the wronged.

use super::*;

/// Narrows the persons of a finding to those of standing. Gives whether it stands where they settle that.
pub(super) fn keep(at: &At<'_>, f: &mut Finding) -> Option<bool> {
    let At { scene, clause, words, s, .. } = *at;
    let cast = scene.cast;
    if matches!(f.kind, T::MisconductFinding | T::MisconductCleared) {
        let finders = finders(at);
        let named = f.who.len();
        f.who.retain(|w| !finders.contains(w));
        // Then of the officer, not named, whom the sentence speaks of.
        if f.who.len() < named && f.who.is_empty() && f.unnamed.is_empty() {
            let mut subjects = at.parsed.clauses.iter().filter_map(|c| c.subject.first());
            f.unnamed.extend(subjects.find_map(|&p| cast.party(s, p).unnamed.filter(|u| u.police)));
        }
    }
    if f.kind == T::MisconductFinding
        && f.who.is_empty()
        && f.unnamed.is_empty()
        && !words.iter().any(|w| scene.standing.rank(w))
        && standing::any(words, phrases!("panel|hearing|chair|tribunal"))
    {
        f.who = scene.topic(s).people;
    }
    if f.kind == T::MisconductFinding && f.who.is_empty() && f.unnamed.is_empty() && !f.body.is_empty() {
        // "found a case to answer": against somebody unnamed.
        let around = words.iter().any(|w| scene.standing.rank(w));
        return (!around).then_some(false);
    }
    let official_types = matches!(
        f.kind,
        T::Resignation
            | T::Appointment
            | T::Suspension
            | T::Dismissal
            | T::MisconductHearing
            | T::MisconductFinding
            | T::MisconductCleared
    );
    // Who is made a chief constable is of the police from then on.
    let tail: Vec<&str> = clause.verb.as_ref().and_then(|v| words.get(v.last..)).unwrap_or(&[]).to_vec();
    let post = cast.main_force.is_some()
        && (tail.iter().any(|w| matches!(*w, "deputy" | "successor" | "chief"))
            || standing::any(&tail, phrases!("at the head of|at the helm of|at the top of")));
    // "His deputy, Lee Hale, is in temporary charge"
    let next = || {
        let lead = clause.verb.as_ref().and_then(|v| words.get(clause.first..v.first)).unwrap_or(&[]);
        // "Kent Police's next chief constable will be Ann Orr"
        let chief =
            has_any(lead, &["next", "new", "permanent"]) && has_any(lead, &["chief", "commissioner", "ombudsman"]);
        cast.main_force.is_some() && (chief || has_any(lead, &["deputy", "successor"]))
    };
    // "The force has a new chief constable: Lee Hale took up the post on Monday"
    let took = || {
        has_any(&tail, &["post", "role", "job", "helm", "reins"])
            && cast.main_force.is_some()
            && has_any(words, &["chief", "commissioner", "superintendent"])
    };
    let made = f.kind == T::Appointment
        && (took() || scene.standing.officer(&tail) || scene.standing.official(&tail) || post || next());
    let employed = employed(scene, f, clause, &tail);
    let kept: Vec<usize> = f
        .who
        .iter()
        .copied()
        .filter(|&w| {
            made || employed
                || scene.police(w)
                || cast.people[w].official && (official_types || of_police_world(scene, w))
        })
        .collect();
    let unnamed: Vec<_> = f.unnamed.iter().filter(|u| u.police && kept.is_empty()).cloned().collect();
    // A force may appeal; the wronged may be arrested and clear their names.
    // "Police have launched an appeal after a robbery": for witnesses, where no ruling is spoken of.
    let ruled = || {
        has_any(
            words,
            &["against", "ruling", "judgment", "judgement", "decision", "tribunal", "court", "verdict", "permission"],
        )
    };
    let asks = clause
        .verb
        .as_ref()
        .is_some_and(|v| matches!(v.lemma.as_ref(), "launch" | "make" | "issue" | "renew" | "repeat"));
    let by_force = (f.kind == T::Appeal && (ruled() || !asks) || defendant(scene, f.kind, s, clause))
        && f.body.iter().any(|b| cast.kind(b) == BodyKind::Force);
    let wronged: Vec<usize> = f
        .who
        .iter()
        .copied()
        .filter(|w| scene.wronged.contains(w) && matches!(f.kind, T::Arrest | T::Appeal | T::Acquittal))
        .collect();
    // "The convictions of nine protesters, whom a spy had driven there, were quashed": where the matter is the police's.
    let quashed = f.kind == T::Appeal
        && scene.conduct
        && f.who.is_empty()
        && clause.verb.as_ref().is_some_and(|v| v.passive && v.lemma.as_ref() == "quash");
    if kept.is_empty() && unnamed.is_empty() && (by_force || quashed || !wronged.is_empty()) {
        // "has apologised after she was wrongly arrested": recalled.
        if f.kind == T::Arrest && matches!(&clause.link, Link::Adverbial(_)) {
            f.vote = f.vote.min(-2);
        }
        f.who = wronged;
        f.unnamed.clear();
        bodies(scene, f, s);
        if !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
            f.body.extend(cast.force_of_matter(scene.doc, s));
        }
        return Some(true);
    }
    if kept.is_empty() && unnamed.is_empty() {
        return Some(false);
    }
    // Recruits are sworn in by the dozen.
    if f.kind == T::Appointment && kept.is_empty() && unnamed.iter().any(|u| u.plural) {
        return Some(false);
    }
    f.who = kept;
    f.unnamed = unnamed;
    None
}

/// Whether an official's own body oversees the police: what befalls the head of the watchdog counts like an officer's case.
fn of_police_world(scene: &Scene<'_>, who: usize) -> bool {
    let oversees = |b: &String| matches!(scene.cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate);
    scene.cast.people[who].own.iter().any(oversees)
}

/// Whether the words themselves make whom it befalls one of the police: "sacked by Kent Police", "retired from the Met",
/// "is to quit as chief constable", "will run the Police Federation".
fn employed(scene: &Scene<'_>, f: &Finding, clause: &Clause, tail: &[&str]) -> bool {
    let world = f.body.iter().any(|b| {
        matches!(scene.cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate | BodyKind::Union)
    });
    let by_or_from = |words: &[&str]| {
        clause.after.iter().chain(&clause.before).any(|&p| {
            let np = &scene.parsed[f.sentence].phrases[p];
            let led = np.prep.is_some_and(|k| words.contains(&scene.parsed[f.sentence].words[k].lower.as_str()));
            led && scene.cast.party(f.sentence, p).bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
        })
    };
    let posted = || {
        let of = tail.iter().position(|w| matches!(*w, "post" | "role" | "job" | "position"));
        of.is_some_and(|k| tail.get(k + 1) == Some(&"of"))
    };
    let post = || {
        // "resigned on Thursday evening as director general"
        let as_post = tail.iter().take(6).position(|w| *w == "as").and_then(|k| tail.get(k..));
        let named = as_post.or_else(|| posted().then_some(tail)).unwrap_or(&[]);
        scene.standing.officer(named) || scene.standing.official(named)
    };
    let by_name = clause.subject.first().is_some_and(|&p| {
        let np = &scene.parsed[f.sentence].phrases[p];
        scene.parsed[f.sentence].words[np.first..np.last].iter().any(|w| w.mention.is_some())
    });
    match f.kind {
        // "Met Police FC have sacked their manager"
        T::Dismissal | T::Suspension
            if has_any(&lowers(&scene.parsed[f.sentence]), &["manager", "coach", "fc", "club"]) =>
        {
            false
        }
        T::Dismissal | T::Suspension => {
            let passive = clause.verb.as_ref().is_some_and(|v| v.passive);
            let ranks =
                phrases!("from policing|from the police|barred list|from its ranks|from the ranks|of the force");
            if passive && by_name && standing::any(tail, ranks) {
                return true;
            }
            if passive { by_or_from(&["by", "from", "of"]) } else { world && !clause.object.is_empty() }
        }
        T::Resignation => by_or_from(&["from"]) || post(),
        T::Appointment => {
            world
                && clause.verb.as_ref().is_some_and(|v| {
                    matches!(
                        v.lemma.as_ref(),
                        "lead" | "run" | "head" | "command" | "chair" | "take" | "join" | "move" | "step"
                    )
                })
        }
        // "PC Orr was cleared while Lee Hale received a written warning"
        T::MisconductFinding | T::MisconductCleared => {
            let party = |p: usize| scene.cast.party(f.sentence, p);
            by_name
                && (0..scene.parsed[f.sentence].phrases.len())
                    .flat_map(|p| party(p).people)
                    .any(|w| scene.police(w) && !f.who.contains(&w))
                && f.who.iter().all(|w| !scene.victims.contains(w) && !scene.hurt.contains(w))
        }
        _ => false,
    }
}

/// Whether a force itself stands trial in `clause`: "Kent Police was fined", "the force pleaded guilty".
fn defendant(scene: &Scene<'_>, kind: T, s: usize, clause: &Clause) -> bool {
    let criminal = matches!(kind, T::Charge | T::Plea | T::Trial | T::Conviction | T::Acquittal | T::Sentence);
    let suffers = clause.verb.as_ref().is_some_and(|v| v.passive || kind == T::Plea);
    criminal
        && suffers
        && clause.subject.iter().take(1).any(|&p| {
            let party = scene.cast.party(s, p);
            party.people.is_empty()
                && party.unnamed.is_none()
                && party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
        })
}

/// Who finds what the clause tells, or what it hangs on: "Chief Superintendent Orr took an hour to find that his behaviour was gross
/// misconduct" is not said of Orr.
fn finders(at: &At<'_>) -> Vec<usize> {
    let parent = |c: &Clause| c.parent.map(|up| &at.parsed.clauses[up]);
    let up = parent(at.clause);
    let chain = [Some(at.clause), up, up.and_then(parent)];
    let finds = |c: &&Clause| {
        c.verb.as_ref().is_some_and(|v| {
            !v.passive && matches!(v.lemma.as_ref(), "find" | "rule" | "decide" | "conclude" | "determine")
        })
    };
    let finding = chain.into_iter().flatten().find(finds);
    finding.map(|c| c.subject.iter().flat_map(|&p| at.scene.cast.party(at.s, p).people).collect()).unwrap_or_default()
}
