//! Whether a report, recommendation, measure or rule is one on the police.

use super::*;

/// Whether a report on the police is published, or a recommendation made to them.
pub(super) fn report(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, gates, parsed, clause, words, s, .. } = *at;
    let cast = scene.cast;
    // "The Investigations and Review Commissioner said": the name is no review.
    let named_so = clause.subject.first().is_some_and(|&p| {
        parsed.phrases[p].last.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "commissioner")
    });
    if f.kind == T::ReportPublished
        && named_so
        && !has_any(words, &["report", "findings", "inspection", "reviews", "published"])
    {
        return false;
    }
    // "upheld her request for a review, finding that the search had been needless": the outcome tells it.
    let outcome = clause.link == Link::Participle
        && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
            matches!(v.lemma.as_ref(), "uphold" | "reject" | "dismiss" | "overturn" | "quash" | "refuse" | "allow")
        });
    if f.kind == T::ReportPublished && outcome {
        return false;
    }
    let said = has_any(
        words,
        &["watchdog", "iopc", "hmicfrs", "inspectorate", "inspectors", "ombudsman", "inquiry", "department"],
    );
    if f.body.is_empty()
        && f.kind == T::ReportPublished
        && let Some(up) = clause.parent
    {
        // "In a report published today, it graded …": the author is the subject beside it.
        let author = parsed.clauses[up].subject.iter().flat_map(|&p| cast.party(s, p).bodies).next();
        f.body.extend(author);
    }
    // "In a report published yesterday, Ann Orr said": hers whose finding the lead tells.
    let signed = clause.subject.first().is_some_and(|&p| {
        let people = cast.party(s, p).people;
        matches!(people[..], [who] if !cast.people[who].police)
    });
    if f.body.is_empty()
        && signed
        && standing::any(
            words,
            phrases!("in a report|in her report|in his report|in the report|in her findings|in his findings"),
        )
    {
        let told = scene.parsed.iter().enumerate().take(2).flat_map(|(k, p)| (0..p.phrases.len()).map(move |q| (k, q)));
        let mut bodies = told.flat_map(|(k, q)| cast.party(k, q).bodies);
        f.body.extend(bodies.find(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate)));
    }
    // "Three recommendations are made": by the watchdog whose release it is.
    if f.body.iter().all(|b| cast.kind(b) == BodyKind::Force)
        && let Some(own) =
            cast.publisher.clone().filter(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate))
    {
        f.body.push(own);
    }
    // "The review found that officers had lied": the one spoken of, on the force of the matter.
    let spoken_of = clause.subject.first().is_some_and(|&p| {
        let np = &parsed.phrases[p];
        let head = parsed.words.get(np.last.saturating_sub(1)).map_or("", |w| w.lower.as_str());
        let definite = matches!(parsed.words[np.first].lower.as_str(), "the" | "his" | "her" | "its" | "their");
        let police = || has_any(words, &["custody", "police", "officers", "policing", "force", "constabulary"]);
        let by = parsed.words.get(np.last).is_some_and(|w| w.lower == "by");
        (definite || by || police()) && matches!(head, "review" | "report" | "inspection" | "audit" | "findings")
    });
    if spoken_of && f.body.is_empty() && scene.conduct {
        f.body.extend(cast.force_of_matter(scene.doc, s));
    }
    // "Sir Alan Orr made seven recommendations": whoever chaired the inquiry.
    if f.kind == T::Recommendation
        && f.who.is_empty()
        && signed
        && scene.conduct
        && let Some(&author) = clause.subject.first()
    {
        f.who = cast.party(s, author).people;
    }
    let oversight = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Watchdog | BodyKind::Inspectorate));
    let about_force = f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) || scene.kind_in(s, BodyKind::Force);
    let told = f.kind == T::Recommendation && scene.conduct;
    // What a speaker says of an inspection publishes none.
    if f.kind == T::ReportPublished && f.quoted && !oversight {
        return false;
    }
    // What an inquiry reports is its own event.
    if f.kind == T::ReportPublished && !oversight && scene.public_inquiry && has_any(words, &["inquiry", "chaired"]) {
        return false;
    }
    if gates.oversight
        && !(oversight
            || told
            || said && scene.conduct
            || about_force
                && (scene.conduct || has_any(words, &["review", "inspection", "audit"]))
                && !has_any(words, &["figures", "statistics"]))
    {
        return false;
    }
    // A coroner's report on future deaths is a recommendation.
    if f.kind == T::ReportPublished && has_any(words, &["coroner", "coroner's", "coroner’s"]) && !oversight {
        return false;
    }
    if has_any(words, &["trust", "hospital", "figures"]) && !oversight {
        return false;
    }
    true
}

