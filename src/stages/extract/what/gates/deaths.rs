//! Whether a death or an inquest belongs to a matter of the police.

use super::*;

/// Whether a death came with the police; the dead become whom an inquest is held on.
pub(super) fn death(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, gates, parsed, clause, words, s } = *at;
    let cast = scene.cast;
    if gates.by_police {
        let doer = f.who.iter().any(|&w| cast.people[w].police) || f.unnamed.iter().any(|u| u.police);
        let unnamed = clause
            .object
            .iter()
            .take(1)
            .any(|&p| cast.party(s, p).unnamed.is_some_and(|u| !u.police) && !scene.standing.game(words));
        let victim = f.about.iter().any(|&w| !cast.people[w].police) || unnamed;
        if !(doer && victim && scene.conduct) {
            return false;
        }
    }
    // "Mr Guedes died in July after a crash": whom the matter hurt.
    let died = clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "die" && !v.passive);
    let handled = f.who.iter().any(|w| scene.handled.contains(w) || died && scene.hurt.contains(w));
    // "their contact with a man who later killed his partner": the police did not.
    let by_other = clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "kill" && !v.passive)
        && clause.subject.first().is_some_and(|&p| {
            let party = cast.party(s, p);
            let person = party.people.iter().all(|&w| !cast.people[w].police);
            person && (!party.people.is_empty() || party.unnamed.is_some_and(|u| !u.police))
        });
    if gates.contact && by_other {
        return false;
    }
    // "A boy has died after a police van followed him. … Leo Ash died in hospital on Saturday": the death that the lead tells.
    let of_lead = died
        && matches!(f.who[..], [w] if scene.victims == [w])
        && (0..scene.parsed.len().min(3))
            .any(|k| contact(scene, k) && lowers(&scene.parsed[k]).iter().any(|w| scene.standing.death(w)));
    if gates.contact && !contact(scene, s) && !handled && !of_lead {
        return false;
    }
    // "shot dead by the UVF": the doers are named, and they are no police.
    if f.kind == T::DeathAfterContact && clause.verb.as_ref().is_some_and(|v| v.passive) {
        let by = clause.after.iter().find(|&&p| parsed.phrases[p].prep.is_some_and(|k| parsed.words[k].lower == "by"));
        let others = by.is_some_and(|&p| {
            let (np, party) = (&parsed.phrases[p], cast.party(s, p));
            let police = party.people.iter().any(|&w| cast.people[w].police)
                || party.unnamed.is_some_and(|u| u.police)
                || party.bodies.iter().any(|b| cast.kind(b) == BodyKind::Force);
            let words = &words[np.first..np.last];
            !police
                && !scene.standing.officer(words)
                && !has_any(
                    words,
                    &["police", "car", "vehicle", "van", "taser", "shot", "bullet", "force", "restraint"],
                )
        });
        if others && !gates.by_police {
            return false;
        }
    }
    // A hearing may collapse too.
    if f.kind == T::DeathAfterContact
        && clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "collapse")
        && clause.subject.first().is_some_and(|&p| {
            let np = &parsed.phrases[p];
            has_any(&words[np.first..np.last], &["hearing", "trial", "case", "proceedings", "inquest"])
        })
    {
        return false;
    }
    // INQUEST the charity is no inquest.
    let charity = clause.subject.first().is_some_and(|&p| {
        let party = cast.party(s, p);
        party.bodies.iter().any(|b| cast.kind(b) == BodyKind::Other) && party.people.is_empty()
    });
    // "Jo Marsh, director of Inquest, said the case exposed failings": nor is what its director says.
    let named = |w: &&super::super::words::Word| matches!(w.lower.as_str(), "inquest" | "inquests");
    let mut inquests = parsed.words.iter().filter(named).peekable();
    let only_charity = inquests.peek().is_some()
        && inquests.all(|w| w.mention.is_some() && w.shape != crate::stages::extract::doc::Shape::Lower)
        && !has_any(words, &["coroner", "jury", "jurors"]);
    if f.kind == T::Inquest && (charity || only_charity) {
        return false;
    }
    if f.kind == T::Inquest {
        // A jury in a criminal court finds guilt.
        let inquest = has_any(words, &["inquest", "coroner", "coroner's", "coroner’s", "determination", "fatal"]);
        if !inquest
            && has_any(
                words,
                &["guilty", "proven", "trial", "crown", "justiciary", "sentence", "unsafe", "appeal", "quashed"],
            )
        {
            return false;
        }
        let held =
            has_any(words, &["cell", "cells", "custody", "restrained", "restraint", "tasered", "pursuit", "chase"])
                && (has_any(words, &["police", "officers", "officer", "constabulary", "psni", "met", "garda"])
                    || scene.kind_in(s, BodyKind::Force))
                && !words.iter().any(|w| scene.standing.prison(w));
        let hands = held || scene.tells(s, &scene.standing.deadly) || scene.tells(s, &scene.standing.contact);
        let matter = hands
            || scene.conduct
                && (!scene.victims.is_empty()
                    || has_any(words, &["restraint", "police", "custody", "officers", "officer"])
                    || (0..scene.parsed.len()).any(|k| contact(scene, k)));
        // "The inquest has already opened" of a lost match: somebody must have died.
        let died = scene.parsed.iter().flat_map(|p| &p.words).any(|w| scene.standing.somebody_died(&w.lower));
        if !matter || !died || has_any(words, &["expected"]) {
            return false;
        }
        if f.who.is_empty() || f.who.iter().all(|&w| cast.people[w].police || cast.people[w].official) {
            f.who = scene.victims.iter().copied().take(1).collect();
        }
        // It is held on the dead, not on those whose acts it looks into.
        f.who.retain(|&w| !cast.people[w].police && !cast.people[w].official || scene.victims.contains(&w));
    }
    true
}
