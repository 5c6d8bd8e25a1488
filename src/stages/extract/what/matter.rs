//! What all events of one matter share: who was hurt in it, whose force it concerns, and which bodies act in which kind
//! of event.

use super::cast::Cast;
use super::clauses::{Clause, Link, Parsed};
use super::events::Finding;
use super::gates::{Scene, lowers};
use super::standing::BodyKind;
use crate::domain::{DevelopmentType as T, EntityKind};
use crate::stages::extract::doc::Shape;
use crate::stages::extract::who::known_body_ids;
use std::collections::BTreeSet;

/// Events of a hearing in court.
fn of_court(kind: T) -> bool {
    matches!(
        kind,
        T::Plea
            | T::Trial
            | T::Conviction
            | T::Acquittal
            | T::Sentence
            | T::Appeal
            | T::Inquest
            | T::LegalAction
            | T::Charge
            | T::MisconductFinding
    )
}

/// Whether a body of `body`'s kind that stands in the sentence acts in an event of `kind` or is concerned by it.
fn concerned(kind: T, body: BodyKind) -> bool {
    match body {
        BodyKind::Court => of_court(kind),
        BodyKind::Prosecutor => matches!(kind, T::InvestigationClosed | T::Charge | T::InvestigationOpened),
        BodyKind::Watchdog => matches!(
            kind,
            T::InvestigationOpened
                | T::ReportPublished
                | T::Recommendation
                | T::Referral
                | T::MisconductCleared
                | T::MisconductFinding
                | T::MisconductHearing
        ),
        BodyKind::Inspectorate => {
            matches!(kind, T::ReportPublished | T::Recommendation | T::SpecialMeasures | T::Complaint)
        }
        BodyKind::Force => !matches!(kind, T::Statement | T::Correction | T::Launch),
        BodyKind::Union | BodyKind::Other => false,
    }
}

/// The persons outside the police whom they hurt, as the article tells or as it is alleged.
pub(super) fn hurt(scene: &Scene<'_>) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    let cast = scene.cast;
    let public = |w: &usize| {
        let person = &cast.people[*w];
        let for_others = person.words.iter().any(|word| scene.standing.acts_for_others(word));
        !person.police && !person.official && !scene.accused.contains(w) && !for_others
    };
    let mut add = |people: Vec<usize>| {
        for w in people.into_iter().filter(public) {
            if !out.contains(&w) {
                out.push(w);
            }
        }
    };
    for (s, parsed) in scene.parsed.iter().enumerate() {
        for clause in &parsed.clauses {
            let Some(verb) = clause.verb.as_ref() else { continue };
            let lemma = verb.lemma.as_ref();
            if verb.neg {
                continue;
            }
            if scene.standing.suffers(lemma) && !verb.passive {
                let told = lowers(parsed);
                let rest = told.get(verb.last..).unwrap_or(&[]);
                if rest.iter().take(8).any(|w| scene.standing.injury(w)) {
                    add(people(cast, s, clause.subject.iter()));
                }
            }
            if !scene.standing.harms(lemma) {
                continue;
            }
            if verb.passive {
                let by = clause.after.iter().filter(|&&p| led_by(parsed, p, &["by"]));
                let doers = people(cast, s, by);
                if doers.iter().any(|&w| !cast.people[w].police && !cast.people[w].watched) {
                    continue;
                }
                add(people(cast, s, clause.subject.iter()));
            } else if by_police(scene, s, clause) {
                match (&clause.link, clause.antecedent) {
                    // "whom he had pulled along the floor"
                    (Link::Relative, Some(a)) if clause.object.is_empty() && !clause.subject.contains(&a) => {
                        add(cast.party(s, a).people);
                    }
                    _ => add(people(cast, s, clause.object.iter().take(1))),
                }
            }
        }
        for (p, np) in parsed.phrases.iter().enumerate() {
            let noun = np.prep.and_then(|k| k.checked_sub(1)).and_then(|k| parsed.words.get(k));
            let led = led_by(parsed, p, &["on", "of", "to", "against"]);
            if led && noun.is_some_and(|w| scene.standing.harm(&w.lower)) {
                add(cast.party(s, p).people);
            }
            let head = np.last.checked_sub(1).and_then(|k| parsed.words.get(k));
            if head.is_some_and(|w| scene.standing.injury(&w.lower) && scene.standing.harm(&w.lower)) {
                add(cast.owner(s, p).people);
            }
        }
    }
    // "Child K": whose name is kept back is the one it happened to.
    for (w, person) in cast.people.iter().enumerate() {
        let masked = person.key.to_lowercase().replace('-', " ");
        let mut words = masked.split(' ');
        let child = words.next().is_some_and(|w| matches!(w, "child" | "girl" | "boy"));
        if child && words.next().is_some_and(|w| w.len() == 1) && words.next().is_none() && !out.contains(&w) {
            out.push(w);
        }
    }
    out.truncate(4);
    out
}