/// Whether a force is known that comes under special measures.
pub(super) fn special_measures(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, s, parsed, clause, .. } = *at;
    let cast = scene.cast;
    // "A force leaves Engage when we are satisfied": any force.
    let any = clause.subject.first().is_some_and(|&p| {
        let np = &parsed.phrases[p];
        let words: Vec<&str> = parsed.words[np.first..np.last].iter().map(|w| w.lower.as_str()).collect();
        matches!(words[..], ["a" | "any" | "every", "force"] | ["forces"])
    });
    if any && clause.verb.as_ref().is_some_and(|v| !v.past && !v.perfect) {
        return false;
    }
    if !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
        match cast.force_of_matter(scene.doc, s) {
            Some(force) => f.body.push(force),
            _ => return false,
        }
    }
    f.who.clear();
    f.unnamed.clear();
    true
}

/// Whether a rule for the police changes; who brings it is found beside it.
pub(super) fn policy_change(at: &At<'_>, f: &mut Finding) -> bool {
    let At { scene, gates, parsed, clause, words, s } = *at;
    let cast = scene.cast;
    if gates.by_police && !f.body.iter().any(|b| cast.kind(b) == BodyKind::Force) {
        return false;
    }
    // The vetting of a person is no rule.
    let changes = clause.verb.as_ref().is_some_and(|v| {
        matches!(v.lemma.as_ref(), "withdraw" | "remove" | "revoke" | "end" | "drop" | "suspend" | "begin" | "start")
    });
    if changes
        && standing::any(
            words,
            phrases!("his vetting|her vetting|their vetting|vetting of|vetting from|vetting clearance|whose vetting"),
        )
    {
        return false;
    }
    // "his vetting was withdrawn": one person's, not a rule.
    let own = clause.subject.iter().chain(&clause.object).chain(clause.antecedent.iter());
    if has_any(words, &["vetting", "clearance"]) && own.into_iter().any(|&p| !cast.owner(s, p).people.is_empty()) {
        return false;
    }
    f.who.retain(|&w| cast.people[w].official && !cast.people[w].police);
    let equips = clause.subject.first().is_some_and(|&p| cast.party(s, p).unnamed.is_some_and(|u| u.police));
    if f.body.is_empty() && f.who.is_empty() {
        if equips {
            f.body.extend(cast.force_of_matter(scene.doc, s));
        } else {
            // The minister whom the next sentence names brings the rule.
            let here = parsed.clauses.iter().flat_map(|c| &c.subject).flat_map(|&p| cast.party(s, p).people);
            let next = scene.parsed.get(s + 1).into_iter().flat_map(|p| &p.clauses).find(|c| c.verb.is_some());
            let next = next.into_iter().flat_map(|c| &c.subject).flat_map(|&p| cast.party(s + 1, p).people);
            let named = here.chain(next);
            f.who = named.filter(|&w| cast.people[w].official && !cast.people[w].police).take(1).collect();
        }
    }
    let police = f.body.iter().any(|b| matches!(cast.kind(b), BodyKind::Force) || b.contains("policing"))
        || scene.standing.officer(words)
        || has_any(words, &["police", "policing", "officers", "forces"]);
    police && !has_any(words, &["levy", "stalkers"])
}
