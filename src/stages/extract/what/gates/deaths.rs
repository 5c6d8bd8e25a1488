//! Whether a death or an inquest belongs to a matter of the police.

use super::*;

/// Whether a death came with the police; the dead become whom an inquest is held on.
pub(super) fn death(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, gates, clause, words, s, .. } = *at;
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
    let handled = f.who.iter().any(|w| scene.handled.contains(w));
    if gates.contact && !contact(scene, s) && !handled {
        return false;
    }
    if f.kind == T::Inquest {
        // A jury in a criminal court finds guilt.
        let inquest = has_any(words, &["inquest", "coroner", "coroner's", "coroner’s", "determination", "fatal"]);
        if !inquest && has_any(words, &["guilty", "proven", "trial", "crown", "justiciary", "sentence"]) {
            return false;
        }
        let held =
            has_any(words, &["cell", "cells", "custody", "restrained", "restraint", "tasered", "pursuit", "chase"])
                && (has_any(words, &["police", "officers", "officer", "constabulary", "psni", "met", "garda"])
                    || scene.kind_in(s, BodyKind::Force))
                && !words.iter().any(|w| scene.standing.prison(w));
        let hands =
            held || standing::any(words, &scene.standing.deadly) || standing::any(words, &scene.standing.contact);
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
    }
    true
}