/// Whether phrase `p` follows one of `prepositions`.
fn led_by(parsed: &Parsed, p: usize, prepositions: &[&str]) -> bool {
    parsed.phrases[p].prep.is_some_and(|k| prepositions.contains(&parsed.words[k].lower.as_str()))
}

fn people<'a>(cast: &Cast, s: usize, phrases: impl Iterator<Item = &'a usize>) -> Vec<usize> {
    phrases.flat_map(|&p| cast.party(s, p).people).collect()
}

/// Whether an act is told of the police: its doer is, or is left unsaid after what an officer is charged with.
fn by_police(scene: &Scene<'_>, s: usize, clause: &Clause) -> bool {
    let Some(&first) = clause.subject.first() else { return true };
    let party = scene.cast.party(s, first);
    party.people.iter().any(|&w| scene.cast.people[w].police || scene.cast.people[w].watched)
        || party.unnamed.is_some_and(|u| u.police)
        || party.bodies.iter().any(|b| scene.cast.kind(b) == BodyKind::Force)
}

/// The watchdog that the article's own words call "we".
fn publisher(scene: &Scene<'_>) -> Option<String> {
    let first_person = scene
        .parsed
        .iter()
        .any(|p| p.words.iter().any(|w| w.quote.is_none() && matches!(w.lower.as_str(), "we" | "us" | "our")));
    let keys = scene.named.mentions.iter().map(|m| &m.entity);
    scene
        .cast
        .publisher
        .clone()
        .or_else(|| keys.filter(|k| scene.cast.kind(k) == BodyKind::Watchdog).find(|_| first_person).cloned())
}

/// The force whose area stands before a word of police: "Essex's cells", "an Essex sergeant".
fn by_area(scene: &Scene<'_>, block: usize) -> Option<String> {
    let sentences = scene.doc.sentences.iter().enumerate().filter(|(_, s)| s.block == block);
    for (s, sentence) in sentences {
        let words = &scene.parsed[s].words;
        for (k, word) in words.iter().enumerate() {
            let token = scene.doc.tokens.get(sentence.first + k);
            if token.is_none_or(|t| t.shape != Shape::Capitalised) {
                continue;
            }
            let next = k + 1 + usize::from(words.get(k + 1).is_some_and(|w| w.lower == "'s"));
            let police = words.get(next).is_some_and(|w| {
                scene.standing.rank(&w.lower) || matches!(w.lower.as_str(), "cells" | "custody" | "police" | "force")
            });
            if !police {
                continue;
            }
            let ids = [format!("{}-police", word.lower), format!("{}-constabulary", word.lower)];
            if let Some(id) = known_body_ids().find(|id| ids.iter().any(|i| i == id)) {
                return Some(id.to_owned());
            }
        }
    }
    None
}

/// The force whose area, alone in its first sentence, heads paragraph `block` of a round-up: "South Wales. Around 200 people …",
/// "City of London: an inspector …".
fn headed(scene: &Scene<'_>, block: usize) -> Option<String> {
    let mut sentences = scene.doc.sentences.iter().enumerate().filter(|(_, s)| s.block == block);
    let (first, sentence) = sentences.next()?;
    sentences.next()?;
    let words = &scene.parsed[first].words;
    let name: Vec<&str> = words.iter().map(|w| w.lower.as_str()).take_while(|w| !matches!(*w, "." | ":")).collect();
    let capital = scene.doc.tokens.get(sentence.first).is_some_and(|t| t.shape != Shape::Lower);
    if name.is_empty() || name.len() > 5 || !capital || words.len() > name.len() + 1 {
        return None;
    }
    let area = name.join("-");
    let ids = [area.clone(), format!("{area}-police"), format!("{area}-constabulary")];
    let known = known_body_ids().find(|id| ids.iter().any(|i| i == id)).map(str::to_owned);
    known.filter(|id| scene.cast.kind(id) == BodyKind::Force || !scene.named.entities.iter().any(|e| e.key == *id))
}

/// The force that sentence `s` concerns where it names none: the one that heads its paragraph, else the one this names, else the
/// article's.
pub(super) fn force_at(scene: &Scene<'_>, s: usize) -> Option<String> {
    let main = scene.cast.force_of_matter(scene.doc, s);
    let block = scene.doc.sentences[s].block;
    if let Some(force) = headed(scene, block) {
        return Some(force);
    }
    let span = scene.doc.blocks[block].span;
    let named: BTreeSet<&str> = scene
        .named
        .mentions
        .iter()
        .filter(|m| m.kind == EntityKind::Body && span.contains(&m.span))
        .filter(|m| scene.cast.kind(&m.entity) == BodyKind::Force)
        .map(|m| m.entity.as_str())
        .collect();
    if main.as_deref().is_some_and(|m| named.contains(m)) {
        return main;
    }
    match named.into_iter().collect::<Vec<_>>()[..] {
        [only] => Some(only.to_owned()),
        [] => by_area(scene, block).or(main),
        _ => main,
    }
}

