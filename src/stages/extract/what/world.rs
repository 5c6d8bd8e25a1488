//! Whether an article is of the world of police conduct where no single phrase says so: what befalls officers, and who
//! comes to die at the hands of the police.

use super::clauses::Clause;
use super::gates::{Scene, lowers};
use super::standing::BodyKind;

/// What befalls an officer only in a matter of conduct, as a passive or by a prosecutor or watchdog.
const BEFALLS: &[&str] = &[
    "arrest",
    "charge",
    "suspend",
    "dismiss",
    "sack",
    "investigate",
    "jail",
    "sentence",
    "convict",
    "clear",
    "acquit",
    "prosecute",
    "bail",
    "discipline",
];

/// Whether what the article tells makes it one of police conduct.
pub(super) fn conduct(scene: &Scene<'_>) -> bool {
    (0..scene.parsed.len()).any(|s| {
        let parsed = &scene.parsed[s];
        parsed.clauses.iter().any(|c| befalls_officer(scene, s, c) || sued(scene, s, c))
            || death(scene, s)
            || weighed(scene, s)
            || looked_into(scene, s)
    })
}

/// "No officer will be charged", "prosecutors decided not to charge two officers".
fn befalls_officer(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let Some(verb) = clause.verb.as_ref().filter(|v| BEFALLS.contains(&v.lemma.as_ref())) else { return false };
    let whom = if verb.passive { &clause.subject } else { &clause.object };
    let officer = whom.iter().take(1).any(|&p| {
        let np = &scene.parsed[s].phrases[p];
        scene.cast.party(s, p).unnamed.is_some_and(|u| u.police)
            || np.neg && scene.standing.officer(&lowers(&scene.parsed[s])[np.first..np.last])
    });
    let by_prosecutor = || {
        lowers(&scene.parsed[s])
            .iter()
            .any(|w| matches!(*w, "cps" | "prosecutors" | "prosecution" | "crown" | "fiscal" | "pps" | "watchdog"))
    };
    officer && (verb.passive || by_prosecutor())
}

/// "is suing Kent Police", "the force has settled the claim", "Kent Police is to pay damages to".
fn sued(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let force = |list: &[usize]| {
        list.iter()
            .take(1)
            .any(|&p| scene.cast.party(s, p).bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force))
    };
    let Some(verb) = clause.verb.as_ref().filter(|v| !v.passive && !v.neg) else { return false };
    let for_wrong = || {
        let words = lowers(&scene.parsed[s]);
        words.iter().any(|w| matches!(*w, "damages" | "compensation" | "claim" | "settlement" | "payout"))
    };
    match verb.lemma.as_ref() {
        "sue" => force(&clause.object),
        "settle" | "pay" | "compensate" => force(&clause.subject) && for_wrong(),
        _ => false,
    }
}

/// "no proceedings against two officers", "not enough evidence against a sergeant": what prosecutors weigh.
fn weighed(scene: &Scene<'_>, s: usize) -> bool {
    let parsed = &scene.parsed[s];
    let words = lowers(parsed);
    let prosecutor = scene.kind_in(s, BodyKind::Prosecutor)
        || words.iter().any(|w| matches!(*w, "prosecutors" | "cps" | "pps" | "fiscal" | "copfs" | "counsel"));
    prosecutor
        && parsed.phrases.iter().enumerate().any(|(p, np)| {
            np.prep.is_some_and(|k| {
                matches!(words[k], "against" | "of")
                    && k.checked_sub(1).is_some_and(|b| {
                        matches!(
                            words[b],
                            "proceedings" | "prosecution" | "action" | "charges" | "charge" | "evidence" | "case"
                        )
                    })
            }) && scene.cast.party(s, p).unnamed.is_some_and(|u| u.police)
        })
}

/// "a criminal investigation into the chief constable", "her complaint against Kent Police".
fn looked_into(scene: &Scene<'_>, s: usize) -> bool {
    let parsed = &scene.parsed[s];
    let word = |k: usize| parsed.words.get(k).map_or("", |w| w.lower.as_str());
    parsed.phrases.iter().enumerate().any(|(p, np)| {
        let Some((lead, noun)) = np.prep.and_then(|k| Some((word(k), word(k.checked_sub(1)?)))) else { return false };
        let party = scene.cast.party(s, p);
        let officer = party.people.iter().any(|&w| scene.police(w)) || party.unnamed.is_some_and(|u| u.police);
        match lead {
            "into" => officer && matches!(noun, "investigation" | "inquiry"),
            "against" => {
                let force = party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force);
                matches!(noun, "complaint" | "claim" | "lawsuit") && (officer || force)
            }
            _ => false,
        }
    })
}

/// A death told together with the hands of the police.
fn death(scene: &Scene<'_>, s: usize) -> bool {
    let words = lowers(&scene.parsed[s]);
    words.iter().any(|w| scene.standing.death(w))
        && scene.tells(s, &scene.standing.deadly)
        && !words.iter().any(|w| scene.standing.prison(w))
        && scene.cast.main_force.is_some()
}

/// Whether the article opens with the world of police conduct: its headline or first sentences say so, or name who
/// oversees the police.
pub(super) fn opens(scene: &Scene<'_>) -> bool {
    (0..scene.parsed.len().min(6)).any(|s| {
        scene.tells(s, &scene.standing.conduct)
            || scene.kind_in(s, BodyKind::Watchdog)
            || scene.kind_in(s, BodyKind::Inspectorate)
    })
}
