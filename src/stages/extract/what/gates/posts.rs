//! Whether a suspension, a post given or a post given up is one of the police.

use super::*;

/// Words of a post whose change of hands is news of policing wherever it stands.
const SENIOR: [&str; 7] = ["chief", "commissioner", "superintendent", "director", "ombudsman", "head", "deputy"];

/// Whether an officer is suspended: not a sentence, nor a sportsman.
pub(super) fn suspension(at: &At<'_>) -> bool {
    let At { gates, parsed, clause, words, .. } = *at;
    // "41 officers were currently suspended, up from 27 a year ago": a figure.
    let figure = has_any(words, &["currently", "total"])
        && words.iter().any(|w| w.parse::<u32>().is_ok_and(|n| (7..1900).contains(&n)));
    if figure {
        return false;
    }
    let participle = clause.link == Link::Participle;
    let stays = || {
        clause
            .parent
            .and_then(|p| parsed.clauses[p].verb.as_ref())
            .is_some_and(|v| matches!(v.lemma.as_ref(), "remain" | "stay" | "keep"))
    };
    // "two years in prison, suspended for 18 months"
    let sentence = || {
        has_any(
            words,
            &["sentence", "sentenced", "prison", "weeks", "jailed", "imprisonment", "jail", "custody", "term"],
        )
    };
    // "was given a 20-week sentence, suspended for a year, and must do unpaid work"
    let of_term = clause.verb.as_ref().is_some_and(|v| {
        let back = |n: usize| v.first.checked_sub(n).and_then(|k| words.get(k)).copied().unwrap_or("");
        let term = ["sentence", "term", "imprisonment", "prison", "custody", "jail", "months", "years", "weeks"];
        back(1) == "," && term.contains(&back(2))
    });
    if of_term || participle && (stays() || sentence()) {
        return false;
    }
    !(gates.duty && has_any(words, &["games", "matches", "game", "match", "goalkeeper", "season"]))
}

/// Whether a post is one of the neighbourhood, which no reader of news about conduct looks for.
pub(super) fn local(words: &[&str]) -> bool {
    has_any(words, &["neighbourhood", "rural", "beat", "ward"])
        && has_any(words, &["team", "unit", "crime"])
        && !has_any(words, &SENIOR)
}

/// Whether a post is one of the police, or given to somebody known to be of it.
pub(super) fn appointment(at: &At<'_>, f: &Finding) -> bool {
    let At { scene, clause, words, .. } = *at;
    let cast = scene.cast;
    // In the news of every day an inspector new to a neighbourhood is no news of policing.
    let posted = clause
        .verb
        .as_ref()
        .is_some_and(|v| v.passive && matches!(v.lemma.as_ref(), "appoint" | "promote" | "post" | "assign"));
    if posted && !scene.conduct && !has_any(words, &SENIOR) {
        return false;
    }
    let post = scene.standing.officer(words)
        || scene.standing.official(words)
        || has_any(
            words,
            &[
                "chief",
                "deputy",
                "head",
                "commissioner",
                "director",
                "acting",
                "interim",
                "constable",
                "minister",
                "successor",
                "predecessor",
                "chair",
            ],
        );
    // "will take charge of the count": of no force or department.
    let takes = clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "take")
        && standing::any(words, phrases!("take charge|takes charge|took charge|taken charge|taking charge"));
    let of = clause.after.iter().find(|&&p| at.parsed.phrases[p].prep.is_some_and(|k| words[k] == "of"));
    let of_what = of.filter(|_| takes).map(|&p| {
        let np = &at.parsed.phrases[p];
        let head = np.last.checked_sub(1).and_then(|k| words.get(k)).copied().unwrap_or("");
        let unit = matches!(
            head,
            "force"
                | "constabulary"
                | "service"
                | "department"
                | "division"
                | "unit"
                | "command"
                | "directorate"
                | "room"
                | "team"
                | "district"
                | "station"
                | "it"
        );
        unit || !cast.party(at.s, p).bodies.is_empty()
    });
    if of_what == Some(false) {
        return false;
    }
    let known = f.who.iter().any(|&w| {
        cast.people[w].ranks.contains("chief")
            || cast.people[w].ranks.contains("commissioner")
            || cast.people[w].official
    });
    // "will run the Scottish Police Federation"
    let head = f.body.iter().any(|b| {
        matches!(cast.kind(b), BodyKind::Force | BodyKind::Watchdog | BodyKind::Inspectorate | BodyKind::Union)
    }) && clause.verb.as_ref().is_some_and(|v| {
        matches!(v.lemma.as_ref(), "run" | "lead" | "head" | "command" | "take" | "step" | "be" | "act" | "stand")
    });
    post || known || head
}

/// Whether it is a person who leaves a post.
pub(super) fn resignation(at: &At<'_>, f: &Finding) -> bool {
    let At { parsed, clause, words, .. } = *at;
    // A dog may retire, a jury retires to consider.
    if has_any(words, &["pd", "consider"]) && f.who.is_empty() {
        return false;
    }
    clause.subject.first().is_none_or(|&p| parsed.words[parsed.phrases[p].first].lower != "nobody")
}