/// The bodies for which a person speaks: an officer's force, a watchdog's, union's or charity's own.
pub(super) fn spoken_for(scene: &Scene<'_>, who: usize) -> Vec<String> {
    let person = &scene.cast.people[who];
    let mut out: Vec<String> = person.sides.clone();
    for body in &person.own {
        let speaks = match scene.cast.kind(body) {
            BodyKind::Force => person.police || !person.official,
            _ => true,
        };
        if speaks && !out.contains(body) {
            out.push(body.clone());
        }
    }
    // In a release the head of investigations speaks for the watchdog that says "we".
    let leads = ["head", "director", "commissioner", "ombudsman"].iter().any(|w| person.words.contains(*w));
    if out.is_empty() && leads && !person.police {
        out.extend(publisher(scene));
    }
    if out.is_empty() && person.words.contains("hm") {
        out.extend(
            scene.named.entities.iter().map(|e| &e.key).find(|k| scene.cast.kind(k) == BodyKind::Inspectorate).cloned(),
        );
    }
    out.truncate(2);
    out
}

/// Adds to `f`, which the sentences `told` tell, whom its matter hurt and the bodies that are named and act in it.
/// `others` are all events of the article, with their persons.
pub(super) fn complete(scene: &Scene<'_>, f: &mut Finding, told: &[usize], others: &[(T, Vec<usize>)]) {
    bodies(scene, f, f.sentence, false);
    let main = f.sentence;
    for &s in told.iter().filter(|&&s| s != main) {
        bodies(scene, f, s, true);
    }
    // Who is referred or looked into is whom the words name; a matter that hurt somebody is referred itself.
    if matches!(f.kind, T::Referral | T::InvestigationOpened) && !(scene.victims.is_empty() && scene.hurt.is_empty()) {
        let here: Vec<usize> = told
            .iter()
            .flat_map(|&s| (0..scene.parsed[s].phrases.len()).map(move |p| (s, p)))
            .flat_map(|(s, p)| scene.cast.party(s, p).people.into_iter().chain(scene.cast.owner(s, p).people))
            .collect();
        f.who.retain(|w| here.contains(w) || scene.victims.contains(w));
    }
    let tried = |f: &Finding| {
        others.iter().any(|(kind, who)| {
            (of_court(*kind) || matches!(kind, T::Incident | T::Suspension | T::Dismissal | T::Arrest))
                && who.iter().any(|w| f.who.contains(w))
        })
    };
    let shares = match f.kind {
        T::SpecialMeasures | T::PolicyChange | T::Correction | T::Appointment => false,
        T::Resignation => tried(f),
        T::ReportPublished => f.body.iter().all(|b| scene.cast.kind(b) != BodyKind::Inspectorate),
        _ => true,
    };
    // Each of several dead has an act and a death of his or her own.
    let own = matches!(f.kind, T::Incident | T::DeathAfterContact)
        && (f.who.iter().any(|w| scene.victims.contains(w))
            || !f.unnamed.is_empty() && f.unnamed.iter().all(|u| !u.police));
    if !shares || own || scene.victims.len() > 4 {
        return;
    }
    let mut matter = scene.victims.clone();
    matter.extend(scene.hurt.iter().filter(|w| !scene.victims.contains(w)));
    matter.extend(scene.wronged.iter().filter(|w| !scene.victims.contains(w) && !scene.hurt.contains(w)));
    for v in matter.into_iter().take(4) {
        if !f.who.contains(&v) && !f.about.contains(&v) && of_matter(scene, f, v) {
            f.about.push(v);
        }
    }
}

