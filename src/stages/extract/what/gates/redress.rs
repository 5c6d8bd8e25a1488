//! Whether who complains of the police, sues them, is paid or is told sorry by them.

use super::*;

/// Whether a complaint is one about the police.
pub(super) fn complaint(at: &At<'_>, f: &Finding) -> bool {
    let At { scene, clause, words, s, .. } = *at;
    let cast = scene.cast;
    // "a complaint lodged by Leo Ash was dismissed": one complaint.
    let told_above = clause.link == Link::Participle
        && clause.parent.and_then(|p| at.parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            matches!(
                v.lemma.as_ref(),
                "dismiss" | "reject" | "uphold" | "throw" | "turn" | "review" | "investigate" | "withdraw" | "record"
            )
        });
    if told_above && f.date.is_none() {
        return false;
    }
    // "The chairman of the federation complained that officers had been pilloried": he says so.
    let says = clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "complain")
        && !has_any(words, &["to", "formally", "officially"])
        && clause.subject.iter().flat_map(|&p| cast.party(s, p).people).any(|w| {
            let person = &cast.people[w];
            person.official || person.own.iter().any(|b| cast.kind(b) == BodyKind::Union)
        });
    if says {
        return false;
    }
    let named = scene.kind_in(s, BodyKind::Watchdog) || scene.kind_in(s, BodyKind::Force);
    let police_target = named
        || f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate));
    let told = has_any(words, &["super-complaint", "police", "officers", "forces", "force"]);
    let by_body = !f.body.is_empty() && told;
    // Who complains formally of a force or its officers complains of what they did.
    let of_them = police_target
        && (scene.tells(s, &scene.standing.wrongs)
            || has_any(words, &["formal", "official"])
            || scene.standing.officer(words));
    if !((scene.conduct || of_them)
        && (police_target || by_body || (!f.who.is_empty() || !f.unnamed.is_empty()) && cast.main_force.is_some()))
    {
        return false;
    }
    if f.who.is_empty() && f.unnamed.is_empty() && !police_target && !by_body {
        return false;
    }
    true
}

/// Whether a claim in court is one against the police.
pub(super) fn legal_action(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, clause, words, s, .. } = *at;
    let cast = scene.cast;
    // "came to take him to court": only a force can be taken there.
    let lemma = clause.verb.as_ref().map_or("", |v| v.lemma.as_ref());
    let passive = clause.verb.as_ref().is_some_and(|v| v.passive);
    let force = |bodies: &[String]| bodies.iter().any(|b| cast.kind(b) == BodyKind::Force);
    if lemma == "take"
        && !passive
        && standing::any(words, phrases!("to court"))
        && !clause.object.iter().any(|&p| force(&cast.party(s, p).bodies))
    {
        return false;
    }
    // "ruled that the force had acted unlawfully": the ruling tells it.
    if clause.link == Link::That
        && matches!(lemma, "break" | "act" | "breach" | "infringe" | "exceed" | "violate" | "discriminate")
    {
        return false;
    }
    // "has settled a claim brought by a teacher": one thing is told.
    let told_above = clause.link == Link::Participle
        && clause.parent.and_then(|p| at.parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            matches!(
                v.lemma.as_ref(),
                "settle"
                    | "dismiss"
                    | "reject"
                    | "win"
                    | "lose"
                    | "throw"
                    | "pay"
                    | "end"
                    | "resolve"
                    | "uphold"
                    | "hear"
            )
        });
    if told_above && f.date.is_none() {
        return false;
    }
    // Damages that the force itself gives settle the claim.
    let settles = lemma == "award" && passive && force(&f.body);
    if settles && !has_any(words, &["court", "judge", "jury", "tribunal"]) {
        return false;
    }
    claim(at, f)
}

/// Whether a claim against the police is brought or settled; the force that pays is found where the words leave it unsaid.
pub(super) fn claim(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, gates, clause, s, .. } = *at;
    let cast = scene.cast;
    let force = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog));
    let review = standing::any(at.words, phrases!("judicial review"));
    let force = force || (scene.conduct || review) && f.kind == T::LegalAction && scene.kind_in(s, BodyKind::Force);
    if !(force
        || (scene.conduct || f.who.iter().any(|&w| cast.people[w].police))
            && (cast.main_force.is_some() || f.kind == T::LegalAction && scene.conduct)
            && (!f.who.is_empty() || !f.unnamed.is_empty() || f.kind == T::Settlement && !gates.payer))
    {
        return false;
    }
    if gates.payer
        && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force)
        && clause.verb.as_ref().is_some_and(|v| v.passive)
        && scene.conduct
        && f.who.iter().all(|&w| !scene.police(w))
        && scene.doc.tokens.iter().any(|t| {
            matches!(t.lower.as_str(), "claim" | "damages" | "compensation" | "settlement" | "sued" | "settled")
        })
    {
        f.body.extend(cast.force_of_matter(scene.doc, s));
    }
    // "has paid £2m for new cars": money that goes to nobody settles nothing.
    let to_nobody = gates.payer
        && clause.verb.as_ref().is_some_and(|v| {
            !v.passive && matches!(v.lemma.as_ref(), "pay" | "hand" | "give" | "award" | "offer" | "send")
        })
        && f.who.is_empty()
        && f.unnamed.is_empty()
        && !(scene.conduct
            && clause
                .after
                .iter()
                .any(|&p| at.parsed.phrases[p].prep.is_some_and(|k| at.parsed.words[k].lower == "to")))
        && !has_any(at.words, &["damages", "compensation", "settlement", "payout", "claim", "claims", "settle"]);
    if to_nobody {
        return false;
    }
    !gates.payer || f.body.iter().any(|b| cast.kind(b) == BodyKind::Force)
}

/// To whom a force says sorry for what it did to them.
const RECIPIENTS: &[&str] = &[
    "family",
    "families",
    "parents",
    "mother",
    "father",
    "widow",
    "widower",
    "husband",
    "wife",
    "son",
    "daughter",
    "brother",
    "brothers",
    "sister",
    "sisters",
    "couple",
    "woman",
    "man",
    "girl",
    "boy",
    "teenager",
    "pensioner",
    "relatives",
    "victim",
    "victims",
    "survivor",
    "survivors",
    "grandmother",
    "grandfather",
];

/// Whether it is the police who say sorry for what they did.
pub(super) fn apology(at: &At<'_>, f: &Finding) -> bool {
    let At { scene, words, s, .. } = *at;
    let cast = scene.cast;
    let police_speaker = f.who.iter().any(|&w| scene.police(w) || cast.people[w].official)
        || f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Prosecutor));
    // "has said sorry to the parents of a boy": to people, not for a late train.
    let to_people = || {
        let of = |w: &str| RECIPIENTS.contains(&w);
        words.iter().any(|w| of(w)) || f.about.iter().any(|&w| !scene.police(w))
    };
    police_speaker && (scene.conduct || scene.tells(s, &scene.standing.wrongs) || to_people())
}