/// Whether `f` belongs to the matter in which `v` was hurt.
fn of_matter(scene: &Scene<'_>, f: &Finding, v: usize) -> bool {
    let block = scene.doc.sentences[f.sentence].block;
    let key = &scene.cast.people[v].key;
    let blocks: BTreeSet<usize> = scene
        .named
        .mentions
        .iter()
        .filter(|m| m.entity == *key)
        .filter_map(|m| scene.doc.sentence_at(m.span.start))
        .map(|s| scene.doc.sentences[s].block)
        .collect();
    if blocks.contains(&block) {
        return true;
    }
    if !blocks.iter().any(|&b| scene.cast.items.together(b, block)) {
        return false;
    }
    // Of the dead whom an article names, it is about those at its head, or named again and again.
    let dead = scene.victims.contains(&v);
    if dead && blocks.first().is_none_or(|&b| b > 3) && blocks.len() < 3 {
        return false;
    }
    let opening = (0..=f.sentence).rev().take_while(|&s| scene.doc.sentences[s].block == block).last();
    let opens =
        opening.is_some_and(|s| scene.parsed[s].words.iter().take(4).any(|w| scene.standing.another_matter(&w.lower)));
    if opens && !(f.who.is_empty() && f.unnamed.is_empty()) {
        return false;
    }
    let forces = |b: &[String]| -> BTreeSet<String> {
        b.iter().filter(|b| scene.cast.kind(b) == BodyKind::Force).cloned().collect()
    };
    let theirs: BTreeSet<String> = blocks
        .iter()
        .filter_map(|&b| scene.doc.sentences.iter().position(|s| s.block == b))
        .filter_map(|s| force_at(scene, s))
        .collect();
    let own = forces(&f.body);
    own.is_empty() || theirs.is_empty() || own.iter().any(|b| theirs.contains(b))
}

/// Adds the bodies that sentence `s` names and that are concerned in the kind of event that `f` is. `again` tells that
/// the sentence tells it once more: then only courts and prosecutors are taken.
fn bodies(scene: &Scene<'_>, f: &mut Finding, s: usize, again: bool) {
    let span = scene.doc.sentences[s].span;
    let named: Vec<&str> = scene
        .named
        .mentions
        .iter()
        .filter(|m| m.kind == EntityKind::Body && span.contains(&m.span))
        .map(|m| m.entity.as_str())
        .collect();
    let courts: BTreeSet<&str> = named.iter().copied().filter(|b| scene.cast.kind(b) == BodyKind::Court).collect();
    for body in named {
        let kind = scene.cast.kind(body);
        if !concerned(f.kind, kind) || f.body.iter().any(|b| b == body) || f.about_bodies.iter().any(|b| b == body) {
            continue;
        }
        if again && !matches!(kind, BodyKind::Court | BodyKind::Prosecutor) {
            continue;
        }
        // Two courts in a sentence: two hearings, or one on the way to the other.
        if kind == BodyKind::Court && courts.len() > 1 {
            continue;
        }
        // The force of somebody else in the sentence.
        let another = scene
            .cast
            .people
            .iter()
            .enumerate()
            .any(|(w, p)| !f.who.contains(&w) && p.own.iter().any(|b| b == body) && told_in(scene, &p.key, s));
        if kind == BodyKind::Force && another {
            continue;
        }
        f.body.push(body.to_owned());
    }
}

/// Whether sentence `s` names the person with `key`.
fn told_in(scene: &Scene<'_>, key: &str, s: usize) -> bool {
    let span = scene.doc.sentences[s].span;
    scene.named.mentions.iter().any(|m| m.entity == key && span.contains(&m.span))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{article, reports};

    /// "type who / body / about" of each report of `text`.
    fn read(text: &str) -> Vec<String> {
        let names = |list: &[crate::domain::EntityRef]| {
            let mut names: Vec<&str> = list.iter().map(|e| e.name.as_str()).collect();
            names.sort_unstable();
            names.join("+")
        };
        let told = reports(&article(text));
        told.iter()
            .map(|r| format!("{} {} / {} / {}", r.kind, names(&r.who), names(&r.body), names(&r.about)))
            .collect()
    }

    #[test]
    fn the_hurt_stand_in_every_event_of_their_matter() {
        for (text, expected) in [
            (
                "PC Ann Orr, of Kent Police, was found guilty of assaulting Sam Tully at Luton Crown Court on Tuesday. | She was jailed for two years on Wednesday.",
                [
                    "conviction Ann Orr / Kent Police+Luton Crown Court / Sam Tully",
                    "sentence Ann Orr / Kent Police / Sam Tully",
                ],
            ),
            (
                "PC Ann Orr, of Kent Police, was convicted of assaulting Sam Tully at Luton Crown Court on Tuesday. | Separately, Sgt Lee Hale, of Essex Police, was sacked by a misconduct panel on Monday.",
                [
                    "conviction Ann Orr / Kent Police+Luton Crown Court / Sam Tully",
                    "dismissal Lee Hale / Essex Police / ",
                ],
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn who_acts_for_the_hurt_is_none_of_them() {
        for whom in ["Solicitor", "Barrister", "Spokeswoman"] {
            let text = format!(
                "PC Ann Orr, of Kent Police, was convicted of assaulting Sam Tully at Luton Crown Court on Tuesday. | \
                 {whom} Ivy Lomas received a report of his injuries in May. | Orr was jailed for two years on Wednesday."
            );
            let about: Vec<String> =
                read(&text).iter().filter_map(|r| r.rsplit(" / ").next().map(str::to_owned)).collect();
            assert_eq!(about, ["Sam Tully", "Sam Tully"], "{text}");
        }
    }
}
